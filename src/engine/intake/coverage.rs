//! A payer's answer: to which check, whether it is about this patient, and what it comes to.
//!
//! Owns the step from a reading to an answer. An answer that names another patient, none of our checks, or nothing that is
//! understood is never taken for *active*: it is for a person. Must not write.

use super::compose;
use crate::domain::command::{Command, NewDocument, Ref};
use crate::domain::coverage::{Answer, Authorization, Coverage, Eligibility};
use crate::domain::id::DocumentId;
use crate::domain::person::{HumanName, Patient};
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

/// Whether an answer is about the patient as the payer has them: member id, date of birth and name of the dependant, or of the
/// subscriber where there is none; none may contradict, and two must agree. Where the plan is another's, that other may not
/// contradict either, and an answer that names no dependant must name the patient with their date of birth: a child is often called
/// like the parent.
fn is_about(policy: &Policy, read: &ReadDocument, patient: &Patient, coverage: &Coverage) -> bool {
    let plain = |raw: &str| -> String {
        raw.chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_uppercase()
    };
    let day = |field| texts(read, field).next().and_then(|dob| parse_day(dob).ok());
    let (named, born) = compose::person_fields(read);
    let is_dependant = named == Field::DependentName;
    let mut agree = 0;
    if let (Some(theirs), Some(ours)) = (texts(read, Field::MemberId).next(), &coverage.member_id) {
        if plain(theirs) != plain(ours) {
            return false;
        }
        agree += 1;
    }
    let Some(same_day) = alike(day(born), patient.dob, |one, other| one == other) else {
        return false;
    };
    agree += u32::from(same_day);
    let name = compose::name_in(&policy.reading, read, named).filter(|name| !fold(&name.family).is_empty());
    let Some(same_name) = alike(name.as_ref(), Some(&patient.name), is_called) else {
        return false;
    };
    agree += u32::from(same_name);
    if let Some(subscriber) = &coverage.subscriber {
        if !(is_dependant || same_day && same_name) {
            return false;
        }
        let member = compose::name_in(&policy.reading, read, Field::PatientName).filter(|_| is_dependant);
        let named_so = alike(member.as_ref(), Some(&subscriber.name), is_called);
        let born_so = alike(
            day(Field::Dob).filter(|_| is_dependant),
            subscriber.dob,
            |a, b| a == b,
        );
        if named_so.is_none() || born_so.is_none() {
            return false;
        }
    }
    agree >= 2
}

/// Whether two values agree; false where one of them is not known, none where they contradict.
fn alike<T>(theirs: Option<T>, ours: Option<T>, same: impl Fn(&T, &T) -> bool) -> Option<bool> {
    match (theirs, ours) {
        (Some(theirs), Some(ours)) => same(&theirs, &ours).then_some(true),
        (Some(_) | None, None) | (None, Some(_)) => Some(false),
    }
}

/// Whether a payer's name is the one on record: payers write names in capitals, without accents, and cut them. Twins and spouses
/// share a card, a family name, sometimes a day: whoever is given another name is somebody else. An initial, or a name cut short,
/// is no other name; a second name may be left out.
fn is_called(theirs: &&HumanName, ours: &&HumanName) -> bool {
    let begins = |one: &str, other: &str| other.starts_with(one) || one.starts_with(other);
    let first = |given: &str| fold(given).split(' ').next().unwrap_or_default().to_owned();
    let (their_first, our_first) = (first(&theirs.given), first(&ours.given));
    let known = || fold(&ours.given).split(' ').any(|each| each == their_first);
    begins(&fold(&theirs.family), &fold(&ours.family)) && (begins(&their_first, &our_first) || known())
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
    // What the payer is silent about is not covered by its silence: the plan as a whole, or each service that was asked about.
    let whole_plan = "30".to_owned();
    let is_whole = is(Field::Covered, &whole_plan);
    let asked_of = if asked.is_empty() {
        std::slice::from_ref(&whole_plan)
    } else {
        asked
    };
    let unsaid: Vec<&String> = asked_of
        .iter()
        .filter(|service| !is_whole && !is(Field::Covered, service) && !left_out.contains(service))
        .collect();
    let eligibility = match first(Field::EligStatus) {
        Some("active") if !correct.is_empty() => Eligibility::Error,
        Some("active") if left_out.is_empty() && unsaid.is_empty() && !both => Eligibility::Active,
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
    if first(Field::EligStatus) == Some("active") && !unsaid.is_empty() {
        let names: Vec<&str> = unsaid.iter().map(|service| service.as_str()).collect();
        said.push(format!("nothing said of service type {}", names.join(", ")));
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
    if texts(read, Field::Certified).nth(1).is_some() {
        return Err(
            "the payer decided on the services one by one, and not alike: read in it which were certified"
                .into(),
        );
    }
    if texts(read, Field::AuthNumber).nth(1).is_some() {
        return Err(
            "the payer's answer has several authorisation numbers: read in it which holds for the visit"
                .into(),
        );
    }
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
