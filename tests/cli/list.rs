//! `list` and `show`: the queue in its order, and one referral whole.

use super::{Clinic, NOW, incomplete, numberless, received};
use serde_json::{Value, json};

/// A referral in every list.
fn populated() -> Clinic {
    let clinic = Clinic::new();
    let mut urgent = received("Urgent", "urgent");
    urgent["received_at"] = json!("2026-03-01T14:00:00Z");
    let mut old = received("Old", "routine");
    old["received_at"] = json!("2026-02-25T14:00:00Z");
    clinic.apply(&[
        received("Stat", "stat"),
        urgent,
        old,
        received("Asap", "asap"),
        incomplete("Missing"),
    ]);
    for (family, commands) in [
        ("Booking", vec!["accept"]),
        ("Booked", vec!["accept", "schedule"]),
        ("Seen", vec!["accept", "schedule", "complete"]),
        ("Declined", vec!["decline"]),
    ] {
        let id = clinic.receive(family, "routine");
        for command in commands {
            let answer = clinic.does(match command {
                "schedule" => json!({
                    "command": command, "referral": id, "starts_at": "2026-03-03T15:00:00Z", "minutes": 30, "performer": "Dr. Osei",
                    "place": "Room 2",
                }),
                "decline" => json!({ "command": command, "referral": id, "reason": "capacity" }),
                "complete" => json!({ "command": command, "referral": id, "at": "2026-03-03T16:00:00Z" }),
                _ => json!({ "command": command, "referral": id }),
            });
            assert!(answer["action"].is_i64(), "{answer}");
        }
    }
    clinic
}

fn families(clinic: &Clinic, args: &[&str]) -> Vec<String> {
    let all = [&["list", "--json"], args].concat();
    let said = clinic.run(all);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let family = |row: Value| {
        row["patient"]
            .as_str()
            .unwrap()
            .split(',')
            .next()
            .unwrap()
            .to_owned()
    };
    said.objects().into_iter().map(family).collect()
}

#[test]
fn the_order_is_emergencies_then_scores() {
    let clinic = populated();
    let rows = clinic.run(["list", "--json"]).objects();
    assert_eq!(rows[0]["priority"], "stat");
    assert_eq!(rows[0]["score"], Value::Null);
    let scores: Vec<i64> = rows[1..]
        .iter()
        .map(|row| row["score"].as_i64().unwrap())
        .collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
    assert_eq!(
        families(&clinic, &["--limit", "4"]),
        ["Stat", "Old", "Urgent", "Asap"]
    );
}

#[test]
fn every_list_holds_its_own() {
    let clinic = populated();
    let table: [(&str, &[&str]); 9] = [
        ("emergency", &["Stat"]),
        ("review", &["Old", "Urgent", "Asap"]),
        ("missing-info", &["Missing"]),
        ("insurance", &[]),
        ("to-schedule", &["Booking"]),
        ("scheduled", &["Booked"]),
        ("reports-due", &["Seen"]),
        ("closed", &["Declined"]),
        (
            "open",
            &[
                "Stat", "Old", "Urgent", "Asap", "Missing", "Booking", "Booked", "Seen",
            ],
        ),
    ];
    for (list, expected) in table {
        assert_eq!(families(&clinic, &["--list", list]), expected, "{list}");
    }
}

#[test]
fn a_query_filters_and_a_limit_limits() {
    let clinic = populated();
    let table: [(&[&str], &[&str]); 6] = [
        (&["--query", "priority:urgent"], &["Urgent"]),
        (&["--query", "missing:yes"], &["Missing"]),
        (&["--query", "book -status:scheduled"], &["Booking"]),
        (&["--query", "status:scheduled", "--list", "review"], &[]),
        (&["--list", "review", "--limit", "2"], &["Old", "Urgent"]),
        (&["--limit", "0"], &[]),
    ];
    for (args, expected) in table {
        assert_eq!(families(&clinic, args), expected, "{args:?}");
    }
}

#[test]
fn a_wrong_query_is_pointed_at() {
    let clinic = Clinic::new();
    assert_eq!(
        clinic.run(["list", "--query", "歐陽 priority:soon"]).fails(2),
        "refdesk: the query at character 13: `soon` is not routine, urgent, asap or stat; >=urgent is urgent and above\n  歐陽 priority:soon\n                ^\n"
    );
    assert_eq!(
        clinic.run(["list", "--query", "anna \"van der"]).fails(2),
        "refdesk: the query at character 6: the quote is not closed\n  anna \"van der\n       ^\n"
    );
}

#[test]
fn rows_stand_in_columns_whatever_the_script() {
    let clinic = Clinic::new();
    for (family, given) in [
        ("歐陽", "嘉欣"),
        ("Nguyễn Thị Phương Thảo Anh", "Mai"),
        ("Lee", "Ann"),
    ] {
        let mut command = received(family, "asap");
        command["patient"]["new"]["name"]["given"] = json!(given);
        clinic.does(command);
    }
    assert_eq!(
        clinic.run(["list"]).done(),
        "  0  3 Mar 09:00       R-10001-W  歐陽, 嘉欣               Consultation           ▲asap received              intake queue
  0  3 Mar 09:00       R-10002-X  Nguyễn Thị Phương Thảo … Consultation           ▲asap received              intake queue
  0  3 Mar 09:00       R-10003-Y  Lee, Ann                 Consultation           ▲asap received              intake queue
"
    );
}

