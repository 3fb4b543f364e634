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
    /// Words of the name, folded, each longer than a letter; and of these, the given names'.
    name: Vec<String>,
    given: Vec<String>,
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
        let words = |raw: &str| -> Vec<String> {
            text::fold(raw)
                .split(' ')
                .filter(|word| word.chars().count() > 1)
                .map(str::to_owned)
                .collect()
        };
        let (name, given) = match best(Field::PatientName) {
            Some(Value::Name { family, given }) => (words(&format!("{given} {family}")), words(given)),
            Some(Value::Text(_)) | None => (Vec::new(), Vec::new()),
        };
        let birth = match best(Field::Dob) {
            Some(Value::Text(day)) => Some(day.clone()),
            Some(Value::Name { .. }) | None => None,
        };
        Self { name, given, birth }
    }

    fn is_known(&self) -> bool {
        !self.name.is_empty() || self.birth.is_some()
    }

    /// Whether both cannot be the same person: no word of the names alike, and dates of birth that are not one apart from a
    /// misread digit. Where one date is missing, the names alone decide; where a name is, dates far apart do. A family shares its
    /// name: given names of which none is the other's, and dates far apart, are two people's.
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
        let own = |given: &[String], whole: &[String]| {
            given
                .iter()
                .any(|word| whole.iter().any(|there| near(word, there, 1)))
        };
        let given = !self.given.is_empty() && !other.given.is_empty();
        let called_otherwise = given && !own(&self.given, &other.name) && !own(&other.given, &self.name);
        names && !alike && births != Some(true) || !names && far || called_otherwise && far
    }

    fn learn(&mut self, other: Subject) {
        if self.name.is_empty() {
            self.name = other.name;
            self.given = other.given;
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

/// Whom a document is about.
#[derive(Debug)]
pub enum Parting {
    /// One patient, as far as it says.
    One,
    /// Several: a part for each, in order.
    Several(Vec<Segment>),
    /// More than are parted; so many.
    Many(usize),
}

/// The parts of a document about different patients.
pub fn segments(sheets: &[Sheet], learned: &Learned) -> Parting {
    if sheets.len() < 2 {
        return Parting::One;
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
    if starts.len() < 2 {
        return Parting::One;
    }
    if starts.len() > MOST {
        return Parting::Many(starts.len());
    }
    let ends = starts
        .iter()
        .skip(1)
        .copied()
        .chain(std::iter::once(sheets.len()));
    let parts = starts.iter().zip(ends);
    Parting::Several(
        parts
            .filter_map(|(start, end)| Some(part(*start, end, sheets.get(*start..end)?, learned)))
            .collect(),
    )
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
        let sheets = plain::sheets(&format!("{ONE}\u{0C}{second}"));
        match segments(&sheets, &Learned::default()) {
            Parting::Several(parts) => parts,
            Parting::One | Parting::Many(_) => Vec::new(),
        }
    }

    #[test]
    fn a_family_shares_its_name_and_is_several_people() {
        assert_eq!(
            parts("PROGRESS NOTE\nPatient: Omar Lee\nDOB: 11/30/1962").len(),
            2
        );
        for same in [
            "PROGRESS NOTE\nPatient: Omar Lee\nDOB: 01/02/1990",
            "PROGRESS NOTE\nPatient: Lee Ann\nDOB: 11/30/1962",
            "PROGRESS NOTE\nPatient: A Lee\nDOB: 11/30/1962",
        ] {
            assert!(parts(same).is_empty(), "{same}");
        }
    }

    #[test]
    fn more_patients_than_are_parted_are_a_persons() {
        let names = [
            "Ann Lee",
            "Omar Diaz",
            "Wei Chen",
            "Rosa Alvarez",
            "Sean Boyle",
            "Ngozi Okafor",
            "Ingrid Holm",
            "Pablo Ruiz",
            "Tomas Novak",
            "Hana Sato",
            "Greta Weiss",
            "Yusuf Demir",
        ];
        let pages: Vec<String> = names
            .iter()
            .enumerate()
            .map(|(number, name)| {
                format!(
                    "PROGRESS NOTE\nPatient: {name}\nDOB: 0{}/1{}/19{}4",
                    number % 9 + 1,
                    number % 8,
                    number % 5 + 4
                )
            })
            .collect();
        let source = crate::intake::open("a.txt", pages.join("\u{0C}").as_bytes());
        let read = crate::intake::understand("a.txt", source);
        assert!(read.for_person.unwrap().contains("12 different patients"));
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
