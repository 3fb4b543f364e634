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
        if let Some((bytes, tail)) = bytes(after, delimiters.escape) {
            out.push_str(&text_of(&bytes));
            rest = tail;
            continue;
        }
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
        _ => return formatting(out, sequence) || changes_characters(sequence),
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

/// `\Cxxyy\` and `\Mxxyyzz\` change the character set: nothing to show.
fn changes_characters(sequence: &str) -> bool {
    sequence.starts_with(['C', 'M'])
        && sequence.len() > 4
        && sequence.chars().skip(1).all(|c| c.is_ascii_hexdigit())
}

/// The bytes of the hexadecimal sequences (`\X41\`, §2.7.6) that follow each other from here on, `after` the first escape
/// character, and what follows them. A letter of several bytes may be written as one sequence or as one for each byte.
fn bytes(after: &str, escape: char) -> Option<(Vec<u8>, &str)> {
    let one = |after: &'_ str| -> Option<(Vec<u8>, usize)> {
        let (sequence, _) = after.split_once(escape)?;
        let nibbles: Option<Vec<u8>> = sequence
            .strip_prefix('X')?
            .chars()
            .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect();
        let nibbles = nibbles.filter(|nibbles| !nibbles.is_empty() && nibbles.len() % 2 == 0)?;
        let pairs = nibbles.chunks(2).filter_map(|pair| match pair {
            [high, low] => Some(high * 16 + low),
            _ => None,
        });
        Some((pairs.collect(), sequence.len() + escape.len_utf8()))
    };
    let (mut all, end) = one(after)?;
    let mut rest = after.get(end..)?;
    while let Some(next) = rest.strip_prefix(escape)
        && let Some((more, end)) = one(next)
    {
        all.extend(more);
        rest = next.get(end..)?;
    }
    Some((all, rest))
}

/// Bytes as text: UTF-8 (MSH-18 `UNICODE UTF-8`), else Windows-1252, what practice software writes. Those that are no text are
/// dropped by the sanitiser later.
fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
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
            (r"Jos\XC3A9\ Mu\XC3\\XB1\oz", "José Muñoz"),
            (r"Jos\XE9\ \X93\x\X94\", "José “x”"),
            (r"\X41\\F\", "A|"),
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
