//! Loops that close themselves: what a scheduling system says of visits, the report that comes in, and what goes out.

use super::Clinic;
use serde_json::{Value, json};
use std::path::PathBuf;

const LETTER: &str = "\
REFERRAL REQUEST

Referring Provider: Irene Hale, MD
NPI: 1234567893
Fax: (802) 555-0100

Patient Name: Garcia, Maria
DOB: 05/17/1970
Sex: F
Phone: (802) 555-0199

Specialty Requested: Cardiology
Reason for Referral: palpitations, new murmur
ICD-10: R00.2
";

/// A clinic with one accepted referral of Maria Garcia's.
fn accepted() -> Clinic {
    let clinic = Clinic::new();
    let letter = clinic.file("letter.txt", LETTER);
    clinic.run(["intake".as_ref(), letter.as_os_str()]).done();
    apply(&clinic, &json!({ "command": "accept", "referral": "R-10001-W" }));
    clinic
}

fn apply(clinic: &Clinic, command: &Value) {
    let receipt = clinic.does(command.clone());
    assert!(
        receipt.get("refused").is_none() && receipt["action"].is_i64(),
        "{receipt}"
    );
}

fn siu(event: &str, at: &str, control: &str, more: &str) -> String {
    format!(
        "MSH|^~\\&|SCHED|CLINIC|DESK|CLINIC|{at}||SIU^{event}^SIU_S12|{control}|P|2.5.1\r\
         SCH||36996^SCHED|||||ROUTINE^Consultation||30|min|^^^20260310093000{more}\r\
         PID|1||8812||GARCIA^MARIA||19700517|F\rRGS|1\rAIP|1||77^CHEN^WEI^^^DR^MD\rAIL|1||^^^^^^^^Room 2\r"
    )
}

