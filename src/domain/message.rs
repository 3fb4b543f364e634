//! Messages that leave the clinic.
//!
//! Owns the record of the outbox and its states (design, "Outreach"; the outbox part of the reliability rules). Must not
//! know texts or channels' wires.

use super::case::Party;
use super::id::{DocumentId, MessageId, ReferralId};
use super::person::{Channel, redacted};
use super::time::{Span, Stamp};
use serde::{Deserialize, Serialize};

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessageState {
    /// Waiting for its time.
    Queued,
    /// A sender has claimed it.
    Sending,
    /// The channel took it.
    HandedOver,
    /// It may have left and may not: a person decides.
    Uncertain,
    /// It did not leave.
    Failed,
    /// The other side's system has it.
    Delivered,
    /// The other side's person answered.
    Acknowledged,
    /// A person keeps it back.
    Held,
    /// Not to be sent.
    Cancelled,
}

impl MessageState {
    /// Every state.
    pub const ALL: [MessageState; 9] = [
        MessageState::Queued,
        MessageState::Sending,
        MessageState::HandedOver,
        MessageState::Uncertain,
        MessageState::Failed,
        MessageState::Delivered,
        MessageState::Acknowledged,
        MessageState::Held,
        MessageState::Cancelled,
    ];

    /// The name in the database and in scripts.
    pub const fn code(self) -> &'static str {
        match self {
            MessageState::Queued => "queued",
            MessageState::Sending => "sending",
            MessageState::HandedOver => "handed-over",
            MessageState::Uncertain => "uncertain",
            MessageState::Failed => "failed",
            MessageState::Delivered => "delivered",
            MessageState::Acknowledged => "acknowledged",
            MessageState::Held => "held",
            MessageState::Cancelled => "cancelled",
        }
    }

    /// What it may become.
    pub const fn next(self) -> &'static [MessageState] {
        use MessageState as S;
        match self {
            S::Queued => &[S::Sending, S::Held, S::Cancelled, S::Failed],
            S::Sending => &[S::HandedOver, S::Uncertain, S::Failed, S::Queued],
            S::HandedOver => &[S::Delivered, S::Acknowledged, S::Failed],
            S::Uncertain => &[S::HandedOver, S::Queued, S::Cancelled],
            S::Failed => &[S::Queued, S::Cancelled],
            S::Delivered => &[S::Acknowledged],
            S::Held => &[S::Queued, S::Cancelled],
            S::Acknowledged | S::Cancelled => &[],
        }
    }

    /// Whether it has left the clinic, or may have.
    pub const fn has_left(self) -> bool {
        match self {
            MessageState::Sending
            | MessageState::HandedOver
            | MessageState::Uncertain
            | MessageState::Delivered
            | MessageState::Acknowledged => true,
            MessageState::Queued | MessageState::Failed | MessageState::Held | MessageState::Cancelled => {
                false
            }
        }
    }
}

/// Waits before a message is tried again after the channel could not take it, one a try; after the last it has failed, and
/// is work. RFC 5321 4.5.4.1 asks for half an hour between tries and days of patience; a referral's letter is looked after
/// by a person within the day, so the waits are shorter at first and end sooner.
const WAITS: [i64; 6] = [1, 5, 30, 2 * 60, 6 * 60, 12 * 60];

/// How long to wait after the how-manieth try (from 1); none where there is no further try.
pub fn wait_after(attempt: u32) -> Option<Span> {
    let place = usize::try_from(attempt).ok()?.checked_sub(1)?;
    WAITS.get(place).copied().map(Span::minutes)
}

/// What a message says; the key of its texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessageKind {
    /// To the provider: it arrived.
    AckProvider,
    /// To the patient: it arrived.
    AckPatient,
    /// To the provider: this is missing.
    InfoRequest,
    /// To the provider: this is still missing.
    InfoReminder,
    /// To the provider: accepted.
    AcceptedProvider,
    /// To the patient: accepted, please book.
    BookingPrompt,
    /// To the patient: please book, by e-mail.
    BookingEmail,
    /// To the provider: declined, and what would make it acceptable.
    DeclinedProvider,
    /// To the patient: the clinic cannot see you; your doctor was told.
    DeclinedPatient,
    /// To the provider: on the waiting list.
    WaitlistedProvider,
    /// To the patient: on the waiting list.
    WaitlistedPatient,
    /// To the patient: your appointment.
    ScheduledPatient,
    /// To the provider: booked.
    ScheduledProvider,
    /// To the patient: a reminder of the appointment.
    AppointmentReminder,
    /// To the provider: the patient did not come.
    NoShowProvider,
    /// To the patient: you missed your appointment, please book another.
    NoShowPatient,
    /// To the patient, who could not be reached: please call us.
    ContactRequest,
    /// To the patient: the appointment is cancelled.
    AppointmentCancelledPatient,
    /// To the provider: the visit took place, the report follows.
    CompletedProvider,
    /// To the provider: the report, enclosed.
    ReportProvider,
    /// To the provider: completed.
    ClosedProvider,
    /// To the provider: the referral was cancelled.
    CancelledProvider,
    /// To the patient: the referral was cancelled.
    CancelledPatient,
    /// To the patient: what a rule of the clinic says.
    NoticePatient,
    /// To the provider: what a rule of the clinic says.
    NoticeProvider,
    /// To the system that sent the referral: where it stands. Data, made when it leaves; its text is for whoever looks at the
    /// outbox.
    StatusUpdate,
}

