//! Where a read document goes: to a request that it answers, to the referral that it is about, into a new referral, or to a
//! person.
//!
//! Owns that decision and how certain it must be. Must not write, and must not read bytes.

use super::compose::{self, sure, sure_text};
use super::coverage::{self, Becomes};
use super::kind_code;
use super::report;
use super::visit::{self, Said};
use super::withdrawal::{self, Withdrawal, withdrawal};
use crate::domain::id::ReferralId;
use crate::domain::matching::{Band, Known, compare};
use crate::domain::policy::{Policy, Reading};
use crate::domain::template::Need;
use crate::domain::time::parse_day;
use crate::intake::document::{Container, DocumentKind, Field, ReadDocument};
use crate::store::{Connection, StoreError, alike, content, lookup, records};

/// A kind below this is a person's to judge.
const KIND: f32 = 0.6;
/// Whose a paper is must be read at least this surely before it is put with somebody's referral.
const CERTAIN: f32 = 0.85;

/// Where a read document goes.
pub(super) enum Destination {
    /// A payer's answer to a check of ours, or the clearing house's on its form.
    Coverage,
    /// A payer's authorisation, and with whose referral its paper is kept.
    Authorization(Becomes, Option<ReferralId>),
    /// The clearing house has taken a question.
    Taken,
    /// What another system says of a patient.
    Patient,
    /// What became of appointments is recorded.
    Visits(Vec<Result<Said, String>>),
    /// The sender takes a request back: somebody has to confirm it.
    TakenBack(ReferralId),
    File(ReferralId),
    Answer(ReferralId, Vec<String>),
    Referral(String),
    Person(String),
}

/// Decides it. Whatever is not certain goes to a person, and so does what comes for a referral that nobody looks at any more.
///
/// # Errors
/// The store's.
pub(super) fn destination(
    connection: &Connection,
    policy: &Policy,
    read: &ReadDocument,
) -> Result<Destination, StoreError> {
    let going = sought(connection, policy, read)?;
    let (id, does) = match &going {
        Destination::Answer(id, _) => (*id, "answers"),
        Destination::File(id) => (*id, "belongs to"),
        Destination::Coverage
        | Destination::Authorization(..)
        | Destination::Taken
        | Destination::Patient
        | Destination::Visits(_)
        | Destination::TakenBack(_)
        | Destination::Referral(_)
        | Destination::Person(_) => return Ok(going),
    };
    let snapshot = records::of_referral(connection, id)?;
    let ended = snapshot.referral().filter(|referral| !referral.status.is_open());
    Ok(match ended {
        Some(ended) => Destination::Person(format!(
            "{does} {id}, which is {}: reopen it or file it",
            ended.status
        )),
        None => going,
    })
}

fn sought(connection: &Connection, policy: &Policy, read: &ReadDocument) -> Result<Destination, StoreError> {
    if let Some(code) = read.text(Field::ReturnCode)
        && let Some(asked) = content::referral_of_code(connection, code)?
    {
        // What was merged since is answered where it goes on.
        let referral = lookup::survivor(connection, asked)?;
        if read.segments.len() > 1 {
            return Ok(Destination::Person(format!(
                "answers {referral}, but is about different patients: a person must part them"
            )));
        }
        if let Some(why) = &read.for_person {
            return Ok(Destination::Person(format!("answers {referral}, but {why}")));
        }
        if is_of_another(connection, &policy.reading, read, referral)? {
            return Ok(Destination::Person(format!(
                "carries the return code of {referral}, but is about another patient: a person must say"
            )));
        }
        return Ok(Destination::Answer(
            referral,
            answered_items(connection, policy, referral)?,
        ));
    }
    let person = |why: String| Ok(Destination::Person(why));
    if read.pages.iter().all(|page| page.lines.is_empty()) {
        return person(
            read.warnings
                .first()
                .cloned()
                .unwrap_or_else(|| "nothing could be read".into()),
        );
    }
    if read.segments.len() > 1 {
        return person(
            read.warnings
                .iter()
                .find(|warning| warning.contains("different patients"))
                .cloned()
                .unwrap_or_else(|| "about different patients: a person must part them".into()),
        );
    }
    // What was read of appointments is recorded before a person looks for the rest.
    let cut = read
        .cut
        .as_ref()
        .filter(|_| read.kind != DocumentKind::AppointmentEvent);
    if let Some(why) = read.for_person.as_ref().or(cut) {
        return person(why.clone());
    }
    match read.kind {
        DocumentKind::Referral if read.kind_confidence >= KIND => {}
        DocumentKind::Referral | DocumentKind::Unknown => {
            return person("may be a referral: a person must say".into());
        }
        DocumentKind::InfoReply => {
            if let Some(id) =
                only_open(connection, &policy.reading, read)?.filter(|_| read.kind_confidence >= KIND)
            {
                return Ok(Destination::Answer(id, answered_items(connection, policy, id)?));
            }
            return person(apart(read));
        }
        DocumentKind::ConsultReport | DocumentKind::LabResult | DocumentKind::AuthLetter => {
            let certain = read.kind_confidence >= KIND && is_certain(&policy.reading, read);
            return match report::whose(connection, policy, read)? {
                Ok(id) if certain || names_it(connection, read, id)? => Ok(Destination::File(id)),
                Ok(_) => person(apart(read)),
                Err(why) if certain => person(format!("{}: {why}", apart(read))),
                Err(_) => person(apart(read)),
            };
        }
        DocumentKind::EligibilityResponse if read.text(Field::CheckTrace).is_some() => {
            return Ok(Destination::Coverage);
        }
        DocumentKind::Ack if read.text(Field::CheckTrace).is_some() => {
            let refused = read.text(Field::ToCorrect).is_some();
            return Ok(if refused {
                Destination::Coverage
            } else {
                Destination::Taken
            });
        }
        DocumentKind::PriorAuthResponse if read.kind_confidence >= KIND => {
            let referral = only_open(connection, &policy.reading, read)?;
            return Ok(Destination::Authorization(
                coverage::authorization(read, referral),
                referral,
            ));
        }
        DocumentKind::AppointmentEvent if read.kind_confidence >= KIND => {
            return Ok(Destination::Visits(visit::all(policy, read)));
        }
        DocumentKind::DemographicUpdate
            if read.kind_confidence >= KIND && read.container == Container::Hl7v2 && read.more.is_empty() =>
        {
            return Ok(Destination::Patient);
        }
        DocumentKind::ReferralCancel if read.kind_confidence >= KIND => {
            return Ok(match withdrawal(connection, policy, read)? {
                Withdrawal::Asked(id) => Destination::TakenBack(id),
                Withdrawal::AskedBefore(id) => Destination::File(id),
                Withdrawal::Person(why) => Destination::Person(why),
            });
        }
        DocumentKind::ReferralChange if read.kind_confidence >= KIND => {
            let why = withdrawal::change(connection, policy, read)?;
            return person(why.unwrap_or_else(|| apart(read)));
        }
        DocumentKind::RecordsRequest
        | DocumentKind::InsuranceCard
        | DocumentKind::CoverSheet
        | DocumentKind::ReferralChange
        | DocumentKind::ReferralCancel
        | DocumentKind::AppointmentEvent
        | DocumentKind::Order
        | DocumentKind::DemographicUpdate
        | DocumentKind::EligibilityRequest
        | DocumentKind::EligibilityResponse
        | DocumentKind::PriorAuthRequest
        | DocumentKind::PriorAuthResponse
        | DocumentKind::Communication
        | DocumentKind::Ack
        | DocumentKind::Malformed
        | DocumentKind::Junk => return person(apart(read)),
    }
    if sure(&policy.reading, read, Field::PatientName).is_none() {
        return person("a referral, but the patient's name could not be read".into());
    }
    match sure_text(&policy.reading, read, Field::SpecialtyRequested)
        .and_then(|specialty| policy.template_for(specialty))
    {
        Some(template) => Ok(Destination::Referral(template.key.clone())),
        None => person("a referral, but for which specialty could not be read".into()),
    }
}

