//! What a FHIR message states.
//!
//! Owns the choice of what a set of resources is for: the event of a message header first, then the weightiest resource.
//! Must not know the fields of any one resource.

use super::appointment::{happening, note_appointment};
use super::coverage::{note_claim, note_coverage, note_eligibility};
use super::people::note_patient;
use super::request::{note_request, note_subject};
use super::{MAX_RESOURCES, Node, Resources, parse};
use crate::standards::{Sense, Stated, What};

/// What a text states.
///
/// # Errors
/// What is wrong with its form, in words and without a value.
pub fn read(text: &str) -> Result<Stated, String> {
    Ok(read_all(text)?.swap_remove(0))
}

/// What a text states: one for each appointment where it is about appointments, else one for all of it. Never empty.
///
/// # Errors
/// What is wrong with its form, in words and without a value.
pub fn read_all(text: &str) -> Result<Vec<Stated>, String> {
    let roots = parse(text)?;
    let resources = Resources::of(&roots);
    let named = roots.iter().any(|root| root.text("resourceType").is_some());
    if !named && resources.all().next().is_none() {
        return Err("it holds no FHIR resource".into());
    }
    let mut first = state(&resources);
    let patients = resources.of_type("Patient").count();
    if patients > 1 && SHOWN.contains(&first.sense) {
        first.leave(&format!(
            "holds what is said of {patients} patients: take each in by itself"
        ));
    }
    if resources.all().count() >= MAX_RESOURCES {
        first.cut = Some(format!(
            "holds more than {MAX_RESOURCES} resources, and the rest were not read: bring them in in another file"
        ));
    }
    let mut all = vec![first];
    if all
        .iter()
        .all(|stated| matches!(stated.sense, Sense::Appointment(_)))
    {
        let others: Vec<&Node> = resources.of_type("Appointment").skip(1).collect();
        all.extend(
            others
                .into_iter()
                .map(|appointment| appointments(appointment, &resources)),
        );
    }
    Ok(all)
}

/// The resource types in the order of their weight.
const WEIGHT: [(&str, Sense); 13] = [
    ("CoverageEligibilityResponse", Sense::EligibilityResponse),
    ("EligibilityResponse", Sense::EligibilityResponse),
    ("CoverageEligibilityRequest", Sense::EligibilityRequest),
    ("ClaimResponse", Sense::AuthorizationResponse),
    ("ServiceRequest", Sense::Referral),
    ("ReferralRequest", Sense::Referral),
    ("DiagnosticReport", Sense::Result),
    ("Composition", Sense::Report),
    ("Communication", Sense::Communication),
    ("CommunicationRequest", Sense::Communication),
    ("Task", Sense::Task),
    ("Coverage", Sense::Coverage),
    ("Patient", Sense::Demographics),
];

/// What is put with the referral of the patient that it is about: of several patients, it would be put with one's.
const SHOWN: [Sense; 5] = [
    Sense::Result,
    Sense::Report,
    Sense::Communication,
    Sense::Coverage,
    Sense::Demographics,
];

/// The requests that a message holds.
fn requests<'a>(resources: &Resources<'a>) -> Vec<&'a Node> {
    resources
        .of_type("ServiceRequest")
        .chain(resources.of_type("ReferralRequest"))
        .collect()
}

/// The request that a message is about: the first that asks for something, else the first.
pub(super) fn chosen<'a>(resources: &Resources<'a>) -> Option<&'a Node> {
    let all = requests(resources);
    all.iter()
        .copied()
        .find(|request| asks(request))
        .or(all.first().copied())
}

fn state(resources: &Resources<'_>) -> Stated {
    let claim = resources
        .of_type("Claim")
        .find(|claim| claim.text("use") == Some("preauthorization"));
    let appointment = resources
        .first("Appointment")
        .or_else(|| resources.first("AppointmentResponse"));
    let requests = requests(resources);
    let event = resources
        .first("MessageHeader")
        .and_then(|header| {
            header
                .text_at(&["eventCoding", "code"])
                .or_else(|| header.text_at(&["event", "code"]))
        })
        .unwrap_or_default();
    let books = event.contains("booking") || event.starts_with('S');
    if let Some(claim) = claim {
        let mut stated = Stated::new(Sense::AuthorizationRequest, "FHIR Claim for an authorisation");
        note_claim(claim, resources, &mut stated);
        for request in requests {
            note_request(request, resources, &mut stated);
        }
        return stated;
    }
    if let Some(appointment) = appointment.filter(|_| books || requests.is_empty()) {
        return appointments(appointment, resources);
    }
    if let Some(request) = chosen(resources) {
        let mut stated = referral(request, resources);
        let others = requests.iter().filter(|other| !std::ptr::eq(**other, request));
        let count = 1 + others.filter(|other| matters(other)).count();
        if count > 1 {
            stated.leave(&format!(
                "holds {count} requests: take each in by itself, or all of them with `refdesk import`"
            ));
        }
        return stated;
    }
    let weightiest = WEIGHT
        .iter()
        .find_map(|(kind, sense)| Some((resources.first(kind)?, *kind, *sense)));
    match weightiest {
        Some((node, kind, sense)) => other(node, kind, sense, resources),
        None => {
            let kind = resources
                .all()
                .find_map(|node| node.text("resourceType"))
                .unwrap_or("message");
            Stated::new(Sense::Other, &format!("FHIR {kind}"))
        }
    }
}

