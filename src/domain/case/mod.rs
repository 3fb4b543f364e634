//! The case around a referral: milestones, tasks, timers, requests for information, notes and calls, appointments.
//!
//! Owns these records. Must not know when they are created or due: that is `settle` and `decide`.

mod activity;
mod contact;
mod paper;
mod visit;

pub use activity::Activity;
pub use contact::{Call, CallOutcome, InfoRequest, Note, NoteKind, Party};
pub use paper::{Document, DocumentState, ENCLOSED};
pub use visit::{Appointment, AppointmentState};

use super::id::{MilestoneId, ReferralId, TaskId, TimerId};
use super::person::redacted;
use super::referral::Owner;
use super::time::Stamp;
use serde::{Deserialize, Serialize};

/// The milestones of the service level agreement (design, "Case and SLA").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MilestoneKind {
    /// The referrer was told that it arrived; for an emergency, by phone.
    Acknowledge,
    /// Accepted or declined.
    Decide,
    /// The patient was reached.
    FirstContact,
    /// An appointment is booked.
    Book,
    /// The visit took place.
    Visit,
    /// The report was delivered.
    Report,
}

impl MilestoneKind {
    /// Every milestone, in order.
    pub const ALL: [MilestoneKind; 6] = [
        MilestoneKind::Acknowledge,
        MilestoneKind::Decide,
        MilestoneKind::FirstContact,
        MilestoneKind::Book,
        MilestoneKind::Visit,
        MilestoneKind::Report,
    ];

    /// The name in templates, keys and the database.
    pub const fn code(self) -> &'static str {
        match self {
            MilestoneKind::Acknowledge => "acknowledge",
            MilestoneKind::Decide => "decide",
            MilestoneKind::FirstContact => "first-contact",
            MilestoneKind::Book => "book",
            MilestoneKind::Visit => "visit",
            MilestoneKind::Report => "report",
        }
    }

    /// As the desk says it.
    pub const fn label(self) -> &'static str {
        match self {
            MilestoneKind::FirstContact => "first contact",
            MilestoneKind::Acknowledge
            | MilestoneKind::Decide
            | MilestoneKind::Book
            | MilestoneKind::Visit
            | MilestoneKind::Report => self.code(),
        }
    }
}

/// One milestone of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// Number.
    pub id: MilestoneId,
    /// Whose.
    pub referral: ReferralId,
    /// Which.
    pub kind: MilestoneKind,
    /// By when.
    pub target_at: Stamp,
    /// When a warning is due.
    pub warn_at: Stamp,
    /// When it was reached.
    pub done_at: Option<Stamp>,
    /// When it was missed.
    pub breached_at: Option<Stamp>,
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskState {
    /// To do.
    Open,
    /// Done.
    Done,
    /// No longer needed.
    Cancelled,
}

/// A piece of work on a referral.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Number.
    pub id: TaskId,
    /// Whose.
    pub referral: ReferralId,
    /// Names the rule or template item that made it, so that it is made once.
    pub key: String,
    /// What to do.
    pub title: String,
    /// State.
    pub state: TaskState,
    /// Who has it; the referral's owner where none.
    pub owner: Option<Owner>,
    /// By when.
    pub due_at: Option<Stamp>,
    /// When it was done.
    pub done_at: Option<Stamp>,
}

/// What a timer does when it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimerKind {
    /// Remind the provider of what is missing.
    InfoReminder,
    /// Ask a person to call the provider: the reminder did not help.
    InfoEscalation,
    /// E-mail the patient: accepted, and still no booking.
    BookingEmail,
    /// Ask a person to call the patient: prompts did not help.
    BookingEscalation,
    /// A milestone comes near.
    SlaWarning,
    /// A milestone is missed.
    SlaBreach,
    /// An emergency has not been acknowledged.
    EmergencyEscalation,
    /// Remind the patient of the appointment.
    AppointmentReminder,
    /// The appointment is over and has no outcome.
    AppointmentPassed,
    /// The visit took place, and no report has come.
    ReportReminder,
    /// The report was handed over, and nobody knows that it arrived.
    ReportUnconfirmed,
    /// A coverage was recorded: the payer is asked about it.
    CoverageCheck,
    /// The payer has not answered.
    CoverageTimeout,
    /// What the payer said will not count on the day of the visit: the payer is asked again.
    CoverageRecheck,
}

impl TimerKind {
    /// The name of its rule, as the timeline shows it.
    pub const fn code(self) -> &'static str {
        match self {
            TimerKind::InfoReminder => "info-reminder",
            TimerKind::InfoEscalation => "info-escalation",
            TimerKind::BookingEmail => "booking-email",
            TimerKind::BookingEscalation => "booking-escalation",
            TimerKind::SlaWarning => "sla-warning",
            TimerKind::SlaBreach => "sla-breach",
            TimerKind::EmergencyEscalation => "emergency-escalation",
            TimerKind::AppointmentReminder => "appointment-reminder",
            TimerKind::AppointmentPassed => "appointment-passed",
            TimerKind::ReportReminder => "report-reminder",
            TimerKind::ReportUnconfirmed => "report-unconfirmed",
            TimerKind::CoverageCheck => "coverage-check",
            TimerKind::CoverageTimeout => "coverage-timeout",
            TimerKind::CoverageRecheck => "coverage-recheck",
        }
    }
}

/// Where a timer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimerState {
    /// Waiting for its time.
    Pending,
    /// Went off; kept, so that the same occasion never goes off twice.
    Fired,
    /// No longer wanted.
    Cancelled,
}

/// A timer. Its key names rule, referral and occasion (never a time), and is unique in the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// Number.
    pub id: TimerId,
    /// Whose.
    pub referral: ReferralId,
    /// `info-reminder/R-20417-F/RQ-12`.
    pub key: String,
    /// What it does.
    pub kind: TimerKind,
    /// The milestone that it watches.
    pub milestone: Option<MilestoneKind>,
    /// When.
    pub due_at: Stamp,
    /// State.
    pub state: TimerState,
}

redacted!(Task);
