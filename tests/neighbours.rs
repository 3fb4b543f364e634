//! Two terminals and a script on one file: nothing is lost, everybody sees everybody, nobody hears "locked".

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

use common::{Desk, actor, complete};
use refdesk::domain::command::{Cause, Command, Envelope, Receive, Ref};
use refdesk::domain::id::ReferralId;
use refdesk::domain::policy::Role;
use refdesk::domain::priority::Priority;
use refdesk::domain::query::Query;
use refdesk::domain::referral::Owner;
use refdesk::domain::refusal::Code;
use refdesk::domain::time::Span;
use refdesk::engine::{Failure, Receipt};
use refdesk::store::board::{Anchor, Shelf};
use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const WORKING: Duration = Duration::from_millis(2500);

fn referrals(desk: &mut Desk, count: usize) -> Vec<ReferralId> {
    (0..count)
        .map(|number| {
            desk.receive(Receive {
                patient: Ref::New(common::patient(number)),
                ..complete(Priority::Routine)
            })
        })
        .collect()
}

/// What one of them did: receipts, and how often somebody was faster.
#[derive(Default)]
struct Work {
    receipts: Vec<Receipt>,
    stale: usize,
    slowest: Duration,
}

/// Tells the others to stop, also when what told them trips: a test that fails must end.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Works until told to stop: looks, decides on what it saw, and names the version.
fn work(desk: &mut Desk, name: &str, ids: &[ReferralId], stop: &AtomicBool) -> Work {
    let (mut work, mut random) = (Work::default(), fastrand::Rng::new());
    let who = actor(name, Role::Manager);
    while !stop.load(Ordering::Relaxed) {
        let id = ids[random.usize(..ids.len())];
        let seen = desk.referral(id).version;
        let command = match random.u8(..3) {
            0 => Command::AddNote {
                referral: id,
                text: format!("{name} {}", work.receipts.len()),
            },
            1 => Command::Assign {
                referral: id,
                owner: Owner::Person(format!("{name} {}", work.receipts.len())),
            },
            _ => Command::AddTask {
                referral: id,
                title: "look again".into(),
                due_at: None,
                owner: None,
            },
        };
        let began = Instant::now();
        let answer = desk.engine.execute(
            &Envelope::new(command, who.clone(), Cause::Key).at_version(seen),
            desk.now,
        );
        work.slowest = work.slowest.max(began.elapsed());
        match answer {
            Ok(receipt) => {
                assert_eq!(receipt.version, Some(seen + 1));
                work.receipts.push(receipt);
            }
            Err(Failure::Refused(refusal)) => {
                assert_eq!(refusal.code, Code::Stale, "{refusal}");
                work.stale += 1;
            }
            Err(failure) => panic!("{name}: {failure}"),
        }
    }
    work
}

