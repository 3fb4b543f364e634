//! Files of released versions: every later version opens them and loses nothing; a newer version's file is left alone.
//!
//! `fixtures/schema-1.sql` and `fixtures/schema-N.db.gz` are databases as they were written under those schemas. Neither they nor a released migration are ever
//! edited: the next schema adds a migration here, and a fixture beside it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that trips has found something"
)]

use assert_cmd::Command;
use rusqlite::Connection;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What was released, as it was released.
const RELEASED: [(&str, &str); 8] = [
    (
        "0001-desk.sql",
        "a40e9ab271cf73afb27e232a522a5020ddb1dd6c6c6a26e8b1ac05640c71c215",
    ),
    // Indexes alone: rows of schema 2 are rows of schema 1.
    (
        "0002-times.sql",
        "af68eb6c63979326d6f2908d40cd51980ef3a24fd8a1749678ea48224448b57e",
    ),
    // A column of messages, empty in what was written before, and indexes.
    (
        "0003-channels.sql",
        "64e85be1f4c06619ed195449f55be657185a0e5c2104c88f3b887b34ae8f7c3c",
    ),
    // Columns of appointments and messages, empty in what was written before, and indexes.
    (
        "0004-loop.sql",
        "60d113c86448fd082da69e7ec9db1b8d4b91bbf48da846f6a45927447373e17a",
    ),
    // Columns of coverages, empty in what was written before, and indexes.
    (
        "0005-coverage.sql",
        "ee284143f43c27102b3b38ab7ce475f6160509acd8412df6ca1b595ff7c39c3c",
    ),
    // Messages have another channel: the same rows in a table laid down anew.
    (
        "0006-exchange.sql",
        "4f72ee3b6b75a4299da4bdd17c8eeaa65327ca8ca29f950c4ca80531b1897788",
    ),
    // Columns of patients, referrals and actions, empty in what was written before, and indexes.
    (
        "0007-same.sql",
        "6bdcbef4948b902f81d9283bf4182e4fa4dcaa341e7fbb7791fe169b9da52742",
    ),
    // A column of coverages, empty in what was written before.
    (
        "0008-subscriber.sql",
        "dee08f31daf0888fe99e42acf869fe16eae14a43c1213c89cd0dea45c92b58ce",
    ),
];
const SCHEMA_1: &str = include_str!("fixtures/schema-1.sql");
const NOW: &str = "2026-03-06T15:00:00Z";
const TABLES: [&str; 18] = [
    "patient",
    "organization",
    "practitioner",
    "referral",
    "coverage",
    "milestone",
    "task",
    "timer",
    "info_request",
    "note",
    "appointment",
    "message",
    "document",
    "content",
    "action",
    "event",
    "counter",
    "tally",
];

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A data folder with the frozen database in it, kept as the program keeps it.
fn frozen() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("refdesk.db");
    let connection = Connection::open(&path).unwrap();
    let mode: String = connection
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
    connection
        .execute_batch(&format!("BEGIN; {SCHEMA_1} COMMIT;"))
        .unwrap();
    (dir, path)
}

fn refdesk(dir: &Path, args: &[&str], input: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_refdesk"));
    let output = command
        .args(["--now", NOW, "--as", "ana", "--data"])
        .arg(dir)
        .args(args)
        .write_stdin(input)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn objects(dir: &Path, args: &[&str], input: &str) -> Vec<Value> {
    let (code, out, err) = refdesk(dir, args, input);
    assert_eq!((code, err.as_str()), (0, ""), "{args:?} {out}");
    out.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn rows(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let mut all = Vec::new();
    for table in TABLES {
        let mut statement = connection
            .prepare(&format!("SELECT * FROM {table} ORDER BY 1"))
            .unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells: Vec<String> = (0..columns)
                .map(|column| format!("{:?}", row.get_ref(column).unwrap()))
                .collect();
            all.push(format!("{table}: {}", cells.join(", ")));
        }
    }
    all
}

#[test]
fn a_released_migration_is_never_edited() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/migrations");
    let mut found: Vec<(String, String)> = folder
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                hex(&std::fs::read(entry.path()).unwrap()),
            )
        })
        .collect();
    found.sort();
    let known: Vec<(String, String)> = RELEASED
        .iter()
        .map(|(name, hash)| ((*name).to_owned(), (*hash).to_owned()))
        .collect();
    assert_eq!(
        found, known,
        "add the next migration instead, with a line here and a frozen file of data"
    );
}

