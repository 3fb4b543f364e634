//! `apply`: receipts, every kind of refusal, and when an answer is given.

use super::{Clinic, NOW, incomplete, received, said};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

#[test]
fn a_receipt_says_what_changed_and_a_repeated_id_gives_it_again() {
    let clinic = Clinic::new();
    let mut command = received("Lee", "urgent");
    command["id"] = json!("fax-1");
    let answers = clinic.apply(&[command.clone(), command]);
    let expected = json!({
        "action": 1, "id": "fax-1", "referral": "R-10001-W", "version": 1, "at": NOW,
        "changed": [
            "a person or practice became known", "a person or practice became known", "received by phone, template cardiology",
            "task added by rule template", "task added by rule template",
            "ack-provider queued to the provider by fax (rule ack-provider)", "ack-patient queued to the patient by email (rule ack-patient)",
        ],
    });
    assert_eq!(answers[0], expected);
    let mut again = expected;
    again["repeated"] = json!(true);
    assert_eq!(answers[1], again);
    assert_eq!(clinic.run(["list", "--json"]).objects().len(), 1);
}

#[test]
fn each_refusal_has_its_code_a_reason_and_a_fix_and_changes_nothing() {
    let clinic = Clinic::new();
    clinic.receive("Lee", "urgent");
    clinic.receive("Boateng", "stat");
    let id = "R-10001-W";
    let refusals = [
        (
            json!({ "command": "accept", "referral": id, "version": 9 }),
            "stale",
        ),
        (json!({ "command": "complete", "referral": id }), "impossible"),
        (
            json!({ "command": "schedule", "referral": id, "starts_at": "2026-03-09T15:00:00Z", "minutes": 0, "performer": "Dr. Osei", "place": "2" }),
            "bad-field",
        ),
        (json!({ "command": "accept" }), "bad-field"),
        (
            json!({ "command": "accept", "referral": "R-10001-X" }),
            "bad-field",
        ),
        (
            json!({ "command": "accept", "referral": id, "colour": "red" }),
            "bad-field",
        ),
        (
            json!({ "command": "accept", "referral": id, "at": "tomorrow" }),
            "bad-field",
        ),
        (
            json!({ "command": "set-priority", "referral": id, "priority": "soon", "reason": "x" }),
            "bad-field",
        ),
        (json!({ "command": "acept", "referral": id }), "bad-command"),
        (json!({ "referral": id }), "bad-command"),
        (json!([id]), "bad-command"),
        (
            json!({ "command": "cancel", "referral": id, "reason": " " }),
            "reason-needed",
        ),
        (
            json!({ "command": "add-note", "referral": id, "text": "seen", "role": "read-only" }),
            "not-allowed",
        ),
        (
            json!({ "command": "accept", "referral": "R-10003-Y" }),
            "not-found",
        ),
        (json!({ "command": "undo", "action": 77 }), "not-found"),
        (json!({ "command": "undo", "action": 1 }), "cannot-undo"),
        (
            json!({ "command": "set-priority", "referral": id, "priority": "urgent", "reason": "as it was" }),
            "nothing-to-do",
        ),
        (
            json!({ "command": "decline", "referral": "R-10002-X", "reason": "capacity", "batch": "all" }),
            "emergency",
        ),
    ];
    let before = clinic.stored();
    let lines: Vec<String> = refusals.iter().map(|(command, _)| command.to_string()).collect();
    let said = clinic.apply_text(lines.join("\n"));
    assert_eq!((said.code, said.err.as_str()), (1, ""));
    let answers = said.objects();
    assert_eq!(answers.len(), refusals.len());
    for (number, ((command, code), answer)) in refusals.iter().zip(&answers).enumerate() {
        assert_eq!(answer["refused"], *code, "{command}: {answer}");
        assert_eq!(answer["line"], number + 1);
        for part in ["because", "fix"] {
            assert!(
                answer[part].as_str().is_some_and(|text| !text.trim().is_empty()),
                "{answer}"
            );
        }
    }
    assert_eq!(clinic.stored(), before);
}

/// Whoever copies an example from the help gets an answer about the referral, not about the form.
#[test]
fn the_examples_of_the_help_can_be_read() {
    let clinic = Clinic::new();
    let help = clinic
        .run(["apply", "--help"])
        .done()
        .replace("\n   \"patient\"", "\"patient\"")
        .replace(" (on one line)", "");
    let examples: Vec<&str> = help
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("{\"command\""))
        .collect();
    assert_eq!(examples.len(), 5);
    let answers = clinic.apply_text(examples.join("\n")).objects();
    assert_eq!(answers[0]["referral"], "R-10001-W");
    for answer in &answers[1..] {
        assert_eq!(answer["refused"], "not-found", "{answer}");
    }
}

