//! What was said to whom: requests for information, notes and calls.
//!
//! Owns these records. Must not know what follows from an answer.

use crate::domain::id::{NoteId, ReferralId, RequestId};
use crate::domain::person::redacted;
use crate::domain::time::Stamp;
use serde::{Deserialize, Serialize};

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

redacted!(InfoRequest, Note);
