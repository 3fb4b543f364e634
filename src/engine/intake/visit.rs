//! What another system says of an appointment: what was said, and whose referral it is.
//!
//! Owns the step from a reading to an activity, and the matching: by the system's own number of the appointment, by the number of
//! the referral that it names, by patient and service. Whoever is named must be whose referral it is; what is not certain is for a
//! person. Must not write.

use crate::domain::case::{Activity, AppointmentState};
use crate::domain::id::ReferralId;
use crate::domain::matching::{Known, Level, Trait, compare};
use crate::domain::person::HumanName;
use crate::domain::policy::Policy;
use crate::domain::referral::Referral;
use crate::domain::snapshot::Snapshot;
use crate::domain::status::Status;
use crate::domain::text::fold;
use crate::domain::time::{Day, parse_day, parse_moment};
use crate::intake::document::{Container, Field, Found, ReadDocument, Value};
use crate::intake::visit::state_of;
use crate::store::{Connection, StoreError, alike, lookup, records};
use std::collections::BTreeMap;

type Fields = BTreeMap<Field, Vec<Found>>;

/// What was said of one appointment.
pub(super) struct Said {
    /// What the other system calls it, with the system's kind before it; the filler's number first.
    names: Vec<String>,
    /// What was said.
    pub activity: Activity,
    /// Referrals that are named.
    referrals: Vec<ReferralId>,
    patient: Option<HumanName>,
    dob: Option<Day>,
    mrn: Vec<String>,
    specialty: Option<String>,
    service: Option<String>,
}

/// Whose it is.
pub(super) enum Whose {
    /// This referral's; the name under which the appointment is known.
    Referral(ReferralId, String),
    /// A person must say; why.
    Person(String),
}

/// The appointments that a document speaks of.
pub(super) fn all(policy: &Policy, read: &ReadDocument) -> Vec<Result<Said, String>> {
    // In the order of the file, whose last is the one that stands for all.
    read.more
        .iter()
        .chain([&read.fields])
        .map(|fields| said(policy, read.container, fields))
        .collect()
}

fn texts(fields: &Fields, field: Field) -> impl Iterator<Item = &str> {
    fields
        .get(&field)
        .into_iter()
        .flatten()
        .filter_map(|found| match &found.value {
            Value::Text(text) => Some(text.as_str()),
            Value::Name { .. } => None,
        })
}

fn said(policy: &Policy, container: Container, fields: &Fields) -> Result<Said, String> {
    let zone = policy.clinic.zone;
    let first = |field| texts(fields, field).next();
    let state = first(Field::ApptStatus)
        .and_then(state_of)
        // Where a message only says that something changed, the status that it carries counts.
        .map(|state| state.or_else(|| first(Field::ApptState).and_then(state_of).flatten()))
        .ok_or("an appointment was asked for, and none is booked yet: a person must say")?;
    let starts_at = first(Field::ApptStart).and_then(|raw| parse_moment(raw, zone));
    // A calendar and a table always say when: a day without a time, or a time of a zone that is not known, is no visit to book.
    let timed = matches!(container, Container::Calendar | Container::Table);
    let stated = first(Field::ApptStart).is_some();
    if starts_at.is_none() && (stated || timed && state == Some(AppointmentState::Booked)) {
        return Err("at what time the appointment is could not be read: a person must say".into());
    }
    let kind = match container {
        Container::Hl7v2 => "hl7",
        Container::Fhir => "fhir",
        Container::Calendar => "ics",
        Container::Table => "csv",
        Container::Text
        | Container::Email
        | Container::Pdf
        | Container::Image
        | Container::Word
        | Container::Rtf
        | Container::Archive
        | Container::X12
        | Container::Ccda
        | Container::Unknown => "other",
    };
    let mut names: Vec<String> = texts(fields, Field::ApptId)
        .map(|id| format!("{kind}/{}", crate::domain::text::line(id)))
        .map(|name| name.chars().take(200).collect())
        .collect();
    if names.is_empty() {
        // Where it has no number, its time tells it from the patient's others.
        let at = starts_at.ok_or("the message gives the appointment neither a number nor a time")?;
        names.push(format!("{kind}/at {}", crate::domain::time::print_stamp(at)));
    }
    let performer = fields.get(&Field::ReferredTo).and_then(|found| found.first());
    let activity = Activity {
        as_of: first(Field::ApptAsOf).and_then(|raw| parse_moment(raw, zone)),
        sequence: first(Field::ApptSequence).and_then(|raw| raw.parse().ok()),
        state,
        starts_at,
        minutes: first(Field::ApptMinutes).and_then(|raw| raw.parse().ok()),
        performer: performer.and_then(|found| match &found.value {
            Value::Text(text) => Some(short(text)),
            Value::Name { .. } => None,
        }),
        place: first(Field::ApptPlace).map(short),
    };
    let patient = fields.get(&Field::PatientName).and_then(|found| found.first());
    Ok(Said {
        names,
        activity,
        referrals: named(fields),
        patient: patient.and_then(|found| match &found.value {
            Value::Name { family, given } => Some(HumanName {
                family: family.clone(),
                given: given.clone(),
                suffix: String::new(),
            }),
            Value::Text(_) => None,
        }),
        dob: first(Field::Dob).and_then(|dob| parse_day(dob).ok()),
        mrn: texts(fields, Field::Mrn).map(str::to_owned).collect(),
        specialty: first(Field::SpecialtyRequested).map(str::to_owned),
        service: first(Field::ServiceRequested).map(str::to_owned),
    })
}

