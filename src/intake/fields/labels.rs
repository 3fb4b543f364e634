//! Labels within a run of words.
//!
//! Owns what makes words a label: the vocabulary, and a mark, an end or a fitting value behind it. Must not know where
//! on the page a value stands.

use super::phrase;
use super::spelling;
use super::values::{reads_on, stands_alone, town, value_fits};
use super::vocabulary::{PRIVATE, Party, Topic};
use super::words::{Word, words};

/// A label in a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// What it announces.
    pub topic: Topic,
    /// Whose, if it says so.
    pub party: Option<Party>,
    /// First character.
    pub start: usize,
    /// Where the value begins if it stands in the same run.
    pub value: usize,
    /// One past the last character of the value's room: the next label or the end of the run.
    pub end: usize,
    /// Whether a colon or its like follows.
    pub marked: bool,
    /// Whether the run holds nothing but this label.
    pub whole: bool,
    /// Whether it names an alternative (`alt phone`, `work phone`).
    pub second: bool,
    /// Whether it says that it is private (`home phone`).
    pub private: bool,
    /// Whether it names a practitioner generally (`Provider`).
    pub provider: bool,
    /// Whether it is a signature's.
    pub signature: bool,
    /// Whether a telephone's label names the fax beside it (`Phone / Fax`).
    pub with_fax: bool,
    /// The characters that name a payer in it (`Cigna ID`).
    pub payer: Option<(usize, usize)>,
    /// Whether it is a sender's or addressee's line (`From:`, `To:`), which speaks for a few lines only.
    pub line: bool,
    /// Whether corrections taught it.
    pub learned: bool,
}

/// Labels of a message's or cover sheet's lines.
const LINES: &[&str] = &["from", "to", "attn", "attention", "cc"];

impl Label {
    /// Whether a text begins with a value that only such a label has.
    pub fn fits(&self, text: &str) -> bool {
        value_fits(text, 0, self.topic, self.party)
    }
}

/// A label of words that the vocabulary does not have is at most this long.
const MOST_WORDS: usize = 6;

/// All labels of a run, in order.
pub fn labels(text: &str) -> Vec<Label> {
    let words = spelling::mend(words(text));
    let length = text.chars().count();
    let mut out: Vec<Label> = Vec::new();
    let mut at = lead(&words);
    let first = at;
    if let Some(unknown) = unknown(text, &words, first, length) {
        out.push(unknown);
    }
    while at < words.len() {
        if words.get(at).is_some_and(|word| word.mark) {
            at += 1;
            continue;
        }
        match label(text, &words, at, at == first, length) {
            // `Customer service:` and `Nursing services:` are none that is asked for.
            Some((label, next))
                if label.topic == Topic::Service
                    && out
                        .last()
                        .is_some_and(|before| before.start < label.start && before.value > label.start) =>
            {
                at = next;
            }
            Some((label, next)) => {
                // What was taken for a label of unknown words gives way to the known one that it begins with, and to one that
                // the words before it do not narrow: `URGENT Insurance:`.
                let narrowed = label.topic == Topic::Other || !stands_alone(text, label.start);
                out.retain(|before| before.start < label.start && (narrowed || before.value <= label.start));
                if let Some(before) = out.last_mut() {
                    before.end = label.start;
                }
                out.push(label);
                at = next;
            }
            None => at += 1,
        }
    }
    out
}

/// Bullets and numbering (`- `, `1a.`, `* `) before a label are passed over.
fn lead(words: &[Word]) -> usize {
    let marks = words
        .iter()
        .take_while(|word| word.mark && matches!(word.key.as_str(), "*" | "-" | "…" | "•" | "·" | ">"))
        .count();
    let numbered = words.get(marks).is_some_and(|word| {
        !word.mark
            && word.key.len() <= 3
            && word.end - word.start > word.key.len()
            && word.key.starts_with(|c: char| c.is_ascii_digit())
    });
    marks + usize::from(numbered)
}

