//! Matching, judged on invented people whose truth is known: copies of their records with the slips of a desk, and strangers.
//!
//! `REFDESK_MATCHING=20000 cargo test --release --test matching -- --nocapture` measures a larger clinic.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that trips has found something"
)]

mod common;

use common::{Desk, policy};
use refdesk::demo::{self, Play, Settings, Size};
use refdesk::domain::command::{Cause, Command, Envelope, NewPatient, Receive, Ref};
use refdesk::domain::matching::{Band, Known};
use refdesk::domain::person::Sex;
use refdesk::domain::policy::Actor;
use refdesk::domain::priority::Priority;
use refdesk::domain::time::parse_day;
use refdesk::store::alike::alike;

/// The first arrivals of so many invented people.
fn people(count: u32, seed: u64) -> Vec<Receive> {
    let policy = policy();
    let settings = Settings::from(policy.as_ref());
    let plan = demo::plan(seed, Size::of(count), common::at(common::MONDAY), &settings);
    plan.filter_map(|story| {
        let first = story.steps.into_iter().next()?;
        match first.play {
            Play::Arrive(arrival) if arrival.patient_of.is_none() => Some(arrival.receive),
            Play::Arrive(_) | Play::Act(_) | Play::Look(_) | Play::Answer(_) | Play::Stray { .. } => None,
        }
    })
    .collect()
}

fn known(receive: &Receive) -> Known {
    match &receive.patient {
        Ref::New(new) => Known::heard(new, &receive.coverages),
        Ref::Known(_) => panic!("a first arrival brings a new patient"),
    }
}

/// One slip in a word: two neighbours swapped, a letter lost, doubled or wrong.
fn typo(word: &str, random: &mut fastrand::Rng) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() < 3 {
        return word.to_owned();
    }
    let at = random.usize(0..letters.len() - 1);
    match random.u8(0..4) {
        0 => letters.swap(at, at + 1),
        1 => {
            letters.remove(at);
        }
        2 => letters.insert(at, letters[at]),
        _ => letters[at] = random.lowercase(),
    }
    letters.into_iter().collect()
}

/// A second record of the same person, as another practice would have written it. Rates are those of published audits of
/// registries, rounded up: one in twelve records of a person differs in the name, one in twenty-five in the date of birth.
fn copied(mut known: Known, random: &mut fastrand::Rng) -> Known {
    let mut percent = |share: u8| random.u8(0..100) < share;
    let (family, given, part, swapped, digit, exchanged) = (
        percent(5),
        percent(4),
        percent(20),
        percent(1),
        percent(3),
        percent(1),
    );
    let (phone, address, email, member, sex) =
        (percent(35), percent(25), percent(40), percent(30), percent(10));
    if family {
        known.name.family = typo(&known.name.family, random);
    }
    if given {
        known.name.given = typo(&known.name.given, random);
    }
    if part && let Some((first, _)) = known.name.family.clone().split_once(' ') {
        known.name.family = first.to_owned();
    }
    if swapped {
        std::mem::swap(&mut known.name.family, &mut known.name.given);
    }
    if let Some(dob) = known.dob.filter(|_| digit || exchanged) {
        let text = dob.to_string();
        let other = if exchanged {
            format!("{}-{}-{}", &text[..4], &text[8..], &text[5..7])
        } else {
            format!("{}{}", &text[..9], random.u8(0..10))
        };
        known.dob = parse_day(&other).ok().or(known.dob);
    }
    if phone {
        known.phone = Some(format!("60355501{:02}", random.u8(0..100)));
    }
    if address {
        known.address = None;
    }
    if email {
        known.email = None;
    }
    if member {
        known.members.clear();
    }
    if sex {
        known.sex = Sex::Unknown;
    }
    known
}

#[derive(Default)]
struct Outcome {
    right: u32,
    wrong: u32,
    asked_rightly: u32,
    asked_in_vain: u32,
    missed: u32,
}

