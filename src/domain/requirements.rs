//! What is missing: what this specialty and payer require, minus what is there (design, "Missing information").
//!
//! Owns the pure check. Must not know how an item is asked for.

use super::snapshot::Snapshot;
use super::template::{Need, Requirement, Template};
use super::text::fold;

/// The requirements that apply to the snapshot's referral, each with whether it is met.
pub fn checklist<'a>(snapshot: &Snapshot, template: &'a Template) -> Vec<(&'a Requirement, bool)> {
    template
        .requirements
        .iter()
        .filter(|requirement| applies(snapshot, requirement))
        .map(|requirement| (requirement, is_met(snapshot, requirement)))
        .collect()
}

/// Keys of what is missing, in the template's order.
pub fn missing(snapshot: &Snapshot, template: &Template) -> Vec<String> {
    checklist(snapshot, template)
        .into_iter()
        .filter(|(_, met)| !met)
        .map(|(requirement, _)| requirement.key.clone())
        .collect()
}

fn applies(snapshot: &Snapshot, requirement: &Requirement) -> bool {
    let for_service = || {
        let service = snapshot
            .referral()
            .map(|referral| fold(&referral.service))
            .unwrap_or_default();
        requirement.services.iter().any(|name| fold(name) == service)
    };
    let for_payer = || {
        let payer = snapshot
            .primary_coverage()
            .map(|coverage| fold(&coverage.payer))
            .unwrap_or_default();
        // A payer is named by a part of its name: "hmo" means every HMO.
        let mut names = requirement.payers.iter().map(|name| fold(name));
        names.any(|name| !name.is_empty() && payer.contains(&name))
    };
    (requirement.services.is_empty() || for_service()) && (requirement.payers.is_empty() || for_payer())
}

fn is_met(snapshot: &Snapshot, requirement: &Requirement) -> bool {
    let Some(referral) = snapshot.referral() else {
        return false;
    };
    if referral.waived.contains(&requirement.key) || referral.provided.contains(&requirement.key) {
        return true;
    }
    let patient = snapshot.patient(referral.patient);
    let requester = snapshot.practitioner(referral.requester);
    let coverage = snapshot.primary_coverage();
    match requirement.need {
        Need::PatientDob => patient.is_some_and(|patient| patient.dob.is_some()),
        Need::PatientContact => {
            patient.is_some_and(|patient| patient.phone.is_some() || patient.email.is_some())
        }
        Need::PatientAddress => patient.is_some_and(|patient| patient.address.is_some()),
        Need::Requester => requester.is_some(),
        Need::RequesterNpi => requester.is_some_and(|requester| requester.npi.is_some()),
        Need::ReasonText => !referral.reason_text.is_empty(),
        Need::ReasonCode => !referral.reason_codes.is_empty(),
        Need::Payer => coverage.is_some(),
        Need::MemberId => coverage.is_some_and(|coverage| coverage.member_id.is_some()),
        Need::Authorization => referral.authorization.is_some(),
        Need::Document => false,
    }
}
