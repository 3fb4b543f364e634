//! The real program in a real pseudo terminal: what only shows there. Everything else about the screen is tested without one.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that trips has found something"
)]

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
    fn open(data: &Path, env: &[(&str, &str)]) -> Terminal {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_refdesk"));
        command.args(["--now", NOW, "--data"]);
        command.arg(data);
        Terminal::spawn(command, env)
    }

    fn spawn(mut command: CommandBuilder, env: &[(&str, &str)]) -> Terminal {
        let pair = native_pty_system().openpty(size(100, 30)).unwrap();
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("USER", "ana");
        for (name, value) in env {
            command.env(name, value);
        }
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
        let terminal = Terminal::open(data, &[]);
        terminal.shows("in lists");
        terminal
    }

    fn signal(&self, signal: &str) {
        let process = self.child.process_id().unwrap().to_string();
        let sent = Command::new("kill").args([signal, &process]).status().unwrap();
        assert!(sent.success());
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

    /// Changes the size and waits until the screen shows it. A window that is dragged sends many signals; so does this one.
    fn resize(&mut self, cols: u16, rows: u16, shown: impl Fn(&str) -> bool) {
        self.screen.lock().unwrap().0.set_size(cells(rows), cells(cols));
        self.master.resize(size(cols, rows)).unwrap();
        let process = self.child.process_id().unwrap().to_string();
        let began = Instant::now();
        while !shown(&self.text()) {
            assert!(
                began.elapsed() < PATIENCE,
                "{cols}x{rows} never came:\n{}",
                self.text()
            );
            std::thread::sleep(Duration::from_millis(250));
            assert!(
                Command::new("kill")
                    .args(["-WINCH", &process])
                    .status()
                    .unwrap()
                    .success()
            );
        }
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
fn a_key_accepts_and_undo_restores_in_the_next_run_as_well() {
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
    // Undo and redo are in the file, not in the run.
    terminal.quits();
    let mut terminal = Terminal::worklist(data.path());
    terminal.press("u");
    terminal.shows("undone");
    assert_eq!(statuses(data.path()), before);
    terminal.press("\u{12}");
    terminal.shows("redone");
    assert_eq!(statuses(data.path()), after);
    terminal.quits();
}

#[test]
fn too_small_says_so_does_nothing_and_comes_back() {
    let data = clinic();
    let before = statuses(data.path());
    let mut terminal = Terminal::worklist(data.path());
    terminal.resize(40, 10, |text| text.contains("Refdesk needs 60"));
    terminal.press("a");
    terminal.resize(2, 1, |text| !text.contains("Refdesk"));
    terminal.press("a");
    std::thread::sleep(Duration::from_millis(500));
    terminal.resize(120, 40, |text| {
        text.contains("in lists") && !text.contains("Refdesk needs 60")
    });
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
    terminal.quits();
}

/// The id at the cursor's row.
fn under_cursor(text: &str) -> String {
    let line = text.lines().find(|line| line.contains('▸')).unwrap();
    line.split_whitespace()
        .find(|word| word.starts_with("R-"))
        .unwrap()
        .to_owned()
}

#[test]
fn whatever_ends_it_the_place_and_what_was_typed_are_there_again() {
    let data = clinic();
    for signal in ["-TERM", "-HUP", "-KILL"] {
        let mut terminal = Terminal::worklist(data.path());
        terminal.until("rows", |text| text.contains('▸'));
        terminal.press("3");
        terminal.shows("[Insurance");
        terminal.press("j");
        let typed = format!("said{signal}");
        terminal.press("n");
        terminal.shows("Note · R-");
        let id = under_cursor(&terminal.text());
        terminal.press(&typed);
        terminal.shows(&typed);
        if signal == "-KILL" {
            // What was typed before the last pause.
            std::thread::sleep(Duration::from_millis(1500));
            terminal.signal(signal);
            terminal.child.wait().unwrap();
        } else {
            terminal.signal(signal);
            assert_eq!(terminal.ends(), 0, "{signal}");
        }
        let mut again = Terminal::worklist(data.path());
        again.shows(&format!("what you typed last time is kept: note on {id}"));
        again.shows("[Insurance");
        again.until("the cursor where it was", |text| {
            text.contains('▸') && under_cursor(text) == id
        });
        again.press("n");
        again.shows(&typed);
        // Thrown away, so that the next turn begins anew.
        again.press("\u{18}1");
        again.shows("thrown away");
        again.shows("[Review");
        again.quits();
    }
    let done = refdesk(data.path())
        .args(["check", "--deep"])
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(done.success());
}

#[test]
fn a_note_is_written_in_the_persons_editor() {
    let data = clinic();
    let editor = data.path().join("editor.sh");
    let script = "#!/bin/sh\nprintf 'the editor has the terminal'\nread answer\nprintf ' and %s' \"$answer\" >> \"$1\"\nstat -c %a \"$1\" > \"$(dirname \"$0\")/mode\"\n";
    std::fs::write(&editor, script).unwrap();
    let editor = format!("sh {}", editor.display());
    let mut terminal = Terminal::open(data.path(), &[("EDITOR", &editor), ("PATH", "/usr/bin:/bin")]);
    terminal.shows("in lists");
    terminal.press("n");
    terminal.shows("Note · R-");
    terminal.press("typed here\u{f}");
    terminal.shows("the editor has the terminal");
    {
        let seen = terminal.screen.lock().unwrap();
        assert!(!seen.0.screen().alternate_screen());
    }
    // Every key is the editor's while it runs, and the desk's again afterwards.
    terminal.press("quaint answer\n");
    terminal.shows("typed here and quaint answer");
    terminal.shows("in lists");
    terminal.press("\r");
    terminal.shows("✓");
    let mode = std::fs::read_to_string(data.path().join("mode")).unwrap();
    assert_eq!(mode.trim(), "600");
    let left = Command::new("find")
        .arg(data.path().join("desk"))
        .args(["-name", "*.txt"])
        .output()
        .unwrap();
    assert!(left.stdout.is_empty());
    terminal.quits();
}

#[test]
fn the_shells_job_key_stops_it_and_fg_brings_it_back() {
    let data = clinic();
    let mut shell = CommandBuilder::new("bash");
    shell.args(["--norc", "--noprofile", "-i"]);
    let mut terminal = Terminal::spawn(shell, &[("PS1", "shell> "), ("PATH", "/usr/bin:/bin")]);
    terminal.shows("shell>");
    let program = env!("CARGO_BIN_EXE_refdesk");
    terminal.press(&format!(
        "{program} --now {NOW} --data {}\n",
        data.path().display()
    ));
    terminal.shows("in lists");
    terminal.press("\u{1a}");
    terminal.shows("Stopped");
    terminal.press("echo a $((40 + 2))\n");
    terminal.shows("a 42");
    terminal.press("fg\n");
    terminal.until("the worklist again", |text| {
        text.contains("in lists") && !text.contains("shell>")
    });
    terminal.press("?");
    terminal.shows("any other key leaves");
    terminal.press("q");
    terminal.until("the help closed", |text| !text.contains("any other key leaves"));
    terminal.press("q");
    terminal.until("the shell again", |text| text.trim_end().ends_with("shell>"));
    terminal.press("exit\n");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn a_defect_gives_the_terminal_back_and_says_where_the_report_is() {
    let data = clinic();
    let mut terminal = Terminal::open(data.path(), &[("REFDESK_TRIP", "1")]);
    terminal.shows("in lists");
    terminal.until("rows", |text| text.contains('▸'));
    let first = under_cursor(&terminal.text());
    terminal.press("n");
    terminal.shows("Note · R-");
    terminal.press("about Mr. Unlucky\u{1b}[24~");
    terminal.shows("Refdesk stopped because of a defect at src/tui/run.rs");
    terminal.shows("A report without patient data is in");
    assert_eq!(terminal.ends(), 101);
    let report = std::fs::read_to_string(data.path().join("logs/refdesk-crash.txt")).unwrap();
    assert!(report.contains("src/tui/run.rs"), "{report}");
    for word in ["Unlucky", &first] {
        assert!(!report.contains(word), "{word}");
    }
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
    let mut terminal = Terminal::open(data.path(), &[("TERM", "dumb")]);
    terminal
        .shows("the worklist needs a terminal that can place text, or --linear (TERM is dumb or not set)");
    assert_eq!(terminal.ends(), 1);
    let seen = terminal.screen.lock().unwrap();
    assert!(!seen.1.contains(&0x1b), "{}", String::from_utf8_lossy(&seen.1));
}
