//! The archive of a large invented clinic: laid down after lives that were lived, and as sound as they are. And the log of any
//! invented clinic, large or small: it tells what happened in the order of time, as a real clinic's does.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that trips has found something"
)]

mod common;

use common::{Desk, number, numbers};
use refdesk::demo::{Settings, Size, build};
use refdesk::domain::id::ReferralId;
use refdesk::domain::lists::List;
use refdesk::domain::query::Query;
use refdesk::domain::status::Status;
use refdesk::domain::time::{Span, Stamp, print_stamp};
use refdesk::store::board::{Anchor, Shelf, Target};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Few enough lives for a test, many more copies.
const SIZE: Size = Size {
    played: 120,
    history: 75 * 24 * 60,
    copied: 700,
    archive: 900 * 24 * 60,
};

fn clinic() -> Desk {
    clinic_of(SIZE)
}

fn clinic_of(size: Size) -> Desk {
    let mut desk = Desk::new();
    desk.engine.reseed(3);
    let settings = Settings::from(desk.engine.policy().as_ref());
    let summary = build(&mut desk.engine, 3, size, desk.now, &settings, &mut |_, _| {}).unwrap();
    assert_eq!(summary.refused, Vec::new());
    assert_eq!(summary.referrals, size.played + size.copied);
    desk
}

#[test]
fn copies_are_as_sound_as_lives_and_the_same_seed_gives_the_same() {
    let desk = clinic();
    desk.assert_sound();
    let connection = desk.connection();
    let count = |sql: &str| number(connection, sql);
    assert_eq!(count("SELECT count(*) FROM referral"), 820);
    // The first of each referrer are the clinic's first. Every copy is over, younger than those, and older than every other life.
    assert_eq!(SIZE.founders(), 39);
    let open = count("SELECT count(*) FROM referral WHERE list IS NOT NULL");
    assert!((50..120).contains(&open), "{open}");
    assert_eq!(
        count("SELECT count(*) FROM referral WHERE id <= 10739 AND list IS NOT NULL"),
        0
    );
    assert_eq!(
        count(
            "SELECT (SELECT max(received_at) FROM referral WHERE id <= 10739) < (SELECT min(received_at) FROM referral WHERE id > 10739)"
        ),
        1
    );
    assert_eq!(
        count(
            "SELECT (SELECT max(received_at) FROM referral WHERE id < 10040) < (SELECT min(received_at) FROM referral WHERE id >= 10040)"
        ),
        1
    );
    assert_eq!(
        count("SELECT count(DISTINCT requester) FROM referral WHERE id < 10040"),
        39
    );
    // Spread over the years, each somebody of their own.
    assert!(
        count(
            "SELECT count(DISTINCT substr(received_at, 1, 7)) FROM referral WHERE id BETWEEN 10040 AND 10739"
        ) > 25
    );
    assert_eq!(
        count("SELECT count(DISTINCT patient) FROM referral WHERE id BETWEEN 10040 AND 10739"),
        700
    );
    // Moments are in order, and what is over has ended before today.
    assert_eq!(
        count("SELECT count(*) FROM referral WHERE ended_at < received_at OR ended_at > '2030'"),
        0
    );
    assert_eq!(
        count(
            "SELECT count(*) FROM event a JOIN event b ON b.referral = a.referral AND b.seq = a.seq + 1 WHERE b.at < a.at"
        ),
        0
    );
    assert_eq!(
        count(
            "SELECT count(*) FROM appointment WHERE referral BETWEEN 10040 AND 10739 AND starts_at NOT LIKE '%:00Z'"
        ),
        0
    );
    let head = |desk: &Desk| refdesk::store::log::head_line(desk.connection()).unwrap();
    assert_eq!(head(&desk), head(&clinic()));
}

#[test]
fn a_copy_opens_is_found_and_is_reopened_like_any_other() {
    let mut desk = clinic();
    let id = numbers(
        desk.connection(),
        "SELECT id FROM referral WHERE status = 'declined' AND id BETWEEN 10040 AND 10739 LIMIT 1",
    )[0];
    let id = refdesk::domain::id::ReferralId(id);
    let sheet = desk.engine.store().sheet(id, 60).unwrap().unwrap();
    assert!(sheet.timeline.len() >= 2, "{:?}", sheet.timeline);
    let patient = sheet.snapshot.patients[0].clone();
    let typed = format!("{} {}", patient.name.family, patient.dob.unwrap());
    let hits = desk.engine.store().find(&typed, 30).unwrap();
    assert!(
        hits.iter().any(|hit| hit.target == Target::Patient(patient.id)),
        "{}",
        patient.id
    );
    desk.does(refdesk::domain::command::Command::Reopen {
        referral: id,
        reason: "the criteria are met after all".into(),
    });
    assert_ne!(desk.referral(id).status, Status::Declined);
    desk.assert_sound();
}

