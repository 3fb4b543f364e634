//! The ritual of calling: when to call next, and what silence needs before it may end a referral.

use crate::common::{Desk, at, complete, schedule};
use refdesk::domain::case::{CallOutcome, Party, TaskState};
use refdesk::domain::clocks::clinic_clock;
use refdesk::domain::command::{Command, DeclineReason, PatientChanges};
use refdesk::domain::id::ReferralId;
use refdesk::domain::message::{MessageKind, MessageState};
use refdesk::domain::person::Channel;
use refdesk::domain::priority::Priority;
use refdesk::domain::referral::PauseReason;
use refdesk::domain::refusal::Code;
use refdesk::domain::status::Status;
use refdesk::domain::time::Span;

fn call(desk: &mut Desk, referral: ReferralId, outcome: CallOutcome) {
    desk.does(Command::RecordCall {
        referral,
        party: Party::Patient,
        outcome,
        note: String::new(),
        call_again_at: None,
    });
}

fn cancel(referral: ReferralId, reason: &str) -> Command {
    Command::Cancel {
        referral,
        reason: reason.into(),
    }
}

fn accepted(desk: &mut Desk) -> ReferralId {
    let id = desk.receive(complete(Priority::Routine));
    desk.does(Command::AmendPatient {
        referral: id,
        changes: Box::new(PatientChanges {
            address: Some("1 Main Street, Springfield".into()),
            ..PatientChanges::default()
        }),
    });
    desk.does(Command::Accept { referral: id });
    id
}

#[test]
fn the_next_call_follows_from_the_outcome_and_the_try_within_opening_hours() {
    use CallOutcome::{Busy, CallLater, LeftMessage, NoAnswer, Reached, WrongNumber};
    // Monday 9:00; the desk is open from 8 to 17.
    let table = [
        (vec![NoAnswer], Some("2026-03-02T18:00:00Z")),
        (vec![NoAnswer, NoAnswer], Some("2026-03-03T14:00:00Z")),
        (
            vec![NoAnswer, NoAnswer, LeftMessage],
            Some("2026-03-04T14:00:00Z"),
        ),
        (vec![Busy], Some("2026-03-02T14:30:00Z")),
        (vec![Busy, Busy], Some("2026-03-02T16:00:00Z")),
        (vec![CallLater], Some("2026-03-03T14:00:00Z")),
        (vec![WrongNumber], None),
        (vec![NoAnswer, Reached], None),
        // Whoever was reached is tried from the beginning again; a wrong number is no try.
        (vec![NoAnswer, Reached, NoAnswer], Some("2026-03-02T18:00:00Z")),
        (vec![WrongNumber, NoAnswer], Some("2026-03-02T18:00:00Z")),
    ];
    for (outcomes, again) in table {
        let mut desk = Desk::new();
        let id = accepted(&mut desk);
        for outcome in &outcomes {
            call(&mut desk, id, *outcome);
        }
        assert_eq!(desk.referral(id).callback_at, again.map(at), "{outcomes:?}");
    }
}

