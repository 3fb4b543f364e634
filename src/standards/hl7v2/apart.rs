//! The messages of one file, and the patients of one message, told apart.
//!
//! Owns when that is certain: each begins with its header, nothing stands outside of them but the envelope (HL7 v2.5.1 §2.10.3), the
//! envelope counts as many as there are, and none goes on in another (§2.10.2). Of one message, the repeated groups of ORU^R01
//! (PATIENT_RESULT, §7.3.1) and of ADT^A40 (§3.3.40) are apart. Must not know what a message is for otherwise.

use super::Message;
use super::mend::{FS, Line, TRAILERS, VT, begins_message, begins_segment, lines};
use crate::standards::apart::{Own, within};

/// Each message, or each patient's part of the only one; none where there is one, or one cannot be told from another with certainty.
pub fn apart(text: &str) -> Option<Vec<Own>> {
    let messages = messages(text)?;
    if let [[from, to]] = messages.as_slice() {
        return within(groups(text, *from, *to)?);
    }
    within(messages.into_iter().map(|span| Own::of(vec![span])).collect())
}

/// Where each message stands.
fn messages(text: &str) -> Option<Vec<[usize; 2]>> {
    let mut walk = Walk::default();
    for Line { behind, start, line } in lines(text) {
        if text.as_bytes().get(behind) == Some(&FS) {
            walk.close(text, behind)?;
        }
        let header = line
            .strip_prefix("MSH")
            .filter(|rest| begins_message(rest))
            .and_then(|rest| rest.chars().next());
        if let Some(delimiter) = header {
            walk.close(text, start)?;
            walk.open = Some((start, delimiter));
        } else if TRAILERS.iter().any(|name| line.starts_with(name)) {
            walk.close(text, start)?;
            walk.envelope(line)?;
        } else if !line.is_empty() {
            let (_, delimiter) = walk.open?;
            if !begins_segment(line, delimiter) || line.starts_with("MSH") {
                return None;
            }
        }
    }
    walk.close(text, text.len())?;
    Some(walk.all)
}

#[derive(Default)]
struct Walk {
    /// Where a message began, and its field separator.
    open: Option<(usize, char)>,
    all: Vec<[usize; 2]>,
    /// Messages before this batch, and the batches that ended.
    before: usize,
    batches: usize,
}

impl Walk {
    /// Ends the message that is open, if there is one; none where it goes on in another message, or is one that went on.
    fn close(&mut self, text: &str, end: usize) -> Option<()> {
        let Some((start, _)) = self.open.take() else {
            return Some(());
        };
        let raw = text.get(start..end)?.trim_end_matches(VT);
        if let Some(message) = Message::parse(raw) {
            let goes_on = message.all("DSC").any(|dsc| !dsc.field(1).is_empty());
            if goes_on || !message.first("MSH").field(14).is_empty() {
                return None;
            }
        }
        self.all.push([start, start + raw.len()]);
        Some(())
    }

    /// A header or a trailer of the file or a batch; none where it counts others than there are (BTS-1 messages, FTS-1 batches).
    fn envelope(&mut self, line: &str) -> Option<()> {
        let counted = || -> Option<usize> {
            let mut rest = line.chars().skip(3);
            let by = rest.next()?;
            let number: String = rest.take_while(|c| *c != by).collect();
            number.trim().parse().ok()
        };
        let found = self.all.len() - self.before;
        if line.starts_with("BHS") {
            self.before = self.all.len();
        } else if line.starts_with("BTS") {
            self.before = self.all.len();
            self.batches += 1;
            if counted().is_some_and(|count| count != found) {
                return None;
            }
        } else if line.starts_with("FTS") && self.batches > 0 {
            let batches = self.batches;
            if counted().is_some_and(|count| count != batches) {
                return None;
            }
        }
        Some(())
    }
}

