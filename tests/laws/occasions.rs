//! What is said and asked once an occasion, and what another step, an ending or an undo makes of it.

use crate::common::{Desk, ana, at, complete, schedule};
use refdesk::domain::case::{CallOutcome, Party, Task, TaskState, TimerKind, TimerState};
use refdesk::domain::command::{Cause, Command, DeclineReason, Envelope, PatientChanges};
use refdesk::domain::coverage::{Answer, Authorization, Eligibility};
use refdesk::domain::id::ReferralId;
use refdesk::domain::message::{Message, MessageKind, MessageState};
use refdesk::domain::policy::Actor;
use refdesk::domain::priority::Priority;
use refdesk::domain::query::Query;
use refdesk::domain::referral::NextAction;
use refdesk::domain::refusal::Code;
use refdesk::domain::status::Status;
use refdesk::domain::time::{Span, parse_day};

fn messages(desk: &Desk, id: ReferralId, kind: MessageKind) -> Vec<Message> {
    let mut all = Vec::from(desk.snapshot(id).messages);
    all.retain(|message| message.kind == kind);
    all
}

fn open_tasks(desk: &Desk, id: ReferralId) -> Vec<Task> {
    let mut all = Vec::from(desk.snapshot(id).tasks);
    all.retain(|task| task.state == TaskState::Open);
    all
}

fn has_task(desk: &Desk, id: ReferralId, key: &str) -> bool {
    open_tasks(desk, id).iter().any(|task| task.key.starts_with(key))
}

fn decline(referral: ReferralId, reason: DeclineReason) -> Command {
    Command::Decline {
        referral,
        reason,
        remedy: None,
    }
}

fn call(desk: &mut Desk, referral: ReferralId, party: Party, outcome: CallOutcome, days: Option<i64>) {
    desk.does(Command::RecordCall {
        referral,
        party,
        outcome,
        note: String::new(),
        call_again_at: days.map(|days| desk.now + Span::days(days)),
    });
}

fn amend(referral: ReferralId, changes: PatientChanges) -> Command {
    Command::AmendPatient {
        referral,
        changes: Box::new(changes),
    }
}

#[test]
fn hours_that_end_at_midnight_are_hours() {
    for hours in ["[8, 24]", "[0, 24]"] {
        let mut desk = Desk::configured(&format!("[outreach]\npatient_hours = {hours}\n"));
        let id = desk.receive(complete(Priority::Routine));
        // 23:00 in New York.
        desk.now = at("2026-03-03T04:00:00Z");
        desk.tick();
        let told = messages(&desk, id, MessageKind::AckPatient);
        assert_eq!(told[0].state, MessageState::HandedOver, "{hours}");
    }
}

#[test]
fn a_second_decline_is_told_where_the_first_had_left_and_was_undone() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    desk.by(&ana(), decline(id, DeclineReason::ALL[0])).unwrap();
    desk.after(Span::hours(1)).tick();
    desk.engine.undo(&ana(), desk.now).unwrap();
    assert_eq!(desk.referral(id).status, Status::Received);
    desk.after(Span::minutes(5));
    desk.by(&ana(), decline(id, DeclineReason::ALL[1])).unwrap();
    let told = messages(&desk, id, MessageKind::DeclinedProvider);
    let states: Vec<MessageState> = told.iter().map(|message| message.state).collect();
    assert_eq!(states, [MessageState::HandedOver, MessageState::Queued]);
    assert_ne!(told[0].body, told[1].body);
    // What had not left leaves no trace: the same occasion is used again.
    desk.engine.undo(&ana(), desk.now).unwrap();
    desk.by(&ana(), decline(id, DeclineReason::ALL[1])).unwrap();
    assert_eq!(messages(&desk, id, MessageKind::DeclinedProvider).len(), 2);
    desk.assert_sound();
}

