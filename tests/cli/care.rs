//! `check`, `backup`, `restore`, `doctor`: what an IT person relies on.

use super::{Clinic, NOW};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::path::PathBuf;

fn clinic() -> Clinic {
    let clinic = Clinic::new();
    let id = clinic.receive("Lee", "urgent");
    clinic.does(json!({ "command": "add-note", "referral": id, "text": "called" }));
    clinic
}

/// Changes the file as somebody with a SQLite shell would, past the program.
fn tamper(clinic: &Clinic, sql: &str) {
    let connection = Connection::open(clinic.database()).unwrap();
    connection.execute_batch(sql).unwrap();
}

fn copy(clinic: &Clinic) -> PathBuf {
    let manifest = clinic.run(["backup", "--json"]).objects().remove(0);
    clinic
        .data()
        .join("backups")
        .join(manifest["file"].as_str().unwrap())
}

fn failed(clinic: &Clinic, args: &[&str]) -> Vec<String> {
    let said = clinic.run([args, &["--json"]].concat());
    assert_eq!((said.code, said.err.as_str()), (3, ""), "{}", said.out);
    let broken =
        |finding: Value| (finding["ok"] == false).then(|| finding["check"].as_str().unwrap().to_owned());
    said.objects().into_iter().filter_map(broken).collect()
}

#[test]
fn a_sound_file_is_sound_through_and_through() {
    let clinic = clinic();
    let text = clinic.run(["check", "--deep"]).done();
    let checks: Vec<&str> = text.lines().map(|line| &line[..19]).collect();
    assert_eq!(
        checks,
        [
            "ok   integrity     ",
            "ok   references    ",
            "ok   audit chain   ",
            "ok   conservation  ",
            "ok   lists         ",
            "ok   originals     ",
            "ok   heads         ",
            "ok   replay        "
        ]
    );
    assert!(text.contains("open 1 = 1 in lists"));
    assert_eq!(clinic.run(["check", "--json"]).objects().len(), 7);
}

#[test]
fn what_was_changed_past_the_program_is_found() {
    let unguarded = "DROP TRIGGER event_kept_as_written; DROP TRIGGER event_kept;";
    let table: [(String, &[&str], &[&str]); 6] = [
        (
            "UPDATE referral SET priority = 'routine'".into(),
            &["check", "--deep"],
            &["replay"],
        ),
        (
            "UPDATE note SET text = 'never called'".into(),
            &["check", "--deep"],
            &["replay"],
        ),
        (
            "UPDATE referral SET list = 'scheduled'".into(),
            &["check"],
            &["lists"],
        ),
        (
            "UPDATE tally SET n = 7 WHERE name = 'list/review'".into(),
            &["check"],
            &["conservation"],
        ),
        (
            format!("{unguarded} UPDATE event SET actor = 'eve' WHERE seq = 2"),
            &["check"],
            &["audit chain"],
        ),
        (
            format!("{unguarded} DELETE FROM event WHERE seq = 3"),
            &["check"],
            &["audit chain"],
        ),
    ];
    for (sql, args, expected) in table {
        let clinic = clinic();
        tamper(&clinic, &sql);
        assert_eq!(failed(&clinic, args), expected, "{sql}");
    }
}

#[test]
fn a_log_can_only_grow() {
    let clinic = clinic();
    clinic.run(["check"]).done();
    let connection = Connection::open(clinic.database()).unwrap();
    for sql in ["UPDATE event SET actor = 'eve'", "DELETE FROM event"] {
        assert_eq!(
            connection.execute(sql, []).unwrap_err().to_string(),
            "the log is append-only"
        );
    }
}

#[test]
fn a_file_that_cannot_even_be_asked_is_not_healthy() {
    let clinic = clinic();
    std::fs::write(
        clinic.database(),
        "not a database, but long enough to be looked at as one".repeat(20),
    )
    .unwrap();
    let said = clinic.run(["check"]).fails(3);
    assert!(said.contains("it is not a database. It was not touched; name another folder with --data, or put a backup in its place"), "{said}");
    assert!(
        said.contains("`refdesk backup --verify FILE` checks a copy"),
        "{said}"
    );
    assert_eq!(clinic.run(["list"]).code, 1);
    assert_eq!(clinic.run(["doctor"]).code, 3);
}

#[test]
fn a_backup_is_verified_and_put_back() {
    let clinic = clinic();
    let copy = copy(&clinic);
    let path = copy.to_str().unwrap();
    assert_eq!(copy.file_name().unwrap(), "refdesk-2026-03-02T140000Z.db");
    let events = clinic.run(["backup", "--verify", path]).done();
    assert!(
        events.ends_with(" events\n") && events.contains(": whole, "),
        "{events}"
    );
    let before = clinic.stored();
    clinic.receive("Ito", "routine");
    let said = clinic.run(["restore", path]).done();
    assert_eq!(
        said,
        format!(
            "restored from {path}; the database that was there is kept as {}\n\
             everything that leaves is held: what was sent after the copy was made would be sent again. \
             Look through `refdesk outbox`, then `refdesk outbox resume`\n",
            clinic
                .data()
                .join("refdesk.before-restore-2026-03-02T140000Z.db")
                .display()
        )
    );
    assert_eq!(clinic.stored(), before);
    clinic.run(["check", "--deep"]).done();
    // What the copy has as queued may have left since: nothing leaves before a person has looked.
    let later = "2026-03-02T14:10:00Z";
    let held = clinic.at(later, &["tick"]);
    assert!(
        held.out
            .contains("restored from a copy of refdesk-2026-03-02T140000Z"),
        "{held:?}"
    );
    let left = || clinic.data().join("outbox").read_dir().unwrap().count();
    assert_eq!(left(), 0);
    clinic.run(["outbox", "resume"]).done();
    clinic.at(later, &["tick"]).done();
    assert!(left() > 0);
    // What was put aside still has what the copy had not.
    let aside = Connection::open(clinic.data().join("refdesk.before-restore-2026-03-02T140000Z.db")).unwrap();
    assert_eq!(
        aside
            .query_row("SELECT count(*) FROM referral", [], |row| row.get::<_, i64>(0))
            .unwrap(),
        2
    );
}

