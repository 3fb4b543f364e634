//! The invented clinic as a whole: the same every time, believable, refused nowhere, and streamed.

use super::rehearsal::{Rehearsal, policy};
use super::*;
use crate::domain::case::MilestoneKind;
use crate::domain::command::{Command, Ref};
use crate::domain::coverage::Eligibility;
use crate::domain::id::ReferralId;
use crate::domain::lists::List;
use crate::domain::message::MessageState;
use crate::domain::person::is_npi;
use crate::domain::priority::Priority;
use crate::domain::status::Status;
use crate::domain::time::{age_on, parse_stamp};
use std::collections::{BTreeMap, BTreeSet};

/// A Monday morning, a Monday night, a Saturday and the morning after a change of the clock.
const NOWS: [&str; 4] = [
    "2026-11-23T14:14:00Z",
    "2026-11-23T06:50:00Z",
    "2026-11-21T17:00:00Z",
    "2026-11-02T13:05:00Z",
];

fn now() -> Stamp {
    parse_stamp(NOWS[0]).unwrap()
}

fn settings() -> Settings {
    Settings::from(&policy())
}

/// What can be told of a story without playing it.
fn told(story: Story) -> Vec<String> {
    story
        .steps
        .into_iter()
        .map(|step| {
            let what = match step.play {
                Play::Arrive(arrival) => {
                    let paper = arrival.paper.as_ref().map(|paper| paper.facts().hash);
                    let command =
                        serde_json::to_string(&Command::Receive(Box::new(arrival.receive))).unwrap();
                    format!(
                        "{command} {:?} {:?} {paper:?}",
                        arrival.referrer, arrival.patient_of
                    )
                }
                Play::Act(act) => serde_json::to_string(&act(ReferralId(20_001))).unwrap(),
                Play::Look(_) => "look".into(),
                Play::Answer(paper) => paper.text,
                Play::Stray { paper, reason } => format!("{} {reason}", paper.text),
            };
            format!("{} {} {what}", step.at, step.actor.name)
        })
        .collect()
}

#[test]
fn the_same_numbers_give_the_same_clinic_and_other_numbers_another() {
    let settings = settings();
    let all = |seed, count| -> Vec<Vec<String>> {
        plan(seed, Size::of(count), now(), &settings).map(told).collect()
    };
    assert_eq!(all(7, 60), all(7, 60));
    assert_ne!(all(7, 60), all(8, 60));
}

#[test]
fn a_million_is_begun_at_once() {
    // A plan that was made as a whole would never come to its first story here.
    assert_eq!(
        plan(1, Size::of(u32::MAX), now(), &settings()).take(10).count(),
        10
    );
}

#[test]
fn times_are_in_order_and_never_after_now() {
    let settings = settings();
    for (seed, now) in (0..).zip(NOWS) {
        let now = parse_stamp(now).unwrap();
        for count in [0, 1, 2, 3, 17, 240, 700] {
            for story in plan(seed, Size::of(count), now, &settings) {
                let times: Vec<Stamp> = story.steps.iter().map(|step| step.at).collect();
                assert!(!times.is_empty());
                assert!(
                    times.windows(2).all(|pair| pair[0] <= pair[1]),
                    "{:?}",
                    story.fate
                );
                assert!(times.iter().all(|at| *at <= now), "{:?}", story.fate);
            }
        }
    }
}

#[test]
fn arrivals_have_the_right_shape() {
    let settings = settings();
    let mut priorities = BTreeMap::<Priority, u32>::new();
    let mut ages = BTreeSet::new();
    let count = 3_000;
    let size = Size {
        played: count,
        copied: 0,
        ..Size::of(240)
    };
    for story in plan(3, size, now(), &settings) {
        let received = story.steps[0].at;
        let Some(Play::Arrive(arrival)) = story.steps.into_iter().next().map(|step| step.play) else {
            continue;
        };
        let receive = arrival.receive;
        *priorities.entry(receive.priority.unwrap()).or_default() += 1;
        assert_eq!(receive.received_at, Some(received));
        assert!(settings.offers.contains_key(&receive.template));
        if let Some(Ref::New(who)) = &receive.requester {
            assert!(who.npi.as_deref().is_none_or(is_npi));
        }
        let Ref::New(patient) = &receive.patient else {
            panic!("the driver names the known")
        };
        let day = received.date_naive();
        if let Some(dob) = patient.dob {
            assert!(dob <= day);
            ages.insert(age_on(dob, day));
        }
        if let Some(phone) = &patient.phone {
            assert!(phone.len() == 10 && phone.get(3..8) == Some("55501"), "{phone}");
        }
        if let Some(email) = &patient.email {
            assert!(
                ["@example.com", "@example.org", "@example.net"]
                    .iter()
                    .any(|end| email.ends_with(end))
            );
        }
        for code in &receive.reason_codes {
            let plain = code.replace('.', "");
            assert!(
                (3..=7).contains(&plain.len()) && code.len() == 3 || code.as_bytes()[3] == b'.',
                "{code}"
            );
        }
    }
    let share = |priority| f64::from(priorities[&priority]) * 100.0 / count as f64;
    assert!((68.0..=72.0).contains(&share(Priority::Routine)));
    assert!((18.0..=22.0).contains(&share(Priority::Urgent)));
    assert!((7.0..=10.0).contains(&share(Priority::Asap)));
    assert!((0.3..=2.5).contains(&share(Priority::Stat)));
    assert!(ages.contains(&0) && ages.contains(&101), "{ages:?}");
}