#[test]
fn the_frozen_file_has_the_schema_of_the_first_migration_and_rows_in_every_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/migrations/0001-desk.sql");
    assert!(SCHEMA_1.contains(&std::fs::read_to_string(path).unwrap()));
    let (_dir, path) = frozen();
    let rows = rows(&path);
    for table in TABLES {
        assert!(
            rows.iter().any(|row| row.starts_with(&format!("{table}: "))),
            "{table}"
        );
    }
}

#[test]
fn a_file_of_schema_1_opens_is_sound_and_has_lost_nothing() {
    let (dir, path) = frozen();
    // Nobody had read a message before it left, and none had a document with it; no other system had spoken of a visit;
    // nothing was merged.
    let widened = |row: String| {
        if row.starts_with("message: ") {
            format!("{row}, Null, Null")
        } else if row.starts_with("appointment: ") {
            format!("{row}, Null, {:?}", rusqlite::types::ValueRef::Text(b"[]"))
        } else if row.starts_with("coverage: ") {
            format!("{row}, Null, Null, Integer(0), Null")
        } else if row.starts_with("referral: ") {
            format!("{row}, Null, Null")
        } else if row.starts_with("patient: ") || row.starts_with("action: ") {
            format!("{row}, Null")
        } else {
            row
        }
    };
    let before: Vec<String> = rows(&path).into_iter().map(widened).collect();
    let findings = objects(dir.path(), &["check", "--deep", "--json"], "");
    assert!(
        findings.iter().all(|finding| finding["ok"] == true) && findings.last().unwrap()["check"] == "replay",
        "{findings:?}"
    );
    assert_eq!(rows(&path), before);
    let open = objects(dir.path(), &["list", "--json"], "");
    let seen: Vec<[&Value; 4]> = open
        .iter()
        .map(|row| [&row["referral"], &row["patient"], &row["status"], &row["list"]])
        .collect();
    let expected = [
        ["R-10003-Y", "王, 小明", "received", "emergency"],
        ["R-10001-W", "Núñez, María", "scheduled", "scheduled"],
        ["R-10002-X", "Lee, Ann", "needs-info", "missing-info"],
    ];
    assert_eq!(json!(seen), json!(expected));
    assert_eq!(
        objects(dir.path(), &["list", "--list", "closed", "--json"], "")[0]["patient"],
        "O'Neil, Sean"
    );
    assert_eq!(
        objects(dir.path(), &["list", "--list", "intake", "--json"], "")[0]["name"],
        "minutes.txt"
    );
    let sheet = &objects(dir.path(), &["show", "R-10001-W", "--json"], "")[0];
    assert_eq!(sheet["appointments"][0]["performer"], "Dr. Osei");
    assert_eq!(
        sheet["notes"][0]["text"],
        "prefers mornings\nand the ground floor"
    );
    assert_eq!(sheet["coverages"][0]["member_id"], "A1");
}

