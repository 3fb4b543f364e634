//! `reader`: what corrections teach, only when it is told to, and that it is forgotten.

use super::{Clinic, Value, json};

/// A made-up form whose label for the member id no vocabulary has.
fn form(name: &str, cipher: &str) -> String {
    format!(
        "GREEN MOUNTAIN FAMILY PRACTICE\nREFERRAL REQUEST\n\nReferring Provider: Irene Hale, MD\nNPI: 1234567893\n\n\
         Patient Name: {name}\nDOB: 05/17/1970\nSpecialty Requested: Cardiology\n\
         Reason for Referral: palpitations, new murmur\nInsurance: Cedar Health PPO\nHousehold cipher: {cipher}\n"
    )
}

fn intake(clinic: &Clinic, name: &str, cipher: &str) -> Value {
    let file = clinic.file(&format!("{cipher}.txt"), form(name, cipher));
    clinic
        .run(["intake", file.to_str().unwrap(), "--json"])
        .objects()
        .remove(0)
}

/// Takes a form in, and writes what its page says where the reader had nothing.
fn corrected(clinic: &Clinic, name: &str, cipher: &str) {
    let line = intake(clinic, name, cipher);
    assert_eq!(
        (&line["status"], &line["fields"]["member_id"]),
        (&json!("received"), &Value::Null),
        "{line}"
    );
    let sheet = clinic.show(line["referral"].as_str().unwrap());
    let coverage = &sheet["coverages"][0];
    let receipt = clinic.does(json!({
        "command": "set-coverage", "referral": line["referral"], "coverage": coverage["id"],
        "values": { "payer": "Cedar Health PPO", "member_id": cipher },
    }));
    assert_eq!(receipt["referral"], line["referral"], "{receipt}");
}

#[test]
fn two_corrections_are_learned_when_told_to_and_forgotten_when_told_to() {
    let clinic = Clinic::new();
    corrected(&clinic, "Garcia, Maria", "W7720311");
    let one = clinic.run(["reader", "learn"]).done();
    assert!(
        one.starts_with("0 lessons from 1 document, 1 of them corrected; kept in "),
        "{one}"
    );
    corrected(&clinic, "Lee, Ann", "W5510022");
    let lesson = "\"household cipher\" is the member id (2 documents)\n";
    let dry = clinic.run(["reader", "learn", "--dry-run"]).done();
    assert_eq!(
        dry,
        format!("{lesson}1 lesson from 2 documents, 2 of them corrected; nothing was changed\n")
    );
    let nothing = "nothing was learned; `refdesk reader learn` learns from the corrections made so far\n";
    assert_eq!(clinic.run(["reader", "learned"]).done(), nothing);
    assert!(intake(&clinic, "Moss, Eli", "W1000001")["fields"]["member_id"].is_null());

    assert!(clinic.run(["reader", "learn"]).done().starts_with(lesson));
    assert_eq!(clinic.run(["reader", "learned"]).done(), lesson);
    let third = intake(&clinic, "Diaz, Omar", "W9030571");
    let found = &third["fields"]["member_id"];
    assert_eq!(
        (&found["value"], &found["how"], &found["page"]),
        (&json!("W9030571"), &json!("learned"), &json!(1))
    );
    let sheet = clinic.show(third["referral"].as_str().unwrap());
    assert_eq!(sheet["coverages"][0]["member_id"], "W9030571");

    let file = std::fs::read_to_string(clinic.data().join("learned.toml")).unwrap();
    for secret in ["Garcia", "Lee", "W7720311", "1970"] {
        assert!(!file.contains(secret), "{file}");
    }
    assert_eq!(
        clinic.run(["reader", "forget"]).done(),
        "forgotten; documents are read as at the beginning\n"
    );
    assert_eq!(
        clinic.run(["reader", "forget"]).done(),
        "there was nothing to forget\n"
    );
    assert!(intake(&clinic, "Roy, Lea", "W4040404")["fields"]["member_id"].is_null());
}