fn takes(clinic: &Clinic, name: &str, text: &str, now: &str) -> Value {
    let file: PathBuf = clinic.file(name, text);
    let said = clinic.at(now, &["--json", "intake", file.to_str().unwrap()]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    said.objects().remove(0)
}

fn shown(clinic: &Clinic) -> Value {
    clinic.show("R-10001-W")
}

fn status(clinic: &Clinic) -> String {
    shown(clinic)["referral"]["status"].as_str().unwrap().to_owned()
}

#[test]
fn an_appointment_for_something_else_decides_nothing() {
    let clinic = Clinic::new();
    let letter = clinic.file("letter.txt", LETTER);
    clinic.run(["intake".as_ref(), letter.as_os_str()]).done();
    let other =
        siu("S12", "20260302100000", "1", "").replace("ROUTINE^Consultation", "ROUTINE^Screening mammogram");
    let said = takes(&clinic, "s12.hl7", &other, "2026-03-02T15:01:00Z");
    assert_eq!(said["status"], "intake", "{said}");
    assert_eq!(status(&clinic), "received");
    // The referral's own service, while nobody has decided: the visit is the decision.
    let own = siu("S12", "20260302100500", "2", "").replace("36996", "36997");
    let said = takes(&clinic, "own.hl7", &own, "2026-03-02T15:06:00Z");
    assert_eq!(
        (said["status"].as_str(), status(&clinic).as_str()),
        (Some("visit"), "scheduled"),
        "{said}"
    );
}

#[test]
fn a_schedule_message_moves_the_referral_by_itself_and_an_old_one_does_not_move_it_back() {
    let clinic = accepted();
    let booked = takes(
        &clinic,
        "s12.hl7",
        &siu("S12", "20260302100000", "1", ""),
        "2026-03-02T15:01:00Z",
    );
    assert_eq!(
        (&booked["status"], &booked["referral"]),
        (&json!("visit"), &json!("R-10001-W"))
    );
    let sheet = shown(&clinic);
    let visit = &sheet["appointments"][0];
    assert_eq!(sheet["referral"]["status"], "scheduled");
    assert_eq!(
        json!([
            visit["starts_at"],
            visit["minutes"],
            visit["performer"],
            visit["place"],
            visit["external"]
        ]),
        json!(["2026-03-10T13:30:00Z", 30, "Wei Chen, MD", "Room 2", "hl7/36996"])
    );
    takes(
        &clinic,
        "s26.hl7",
        &siu("S26", "20260310100000", "3", ""),
        "2026-03-10T15:00:00Z",
    );
    assert_eq!(status(&clinic), "no-show");
    // The cancellation was sent before the patient did not come, and arrives after.
    takes(
        &clinic,
        "s15.hl7",
        &siu("S15", "20260303100000", "2", ""),
        "2026-03-10T15:01:00Z",
    );
    assert_eq!(status(&clinic), "no-show");
    // The first message once more, under another control number.
    takes(
        &clinic,
        "again.hl7",
        &siu("S12", "20260302100000", "9", ""),
        "2026-03-10T15:02:00Z",
    );
    assert_eq!(status(&clinic), "no-show");
    let text = clinic.run(["show", "R-10001-W"]).done();
    assert!(text.contains("booked for 10 Mar 09:30"), "{text}");
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn a_visit_is_matched_by_patient_and_service_or_waits_for_a_person_who_attaches_it() {
    let clinic = accepted();
    let other = siu("S12", "20260302100000", "1", "").replace("GARCIA^MARIA", "GARCIA^MARINA");
    let waits = takes(
        &clinic,
        "other.hl7",
        &other.replace("19700517", "19710517"),
        "2026-03-02T15:00:00Z",
    );
    assert_eq!(
        (&waits["status"], &waits["referral"]),
        (&json!("intake"), &Value::Null)
    );
    assert_eq!(
        waits["warnings"],
        json!(["an appointment of a patient who has no referral here"])
    );
    let list = clinic.run(["--json", "list", "--list", "intake"]).objects();
    assert_eq!(list.len(), 1);
    let command = json!({
        "command": "file-document", "referral": "R-10001-W",
        "document": { "known": waits["document"] },
    });
    apply(&clinic, &command);
    assert_eq!(
        status(&clinic),
        "scheduled",
        "who attaches it says whose it is, and the referral follows"
    );
}

#[test]
fn fhir_calendars_and_tables_say_the_same() {
    let fhir = r#"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Appointment",
        "identifier":[{"value":"A-7"}],"meta":{"lastUpdated":"2026-03-10T15:00:00Z"},"status":"fulfilled","start":"2026-03-10T13:30:00Z","end":"2026-03-10T14:00:00Z",
        "participant":[{"actor":{"reference":"urn:uuid:2"}},{"actor":{"type":"Practitioner","display":"Wei Chen"}}]}},{"fullUrl":"urn:uuid:2","resource":
        {"resourceType":"Patient","name":[{"family":"Garcia","given":["Maria"]}],"birthDate":"1970-05-17"}}]}"#;
    let calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:A-7\r\nDTSTAMP:20260310T150000Z\r\nDTSTART:20260310T133000Z\r\n\
        DTEND:20260310T140000Z\r\nSUMMARY:COMPLETED: Consultation\r\nDESCRIPTION:Referral: R-10001-W\\nPatient: Garcia\\, Maria\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let table = "appointment id,patient,dob,start,minutes,status,provider,updated\r\nA-7,\"Garcia, Maria\",1970-05-17,2026-03-10T13:30:00Z,30,completed,Wei Chen,2026-03-10T15:00:00Z\r\n";
    for (name, text) in [
        ("visit.json", fhir),
        ("visits.ics", calendar),
        ("visits.csv", table),
    ] {
        let clinic = accepted();
        let said = takes(&clinic, name, text, "2026-03-10T15:01:00Z");
        assert_eq!(
            (&said["status"], &said["doc_type"]),
            (&json!("visit"), &json!("appointment_event")),
            "{name}"
        );
        let sheet = shown(&clinic);
        assert_eq!(sheet["referral"]["status"], "completed", "{name}");
        assert_eq!(
            json!([
                sheet["appointments"][0]["starts_at"],
                sheet["appointments"][0]["minutes"],
                sheet["appointments"][0]["state"]
            ]),
            json!(["2026-03-10T13:30:00Z", 30, "fulfilled"]),
            "{name}"
        );
    }
}

