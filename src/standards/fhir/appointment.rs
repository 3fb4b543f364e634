//! Appointments and the answers to them.
//!
//! Owns Appointment (FHIR R4 §12.1, R5's and older spellings too) and AppointmentResponse (§12.2). Must not know referrals.

use super::request::{note_subject, words};
use super::{Node, Resources};
use crate::standards::{Happening, Stated, What};

/// What a status means (FHIR appointmentstatus).
pub fn happening(status: &str) -> Happening {
    match status {
        "booked" | "accepted" => Happening::Booked,
        "arrived" | "fulfilled" | "checked-in" => Happening::Fulfilled,
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

fn is_patient(actor: &Node) -> bool {
    actor.text("type") == Some("Patient")
        || actor
            .text("reference")
            .is_some_and(|reference| reference.contains("Patient/") || reference.starts_with("urn:"))
}