fn short(text: &str) -> String {
    crate::domain::text::squeeze(&crate::domain::text::line(text))
        .chars()
        .take(200)
        .collect()
}

/// The clinic's own referral numbers among those that are stated: the check character tells them from others'.
pub(super) fn named(fields: &Fields) -> Vec<ReferralId> {
    let mut all: Vec<ReferralId> = texts(fields, Field::ReferralId)
        .flat_map(|text| text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')))
        .filter(|word| word.len() > 3 && word.get(..2).is_some_and(|lead| lead.eq_ignore_ascii_case("R-")))
        .filter_map(|word| word.parse().ok())
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Whose an appointment is.
///
/// # Errors
/// The store's.
pub(super) fn whose(connection: &Connection, policy: &Policy, said: &Said) -> Result<Whose, StoreError> {
    let own = |said: &Said| said.names.first().cloned().unwrap_or_default();
    for name in said.names.iter().filter(|name| !name.contains("/at ")) {
        if let Some(id) = lookup::referral_of_appointment(connection, name)? {
            let id = lookup::survivor(connection, id)?;
            let snapshot = records::of_referral(connection, id)?;
            return Ok(if is_about(said, &snapshot) {
                Whose::Referral(id, name.clone())
            } else {
                Whose::Person(format!(
                    "an appointment of {id}, but for another patient: a person must say"
                ))
            });
        }
    }
    match said.referrals.as_slice() {
        [id] => {
            let id = &lookup::survivor(connection, *id)?;
            let snapshot = records::of_referral(connection, *id)?;
            if snapshot.referral().is_none() {
                return Ok(Whose::Person(format!("it names {id}, which is not on record")));
            }
            return Ok(if is_about(said, &snapshot) {
                Whose::Referral(*id, own(said))
            } else {
                Whose::Person(format!("it names {id}, but another patient: a person must say"))
            });
        }
        [] => {}
        [_, _, ..] => {
            return Ok(Whose::Person(
                "it names several referrals: a person must say".into(),
            ));
        }
    }
    let Some(patient) = &said.patient else {
        return Ok(Whose::Person(
            "an appointment that names neither a referral nor a patient".into(),
        ));
    };
    let mut who = Known {
        name: patient.clone(),
        dob: said.dob,
        ..Known::default()
    };
    let mut known = alike::same(connection, &who)?;
    for mrn in &said.mrn {
        if known.is_none() {
            who.mrn = Some(mrn.clone());
            known = alike::same(connection, &who)?;
        }
    }
    let Some(known) = known else {
        return Ok(Whose::Person(
            "an appointment of a patient who has no referral here".into(),
        ));
    };
    let mut fit = Vec::new();
    for id in lookup::open_of_patient(connection, known)? {
        let snapshot = records::of_referral(connection, id)?;
        if is_about(said, &snapshot) {
            fit.extend(snapshot.referral().cloned());
        }
    }
    let open = fit.len();
    let fit = narrowed(policy, said, fit);
    Ok(match fit.as_slice() {
        [one] if !may_be_for(policy, said, one) => Whose::Person(format!(
            "an appointment of the patient of {}, maybe for something else: a person must say",
            one.id
        )),
        [one] => Whose::Referral(one.id, own(said)),
        [] if open == 0 => Whose::Person("an appointment of a patient who has no open referral".into()),
        [] => Whose::Person("an appointment for another service than the patient was referred for".into()),
        [_, _, ..] => {
            Whose::Person("the patient has several referrals that it may belong to: a person must say".into())
        }
    })
}

/// Whether an appointment that names no referral may be taken for the patient's only one: a specialty that the clinic does not have is
/// another's, and while nobody has decided, only one that is named as the referral's own books it, since that would be the decision.
fn may_be_for(policy: &Policy, said: &Said, referral: &Referral) -> bool {
    let service = said
        .service
        .as_deref()
        .map(|service| fold(service) == fold(&referral.service));
    let specialty = said.specialty.as_deref();
    let known = specialty.map(|specialty| policy.template_for(specialty).is_some());
    match (service, known) {
        (Some(true), _) | (None, None) | (_, Some(true)) => true,
        (_, Some(false)) => false,
        (Some(false), None) => !is_undecided(referral),
    }
}

fn is_undecided(referral: &Referral) -> bool {
    matches!(
        referral.status,
        Status::Received | Status::NeedsInfo | Status::InReview
    )
}

/// Of several referrals those for the specialty and the service that are named, and of these those that wait for a visit.
fn narrowed(policy: &Policy, said: &Said, mut fit: Vec<Referral>) -> Vec<Referral> {
    let template = said
        .specialty
        .as_deref()
        .and_then(|specialty| policy.template_for(specialty));
    if let Some(template) = template {
        fit.retain(|each| each.template == template.key);
    }
    let keep_if_any = |fit: &mut Vec<Referral>, test: &dyn Fn(&Referral) -> bool| {
        if fit.len() > 1 && fit.iter().any(test) {
            fit.retain(test);
        }
    };
    if let Some(service) = said.service.as_deref().map(fold) {
        keep_if_any(&mut fit, &|each| fold(&each.service) == service);
    }
    keep_if_any(&mut fit, &|each| !is_undecided(each));
    fit
}

/// Whether the patient that is named, as far as one is, is the referral's. A date of birth must agree where both are known. With it,
/// the first given name is enough, or the family name beside no other given name: twins share all else. Without it, both must agree.
fn is_about(said: &Said, snapshot: &Snapshot) -> bool {
    let Some(patient) = snapshot
        .referral()
        .and_then(|referral| snapshot.patient(referral.patient))
    else {
        return false;
    };
    let born = match (said.dob, patient.dob) {
        (Some(theirs), Some(ours)) if theirs != ours => return false,
        (Some(_), Some(_)) => true,
        (Some(_), None) | (None, Some(_)) | (None, None) => false,
    };
    let Some(name) = &said.patient else { return true };
    let family = fold(&name.family) == fold(&patient.name.family);
    let given = first_name(&name.given) == first_name(&patient.name.given);
    let theirs = Known {
        name: name.clone(),
        ..Known::default()
    };
    let called = compare(&theirs, &Known::of(patient, Vec::new())).level(Trait::Given);
    if born {
        given || family && called != Level::Differs
    } else {
        family && given
    }
}

/// The first of the given names, folded.
pub(super) fn first_name(given: &str) -> String {
    fold(given).split(' ').next().unwrap_or_default().to_owned()
}

/// What a document of Intake says of an appointment, where it says it of one.
pub(super) fn only(policy: &Policy, read: &ReadDocument) -> Option<(String, Activity)> {
    if !read.more.is_empty() {
        return None;
    }
    let said = said(policy, read.container, &read.fields).ok()?;
    Some((said.names.first()?.clone(), said.activity))
}
