//! C-CDA documents: referral notes, consultation notes, summaries.
//!
//! Owns the header (C-CDA R2.1 §1.1 US Realm Header: recordTarget, author, informationRecipient, custodian) and the section
//! *Reason for referral* (LOINC 42349-1). The whole narrative is kept as text, so that a person can read the document. No
//! entities: a document type is refused. Must not know what the desk does with the result.

use crate::domain::person::{HumanName, is_npi};
use crate::domain::text;
use crate::standards::hl7v2::types::moment;
use crate::standards::{Sense, Stated, What, language_tag};
use roxmltree::{Document, Node};

/// What a document is, by its LOINC code (C-CDA R2.1 document types); `57113-1` is how a much copied sample misspells the
/// referral note.
const TYPES: [(&str, Sense); 10] = [
    ("57133-1", Sense::Referral),
    ("57113-1", Sense::Referral),
    ("18761-7", Sense::Referral),
    ("11488-4", Sense::Report),
    ("34133-9", Sense::Report),
    ("11506-3", Sense::Report),
    ("18842-5", Sense::Report),
    ("34117-2", Sense::Report),
    ("28570-0", Sense::Report),
    ("18748-4", Sense::Result),
];

/// At most this much narrative is kept, in characters.
const MAX_NARRATIVE: usize = 40_000;

/// What a document states; none where the XML is no clinical document.
///
/// # Errors
/// Where it is no XML that may be read, in words and without a value.
pub fn read(raw: &str) -> Result<Option<Stated>, String> {
    let document = Document::parse(raw.trim_start_matches('\u{FEFF}').trim()).map_err(|error| {
        format!(
            "it is not XML: line {}, column {}",
            error.pos().row,
            error.pos().col
        )
    })?;
    let root = document.root_element();
    if root.tag_name().name() != "ClinicalDocument" {
        return Ok(None);
    }
    let code = child(root, "code")
        .and_then(|code| code.attribute("code"))
        .unwrap_or_default();
    let named = child(root, "code")
        .and_then(|code| code.attribute("displayName"))
        .unwrap_or("document");
    let known = TYPES
        .iter()
        .find(|(each, _)| *each == code)
        .map(|(_, sense)| *sense);
    let mut stated = Stated::new(known.unwrap_or(Sense::Report), &format!("C-CDA {named}"));
    note_patient(root, &mut stated);
    note_senders(root, &mut stated);
    let asked = note_sections(root, &mut stated);
    // A summary sent along with a request is one: it says to whom and what for.
    if stated.sense == Sense::Report && code == "34133-9" && asked {
        stated.sense = Sense::Referral;
        stated.doubt("a summary of care that refers the patient");
    }
    if stated.sense == Sense::Referral && !asked {
        stated.doubt("the referral note states no reason for the referral");
    }
    Ok(Some(stated))
}

fn child<'a>(node: Node<'a, 'a>, name: &str) -> Option<Node<'a, 'a>> {
    node.children().find(|each| each.tag_name().name() == name)
}

fn all<'a>(node: Node<'a, 'a>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    node.children().filter(move |each| each.tag_name().name() == name)
}

fn below<'a>(node: Node<'a, 'a>, names: &[&str]) -> Option<Node<'a, 'a>> {
    names.iter().try_fold(node, |node, name| child(node, name))
}

fn words(node: Node<'_, '_>) -> String {
    let texts: Vec<&str> = node
        .descendants()
        .filter(roxmltree::Node::is_text)
        .filter_map(|each| each.text())
        .collect();
    text::squeeze(&texts.join(" "))
}

/// A name (PN): its parts, the nickname and what it is qualified by left out.
fn name(node: Node<'_, '_>) -> Option<HumanName> {
    let join = |part: &'static str| {
        let parts: Vec<String> = all(node, part)
            .filter(|each| part != "given" || each.attribute("qualifier") != Some("CL"))
            .filter(|each| part != "family" || each.attribute("qualifier") != Some("BR"))
            .map(words)
            .filter(|word| !word.is_empty())
            .collect();
        parts.join(" ")
    };
    let (family, given, suffix) = (join("family"), join("given"), join("suffix"));
    if family.is_empty() && given.is_empty() {
        return super::fhir::spoken(&words(node));
    }
    Some(HumanName {
        family,
        given,
        suffix,
    })
}

