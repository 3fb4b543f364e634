//! Appointments: SIU.
//!
//! Owns SCH and the segments that say when and where (HL7 v2.5.1 chapter 10, §10.6), and the time at which it was so (MSH-7). Where
//! the event and the filler's status disagree, the event counts and the disagreement is named; where the event only says that
//! something changed, the status counts. Must not know referrals.

use super::Message;
use super::types::{instant, moment, person};
use crate::domain::text;
use crate::standards::{Happening, Sense, Stated, What};

/// Notes the appointment.
pub fn note_appointment(message: &Message<'_>, stated: &mut Stated) {
    let sch = message.first("SCH");
    // The filler keeps the appointment: its number comes first. The placer's is what who asked for it calls it.
    stated.note(What::AppointmentId, &sch.field(2).text(), "SCH-2");
    stated.note(What::AppointmentId, &sch.field(1).text(), "SCH-1");
    let since = instant(&message.first("MSH").field(7).text());
    stated.note(What::AsOf, &since.unwrap_or_default(), "MSH-7");
    // The orders that the appointment fills (SCH-26, SCH-27): where the referral's number may stand.
    for (field, at) in [
        (sch.field(26), "SCH-26"),
        (sch.field(27), "SCH-27"),
        (message.first("RF1").field(6), "RF1-6"),
    ] {
        stated.note(What::ReferralId, &field.text(), at);
    }
    note_length(message, stated);
    let places = [
        (message.first("AIL").field(3), "AIL-3"),
        (message.first("PV1").field(3), "PV1-3"),
    ];
    for (place, at) in places {
        // PL §2A.53: the description, else point of care, room and facility.
        let described = place.component(9).text();
        let parts = [1, 2, 4].map(|number| place.component(number).text());
        let joined = parts
            .iter()
            .filter(|part| !part.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        if stated.first(What::AppointmentPlace).is_none() {
            stated.note(
                What::AppointmentPlace,
                if described.is_empty() { &joined } else { &described },
                at,
            );
        }
    }
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

/// SCH-9 and SCH-10 (length and its unit), or the quantity of the first service (AIS-7, AIS-8). Units: UCUM `min`, `h`, `s`, and
/// the words that senders write.
fn note_length(message: &Message<'_>, stated: &mut Stated) {
    let sch = message.first("SCH");
    let ais = message.first("AIS");
    let lengths = [
        (sch.field(9), sch.field(10), "SCH-9"),
        (ais.field(7), ais.field(8), "AIS-7"),
    ];
    for (length, unit, at) in lengths {
        let Ok(number) = length.text().parse::<u32>() else {
            continue;
        };
        let unit = unit.text().to_ascii_lowercase();
        let minutes = if unit.starts_with("min") || unit == "m" || unit.is_empty() {
            number
        } else if unit.starts_with('h') {
            number.saturating_mul(60)
        } else if unit.starts_with('s') {
            number / 60
        } else {
            continue;
        };
        if minutes > 0 && stated.first(What::AppointmentMinutes).is_none() {
            stated.note(What::AppointmentMinutes, &minutes.to_string(), at);
        }
    }
}

/// SCH-25, the filler's status, in the older place (SCH-6) too.
fn disagree(message: &Message<'_>, stated: &mut Stated) {
    let sch = message.first("SCH");
    let says = [sch.field(25), sch.field(6)]
        .into_iter()
        .find_map(|field| status(&text::fold(&field.text())));
    if let Some(says) = says {
        stated.note(What::AppointmentState, says.label(), "SCH-25");
    }
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
        "complete" | "completed" | "fulfilled" => Happening::Fulfilled,
        "arrived" | "started" | "checked in" | "checkedin" => Happening::Arrived,
        _ => return None,
    })
}
