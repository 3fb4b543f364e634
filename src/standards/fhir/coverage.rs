//! Coverages, answers about them, and claims for an authorisation.
//!
//! Owns Coverage (FHIR R4 §13.1), CoverageEligibilityResponse (§13.5) and what a preauthorisation Claim says besides a request.
//! No answer is never "eligible": an outcome that is not complete, or one without benefits in force, stays unknown.

use super::people::{note_sender, spoken};
use super::request::{note_reasons, note_subject, note_urgency, words};
use super::{Node, Resources};
use crate::domain::coverage::{Relationship, Subscriber};
use crate::domain::person::Sex;
use crate::domain::time::parse_day;
use crate::standards::{Stated, What};

/// Notes a coverage.
pub fn note_coverage(coverage: &Node, resources: &Resources<'_>, stated: &mut Stated) {
    let before = stated.items.len();
    for payor in coverage.each("payor").chain(coverage.each("insurer")) {
        note_payer(payor, resources, stated);
    }
    if stated.items.len() > before {
        note_whose(coverage, resources, stated);
    }
    stated.note(
        What::MemberId,
        coverage.text("subscriberId").unwrap_or_default(),
        "Coverage.subscriberId",
    );
    for identifier in coverage.each("identifier") {
        let member = identifier.text_at(&["type", "coding", "code"]) == Some("MB");
        if member || stated.first(What::MemberId).is_none() {
            stated.note(
                What::MemberId,
                identifier.text("value").unwrap_or_default(),
                "Coverage.identifier",
            );
        }
    }
    for class in coverage.each("class").chain(coverage.each("grouping")) {
        let what = match class.text_at(&["type", "coding", "code"]) {
            Some("group") => What::GroupNo,
            Some("plan") => What::Plan,
            Some(_) | None => continue,
        };
        let value = class.text("value").or_else(|| class.text_at(&["value", "value"]));
        stated.note(what, value.unwrap_or_default(), "Coverage.class");
        if what == What::Plan {
            stated.note(what, class.text("name").unwrap_or_default(), "Coverage.class");
        }
    }
}

/// Whose plan it is, where the coverage says that it is another's than the beneficiary's.
fn note_whose(coverage: &Node, resources: &Resources<'_>, stated: &mut Stated) {
    let relationship = coverage
        .text_at(&["relationship", "coding", "code"])
        .unwrap_or_default();
    let Some(reference) = coverage.get("subscriber").filter(|_| relationship != "self") else {
        if !matches!(relationship, "" | "self") {
            stated.doubt("the patient is covered as somebody's dependant, and whose plan it is is not said");
        }
        return;
    };
    let found = resources.follow(reference);
    let beneficiary = coverage.get("beneficiary");
    let patient = beneficiary.and_then(|patient| resources.follow(patient));
    let same = match (found, patient) {
        (Some(one), Some(other)) => std::ptr::eq(one, other),
        (Some(_) | None, Some(_) | None) => {
            reference.text("reference").is_some()
                && reference.text("reference") == beneficiary.and_then(|patient| patient.text("reference"))
        }
    };
    let name = found
        .and_then(super::people::name)
        .or_else(|| reference.text("display").and_then(spoken));
    let (Some(name), false) = (name, same) else {
        return;
    };
    let subscriber = Subscriber {
        name,
        dob: found
            .and_then(|found| found.text("birthDate"))
            .and_then(|day| parse_day(day.get(..10)?).ok()),
        sex: match found.and_then(|found| found.text("gender")) {
            Some("female") => Sex::Female,
            Some("male") => Sex::Male,
            Some("other") => Sex::Other,
            Some(_) | None => Sex::Unknown,
        },
        relationship: match relationship {
            "spouse" | "common" => Relationship::Spouse,
            // The code is what the patient is to the subscriber (value set subscriber-relationship).
            "child" => Relationship::Child,
            _ => Relationship::Other,
        },
    };
    stated.note_subscriber(&subscriber, "Coverage.subscriber");
}

fn note_payer(payer: &Node, resources: &Resources<'_>, stated: &mut Stated) {
    let name = resources
        .follow(payer)
        .and_then(|found| found.text("name"))
        .or_else(|| payer.text("display"));
    stated.note(What::Payer, name.unwrap_or_default(), "Coverage.payor");
}

/// Notes a claim that asks for an authorisation.
pub fn note_claim(claim: &Node, resources: &Resources<'_>, stated: &mut Stated) {
    if let Some(patient) = claim.get("patient") {
        note_subject(patient, resources, stated);
    }
    for part in ["provider", "enterer"] {
        if let Some(reference) = claim.get(part) {
            note_sender(reference, resources, stated);
        }
    }
    if let Some(insurer) = claim.get("insurer") {
        note_payer(insurer, resources, stated);
    }
    for insurance in claim.each("insurance") {
        if let Some(coverage) = insurance
            .get("coverage")
            .and_then(|reference| resources.follow(reference))
        {
            note_coverage(coverage, resources, stated);
        }
        stated.note(
            What::AuthNumber,
            insurance.text("preAuthRef").unwrap_or_default(),
            "preAuthRef",
        );
    }
    note_urgency(claim, stated);
    note_reasons(claim, resources, stated);
    for item in claim.each("item") {
        for concept in item.each("productOrService").chain(item.each("category")) {
            stated.note(What::Service, words(concept).unwrap_or_default(), "item");
        }
    }
    for member in claim.each("careTeam") {
        let Some(provider) = member.get("provider") else {
            continue;
        };
        let name = resources.follow(provider).and_then(super::people::name);
        if let Some(name) = name.or_else(|| provider.text("display").and_then(spoken)) {
            stated.note_person(What::ReferredTo, name, "careTeam");
        }
    }
}

/// What an answer about a coverage amounts to: `active`, `inactive`, or `unknown`.
pub fn note_eligibility(response: &Node, resources: &Resources<'_>, stated: &mut Stated) {
    if let Some(patient) = response
        .get("patient")
        .filter(|patient| resources.follow(patient).is_some())
    {
        note_subject(patient, resources, stated);
    }
    for error in response.each("error") {
        for concept in error.each("code") {
            let code = concept.text_at(&["coding", "code"]).or_else(|| words(concept));
            stated.note(What::Rejection, code.unwrap_or_default(), "error");
        }
    }
    let complete = response.text("outcome") == Some("complete") && stated.first(What::Rejection).is_none();
    let inforce: Vec<&str> = response
        .each("insurance")
        .filter_map(|insurance| insurance.text("inforce"))
        .collect();
    let answer = if complete && inforce.contains(&"true") {
        "active"
    } else if complete && !inforce.is_empty() && inforce.iter().all(|value| *value == "false") {
        "inactive"
    } else {
        "unknown"
    };
    stated.note(What::EligibilityStatus, answer, "insurance.inforce");
}
