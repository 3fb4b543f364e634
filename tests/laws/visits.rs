//! What other systems say of appointments: any order of arrival and any number of repeats comes to the same.

use crate::common::{Desk, at, complete};
use crate::watch;
use proptest::prelude::*;
use refdesk::domain::case::{Activity, Appointment, AppointmentState};
use refdesk::domain::command::{Cause, Command, Envelope};
use refdesk::domain::id::ReferralId;
use refdesk::domain::policy::Actor;
use refdesk::domain::priority::Priority;
use refdesk::domain::refusal::Code;
use refdesk::domain::status::Status;
use refdesk::domain::time::{Span, Stamp};

type Said = (String, Activity);
type Standing = (
    Status,
    Option<String>,
    Vec<(String, AppointmentState, Stamp, u32, String)>,
);

fn activity() -> impl Strategy<Value = Said> {
    let state = prop_oneof![
        3 => Just(Some(AppointmentState::Booked)),
        1 => Just(Some(AppointmentState::Confirmed)),
        2 => Just(Some(AppointmentState::Cancelled)),
        2 => Just(Some(AppointmentState::NoShow)),
        2 => Just(Some(AppointmentState::Fulfilled)),
        1 => Just(None),
    ];
    // Few moments and few numbers, so that some are equal.
    (
        0_u8..3,
        state,
        prop::option::weighted(0.9, 0_i64..6),
        0_u64..3,
        prop::option::weighted(0.8, -4_i64..8),
        0_u8..3,
    )
        .prop_map(|(name, state, as_of, sequence, starts, who)| {
            let base = at("2026-03-02T12:00:00Z");
            let said = Activity {
                as_of: as_of.map(|minutes| base + Span::minutes(minutes * 10)),
                sequence: Some(sequence),
                state,
                starts_at: starts.map(|days| base + Span::days(days)),
                minutes: Some(30),
                performer: (who > 0).then(|| format!("Dr. {who}")),
                place: None,
            };
            (format!("hl7/{name}"), said)
        })
}

/// Where a referral and its appointments stand, without what only says when and in which order it was heard.
fn standing(desk: &Desk, id: ReferralId) -> Standing {
    let sheet = desk.engine.store().sheet(id, 0).unwrap().unwrap();
    let referral = sheet.snapshot.referral().unwrap();
    let mut visits: Vec<_> = sheet
        .snapshot
        .appointments
        .iter()
        .map(|each: &Appointment| {
            let name = each.external.clone().unwrap_or_default();
            (
                name,
                each.state,
                each.starts_at,
                each.minutes,
                each.performer.clone(),
            )
        })
        .collect();
    visits.sort();
    (referral.status, referral.performer.clone(), visits)
}

fn hear(desk: &mut Desk, referral: ReferralId, (external, activity): &Said) -> Option<Code> {
    let command = Command::RecordActivity {
        referral,
        external: external.clone(),
        activity: activity.clone(),
        document: None,
    };
    desk.send(&Envelope::new(command, Actor::system(), Cause::Intake))
        .err()
        .map(|refusal| refusal.code)
}

fn told(said: &[Said], accepted: bool) -> Standing {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    if accepted {
        desk.does(Command::Accept { referral: id });
    }
    for one in said {
        let refused = hear(&mut desk, id, one);
        assert!(matches!(refused, None | Some(Code::NothingToDo)), "{refused:?}");
        watch::laws(&desk);
    }
    standing(&desk, id)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_and_any_number_of_repeats_ends_in_the_same_state(
        said in prop::collection::vec(activity(), 1..8),
        order in prop::collection::vec(any::<prop::sample::Index>(), 8..20),
        accepted in any::<bool>(),
    ) {
        let in_order = told(&said, accepted);
        // Every one of them at least once, in another order, some several times.
        let mut shuffled: Vec<Said> = order.iter().map(|index| said[index.index(said.len())].clone()).collect();
        shuffled.extend(said.iter().rev().cloned());
        prop_assert_eq!(told(&shuffled, accepted), in_order);
    }
}

fn said(name: &str, as_of: &str, state: AppointmentState, starts: &str) -> Said {
    let activity = Activity {
        as_of: Some(at(as_of)),
        sequence: None,
        state: Some(state),
        starts_at: Some(at(starts)),
        minutes: Some(30),
        performer: Some("Dr. Chen".into()),
        place: Some("Room 2".into()),
    };
    (name.into(), activity)
}

