//! A payer's answer: to which check, whether it is about this patient, and what it comes to.
//!
//! Owns the step from a reading to an answer. An answer that names another patient, none of our checks, or nothing that is
//! understood is never taken for *active*: it is for a person. Must not write.

use super::compose;
use crate::domain::command::{Command, NewDocument, Ref};
use crate::domain::coverage::{Answer, Authorization, Coverage, Eligibility};
use crate::domain::id::DocumentId;
use crate::domain::person::Patient;
use crate::domain::policy::Policy;
use crate::domain::text::fold;
use crate::domain::time::parse_day;
use crate::intake::document::{Field, ReadDocument, Value};
use crate::store::{Connection, StoreError, lookup, records};

/// What an answer becomes: a command, or why a person must look.
pub(super) type Becomes = Result<Command, String>;

fn texts(read: &ReadDocument, field: Field) -> impl Iterator<Item = &str> {
    read.fields
        .get(&field)
        .into_iter()
        .flatten()
        .filter_map(|found| match &found.value {
            Value::Text(text) => Some(text.as_str()),
            Value::Name { .. } => None,
        })
}

/// What an answer on a coverage becomes.
///
/// # Errors
/// The store's.
pub(super) fn answer(
    connection: &Connection,
    policy: &Policy,
    read: &ReadDocument,
    document: &Ref<DocumentId, NewDocument>,
) -> Result<Becomes, StoreError> {
    let mut found = None;
    for trace in texts(read, Field::CheckTrace) {
        if let Some((referral, coverage)) = lookup::coverage_of_trace(connection, trace)? {
            found = Some((trace.to_owned(), referral, coverage));
            break;
        }
    }
    let Some((trace, referral, id)) = found else {
        return Ok(Err("a payer's answer that belongs to none of our checks".into()));
    };
    let snapshot = records::of_referral(connection, referral)?;
    let patient = snapshot
        .referral()
        .and_then(|referral| snapshot.patient(referral.patient));
    let (Some(patient), Some(coverage)) = (patient, snapshot.get::<Coverage>(id.0)) else {
        return Ok(Err(
            "a payer's answer to a check that is not on record any more".into()
        ));
    };
    let answer = compose_answer(policy, read);
    // What refuses the question need not name anybody; what says something of a coverage must name whose it is.
    let refused = answer.eligibility == Eligibility::Error && answer.correct.is_some();
    if !refused && !is_about(policy, read, patient, coverage) {
        return Ok(Err(format!(
            "a payer's answer to the check of {referral}, but about another patient"
        )));
    }
    Ok(Ok(Command::RecordAnswer {
        referral,
        coverage: id,
        trace,
        answer,
        document: Some(document.clone()),
    }))
}

/// Member id, date of birth and name: none may contradict, and two must agree.
fn is_about(policy: &Policy, read: &ReadDocument, patient: &Patient, coverage: &Coverage) -> bool {
    let plain = |raw: &str| -> String {
        raw.chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_uppercase()
    };
    let mut agree = 0;
    if let (Some(theirs), Some(ours)) = (texts(read, Field::MemberId).next(), &coverage.member_id) {
        if plain(theirs) != plain(ours) {
            return false;
        }
        agree += 1;
    }
    let dob = texts(read, Field::Dob).next().and_then(|dob| parse_day(dob).ok());
    if let (Some(theirs), Some(ours)) = (dob, patient.dob) {
        if theirs != ours {
            return false;
        }
        agree += 1;
    }
    if let Some(name) = compose::patient_name(&policy.reading, read) {
        // Payers write names in capitals, without accents, and cut them.
        let (theirs, ours) = (fold(&name.family), fold(&patient.name.family));
        if !theirs.is_empty() && !ours.is_empty() {
            if !ours.starts_with(&theirs) && !theirs.starts_with(&ours) {
                return false;
            }
            agree += 1;
        }
        // Twins and spouses share a card, a family name, sometimes a day: whoever is given another name is somebody else. An initial,
        // or a name cut short, is no other name; a second name may be left out.
        let first = |given: &str| fold(given).split(' ').next().unwrap_or_default().to_owned();
        let (theirs, ours) = (first(&name.given), first(&patient.name.given));
        let differ = !ours.starts_with(&theirs) && !theirs.starts_with(&ours);
        let known = fold(&patient.name.given).split(' ').any(|each| each == theirs);
        if !theirs.is_empty() && !ours.is_empty() && differ && !known {
            return false;
        }
    }
    agree >= 2
}