/// The referrals that the events up to a moment lead to, by the list in which they then stood; the events are taken by their
/// moments, wherever they are in the log.
fn replayed(desk: &Desk, at: Stamp) -> BTreeMap<Option<String>, BTreeSet<ReferralId>> {
    let sql = "SELECT patches FROM event WHERE at <= ?1 ORDER BY at, seq";
    let mut statement = desk.connection().prepare(sql).unwrap();
    let mut rows = statement.query([print_stamp(at)]).unwrap();
    let mut referrals: BTreeMap<i64, Map<String, Value>> = BTreeMap::new();
    while let Some(row) = rows.next().unwrap() {
        let patches: Vec<Value> = serde_json::from_str(&row.get::<_, String>(0).unwrap()).unwrap();
        for patch in patches.iter().filter(|patch| patch["of"] == "referral") {
            let id = patch["id"].as_i64().unwrap();
            match patch.get("after") {
                Some(after) => referrals
                    .entry(id)
                    .or_default()
                    .extend(after.as_object().unwrap().clone()),
                None => drop(referrals.remove(&id)),
            }
        }
    }
    let mut lists = BTreeMap::<_, BTreeSet<ReferralId>>::new();
    for (id, fields) in referrals {
        let list = fields.get("list").and_then(Value::as_str).map(str::to_owned);
        lists.entry(list).or_default().insert(ReferralId(id));
    }
    lists
}

/// The same, as the time machine has it.
fn looked_back(desk: &Desk, at: Stamp) -> BTreeMap<Option<String>, BTreeSet<ReferralId>> {
    let store = desk.engine.store();
    let targets = common::policy().score_targets;
    let mut past = store.look_back(at, |_, _| true).unwrap().unwrap();
    let counts = past.counts();
    let mut lists = BTreeMap::new();
    let shelves = List::ALL.map(|list| (Shelf::List(list), Some(list.code().to_owned())));
    for (shelf, name) in shelves.into_iter().chain([(Shelf::Closed, None)]) {
        let all = (10_000, usize::MAX);
        let window = store
            .past_window(&mut past, shelf, &Query::default(), Anchor::Start, all, &targets)
            .unwrap();
        let ids: BTreeSet<ReferralId> = window.rows.iter().map(|row| row.id).collect();
        let count = match shelf {
            Shelf::List(list) => counts.of(list),
            Shelf::Open | Shelf::Closed => counts.ended,
        };
        assert_eq!(ids.len() as u64, count, "{shelf:?} as of {at}");
        if !ids.is_empty() {
            lists.insert(name, ids);
        }
    }
    store.return_to_now().unwrap();
    lists
}

#[test]
fn the_log_is_in_the_order_of_time_and_the_time_machine_shows_what_was() {
    // All of it lived; and with an archive, whose last lives reach into what is lived.
    let lived = [0, 1, 5, 20, 60, 110];
    let archived = [1, 20, 60, 74, 76, 81, 300, 915, 928];
    let few = Size { copied: 300, ..SIZE };
    for (size, days) in [(Size::of(90), &lived[..]), (few, &archived)] {
        let desk = clinic_of(size);
        desk.assert_sound();
        let connection = desk.connection();
        for sql in [
            "SELECT count(*) FROM event a JOIN event b ON b.seq = a.seq + 1 WHERE b.at < a.at OR b.action < a.action",
            "SELECT count(*) FROM action a JOIN action b ON b.id = a.id + 1 WHERE b.at < a.at",
            "SELECT count(*) FROM action WHERE receipt ->> 'action' <> id OR receipt ->> 'at' <> at",
            "SELECT count(*) FROM action a WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.action = a.id AND e.at = a.at)",
        ] {
            assert_eq!(number(connection, sql), 0, "{sql}");
        }
        let sql = "SELECT id FROM referral ORDER BY received_at, id";
        let lived = 10_000 + i64::try_from(size.founders() + size.copied).unwrap();
        let lives: Vec<i64> = numbers(connection, sql)
            .into_iter()
            .filter(|id| *id > lived)
            .collect();
        assert!(lives.is_sorted(), "who comes in later has the higher number");
        let mut open = 0;
        for back in days {
            // In the middle of a day's work.
            let at = desk.now - Span::days(*back) + Span::minutes(if *back > 0 { 137 } else { 0 });
            let (was, seen) = (replayed(&desk, at), looked_back(&desk, at));
            assert_eq!(seen, was, "{back} days back");
            open += was
                .iter()
                .filter(|(list, _)| list.is_some())
                .map(|(_, ids)| ids.len())
                .sum::<usize>();
        }
        assert!(open > 10 * days.len(), "{open} stood open, in all");
    }
}
