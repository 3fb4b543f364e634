//! The clock: what happens when, to the minute, and that a forecast says the same.

use crate::common::{self, Desk, MONDAY, at, complete, incomplete, max};
use refdesk::domain::case::{CallOutcome, Party, TaskState, TimerKind, TimerState};
use refdesk::domain::command::{Command, Envelope, Receive, Ref};
use refdesk::domain::event::Fact;
use refdesk::domain::id::ReferralId;
use refdesk::domain::message::MessageKind;
use refdesk::domain::person::Channel;
use refdesk::domain::priority::Priority;
use refdesk::domain::status::Status;
use refdesk::domain::time::{Span, Stamp, print_stamp};
use refdesk::engine::tick::Foreseen;

/// Each row: a moment, and which of the watched things are there once the clock has passed over it.
fn watch<T: PartialEq + std::fmt::Debug>(desk: &mut Desk, rows: &[(&str, T)], seen: impl Fn(&Desk) -> T) {
    for (moment, expected) in rows {
        desk.now = at(moment);
        desk.tick();
        assert_eq!(seen(desk), *expected, "at {moment}");
    }
    desk.assert_sound();
}

fn messages(desk: &Desk, id: ReferralId, kind: MessageKind) -> usize {
    desk.snapshot(id)
        .messages
        .iter()
        .filter(|message| message.kind == kind)
        .count()
}

fn tasks(desk: &Desk, id: ReferralId, rule: &str) -> usize {
    let open = |state| state == TaskState::Open;
    desk.snapshot(id)
        .tasks
        .iter()
        .filter(|task| task.key.starts_with(rule) && open(task.state))
        .count()
}

fn fired(desk: &Desk, id: ReferralId, kind: TimerKind) -> usize {
    desk.snapshot(id)
        .timers
        .iter()
        .filter(|timer| timer.kind == kind && timer.state == TimerState::Fired)
        .count()
}

#[test]
fn missing_information_is_asked_for_again_after_three_days_and_a_person_calls_after_six() {
    let mut desk = Desk::new();
    let id = desk.receive(incomplete(Priority::Routine));
    desk.does(Command::RequestInfo {
        referral: id,
        items: Vec::new(),
        message: None,
    });
    let seen = |desk: &Desk| {
        (
            messages(desk, id, MessageKind::InfoReminder),
            tasks(desk, id, "call-provider/"),
        )
    };
    watch(
        &mut desk,
        &[
            ("2026-03-05T13:59:59Z", (0, 0)),
            ("2026-03-05T14:00:00Z", (1, 0)),
            ("2026-03-08T13:59:59Z", (1, 0)),
            ("2026-03-08T14:00:00Z", (1, 1)),
            ("2026-03-20T14:00:00Z", (1, 1)),
        ],
        seen,
    );
    assert_eq!(
        desk.referral(id).status,
        Status::NeedsInfo,
        "the clock decides nothing"
    );
    // The answer comes: the call is not wanted any more, and it is the same referral with its own received time.
    desk.does(Command::ProvideItems {
        referral: id,
        items: vec!["ecg".into(), "visit-note".into()],
    });
    let referral = desk.referral(id);
    assert_eq!(
        (referral.status, referral.received_at),
        (Status::Received, at(MONDAY))
    );
    assert_eq!(tasks(&desk, id, "call-provider/"), 0);
}

#[test]
fn an_answer_stops_the_reminder_and_a_new_question_starts_its_own() {
    let mut desk = Desk::new();
    let id = desk.receive(incomplete(Priority::Routine));
    desk.does(Command::RequestInfo {
        referral: id,
        items: Vec::new(),
        message: None,
    });
    desk.after(Span::days(2)).does(Command::ProvideItems {
        referral: id,
        items: vec!["ecg".into()],
    });
    desk.after(Span::days(2)).tick();
    assert_eq!(messages(&desk, id, MessageKind::InfoReminder), 0);
    desk.does(Command::RequestInfo {
        referral: id,
        items: vec!["visit-note".into()],
        message: None,
    });
    desk.after(Span::days(3)).tick();
    assert_eq!(messages(&desk, id, MessageKind::InfoReminder), 1);
}

#[test]
fn a_patient_who_does_not_book_is_written_to_after_three_days_and_called_after_seven() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    desk.does(Command::Accept { referral: id });
    assert_eq!(
        messages(&desk, id, MessageKind::BookingPrompt),
        1,
        "the prompt comes with the acceptance"
    );
    let seen = |desk: &Desk| {
        (
            messages(desk, id, MessageKind::BookingEmail),
            tasks(desk, id, "call-patient/"),
        )
    };
    watch(
        &mut desk,
        &[
            ("2026-03-05T13:59:59Z", (0, 0)),
            ("2026-03-05T14:00:00Z", (1, 0)),
            ("2026-03-09T13:59:59Z", (1, 0)),
            ("2026-03-09T14:00:00Z", (1, 1)),
            ("2026-04-09T14:00:00Z", (1, 1)),
        ],
        seen,
    );
    let message = desk
        .snapshot(id)
        .messages
        .into_iter()
        .find(|message| message.kind == MessageKind::BookingEmail)
        .unwrap();
    assert_eq!(message.channel, Channel::Email);
}