#[test]
fn nothing_ends_as_unreachable_without_the_effort() {
    let mut desk = Desk::new();
    let id = accepted(&mut desk);
    let decline = Command::Decline {
        referral: id,
        reason: DeclineReason::Unreachable,
        remedy: None,
    };
    let tries = [
        "so far no call; still needed: 3 more calls on 3 other days, and a letter that has left",
        "so far 1 call on 1 day; still needed: 2 more calls on 2 other days, and a letter that has left",
        "so far 2 calls on 2 days; still needed: 1 more call on 1 other day, and a letter that has left",
    ];
    for still in tries {
        for command in [
            cancel(id, "the patient could not be reached"),
            cancel(id, "Unable to reach pt"),
            decline.clone(),
        ] {
            let refusal = desk.by(&crate::common::max(), command).unwrap_err();
            assert_eq!(refusal.code, Code::EffortNeeded);
            assert!(refusal.because.ends_with(still), "{}", refusal.because);
        }
        call(&mut desk, id, CallOutcome::NoAnswer);
        desk.after(Span::days(1));
    }
    // The letter followed the third call by itself, once; it counts when it has left.
    let letters = |desk: &Desk| {
        let messages = desk.snapshot(id).messages;
        let asked = |message: &refdesk::domain::message::Message| message.kind == MessageKind::ContactRequest;
        messages.into_iter().filter(asked).collect::<Vec<_>>()
    };
    let [letter] = letters(&desk).try_into().ok().unwrap();
    assert_eq!(
        (letter.channel, letter.state),
        (Channel::Letter, MessageState::Queued)
    );
    let refusal = desk.by(&crate::common::max(), decline.clone()).unwrap_err();
    assert!(
        refusal.because.ends_with("still needed: a letter that has left"),
        "{refusal}"
    );
    desk.after(Span::hours(1)).tick();
    assert_eq!(letters(&desk)[0].state, MessageState::HandedOver);
    call(&mut desk, id, CallOutcome::LeftMessage);
    assert_eq!(letters(&desk).len(), 1, "one letter is enough");
    desk.does(decline);
    assert_eq!(desk.referral(id).status, Status::Declined);
    desk.assert_sound();
}

#[test]
fn an_answer_starts_the_effort_anew_and_other_reasons_need_none() {
    let mut desk = Desk::new();
    let id = accepted(&mut desk);
    for _ in 0..3 {
        call(&mut desk, id, CallOutcome::NoAnswer);
        desk.after(Span::days(1)).tick();
    }
    call(&mut desk, id, CallOutcome::CallLater);
    let refusal = desk
        .by(&crate::common::max(), cancel(id, "unreachable"))
        .unwrap_err();
    assert!(refusal.because.contains("so far no call"), "{refusal}");
    desk.does(cancel(id, "the patient is seen elsewhere"));
}

#[test]
fn a_wrong_number_is_looked_for_until_it_is_corrected() {
    let mut desk = Desk::new();
    let id = accepted(&mut desk);
    call(&mut desk, id, CallOutcome::WrongNumber);
    call(&mut desk, id, CallOutcome::WrongNumber);
    let searches = |desk: &Desk| {
        let tasks = desk.snapshot(id).tasks;
        let search = |task: &refdesk::domain::case::Task| task.key.starts_with("right-number/");
        tasks
            .into_iter()
            .filter(search)
            .map(|task| task.state)
            .collect::<Vec<_>>()
    };
    assert_eq!(searches(&desk), [TaskState::Open]);
    desk.does(Command::AmendPatient {
        referral: id,
        changes: Box::new(PatientChanges {
            phone: Some("5550177".into()),
            ..PatientChanges::default()
        }),
    });
    assert_eq!(searches(&desk), [TaskState::Done]);
    call(&mut desk, id, CallOutcome::WrongNumber);
    assert_eq!(searches(&desk), [TaskState::Done, TaskState::Open]);
}

#[test]
fn the_letter_can_be_written_by_hand_and_the_clinic_sets_the_rule() {
    let mut desk = Desk::configured("[outreach.effort]\ncalls = 1\ndays = 1\nletter = false\n");
    let id = accepted(&mut desk);
    desk.does(Command::AskToCall { referral: id });
    let again = desk
        .by(&crate::common::max(), Command::AskToCall { referral: id })
        .unwrap_err();
    assert_eq!(again.code, Code::NothingToDo);
    call(&mut desk, id, CallOutcome::NoAnswer);
    desk.does(cancel(id, "no answer"));
}

