//! The time machine: every list, row, count and referral as of every past moment is what it was then.

use crate::common::{self, Desk, actor, complete, policy};
use crate::steps::{Step, envelope, keep_documents, person, step};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use refdesk::domain::command::{Command, PatientChanges};
use refdesk::domain::id::ReferralId;
use refdesk::domain::lists::List;
use refdesk::domain::policy::Role;
use refdesk::domain::priority::Priority;
use refdesk::domain::query::Query;
use refdesk::domain::time::{Span, Stamp};
use refdesk::store::board::{Anchor, Counts, Sheet, Shelf, Window};
use std::collections::BTreeMap;

/// More than there are.
const ALL: usize = 1000;

/// What the screen said at a moment.
#[derive(PartialEq)]
struct Seen {
    counts: Counts,
    windows: Vec<Window>,
    sheets: Vec<Sheet>,
}

fn shelves() -> Vec<(Shelf, Query)> {
    let plain = List::ALL.map(|list| (Shelf::List(list), Query::default()));
    let queries = [
        "overdue:yes",
        "missing:yes -priority:routine",
        "ro",
        "owner:intake",
    ];
    let asked = queries.map(|query| (Shelf::Open, Query::parse(query).unwrap()));
    plain
        .into_iter()
        .chain([(Shelf::Open, Query::default()), (Shelf::Closed, Query::default())])
        .chain(asked)
        .collect()
}

fn ids(desk: &Desk) -> Vec<ReferralId> {
    common::numbers(desk.connection(), "SELECT id FROM referral ORDER BY id")
        .into_iter()
        .map(ReferralId)
        .collect()
}

fn seen(desk: &Desk) -> Seen {
    let store = desk.engine.store();
    let targets = policy().score_targets;
    let window = |(shelf, query): (Shelf, Query)| {
        store
            .window(shelf, &query, Anchor::Start, ALL, desk.now, &targets)
            .unwrap()
    };
    let sheet = |id| store.sheet(id, ALL).unwrap().unwrap();
    Seen {
        counts: store.counts().unwrap(),
        windows: shelves().into_iter().map(window).collect(),
        sheets: ids(desk).into_iter().map(sheet).map(in_order).collect(),
    }
}

fn in_order(sheet: Sheet) -> Sheet {
    Sheet {
        snapshot: common::sorted(sheet.snapshot),
        ..sheet
    }
}

fn look_back(desk: &Desk, at: Stamp) -> Seen {
    let store = desk.engine.store();
    let targets = policy().score_targets;
    let mut past = store.look_back(at, |_, _| true).unwrap().unwrap();
    let windows = shelves()
        .into_iter()
        .map(|(shelf, query)| {
            let mut look = |anchor, step| {
                store
                    .past_window(&mut past, shelf, &query, anchor, (ALL, step), &targets)
                    .unwrap()
            };
            let whole = look(Anchor::Start, usize::MAX);
            // A look that stops after a few referrals, and goes on from there, comes to the same.
            let (mut rows, mut anchor) = (Vec::new(), Some(Anchor::Start));
            while let Some(from) = anchor {
                let window = look(from, 3);
                rows.extend(window.rows);
                anchor = window.below.map(Anchor::Below);
            }
            assert!(rows == whole.rows, "{shelf:?} {query:?} as of {at} in steps");
            whole
        })
        .collect();
    let sheet = |id| store.past_sheet(id, at, ALL).unwrap().map(in_order);
    let seen = Seen {
        counts: past.counts(),
        windows,
        sheets: ids(desk).into_iter().filter_map(sheet).collect(),
    };
    store.return_to_now().unwrap();
    seen
}

fn same(was: &Seen, then: &Seen, at: Stamp) {
    assert_eq!(was.counts, then.counts, "counts as of {at}");
    for ((then, was), (shelf, query)) in then.windows.iter().zip(&was.windows).zip(shelves()) {
        let order = |window: &Window| window.rows.iter().map(|row| row.id).collect::<Vec<_>>();
        assert_eq!(order(then), order(was), "{shelf:?} {query:?} as of {at}");
        assert!(then == was, "rows of {shelf:?} as of {at}");
    }
    assert_eq!(was.sheets.len(), then.sheets.len(), "referrals as of {at}");
    for (was, then) in was.sheets.iter().zip(&then.sheets) {
        assert_eq!(
            crate::watch::differences(&was.snapshot, &then.snapshot),
            Vec::<String>::new(),
            "as of {at}"
        );
        assert!(was.timeline == then.timeline, "timeline as of {at}");
    }
}

fn play(steps: &[Step]) -> (Desk, BTreeMap<Stamp, Seen>) {
    let mut desk = Desk::new();
    keep_documents(desk.connection());
    for priority in [Priority::Stat, Priority::Urgent, Priority::Routine] {
        desk.receive(complete(priority));
    }
    let mut moments = BTreeMap::new();
    for step in steps {
        let world = common::world(desk.connection());
        match step {
            // The clock that goes back is another law's: a moment that comes twice is two moments.
            Step::Wait(minutes) => desk.now += Span::minutes(minutes.abs()),
            Step::Tick => desk.tick(),
            Step::Send(draw) => drop(desk.send(&envelope(draw, &desk, &world))),
            Step::Undo(who) => drop(desk.engine.undo(&person(*who), desk.now)),
            Step::Redo(who) => drop(desk.engine.redo(&person(*who), desk.now)),
        }
        moments.insert(desk.now, seen(&desk));
        desk.now += Span::minutes(1);
    }
    (desk, moments)
}

