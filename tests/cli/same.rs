//! One patient, one request: what comes twice is asked about, what other systems say of a patient, and merging by script.

use super::Clinic;
use serde_json::{Value, json};

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

fn takes(clinic: &Clinic, name: &str, text: &str) -> Value {
    let file = clinic.file(name, text);
    let said = clinic.run(["--json", "intake", file.to_str().unwrap()]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    said.objects().remove(0)
}

fn adt(event: &str, control: &str, name: &str, more: &str) -> String {
    format!(
        "MSH|^~\\&|EHR|CLINIC|DESK|CLINIC|20260302090000||ADT^{event}^ADT_A01|{control}|P|2.5.1\r\
         EVN|{event}|20260302090000\rPID|1||8812^^^CLINIC^MR||{name}||19700517|F|||{more}\r"
    )
}

fn sound(clinic: &Clinic) {
    for finding in clinic.run(["check", "--deep", "--json"]).objects() {
        assert_eq!(finding["ok"], true, "{finding}");
    }
}

#[test]
fn a_request_that_comes_again_waits_for_a_person_unless_it_is_more_urgent() {
    let clinic = Clinic::new();
    assert_eq!(takes(&clinic, "first.txt", LETTER)["status"], "received");
    let again = takes(&clinic, "again.txt", &format!("{LETTER}\nSecond fax.\n"));
    assert_eq!(
        (&again["status"], &again["doc_type"]),
        (&json!("intake"), &json!("referral"))
    );
    let waits = &clinic.run(["list", "--list", "intake", "--json"]).objects()[0];
    assert_eq!(
        waits["reason"],
        "looks like R-10001-W: same patient and specialty; put it there, or make another referral of it"
    );
    let urgent = LETTER.replace("Specialty", "Priority: URGENT\nSpecialty");
    let urgent = takes(&clinic, "urgent.txt", &urgent);
    assert_eq!(urgent["status"], "received", "{urgent}");
    assert!(
        urgent["warnings"].to_string().contains("looks like R-10001-W"),
        "{urgent}"
    );
    // Another specialty is another matter.
    let other = takes(&clinic, "other.txt", &LETTER.replace("Cardiology", "Neurology"));
    assert_eq!(other["status"], "received");
    sound(&clinic);
}

#[test]
fn what_another_system_says_of_a_patient_is_recorded_but_never_over_a_persons_word() {
    let clinic = Clinic::new();
    takes(&clinic, "letter.txt", LETTER);
    let said = takes(
        &clinic,
        "a08.hl7",
        &adt(
            "A08",
            "1",
            "GARCIA^MARIA",
            "12 Elm St^^Barre^VT^05641||(802)555-0142",
        ),
    );
    assert_eq!(
        (&said["status"], &said["doc_type"]),
        (&json!("patient"), &json!("demographic_update"))
    );
    let patient = |clinic: &Clinic| clinic.show("R-10001-W")["patient"].clone();
    assert_eq!(patient(&clinic)["phone"], "8025550142", "{}", patient(&clinic));
    assert_eq!(patient(&clinic)["address"], "12 Elm St, Barre, VT 05641");
    assert_eq!(
        patient(&clinic)["name"],
        json!({ "family": "Garcia", "given": "Maria" })
    );
    assert!(
        clinic
            .run(["list", "--list", "intake", "--json"])
            .objects()
            .is_empty(),
        "nobody has to look"
    );
    clinic.does(
        json!({ "command": "amend-patient", "referral": "R-10001-W", "changes": { "phone": "8025550177" } }),
    );
    let said = takes(
        &clinic,
        "a31.hl7",
        &adt(
            "A31",
            "2",
            "GARCIA^MARIA",
            "14 Elm St^^Barre^VT^05641||(802)555-0111",
        ),
    );
    assert_eq!(said["status"], "filed", "{said}");
    assert_eq!(patient(&clinic)["phone"], "8025550177", "a person's word stands");
    assert_eq!(patient(&clinic)["address"], "14 Elm St, Barre, VT 05641");
    let sheet = clinic.show("R-10001-W");
    assert!(
        sheet["notes"].to_string().contains("telephone: 8025550111"),
        "{}",
        sheet["notes"]
    );
    assert!(
        sheet["tasks"]
            .to_string()
            .contains("Look at the change of the patient's details"),
        "{}",
        sheet["tasks"]
    );
    let nobody = takes(
        &clinic,
        "nobody.hl7",
        &adt("A08", "3", "OKAFOR^NGOZI", "").replace("19700517", "19610203"),
    );
    assert_eq!(nobody["status"], "patient");
    let asked = takes(
        &clinic,
        "typo.hl7",
        &adt("A08", "4", "GARCIA^MARTA", "||(802)555-0101"),
    );
    assert_eq!(asked["status"], "intake", "{asked}");
    sound(&clinic);
}

#[test]
fn a_merge_by_another_system_merges_here_and_is_undone() {
    let clinic = Clinic::new();
    let receive = |family: &str, mrn: &str| {
        clinic.does(json!({
            "command": "receive", "source": "phone", "template": "cardiology",
            "patient": { "new": { "name": { "family": family, "given": "Maria" }, "dob": "1970-05-17", "sex": "female", "mrn": mrn } },
        }))
    };
    receive("Garcia", "8812");
    let second = receive("Garcias", "56789");
    assert!(second["warnings"].to_string().is_empty() || second["action"].is_i64());
    let patient = |id: &str| clinic.show(id)["patient"]["id"].clone();
    let (first, other) = (patient("R-10001-W"), patient("R-10002-X"));
    assert_ne!(first, other);
    let merge = adt("A40", "9", "GARCIA^MARIA", "") + "MRG|56789^^^CLINIC^MR\r";
    let said = takes(&clinic, "a40.hl7", &merge);
    assert_eq!(said["status"], "patient", "{said}");
    assert_eq!(
        (patient("R-10001-W"), patient("R-10002-X")),
        (first.clone(), first.clone())
    );
    sound(&clinic);
    let step = clinic.show("R-10002-X")["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| {
            entry.to_string().contains("patient-merged")
                || entry.to_string().contains("another system merged")
        })
        .unwrap()["action"]
        .clone();
    let undone = clinic.does(json!({ "command": "undo", "action": step }));
    assert!(undone["action"].is_i64(), "{undone}");
    assert_eq!((patient("R-10001-W"), patient("R-10002-X")), (first, other));
    sound(&clinic);
}