#[test]
fn a_patient_who_booked_is_left_in_peace() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    desk.does(Command::Accept { referral: id });
    desk.after(Span::days(2));
    let starts_at = desk.now + Span::days(20);
    desk.does(common::schedule(id, starts_at));
    desk.after(Span::days(10)).tick();
    assert_eq!(
        (
            messages(&desk, id, MessageKind::BookingEmail),
            tasks(&desk, id, "call-patient/")
        ),
        (0, 0)
    );
    // The appointment falls through: the three days begin anew.
    desk.does(Command::CancelAppointment {
        referral: id,
        reason: "ill".into(),
    });
    desk.after(Span::days(3) - Span::seconds(1)).tick();
    assert_eq!(messages(&desk, id, MessageKind::BookingEmail), 0);
    desk.after(Span::seconds(1)).tick();
    assert_eq!(messages(&desk, id, MessageKind::BookingEmail), 1);
}

#[test]
fn an_emergency_escalates_every_half_hour_until_the_call() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Stat));
    let seen = |desk: &Desk| {
        (
            fired(desk, id, TimerKind::EmergencyEscalation),
            tasks(desk, id, "emergency/"),
        )
    };
    watch(
        &mut desk,
        &[
            ("2026-03-02T14:29:59Z", (0, 0)),
            ("2026-03-02T14:30:00Z", (1, 1)),
            ("2026-03-02T14:59:59Z", (1, 1)),
            ("2026-03-02T15:00:00Z", (2, 1)),
            ("2026-03-02T15:30:00Z", (3, 1)),
        ],
        seen,
    );
    // Somebody picks up the task and does not call: the next half hour asks again.
    let task = desk
        .snapshot(id)
        .tasks
        .into_iter()
        .find(|task| task.key.starts_with("emergency/"))
        .unwrap()
        .id;
    desk.does(Command::EndTask {
        referral: id,
        task,
        done: true,
    });
    watch(&mut desk, &[("2026-03-02T16:00:00Z", (4, 1))], seen);
    let call = |outcome| Command::RecordCall {
        referral: id,
        party: Party::Provider,
        outcome,
        note: String::new(),
        call_again_at: None,
    };
    desk.does(call(CallOutcome::NoAnswer));
    watch(&mut desk, &[("2026-03-02T16:30:00Z", (5, 1))], seen);
    desk.does(call(CallOutcome::Reached));
    assert_eq!(desk.referral(id).acknowledged_at, Some(desk.now));
    watch(
        &mut desk,
        &[("2026-03-02T17:00:00Z", (5, 0)), ("2026-03-03T17:00:00Z", (5, 0))],
        seen,
    );
}

#[test]
fn after_a_night_without_the_program_an_emergency_escalates_once() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Stat));
    let seen = |desk: &Desk| {
        (
            fired(desk, id, TimerKind::EmergencyEscalation),
            tasks(desk, id, "emergency/"),
        )
    };
    watch(
        &mut desk,
        &[("2026-03-03T13:00:00Z", (1, 1)), ("2026-03-03T13:30:00Z", (2, 1))],
        seen,
    );
}

#[test]
fn a_milestone_warns_once_and_is_missed_once() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    let milestones = desk.snapshot(id).milestones;
    for milestone in &milestones {
        assert!(milestone.warn_at < milestone.target_at, "{:?}", milestone.kind);
    }
    let decide = milestones
        .iter()
        .find(|each| each.kind.code() == "decide")
        .unwrap()
        .clone();
    let seen = |desk: &Desk| {
        let timeline = desk.engine.store().sheet(id, 1000).unwrap().unwrap().timeline;
        let count = |wanted: &Fact| timeline.iter().filter(|entry| entry.fact == *wanted).count();
        (
            count(&Fact::MilestoneWarned {
                milestone: decide.kind,
            }),
            count(&Fact::MilestoneMissed {
                milestone: decide.kind,
            }),
            tasks(desk, id, &format!("breach/{}", decide.id)),
        )
    };
    let moment = |at: Stamp| print_stamp(at);
    let second = Span::seconds(1);
    watch(
        &mut desk,
        &[
            (moment(decide.warn_at - second).as_str(), (0, 0, 0)),
            (moment(decide.warn_at).as_str(), (1, 0, 0)),
            (moment(decide.target_at - second).as_str(), (1, 0, 0)),
            (moment(decide.target_at).as_str(), (1, 1, 1)),
            (moment(decide.target_at + Span::days(30)).as_str(), (1, 1, 1)),
        ],
        seen,
    );
    assert!(desk.referral(id).status.is_open(), "a missed target ends nothing");
}

