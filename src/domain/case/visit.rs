//! Appointments.
//!
//! Owns the record and its states. Must not know what a state means for the referral.

use crate::domain::id::{AppointmentId, ReferralId};
use crate::domain::person::redacted;
use crate::domain::time::{Span, Stamp};
use serde::{Deserialize, Serialize};

/// Where an appointment stands (FHIR appointmentstatus, the part the desk uses).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AppointmentState {
    /// Booked.
    Booked,
    /// The patient said yes.
    Confirmed,
    /// The visit took place.
    Fulfilled,
    /// The patient did not come.
    NoShow,
    /// Cancelled.
    Cancelled,
    /// Another appointment took its place.
    Rebooked,
}

impl AppointmentState {
    /// Whether it still lies ahead, as far as the desk knows.
    pub const fn is_live(self) -> bool {
        matches!(self, AppointmentState::Booked | AppointmentState::Confirmed)
    }

    /// As the desk says it.
    pub const fn label(self) -> &'static str {
        match self {
            AppointmentState::Booked => "booked",
            AppointmentState::Confirmed => "confirmed",
            AppointmentState::Fulfilled => "took place",
            AppointmentState::NoShow => "no-show",
            AppointmentState::Cancelled => "cancelled",
            AppointmentState::Rebooked => "rebooked",
        }
    }
}

/// An appointment.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// Number.
    pub id: AppointmentId,
    /// Whose.
    pub referral: ReferralId,
    /// Start.
    pub starts_at: Stamp,
    /// Length in minutes.
    pub minutes: u32,
    /// With whom.
    pub performer: String,
    /// Where.
    pub place: String,
    /// State.
    pub state: AppointmentState,
}

impl Appointment {
    /// When it is over.
    pub fn ends_at(&self) -> Stamp {
        self.starts_at + Span::minutes(i64::from(self.minutes))
    }
}

redacted!(Appointment);