impl MessageKind {
    /// Every kind.
    pub const ALL: [MessageKind; 26] = [
        MessageKind::AckProvider,
        MessageKind::AckPatient,
        MessageKind::InfoRequest,
        MessageKind::InfoReminder,
        MessageKind::AcceptedProvider,
        MessageKind::BookingPrompt,
        MessageKind::BookingEmail,
        MessageKind::DeclinedProvider,
        MessageKind::DeclinedPatient,
        MessageKind::WaitlistedProvider,
        MessageKind::WaitlistedPatient,
        MessageKind::ScheduledPatient,
        MessageKind::ScheduledProvider,
        MessageKind::AppointmentReminder,
        MessageKind::NoShowProvider,
        MessageKind::NoShowPatient,
        MessageKind::ContactRequest,
        MessageKind::AppointmentCancelledPatient,
        MessageKind::CompletedProvider,
        MessageKind::ReportProvider,
        MessageKind::ClosedProvider,
        MessageKind::CancelledProvider,
        MessageKind::CancelledPatient,
        MessageKind::NoticePatient,
        MessageKind::NoticeProvider,
        MessageKind::StatusUpdate,
    ];

    /// Whether the clinic words it, in a text of every language.
    pub const fn is_worded(self) -> bool {
        !matches!(self, MessageKind::StatusUpdate)
    }

    /// Whether a rule of the clinic says what it says: its text is a frame around that.
    pub const fn is_notice(self) -> bool {
        matches!(self, MessageKind::NoticePatient | MessageKind::NoticeProvider)
    }

    /// Its key in the texts and in message keys.
    pub const fn code(self) -> &'static str {
        match self {
            MessageKind::AckProvider => "ack-provider",
            MessageKind::AckPatient => "ack-patient",
            MessageKind::InfoRequest => "info-request",
            MessageKind::InfoReminder => "info-reminder",
            MessageKind::AcceptedProvider => "accepted-provider",
            MessageKind::BookingPrompt => "booking-prompt",
            MessageKind::BookingEmail => "booking-email",
            MessageKind::DeclinedProvider => "declined-provider",
            MessageKind::DeclinedPatient => "declined-patient",
            MessageKind::WaitlistedProvider => "waitlisted-provider",
            MessageKind::WaitlistedPatient => "waitlisted-patient",
            MessageKind::ScheduledPatient => "scheduled-patient",
            MessageKind::ScheduledProvider => "scheduled-provider",
            MessageKind::AppointmentReminder => "appointment-reminder",
            MessageKind::NoShowProvider => "no-show-provider",
            MessageKind::NoShowPatient => "no-show-patient",
            MessageKind::ContactRequest => "contact-request",
            MessageKind::AppointmentCancelledPatient => "appointment-cancelled-patient",
            MessageKind::CompletedProvider => "completed-provider",
            MessageKind::ReportProvider => "report-provider",
            MessageKind::ClosedProvider => "closed-provider",
            MessageKind::CancelledProvider => "cancelled-provider",
            MessageKind::CancelledPatient => "cancelled-patient",
            MessageKind::NoticePatient => "notice-patient",
            MessageKind::NoticeProvider => "notice-provider",
            MessageKind::StatusUpdate => "status-update",
        }
    }

    /// Whom it is for.
    pub const fn party(self) -> Party {
        match self {
            MessageKind::AckPatient
            | MessageKind::BookingPrompt
            | MessageKind::BookingEmail
            | MessageKind::DeclinedPatient
            | MessageKind::WaitlistedPatient
            | MessageKind::ScheduledPatient
            | MessageKind::AppointmentReminder
            | MessageKind::NoShowPatient
            | MessageKind::ContactRequest
            | MessageKind::AppointmentCancelledPatient
            | MessageKind::CancelledPatient
            | MessageKind::NoticePatient => Party::Patient,
            MessageKind::AckProvider
            | MessageKind::InfoRequest
            | MessageKind::InfoReminder
            | MessageKind::AcceptedProvider
            | MessageKind::DeclinedProvider
            | MessageKind::WaitlistedProvider
            | MessageKind::ScheduledProvider
            | MessageKind::NoShowProvider
            | MessageKind::CompletedProvider
            | MessageKind::ReportProvider
            | MessageKind::ClosedProvider
            | MessageKind::CancelledProvider
            | MessageKind::NoticeProvider
            | MessageKind::StatusUpdate => Party::Provider,
        }
    }
}

/// A message in the outbox.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Number.
    pub id: MessageId,
    /// Whose.
    pub referral: ReferralId,
    /// Rule, referral and occasion: unique in the store, so that it is sent once whatever crashes.
    pub key: String,
    /// What it says.
    pub kind: MessageKind,
    /// By which way.
    pub channel: Channel,
    /// To where: an address or a number.
    pub address: String,
    /// To whom, by name.
    pub recipient: String,
    /// The language of its text.
    pub language: String,
    /// Subject; empty for a text message.
    pub subject: String,
    /// Text.
    pub body: String,
    /// State.
    pub state: MessageState,
    /// Why it failed, is held or is uncertain.
    pub detail: Option<String>,
    /// When it was written.
    pub created_at: Stamp,
    /// It does not leave before this.
    pub not_before: Stamp,
    /// Claims so far; with `sender` it fences the completion of a claim.
    pub attempt: u32,
    /// The sender that has claimed it.
    pub sender: Option<String>,
    /// When the channel took it.
    pub sent_at: Option<Stamp>,
    /// Who read it before it left, where somebody did: the first of its kind on a channel waits for that.
    #[serde(default)]
    pub released_by: Option<String>,
    /// The document that goes with it.
    #[serde(default)]
    pub document: Option<DocumentId>,
}

redacted!(Message);
