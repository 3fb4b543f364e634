//! What the screen does with the terminal beside drawing: the clipboard, an editor, going to the background.
//!
//! Owns the escape sequences and the child processes for it. Must not know the screen's state.

use crate::config::paths::private;
use crate::domain::text;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// A text that goes to the clipboard is at most this long: terminals drop what is longer.
const CLIP_MAX: usize = 8 * 1024;

/// As many whole lines of a text as go to the clipboard; of a single line that is longer, what there is room for.
pub fn lines_that_fit(text: &str) -> &str {
    if text.len() <= CLIP_MAX {
        return text;
    }
    let mut end = CLIP_MAX;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text.get(..end).unwrap_or_default();
    // The line that the cut falls into is left out whole.
    let whole = head.rsplit_once('\n').map_or(head, |(whole, _)| whole);
    if text.get(end..).is_some_and(|rest| rest.starts_with('\n')) {
        head
    } else {
        whole
    }
}

/// The sequence that puts a text on the clipboard of the terminal at the person's end, over ssh, too (xterm's OSC 52).
pub fn clip(text: &str) -> String {
    format!("\u{1b}]52;c;{}\u{7}", base64(lines_that_fit(text).as_bytes()))
}

/// Base 64 with padding (RFC 4648, 4).
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut word: u32 = 0;
        for place in 0..3 {
            word = word << 8 | u32::from(chunk.get(place).copied().unwrap_or(0));
        }
        for place in 0..4 {
            let digit = usize::try_from(word >> (18 - 6 * place) & 63).unwrap_or(0);
            let digit = DIGITS
                .get(digit)
                .filter(|_| place <= chunk.len())
                .map_or('=', |digit| char::from(*digit));
            out.push(digit);
        }
    }
    out
}

/// Copies a text. Inside tmux, which keeps the sequence of a program to itself unless it is told otherwise, tmux is asked to
/// pass it on; inside GNU screen, the sequence is wrapped.
///
/// # Errors
/// The terminal's.
pub fn copy(text: &str) -> io::Result<()> {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let sequence = clip(text);
    let mut out = io::stdout();
    if set("TMUX") {
        through_tmux(text.to_owned());
        out.write_all(sequence.as_bytes())?;
    } else if set("STY") {
        // Screen takes pieces of less than 768 bytes.
        let mut rest = sequence.as_str();
        while !rest.is_empty() {
            let (piece, after) = rest.split_at_checked(700).unwrap_or((rest, ""));
            write!(out, "\u{1b}P{piece}\u{1b}\\")?;
            rest = after;
        }
    } else {
        out.write_all(sequence.as_bytes())?;
    }
    out.flush()
}

/// Hands a text to tmux, in a thread of its own: the screen waits for nobody.
fn through_tmux(text: String) {
    let hand = move || {
        let child = Command::new("tmux")
            .args(["load-buffer", "-w", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        if let Ok(mut child) = child {
            if let Some(mut input) = child.stdin.take() {
                let _ = input.write_all(text.as_bytes());
            }
            let _ = child.wait();
        }
    };
    let _ = std::thread::Builder::new().name("clipboard".into()).spawn(hand);
}

/// Lets a person change a text in their own editor (`$VISUAL`, else `$EDITOR`, else `vi`), in a file for its owner alone that
/// is gone afterwards. None where they left it as it was.
///
/// # Errors
/// A sentence for a person: what they had typed is as it was.
pub fn edit(text: &str, page: &Path) -> Result<Option<String>, String> {
    let editor = ["VISUAL", "EDITOR"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|editor| !editor.trim().is_empty())
        .unwrap_or_else(|| "vi".into());
    let edited = with_editor(&editor, text, page);
    let _ = std::fs::remove_file(page);
    edited
}

fn with_editor(editor: &str, before: &str, page: &Path) -> Result<Option<String>, String> {
    let broken =
        |error: io::Error| format!("the text could not be given to the editor: {error}; it is as it was");
    let _ = std::fs::remove_file(page);
    let mut file = private().create_new(true).open(page).map_err(broken)?;
    file.write_all(before.as_bytes()).map_err(broken)?;
    drop(file);
    // As git does: the variable may hold arguments, and only the shell knows how they are written.
    let status = Command::new("sh")
        .args(["-c", &format!("{editor} \"$@\""), editor])
        .arg(page)
        .status()
        .map_err(|error| format!("{editor} could not be started: {error}; set EDITOR"))?;
    if !status.success() {
        return Err(format!(
            "the editor ({editor}) ended with {status}; what you had typed is as it was"
        ));
    }
    let bytes = std::fs::read(page).map_err(broken)?;
    let after = text::block(&String::from_utf8_lossy(&bytes));
    let after = after.trim_end_matches('\n').to_owned();
    Ok((after != before.trim_end_matches('\n')).then_some(after))
}

/// Puts the program into the background, as the shell's own job key does; returns when it is brought back. Where nobody could
/// bring it back, the system lets it go on at once.
#[cfg(unix)]
pub fn suspend() {
    let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
}

/// Here, there is no background.
#[cfg(not(unix))]
pub fn suspend() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_put_on_the_clipboard_whole_and_safe() {
        assert_eq!(clip("R-20417-F"), "\u{1b}]52;c;Ui0yMDQxNy1G\u{7}");
        for (text, expected) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(text.as_bytes()), expected);
        }
        assert_eq!(base64("é\n".as_bytes()), "w6kK");
        assert!(clip(&"é".repeat(CLIP_MAX)).len() < CLIP_MAX * 2);
    }

    #[test]
    fn what_does_not_fit_ends_with_a_whole_line() {
        let line = "R-20417-F\tOkafor, Ngozi\té\n";
        let text = line.repeat(1_000);
        let fits = lines_that_fit(&text);
        assert!(fits.len() <= CLIP_MAX && fits.len() + line.len() > CLIP_MAX - line.len());
        assert!(fits.lines().all(|each| format!("{each}\n") == line));
        for short in ["", "one", "one\ntwo\n"] {
            assert_eq!(lines_that_fit(short), short);
        }
        assert_eq!(lines_that_fit(&"x".repeat(CLIP_MAX * 2)).len(), CLIP_MAX);
    }

    #[cfg(unix)]
    #[test]
    fn an_editor_changes_a_text_and_leaves_nothing_behind() {
        let home = tempfile::tempdir().unwrap();
        let page = home.path().join("page.txt");
        let table: [(&str, Result<Option<&str>, &str>); 4] = [
            ("printf 'two\\r\\n\\033[2Jthree\\n' >", Ok(Some("two\n[2Jthree"))),
            ("true", Ok(None)),
            ("false", Err("what you had typed is as it was")),
            ("no-such-editor-here", Err("what you had typed is as it was")),
        ];
        for (editor, expected) in table {
            let got = with_editor(editor, "one\n", &page);
            match expected {
                Ok(text) => assert_eq!(got, Ok(text.map(str::to_owned)), "{editor}"),
                Err(part) => assert!(got.is_err_and(|why| why.contains(part)), "{editor}"),
            }
        }
        // Nobody else may read it while it is open.
        let mode = with_editor("f() { stat -c %a \"$1\" > \"$1\"; }; f", "one", &page);
        assert_eq!(mode, Ok(Some("600".to_owned())));
    }
}
