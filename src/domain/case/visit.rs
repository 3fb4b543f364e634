//! Appointments.
//!
//! Owns the record, its states, and the rule by which what others say of it becomes one state. Must not know what a state
//! means for the referral.

use super::activity::Activity;
use crate::domain::id::{AppointmentId, ReferralId};
use crate::domain::person::redacted;
use crate::domain::time::{Span, Stamp};
use serde::{Deserialize, Serialize};

/// Where an appointment stands (FHIR appointmentstatus, the part the desk uses), in the order in which one is further along:
/// of two things that were so at the same time, the later of these counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AppointmentState {
    /// Booked.
    Booked,
    /// The patient said yes.
    Confirmed,
    /// Another appointment took its place.
    Rebooked,
    /// Cancelled.
    Cancelled,
    /// The patient did not come.
    NoShow,
    /// The visit took place.
    Fulfilled,
}

/// At most this much activity is kept of one appointment: the latest. A visit that was moved a hundred times has no use for
/// how it was the first time.
const MOST_ACTIVITY: usize = 100;

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
    /// What the system that keeps it calls it, where another system does: `hl7/EPIC/36996`.
    #[serde(default)]
    pub external: Option<String>,
    /// What became known of it, in the order in which it was so; empty where it was made at the desk and nobody else spoke
    /// of it.
    #[serde(default)]
    pub activity: Vec<Activity>,
}

impl Appointment {
    /// When it is over.
    pub fn ends_at(&self) -> Stamp {
        self.starts_at + Span::minutes(i64::from(self.minutes))
    }

    /// Names it in keys of timers and messages: its number, and the how-manieth time it has, so that a moved visit is
    /// announced and reminded of anew.
    pub fn occasion(&self) -> String {
        let mut times: Vec<Stamp> = self.activity.iter().filter_map(|each| each.starts_at).collect();
        times.sort_unstable();
        times.dedup();
        match times.len() {
            0 | 1 => self.id.to_string(),
            several => format!("{}.{several}", self.id),
        }
    }

    /// Hears of it. What was heard before changes nothing; what is older than what is known changes only what nothing newer
    /// says. So any order of arrival, and any number of repeats, comes to the same.
    pub fn hear(&mut self, activity: Activity) {
        if let Err(place) = self.activity.binary_search(&activity) {
            self.activity.insert(place, activity);
        }
        let more = self.activity.len().saturating_sub(MOST_ACTIVITY);
        self.activity.drain(..more);
        fn latest<T>(all: &[Activity], of: impl Fn(&Activity) -> Option<T>) -> Option<T> {
            all.iter().rev().find_map(of)
        }
        let all = &self.activity;
        self.state = latest(all, |each| each.state).unwrap_or(AppointmentState::Booked);
        // Where nobody has said when, the time of what was said stands in.
        let said = latest(all, |each| each.starts_at);
        if let Some(starts_at) = said.or_else(|| latest(all, |each| each.as_of)) {
            self.starts_at = starts_at;
        }
        self.minutes = latest(all, |each| each.minutes).unwrap_or(self.minutes);
        if let Some(performer) = latest(all, |each| each.performer.clone()) {
            self.performer = performer;
        }
        if let Some(place) = latest(all, |each| each.place.clone()) {
            self.place = place;
        }
    }

    /// Where an appointment that was made here stood when others began to speak of it; `since` is when it came to its end.
    pub fn as_made_here(&self, since: Stamp) -> Activity {
        Activity {
            as_of: (!self.state.is_live()).then_some(since),
            sequence: None,
            state: Some(self.state),
            starts_at: Some(self.starts_at),
            minutes: Some(self.minutes),
            performer: Some(self.performer.clone()),
            place: Some(self.place.clone()),
        }
    }
}

redacted!(Appointment);
