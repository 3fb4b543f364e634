//! What a referral brings along when it comes in: people, practices, coverages and documents, known or new.
//!
//! Owns these parts and the form of `receive`. Must not decide who is known.

use crate::domain::coverage::{Authorization, Subscriber};
use crate::domain::id::{DocumentId, OrganizationId, PatientId, PractitionerId, ReferralId};
use crate::domain::person::{Channel, Consent, HumanName, Sex};
use crate::domain::priority::Priority;
use crate::domain::referral::Source;
use crate::domain::time::{Day, Stamp};
use serde::{Deserialize, Serialize};

/// A record that is known already, or is to be made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ref<I, N> {
    /// Known.
    Known(I),
    /// New.
    New(N),
}

/// A patient as first heard of.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewPatient {
    /// Name.
    pub name: HumanName,
    /// Date of birth.
    pub dob: Option<Day>,
    /// Administrative gender.
    pub sex: Sex,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// The clinic's own record number.
    pub mrn: Option<String>,
    /// Preferred language; English where nothing is said.
    pub language: Option<String>,
    /// Preferred channel.
    pub preferred: Option<Channel>,
    /// About e-mail.
    pub email_consent: Consent,
    /// About text messages.
    pub sms_consent: Consent,
}

/// A referring practitioner as first heard of.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewPractitioner {
    /// Name, credentials as its suffix.
    pub name: HumanName,
    /// NPI.
    pub npi: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Fax.
    pub fax: Option<String>,
    /// E-mail.
    pub email: Option<String>,
}

/// A practice or facility as first heard of.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewOrganization {
    /// Name.
    pub name: String,
    /// Telephone.
    pub phone: Option<String>,
    /// Fax.
    pub fax: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
}

/// A coverage as first heard of.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewCoverage {
    /// Payer.
    pub payer: String,
    /// Member id.
    pub member_id: Option<String>,
    /// Group number.
    pub group_no: Option<String>,
    /// Whose plan it is, where it is not the patient's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscriber: Option<Subscriber>,
}

/// A document that has just come in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDocument {
    /// SHA-256 of its bytes, lower-case hexadecimal.
    pub hash: String,
    /// The name it arrived under.
    pub name: String,
    /// What the reader took it for.
    pub kind: String,
    /// Size in bytes.
    pub size: u64,
}

/// A referral that comes in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receive {
    /// How.
    pub source: Source,
    /// When it arrived; now, where nothing is said. Never in the future.
    #[serde(default)]
    pub received_at: Option<Stamp>,
    /// The document that it was read from.
    #[serde(default)]
    pub document: Option<Ref<DocumentId, NewDocument>>,
    /// Key of the template.
    pub template: String,
    /// Service; the template's first where nothing is said.
    #[serde(default)]
    pub service: Option<String>,
    /// As listed; routine where nothing is said.
    #[serde(default)]
    pub priority: Option<Priority>,
    /// Patient.
    pub patient: Ref<PatientId, NewPatient>,
    /// Referring practitioner.
    #[serde(default)]
    pub requester: Option<Ref<PractitionerId, NewPractitioner>>,
    /// Referring practice.
    #[serde(default)]
    pub organization: Option<Ref<OrganizationId, NewOrganization>>,
    /// Site of the clinic.
    #[serde(default)]
    pub facility: Option<OrganizationId>,
    /// Reason in words.
    #[serde(default)]
    pub reason_text: String,
    /// ICD-10-CM codes.
    #[serde(default)]
    pub reason_codes: Vec<String>,
    /// Procedure codes.
    #[serde(default)]
    pub procedure_codes: Vec<String>,
    /// Coverages, primary first.
    #[serde(default)]
    pub coverages: Vec<NewCoverage>,
    /// Authorisation.
    #[serde(default)]
    pub authorization: Option<Authorization>,
    /// Keys of required documents that came along.
    #[serde(default)]
    pub provided: Vec<String>,
    /// What a person should look at first: written as a note.
    #[serde(default)]
    pub remarks: Vec<String>,
    /// The referral that this one replaces.
    #[serde(default)]
    pub replaces: Option<ReferralId>,
}
