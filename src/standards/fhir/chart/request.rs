//! The request itself: ServiceRequest (FHIR R4 §12.12), the Task that says where it stands (§12.1), the authorisation as a
//! ClaimResponse (§13.9), and what is required as a QuestionnaireResponse (§12.13).

use super::own::{self, Fields};
use super::{Sheet, Taken, people, work};
use crate::domain::referral::Referral;
use crate::domain::status::Status;
use crate::domain::time::print_stamp;
use crate::standards::fhir::Node;
use serde_json::{Value, json};

const ICD10: &str = "http://hl7.org/fhir/sid/icd-10-cm";
const CPT: &str = "http://www.ama-assn.org/go/cpt";
const HCPCS: &str = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets";
/// BSeR's code system of Task.businessStatus (HL7 FHIR US BSeR, `TaskBusinessStatusCS`).
const BSER: &str = "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS";
/// What is required, by where it stands: the fields of the referral in their order.
const REQUIRED: [&str; 3] = ["provided", "waived", "missing"];

pub fn print(sheet: &Sheet<'_>) -> Vec<Value> {
    let mut all = vec![service_request(sheet), task(sheet)];
    all.extend(authorization(sheet));
    all.extend(checklist(sheet));
    all
}

/// A procedure's code system: HCPCS level II codes are a letter and four digits, CPT codes begin with a digit.
fn procedure(code: &String) -> Value {
    let level_two = code.starts_with(|c: char| c.is_ascii_uppercase());
    json!({ "system": if level_two { HCPCS } else { CPT }, "code": code })
}

fn service_request(sheet: &Sheet<'_>) -> Value {
    let (chart, with) = (sheet.chart, &sheet.with);
    let referral = &chart.referral;
    let mut reasons: Vec<Value> = referral
        .reason_codes
        .iter()
        .map(|code| json!({ "coding": [{ "system": ICD10, "code": code }] }))
        .collect();
    reasons.push(json!({ "text": referral.reason_text }));
    let mut procedures = referral.procedure_codes.iter().map(procedure);
    let first: Vec<Value> = procedures.next().into_iter().collect();
    let others: Vec<Value> = procedures.map(|coding| json!({ "coding": [coding] })).collect();
    let site = referral.facility.map(|id| with.to("Organization", id.0));
    let seen_by = referral
        .performer
        .as_ref()
        .map(|name| json!({ "type": "Practitioner", "display": name }));
    let replaced = referral.replaces.map(|id| {
        json!({ "type": "ServiceRequest", "identifier": { "system": own::system("referral"), "value": id.to_string() } })
    });
    let elsewhere = [
        "id",
        "received_at",
        "patient",
        "requester",
        "requester_org",
        "facility",
        "specialty",
        "service",
        "procedure_codes",
        "reason_codes",
        "reason_text",
        "priority",
        "performer",
        "authorization",
        "provided",
        "waived",
        "missing",
    ];
    let mut extensions = vec![own::rest("referral", referral, &elsewhere)];
    extensions.extend(work::extensions(sheet));
    json!({
        "resourceType": "ServiceRequest", "id": referral.id.to_string(), "extension": extensions,
        "identifier": [{ "system": own::system("referral"), "value": referral.id.to_string() }],
        "replaces": replaced.into_iter().collect::<Vec<_>>(), "status": referral.status.exchange().service_request, "intent": "order",
        "category": [{ "coding": [{ "system": "http://snomed.info/sct", "code": "3457005", "display": "Patient referral" }] }],
        "priority": referral.priority.code(), "code": { "coding": first, "text": referral.service }, "orderDetail": others,
        "subject": sheet.subject(), "authoredOn": print_stamp(referral.received_at), "requester": people::requester(sheet),
        "performerType": { "text": referral.specialty }, "performer": site.into_iter().chain(seen_by).collect::<Vec<_>>(),
        "reasonCode": reasons,
        "insurance": chart.coverages.iter().map(|each| with.to("Coverage", each.id.0)).collect::<Vec<_>>(),
        "supportingInfo": chart.documents.iter().map(|each| with.to("DocumentReference", each.id.0)).collect::<Vec<_>>(),
    })
}