#[test]
fn requests_are_merged_linked_and_parted_by_script() {
    let clinic = Clinic::new();
    let first = clinic.receive("Lopez", "routine");
    let second = clinic.receive("Lopez", "routine");
    let done = clinic.does(
        json!({ "command": "merge-referral", "referral": second, "into": first, "reason": "faxed twice" }),
    );
    let changed: Vec<&str> = done["changed"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(
        changed[..2],
        [
            "received → cancelled: merged into R-10001-W: faxed twice",
            "merged into R-10001-W: faxed twice"
        ]
    );
    // What was open on it ends, and what had not left stays.
    assert!(
        changed[2..]
            .iter()
            .all(|line| *line == "task dropped" || line.ends_with("queued → cancelled")),
        "{changed:?}"
    );
    let refused =
        clinic.does(json!({ "command": "merge-referral", "referral": first, "into": second, "reason": "x" }));
    assert_eq!(refused["refused"], "impossible", "{refused}");
    assert!(clinic.run(["show", &first]).done().contains(&second));
    clinic.does(json!({ "command": "undo", "action": done["action"] }));
    let linked = clinic.does(json!({ "command": "link-referral", "referral": second, "with": first }));
    assert_eq!(
        linked["changed"][0], "belongs together with R-10001-W",
        "{linked}"
    );
    sound(&clinic);
}

fn says(of: &Value) -> String {
    of["warnings"].to_string()
}

fn receives(clinic: &Clinic, source: &str, patient: &Value) -> Value {
    let receipt = clinic.does(json!({
        "command": "receive", "source": source, "template": "cardiology", "patient": { "new": patient },
    }));
    assert!(receipt["action"].is_i64(), "{receipt}");
    receipt
}

#[test]
fn a_merge_by_another_system_that_is_not_sure_here_waits_for_a_person() {
    let person = |family: &str, given: &str, dob: &str, mrn: &str| json!({ "name": { "family": family, "given": given }, "dob": dob, "sex": "female", "phone": "8025550199", "mrn": mrn });
    let own = person("Garcia", "Maria", "1970-05-17", "8812");
    let cases = [
        // Twins, of whom one number was given up by a slip.
        (
            own.clone(),
            person("Garcia", "Marta", "1970-05-17", "56789"),
            "56789^^^CLINIC^MR",
            "do not surely agree",
        ),
        // Numbers of two authorities say nothing of each other.
        (
            own,
            person("Garcias", "Maria", "1970-05-17", "56789"),
            "56789^^^OTHER^MR",
            "different authorities",
        ),
        // The number that goes on is somebody else's here: two patients would bear it.
        (
            person("Lopez", "Ana", "1981-02-03", "8812"),
            person("Garcia", "Maria", "1970-05-17", "56789"),
            "56789^^^CLINIC^MR",
            "bears here",
        ),
    ];
    for (one, other, given_up, why) in cases {
        let clinic = Clinic::new();
        for who in [&one, &other] {
            receives(&clinic, "fax", who);
        }
        let patients =
            |clinic: &Clinic| ["R-10001-W", "R-10002-X"].map(|id| clinic.show(id)["patient"].clone());
        let before = patients(&clinic);
        assert_ne!(before[0]["id"], before[1]["id"]);
        let merge = adt("A40", "9", "GARCIA^MARIA", "") + &format!("MRG|{given_up}\r");
        let said = takes(&clinic, "a40.hl7", &merge);
        assert_eq!(said["status"], "intake", "{said}");
        assert!(says(&said).contains(why), "{said}");
        assert_eq!(patients(&clinic), before);
    }
}

#[test]
fn what_is_older_than_what_is_known_is_set_aside() {
    let clinic = Clinic::new();
    takes(&clinic, "letter.txt", LETTER);
    let hears = |at: &str, phone: &str| {
        let text = adt("A08", at, "GARCIA^MARIA", &format!("||{phone}")).replace("20260302090000", at);
        let said = takes(&clinic, &format!("{at}.hl7"), &text);
        assert_eq!(said["status"], "patient", "{said}");
        (says(&said), clinic.show("R-10001-W")["patient"]["phone"].clone())
    };
    assert_eq!(hears("20260302100000", "(802)555-0142").1, "8025550142");
    let (why, phone) = hears("20260302090000", "(802)555-0111");
    assert!(why.contains("older than what is known of the patient"), "{why}");
    assert_eq!(phone, "8025550142");
    // What says nothing new is heard all the same.
    assert_eq!(hears("20260302120000", "(802)555-0142").1, "8025550142");
    assert_eq!(hears("20260302110000", "(802)555-0112").1, "8025550142");
    assert_eq!(hears("20260302130000", "(802)555-0113").1, "8025550113");
    sound(&clinic);
}

#[test]
fn another_systems_name_takes_no_suffix_away_and_what_was_typed_at_the_phone_stands() {
    let clinic = Clinic::new();
    let jose = json!({ "name": { "family": "Garcia", "given": "Jose", "suffix": "Jr" }, "dob": "1970-05-17", "mrn": "8812", "phone": "8025550177" });
    receives(&clinic, "fax", &jose);
    let said = takes(
        &clinic,
        "a08.hl7",
        &adt("A08", "1", "GARCIA LOPEZ^JOSE", "||(802)555-0142"),
    );
    assert_eq!(said["status"], "patient", "{said}");
    let patient = clinic.show("R-10001-W")["patient"].clone();
    assert_eq!(
        (&patient["name"], &patient["phone"]),
        (
            &json!({ "family": "Garcia Lopez", "given": "Jose", "suffix": "Jr" }),
            &json!("8025550142")
        )
    );
    let clinic = Clinic::new();
    receives(&clinic, "phone", &jose);
    let said = takes(
        &clinic,
        "a08.hl7",
        &adt("A08", "1", "GARCIA^JOSE", "12 Elm St||(802)555-0142"),
    );
    assert_eq!(said["status"], "filed", "{said}");
    let sheet = clinic.show("R-10001-W");
    assert_eq!(
        (&sheet["patient"]["phone"], &sheet["patient"]["address"]),
        (&json!("8025550177"), &json!("12 Elm St")),
        "nobody had said an address"
    );
    assert!(
        sheet["notes"].to_string().contains("telephone: 8025550142"),
        "{}",
        sheet["notes"]
    );
}

#[test]
fn what_comes_again_after_its_referral_ended_or_it_was_set_aside_is_seen_by_a_person() {
    let clinic = Clinic::new();
    let again = || takes(&clinic, "letter.txt", LETTER);
    assert_eq!(again()["status"], "received");
    assert_eq!(again()["status"], "seen-before");
    clinic.does(json!({ "command": "decline", "referral": "R-10001-W", "reason": "duplicate" }));
    let said = again();
    assert_eq!(said["status"], "intake", "{said}");
    assert!(
        says(&said).contains("came again; R-10001-W is declined"),
        "{said}"
    );
    assert_eq!(again()["status"], "seen-before", "it waits already");
    let waits = || clinic.run(["list", "--list", "intake", "--json"]).objects();
    let document = waits()[0]["document"].clone();
    let aside =
        json!({ "command": "dismiss-document", "document": document, "reason": "no referral of ours" });
    clinic.does(aside.clone());
    assert!(waits().is_empty());
    assert_eq!(again()["status"], "intake");
    // Paper that no referral came of, set aside, waits again itself.
    let leaflet = || {
        takes(
            &clinic,
            "leaflet.txt",
            "Grand opening! Visit our new pharmacy today.\n",
        )
    };
    assert_eq!(leaflet()["status"], "intake");
    let document = waits()
        .iter()
        .map(|each| each["document"].clone())
        .next_back()
        .unwrap();
    clinic.does(json!({ "command": "dismiss-document", "document": document, "reason": "a leaflet" }));
    let said = leaflet();
    assert_eq!(said["status"], "intake", "{said}");
    assert!(
        says(&said).contains("came again; was set aside: a leaflet"),
        "{said}"
    );
    assert_eq!(
        waits().iter().filter(|each| each["document"] == document).count(),
        1
    );
    sound(&clinic);
}
