//! Files that hold more than one thing, or more than was read: nothing of them is lost, and no part is taken for the whole.

use super::Clinic;
use serde_json::{Value, json};

const LETTER: &str = "REFERRAL REQUEST\n\nReferring Provider: Irene Hale, MD\nNPI: 1234567893\n\nPatient Name: Garcia, Maria\n\
    DOB: 05/17/1970\nSex: F\n\nSpecialty Requested: Cardiology\nReason for Referral: palpitations\n";

/// A clinic with one accepted referral of Maria Garcia's.
fn accepted() -> Clinic {
    let clinic = Clinic::new();
    let letter = clinic.file("letter.txt", LETTER);
    clinic.run(["intake".as_ref(), letter.as_os_str()]).done();
    let receipt = clinic.does(json!({ "command": "accept", "referral": "R-10001-W" }));
    assert!(receipt["action"].is_i64(), "{receipt}");
    clinic
}

fn takes(clinic: &Clinic, name: &str, text: &str) -> Value {
    let file = clinic.file(name, text);
    let said = clinic.at(
        "2026-03-02T15:00:00Z",
        &["--json", "intake", file.to_str().unwrap()],
    );
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    said.objects().remove(0)
}

fn hl7(event: &str, number: u32, rest: &str) -> String {
    format!("MSH|^~\\&|SCHED|CLINIC|DESK|CLINIC|20260302100000||{event}|{number}|P|2.5.1\r{rest}\r")
}

const MARIA: &str = "PID|1||8812||GARCIA^MARIA||19700517|F";
const OTTO: &str = "PID|1||9900||BRANDT^OTTO||19500131|M";

fn referral(number: u32, pid: &str) -> String {
    let rest = format!(
        "RF1||R^Routine^HL70280|||CAR^Cardiology^L|S-{number}\rPRD|RP|LEE^ANN\r{pid}\rDG1|1||R00.2^Palpitations^I10"
    );
    hl7("REF^I12", number, &rest)
}

fn visit(number: u32, event: &str, pid: &str) -> String {
    let rest = format!("SCH||{number}^SCHED|||||ROUTINE^Consultation||30|min|^^^20260310093000\r{pid}");
    hl7(event, number, &rest)
}