/// Why a paper of another kind waits for a person.
fn apart(read: &ReadDocument) -> String {
    format!("not a referral: {}", kind_code(read.kind).replace('_', " "))
}

/// Whether both the patient's name and date of birth were read surely enough to put a paper with somebody's referral.
fn is_certain(reading: &Reading, read: &ReadDocument) -> bool {
    let certain = |field| sure(reading, read, field).is_some_and(|found| found.confidence >= CERTAIN);
    let (name, dob) = compose::person_fields(read);
    certain(name) && certain(dob)
}

/// Whether a paper names this referral by our own number, or one that was merged into it: then its patient's name alone is enough.
fn names_it(connection: &Connection, read: &ReadDocument, id: ReferralId) -> Result<bool, StoreError> {
    Ok(match visit::named(&read.fields).as_slice() {
        [one] => read.kind_confidence >= KIND && lookup::survivor(connection, *one)? == id,
        _ => false,
    })
}

/// Whether a paper is surely about somebody else than a referral's patient: a code is copied from one page to another.
fn is_of_another(
    connection: &Connection,
    reading: &Reading,
    read: &ReadDocument,
    referral: ReferralId,
) -> Result<bool, StoreError> {
    let Some(about) = described(reading, read) else {
        return Ok(false);
    };
    let snapshot = records::of_referral(connection, referral)?;
    let patient = snapshot
        .referral()
        .and_then(|referral| snapshot.patient(referral.patient));
    let own = patient.map(|patient| Known::of(patient, Vec::new()));
    Ok(own.is_some_and(|own| compare(&about, &own).band == Band::Different))
}

/// Who a paper is about, where name and date of birth were both read with certainty.
fn described(reading: &Reading, read: &ReadDocument) -> Option<Known> {
    if !is_certain(reading, read) {
        return None;
    }
    let born = compose::person_fields(read).1;
    Some(Known {
        name: compose::patient_name(reading, read)?,
        dob: sure_text(reading, read, born).and_then(|dob| parse_day(dob).ok()),
        ..Known::default()
    })
}

/// The one open referral of the patient whose name and date of birth were both read with certainty. Two open ones, or a name
/// that is not on record, are for a person.
fn only_open(
    connection: &Connection,
    reading: &Reading,
    read: &ReadDocument,
) -> Result<Option<ReferralId>, StoreError> {
    let Some(known) = described(reading, read) else {
        return Ok(None);
    };
    let Some(patient) = alike::same(connection, &known)? else {
        return Ok(None);
    };
    let open = lookup::open_of_patient(connection, patient)?;
    Ok(match open.as_slice() {
        [one] => Some(*one),
        _ => None,
    })
}

/// The documents that the open request asked for: the answer is taken to bring them, and a person sees it in Review.
fn answered_items(
    connection: &Connection,
    policy: &Policy,
    id: ReferralId,
) -> Result<Vec<String>, StoreError> {
    let snapshot = records::of_referral(connection, id)?;
    let Some(template) = snapshot
        .referral()
        .and_then(|referral| policy.template(&referral.template))
    else {
        return Ok(Vec::new());
    };
    let asked = snapshot
        .open_request()
        .map(|request| request.items.clone())
        .unwrap_or_default();
    let documents = template
        .requirements
        .iter()
        .filter(|each| each.need == Need::Document && asked.contains(&each.key));
    Ok(documents.map(|each| each.key.clone()).collect())
}
