//! Patient (FHIR R4 §8.1), Practitioner (§8.4), PractitionerRole (§8.5) and Organization (§8.6).

use super::own::{self, Fields};
use super::{Sheet, Taken, number};
use crate::domain::person::{HumanName, Organization, OrganizationKind, Patient, Practitioner, Sex};
use crate::domain::referral::Referral;
use crate::standards::fhir::Node;
use serde_json::{Value, json};

const NPI: &str = "http://hl7.org/fhir/sid/us-npi";

pub fn print(sheet: &Sheet<'_>) -> Vec<Value> {
    let chart = sheet.chart;
    let mut all = vec![patient(&chart.patient)];
    all.extend(chart.requester.iter().map(practitioner));
    all.extend(role(sheet));
    all.extend(chart.organizations.iter().map(organization));
    all
}

/// Who asks: a practitioner of a practice, or one of both alone.
pub fn requester(sheet: &Sheet<'_>) -> Value {
    let referral = &sheet.chart.referral;
    match (referral.requester, referral.requester_org) {
        (Some(_), Some(_)) => sheet.with.to("PractitionerRole", role_id(referral)),
        (Some(id), None) => sheet.with.to("Practitioner", id.0),
        (None, Some(id)) => sheet.with.to("Organization", id.0),
        (None, None) => Value::Null,
    }
}

fn role_id(referral: &Referral) -> String {
    format!("role-{}", referral.id)
}

fn role(sheet: &Sheet<'_>) -> Option<Value> {
    let referral = &sheet.chart.referral;
    let (person, practice) = (referral.requester?, referral.requester_org?);
    Some(json!({
        "resourceType": "PractitionerRole", "id": role_id(referral),
        "practitioner": sheet.with.to("Practitioner", person.0), "organization": sheet.with.to("Organization", practice.0),
    }))
}

/// FHIR's administrative gender.
pub const fn gender(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "female",
        Sex::Male => "male",
        Sex::Other => "other",
        Sex::Unknown => "unknown",
    }
}

pub fn name(name: &HumanName) -> Value {
    json!([{ "use": "official", "family": name.family, "given": [name.given], "suffix": [name.suffix] }])
}

fn telecom(points: [(&str, &Option<String>); 3]) -> Vec<Value> {
    points
        .into_iter()
        .filter_map(|(system, value)| Some(json!({ "system": system, "value": value.as_ref()? })))
        .collect()
}

fn address(line: Option<&String>) -> Vec<Value> {
    line.map(|text| json!({ "text": text })).into_iter().collect()
}

