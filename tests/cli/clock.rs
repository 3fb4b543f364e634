//! `tick`: the clock once, and what it would do.

use super::{Clinic, incomplete, numberless};
use serde_json::{Value, json};

/// After the minute in which a change is undone with what it would have sent.
const LATER: &str = "2026-03-02T14:02:00Z";
const FRIDAY: &str = "2026-03-06T20:00:00Z";

fn asked() -> Clinic {
    let clinic = Clinic::new();
    let id = clinic.does(incomplete("Lee"))["referral"].clone();
    clinic.does(json!({ "command": "request-info", "referral": id }));
    clinic.receive("Ito", "urgent");
    clinic
}

fn forecast(clinic: &Clinic, now: &str) -> Vec<Value> {
    let said = clinic.at(now, &["tick", "--dry-run", "--json"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    said.objects()
}

#[test]
fn a_forecast_changes_nothing_and_is_in_order() {
    let clinic = asked();
    let before = clinic.stored();
    let foreseen = forecast(&clinic, FRIDAY);
    assert_eq!(clinic.stored(), before);
    assert!(!clinic.data().join("outbox").read_dir().unwrap().any(|_| true));
    let times: Vec<&str> = foreseen.iter().map(|line| line["at"].as_str().unwrap()).collect();
    assert!(
        times.is_sorted() && times.last().is_some_and(|last| *last <= FRIDAY),
        "{times:?}"
    );
    let rules: Vec<&str> = foreseen
        .iter()
        .map(|line| line["rule"].as_str().unwrap())
        .collect();
    // Three days after the request, the provider is reminded; and the reminder leaves.
    assert!(
        rules.contains(&"info-reminder") && rules.contains(&"sla-breach"),
        "{rules:?}"
    );
    assert_eq!(
        clinic.at(FRIDAY, &["tick", "--dry-run"]).done().lines().count(),
        foreseen.len()
    );
}

/// The clock stops at every time that the forecast names: what it then writes on the timelines is what was foreseen.
#[test]
fn what_was_foreseen_is_what_then_happens() {
    let clinic = asked();
    let foreseen = forecast(&clinic, FRIDAY);
    let mut times: Vec<&str> = foreseen.iter().map(|line| line["at"].as_str().unwrap()).collect();
    times.dedup();
    let seen = last_event(&clinic);
    let (mut fired, mut left) = (0, 0);
    for at in times {
        let report = &clinic.at(at, &["tick", "--json"]).objects()[0];
        fired += report["fired"].as_u64().unwrap();
        left += report["handed_over"].as_u64().unwrap();
    }
    let messages = foreseen.iter().filter(|line| line["rule"] == "outbox").count() as u64;
    assert_eq!((fired, left), (foreseen.len() as u64 - messages, messages));
    let mut expected: Vec<String> = foreseen
        .iter()
        .filter(|line| line["rule"] != "outbox")
        .flat_map(|line| {
            line["changes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|change| format!("{} {}", line["referral"], change))
        })
        .collect();
    let mut happened = Vec::new();
    for row in clinic.run(["list", "--json"]).objects() {
        let id = row["referral"].as_str().unwrap();
        let timeline = clinic.show(id)["timeline"].clone();
        for entry in timeline.as_array().unwrap() {
            if entry["seq"].as_i64().unwrap() > seen
                && entry["cause"] == "clock"
                && entry["text"] != "kept up to date"
            {
                happened.push(format!("{} {}", json!(id), entry["text"]));
            }
        }
    }
    expected.sort();
    happened.sort();
    assert_eq!(happened, expected);
    assert!(forecast(&clinic, FRIDAY).is_empty());
}

fn last_event(clinic: &Clinic) -> i64 {
    let connection = rusqlite::Connection::open(clinic.database()).unwrap();
    connection
        .query_row("SELECT max(seq) FROM event", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn a_tick_hands_messages_over_once_and_says_what_it_did() {
    let clinic = asked();
    assert_eq!(
        clinic.run(["tick"]).done(),
        "rules that went off: 0 · messages handed over: 0, failed: 0, dropped: 0 · next due: 2 Mar 09:01\n",
        "what a person just did can still be undone"
    );
    assert_eq!(
        clinic.at(LATER, &["tick"]).done(),
        "rules that went off: 0 · messages handed over: 5, failed: 0, dropped: 0 · next due: 4 Mar 15:00\n"
    );
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        numberless(&entry.unwrap().file_name().into_string().unwrap(), "RQ-")
    };
    let mut names: Vec<String> = clinic
        .data()
        .join("outbox")
        .read_dir()
        .unwrap()
        .map(name)
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "ack-patient.R-10001-W.received.eml",
            "ack-patient.R-10002-X.received.eml",
            "ack-provider.R-10001-W.received.fax.txt",
            "ack-provider.R-10002-X.received.fax.txt",
            "info-request.R-10001-W.RQ-#.fax.txt",
        ]
    );
    let again = clinic.at(LATER, &["tick", "--json"]).objects().remove(0);
    assert_eq!((&again["fired"], &again["handed_over"]), (&json!(0), &json!(0)));
    assert_eq!(
        names.len(),
        clinic.data().join("outbox").read_dir().unwrap().count()
    );
}

#[test]
fn a_clinic_without_referrals_has_nothing_due() {
    let clinic = Clinic::new();
    assert_eq!(
        clinic.run(["tick"]).done(),
        "rules that went off: 0 · messages handed over: 0, failed: 0, dropped: 0 · next due: nothing\n"
    );
    assert_eq!(clinic.run(["tick", "--dry-run"]).done(), "");
}
