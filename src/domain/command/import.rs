//! What another system hands over when the clinic goes live: a referral with its standing and its past.
//!
//! Owns the forms of `import`, for other systems' referrals, and of `take-over`, for the charts that this program printed. Must not
//! decide what of them is taken for granted.

use super::Receive;
use crate::domain::case::{Appointment, Note};
use crate::domain::chart::Chart;
use crate::domain::coverage::Eligibility;
use crate::domain::id::{OrganizationId, PatientId, PractitionerId, ReferralId};
use crate::domain::record::Entity;
use crate::domain::referral::Owner;
use crate::domain::status::Status;
use crate::domain::time::{Day, Stamp};
use serde::{Deserialize, Serialize};

/// A referral that is brought over.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// The system that it comes from, as the timeline names it.
    pub system: String,
    /// What that system calls the referral: with the system's name unique here, so that it is brought over once.
    pub external: String,
    /// Who and what it is about, as of any referral that comes in.
    pub referral: Receive,
    /// Where it stands.
    #[serde(default)]
    pub standing: Standing,
    /// Appointments. Their numbers only tell them from one another: here they get others.
    #[serde(default)]
    pub appointments: Vec<Appointment>,
    /// Notes and calls.
    #[serde(default)]
    pub notes: Vec<Note>,
}

impl Import {
    /// The client id of the action: the same referral of the same system is brought over once.
    pub fn key(&self) -> String {
        import_key(&self.system, &self.external)
    }
}

/// See [`Import::key`].
pub fn import_key(system: &str, external: &str) -> String {
    format!("import/{system}/{external}")
}

/// Where a referral stands in the system that hands it over.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Standing {
    /// Its status, as here; received where nothing is said.
    pub status: Option<Status>,
    /// Since when; since it was received, where nothing is said.
    pub since: Option<Stamp>,
    /// Why.
    pub reason: Option<String>,
    /// Who has the next action.
    pub owner: Option<Owner>,
    /// Who will see the patient.
    pub performer: Option<String>,
    /// When an emergency was acknowledged by phone.
    pub acknowledged_at: Option<Stamp>,
    /// What is known of the coverages, in their order.
    pub checks: Vec<Checked>,
    /// What the same system calls the referral that this one replaces.
    pub replaces: Option<String>,
}

/// What a payer said of a coverage before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checked {
    /// Where the coverage stands.
    pub eligibility: Eligibility,
    /// When the payer last answered.
    #[serde(default)]
    pub checked_at: Option<Stamp>,
    /// The last day on which that counts.
    #[serde(default)]
    pub valid_until: Option<Day>,
    /// What the payer said, in words.
    #[serde(default)]
    pub note: Option<String>,
}

/// A chart that this program printed elsewhere, or here before: it goes on as it was, under new numbers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeOver {
    /// The name of the chart's request, which no other has: it is taken over once.
    pub name: String,
    /// The chart, under the numbers that it had.
    pub chart: Box<Chart>,
    /// Those of its people and practices who are on record here.
    #[serde(default)]
    pub known: Known,
    /// What did not come along: written as a note.
    #[serde(default)]
    pub remarks: Vec<String>,
}

impl TakeOver {
    /// The client id of the action.
    pub fn key(&self) -> String {
        import_key("refdesk", &self.name)
    }
}

/// People and practices of a chart who are on record here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Known {
    /// The patient.
    pub patient: Option<PatientId>,
    /// The referring practitioner.
    pub requester: Option<PractitionerId>,
    /// Practices and sites: the number that each has in the chart, and the one here.
    pub organizations: Vec<(OrganizationId, OrganizationId)>,
    /// The referral that it replaces.
    pub replaces: Option<ReferralId>,
}

impl Known {
    /// The records that it names, but for the referral.
    pub fn all(&self) -> Vec<(Entity, i64)> {
        let patient = self.patient.map(|id| (Entity::Patient, id.0));
        let requester = self.requester.map(|id| (Entity::Practitioner, id.0));
        let practices = self
            .organizations
            .iter()
            .map(|(_, id)| (Entity::Organization, id.0));
        patient.into_iter().chain(requester).chain(practices).collect()
    }
}
