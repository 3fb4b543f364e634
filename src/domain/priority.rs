//! Priority as listed by the referrer.
//!
//! Owns the four FHIR request priorities and their order. Must not know how a priority is scored.

use serde::{Deserialize, Serialize};
use std::fmt;

/// FHIR R4 request-priority, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Priority {
    /// Normal priority.
    Routine,
    /// Sooner than routine.
    Urgent,
    /// As soon as possible.
    Asap,
    /// At once: an emergency, outside the scorer.
    Stat,
}

impl Priority {
    /// Every priority, lowest first.
    pub const ALL: [Priority; 4] = [
        Priority::Routine,
        Priority::Urgent,
        Priority::Asap,
        Priority::Stat,
    ];
    /// The priorities that are scored, highest first: the arms of the queue's merge.
    pub const SCORED: [Priority; 3] = [Priority::Asap, Priority::Urgent, Priority::Routine];

    /// The FHIR code.
    pub const fn code(self) -> &'static str {
        match self {
            Priority::Routine => "routine",
            Priority::Urgent => "urgent",
            Priority::Asap => "asap",
            Priority::Stat => "stat",
        }
    }

    /// The priority with a code.
    pub fn from_code(code: &str) -> Option<Priority> {
        Priority::ALL.into_iter().find(|priority| priority.code() == code)
    }

    /// The number by which the database orders priorities.
    pub const fn rank(self) -> i64 {
        match self {
            Priority::Routine => 0,
            Priority::Urgent => 1,
            Priority::Asap => 2,
            Priority::Stat => 3,
        }
    }

    /// The mark beside a row; a sign as well as a colour. Empty for routine.
    pub const fn mark(self) -> &'static str {
        match self {
            Priority::Routine => "",
            Priority::Urgent => "▲urg",
            Priority::Asap => "▲asap",
            Priority::Stat => "■STAT",
        }
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}