#[test]
fn a_file_of_several_messages_or_patients_is_a_persons() {
    let observed = "OBR|1||F-1|11488-4^Consult note^LN|||||||||||||||||||||F\rOBX|1|TX|11488-4^Consult note^LN||Sinus rhythm.";
    let two_requests = r#"{"resourceType":"Bundle","type":"collection","entry":[
        {"resource":{"resourceType":"ServiceRequest","id":"1","status":"active","intent":"order","code":{"text":"Cardiology consultation"},"subject":{"reference":"Patient/a"}}},
        {"resource":{"resourceType":"ServiceRequest","id":"2","status":"active","intent":"order","code":{"text":"Cardiology consultation"},"subject":{"reference":"Patient/b"}}},
        {"resource":{"resourceType":"Patient","id":"a","name":[{"family":"Garcia","given":["Maria"]}],"birthDate":"1970-05-17"}},
        {"resource":{"resourceType":"Patient","id":"b","name":[{"family":"Brandt","given":["Otto"]}],"birthDate":"1950-01-31"}}]}"#;
    let results = two_requests
        .replace("ServiceRequest", "DiagnosticReport")
        .replace("\"intent\":\"order\",", "");
    let table = [
        (
            "two.hl7",
            format!("{}{}", referral(1, MARIA), referral(2, OTTO)),
            "holds 2 messages",
        ),
        ("two.json", two_requests.to_owned(), "holds 2 requests"),
        ("results.json", results, "2 patients"),
        (
            "mixed.hl7",
            format!("{}{}", visit(3, "SIU^S12", MARIA), hl7("ADT^A08", 4, OTTO)),
            "holds 2 messages",
        ),
        (
            "who.hl7",
            format!("{}{}", hl7("ADT^A08", 5, MARIA), hl7("ADT^A08", 6, OTTO)),
            "holds 2 messages",
        ),
        (
            "seen.hl7",
            hl7("ORU^R01", 7, &format!("{MARIA}\r{observed}\r{OTTO}\r{observed}")),
            "2 patients",
        ),
        (
            "merged.hl7",
            hl7("ADT^A40", 8, &format!("{MARIA}\rMRG|8813\r{MARIA}\rMRG|9901")),
            "merges 2 records",
        ),
        (
            "booked.hl7",
            visit(9, "SIU^S12", &format!("{MARIA}\r{OTTO}")),
            "2 patients",
        ),
    ];
    let clinic = accepted();
    let before = clinic.show("R-10001-W");
    for (name, text, why) in &table {
        let said = takes(&clinic, name, text);
        assert_eq!(
            (&said["status"], &said["referral"]),
            (&json!("intake"), &Value::Null),
            "{name}: {said}"
        );
        assert!(said["warnings"].to_string().contains(why), "{name}: {said}");
    }
    assert_eq!(clinic.show("R-10001-W"), before, "nothing was put with it");
    let all = |list: &str| clinic.run(["--json", "list", "--list", list]).objects().len();
    assert_eq!(all("intake"), table.len());
    assert_eq!(all("review"), 0, "no referral was made");
    // The same message twice is one.
    let twice = referral(10, OTTO).repeat(2);
    assert_eq!(takes(&clinic, "twice.hl7", &twice)["status"], "received");
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn what_a_schedule_says_is_recorded_as_far_as_it_could_be_read() {
    let clinic = accepted();
    let head = "appointment id,patient,dob,start,status\r\n";
    let cut = format!(
        "{head}1,\"Garcia, Maria\",1970-05-17,2026-03-10 09:30,booked\r\n2,\"Brandt, Otto,1950-01-31,2026-03-10 10:30,booked\r\n"
    );
    let said = takes(&clinic, "cut.csv", &cut);
    assert_eq!(said["status"], "intake", "{said}");
    assert!(
        said["warnings"].to_string().contains(
            "1 appointments in it were recorded; it has a quotation mark in row 3 that is never closed"
        ),
        "{said}"
    );
    let visits = &clinic.show("R-10001-W")["appointments"];
    assert_eq!(visits[0]["starts_at"], "2026-03-10T13:30:00Z", "{visits}");
}

#[test]
fn a_visit_without_a_time_or_of_somebody_elses_is_a_persons() {
    let clinic = accepted();
    let event = |number: u32, start: &str| {
        format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:A-{number}\r\nDTSTAMP:20260302T150000Z\r\n{start}\r\nSUMMARY:Consultation\r\n\
             DESCRIPTION:Referral: R-10001-W\\nPatient: Garcia\\, Maria\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
    };
    let twin = visit(3, "SIU^S12", &MARIA.replace("MARIA", "LUCIA"))
        .replace("SCH||3^SCHED", "SCH||3^SCHED||||R-10001-W");
    for (name, text) in [
        ("day.ics", event(1, "DTSTART;VALUE=DATE:20260310")),
        ("zone.ics", event(2, "DTSTART;TZID=Our own:20260310T093000")),
        ("twin.hl7", twin),
    ] {
        let said = takes(&clinic, name, &text);
        assert_eq!(said["status"], "intake", "{name}: {said}");
    }
    assert_eq!(clinic.show("R-10001-W")["appointments"], json!([]));
    let elsewhere = event(4, "DTSTART;TZID=America/Los_Angeles:20260310T093000");
    assert_eq!(takes(&clinic, "west.ics", &elsewhere)["status"], "visit");
    assert_eq!(
        clinic.show("R-10001-W")["appointments"][0]["starts_at"],
        "2026-03-10T16:30:00Z"
    );
}