#[test]
fn nobodys_change_is_lost_and_nobody_hears_locked() {
    let mut desk = Desk::new();
    let ids = referrals(&mut desk, 3);
    let start: BTreeMap<ReferralId, i64> = ids.iter().map(|id| (*id, desk.referral(*id).version)).collect();
    let stop = AtomicBool::new(false);
    let done: Vec<Work> = std::thread::scope(|scope| {
        let workers: Vec<_> = ["ana", "max", "script"]
            .map(|name| {
                let (mut neighbour, ids, stop) = (desk.neighbour(), &ids, &stop);
                scope.spawn(move || work(&mut neighbour, name, ids, stop))
            })
            .into();
        let stopping = Stop(&stop);
        // Meanwhile the manager's terminal looks on, and the clock goes round.
        let mut reader = desk.neighbour();
        let began = Instant::now();
        let mut checked = 0;
        while began.elapsed() < WORKING {
            look(&reader, &ids);
            reader.now += Span::minutes(1);
            reader.tick();
            if checked < 5 {
                common::assert_sound(&reader.engine);
                checked += 1;
            }
        }
        drop(stopping);
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let receipts: Vec<&Receipt> = done.iter().flat_map(|work| &work.receipts).collect();
    let (stale, slowest) = (
        done.iter().map(|work| work.stale).sum::<usize>(),
        done.iter().map(|work| work.slowest).max().unwrap(),
    );
    assert!(receipts.len() > 50, "they worked: {}", receipts.len());
    assert!(stale > 0, "they met");
    assert!(slowest < Duration::from_secs(2), "the slowest waited {slowest:?}");
    every_receipt_is_there(&desk, &receipts);
    for id in ids {
        // Each action on a referral takes it one version on, the clock's too; only a message that is taken up to be sent leaves it.
        let actions = common::number(
            desk.connection(),
            &format!(
                "SELECT count(*) FROM action a WHERE referral = {} AND command <> 'receive' AND NOT EXISTS
                    (SELECT 1 FROM event WHERE action = a.id AND a.command = 'claim-message' AND fact LIKE '%\"sending\"%')",
                id.0
            ),
        );
        assert_eq!(desk.referral(id).version, start[&id] + actions, "{id}");
    }
    desk.assert_sound();
}

/// One look at the board: whatever neighbours commit between two statements, a view is of one moment.
fn look(desk: &Desk, ids: &[ReferralId]) {
    let counts = desk.engine.store().counts().unwrap();
    assert_eq!(counts.open, counts.in_lists());
    let window = desk
        .engine
        .store()
        .window(
            Shelf::Open,
            &Query::default(),
            Anchor::Start,
            50,
            desk.now,
            &common::policy().score_targets,
        )
        .unwrap();
    assert_eq!(window.rows.len(), ids.len());
    for id in ids {
        let sheet = desk.engine.store().sheet(*id, 1).unwrap().unwrap();
        let last = sheet.timeline[0].action;
        let receipt: String = desk
            .connection()
            .query_row("SELECT receipt FROM action WHERE id = ?1", [last], |row| {
                row.get(0)
            })
            .unwrap();
        let receipt: Receipt = serde_json::from_str(&receipt).unwrap();
        assert_eq!(
            receipt.version,
            Some(sheet.snapshot.referral().unwrap().version),
            "the timeline is of the same moment as the records"
        );
    }
}

fn every_receipt_is_there(desk: &Desk, receipts: &[&Receipt]) {
    let mut seen = HashSet::new();
    for receipt in receipts {
        assert!(
            seen.insert(receipt.action),
            "two receipts for action {}",
            receipt.action
        );
        let kept: String = desk
            .connection()
            .query_row(
                "SELECT receipt FROM action WHERE id = ?1",
                [receipt.action],
                |row| row.get(0),
            )
            .unwrap_or_else(|_| panic!("action {} is lost", receipt.action));
        assert_eq!(&serde_json::from_str::<Receipt>(&kept).unwrap(), *receipt);
    }
}

#[test]
fn each_sees_the_others_change_within_a_second() {
    let mut desk = Desk::new();
    let id = referrals(&mut desk, 1)[0];
    let neighbour = desk.neighbour();
    for round in 0..20 {
        let before = neighbour.engine.store().data_version().unwrap();
        let own = desk.engine.store().data_version().unwrap();
        let began = Instant::now();
        desk.does(Command::AddNote {
            referral: id,
            text: format!("round {round}"),
        });
        assert_eq!(
            desk.engine.store().data_version().unwrap(),
            own,
            "one's own change is no news"
        );
        while neighbour.engine.store().data_version().unwrap() == before {
            assert!(
                began.elapsed() < Duration::from_secs(1),
                "the neighbour does not see it"
            );
        }
        assert_eq!(neighbour.snapshot(id).notes.len(), round + 1);
    }
}

#[test]
fn a_stale_version_is_refused_and_the_change_before_it_stays() {
    let mut desk = Desk::new();
    let id = referrals(&mut desk, 1)[0];
    let seen = desk.referral(id).version;
    let mut neighbour = desk.neighbour();
    neighbour.does(Command::Assign {
        referral: id,
        owner: Owner::Person("max".into()),
    });
    let mine = Envelope::new(
        Command::Assign {
            referral: id,
            owner: Owner::Person("ana".into()),
        },
        actor("ana", Role::Coordinator),
        Cause::Key,
    )
    .at_version(seen);
    let refusal = desk.send(&mine).unwrap_err();
    assert_eq!(refusal.code, Code::Stale);
    assert_eq!(desk.referral(id).owner, Owner::Person("max".into()));
    assert!(
        refusal.because.contains(&format!("version {}", seen + 1)),
        "{refusal}"
    );
}
