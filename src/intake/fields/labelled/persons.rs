//! Values about people behind their labels: names, birth, sex, practices.
//!
//! Owns whose name becomes which field. Must not know how labels are spotted.

use super::{Reader, within};
use crate::intake::document::{Field, How};
use crate::intake::fields::found::Findings;
use crate::intake::fields::leaf::{Side, Spot};
use crate::intake::fields::names::{self, person};
use crate::intake::fields::vocabulary::{Party, Topic};
use crate::intake::fields::{dates, lexicon, numbers, numerals, payers};

/// The two halves of a name stand within so many runs of each other.
const HALF: usize = 8;
/// What may be somebody else's, or of another century, is offered and not filled in.
const NOBODYS: f32 = 0.5;
/// Dates before this year are no living patient's birth.
const OLDEST: &str = "1900-01-01";

impl Reader<'_, '_> {
    pub(super) fn person_or_practice(&mut self, side: Side, spot: &Spot) -> bool {
        let joined = self.with_given_name(spot);
        let spot = joined.as_ref().unwrap_or(spot);
        let subject = self.party;
        let lead = spot.text.split(&[';', '|', '('][..]).next().unwrap_or_default();
        let lead = cut_at_date(lead);
        // `New patient referral - Ann Lee`: the name stands behind the dash.
        let lead = match lead.rsplit_once(" - ") {
            Some((_, last)) if person(last).is_some() && !lexicon::is_practice(lead) => last,
            _ => lead,
        };
        let who = person(lead).filter(|_| !payers::is_payer_alone(lead));
        let header = self.how(spot) == How::Header;
        match (subject, who) {
            _ if self.label.signature && self.label.party == Some(Party::Patient) => true,
            (Some(Party::Patient), Some(who)) => {
                let confidence = self.sure(if self.label.party.is_some() { 0.95 } else { 0.92 }, side);
                let how = self.how(spot);
                self.found.name(&who, confidence, self.page, spot, how);
                true
            }
            (None, Some(who)) if !self.label.provider && !self.label.signature && !header => {
                let confidence = self.sure(if who.credentials.is_empty() { 0.88 } else { 0.4 }, side);
                let how = self.how(spot);
                self.found.name(&who, confidence, self.page, spot, how);
                true
            }
            (Some(Party::Referrer), Some(who))
                if who.credentials.is_empty()
                    && !titled(lead)
                    && lexicon::is_practice(unaddressed(&spot.text)) =>
            {
                self.put(Field::ReferringOrg, unaddressed(&spot.text), 0.9, side, spot);
                true
            }
            (None | Some(Party::Referrer | Party::Request), Some(who))
                if self.label.provider || self.label.signature || subject == Some(Party::Referrer) =>
            {
                if header && !names::refers(&who.credentials) {
                    return true;
                }
                let base = match (
                    self.label.party.is_some(),
                    self.label.signature,
                    names::refers(&who.credentials),
                ) {
                    (_, true, _) => 0.75,
                    (true, _, true) => 0.95,
                    (true, _, false) if who.credentials.is_empty() => 0.91,
                    (false, _, true) => 0.85,
                    (false, _, false) if subject == Some(Party::Referrer) && titled(lead) => 0.85,
                    _ => 0.6,
                };
                let base = if self.label.party.is_none() && self.page > 0 {
                    0.6
                } else {
                    base
                };
                self.put(Field::ReferringProviderName, &who.signed(), base, side, spot);
                true
            }
            (Some(Party::Referrer), None)
                if lexicon::is_practice(unaddressed(&spot.text)) && led_by_person(&spot.text).is_none() =>
            {
                self.put(Field::ReferringOrg, unaddressed(&spot.text), 0.92, side, spot);
                true
            }
            (Some(Party::Referrer), None) => {
                // `Dr. Jane Smith, MD Family Medicine 12 Main St`: a name, then more.
                match led_by_person(&spot.text) {
                    Some((who, rest)) => {
                        self.put(Field::ReferringProviderName, &who.signed(), 0.85, side, spot);
                        if lexicon::is_practice(&rest) {
                            self.put(Field::ReferringOrg, &rest, 0.8, side, spot);
                        }
                        true
                    }
                    None => match surname(lead) {
                        Some(name) => {
                            self.put(Field::ReferringProviderName, name, 0.7, side, spot);
                            true
                        }
                        None => false,
                    },
                }
            }
            (Some(Party::Recipient), _) => {
                if let Some(name) = lexicon::specialty(&spot.text).filter(|_| !spot.text.contains('@')) {
                    let base = if who_is_specialty(&spot.text, name) {
                        0.93
                    } else {
                        0.6
                    };
                    self.put(Field::SpecialtyRequested, name, base, side, spot);
                }
                true
            }
            (_, who) => who.is_some(),
        }
    }

