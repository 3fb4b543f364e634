//! A status update: where a referral stands, as a Task (FHIR R4 §12.1) for the system that sent it.
//!
//! Owns how the sender's own request, patient and task are named in it, so that the sender finds them again. It holds no more of
//! the patient than the sender's own identifier. Must not know when it is sent, or how.

use super::chart::{With, business_status, lean, own};
use super::read::chosen;
use super::{Node, Resources, parse};
use crate::domain::case::AppointmentState;
use crate::domain::chart::Chart;
use crate::domain::message::Message;
use crate::domain::status::Status;
use crate::domain::time::print_stamp;
use serde_json::{Map, Value, json};

/// What the sender calls its request, its patient and its task: references as FHIR writes them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sender {
    request: Value,
    patient: Value,
    tasks: Vec<Value>,
}

impl Sender {
    /// Out of the message that the referral came in; nothing where that was no FHIR request.
    pub fn of(text: &str) -> Sender {
        let Ok(roots) = parse(text) else {
            return Sender::default();
        };
        let resources = Resources::of(&roots);
        // The same of several that the referral was made of.
        let Some(request) = chosen(&resources) else {
            return Sender::default();
        };
        let kind = request.text("resourceType").unwrap_or("ServiceRequest");
        let subject = request.get("subject").or_else(|| request.get("patient"));
        let patient = subject.and_then(|subject| resources.follow(subject));
        Sender {
            request: named(kind, request),
            patient: patient
                .map(|patient| named("Patient", patient))
                .unwrap_or_default(),
            tasks: resources
                .of_type("Task")
                .flat_map(|task| task.each("identifier"))
                .filter_map(identifier)
                .collect(),
        }
    }
}

/// A reference to a resource of the sender's: by its identifier, else by its id there.
fn named(kind: &str, resource: &Node) -> Value {
    let by_name = resource.each("identifier").find_map(identifier);
    let by_id = resource
        .text("id")
        .filter(|_| by_name.is_none())
        .map(|id| format!("{kind}/{id}"));
    json!({ "reference": by_id, "type": kind, "identifier": by_name })
}

fn identifier(node: &Node) -> Option<Value> {
    let mut fields = Map::new();
    for part in ["system", "value"] {
        if let Some(text) = node.text(part) {
            fields.insert(part.to_owned(), Value::String(crate::domain::text::line(text)));
        }
    }
    fields.contains_key("value").then_some(Value::Object(fields))
}

/// An update: the chart as it is, the status that the message tells of.
pub fn print(chart: &Chart, message: &Message, sender: &Sender, with: With<'_>) -> Value {
    let status = Status::from_code(&message.subject).unwrap_or(chart.referral.status);
    let visit = (status == Status::Scheduled)
        .then(|| visit(chart, sender))
        .flatten();
    let visit_id = visit
        .as_ref()
        .and_then(|visit| visit.get("id"))
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let output = visit.as_ref().map(|_| {
        let reference = json!({ "reference": with.url("Appointment", &visit_id), "type": "Appointment" });
        json!({ "type": { "text": "appointment" }, "valueReference": reference })
    });
    let referral = &chart.referral;
    let ours = json!({ "system": own::system("referral"), "value": referral.id.to_string() });
    let request = if sender.request.is_null() {
        json!({ "type": "ServiceRequest", "identifier": ours })
    } else {
        sender.request.clone()
    };
    let why = referral
        .status_reason
        .as_ref()
        .filter(|_| referral.status == status);
    let id = format!("task-{}", referral.id);
    let task = json!({
        "resourceType": "Task", "id": id, "meta": { "lastUpdated": print_stamp(message.created_at) },
        "identifier": std::iter::once(ours).chain(sender.tasks.iter().cloned()).collect::<Vec<_>>(),
        "basedOn": [request], "status": status.exchange().task, "statusReason": { "text": why },
        "businessStatus": business_status(status), "intent": "order", "priority": referral.priority.code(),
        "code": { "coding": [{ "system": "http://hl7.org/fhir/CodeSystem/task-code", "code": "fulfill" }] },
        "description": referral.service, "focus": request, "for": sender.patient,
        "authoredOn": print_stamp(referral.received_at),
        "lastModified": print_stamp(message.created_at.max(referral.received_at)), "owner": { "display": with.clinic },
        "output": output.into_iter().collect::<Vec<_>>(),
    });
    let entry = |resource: Value, kind: &str, id: &str| json!({ "fullUrl": with.url(kind, id), "resource": lean(resource) });
    let mut entries = vec![entry(task, "Task", &id)];
    entries.extend(visit.map(|visit| entry(visit, "Appointment", &visit_id)));
    json!({
        "resourceType": "Bundle", "type": "collection", "timestamp": print_stamp(with.now),
        "identifier": { "system": own::system("key"), "value": message.key }, "entry": entries,
    })
}

/// The visit that is booked.
fn visit(chart: &Chart, sender: &Sender) -> Option<Value> {
    let live = |state: AppointmentState| state.is_live();
    let visit = chart
        .appointments
        .iter()
        .filter(|each| live(each.state))
        .min_by_key(|each| each.starts_at)?;
    let actor = |kind: &str, text: &str| {
        (!text.is_empty())
            .then(|| json!({ "actor": { "type": kind, "display": text }, "status": "accepted" }))
    };
    let patient =
        (!sender.patient.is_null()).then(|| json!({ "actor": sender.patient, "status": "accepted" }));
    let parts: Vec<Value> = patient
        .into_iter()
        .chain(actor("Practitioner", &visit.performer))
        .chain(actor("Location", &visit.place))
        .collect();
    Some(json!({
        "resourceType": "Appointment", "id": visit.id.0.to_string(), "status": "booked", "start": print_stamp(visit.starts_at),
        "end": print_stamp(visit.ends_at()), "minutesDuration": visit.minutes, "participant": parts,
    }))
}

#[cfg(test)]
mod tests;
