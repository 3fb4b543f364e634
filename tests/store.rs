//! The file: how it is opened, what is refused, what cannot be rewritten, and what a copy is worth.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test that trips has found something"
)]

mod common;

use common::{Desk, complete, incomplete, max};
use refdesk::domain::command::{Command, DeclineReason};
use refdesk::domain::priority::Priority;
use refdesk::domain::time::Span;
use refdesk::store::{Store, StoreError, backup, content, log};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::Barrier;

/// A desk with a little of everything, closed again.
fn desk() -> Desk {
    let mut desk = Desk::new();
    let first = desk.receive(incomplete(Priority::Routine));
    desk.does(Command::RequestInfo {
        referral: first,
        items: Vec::new(),
        message: None,
    });
    let second = desk.receive(complete(Priority::Urgent));
    desk.does(Command::Accept { referral: second });
    let third = desk.receive(complete(Priority::Stat));
    desk.does(Command::Decline {
        referral: third,
        reason: DeclineReason::Capacity,
        remedy: None,
    });
    desk.after(Span::days(4)).tick();
    desk
}

fn raw(desk: &Desk) -> Connection {
    Connection::open(&desk.engine.places().database).unwrap()
}

#[test]
fn the_settings_are_in_force() {
    let desk = Desk::new();
    let read = |name: &str| -> String {
        desk.connection()
            .query_row(
                &format!("SELECT CAST((SELECT * FROM pragma_{name}) AS TEXT)"),
                [],
                |row| row.get(0),
            )
            .unwrap()
    };
    let expected = [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("foreign_keys", "1"),
        ("busy_timeout", "5000"),
        ("trusted_schema", "0"),
        ("cell_size_check", "1"),
        ("secure_delete", "1"),
        ("temp_store", "2"),
        ("application_id", "1382433899"),
    ];
    for (name, value) in expected {
        assert_eq!(read(name), value, "{name}");
    }
    let map: i64 = desk
        .connection()
        .pragma_query_value(None, "mmap_size", |row| row.get(0))
        .unwrap_or(0);
    assert_eq!(map, 0);
    let loose =
        "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0
        AND name NOT LIKE 'sqlite_%'";
    assert_eq!(
        common::number(desk.connection(), loose),
        0,
        "every table is STRICT"
    );
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let desk = desk();
    let database = &desk.engine.places().database;
    let (copy, _) = backup::make(desk.connection(), &desk.engine.places().backups, desk.now).unwrap();
    for file in [database, &copy] {
        assert_eq!(
            file.metadata().unwrap().permissions().mode() & 0o777,
            0o600,
            "{}",
            file.display()
        );
    }
    for name in common::handed_over(desk.dir.path()) {
        let file = desk.engine.places().outbox.join(name);
        assert_eq!(
            file.metadata().unwrap().permissions().mode() & 0o777,
            0o600,
            "{}",
            file.display()
        );
    }
}

