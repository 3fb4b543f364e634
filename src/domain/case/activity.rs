//! Activity: what another system, or a person here, said of an appointment.
//!
//! Owns the record and the order of two of them. Must not know formats, or what an appointment makes of it.

use super::AppointmentState;
use crate::domain::time::Stamp;
use serde::{Deserialize, Serialize};

/// What was said of an appointment, once. The order of the fields is the order of two activities: by the time at which it
/// was so, then by the system's own count of changes, then by what is further along.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// When it was so, as the other system says: HL7 v2 MSH-7, FHIR `meta.lastUpdated`, iCalendar LAST-MODIFIED or DTSTAMP.
    /// What says nothing of its time is older than what does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Stamp>,
    /// The system's own count of changes: iCalendar SEQUENCE (RFC 5545 3.8.7.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
    /// What became of it; none where only details changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<AppointmentState>,
    /// Start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Stamp>,
    /// Length in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// With whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performer: Option<String>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

impl Activity {
    /// What a person here said of it.
    pub const fn by_hand(now: Stamp, state: AppointmentState) -> Activity {
        Activity {
            as_of: Some(now),
            sequence: None,
            state: Some(state),
            starts_at: None,
            minutes: None,
            performer: None,
            place: None,
        }
    }
}

impl std::fmt::Debug for Activity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Activity({:?} as of {:?})", self.state, self.as_of)
    }
}
