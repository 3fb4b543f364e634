//! Ways to reach people behind their labels: telephone, fax, e-mail, address, NPI.
//!
//! Owns whose number becomes which field. Must not know how labels are spotted.

use super::{Reader, within};
use crate::intake::document::{Field, How};
use crate::intake::fields::dates;
use crate::intake::fields::found::Findings;
use crate::intake::fields::leaf::{ALIGNED, Side, Spot};
use crate::intake::fields::numbers;
use crate::intake::fields::numerals;
use crate::intake::fields::vocabulary::{Party, Topic};

/// Ten digits that the numbering plan does not assign: written so, and probably miswritten.
const UNASSIGNABLE: f32 = 0.6;
/// The second line of an address begins at most so much right of the first, as a share of the page's width.
const INDENT: f32 = 0.1;
/// An e-mail address of which the beginning may be lost.
const TORN: f32 = 0.6;
/// A number without an area code, or of another country.
const FOREIGN: f32 = 0.55;

impl Reader<'_, '_> {
    pub(super) fn phone(&mut self, side: Side, spot: &Spot) -> bool {
        let comb = numerals::combed(&spot.text);
        let mut hits = numbers::phones(comb.as_deref().unwrap_or(&spot.text));
        if hits.is_empty() {
            hits = numbers::phones(&numerals::restored(&spot.text));
        }
        let doubtful = hits.is_empty();
        if doubtful {
            hits.extend(numbers::ten_digits(&spot.text));
        }
        let foreign = hits.is_empty() && dates::dates(&spot.text).is_empty();
        if foreign {
            hits.extend(numbers::other_phone(&spot.text));
        }
        let Some((digits, start, end)) = hits.first() else {
            return false;
        };
        let fax = self.label.topic == Topic::Fax;
        if self.leaf.in_letterhead(self.run) && !self.label.private && self.how(spot) == How::Label {
            return true;
        }
        let (field, base) = match self.party {
            Some(Party::Patient) if fax => return true,
            Some(Party::Patient) => (Field::PatientPhone, 0.95),
            Some(Party::Referrer) if fax => (Field::ReferringFax, 0.94),
            Some(Party::Referrer) => (Field::ReferringPhone, 0.94),
            Some(Party::Relative | Party::Secondary | Party::Insurance) => {
                self.found.hold(Field::PatientPhone, digits);
                return true;
            }
            None | Some(Party::Recipient | Party::Pcp | Party::Request) => return true,
        };
        // In a sentence, the block that it stands in says little about whose number it is.
        let vague =
            self.label.party.is_none() && !self.label.marked && side == Side::Same && self.label.start > 20;
        let base: f32 = if self.label.second || vague {
            base * 0.75
        } else {
            base
        };
        let base = match (foreign, doubtful) {
            (true, _) => base.min(FOREIGN),
            (false, true) => base.min(UNASSIGNABLE),
            (false, false) => base,
        };
        let part = match comb {
            Some(_) => spot.clone(),
            None => within(spot, *start, *end),
        };
        self.put(field, digits, base, side, &part);
        if let (false, Field::ReferringPhone, Some((digits, start, end))) = (fax, field, hits.get(1))
            && (self.label.with_fax || spot.text.to_lowercase().contains("fax"))
        {
            let part = within(spot, *start, *end);
            self.put(Field::ReferringFax, digits, 0.85, side, &part);
        }
        true
    }

    pub(super) fn email(&mut self, side: Side, spot: &Spot) -> bool {
        let Some((address, start, end)) = numbers::emails(&spot.text).into_iter().next() else {
            return false;
        };
        let part = within(spot, start, end);
        // `carol gutierrez@icloud.com`: what stands before it on its line may be its lost beginning.
        let cut = spot.text.chars().take(start).any(char::is_alphanumeric) && self.how(spot) == How::Label;
        let sure = |base: f32| if cut { base.min(TORN) } else { base };
        match self.party {
            None if self.how(spot) != How::Header => {
                self.put(Field::PatientEmail, &address, sure(0.7), side, &part)
            }
            Some(Party::Patient) => self.put(Field::PatientEmail, &address, sure(0.95), side, &part),
            Some(Party::Referrer) => self.put(Field::ReferringEmail, &address, 0.9, side, &part),
            _ => {}
        }
        true
    }

    pub(super) fn address(&mut self, side: Side, spot: &Spot) -> bool {
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
            && let Some(town) = self.town_line(spot)
        {
            whole = format!("{whole}, {town}");
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

    /// Town, state and ZIP on the line beneath a street, set in a little.
    fn town_line(&self, spot: &Spot) -> Option<String> {
        let street = self.leaf.sheet.runs.get(spot.run)?;
        let from = self.leaf.sheet.runs.get(self.run)?.left() - ALIGNED;
        let to = street.part(spot.start, spot.end)[0] + INDENT;
        let beneath = self.leaf.sheet.runs.iter().enumerate().skip(spot.run + 1).take(8);
        let mut lines = beneath.filter(|(run, line)| {
            let step = line.middle() - street.middle();
            (0.5..2.2).contains(&(step / street.height().max(line.height())))
                && (from..to).contains(&line.left())
                && !self.leaf.begins_with_label(*run)
                && line.text.contains(',')
                && ends_with_zip(&line.text)
        });
        lines.next().map(|(_, line)| line.text.clone())
    }

    /// Town, state and ZIP from labels of their own after an address.
    pub(super) fn town(&self) -> Option<String> {
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

    pub(super) fn npi(&mut self, side: Side, spot: &Spot) -> bool {
        let restored = numerals::restored(&spot.text);
        let Some(((digits, start, end), good)) = numbers::npis(&spot.text)
            .into_iter()
            .chain(numbers::npis(&restored))
            .next()
        else {
            return false;
        };
        let base = match self.party {
            Some(Party::Referrer) => 0.96,
            None | Some(Party::Request | Party::Patient | Party::Insurance) if self.label.provider => 0.9,
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
            let base = if digits.starts_with(['1', '2']) { 0.5 } else { 0.4 };
            self.put(Field::ReferringNpi, &digits, base, side, &part);
            self.found
                .warnings
                .push("the NPI fails its check digit; check it against the registry".to_owned());
        }
        true
    }
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