#[test]
fn what_was_booked_here_is_the_same_visit_there() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    desk.does(Command::Accept { referral: id });
    desk.does(Command::Schedule {
        referral: id,
        starts_at: at("2026-03-10T14:00:00Z"),
        minutes: 45,
        performer: "Dr. Osei".into(),
        place: "Room 1".into(),
    });
    let booked = said(
        "hl7/9",
        "2026-03-02T13:00:00Z",
        AppointmentState::Booked,
        "2026-03-10T14:00:00Z",
    );
    hear(&mut desk, id, &booked);
    let (status, _, visits) = standing(&desk, id);
    assert_eq!(
        (status, visits.len(), visits[0].0.as_str()),
        (Status::Scheduled, 1, "hl7/9")
    );
    let moved = said(
        "hl7/9",
        "2026-03-03T13:00:00Z",
        AppointmentState::Booked,
        "2026-03-11T14:00:00Z",
    );
    hear(&mut desk, id, &moved);
    assert_eq!(standing(&desk, id).2[0].2, at("2026-03-11T14:00:00Z"));
    desk.after(Span::days(10));
    desk.does(Command::NoShow { referral: id });
    // An old message that comes late does not undo what a person has seen.
    hear(
        &mut desk,
        id,
        &said(
            "hl7/9",
            "2026-03-02T20:00:00Z",
            AppointmentState::Booked,
            "2026-03-10T14:00:00Z",
        ),
    );
    assert_eq!(standing(&desk, id).0, Status::NoShow);
    // What the system says later counts.
    hear(
        &mut desk,
        id,
        &said(
            "hl7/9",
            "2026-03-13T09:00:00Z",
            AppointmentState::Fulfilled,
            "2026-03-11T14:00:00Z",
        ),
    );
    assert_eq!(standing(&desk, id).0, Status::Completed);
    watch::laws(&desk);
    desk.assert_sound();
}

#[test]
fn an_ended_referral_is_not_moved_and_an_old_message_about_it_is_nothing() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    let seen = said(
        "hl7/9",
        "2026-03-01T13:00:00Z",
        AppointmentState::Fulfilled,
        "2026-03-01T12:00:00Z",
    );
    hear(&mut desk, id, &seen);
    desk.does(Command::Close {
        referral: id,
        note: String::new(),
    });
    let older = said(
        "hl7/9",
        "2026-02-01T13:00:00Z",
        AppointmentState::Booked,
        "2026-03-01T12:00:00Z",
    );
    assert_eq!(hear(&mut desk, id, &older), None);
    let another = said(
        "hl7/10",
        "2026-03-05T13:00:00Z",
        AppointmentState::Booked,
        "2026-03-20T12:00:00Z",
    );
    assert_eq!(hear(&mut desk, id, &another), Some(Code::Impossible));
    assert_eq!(standing(&desk, id).0, Status::Closed);
    desk.assert_sound();
}

#[test]
fn while_a_request_to_cancel_waits_a_person_is_asked_and_the_visit_counts_once_it_is_withdrawn() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    desk.does(Command::Accept { referral: id });
    let booked = said(
        "hl7/9",
        "2026-03-01T13:00:00Z",
        AppointmentState::Booked,
        "2026-03-02T15:00:00Z",
    );
    hear(&mut desk, id, &booked);
    desk.does(Command::RequestCancel {
        referral: id,
        reason: "moving away".into(),
    });
    hear(
        &mut desk,
        id,
        &said(
            "hl7/9",
            "2026-03-02T16:00:00Z",
            AppointmentState::Fulfilled,
            "2026-03-02T15:00:00Z",
        ),
    );
    assert_eq!(standing(&desk, id).0, Status::CancelRequested);
    let sheet = desk.engine.store().sheet(id, 0).unwrap().unwrap();
    assert!(
        sheet
            .snapshot
            .tasks
            .iter()
            .any(|task| task.key.starts_with("visit-while-cancelling/"))
    );
    desk.does(Command::KeepOpen { referral: id });
    assert_eq!(standing(&desk, id).0, Status::Completed);
    desk.assert_sound();
}
