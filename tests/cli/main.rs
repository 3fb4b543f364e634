//! The command line as a script or a person at a shell meets it: what is printed, where, and the exit code.
//!
//! Every test has a data folder of its own and says what time it is, so that what is printed is exact.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that trips has found something"
)]

mod apply;
mod care;
mod channels;
mod clock;
mod coverage;
mod dependant;
mod export;
mod folders;
mod forecast;
mod import;
mod intake;
mod list;
mod live;
mod locked;
mod messages;
mod mllp;
mod original;
mod outbox;
mod reader;
mod rules;
mod same;
mod second;
mod senders;
mod service;
mod several;
mod shell;
mod updates;
mod visits;

use assert_cmd::Command;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// A Monday, 09:00 in the clinic's zone.
const NOW: &str = "2026-03-02T14:00:00Z";

/// What a run said.
#[derive(Debug)]
struct Said {
    out: String,
    err: String,
    code: i32,
}

impl Said {
    /// Exit 0 and silence on standard error; what was printed.
    fn done(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{}", self.out);
        self.out
    }

    /// Nothing printed, this exit code; what was said on standard error.
    fn fails(self, code: i32) -> String {
        assert_eq!((self.code, self.out.as_str()), (code, ""), "{}", self.err);
        self.err
    }

    /// One JSON object a line, whatever the exit code.
    fn objects(&self) -> Vec<Value> {
        let object =
            |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        self.out.lines().map(object).collect()
    }
}

/// A data folder, and a person at it.
struct Clinic {
    dir: TempDir,
}

impl Clinic {
    fn new() -> Clinic {
        let memory = Path::new("/dev/shm");
        let dir = if memory.is_dir() {
            tempfile::tempdir_in(memory)
        } else {
            tempfile::tempdir()
        };
        Clinic { dir: dir.unwrap() }
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// A file beside the data folder.
    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn command(&self, now: &str) -> Command {
        let mut command = bare();
        command.current_dir(self.dir.path()).env("HOME", self.dir.path());
        command.args(["--now", now]).arg("--data").arg(self.data());
        command
    }

    fn run<A: AsRef<std::ffi::OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Said {
        said(self.command(NOW).args(args))
    }

    fn at(&self, now: &str, args: &[&str]) -> Said {
        said(self.command(now).args(args))
    }

    fn apply_text(&self, lines: impl Into<Vec<u8>>) -> Said {
        said(self.command(NOW).arg("apply").write_stdin(lines.into()))
    }

    /// Executes commands; the answers.
    fn apply(&self, commands: &[Value]) -> Vec<Value> {
        let lines: String = commands.iter().map(|command| format!("{command}\n")).collect();
        let said = self.apply_text(lines);
        assert_eq!(said.err, "");
        said.objects()
    }

    /// A referral, as a phone call brings it; its id.
    fn receive(&self, family: &str, priority: &str) -> String {
        let receipt = self.apply(&[received(family, priority)]).remove(0);
        receipt["referral"]
            .as_str()
            .unwrap_or_else(|| panic!("{receipt}"))
            .to_owned()
    }

    /// The only answer to one command.
    fn does(&self, command: Value) -> Value {
        self.apply(&[command]).remove(0)
    }

    fn show(&self, id: &str) -> Value {
        self.run(["show", id, "--json"]).objects().remove(0)
    }

    fn database(&self) -> PathBuf {
        self.data().join("refdesk.db")
    }

    /// Everything that is stored, except how the pages lie.
    fn stored(&self) -> Vec<String> {
        let connection = rusqlite::Connection::open(self.database()).unwrap();
        let mut all = Vec::new();
        for table in [
            "referral", "message", "timer", "task", "document", "content", "event", "action", "tally",
            "counter",
        ] {
            let mut statement = connection
                .prepare(&format!("SELECT * FROM {table} ORDER BY 1"))
                .unwrap();
            let columns = statement.column_count();
            let mut rows = statement.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                let cells: Vec<String> = (0..columns)
                    .map(|column| format!("{:?}", row.get_ref(column).unwrap()))
                    .collect();
                all.push(format!("{table} {}", cells.join("|")));
            }
        }
        all
    }
}

fn bare() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_refdesk"));
    command
        .env_clear()
        .env("USER", "ana")
        .env("TERM", "xterm")
        .env("COLUMNS", "100");
    command.timeout(Duration::from_secs(60));
    command
}

fn said(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    Said {
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap_or(-1),
    }
}

/// The text without the numbers that follow a prefix: which number a record gets is nobody's promise.
fn numberless(text: &str, prefix: &str) -> String {
    let mut parts = text.split(prefix);
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        out.push_str(prefix);
        out.push('#');
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    out
}

fn received(family: &str, priority: &str) -> Value {
    json!({
        "command": "receive", "source": "phone", "template": "cardiology", "priority": priority,
        "patient": { "new": {
            "name": { "family": family, "given": "Ann" }, "dob": "1970-05-17",
            "email": format!("p{}@example.org", family.bytes().map(u64::from).sum::<u64>()), "email_consent": "given",
        } },
        "requester": { "new": { "name": { "family": "Hale", "given": "Irene" }, "npi": "1234567893", "fax": "8025550100" } },
        "reason_text": "palpitations", "reason_codes": ["I48.91"],
        "coverages": [{ "payer": "Cedar Health PPO", "member_id": format!("A1-{family}") }],
        "provided": ["ecg", "visit-note", "medications", "lipids"],
    })
}

/// The same without its papers: an ECG and a note are missing.
fn incomplete(family: &str) -> Value {
    let mut command = received(family, "routine");
    command["provided"] = json!(["medications", "lipids"]);
    command
}