#[test]
fn a_pause_moves_the_decision_only_and_warns_of_nothing_twice() {
    let mut desk = Desk::configured("[sla.decide]\nroutine = \"12 bd\"\n");
    let id = desk.receive(incomplete(Priority::Routine));
    let target = |desk: &Desk, code: &str| {
        desk.snapshot(id)
            .milestones
            .iter()
            .find(|each| each.kind.code() == code)
            .unwrap()
            .target_at
    };
    let (decide, contact) = (target(&desk, "decide"), target(&desk, "first-contact"));
    desk.now = contact - Span::seconds(1);
    desk.tick();
    for _ in 0..2 {
        desk.does(Command::RequestInfo {
            referral: id,
            items: Vec::new(),
            message: None,
        });
        desk.after(Span::days(1)).tick();
        let command = answer(&desk, id);
        desk.does(command);
        desk.tick();
    }
    assert!(
        target(&desk, "decide") > decide,
        "the decision waits for the provider"
    );
    assert_eq!(
        target(&desk, "first-contact"),
        contact,
        "the patient's own target never pauses"
    );
    desk.after(Span::days(60)).tick();
    let timeline = desk.engine.store().sheet(id, 1000).unwrap().unwrap().timeline;
    for kind in refdesk::domain::case::MilestoneKind::ALL
        .into_iter()
        .filter(|kind| kind.code() != "decide")
    {
        let warned = timeline
            .iter()
            .filter(|entry| entry.fact == Fact::MilestoneWarned { milestone: kind })
            .count();
        assert!(warned <= 1, "{} was warned of {warned} times", kind.code());
    }
}

/// The answer brings the first of what is missing.
fn answer(desk: &Desk, id: ReferralId) -> Command {
    let items: Vec<String> = desk.referral(id).missing.into_iter().take(1).collect();
    Command::ProvideItems { referral: id, items }
}

#[test]
fn an_appointment_that_passes_asks_for_its_outcome_and_completes_nothing() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    desk.does(Command::Accept { referral: id });
    desk.does(common::schedule(id, at("2026-03-10T15:00:00Z")));
    let seen = |desk: &Desk| {
        (
            messages(desk, id, MessageKind::AppointmentReminder),
            tasks(desk, id, "visit-outcome/"),
            desk.referral(id).status,
        )
    };
    watch(
        &mut desk,
        &[
            ("2026-03-08T14:59:59Z", (0, 0, Status::Scheduled)),
            ("2026-03-08T15:00:00Z", (1, 0, Status::Scheduled)),
            ("2026-03-10T17:29:59Z", (1, 0, Status::Scheduled)),
            ("2026-03-10T17:30:00Z", (1, 1, Status::Scheduled)),
            ("2026-05-10T17:30:00Z", (1, 1, Status::Scheduled)),
        ],
        seen,
    );
    desk.does(Command::Complete { referral: id });
    assert_eq!(seen(&desk), (1, 0, Status::Completed));
}

#[test]
fn a_booking_that_was_cancelled_with_the_referral_does_not_come_back_with_it() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    desk.does(Command::Accept { referral: id });
    let starts_at = desk.now + Span::days(5);
    desk.does(common::schedule(id, starts_at));
    desk.does(Command::RequestCancel {
        referral: id,
        reason: "moved away".into(),
    });
    desk.does(Command::Cancel {
        referral: id,
        reason: "moved away".into(),
    });
    desk.does(Command::Reopen {
        referral: id,
        reason: "moved back".into(),
    });
    let referral = desk.referral(id);
    assert_eq!(
        referral.status,
        Status::AppointmentCancelled,
        "another appointment is wanted"
    );
    assert_eq!(referral.list.unwrap().code(), "to-schedule");
}

/// A desk with something of everything.
fn busy() -> Desk {
    let mut desk = Desk::new();
    let priorities = [
        Priority::Routine,
        Priority::Urgent,
        Priority::Asap,
        Priority::Stat,
    ];
    for (number, priority) in priorities.into_iter().enumerate() {
        let patient = Ref::New(common::patient(number));
        let id = desk.receive(Receive {
            patient: patient.clone(),
            ..incomplete(priority)
        });
        desk.does(Command::RequestInfo {
            referral: id,
            items: Vec::new(),
            message: None,
        });
        let id = desk.receive(Receive {
            patient,
            ..complete(priority)
        });
        if number != 2 {
            desk.does(Command::Accept { referral: id });
        }
        if number == 1 {
            let starts_at = desk.now + Span::days(4);
            desk.does(common::schedule(id, starts_at));
        }
        desk.after(Span::minutes(7));
    }
    desk
}