#[test]
fn nobody_is_written_to_where_they_are_not_any_more() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    let gone = PatientChanges {
        email: Some(String::new()),
        ..PatientChanges::default()
    };
    desk.does(amend(id, gone));
    desk.after(Span::hours(1)).tick();
    let told = messages(&desk, id, MessageKind::AckPatient);
    assert_eq!((told[0].state, told[0].sent_at), (MessageState::Cancelled, None));
    assert!(has_task(&desk, id, "tell/ack-patient"));
    desk.assert_sound();
}

#[test]
fn a_call_that_was_promised_to_the_patient_stands_whoever_else_is_called() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    desk.does(Command::Accept { referral: id });
    call(&mut desk, id, Party::Patient, CallOutcome::CallLater, Some(12));
    let promised = desk.referral(id).callback_at;
    for (party, outcome) in [
        (Party::Payer, CallOutcome::Reached),
        (Party::Provider, CallOutcome::NoAnswer),
    ] {
        desk.after(Span::hours(1));
        call(&mut desk, id, party, outcome, None);
        let referral = desk.referral(id);
        assert_eq!(
            (referral.callback_at, referral.next_action),
            (promised, Some(NextAction::CallBack))
        );
        assert!(referral.pauses.last().is_some_and(|pause| pause.to == promised));
    }
    // The provider is called again all the same, until somebody there answers.
    assert!(has_task(&desk, id, "call-provider/again/"));
    call(&mut desk, id, Party::Provider, CallOutcome::Reached, None);
    assert!(!has_task(&desk, id, "call-provider/"));
    call(&mut desk, id, Party::Patient, CallOutcome::Reached, None);
    assert_eq!(desk.referral(id).callback_at, None);
}

#[test]
fn a_cancelled_patient_is_not_asked_to_book() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    desk.does(Command::Accept { referral: id });
    desk.does(schedule(id, desk.now + Span::hours(2)));
    // 20:30 in New York: what is written now leaves in the morning.
    desk.now = at("2026-03-03T01:30:00Z");
    desk.does(Command::NoShow { referral: id });
    desk.after(Span::minutes(5));
    desk.does(Command::Cancel {
        referral: id,
        reason: "moved away".into(),
    });
    desk.now = at("2026-03-03T14:00:00Z");
    desk.tick();
    let missed = messages(&desk, id, MessageKind::NoShowPatient);
    assert_eq!((missed.len(), missed[0].state), (1, MessageState::Cancelled));
    let cancelled = messages(&desk, id, MessageKind::CancelledPatient);
    assert_eq!(cancelled[0].state, MessageState::HandedOver);
}

#[test]
fn what_the_outbox_noted_is_no_obstacle_to_an_undo() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    let accepted = desk.by(&ana(), Command::Accept { referral: id }).unwrap();
    let told = messages(&desk, id, MessageKind::AcceptedProvider).remove(0);
    let held = Command::MoveMessage {
        referral: id,
        message: told.id,
        to: MessageState::Held,
        claim: None,
        detail: Some("read it first".into()),
    };
    desk.send(&Envelope::new(held, Actor::system(), Cause::Outbox))
        .unwrap();
    assert!(has_task(&desk, id, "message-first/"));
    let undo = Command::Undo {
        action: accepted.action,
    };
    desk.by(&ana(), undo).unwrap();
    assert_eq!(desk.referral(id).status, Status::Received);
    assert!(messages(&desk, id, MessageKind::AcceptedProvider).is_empty());
    assert!(!has_task(&desk, id, "message-first/"));
    desk.assert_sound();
}

#[test]
fn what_was_to_be_done_when_it_ended_is_to_be_done_when_it_goes_on() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    desk.does(Command::AddTask {
        referral: id,
        title: "Ask for the old films".into(),
        due_at: None,
        owner: None,
    });
    desk.does(Command::SendToReview {
        referral: id,
        clinician: "Dr. Osei".into(),
        question: "Is it for us?".into(),
    });
    let before = open_tasks(&desk, id);
    desk.after(Span::hours(1));
    desk.does(Command::Cancel {
        referral: id,
        reason: "by mistake".into(),
    });
    assert_eq!(open_tasks(&desk, id), []);
    desk.after(Span::hours(1));
    desk.does(Command::Reopen {
        referral: id,
        reason: "it was one".into(),
    });
    assert_eq!(open_tasks(&desk, id), before);
    desk.assert_sound();
}

