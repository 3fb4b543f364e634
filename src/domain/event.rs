//! Events: what happened, and every value that it changed.
//!
//! Owns the closed list of facts. An event is append-only; audit, timeline and undo read the same one. Must not decide.

use super::case::{Call, MilestoneKind, TimerKind};
use super::id::{PatientId, ReferralId};
use super::message::{MessageKind, MessageState};
use super::person::Channel;
use super::priority::Priority;
use super::record::Patch;
use super::referral::{HoldKind, Owner, PauseReason, Source};
use super::status::Status;
use super::time::Stamp;
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Fact {
    /// A referral arrived.
    Received {
        /// How.
        source: Source,
        /// From which template its records were made.
        template: String,
    },
    /// A referral was brought over from another system.
    Imported {
        /// Which.
        system: String,
        /// What that system calls it.
        external: String,
        /// Where it stood there, and stands here.
        status: Status,
    },
    /// It happened before the referral was brought over, in this program elsewhere.
    Before {
        /// When.
        at: Stamp,
        /// Who.
        actor: String,
        /// What stood behind it: the code of a cause.
        cause: String,
        /// What.
        what: Box<Fact>,
    },
    /// A patient, practitioner or organisation became known.
    PersonAdded,
    /// Details of a person or of the referral were corrected.
    Amended {
        /// Which fields.
        fields: Vec<String>,
    },
    /// The status changed.
    StatusChanged {
        /// From.
        from: Status,
        /// To.
        to: Status,
        /// Why, where a reason was given.
        reason: Option<String>,
    },
    /// The priority changed.
    PriorityChanged {
        /// From.
        from: Priority,
        /// To.
        to: Priority,
        /// Why.
        reason: String,
    },
    /// Somebody else has it.
    Assigned {
        /// Who had it.
        from: Owner,
        /// Who has it.
        to: Owner,
    },
    /// A note was written.
    NoteAdded,
    /// A call was recorded.
    CallRecorded {
        /// The call.
        call: Call,
        /// When to call again.
        again_at: Option<Stamp>,
    },
    /// The phone call that acknowledges an emergency.
    EmergencyAcknowledged,
    /// Information was asked for.
    InfoRequested {
        /// How many items.
        items: u32,
        /// The return code.
        code: String,
    },
    /// Information came, or was ticked off.
    ItemsProvided {
        /// Their keys.
        items: Vec<String>,
    },
    /// Information is not needed after all.
    ItemsWaived {
        /// Their keys.
        items: Vec<String>,
        /// Why.
        reason: String,
    },
    /// An appointment was booked.
    Booked {
        /// When it starts.
        at: Stamp,
    },
    /// The patient confirmed the appointment.
    AppointmentConfirmed,
    /// The appointment ended another way.
    AppointmentChanged {
        /// How, as a person says it.
        how: String,
    },
    /// A coverage was recorded or changed.
    CoverageChanged,
    /// A check of a coverage began, or its question left.
    CoverageAsked {
        /// Whether it has left.
        asked: bool,
    },
    /// An authorisation was recorded.
    AuthorizationChanged,
    /// A hold was set.
    HoldSet {
        /// Which.
        hold: HoldKind,
        /// The clinic's rule that set it, where one did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<String>,
    },
    /// A hold was lifted.
    HoldLifted {
        /// Which.
        hold: HoldKind,
        /// The clinic's rule that had set it, where one had.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<String>,
    },
    /// A rule of the clinic's fired: what follows in the same action, up to the next, is its doing.
    RuleFired {
        /// Its name.
        rule: String,
        /// The occasion.
        on: String,
    },
    /// The clinic's clock stood still, or went on.
    ClockPaused {
        /// Who has the ball.
        why: PauseReason,
        /// Whether it goes on.
        resumed: bool,
    },
    /// A task was made.
    TaskAdded {
        /// Its rule or template key.
        rule: String,
    },
    /// A task was done or dropped.
    TaskEnded {
        /// Whether it was done.
        done: bool,
    },
    /// A milestone was reached.
    MilestoneReached {
        /// Which.
        milestone: MilestoneKind,
    },
    /// A milestone comes near.
    MilestoneWarned {
        /// Which.
        milestone: MilestoneKind,
    },
    /// A milestone was missed.
    MilestoneMissed {
        /// Which.
        milestone: MilestoneKind,
    },
    /// A timer went off.
    TimerFired {
        /// Its rule.
        rule: TimerKind,
    },
    /// Records kept current by the rules: list, next action, timers, targets.
    Settled,
    /// A message was queued.
    MessageQueued {
        /// What it says.
        message: MessageKind,
        /// By which way.
        channel: Channel,
        /// The rule that made it.
        rule: String,
    },
    /// A message that a rule wanted could not be queued: a person has a task instead.
    MessageBlocked {
        /// What it would have said.
        message: MessageKind,
        /// Why not.
        because: String,
    },
    /// A message's state changed.
    MessageMoved {
        /// What it says.
        message: MessageKind,
        /// From.
        from: MessageState,
        /// To.
        to: MessageState,
    },
    /// A message was changed by hand before it left.
    MessageEdited {
        /// What it says.
        message: MessageKind,
    },
    /// A document arrived and stands in Intake.
    DocumentTaken {
        /// Why a person must look.
        reason: String,
    },
    /// A document was put with its referral.
    DocumentFiled,
    /// A document was set aside.
    DocumentDismissed {
        /// Why.
        reason: String,
    },
    /// Records left as a file.
    Exported {
        /// Which.
        scope: String,
        /// In which format.
        format: String,
    },
    /// It was merged into another referral, which goes on.
    MergedInto {
        /// Which.
        into: ReferralId,
        /// Why.
        reason: String,
    },
    /// Another referral was merged into it.
    TookOver {
        /// Which.
        from: ReferralId,
        /// Why.
        reason: String,
    },
    /// It belongs together with another referral.
    Linked {
        /// Which.
        with: ReferralId,
    },
    /// Its patient turned out to be another one on record.
    PatientMerged {
        /// Whose record was given up.
        from: PatientId,
        /// Whose goes on.
        into: PatientId,
        /// Why.
        reason: String,
    },
    /// Its patient is not the other one who looks alike.
    ToldApart {
        /// Which.
        from: PatientId,
    },
    /// An action was undone.
    Undone {
        /// The action's number.
        action: i64,
    },
}

/// What happened and what it changed, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// What happened.
    #[serde(flatten)]
    pub fact: Fact,
    /// Old and new values.
    pub patches: Vec<Patch>,
}
