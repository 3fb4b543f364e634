//! From what came to messages: frames, batches, lost segment ends.
//!
//! Owns the envelope around messages (MLLP blocks, HL7 v2.5.1 appendix C; FHS/BHS batches, §2.10.3) and the repair of
//! messages that were wrapped like prose on their way. Must not know what a segment means.

use std::borrow::Cow;

/// At most this many segments of a message are looked at (reliability rule).
const MAX_SEGMENTS: usize = 10_000;

/// The messages in a text, each from its MSH on, mended where its segment ends were lost. Batch and file headers and
/// trailers are left out.
pub fn messages(text: &str) -> Vec<Cow<'_, str>> {
    let text = text.trim_start_matches(|c: char| c == '\u{0B}' || c == '\u{FEFF}' || c.is_whitespace());
    let mut starts: Vec<usize> = text
        .match_indices("MSH")
        .map(|(at, _)| at)
        .filter(|at| begins_line(text, *at) && begins_message(text, *at))
        .collect();
    starts.push(text.len());
    starts
        .windows(2)
        .filter_map(|pair| match pair {
            [from, to] => text.get(*from..*to),
            _ => None,
        })
        .map(|message| mend(without_trailer(message)))
        .collect()
}

fn begins_line(text: &str, at: usize) -> bool {
    text.get(..at)
        .and_then(|before| before.chars().next_back())
        .is_none_or(|c| matches!(c, '\r' | '\n' | '\u{0B}' | '\u{1C}'))
}

/// `MSH` and a delimiter that comes back.
fn begins_message(text: &str, at: usize) -> bool {
    let mut rest = text.get(at + 3..).unwrap_or_default().chars();
    let Some(field) = rest.next().filter(|c| !c.is_alphanumeric() && !c.is_whitespace()) else {
        return false;
    };
    rest.take(12).any(|c| c == field)
}

/// The end of a block and the trailers of a batch belong to the envelope.
fn without_trailer(message: &str) -> &str {
    let bytes = message.as_bytes();
    let mut from = 0;
    // A line end, or the end of a block: what stands behind it tells.
    let end = loop {
        let rest = bytes.get(from..).unwrap_or_default();
        let Some(at) = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n' | 0x1C)) else {
            break message.len();
        };
        let (at, after) = (from + at, rest.get(at + 1..).unwrap_or_default());
        let trailer = [b"BTS", b"FTS", b"BHS", b"FHS"]
            .iter()
            .any(|name| after.starts_with(*name));
        if trailer || bytes.get(at) == Some(&0x1C) {
            break at;
        }
        from = at + 1;
    };
    message.get(..end).unwrap_or(message)
}

/// Puts segment ends back where a message was wrapped: a line that begins no segment goes on the one before it, and a
/// segment that begins within a line gets a line of its own.
fn mend(message: &str) -> Cow<'_, str> {
    let delimiter = message.chars().nth(3).unwrap_or('|');
    let lines = || {
        super::lines(message)
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .take(MAX_SEGMENTS)
    };
    if lines().all(|line| begins_segment(line, delimiter)) {
        return Cow::Borrowed(message);
    }
    let mut joined = String::with_capacity(message.len());
    for line in lines() {
        if !joined.is_empty() {
            joined.push(if begins_segment(line, delimiter) {
                '\r'
            } else {
                ' '
            });
        }
        joined.push_str(line);
    }
    let mut out = String::with_capacity(joined.len());
    let mut rest = joined.as_str();
    while let Some(at) = next_segment(rest, delimiter) {
        let (before, after) = rest.split_at(at);
        out.push_str(before.trim_end_matches(' '));
        out.push('\r');
        rest = after.trim_start_matches(' ');
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Three letters or digits, the first a letter, and the delimiter.
fn begins_segment(line: &str, delimiter: char) -> bool {
    let mut chars = line.chars();
    chars.next().is_some_and(|c| c.is_ascii_uppercase())
        && chars
            .next()
            .is_some_and(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        && chars
            .next()
            .is_some_and(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        && chars.next().is_none_or(|c| c == delimiter)
}

/// Where, after a blank, a segment that is known begins within a line.
fn next_segment(text: &str, delimiter: char) -> Option<usize> {
    const KNOWN: [&str; 22] = [
        "EVN", "PID", "PD1", "NK1", "PV1", "PV2", "RF1", "PRD", "CTD", "GT1", "IN1", "DG1", "PR1", "OBR",
        "OBX", "NTE", "TXA", "SCH", "RGS", "AIS", "AIP", "AIL",
    ];
    text.match_indices(' ').map(|(at, _)| at).find(|at| {
        let after = text.get(at + 1..).unwrap_or_default();
        KNOWN.iter().any(|name| {
            after
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with(delimiter))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_taken_out_of_their_envelopes() {
        let one = "MSH|^~\\&|A\rPID|1";
        let table: [(String, usize); 5] = [
            (one.into(), 1),
            (format!("\u{0B}{one}\r\u{1C}\r"), 1),
            (format!("FHS|^~\\&\rBHS|^~\\&\r{one}\r{one}\rBTS|2\rFTS|1\r"), 2),
            (format!("\u{FEFF}{one}\r\n\r\n{one}"), 2),
            ("no message, MSH| or not".into(), 0),
        ];
        for (text, expected) in table {
            let found = messages(&text);
            assert_eq!(found.len(), expected, "{text:?}");
            assert!(
                found
                    .iter()
                    .all(|message| message.starts_with("MSH") && !message.contains("BTS"))
            );
        }
    }

    #[test]
    fn lost_segment_ends_are_put_back() {
        let found =
            messages("MSH|^~\\&|A|{1-\n2}|P EVN|T04|2005\nPID|1||7\nOBX|1|TX|a lot\nof text PID said");
        assert_eq!(
            found,
            ["MSH|^~\\&|A|{1- 2}|P\rEVN|T04|2005\rPID|1||7\rOBX|1|TX|a lot of text PID said"]
        );
    }
}
