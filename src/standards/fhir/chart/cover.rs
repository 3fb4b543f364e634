//! Coverage (FHIR R4 §13.1) with whose plan it is, and the last answer of a payer as a CoverageEligibilityResponse (§13.5). The check's own state
//! stands with the coverage: the answer is what other systems read.

use super::own::{self, Fields};
use super::people;
use super::{Sheet, Taken};
use crate::domain::coverage::{Coverage, Eligibility, Subscriber};
use crate::domain::time::print_stamp;
use crate::standards::fhir::Node;
use serde_json::{Value, json};

pub fn print(sheet: &Sheet<'_>) -> Vec<Value> {
    let coverages = &sheet.chart.coverages;
    let answers = coverages.iter().filter_map(|each| answer(each, sheet));
    coverages
        .iter()
        .map(|each| coverage(each, sheet))
        .chain(answers)
        .collect()
}

fn coverage(coverage: &Coverage, sheet: &Sheet<'_>) -> Value {
    let kind = json!({ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/coverage-class", "code": "group" }] });
    let group = coverage
        .group_no
        .as_ref()
        .map(|group| json!({ "type": kind, "value": group }));
    let elsewhere = [
        "id",
        "referral",
        "rank",
        "payer",
        "member_id",
        "group_no",
        "subscriber",
    ];
    let whose = coverage.subscriber.as_ref();
    let code = whose.map_or("self", |subscriber| subscriber.relationship.code());
    let order = Some(coverage.rank).filter(|rank| *rank > 0);
    json!({
        "resourceType": "Coverage", "id": coverage.id.0.to_string(), "extension": [own::rest("coverage", coverage, &elsewhere)],
        "contained": whose.map(|subscriber| [related(&person(coverage), subscriber, sheet)]), "status": "active",
        "subscriber": whose.map(|_| json!({ "reference": format!("#{}", person(coverage)), "type": "RelatedPerson" })),
        "relationship": { "coding": [{ "system": RELATIONSHIP, "code": code }] }, "subscriberId": coverage.member_id, "beneficiary": sheet.subject(),
        "payor": [{ "display": coverage.payer }], "class": group.into_iter().collect::<Vec<_>>(), "order": order,
    })
}

/// FHIR R4 §13.1.3, value set subscriber-relationship.
const RELATIONSHIP: &str = "http://terminology.hl7.org/CodeSystem/subscriber-relationship";

/// How the person whose plan a coverage is is called within its resource.
fn person(coverage: &Coverage) -> String {
    format!("subscriber-{}", coverage.id.0)
}

/// That person (R4 §8.6 RelatedPerson): known to the desk by the coverage alone.
fn related(id: &str, subscriber: &Subscriber, sheet: &Sheet<'_>) -> Value {
    json!({
        "resourceType": "RelatedPerson", "id": id, "patient": sheet.subject(), "name": people::name(&subscriber.name),
        "gender": people::gender(subscriber.sex), "birthDate": subscriber.dob.map(|dob| dob.to_string()),
    })
}

/// The same on its way back.
fn subscriber(node: &Node) -> Result<Option<Subscriber>, String> {
    let Some(person) = node.get("contained") else {
        return Ok(None);
    };
    people::named(Fields::default(), person)
        .text("dob", person.text("birthDate"))
        .text("sex", person.text("gender"))
        .text("relationship", node.text_at(&["relationship", "coding", "code"]))
        .record("Coverage", &[], &[])
        .map(Some)
}

fn answer(coverage: &Coverage, sheet: &Sheet<'_>) -> Option<Value> {
    let answered = coverage.checked_at?;
    let (outcome, in_force) = match coverage.eligibility {
        Eligibility::Active | Eligibility::Partial => ("complete", Some(true)),
        Eligibility::Inactive => ("complete", Some(false)),
        Eligibility::Error | Eligibility::TimedOut => ("error", None),
        Eligibility::Pending | Eligibility::Manual => ("queued", None),
    };
    let until = coverage.valid_until.map(|day| json!({ "end": day.to_string() }));
    let check = match &coverage.trace {
        Some(trace) => json!({ "identifier": { "system": own::system("check"), "value": trace } }),
        None => json!({ "display": "asked by telephone or portal" }),
    };
    Some(json!({
        "resourceType": "CoverageEligibilityResponse", "id": coverage.id.0.to_string(), "status": "active", "purpose": ["validation"],
        "patient": sheet.subject(), "created": print_stamp(answered), "request": check, "outcome": outcome,
        "disposition": coverage.note, "insurer": { "display": coverage.payer },
        "insurance": [{ "coverage": sheet.with.to("Coverage", coverage.id.0), "inforce": in_force, "benefitPeriod": until }],
    }))
}

pub fn take(taken: &Taken<'_, '_>) -> Result<Vec<Coverage>, String> {
    let one = |(id, node): (i64, &Node)| {
        let whose = serde_json::to_value(subscriber(node)?).map_err(|_| own::lost("Coverage"))?;
        let fields = own::extension(node, "coverage")
            .map(Fields::of)
            .ok_or_else(|| own::lost("Coverage"))?;
        fields
            .with("id", id)
            .with("referral", taken.id.to_string())
            .with("rank", 0)
            .with("subscriber", whose)
            .number("rank", node.text("order"))
            .text("payer", node.text_at(&["payor", "display"]))
            .text("member_id", node.text("subscriberId"))
            .text("group_no", node.text_at(&["class", "value"]))
            .record("Coverage", &[], &["payer"])
    };
    taken
        .records("Coverage", "coverage")
        .into_iter()
        .map(one)
        .collect()
}
