//! What was said to whom: notes, calls and messages as Communication (FHIR R4 §12.3), requests for information as
//! CommunicationRequest (§12.4).

use super::own::{self, Fields};
use super::{Node, Sheet, Taken};
use crate::domain::case::{InfoRequest, Note, NoteKind, Party};
use crate::domain::message::{Message, MessageState};
use crate::domain::person::Channel;
use crate::domain::time::print_stamp;
use serde_json::{Value, json};

/// Table of how somebody is reached (HL7 v3 ParticipationMode).
const MODES: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode";

pub fn print(sheet: &Sheet<'_>) -> Vec<Value> {
    let chart = sheet.chart;
    let requests = chart.requests.iter().map(|each| request(each, sheet));
    let notes = chart.notes.iter().map(|each| note(each, sheet));
    let messages = chart.messages.iter().map(|each| message(each, sheet));
    requests.chain(notes).chain(messages).collect()
}

const fn mode(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "EMAILWRIT",
        Channel::Sms => "SMSWRIT",
        Channel::Fax => "FAXWRIT",
        Channel::Letter => "MAILWRIT",
        Channel::Phone => "PHONE",
        Channel::Exchange => "ELECTRONIC",
    }
}

fn category(code: &str) -> Value {
    json!([{ "coding": [{ "system": own::system("communication"), "code": code }] }])
}

fn note(note: &Note, sheet: &Sheet<'_>) -> Value {
    let (kind, medium) = match note.kind {
        NoteKind::Text => ("note", None),
        NoteKind::Call => (
            "call",
            Some(json!([{ "coding": [{ "system": MODES, "code": "PHONE" }] }])),
        ),
    };
    json!({
        "resourceType": "Communication", "id": note.id.0.to_string(),
        "extension": [own::rest("said", note, &["id", "referral", "at", "author", "text"])], "status": "completed",
        "category": category(kind), "medium": medium, "subject": sheet.subject(), "about": [sheet.request()],
        "sent": print_stamp(note.at), "sender": { "display": note.author }, "payload": [{ "contentString": note.text }],
    })
}

fn message(message: &Message, sheet: &Sheet<'_>) -> Value {
    let status = match message.state {
        MessageState::Queued => "preparation",
        MessageState::Sending => "in-progress",
        MessageState::HandedOver | MessageState::Delivered | MessageState::Acknowledged => "completed",
        MessageState::Uncertain => "unknown",
        MessageState::Failed | MessageState::Cancelled => "not-done",
        MessageState::Held => "on-hold",
    };
    let why = (status == "not-done").then(|| json!({ "text": message.detail }));
    let to = match message.kind.party() {
        Party::Patient => {
            json!({ "reference": sheet.patient_url(), "type": "Patient", "display": message.recipient })
        }
        Party::Provider | Party::Payer => json!({ "display": message.recipient }),
    };
    let enclosed = message
        .document
        .map(|id| json!({ "contentReference": sheet.with.to("DocumentReference", id.0) }));
    let payload: Vec<Value> = std::iter::once(json!({ "contentString": message.body }))
        .chain(enclosed)
        .collect();
    json!({
        "resourceType": "Communication", "id": message.id.0.to_string(),
        "extension": [own::rest("said", message, &["id", "referral", "subject", "body", "recipient", "sent_at"])],
        "status": status, "statusReason": why, "category": category("message"),
        "medium": [{ "coding": [{ "system": MODES, "code": mode(message.channel) }] }], "subject": sheet.subject(),
        "topic": { "text": message.subject }, "about": [sheet.request()], "sent": message.sent_at.map(print_stamp),
        "recipient": [to], "payload": payload,
    })
}

fn request(request: &InfoRequest, sheet: &Sheet<'_>) -> Value {
    let items = request.items.iter().map(|item| json!({ "contentString": item }));
    json!({
        "resourceType": "CommunicationRequest", "id": request.id.0.to_string(),
        "extension": [own::rest("said", request, &["id", "referral", "code", "items", "sent_at"])],
        "identifier": [{ "system": own::system("return-code"), "value": request.code }],
        "status": if request.answered_at.is_some() { "completed" } else { "active" }, "subject": sheet.subject(),
        "about": [sheet.request()], "payload": items.collect::<Vec<_>>(), "authoredOn": print_stamp(request.sent_at),
    })
}

/// Notes and messages.
pub fn take(taken: &Taken<'_, '_>) -> Result<(Vec<Note>, Vec<Message>), String> {
    let (mut notes, mut messages) = (Vec::new(), Vec::new());
    for (id, node) in taken.records("Communication", "said") {
        let fields = fields(taken, id, node)?;
        let body = node.each("payload").find_map(|part| part.text("contentString"));
        if node.text_at(&["category", "coding", "code"]) == Some("message") {
            let fields = fields
                .text("subject", node.text_at(&["topic", "text"]))
                .text("body", body)
                .text("recipient", node.text_at(&["recipient", "display"]))
                .text("sent_at", node.text("sent"));
            messages.push(fields.record(
                "Communication",
                &[],
                &["address", "recipient", "language", "subject", "body"],
            )?);
        } else {
            let fields = fields
                .text("at", node.text("sent"))
                .text("author", node.text_at(&["sender", "display"]))
                .text("text", body);
            notes.push(fields.record("Communication", &[], &["author", "text"])?);
        }
    }
    Ok((notes, messages))
}

/// Requests for information.
pub fn requests(taken: &Taken<'_, '_>) -> Result<Vec<InfoRequest>, String> {
    let one = |(id, node): (i64, &Node)| {
        let items = node.each("payload").filter_map(|part| part.text("contentString"));
        let items: Vec<String> = items.map(crate::domain::text::line).collect();
        fields(taken, id, node)?
            .text("code", node.text_at(&["identifier", "value"]))
            .with("items", items)
            .text("sent_at", node.text("authoredOn"))
            .record("CommunicationRequest", &[], &["code"])
    };
    taken
        .records("CommunicationRequest", "said")
        .into_iter()
        .map(one)
        .collect()
}

fn fields(taken: &Taken<'_, '_>, id: i64, node: &Node) -> Result<Fields, String> {
    let fields = own::extension(node, "said")
        .map(Fields::of)
        .ok_or_else(|| own::lost("Communication"))?;
    Ok(fields.with("id", id).with("referral", taken.id.to_string()))
}
