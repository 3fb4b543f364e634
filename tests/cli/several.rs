//! Files that hold more than one thing, or more than was read: nothing of them is lost, and no part is taken for the whole.

use super::service::{Service, drop_in, names};
use super::{Clinic, coverage};
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

const TWO_REQUESTS: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[
    {"resource":{"resourceType":"ServiceRequest","id":"1","status":"active","intent":"order","code":{"text":"Cardiology consultation"},"subject":{"reference":"Patient/a"}}},
    {"resource":{"resourceType":"ServiceRequest","id":"2","status":"active","intent":"order","code":{"text":"Cardiology consultation"},"subject":{"reference":"Patient/b"}}},
    {"resource":{"resourceType":"Patient","id":"a","name":[{"family":"Garcia","given":["Maria"]}],"birthDate":"1970-05-17"}},
    {"resource":{"resourceType":"Patient","id":"b","name":[{"family":"Brandt","given":["Otto"]}],"birthDate":"1950-01-31"}}]}"#;

const SEEN: &str = "the same document came in before; nothing was made twice";

const OBSERVED: &str = "OBR|1||F-1|11488-4^Consult note^LN|||||||||||||||||||||F\rOBX|1|TX|11488-4^Consult note^LN||Sinus rhythm.";

#[test]
fn what_cannot_be_told_apart_with_certainty_is_a_persons() {
    let task = r#"{"resource":{"resourceType":"Task","id":"t","status":"requested","intent":"order"}},{"resource":{"resourceType":"Patient","id":"a""#;
    let nobodys = TWO_REQUESTS.replace(r#"{"resource":{"resourceType":"Patient","id":"a""#, task);
    let both = format!("{}{}", referral(1, MARIA), referral(2, OTTO));
    let table = [
        (
            "counted.hl7",
            format!("BHS|^~\\&\r{both}BTS|3\r"),
            "holds 2 messages",
        ),
        (
            "wrapped.hl7",
            format!("{both}and sent home\r"),
            "holds 2 messages",
        ),
        ("nobodys.json", nobodys, "holds 2 requests"),
        (
            "seen.hl7",
            hl7("ORU^R01", 7, &format!("{MARIA}\r{OTTO}\r{OBSERVED}")),
            "2 patients",
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
            (&said["status"], &said["referral"], &said["message"]),
            (&json!("intake"), &Value::Null, &Value::Null),
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

/// What is said of a file: a line for each message.
fn told(clinic: &Clinic, name: &str, text: &str) -> Vec<String> {
    let file = clinic.file(name, text);
    let said = clinic.at("2026-03-02T15:00:00Z", &["intake", file.to_str().unwrap()]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    said.out.lines().map(str::to_owned).collect()
}

#[test]
fn messages_that_stand_for_themselves_are_taken_in_each_by_itself() {
    let unknown = "MSH|^~\\&|SCHED|CLINIC|DESK|CLINIC|20260302100000||ZZZ^Z01|11|P|2.5.1\rZZ1|1\r";
    let batch = format!(
        "FHS|^~\\&\rBHS|^~\\&\r{}{unknown}{}BTS|3\rFTS|1\r",
        referral(1, MARIA),
        referral(2, OTTO)
    );
    let clinic = accepted();
    let first = told(&clinic, "batch.hl7", &batch);
    assert_eq!(
        first,
        [
            "batch.hl7, message 1: intake D-28 · looks like R-10001-W: same patient and specialty; put it there, or make another \
             referral of it",
            "batch.hl7, message 2: intake D-29 · may be a referral: a person must say",
            "batch.hl7, message 3: received R-10002-X · missing: patient-contact, requester-npi, payer, member-id, ecg, visit-note, \
             medications, lipids",
        ]
    );
    // The original of each is its own message, as it stood, and nothing of the others.
    assert_eq!(clinic.run(["original", "D-29"]).done(), unknown);
    let his = clinic.run(["export", "R-10002-X"]).done();
    assert!(
        his.contains("batch.hl7, message 3") && !his.contains("message 1"),
        "{his}"
    );
    // The same file again, and a message that comes alone, change nothing.
    let before = clinic.run(["--json", "list", "--list", "intake"]).out;
    let seen = [
        "message 1: seen-before D-28",
        "message 2: seen-before D-29",
        "message 3: seen-before R-10002-X",
    ]
    .map(|line| format!("batch.hl7, {line} · {SEEN}"));
    assert_eq!(told(&clinic, "batch.hl7", &batch), seen);
    assert_eq!(
        told(&clinic, "alone.hl7", &referral(2, OTTO)),
        [format!("alone.hl7: seen-before R-10002-X · {SEEN}")]
    );
    let file = clinic.file("batch.hl7", &batch);
    let lines = clinic
        .run(["--json".as_ref(), "intake".as_ref(), file.as_os_str()])
        .objects();
    let named: Vec<_> = lines
        .iter()
        .map(|line| json!([line["file"], line["message"]]))
        .collect();
    assert_eq!(named, [1, 2, 3].map(|number| json!(["batch.hl7", number])));
    assert_eq!(clinic.run(["--json", "list", "--list", "intake"]).out, before);
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn each_format_has_its_messages() {
    let report = |id: &str, patient: &str| {
        format!(
            r#"{{"resource":{{"resourceType":"DiagnosticReport","id":"{id}","status":"final","code":{{"text":"ECG"}},"subject":{{"reference":"Patient/{patient}"}}}}}}"#
        )
    };
    let patients = TWO_REQUESTS.split_once("\"Patient/b\"}}},").unwrap().1;
    let results = format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[{},{},{patients}"#,
        report("1", "a"),
        report("2", "b")
    );
    let one = |from: &str, to: &str| TWO_REQUESTS.replace('\n', "").replace(from, to);
    let lines = format!("{}\n{}\n", one("\"1\"", "\"3\""), one("\"2\"", "\"4\""));
    let mixed = format!("{}{}", visit(3, "SIU^S12", MARIA), hl7("ADT^A08", 4, OTTO));
    let seen = hl7("ORU^R01", 7, &format!("{MARIA}\r{OBSERVED}\r{OTTO}\r{OBSERVED}"));
    let merged = hl7("ADT^A40", 8, &format!("{MARIA}\rMRG|8813\r{OTTO}\rMRG|9901"));
    // A line that holds two is two.
    let table: [(&str, &str, &[&str]); 6] = [
        ("two.json", TWO_REQUESTS, &["intake D-28", "received R-10002-X"]),
        (
            "lines.ndjson",
            &lines,
            &["intake D-28", "received R-10002-X", "intake D-51", "intake D-52"],
        ),
        ("results.json", &results, &["filed R-10001-W", "intake D-30"]),
        ("mixed.hl7", &mixed, &["visit R-10001-W", "patient D-34"]),
        ("seen.hl7", &seen, &["filed R-10001-W", "intake D-30"]),
        ("merged.hl7", &merged, &["patient D-28", "patient D-29"]),
    ];
    for (name, text, expected) in table {
        let clinic = accepted();
        let all = told(&clinic, name, text);
        let all: Vec<&str> = all.iter().filter_map(|line| line.split(" · ").next()).collect();
        let numbered = expected.iter().zip(1..);
        let expected: Vec<String> = numbered
            .map(|(line, number)| format!("{name}, message {number}: {line}"))
            .collect();
        assert_eq!(all, expected);
        clinic.run(["check", "--deep"]).done();
    }
}

#[test]
fn an_answer_about_several_patients_answers_for_each() {
    let clinic = coverage::asking("routine");
    let trace = coverage::trace(&clinic);
    let hers = coverage::hers(&trace, "EB*1*IND*30**GOLD PPO~");
    let other =
        "HL*4*2*22*0~TRN*2*RD99-1*9123456789~NM1*IL*1*BRANDT*OTTO****MI*B7~DMG*D8*19500131*M~EB*6**30~SE*12";
    let both = hers.replace("SE*12", other);
    assert_eq!(
        told(&clinic, "answers.edi", &both),
        [
            "answers.edi, message 1: coverage R-10001-W",
            "answers.edi, message 2: intake D-27 · a payer's answer that belongs to none of our checks"
        ]
    );
    assert_eq!(coverage::coverage(&clinic)["eligibility"], "active");
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn a_file_of_several_in_the_inbox_is_put_away_once_all_of_it_is_taken() {
    let clinic = Clinic::new();
    clinic.run(["tick"]).done();
    let inbox = clinic.data().join("inbox");
    let both = format!("{}{}", referral(1, MARIA), referral(2, OTTO));
    drop_in(&inbox, "both.hl7", &both, 100);
    drop_in(&inbox, "again.hl7", &both.replace("BRANDT", "BRANDTNER"), 60);
    let service = Service::start(&clinic, &[]);
    let said: Vec<String> = (0..4).map(|_| service.says("inbox: ")).collect();
    assert_eq!(
        said,
        [
            "inbox: received D-3 R-10001-W",
            "inbox: received D-25 R-10002-X",
            "inbox: seen-before D-3 R-10001-W",
            "inbox: received D-47 R-10003-Y"
        ]
    );
    let (status, err) = service.stop("-TERM");
    assert_eq!((status.code(), err.as_str()), (Some(0), ""));
    assert_eq!(names(&inbox), ["done"]);
    assert_eq!(names(&inbox.join("done")), ["again.hl7", "both.hl7"]);
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
