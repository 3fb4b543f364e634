//! The terminal is asked what it can show: once, when the first page is opened, and not for longer than it may take.
//!
//! Owns the question and what is made of the answer. Whoever asks has stopped the reading of keys; what was typed meanwhile is
//! given back.

use super::{CELL, Glass, Kind, kitty};
use crate::config::screen::Pictures;
use std::io;
use std::time::Duration;

/// A terminal that has not answered by then does not.
const PATIENCE: Duration = Duration::from_millis(250);
/// Asks for the primary device attributes (DEC VT510, DA1): every terminal answers, and after the other answer.
const ATTRIBUTES: &str = "\u{1b}[c";

/// What the terminal can show, and the characters that were typed while it was asked.
pub fn ask(wanted: Pictures) -> (Glass, String) {
    let size = crossterm::terminal::window_size().ok();
    let cell = size.and_then(|size| {
        let across = size.width.checked_div(size.columns)?;
        let down = size.height.checked_div(size.rows)?;
        (across > 2 && down > 4).then_some((across, down))
    });
    let (kind, typed) = match wanted {
        Pictures::Kitty => (Some(Kind::Kitty), String::new()),
        Pictures::Sixel => (Some(Kind::Sixel), String::new()),
        Pictures::Iterm => (Some(Kind::Iterm), String::new()),
        Pictures::Cells | Pictures::Off => (None, String::new()),
        Pictures::Auto => {
            let answer = answer().unwrap_or_default();
            let program = std::env::var("TERM_PROGRAM").unwrap_or_default();
            (told(&answer, &program, cell.is_some()), typed(&answer))
        }
    };
    let cell = cell.unwrap_or(CELL);
    (Glass { kind, cell }, typed)
}

/// What an answer says.
fn told(answer: &[u8], program: &str, knows_cell: bool) -> Option<Kind> {
    let has = |part: &[u8]| answer.windows(part.len()).any(|window| window == part);
    if has(kitty::ANSWER) {
        return Some(Kind::Kitty);
    }
    if matches!(program, "iTerm.app" | "WezTerm") {
        return Some(Kind::Iterm);
    }
    // Sixels are not fitted into cells: without the size of one, they would cover what stands beside them.
    (knows_cell && attributes(answer).any(|attribute| attribute == b"4")).then_some(Kind::Sixel)
}

/// The attributes of `ESC [ ? 62 ; 4 c`.
fn attributes(answer: &[u8]) -> impl Iterator<Item = &[u8]> {
    let start = answer.windows(3).rposition(|window| window == b"\x1b[?");
    let rest = start
        .and_then(|start| answer.get(start + 3..))
        .unwrap_or_default();
    let end = rest.iter().position(|byte| *byte == b'c').unwrap_or(0);
    let list = rest.get(..end).unwrap_or_default();
    list.split(|byte| *byte == b';')
}

/// What of an answer is none: printable characters outside of its sequences.
fn typed(answer: &[u8]) -> String {
    let text = String::from_utf8_lossy(answer);
    let mut out = String::new();
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c != '\u{1b}' {
            out.extend(Some(c).filter(|c| !c.is_control()));
            continue;
        }
        // To the end of the sequence: a letter after `[`, a terminator after `_`.
        let string = characters.next() == Some('_');
        let mut last = ' ';
        for c in characters.by_ref() {
            if string && last == '\u{1b}' && c == '\\' || !string && (c.is_alphabetic() || c == '~') {
                break;
            }
            last = c;
        }
    }
    out
}

#[cfg(unix)]
fn answer() -> io::Result<Vec<u8>> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use std::io::Write as _;
    use std::time::Instant;
    let mut out = io::stdout();
    out.write_all(kitty::QUESTION.as_bytes())?;
    out.write_all(ATTRIBUTES.as_bytes())?;
    out.flush()?;
    let stdin = io::stdin();
    let end = Instant::now() + PATIENCE;
    let mut answer = Vec::new();
    loop {
        let left = end.saturating_duration_since(Instant::now());
        let left = Timespec {
            tv_sec: 0,
            tv_nsec: left.subsec_nanos().into(),
        };
        let mut input = [PollFd::new(&stdin, PollFlags::IN)];
        if poll(&mut input, Some(&left))? == 0 {
            return Ok(answer);
        }
        let mut some = [0; 256];
        let count = rustix::io::read(&stdin, &mut some)?;
        answer.extend_from_slice(some.get(..count).unwrap_or_default());
        let whole = answer.windows(3).rposition(|window| window == b"\x1b[?");
        let done = whole
            .and_then(|at| answer.get(at..))
            .is_some_and(|rest| rest.contains(&b'c'));
        if count == 0 || done {
            return Ok(answer);
        }
    }
}

#[cfg(not(unix))]
fn answer() -> io::Result<Vec<u8>> {
    Ok(Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_taken_for_what_it_says() {
        /// An answer, the program, whether a cell's size is known; what is shown, and what was typed.
        type Case<'a> = (&'a [u8], &'a str, bool, Option<Kind>, &'a str);
        let cases: [Case<'_>; 7] = [
            (
                b"\x1b_Gi=31;OK\x1b\\\x1b[?62;22c",
                "",
                false,
                Some(Kind::Kitty),
                "",
            ),
            (
                b"\x1b_Gi=31;ENODATA:x\x1b\\\x1b[?62;4;22c",
                "",
                true,
                Some(Kind::Sixel),
                "",
            ),
            (b"\x1b[?62;4c", "", false, None, ""),
            (b"\x1b[?64;14;24c", "", true, None, ""),
            (b"\x1b[?1;2c", "WezTerm", false, Some(Kind::Iterm), ""),
            (b"jk\x1b[A\x1b[?1;2cx", "tmux", true, None, "jkx"),
            (b"", "", true, None, ""),
        ];
        for (answer, program, cell, kind, keys) in cases {
            assert_eq!(told(answer, program, cell), kind, "{answer:?}");
            assert_eq!(typed(answer), keys, "{answer:?}");
        }
    }
}
