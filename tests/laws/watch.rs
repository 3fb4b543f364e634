//! What must hold after every step, whatever the step was.

use crate::common::{self, Desk, policy, sorted};
use refdesk::domain::case::{Appointment, AppointmentState, TimerState};
use refdesk::domain::command::Command;
use refdesk::domain::lists::List;
use refdesk::domain::message::{MessageKind, MessageState};
use refdesk::domain::priority::Priority;
use refdesk::domain::query::Query;
use refdesk::domain::record::Patch;
use refdesk::domain::referral::{Owner, Referral};
use refdesk::domain::snapshot::Snapshot;
use refdesk::domain::status::Status;
use refdesk::store::board::{Anchor, Shelf};
use refdesk::store::log;
use std::collections::HashSet;

/// The desk's records after a step, held to the laws.
pub fn laws(desk: &Desk) -> Snapshot {
    let world = common::world(desk.connection());
    conservation(desk, &world);
    for referral in &world.referrals {
        places(&world, referral);
    }
    keys(&world);
    fence(desk);
    world
}

/// Law 1, counted three ways: by the tallies, by the rows, and by the pure function.
fn conservation(desk: &Desk, world: &Snapshot) {
    let counts = desk.engine.store().counts().unwrap();
    let open = world
        .referrals
        .iter()
        .filter(|referral| referral.status.is_open())
        .count() as u64;
    assert_eq!(
        (counts.open, counts.in_lists()),
        (open, open),
        "the conservation line"
    );
    assert_eq!(counts.ended, world.referrals.len() as u64 - open);
    for list in List::ALL {
        let there = world
            .referrals
            .iter()
            .filter(|referral| List::of(referral) == Some(list))
            .count() as u64;
        assert_eq!(counts.of(list), there, "{list}");
    }
}

fn places(world: &Snapshot, referral: &Referral) {
    let id = referral.id;
    let open = referral.status.is_open();
    assert_eq!(
        referral.list,
        List::of(referral),
        "{id} stands where the function says"
    );
    assert_eq!(
        (
            referral.list.is_some(),
            referral.next_action.is_some(),
            referral.due_at.is_some(),
            referral.ended_at.is_none()
        ),
        (open, open, open, open),
        "{id}, {}: a list, a next action and a due time while it is open, and only then",
        referral.status
    );
    let (Owner::Queue(owner) | Owner::Person(owner)) = &referral.owner;
    assert!(!owner.is_empty(), "{id} has an owner");
    let pending = world
        .timers
        .iter()
        .any(|timer| timer.referral == id && timer.state == TimerState::Pending);
    assert!(open || !pending, "{id} has ended, and a timer still waits");
    let ahead = |each: &&Appointment| each.referral == id && each.state.is_live();
    let live = world.appointments.iter().filter(ahead).count();
    let made_here = world
        .appointments
        .iter()
        .filter(ahead)
        .filter(|each| each.external.is_none());
    assert!(
        made_here.count() <= 1,
        "{id} has several appointments ahead that were made here"
    );
    match referral.status {
        Status::Scheduled => assert!(live >= 1, "{id} is scheduled, for an appointment"),
        // A request to cancel leaves the booking as it is until somebody confirms it.
        Status::CancelRequested => {}
        _ => assert_eq!(
            live, 0,
            "{id} is {}, and an appointment still stands",
            referral.status
        ),
    }
    if referral.status == Status::Completed {
        let seen = |state| state == AppointmentState::Fulfilled;
        assert!(
            world
                .appointments
                .iter()
                .any(|each| each.referral == id && seen(each.state)),
            "{id}: a visit took place"
        );
    }
}

fn keys(world: &Snapshot) {
    let mut seen = HashSet::new();
    for message in &world.messages {
        assert!(seen.insert(&message.key), "two messages for {}", message.key);
    }
    for timer in &world.timers {
        assert!(
            seen.insert(&timer.key) || world.messages.iter().any(|message| message.key == timer.key),
            "{}",
            timer.key
        );
    }
}

/// Law 2: stat is never scored and stands above everything, in every window.
fn fence(desk: &Desk) {
    let shelves = List::ALL.map(Shelf::List).into_iter().chain([Shelf::Open]);
    for shelf in shelves {
        let window = desk
            .engine
            .store()
            .window(
                shelf,
                &Query::default(),
                Anchor::Start,
                100,
                desk.now,
                &policy().score_targets,
            )
            .unwrap();
        for row in &window.rows {
            assert_eq!(
                row.score.is_none(),
                row.priority == Priority::Stat,
                "{}: {:?}",
                row.id,
                row.score
            );
        }
        let after = window
            .rows
            .iter()
            .skip_while(|row| row.priority == Priority::Stat);
        assert!(
            after.into_iter().all(|row| row.priority != Priority::Stat),
            "stat stands above the others"
        );
    }
}

/// What an action, and those that follow from it, wrote is what the records went through, forwards and backwards.
pub fn inverse(desk: &Desk, action: i64, before: &Snapshot, after: &Snapshot) {
    let last = common::number(desk.connection(), "SELECT max(id) FROM action");
    let changes = |action| log::changes_of(desk.connection(), action).unwrap().1;
    let patches: Vec<Patch> = (action..=last).flat_map(changes).collect();
    let mut world = before.clone();
    for patch in &patches {
        world
            .apply(patch, &[])
            .unwrap_or_else(|refusal| panic!("action {action}, forwards: {refusal}"));
    }
    assert!(
        sorted(world.clone()) == sorted(after.clone()),
        "action {action} says what it changed"
    );
    for patch in patches.iter().rev() {
        world
            .apply(&patch.inverse(), &[])
            .unwrap_or_else(|refusal| panic!("action {action}, backwards: {refusal}"));
    }
    assert!(
        sorted(world) == sorted(before.clone()),
        "the inverse of action {action} leads back"
    );
}

