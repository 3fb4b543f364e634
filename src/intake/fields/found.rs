//! What was found, before the best is chosen.
//!
//! Owns the candidate and how candidates of one field are weighed against each other. Must not know how they were found.

use super::leaf::Spot;
use super::names::{Person, person};
use crate::domain::text;
use crate::intake::document::{Field, Found, How, Value};
use crate::intake::sheet::{Run, Sheet};
use std::collections::BTreeMap;

/// Two candidates of a field that differ and are both at least this sure are a conflict.
const CONFLICT: f32 = 0.7;
/// The confidence that a conflict leaves: a person decides.
pub const DOUBT: f32 = 0.55;
/// Nothing read by rules is surer than this.
const CEILING: f32 = 0.99;
/// What is less sure is more often wrong than right, and a blank is better: measured on generated pages.
const FLOOR: f32 = 0.3;
/// At most this many candidates of a field are kept.
const KEPT: usize = 5;
/// Lists keep more.
const KEPT_CODES: usize = 24;

/// A candidate for a field.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The field.
    pub field: Field,
    /// The value, normalised.
    pub value: Value,
    /// How sure, 0 to 1.
    pub confidence: f32,
    /// Page from 0, and where on it.
    pub place: Option<(usize, usize, usize, usize)>,
    /// How it was found.
    pub how: How,
}

/// Collects candidates.
#[derive(Default)]
pub struct Findings {
    /// All of them.
    pub all: Vec<Candidate>,
    /// What a person should know. Never patient data.
    pub warnings: Vec<String>,
    /// Values that nothing makes surer: they are somebody else's, or may mean either of two.
    held: Vec<(Field, Value)>,
}

/// The candidates, weighed.
pub struct Weighed {
    /// By field, the best first.
    pub fields: BTreeMap<Field, Vec<Found>>,
    /// What a person should know. Never patient data.
    pub doubts: Vec<String>,
    /// Values that agreement makes no surer: a person decides.
    pub held: Vec<(Field, Value)>,
}

impl Findings {
    /// Adds a text value.
    pub fn text(&mut self, field: Field, value: &str, confidence: f32, page: usize, spot: &Spot, how: How) {
        self.add(
            field,
            Value::Text(text::squeeze(value)),
            confidence,
            page,
            spot,
            how,
        );
    }

    /// Adds the patient's name.
    pub fn name(&mut self, person: &Person, confidence: f32, page: usize, spot: &Spot, how: How) {
        let confidence = if person.sure {
            confidence
        } else {
            confidence.min(0.85)
        };
        let value = Value::Name {
            family: person.family.clone(),
            given: person.given.clone(),
        };
        self.add(Field::PatientName, value, confidence, page, spot, how);
    }

    fn add(&mut self, field: Field, value: Value, confidence: f32, page: usize, spot: &Spot, how: How) {
        let place = Some((page, spot.run, spot.start, spot.end));
        self.all.push(Candidate {
            field,
            value,
            confidence,
            place,
            how,
        });
    }

    /// Holds a value back: however else it is found, it is not to be filled in for that.
    pub fn hold(&mut self, field: Field, value: &str) {
        self.held.push((field, Value::Text(text::squeeze(value))));
    }

    /// Whether a field has a candidate at least this sure.
    pub fn has(&self, field: Field, confidence: f32) -> bool {
        self.all
            .iter()
            .any(|candidate| candidate.field == field && candidate.confidence >= confidence)
    }