/// The name in use: legal before any other.
fn best_name<'a>(names: impl Iterator<Item = Node<'a, 'a>>) -> Option<HumanName> {
    let names: Vec<Node<'a, 'a>> = names.collect();
    let legal = names.iter().find(|name| name.attribute("use") == Some("L"));
    legal.or(names.first()).copied().and_then(name)
}

fn telecom<'a>(node: Node<'a, 'a>, scheme: &str) -> Vec<String> {
    all(node, "telecom")
        .filter_map(|each| each.attribute("value"))
        .filter_map(|value| value.trim().strip_prefix(scheme))
        .map(|value| value.trim().to_owned())
        .collect()
}

fn note_patient(root: Node<'_, '_>, stated: &mut Stated) {
    let Some(role) = below(root, &["recordTarget", "patientRole"]) else {
        stated.doubt("the document names no patient");
        return;
    };
    if let Some(patient) = child(role, "patient") {
        if let Some(name) = best_name(all(patient, "name")) {
            stated.note_person(What::PatientName, name, "patient/name");
        }
        let born = child(patient, "birthTime")
            .and_then(|time| time.attribute("value"))
            .unwrap_or_default();
        if let Some(day) = moment(&format!("{}0000", born.get(..8).unwrap_or_default())) {
            stated.note(
                What::Dob,
                day.split('T').next().unwrap_or_default(),
                "patient/birthTime",
            );
        }
        let sex = match child(patient, "administrativeGenderCode").and_then(|code| code.attribute("code")) {
            Some("F") => "F",
            Some("M") => "M",
            Some("UN") => "X",
            Some(_) | None => "",
        };
        stated.note(What::Sex, sex, "patient/administrativeGenderCode");
        let language = below(patient, &["languageCommunication", "languageCode"]);
        let tag = language
            .and_then(|code| code.attribute("code"))
            .unwrap_or_default();
        stated.note(
            What::PatientLanguage,
            language_tag(tag).as_deref().unwrap_or_default(),
            "languageCode",
        );
    }
    // 2.16.840.1.113883.4.1 is the social security number: passed over.
    for id in all(role, "id").filter(|id| id.attribute("root") != Some("2.16.840.1.113883.4.1")) {
        stated.note(
            What::Mrn,
            id.attribute("extension").unwrap_or_default(),
            "patientRole/id",
        );
    }
    for phone in telecom(role, "tel:") {
        stated.note(What::PatientPhone, &phone, "patientRole/telecom");
    }
    for email in telecom(role, "mailto:") {
        stated.note(What::PatientEmail, &email, "patientRole/telecom");
    }
    if let Some(address) = child(role, "addr") {
        let part = |name: &'static str| all(address, name).map(words).collect::<Vec<_>>().join(", ");
        let region = text::squeeze(&format!("{} {}", part("state"), part("postalCode")));
        let parts = [part("streetAddressLine"), part("city"), region];
        let line: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        stated.note(What::PatientAddress, &line.join(", "), "patientRole/addr");
    }
}

