//! Papers of several patients in one transmission: where one patient's end and the next one's begin.
//!
//! Owns the comparison of who the pages are about. Must not know what the desk does with a part; a person confirms it.

use super::document::{Field, Found, Segment, Value};
use super::learned::Learned;
use super::sheet::Sheet;
use super::{fields, kind};
use crate::domain::text;
use std::collections::BTreeMap;

/// Who a page is about is believed from here on.
const KNOWN: f32 = 0.5;
/// A document is parted into at most so many; more patients are a list, and a person's.
const MOST: usize = 10;

/// Whom a page is about, as far as it says.
#[derive(Clone, Debug, Default)]
struct Subject {
    /// Words of the name, folded, each longer than a letter.
    name: Vec<String>,
    /// ISO 8601.
    birth: Option<String>,
}

impl Subject {
    fn of(fields: &BTreeMap<Field, Vec<Found>>) -> Self {
        let best = |field| {
            fields
                .get(&field)
                .and_then(|found: &Vec<Found>| found.first())
                .filter(|found| found.confidence >= KNOWN)
                .map(|found| &found.value)
        };
        let name = match best(Field::PatientName) {
            Some(Value::Name { family, given }) => text::fold(&format!("{given} {family}"))
                .split(' ')
                .filter(|word| word.chars().count() > 1)
                .map(str::to_owned)
                .collect(),
            Some(Value::Text(_)) | None => Vec::new(),
        };
        let birth = match best(Field::Dob) {
            Some(Value::Text(day)) => Some(day.clone()),
            Some(Value::Name { .. }) | None => None,
        };
        Self { name, birth }
    }

    fn is_known(&self) -> bool {
        !self.name.is_empty() || self.birth.is_some()
    }

    /// Whether both cannot be the same person: no word of the names alike, and dates of birth that are not one apart from a
    /// misread digit. Where one date is missing, the names alone decide; where a name is, dates far apart do.
    fn differs(&self, other: &Subject) -> bool {
        let names = !self.name.is_empty() && !other.name.is_empty();
        let alike = self
            .name
            .iter()
            .any(|word| other.name.iter().any(|there| near(word, there, 1)));
        let births = match (&self.birth, &other.birth) {
            (Some(a), Some(b)) => Some(near(a, b, 1)),
            _ => None,
        };
        let far = match (&self.birth, &other.birth) {
            (Some(a), Some(b)) => !near(a, b, 2),
            _ => false,
        };
        names && !alike && births != Some(true) || !names && far
    }

    fn learn(&mut self, other: Subject) {
        if self.name.is_empty() {
            self.name = other.name;
        }
        self.birth = self.birth.take().or(other.birth);
    }
}

/// Whether two words of one length differ in at most `most` characters, or begin alike where one was cut.
fn near(a: &str, b: &str, most: usize) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let apart = a.iter().zip(&b).filter(|(a, b)| a != b).count() + a.len().abs_diff(b.len());
    apart <= most
}

/// The parts of a document about different patients, in order; empty where it is about one.
pub fn segments(sheets: &[Sheet], learned: &Learned) -> Vec<Segment> {
    if sheets.len() < 2 {
        return Vec::new();
    }
    let mut starts = vec![0];
    let mut subject = Subject::default();
    for (page, sheet) in sheets.iter().enumerate() {
        let here = Subject::of(&fields::read_with(std::slice::from_ref(sheet), learned).0);
        if !here.is_known() {
            continue;
        }
        if subject.is_known() && subject.differs(&here) {
            starts.push(page);
            subject = here;
        } else {
            subject.learn(here);
        }
    }
    if starts.len() < 2 || starts.len() > MOST {
        return Vec::new();
    }
    let ends = starts
        .iter()
        .skip(1)
        .copied()
        .chain(std::iter::once(sheets.len()));
    starts
        .iter()
        .zip(ends)
        .filter_map(|(start, end)| Some(part(*start, end, sheets.get(*start..end)?, learned)))
        .collect()
}

fn part(start: usize, end: usize, sheets: &[Sheet], learned: &Learned) -> Segment {
    let (mut found, _) = fields::read_with(sheets, learned);
    let (kind, kind_confidence) = kind::tell(sheets, &found);
    fields::doubt_sender(&mut found, kind);
    for place in found.values_mut().flatten().filter_map(|one| one.place.as_mut()) {
        place.page += start as u32;
    }
    Segment {
        pages: [start as u32 + 1, end as u32],
        kind,
        kind_confidence,
        fields: found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::document::DocumentKind;
    use crate::intake::plain;

    const ONE: &str = "PATIENT REFERRAL FORM\nPatient name: Ann Lee\nDOB: 01/02/1990\nReferring provider: Ray Cho, MD\nSpecialty: Cardiology\nReason for referral: palpitations";

    fn parts(second: &str) -> Vec<Segment> {
        segments(
            &plain::sheets(&format!("{ONE}\u{0C}{second}")),
            &Learned::default(),
        )
    }

    #[test]
    fn two_patients_are_two_parts() {
        let found = parts(
            "Meridian Laboratories   FINAL REPORT\nPatient: Omar Diaz\nDOB: 11/30/1962\nTest   Result   Reference range\nTSH   2.1   0.4-4.5",
        );
        let pages: Vec<[u32; 2]> = found.iter().map(|part| part.pages).collect();
        assert_eq!(pages, [[1, 1], [2, 2]]);
        let kinds: Vec<DocumentKind> = found.iter().map(|part| part.kind).collect();
        assert_eq!(kinds, [DocumentKind::Referral, DocumentKind::LabResult]);
        let place = found[1].fields[&Field::Dob][0].place.unwrap();
        assert_eq!(place.page, 2, "pages are those of the whole document");
    }

    #[test]
    fn one_patient_in_other_spellings_is_one_part() {
        for second in [
            "PROGRESS NOTE\nPatient: LEE, ANN M\nDOB: 1/2/90",
            "PROGRESS NOTE\nPatient: Anne Lee\nDOB: 01/02/1990",
            "PROGRESS NOTE\nPatient name: Ann Iee\nDOB: 01/02/1980",
            "Subscriber: Omar Diaz  DOB: 11/30/1962",
            "ECG of the day before yesterday",
        ] {
            assert!(parts(second).is_empty(), "{second}");
        }
    }
}
