//! Output: text, JSON lines, errors. Everything from outside is sanitised on its way to the terminal.

use super::{Ending, Exit, Trouble};
use crate::domain::text;
use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// A text as it is: for what this program wrote itself.
pub(crate) fn text(text: &str) -> Ending {
    put(text.as_bytes())?;
    Ok(Exit::Done)
}

/// Bytes as they are: only where no terminal reads them.
pub(crate) fn bytes(bytes: &[u8]) -> Result<(), Trouble> {
    put(bytes)
}

/// One line, sanitised and flushed.
pub(crate) fn line(line: &str) -> Result<(), Trouble> {
    let mut clean = text::line(line);
    clean.push('\n');
    put(clean.as_bytes())
}

/// One JSON object on a line of its own, flushed: who reads it may rely on what it says. JSON escapes control characters;
/// what a terminal could trip over beyond them is escaped here.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> Result<(), Trouble> {
    let mut safe = escaped(&serde_json::to_string(value)?);
    safe.push('\n');
    put(safe.as_bytes())
}

/// A JSON text in which what a terminal could trip over is escaped.
pub(crate) fn escaped(plain: &str) -> String {
    let mut safe = String::with_capacity(plain.len() + 1);
    for c in plain.chars() {
        // Inside of a text every line break is escaped already.
        if text::is_hidden(c) && c != '\n' {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                safe.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            safe.push(c);
        }
    }
    safe
}

/// A message on standard error; further lines of it are set in.
pub(crate) fn error(text: &str) {
    let mut lead = "refdesk: ";
    for line in text.lines() {
        let _ = writeln!(io::stderr(), "{lead}{}", text::line(line));
        lead = "  ";
    }
}

/// What the parser of arguments says, in its own form.
pub(crate) fn wrong_usage(text: &str) {
    let _ = io::stderr().write_all(text::block(text).as_bytes());
}

/// Whether this program goes on when nobody reads what it says.
static GOES_ON: AtomicBool = AtomicBool::new(false);

/// From now on a line that nobody reads is no trouble: a service whose log has gone away still runs the clinic's clock.
pub(crate) fn go_on_unread() {
    GOES_ON.store(true, Ordering::Relaxed);
}

fn put(bytes: &[u8]) -> Result<(), Trouble> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(_) if GOES_ON.load(Ordering::Relaxed) => Ok(()),
        // `refdesk list | head` is no failure.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        other => Ok(other?),
    }
}
