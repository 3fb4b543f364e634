//! `export`: what leaves for other systems, and what the log says of it.

use super::Clinic;
use refdesk::domain::chart::{Chart, Past};
use refdesk::domain::event::Fact;
use refdesk::domain::message::MessageState;
use refdesk::domain::record::Entity;
use refdesk::standards::fhir::chart;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::Command;

fn bundles(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn resources<'v>(bundle: &'v Value, kind: &str) -> Vec<&'v Value> {
    let entries = bundle["entry"].as_array().unwrap();
    let of_kind = |entry: &&Value| entry["resource"]["resourceType"] == kind;
    entries
        .iter()
        .filter(of_kind)
        .map(|entry| &entry["resource"])
        .collect()
}

#[test]
fn one_referral_is_a_bundle_that_says_where_it_stands() {
    let clinic = Clinic::new();
    let id = clinic.receive("O'Neil-Núñez", "urgent");
    clinic.does(json!({ "command": "accept", "referral": id }));
    clinic.does(json!({ "command": "add-note", "referral": id, "text": "Prefers \"mornings\"\nand a lift" }));
    let text = clinic.run(["export", &id]).done();
    let bundle: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&bundle["type"], &bundle["identifier"]["value"]),
        (&json!("collection"), &json!(id))
    );
    let task = resources(&bundle, "Task")[0];
    assert_eq!(
        (&task["status"], &task["businessStatus"]["coding"][0]["code"]),
        (&json!("accepted"), &json!("3.0"))
    );
    assert_eq!(
        resources(&bundle, "Patient")[0]["name"][0]["family"],
        "O'Neil-Núñez"
    );
    let said: Vec<&Value> = resources(&bundle, "Communication");
    assert!(
        said.iter()
            .any(|each| each["payload"][0]["contentString"] == "Prefers \"mornings\"\nand a lift")
    );
    // The log says who took it, the timeline too, and a further copy does not tell of it.
    let shown = clinic.run(["show", &id]).done();
    assert!(
        shown.contains("exported as a FHIR bundle: with documents"),
        "{shown}"
    );
    assert!(clinic.run(["export", &id]).done() == text, "the same again");
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn many_are_a_bundle_a_line_and_ended_ones_come_when_all_are_asked_for() {
    let clinic = Clinic::new();
    let ids: Vec<String> = (0..5)
        .map(|number| clinic.receive(&format!("Lee{number}"), "routine"))
        .collect();
    let cancel = json!({ "command": "cancel", "referral": ids[1], "reason": "sent twice" });
    clinic.does(cancel);
    let names = |arguments: &[&str]| -> Vec<String> {
        let text = clinic.at(super::NOW, arguments).done();
        bundles(&text)
            .iter()
            .map(|bundle| bundle["identifier"]["value"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&["export", "--all"]), ids);
    assert_eq!(names(&["export", "--query", "lee3"]), [ids[3].clone()]);
    assert_eq!(names(&["export", "--query", "priority:routine"]).len(), 4);
    assert_eq!(
        names(&["export", "--all", "--query", "priority:routine"]).len(),
        5
    );
    assert_eq!(
        names(&["export", &ids[4], &ids[0]]),
        [ids[4].clone(), ids[0].clone()]
    );
    let table = clinic.run(["export", "--format", "csv", &ids[2]]).done();
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("referral,status,list,"));
    assert!(
        lines[1].starts_with(&format!("{},received,", ids[2])) && lines.len() == 2,
        "{table}"
    );
}