/// The file as it is on disk: bytes and rights.
fn state(path: &Path) -> (Vec<u8>, bool, Vec<PathBuf>) {
    let mut beside: Vec<PathBuf> = std::fs::read_dir(path.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    beside.sort();
    let bytes = std::fs::read(path).unwrap();
    #[cfg(unix)]
    let open = {
        use std::os::unix::fs::PermissionsExt;
        path.metadata().unwrap().permissions().mode() & 0o044 != 0
    };
    #[cfg(not(unix))]
    let open = true;
    (bytes, open, beside)
}

fn refused(path: &Path) -> StoreError {
    let before = state(path);
    let error = Store::open(path, &path.with_file_name("backups"))
        .err()
        .expect("the file is refused");
    let after = state(path);
    assert!(
        before.0 == after.0 && before.1 == after.1,
        "the file was touched: {error}"
    );
    assert_eq!(before.2, after.2, "something was left beside it: {error}");
    error
}

/// A database of ours, whole and closed, under a name of its own.
fn closed(dir: &Path, change: &str) -> PathBuf {
    let desk = desk();
    let path = dir.join("refdesk.db");
    backup::copy(desk.connection(), &path).unwrap();
    Connection::open(&path).unwrap().execute_batch(change).unwrap();
    path
}

#[test]
fn a_file_that_cannot_be_trusted_is_refused_and_left_as_it_is() {
    let dir = common::folder();
    let newer = closed(dir.path(), "PRAGMA user_version = 99");
    assert!(matches!(refused(&newer), StoreError::TooNew { found: 99, .. }));

    let dir = common::folder();
    let foreign = dir.path().join("refdesk.db");
    Connection::open(&foreign)
        .unwrap()
        .execute_batch("CREATE TABLE till (coins INTEGER)")
        .unwrap();
    assert!(matches!(refused(&foreign), StoreError::Unfit { .. }));

    let dir = common::folder();
    let letter = dir.path().join("refdesk.db");
    std::fs::write(&letter, "Dear colleague, ".repeat(200)).unwrap();
    assert!(matches!(refused(&letter), StoreError::Unfit { .. }));

    let dir = common::folder();
    let cut = closed(dir.path(), "");
    let whole = std::fs::read(&cut).unwrap();
    for part in [whole.len() / 2, 4096, 100] {
        std::fs::write(&cut, &whole[..part]).unwrap();
        let error = refused(&cut);
        assert!(matches!(error, StoreError::Unfit { .. }), "{part} bytes: {error}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_with_another_name_is_refused() {
    let dir = common::folder();
    let real = closed(dir.path(), "");
    let linked = dir.path().join("linked.db");
    std::os::unix::fs::symlink(&real, &linked).unwrap();
    assert!(matches!(refused(&linked), StoreError::Unfit { .. }));
    std::fs::remove_file(&linked).unwrap();
    std::fs::hard_link(&real, &linked).unwrap();
    assert!(matches!(refused(&linked), StoreError::Unfit { .. }));
    std::fs::remove_file(&linked).unwrap();
    Store::open(&real, &dir.path().join("backups")).unwrap();
}

/// Killed between marking the file and filling it: the next start fills it.
#[test]
fn a_file_that_was_only_begun_is_finished() {
    let dir = common::folder();
    let path = dir.path().join("refdesk.db");
    Connection::open(&path)
        .unwrap()
        .execute_batch("PRAGMA application_id = 0x5266446B")
        .unwrap();
    Store::open(&path, dir.path()).unwrap();
}

#[test]
fn programs_that_start_together_make_one_file() {
    for _ in 0..8 {
        let dir = common::folder();
        let path = dir.path().join("refdesk.db");
        let start = Barrier::new(8);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    start.wait();
                    Store::open(&path, &dir.path().join("backups")).unwrap();
                });
            }
        });
        let store = Store::open(&path, dir.path()).unwrap();
        assert!(store.check(true).unwrap().iter().all(|finding| finding.ok));
    }
}

#[test]
fn the_log_cannot_be_rewritten() {
    let desk = desk();
    let connection = raw(&desk);
    for sql in [
        "UPDATE event SET actor = 'nobody'",
        "DELETE FROM event WHERE seq = 1",
        "REPLACE INTO event SELECT * FROM event WHERE seq = 1",
        "INSERT INTO event SELECT 0, action, at, actor, cause, referral, fact, patches, hash FROM event WHERE seq = 1",
    ] {
        let error = connection.execute_batch(sql).unwrap_err().to_string();
        assert!(error.contains("append-only"), "{sql}: {error}");
    }
    desk.assert_sound();
}

/// Whoever takes the triggers away first is found by the chain: every column of an event is under it.
#[test]
fn a_log_that_was_rewritten_all_the_same_is_found() {
    let changes = [
        "UPDATE event SET actor = 'nobody' WHERE seq = 3",
        "UPDATE event SET cause = 'clock' WHERE seq = 3",
        "UPDATE event SET at = '2020-01-01T00:00:00Z' WHERE seq = 3",
        "UPDATE event SET action = action + 1 WHERE seq = 3",
        "UPDATE event SET referral = 77 WHERE seq = 3",
        "UPDATE event SET fact = json_set(fact, '$.x', 1) WHERE seq = 3",
        "UPDATE event SET patches = '[]' WHERE seq = 3",
        "UPDATE event SET hash = zeroblob(32) WHERE seq = 3",
        "DELETE FROM event WHERE seq = 3",
        "UPDATE event SET seq = seq + 1000 WHERE seq = (SELECT max(seq) FROM event)",
    ];
    for change in changes {
        let desk = desk();
        let connection = raw(&desk);
        connection
            .execute_batch(
                "DROP TRIGGER event_kept; DROP TRIGGER event_kept_as_written; PRAGMA foreign_keys = OFF",
            )
            .unwrap();
        connection.execute_batch(change).unwrap();
        let findings = desk.engine.store().check(false).unwrap();
        assert!(
            findings
                .iter()
                .any(|finding| finding.check == "audit chain" && !finding.ok),
            "{change}"
        );
    }
}

fn finding(desk: &Desk, check: &str) -> bool {
    desk.engine
        .store()
        .check(true)
        .unwrap()
        .into_iter()
        .find(|finding| finding.check == check)
        .unwrap()
        .ok
}