fn label(text: &str, words: &[Word], at: usize, first: bool, length: usize) -> Option<(Label, usize)> {
    let found = phrase::read(words, at)?;
    let start = words.get(at)?.start;
    let last = words.get(found.next.checked_sub(1)?)?;
    let mut next = found.next;
    let mut value = last.end;
    let mut marked = false;
    // `Emergency Contact 1:`, `Diagnosis 2:`.
    let counted = words
        .get(next)
        .is_some_and(|word| word.key.len() == 1 && word.key.chars().all(|c| c.is_ascii_digit()))
        && words.get(next + 1).is_none_or(|word| word.key == ":");
    if counted {
        value = words.get(next).map_or(value, |word| word.end);
        next += 1;
    }
    while let Some(word) = words.get(next).filter(|word| word.mark) {
        match word.key.as_str() {
            ":" | "=" | "?" => {
                marked = true;
                value = word.end;
                next += 1;
                break;
            }
            "#" => {
                value = word.end;
                next += 1;
            }
            "(" => {
                let close = words
                    .iter()
                    .enumerate()
                    .skip(next)
                    .take(14)
                    .find(|(_, word)| word.key == ")");
                let inner = words.get(next + 1);
                // A bracket after a label explains it, unless it opens a telephone number.
                if let Some((index, word)) = close
                    && inner.is_some_and(|inner| {
                        !inner.key.starts_with(|c: char| c.is_ascii_digit()) || inner.key.len() != 3
                    })
                {
                    value = word.end;
                    next = index + 1;
                } else {
                    break;
                }
            }
            "*" | "-" | "–" | "_" | "…" => {
                next += 1;
            }
            _ => break,
        }
    }
    let whole = first && next >= words.len();
    let gap = words.get(next).map_or(0, |word| word.start.saturating_sub(value));
    let topic = match (found.topic, found.party) {
        (Some(topic), _) => topic,
        (None, _) => Topic::Name,
    };
    // A bare `Insurance` or `Plan` is a payer's label, not a party's name.
    let (topic, party) = match (found.topic, found.party) {
        (None, Some(Party::Insurance)) => (Topic::Payer, None),
        (None, Some(Party::Secondary)) => (Topic::Payer, Some(Party::Secondary)),
        (None, Some(Party::Request)) => (Topic::Other, found.party),
        (Some(Topic::Name), Some(Party::Insurance)) => (Topic::Payer, None),
        (
            Some(Topic::Phone | Topic::Fax | Topic::Address | Topic::Other | Topic::Email),
            Some(Party::Insurance | Party::Request),
        ) => (Topic::Other, None),
        _ => (topic, found.party),
    };
    let office = words.get(at).is_some_and(|word| word.key == "office");
    let party = match (party, topic) {
        (None, Topic::Phone | Topic::Address) if found.private || bracketed(words, found.next) => {
            Some(Party::Patient)
        }
        // In mid-line, `Clinic` is as likely the end of a clinic's name.
        (None, Topic::Phone | Topic::Fax | Topic::Address) if found.office && (first || office) => {
            Some(Party::Referrer)
        }
        (party, _) => party,
    };
    let fits = marked && !clock(text, value)
        || whole
        || boundary(text, start, first) && value_fits(text, value, topic, party)
        || first && !found.signature && reads_on(text, value, topic)
        || first && gap >= 2
        // A number's label at the end of a line of prose; the number begins the next.
        || next >= words.len()
            && !first
            && found.next >= at + 2
            && boundary(text, start, first)
            && matches!(topic, Topic::Member | Topic::Auth);
    if town(text, start, value) {
        return None;
    }
    let single = words.get(at).is_some_and(|word| word.key.chars().count() == 1) && found.next == at + 1;
    if !fits || single && !value_fits(text, value, topic, party) {
        return None;
    }
    // A colon behind a word in mid-sentence is a label only at a boundary or behind a gap.
    if marked && !first && !boundary(text, start, first) {
        return None;
    }
    let label = Label {
        topic,
        party,
        start,
        value,
        end: length,
        marked,
        whole,
        second: found.second,
        private: found.private,
        provider: found.provider,
        signature: found.signature,
        payer: found.payer.and_then(|(first, end)| {
            let last = words.get(end.checked_sub(1)?)?;
            Some((words.get(first)?.start, last.end))
        }),
        with_fax: topic == Topic::Phone
            && words
                .get(at..next)
                .unwrap_or_default()
                .iter()
                .any(|word| word.key == "fax"),
        line: words
            .get(at)
            .is_some_and(|word| LINES.contains(&word.key.as_str()))
            && next <= at + 2,
        learned: false,
    };
    Some((label, next))
}

/// A few words and a colon at the beginning of a run are a label even when nobody taught us its words; its value is not
/// ours, nor its own words another label's value.
fn unknown(text: &str, words: &[Word], first: usize, length: usize) -> Option<Label> {
    let colon = words
        .iter()
        .skip(first)
        .take(MOST_WORDS + 1)
        .position(|word| word.key == ":")?;
    let (begin, mark) = (words.get(first)?, words.get(first + colon)?);
    let named = words.get(first..first + colon)?.iter().all(|word| !word.mark) && colon > 0;
    let capital = text.chars().nth(begin.start).is_some_and(char::is_uppercase);
    (named && capital && !clock(text, mark.end)).then(|| Label {
        topic: Topic::Other,
        party: None,
        start: begin.start,
        value: mark.end,
        end: length,
        marked: true,
        whole: first + colon + 1 >= words.len(),
        second: false,
        private: false,
        provider: false,
        signature: false,
        with_fax: false,
        payer: None,
        line: false,
        learned: false,
    })
}