fn compose_answer(policy: &Policy, read: &ReadDocument) -> Answer {
    let first = |field| texts(read, field).next();
    let correct: Vec<&str> = texts(read, Field::ToCorrect).collect();
    let asked = policy
        .checks
        .as_ref()
        .map(|checks| checks.services.as_slice())
        .unwrap_or_default();
    let is = |field, service: &String| texts(read, field).any(|each| each == service);
    let left_out: Vec<&String> = asked
        .iter()
        .filter(|service| is(Field::NotCovered, service) && !is(Field::Covered, service))
        .collect();
    let both = asked
        .iter()
        .any(|service| is(Field::NotCovered, service) && is(Field::Covered, service));
    let eligibility = match first(Field::EligStatus) {
        Some("active") if !correct.is_empty() => Eligibility::Error,
        Some("active") if left_out.is_empty() && !both => Eligibility::Active,
        Some("active") => Eligibility::Partial,
        Some("inactive") => Eligibility::Inactive,
        Some(_) | None => Eligibility::Error,
    };
    let mut said: Vec<String> = Vec::new();
    let labelled = [
        (Field::Plan, ""),
        (Field::Copay, "co-pay "),
        (Field::Deductible, "deductible "),
    ];
    for (field, label) in labelled {
        said.extend(first(field).map(|value| format!("{label}{value}")));
    }
    if !left_out.is_empty() {
        let names: Vec<&str> = left_out.iter().map(|service| service.as_str()).collect();
        said.push(format!("not covered: service type {}", names.join(", ")));
    } else if both {
        said.push("one plan covers it and another does not".into());
    }
    let needs_authorization = first(Field::NeedsAuthorization) == Some("yes");
    if needs_authorization {
        said.push("needs authorisation".into());
    }
    let correct = (!correct.is_empty()).then(|| correct.join("; "));
    said.extend(correct.clone());
    Answer {
        eligibility,
        until: first(Field::CoverageUntil).and_then(|day| parse_day(day).ok()),
        note: said.join(" · "),
        needs_authorization,
        correct,
    }
}

/// What an answer on an authorisation becomes: the authorisation, where the payer certified it (X12 HCR01 A1, A2, A6) and it is
/// certain whose it is.
///
/// # Errors
/// The store's.
pub(super) fn authorization(read: &ReadDocument, referral: Option<crate::domain::id::ReferralId>) -> Becomes {
    let first = |field| texts(read, field).next();
    let certified = match first(Field::Certified) {
        Some("A1" | "A2" | "A6") => true,
        Some("A3" | "C") => return Err("the payer did not certify the visit: decide what to do".into()),
        Some("A4" | "CT") => {
            return Err("the payer has not decided on the authorisation yet, or asks to be called".into());
        }
        Some(_) | None => false,
    };
    let Some(number) = first(Field::AuthNumber).filter(|_| certified) else {
        return Err("a payer's answer on an authorisation that certifies none".into());
    };
    let referral = referral.ok_or("an authorisation, but whose referral it is for is not certain")?;
    let day = |field| first(field).and_then(|day| parse_day(day).ok());
    Ok(Command::SetAuthorization {
        referral,
        authorization: Authorization {
            number: number.to_owned(),
            visits: first(Field::AuthorizedVisits).and_then(|visits| visits.parse().ok()),
            from: day(Field::AuthorizedFrom),
            to: day(Field::AuthorizedTo),
        },
    })
}