#[test]
fn a_lesson_that_was_taken_out_by_hand_is_not_learned_again() {
    let clinic = Clinic::new();
    corrected(&clinic, "Garcia, Maria", "W7720311");
    corrected(&clinic, "Lee, Ann", "W5510022");
    assert!(clinic.run(["reader", "learn"]).done().contains("1 lesson from"));
    let file = clinic.data().join("learned.toml");
    let whole = std::fs::read_to_string(&file).unwrap();
    let (rest, lesson) = whole.split_once("[[label]]").unwrap();
    assert!(lesson.contains("household cipher"), "{whole}");

    std::fs::write(&file, rest).unwrap();
    for _ in 0..2 {
        let said = clinic.run(["reader", "learn"]).done();
        assert!(
            said.starts_with(
                "0 lessons from 2 documents, 2 of them corrected; 1 lesson taken out by hand, and not learned again; kept in "
            ),
            "{said}"
        );
    }
    assert!(intake(&clinic, "Moss, Eli", "W1000001")["fields"]["member_id"].is_null());

    // Taken out of what was taught, it may be learned again.
    let rest = std::fs::read_to_string(&file).unwrap();
    let (head, taught) = rest.split_once("taught = ").unwrap();
    assert!(taught.contains("household cipher is member_id"), "{taught}");
    std::fs::write(&file, head).unwrap();
    let said = clinic.run(["reader", "learn"]).done();
    assert!(
        said.contains("\n1 lesson from 2 documents, 2 of them corrected; kept in "),
        "{said}"
    );
}

#[test]
fn a_broken_file_of_lessons_holds_up_no_document() {
    let clinic = Clinic::new();
    std::fs::create_dir_all(clinic.data()).unwrap();
    std::fs::write(clinic.data().join("learned.toml"), "label = 7").unwrap();
    assert_eq!(intake(&clinic, "Garcia, Maria", "W7720311")["status"], "received");
    let why = clinic.run(["reader", "learned"]).fails(1);
    assert!(
        why.contains("learned.toml cannot be read: ") && why.contains("refdesk reader forget"),
        "{why}"
    );
    let said = clinic.run(["doctor"]);
    assert!(
        said.code == 3 && said.out.contains("FAIL learned"),
        "{}",
        said.out
    );
    clinic.run(["reader", "forget"]).done();
    assert_eq!(clinic.run(["doctor"]).code, 0);
}

#[test]
fn what_no_label_announces_is_found_by_the_model_and_not_where_it_is_turned_off() {
    let clinic = Clinic::new();
    let slip = "OKAFOR, NGOZI A\n04/12/1961  F  M50628354\n1429 Pine Blvd, Boise, ID 83704\n\nREFERRAL WORKSHEET\n\n\
                Referring provider: Ana Ruiz, MD\nReason for referral: chronic cough\n";
    let file = clinic.file("slip.txt", slip);
    let dob = || {
        let read = clinic.run(["intake", file.to_str().unwrap(), "--dry-run", "--json"]);
        read.objects().remove(0)["fields"]["dob"].clone()
    };
    let found = dob();
    assert_eq!(
        (&found["value"], &found["how"]),
        (&json!("1961-04-12"), &json!("trained"))
    );
    assert!(found["confidence"].as_f64().unwrap() < 0.9, "{found}");
    std::fs::write(clinic.data().join("config.toml"), "[reading]\nmodel = false\n").unwrap();
    assert!(dob().is_null());
}

/// A sender's new number on a page is no mistake of the reader's because the record has the old one: only who was corrected
/// teaches.
#[test]
fn a_record_that_nobody_corrected_teaches_nothing_of_its_sender() {
    let letter = |name: &str, dob: &str, fax: &str| {
        format!(
            "REFERRAL REQUEST\n\nReferring Provider: Irene Hale, MD\nNPI: 1234567893\nFax: {fax}\n\n\
             Patient Name: {name}\nDOB: {dob}\nSpecialty Requested: Cardiology\nReason for Referral: palpitations\n"
        )
    };
    let clinic = Clinic::new();
    let takes = |file: &str, text: String| {
        let file = clinic.file(file, text);
        let said = clinic
            .run(["intake", file.to_str().unwrap(), "--json"])
            .objects()
            .remove(0);
        assert_eq!(said["status"], "received", "{said}");
        let noted = json!({ "command": "add-note", "referral": said["referral"], "text": "had it in hand" });
        assert!(clinic.does(noted)["action"].is_i64());
    };
    takes("old.txt", letter("Garcia, Maria", "05/17/1970", "(802) 555-0100"));
    let all = [("Lee, Ann", "06/01/1981"), ("Moss, Eli", "07/02/1992")];
    for (name, dob) in all {
        takes(&format!("{name}.txt"), letter(name, dob, "(802) 555-0177"));
    }
    let learned = clinic.run(["reader", "learn", "--dry-run"]).done();
    assert!(learned.starts_with("0 lessons from 3 documents"), "{learned}");
}
