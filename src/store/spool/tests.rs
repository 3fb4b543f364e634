//! Lines come out in the order of time, whatever the order in which they were held back, and as they went in.

use super::*;
use crate::domain::time::from_seconds;
use crate::store::open;

fn header(at: i64, referral: i64) -> Header<'static> {
    Header {
        at: from_seconds(at),
        actor: "Zoë",
        role: "coordinator",
        cause: "demo",
        referral: Some(ReferralId(referral)),
    }
}

fn held(spool: &mut Spool, at: i64, referral: i64, text: &str) -> Result<(), StoreError> {
    let receipt = format!("{{\"action\":0,\"text\":\"{text}\"}}");
    let action = Action {
        client_id: None,
        batch: Some("b"),
        command: "add-note",
        undo_of: None,
        joint: None,
        receipt: &receipt,
    };
    let note = Event {
        fact: crate::domain::event::Fact::NoteAdded,
        patches: Vec::new(),
    };
    spool.append(&header(at, referral), &action, &[note.clone(), note])
}

#[test]
fn lines_are_written_in_the_order_of_time_and_numbered_then() {
    let folder = tempfile::tempdir().expect("a folder");
    let connection = open::in_memory().expect("a database");
    let mut spool = Spool::beside(&folder.path().join("refdesk.db"));
    let mut random = fastrand::Rng::with_seed(5);
    let mut expected = Vec::new();
    // Long enough for lines of several pieces and blocks.
    for place in 0..3_000 {
        let at = random.i64(0..500);
        let text = "é".repeat(if place % 97 == 0 { 9_000 } else { place % 50 });
        held(&mut spool, at, place as i64 / 40, &text).expect("room");
        expected.push((at, place, text));
    }
    expected.sort();
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0);
    let mut end = End::of(&connection).expect("an end");
    let early = spool
        .pour(&connection, &mut end, Some(from_seconds(100)), 7)
        .expect("seven");
    assert_eq!(early, 7);
    spool
        .pour(&connection, &mut end, Some(from_seconds(100)), u64::MAX)
        .expect("the rest of them");
    assert_eq!(
        spool.len(),
        expected.iter().filter(|(at, _, _)| *at >= 100).count() as u64
    );
    // What is in the log already is not overtaken.
    assert!(held(&mut spool, 98, 1, "late").is_err());
    spool.pour(&connection, &mut end, None, u64::MAX).expect("all");
    assert!(spool.is_empty());
    let mut statement = connection
        .prepare("SELECT id, at, receipt ->> 'action', receipt ->> 'text', referral, batch FROM action ORDER BY id")
        .expect("a statement");
    let mut rows = statement.query([]).expect("rows");
    for (number, (at, place, text)) in (1..).zip(&expected) {
        let row = rows.next().expect("a row").expect("as many as went in");
        let said: (i64, String, i64, String, i64, String) = row.try_into().expect("the columns");
        let at = print_stamp(from_seconds(*at));
        assert_eq!(
            said,
            (number, at, number, text.clone(), *place as i64 / 40, "b".into())
        );
    }
    assert!(rows.next().expect("the end").is_none());
    assert_eq!(log::first_broken(&connection).expect("a chain"), None);
    let events: i64 = connection
        .query_row("SELECT count(*) FROM event", [], |row| row.get(0))
        .expect("a count");
    assert_eq!(events, 6_000);
}

#[test]
fn the_latest_referral_has_its_history() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut spool = Spool::beside(&folder.path().join("refdesk.db"));
    for (at, referral) in [(5, 1), (9, 1), (3, 2), (4, 1), (8, 2)] {
        held(&mut spool, at, referral, "").expect("room");
    }
    let history = spool.chapters(ReferralId(2)).expect("a history");
    let moments: Vec<i64> = history.iter().map(|chapter| seconds(chapter.at)).collect();
    assert_eq!(
        (moments, history[0].events.len(), history[0].actor.as_str()),
        (vec![3, 8], 2, "Zoë")
    );
    assert_eq!(spool.chapters(ReferralId(1)).expect("a history"), Vec::new());
}
