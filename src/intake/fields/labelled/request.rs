//! What is asked for and who pays, behind their labels: specialty, reason, codes, payer, identifiers.
//!
//! Owns how these become fields. Must not know how labels are spotted.

use super::{Reader, within};
use crate::domain::text;
use crate::intake::document::Field;
use crate::intake::fields::leaf::{Side, Spot};
use crate::intake::fields::names::person;
use crate::intake::fields::vocabulary::Party;
use crate::intake::fields::words::cut;
use crate::intake::fields::{dates, diagnoses, lexicon, numbers, numerals, payers};

impl Reader<'_, '_> {
    pub(super) fn specialty(&mut self, side: Side, spot: &Spot) -> bool {
        let Some(name) = lexicon::specialty(&spot.text) else {
            return person(&spot.text).is_some();
        };
        let base = match self.party {
            Some(Party::Referrer) if self.label.party.is_some() => return true,
            Some(Party::Referrer) => 0.55,
            _ if spot.text.chars().count() > 60 => 0.7,
            _ => 0.94,
        };
        self.put(Field::SpecialtyRequested, name, base, side, spot);
        true
    }

    pub(super) fn reason(&mut self, side: Side, spot: &Spot) -> bool {
        if spot.text.chars().filter(|c| c.is_alphabetic()).count() < 4 {
            return false;
        }
        let left = self.leaf.sheet.runs.get(self.run).map_or(0.0, |run| run.left());
        let mut whole = spot.text.clone();
        for line in self.leaf.continued(spot, left, 6) {
            whole.push(' ');
            whole.push_str(&line.text);
        }
        self.put(Field::ReasonText, &whole, 0.92, side, spot);
        true
    }

    pub(super) fn codes(&mut self, side: Side, spot: &Spot, field: Field) -> bool {
        let left = self.leaf.sheet.runs.get(self.run).map_or(0.0, |run| run.left());
        let mut any = false;
        let lines = std::iter::once(spot.clone()).chain(self.leaf.continued(spot, left, 12));
        for (index, line) in lines.enumerate() {
            if field == Field::Icd10 {
                for hit in diagnoses::diagnoses(&line.text, bare_codes(&line.text, index == 0)) {
                    let part = within(&line, hit.start, hit.end);
                    self.put(field, &hit.code, 0.95 * hit.belief, side, &part);
                    any = true;
                }
                continue;
            }
            for (code, start, end) in numbers::procedures(&numerals::restored(&line.text)) {
                let part = within(&line, start, end);
                self.put(field, &code, 0.95, side, &part);
                any = true;
            }
        }
        if field == Field::Icd10 && self.names("reason") {
            self.reason_behind_codes(side, spot);
        }
        any || spot.text.chars().count() > 3
    }

    /// Whether a label has a word beside those that say what it is.
    fn names(&self, wanted: &str) -> bool {
        let label = self.leaf.sheet.runs.get(self.run).map(|run| {
            let room = self.label.value.saturating_sub(self.label.start);
            run.text
                .chars()
                .skip(self.label.start)
                .take(room)
                .collect::<String>()
        });
        label.is_some_and(|label| text::fold(&label).split(' ').any(|word| word == wanted))
    }

    /// `Diagnosis and reason for visit: G62.9; Burning pain`: what follows the codes is the reason.
    fn reason_behind_codes(&mut self, side: Side, spot: &Spot) {
        let last = diagnoses::diagnoses(&spot.text, true)
            .into_iter()
            .map(|hit| hit.end)
            .max();
        let rest: String = spot.text.chars().skip(last.unwrap_or(0)).collect();
        let rest = rest.trim_start_matches([' ', ';', ',', ':', '-', ')']);
        if rest.chars().filter(|c| c.is_alphabetic()).count() >= 4 {
            self.put(Field::ReasonText, rest, 0.85, side, spot);
        }
    }

