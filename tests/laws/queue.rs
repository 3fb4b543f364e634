//! Windows of the queue, against a full sort of the same rows.

use crate::common::{self, Desk, complete, policy};
use crate::query::matches;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use refdesk::domain::command::{Command, DeclineReason, Receive, Ref};
use refdesk::domain::curve::Learnt;
use refdesk::domain::id::ReferralId;
use refdesk::domain::lists::List;
use refdesk::domain::policy::ScoreTargets;
use refdesk::domain::priority::Priority;
use refdesk::domain::query::{Query, holds};
use refdesk::domain::referral::{Owner, Referral};
use refdesk::domain::score::Score;
use refdesk::domain::snapshot::Snapshot;
use refdesk::domain::time::{Span, Stamp, Zone};
use refdesk::store::board::{Anchor, Shelf, Window};
use std::cmp::Reverse;

/// A referral of the set: how long it waits, its priority, and what was done with it.
type Entry = (i64, u8, u8);

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    // Seconds. One hundredth of each target, to the second, so that equal scores and their very edges are common.
    let edge = |hundredth: i64| (0_i64..130).prop_map(move |share| share * hundredth);
    let wait = prop_oneof![edge(8640), edge(2592), edge(864), 0_i64..1_800_000];
    prop::collection::vec((wait, 0_u8..5, 0_u8..8), 1..28)
}

fn fill(desk: &mut Desk, entries: &[Entry]) {
    for (number, (seconds, priority, deed)) in entries.iter().enumerate() {
        let priority = [
            Priority::Routine,
            Priority::Urgent,
            Priority::Asap,
            Priority::Routine,
            Priority::Stat,
        ][usize::from(*priority)];
        let id = desk.receive(Receive {
            received_at: Some(desk.now - Span::seconds(*seconds)),
            patient: Ref::New(common::patient(number % 4)),
            ..complete(priority)
        });
        match deed {
            0 => drop(desk.does(Command::Accept { referral: id })),
            1 => drop(desk.does(Command::Decline {
                referral: id,
                reason: DeclineReason::Capacity,
                remedy: None,
            })),
            2 => drop(desk.does(Command::Assign {
                referral: id,
                owner: Owner::Person("Maria 100%".into()),
            })),
            _ => {}
        }
    }
}

/// The order of the design, by sorting everything.
fn sorted(
    world: &Snapshot,
    shelf: Shelf,
    query: &Query,
    now: Stamp,
    targets: &ScoreTargets,
) -> Vec<ReferralId> {
    let mut rows: Vec<&Referral> = world
        .referrals
        .iter()
        .filter(|referral| match shelf {
            Shelf::List(list) => List::of(referral) == Some(list),
            Shelf::Open => List::of(referral).is_some(),
            Shelf::Closed => List::of(referral).is_none(),
        })
        .filter(|referral| {
            let one = query
                .terms
                .iter()
                .all(|term| holds(term, world, referral, now, Zone::UTC));
            let plainly = matches(world, referral, query, now);
            assert_eq!(one, plainly, "{}: {query:?}", referral.id);
            plainly
        })
        .collect();
    if shelf == Shelf::Closed {
        rows.sort_by_key(|referral| Reverse((referral.ended_at, referral.id)));
    } else {
        rows.sort_by_key(|referral| {
            let score = Score::of(referral.priority, referral.received_at, now, targets);
            let past = score.map(|score| score.waited - score.target);
            let ranked = score.map(|score| Reverse((score.value, referral.priority, past)));
            (score.is_some(), ranked, referral.received_at, referral.id)
        });
    }
    rows.iter().map(|referral| referral.id).collect()
}

const QUERIES: [&str; 33] = [
    "",
    "priority:>=urgent",
    "priority:urgent,stat",
    "-priority:asap..stat",
    "waiting:>3",
    "waiting:<=2",
    "-waiting:5",
    "received:>=-4d",
    "received:-9d..-2d",
    "due:<tomorrow",
    "-due:>=today",
    "age:>=40",
    "-age:<40",
    "payer:aetna",
    "from:lee,elm",
    "has:task,visit",
    "-has:phone",
    "missing:npi",
    "priority:urgent",
    "-priority:routine overdue:yes",
    "status:accepted",
    "owner:100%",
    "-owner:maria",
    "specialty:cardio service:consult",
    "patient2",
    "missing:no source:fax",
    "overdue:no -patient1",
    "template:cardiology,neurology",
    "coverage:pending",
    "-coverage:none,active",
    "language:es,en",
    "reason:i48,palp",
    "-reason:\"[\"",
];

