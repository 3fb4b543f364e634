//! `rules`: what is written, what would fire on what is stored, why and why not; and what is refused at load.

use super::{Clinic, received};
use serde_json::{Value, json};

const RULES: &str = r#"staff = [{ name = "ana", role = "manager" }, { name = "Lee Chen", role = "clinician" }]
[[rules]]
name = "children"
when = "received"
if = "age:<18"
then = { stage = "in-review", owner = "Lee Chen", task = "Can we?" }
[[rules]]
name = "cedar"
if = "payer:cedar -has:authorisation"
then = { hold = "authorization", because = "Cedar wants an authorisation" }
[[rules]]
name = "late"
when = ["target-missed/decide", "target-missed/book"]
then = { queue = "manager", priority = "urgent" }
"#;

/// A clinic with two referrals that were there before it had rules.
fn clinic() -> (Clinic, [String; 2]) {
    let clinic = Clinic::new();
    let mut child = received("Lee", "routine");
    child["patient"]["new"]["dob"] = json!("2019-04-01");
    let child = clinic.does(child)["referral"].as_str().unwrap().to_owned();
    let urgent = clinic.receive("Ito", "urgent");
    std::fs::write(clinic.data().join("config.toml"), RULES).unwrap();
    (clinic, [child, urgent])
}

#[test]
fn rules_are_printed_as_they_are_in_force() {
    let (clinic, _) = clinic();
    assert_eq!(
        clinic.run(["rules", "list"]).done(),
        "children: on received, if age:<18 → ask Lee Chen: Can we?\n\
         cedar: as long as payer:cedar -has:authorisation → hold: authorisation\n\
         late: on target-missed/decide or target-missed/book → priority urgent, give it to manager queue\n"
    );
    let objects = clinic.run(["rules", "list", "--json"]).objects();
    assert_eq!(objects[1]["if"], json!(["payer:cedar", "-has:authorisation"]));
}

#[test]
fn a_test_says_what_would_fire_and_why_not_and_changes_nothing() {
    let (clinic, [child, urgent]) = clinic();
    let before = clinic.stored();
    let said = clinic.run(["rules", "test"]).done();
    assert_eq!(
        said,
        format!(
            "{urgent:<10} Ito, Ann                 Consultation · urgent · received\n\
             \x20 no    children: not age:<18\n\
             \x20 no    cedar, as long as payer:cedar -has:authorisation → not hold: authorisation (what is listed urgent is never held)\n\
             \x20 fires late, on target-missed/decide or target-missed/book → not priority urgent (it is urgent already), \
             give it to manager queue\n\
             {child:<10} Lee, Ann                 Consultation · routine · received\n\
             \x20 fires children, on received, if age:<18 → ask Lee Chen: Can we?\n\
             \x20 fires cedar, as long as payer:cedar -has:authorisation → hold: authorisation\n\
             \x20 fires late, on target-missed/decide or target-missed/book → priority urgent, give it to manager queue\n\
             looked at 2; would fire: children 1 · cedar 1 · late 2\n"
        )
    );
    assert_eq!(clinic.stored(), before);
    let one = clinic
        .run([
            "rules",
            "test",
            "--query",
            "priority:urgent",
            "--rule",
            "children",
            "--json",
        ])
        .objects();
    assert_eq!(one[0]["referral"], json!(urgent));
    assert_eq!(
        (&one[0]["fires"], &one[0]["not"]),
        (&json!(false), &json!(["age:<18"]))
    );
    assert_eq!(one[1], json!({ "looked_at": 1, "would_fire": { "children": 0 } }));
    let fires = clinic
        .run(["rules", "test", "--fires", "--rule", "cedar", "--json"])
        .objects();
    assert_eq!((fires.len(), &fires[0]["referral"]), (2, &json!(child)));
    assert!(
        clinic
            .run(["rules", "test", "--rule", "x"])
            .fails(2)
            .contains("known are children, cedar, late")
    );
    assert!(
        clinic
            .run(["rules", "test", "--query", "prio:x"])
            .fails(2)
            .contains("`prio:` is not known")
    );
}

#[test]
fn what_a_rule_did_names_it_on_the_timeline() {
    let (clinic, [child, _]) = clinic();
    clinic.does(json!({ "command": "add-note", "referral": child, "text": "seen" }));
    let said = clinic.run(["show", &child]).done();
    assert!(said.contains("on hold: Cedar wants an authorisation"), "{said}");
    assert!(
        said.contains("on hold: authorisation (rule cedar) [script]"),
        "{said}"
    );
    let mut another = received("Moss", "routine");
    another["patient"]["new"]["dob"] = json!("2020-04-01");
    let receipt: Value = clinic.does(another);
    let changed: Vec<&str> = receipt["changed"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let at = changed
        .iter()
        .position(|line| *line == "rule children fired (on received)");
    let at = at.unwrap_or_else(|| panic!("{changed:?}"));
    assert_eq!(changed[at + 1], "received → in review: Can we?");
}

#[test]
fn a_clinic_without_rules_is_told_how_to_write_one() {
    let clinic = Clinic::new();
    for what in ["list", "test"] {
        let said = clinic.run(["rules", what]);
        assert_eq!((said.code, said.out.as_str()), (0, ""));
        assert!(said.err.contains("refdesk config example"), "{}", said.err);
    }
}
