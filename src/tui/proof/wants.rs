//! What the referral cannot do without, as the review stands: the template's requirements minus what is there.
//!
//! Owns the way from a requirement to the field that satisfies it. Must not know how a line is drawn.

use super::Proof;
use crate::domain::policy::Policy;
use crate::domain::requirements::applies_to;
use crate::domain::template::{Need, Requirement, Template};
use crate::intake::document::Field;

/// The fields of which one satisfies a requirement; none for a document.
pub const fn fields_of(need: Need) -> &'static [Field] {
    match need {
        Need::PatientDob => &[Field::Dob],
        Need::PatientContact => &[Field::PatientPhone, Field::PatientEmail],
        Need::PatientAddress => &[Field::PatientAddress],
        Need::Requester => &[Field::ReferringProviderName],
        Need::RequesterNpi => &[Field::ReferringNpi],
        Need::ReasonText => &[Field::ReasonText],
        Need::ReasonCode => &[Field::Icd10],
        Need::Payer => &[Field::Payer],
        Need::MemberId => &[Field::MemberId],
        Need::Authorization => &[Field::AuthNumber],
        Need::Document => &[],
    }
}

/// The fields that a template's requirements name; a name and a specialty are always needed.
pub fn wanted(template: Option<&Template>) -> Vec<Field> {
    let always = [Field::PatientName, Field::SpecialtyRequested];
    let needs = template.map(|template| template.requirements.iter());
    let named = needs.into_iter().flatten().filter(|requirement| {
        // What only some payers or services need is told as soon as it is known that they do.
        requirement.payers.is_empty() && requirement.services.is_empty()
    });
    let named = named.flat_map(|requirement| fields_of(requirement.need).first());
    always.into_iter().chain(named.copied()).collect()
}

impl Proof {
    /// The template of the referral that this becomes, or is.
    pub fn template<'a>(&self, policy: &'a Policy) -> Option<&'a Template> {
        match &self.referral {
            Some(row) => policy.template_for(&row.specialty),
            None => policy.template_for(&self.value(Field::SpecialtyRequested)?),
        }
    }

    /// The requirements that apply, each with whether it is met.
    pub fn checklist<'a>(&self, policy: &'a Policy) -> Vec<(&'a Requirement, bool)> {
        let Some(template) = self.template(policy) else {
            return Vec::new();
        };
        let service = self.value(Field::ServiceRequested);
        let service = service.or_else(|| template.services.first().cloned());
        let payer = self.value(Field::Payer).unwrap_or_default();
        let applies = |need: &&Requirement| applies_to(need, service.as_deref().unwrap_or_default(), &payer);
        let met = |need: &Requirement| {
            self.ticked.contains(&need.key)
                || self.settled.contains(&need.key)
                || fields_of(need.need)
                    .iter()
                    .any(|field| self.value(*field).is_some())
        };
        let needs = template.requirements.iter().filter(applies);
        needs.map(|need| (need, met(need))).collect()
    }

    /// Labels of what is missing.
    pub fn missing(&self, policy: &Policy) -> Vec<String> {
        let list = self.checklist(policy).into_iter().filter(|(_, met)| !met);
        list.map(|(need, _)| need.label_in("en").to_owned()).collect()
    }
}
