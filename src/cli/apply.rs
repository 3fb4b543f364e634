//! `refdesk apply`: commands as JSON lines, a receipt or a refusal for each.
//!
//! Owns the envelope of a line: `id`, `actor`, `role`, `version`, `batch` and `at` beside the command's own fields. Each answer is
//! flushed after its change is durable, before the next line is read.

use super::desk::Desk;
use super::{Ending, Exit, Trouble, print, wording};
use crate::domain::command::{Cause, Command, Envelope};
use crate::domain::policy::{Actor, Role};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::text;
use crate::domain::time::Stamp;
use crate::engine::Failure;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Longest line: a command is small; what is longer is not one (reliability rules: 1 MB a message).
const LINE_BYTES: u64 = 1_000_000;

/// What a script's author needs to begin.
const HELP: &str = r#"A line is one object: `command`, its fields, and where wanted
  id       your name for the action: the same id again gives the same receipt, changes nothing
  version  the referral's version that you saw: `stale` where somebody changed it since
  actor    for whom you act; `role` with fewer rights than your own
  batch    a name: actions of one batch are undone together
  at       when it happened, in RFC 3339 [default: now]

Such as
  {"command":"receive","source":"phone","template":"cardiology",
   "patient":{"new":{"name":{"family":"Lee","given":"Ann"},"dob":"1970-05-17"}}} (on one line)
  {"command":"accept","referral":"R-20417-S","version":3,"id":"a-1"}
  {"command":"decline","referral":"R-20417-S","reason":"capacity"}
  {"command":"record-call","referral":"R-20417-S","party":"patient","outcome":"left-message"}
  {"command":"undo","action":17}

An answer is one object, printed once it is durable and before the next line is read:
  {"action":…,"referral":…,"version":…,"changed":[…]}  a receipt
  {"refused":CODE,"because":…,"fix":…,"line":…}        a refusal, which changed nothing
Exit 1 where any line was refused. A command that there is not is answered with those there are."#;

#[derive(clap::Args, Debug)]
#[command(after_help = HELP)]
pub(crate) struct Apply {
    /// File with the commands [default: standard input]
    file: Option<PathBuf>,
}

/// The fields of a line that are not the command's.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Conditions {
    id: Option<String>,
    actor: Option<String>,
    role: Option<Role>,
    version: Option<i64>,
    batch: Option<String>,
    at: Option<Stamp>,
}

const CONDITIONS: [&str; 6] = ["id", "actor", "role", "version", "batch", "at"];

impl Apply {
    pub fn run(&self, desk: &mut Desk) -> Ending {
        let input: Box<dyn Read> = match &self.file {
            Some(path) => Box::new(std::fs::File::open(path).map_err(|error| unread(path, &error))?),
            None => Box::new(std::io::stdin()),
        };
        let mut input = BufReader::new(input);
        let (mut number, mut exit) = (0_u64, Exit::Done);
        while let Some(line) = next_line(&mut input).map_err(|error| Trouble(wording::cause(&error)))? {
            number += 1;
            if line.as_ref().is_ok_and(|line| line.trim().is_empty()) {
                continue;
            }
            let id = line.as_ref().ok().and_then(|line| id_of(line));
            match line
                .map_err(Failure::Refused)
                .and_then(|line| execute(desk, &line))
            {
                Ok(receipt) => print::json(&receipt)?,
                Err(Failure::Refused(refusal)) => {
                    exit = Exit::Failed;
                    print::json(
                        &json!({ "refused": refusal.code.code(), "because": refusal.because, "fix": refusal.fix, "line": number, "id": id }),
                    )?;
                }
                Err(Failure::Store(error)) => {
                    print::json(&json!({ "failed": error.to_string(), "line": number, "id": id }))?;
                    return Ok(Exit::Failed);
                }
            }
        }
        Ok(exit)
    }
}

fn unread(path: &Path, error: &std::io::Error) -> Trouble {
    Trouble(format!(
        "{} cannot be read: {}. Nothing was changed",
        path.display(),
        wording::cause(error)
    ))
}

/// The next line. One that is too long is read over and refused whole; so is one that is not text: a name with its letters
/// replaced is not the name.
fn next_line(input: &mut impl BufRead) -> std::io::Result<Option<Result<String, Refusal>>> {
    let mut bytes = Vec::new();
    if input.by_ref().take(LINE_BYTES).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if !bytes.ends_with(b"\n") && bytes.len() as u64 == LINE_BYTES {
        let mut rest = Vec::new();
        while input.by_ref().take(LINE_BYTES).read_until(b'\n', &mut rest)? > 0 && !rest.ends_with(b"\n") {
            rest.clear();
        }
        return Ok(Some(Err(bad("the line is longer than 1 MB"))));
    }
    Ok(Some(
        String::from_utf8(bytes).map_err(|_| bad("the line is not UTF-8")),
    ))
}

fn bad(why: impl Into<String>) -> Refusal {
    Refusal::new(
        Code::BadCommand,
        text::line(&why.into()),
        "see `refdesk apply --help` for the fields of a line",
    )
}

fn execute(desk: &mut Desk, line: &str) -> Result<crate::engine::Receipt, Failure> {
    let (envelope, at) = parse(line, &desk.actor)?;
    let now = at.unwrap_or_else(|| desk.now());
    desk.engine.execute(&envelope, now)
}

/// Reads a line.
fn parse(line: &str, desk_actor: &Actor) -> Result<(Envelope, Option<Stamp>), Refusal> {
    let mut fields: Map<String, Value> =
        serde_json::from_str(line.trim_end()).map_err(|error| bad(wording::json(&error)))?;
    let mut own = Map::new();
    for name in CONDITIONS {
        if let Some(value) = fields.remove(name) {
            own.insert(name.to_owned(), value);
        }
    }
    // A line that names no command is no command; one that does, but whose fields cannot be, has a bad field.
    let field = |why: String| Refusal {
        code: Code::BadField,
        ..bad(why)
    };
    let own = conditions(own).map_err(field)?;
    let command: Command = serde_json::from_value(Value::Object(fields)).map_err(|error| {
        let why = error.to_string();
        if why == "missing field `command`" || why.contains("`send-to-review`") {
            bad(wording::field(&why).replace("unknown value", "there is no command"))
        } else {
            field(wording::field(&why))
        }
    })?;
    // A script may act for somebody at the desk; it never gains more than its own account may.
    let actor = Actor {
        name: own
            .actor
            .map_or_else(|| desk_actor.name.clone(), |name| text::line(&name)),
        role: own.role.map_or(desk_actor.role, |role| role.min(desk_actor.role)),
    };
    let envelope = Envelope {
        command,
        actor,
        cause: Cause::Script,
        id: own.id,
        version: own.version,
        batch: own.batch,
    };
    Ok((envelope, own.at))
}

/// Reads them one by one, so that what is wrong can be named.
fn conditions(all: Map<String, Value>) -> Result<Conditions, String> {
    for (name, value) in &all {
        let alone = Map::from_iter([(name.clone(), value.clone())]);
        serde_json::from_value::<Conditions>(Value::Object(alone))
            .map_err(|error| format!("{name}: {}", wording::field(&error.to_string())))?;
    }
    serde_json::from_value(Value::Object(all)).map_err(|error| wording::field(&error.to_string()))
}

fn id_of(line: &str) -> Option<String> {
    serde_json::from_str::<Value>(line)
        .ok()?
        .get("id")?
        .as_str()
        .map(str::to_owned)
}
