//! Why a command is refused.
//!
//! Owns the codes that scripts rely on, and the two sentences that a person reads. A refusal changes nothing.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The command cannot be read.
    BadCommand,
    /// A field's value is not possible.
    BadField,
    /// There is no such record.
    NotFound,
    /// Somebody changed it since it was read.
    Stale,
    /// The status table has no such step.
    Impossible,
    /// A reason is needed.
    ReasonNeeded,
    /// The actor's role may not.
    NotAllowed,
    /// An emergency is never handled so.
    Emergency,
    /// It is as asked already.
    NothingToDo,
    /// It cannot be undone, or not any more.
    CannotUndo,
    /// The occasion was dealt with already.
    AlreadyDone,
    /// The clinic's rule asks for more tries first.
    EffortNeeded,
}

impl Code {
    /// The code as printed.
    pub const fn code(self) -> &'static str {
        match self {
            Code::BadCommand => "bad-command",
            Code::BadField => "bad-field",
            Code::NotFound => "not-found",
            Code::Stale => "stale",
            Code::Impossible => "impossible",
            Code::ReasonNeeded => "reason-needed",
            Code::NotAllowed => "not-allowed",
            Code::Emergency => "emergency",
            Code::NothingToDo => "nothing-to-do",
            Code::CannotUndo => "cannot-undo",
            Code::AlreadyDone => "already-done",
            Code::EffortNeeded => "effort-needed",
        }
    }
}

/// A refusal: what happened, and what to do next. Nothing was changed. It never repeats a patient's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Code.
    pub code: Code,
    /// Why, in a sentence.
    pub because: String,
    /// What to do, in a sentence.
    pub fix: String,
}

impl Refusal {
    /// A refusal.
    pub fn new(code: Code, because: impl Into<String>, fix: impl Into<String>) -> Refusal {
        Refusal {
            code,
            because: because.into(),
            fix: fix.into(),
        }
    }

    /// There is no such record.
    pub fn not_found(what: impl fmt::Display) -> Refusal {
        Refusal::new(Code::NotFound, format!("there is no {what}"), "check the id")
    }

    /// A field's value is not possible.
    pub fn bad_field(field: &str, because: impl fmt::Display) -> Refusal {
        Refusal::new(
            Code::BadField,
            format!("{field}: {because}"),
            format!("correct {field}"),
        )
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}); {}", self.because, self.code.code(), self.fix)
    }
}

impl std::error::Error for Refusal {}
