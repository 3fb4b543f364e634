//! One line of a review: a field, what was read for it and where, and what a person said to it.
//!
//! Owns the candidates, the doubt and the verdict. Must not know its neighbours or how it is drawn.

use crate::domain::policy::Reading;
use crate::engine::Engine;
use crate::intake::document::{Field, Found, How, Place, Value};
use crate::tui::reader::shown;
use serde::{Deserialize, Serialize};

/// What a person said to a field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing yet: it is as the reader has it.
    #[default]
    Open,
    /// This one of what is offered.
    Taken(usize),
    /// This text.
    Typed(String),
    /// It stays blank.
    Blank,
}

/// Something that can be picked for a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// As shown.
    pub text: String,
    /// As the reader found it; none where the page does not say it and it is on offer all the same.
    pub found: Option<Found>,
    /// A second reader names it too.
    pub seconded: bool,
}

/// Why a person should look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Nothing to look at.
    Sure,
    /// It was hard to read.
    Unsure,
    /// The document says different things.
    Conflict,
    /// It is needed, and was not found.
    Wanted,
    /// It was not found, and nothing asks for it.
    Absent,
}

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The field.
    pub field: Field,
    /// What can be picked: what was read, the best first, then what the desk knows.
    pub choices: Vec<Choice>,
    /// What the record says, where the referral exists.
    pub recorded: Option<String>,
    /// Why a person should look.
    pub doubt: Doubt,
    /// What they said.
    pub verdict: Verdict,
    /// The choice that is looked at.
    pub peek: usize,
}

/// Whether a field holds several codes at once.
pub const fn is_many(field: Field) -> bool {
    matches!(field, Field::Icd10 | Field::Cpt)
}

/// Below this share of the best one's confidence another candidate is no contradiction.
const RIVAL: f32 = 0.5;

impl Line {
    /// A line of what was read. `wanted` says that the referral cannot do without it, `known` what the desk offers beside.
    pub fn new(field: Field, found: &[Found], known: &[String], wanted: bool, reading: &Reading) -> Line {
        let mut choices: Vec<Choice> = Vec::new();
        let offers = known.iter().map(|text| (text.clone(), None));
        let read = found.iter().map(|one| (shown(&one.value), Some(one.clone())));
        let seconded = |found: &Found| found.how == How::SecondReader;
        for (text, found) in read.chain(offers) {
            let same = |choice: &&mut Choice| choice.text.eq_ignore_ascii_case(&text);
            match choices.iter_mut().find(same) {
                Some(choice) => choice.seconded |= found.as_ref().is_some_and(seconded),
                None if text.is_empty() => {}
                None => choices.push(Choice {
                    text,
                    found,
                    seconded: false,
                }),
            }
        }
        let mut line = Line {
            field,
            choices,
            recorded: None,
            doubt: Doubt::Sure,
            verdict: Verdict::Open,
            peek: 0,
        };
        line.doubt = match (line.weighed(wanted, reading), found) {
            // What a second reader has a word in is a person's: a conflict where something else was read, else a guess.
            (Doubt::Sure | Doubt::Unsure, [first, ..]) if found.iter().any(seconded) => {
                if seconded(first) || is_many(field) {
                    Doubt::Unsure
                } else {
                    Doubt::Conflict
                }
            }
            (doubt, _) => doubt,
        };
        line
    }

    fn weighed(&self, wanted: bool, reading: &Reading) -> Doubt {
        let code = Engine::field_code(self.field);
        let sure = |found: &Found| reading.fills(&code, found.confidence);
        let mut read = self.read();
        let Some(best) = read.next() else {
            return if wanted { Doubt::Wanted } else { Doubt::Absent };
        };
        if is_many(self.field) {
            let all = self.read().all(sure);
            return if all { Doubt::Sure } else { Doubt::Unsure };
        }
        if !sure(best) {
            return Doubt::Unsure;
        }
        // Another urgency counts as soon as it is heard at all: an emergency is never lost to a ticked "routine".
        let heard = |rival: &Found| {
            rival.confidence >= best.confidence * RIVAL
                || self.field == Field::Urgency && reading.offers(rival.confidence)
        };
        if read.any(heard) {
            return Doubt::Conflict;
        }
        Doubt::Sure
    }

    /// What was read, the best first.
    pub fn read(&self) -> impl Iterator<Item = &Found> {
        self.choices.iter().filter_map(|choice| choice.found.as_ref())
    }

