//! An update names what the sender sent, and holds no more of the patient than that.

use super::*;
use crate::domain::message::MessageKind;
use crate::domain::person::Channel;
use crate::domain::time::parse_stamp;
use crate::standards::fhir::chart::sample;

const SENT: &str = r#"{"resourceType":"Bundle","type":"message","entry":[
    {"fullUrl":"urn:uuid:1","resource":{"resourceType":"ServiceRequest","id":"sr","identifier":[{"system":"https://hill.example/orders","value":"S-1"}],
     "status":"active","intent":"order","subject":{"reference":"urn:uuid:2"}}},
    {"fullUrl":"urn:uuid:2","resource":{"resourceType":"Patient","id":"p","name":[{"family":"Secret"}],
     "identifier":[{"system":"https://hill.example/mrn","value":"8812"}]}},
    {"resource":{"resourceType":"Task","identifier":[{"value":"T-1"}],"status":"requested","intent":"order"}}]}"#;

fn update(sent: &str, status: Status) -> Value {
    let (mut chart, _) = (0..)
        .map(sample::chart)
        .find(|(chart, _)| chart.appointments.iter().any(|each| each.state.is_live()))
        .unwrap();
    chart.referral.status = status;
    chart.patient.name.family = "Secret".into();
    let mut message = sample::message(9, MessageKind::StatusUpdate, Channel::Exchange);
    message.subject = status.code().into();
    let with = With {
        clinic: "Riverside",
        now: parse_stamp("2026-03-02T15:05:00Z").unwrap(),
        originals: &[],
    };
    print(&chart, &message, &Sender::of(sent), with)
}

#[test]
fn the_task_points_at_what_the_sender_sent() {
    let bundle = update(SENT, Status::Accepted);
    let entries = bundle["entry"].as_array().unwrap();
    let task = &entries[0]["resource"];
    let request = json!({ "type": "ServiceRequest", "identifier": { "system": "https://hill.example/orders", "value": "S-1" } });
    assert_eq!(
        (&task["focus"], &task["basedOn"], entries.len()),
        (&request, &json!([request]), 1)
    );
    assert_eq!(
        task["for"]["identifier"],
        json!({ "system": "https://hill.example/mrn", "value": "8812" })
    );
    assert_eq!(task["identifier"][1], json!({ "value": "T-1" }));
    assert_eq!(
        (&task["status"], &task["businessStatus"]["coding"][0]["code"]),
        (&json!("accepted"), &json!("3.0"))
    );
    assert!(
        !bundle.to_string().contains("Secret"),
        "no more of the patient than the sender's own number"
    );
}

#[test]
fn of_several_requests_the_one_that_asks_is_answered() {
    let old = r#"{"resource":{"resourceType":"ServiceRequest","status":"completed","identifier":[{"value":"S-0"}],
        "subject":{"reference":"urn:uuid:2"}}},{"fullUrl":"urn:uuid:1","#;
    let sent = SENT.replacen(r#"{"fullUrl":"urn:uuid:1","#, old, 1);
    let task = &update(&sent, Status::Accepted)["entry"][0]["resource"];
    assert_eq!(task["focus"]["identifier"]["value"], "S-1");
}

#[test]
fn a_booked_visit_goes_along() {
    let bundle = update(SENT, Status::Scheduled);
    let entries = bundle["entry"].as_array().unwrap();
    let (task, visit) = (&entries[0]["resource"], &entries[1]);
    assert_eq!(task["output"][0]["valueReference"]["reference"], visit["fullUrl"]);
    assert_eq!(
        (&visit["resource"]["resourceType"], &visit["resource"]["status"]),
        (&json!("Appointment"), &json!("booked"))
    );
}

#[test]
fn a_sender_without_identifiers_is_answered_by_its_ids_and_anybody_else_by_ours() {
    let bare = r#"{"resourceType":"ServiceRequest","id":"sr-9","status":"active","intent":"order","subject":{"display":"x"}}"#;
    assert_eq!(
        update(bare, Status::Received)["entry"][0]["resource"]["focus"]["reference"],
        "ServiceRequest/sr-9"
    );
    for other in ["", "no FHIR", r#"{"resourceType":"Patient"}"#] {
        let bundle = update(other, Status::Received);
        assert_eq!(
            bundle["entry"][0]["resource"]["focus"]["identifier"]["system"],
            "urn:refdesk:referral"
        );
    }
}
