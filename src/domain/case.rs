//! The case around a referral: milestones, tasks, timers, requests for information, notes and calls, appointments.
//!
//! Owns these records. Must not know when they are created or due: that is `settle` and `decide`.

use super::id::{AppointmentId, DocumentId, MilestoneId, NoteId, ReferralId, RequestId, TaskId, TimerId};
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

/// A request to the referring provider for what is missing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InfoRequest {
    /// Number.
    pub id: RequestId,
    /// Whose.
    pub referral: ReferralId,
    /// Printed on the request; re-attaches the answer to this referral.
    pub code: String,
    /// Keys of the items asked for.
    pub items: Vec<String>,
    /// When.
    pub sent_at: Stamp,
    /// When the answer came.
    pub answered_at: Option<Stamp>,
}

/// What a note records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// Something written down.
    Text,
    /// A phone call.
    Call,
}

/// Whom a call was made to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// The patient.
    Patient,
    /// The referring provider.
    Provider,
    /// The payer.
    Payer,
}

impl Party {
    /// As the desk says it.
    pub const fn label(self) -> &'static str {
        match self {
            Party::Patient => "patient",
            Party::Provider => "provider",
            Party::Payer => "payer",
        }
    }
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallOutcome {
    /// Spoke to them.
    Reached,
    /// Left a message.
    LeftMessage,
    /// Nobody answered.
    NoAnswer,
    /// Busy.
    Busy,
    /// They asked to be called later.
    CallLater,
    /// The number is wrong.
    WrongNumber,
}

impl CallOutcome {
    /// Every outcome, in the order of the digits 1 to 6.
    pub const ALL: [CallOutcome; 6] = [
        CallOutcome::Reached,
        CallOutcome::LeftMessage,
        CallOutcome::NoAnswer,
        CallOutcome::Busy,
        CallOutcome::CallLater,
        CallOutcome::WrongNumber,
    ];

    /// As the desk says it.
    pub const fn label(self) -> &'static str {
        match self {
            CallOutcome::Reached => "reached",
            CallOutcome::LeftMessage => "left a message",
            CallOutcome::NoAnswer => "no answer",
            CallOutcome::Busy => "busy",
            CallOutcome::CallLater => "asked to call later",
            CallOutcome::WrongNumber => "wrong number",
        }
    }
}

/// A call's facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// To whom.
    pub party: Party,
    /// How it ended.
    pub outcome: CallOutcome,
}

/// A note or a call on the timeline.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Number.
    pub id: NoteId,
    /// Whose.
    pub referral: ReferralId,
    /// When.
    pub at: Stamp,
    /// Who wrote it.
    pub author: String,
    /// Note or call.
    pub kind: NoteKind,
    /// The call's facts.
    pub call: Option<Call>,
    /// The text.
    pub text: String,
}

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
        self.starts_at + super::time::Span::minutes(i64::from(self.minutes))
    }
}

/// What the desk does with a document that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentState {
    /// A person must look: it stands in Intake.
    Intake,
    /// It belongs to a referral.
    Filed,
    /// A person looked and set it aside, with a reason.
    Dismissed,
}

/// A document: its facts. The bytes and the reading are kept beside, by content hash.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Number.
    pub id: DocumentId,
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub hash: String,
    /// The name it arrived under.
    pub name: String,
    /// What the reader took it for: the code of a document kind.
    pub kind: String,
    /// Size in bytes.
    pub size: u64,
    /// When it arrived.
    pub received_at: Stamp,
    /// What the desk does with it.
    pub state: DocumentState,
    /// Why it stands in Intake, or was dismissed.
    pub reason: Option<String>,
    /// The referral it belongs to.
    pub referral: Option<ReferralId>,
}

redacted!(Task, InfoRequest, Note, Appointment, Document);
