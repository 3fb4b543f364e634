//! `refdesk apply`: commands as JSON lines, a receipt or a refusal for each.
//!
//! Owns the envelope of a line: `id`, `actor`, `role`, `version`, `batch` and `at` beside the command's own fields. Each answer is
//! flushed after its change is durable, before the next line is read.

use super::desk::Desk;
use super::{Ending, Exit, Trouble, print};
use crate::domain::command::{Cause, Command, Envelope};
use crate::domain::policy::{Actor, Role};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::text;
use crate::domain::time::Stamp;
use crate::engine::Failure;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;

/// Longest line: a command is small; what is longer is not one (reliability rules: 1 MB a message).
const LINE_BYTES: u64 = 1_000_000;

#[derive(clap::Args, Debug)]
pub(crate) struct Apply {
    /// Commands as JSON lines [default: standard input]
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
            Some(path) => Box::new(
                std::fs::File::open(path).map_err(|error| Trouble(format!("{}: {error}", path.display())))?,
            ),
            None => Box::new(std::io::stdin()),
        };
        let mut input = BufReader::new(input);
        let (mut number, mut exit) = (0_u64, Exit::Done);
        while let Some(line) = next_line(&mut input)? {
            number += 1;
            if line.trim().is_empty() {
                continue;
            }
            match execute(desk, &line) {
                Ok(receipt) => print::json(&receipt)?,
                Err(Failure::Refused(refusal)) => {
                    exit = Exit::Failed;
                    print::json(
                        &json!({ "refused": refusal.code.code(), "because": refusal.because, "fix": refusal.fix, "line": number, "id": id_of(&line) }),
                    )?;
                }
                Err(Failure::Store(error)) => {
                    print::json(&json!({ "failed": error.to_string(), "line": number, "id": id_of(&line) }))?;
                    return Ok(Exit::Failed);
                }
            }
        }
        Ok(exit)
    }
}

/// A line, or the part of it that fits: what is longer is read over, and refused by the parser.
fn next_line(input: &mut impl BufRead) -> Result<Option<String>, Trouble> {
    let mut bytes = Vec::new();
    if input.by_ref().take(LINE_BYTES).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if !bytes.ends_with(b"\n") && bytes.len() as u64 == LINE_BYTES {
        let mut rest = Vec::new();
        while input.by_ref().take(LINE_BYTES).read_until(b'\n', &mut rest)? > 0 && !rest.ends_with(b"\n") {
            rest.clear();
        }
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

fn execute(desk: &mut Desk, line: &str) -> Result<crate::engine::Receipt, Failure> {
    let (envelope, at) = parse(line, &desk.actor)?;
    let now = at.unwrap_or_else(|| desk.now());
    desk.engine.execute(&envelope, now)
}

/// Reads a line.
fn parse(line: &str, desk_actor: &Actor) -> Result<(Envelope, Option<Stamp>), Refusal> {
    let bad = |why: String| {
        Refusal::new(
            Code::BadCommand,
            text::line(&why),
            "see `refdesk apply --help` and the README for the fields",
        )
    };
    let mut fields: Map<String, Value> =
        serde_json::from_str(line).map_err(|error| bad(error.to_string()))?;
    let mut own = Map::new();
    for name in CONDITIONS {
        if let Some(value) = fields.remove(name) {
            own.insert(name.to_owned(), value);
        }
    }
    // A line that names no command is no command; one that does, but whose fields cannot be, has a bad field.
    let field = |error: serde_json::Error| {
        let why = error.to_string();
        if why.contains("`command`") || why.contains("`send-to-review`") {
            bad(why)
        } else {
            Refusal {
                code: Code::BadField,
                ..bad(why)
            }
        }
    };
    let own: Conditions = serde_json::from_value(Value::Object(own)).map_err(field)?;
    let command: Command = serde_json::from_value(Value::Object(fields)).map_err(field)?;
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

fn id_of(line: &str) -> Option<String> {
    serde_json::from_str::<Value>(line)
        .ok()?
        .get("id")?
        .as_str()
        .map(str::to_owned)
}
