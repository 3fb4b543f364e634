//! What was read becomes a command: values that are sure are filled in, the others are named in a remark.
//!
//! Must not know the store, nor where the document goes.

use super::kind_code;
use crate::domain::command::{
    Command, NewCoverage, NewDocument, NewOrganization, NewPatient, NewPractitioner, Receive, Ref,
};
use crate::domain::coverage::{Authorization, Relationship, Subscriber};
use crate::domain::id::DocumentId;
use crate::domain::person::{HumanName, Sex};
use crate::domain::policy::Reading;
use crate::domain::priority::Priority;
use crate::domain::referral::Source;
use crate::domain::time::parse_day;
use crate::intake::document::{Field, Found, How, ReadDocument, Value};

/// An urgency is heard from half of what would fill it in.
const HEARD: f32 = 2.0;

/// A field's name, as scripts and the configuration have it.
pub fn named(field: Field) -> String {
    serde_json::to_value(field)
        .ok()
        .and_then(|name| name.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// The best candidate for a field, if it is sure enough to be filled in; below, it is only offered, in a remark. What a second
/// reader has a word in is a person's, whatever the thresholds say.
pub(super) fn sure<'a>(reading: &Reading, read: &'a ReadDocument, field: Field) -> Option<&'a Found> {
    read.best(field)
        .filter(|found| reading.fills(&named(field), found.confidence) && !is_seconded(read, field))
}

/// Whether a second reader named another value of a field, or the only one.
fn is_seconded(read: &ReadDocument, field: Field) -> bool {
    let found = read.fields.get(&field).map(Vec::as_slice).unwrap_or_default();
    found.iter().any(|one| one.how == How::SecondReader)
}

/// What of a reading a person is offered: candidates that are hardly more than a guess are left out, and so is a field that
/// has no others.
pub(super) fn offered(reading: &Reading, mut read: ReadDocument) -> ReadDocument {
    let parts = read.segments.iter_mut().map(|part| &mut part.fields);
    for fields in std::iter::once(&mut read.fields).chain(parts) {
        fields.retain(|_, found| {
            found.retain(|one| one.how == How::SecondReader || reading.offers(one.confidence));
            !found.is_empty()
        });
    }
    read
}

/// The same, as a text.
pub(super) fn sure_text<'a>(reading: &Reading, read: &'a ReadDocument, field: Field) -> Option<&'a str> {
    match &sure(reading, read, field)?.value {
        Value::Text(text) => Some(text),
        Value::Name { .. } => None,
    }
}

fn texts(reading: &Reading, read: &ReadDocument, field: Field) -> Vec<String> {
    let name = named(field);
    let sure = |found: &&Found| found.how != How::SecondReader && reading.fills(&name, found.confidence);
    read.fields
        .get(&field)
        .into_iter()
        .flatten()
        .filter(sure)
        .filter_map(|found| match &found.value {
            Value::Text(text) => Some(text.clone()),
            Value::Name { .. } => None,
        })
        .collect()
}

/// The fields in which a reading has the patient's name and date of birth: where payers speak of a member's dependant, that is who
/// the patient is.
pub(super) fn person_fields(read: &ReadDocument) -> (Field, Field) {
    if read.best(Field::DependentName).is_some() || read.best(Field::DependentDob).is_some() {
        (Field::DependentName, Field::DependentDob)
    } else {
        (Field::PatientName, Field::Dob)
    }
}

/// The patient's name, where it is sure.
pub(super) fn patient_name(reading: &Reading, read: &ReadDocument) -> Option<HumanName> {
    name_in(reading, read, person_fields(read).0)
}

/// A name, where it is sure.
pub(super) fn name_in(reading: &Reading, read: &ReadDocument, field: Field) -> Option<HumanName> {
    Some(match &sure(reading, read, field)?.value {
        Value::Name { family, given } => HumanName {
            family: family.clone(),
            given: given.clone(),
            suffix: String::new(),
        },
        Value::Text(whole) => spoken_name(whole),
    })
}

/// A document that a person must look at.
pub(super) fn waits(document: &Ref<DocumentId, NewDocument>, read: &ReadDocument, reason: String) -> Command {
    match document {
        Ref::New(document) => Command::TakeDocument {
            document: document.clone(),
            reason,
        },
        Ref::Known(document) => Command::ReadDocument {
            document: *document,
            kind: kind_code(read.kind),
            reason,
        },
    }
}

/// Why a person must look, as the command says it.
pub(super) fn reason_of(command: &Command) -> Vec<String> {
    if let Command::TakeDocument { reason, .. } | Command::ReadDocument { reason, .. } = command {
        vec![reason.clone()]
    } else if let Command::Receive(receive) = command {
        receive.remarks.clone()
    } else {
        Vec::new()
    }
}