#[test]
fn a_file_of_schema_1_gets_the_indexes_of_later_ones() {
    let (dir, path) = frozen();
    objects(dir.path(), &["list", "--json"], "");
    let connection = Connection::open(&path).unwrap();
    for name in [
        "referral_due",
        "referral_callback",
        "referral_replaces",
        "message_referral",
        "message_due",
        "message_state",
        "message_known",
        "message_address",
        "appointment_external",
        "appointment_seen",
        "coverage_asking",
        "coverage_trace",
        "coverage_member",
        "patient_dob",
        "patient_phone",
        "patient_email",
        "referral_merged",
        "referral_requisition",
        "action_joint",
    ] {
        let count: i64 = connection
            .query_row(
                "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name = ?1",
                [name],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(count, 1, "{name}");
    }
}

#[test]
fn work_goes_on_in_a_file_of_schema_1() {
    let (dir, path) = frozen();
    let commands = [
        // A retry of what was done under the old version.
        json!({ "command": "accept", "referral": "R-10001-W", "version": 1, "id": "accept-1" }),
        json!({ "command": "provide-items", "referral": "R-10002-X", "items": ["ecg", "visit-note"] }),
        json!({ "command": "record-call", "referral": "R-10003-Y", "party": "patient", "outcome": "no-answer" }),
    ];
    let input: Vec<String> = commands.iter().map(Value::to_string).collect();
    let receipts = objects(dir.path(), &["apply"], &input.join("\n"));
    assert_eq!(receipts[0]["repeated"], true);
    assert_eq!(receipts[1]["version"], version(&path, 10002));
    let undo = json!({ "command": "undo", "action": receipts[1]["action"] }).to_string();
    objects(dir.path(), &["apply"], &undo);
    objects(dir.path(), &["tick", "--json"], "");
    assert!(
        objects(dir.path(), &["check", "--deep", "--json"], "")
            .iter()
            .all(|finding| finding["ok"] == true)
    );
    objects(dir.path(), &["backup", "--json"], "");
}

fn version(path: &Path, referral: i64) -> i64 {
    let connection = Connection::open(path).unwrap();
    connection
        .query_row("SELECT version FROM referral WHERE id = ?1", [referral], |row| {
            row.get(0)
        })
        .unwrap()
}

#[test]
fn a_newer_file_is_refused_and_left_as_it_is() {
    let (dir, path) = frozen();
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch("PRAGMA user_version = 9; PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    drop(connection);
    let before = hex(&std::fs::read(&path).unwrap());
    let expected = format!(
        "{} was written by a newer Refdesk (schema 9, this one knows 8). It was not touched; install the newer version",
        path.display()
    );
    for args in [
        &["list"][..],
        &["apply"],
        &["tick"],
        &["intake", "minutes.txt"],
        &["check"],
        &["backup"],
        &["outbox"],
    ] {
        let (code, out, err) = refdesk(dir.path(), args, "");
        assert_eq!(
            (code, out.as_str()),
            (if args == ["check"] { 3 } else { 1 }, ""),
            "{args:?}"
        );
        assert!(err.contains(&expected), "{args:?}: {err}");
        assert_eq!(hex(&std::fs::read(&path).unwrap()), before, "{args:?}");
    }
}

#[test]
fn another_programs_file_is_refused_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("refdesk.db");
    Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)")
        .unwrap();
    let before = hex(&std::fs::read(&path).unwrap());
    let (code, _, err) = refdesk(dir.path(), &["list"], "");
    assert_eq!(code, 1);
    assert!(
        err.contains("it is another program's database. It was not touched"),
        "{err}"
    );
    assert_eq!(hex(&std::fs::read(&path).unwrap()), before);
}

/// Databases as the releases wrote them: an invented clinic of five referrals, made by the last program of each schema.
const WRITTEN: [(usize, &[u8]); 6] = [
    (2, include_bytes!("fixtures/schema-2.db.gz")),
    (3, include_bytes!("fixtures/schema-3.db.gz")),
    (4, include_bytes!("fixtures/schema-4.db.gz")),
    (5, include_bytes!("fixtures/schema-5.db.gz")),
    (6, include_bytes!("fixtures/schema-6.db.gz")),
    (7, include_bytes!("fixtures/schema-7.db.gz")),
];

/// A data folder with the file in it.
fn thawed(packed: &[u8]) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("refdesk.db");
    let mut file = std::fs::File::create(&path).unwrap();
    std::io::copy(&mut flate2::read::GzDecoder::new(packed), &mut file).unwrap();
    (dir, path)
}

