//! Appointments and the answers to them.
//!
//! Owns Appointment (FHIR R4 §12.1, R5's and older spellings too) and AppointmentResponse (§12.2). Must not know referrals.

use super::people::spoken;
use super::request::{note_subject, words};
use super::{Node, Resources};
use crate::domain::time::parse_stamp;
use crate::standards::{Happening, Stated, What};

/// What a status means (FHIR appointmentstatus).
pub fn happening(status: &str) -> Happening {
    match status {
        "booked" | "accepted" => Happening::Booked,
        "fulfilled" => Happening::Fulfilled,
        "arrived" | "checked-in" => Happening::Arrived,
        "cancelled" | "entered-in-error" | "declined" => Happening::Cancelled,
        "noshow" => Happening::NoShow,
        _ => Happening::Proposed,
    }
}

/// Notes an appointment.
pub fn note_appointment(appointment: &Node, resources: &Resources<'_>, stated: &mut Stated) {
    for identifier in appointment.each("identifier") {
        stated.note(
            What::AppointmentId,
            identifier.text("value").unwrap_or_default(),
            "Appointment.identifier",
        );
    }
    stated.note(
        What::AppointmentStart,
        appointment.text("start").unwrap_or_default(),
        "Appointment.start",
    );
    note_length(appointment, stated);
    let since = appointment.text_at(&["meta", "lastUpdated"]);
    stated.note(
        What::AsOf,
        since.unwrap_or_default(),
        "Appointment.meta.lastUpdated",
    );
    let version = appointment
        .text_at(&["meta", "versionId"])
        .filter(|version| version.parse::<u64>().is_ok());
    stated.note(
        What::Sequence,
        version.unwrap_or_default(),
        "Appointment.meta.versionId",
    );
    // The server's own number stands in where it has no other name.
    if appointment.get("identifier").is_none() {
        stated.note(
            What::AppointmentId,
            appointment.text("id").unwrap_or_default(),
            "Appointment.id",
        );
    }
    for request in appointment
        .each("basedOn")
        .chain(appointment.each("incomingReferral"))
    {
        note_request_of(request, resources, stated);
    }
    for participant in appointment
        .each("participant")
        .filter_map(|participant| participant.get("actor"))
    {
        note_participant(participant, resources, stated);
    }
    let patients = appointment
        .each("participant")
        .filter_map(|participant| participant.get("actor"))
        .filter(|actor| is_patient(actor));
    let direct = appointment
        .get("subject")
        .into_iter()
        .filter(|actor| is_patient(actor));
    for patient in direct.chain(patients) {
        note_subject(patient, resources, stated);
    }
    for concept in appointment.each("serviceType").chain(appointment.each("type")) {
        stated.note(
            What::Service,
            words(concept).unwrap_or_default(),
            "Appointment.serviceType",
        );
    }
    for note in ["description", "comment"] {
        stated.note(
            What::Narrative,
            appointment.text(note).unwrap_or_default(),
            "Appointment.description",
        );
    }
}

/// `minutesDuration`, else from `start` to `end`.
fn note_length(appointment: &Node, stated: &mut Stated) {
    let stated_length = appointment
        .text("minutesDuration")
        .and_then(|raw| raw.parse::<i64>().ok());
    let at = |name| appointment.text(name).and_then(|raw| parse_stamp(raw).ok());
    let between = || Some((at("end")? - at("start")?).num_minutes());
    if let Some(minutes) = stated_length.or_else(between).filter(|minutes| *minutes > 0) {
        stated.note(
            What::AppointmentMinutes,
            &minutes.to_string(),
            "Appointment.minutesDuration",
        );
    }
}

/// The request that it fills: by its identifiers, where it comes along, else by what the reference says.
fn note_request_of(request: &Node, resources: &Resources<'_>, stated: &mut Stated) {
    let values = resources
        .follow(request)
        .into_iter()
        .flat_map(|found| found.each("identifier"))
        .filter_map(|identifier| identifier.text("value"))
        .chain(request.text_at(&["identifier", "value"]))
        .chain(
            request
                .text("reference")
                .and_then(|reference| reference.rsplit('/').next()),
        );
    for value in values {
        stated.note(What::ReferralId, value, "Appointment.basedOn");
    }
}

/// With whom and where.
fn note_participant(actor: &Node, resources: &Resources<'_>, stated: &mut Stated) {
    let reference = actor.text("reference").unwrap_or_default();
    let found = resources.follow(actor);
    let kind = found
        .and_then(|found| found.text("resourceType"))
        .or_else(|| actor.text("type"))
        .or_else(|| reference.rsplit('/').nth(1))
        .unwrap_or_default();
    match kind {
        "Location" => {
            let name = found
                .and_then(|found| found.text("name"))
                .or_else(|| actor.text("display"));
            stated.note(
                What::AppointmentPlace,
                name.unwrap_or_default(),
                "Appointment.participant",
            );
        }
        "Practitioner" | "PractitionerRole" => {
            let name = found
                .and_then(super::people::name)
                .or_else(|| actor.text("display").and_then(spoken));
            if let Some(name) = name {
                stated.note_person(What::ReferredTo, name, "Appointment.participant");
            }
        }
        _ => {}
    }
}

fn is_patient(actor: &Node) -> bool {
    actor.text("type") == Some("Patient")
        || actor
            .text("reference")
            .is_some_and(|reference| reference.contains("Patient/") || reference.starts_with("urn:"))
}