#[test]
fn every_past_moment_is_what_it_was() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[41; 32]);
    let config = Config {
        cases: 10,
        failure_persistence: None,
        ..Config::default()
    };
    let changed = std::cell::Cell::new(0);
    TestRunner::new_with_rng(config, rng)
        .run(&prop::collection::vec(step(), 20..70), |steps| {
            let (desk, moments) = play(&steps);
            for (at, was) in &moments {
                same(was, &look_back(&desk, *at), *at);
                changed.set(changed.get() + was.sheets.len());
            }
            Ok(())
        })
        .unwrap();
    assert!(changed.get() > 1500, "the days had referrals: {}", changed.get());
}

fn ana() -> refdesk::domain::policy::Actor {
    actor("ana", Role::Coordinator)
}

#[test]
fn before_anything_there_was_nothing_and_a_wait_can_be_given_up() {
    let mut desk = Desk::new();
    let before = desk.now;
    desk.after(Span::hours(1));
    let id = desk.receive(complete(Priority::Urgent));
    let seen = look_back(&desk, before);
    assert!(seen.windows.iter().all(|window| window.rows.is_empty()));
    assert_eq!(seen.counts, Counts::default());
    assert!(desk.engine.store().past_sheet(id, before, ALL).unwrap().is_none());
    let given_up = desk.engine.store().look_back(before, |_, _| false).unwrap();
    assert!(given_up.is_none());
}

#[test]
fn what_neighbours_write_meanwhile_does_not_change_the_past() {
    let mut desk = Desk::new();
    let (a, b) = (
        desk.receive(complete(Priority::Urgent)),
        desk.receive(complete(Priority::Routine)),
    );
    let then = desk.now;
    desk.after(Span::days(1));
    desk.does(Command::Accept { referral: a });
    let was_counts = {
        let past = desk.engine.store().look_back(then, |_, _| true).unwrap().unwrap();
        past.counts()
    };
    let store = desk.engine.store();
    let mut past = store.look_back(then, |_, _| true).unwrap().unwrap();
    let mut neighbour = desk.neighbour();
    neighbour.does(Command::Accept { referral: b });
    let changes = PatientChanges {
        phone: Some("5559999".into()),
        ..PatientChanges::default()
    };
    neighbour
        .by(
            &ana(),
            Command::AmendPatient {
                referral: b,
                changes: Box::new(changes),
            },
        )
        .unwrap();
    neighbour.receive(complete(Priority::Asap));
    let review = Shelf::List(List::Review);
    let targets = policy().score_targets;
    let window = store
        .past_window(
            &mut past,
            review,
            &Query::default(),
            Anchor::Start,
            (ALL, usize::MAX),
            &targets,
        )
        .unwrap();
    let order: Vec<ReferralId> = window.rows.iter().map(|row| row.id).collect();
    assert_eq!(order, [a, b]);
    assert_eq!(past.counts(), was_counts);
    assert_eq!(was_counts.of(List::Review), 2);
}

/// The cost is what changed since: the plan of a window reads two index scans, and sorts neither.
#[test]
fn a_window_of_the_past_is_a_merge_of_index_scans() {
    let mut desk = Desk::new();
    desk.receive(complete(Priority::Routine));
    let store = desk.engine.store();
    let past = store.look_back(desk.now, |_, _| true).unwrap();
    assert!(past.is_some());
    let sql = "EXPLAIN QUERY PLAN
        SELECT r.id, r.received_at FROM main.referral r JOIN main.patient p ON p.id = r.patient
            WHERE r.priority = 'routine' AND r.list = 'review' AND (r.received_at, r.id) > ('', 0)
            AND NOT EXISTS (SELECT 1 FROM temp.since_referral s WHERE s.id = r.id)
        UNION ALL
        SELECT r.id, r.received_at FROM temp.was_referral r JOIN temp.was_patient p ON p.id = r.patient
            WHERE r.priority = 'routine' AND r.list = 'review' AND (r.received_at, r.id) > ('', 0)
        ORDER BY r.received_at ASC, r.id ASC LIMIT 50";
    let mut statement = desk.connection().prepare(sql).unwrap();
    let plan: Vec<String> = statement
        .query_map([], |row| row.get(3))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let plan = plan.join("\n");
    assert!(plan.contains("MERGE (UNION ALL)"), "{plan}");
    assert!(plan.contains("INDEX referral_queue"), "{plan}");
    assert!(plan.contains("INDEX was_referral_queue"), "{plan}");
    assert!(!plan.contains("TEMP B-TREE"), "{plan}");
}