/// The clinic's targets; with a curve that was learnt, flat in some places and steep in others, where that is asked.
fn targets(learnt: bool) -> ScoreTargets {
    let plain = policy().score_targets;
    if !learnt {
        return plain;
    }
    let times = |least: i64, most: i64| -> Vec<i64> {
        (0..99)
            .map(|score| {
                if score < 40 {
                    least
                } else {
                    least + (score / 7) * (most - least) / 14
                }
            })
            .collect()
    };
    let (asap, urgent, routine) = (
        times(3_600, 80_000),
        times(7_200, 250_000),
        times(90_000, 800_000),
    );
    let curve = Learnt {
        version: 1,
        from: common::at("2026-01-01T00:00:00Z"),
        reached: Some([asap, urgent, routine]),
    };
    assert!(curve.is_lawful());
    ScoreTargets {
        learnt: Vec::leak(vec![curve]),
        ..plain
    }
}

struct Reader<'a> {
    targets: &'a ScoreTargets,
    desk: &'a Desk,
    shelf: Shelf,
    query: &'a Query,
}

impl Reader<'_> {
    fn window(&self, anchor: Anchor, limit: usize) -> Window {
        self.desk
            .engine
            .store()
            .window(self.shelf, self.query, anchor, limit, self.desk.now, self.targets)
            .unwrap()
    }
}

fn ids(window: &Window) -> Vec<ReferralId> {
    window.rows.iter().map(|row| row.id).collect()
}

/// A look that stops after a few referrals, and goes on from there, comes to the same.
fn check_in_steps(reader: &Reader<'_>, all: &[ReferralId], page: usize, step: usize) {
    let look = |anchor, limit| {
        let (store, targets) = (reader.desk.engine.store(), *reader.targets);
        store
            .look(
                reader.shelf,
                reader.query,
                anchor,
                (limit, step),
                reader.desk.now,
                &targets,
            )
            .unwrap()
    };
    let (mut down, mut anchor) = (Vec::new(), Anchor::Start);
    loop {
        let window = look(anchor, page);
        down.extend(ids(&window));
        assert!(window.rows.len() <= page);
        anchor = match (window.below, window.rows.last()) {
            (Some(spot), _) => Anchor::Below(spot),
            (None, Some(last)) if !window.at_end => Anchor::After(last.id),
            (None, _) => break,
        };
    }
    assert_eq!(down, all, "{:?}, down by {page} in steps of {step}", reader.shelf);
    let (mut up, mut anchor) = (Vec::new(), Anchor::End);
    loop {
        let window = look(anchor, page);
        up.splice(0..0, ids(&window));
        anchor = match (window.above, window.rows.first()) {
            (Some(spot), _) => Anchor::Above(spot),
            (None, Some(first)) if !window.at_start => Anchor::Before(first.id),
            (None, _) => break,
        };
    }
    assert_eq!(up, all, "{:?}, up by {page} in steps of {step}", reader.shelf);
}

fn check(reader: &Reader<'_>, all: &[ReferralId], page: usize) {
    let shelf = reader.shelf;
    check_in_steps(reader, all, page, page + 2);
    check_in_steps(reader, all, page, 1);
    let (mut read, mut window) = (Vec::new(), reader.window(Anchor::Start, page));
    assert!(window.at_start);
    loop {
        read.extend(ids(&window));
        let Some(last) = window.rows.last().filter(|_| !window.at_end) else {
            break;
        };
        window = reader.window(Anchor::After(last.id), page);
    }
    assert_eq!(read, all, "{shelf:?}, down by {page}");
    let (mut read, mut window) = (Vec::new(), reader.window(Anchor::End, page));
    assert!(window.at_end);
    loop {
        read.splice(0..0, ids(&window));
        let Some(first) = window.rows.first().filter(|_| !window.at_start) else {
            break;
        };
        window = reader.window(Anchor::Before(first.id), page);
    }
    assert_eq!(read, all, "{shelf:?}, up by {page}");
    for (place, id) in all.iter().enumerate() {
        let window = reader.window(Anchor::Around(*id), page);
        let rows = ids(&window);
        let at = rows
            .iter()
            .position(|row| row == id)
            .expect("a window around a row shows the row");
        assert!(
            place >= at && all[place - at..].starts_with(&rows),
            "{shelf:?}, around {id}: {rows:?}"
        );
        assert!(rows.len() <= page);
        assert_eq!(
            (window.at_start, window.at_end),
            (place == at, place - at + rows.len() == all.len()),
            "{shelf:?}, around {id}"
        );
    }
}

