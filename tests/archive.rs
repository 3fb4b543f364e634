//! The archive of a large invented clinic: laid down after lives that were lived, and as sound as they are.

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
use refdesk::domain::status::Status;
use refdesk::store::board::Target;

/// Few enough lives for a test, many more copies.
const SIZE: Size = Size {
    played: 120,
    history: 75 * 24 * 60,
    copied: 700,
    archive: 900 * 24 * 60,
};

fn clinic() -> Desk {
    let mut desk = Desk::new();
    desk.engine.reseed(3);
    let settings = Settings::from(desk.engine.policy().as_ref());
    let summary = build(&mut desk.engine, 3, SIZE, desk.now, &settings, &mut |_, _| {}).unwrap();
    assert_eq!(summary.refused, Vec::new());
    assert_eq!(summary.referrals, SIZE.played + SIZE.copied);
    desk
}

#[test]
fn copies_are_as_sound_as_lives_and_the_same_seed_gives_the_same() {
    let desk = clinic();
    desk.assert_sound();
    let connection = desk.connection();
    let count = |sql: &str| number(connection, sql);
    assert_eq!(count("SELECT count(*) FROM referral"), 820);
    // Every copy is over, and older than every life.
    let open = count("SELECT count(*) FROM referral WHERE list IS NOT NULL");
    assert!((50..120).contains(&open), "{open}");
    assert_eq!(
        count("SELECT count(*) FROM referral WHERE id <= 10700 AND list IS NOT NULL"),
        0
    );
    assert_eq!(
        count(
            "SELECT (SELECT max(received_at) FROM referral WHERE id <= 10700) < (SELECT min(received_at) FROM referral WHERE id > 10700)"
        ),
        1
    );
    // Spread over the years, each somebody of their own.
    assert!(count("SELECT count(DISTINCT substr(received_at, 1, 7)) FROM referral WHERE id <= 10700") > 25);
    assert_eq!(
        count("SELECT count(DISTINCT patient) FROM referral WHERE id <= 10700"),
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
        count("SELECT count(*) FROM appointment WHERE referral <= 10700 AND starts_at NOT LIKE '%:00Z'"),
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
        "SELECT id FROM referral WHERE status = 'declined' AND id <= 10700 LIMIT 1",
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