#[test]
fn of_a_table_every_row_is_recorded_or_named() {
    let clinic = accepted();
    let rows = |more: &str| {
        format!(
            "appointment id,patient,dob,start,status,updated\r\n1,\"Garcia, Maria\",5/17/1970,2026-03-10 09:30,booked,2026-03-02 09:00\r\n\
             1,\"Garcia, Maria\",5/17/1970,2026-03-11 09:30,rescheduled,2026-03-03 09:00\r\n{more}"
        )
    };
    let all = takes(&clinic, "all.csv", &rows(""), "2026-03-03T15:00:00Z");
    assert_eq!(
        (&all["status"], &all["warnings"]),
        (
            &json!("visit"),
            &json!(["all 2 appointments in it were recorded"])
        )
    );
    assert_eq!(
        shown(&clinic)["appointments"][0]["starts_at"],
        "2026-03-11T13:30:00Z"
    );
    assert_eq!(
        clinic.run(["--json", "list", "--list", "intake"]).objects().len(),
        0
    );
    let some = takes(
        &clinic,
        "some.csv",
        &rows("2,\"Nobody, Ned\",1/1/1950,2026-03-12 09:30,booked,\r\n"),
        "2026-03-04T15:00:00Z",
    );
    assert_eq!(some["status"], "intake");
    assert_eq!(
        some["warnings"],
        json!([
            "1 of 3 appointments in it belong to no referral here (number 3); the first: an appointment of a patient who has no referral here"
        ])
    );
}

const REPORT: &str = "MSH|^~\\&|EHR|CLINIC|DESK|CLINIC|20260312090000||MDM^T02|55|P|2.5.1\rPID|1||8812||GARCIA^MARIA||19700517|F\r\
    TXA|1|CN^Consultation note|TX\rOBX|1|TX|11488-4^Consult note^LN||Sinus rhythm. No structural disease. Follow up with you.\r";

