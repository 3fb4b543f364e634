//! Requests: ServiceRequest, STU3's ReferralRequest, and the Claim of a prior authorisation.
//!
//! Owns what each says of service, urgency, reason and sender (FHIR R4 §12.12 ServiceRequest, STU3 §11.6 ReferralRequest,
//! R4 §13.3 Claim). Must not decide whether it is a referral; [`super::read()`] does.

use super::people::{note_patient, note_sender, spoken};
use super::{Node, Resources};
use crate::domain::text;
use crate::standards::{Stated, What};

/// The text of a CodeableConcept (or, in R5, of its CodeableReference): its own words, else the first display.
pub fn words(concept: &Node) -> Option<&str> {
    let concept = concept.get("concept").unwrap_or(concept);
    concept
        .text("text")
        .or_else(|| concept.each("coding").find_map(|coding| coding.text("display")))
}

/// The codings of a CodeableConcept as system and code.
fn codings(concept: &Node) -> impl Iterator<Item = (&str, &str)> {
    concept.each("coding").map(|coding| {
        (
            coding.text("system").unwrap_or_default(),
            coding.text("code").unwrap_or_default(),
        )
    })
}

/// A procedure by its code system: CPT, or HCPCS level II.
fn note_procedure(system: &str, code: &str, stated: &mut Stated) {
    let system = system.to_ascii_lowercase();
    if system.contains("cpt") || system.contains("hcpcs") {
        stated.note(What::Procedure, code, "code");
    }
}

fn is_icd10(system: &str) -> bool {
    let system = system.to_ascii_lowercase();
    (system.contains("icd-10") || system.contains("icd10"))
        && !system.contains("pcs")
        && !system.contains("/coding/icd10")
        || system.ends_with("6.90")
}

/// ICD-9-CM's diagnoses, by its address or its OID.
fn is_icd9(system: &str) -> bool {
    let system = system.to_ascii_lowercase();
    system.ends_with("/icd-9-cm") || system.ends_with("/icd-9") || system.ends_with("113883.6.103")
}

/// Notes a request, its patient, its sender and its reason.
pub fn note_request(request: &Node, resources: &Resources<'_>, stated: &mut Stated) {
    if let Some(subject) = request.get("subject").or_else(|| request.get("patient")) {
        note_subject(subject, resources, stated);
    }
    if let Some(requester) = request.get("requester") {
        // STU3: the requester is an element with an agent.
        note_sender(requester.get("agent").unwrap_or(requester), resources, stated);
    }
    for receiver in request.each("performer").chain(request.each("recipient")) {
        note_receiver(receiver, resources, stated);
    }
    // National guides name the receiver in an extension of the request or of the document's Composition (CH-ORF
    // `ch-orf-receiver`); who gets a copy is another.
    let composition = resources.first("Composition");
    for holder in std::iter::once(request).chain(composition) {
        for extension in holder.each("extension") {
            let url = extension.text("url").unwrap_or_default().to_ascii_lowercase();
            let name = url.rsplit('/').next().unwrap_or_default();
            if name.contains("receiver")
                && !name.contains("copy")
                && let Some(reference) = extension.get("valueReference")
            {
                note_receiver(reference, resources, stated);
            }
        }
    }
    for identifier in request.each("identifier") {
        stated.note(
            What::ReferralId,
            identifier.text("value").unwrap_or_default(),
            "identifier",
        );
    }
    for concept in request.each("code").chain(request.each("serviceRequested")) {
        stated.note(What::Service, words(concept).unwrap_or_default(), "code");
        let coded = concept.get("concept").unwrap_or(concept);
        for coding in coded.each("coding") {
            stated.note(What::Service, coding.text("display").unwrap_or_default(), "code");
        }
        for (system, code) in codings(coded) {
            note_procedure(system, code, stated);
        }
    }
    for concept in request.each("orderDetail") {
        for (system, code) in codings(concept) {
            note_procedure(system, code, stated);
        }
    }
    for concept in request.each("specialty").chain(request.each("performerType")) {
        stated.note(What::Specialty, words(concept).unwrap_or_default(), "specialty");
    }
    note_urgency(request, stated);
    note_reasons(request, resources, stated);
    for note in request.each("note") {
        stated.note(What::Narrative, note.text("text").unwrap_or_default(), "note");
    }
    stated.note(
        What::Narrative,
        request.text("description").unwrap_or_default(),
        "description",
    );
    stated.note(
        What::Narrative,
        request.text("patientInstruction").unwrap_or_default(),
        "patientInstruction",
    );
    for insurance in request.each("insurance") {
        let reference = insurance.get("coverage").unwrap_or(insurance);
        if let Some(coverage) = resources.follow(reference) {
            super::coverage::note_coverage(coverage, resources, stated);
        }
    }
}

