//! From labels to values.
//!
//! Owns, for each topic, what a value must look like and which field it becomes. Must not know how labels are spotted.

mod contact;
mod persons;
mod request;

use crate::intake::document::{Field, How};
use crate::intake::fields::found::Findings;
use crate::intake::fields::labels::Label;
use crate::intake::fields::leaf::{Leaf, Side, Spot};
use crate::intake::fields::lexicon;
use crate::intake::fields::numbers;
use crate::intake::fields::vocabulary::{Party, Topic};
use crate::intake::sheet::Origin;

/// Values on later pages are about the same patient, but often of an older day.
const LATER_PAGE: f32 = 0.97;
/// A label that corrections taught is believed a little less: it was seen a few times.
const TAUGHT: f32 = 0.9;

/// Reads every label of a page.
pub fn read(leaf: &Leaf<'_>, page: usize, found: &mut Findings) {
    for run in 0..leaf.sheet.runs.len() {
        let labels = leaf.labels.get(run).cloned().unwrap_or_default();
        for label in &labels {
            let party = leaf.party(run, label);
            Reader {
                leaf,
                page,
                run,
                label,
                party,
                found,
            }
            .read();
        }
    }
}

struct Reader<'a, 'b> {
    leaf: &'a Leaf<'a>,
    page: usize,
    run: usize,
    label: &'a Label,
    party: Option<Party>,
    found: &'b mut Findings,
}

impl Reader<'_, '_> {
    /// The places where the value may stand, the likeliest first.
    fn spots(&self) -> Vec<(Side, Spot)> {
        if let Some(spot) = self.leaf.same(self.run, self.label)
            && !is_explanation(&spot.text)
        {
            return vec![(Side::Same, spot)];
        }
        let last = self
            .leaf
            .labels
            .get(self.run)
            .and_then(|all| all.last())
            .is_some_and(|last| last.start == self.label.start);
        if self.leaf.ruled(self.run, self.label) || !last {
            return Vec::new();
        }
        let right = self.leaf.right(self.run).map(|spot| (Side::Right, spot));
        let below = self.leaf.below(self.run).map(|spot| (Side::Below, spot));
        // Values that prove themselves may also stand on the line that the label captions.
        let proves = matches!(
            self.label.topic,
            Topic::Name | Topic::Dob | Topic::Phone | Topic::Npi | Topic::Sex | Topic::Email
        );
        let whole = self.label.whole && !self.label.marked;
        if self.leaf.captioned && whole {
            return self
                .leaf
                .above(self.run)
                .map(|spot| (Side::Above, spot))
                .into_iter()
                .collect();
        }
        let caption = whole && proves;
        let above = caption
            .then(|| self.leaf.above(self.run))
            .flatten()
            .map(|spot| (Side::Above, spot));
        if self.leaf.in_head(self.run) && !self.label.marked {
            // In a table's head the value is beneath, and an empty cell beneath is an empty value.
            below.into_iter().chain(above).collect()
        } else {
            let numbered = matches!(
                self.label.topic,
                Topic::Member
                    | Topic::Group
                    | Topic::Auth
                    | Topic::Npi
                    | Topic::Phone
                    | Topic::Fax
                    | Topic::Dob
            );
            let wrapped = (self.label.marked && numbered)
                .then(|| self.leaf.wrapped(self.run))
                .flatten()
                .map(|spot| (Side::Below, spot));
            right
                .into_iter()
                .chain(below)
                .chain(above)
                .chain(wrapped)
                .collect()
        }
    }

    fn read(mut self) {
        let mut spots = self.spots();
        spots.retain(|(_, spot)| !is_option(&spot.text));
        // The nearest place that holds something decides: a dash there means that there is nothing.
        for (side, spot) in spots {
            if lexicon::is_blank(&spot.text) {
                return;
            }
            if self.take(side, &spot) {
                return;
            }
        }
    }

    fn sure(&self, base: f32, side: Side) -> f32 {
        let side = match side {
            Side::Same => 1.0,
            Side::Right => 0.995,
            Side::Below => 0.98,
            Side::Above if self.leaf.captioned => 0.98,
            Side::Above => 0.93,
        };
        let taught = if self.label.learned { TAUGHT } else { 1.0 };
        base * side * taught * if self.page == 0 { 1.0 } else { LATER_PAGE }
    }

    fn how(&self, spot: &Spot) -> How {
        if self.label.learned {
            return How::Learned;
        }
        match self.leaf.sheet.runs.get(spot.run).map(|run| &run.origin) {
            Some(Origin::Header) => How::Header,
            Some(Origin::Form(_)) => How::FormField,
            Some(Origin::Print) | None => How::Label,
        }
    }

    fn put(&mut self, field: Field, value: &str, base: f32, side: Side, spot: &Spot) {
        let (confidence, how) = (self.sure(base, side), self.how(spot));
        self.found.text(field, value, confidence, self.page, spot, how);
    }

