//! What a FHIR message states.
//!
//! Owns the choice of what a set of resources is for: the event of a message header first, then the weightiest resource.
//! Must not know the fields of any one resource.

use super::appointment::{happening, note_appointment};
use super::coverage::{note_claim, note_coverage, note_eligibility};
use super::people::note_patient;
use super::request::{note_request, note_subject};
use super::{Node, Resources, parse};
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
    let first = state(&resources);
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

fn state(resources: &Resources<'_>) -> Stated {
    let claim = resources
        .of_type("Claim")
        .find(|claim| claim.text("use") == Some("preauthorization"));
    let appointment = resources
        .first("Appointment")
        .or_else(|| resources.first("AppointmentResponse"));
    let requests: Vec<&Node> = resources
        .of_type("ServiceRequest")
        .chain(resources.of_type("ReferralRequest"))
        .collect();
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
    if let Some(request) = requests
        .iter()
        .copied()
        .find(|request| asks(request))
        .or(requests.first().copied())
    {
        return referral(request, requests.len(), resources);
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

fn referral(request: &Node, count: usize, resources: &Resources<'_>) -> Stated {
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
    if count > 1 {
        stated.doubt("the message holds more than one request; the first is shown");
    }
    if stated.first(What::Payer).is_none()
        && let Some(coverage) = resources.first("Coverage")
    {
        note_coverage(coverage, resources, &mut stated);
    }
    stated
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
    referral(request, 1, resources)
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
mod tests {
    use super::*;
    use crate::standards::Happening;

    #[test]
    fn a_bundle_states_a_referral() {
        let text = r#"{"resourceType":"Bundle","type":"message","entry":[
         {"fullUrl":"urn:uuid:1","resource":{"resourceType":"ServiceRequest","status":"active","intent":"order","priority":"urgent",
          "identifier":[{"value":"S-1"}],"code":{"text":"Cardiology consultation"},"subject":{"reference":"urn:uuid:2"},
          "requester":{"reference":"urn:uuid:3"},"reasonCode":[{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"r00.2"}],
          "text":"Palpitations"}],"insurance":[{"reference":"urn:uuid:5"}]}},
         {"fullUrl":"urn:uuid:2","resource":{"resourceType":"Patient","name":[{"use":"nickname","given":["Ro"]},{"use":"official",
          "family":"Alvarez","given":["Rosa","M"]}],"birthDate":"1970-05-04","gender":"female","identifier":[{"value":"8812"},
          {"system":"http://hl7.org/fhir/sid/us-ssn","value":"123-45-6789"}],"telecom":[{"system":"phone","value":"(412) 555-0199"}]}},
         {"fullUrl":"urn:uuid:3","resource":{"resourceType":"PractitionerRole","practitioner":{"reference":"urn:uuid:4"},
          "telecom":[{"system":"fax","value":"412-555-0102"}]}},
         {"fullUrl":"urn:uuid:4","resource":{"resourceType":"Practitioner","name":[{"text":"Lee, Ann"}],"identifier":[{"value":"1234567893"}]}},
         {"fullUrl":"urn:uuid:5","resource":{"resourceType":"Coverage","subscriberId":"W123","payor":[{"display":"Aetna"}],
          "class":[{"type":{"coding":[{"code":"group"}]},"value":"G-9"}]}}]}"#;
        let stated = read(text).unwrap();
        assert_eq!(stated.sense, Sense::Referral);
        let table = [
            (What::PatientName, "Alvarez, Rosa M"),
            (What::Dob, "1970-05-04"),
            (What::Mrn, "8812"),
            (What::ProviderName, "Ann Lee"),
            (What::Npi, "1234567893"),
            (What::ProviderFax, "412-555-0102"),
            (What::Service, "Cardiology consultation"),
            (What::Urgency, "urgent"),
            (What::Reason, "Palpitations"),
            (What::Icd10, "R00.2"),
            (What::Payer, "Aetna"),
            (What::MemberId, "W123"),
            (What::GroupNo, "G-9"),
            (What::ReferralId, "S-1"),
        ];
        for (what, expected) in table {
            assert_eq!(stated.first(what), Some(expected), "{what:?}");
        }
        assert_eq!(stated.all(What::Mrn).count(), 1, "no social security number");
    }

    #[test]
    fn what_a_message_is_for_is_told_by_its_weightiest_resource() {
        let table = [
            (
                r#"{"resourceType":"Appointment","status":"noshow"}"#,
                Sense::Appointment(Happening::NoShow),
            ),
            (
                r#"{"resourceType":"ServiceRequest","doNotPerform":true}"#,
                Sense::Order,
            ),
            (
                r#"{"resourceType":"ServiceRequest","status":"revoked"}"#,
                Sense::ReferralCancel,
            ),
            (r#"{"resourceType":"Patient"}"#, Sense::Demographics),
            (
                r#"{"resourceType":"Claim","use":"preauthorization"}"#,
                Sense::AuthorizationRequest,
            ),
            (
                r#"{"resourceType":"CoverageEligibilityResponse","outcome":"error"}"#,
                Sense::EligibilityResponse,
            ),
            (r#"{"resourceType":"Basic"}"#, Sense::Other),
        ];
        for (text, expected) in table {
            assert_eq!(read(text).unwrap().sense, expected, "{text}");
        }
        assert!(read(r#"{"name":"no resource"}"#).is_err());
    }

    #[test]
    fn no_answer_is_never_eligible() {
        let table = [
            (r#""outcome":"complete","insurance":[{"inforce":true}]"#, "active"),
            (
                r#""outcome":"complete","insurance":[{"inforce":false}]"#,
                "inactive",
            ),
            (r#""outcome":"complete""#, "unknown"),
            (r#""outcome":"error","insurance":[{"inforce":true}]"#, "unknown"),
            (
                r#""outcome":"complete","insurance":[{"inforce":true}],"error":[{"code":{"text":"a"}}]"#,
                "unknown",
            ),
        ];
        for (answer, expected) in table {
            let text = format!(r#"{{"resourceType":"CoverageEligibilityResponse",{answer}}}"#);
            assert_eq!(
                read(&text).unwrap().first(What::EligibilityStatus),
                Some(expected),
                "{answer}"
            );
        }
    }
}