    pub(super) fn payer(&mut self, side: Side, spot: &Spot) -> bool {
        if self.party == Some(Party::Secondary) {
            return true;
        }
        let lead = spot.text.split(&[';', '|'][..]).next().unwrap_or_default().trim();
        // A printed choice of plans chooses none.
        if lead.contains(['!', '☐', '□']) || lead.matches('/').count() > 1 {
            return false;
        }
        let known = payers::is_payer(lead);
        if payers::is_plan_type(lead)
            || !known && (self.label.start > 0 && !self.label.marked || lead.split_whitespace().count() > 6)
        {
            return false;
        }
        let words = lead.split_whitespace().count();
        let letters = lead.chars().filter(|c| c.is_alphabetic()).count();
        if letters < 3
            || words > 10
            || !known && (lexicon::sex(lead).is_some() || person(lead).is_some() && words > 3)
            || lead.ends_with('.') && words > 5
        {
            return false;
        }
        let general = matches!(self.leaf.sheet.runs.get(self.run), Some(run) if self.label.whole && !self.label.marked && run.text.len() < 9);
        let base = match (known, general) {
            (true, _) => 0.95,
            (false, false) => 0.8,
            (false, true) => 0.5,
        };
        self.put(Field::Payer, lead, base, side, spot);
        true
    }

    pub(super) fn identifier(&mut self, side: Side, spot: &Spot, field: Field, least: usize) -> bool {
        if matches!(self.party, Some(Party::Secondary)) && field != Field::AuthNumber {
            return true;
        }
        let comb = numerals::combed(&spot.text);
        let whole = comb.as_deref().unwrap_or(&spot.text);
        // `The authorization number is …`
        let lead = whole
            .chars()
            .take_while(|c| c.is_whitespace() || *c == ':')
            .count();
        let rest: String = whole.chars().skip(lead).collect();
        let lead = lead
            + ["is ", "was ", "of ", "no. "]
                .iter()
                .find(|word| rest.to_lowercase().starts_with(**word))
                .map_or(0, |word| word.len());
        let rest: String = whole.chars().skip(lead).collect();
        let lettered = field == Field::GroupNo
            && self.label.marked
            && (3..=12).contains(&rest.len())
            && rest.chars().all(|c| c.is_ascii_uppercase());
        if lettered {
            // A group may be a name in capitals.
            self.put(field, &rest, 0.75, side, spot);
            return true;
        }
        let Some((value, start, end)) = numbers::identifier(&rest, least).filter(|hit| !ordinal(&hit.0))
        else {
            return false;
        };
        let (start, end) = if comb.is_some() {
            (0, spot.text.chars().count())
        } else {
            (start + lead, end + lead)
        };
        let part = within(spot, start, end);
        let groups: Vec<usize> = value.split('-').map(str::len).collect();
        let phone = numbers::phones(&value).len() == 1 && groups == [3, 3, 4];
        let base = if phone || !dates::dates(&value).is_empty() {
            0.4
        } else {
            0.94
        };
        self.put(field, &value, base, side, &part);
        self.named_payer(field);
        true
    }

    /// The payer that a member number's label names (`Cigna ID: …`) has given the number.
    fn named_payer(&mut self, field: Field) {
        let Some((start, end)) = self.label.payer.filter(|_| field == Field::MemberId) else {
            return;
        };
        if let Some(run) = self.leaf.sheet.runs.get(self.run) {
            let (text, start, end) = cut(&run.text, start, end);
            let spot = Spot {
                run: self.run,
                start,
                end,
                text,
            };
            self.put(Field::Payer, &spot.text.clone(), 0.8, Side::Same, &spot);
        }
    }
}

/// `2nd` is no number of anybody's.
fn ordinal(raw: &str) -> bool {
    let digits = raw.chars().take_while(char::is_ascii_digit).count();
    let rest: String = raw.chars().skip(digits).collect();
    (1..=2).contains(&digits) && matches!(rest.to_lowercase().as_str(), "st" | "nd" | "rd" | "th")
}

/// Codes without a point are believed where the text holds little else.
fn bare_codes(raw: &str, first: bool) -> bool {
    first
        && raw
            .split([',', ';', ' '])
            .next()
            .is_some_and(|lead| lead.len() <= 8 && lead.chars().any(|c| c.is_ascii_digit()))
        || raw.split([',', ';']).all(|part| part.trim().len() <= 8)
}