/// Whether a bracket behind a label says that a number is a person's own: `Tel. (home)`.
fn bracketed(words: &[Word], at: usize) -> bool {
    words.get(at).is_some_and(|word| word.key == "(")
        && words
            .iter()
            .skip(at + 1)
            .take(3)
            .take_while(|word| word.key != ")")
            .any(|word| PRIVATE.contains(&word.key.as_str()) || word.key == "patient")
}

/// `10:30` has a colon and no label.
fn clock(text: &str, value: usize) -> bool {
    text.chars().nth(value).is_some_and(|c| c.is_ascii_digit())
        && value >= 2
        && text.chars().nth(value - 2).is_some_and(|c| c.is_ascii_digit())
}

/// Whether a label may begin here: at the run's start, or behind a space.
fn boundary(text: &str, start: usize, first: bool) -> bool {
    first
        || start
            .checked_sub(1)
            .and_then(|before| text.chars().nth(before))
            .is_none_or(|c| c.is_whitespace() || matches!(c, '|' | '/' | '(' | '[' | ';' | ',' | '•'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(Topic, Option<Party>, String)> {
        labels(text)
            .into_iter()
            .map(|label| {
                (
                    label.topic,
                    label.party,
                    super::super::words::cut(text, label.value, label.end).0,
                )
            })
            .collect()
    }

    fn one(text: &str, topic: Topic, party: Option<Party>, value: &str) {
        assert_eq!(read(text), [(topic, party, value.to_owned())], "{text}");
    }

    #[test]
    fn labels_of_forms() {
        one(
            "Patient's Name (Last, First, MI): LEE, ANN",
            Topic::Name,
            Some(Party::Patient),
            "LEE, ANN",
        );
        one("D.O.B. 01-17-1956", Topic::Dob, None, "01-17-1956");
        one("N.P.I.# 1994415549", Topic::Npi, None, "1994415549");
        one(
            "Requesting physician: Ann Lee, MD",
            Topic::Name,
            Some(Party::Referrer),
            "Ann Lee, MD",
        );
        one("Ref. MD NPI", Topic::Npi, Some(Party::Referrer), "");
        for (label, whose) in [
            ("Cell/Home phone", Party::Patient),
            ("Emergency Contact Phone", Party::Relative),
        ] {
            let text = format!("{label}: 415-555-2671");
            one(&text, Topic::Phone, Some(whose), "415-555-2671");
        }
        one("Office tel", Topic::Phone, Some(Party::Referrer), "");
        one("Referral/auth no.:", Topic::Auth, None, "");
        one("ICD-10 code(s): I10", Topic::Icd, None, "I10");
        one("Primary Insurance: Aetna", Topic::Payer, None, "Aetna");
        one("Reason for Referral / Comments", Topic::Reason, None, "");
        one("Auth#: A831196846", Topic::Auth, None, "A831196846");
        one("Procedure (CPT)", Topic::Cpt, None, "");
        one("Service location: Elmira", Topic::Other, None, "Elmira");
    }

    #[test]
    fn several_labels_in_a_run() {
        let found = read("ID: 25591055202  Group: ML0259");
        assert_eq!(found[0].0, Topic::Member);
        assert_eq!(found[0].2, "25591055202");
        assert_eq!((found[1].0, found[1].2.as_str()), (Topic::Group, "ML0259"));
        let found = read("8663 Spring Valley Rd, Knoxville, TN 37990 • T (865) 616-4363 • F (865) 257-6826");
        assert_eq!(
            found.iter().map(|found| found.0).collect::<Vec<_>>(),
            [Topic::Phone, Topic::Fax]
        );
        let found = read(
            "His insurance is Aetna, member ID ZB4963950, group 517569. Authorization number R57040638 has",
        );
        assert_eq!(
            found.iter().map(|found| found.0).collect::<Vec<_>>(),
            [Topic::Member, Topic::Group, Topic::Auth]
        );
    }

    #[test]
    fn prose_is_no_label() {
        for text in [
            "The patient was last seen in our office",
            "Thank you for your help with this patient.",
            "Seen at 10:30 today",
        ] {
            assert!(read(text).is_empty(), "{text} {:?}", read(text));
        }
    }
}
