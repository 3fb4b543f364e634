//! One message per key, however often and from however many programs the clock is asked.

use crate::common::{self, Desk, complete, incomplete};
use refdesk::domain::command::{Command, Receive, Ref};
use refdesk::domain::message::MessageState;
use refdesk::domain::priority::Priority;
use refdesk::domain::time::Span;
use std::collections::HashSet;
use std::sync::Barrier;

fn desk() -> Desk {
    let mut desk = Desk::new();
    for number in 0..12 {
        let patient = Ref::New(common::patient(number));
        let id = desk.receive(Receive {
            patient,
            ..if number % 2 == 0 {
                complete(Priority::Urgent)
            } else {
                incomplete(Priority::Routine)
            }
        });
        desk.does(if number % 2 == 0 {
            Command::Accept { referral: id }
        } else {
            Command::RequestInfo {
                referral: id,
                items: Vec::new(),
                message: None,
            }
        });
    }
    desk
}

/// Every message that was handed over has one file, and every file one message.
fn assert_one_each(desk: &Desk) {
    let world = common::world(desk.connection());
    let mut keys = HashSet::new();
    let sent = world
        .messages
        .iter()
        .inspect(|message| {
            assert!(
                keys.insert(message.key.clone()),
                "two messages for {}",
                message.key
            )
        })
        .filter(|message| message.state == MessageState::HandedOver)
        .inspect(|message| assert_eq!(message.attempt, 1, "{} was claimed again", message.key))
        .count();
    let files = common::handed_over(desk.dir.path());
    assert_eq!(files.len(), sent, "{files:?}");
    assert!(sent > 20, "{sent}");
    desk.assert_sound();
}

#[test]
fn asking_again_at_the_same_time_and_later_sends_nothing_twice() {
    let mut desk = desk();
    for hours in [0, 0, 1, 1, 24 * 3, 24 * 3, 24 * 4, 24 * 9, 24 * 9] {
        desk.now = common::at(common::MONDAY) + Span::hours(hours);
        desk.tick();
        let before = common::digest(desk.connection());
        desk.tick();
        assert!(
            before == common::digest(desk.connection()),
            "the second pass at the same time did something"
        );
    }
    assert_one_each(&desk);
}

#[test]
fn a_wall_clock_that_jumps_back_repeats_nothing() {
    let mut desk = desk();
    desk.after(Span::days(4)).tick();
    let sent = common::handed_over(desk.dir.path());
    for _ in 0..4 {
        desk.after(Span::days(-1)).tick();
    }
    desk.after(Span::days(4)).tick();
    assert_eq!(common::handed_over(desk.dir.path()), sent);
    assert_one_each(&desk);
}

#[test]
fn tickers_at_the_same_time_are_one_ticker() {
    let mut desk = desk();
    for days in [0, 3, 7] {
        desk.now = common::at(common::MONDAY) + Span::days(days) + Span::minutes(2);
        let start = Barrier::new(4);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                let mut other = desk.neighbour();
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    for _ in 0..6 {
                        other.tick();
                    }
                });
            }
        });
        desk.tick();
    }
    assert_one_each(&desk);
}

#[test]
fn the_clock_is_held_by_one_and_free_when_its_holder_is_gone() {
    use refdesk::engine::tick::ClockLock;
    let mut desk = desk();
    desk.after(Span::minutes(2));
    let held = ClockLock::take(&desk.engine.places().database).unwrap().unwrap();
    let ticked = desk.engine.tick(desk.now, 100).unwrap();
    assert!(ticked.elsewhere && ticked.fired == 0 && common::handed_over(desk.dir.path()).is_empty());
    drop(held);
    assert!(!desk.engine.tick(desk.now, 100).unwrap().elsewhere);
    assert!(!common::handed_over(desk.dir.path()).is_empty());
}

/// A sender dies after the file is there and before it says so: the next pass finds the file, and takes it as sent.
#[test]
fn a_message_whose_sender_died_is_finished_and_not_repeated() {
    use refdesk::channels::folder;
    use refdesk::domain::command::{Cause, Envelope};
    use refdesk::domain::policy::Actor;
    let mut desk = desk();
    desk.after(Span::minutes(2));
    let outbox = desk.engine.places().outbox.clone();
    let due = desk.engine.store().outbox(Some(MessageState::Queued), 4).unwrap();
    for (number, message) in due.iter().enumerate() {
        desk.now = desk.now.max(message.not_before);
        let claim = Command::ClaimMessage {
            referral: message.referral,
            message: message.id,
            sender: "gone".into(),
        };
        desk.send(&Envelope::new(claim, Actor::system(), Cause::Outbox))
            .unwrap();
        if number % 2 == 0 {
            folder::hand_over(&outbox, message).unwrap();
        }
    }
    let written = common::handed_over(desk.dir.path());
    assert_eq!(written.len(), 2);
    let read = |name: &String| std::fs::read(outbox.join(name)).unwrap();
    let before: Vec<Vec<u8>> = written.iter().map(read).collect();
    desk.tick();
    assert_eq!(
        written.iter().map(read).collect::<Vec<_>>(),
        before,
        "what was handed over is not written again"
    );
    for message in due {
        let now = desk.engine.store().message(message.id).unwrap().unwrap();
        assert_eq!((now.state, now.attempt), (MessageState::HandedOver, 2));
    }
    desk.assert_sound();
}

/// The temporary file and the handed-over one are the same file for a moment. A sender that dies then must not be able to
/// cut the handed-over one short when the next one starts over.
#[cfg(unix)]
#[test]
fn what_a_crash_left_half_done_is_never_written_through() {
    use refdesk::channels::folder;
    use refdesk::channels::way::Handover;
    let mut desk = desk();
    desk.after(Span::minutes(2));
    let outbox = desk.engine.places().outbox.clone();
    let message = desk
        .engine
        .store()
        .outbox(Some(MessageState::Queued), 1)
        .unwrap()
        .remove(0);
    folder::hand_over(&outbox, &message).unwrap();
    let name = outbox.join(folder::file_name(&message));
    let whole = std::fs::read(&name).unwrap();
    // As a crash between the link and the clearing away leaves it, for whatever name the temporary file has.
    let partial = folder::partial(&outbox, &message);
    std::fs::hard_link(&name, &partial).unwrap();
    let mut other = message.clone();
    other.body.push_str("another text");
    assert_eq!(folder::hand_over(&outbox, &other).unwrap(), Handover::WasThere);
    assert_eq!(std::fs::read(&name).unwrap(), whole);
    assert!(!partial.exists(), "nothing half-written is left");
}
