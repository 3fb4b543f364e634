//! Messages of other systems through `intake`: a referral becomes one, everything else waits for a person under its name.

use super::Clinic;
use serde_json::{Value, json};
use std::path::Path;

const HL7: &str = "MSH|^~\\&|EHR|ELM|DESK|HEART|20260301||REF^I12^REF_I12|1|P|2.5.1\r\
    RF1|P^Pending^HL70283|U^Urgent^HL70280|CAR^Cardiology^L|||REF77\r\
    PRD|RP^Referring^HL70286|LEE^ANN^^^DR^MD|12 Elm St|^^^^^^^^ELM STREET FAMILY PRACTICE|^WPN^FX^^^412^5550102||1234567893^NPI\r\
    PID|1||8812||ALVAREZ^ROSA||19700504|F|||||^PRN^PH^^^412^5550199|||||||123-45-6789\r\
    DG1|1||R00.2^Palpitations^I10\rIN1|1|||Aetna||||||||||||||||||||||||||||||||W123";

const FHIR: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[
    {"resource":{"resourceType":"ServiceRequest","status":"active","intent":"order","priority":"routine","code":{"text":"Cardiology consultation"},
     "subject":{"reference":"Patient/p"},"requester":{"display":"Ann Lee"}}},
    {"resource":{"resourceType":"Patient","id":"p","name":[{"family":"Alvarez","given":["Rosa"]}],"birthDate":"1970-05-04"}}]}"#;

const OTHERS: [(&str, &str, &str); 5] = [
    (
        "s.hl7",
        "MSH|^~\\&|A|B|||20260301||SIU^S15|1|P|2.5\rSCH|77\rPID|1||8||LEE^ANN",
        "appointment_event",
    ),
    (
        "a.hl7",
        "MSH|^~\\&|A|B|||20260301||ADT^A08|1|P|2.5\rPID|1||8||LEE^ANN",
        "demographic_update",
    ),
    (
        "p.json",
        r#"{"resourceType":"Patient","name":[{"family":"Lee"}]}"#,
        "demographic_update",
    ),
    ("broken.json", r#"{"resourceType":"ServiceRequest","#, "malformed"),
    ("x.txt", "ISA*00*damaged~", "malformed"),
];

fn read(clinic: &Clinic, file: &Path) -> Value {
    let said = clinic.run(["intake".as_ref(), "--json".as_ref(), file.as_os_str()]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    said.objects().remove(0)
}

#[test]
fn referrals_of_other_systems_become_referrals() {
    for (name, text, source) in [("r.json", FHIR, "fhir"), ("r.hl7", HL7, "hl7v2")] {
        // Both are about one patient: in one clinic the second would be asked about.
        let clinic = Clinic::new();
        let line = read(&clinic, &clinic.file(name, text));
        assert_eq!(
            (&line["status"], &line["doc_type"]),
            (&json!("received"), &json!("referral")),
            "{line}"
        );
        let id = line["referral"].as_str().unwrap().to_owned();
        let shown = clinic.show(&id);
        assert_eq!(shown["referral"]["source"], source);
        assert!(
            !shown.to_string().contains("123-45-6789"),
            "no social security number"
        );
        if source == "hl7v2" {
            assert_eq!(shown["referral"]["priority"], "urgent");
            assert_eq!(shown["referral"]["reason_codes"], json!(["R00.2"]));
        }
    }
}

#[test]
fn what_asks_for_nothing_waits_for_a_person_under_its_name() {
    let clinic = Clinic::new();
    for (name, text, kind) in OTHERS {
        let line = read(&clinic, &clinic.file(name, text));
        assert_eq!(
            (&line["status"], &line["doc_type"]),
            (&json!("intake"), &json!(kind)),
            "{line}"
        );
        assert_eq!(line["referral"], Value::Null);
    }
}

/// What a referral has of documents: name and kind.
fn papers(clinic: &Clinic, id: &str) -> Vec<(String, String)> {
    let shown = clinic.show(id);
    let all = shown["documents"]
        .as_array()
        .unwrap_or_else(|| panic!("{shown}"))
        .clone();
    let text = |each: &Value, name: &str| each[name].as_str().unwrap_or_default().to_owned();
    all.iter()
        .map(|each| (text(each, "name"), text(each, "kind")))
        .collect()
}

#[test]
fn what_travels_inside_a_message_is_kept_with_its_referral_and_nobody_elses() {
    let clinic = Clinic::new();
    let hl7 = "MSH|^~\\&|EHR|ELM|||20260302||REF^I12|7|P|2.5.1\rRF1|||CAR^Cardiology^L|||S-1\rPRD|RP|Hale^Irene\r\
        PID|1||881||Garcia^Maria||19700517|F\rOBX|1|ED|ECG^Tracing^L||^application^pdf^Base64^JVBERi0xLjcgRUNH\r\
        OBX|2|ED|N^Note^L||^TEXT^XML^Base64^PENsaW5pY2FsRG9jdW1lbnQvPg==\r";
    let file = clinic.file("ref.hl7", hl7);
    let first = read(&clinic, &file);
    assert_eq!(first["status"], "received", "{first}");
    let id = first["referral"].as_str().unwrap().to_owned();
    let kinds = |id: &str| papers(&clinic, id);
    let names: Vec<String> = kinds(&id).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["ref.hl7", "Tracing", "Note"]);
    assert!(kinds(&id).iter().skip(1).all(|(_, kind)| kind == "attachment"));
    // The same paper of another patient is theirs too, and what is not hers, or nobody's, waits.
    let bundle = r##"{"resourceType":"Bundle","type":"collection","entry":[
        {"resource":{"resourceType":"ServiceRequest","id":"1","status":"active","intent":"order","code":{"text":"Cardiology consultation"},
            "performerType":{"text":"Cardiology"},"subject":{"reference":"Patient/a"}}},
        {"resource":{"resourceType":"Patient","id":"a","name":[{"family":"Brandt","given":["Otto"]}],"birthDate":"1950-01-31"}},
        {"resource":{"resourceType":"Binary","id":"y","contentType":"text/plain","data":"Ym9keSdz"}},
        {"resource":{"resourceType":"DocumentReference","status":"current","subject":{"reference":"Patient/a"},"content":[{"attachment":{"title":"ECG of his","data":"JVBERi0xLjcgRUNH"}}]}},
        {"resource":{"resourceType":"DocumentReference","status":"current","subject":{"reference":"Patient/else"},"content":[{"attachment":{"title":"hers","data":"aGVycw=="}}]}}]}"##;
    let second = read(&clinic, &clinic.file("bundle.json", bundle));
    assert_eq!(second["status"], "received", "{second}");
    let other = second["referral"].as_str().unwrap().to_owned();
    let names: Vec<String> = kinds(&other).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["bundle.json", "ECG of his"]);
    let waiting = clinic.run(["--json", "list", "--list", "intake"]).objects();
    let why: Vec<String> = waiting.iter().map(Value::to_string).collect();
    assert_eq!(why.len(), 2, "{why:?}");
    assert!(
        why.iter().any(|row| row.contains("is about another patient")),
        "{why:?}"
    );
    assert!(
        why.iter().any(|row| row.contains("does not say whose it is")),
        "{why:?}"
    );
    // Byte for byte, and once.
    read(&clinic, &file);
    assert_eq!(kinds(&id).len(), 3);
    clinic.run(["check", "--deep"]).done();
}