fn patient(patient: &Patient) -> Value {
    let mrn = patient.mrn.as_ref().map(|mrn| {
        let kind = json!({ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR" }] });
        json!({ "type": kind, "system": own::system("mrn"), "value": mrn })
    });
    let spoken = (!patient.language.is_empty()).then(|| {
        let coding = json!([{ "system": "urn:ietf:bcp:47", "code": patient.language }]);
        json!({ "language": { "coding": coding }, "preferred": true })
    });
    let elsewhere = [
        "id", "name", "dob", "sex", "phone", "email", "address", "mrn", "language",
    ];
    json!({
        "resourceType": "Patient", "id": patient.id.0.to_string(), "extension": [own::rest("patient", patient, &elsewhere)],
        "identifier": mrn.into_iter().collect::<Vec<_>>(), "name": name(&patient.name),
        "telecom": telecom([("phone", &patient.phone), ("email", &patient.email), ("fax", &None)]), "gender": gender(patient.sex),
        "birthDate": patient.dob.map(|dob| dob.to_string()), "address": address(patient.address.as_ref()),
        "communication": spoken.into_iter().collect::<Vec<_>>(),
    })
}

fn practitioner(person: &Practitioner) -> Value {
    let npi = person
        .npi
        .as_ref()
        .map(|npi| json!({ "system": NPI, "value": npi }));
    let elsewhere = ["id", "name", "npi", "phone", "fax", "email"];
    json!({
        "resourceType": "Practitioner", "id": person.id.0.to_string(),
        "extension": [own::rest("practitioner", person, &elsewhere)], "identifier": npi.into_iter().collect::<Vec<_>>(),
        "name": name(&person.name),
        "telecom": telecom([("phone", &person.phone), ("fax", &person.fax), ("email", &person.email)]),
    })
}

fn organization(practice: &Organization) -> Value {
    let (code, display) = match practice.kind {
        OrganizationKind::Practice => ("prov", "Healthcare Provider"),
        OrganizationKind::Facility => ("dept", "Hospital Department"),
    };
    let system = "http://terminology.hl7.org/CodeSystem/organization-type";
    let elsewhere = ["id", "name", "phone", "fax", "email", "address"];
    json!({
        "resourceType": "Organization", "id": practice.id.0.to_string(),
        "extension": [own::rest("organization", practice, &elsewhere)],
        "type": [{ "coding": [{ "system": system, "code": code, "display": display }] }], "name": practice.name,
        "telecom": telecom([("phone", &practice.phone), ("fax", &practice.fax), ("email", &practice.email)]),
        "address": address(practice.address.as_ref()),
    })
}

/// The people around a referral.
pub struct Known {
    pub patient: Patient,
    pub requester: Option<Practitioner>,
    pub organizations: Vec<Organization>,
}

pub fn take(taken: &Taken<'_, '_>, referral: &Referral) -> Result<Known, String> {
    let subject = taken
        .root
        .get("subject")
        .and_then(|subject| taken.resources.follow(subject));
    let patient = subject.and_then(|node| Some((number(node)?, node, own::extension(node, "patient")?)));
    let (id, node, extension) = patient.ok_or_else(|| own::lost("Patient"))?;
    let patient = reached(named(Fields::of(extension), node), node, &["phone", "email"])
        .with("id", id)
        .text("dob", node.text("birthDate"))
        .text("sex", node.text("gender"))
        .text("mrn", node.text_at(&["identifier", "value"]))
        .text(
            "language",
            node.text_at(&["communication", "language", "coding", "code"]),
        )
        .record("Patient", &[], &["language"])?;
    let mut requester = None;
    for (id, node) in taken.records("Practitioner", "practitioner") {
        if referral.requester.is_some_and(|known| known.0 == id) {
            let fields = own::extension(node, "practitioner").map(Fields::of);
            let fields = fields.ok_or_else(|| own::lost("Practitioner"))?;
            let person = reached(named(fields, node), node, &["phone", "fax", "email"])
                .with("id", id)
                .text("npi", node.text_at(&["identifier", "value"]));
            requester = Some(person.record("Practitioner", &[], &[])?);
        }
    }
    let organizations = taken
        .records("Organization", "organization")
        .into_iter()
        .map(|(id, node)| {
            let fields = own::extension(node, "organization").map(Fields::of);
            reached(
                fields.ok_or_else(|| own::lost("Organization"))?,
                node,
                &["phone", "fax", "email"],
            )
            .with("id", id)
            .text("name", node.text("name"))
            .record("Organization", &[], &["name"])
        });
    let organizations: Vec<Organization> = organizations.collect::<Result<_, _>>()?;
    // Whom the request names is there, or it would be printed without them the next time.
    if referral.requester.is_some() && requester.is_none() {
        return Err(own::lost("Practitioner"));
    }
    let mut named = [referral.requester_org, referral.facility].into_iter().flatten();
    if !named.all(|id| organizations.iter().any(|known| known.id == id)) {
        return Err(own::lost("Organization"));
    }
    Ok(Known {
        patient,
        requester,
        organizations,
    })
}

pub fn named(fields: Fields, node: &Node) -> Fields {
    let part = |name: &str| {
        let text = node
            .get("name")
            .and_then(|all| all.get(name))
            .and_then(Node::as_text);
        crate::domain::text::line(text.unwrap_or_default())
    };
    let name = json!({ "family": part("family"), "given": part("given"), "suffix": part("suffix") });
    fields.with("name", name)
}

fn reached(mut fields: Fields, node: &Node, systems: &[&str]) -> Fields {
    for system in systems {
        let point = node
            .each("telecom")
            .find(|point| point.text("system") == Some(system));
        fields = fields.text(system, point.and_then(|point| point.text("value")));
    }
    fields.text("address", node.text_at(&["address", "text"]))
}