#[test]
fn every_script_of_name_is_in_the_usual_demo() {
    let settings = settings();
    for seed in 0..4 {
        let families: Vec<String> = plan(seed, Size::of(240), now(), &settings)
            .filter_map(|story| match story.steps.into_iter().next()?.play {
                Play::Arrive(arrival) => match arrival.receive.patient {
                    Ref::New(patient) => Some(patient.name.family),
                    Ref::Known(_) => None,
                },
                Play::Act(_) | Play::Look(_) | Play::Answer(_) | Play::Stray { .. } => None,
            })
            .collect();
        for script in &Pools::built_in().scripts {
            let seen = |family: &String| script.families.iter().any(|one| family.starts_with(one));
            assert!(families.iter().any(seen), "{} {seed}", script.key);
        }
    }
}

fn rehearse(seed: u64, count: u32, now: Stamp) -> (Rehearsal, Summary) {
    let mut stage = Rehearsal::new();
    let settings = Settings::from(&stage.policy);
    let mut last = (0, 0);
    let summary = driver::play(
        &mut stage,
        seed,
        Size::of(count),
        now,
        &settings,
        &mut |done, of| last = (done, of),
    )
    .unwrap();
    // Each is played, and then written up.
    let all = 2 * stories(Size::of(count));
    assert_eq!(last, (all, all));
    (stage, summary)
}

#[test]
fn nothing_is_refused_and_every_list_is_populated() {
    for (seed, at) in (1..).zip(NOWS) {
        let now = parse_stamp(at).unwrap();
        let (stage, summary) = rehearse(seed, 240, now);
        assert_eq!(summary.refused, Vec::new());
        assert_eq!(summary.referrals, 240);
        assert_eq!(stage.strays.len(), 5);
        assert!(summary.documents >= 15);

        let mut lists = BTreeMap::<Option<List>, u32>::new();
        let mut statuses = BTreeMap::<Status, u32>::new();
        let (mut late, mut eligibilities, mut failed) = (0, Vec::new(), 0);
        for sheet in stage.sheets.values() {
            let referral = sheet.referral().unwrap();
            *lists.entry(referral.list).or_default() += 1;
            *statuses.entry(referral.status).or_default() += 1;
            late += u32::from(
                referral.status.is_open()
                    && sheet
                        .milestones
                        .iter()
                        .any(|m| m.kind == MilestoneKind::Decide && m.breached_at.is_some()),
            );
            eligibilities.extend(sheet.coverages.iter().map(|coverage| coverage.eligibility));
            failed += sheet
                .messages
                .iter()
                .filter(|m| m.state == MessageState::Failed)
                .count();
        }
        let shown = format!("{at} {lists:?} {statuses:?} late {late} failed {failed}");
        println!("{shown}");
        for list in List::ALL {
            let least = if list == List::Emergency { 3 } else { 5 };
            assert!(
                lists.get(&Some(list)).copied().unwrap_or(0) >= least,
                "{list} {shown}"
            );
        }
        assert_eq!(lists[&Some(List::Emergency)], 3, "{shown}");
        for status in Status::ALL {
            assert!(statuses.contains_key(&status), "{status} {shown}");
        }
        for state in [
            Eligibility::Pending,
            Eligibility::Active,
            Eligibility::Inactive,
            Eligibility::Partial,
            Eligibility::Error,
            Eligibility::TimedOut,
            Eligibility::Manual,
        ] {
            assert!(eligibilities.contains(&state), "{state:?} {shown}");
        }
        assert!((3..45).contains(&late) && failed > 0 && failed < 30, "{shown}");
    }
}

#[test]
fn small_and_odd_sizes_are_refused_nowhere() {
    for count in [0, 1, 3, 10, 33, 75] {
        let (_, summary) = rehearse(11, count, now());
        assert_eq!(summary.refused, Vec::new());
        assert_eq!(summary.referrals, u64::from(count));
    }
}

/// A message that was due in the evening may meet a clock that is at night already: it is put off, and leaves in the morning.
#[test]
fn a_message_that_is_put_off_is_no_trouble() {
    for hour in 20..24 {
        let now = parse_stamp(&format!("2026-11-30T{hour}:58:20Z")).unwrap();
        let (_, summary) = rehearse(41, 75, now);
        assert_eq!(summary.refused, Vec::new());
    }
    let (_, summary) = rehearse(41, 240, parse_stamp("2026-11-30T15:58:20Z").unwrap());
    assert_eq!(summary.refused, Vec::new());
}

#[test]
fn one_emergency_waits_for_its_call() {
    let (stage, _) = rehearse(5, 240, now());
    let waiting = stage
        .sheets
        .values()
        .filter_map(|sheet| sheet.referral())
        .filter(|referral| referral.is_emergency() && referral.acknowledged_at.is_none())
        .count();
    assert_eq!(waiting, 1);
}
