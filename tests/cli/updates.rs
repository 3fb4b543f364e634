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