    /// What would be written for it now; none for nothing.
    pub fn value(&self) -> Option<String> {
        match &self.verdict {
            Verdict::Open => match (&self.recorded, self.doubt) {
                (Some(recorded), _) => Some(recorded.clone()).filter(|text| !text.is_empty()),
                (None, Doubt::Sure) if is_many(self.field) => self.all(),
                (None, Doubt::Sure) => self.choices.first().map(|choice| choice.text.clone()),
                (None, Doubt::Unsure | Doubt::Conflict | Doubt::Wanted | Doubt::Absent) => None,
            },
            Verdict::Taken(_) if is_many(self.field) => self.all(),
            Verdict::Taken(at) => self.choices.get(*at).map(|choice| choice.text.clone()),
            Verdict::Typed(text) => Some(text.clone()),
            Verdict::Blank => None,
        }
    }

    /// What stands there to be accepted, or is accepted: the value, else what is looked at.
    pub fn offer(&self) -> Option<String> {
        self.value().or_else(|| match self.verdict {
            Verdict::Blank => None,
            Verdict::Open | Verdict::Taken(_) | Verdict::Typed(_) if is_many(self.field) => self.all(),
            Verdict::Open | Verdict::Taken(_) | Verdict::Typed(_) => {
                self.picked().map(|choice| choice.text.clone())
            }
        })
    }

    fn all(&self) -> Option<String> {
        let all: Vec<&str> = self
            .choices
            .iter()
            .filter(|choice| choice.found.is_some())
            .map(|choice| choice.text.as_str())
            .collect();
        Some(all.join(" ")).filter(|text| !text.is_empty())
    }

    /// The choice that is looked at, or was taken.
    pub fn picked(&self) -> Option<&Choice> {
        let at = match self.verdict {
            Verdict::Taken(at) => at,
            Verdict::Open | Verdict::Typed(_) | Verdict::Blank => self.peek,
        };
        // Of an urgency nobody decided on, the first look is at what was read, never at a mere offer.
        self.choices.get(at)
    }

    /// Where on the document what is looked at stands.
    pub fn place(&self) -> Option<Place> {
        self.picked()?.found.as_ref()?.place
    }

    /// Whether a person is still asked to look.
    pub fn is_open(&self) -> bool {
        self.verdict == Verdict::Open && matches!(self.doubt, Doubt::Unsure | Doubt::Conflict)
    }

    /// Whether it can be accepted: something was read, and nobody has said anything to it.
    pub fn accept(&mut self) {
        if self.verdict != Verdict::Open || self.choices.is_empty() || self.doubt == Doubt::Wanted {
            return;
        }
        if self.doubt == Doubt::Absent {
            return;
        }
        // Of codes, all that were read.
        self.verdict = Verdict::Taken(self.peek);
    }

    /// Takes what is on offer under a number from 0; of codes, takes it in or out. Says whether there was one.
    pub fn pick(&mut self, at: usize) -> bool {
        let Some(choice) = self.choices.get(at) else {
            return false;
        };
        if !is_many(self.field) {
            self.verdict = Verdict::Taken(at);
            self.peek = at;
            return true;
        }
        let now = self.offer().unwrap_or_default();
        let mut codes: Vec<&str> = now.split_whitespace().collect();
        match codes.iter().position(|code| *code == choice.text) {
            Some(at) => {
                codes.remove(at);
            }
            None => codes.push(&choice.text),
        }
        self.verdict = if codes.is_empty() {
            Verdict::Blank
        } else {
            Verdict::Typed(codes.join(" "))
        };
        true
    }

    /// As the reading would have it now: candidates, each certain where a person said so.
    pub fn certain(&self) -> Option<Vec<Found>> {
        match &self.verdict {
            Verdict::Open => None,
            Verdict::Blank => Some(Vec::new()),
            Verdict::Taken(_) if is_many(self.field) => Some(self.read().map(agreed).collect()),
            Verdict::Taken(at) => {
                let choice = self.choices.get(*at)?;
                Some(vec![match &choice.found {
                    Some(found) => agreed(found),
                    None => by_hand(self.field, &choice.text),
                }])
            }
            Verdict::Typed(text) if is_many(self.field) => {
                let codes = text.split_whitespace();
                Some(codes.map(|code| by_hand(self.field, code)).collect())
            }
            Verdict::Typed(text) => Some(vec![by_hand(self.field, text)]),
        }
    }
}

/// A value to which a person agreed: theirs from then on, whoever named it.
fn agreed(found: &Found) -> Found {
    Found {
        confidence: 1.0,
        how: if found.how == How::SecondReader {
            How::FormField
        } else {
            found.how
        },
        ..found.clone()
    }
}

/// A value that a person gave.
fn by_hand(field: Field, text: &str) -> Found {
    let value = if field == Field::PatientName {
        let name = crate::tui::asks::name_of(text);
        Value::Name {
            family: name.family,
            given: name.given,
        }
    } else {
        Value::Text(text.to_owned())
    };
    Found {
        value,
        confidence: 1.0,
        place: None,
        how: How::FormField,
    }
}