/// The patient a reference leads to, else what the reference itself says.
pub fn note_subject(subject: &Node, resources: &Resources<'_>, stated: &mut Stated) {
    if let Some(patient) = resources.follow(subject) {
        note_patient(patient, stated);
        return;
    }
    if let Some(only) = resources
        .first("Patient")
        .filter(|_| resources.of_type("Patient").count() == 1)
    {
        note_patient(only, stated);
        return;
    }
    stated.doubt("the patient that the message names does not come with it");
    if let Some(name) = subject.text("display").and_then(spoken) {
        stated.note_person(What::PatientName, name, "subject.display");
    }
}

fn note_receiver(receiver: &Node, resources: &Resources<'_>, stated: &mut Stated) {
    let Some(found) = resources.follow(receiver) else {
        stated.note(
            What::ReferredTo,
            receiver.text("display").unwrap_or_default(),
            "performer",
        );
        return;
    };
    match found.text("resourceType") {
        Some("PractitionerRole") => {
            for concept in found.each("specialty") {
                stated.note(
                    What::Specialty,
                    words(concept).unwrap_or_default(),
                    "performer.specialty",
                );
            }
            for part in ["practitioner", "organization"] {
                if let Some(reference) = found.get(part) {
                    note_receiver(reference, resources, stated);
                }
            }
        }
        Some("Practitioner") => {
            if let Some(name) = super::people::name(found) {
                stated.note_person(What::ReferredTo, name, "performer");
            }
        }
        Some(_) | None => stated.note(
            What::ReferredTo,
            found.text("name").unwrap_or_default(),
            "performer",
        ),
    }
}

/// Notes the priority as the sender lists it.
pub fn note_urgency(request: &Node, stated: &mut Stated) {
    let own = request
        .text("priority")
        .or_else(|| request.text_at(&["priority", "coding", "code"]));
    // The priority of an extension, as national services carry it.
    let extended = request.each("extension").find_map(|extension| {
        let url = extension.text("url")?.to_ascii_lowercase();
        url.contains("priority")
            .then(|| extension.text_at(&["valueCodeableConcept", "coding", "code"]))
            .flatten()
    });
    let listed = own.or(extended).map(str::to_ascii_lowercase);
    let urgency = match listed.as_deref() {
        Some("routine" | "normal") => "routine",
        Some("urgent") => "urgent",
        Some("asap") => "asap",
        Some("stat") => "stat",
        Some(_) | None => "",
    };
    stated.note(What::Urgency, urgency, "priority");
}

/// Notes reasons and diagnoses.
pub fn note_reasons(request: &Node, resources: &Resources<'_>, stated: &mut Stated) {
    for concept in request
        .each("reasonCode")
        .chain(request.each("diagnosisCodeableConcept"))
    {
        note_diagnosis(concept, "reasonCode", stated);
    }
    for reason in request.each("reason") {
        note_diagnosis(reason.get("concept").unwrap_or(reason), "reason", stated);
        if let Some(reference) = reason.get("reference") {
            note_condition(reference, resources, stated);
        }
    }
    for reference in request.each("reasonReference") {
        note_condition(reference, resources, stated);
    }
    for diagnosis in request.each("diagnosis") {
        for concept in diagnosis.each("diagnosisCodeableConcept") {
            note_diagnosis(concept, "diagnosis", stated);
        }
        for reference in diagnosis.each("diagnosisReference") {
            note_condition(reference, resources, stated);
        }
    }
}

fn note_condition(reference: &Node, resources: &Resources<'_>, stated: &mut Stated) {
    match resources.follow(reference) {
        Some(condition) => {
            for concept in condition.each("code") {
                note_diagnosis(concept, "Condition.code", stated);
            }
        }
        None => stated.note(
            What::Reason,
            reference.text("display").unwrap_or_default(),
            "reasonReference",
        ),
    }
}

fn note_diagnosis(concept: &Node, at: &str, stated: &mut Stated) {
    stated.note(
        What::Reason,
        words(concept).map(text::squeeze).unwrap_or_default().as_str(),
        at,
    );
    for (system, code) in codings(concept) {
        if is_icd10(system) {
            stated.note(What::Icd10, &code.to_ascii_uppercase(), at);
        } else if is_icd9(system) && !code.is_empty() {
            stated.note_icd9(&code.to_ascii_uppercase(), at);
        }
    }
}