#[test]
fn a_forecast_says_what_the_clock_then_does_and_changes_nothing() {
    let mut desk = busy();
    let until = desk.now + Span::days(12);
    let before = common::digest(desk.connection());
    let forecast: Vec<Foreseen> = desk.engine.forecast(until, 100_000).unwrap();
    assert!(
        before == common::digest(desk.connection()),
        "a forecast changes nothing"
    );
    assert!(common::handed_over(desk.dir.path()).is_empty());
    let last = common::number(desk.connection(), "SELECT max(id) FROM action");
    while let Some(next) = desk
        .engine
        .tick(desk.now, 100_000)
        .unwrap()
        .next
        .filter(|next| *next <= until)
    {
        desk.now = next;
    }
    let happened = what_happened(&desk, last);
    let foreseen = |rule: &str| {
        forecast
            .iter()
            .filter(|line| (line.rule == "outbox") == (rule == "outbox"))
            .count()
    };
    let mut timers: Vec<(Stamp, ReferralId, String)> = forecast
        .iter()
        .filter(|line| line.rule != "outbox")
        .map(|line| (line.at, line.referral, line.rule.clone()))
        .collect();
    let mut fired: Vec<(Stamp, ReferralId, String)> = happened.clone();
    timers.sort();
    fired.sort();
    assert!(timers.len() > 20, "{}", timers.len());
    assert_eq!(timers, fired);
    assert_eq!(
        foreseen("outbox"),
        common::handed_over(desk.dir.path()).len(),
        "every message that left was foreseen"
    );
}

/// The timers that went off after an action: when, whose, which.
fn what_happened(desk: &Desk, after: i64) -> Vec<(Stamp, ReferralId, String)> {
    let mut statement = desk
        .connection()
        .prepare("SELECT at, referral, json_extract(fact, '$.rule') FROM event WHERE action > ?1 AND json_extract(fact, '$.fact') = 'timer-fired'")
        .unwrap();
    statement
        .query_map([after], |row| {
            Ok((
                at(&row.get::<_, String>(0)?),
                ReferralId(row.get(1)?),
                row.get(2)?,
            ))
        })
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

#[test]
fn patients_are_not_written_to_at_night() {
    let mut desk = Desk::new();
    desk.now = at("2026-03-03T03:00:00Z"); // 22:00 in New York
    let id = desk.receive(complete(Priority::Routine));
    desk.by(&max(), Command::Accept { referral: id }).unwrap();
    let prompt = |desk: &Desk| {
        desk.snapshot(id)
            .messages
            .into_iter()
            .find(|message| message.kind == MessageKind::BookingPrompt)
            .unwrap()
    };
    assert_eq!(prompt(&desk).not_before, at("2026-03-03T13:00:00Z"));
    desk.now = at("2026-03-03T12:59:59Z");
    desk.tick();
    assert!(prompt(&desk).sent_at.is_none());
    desk.now = at("2026-03-03T13:00:00Z");
    desk.tick();
    assert_eq!(prompt(&desk).sent_at, Some(desk.now));
}

#[test]
fn a_timer_does_not_go_off_before_its_time_nor_twice() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Stat));
    let timer = desk
        .snapshot(id)
        .timers
        .into_iter()
        .find(|timer| timer.kind == TimerKind::EmergencyEscalation)
        .unwrap();
    let fire = Envelope::new(
        Command::FireTimer {
            referral: id,
            key: timer.key,
        },
        refdesk::domain::policy::Actor::system(),
        refdesk::domain::command::Cause::Clock,
    );
    assert_eq!(desk.send(&fire).unwrap_err().code.code(), "impossible");
    desk.now = timer.due_at;
    desk.send(&fire).unwrap();
    assert_eq!(desk.send(&fire).unwrap_err().code.code(), "already-done");
}

#[test]
fn a_handover_says_where_its_figure_is_the_least_that_it_can_be() {
    use refdesk::report::handover::{Part, gather};
    let mut desk = Desk::new();
    let since = desk.now;
    for (came, said) in [(159, "159"), (2, "at least 160")] {
        for _ in 0..came {
            desk.receive(complete(Priority::Routine));
        }
        let later = since + Span::days(60);
        let (store, policy) = (desk.engine.store(), desk.engine.policy());
        let handover = gather(store, policy, "ana", since, later).unwrap();
        assert_eq!(handover.figure(Part::Due, handover.count(Part::Due)), said);
    }
}