#[test]
fn what_is_sent_again_after_a_decline_is_linked_and_both_say_so() {
    use refdesk::domain::command::{NewPractitioner, Receive, Ref};
    use refdesk::store::board::Relation;
    let mut desk = Desk::new();
    let first = desk.receive(complete(Priority::Routine));
    desk.does(Command::Decline {
        referral: first,
        reason: DeclineReason::Criteria,
        remedy: Some("Send the last ECG with it.".into()),
    });
    // The decline keeps what would make it acceptable, and its message says it.
    let kept = desk.referral(first).status_reason.unwrap();
    assert!(kept.ends_with("Send the last ECG with it."), "{kept}");
    let told = desk.snapshot(first).messages;
    let told = told
        .iter()
        .find(|message| message.kind == MessageKind::DeclinedProvider);
    assert!(told.unwrap().body.contains("Send the last ECG with it."));
    // Somebody else's referral of the same patient is another matter.
    let mut other = complete(Priority::Routine);
    if let Some(Ref::New(NewPractitioner { name, npi, .. })) = &mut other.requester {
        name.family = "Somebody-Else".into();
        *npi = None;
    }
    if let Some(Ref::New(practice)) = &mut other.organization {
        practice.name = "Another Practice".into();
    }
    desk.after(Span::days(3));
    let theirs = desk.receive(other);
    assert_eq!(desk.referral(theirs).replaces, None);
    let again = desk.receive(complete(Priority::Routine));
    assert_eq!(desk.referral(again).replaces, Some(first));
    let related = |id| {
        let sheet = desk.engine.store().sheet(id, 0).unwrap().unwrap();
        let pairs = sheet.related.iter().map(|related| (related.how, related.id));
        pairs.collect::<Vec<_>>()
    };
    assert_eq!(
        related(again),
        [(Relation::Replaces, first), (Relation::LooksLike, theirs)]
    );
    assert_eq!(related(first), [(Relation::ReplacedBy, again)]);
    // A third is not sent in place of what was taken up already, and after half a year it is a new matter.
    let third = desk.receive(complete(Priority::Routine));
    assert_eq!(desk.referral(third).replaces, None);
    let mut late = Desk::new();
    let old = late.receive(complete(Priority::Routine));
    late.does(Command::Decline {
        referral: old,
        reason: DeclineReason::Capacity,
        remedy: None,
    });
    late.after(Span::days(200));
    let fresh = late.receive(Receive {
        received_at: None,
        ..complete(Priority::Routine)
    });
    assert_eq!(late.referral(fresh).replaces, None);
    desk.assert_sound();
}

/// While the patient wants to be left the ball is theirs, until the time that they named and no longer: a desk that calls late is late.
#[test]
fn the_clinics_clock_stands_while_the_patient_asked_to_wait() {
    let mut desk = Desk::new();
    let id = accepted(&mut desk);
    let calendar = desk.engine.policy().calendar.clone();
    let clock = |desk: &Desk, at| clinic_clock(&desk.referral(id), &calendar, at);
    let began = desk.now;
    call(&mut desk, id, CallOutcome::CallLater);
    let until = desk.referral(id).callback_at.unwrap();
    let waits = clock(&desk, began + Span::hours(1));
    assert_eq!(
        (waits.is_paused, waits.reason),
        (true, Some(PauseReason::Patient))
    );
    let late = until + Span::days(2);
    assert!(!clock(&desk, late).is_paused);
    assert_eq!(clock(&desk, late).paused, calendar.open_between(began, until));

    // Spoken with before: it ends there. Not met is not asked to wait.
    desk.after(Span::hours(2));
    call(&mut desk, id, CallOutcome::Reached);
    assert_eq!(clock(&desk, late).paused, Span::hours(2));
    call(&mut desk, id, CallOutcome::NoAnswer);
    assert!(!clock(&desk, desk.now).is_paused);

    // Asked again, and booked: nobody waits any more.
    call(&mut desk, id, CallOutcome::CallLater);
    desk.after(Span::hours(1));
    desk.does(schedule(id, desk.now + Span::days(9)));
    assert_eq!(clock(&desk, late).paused, Span::hours(3));
    desk.assert_sound();
}
