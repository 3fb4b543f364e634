//! The real program in a real pseudo terminal: what only shows there. Everything else about the screen is tested without one.
#![cfg(unix)]

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use vt100::Parser;

/// The invented clinic's moment. Whoever names it has the desk at that moment, the clock behind the screen too.
const NOW: &str = "2026-03-02T14:00:00Z";
const PATIENCE: Duration = Duration::from_secs(20);

fn refdesk(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_refdesk"));
    command
        .env_clear()
        .env("USER", "ana")
        .args(["--now", NOW, "--data"])
        .arg(data);
    command
}

/// A copy of a small invented clinic, which is built once.
fn clinic() -> TempDir {
    static BUILT: OnceLock<TempDir> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let done = refdesk(dir.path())
            .args(["demo", "--referrals", "40", "--build-only"])
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        dir
    });
    let copy = tempfile::tempdir().unwrap();
    for entry in built.path().read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    copy
}

/// Every open referral with its status.
fn statuses(data: &Path) -> BTreeMap<String, String> {
    let output = refdesk(data)
        .args(["list", "--json", "--limit", "1000"])
        .output()
        .unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let row = |line: &str| {
        serde_json::from_str::<Value>(line)
            .map(|row| (text(&row["referral"]), text(&row["status"])))
            .unwrap()
    };
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(row)
        .collect()
}

fn apply(data: &Path, command: &Value) {
    let mut child = refdesk(data)
        .arg("apply")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{command}").unwrap();
    assert!(child.wait().unwrap().success());
}

struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    screen: Arc<Mutex<(Parser, Vec<u8>)>>,
}

fn cells(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).unwrap()
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

impl Terminal {
    fn open(data: &Path, term: &str) -> Terminal {
        let pair = native_pty_system().openpty(size(100, 30)).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_refdesk"));
        command.env_clear();
        command.env("TERM", term);
        command.env("USER", "ana");
        command.args(["--now", NOW, "--data"]);
        command.arg(data);
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let screen = Arc::new(Mutex::new((Parser::new(cells(30), cells(100), 0), Vec::new())));
        let seen = Arc::clone(&screen);
        let mut output = pair.master.try_clone_reader().unwrap();
        std::thread::spawn(move || {
            let mut bytes = [0; 8192];
            while let Ok(n @ 1..) = output.read(&mut bytes) {
                let mut seen = seen.lock().unwrap();
                seen.0.process(&bytes[..n]);
                seen.1.extend(&bytes[..n]);
            }
        });
        Terminal {
            child,
            keys: pair.master.take_writer().unwrap(),
            master: pair.master,
            screen,
        }
    }

    /// The worklist on the clinic's data, drawn.
    fn worklist(data: &Path) -> Terminal {
        let terminal = Terminal::open(data, "xterm-256color");
        terminal.shows("in lists");
        terminal
    }

    fn text(&self) -> String {
        self.screen.lock().unwrap().0.screen().contents()
    }