#[test]
fn a_visit_without_report_is_chased_and_the_report_closes_the_loop_once_it_is_delivered() {
    let clinic = accepted();
    let done = siu("S14", "20260310103000", "1", "||||||||||||||Complete");
    takes(&clinic, "s14.hl7", &done, "2026-03-10T15:00:00Z");
    assert_eq!(status(&clinic), "completed");
    clinic.at("2026-03-14T15:00:00Z", &["tick"]).done();
    let chased = shown(&clinic)["tasks"].as_array().unwrap().iter().any(|task| {
        task["title"] == "Get the report from Wei Chen, MD: the visit was on 10 Mar 2026"
            && task["state"] == "open"
    });
    assert!(chased, "{}", shown(&clinic)["tasks"]);
    let came = takes(&clinic, "note.hl7", REPORT, "2026-03-14T16:00:00Z");
    assert_eq!(
        (&came["status"], &came["referral"]),
        (&json!("filed"), &json!("R-10001-W"))
    );
    clinic.at("2026-03-14T16:05:00Z", &["tick"]).done();
    let sheet = shown(&clinic);
    let report = sheet["messages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|each| each["kind"] == "report-provider")
        .unwrap();
    assert_eq!(
        (&report["state"], &report["channel"]),
        (&json!("handed-over"), &json!("fax"))
    );
    assert_eq!(
        sheet["referral"]["status"], "completed",
        "it has left, and nobody knows that it arrived"
    );
    let outbox = clinic.data().join("outbox");
    let names: Vec<String> = std::fs::read_dir(&outbox)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("report-provider"))
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
    let enclosed = names.iter().find(|name| name.ends_with(".report.pdf")).unwrap();
    assert!(std::fs::read(outbox.join(enclosed)).unwrap().starts_with(b"%PDF"));
    let letter = names.iter().find(|name| name.ends_with(".txt")).unwrap();
    let letter = std::fs::read_to_string(outbox.join(letter)).unwrap();
    assert!(
        letter.contains(&format!("Enclosed: {enclosed}")) && letter.contains("our report"),
        "{letter}"
    );
    // Nobody says that it arrived: a person asks.
    clinic.at("2026-03-18T16:05:00Z", &["tick"]).done();
    let asked = "Ask the referrer whether the report arrived, then close";
    assert!(
        shown(&clinic)["tasks"]
            .as_array()
            .unwrap()
            .iter()
            .any(|task| task["title"] == asked)
    );
    let delivered = json!({ "command": "move-message", "referral": "R-10001-W", "message": report["id"], "to": "delivered" });
    apply(&clinic, &delivered);
    let sheet = shown(&clinic);
    assert_eq!(
        (&sheet["referral"]["status"], &sheet["referral"]["status_reason"]),
        (&json!("closed"), &json!("the report was delivered"))
    );
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn a_report_that_comes_before_the_visit_is_known_to_have_taken_place_goes_out_when_it_is() {
    let clinic = accepted();
    takes(
        &clinic,
        "s12.hl7",
        &siu("S12", "20260302100000", "1", ""),
        "2026-03-02T15:00:00Z",
    );
    takes(&clinic, "note.hl7", REPORT, "2026-03-10T15:00:00Z");
    let none = |sheet: &Value| {
        sheet["messages"]
            .as_array()
            .unwrap()
            .iter()
            .all(|each| each["kind"] != "report-provider")
    };
    assert!(none(&shown(&clinic)));
    takes(
        &clinic,
        "s14.hl7",
        &siu("S14", "20260310103000", "2", "||||||||||||||Complete"),
        "2026-03-10T16:00:00Z",
    );
    assert!(!none(&shown(&clinic)));
}

#[test]
fn the_figures_on_closed_loops_name_the_patients_behind_them() {
    let clinic = accepted();
    takes(
        &clinic,
        "s14.hl7",
        &siu("S14", "20260310103000", "1", "||||||||||||||Complete"),
        "2026-03-10T15:00:00Z",
    );
    let now = "2026-03-16T15:00:00Z";
    let due = clinic.at(now, &["report", "closing"]).done();
    assert_eq!(
        due,
        "visits from 15 Dec 2025 to 16 Mar 2026\n\
         the report went out for 0 of 1 (0 %), and is known to have arrived for 0; 1 to come\n\n  \
         R-10001-W  Garcia, Maria            visit 10 Mar 2026 no report, 6 d after the visit\n"
    );
    takes(&clinic, "note.hl7", REPORT, "2026-03-14T16:00:00Z");
    clinic.at("2026-03-14T16:05:00Z", &["tick"]).done();
    let objects = clinic.at(now, &["--json", "report", "closing"]).objects();
    assert_eq!(
        objects[0],
        json!({
            "closing": { "from": "2025-12-15T15:00:00Z", "to": now }, "visits": 1, "reported": 1, "delivered": 0, "share": 100.0,
            "days_median": 4, "days_nine_in_ten": 4, "days_from_referral_median": 12,
        })
    );
    assert_eq!(
        (&objects[1]["referral"], &objects[1]["message"]),
        (&json!("R-10001-W"), &json!("handed-over"))
    );
    let csv = clinic.at(now, &["report", "closing", "--csv"]).done();
    assert!(
        csv.contains(
            "\"R-10001-W\",\"Garcia, Maria\",\"Hale, Irene\",2026-03-02T14:00:00Z,2026-03-10T13:30:00Z,"
        ),
        "{csv}"
    );
    let none = clinic.at("2027-03-16T15:00:00Z", &["report", "closing"]).done();
    assert_eq!(
        none,
        "visits from 15 Dec 2026 to 16 Mar 2027\nno visit took place\n"
    );
    let wrong = clinic.at(now, &["report", "closing", "--since", "soon"]);
    assert_eq!(wrong.code, 1);
}

/// An observation that is the report, for whoever it is about.
fn oru(number: u32, more: &str, name: &str, dob: &str, status: &str) -> String {
    format!(
        "MSH|^~\\&|EHR|CLINIC|DESK|CLINIC|20260312090000||ORU^R01^ORU_R01|{number}|P|2.5.1\rPID|1||8812||{name}||{dob}|F\r\
         OBR|1|{more}|F-{number}|11488-4^Consult note^LN|||||||||||||||||||||{status}\r\
         OBX|1|TX|11488-4^Consult note^LN||Sinus rhythm, report {number}.\r"
    )
}

/// The report that was written to the referrer, in a word.
fn sent(clinic: &Clinic, id: &str) -> usize {
    let sheet = clinic.show(id);
    let all = sheet["messages"].as_array().unwrap();
    all.iter()
        .filter(|each| each["kind"] == "report-provider")
        .count()
}

#[test]
fn an_observation_that_is_the_report_goes_where_it_belongs_and_out_to_the_referrer() {
    let clinic = accepted();
    let done = siu("S14", "20260310103000", "1", "||||||||||||||Complete");
    takes(&clinic, "s14.hl7", &done, "2026-03-10T15:00:00Z");
    // A draft is kept with the referral, and goes to nobody.
    let draft = takes(
        &clinic,
        "1.hl7",
        &oru(1, "", "GARCIA^MARIA", "19700517", "P"),
        "2026-03-12T15:00:00Z",
    );
    assert_eq!(
        (&draft["status"], sent(&clinic, "R-10001-W")),
        (&json!("filed"), 0),
        "{draft}"
    );
    // Somebody else's, whatever number it names, waits for a person.
    let others = [
        oru(2, "R-10001-W", "SMITH^ANN", "19700517", "F"),
        oru(3, "R-10001-W", "GARCIA^MARIA", "19710517", "F"),
        oru(4, "", "GARCIA^ROSA", "19700518", "F"),
    ];
    for (number, text) in others.iter().enumerate() {
        let said = takes(&clinic, &format!("o{number}.hl7"), text, "2026-03-12T15:01:00Z");
        assert_eq!(
            (&said["status"], sent(&clinic, "R-10001-W")),
            (&json!("intake"), 0),
            "{said}"
        );
    }
    let came = takes(
        &clinic,
        "5.hl7",
        &oru(5, "R-10001-W", "GARCIA^MARIA", "", "F"),
        "2026-03-12T15:02:00Z",
    );
    assert_eq!(
        (&came["status"], &came["referral"]),
        (&json!("filed"), &json!("R-10001-W")),
        "{came}"
    );
    assert_eq!(sent(&clinic, "R-10001-W"), 1);
    // A second one is looked at by somebody, and not sent by itself.
    takes(
        &clinic,
        "6.hl7",
        &oru(6, "", "GARCIA^MARIA", "19700517", "C"),
        "2026-03-12T15:03:00Z",
    );
    assert_eq!(sent(&clinic, "R-10001-W"), 1);
    clinic.at("2026-03-12T15:05:00Z", &["tick"]).done();
    let report = shown(&clinic)["messages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|each| each["kind"] == "report-provider")
        .unwrap()
        .clone();
    apply(
        &clinic,
        &json!({ "command": "move-message", "referral": "R-10001-W", "message": report["id"], "to": "delivered" }),
    );
    assert_eq!(status(&clinic), "closed");
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn a_file_of_several_messages_is_sent_to_nobody_whosever_its_report_is() {
    let clinic = accepted();
    let done = siu("S14", "20260310103000", "1", "||||||||||||||Complete");
    takes(&clinic, "s14.hl7", &done, "2026-03-10T15:00:00Z");
    let pdf = "OBX|2|ED|11488-4^Consult note^LN||^AP^^Base64^JVBERi0xLjQgT3R0byBCcmFuZHQ=\r";
    let other = oru(1, "", "BRANDT^OTTO", "19500131", "F");
    let own = oru(2, "", "GARCIA^MARIA", "19700517", "F");
    let came = takes(
        &clinic,
        "batch.hl7",
        &format!("BHS|^~\\&\r{other}{pdf}{own}BTS|3\r"),
        "2026-03-14T16:00:00Z",
    );
    // It counts one more than it has: it goes to a person, who puts it with the one whom the shown message is about.
    assert_eq!(came["status"], "intake", "{came}");
    apply(
        &clinic,
        &json!({ "command": "file-document", "referral": "R-10001-W", "document": { "known": came["document"] } }),
    );
    clinic.at("2026-03-14T16:05:00Z", &["tick"]).done();
    let sheet = shown(&clinic);
    let messages = sheet["messages"].as_array().unwrap();
    let report = messages
        .iter()
        .find(|each| each["kind"] == "report-provider")
        .unwrap();
    assert_eq!(report["state"], "failed", "{report}");
    assert!(report["detail"].as_str().unwrap().contains("by hand"));
    let bundle = clinic.run(["export", "R-10001-W"]).done();
    assert!(bundle.contains("batch.hl7"));
    // "BRANDT", as it would stand in the attachment.
    assert!(!bundle.contains("QlJBTkRU") && !bundle.contains("CUkFORF") && !bundle.contains("JSQU5EV"));
}

#[test]
fn of_several_referrals_the_one_that_waits_for_its_report_gets_it() {
    let clinic = accepted();
    let done = siu("S14", "20260310103000", "1", "||||||||||||||Complete");
    takes(&clinic, "s14.hl7", &done, "2026-03-10T15:00:00Z");
    // The same patient was referred again, by another system under a number of its own.
    let again = "MSH|^~\\&|EHR|ELM|||20260311||REF^I12|9|P|2.5\rRF1|||NEU^Neurology^L|||REF77\r\
        PRD|RP|LEE^ANN^^^^MD||||||1234567893^NPI\rPID|1||8812||GARCIA^MARIA||19700517|F\rDG1|1||R51.9^Headache^I10\r";
    let second = takes(&clinic, "again.hl7", again, "2026-03-11T15:00:00Z");
    assert_eq!(second["status"], "received", "{second}");
    let id = second["referral"].as_str().unwrap().to_owned();
    let named = takes(
        &clinic,
        "n.hl7",
        &oru(7, "REF77", "GARCIA^MARIA", "19700517", "F"),
        "2026-03-12T14:00:00Z",
    );
    assert_eq!(
        (&named["status"], &named["referral"]),
        (&json!("filed"), &json!(id)),
        "{named}"
    );
    assert_eq!(sent(&clinic, &id), 0, "no visit took place there");
    let due = takes(
        &clinic,
        "d.hl7",
        &oru(8, "", "GARCIA^MARIA", "19700517", "F"),
        "2026-03-12T15:00:00Z",
    );
    assert_eq!(
        (&due["status"], &due["referral"]),
        (&json!("filed"), &json!("R-10001-W")),
        "{due}"
    );
    assert_eq!(sent(&clinic, "R-10001-W"), 1);
    // Nobody waits for another: a person says whose it is.
    let more = takes(
        &clinic,
        "m.hl7",
        &oru(9, "", "GARCIA^MARIA", "19700517", "F"),
        "2026-03-12T16:00:00Z",
    );
    assert_eq!(more["status"], "intake");
    assert!(
        more["warnings"]
            .to_string()
            .contains("several referrals that the report may belong to"),
        "{more}"
    );
}

/// What names a referral that was merged since is about the one that goes on.
#[test]
fn a_report_on_a_merged_referral_goes_to_the_one_that_goes_on() {
    let clinic = accepted();
    let second = clinic.does(json!({
        "command": "receive", "source": "fax", "template": "cardiology",
        "patient": { "known": clinic.show("R-10001-W")["patient"]["id"] },
    }));
    assert_eq!(second["referral"], "R-10002-X", "{second}");
    apply(&clinic, &json!({ "command": "accept", "referral": "R-10002-X" }));
    // The second had a visit that was cancelled: its number stays with it.
    let booked =
        siu("S12", "20260302100000", "1", "").replace("SCH||36996^SCHED", "SCH|R-10002-X|36996^SCHED");
    let booked = booked.replace("^^^20260310093000", "^^^20260310093000|||||||||||||||R-10002-X");
    let said = takes(&clinic, "s12.hl7", &booked, "2026-03-02T15:00:00Z");
    assert_eq!(
        (&said["status"], &said["referral"]),
        (&json!("visit"), &json!("R-10002-X")),
        "{said}"
    );
    let cancelled = siu("S15", "20260303100000", "2", "");
    takes(&clinic, "s15.hl7", &cancelled, "2026-03-03T15:00:00Z");
    apply(
        &clinic,
        &json!({ "command": "merge-referral", "referral": "R-10002-X", "into": "R-10001-W", "reason": "faxed twice" }),
    );
    let moved = siu("S13", "20260304100000", "3", "");
    let said = takes(&clinic, "s13.hl7", &moved, "2026-03-04T15:00:00Z");
    assert_eq!(
        (&said["status"], &said["referral"]),
        (&json!("visit"), &json!("R-10001-W")),
        "{said}"
    );
    let report = oru(1, "R-10002-X", "GARCIA^MARIA", "", "F");
    let said = takes(&clinic, "1.hl7", &report, "2026-03-12T15:00:00Z");
    assert_eq!(
        (&said["status"], &said["referral"]),
        (&json!("filed"), &json!("R-10001-W")),
        "{said}"
    );
}