#[test]
fn nothing_there_is_said_beside_the_output() {
    let clinic = Clinic::new();
    for (list, words) in [
        ("open", "no referral stands there"),
        ("intake", "no document waits for a person"),
    ] {
        let said = clinic.run(["list", "--list", list]);
        assert_eq!(
            (said.code, said.out, said.err),
            (0, String::new(), format!("refdesk: {words}\n"))
        );
        assert_eq!(clinic.run(["list", "--json", "--list", list]).done(), "");
    }
}

#[test]
fn show_tells_the_whole_of_one_referral() {
    let clinic = Clinic::new();
    let id = clinic.receive("Lee", "urgent");
    clinic.does(json!({ "command": "accept", "referral": id, "at": "2026-03-02T15:00:00Z" }));
    let shown = clinic.at("2026-03-04T14:00:00Z", &["show", &id]).done();
    insta::assert_snapshot!(numberless(&numberless(&shown, "M-"), "T-"));
    let object = clinic.show(&id);
    assert_eq!(
        object["fhir"],
        json!({ "service_request": "active", "task": "accepted", "business_status": "3.0" })
    );
    assert_eq!(object["referral"]["list"], "to-schedule");
    assert_eq!(object["patient"]["name"]["family"], "Lee");
    let keys: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "referral",
            "fhir",
            "score",
            "clocks",
            "patient",
            "requester",
            "organizations",
            "coverages",
            "milestones",
            "tasks",
            "timers",
            "requests",
            "notes",
            "appointments",
            "messages",
            "documents",
            "timeline",
            "related"
        ]
    );
    assert_eq!(
        clinic
            .at(NOW, &["show", &id.to_lowercase(), "--timeline", "1", "--json"])
            .objects()[0]["timeline"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn an_id_that_is_none_and_one_that_is_not_there() {
    let clinic = Clinic::new();
    assert_eq!(
        clinic.run(["show", "R-10001-W"]).fails(1),
        "refdesk: there is no referral R-10001-W; `refdesk list` prints those that are open\n"
    );
    let wrong = clinic.run(["show", "R-10010-W"]).fails(2);
    assert!(
        wrong.contains("`R-10010-W` has a wrong check character: a digit was misread or two were swapped"),
        "{wrong}"
    );
    let hostile = clinic.run(["show", "\u{1b}[31mR\u{202e}"]).fails(2);
    assert!(!hostile.contains(['\u{1b}', '\u{202e}']), "{hostile:?}");
}

#[test]
fn a_list_and_a_referral_as_of_a_past_moment() {
    let clinic = populated();
    let then = clinic.run(["list", "--json"]);
    let id = clinic.run(["list", "--json"]).objects()[0]["referral"]
        .as_str()
        .unwrap()
        .to_owned();
    let shown = clinic.run(["show", &id]);
    // Two days later the clock has gone on, and so have the scores.
    let later = "2026-03-04T14:00:00Z";
    clinic.at(later, &["tick"]).done();
    let now = clinic.at(later, &["list", "--json"]);
    assert_ne!(now.out, then.out);
    let back = clinic.at(later, &["list", "--json", "--as-of", NOW]);
    assert_eq!((back.code, back.out), (0, then.out));
    assert_eq!(
        back.err,
        "refdesk: as of 2 Mar 09:00 (America/New_York), to read alone\n"
    );
    let before = clinic.at(later, &["list", "--as-of", "sun 9:00"]);
    assert_eq!((before.code, before.out.as_str()), (0, ""));
    let back = clinic.at(later, &["show", &id, "--as-of", NOW]);
    assert_eq!((back.code, back.out), (0, shown.out));
    assert_eq!(
        clinic
            .at(later, &["show", &id, "--as-of", "1 mar 12:00"])
            .fails(1),
        format!(
            "refdesk: as of 1 Mar 12:00 (America/New_York), to read alone\nrefdesk: there was no referral {id}; `refdesk list` prints those that are open\n"
        )
    );
    let wrong = clinic.at(later, &["list", "--as-of", "tomorrow 9"]);
    assert_eq!(wrong.code, 2);
    assert!(
        wrong.err.contains("`tomorrow 9` is not a past moment"),
        "{}",
        wrong.err
    );
}

#[test]
fn the_shift_handover_tells_what_happened_since() {
    let clinic = populated();
    let later = "2026-03-04T14:00:00Z";
    clinic.at(later, &["tick"]).done();
    // Since the moment at which everything came in: what was done at that very moment is known.
    let said = clinic.at(later, &["report", "handover", "--since", NOW, "--json"]);
    let objects = said.objects();
    assert_eq!(objects[0]["since"], NOW);
    let counts = &objects[0]["counts"];
    assert_eq!((&counts["emergencies"], &counts["new"]), (&json!(1), &json!(0)));
    for part in ["due", "missed", "escalated"] {
        assert!(counts[part].as_u64().unwrap() > 0, "{part}: {counts}");
    }
    assert!(
        objects[1..]
            .iter()
            .all(|line| line["referral"].is_string() && line["part"].is_string())
    );
    let before = clinic.at(later, &["report", "handover", "--since", "1 mar 9:00", "--json"]);
    assert_eq!(before.objects()[0]["counts"]["new"], json!(9));
    // Nobody noted when they left: since the last thing that they did.
    let text = clinic.at(later, &["report", "handover"]).done();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "since 2 Mar 09:00 for ana, until 4 Mar 09:00");
    assert_eq!(lines[2], "Emergencies open 1");
    assert!(lines[3].ends_with("nobody has called yet"), "{}", lines[3]);
    let wrong = clinic.at(later, &["report", "handover", "--since", "friday"]);
    assert_eq!(wrong.code, 1);
}