fn task(sheet: &Sheet<'_>) -> Value {
    let (chart, with) = (sheet.chart, &sheet.with);
    let referral = &chart.referral;
    let visits = chart.appointments.iter().map(|each| {
        json!({ "type": { "text": "appointment" }, "valueReference": with.to("Appointment", each.id.0) })
    });
    let ends = referral
        .due_at
        .map(|due| json!({ "period": { "end": print_stamp(due) } }));
    json!({
        "resourceType": "Task", "id": format!("task-{}", referral.id), "basedOn": [sheet.request()],
        "status": referral.status.exchange().task, "statusReason": { "text": referral.status_reason },
        "businessStatus": business_status(referral.status), "intent": "order", "priority": referral.priority.code(),
        "code": { "coding": [{ "system": "http://hl7.org/fhir/CodeSystem/task-code", "code": "fulfill" }] },
        "description": referral.service, "focus": sheet.request(), "for": sheet.subject(),
        "authoredOn": print_stamp(referral.received_at),
        // R4 Task inv-1: never before authoredOn.
        "lastModified": print_stamp(referral.status_since.max(referral.received_at)),
        "requester": people::requester(sheet), "owner": { "display": referral.performer },
        "insurance": chart.coverages.iter().map(|each| with.to("Coverage", each.id.0)).collect::<Vec<_>>(),
        "restriction": ends, "output": visits.collect::<Vec<_>>(),
    })
}

/// Where a referral stands, in the guide's code and in the desk's.
pub fn business_status(status: Status) -> Value {
    let exchange = status.exchange();
    json!({
        "coding": [
            { "system": BSER, "code": exchange.business_status, "display": exchange.business_name },
            { "system": own::system("status"), "code": status.code() },
        ],
        "text": status.label(),
    })
}

fn authorization(sheet: &Sheet<'_>) -> Option<Value> {
    let chart = sheet.chart;
    let given = chart.referral.authorization.as_ref()?;
    let payer = chart
        .coverages
        .iter()
        .min_by_key(|each| each.rank)
        .map_or("the payer", |each| &each.payer);
    let visits = given
        .visits
        .map(|visits| json!({ "url": "visits", "valueInteger": visits }));
    let own = visits.map(
        |visits| json!({ "url": format!("{}:extension:authorization", own::SYSTEM), "extension": [visits] }),
    );
    Some(json!({
        "resourceType": "ClaimResponse", "id": format!("authorization-{}", chart.referral.id),
        "extension": own.into_iter().collect::<Vec<_>>(), "status": "active",
        "type": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/claim-type", "code": "professional" }] },
        "use": "preauthorization", "patient": sheet.subject(), "created": print_stamp(sheet.with.now),
        "insurer": { "display": payer }, "outcome": "complete", "preAuthRef": given.number,
        "preAuthPeriod": { "start": given.from.map(|day| day.to_string()), "end": given.to.map(|day| day.to_string()) },
    }))
}

fn checklist(sheet: &Sheet<'_>) -> Option<Value> {
    let referral = &sheet.chart.referral;
    let lists = [&referral.provided, &referral.waived, &referral.missing];
    let mut items = Vec::new();
    for (state, keys) in REQUIRED.iter().zip(lists) {
        let answer = json!([{ "valueCoding": { "system": own::system("requirement"), "code": state } }]);
        items.extend(keys.iter().map(|key| json!({ "linkId": key, "answer": answer })));
    }
    (!items.is_empty()).then(|| {
        json!({
            "resourceType": "QuestionnaireResponse", "id": format!("required-{}", referral.id), "basedOn": [sheet.request()],
            "questionnaire": format!("{}:{}", own::system("questionnaire"), referral.template),
            "status": if referral.missing.is_empty() { "completed" } else { "in-progress" }, "subject": sheet.subject(),
            "item": items,
        })
    })
}

