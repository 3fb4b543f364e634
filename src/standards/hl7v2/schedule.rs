//! Appointments: SIU.
//!
//! Owns SCH and the segments that say when and where (HL7 v2.5.1 chapter 10, §10.6). Where the event and the filler's status
//! disagree, the event counts and the disagreement is named. Must not know referrals.

use super::Message;
use super::types::{moment, person};
use crate::domain::text;
use crate::standards::{Happening, Sense, Stated, What};

/// Notes the appointment.
pub fn note_appointment(message: &Message<'_>, stated: &mut Stated) {
    let sch = message.first("SCH");
    stated.note(What::AppointmentId, &sch.field(1).text(), "SCH-1");
    stated.note(What::AppointmentId, &sch.field(2).text(), "SCH-2");
    // When: SCH-11 (TQ) in older versions, TQ1-7, then the first resource that says.
    let times = [
        (sch.field(11).component(4).text(), "SCH-11"),
        (sch.field(12).component(4).text(), "SCH-12"),
        (message.first("TQ1").field(7).text(), "TQ1-7"),
        (message.first("AIS").field(4).text(), "AIS-4"),
        (message.first("AIL").field(6).text(), "AIL-6"),
        (message.first("AIP").field(6).text(), "AIP-6"),
        (message.first("AIG").field(8).text(), "AIG-8"),
    ];
    let when = times.iter().find_map(|(raw, at)| Some((moment(raw)?, *at)));
    if let Some((when, at)) = when {
        stated.note(What::AppointmentStart, &when, at);
    }
    let reasons = [sch.field(7), sch.field(8)];
    for reason in reasons {
        stated.note(What::Service, &reason.component(2).text(), "SCH-7");
    }
    stated.note(
        What::Service,
        &message.first("AIS").field(3).component(2).text(),
        "AIS-3",
    );
    let clinician = [message.first("AIP").field(3), sch.field(12)]
        .into_iter()
        .find_map(person);
    if let Some(name) = clinician {
        stated.note_person(What::ReferredTo, name, "AIP-3");
    }
    for note in message.all("NTE") {
        stated.note(What::Narrative, &note.field(3).whole(), "NTE-3");
    }
    disagree(message, stated);
}

/// SCH-25, the filler's status, in the older place (SCH-6) too.
fn disagree(message: &Message<'_>, stated: &mut Stated) {
    let sch = message.first("SCH");
    let says = [sch.field(25), sch.field(6)]
        .into_iter()
        .find_map(|field| status(&text::fold(&field.text())));
    if let (Sense::Appointment(happened), Some(says)) = (stated.sense, says) {
        let same = says == happened
            || happened == Happening::Modified
            || (says == Happening::Booked && happened == Happening::Rescheduled);
        if !same {
            stated.doubt("the event of the appointment and its status disagree");
        }
    }
}

/// Filler status codes (table 0278), as words.
fn status(word: &str) -> Option<Happening> {
    Some(match word {
        "booked" | "pending" | "add" => Happening::Booked,
        "cancelled" | "canceled" | "deleted" | "dc" | "discontinued" => Happening::Cancelled,
        "noshow" | "no show" => Happening::NoShow,
        "complete" | "completed" | "arrived" | "started" => Happening::Fulfilled,
        _ => return None,
    })
}