#[test]
fn a_file_has_its_name_only_when_it_is_whole() {
    let clinic = Clinic::new();
    let id = clinic.receive("Lee", "routine");
    let file = clinic.dir.path().join("out.ndjson");
    let path = file.to_str().unwrap();
    let done = clinic.run(["export", "--all", "--out", path]).done();
    assert_eq!(done, format!("1 referral in {path}\n"));
    let written = std::fs::read_to_string(&file).unwrap();
    assert_eq!(bundles(&written).len(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    let again = clinic.run(["export", &id, "--out", path]).fails(1);
    assert!(again.contains("Nothing was overwritten"), "{again}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), written);
    assert!(!file.with_added_extension("partial").exists());
}

#[test]
fn what_cannot_be_exported_is_said() {
    let clinic = Clinic::new();
    clinic.receive("Lee", "routine");
    let table: [(&[&str], i32, &str); 5] = [
        (&["export"], 2, "say which"),
        (&["export", "--all", "--format", "fhir"], 2, "about one referral"),
        (&["export", "--query", "prio:"], 2, "the query"),
        (&["export", "R-99999-A"], 2, "check character"),
        (&["export", "R-20417-S"], 1, "there is no referral R-20417-S"),
    ];
    for (arguments, code, words) in table {
        let said = clinic.at(super::NOW, arguments).fails(code);
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

#[test]
fn the_original_goes_along_unless_it_is_left_out() {
    let clinic = Clinic::new();
    let id = clinic.receive("Lee", "routine");
    let file = clinic.file("letter.txt", b"A letter about the patient");
    let taken = clinic
        .run(["--json".as_ref(), "intake".as_ref(), file.as_os_str()])
        .objects()
        .remove(0);
    clinic.does(
        json!({ "command": "file-document", "referral": id, "document": { "known": taken["document"] } }),
    );
    let data = |arguments: &[&str]| -> (Value, Value) {
        let bundle: Value = serde_json::from_str(&clinic.at(super::NOW, arguments).done()).unwrap();
        let document = resources(&bundle, "DocumentReference")[0].clone();
        let attachment = &document["content"][0]["attachment"];
        (attachment["data"].clone(), attachment["contentType"].clone())
    };
    assert_eq!(
        data(&["export", &id]),
        (json!("QSBsZXR0ZXIgYWJvdXQgdGhlIHBhdGllbnQ="), json!("text/plain"))
    );
    assert_eq!(
        data(&["export", &id, "--without-originals"]),
        (Value::Null, Value::Null)
    );
}

#[test]
fn the_history_goes_along_unless_it_is_left_out_and_the_log_says_which() {
    let (clinic, other) = (Clinic::new(), Clinic::new());
    let id = clinic.receive("Lee", "routine");
    clinic.does(json!({ "command": "accept", "referral": id }));
    let bundle = |more: &[&str]| -> (String, usize) {
        let text = clinic.at(super::NOW, &[&["export", &id], more].concat()).done();
        let bundle: Value = serde_json::from_str(&text).unwrap();
        let count = resources(&bundle, "Provenance").len();
        (text, count)
    };
    assert!(bundle(&[]).1 > 2);
    let (text, told) = bundle(&["--without-history"]);
    assert_eq!(told, 0);
    assert_eq!(bundle(&["--without-history", "--without-originals"]).1, 0);
    let shown = clinic.show(&id)["timeline"].to_string();
    for along in [
        "with documents",
        "with documents, without history",
        "without documents and history",
    ] {
        assert!(shown.contains(&format!("\"{along}\"")), "{along}: {shown}");
    }
    // It stands there as it stood here, and its timeline begins there.
    let file = other.file("chart.json", text);
    other.run(["import".as_ref(), file.as_os_str()]).done();
    let rows = other.run(["--json", "list"]).objects();
    assert_eq!(rows[0]["status"], "accepted");
    let there = other.show(rows[0]["referral"].as_str().unwrap());
    assert_eq!(
        there["timeline"].as_array().unwrap().len(),
        1,
        "{}",
        there["timeline"]
    );
    other.run(["check", "--deep"]).done();
}

/// A clinic as it is after some months: every kind of record, the invented ones too.
#[test]
fn another_library_reads_what_leaves() {
    let own = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/fhir/bin/python");
    let python = if own.exists() { own } else { "python3".into() };
    let knows = Command::new(&python)
        .args([
            "-c",
            "import fhir.resources as f; assert f.__fhir_version__ == '4.0.1'",
        ])
        .output();
    if !knows.is_ok_and(|run| run.status.success()) {
        eprintln!("left out: python with fhir.resources 5.1.1 (FHIR R4) is not installed; see .ci/run");
        return;
    }
    let clinic = Clinic::new();
    clinic
        .run(["demo", "--referrals", "60", "--seed", "7", "--build-only"])
        .done();
    let file = clinic.dir.path().join("all.ndjson");
    clinic
        .run([
            "export".as_ref(),
            "--all".as_ref(),
            "--out".as_ref(),
            file.as_os_str(),
        ])
        .done();
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/fhir/validate.py");
    let run = Command::new(&python).arg(script).arg(&file).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let kinds: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(
        (&kinds["ServiceRequest"], &kinds["Patient"]),
        (&json!(60), &json!(60))
    );
    assert!(
        kinds["Appointment"].as_u64() > Some(10) && kinds["DocumentReference"].as_u64() > Some(10),
        "{kinds}"
    );
}

/// The charts of an export under numbers that only tell the records of each apart.
fn charts(text: &str) -> Vec<Chart> {
    let read = |line: &str| chart::read(line).unwrap().unwrap().0;
    let one = |line: &str| {
        let (chart, mut next) = (read(line), BTreeMap::new());
        let own = chart.referral.id.0;
        chart.renumbered(&mut |entity, old| {
            if entity == Entity::Referral {
                return Some(if old == own { 1 } else { 2 });
            }
            let next: &mut i64 = next.entry(entity).or_default();
            *next += 1;
            Some(*next)
        })
    };
    text.lines().map(one).collect()
}

/// A chart as it stands in a clinic that took it over: what had not left waits there for a person; versions count on; timers are
/// started anew.
fn taken_over(mut chart: Chart) -> Chart {
    for message in &mut chart.messages {
        message.sender = None;
        if message.state == MessageState::Queued {
            message.state = MessageState::Held;
            message.detail = Some("brought over before it had left: release it, or drop it".into());
        }
    }
    standing(chart)
}

fn standing(mut chart: Chart) -> Chart {
    chart.timers.clear();
    chart.referral.version = 0;
    chart.patient.version = 0;
    chart
}

#[test]
fn a_clinic_that_moves_house_has_the_same_charts_there() {
    let (from, to) = (Clinic::new(), Clinic::new());
    from.run(["demo", "--referrals", "40", "--seed", "11", "--build-only"])
        .done();
    let file = from.dir.path().join("all.ndjson");
    from.run([
        "export".as_ref(),
        "--all".as_ref(),
        "--out".as_ref(),
        file.as_os_str(),
    ])
    .done();
    let was = std::fs::read_to_string(&file).unwrap();
    to.run(["tick"]).done();
    std::fs::copy(from.data().join("config.toml"), to.data().join("config.toml")).unwrap();
    let said = to.run(["import".as_ref(), file.as_os_str()]);
    assert!(
        said.out.contains("40 landed, 0 already there, 0 refused"),
        "{} {}",
        said.out,
        said.err
    );
    let is = to.run(["export", "--all"]).done();
    let (was, is) = (charts(&was), charts(&is));
    assert_eq!(was.len(), is.len());
    for (was, is) in was.into_iter().zip(is) {
        let (told, last) = is.history.split_at(was.history.len());
        assert!(told == was.history, "{}: what happened", was.referral.id);
        assert!(
            matches!(
                last,
                [Past {
                    fact: Fact::Imported { .. },
                    ..
                }]
            ),
            "{}: and that it was taken over",
            was.referral.id
        );
        let (mut was, mut is) = (taken_over(was), standing(is));
        was.history.clear();
        is.history.clear();
        let (was, is) = (
            serde_json::to_value(&was).unwrap(),
            serde_json::to_value(&is).unwrap(),
        );
        for (name, value) in was.as_object().unwrap() {
            assert_eq!(&is[name], value, "{name}");
        }
    }
}
