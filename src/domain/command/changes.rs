//! Corrections: what a command may change of a referral and of its patient.
//!
//! Owns their form. Must not check values.

use super::receive::{NewOrganization, NewPractitioner, Ref};
use crate::domain::id::{OrganizationId, PractitionerId};
use crate::domain::person::{Channel, Consent, HumanName, Practitioner, Sex};
use crate::domain::time::Day;
use serde::{Deserialize, Serialize};

/// Corrections to a referral; what is not named stays.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReferralChanges {
    /// Service.
    pub service: Option<String>,
    /// Reason in words.
    pub reason_text: Option<String>,
    /// ICD-10-CM codes.
    pub reason_codes: Option<Vec<String>>,
    /// Procedure codes.
    pub procedure_codes: Option<Vec<String>>,
    /// Referring practitioner.
    pub requester: Option<Ref<PractitionerId, NewPractitioner>>,
    /// Referring practice.
    pub organization: Option<Ref<OrganizationId, NewOrganization>>,
    /// Site of the clinic.
    pub facility: Option<OrganizationId>,
    /// Who will see the patient.
    pub performer: Option<String>,
    /// Corrections to the referring practitioner's own record: every referral that names them has them so. Where somebody else is
    /// meant, that is a `requester`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub practitioner: Option<Box<PractitionerChanges>>,
}

/// Corrections to a practitioner's record; what is not named stays. An empty text takes a value away.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PractitionerChanges {
    /// Name.
    pub name: Option<HumanName>,
    /// National provider identifier.
    pub npi: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Fax.
    pub fax: Option<String>,
    /// E-mail.
    pub email: Option<String>,
}

impl PractitionerChanges {
    /// What of a practitioner on record is otherwise in what was given, each value as given: none stands for one that is empty.
    /// Where nothing is, none.
    pub fn between(known: &Practitioner, given: &NewPractitioner) -> Option<Box<PractitionerChanges>> {
        let value = |known: &Option<String>, given: &Option<String>| {
            (known != given).then(|| given.clone().unwrap_or_default())
        };
        // Whoever writes a name without its suffix does not take that away.
        let name = HumanName {
            suffix: Some(given.name.suffix.clone())
                .filter(|suffix| !suffix.is_empty())
                .unwrap_or_else(|| known.name.suffix.clone()),
            ..given.name.clone()
        };
        let changes = PractitionerChanges {
            name: (name != known.name).then_some(name),
            npi: value(&known.npi, &given.npi),
            phone: value(&known.phone, &given.phone),
            fax: value(&known.fax, &given.fax),
            email: value(&known.email, &given.email),
        };
        (changes != PractitionerChanges::default()).then(|| Box::new(changes))
    }
}

/// Corrections to a patient; what is not named stays. An empty text takes a value away.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PatientChanges {
    /// Name.
    pub name: Option<HumanName>,
    /// Date of birth.
    pub dob: Option<Day>,
    /// Administrative gender.
    pub sex: Option<Sex>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// The clinic's own record number.
    pub mrn: Option<String>,
    /// Preferred language.
    pub language: Option<String>,
    /// Preferred channel.
    pub preferred: Option<Channel>,
    /// About e-mail.
    pub email_consent: Option<Consent>,
    /// About text messages.
    pub sms_consent: Option<Consent>,
}
