//! From what was read in a document to what a referral being made starts with.
//!
//! Owns the mapping of the reader's fields. Must not decide: a person sees every value before it counts.

use super::asks;
use super::create::Seed;
use crate::domain::coverage::{Relationship, Subscriber};
use crate::domain::person::{HumanName, Sex};
use crate::domain::priority::Priority;
use crate::domain::referral::Source;
use crate::domain::time::parse_day;
use crate::intake::ReadDocument;
use crate::intake::document::{Field, How, Value};

fn name(reading: &ReadDocument, field: Field) -> HumanName {
    match reading.own(field).map(|found| &found.value) {
        Some(Value::Name { family, given }) => HumanName {
            family: family.clone(),
            given: given.clone(),
            suffix: String::new(),
        },
        Some(Value::Text(text)) => asks::name_of(text),
        None => HumanName::default(),
    }
}

fn sex(letter: Option<String>) -> Sex {
    match letter.as_deref() {
        Some("F") => Sex::Female,
        Some("M") => Sex::Male,
        Some("X") => Sex::Other,
        Some(_) | None => Sex::Unknown,
    }
}

/// What a document says.
pub fn seed(reading: &ReadDocument) -> Seed {
    let text = |field| match reading.own(field).map(|found| &found.value) {
        Some(Value::Text(text)) => Some(text.clone()),
        Some(Value::Name { .. }) | None => None,
    };
    let all = |field| {
        let found = reading.fields.get(&field).map(Vec::as_slice).unwrap_or_default();
        let own = found.iter().filter(|found| found.how != How::SecondReader);
        let texts = own.filter_map(|found| match &found.value {
            Value::Text(text) => Some(text.clone()),
            Value::Name { .. } => None,
        });
        texts.collect::<Vec<_>>()
    };
    let mut seed = Seed::default();
    seed.patient.name = name(reading, Field::PatientName);
    seed.patient.dob = text(Field::Dob).and_then(|day| parse_day(&day).ok());
    seed.patient.sex = sex(text(Field::Sex));
    seed.patient.phone = text(Field::PatientPhone);
    seed.patient.email = text(Field::PatientEmail);
    seed.patient.address = text(Field::PatientAddress);
    seed.patient.language = text(Field::PatientLanguage);
    seed.practitioner.name = name(reading, Field::ReferringProviderName);
    seed.practitioner.npi = text(Field::ReferringNpi);
    seed.practitioner.phone = text(Field::ReferringPhone);
    seed.practitioner.fax = text(Field::ReferringFax);
    seed.practitioner.email = text(Field::ReferringEmail);
    seed.organization.name = text(Field::ReferringOrg).unwrap_or_default();
    seed.specialty = text(Field::SpecialtyRequested).unwrap_or_default();
    seed.service = text(Field::ServiceRequested).unwrap_or_default();
    seed.priority = text(Field::Urgency).and_then(|code| Priority::from_code(&code));
    seed.reason = text(Field::ReasonText).unwrap_or_default();
    // Codes of ICD-9-CM, which begin with a digit, are shown and not taken over.
    seed.reason_codes = all(Field::Icd10);
    seed.reason_codes
        .retain(|code| code.starts_with(|c: char| c.is_ascii_alphabetic()));
    seed.procedure_codes = all(Field::Cpt);
    seed.coverage.payer = text(Field::Payer).unwrap_or_default();
    seed.coverage.member_id = text(Field::MemberId);
    seed.coverage.group_no = text(Field::GroupNo);
    seed.coverage.subscriber = reading.own(Field::SubscriberName).map(|_| Subscriber {
        name: name(reading, Field::SubscriberName),
        dob: text(Field::SubscriberDob).and_then(|day| parse_day(&day).ok()),
        sex: sex(text(Field::SubscriberSex)),
        relationship: text(Field::Relationship)
            .and_then(|code| Relationship::from_code(&code))
            .unwrap_or_default(),
    });
    seed.authorization = text(Field::AuthNumber).unwrap_or_default();
    seed
}

/// How a document of this kind came in.
pub fn source(reading: Option<&ReadDocument>) -> Source {
    reading.map_or(Source::Scan, |reading| reading.container.source())
}