    /// Weighs the candidates: equal ones support each other, contradicting ones are reported.
    pub fn weigh(mut self, sheets: &[Sheet]) -> Weighed {
        for candidate in &mut self.all {
            let read = candidate.place.and_then(|(page, run, start, end)| {
                let run = sheets.get(page)?.runs.get(run)?;
                Some(well_read(candidate.field, run, start, end))
            });
            candidate.confidence *= read.unwrap_or(1.0);
        }
        let mut out: BTreeMap<Field, Vec<Found>> = BTreeMap::new();
        let mut fields: Vec<Field> = self.all.iter().map(|candidate| candidate.field).collect();
        fields.sort();
        fields.dedup();
        for field in fields {
            let mut groups: Vec<Candidate> = Vec::new();
            for candidate in self.all.iter().filter(|candidate| candidate.field == field) {
                match groups
                    .iter_mut()
                    .find(|known| same(field, &known.value, &candidate.value))
                {
                    Some(known) => support(known, candidate),
                    None => groups.push(candidate.clone()),
                }
            }
            groups.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
            if contradicts(field, &groups) {
                for candidate in &mut groups {
                    candidate.confidence = candidate.confidence.min(DOUBT + candidate.confidence * 0.01);
                    self.held.push((field, candidate.value.clone()));
                }
                self.warnings.push(format!(
                    "the document contradicts itself about {}; a person must decide",
                    describe(field)
                ));
            }
            let kept = if matches!(field, Field::Icd10 | Field::Cpt) {
                KEPT_CODES
            } else {
                KEPT
            };
            groups.retain(|candidate| candidate.confidence >= FLOOR);
            let found = groups.into_iter().take(kept).map(|candidate| {
                let place = candidate
                    .place
                    .and_then(|(page, run, start, end)| sheets.get(page)?.place(page + 1, run, start, end));
                Found {
                    value: candidate.value,
                    confidence: candidate.confidence.clamp(0.0, CEILING),
                    place,
                    how: candidate.how,
                }
            });
            let found: Vec<Found> = found.collect();
            if !found.is_empty() {
                out.insert(field, found);
            }
        }
        Weighed {
            fields: out,
            doubts: self.warnings,
            held: self.held,
        }
    }
}

/// Lets an equal candidate raise another's confidence, and a more exact one take its value and place.
fn support(known: &mut Candidate, other: &Candidate) {
    let best = known.confidence.max(other.confidence);
    let gain = known.confidence.min(other.confidence) * 0.3;
    if other.confidence > known.confidence {
        known.value = other.value.clone();
        known.place = other.place;
        known.how = other.how;
    }
    known.confidence = best + (CEILING - best).max(0.0) * gain;
}

/// How sure it is that a value of a field was read right from the characters `start..end` of a run.
pub fn well_read(field: Field, run: &Run, start: usize, end: usize) -> f32 {
    if FORGIVING.contains(&field) {
        run.sureness_of_words(start, end)
    } else if UNCHECKED.contains(&field) {
        run.sureness_of_each(start, end)
    } else {
        run.sureness(start, end)
    }
}

/// Fields of long values without a check, of which any letter may be another.
const UNCHECKED: &[Field] = &[
    Field::PatientEmail,
    Field::ReferringEmail,
    Field::MemberId,
    Field::GroupNo,
    Field::AuthNumber,
];

/// Fields that a misread letter does not change: long texts, and words that were found in a table.
const FORGIVING: &[Field] = &[
    Field::ReasonText,
    Field::PatientAddress,
    Field::ReferringOrg,
    Field::SpecialtyRequested,
    Field::Urgency,
];

/// Fields whose value may be cut short in one place and whole in another.
const WORDY: &[Field] = &[
    Field::ReasonText,
    Field::PatientAddress,
    Field::ReferringOrg,
    Field::Payer,
];

/// Whether two values of a field are the same.
pub fn same(field: Field, a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Name { .. }, Value::Name { .. }) => whole(a).zip(whole(b)).is_some_and(|(a, b)| a.agrees(&b)),
        (Value::Text(a), Value::Text(b)) if field == Field::ReferringProviderName => {
            person(a).zip(person(b)).map_or(a == b, |(a, b)| a.agrees(&b))
        }
        (Value::Text(a), Value::Text(b)) if WORDY.contains(&field) => {
            let (a, b) = (compact(a), compact(b));
            a == b || a.len().min(b.len()) >= 8 && (a.contains(&b) || b.contains(&a))
        }
        (Value::Text(a), Value::Text(b)) => compact(a) == compact(b),
        _ => false,
    }
}