pub fn take(taken: &Taken<'_, '_>) -> Result<Referral, String> {
    let (root, resources) = (taken.root, taken.resources);
    let coded = |concept: &Node| {
        concept
            .text_at(&["coding", "code"])
            .map(crate::domain::text::line)
    };
    let reasons: Vec<String> = root.each("reasonCode").filter_map(coded).collect();
    let reason = root
        .each("reasonCode")
        .filter(|concept| concept.get("coding").is_none())
        .find_map(|concept| concept.text("text"));
    let procedures: Vec<String> = root
        .each("code")
        .chain(root.each("orderDetail"))
        .filter_map(coded)
        .collect();
    let to = |reference: Option<&Node>| -> Option<(String, i64)> {
        let node = resources.follow(reference?)?;
        Some((node.text("resourceType")?.to_owned(), super::number(node)?))
    };
    // A role has a name that is no number: it is looked through for the two that it joins.
    let requester = root.get("requester");
    let role = requester
        .and_then(|reference| resources.follow(reference))
        .filter(|node| node.text("resourceType") == Some("PractitionerRole"));
    let asks = match role {
        Some(role) => vec![to(role.get("practitioner")), to(role.get("organization"))],
        None => vec![to(requester)],
    };
    let asking = |kind: &str| {
        asks.iter()
            .flatten()
            .find(|(of, _)| of == kind)
            .map(|(_, number)| *number)
    };
    let site = root.each("performer").find_map(|reference| to(Some(reference)));
    let seen_by = root
        .each("performer")
        .find_map(|reference| reference.text("display"));
    let patient = to(root.get("subject")).map(|(_, number)| number);
    let extension = own::extension(root, "referral").ok_or_else(|| own::lost("ServiceRequest"))?;
    let mut fields = Fields::of(extension)
        .with("id", taken.id.to_string())
        .text("received_at", root.text("authoredOn"))
        .with("patient", patient)
        .with("requester", asking("Practitioner"))
        .with("requester_org", asking("Organization"))
        .with("facility", site.map(|(_, number)| number))
        .text("specialty", root.text_at(&["performerType", "text"]))
        .text("service", root.text_at(&["code", "text"]))
        .with("procedure_codes", procedures)
        .with("reason_codes", reasons)
        .text("reason_text", reason)
        .text("priority", root.text("priority"))
        .text("performer", seen_by)
        .with("authorization", granted(taken));
    for state in REQUIRED {
        fields = fields.with(state, required(taken, state));
    }
    fields.record(
        "ServiceRequest",
        &["holds", "pauses"],
        &["template", "specialty", "service", "reason_text"],
    )
}

fn required(taken: &Taken<'_, '_>, state: &str) -> Vec<String> {
    let system = own::system("questionnaire");
    let ours = |node: &&Node| {
        node.text("questionnaire")
            .is_some_and(|name| name.starts_with(&system))
    };
    let is = |item: &&Node| item.text_at(&["answer", "valueCoding", "code"]) == Some(state);
    let response = taken.resources.of_type("QuestionnaireResponse").find(ours);
    let items = response.into_iter().flat_map(|response| response.each("item"));
    items
        .filter(is)
        .filter_map(|item| item.text("linkId"))
        .map(crate::domain::text::line)
        .collect()
}

fn granted(taken: &Taken<'_, '_>) -> Value {
    let ours =
        |node: &&Node| node.text("use") == Some("preauthorization") && node.text("preAuthRef").is_some();
    let Some(response) = taken.resources.of_type("ClaimResponse").find(ours) else {
        return Value::Null;
    };
    let visits = own::extension(response, "authorization")
        .and_then(|own| own.get("extension"))
        .and_then(|visits| visits.text("valueInteger")?.parse::<u32>().ok());
    json!({
        "number": response.text("preAuthRef").map(crate::domain::text::line), "visits": visits,
        "from": response.text_at(&["preAuthPeriod", "start"]), "to": response.text_at(&["preAuthPeriod", "end"]),
    })
}