    /// A family name whose run ends with its comma, with the given name that stands in the next run.
    fn with_given_name(&self, spot: &Spot) -> Option<Spot> {
        let run = self.leaf.sheet.runs.get(spot.run)?;
        let ends = run.text.trim_end().ends_with(',') && spot.end + 2 >= run.text.trim_end().chars().count();
        let given = self.leaf.right(spot.run).filter(|_| ends)?;
        let next = self.leaf.sheet.runs.get(given.run)?;
        (next.left() - run.right() < 3.0 * run.height()).then(|| Spot {
            text: format!("{}, {}", spot.text, given.text),
            ..spot.clone()
        })
    }

    /// A family name behind its own label; the given name stands behind another, before or after it.
    pub(super) fn half_name(&mut self, side: Side, spot: &Spot) -> bool {
        let ours = match self.party {
            None | Some(Party::Patient | Party::Request) => true,
            Some(Party::Referrer) => false,
            Some(Party::Recipient | Party::Pcp | Party::Relative | Party::Insurance | Party::Secondary) => {
                return true;
            }
        };
        let Some(given) = self.given_name() else {
            return false;
        };
        // Letters written apart lose the last: `ROSALE Z`. No family name has a piece of one letter at its end.
        let torn = spot
            .text
            .rsplit_once(' ')
            .filter(|(_, last)| last.chars().count() == 1 && last.chars().all(char::is_alphabetic));
        let family = torn.map_or_else(|| spot.text.clone(), |(first, last)| format!("{first}{last}"));
        let Some(who) = person(&format!("{family}, {}", given.text)) else {
            return false;
        };
        let who = names::Person {
            sure: who.sure && torn.is_none(),
            ..who
        };
        if ours {
            // Forms ask for relatives under the same labels.
            let base = if self.party == Some(Party::Patient) {
                0.94
            } else {
                0.88
            };
            let (confidence, how) = (self.sure(base, side), self.how(spot));
            self.found.name(&who, confidence, self.page, spot, how);
        } else {
            self.put(Field::ReferringProviderName, &who.signed(), 0.91, side, spot);
        }
        true
    }

    /// The nearest given name behind its own label that is of the same person.
    fn given_name(&self) -> Option<Spot> {
        let mut near: Vec<(usize, usize)> = (self.run.saturating_sub(HALF)..self.run + HALF)
            .map(|run| (run.abs_diff(self.run) * 2 + usize::from(run > self.run), run))
            .collect();
        near.sort_unstable();
        near.into_iter().find_map(|(_, run)| {
            let label = self
                .leaf
                .labels
                .get(run)?
                .iter()
                .find(|label| label.topic == Topic::FirstName)?;
            let party = self.leaf.party(run, label);
            let same = party == self.party
                || [party, self.party]
                    .iter()
                    .all(|party| matches!(party, None | Some(Party::Patient | Party::Request)));
            if !same {
                return None;
            }
            let reader = Reader {
                leaf: self.leaf,
                page: self.page,
                run,
                label,
                party,
                found: &mut Findings::default(),
            };
            reader.spots().into_iter().next().map(|(_, spot)| spot)
        })
    }

    pub(super) fn dob(&mut self, side: Side, spot: &Spot) -> bool {
        let Some(date) = numerals::date(&spot.text, self.leaf.paper) else {
            return false;
        };
        if date.start > 12 || date.iso.as_str() < OLDEST {
            return false;
        }
        let base = match self.party {
            None | Some(Party::Patient | Party::Request) => 0.96,
            // A practice's block has no birth: the label went astray from the patient's.
            Some(Party::Referrer | Party::Recipient | Party::Pcp) => 0.93,
            Some(Party::Insurance) => NOBODYS,
            Some(Party::Relative | Party::Secondary) => {
                self.found.hold(Field::Dob, &date.iso);
                return true;
            }
        };
        let part = within(spot, date.start, date.end);
        let iso = if self.says_day_first() {
            dates::day_first(&spot.text, self.leaf.paper).unwrap_or_else(|| date.iso.clone())
        } else {
            date.iso.clone()
        };
        let base: f32 = if date.plain { base } else { base - 0.12 };
        let base = if date.open { base.min(NOBODYS) } else { base };
        if base <= NOBODYS {
            self.found.hold(Field::Dob, &iso);
        }
        self.put(Field::Dob, &iso, base, side, &part);
        true
    }

    /// Whether the label asks for the day before the month: `DOB (dd/mm/yyyy)`.
    fn says_day_first(&self) -> bool {
        self.leaf.sheet.runs.get(self.run).is_some_and(|run| {
            let lower = run.text.to_lowercase();
            lower.contains("dd/mm") || lower.contains("dd-mm") || lower.contains("dd mm")
        })
    }