/// Whether a request asks for something to be done, and not for it to be left.
fn asks(request: &Node) -> bool {
    request.text("doNotPerform") != Some("true")
        && !matches!(
            request.text("status"),
            Some("revoked" | "entered-in-error" | "completed")
        )
}

/// Whether a request says something to the desk beside another: it asks, or takes a request back.
fn matters(request: &Node) -> bool {
    asks(request) || request.text("status") == Some("revoked")
}

fn referral(request: &Node, resources: &Resources<'_>) -> Stated {
    let kind = request.text("resourceType").unwrap_or("ServiceRequest");
    let mut stated = Stated::new(Sense::Referral, &format!("FHIR {kind}"));
    note_request(request, resources, &mut stated);
    if request.text("doNotPerform") == Some("true") {
        stated.sense = Sense::Order;
        stated.doubt("the request says that something is not to be done");
    }
    match request.text("status") {
        Some("revoked" | "entered-in-error") => {
            stated.sense = Sense::ReferralCancel;
            stated.doubt("the request was revoked by its sender");
        }
        Some("completed") => stated.doubt("the request is completed already: it may be a copy of an old one"),
        Some(_) | None => {}
    }
    if kind == "ReferralRequest" {
        stated.doubt("written for FHIR STU3, an older version; read as far as it goes");
    }
    let own = |coverage: &&Node| covers(coverage, request, resources);
    if stated.first(What::Payer).is_none()
        && let Some(coverage) = resources.of_type("Coverage").find(own)
    {
        note_coverage(coverage, resources, &mut stated);
    }
    stated
}

/// Whether a coverage is of the patient of a request: its beneficiary says so, or nobody else comes with the message.
fn covers(coverage: &Node, request: &Node, resources: &Resources<'_>) -> bool {
    let subject = request.get("subject").or_else(|| request.get("patient"));
    let named = |node: &Node| node.text("reference").map(str::to_owned);
    let Some(beneficiary) = coverage.get("beneficiary") else {
        return resources.of_type("Patient").count() <= 1;
    };
    match (
        resources.follow(beneficiary),
        subject.and_then(|subject| resources.follow(subject)),
    ) {
        (Some(one), Some(other)) => std::ptr::eq(one, other),
        // The subject does not come along, or the only patient is meant.
        (Some(_), None) => resources.of_type("Patient").count() == 1,
        (None, _) => match named(beneficiary) {
            Some(name) => subject.and_then(named) == Some(name),
            None => resources.of_type("Patient").count() <= 1,
        },
    }
}

/// What an appointment states.
pub fn appointments(appointment: &Node, resources: &Resources<'_>) -> Stated {
    let status = appointment
        .text("status")
        .or_else(|| appointment.text("participantStatus"))
        .unwrap_or_default();
    let kind = appointment.text("resourceType").unwrap_or("Appointment");
    let mut stated = Stated::new(Sense::Appointment(happening(status)), &format!("FHIR {kind}"));
    note_appointment(appointment, resources, &mut stated);
    stated
}

/// What a request states, whatever stands beside it.
pub fn request(request: &Node, resources: &Resources<'_>) -> Stated {
    referral(request, resources)
}

/// What an answer on a coverage states.
pub fn eligibility(response: &Node, resources: &Resources<'_>) -> Stated {
    other(
        response,
        "CoverageEligibilityResponse",
        Sense::EligibilityResponse,
        resources,
    )
}

fn other(node: &Node, kind: &str, sense: Sense, resources: &Resources<'_>) -> Stated {
    let mut stated = Stated::new(sense, &format!("FHIR {kind}"));
    if sense == Sense::EligibilityResponse {
        note_eligibility(node, resources, &mut stated);
    } else if sense == Sense::Coverage {
        note_coverage(node, resources, &mut stated);
    } else if sense == Sense::Demographics {
        note_patient(node, &mut stated);
    } else {
        note_rest(node, resources, &mut stated);
    }
    stated
}

/// Of a resource that is only shown: whom it is about, and its words.
fn note_rest(node: &Node, resources: &Resources<'_>, stated: &mut Stated) {
    let about = ["subject", "for", "patient"]
        .iter()
        .find_map(|part| node.get(part));
    if let Some(reference) = about {
        note_subject(reference, resources, stated);
    }
    for part in ["description", "note", "payload"] {
        for said in node.each(part) {
            let words = said
                .as_text()
                .or_else(|| said.text("text"))
                .or_else(|| said.text("contentString"));
            stated.note(What::Narrative, words.unwrap_or_default(), part);
        }
    }
}

#[cfg(test)]
mod tests;
