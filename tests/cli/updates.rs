//! Status updates to the systems that sent referrals: each change once, in the sender's own words.

use super::Clinic;
use serde_json::{Value, json};

const CONFIG: &str = "[updates]\nfolder = \"to-senders\"\n";
const FHIR: &str = r#"{"resourceType":"Bundle","type":"message","entry":[
    {"fullUrl":"urn:uuid:1","resource":{"resourceType":"ServiceRequest","identifier":[{"system":"https://hill.example/orders","value":"S-1"}],
     "status":"active","intent":"order","priority":"urgent","code":{"text":"Cardiology consultation"},"subject":{"reference":"urn:uuid:2"},
     "performerType":{"text":"Cardiology"},"requester":{"reference":"urn:uuid:3"},
     "reasonCode":[{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"R00.2"}],"text":"Palpitations"}]}},
    {"fullUrl":"urn:uuid:2","resource":{"resourceType":"Patient","name":[{"family":"Alvarez","given":["Rosa"]}],"birthDate":"1970-05-04",
     "gender":"female","identifier":[{"system":"https://hill.example/mrn","value":"8812"}],"telecom":[{"system":"phone","value":"(412) 555-0199"}]}},
    {"fullUrl":"urn:uuid:3","resource":{"resourceType":"Practitioner","name":[{"family":"Lee","given":["Ann"]}],
     "identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"}],"telecom":[{"system":"fax","value":"412-555-0102"}]}}]}"#;
const REF: &str = "MSH|^~\\&|EPIC|HILL|REFDESK|CLINIC|20260302||REF^I12^REF_I12|MSG7|P|2.5.1\r\
    RF1||U^Urgent^HL70280|MED^Medical^HL70281|||S-77^HILL|||20260302|^Palpitations\r\
    PRD|RP|Hale^Irene^^^^MD||^^^^^^|^WPN^PH^^^412^5550101||1234567893^^^NPI\r\
    PRD|RT|^Cardiology\r\
    PID|1||11^^^HILL^MR||Lee^Ann||19700517|F|||1 Elm St^^Barre^VT^05641||^PRN^PH^^^802^5550147\r\
    DG1|1||R00.2^Palpitations^I10C";

/// As 360X has it: the note's code for a service, and the reason beside it.
const OMG: &str = "MSH|^~\\&||^1.2.840.9^ISO||^1.2.840.8^ISO|20260302085900+0000||OMG^O19^OMG_O19|17882|P|2.5.1|||NE|NE|||||360X\r\
    PID|1||T71^^^&1.2.840.9.5&ISO^MR||Packton^Peter^^^L||19580817|M|||1 Elm St^^Barre^VT^05641||^PRN^PH^^^802^5550148\r\
    ORC|NW|889342^^1.2.840.9.15^ISO||||||||||1234567893^Allen^Anthony^^^^MD||^WPN^PH^^^412^5550101\r\
    TQ1|1||||||20260303|20260318|U^Urgent^HL70485\r\
    OBR|1|889342^^1.2.840.9.15^ISO||57133-1^Referral note^LN||||||||||||1234567893^Allen^Anthony\
    |||||||||||||||R00.2^Cardiology: palpitations on exertion^I10C\r\
    DG1|1||R00.2^Palpitations^I10C\rIN1|1|PPO^Choice PPO|A1|Aetna||||G-9\r";

fn telling() -> Clinic {
    let clinic = Clinic::new();
    clinic.run(["tick"]).done();
    std::fs::write(clinic.data().join("config.toml"), CONFIG).unwrap();
    clinic
}

/// What lies in the folder, by its names.
fn files(clinic: &Clinic) -> Vec<(String, String)> {
    let Ok(folder) = std::fs::read_dir(clinic.data().join("to-senders")) else {
        return Vec::new();
    };
    let mut all: Vec<(String, String)> = folder
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    all.sort();
    all
}

/// The engine at the other end takes what is there.
fn taken(clinic: &Clinic) -> Vec<String> {
    let all = files(clinic);
    for (name, _) in &all {
        std::fs::remove_file(clinic.data().join("to-senders").join(name)).unwrap();
    }
    all.into_iter().map(|(_, text)| text).collect()
}

fn arrives(clinic: &Clinic, name: &str, text: &str) -> String {
    let file = clinic.file(name, text);
    let said = clinic
        .run(["--json".as_ref(), "intake".as_ref(), file.as_os_str()])
        .objects()
        .remove(0);
    said["referral"]
        .as_str()
        .unwrap_or_else(|| panic!("{said}"))
        .to_owned()
}

/// Task.status, the guide's code and ours, of an update.
fn stands(text: &str) -> (Value, Value, Value) {
    let bundle: Value = serde_json::from_str(text).unwrap();
    let task = &bundle["entry"][0]["resource"];
    let coding = &task["businessStatus"]["coding"];
    assert_eq!(task["focus"]["identifier"]["value"], "S-1", "{task}");
    assert_eq!(task["for"]["identifier"]["value"], "8812");
    (
        task["status"].clone(),
        coding[0]["code"].clone(),
        coding[1]["code"].clone(),
    )
}

