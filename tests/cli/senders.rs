//! Whose fax a letter goes to: namesakes are not one sender.

use super::{Clinic, received};
use serde_json::{Value, json};

/// A referral by a sender who gives no NPI.
fn sent(family: &str, name: (&str, &str), practice: &str, fax: Option<&str>) -> Value {
    let mut command = received(family, "routine");
    command["requester"] = json!({ "new": { "name": { "family": name.0, "given": name.1 }, "fax": fax } });
    command["organization"] = json!({ "new": { "name": practice, "fax": fax } });
    command
}

fn receive(clinic: &Clinic, command: Value) -> Value {
    let receipt = clinic.does(command);
    clinic.show(
        receipt["referral"]
            .as_str()
            .unwrap_or_else(|| panic!("{receipt}")),
    )
}

#[test]
fn two_doctors_of_one_name_stay_two_and_one_who_is_reached_as_before_is_the_same() {
    let clinic = Clinic::new();
    let smith = ("Smith", "John");
    let first = receive(
        &clinic,
        sent("Lee", smith, "Lakeside Medicine", Some("202-555-0111")),
    );
    let second = receive(
        &clinic,
        sent("Roy", smith, "Mountain Medicine", Some("303-555-0222")),
    );
    let again = receive(
        &clinic,
        sent("Kim", smith, "Lakeside Medicine", Some("+1 (202) 555-0111")),
    );
    let who = |shown: &Value| {
        (
            shown["requester"]["id"].clone(),
            shown["requester"]["fax"].clone(),
        )
    };
    assert_ne!(who(&first).0, who(&second).0);
    assert_eq!(who(&second).1, "3035550222");
    assert_eq!(who(&first), who(&again));
    let to = |shown: &Value| {
        let messages = shown["messages"].as_array().unwrap();
        let ack = messages
            .iter()
            .find(|message| message["kind"] == "ack-provider")
            .unwrap();
        ack["address"].clone()
    };
    assert_eq!(
        [to(&first), to(&second), to(&again)],
        ["2025550111", "3035550222", "2025550111"]
    );
    // Who says nothing of how they are reached may be either: nobody is taken for one of them.
    let unsaid = receive(&clinic, sent("Diaz", smith, "Valley Medicine", None));
    assert!(who(&unsaid).0 != who(&first).0 && who(&unsaid).0 != who(&second).0);
    // Two practices of one name, by their faxes.
    let other = receive(
        &clinic,
        sent("Ito", ("Ames", "Eva"), "Lakeside Medicine", Some("404-555-0333")),
    );
    assert_eq!(to(&other), "4045550333");
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn another_fax_on_the_paper_of_a_known_sender_is_said() {
    let clinic = Clinic::new();
    clinic.receive("Lee", "routine");
    let mut command = received("Roy", "routine");
    command["requester"]["new"]["fax"] = json!("5125550777");
    let shown = receive(&clinic, command);
    assert!(
        shown["notes"].to_string().contains("another fax for its sender"),
        "{}",
        shown["notes"]
    );
}