/// The parts of one message about several patients, each behind the message's header.
fn groups(text: &str, from: usize, to: usize) -> Option<Vec<Own>> {
    let raw = text.get(from..to)?;
    let message = Message::parse(raw)?;
    let (code, event) = message.event();
    // What makes a group of each kind one that says something.
    let needs = match (&*code, &*event) {
        ("ORU", "R01") => "OBR",
        ("ADT", "A40") => "MRG",
        _ => return None,
    };
    let mut starts = Vec::new();
    let mut says = Vec::new();
    for Line { start, line, .. } in lines(raw) {
        if line.starts_with("PID") {
            starts.push(start);
            says.push(false);
        } else if starts.is_empty() {
            let heads = ["MSH", "SFT", "UAC", "EVN"]
                .iter()
                .any(|name| line.starts_with(name));
            if !heads && !line.is_empty() {
                return None;
            }
        } else if line.starts_with(needs)
            && let Some(last) = says.last_mut()
        {
            *last = true;
        }
    }
    if !says.iter().all(|says| *says) {
        return None;
    }
    let head = [from, from + starts.first()?];
    let ends = starts.iter().skip(1).copied().chain(std::iter::once(raw.len()));
    let group = |(start, end): (&usize, usize)| Own::of(vec![head, [from + start, from + end]]);
    Some(starts.iter().zip(ends).map(group).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<Vec<String>> {
        let of = |own: Own| String::from_utf8(own.bytes(text.as_bytes()).unwrap()).unwrap();
        Some(apart(text)?.into_iter().map(of).collect())
    }

    const ONE: &str = "MSH|^~\\&|A||||||ADT^A08|1\rPID|1||7\r";
    const TWO: &str = "MSH|^~\\&|A||||||REF^I12|2\rPID|1||8\rNTE|1||seen\r";

    #[test]
    fn messages_come_out_as_they_stood() {
        let bare = |text: &str| text.replace('\r', "\n");
        let both = Some(vec![ONE.to_owned(), TWO.to_owned()]);
        let table = [
            (format!("{ONE}{TWO}"), both.clone()),
            (format!("\u{B}{ONE}\u{1C}\r\u{B}{TWO}\u{1C}\r"), both.clone()),
            (format!("\u{B}{ONE}\u{B}{TWO}"), both.clone()),
            (
                format!("FHS|^~\\&\rBHS|^~\\&\r{ONE}{TWO}BTS|2\rFTS|1\r"),
                both.clone(),
            ),
            (
                format!("BHS|^~\\&\r{ONE}BTS|1\rBHS|^~\\&\r{TWO}BTS|1\rFTS|2\r"),
                both,
            ),
            (bare(&format!("{ONE}{TWO}")), Some(vec![bare(ONE), bare(TWO)])),
            (ONE.into(), None),
            (String::new(), None),
        ];
        for (text, expected) in table {
            assert_eq!(told(&text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_not_certain_is_not_told_apart() {
        let table = [
            ("the batch counts three", format!("BHS|^~\\&\r{ONE}{TWO}BTS|3\r")),
            (
                "the file counts two batches",
                format!("BHS|^~\\&\r{ONE}{TWO}BTS|2\rFTS|2\r"),
            ),
            ("a text stands before", format!("Please see\r{ONE}{TWO}")),
            (
                "a segment stands behind a batch",
                format!("{ONE}BTS|1\rNTE|1||late\r{TWO}"),
            ),
            ("a line was wrapped", format!("{ONE}{TWO}and sent home\r")),
            ("a header has no fields", format!("{ONE}MSH\rPID|1\r{TWO}")),
            ("one goes on", format!("{ONE}DSC|9|F\r{TWO}")),
            (
                "one went on",
                format!("{ONE}MSH|^~\\&|||||||ADT^A08|2|P|2.5|1|9\rPID|1\r"),
            ),
        ];
        for (why, text) in table {
            assert_eq!(told(&text), None, "{why}");
        }
    }

    #[test]
    fn patients_of_one_message_stand_behind_its_header() {
        let oru = "MSH|^~\\&|A||||||ORU^R01|1\r";
        let (ann, otto) = ("PID|1||7\rOBR|1\rOBX|1\r", "PID|2||8\rPV1|1\rOBR|1\r");
        assert_eq!(
            told(&format!("{oru}{ann}{otto}")),
            Some(vec![format!("{oru}{ann}"), format!("{oru}{otto}")])
        );
        let a40 = "MSH|^~\\&|A||||||ADT^A40|1\rEVN|A40\r";
        let merged = ["PID|1||7\rMRG|9\r", "PID|1||8\rMRG|6"];
        assert_eq!(
            told(&format!("{a40}{}", merged.concat())),
            Some(merged.map(|one| format!("{a40}{one}")).to_vec())
        );
        let table = [
            ("a result of nobody", format!("{oru}OBR|1\r{ann}{otto}")),
            ("a patient without a result", format!("{oru}{ann}PID|2||8\r")),
            (
                "another event",
                format!("{}{ann}{otto}", oru.replace("ORU^R01", "SIU^S12")),
            ),
        ];
        for (why, text) in table {
            assert_eq!(told(&text), None, "{why}");
        }
    }
}
