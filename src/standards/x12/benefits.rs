//! What a payer's answer says of benefits and of why it refuses: EB, DTP and AAA of a 271.
//!
//! Owns the codes of 005010X279A1 (loops 2000A to 2115D) that the desk acts on. Must not know whom the answer is about.

use super::Segment;
use crate::standards::{Stated, What};

/// EB01 of coverage in force, and of none.
const ACTIVE: [&str; 5] = ["1", "2", "3", "4", "5"];
const INACTIVE: [&str; 3] = ["6", "7", "8"];
/// EB01 of a service that the plan leaves out (`I`) or that cannot be said anything of (`V`).
const NOT_COVERED: [&str; 2] = ["I", "V"];
/// EB03 for the plan as a whole.
const WHOLE_PLAN: &str = "30";

/// Why a question was refused (AAA03), and what to correct before it is asked again.
const REFUSALS: &[(&str, &str)] = &[
    ("15", "something that the payer requires is missing"),
    ("41", "the clinic may not ask this payer: ask the clearing house"),
    ("42", "the payer cannot answer now: ask again later"),
    ("43", "correct the clinic's NPI"),
    (
        "50",
        "the clinic may not ask this payer about this: ask the payer",
    ),
    (
        "51",
        "the payer does not know the clinic: enrol with it, or correct the NPI",
    ),
    ("52", "the day asked about lies outside of the enrolment"),
    ("56", "correct the day asked about"),
    ("57", "correct the day of service"),
    ("58", "correct the patient's date of birth"),
    (
        "60",
        "the date of birth lies after the day of service: correct it",
    ),
    ("62", "the payer answers for no such day: ask about another"),
    ("63", "the payer answers for no day ahead: ask again on the day"),
    ("64", "correct the member id"),
    ("65", "correct the patient's name"),
    (
        "67",
        "the payer does not know the patient: correct member id, name and date of birth",
    ),
    (
        "68",
        "the member id belongs to several: give the suffix on the card",
    ),
    ("71", "the date of birth is another at the payer: correct it"),
    ("72", "correct the member id"),
    ("73", "correct the subscriber's name"),
    (
        "75",
        "the payer does not know the subscriber: correct member id, name and date of birth, or the payer",
    ),
    (
        "76",
        "the member id belongs to several: give the suffix on the card",
    ),
    (
        "77",
        "the subscriber is known, the patient is not: ask for the patient as a dependant",
    ),
    (
        "78",
        "the subscriber is not in this plan: correct the payer or the group",
    ),
    ("79", "correct the payer's number in the configuration"),
    ("80", "the payer gave no answer: ask again later"),
    ("T4", "correct the payer's name or number"),
];

/// Notes a refusal: its code, and in words what to correct.
pub fn note_refusal(aaa: Segment<'_>, stated: &mut Stated) {
    let code = aaa.element(3);
    stated.note(What::Rejection, code, "AAA03");
    let words = REFUSALS
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, words)| *words);
    let words = words.map_or_else(
        || format!("the payer refused the question (AAA {code})"),
        |words| format!("{words} (AAA {code})"),
    );
    stated.note(What::ToCorrect, &words, "AAA03");
}

/// Notes the end of a coverage (DTP01 347 plan end, 357 eligibility end; 346, 291 and 307 where they are a span).
pub fn note_day(dtp: Segment<'_>, stated: &mut Stated) {
    let (form, value) = (dtp.element(2), dtp.element(3));
    let end = match (dtp.element(1), form) {
        ("347" | "357", "D8") => value,
        ("291" | "307" | "346" | "347" | "356" | "357", "RD8") => value.split('-').nth(1).unwrap_or_default(),
        _ => return,
    };
    let iso = [end.get(..4), end.get(4..6), end.get(6..8)];
    if let [Some(year), Some(month), Some(day)] = iso {
        let day = format!("{year}-{month}-{day}");
        // 99991231 and the like mean that it has no end.
        if crate::domain::time::parse_day(&day).is_ok() && year < "2200" {
            stated.note(What::CoverageUntil, &day, "DTP");
        }
    }
}

/// Notes what EB segments say. The answer on the whole is active only where EB says so of the plan and nothing was refused.
pub fn note_benefits(benefits: &[Segment<'_>], stated: &mut Stated) {
    let rejected = stated.first(What::Rejection).is_some();
    let any = |codes: &[&str]| benefits.iter().any(|eb| codes.contains(&eb.element(1)));
    let (active, inactive) = (any(&ACTIVE), any(&INACTIVE));
    let answer = match (rejected, active, inactive) {
        (false, true, _) => "active",
        (false, false, true) => "inactive",
        (true, _, _) | (false, false, false) => "unknown",
    };
    if active && inactive {
        stated.doubt("one plan is active and another is not");
    }
    stated.note(What::EligibilityStatus, answer, "EB01");
    for eb in benefits {
        let what = if ACTIVE.contains(&eb.element(1)) {
            What::Covered
        } else if INACTIVE.contains(&eb.element(1)) || NOT_COVERED.contains(&eb.element(1)) {
            What::NotCovered
        } else {
            continue;
        };
        let mut services = eb.repetitions(3).peekable();
        if services.peek().is_none() {
            stated.note(what, WHOLE_PLAN, "EB03");
        }
        for service in services {
            stated.note(what, service, "EB03");
        }
    }
    let plan = benefits
        .iter()
        .map(|eb| eb.element(5))
        .find(|plan| !plan.is_empty());
    stated.note(What::Plan, plan.unwrap_or_default(), "EB05");
    // In network (EB12 `Y`), or where both are alike (`W`) or nothing is said.
    let in_network = |eb: &&Segment<'_>| matches!(eb.element(12), "Y" | "W" | "");
    let amount = |code: &str| {
        benefits
            .iter()
            .filter(|eb| eb.element(1) == code)
            .filter(in_network)
            .map(|eb| eb.element(7))
            .find(|amount| !amount.is_empty())
    };
    stated.note(What::Copay, amount("B").unwrap_or_default(), "EB07");
    // What is left of it (EB06 29) says more than the whole.
    let left = benefits
        .iter()
        .filter(|eb| eb.element(1) == "C" && eb.element(6) == "29")
        .filter(in_network)
        .map(|eb| eb.element(7))
        .find(|amount| !amount.is_empty());
    match left {
        Some(left) => stated.note(What::Deductible, &format!("{left} left"), "EB07"),
        None => stated.note(What::Deductible, amount("C").unwrap_or_default(), "EB07"),
    }
    if benefits.iter().any(|eb| eb.element(11) == "Y") {
        stated.note(What::NeedsAuthorization, "yes", "EB11");
    }
}