#[test]
fn a_fhir_sender_is_told_each_change_once() {
    let clinic = telling();
    let id = arrives(&clinic, "order.json", FHIR);
    clinic.at("2026-03-02T14:10:00Z", &["tick"]).done();
    let first = taken(&clinic);
    assert_eq!(first.len(), 1);
    let (status, code, ours) = stands(&first[0]);
    assert_eq!((status, code), (json!("received"), json!("2.0")), "{ours}");
    assert!(
        !first[0].contains("Alvarez"),
        "no more of the patient than the sender's own number"
    );
    clinic.does(json!({ "command": "accept", "referral": id }));
    let schedule = json!({
        "command": "schedule", "referral": id, "starts_at": "2026-03-10T13:30:00Z", "minutes": 30, "performer": "Dr. Osei", "place": "Room 2",
    });
    clinic.does(schedule);
    for now in ["2026-03-02T15:00:00Z", "2026-03-02T15:10:00Z"] {
        clinic.at(now, &["tick"]).done();
    }
    let told: Vec<(Value, Value, Value)> = taken(&clinic).iter().map(|text| stands(text)).collect();
    let expected = [
        ("accepted", "3.0", "accepted"),
        ("in-progress", "5.1.1", "scheduled"),
    ];
    let expected = expected.map(|(status, code, ours)| (json!(status), json!(code), json!(ours)));
    assert_eq!(told, expected);
    // Nothing has changed since, and what was taken away does not come again.
    clinic.at("2026-03-03T15:00:00Z", &["tick"]).done();
    assert_eq!(files(&clinic), []);
    let updates: Vec<Value> = clinic.show(&id)["messages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|each| each["kind"] == "status-update")
        .cloned()
        .collect();
    assert!(
        updates.iter().all(|each| each["state"] == "handed-over") && updates.len() == 3,
        "{updates:?}"
    );
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn what_is_taken_back_in_time_is_never_told_and_what_was_told_is_put_right() {
    let clinic = telling();
    let id = arrives(&clinic, "order.json", FHIR);
    clinic.at("2026-03-02T14:10:00Z", &["tick"]).done();
    taken(&clinic);
    let accepts = || clinic.does(json!({ "command": "accept", "referral": id }))["action"].clone();
    let early = accepts();
    clinic.does(json!({ "command": "undo", "action": early }));
    clinic.at("2026-03-02T15:00:00Z", &["tick"]).done();
    assert_eq!(files(&clinic), []);
    let late = accepts();
    clinic.at("2026-03-02T15:00:00Z", &["tick"]).done();
    assert_eq!(stands(&taken(&clinic)[0]).1, "3.0");
    clinic.does(json!({ "command": "undo", "action": late }));
    clinic.at("2026-03-02T16:00:00Z", &["tick"]).done();
    assert_eq!(stands(&taken(&clinic)[0]).1, "2.0");
    let tasks = clinic.show(&id)["tasks"].to_string();
    assert!(
        !tasks.contains("status-update"),
        "nobody has to put right what puts itself right: {tasks}"
    );
}

#[test]
fn an_hl7_sender_is_answered_in_its_own_form() {
    let clinic = telling();
    let id = arrives(&clinic, "ref.hl7", REF);
    clinic.does(json!({ "command": "decline", "referral": id, "reason": "duplicate" }));
    clinic.at("2026-03-02T15:00:00Z", &["tick"]).done();
    let all = taken(&clinic);
    let lines = |text: &String| text.split('\r').map(str::to_owned).collect::<Vec<_>>();
    let (first, last) = (lines(&all[0]), lines(&all[all.len() - 1]));
    assert!(
        first[0].contains("|EPIC|HILL|") && first[0].contains("|RRI^I12^RRI_I12|"),
        "{first:?}"
    );
    assert_eq!(
        (first[1].as_str(), &first[2][..18]),
        ("MSA|AA|MSG7", "RF1|P^Pending^HL70")
    );
    assert!(
        last[2].starts_with("RF1|R^Rejected^HL70283|U^Urgent^HL70280|MED^Medical^HL70281|||S-77^HILL|"),
        "{last:?}"
    );
    assert!(
        last.iter()
            .any(|line| line.starts_with("PID|1||11^^^HILL^MR||Lee^Ann|"))
    );
}

/// ORC-1, ORC-2 and ORC-5 of an answer to an order.
fn ordered(text: &str) -> [String; 3] {
    assert!(text.contains("|OSU^O51^OSU_O51|"), "{text}");
    let orc = text.split('\r').find(|line| line.starts_with("ORC|")).unwrap();
    let at = |number: usize| orc.split('|').nth(number).unwrap_or_default().to_owned();
    [at(1), at(2), at(5)]
}

#[test]
fn an_order_that_asks_for_a_visit_is_a_referral_is_told_its_status_and_is_taken_back() {
    let clinic = telling();
    let id = arrives(&clinic, "omg.hl7", OMG);
    let shown = clinic.show(&id);
    let referral = &shown["referral"];
    assert_eq!(
        (
            &referral["source"],
            &referral["priority"],
            &referral["reason_codes"]
        ),
        (&json!("hl7v2"), &json!("urgent"), &json!(["R00.2"])),
        "{shown}"
    );
    for part in ["Packton", "Allen", "1234567893", "Aetna"] {
        assert!(shown.to_string().contains(part), "{part}: {shown}");
    }
    clinic.does(json!({ "command": "accept", "referral": id }));
    clinic.at("2026-03-02T15:00:00Z", &["tick"]).done();
    let told: Vec<_> = taken(&clinic).iter().map(|text| ordered(text)).collect();
    let placed = "889342^^1.2.840.9.15^ISO";
    assert_eq!(told, [["SC", placed, "HD"], ["OK", placed, "IP"]]);
    // Another's order under the number, and one of the patient's that nobody knows, take nothing back.
    let cancels = |number: &str, family: &str| {
        let text = OMG.replace("ORC|NW|889342", &format!("ORC|CA|{number}"));
        let text = text.replace("OBR|1|889342", &format!("OBR|1|{number}"));
        text.replace("Packton", family)
            .replace("17882", &format!("{number}{family}"))
    };
    for (name, text) in [
        ("a.hl7", cancels("889342", "Baker")),
        ("b.hl7", cancels("77", "Packton")),
    ] {
        let file = clinic.file(name, &text);
        let said = clinic.run(["--json".as_ref(), "intake".as_ref(), file.as_os_str()]);
        assert_eq!(said.objects()[0]["status"], "intake", "{}", said.out);
    }
    assert_eq!(clinic.show(&id)["referral"]["status"], "accepted");
    assert_eq!(arrives(&clinic, "c.hl7", &cancels("889342", "Packton")), id);
    assert_eq!(clinic.show(&id)["referral"]["status"], "cancel-requested");
    clinic.does(json!({ "command": "cancel", "referral": id, "reason": "the sender took it back" }));
    clinic.at("2026-03-02T16:00:00Z", &["tick"]).done();
    let last = taken(&clinic).pop().unwrap();
    assert_eq!(ordered(&last), ["CR", placed, "CA"], "cancelled as requested");
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn a_request_that_is_taken_back_before_anybody_decided_or_as_an_emergency_is_a_persons() {
    let clinic = telling();
    let id = arrives(&clinic, "ref.hl7", REF);
    let back = REF.replace("REF^I12^REF_I12|MSG7", "REF^I14^REF_I12|MSG8");
    let stat = REF
        .replace("Lee^Ann", "Okafor^Ngozi")
        .replace("S-77", "S-78")
        .replace("U^Urgent", "S^STAT")
        .replace("11^^^HILL", "12^^^HILL");
    let emergency = arrives(&clinic, "stat.hl7", &stat);
    clinic.does(json!({ "command": "accept", "referral": emergency }));
    let table = [
        (
            back,
            id.clone(),
            "received",
            "which is received: cancel it or keep it",
        ),
        (
            stat.replace("REF^I12^REF_I12|MSG7", "REF^I14^REF_I12|MSG9"),
            emergency,
            "accepted",
            "an emergency",
        ),
        (
            REF.replace("REF^I12^REF_I12|MSG7", "REF^I13^REF_I12|MSG10"),
            id,
            "received",
            "changes the request of",
        ),
    ];
    for (text, id, status, why) in table {
        let file = clinic.file("back.hl7", &text);
        let said = clinic.run(["intake".as_ref(), file.as_os_str()]).out;
        assert!(said.contains(&id) && said.contains(why), "{said}");
        assert_eq!(clinic.show(&id)["referral"]["status"], status);
    }
}

#[test]
fn nobody_is_told_who_sent_no_data_and_nothing_is_written_while_it_is_off() {
    let clinic = telling();
    let id = clinic.receive("Lee", "routine");
    clinic.does(json!({ "command": "accept", "referral": id }));
    clinic.at("2026-03-02T15:00:00Z", &["tick"]).done();
    assert_eq!(files(&clinic), []);
    std::fs::write(clinic.data().join("config.toml"), format!("{CONFIG}all = true\n")).unwrap();
    clinic.does(json!({ "command": "waitlist", "referral": id, "reason": "no slot" }));
    clinic.at("2026-03-02T16:00:00Z", &["tick"]).done();
    let told = taken(&clinic);
    assert!(
        told.len() == 1 && told[0].contains("urn:refdesk:referral"),
        "{told:?}"
    );
    std::fs::write(clinic.data().join("config.toml"), "").unwrap();
    clinic.does(json!({ "command": "decline", "referral": id, "reason": "duplicate" }));
    clinic.at("2026-03-02T17:00:00Z", &["tick"]).done();
    assert_eq!(files(&clinic), []);
}