#[test]
fn what_does_not_follow_from_the_log_is_found() {
    for change in [
        "UPDATE patient SET phone = '5550000'",
        "UPDATE task SET title = 'nothing' WHERE id = (SELECT min(id) FROM task)",
        "DELETE FROM milestone WHERE id = (SELECT max(id) FROM milestone)",
    ] {
        let desk = desk();
        raw(&desk).execute_batch(change).unwrap();
        assert!(!finding(&desk, "replay"), "{change}");
    }
    let desk = desk();
    raw(&desk)
        .execute_batch("UPDATE referral SET list = 'insurance' WHERE list IS NOT NULL")
        .unwrap();
    assert!(!finding(&desk, "lists"));
}

#[test]
fn law_one_is_a_constraint_of_the_table() {
    let desk = desk();
    let connection = raw(&desk);
    for change in [
        "UPDATE referral SET list = NULL WHERE list IS NOT NULL",
        "UPDATE referral SET due_at = NULL WHERE list IS NOT NULL",
        "UPDATE referral SET next_action = NULL WHERE list IS NOT NULL",
        "UPDATE referral SET ended_at = NULL WHERE list IS NULL",
        "UPDATE referral SET status = 'closed' WHERE status = 'accepted'",
        "UPDATE referral SET status = 'lost'",
        "UPDATE referral SET list = 'snoozed'",
    ] {
        let error = connection.execute_batch(change).unwrap_err().to_string();
        assert!(error.contains("CHECK"), "{change}: {error}");
    }
}

#[test]
fn tallies_follow_every_row() {
    let desk = desk();
    let connection = raw(&desk);
    let adrift = "WITH truth AS (
            SELECT 'list/' || coalesce(list, 'none') AS name, count(*) AS n FROM referral GROUP BY list
            UNION ALL SELECT 'status/' || status, count(*) FROM referral GROUP BY status
            UNION ALL SELECT 'document/' || state, count(*) FROM document GROUP BY state
            UNION ALL SELECT 'message/' || state, count(*) FROM message GROUP BY state)
        SELECT count(*) FROM truth FULL JOIN tally USING (name) WHERE coalesce(truth.n, 0) <> coalesce(tally.n, 0)";
    let hash = "a".repeat(64);
    let insert = format!(
        "INSERT INTO document (id, hash, name, kind, size, received_at, state) VALUES (9001, '{hash}', 'x', 'unknown', 1, '2026-01-01T00:00:00Z', 'intake')"
    );
    for change in [
        insert.as_str(),
        "UPDATE document SET state = 'dismissed' WHERE id = 9001",
        "DELETE FROM document WHERE id = 9001",
        "UPDATE message SET state = 'failed'",
        "DELETE FROM message",
        "UPDATE referral SET list = 'review' WHERE list = 'missing-info'",
        "PRAGMA foreign_keys = OFF; DELETE FROM referral",
    ] {
        connection.execute_batch(change).unwrap();
        assert_eq!(common::number(&connection, adrift), 0, "{change}");
    }
    connection
        .execute_batch("UPDATE tally SET n = n + 1 WHERE name = 'list/review'")
        .unwrap();
    assert_eq!(common::number(&connection, adrift), 1);
    assert!(!finding(&desk, "conservation"));
}

#[test]
fn a_copy_is_checked_and_says_what_it_holds() {
    let desk = desk();
    let (copy, manifest) = backup::make(desk.connection(), &desk.engine.places().backups, desk.now).unwrap();
    let (events, head) = log::head(desk.connection()).unwrap();
    assert_eq!(
        (manifest.events, manifest.head.clone()),
        (events, log::hex(&head))
    );
    assert_eq!(manifest.sha256, content::hash(&std::fs::read(&copy).unwrap()));
    assert_eq!(
        backup::verify_with_manifest(&copy).unwrap(),
        (events, log::hex(&head))
    );
    let copied = Connection::open(&copy).unwrap();
    assert!(common::digest(&copied) == common::digest(desk.connection()));
    let heads = std::fs::read_to_string(desk.engine.places().backups.join("heads.log")).unwrap();
    assert_eq!(
        heads,
        format!("{} {} {}\n", manifest.at, manifest.events, manifest.head)
    );
    assert!(
        backup::make(desk.connection(), &desk.engine.places().backups, desk.now).is_err(),
        "a copy is never written over"
    );
}