fn whole(value: &Value) -> Option<Person> {
    match value {
        Value::Name { family, given } => Some(Person {
            family: family.clone(),
            given: given.clone(),
            credentials: Vec::new(),
            sure: true,
        }),
        Value::Text(_) => None,
    }
}

fn compact(raw: &str) -> String {
    text::fold(raw).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Fields of which a document about one patient has one value.
fn contradicts(field: Field, groups: &[Candidate]) -> bool {
    let single = matches!(
        field,
        Field::PatientName
            | Field::Dob
            | Field::Sex
            | Field::Urgency
            | Field::MemberId
            | Field::ReferringNpi
            | Field::AuthNumber
            | Field::SpecialtyRequested
    );
    single && groups.get(1).is_some_and(|second| second.confidence >= CONFLICT)
}

/// A field in words, for a person.
pub fn describe(field: Field) -> &'static str {
    match field {
        Field::PatientName => "the patient's name",
        Field::Dob => "the date of birth",
        Field::Sex => "the sex",
        Field::PatientPhone => "the patient's telephone",
        Field::PatientEmail => "the patient's e-mail",
        Field::PatientAddress => "the patient's address",
        Field::PatientLanguage => "the patient's language",
        Field::ReferringProviderName => "the referring provider",
        Field::ReferringNpi => "the referring NPI",
        Field::ReferringPhone => "the referring telephone",
        Field::ReferringFax => "the referring fax",
        Field::ReferringEmail => "the referring e-mail",
        Field::ReferringOrg => "the referring practice",
        Field::SpecialtyRequested => "the specialty",
        Field::ServiceRequested => "the service",
        Field::ReasonText => "the reason",
        Field::Icd10 => "the diagnosis codes",
        Field::Cpt => "the procedure codes",
        Field::Urgency => "the urgency",
        Field::Payer => "the payer",
        Field::MemberId => "the member id",
        Field::GroupNo => "the group number",
        Field::SubscriberName => "whose plan it is",
        Field::SubscriberDob => "the subscriber's date of birth",
        Field::SubscriberSex => "the subscriber's sex",
        Field::Relationship => "what the patient is to the subscriber",
        Field::DependentName => "the dependant",
        Field::DependentDob => "the dependant's date of birth",
        Field::DependentSex => "the dependant's sex",
        Field::AuthNumber => "the authorisation number",
        Field::ReturnCode => "the return code",
        Field::Mrn => "the sender's record number",
        Field::MergedMrn => "the sender's merged record number",
        Field::ProviderId => "the referring provider's identifier",
        Field::ReferredTo => "whom the patient is referred to",
        Field::Plan => "the plan",
        Field::ReferralId => "the sender's referral number",
        Field::ApptId => "the appointment number",
        Field::ApptStart => "the time of the appointment",
        Field::ApptStatus => "what became of the appointment",
        Field::ApptState => "where the appointment stands",
        Field::ApptMinutes => "the length of the appointment",
        Field::ApptPlace => "the place of the appointment",
        Field::ApptAsOf => "when that was so",
        Field::ApptSequence => "the number of the change",
        Field::EligStatus => "what the payer says of the coverage",
        Field::Copay => "the co-payment",
        Field::AaaCode => "why the payer rejected it",
        Field::CheckTrace => "the number of the check",
        Field::CoverageUntil => "the end of the coverage",
        Field::Covered => "the services that are covered",
        Field::NotCovered => "the services that are not covered",
        Field::Deductible => "the deductible",
        Field::NeedsAuthorization => "whether an authorisation is needed",
        Field::ToCorrect => "what to correct",
        Field::Certified => "whether it is certified",
        Field::AuthorizedFrom => "the first day of the authorisation",
        Field::AuthorizedTo => "the last day of the authorisation",
        Field::AuthorizedVisits => "the visits that are authorised",
    }
}