    /// Reads the value at a spot; false where it cannot be this label's.
    fn take(&mut self, side: Side, spot: &Spot) -> bool {
        match self.label.topic {
            Topic::Name => self.person_or_practice(side, spot),
            Topic::LastName => self.half_name(side, spot),
            Topic::Dob => self.dob(side, spot),
            Topic::Sex => self.sex(side, spot),
            Topic::Phone | Topic::Fax => self.phone(side, spot),
            Topic::Email => self.email(side, spot),
            Topic::Address => self.address(side, spot),
            Topic::Language => match (lexicon::language(&spot.text), self.patients()) {
                (Some(tag), true) => {
                    self.put(Field::PatientLanguage, tag, 0.93, side, spot);
                    true
                }
                _ => false,
            },
            Topic::Npi => self.npi(side, spot),
            Topic::Org => self.practice(side, spot),
            Topic::Specialty => self.specialty(side, spot),
            Topic::Service => {
                let whole = self.with_line_beneath(side, spot);
                let spot = &whole;
                let letters = spot.text.chars().filter(|c| c.is_alphabetic()).count();
                let fits = (3..=160).contains(&letters) && numbers::phones(&spot.text).is_empty();
                if fits {
                    self.put(Field::ServiceRequested, &spot.text, 0.8, side, spot);
                    self.specialty_as_service(side, spot);
                }
                let codes = numbers::procedures(&spot.text);
                if fits || !codes.is_empty() {
                    self.codes(side, spot, Field::Cpt);
                }
                fits || !codes.is_empty()
            }
            Topic::Reason => self.reason(side, spot),
            Topic::Icd => self.codes(side, spot, Field::Icd10),
            Topic::Cpt => {
                self.procedure(side, spot);
                self.codes(side, spot, Field::Cpt)
            }
            Topic::Urgency => match lexicon::urgency(&spot.text) {
                Some(_) if self.choices(spot, |text| lexicon::urgency(text).is_some()) >= 2 => true,
                Some(urgency) if options(&spot.text) < 2 => {
                    self.put(Field::Urgency, urgency, 0.95, side, spot);
                    true
                }
                _ => false,
            },
            Topic::Payer => self.payer(side, spot),
            Topic::Member => self.identifier(side, spot, Field::MemberId, 4) || self.member(side, spot),
            Topic::Group => self.identifier(side, spot, Field::GroupNo, 3),
            Topic::Auth => self.identifier(side, spot, Field::AuthNumber, 4),
            Topic::FirstName | Topic::City | Topic::State | Topic::Zip | Topic::Other | Topic::Heading => {
                true
            }
        }
    }

    /// What is asked for, with the line beneath the label where it goes on there.
    fn with_line_beneath(&self, side: Side, spot: &Spot) -> Spot {
        let beneath = (side == Side::Right)
            .then(|| self.leaf.below(self.run))
            .flatten()
            .filter(|line| {
                line.text.chars().filter(|c| c.is_alphabetic()).count() >= 3 && !is_option(&line.text)
            });
        match beneath {
            Some(line) => Spot {
                text: format!("{} {}", spot.text, line.text),
                ..spot.clone()
            },
            None => spot.clone(),
        }
    }

    /// A service that is a specialty: `Referred-to service: Neurology`.
    fn specialty_as_service(&mut self, side: Side, spot: &Spot) {
        let short = spot.text.split_whitespace().count() <= 3;
        let ours = !matches!(self.party, Some(Party::Pcp | Party::Relative | Party::Secondary));
        if let Some(name) = lexicon::specialty(&spot.text).filter(|_| short && ours) {
            self.put(Field::SpecialtyRequested, name, 0.85, side, spot);
        }
    }

    /// A procedure in words: what is asked for.
    fn procedure(&mut self, side: Side, spot: &Spot) {
        let words = spot
            .text
            .split_whitespace()
            .filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= 3);
        let ours = !matches!(self.party, Some(Party::Recipient | Party::Secondary));
        if ours && numbers::phones(&spot.text).is_empty() && words.count() >= 2 {
            self.put(Field::ServiceRequested, &spot.text, 0.7, side, spot);
        }
    }

    /// How many runs of a value's row, from the value on, are short and of its kind: a printed choice, of which a tick or a
    /// circle chooses.
    fn choices(&self, spot: &Spot, kind: fn(&str) -> bool) -> usize {
        let row = self.leaf.row(spot.run);
        let unlabelled = |run: usize| !self.leaf.begins_with_label(run);
        (spot.run..self.leaf.sheet.runs.len())
            .take_while(|run| self.leaf.row(*run) == row)
            .filter(|run| unlabelled(*run))
            .filter_map(|run| self.leaf.sheet.runs.get(run))
            .filter(|run| run.text.split_whitespace().count() <= 4 && kind(&bare(&run.text)))
            .count()
    }

    /// Whether a label without a word for it speaks of the patient.
    fn patients(&self) -> bool {
        matches!(self.party, None | Some(Party::Patient | Party::Request))
    }
}

/// A text without the box before it.
fn bare(raw: &str) -> String {
    match crate::intake::fields::ticks::marks(raw).first() {
        Some(mark) if mark.start == 0 => raw.chars().skip(mark.end).collect::<String>().trim().to_owned(),
        _ => raw.to_owned(),
    }
}

/// A part of a spot.
fn within(spot: &Spot, start: usize, end: usize) -> Spot {
    Spot {
        run: spot.run,
        start: spot.start + start,
        end: spot.start + end,
        text: spot.text.clone(),
    }
}

/// Whether a text in brackets explains what to write, and is not written by anybody: `(please specify)`, `(mm/dd/yyyy)`.
fn is_explanation(raw: &str) -> bool {
    let raw = raw.trim();
    raw.starts_with('(')
        && raw.ends_with(')')
        && raw.chars().filter(|c| c.is_alphabetic()).count() >= 5
        && !raw.chars().any(|c| c.is_ascii_digit())
}

/// Whether a text is one of a set of boxes to tick; those are read as such.
fn is_option(raw: &str) -> bool {
    let marks = crate::intake::fields::ticks::marks(raw);
    let length = raw.chars().count();
    let ends = marks.last().is_some_and(|mark| mark.end == length) && length < 60;
    ends || marks.first().is_some_and(|mark| mark.start < 2)
}

/// How many urgencies a value names: a printed choice names several and chooses none.
fn options(raw: &str) -> usize {
    raw.split(['/', ',', '|', ' '])
        .filter_map(lexicon::urgency)
        .collect::<std::collections::BTreeSet<_>>()
        .len()
}