#[test]
fn what_cannot_be_read_is_named_without_repeating_values_or_the_programs_names() {
    let clinic = Clinic::new();
    let table = [
        (
            r#"{"command":"receive","source":"phone","template":"cardiology","patient":{"new":{"name":"Garcia"}}}"#,
            "wrong type: string, expected an object",
        ),
        (
            r#"{"command":"accept","referral":"R-10001-W","version":"three"}"#,
            "version: wrong type: string, expected a whole number",
        ),
        (
            r#"{"command":"accept","referral":"R-10001-W","role":"boss"}"#,
            "role: unknown value `boss`, expected one of `read-only`, `coordinator`, `clinician`, `manager`, `system`",
        ),
        (
            r#"{"command":"accept","referral":"R-10001-W","at":"noon"}"#,
            "at: a time or a day cannot be read: times are like 2026-11-23T09:30:00Z, days like 2026-11-23",
        ),
        (r#"{"command":"accept"}"#, "missing field `referral`"),
        (r#"{"referral":"R-10001-W"}"#, "missing field `command`"),
        (
            "[1]",
            r#"the line is not an object: it must look like {"command":"accept","referral":"R-20417-S"}"#,
        ),
        ("accept R-10001-W", "the line is not JSON, from character 1"),
        (
            r#"{"command":"accept""#,
            "the line ends too early, at character 19",
        ),
    ];
    let lines: Vec<&str> = table.iter().map(|(line, _)| *line).collect();
    let answers = clinic.apply_text(lines.join("\n")).objects();
    for ((line, because), answer) in table.into_iter().zip(answers) {
        assert_eq!(answer["because"], because, "{line}");
        assert_eq!(
            answer["fix"],
            "see `refdesk apply --help` for the fields of a line"
        );
    }
}

#[test]
fn lines_that_are_no_text_or_far_too_long_are_refused_and_the_next_is_read() {
    let clinic = Clinic::new();
    let mut input = vec![b'{'; 3_000_000];
    input.extend(b"\n{\"command\":\"receive\",\"id\":\"\xff\"}\n\n");
    input.extend(received("Lee", "routine").to_string().bytes());
    let said = clinic.apply_text(input);
    let answers = said.objects();
    assert_eq!(said.code, 1);
    assert_eq!(
        (&answers[0]["because"], &answers[0]["line"]),
        (&json!("the line is longer than 1 MB"), &json!(1))
    );
    assert_eq!(
        (&answers[1]["because"], &answers[1]["line"]),
        (&json!("the line is not UTF-8"), &json!(2))
    );
    assert_eq!(answers[2]["referral"], "R-10001-W");
    assert_eq!(answers.len(), 3);
}

#[test]
fn a_long_line_whose_beginning_alone_would_be_a_command_is_not_executed() {
    let clinic = Clinic::new();
    let said = clinic.apply_text(format!(
        "{}{}x\n",
        received("Lee", "routine"),
        " ".repeat(1_100_000)
    ));
    assert_eq!(said.objects()[0]["refused"], "bad-command");
    assert_eq!(clinic.run(["list", "--json"]).done(), "");
}

#[test]
fn commands_come_from_a_file_too() {
    let clinic = Clinic::new();
    let file = clinic.file(
        "commands.jsonl",
        format!("{}\n\n{}\n", received("Lee", "routine"), incomplete("Ito")),
    );
    let said = clinic.run([std::ffi::OsStr::new("apply"), file.as_os_str()]);
    assert_eq!((said.code, said.objects().len()), (0, 2));
    assert_eq!(clinic.run(["apply"]).done(), "");
    assert_eq!(
        clinic.run(["apply", "none.jsonl"]).fails(1),
        "refdesk: none.jsonl cannot be read: No such file or directory. Nothing was changed\n"
    );
    assert_eq!(clinic.run(["apply", "."]).fails(1), "refdesk: Is a directory\n");
}

/// A script waits for each answer before it sends the next line; and what was answered is there when the program is killed.
#[test]
fn an_answer_comes_before_the_next_line_is_read_and_outlives_a_kill() {
    let clinic = Clinic::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_refdesk"))
        .args(["--now", NOW, "apply", "--data"])
        .arg(clinic.data())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut ask = |command: Value| -> Value {
        writeln!(input, "{command}").unwrap();
        serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap()
    };
    let first = ask(received("Lee", "routine"));
    let id = first["referral"].clone();
    let second = ask(json!({ "command": "accept", "referral": id, "version": first["version"] }));
    assert_eq!(second["changed"][0], "received → accepted");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(
        clinic.show(id.as_str().unwrap())["referral"]["status"],
        "accepted"
    );
    assert!(clinic.run(["check", "--deep"]).done().contains("ok   replay"));
}

#[test]
fn who_acts_is_written_down_and_nobody_gains_rights_by_asking() {
    let clinic = Clinic::new();
    let id = clinic.receive("Lee", "urgent");
    std::fs::write(
        clinic.data().join("config.toml"),
        "[[staff]]\nname = \"Ana Ruiz\"\nlogin = \"ana\"\nrole = \"coordinator\"\n[rights]\ndecline = [\"manager\"]\n",
    )
    .unwrap();
    let decline = json!({ "command": "decline", "referral": id, "reason": "capacity", "role": "manager" });
    assert_eq!(clinic.does(decline)["refused"], "not-allowed");
    clinic.does(json!({ "command": "add-note", "referral": id, "text": "called" }));
    assert_eq!(clinic.show(&id)["timeline"][0]["actor"], "Ana Ruiz");
    // Somebody whom the list does not know may look.
    let mut stranger = clinic.command(NOW);
    stranger
        .args(["--as", "eve", "apply"])
        .write_stdin(json!({ "command": "accept", "referral": id }).to_string());
    assert_eq!(said(&mut stranger).objects()[0]["refused"], "not-allowed");
}

#[test]
fn undo_takes_back_and_gives_the_inverse() {
    let clinic = Clinic::new();
    let id = clinic.receive("Lee", "urgent");
    let accepted = clinic.does(json!({ "command": "accept", "referral": id }));
    let undone = clinic.does(json!({ "command": "undo", "action": accepted["action"] }));
    assert_eq!(undone["referral"], json!(id));
    assert_eq!(clinic.show(&id)["referral"]["status"], "received");
    assert_eq!(
        clinic.does(json!({ "command": "undo", "action": accepted["action"] }))["refused"],
        "already-done"
    );
}