/// The command that a read referral makes: values that are sure are filled in, the others named in a remark.
pub fn referral(
    reading: &Reading,
    read: &ReadDocument,
    source: Source,
    template: String,
    document: Ref<DocumentId, NewDocument>,
) -> Receive {
    let text = |field| sure_text(reading, read, field).map(str::to_owned);
    let name = patient_name(reading, read).unwrap_or_default();
    let patient = NewPatient {
        name,
        dob: text(Field::Dob).and_then(|dob| parse_day(&dob).ok()),
        sex: sex(sure_text(reading, read, Field::Sex)),
        phone: text(Field::PatientPhone),
        email: text(Field::PatientEmail),
        address: text(Field::PatientAddress),
        language: text(Field::PatientLanguage),
        ..NewPatient::default()
    };
    let provider = text(Field::ReferringProviderName).map(|whole| NewPractitioner {
        name: provider_name(&whole),
        npi: text(Field::ReferringNpi),
        phone: text(Field::ReferringPhone),
        fax: text(Field::ReferringFax),
        email: text(Field::ReferringEmail),
    });
    let practice = text(Field::ReferringOrg).map(|name| NewOrganization {
        name,
        phone: text(Field::ReferringPhone),
        fax: text(Field::ReferringFax),
        email: text(Field::ReferringEmail),
        address: None,
    });
    let coverage = text(Field::Payer).map(|payer| NewCoverage {
        payer,
        member_id: text(Field::MemberId),
        group_no: text(Field::GroupNo),
        subscriber: name_in(reading, read, Field::SubscriberName).map(|name| Subscriber {
            name,
            dob: text(Field::SubscriberDob).and_then(|dob| parse_day(&dob).ok()),
            sex: sex(sure_text(reading, read, Field::SubscriberSex)),
            relationship: sure_text(reading, read, Field::Relationship)
                .and_then(Relationship::from_code)
                .unwrap_or_default(),
        }),
    });
    Receive {
        source,
        received_at: None,
        document: Some(document),
        template,
        service: text(Field::ServiceRequested),
        priority: priority(reading, read),
        patient: Ref::New(patient),
        requester: provider.map(Ref::New),
        organization: practice.map(Ref::New),
        facility: None,
        reason_text: text(Field::ReasonText).unwrap_or_default(),
        reason_codes: texts(reading, read, Field::Icd10),
        procedure_codes: texts(reading, read, Field::Cpt),
        coverages: coverage.into_iter().collect(),
        authorization: text(Field::AuthNumber).map(|number| Authorization {
            number,
            visits: None,
            from: None,
            to: None,
        }),
        provided: Vec::new(),
        remarks: remarks(reading, read),
        replaces: None,
    }
}

/// The highest urgency that the document lists with any weight: a contradiction is named in the remarks, and an emergency
/// is never lost to a ticked "routine". A second reader's word neither raises nor lowers it.
fn priority(reading: &Reading, read: &ReadDocument) -> Option<Priority> {
    let listed = |found: &Found| match &found.value {
        Value::Text(code) => Priority::from_code(code),
        Value::Name { .. } => None,
    };
    read.fields
        .get(&Field::Urgency)?
        .iter()
        .filter(|found| found.how != How::SecondReader)
        .filter(|found| reading.fills(&named(Field::Urgency), found.confidence * HEARD))
        .filter_map(listed)
        .max()
}

pub(super) fn sex(code: Option<&str>) -> Sex {
    match code {
        Some("F") => Sex::Female,
        Some("M") => Sex::Male,
        Some("X") => Sex::Other,
        Some(_) | None => Sex::Unknown,
    }
}

fn spoken_name(whole: &str) -> HumanName {
    match whole.rsplit_once(' ') {
        Some((given, family)) => HumanName {
            family: family.into(),
            given: given.into(),
            suffix: String::new(),
        },
        None => HumanName {
            family: whole.into(),
            ..HumanName::default()
        },
    }
}

/// `Ingrid K. Dos Santos, MD`: credentials follow the comma.
pub fn provider_name(whole: &str) -> HumanName {
    let (name, suffix) = whole
        .split_once(',')
        .map_or((whole, ""), |(name, suffix)| (name.trim(), suffix.trim()));
    HumanName {
        suffix: suffix.to_owned(),
        ..spoken_name(name)
    }
}

/// What the reader doubts, by field: values stay in the reading, where the place on the page is shown with them.
fn remarks(reading: &Reading, read: &ReadDocument) -> Vec<String> {
    let doubtful: Vec<String> = read
        .fields
        .iter()
        .filter(|(field, found)| {
            let unsure = |best: &Found| !reading.fills(&named(**field), best.confidence);
            found.first().is_some_and(unsure) || is_seconded(read, **field)
        })
        .map(|(field, _)| named(*field).replace('_', " "))
        .collect();
    let mut all = read.warnings.clone();
    if !doubtful.is_empty() {
        all.push(format!("read with doubt, not filled in: {}", doubtful.join(", ")));
    }
    all
}

#[cfg(test)]
mod tests;