#[test]
fn a_flipped_bit_in_a_copy_is_found_wherever_it_is() {
    let desk = desk();
    let (copy, _) = backup::make(desk.connection(), &desk.engine.places().backups, desk.now).unwrap();
    let whole = std::fs::read(&copy).unwrap();
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..60 {
        let (place, bit) = (random.usize(..whole.len()), random.u8(..8));
        let mut bytes = whole.clone();
        bytes[place] ^= 1 << bit;
        std::fs::write(&copy, &bytes).unwrap();
        assert!(
            backup::verify_with_manifest(&copy).is_err(),
            "bit {bit} of byte {place}"
        );
    }
    std::fs::write(&copy, &whole).unwrap();
    backup::verify_with_manifest(&copy).unwrap();
}

/// Cuts the last events off, so that the chain of what is left is whole.
fn cut_tail(path: &Path) {
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch(
            "DROP TRIGGER event_kept; DELETE FROM event WHERE seq > (SELECT max(seq) - 4 FROM event)",
        )
        .unwrap();
    assert_eq!(
        log::first_broken(&connection).unwrap(),
        None,
        "the chain by itself does not see it"
    );
}

#[test]
fn a_log_whose_tail_was_cut_off_is_found() {
    let desk = desk();
    let (copy, _) = backup::make(desk.connection(), &desk.engine.places().backups, desk.now).unwrap();
    assert!(finding(&desk, "heads"));
    cut_tail(&copy);
    assert!(backup::verify_with_manifest(&copy).is_err(), "by the manifest");
    cut_tail(&desk.engine.places().database);
    assert!(!finding(&desk, "heads"), "by the file of heads");
}

#[test]
fn a_restore_puts_the_copy_in_place_and_keeps_what_was_there() {
    let mut desk = desk();
    let places = desk.engine.places().clone();
    let (copy, manifest) = backup::make(desk.connection(), &places.backups, desk.now).unwrap();
    let then = common::digest(desk.connection());
    let id = desk.after(Span::hours(1)).receive(complete(Priority::Asap));
    let (_, later) = backup::make(desk.connection(), &places.backups, desk.now).unwrap();
    assert!(later.events > manifest.events);
    let (now, dir) = (desk.now, std::sync::Arc::clone(&desk.dir));
    drop(desk);

    let damaged = places.backups.join("damaged.db");
    let mut bytes = std::fs::read(&copy).unwrap();
    let half = bytes.len() / 2;
    bytes.truncate(half);
    std::fs::write(&damaged, bytes).unwrap();
    let before = state(&places.database).0;
    assert!(matches!(
        backup::restore(&damaged, &places.database, now),
        Err(StoreError::Unfit { .. })
    ));
    assert!(
        before == state(&places.database).0,
        "a copy that is not whole replaces nothing"
    );

    let kept = backup::restore(&copy, &places.database, now).unwrap().unwrap();
    let desk = Desk::in_folder(dir);
    assert!(common::digest(desk.connection()) == then);
    assert!(desk.snapshot(id).referral().is_none());
    desk.assert_sound();
    let old = Connection::open(kept).unwrap();
    assert_eq!(
        common::number(
            &old,
            &format!("SELECT count(*) FROM referral WHERE id = {}", id.0)
        ),
        1
    );
    // The desk goes on, and the heads of the time before do not count against it.
    let mut desk = desk;
    desk.now = now;
    desk.receive(complete(Priority::Urgent));
    backup::make(desk.connection(), &places.backups, now + Span::hours(2)).unwrap();
    desk.assert_sound();
}

#[test]
fn a_copy_ends_however_busy_the_desk_is() {
    let desk = desk();
    let places = desk.engine.places().clone();
    let mut store = Store::open(&places.database, &places.backups).unwrap();
    let bytes = vec![7_u8; 12 << 20];
    store
        .write::<_, StoreError>(|connection| content::keep(connection, &"b".repeat(64), &bytes, "null"))
        .unwrap();
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let mut neighbour = desk.neighbour();
        let stop = &stop;
        scope.spawn(move || {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                neighbour.does(Command::AddNote {
                    referral: refdesk::domain::id::ReferralId(10_001),
                    text: "busy".into(),
                });
            }
        });
        let (sender, receiver) = std::sync::mpsc::channel();
        let folder = places.backups.clone();
        scope.spawn(move || {
            let made = backup::make(store.connection(), &folder, common::at(common::MONDAY));
            sender
                .send(made.map(|_| ()).map_err(|error| error.to_string()))
                .unwrap();
        });
        let made = receiver.recv_timeout(std::time::Duration::from_secs(20));
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(made, Ok(Ok(())), "the copy was made while others worked");
    });
}