    pub(super) fn sex(&mut self, side: Side, spot: &Spot) -> bool {
        // `M / F` with nothing ticked says nothing.
        let choice = spot
            .text
            .split(['/', ' ', ',', '|'])
            .filter(|part| lexicon::sex(part).is_some())
            .count();
        match lexicon::sex(&spot.text) {
            Some(_) if self.choices(spot, |text| lexicon::sex(text).is_some()) >= 2 => true,
            Some(sex) if choice < 2 && matches!(self.party, None | Some(Party::Patient | Party::Request)) => {
                self.put(Field::Sex, sex, 0.95, side, spot);
                true
            }
            Some(sex)
                if choice < 2
                    && matches!(
                        self.party,
                        Some(Party::Insurance | Party::Relative | Party::Secondary)
                    ) =>
            {
                self.found.hold(Field::Sex, sex);
                // The subscriber's, or the patient's who has the plan.
                if self.party == Some(Party::Insurance) {
                    self.put(Field::Sex, sex, NOBODYS, side, spot);
                }
                true
            }
            _ => false,
        }
    }

    /// A card's `Member:` may name the member instead of the number.
    pub(super) fn member(&mut self, side: Side, spot: &Spot) -> bool {
        let named = self.leaf.sheet.runs.get(self.run).is_some_and(|run| {
            let label: String = run
                .text
                .chars()
                .skip(self.label.start)
                .take(self.label.value.saturating_sub(self.label.start))
                .collect();
            crate::domain::text::fold(&label) == "member"
        });
        match person(&spot.text).filter(|who| named && who.credentials.is_empty()) {
            Some(who) => {
                let (confidence, how) = (self.sure(0.88, side), self.how(spot));
                self.found.name(&who, confidence, self.page, spot, how);
                true
            }
            None => false,
        }
    }

    pub(super) fn practice(&mut self, side: Side, spot: &Spot) -> bool {
        let fits = spot.text.chars().count() >= 4
            && spot.text.chars().any(char::is_alphabetic)
            && numbers::phones(&spot.text).is_empty();
        if self.party == Some(Party::Referrer)
            && let Some((who, rest)) = led_by_person(&spot.text)
        {
            self.put(Field::ReferringProviderName, &who.signed(), 0.85, side, spot);
            if lexicon::is_practice(&rest) {
                self.put(Field::ReferringOrg, &rest, 0.85, side, spot);
            }
            return true;
        }
        match self.party {
            Some(Party::Insurance) => return self.payer(side, spot),
            Some(Party::Referrer) if fits => {
                let base = if lexicon::is_practice(&spot.text) {
                    0.95
                } else {
                    0.8
                };
                self.put(Field::ReferringOrg, &spot.text, base, side, spot);
            }
            Some(Party::Recipient) => {
                if let Some(name) = lexicon::specialty(&spot.text) {
                    self.put(Field::SpecialtyRequested, name, 0.6, side, spot);
                }
            }
            _ => {}
        }
        fits
    }
}

/// A sender without the address in angle brackets behind it.
fn unaddressed(raw: &str) -> &str {
    raw.split('<').next().unwrap_or_default().trim().trim_matches('"')
}

/// A practitioner's title and a family name, and nothing else: `Dr. Lee`.
fn surname(raw: &str) -> Option<&str> {
    let mut words = raw.split_whitespace();
    let (title, name) = (words.next()?, words.next()?);
    let named = name.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && name.starts_with(char::is_uppercase)
        && name
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | ','))
        && !lexicon::is_practice(raw);
    (matches!(title.to_lowercase().as_str(), "dr" | "dr." | "doctor") && named && words.next().is_none())
        .then(|| raw.trim())
}

/// Whether a name is led by a practitioner's title.
fn titled(raw: &str) -> bool {
    raw.trim_start().to_lowercase().starts_with("dr")
}

fn cut_at_date(raw: &str) -> &str {
    let lower = raw.to_lowercase();
    let at = ["dob", "d.o.b", "born", "mrn", "date of birth", "(dob"]
        .iter()
        .filter_map(|word| lower.find(word))
        .min();
    at.and_then(|at| raw.get(..at))
        .unwrap_or(raw)
        .trim_end_matches([' ', ',', '-', '–'])
}

/// A practitioner's name at the beginning of a longer text: up to the last credential or four words.
fn led_by_person(raw: &str) -> Option<(names::Person, String)> {
    let words: Vec<&str> = raw.split_whitespace().collect();
    let led = (2..words.len().min(8)).filter_map(|count| {
        let (name, rest) = words.split_at_checked(count)?;
        // The name ends where its credentials do; what follows is a practice's.
        names::credential(name.last()?.trim_matches([',', '.', ';']))?;
        let who = person(&name.join(" ")).filter(|who| names::refers(&who.credentials))?;
        Some((
            who,
            rest.join(" ")
                .trim_matches([',', '-', '–', ' ', ';', '/', '|'])
                .to_owned(),
        ))
    });
    led.max_by_key(|(who, _)| who.credentials.len())
}

/// Whether a recipient's text is the specialty itself and not a practice's name with it in it.
fn who_is_specialty(raw: &str, name: &str) -> bool {
    let words = raw.split_whitespace().count();
    lexicon::is_specialty_alone(raw)
        || words < 2 + name.split_whitespace().count() && !lexicon::is_practice(raw)
}
