//! Patients, practitioners and organisations of FHIR as the product's values.
//!
//! Owns HumanName, ContactPoint, Address and Identifier (FHIR R4 §2.24 data types). Must not know what a message is for.

use super::{Node, Resources};
use crate::domain::person::{HumanName, is_npi};
use crate::domain::text;
use crate::standards::{Stated, What, language_tag};

/// The best of the names: official, then usual, then the first.
pub fn name(resource: &Node) -> Option<HumanName> {
    let names: Vec<&Node> = resource.each("name").collect();
    let with = |used: &str| names.iter().copied().find(|name| name.text("use") == Some(used));
    let name = with("official")
        .or_else(|| with("usual"))
        .or_else(|| names.first().copied())?;
    human_name(name)
}

fn human_name(name: &Node) -> Option<HumanName> {
    let join = |part: &str| {
        let words: Vec<&str> = name.each(part).filter_map(Node::as_text).collect();
        text::squeeze(&words.join(" "))
    };
    let (family, given, suffix) = (join("family"), join("given"), join("suffix"));
    if !family.is_empty() || !given.is_empty() {
        return Some(HumanName {
            family,
            given,
            suffix,
        });
    }
    spoken(name.text("text")?)
}

/// `Ann May Lee` or `Lee, Ann`, where only that is said.
pub fn spoken(whole: &str) -> Option<HumanName> {
    let whole = text::squeeze(whole);
    let (family, given) = match whole.split_once(',') {
        Some((family, given)) => (family.trim().to_owned(), given.trim().to_owned()),
        None => match whole.rsplit_once(' ') {
            Some((given, family)) => (family.to_owned(), given.to_owned()),
            None => (whole.clone(), String::new()),
        },
    };
    let suffix = String::new();
    (!family.is_empty()).then_some(HumanName {
        family,
        given,
        suffix,
    })
}

/// Values of a contact system that are not old, work last: `phone`, `fax`, `email`.
pub fn contacts<'n>(resource: &'n Node, system: &str) -> Vec<&'n str> {
    let points = || {
        resource
            .each("telecom")
            .filter(|point| point.text("system") == Some(system) && point.text("use") != Some("old"))
    };
    points().filter_map(|point| point.text("value")).collect()
}

fn address(resource: &Node) -> Option<String> {
    let address = resource
        .each("address")
        .find(|address| address.text("use") != Some("old"))?;
    let lines = address.each("line").filter_map(Node::as_text);
    let region = [address.text("state"), address.text("postalCode")];
    let region = region.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let parts: Vec<String> = lines
        .map(str::to_owned)
        .chain(address.text("city").map(str::to_owned))
        .chain(Some(region).filter(|region| !region.is_empty()))
        .collect();
    if parts.is_empty() {
        address.text("text").map(text::squeeze)
    } else {
        Some(parts.join(", "))
    }
}

fn is_social_security(identifier: &Node) -> bool {
    identifier
        .text("system")
        .is_some_and(|system| system.contains("us-ssn") || system.ends_with("2.16.840.1.113883.4.1"))
        || identifier
            .path(&["type", "coding"])
            .and_then(|coding| coding.text("code"))
            == Some("SS")
}

/// A member id that is kept with the patient: type MB (table 0203), or the name that X12's guides give it.
fn is_member(identifier: &Node) -> bool {
    identifier.text_at(&["type", "coding", "code"]) == Some("MB")
        || identifier
            .text("system")
            .is_some_and(|system| system.ends_with("/MIN"))
}

/// Notes a patient.
pub fn note_patient(patient: &Node, stated: &mut Stated) {
    if let Some(name) = name(patient) {
        stated.note_person(What::PatientName, name, "Patient.name");
    }
    stated.note(
        What::Dob,
        patient.text("birthDate").unwrap_or_default(),
        "Patient.birthDate",
    );
    let sex = match patient.text("gender") {
        Some("female") => "F",
        Some("male") => "M",
        Some("other") => "X",
        Some(_) | None => "",
    };
    stated.note(What::Sex, sex, "Patient.gender");
    for identifier in patient
        .each("identifier")
        .filter(|identifier| !is_social_security(identifier))
    {
        let what = if is_member(identifier) {
            What::MemberId
        } else {
            What::Mrn
        };
        stated.note(
            what,
            identifier.text("value").unwrap_or_default(),
            "Patient.identifier",
        );
    }
    for phone in contacts(patient, "phone")
        .into_iter()
        .chain(contacts(patient, "sms"))
    {
        stated.note(What::PatientPhone, phone, "Patient.telecom");
    }
    for email in contacts(patient, "email") {
        stated.note(What::PatientEmail, email, "Patient.telecom");
    }
    stated.note(
        What::PatientAddress,
        &address(patient).unwrap_or_default(),
        "Patient.address",
    );
    let language = patient
        .each("communication")
        .find(|spoken| spoken.text("preferred") == Some("true"))
        .or_else(|| patient.get("communication"))
        .and_then(|spoken| spoken.path(&["language", "coding"]))
        .and_then(|coding| coding.text("code"));
    stated.note(
        What::PatientLanguage,
        language.and_then(language_tag).as_deref().unwrap_or_default(),
        "Patient.communication",
    );
}

/// Notes who sent a request: a practitioner, a role, or an organisation.
pub fn note_sender(reference: &Node, resources: &Resources<'_>, stated: &mut Stated) {
    let Some(sender) = resources.follow(reference) else {
        // Only a display, or a logical identifier.
        if let Some(name) = reference.text("display").and_then(spoken) {
            stated.note_person(What::ProviderName, name, "requester.display");
        }
        note_identifiers(reference, "requester.identifier", stated);
        return;
    };
    match sender.text("resourceType") {
        Some("PractitionerRole") => {
            for part in ["practitioner", "organization"] {
                if let Some(reference) = sender.get(part) {
                    note_sender(reference, resources, stated);
                }
            }
            note_reach(sender, "PractitionerRole.telecom", stated);
        }
        Some("Organization") => {
            stated.note(
                What::Organization,
                sender.text("name").unwrap_or_default(),
                "Organization.name",
            );
            note_reach(sender, "Organization.telecom", stated);
            note_identifiers(sender, "Organization.identifier", stated);
        }
        Some("Practitioner") => {
            if let Some(name) = name(sender) {
                stated.note_person(What::ProviderName, name, "Practitioner.name");
            }
            note_reach(sender, "Practitioner.telecom", stated);
            note_identifiers(sender, "Practitioner.identifier", stated);
        }
        Some(_) | None => {}
    }
}

fn note_reach(resource: &Node, at: &str, stated: &mut Stated) {
    for (system, what) in [
        ("phone", What::ProviderPhone),
        ("fax", What::ProviderFax),
        ("email", What::ProviderEmail),
    ] {
        for value in contacts(resource, system) {
            stated.note(what, value, at);
        }
    }
}

/// An NPI by its system (`us-npi`) or by its check digit; other identifiers as they are.
fn note_identifiers(resource: &Node, at: &str, stated: &mut Stated) {
    for identifier in resource.each("identifier") {
        let Some(value) = identifier.text("value") else {
            continue;
        };
        let called = identifier
            .text("system")
            .is_some_and(|system| system.contains("us-npi"));
        if is_npi(value) {
            stated.note(What::Npi, value, at);
        } else if called {
            stated.note_doubtful_npi(value, at);
        } else {
            stated.note(What::ProviderId, value, at);
        }
    }
}