fn note_senders(root: Node<'_, '_>, stated: &mut Stated) {
    let author = root
        .children()
        .filter(|each| each.tag_name().name() == "author")
        .filter_map(|each| child(each, "assignedAuthor"))
        .find(|author| below(*author, &["assignedPerson", "name"]).is_some());
    if let Some(author) = author {
        let person = child(author, "assignedPerson").and_then(|person| best_name(all(person, "name")));
        if let Some(name) = person {
            stated.note_person(What::ProviderName, name, "author/assignedPerson");
        }
        for id in all(author, "id").filter(|id| id.attribute("root") == Some("2.16.840.1.113883.4.6")) {
            let number = id.attribute("extension").unwrap_or_default();
            if is_npi(number) {
                stated.note(What::Npi, number, "author/id");
            } else {
                stated.note_doubtful_npi(number, "author/id");
            }
        }
        for phone in telecom(author, "tel:") {
            stated.note(What::ProviderPhone, &phone, "author/telecom");
        }
        for fax in telecom(author, "fax:") {
            stated.note(What::ProviderFax, &fax, "author/telecom");
        }
    }
    let practice = author
        .and_then(|author| below(author, &["representedOrganization", "name"]))
        .or_else(|| {
            below(
                root,
                &[
                    "custodian",
                    "assignedCustodian",
                    "representedCustodianOrganization",
                    "name",
                ],
            )
        });
    if let Some(practice) = practice {
        stated.note(What::Organization, &words(practice), "representedOrganization");
    }
    for recipient in all(root, "informationRecipient").filter_map(|each| child(each, "intendedRecipient")) {
        let person =
            below(recipient, &["informationRecipient"]).and_then(|person| best_name(all(person, "name")));
        if let Some(name) = person {
            stated.note_person(What::ReferredTo, name, "informationRecipient");
        }
        if let Some(house) = below(recipient, &["receivedOrganization", "name"]) {
            stated.note(What::ReferredTo, &words(house), "informationRecipient");
        }
    }
}

/// Notes the sections; true where one refers the patient somewhere for something.
fn note_sections(root: Node<'_, '_>, stated: &mut Stated) -> bool {
    let mut asked = false;
    let mut kept = 0;
    for section in root
        .descendants()
        .filter(|each| each.tag_name().name() == "section")
    {
        let code = child(section, "code")
            .and_then(|code| code.attribute("code"))
            .unwrap_or_default();
        let said = child(section, "text").map(words).unwrap_or_default();
        let title = child(section, "title").map(words).unwrap_or_default();
        if said.is_empty() {
            continue;
        }
        if code == "42349-1" && refers(&said) {
            asked = true;
            stated.note(What::Reason, &said, "section 42349-1");
            note_labelled(&said, stated);
        }
        if kept < MAX_NARRATIVE {
            kept += said.chars().count();
            stated.note(
                What::Narrative,
                &format!("{title}: {said}"),
                &format!("section {code}"),
            );
        }
    }
    asked
}

/// What the narrative of the reason (C-CDA R2.1, Reason for Referral Section, LOINC 42349-1) says behind labels, where the header
/// names no receiver: `To: Penny Puffer`, `Reason for referral: Pulmonary function tests.`
fn note_labelled(said: &str, stated: &mut Stated) {
    /// A name or a service is not longer.
    const WORDS: usize = 6;
    let behind = |label: &str| {
        let at = said.to_ascii_lowercase().find(label)?;
        let rest = said.get(at + label.len()..)?.trim_start();
        let mut taken: Vec<&str> = Vec::new();
        for word in rest.split_whitespace() {
            // The next label begins with a word that ends in a colon.
            if word.ends_with(':') {
                break;
            }
            taken.push(word.trim_end_matches(['.', ',', ';']));
            if word.ends_with(['.', ',', ';']) || taken.len() > WORDS {
                break;
            }
        }
        (1..=WORDS).contains(&taken.len()).then(|| taken.join(" "))
    };
    let capital = |name: &String| name.split(' ').all(|word| word.starts_with(char::is_uppercase));
    if stated.first(What::ReferredTo).is_none()
        && let Some(name) = behind(" to: ").filter(capital)
        && let Some(name) = super::fhir::spoken(&name)
    {
        stated.note_person(What::ReferredTo, name, "section 42349-1");
    }
    if stated.first(What::Service).is_none()
        && let Some(service) = behind("reason for referral: ")
    {
        stated.note(What::Service, &service, "section 42349-1");
    }
}

/// `No Reason for Referral data` and lists of dates refer nobody.
fn refers(said: &str) -> bool {
    let said = text::fold(said);
    !said.starts_with("no ") && said.contains("refer") && said.split_whitespace().count() >= 5
}

#[cfg(test)]
mod tests;
