//! Appointment (FHIR R4 §12.5).

use super::own::{self, Fields};
use super::{Node, Sheet, Taken};
use crate::domain::case::{Appointment, AppointmentState};
use crate::domain::time::print_stamp;
use serde_json::{Value, json};

pub fn print(sheet: &Sheet<'_>) -> Vec<Value> {
    sheet
        .chart
        .appointments
        .iter()
        .map(|each| appointment(each, sheet))
        .collect()
}

fn appointment(visit: &Appointment, sheet: &Sheet<'_>) -> Value {
    let status = match visit.state {
        AppointmentState::Booked | AppointmentState::Confirmed => "booked",
        AppointmentState::Rebooked | AppointmentState::Cancelled => "cancelled",
        AppointmentState::NoShow => "noshow",
        AppointmentState::Fulfilled => "fulfilled",
    };
    let actor = |kind: &str, text: &str| {
        (!text.is_empty())
            .then(|| json!({ "actor": { "type": kind, "display": text }, "status": "accepted" }))
    };
    let mut participants = vec![json!({ "actor": sheet.subject(), "status": "accepted" })];
    participants.extend(actor("Practitioner", &visit.performer));
    participants.extend(actor("Location", &visit.place));
    let external = visit
        .external
        .as_ref()
        .map(|name| json!({ "system": own::system("appointment"), "value": name }));
    let elsewhere = [
        "id",
        "referral",
        "starts_at",
        "minutes",
        "performer",
        "place",
        "external",
    ];
    json!({
        "resourceType": "Appointment", "id": visit.id.0.to_string(), "extension": [own::rest("appointment", visit, &elsewhere)],
        "identifier": external.into_iter().collect::<Vec<_>>(), "status": status, "start": print_stamp(visit.starts_at),
        "end": print_stamp(visit.ends_at()), "minutesDuration": Some(visit.minutes).filter(|minutes| *minutes > 0),
        "basedOn": [sheet.request()], "participant": participants,
    })
}

pub fn take(taken: &Taken<'_, '_>) -> Result<Vec<Appointment>, String> {
    let one = |(id, node): (i64, &Node)| {
        let fields = own::extension(node, "appointment")
            .map(Fields::of)
            .ok_or_else(|| own::lost("Appointment"))?;
        let actor = |kind: &str| {
            let actors = node.each("participant").filter_map(|each| each.get("actor"));
            let mut of_kind = actors.filter(|actor| actor.text("type") == Some(kind));
            of_kind.find_map(|actor| actor.text("display"))
        };
        fields
            .with("id", id)
            .with("referral", taken.id.to_string())
            .text("starts_at", node.text("start"))
            .with("minutes", 0)
            .number("minutes", node.text("minutesDuration"))
            .text("performer", actor("Practitioner"))
            .text("place", actor("Location"))
            .text("external", node.text_at(&["identifier", "value"]))
            .record("Appointment", &["activity"], &["performer", "place"])
    };
    taken
        .records("Appointment", "appointment")
        .into_iter()
        .map(one)
        .collect()
}
