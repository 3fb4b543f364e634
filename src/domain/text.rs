//! Text that came from outside, made safe to keep and to show.
//!
//! Owns the one sanitiser that every boundary calls, on the way in and again at each sink.
//! Must not know which sink is asking.

use unicode_normalization::char::is_combining_mark;

/// At most this many combining marks stay on one base character (reliability rule: at most 4 a grapheme).
const MARKS_PER_BASE: usize = 4;

/// Drops control characters (C0, C1, DEL), bidirectional and zero-width controls, and stacked combining marks.
/// Tabs and line breaks become single spaces: the result is one line. The zero-width joiners that Indic and Persian
/// spelling needs (U+200C, U+200D) are kept between letters.
pub fn line(raw: &str) -> String {
    clean(raw, false)
}

/// As [`line()`], but keeps line breaks (`\n`; `\r\n` and `\r` become `\n`).
pub fn block(raw: &str) -> String {
    clean(raw, true)
}

fn clean(raw: &str, keep_breaks: bool) -> String {
    // Nearly everything is, and a screen cleans each of its texts anew.
    if raw.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return raw.to_owned();
    }
    let mut out = String::with_capacity(raw.len());
    let mut marks = 0;
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        let c = match c {
            '\r' => {
                if chars.peek() == Some(&'\n') {
                    continue;
                }
                '\n'
            }
            other => other,
        };
        if c == '\n' || c == '\t' || c == '\u{2028}' || c == '\u{2029}' {
            out.push(if keep_breaks && c != '\t' { '\n' } else { ' ' });
            marks = 0;
        } else if is_hidden(c) {
            if is_joiner(c) && joins(&out, chars.peek()) {
                out.push(c);
            }
        } else if is_combining_mark(c) {
            marks += 1;
            if marks <= MARKS_PER_BASE {
                out.push(c);
            }
        } else {
            marks = 0;
            out.push(c);
        }
    }
    out
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

fn joins(before: &str, after: Option<&char>) -> bool {
    before
        .chars()
        .next_back()
        .is_some_and(|c| c.is_alphabetic() && !c.is_ascii() || is_combining_mark(c))
        && after.is_some_and(|c| c.is_alphabetic() && !c.is_ascii())
}

/// Control, bidirectional, zero-width, tag and private characters that have no place in a name or a note.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{E0FFF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// Collapses runs of white space and trims.
pub fn squeeze(raw: &str) -> String {
    if is_plain(raw) {
        return raw.to_owned();
    }
    raw.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// [`block`] and [`squeeze`]: what most values of messages are already.
pub fn tidy(raw: &str) -> String {
    if is_plain(raw) {
        return raw.to_owned();
    }
    squeeze(&block(raw))
}

/// Printable ASCII with single blanks between words: neither cleaning nor squeezing changes it.
fn is_plain(raw: &str) -> bool {
    let mut after_blank = true;
    let single = raw.bytes().all(|byte| {
        let is_blank = byte == b' ';
        let fits = byte.is_ascii_graphic() || is_blank && !after_blank;
        after_blank = is_blank;
        fits
    });
    single && !after_blank
}

/// A key for comparing names: lower case, accents and punctuation dropped, white space collapsed.
pub fn fold(raw: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let mut out = String::with_capacity(raw.len());
    if raw.is_ascii() {
        for byte in raw.bytes() {
            if byte.is_ascii_alphanumeric() {
                out.push(char::from(byte.to_ascii_lowercase()));
            } else if (char::from(byte).is_whitespace() || byte == b'-')
                && !out.ends_with(' ')
                && !out.is_empty()
            {
                out.push(' ');
            }
        }
        out.truncate(out.trim_end().len());
        return out;
    }
    for c in raw.nfd() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if (c.is_whitespace() || c == '-') && !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.trim_end().to_owned()
}

/// Digits only.
pub fn digits(raw: &str) -> String {
    raw.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_lose_their_teeth() {
        assert_eq!(line("Ann\u{1b}[2J\u{9b}31mLee\u{7f}"), "Ann[2J31mLee");
        assert_eq!(line("a\u{202e}b\u{200b}c"), "abc");
        assert_eq!(line("one\r\ntwo\tthree"), "one two three");
        assert_eq!(block("one\r\ntwo\rthree"), "one\ntwo\nthree");
    }

    #[test]
    fn stacked_marks_are_cut_and_real_accents_kept() {
        assert_eq!(line("José Núñez"), "José Núñez");
        let stacked = format!("e{}", "\u{301}".repeat(40));
        assert_eq!(line(&stacked).chars().count(), 1 + MARKS_PER_BASE);
    }

    #[test]
    fn what_is_tidy_stays_and_what_is_not_becomes_so() {
        for (raw, expected) in [
            ("", ""),
            (" ", ""),
            ("a b", "a b"),
            (" a  b ", "a b"),
            ("a\tb\n", "a b"),
            ("é  e", "é e"),
            ("a\u{1b}[2Jb", "a[2Jb"),
        ] {
            assert_eq!(tidy(raw), expected, "{raw:?}");
            assert_eq!(squeeze(&block(raw)), expected, "{raw:?}");
        }
        assert_eq!(fold("A-B  c\u{b}.D-"), "a b c d");
    }

    #[test]
    fn folding_makes_spellings_meet() {
        assert_eq!(fold("  O’Neil-Núñez,  SEAN "), "oneil nunez sean");
    }
}