#[test]
fn nobody_is_taken_for_somebody_else_and_few_are_missed() {
    let count = std::env::var("REFDESK_MATCHING")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(1_500);
    let mut desk = Desk::new();
    let (here, strangers) = (people(count, 11), people(count, 12));
    // The record numbers given to those who come in, in the order in which they came.
    let mut ids = Vec::new();
    let now = desk.now;
    let mut merged_by_itself = 0;
    for some in here.chunks(200) {
        let received: Vec<Envelope> = some
            .iter()
            .map(|receive| {
                let command = Command::Receive(Box::new(Receive {
                    received_at: None,
                    document: None,
                    ..receive.clone()
                }));
                Envelope::new(command, Actor::system(), Cause::Demo)
            })
            .collect();
        for receipt in desk.engine.execute_all(&received, now).unwrap() {
            let id = desk.referral(receipt.unwrap().referral.unwrap()).patient;
            merged_by_itself += u32::from(ids.contains(&id));
            ids.push(id);
        }
    }
    let mut random = fastrand::Rng::with_seed(7);
    let mut outcome = Outcome::default();
    let connection = desk.connection();
    for (receive, id) in here.iter().zip(&ids) {
        let found = alike(connection, &copied(known(receive), &mut random)).unwrap();
        let same: Vec<_> = found
            .iter()
            .filter(|one| one.comparison.band == Band::Same)
            .collect();
        let there = found.iter().any(|one| one.patient.id == *id);
        match same.as_slice() {
            [one] if one.patient.id == *id => outcome.right += 1,
            [_] => outcome.wrong += 1,
            _ if there => outcome.asked_rightly += 1,
            _ => outcome.missed += 1,
        }
    }
    for receive in &strangers {
        let found = alike(connection, &known(receive)).unwrap();
        let same = found
            .iter()
            .filter(|one| one.comparison.band == Band::Same)
            .count();
        outcome.wrong += u32::from(same == 1);
        outcome.asked_in_vain += u32::from(same != 1 && !found.is_empty());
    }
    let copies = here.len() as f64;
    let decided = f64::from(outcome.right + outcome.wrong);
    let all = copies + strangers.len() as f64;
    println!(
        "{} on record ({merged_by_itself} taken for an earlier one), {} copies, {} strangers: right {}, wrong {}, asked rightly {}, asked in vain {}, missed {}\n\
         precision of same {:.4} %, false same of all lookups {:.4} %, recall of same {:.2} %, of same and ask {:.2} %, strangers asked about {:.2} %",
        here.len(),
        here.len(),
        strangers.len(),
        outcome.right,
        outcome.wrong,
        outcome.asked_rightly,
        outcome.asked_in_vain,
        outcome.missed,
        100.0 * f64::from(outcome.right) / decided,
        100.0 * f64::from(outcome.wrong) / all,
        100.0 * f64::from(outcome.right) / copies,
        100.0 * f64::from(outcome.right + outcome.asked_rightly) / copies,
        100.0 * f64::from(outcome.asked_in_vain) / strangers.len() as f64,
    );
    assert!(here.len() > 500 && strangers.len() > 500);
    assert_eq!(merged_by_itself, 0, "no two of them are one");
    assert!(
        f64::from(outcome.wrong) <= 0.001 * all,
        "false same: {} of {all}",
        outcome.wrong
    );
    assert!(
        f64::from(outcome.right) >= 0.80 * copies,
        "{} of {copies} by itself",
        outcome.right
    );
    assert!(
        f64::from(outcome.right + outcome.asked_rightly) >= 0.98 * copies,
        "{} missed",
        outcome.missed
    );
    assert!(
        f64::from(outcome.asked_in_vain) <= 0.01 * strangers.len() as f64,
        "{} asked in vain",
        outcome.asked_in_vain
    );
}

#[test]
fn looking_for_somebody_never_goes_over_the_table() {
    let desk = Desk::new();
    for sql in refdesk::store::alike::LOOKUPS {
        let mut explained = desk
            .connection()
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap();
        let nothing = vec![None::<i64>; explained.parameter_count()];
        let plan: Vec<String> = explained
            .query_map(rusqlite::params_from_iter(nothing), |row| row.get(3))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert!(
            plan.iter().all(|step| step.starts_with("SEARCH")),
            "{sql}: {plan:?}"
        );
    }
}

/// However many were born on a day, whoever of them bears nearly the name is found.
#[test]
fn who_was_born_on_a_busy_day_is_found_among_all_of_that_day() {
    let mut desk = Desk::new();
    let heard = |number: usize, family: &str, given: &str| Receive {
        patient: Ref::New(NewPatient {
            name: common::name(family, given),
            dob: parse_day("1970-05-17").ok(),
            email: Some(format!("p{number}@example.org")),
            ..NewPatient::default()
        }),
        ..common::complete(Priority::Routine)
    };
    let strange = [
        "Abbott",
        "Kowalczyk",
        "Nguyen",
        "Oyelaran",
        "Petrov",
        "Quispe",
        "Rossi",
        "Tanaka",
    ];
    let given = [
        "Ana", "Bjorn", "Chidi", "Dmitri", "Ewa", "Fatou", "Goro", "Hans", "Ines",
    ];
    let mut number = 0;
    for family in strange {
        for given in given {
            number += 1;
            desk.receive(heard(number, family, given));
        }
    }
    assert!(number > 64);
    let last = desk.receive(heard(1_000, "Hernandez", "Noor"));
    let who = known(&heard(2_000, "Hernandes", "Noor"));
    let found = alike(desk.connection(), &who).unwrap();
    let ids: Vec<_> = found.iter().map(|one| one.patient.id).collect();
    assert_eq!(ids, [desk.referral(last).patient]);
}
