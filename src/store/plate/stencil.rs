//! Texts with holes, and what the holes are filled with.
//!
//! Owns the marks: while a history is being cut, whatever differs from print to print is written as a mark of characters
//! that no text of the clinic holds, and the text is then split at them. A mark that stands for more than a piece of text
//! (a number, a whole record) loses its quotation marks.

use super::{StoreError, corrupt};
use crate::domain::id::ReferralId;
use crate::domain::time::{Day, Span, Stamp, parse_day, parse_stamp, print_stamp, seconds};
use serde_json::Value as Json;
use std::fmt::Write;

/// Opens a mark within a text. The characters are of Unicode's private use area, which sanitised text does not hold.
const OPEN: char = '\u{E000}';
/// Opens a mark that stands for a whole JSON value.
const WHOLE: char = '\u{E002}';
/// Closes a mark.
const CLOSE: char = '\u{E001}';

/// A moment on a minute that divides by this is an appointment, an opening hour or a quiet hour's end: it stays round.
const ROUND: i64 = 5 * 60;
/// Moments are moved by no more than this.
const MOST: i64 = 25 * 60;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Stamp(usize),
    Day(usize),
    Number(i64),
    Word(usize),
    Referral,
    ReferralNumber,
    Patient,
}

/// A text with holes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stencil(Vec<Piece>);

/// What fills the holes of one print.
pub struct Filling<'a> {
    pub stamps: Vec<String>,
    pub days: Vec<String>,
    pub words: &'a [String],
    pub first: i64,
    pub referral: ReferralId,
    pub referral_text: String,
    pub patient: String,
}

impl Stencil {
    /// Whether a text that stays is such.
    pub fn has(&self, such: impl Fn(&str) -> bool) -> bool {
        self.0
            .iter()
            .any(|piece| matches!(piece, Piece::Text(text) if such(text)))
    }

    /// The number, where the whole stencil is one.
    pub fn number(&self, filling: &Filling<'_>) -> Option<i64> {
        match self.0.as_slice() {
            [Piece::Number(place)] => Some(filling.first + place),
            [Piece::ReferralNumber] => Some(filling.referral.0),
            _ => None,
        }
    }

    /// The text of a print.
    pub fn fill(&self, filling: &Filling<'_>, out: &mut String) {
        out.clear();
        let at = |texts: &[String], place: usize| texts.get(place).cloned().unwrap_or_default();
        for piece in &self.0 {
            // Writing to a string cannot fail.
            let _ = match piece {
                Piece::Text(text) => out.write_str(text),
                Piece::Stamp(place) => out.write_str(filling.stamps.get(*place).map_or("", String::as_str)),
                Piece::Day(place) => out.write_str(filling.days.get(*place).map_or("", String::as_str)),
                Piece::Number(place) => write!(out, "{}", filling.first + place),
                Piece::Word(place) => out.write_str(&at(filling.words, *place)),
                Piece::Referral => out.write_str(&filling.referral_text),
                Piece::ReferralNumber => write!(out, "{}", filling.referral.0),
                Piece::Patient => out.write_str(&filling.patient),
            };
        }
    }
}

/// What was marked so far.
pub struct Marks {
    referral: ReferralId,
    /// The history's own record numbers, in order: a print's are as many, without gaps.
    numbers: Vec<i64>,
    stamps: Vec<Stamp>,
    days: Vec<Day>,
    words: Vec<String>,
}

impl Marks {
    pub const PATIENT: &str = "\u{E002}patient\u{E001}";
    pub const REFERRAL_NUMBER: &str = "\u{E002}referral\u{E001}";

    pub fn new(referral: ReferralId, mut numbers: Vec<i64>, words: &[String]) -> Marks {
        numbers.sort_unstable();
        numbers.dedup();
        Marks {
            referral,
            numbers,
            stamps: Vec::new(),
            days: Vec::new(),
            words: words.to_vec(),
        }
    }

    pub fn referral(&self) -> ReferralId {
        self.referral
    }

    pub fn numbers(&self) -> i64 {
        i64::try_from(self.numbers.len()).unwrap_or(0)
    }

    pub fn place(&self, number: i64) -> Option<i64> {
        self.numbers
            .binary_search(&number)
            .ok()
            .and_then(|place| i64::try_from(place).ok())
    }

    /// A record number as a mark; one that is not the history's own stays.
    pub fn number(&self, number: i64) -> Json {
        match self.place(number) {
            Some(place) => Json::String(format!("{WHOLE}number:{place}{CLOSE}")),
            None => Json::from(number),
        }
    }

    pub fn number_alone(&self, number: i64) -> Stencil {
        Stencil(vec![match self.place(number) {
            Some(place) => Piece::Number(place),
            None => Piece::Text(number.to_string()),
        }])
    }

    /// A JSON value with marks in it.
    pub fn mark(&mut self, value: Json) -> Json {
        match value {
            Json::String(text) => Json::String(self.mark_text(&text)),
            Json::Array(values) => Json::Array(values.into_iter().map(|value| self.mark(value)).collect()),
            Json::Object(fields) => Json::Object(
                fields
                    .into_iter()
                    .map(|(name, value)| (name, self.mark(value)))
                    .collect(),
            ),
            other @ (Json::Null | Json::Bool(_) | Json::Number(_)) => other,
        }
    }