    fn until(&self, what: &str, holds: impl Fn(&str) -> bool) -> Duration {
        let began = Instant::now();
        while !holds(&self.text()) {
            assert!(began.elapsed() < PATIENCE, "{what} never came:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
        began.elapsed()
    }

    fn shows(&self, what: &str) -> Duration {
        self.until(what, |text| text.contains(what))
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    fn resize(&mut self, cols: u16, rows: u16) {
        self.screen.lock().unwrap().0.set_size(cells(rows), cells(cols));
        self.master.resize(size(cols, rows)).unwrap();
    }

    /// Waits for the end; the exit code, and the terminal as it was left.
    fn ends(&mut self) -> u32 {
        let began = Instant::now();
        let code = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status.exit_code();
            }
            assert!(began.elapsed() < PATIENCE, "it does not end:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        };
        self.until("the terminal given back", |_| {
            let seen = self.screen.lock().unwrap();
            let screen = seen.0.screen();
            !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
        });
        code
    }

    fn quits(mut self) {
        self.press("q");
        assert_eq!(self.ends(), 0);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_draws_the_clinic_and_the_quit_key_gives_the_terminal_back() {
    let data = clinic();
    let open = statuses(data.path()).len();
    let terminal = Terminal::worklist(data.path());
    terminal.shows("Review ");
    terminal.shows(&format!("open {open} = {open} in lists"));
    terminal.shows("Mon 09:00");
    {
        let seen = terminal.screen.lock().unwrap();
        assert!(seen.0.screen().alternate_screen() && seen.0.screen().bracketed_paste());
    }
    terminal.quits();
}

#[test]
fn a_key_accepts_and_undo_restores() {
    let data = clinic();
    let before = statuses(data.path());
    let mut terminal = Terminal::worklist(data.path());
    terminal.press("a");
    terminal.shows("✓");
    let after = statuses(data.path());
    let changed: Vec<_> = after
        .iter()
        .filter(|(id, status)| before.get(*id) != Some(status))
        .collect();
    assert!(changed.len() == 1 && changed[0].1 == "accepted", "{changed:?}");
    terminal.press("u");
    terminal.shows("undone");
    assert_eq!(statuses(data.path()), before);
    terminal.quits();
}

#[test]
fn too_small_says_so_does_nothing_and_comes_back() {
    let data = clinic();
    let before = statuses(data.path());
    let mut terminal = Terminal::worklist(data.path());
    terminal.resize(40, 10);
    terminal.shows("Refdesk needs 60");
    terminal.press("a");
    // A key and a change of size in the same instant are another matter than either of them.
    std::thread::sleep(Duration::from_millis(300));
    terminal.resize(120, 40);
    terminal.shows("in lists");
    terminal.until("the sentence gone", |text| !text.contains("Refdesk needs 60"));
    assert_eq!(statuses(data.path()), before);
    terminal.quits();
}

#[test]
fn what_is_pasted_is_text_and_never_keys() {
    let data = clinic();
    let before = statuses(data.path());
    let mut terminal = Terminal::worklist(data.path());
    // In a list, nothing asks for text.
    terminal.press("\u{1b}[200~aaq\r\u{1b}[201~");
    terminal.press("n");
    terminal.until("the form of a note", |text| text.to_lowercase().contains("note"));
    terminal.press("\u{1b}[200~quietly accepted\u{1b}[201~");
    terminal.shows("quietly accepted");
    terminal.press("\u{1b}");
    terminal.until("the form closed", |text| !text.contains("quietly accepted"));
    assert_eq!(statuses(data.path()), before);
    // What was typed and not sent is not lost without a word.
    terminal.press("q");
    terminal.shows("would be lost");
    terminal.press("y");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn a_signal_ends_it_in_order() {
    let data = clinic();
    for signal in ["-TERM", "-HUP"] {
        let mut terminal = Terminal::worklist(data.path());
        let process = terminal.child.process_id().unwrap().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &process])
                .status()
                .unwrap()
                .success()
        );
        assert_eq!(terminal.ends(), 0, "{signal}");
    }
    assert!(
        refdesk(data.path())
            .args(["check", "--deep"])
            .stdout(Stdio::null())
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn neighbours_see_each_others_changes() {
    let data = clinic();
    let mut first = Terminal::worklist(data.path());
    let second = Terminal::worklist(data.path());
    // A script changes what both show.
    let shown = |terminal: &Terminal, id: &str| terminal.text().contains(id);
    let review = refdesk(data.path())
        .args(["list", "--list", "review", "--json"])
        .output()
        .unwrap();
    let rows: Vec<Value> = String::from_utf8(review.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let id = rows.last().unwrap()["referral"].as_str().unwrap().to_owned();
    assert!(
        shown(&first, &id) && shown(&second, &id),
        "{id}:\n{}",
        first.text()
    );
    apply(data.path(), &json!({ "command": "accept", "referral": id }));
    for terminal in [&first, &second] {
        let waited = terminal.shows("1 changed · g");
        assert!(waited < Duration::from_secs(3), "{waited:?}");
        assert!(shown(terminal, &id), "a row went away under the cursor");
    }
    first.press("g");
    first.until("the row gone", |text| {
        !text.contains(&id) && !text.contains("changed · g")
    });
    // And what one of them does, the other sees.
    first.press("a");
    first.shows("✓");
    second.shows("2 changed · g");
    first.quits();
    second.quits();
}

#[test]
fn a_terminal_that_cannot_place_text_gets_a_sentence() {
    let data = clinic();
    let mut terminal = Terminal::open(data.path(), "dumb");
    terminal.shows("the worklist needs a terminal that can place text (TERM is dumb or not set)");
    assert_eq!(terminal.ends(), 1);
    let seen = terminal.screen.lock().unwrap();
    assert!(!seen.1.contains(&0x1b), "{}", String::from_utf8_lossy(&seen.1));
}
