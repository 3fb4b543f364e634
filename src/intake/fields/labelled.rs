//! From labels to values.
//!
//! Owns, for each topic, what a value must look like and which field it becomes. Must not know how labels are spotted.

use super::dates;
use super::found::Findings;
use super::labels::Label;
use super::leaf::{Leaf, Side, Spot};
use super::lexicon;
use super::names::{self, person};
use super::numbers;
use super::vocabulary::{Party, Topic};
use crate::intake::document::{Field, How};
use crate::intake::sheet::Origin;

/// Values on later pages are about the same patient, but often of an older day.
const LATER_PAGE: f32 = 0.97;
/// Dates before this year are no living patient's birth.
const OLDEST: &str = "1900-01-01";

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
        if let Some(spot) = self.leaf.same(self.run, self.label) {
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
        if self.leaf.in_head(self.run) && !self.label.marked {
            // In a table's head the value is beneath, and an empty cell beneath is an empty value.
            below.into_iter().collect()
        } else {
            right.into_iter().chain(below).collect()
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
        };
        base * side * if self.page == 0 { 1.0 } else { LATER_PAGE }
    }

    fn how(&self, spot: &Spot) -> How {
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
                let fits = (3..=160).contains(&spot.text.chars().count());
                if fits {
                    self.put(Field::ServiceRequested, &spot.text, 0.8, side, spot);
                    self.codes(side, spot, Field::Cpt);
                }
                fits
            }
            Topic::Reason => self.reason(side, spot),
            Topic::Icd => self.codes(side, spot, Field::Icd10),
            Topic::Cpt => self.codes(side, spot, Field::Cpt),
            Topic::Urgency => match lexicon::urgency(&spot.text) {
                Some(urgency) if options(&spot.text) < 2 => {
                    self.put(Field::Urgency, urgency, 0.95, side, spot);
                    true
                }
                _ => false,
            },
            Topic::Payer => self.payer(side, spot),
            Topic::Member => self.identifier(side, spot, Field::MemberId, 4),
            Topic::Group => self.identifier(side, spot, Field::GroupNo, 3),
            Topic::Auth => self.identifier(side, spot, Field::AuthNumber, 4),
            Topic::FirstName | Topic::City | Topic::State | Topic::Zip | Topic::Other | Topic::Heading => {
                true
            }
        }
    }

    /// Whether a label without a word for it speaks of the patient.
    fn patients(&self) -> bool {
        matches!(self.party, None | Some(Party::Patient | Party::Request))
    }

    fn person_or_practice(&mut self, side: Side, spot: &Spot) -> bool {
        let subject = self.party;
        let lead = spot.text.split(&[';', '|', '('][..]).next().unwrap_or_default();
        let lead = cut_at_date(lead);
        let who = person(lead);
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
            (Some(Party::Referrer), None) if lexicon::is_practice(&spot.text) => {
                self.put(Field::ReferringOrg, &spot.text, 0.92, side, spot);
                true
            }
            (Some(Party::Referrer), None) => {
                // `Dr. Jane Smith, MD Family Medicine 12 Main St`: a name, then more.
                match led_by_person(&spot.text) {
                    Some(who) => {
                        self.put(Field::ReferringProviderName, &who.signed(), 0.8, side, spot);
                        true
                    }
                    None => false,
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

    fn half_name(&mut self, side: Side, spot: &Spot) -> bool {
        if !matches!(self.party, None | Some(Party::Patient | Party::Request)) {
            return true;
        }
        // The given name stands behind its own label, right of this one or in the rows beneath.
        let given = self
            .leaf
            .labels
            .iter()
            .enumerate()
            .skip(self.run)
            .take(8)
            .find_map(|(run, labels)| {
                let label = labels.iter().find(|label| label.topic == Topic::FirstName)?;
                let reader = Reader {
                    leaf: self.leaf,
                    page: self.page,
                    run,
                    label,
                    party: None,
                    found: &mut Findings::default(),
                };
                reader.spots().into_iter().next().map(|(_, spot)| spot)
            });
        let Some(given) = given else { return false };
        match person(&format!("{}, {}", spot.text, given.text)) {
            Some(who) => {
                let confidence = self.sure(0.94, side);
                let how = self.how(spot);
                self.found.name(&who, confidence, self.page, spot, how);
                true
            }
            None => false,
        }
    }

    fn dob(&mut self, side: Side, spot: &Spot) -> bool {
        let Some(date) = dates::dates(&spot.text)
            .into_iter()
            .next()
            .or_else(|| dates::packed(&spot.text))
        else {
            return false;
        };
        if date.start > 12 || date.iso.as_str() < OLDEST {
            return false;
        }
        let base = match self.party {
            None | Some(Party::Patient | Party::Request) => 0.96,
            // A practice's block has no birth: the label went astray from the patient's.
            Some(Party::Referrer | Party::Recipient | Party::Pcp) => 0.85,
            Some(Party::Insurance) => 0.5,
            Some(Party::Relative | Party::Secondary) => return true,
        };
        let part = within(spot, date.start, date.end);
        self.put(
            Field::Dob,
            &date.iso,
            if date.plain { base } else { base - 0.12 },
            side,
            &part,
        );
        true
    }

    fn sex(&mut self, side: Side, spot: &Spot) -> bool {
        // `M / F` with nothing ticked says nothing.
        let choice = spot
            .text
            .split(['/', ' ', ',', '|'])
            .filter(|part| lexicon::sex(part).is_some())
            .count();
        match lexicon::sex(&spot.text) {
            Some(sex)
                if choice < 2
                    && matches!(
                        self.party,
                        None | Some(Party::Patient | Party::Request | Party::Insurance)
                    ) =>
            {
                self.put(Field::Sex, sex, 0.95, side, spot);
                true
            }
            _ => false,
        }
    }

    fn phone(&mut self, side: Side, spot: &Spot) -> bool {
        let hits = numbers::phones(&spot.text);
        let Some((digits, start, end)) = hits.first() else {
            return false;
        };
        let fax = self.label.topic == Topic::Fax;
        let (field, base) = match self.party {
            Some(Party::Patient) if fax => return true,
            Some(Party::Patient) => (Field::PatientPhone, 0.95),
            Some(Party::Referrer) if fax => (Field::ReferringFax, 0.94),
            Some(Party::Referrer) => (Field::ReferringPhone, 0.94),
            _ => return true,
        };
        // In a sentence, the block that it stands in says little about whose number it is.
        let vague =
            self.label.party.is_none() && !self.label.marked && side == Side::Same && self.label.start > 20;
        let base = if self.label.second || vague {
            base * 0.75
        } else {
            base
        };
        let part = within(spot, *start, *end);
        self.put(field, digits, base, side, &part);
        if let (false, Field::ReferringPhone, Some((digits, start, end))) = (fax, field, hits.get(1))
            && (self.label.with_fax || spot.text.to_lowercase().contains("fax"))
        {
            let part = within(spot, *start, *end);
            self.put(Field::ReferringFax, digits, 0.85, side, &part);
        }
        true
    }

    fn email(&mut self, side: Side, spot: &Spot) -> bool {
        let Some((address, start, end)) = numbers::emails(&spot.text).into_iter().next() else {
            return false;
        };
        let part = within(spot, start, end);
        match self.party {
            None if self.how(spot) != How::Header => {
                self.put(Field::PatientEmail, &address, 0.7, side, &part)
            }
            Some(Party::Patient) => self.put(Field::PatientEmail, &address, 0.95, side, &part),
            Some(Party::Referrer) => self.put(Field::ReferringEmail, &address, 0.9, side, &part),
            _ => {}
        }
        true
    }

    fn address(&mut self, side: Side, spot: &Spot) -> bool {
        if !spot.text.chars().any(|c| c.is_ascii_digit())
            || spot.text.contains('@')
            || !spot.text.chars().any(char::is_alphabetic)
        {
            return false;
        }
        if self.party != Some(Party::Patient) {
            return true;
        }
        let left = self.leaf.sheet.runs.get(self.run).map_or(0.0, |run| run.left());
        let mut whole = spot.text.clone();
        if !ends_with_zip(&whole) {
            for line in self.leaf.continued(spot, left, 2) {
                let more = format!("{whole}, {}", line.text);
                if ends_with_zip(&more) || line.text.chars().count() < 24 {
                    whole = more;
                }
                if ends_with_zip(&whole) {
                    break;
                }
            }
        }
        if !ends_with_zip(&whole)
            && let Some(town) = self.town()
        {
            whole = format!("{whole}, {town}");
        }
        let base = if ends_with_zip(&whole) { 0.94 } else { 0.75 };
        self.put(Field::PatientAddress, &whole, base, side, spot);
        true
    }

    /// Town, state and ZIP from labels of their own after an address.
    fn town(&self) -> Option<String> {
        let mut out: Vec<String> = Vec::new();
        for (run, labels) in self.leaf.labels.iter().enumerate().skip(self.run).take(10) {
            for label in labels {
                if matches!(label.topic, Topic::City | Topic::State | Topic::Zip)
                    && (run, label.start) > (self.run, self.label.start)
                {
                    let reader = Reader {
                        leaf: self.leaf,
                        page: self.page,
                        run,
                        label,
                        party: None,
                        found: &mut Findings::default(),
                    };
                    let spot = reader.spots().into_iter().next().map(|(_, spot)| spot)?;
                    out.push(spot.text);
                    if label.topic == Topic::Zip {
                        return Some(out.join(", "));
                    }
                }
            }
        }
        (!out.is_empty()).then(|| out.join(", "))
    }

    fn npi(&mut self, side: Side, spot: &Spot) -> bool {
        let Some(((digits, start, end), good)) = numbers::npis(&spot.text).into_iter().next() else {
            return false;
        };
        let base = match self.party {
            Some(Party::Referrer) => 0.96,
            None | Some(Party::Request) => 0.45,
            Some(
                Party::Patient
                | Party::Recipient
                | Party::Pcp
                | Party::Relative
                | Party::Insurance
                | Party::Secondary,
            ) => return true,
        };
        let part = within(spot, start, end);
        if good {
            self.put(Field::ReferringNpi, &digits, base, side, &part);
        } else {
            self.put(Field::ReferringNpi, &digits, 0.5, side, &part);
            self.found
                .warnings
                .push("the NPI fails its check digit; check it against the registry".to_owned());
        }
        true
    }

    fn practice(&mut self, side: Side, spot: &Spot) -> bool {
        let fits = spot.text.chars().count() >= 4
            && spot.text.chars().any(char::is_alphabetic)
            && numbers::phones(&spot.text).is_empty();
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

    fn specialty(&mut self, side: Side, spot: &Spot) -> bool {
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

    fn reason(&mut self, side: Side, spot: &Spot) -> bool {
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

    fn codes(&mut self, side: Side, spot: &Spot, field: Field) -> bool {
        let left = self.leaf.sheet.runs.get(self.run).map_or(0.0, |run| run.left());
        let mut any = false;
        let lines = std::iter::once(spot.clone()).chain(self.leaf.continued(spot, left, 12));
        for (index, line) in lines.enumerate() {
            let hits = match field {
                Field::Icd10 => numbers::icd10(&line.text, bare_codes(&line.text, index == 0)),
                _ => numbers::procedures(&line.text),
            };
            for (code, start, end) in hits {
                let part = within(&line, start, end);
                self.put(field, &code, 0.95, side, &part);
                any = true;
            }
        }
        any || spot.text.chars().count() > 3
    }

    fn payer(&mut self, side: Side, spot: &Spot) -> bool {
        if self.party == Some(Party::Secondary) {
            return true;
        }
        let lead = spot.text.split(&[';', '|'][..]).next().unwrap_or_default().trim();
        let known = lexicon::is_payer(lead);
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

    fn identifier(&mut self, side: Side, spot: &Spot, field: Field, least: usize) -> bool {
        if matches!(self.party, Some(Party::Secondary)) && field != Field::AuthNumber {
            return true;
        }
        let Some((value, start, end)) = numbers::identifier(&spot.text, least) else {
            return false;
        };
        let part = within(spot, start, end);
        let phone = numbers::phones(&value).len() == 1 && value.contains('-');
        let base = if phone || !dates::dates(&value).is_empty() {
            0.4
        } else {
            0.94
        };
        self.put(field, &value, base, side, &part);
        true
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

/// Whether a text is one of a set of boxes to tick; those are read as such.
fn is_option(raw: &str) -> bool {
    super::ticks::marks(raw)
        .first()
        .is_some_and(|mark| mark.start < 2)
}

/// How many urgencies a value names: a printed choice names several and chooses none.
fn options(raw: &str) -> usize {
    raw.split(['/', ',', '|', ' '])
        .filter_map(lexicon::urgency)
        .collect::<std::collections::BTreeSet<_>>()
        .len()
}

/// Whether a name is led by a practitioner's title.
fn titled(raw: &str) -> bool {
    raw.trim_start().to_lowercase().starts_with("dr")
}

fn cut_at_date(raw: &str) -> &str {
    let lower = raw.to_lowercase();
    let at = ["dob", "d.o.b", "born", "mrn", "date of birth", " - "]
        .iter()
        .filter_map(|word| lower.find(word))
        .min();
    at.and_then(|at| raw.get(..at))
        .unwrap_or(raw)
        .trim_end_matches([' ', ',', '-', '–'])
}

/// A practitioner's name at the beginning of a longer text: up to the last credential or four words.
fn led_by_person(raw: &str) -> Option<names::Person> {
    let words: Vec<&str> = raw.split_whitespace().collect();
    (2..=words.len().min(7))
        .filter_map(|count| words.get(..count).and_then(|words| person(&words.join(" "))))
        .filter(|who| names::refers(&who.credentials))
        .max_by_key(|who| who.credentials.len())
}

/// Whether a recipient's text is the specialty itself and not a practice's name with it in it.
fn who_is_specialty(raw: &str, name: &str) -> bool {
    let words = raw.split_whitespace().count();
    words <= 2 + name.split_whitespace().count() - 1 && !lexicon::is_practice(raw)
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

fn ends_with_zip(raw: &str) -> bool {
    let raw = raw.trim_end_matches(['.', ',', ' ']);
    let tail: String = raw
        .chars()
        .rev()
        .take_while(|c| c.is_ascii_digit() || *c == '-')
        .collect();
    (tail.len() == 5 || tail.len() == 10) && raw.chars().count() > 12
}