/// Each referral took steps that the table has, one after the other; only what another system says of an appointment takes
/// several at once.
pub fn path_of(command: &Command, before: &Snapshot, after: &Snapshot, ruled: bool) {
    if !matches!(
        command,
        Command::RecordActivity { .. }
            | Command::NoShow { .. }
            | Command::Complete { .. }
            | Command::CancelAppointment { .. }
            | Command::KeepOpen { .. }
    ) {
        return path(before, after, ruled);
    }
    for old in &before.referrals {
        let new = after
            .referrals
            .iter()
            .find(|new| new.id == old.id)
            .expect("none is taken away");
        let mut reached = vec![old.status];
        reached.extend(
            old.status_before
                .filter(|_| old.status == Status::CancelRequested),
        );
        for _ in 0..3 {
            let next: Vec<Status> = reached.iter().flat_map(|status| status.next()).copied().collect();
            reached.extend(next.into_iter().filter(|status| status.is_open()));
        }
        assert!(
            reached.contains(&new.status),
            "{}: {} became {}",
            old.id,
            old.status,
            new.status
        );
    }
}

/// The one ending that follows by itself: a visit took place, and the referrer has the report.
pub fn loop_closed(before: &Snapshot, after: &Snapshot, ended: &Referral) -> bool {
    let was = before
        .referrals
        .iter()
        .find(|old| old.id == ended.id)
        .map(|old| old.status);
    let arrived = |state| matches!(state, MessageState::Delivered | MessageState::Acknowledged);
    was == Some(Status::Completed)
        && ended.status == Status::Closed
        && after.messages.iter().any(|message| {
            message.referral == ended.id
                && message.kind == MessageKind::ReportProvider
                && arrived(message.state)
        })
}

/// Each referral took a step that the table has, or went back to where it was.
///
/// With rules, a command may bring about two steps: its own, and a rule's.
pub fn path(before: &Snapshot, after: &Snapshot, ruled: bool) {
    for old in &before.referrals {
        let new = after
            .referrals
            .iter()
            .find(|new| new.id == old.id)
            .expect("no referral is ever taken away");
        let back = old.status.may_return()
            && (old.status_before == Some(new.status)
                // What was booked is booked no longer: the cancellation ended the appointment.
                || old.status_before == Some(Status::Scheduled) && new.status == Status::AppointmentCancelled);
        let next = |from: Status| from.next().iter().copied().chain([from]);
        let by_rule = ruled && next(old.status).flat_map(next).any(|status| status == new.status);
        assert!(
            old.status == new.status || old.status.may_become(new.status) || back || by_rule,
            "{}: {} became {}",
            old.id,
            old.status,
            new.status
        );
        // Whoever was asked for twice has waited since the first time: nothing else moves when it came.
        let first = |each: &Referral| each.merged_into == Some(old.id) && each.received_at == new.received_at;
        let waited = new.received_at < old.received_at && after.referrals.iter().any(first);
        assert!(
            new.version >= old.version && (new.received_at == old.received_at || waited),
            "{}",
            old.id
        );
    }
}

/// Nothing that came in is ever taken away, by undo either.
pub fn kept(before: &Snapshot, after: &Snapshot) {
    assert!(
        before
            .referrals
            .iter()
            .all(|old| after.referrals.iter().any(|new| new.id == old.id)),
        "a referral was taken away"
    );
    assert!(
        before
            .documents
            .iter()
            .all(|old| after.documents.iter().any(|new| new.id == old.id)),
        "a document was taken away"
    );
}

/// Those that ended in this step.
pub fn ended(before: &Snapshot, after: &Snapshot) -> Vec<Referral> {
    let was_open = |id| {
        before
            .referrals
            .iter()
            .any(|old| old.id == id && old.status.is_open())
    };
    after
        .referrals
        .iter()
        .filter(|new| !new.status.is_open() && was_open(new.id))
        .cloned()
        .collect()
}

/// Where two worlds differ, but for versions, which only go up, and for timers, which settle by rule.
pub fn differences(a: &Snapshot, b: &Snapshot) -> Vec<String> {
    let plain = |world: &Snapshot| {
        let mut world = world.clone();
        world
            .referrals
            .iter_mut()
            .for_each(|referral| referral.version = 0);
        world.patients.iter_mut().for_each(|patient| patient.version = 0);
        world
            .practitioners
            .iter_mut()
            .for_each(|sender| sender.version = 0);
        // What an ended referral misses is looked at again when it is touched, and of no consequence before.
        let ended = world
            .referrals
            .iter_mut()
            .filter(|referral| !referral.status.is_open());
        ended.for_each(|referral| referral.missing.clear());
        world
    };
    let (a, b) = (plain(a), plain(b));
    let mut found = Vec::new();
    macro_rules! compare {
        ($($field:ident),*) => {$(
            for one in &a.$field {
                let other = b.get(one.id.0);
                found.extend(Patch::between(Some(one), other).unwrap().map(|patch| format!("{patch:?}")));
            }
            for other in b.$field.iter().filter(|other| !a.$field.iter().any(|one| one.id == other.id)) {
                found.push(format!("{other:?} is new"));
            }
        )*};
    }
    compare!(
        patients,
        practitioners,
        organizations,
        referrals,
        coverages,
        milestones,
        tasks,
        requests,
        notes,
        appointments,
        messages,
        documents
    );
    found
}