/// What makes a schema, but for how it is laid out.
fn schema(connection: &Connection) -> Vec<(String, String)> {
    let mut statement = connection
        .prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
        .unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)));
    rows.unwrap()
        .map(Result::unwrap)
        .map(|(name, sql): (String, String)| (name, sql.split_whitespace().collect::<Vec<_>>().join(" ")))
        .collect()
}

/// The rows of every table, by these columns of each.
fn rows_by(path: &Path, columns: &[(&str, String)]) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let mut all = Vec::new();
    for (table, columns) in columns {
        let mut statement = connection
            .prepare(&format!("SELECT {columns} FROM {table} ORDER BY 1"))
            .unwrap();
        let count = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells: Vec<String> = (0..count)
                .map(|column| format!("{:?}", row.get_ref(column).unwrap()))
                .collect();
            all.push(format!("{table}: {}", cells.join(", ")));
        }
    }
    all
}

fn columns_of(path: &Path) -> Vec<(&'static str, String)> {
    let connection = Connection::open(path).unwrap();
    let names = |table: &str| {
        let statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
        statement.column_names().join(", ")
    };
    TABLES.into_iter().map(|table| (table, names(table))).collect()
}

#[test]
fn each_frozen_file_is_of_its_schema() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/migrations");
    for (number, packed) in WRITTEN {
        let (_dir, path) = thawed(packed);
        let file = Connection::open(&path).unwrap();
        let version: i64 = file
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .unwrap();
        assert_eq!(usize::try_from(version).unwrap(), number);
        let fresh = Connection::open_in_memory().unwrap();
        for (name, _) in RELEASED.iter().take(number) {
            fresh
                .execute_batch(&std::fs::read_to_string(folder.join(name)).unwrap())
                .unwrap();
        }
        assert_eq!(schema(&file), schema(&fresh), "schema {number}");
        let full = |table: &&str| {
            let count: i64 = file
                .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))
                .unwrap();
            count > 0
        };
        let empty: Vec<&str> = TABLES.into_iter().filter(|table| !full(table)).collect();
        // Nobody of five had to be asked for anything; schema 1's file has that.
        assert_eq!(empty, ["info_request"], "schema {number}");
    }
}

#[test]
fn a_file_of_any_released_schema_opens_is_sound_has_lost_nothing_and_is_worked_on() {
    for (number, packed) in WRITTEN {
        let (dir, path) = thawed(packed);
        let columns = columns_of(&path);
        let before = rows_by(&path, &columns);
        let findings = objects(dir.path(), &["check", "--deep", "--json"], "");
        assert!(
            findings.iter().all(|finding| finding["ok"] == true)
                && findings.last().unwrap()["check"] == "replay",
            "schema {number}: {findings:?}"
        );
        assert_eq!(rows_by(&path, &columns), before, "schema {number}");
        // A copy was made before it was brought up to date.
        assert_eq!(std::fs::read_dir(dir.path().join("backups")).unwrap().count(), 1);
        let open = objects(dir.path(), &["list", "--json"], "");
        assert_eq!(open.len(), 4, "schema {number}: {open:?}");
        let notes: Vec<String> = open
            .iter()
            .map(|row| {
                json!({ "command": "add-note", "referral": row["referral"], "text": "seen again" })
                    .to_string()
            })
            .collect();
        let receipts = objects(dir.path(), &["apply"], &notes.join("\n"));
        for receipt in &receipts {
            let undo = json!({ "command": "undo", "action": receipt["action"] }).to_string();
            objects(dir.path(), &["apply"], &undo);
        }
        objects(dir.path(), &["tick", "--json"], "");
        let findings = objects(dir.path(), &["check", "--deep", "--json"], "");
        assert!(
            findings.iter().all(|finding| finding["ok"] == true),
            "schema {number}: {findings:?}"
        );
    }
}
