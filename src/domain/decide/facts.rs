//! What a message may speak of: the values of its placeholders.
//!
//! Owns where each comes from. Must not know which message says what: that is the texts'.

use super::draft::Draft;
use crate::domain::case::Appointment;
use crate::domain::message::MessageKind;
use crate::domain::refusal::Refusal;
use crate::domain::rule::Words;
use crate::domain::texts::{FALLBACK_LANGUAGE, Facts, Placeholder, Texts, day_in_words, time_in_words};
use crate::domain::time::day_in;

/// What a notice says, and its language: the one that is wanted where both words and frame speak it, else English.
pub(super) fn said(
    words: &Words,
    texts: &Texts,
    kind: MessageKind,
    wanted: String,
) -> (String, Option<(Placeholder, String)>) {
    let language = Some(wanted)
        .filter(|language| words.contains_key(language) && texts.speaks(kind, language))
        .unwrap_or_else(|| FALLBACK_LANGUAGE.to_owned());
    let said = words
        .get(&language)
        .map(|words| (Placeholder::Words, words.clone()));
    (language, said)
}

/// What a message may say of a referral, in a language; about an appointment where one is given, else the next one or the last.
///
/// # Errors
/// Only a defect.
pub(super) fn about(
    draft: &Draft<'_>,
    language: &str,
    visit: Option<&Appointment>,
) -> Result<Facts, Refusal> {
    let referral = draft.referral()?;
    let clinic = &draft.policy.clinic;
    let mut facts = Facts::from([
        (Placeholder::Clinic, clinic.name.clone()),
        (Placeholder::ClinicPhone, clinic.phone.clone()),
        (Placeholder::ClinicFax, clinic.fax.clone()),
        (Placeholder::Referral, referral.id.to_string()),
        (Placeholder::Specialty, referral.specialty.clone()),
        (Placeholder::Service, referral.service.clone()),
        (
            Placeholder::Received,
            day_in_words(language, day_in(clinic.zone, referral.received_at)),
        ),
    ]);
    if let Some(patient) = draft.next.patient(referral.patient) {
        facts.insert(Placeholder::PatientName, patient.name.spoken());
        facts.insert(Placeholder::PatientGiven, patient.name.given.clone());
        facts.insert(
            Placeholder::PatientDob,
            patient
                .dob
                .map(|dob| day_in_words(language, dob))
                .unwrap_or_default(),
        );
    }
    if let Some(requester) = draft.next.practitioner(referral.requester) {
        facts.insert(Placeholder::Provider, requester.name.spoken());
    }
    let visit = visit
        .or(draft.next.live_appointment())
        .or(draft.next.appointments.last());
    if let Some(appointment) = visit {
        facts.insert(
            Placeholder::Appointment,
            time_in_words(language, clinic.zone, appointment.starts_at),
        );
        facts.insert(Placeholder::Performer, appointment.performer.clone());
        facts.insert(Placeholder::Place, appointment.place.clone());
    }
    Ok(facts)
}
