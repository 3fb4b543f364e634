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
    let text = text.trim_start_matches(|c: char| c == VT || c == '\u{FEFF}' || c.is_whitespace());
    let mut all = Vec::new();
    let mut open: Option<Open> = None;
    for Line { behind, start, line } in lines(text) {
        let ended = text.as_bytes().get(behind) == Some(&FS);
        let trailer = TRAILERS.iter().any(|name| line.starts_with(name));
        if let Some(open) = open.as_mut().filter(|open| open.end.is_none()) {
            if ended || trailer {
                open.end = Some(behind);
            } else {
                open.whole &= line.is_empty() || begins_segment(line, open.delimiter);
            }
        }
        if let Some(rest) = line.strip_prefix("MSH").filter(|rest| begins_message(rest)) {
            all.extend(open.take().and_then(|open| open.close(text, start)));
            open = Some(Open {
                start,
                end: None,
                delimiter: rest.chars().next().unwrap_or('|'),
                whole: true,
            });
        }
    }
    all.extend(open.and_then(|open| open.close(text, text.len())));
    all
}

/// What begins and ends a block (MLLP).
pub(super) const VT: char = '\u{0B}';
pub(super) const FS: u8 = 0x1C;
/// Headers and trailers of files and batches.
pub(super) const TRAILERS: [&str; 4] = ["BTS", "FTS", "BHS", "FHS"];

/// A message whose end was not seen yet.
struct Open {
    start: usize,
    end: Option<usize>,
    delimiter: char,
    /// Whether each line so far begins a segment.
    whole: bool,
}

impl Open {
    fn close(self, text: &str, next: usize) -> Option<Cow<'_, str>> {
        let message = text.get(self.start..self.end.unwrap_or(next))?;
        Some(if self.whole {
            Cow::Borrowed(message)
        } else {
            mend(message)
        })
    }
}

/// A line: where what ended the one before it stands, where it begins, and what it says.
pub(super) struct Line<'a> {
    pub behind: usize,
    pub start: usize,
    pub line: &'a str,
}

/// The lines of a text: behind a line end, or the end or the beginning of a block.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut ends = memchr::memchr3_iter(b'\r', b'\n', FS, text.as_bytes());
    let mut from = Some((usize::MAX, 0));
    std::iter::from_fn(move || {
        let (behind, start) = from?;
        let end = ends.next();
        from = end.map(|end| (end, end + 1));
        let line = text.get(start..end.unwrap_or(text.len()))?;
        // A block may begin where no line does; a VT that somebody typed begins none.
        let begun = match line.rfind("\u{0B}MSH") {
            Some(at) => at + 1,
            None => line.len() - line.trim_start_matches(VT).len(),
        };
        Some(Line {
            behind,
            start: start + begun,
            line: line.get(begun..)?.trim_end(),
        })
    })
}

/// What follows `MSH` in a header: a delimiter that comes back.
pub(super) fn begins_message(rest: &str) -> bool {
    let mut rest = rest.chars();
    let Some(field) = rest
        .next()
        .filter(|c| !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control())
    else {
        return false;
    };
    rest.take(12).any(|c| c == field)
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
        if begins_segment(line, delimiter) && !joined.is_empty() {
            joined.push('\r');
        } else if !joined.is_empty() && !line.starts_with(delimiter) {
            // What was broken off before a field goes on as it was.
            joined.push(' ');
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
pub(super) fn begins_segment(line: &str, delimiter: char) -> bool {
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
        let table: [(String, usize); 7] = [
            (one.into(), 1),
            (format!("\u{0B}{one}\r\u{1C}\r"), 1),
            (format!("FHS|^~\\&\rBHS|^~\\&\r{one}\r{one}\rBTS|2\rFTS|1\r"), 2),
            (format!("\u{FEFF}{one}\r\n\r\n{one}"), 2),
            (format!("{one}\r{VT}\r\u{1C}{VT}{one}"), 2),
            (one.replace("|A", "|A\u{0B}B"), 1),
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
        assert_eq!(
            messages("MSH|^~\\&|A\rSCH\r\n |10|20\rPID|1"),
            ["MSH|^~\\&|A\rSCH|10|20\rPID|1"]
        );
    }
}