#[test]
fn the_same_action_again_gives_the_same_receipt_and_changes_nothing() {
    use refdesk::domain::command::{Cause, Envelope};
    let mut desk = desk();
    let note = Command::AddNote {
        referral: refdesk::domain::id::ReferralId(10_001),
        text: "once".into(),
    };
    let envelope = Envelope {
        id: Some("client-1".into()),
        ..Envelope::new(note, max(), Cause::Script)
    };
    let first = desk.send(&envelope).unwrap();
    let before = common::digest(desk.connection());
    let again = desk.neighbour().send(&envelope).unwrap();
    assert!(again.repeated && !first.repeated);
    assert_eq!(
        (again.action, again.version, again.changed),
        (first.action, first.version, first.changed)
    );
    assert!(before == common::digest(desk.connection()));
}

#[test]
fn a_restore_refuses_what_is_no_copy_and_keeps_every_safety_copy() {
    let dir = tempfile::tempdir().unwrap();
    let database = dir.path().join("refdesk.db");
    let backups = dir.path().join("backups");
    let now = refdesk::domain::time::from_seconds(1_770_000_000);
    let store = Store::open(&database, &backups).unwrap();
    let (copy, _) = refdesk::store::backup::make(store.connection(), &backups, now).unwrap();
    // A raw file whose WAL still holds commits.
    std::fs::write(dir.path().join("raw.db-wal"), b"commits").unwrap();
    std::fs::copy(&copy, dir.path().join("raw.db")).unwrap();
    drop(store);
    let restore = |from: &std::path::Path| refdesk::store::backup::restore(from, &database, now);
    assert!(
        restore(&dir.path().join("raw.db"))
            .unwrap_err()
            .to_string()
            .contains("-wal")
    );
    // Another program's file, and one of a newer program.
    let other = dir.path().join("other.db");
    rusqlite::Connection::open(&other)
        .unwrap()
        .execute_batch("CREATE TABLE t (x)")
        .unwrap();
    assert!(
        restore(&other)
            .unwrap_err()
            .to_string()
            .contains("another program's")
    );
    let newer = dir.path().join("newer.db");
    std::fs::copy(&copy, &newer).unwrap();
    rusqlite::Connection::open(&newer)
        .unwrap()
        .pragma_update(None, "user_version", 9)
        .unwrap();
    assert!(restore(&newer).unwrap_err().to_string().contains("newer Refdesk"));
    assert!(!dir.path().join("refdesk.restoring").exists());
    // Two restores in one second keep two safety copies.
    let kept = [restore(&copy).unwrap().unwrap(), restore(&copy).unwrap().unwrap()];
    assert_ne!(kept[0], kept[1]);
    assert!(kept.iter().all(|path| path.exists()));
}

/// What a find shows first, by the name typed.
fn found(desk: &Desk, typed: &str) -> Vec<String> {
    let hits = desk.engine.store().find(typed, 30).unwrap();
    hits.into_iter().map(|hit| hit.title).collect()
}

#[test]
fn a_find_forgives_a_slip_and_puts_the_best_first() {
    let mut desk = Desk::new();
    let people = [
        ("Garcia", "Maria"),
        ("Garciaparra", "Nomar"),
        ("Lopez", "Garcia"),
        ("Venkataraman", "Hari"),
        ("Garcia", "Adela"),
    ];
    for (number, (family, given)) in people.into_iter().enumerate() {
        let mut receive = complete(Priority::Routine);
        receive.patient = refdesk::domain::command::Ref::New(refdesk::domain::command::NewPatient {
            name: common::name(family, given),
            ..common::patient(number)
        });
        let referral = desk.receive(receive);
        if given == "Adela" {
            let reason = "entered twice".to_owned();
            desk.by(&max(), Command::EnterInError { referral, reason })
                .unwrap();
        }
    }
    // The whole family name, those with open work first; then its beginning; then any word.
    let all = [
        "Garcia, Maria",
        "Garcia, Adela",
        "Garciaparra, Nomar",
        "Lopez, Garcia",
    ];
    assert_eq!(found(&desk, "garcia"), all);
    let table = [
        ("garcia m", "Garcia, Maria"),
        ("maria garcia", "Garcia, Maria"),
        ("mar gar", "Garcia, Maria"),
        ("gacria", "Garcia, Maria"),
        ("garca mraia", "Garcia, Maria"),
        ("venkatramn", "Venkataraman, Hari"),
        ("venkatarmana ha", "Venkataraman, Hari"),
        ("VENKAT", "Venkataraman, Hari"),
    ];
    for (typed, first) in table {
        assert_eq!(
            found(&desk, typed).first().map(String::as_str),
            Some(first),
            "{typed}"
        );
    }
    for nobody in ["zzzzzz", "qqqq wwww", "\"", "* OR", ""] {
        assert_eq!(found(&desk, nobody), Vec::<String>::new(), "{nobody}");
    }
}