const ASKS: &str = "[eligibility]\nfolder = \"to-payers\"\nsender = \"R\"\nreceiver = \"C\"\nnpi = \"1234567893\"\n\
    [eligibility.payers]\n\"Cedar Health PPO\" = \"60054\"\n";

#[test]
fn a_plan_that_ends_before_the_visit_is_asked_about_once_more() {
    let mut desk = Desk::configured(ASKS);
    let id = desk.receive(complete(Priority::Routine));
    desk.does(Command::Accept { referral: id });
    desk.does(schedule(id, desk.now + Span::days(20)));
    let ends = parse_day("2026-03-21").unwrap();
    let mut asked = 0;
    for _ in 0..60 {
        desk.tick();
        let coverage = desk.snapshot(id).coverages.remove(0);
        if let Some(trace) = coverage.trace.filter(|_| coverage.checked_at.is_none()) {
            asked += 1;
            let answer = Answer {
                eligibility: Eligibility::Active,
                until: Some(ends),
                note: String::new(),
                needs_authorization: false,
                correct: None,
            };
            let answered = Command::RecordAnswer {
                referral: id,
                coverage: coverage.id,
                trace,
                answer,
                document: None,
            };
            desk.send(&Envelope::new(answered, Actor::system(), Cause::Intake))
                .unwrap();
        }
        desk.after(Span::hours(8));
    }
    assert_eq!(asked, 2);
    let rechecks = desk.snapshot(id).timers.into_iter();
    let fired =
        rechecks.filter(|timer| timer.kind == TimerKind::CoverageRecheck && timer.state == TimerState::Fired);
    assert_eq!(fired.count(), 1);
    let told = desk.snapshot(id).tasks;
    assert!(told.iter().any(|task| task.key.starts_with("horizon/coverage/")));
}

#[test]
fn what_was_asked_of_a_person_ends_when_it_is_done() {
    let mut desk = Desk::configured(ASKS);
    let id = desk.receive(complete(Priority::Routine));
    desk.tick();
    let coverage = desk.snapshot(id).coverages.remove(0);
    desk.after(Span::days(3)).tick();
    assert!(has_task(&desk, id, "check-coverage/"));
    desk.does(Command::SetEligibility {
        referral: id,
        coverage: coverage.id,
        eligibility: Eligibility::Active,
        valid_until: None,
        note: None,
    });
    assert!(!has_task(&desk, id, "check-coverage/"));
    desk.does(Command::SetAuthorization {
        referral: id,
        authorization: Authorization {
            number: "A-1".into(),
            visits: None,
            from: None,
            to: None,
        },
    });
    assert!(!has_task(&desk, id, "get-authorization/"));
}

#[test]
fn an_extension_is_no_part_of_the_number() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    let phone = |raw: &str| PatientChanges {
        phone: Some(raw.into()),
        ..PatientChanges::default()
    };
    desk.does(amend(id, phone("202-555-0188 x12")));
    let patient = desk.snapshot(id).patients.remove(0);
    assert_eq!(patient.phone.as_deref(), Some("2025550188"));
    let refused = desk.by(&ana(), amend(id, phone("x12"))).unwrap_err();
    assert_eq!(refused.code, Code::BadField);
}

#[test]
fn a_query_without_ends_or_beyond_time_breaks_nothing() {
    let desk = Desk::new();
    for (text, fits) in [
        ("age:..", true),
        ("age:..65", true),
        ("due:+262142-12-31", false),
        ("received:>+262142-12-31", false),
        ("received:>2026-12-31", true),
    ] {
        let Ok(query) = Query::parse(text) else {
            assert!(!fits, "{text}");
            continue;
        };
        let policy = desk.engine.policy();
        let store = desk.engine.store();
        let window = store.window(
            refdesk::store::board::Shelf::Open,
            &query,
            refdesk::store::board::Anchor::Start,
            10,
            desk.now,
            &policy.score_targets,
        );
        assert!(window.is_ok(), "{text}");
    }
}
