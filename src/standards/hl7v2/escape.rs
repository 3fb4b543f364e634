//! Escape sequences in values (HL7 v2.5.1 §2.7).
//!
//! Owns their meaning. Highlighting and character set changes are dropped; a sequence that is not known stays as it is
//! written, since senders also type backslashes.

use super::Delimiters;
use std::borrow::Cow;

/// The value with its escapes resolved.
pub fn plain(raw: &str, delimiters: Delimiters) -> Cow<'_, str> {
    if !raw.contains(delimiters.escape) {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once(delimiters.escape) {
        out.push_str(before);
        match after.split_once(delimiters.escape) {
            Some((sequence, tail)) if take(&mut out, sequence, delimiters) => rest = tail,
            Some(_) | None => {
                out.push(delimiters.escape);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Writes what a sequence means; false where it means nothing.
fn take(out: &mut String, sequence: &str, delimiters: Delimiters) -> bool {
    match sequence {
        "F" => out.push(delimiters.field),
        "S" => out.push(delimiters.component),
        "T" => out.push(delimiters.subcomponent),
        "R" => out.push(delimiters.repetition),
        "E" => out.push(delimiters.escape),
        // Highlighting on and off.
        "H" | "N" => {}
        _ => return formatting(out, sequence) || hexadecimal(out, sequence),
    }
    true
}

/// Formatting commands (§2.7.7): those that break or space a line, in either case.
fn formatting(out: &mut String, sequence: &str) -> bool {
    let Some(command) = sequence.strip_prefix('.') else {
        return false;
    };
    let command = command.to_ascii_lowercase();
    match command.get(..2) {
        Some("br" | "sp" | "ce") => out.push('\n'),
        Some("in" | "ti" | "sk") => out.push(' '),
        Some("fi" | "nf") => {}
        Some(_) | None => return false,
    }
    true
}

/// `\X41\` (§2.7.6): bytes in hexadecimal; those that are no text are dropped by the sanitiser later.
fn hexadecimal(out: &mut String, sequence: &str) -> bool {
    let Some(digits) = sequence.strip_prefix('X') else {
        // `\Cxxyy\` and `\Mxxyyzz\` change the character set: nothing to show.
        return sequence.starts_with(['C', 'M'])
            && sequence.len() > 4
            && sequence.chars().skip(1).all(|c| c.is_ascii_hexdigit());
    };
    let nibbles: Option<Vec<u32>> = digits.chars().map(|c| c.to_digit(16)).collect();
    match nibbles {
        Some(nibbles) if !nibbles.is_empty() && nibbles.len() % 2 == 0 => {
            let bytes = nibbles.chunks(2).filter_map(|pair| match pair {
                [high, low] => char::from_u32(high * 16 + low),
                _ => None,
            });
            out.extend(bytes);
            true
        }
        Some(_) | None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_mean_what_the_standard_says() {
        let delimiters = Delimiters::read("|^~\\&|").unwrap();
        let table = [
            (r"a\F\b\S\c\T\d\R\e\E\f", r"a|b^c&d~e\f"),
            (r"one\.br\two\.BR\three", "one\ntwo\nthree"),
            (r"\H\bold\N\ text", "bold text"),
            (r"\X0D\x", "\rx"),
            (r"C:\temp\new", r"C:\temp\new"),
            (r"ends\", r"ends\"),
            (r"\Zunknown\", r"\Zunknown\"),
            (r"\X4\", r"\X4\"),
            ("plain", "plain"),
        ];
        for (raw, expected) in table {
            assert_eq!(plain(raw, delimiters), expected, "{raw}");
        }
    }
}