#[test]
fn every_window_is_a_part_of_the_same_order() {
    let mut runner = TestRunner::new(Config {
        cases: 40,
        max_shrink_iters: 200,
        failure_persistence: None,
        ..Config::default()
    });
    let later = prop_oneof![
        Just(0_i64),
        (0_i64..40).prop_map(|times| times * 25_920),
        0_i64..600_000
    ];
    let outcome = runner.run(
        &(entries(), 1_usize..7, later, any::<bool>()),
        |(entries, page, later, learnt)| {
            let targets = targets(learnt);
            let mut desk = Desk::new();
            fill(&mut desk, &entries);
            desk.now += Span::seconds(later);
            let world = common::world(desk.connection());
            let shelves = List::ALL
                .map(Shelf::List)
                .into_iter()
                .chain([Shelf::Open, Shelf::Closed]);
            for (number, shelf) in shelves.enumerate() {
                for text in [
                    QUERIES[0],
                    QUERIES[1 + (number + page) % (QUERIES.len() - 1)],
                    QUERIES[1 + (number + page + 13) % (QUERIES.len() - 1)],
                ] {
                    let query = Query::parse(text).unwrap();
                    let all = sorted(&world, shelf, &query, desk.now, &targets);
                    check(
                        &Reader {
                            targets: &targets,
                            desk: &desk,
                            shelf,
                            query: &query,
                        },
                        &all,
                        page,
                    );
                }
            }
            Ok(())
        },
    );
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// Ties of the arithmetic: equal scores go to the higher priority, then to the longer past due.
#[test]
fn ties_go_to_the_higher_urgency_then_to_the_longer_past_due() {
    let mut desk = Desk::new();
    let targets = policy().score_targets;
    let mut receive = |priority: Priority, waited: Span| {
        let received_at = Some(desk.now - waited);
        desk.receive(Receive {
            received_at,
            ..complete(priority)
        })
    };
    let routine = receive(Priority::Routine, targets.routine * 2);
    let asap = receive(Priority::Asap, targets.asap + Span::hours(1));
    let older = receive(Priority::Asap, targets.asap + Span::hours(2));
    let half = receive(Priority::Urgent, targets.urgent / 2);
    let stat = receive(Priority::Stat, Span::zero());
    let query = Query::default();
    let reader = Reader {
        targets: &targets,
        desk: &desk,
        shelf: Shelf::Open,
        query: &query,
    };
    assert_eq!(
        ids(&reader.window(Anchor::Start, 10)),
        [stat, older, asap, routine, half]
    );
}

#[test]
fn a_row_that_is_not_on_the_shelf_is_no_anchor_of_the_closed() {
    let mut desk = Desk::new();
    let open = desk.receive(complete(Priority::Routine));
    for _ in 0..3 {
        let id = desk.receive(complete(Priority::Routine));
        desk.after(Span::seconds(1)).does(Command::Decline {
            referral: id,
            reason: DeclineReason::Capacity,
            remedy: None,
        });
    }
    let (query, targets) = (Query::default(), targets(false));
    let reader = Reader {
        targets: &targets,
        desk: &desk,
        shelf: Shelf::Closed,
        query: &query,
    };
    let from_start = reader.window(Anchor::Start, 2);
    for anchor in [
        Anchor::Around(open),
        Anchor::After(open),
        Anchor::Before(open),
        Anchor::Around(ReferralId(1)),
    ] {
        assert_eq!(
            reader.window(anchor, 2),
            from_start,
            "{anchor:?}: from the start where it is not there"
        );
    }
}

/// What the screen says of two rows is what their order is, for every two neighbours of every random queue.
#[test]
fn the_verdict_on_two_rows_is_the_order_in_which_they_come() {
    use refdesk::domain::compare::{Standing, compare};
    let mut runner = TestRunner::new(Config::with_cases(24));
    runner
        .run(&entries(), |entries| {
            let mut desk = Desk::new();
            fill(&mut desk, &entries);
            let targets = policy().score_targets;
            let store = desk.engine.store();
            let window = store
                .window(
                    Shelf::Open,
                    &Query::default(),
                    Anchor::Start,
                    100,
                    desk.now,
                    &targets,
                )
                .unwrap();
            let standing = |row: &refdesk::store::board::QueueRow| Standing {
                id: row.id,
                priority: row.priority,
                received_at: row.received_at,
                list: row.list,
            };
            for pair in window.rows.windows(2) {
                let verdict = compare(standing(&pair[1]), standing(&pair[0]), desk.now, &targets);
                prop_assert_eq!(verdict.above.id, pair[0].id, "{}", verdict.sentence());
            }
            Ok(())
        })
        .unwrap();
}