#[test]
fn a_flipped_byte_is_found_and_such_a_copy_is_never_put_in_place() {
    let clinic = clinic();
    let copy = copy(&clinic);
    let whole = std::fs::read(&copy).unwrap();
    let before = clinic.stored();
    // In the header, in pages of every kind, and in the last byte.
    for place in [
        16,
        100,
        5_000,
        whole.len() / 2,
        whole.len() * 3 / 4,
        whole.len() - 1,
    ] {
        let mut damaged = whole.clone();
        damaged[place] ^= 0x10;
        std::fs::write(&copy, damaged).unwrap();
        let path = copy.to_str().unwrap();
        let said = clinic.run(["backup", "--verify", path]).fails(3);
        assert!(
            said.starts_with("refdesk: this copy is not to be trusted: "),
            "byte {place}: {said}"
        );
        let said = clinic.run(["restore", path]);
        assert_eq!((said.code, said.out.as_str()), (1, ""), "byte {place}");
        assert_eq!(clinic.stored(), before, "byte {place}");
    }
}

#[test]
fn a_copy_that_is_not_there_and_one_that_somebody_has_open() {
    let clinic = clinic();
    for args in [["restore", "none.db"], ["backup", "--verify=none.db"]] {
        assert_eq!(
            clinic.run(args).fails(1),
            "refdesk: there is no copy none.db. Nothing was changed; `refdesk backup` puts copies into the folder backups of the data folder\n"
        );
    }
    let copy = copy(&clinic);
    assert!(
        clinic
            .run(["backup"])
            .fails(1)
            .contains("a backup of this second is there already")
    );
    let before = clinic.stored();
    let neighbour = Connection::open(clinic.database()).unwrap();
    let _: i64 = neighbour
        .query_row("SELECT count(*) FROM referral", [], |row| row.get(0))
        .unwrap();
    assert_eq!(
        clinic.run(["restore", copy.to_str().unwrap()]).fails(1),
        "refdesk: another Refdesk is at work on this data. Nothing was changed; close it and try again\n"
    );
    drop(neighbour);
    assert_eq!(clinic.stored(), before);
}

#[test]
fn doctor_names_what_is_amiss() {
    let clinic = clinic();
    let text = clinic.run(["doctor"]).done();
    let firsts: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split_whitespace().nth(1))
        .collect();
    assert_eq!(
        firsts,
        [
            "version",
            "data",
            "configuration",
            "advice",
            "advice",
            "advice",
            "database",
            "inbox",
            "intake",
            "email",
            "sms",
            "fax",
            "letter",
            "outbox",
            "terminal",
            "pictures",
            "reader",
            "learned",
            "second"
        ]
    );
    let forgotten = clinic.data().join("inbox/forgotten.txt");
    let file = std::fs::File::create(&forgotten).unwrap();
    file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(3600))
        .unwrap();
    tamper(
        &clinic,
        "UPDATE message SET state = 'uncertain' WHERE kind = 'ack-patient'",
    );
    let said = clinic.run(["doctor"]);
    assert_eq!(said.code, 3);
    let amiss: Vec<&str> = said.out.lines().filter(|line| line.starts_with("FAIL")).collect();
    assert!(
        amiss[0].starts_with("FAIL inbox") && amiss[1].starts_with("FAIL outbox         1 messages"),
        "{amiss:?}"
    );
    std::fs::write(clinic.data().join("config.toml"), "[clinic]\nzone = \"Mars\"\n").unwrap();
    let objects = clinic.run(["doctor", "--json"]).objects();
    assert_eq!(
        (objects[2]["check"].as_str(), objects[2]["ok"].as_bool()),
        (Some("configuration"), Some(false))
    );
}

#[test]
fn folders_and_files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let clinic = clinic();
    copy(&clinic);
    clinic.at(NOW, &["tick"]).done();
    let mut all = vec![clinic.data()];
    while let Some(path) = all.pop() {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        if path.is_dir() {
            assert_eq!(mode & 0o077, 0, "{}", path.display());
            all.extend(path.read_dir().unwrap().map(|entry| entry.unwrap().path()));
        } else if path
            .extension()
            .is_some_and(|end| end == "db" || end == "eml" || end == "txt")
        {
            assert_eq!(mode & 0o077, 0, "{}", path.display());
        }
    }
}