    fn mark_text(&mut self, text: &str) -> String {
        fn place_of<T: PartialEq>(all: &mut Vec<T>, one: T) -> usize {
            all.iter().position(|each| *each == one).unwrap_or_else(|| {
                all.push(one);
                all.len() - 1
            })
        }
        if let Some(place) = self.words.iter().position(|word| word == text) {
            return format!("{OPEN}word:{place}{CLOSE}");
        }
        let stamp = (text.len() == 20).then(|| parse_stamp(text).ok()).flatten();
        if let Some(stamp) = stamp {
            let place = place_of(&mut self.stamps, stamp);
            return format!("{OPEN}stamp:{place}{CLOSE}");
        }
        let day = (text.len() == 10).then(|| parse_day(text).ok()).flatten();
        if let Some(day) = day {
            let place = place_of(&mut self.days, day);
            return format!("{OPEN}day:{place}{CLOSE}");
        }
        text.replace(&self.referral.to_string(), &format!("{OPEN}id{CLOSE}"))
    }

    /// A value's JSON text as a stencil.
    pub fn json(&mut self, value: Json) -> Result<Stencil, StoreError> {
        let marked = self.mark(value);
        Ok(self.cut(&serde_json::to_string(&marked).map_err(corrupt)?))
    }

    /// A plain text as a stencil.
    pub fn text(&mut self, text: &str) -> Stencil {
        let marked = self.mark_text(text);
        self.cut(&marked)
    }

    /// Splits a text at its marks.
    pub fn cut(&self, text: &str) -> Stencil {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once([OPEN, WHOLE]) {
            let Some((mark, after)) = after.split_once(CLOSE) else {
                break;
            };
            let piece = piece(mark);
            let whole = matches!(piece, Piece::Number(_) | Piece::ReferralNumber | Piece::Patient);
            let quoted = whole && before.ends_with('"') && after.starts_with('"');
            let (before, after) = if quoted {
                (
                    before.strip_suffix('"').unwrap_or(before),
                    after.strip_prefix('"').unwrap_or(after),
                )
            } else {
                (before, after)
            };
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(piece);
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Stencil(pieces)
    }

    /// By how many seconds the moments that are not round may be moved without overtaking those that are.
    pub fn slack(&self) -> i64 {
        let mut all = self.stamps.clone();
        all.sort_unstable();
        let pairs = all.iter().zip(all.iter().skip(1));
        pairs
            .filter(|(earlier, later)| !is_round(**earlier) && is_round(**later))
            .map(|(earlier, later)| (*later - *earlier).num_seconds() - 1)
            .fold(MOST, i64::min)
            .max(0)
    }

    /// The moments of a print: all moved by `shift`, those that are not round by `slide` as well.
    pub fn stamps(&self, shift: Span, slide: Span) -> Vec<String> {
        let moved = |at: &Stamp| {
            let at = *at + shift;
            print_stamp(if is_round(at) { at } else { at + slide })
        };
        self.stamps.iter().map(moved).collect()
    }

    /// The days of a print.
    pub fn days(&self, shift: Span) -> Vec<String> {
        let whole = Span::days((shift.num_seconds() + 43_200).div_euclid(86_400));
        self.days.iter().map(|day| (*day + whole).to_string()).collect()
    }
}

fn is_round(at: Stamp) -> bool {
    seconds(at) % ROUND == 0
}

fn piece(mark: &str) -> Piece {
    let (name, place) = mark.split_once(':').unwrap_or((mark, "0"));
    let number = place.parse::<usize>().unwrap_or(0);
    match name {
        "stamp" => Piece::Stamp(number),
        "day" => Piece::Day(number),
        "word" => Piece::Word(number),
        "number" => Piece::Number(i64::try_from(number).unwrap_or(0)),
        "patient" => Piece::Patient,
        "referral" => Piece::ReferralNumber,
        _ => Piece::Referral,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_differs_is_filled_in_and_the_rest_stays() {
        let mut marks = Marks::new(ReferralId(10_001), vec![40, 7], &["W123".to_owned()]);
        let value = json!({
            "id": marks.number(40), "other": 40, "at": "2026-11-23T14:14:10Z", "on": "2026-11-23", "member": "W123",
            "key": "due/R-10001-V", "quote": "a \"word\"", "who": Marks::PATIENT,
        });
        let own = ReferralId(10_001).to_string();
        let stencil = marks
            .json(serde_json::from_str(&value.to_string().replace("R-10001-V", &own)).unwrap())
            .unwrap();
        let filling = Filling {
            stamps: marks.stamps(Span::weeks(-1), Span::seconds(5)),
            days: marks.days(Span::weeks(-1)),
            words: &["W999".to_owned()],
            first: 500,
            referral: ReferralId(20_417),
            referral_text: ReferralId(20_417).to_string(),
            patient: "{\"name\":1}".into(),
        };
        let mut out = String::new();
        stencil.fill(&filling, &mut out);
        let key = format!("due/{}", ReferralId(20_417));
        assert_eq!(
            serde_json::from_str::<Json>(&out).unwrap(),
            json!({
                "id": 501, "other": 40, "at": "2026-11-16T14:14:15Z", "on": "2026-11-16", "member": "W999", "key": key,
                "quote": "a \"word\"", "who": {"name": 1},
            })
        );
    }

    #[test]
    fn moments_slide_only_as_far_as_order_allows() {
        let mut marks = Marks::new(ReferralId(1), Vec::new(), &[]);
        for text in [
            "2026-11-23T14:14:10Z",
            "2026-11-23T14:20:00Z",
            "2026-11-23T14:20:01Z",
        ] {
            marks.text(text);
        }
        assert_eq!(marks.slack(), 349);
        assert_eq!(
            marks.stamps(Span::zero(), Span::seconds(349)),
            [
                "2026-11-23T14:19:59Z",
                "2026-11-23T14:20:00Z",
                "2026-11-23T14:25:50Z"
            ]
        );
    }
}
