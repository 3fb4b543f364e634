//! A command with who asks, on what grounds, and what makes a retry safe.
//!
//! Owns the envelope and the causes. Must not look into the command.

use super::Command;
use crate::domain::policy::Actor;
use serde::{Deserialize, Serialize};

/// What stands behind a change: shown on the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// A person's key.
    Key,
    /// A script.
    Script,
    /// The reader of documents.
    Intake,
    /// The clock.
    Clock,
    /// A sender of messages.
    Outbox,
    /// Going live: what another system hands over.
    Import,
    /// The invention of a demo clinic.
    Demo,
}

impl Cause {
    /// The name in the log.
    pub const fn code(self) -> &'static str {
        match self {
            Cause::Key => "key",
            Cause::Script => "script",
            Cause::Intake => "intake",
            Cause::Clock => "clock",
            Cause::Outbox => "outbox",
            Cause::Import => "import",
            Cause::Demo => "demo",
        }
    }
}

/// A command with who asks, on what grounds, and what makes a retry safe.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The command.
    pub command: Command,
    /// Who asks.
    pub actor: Actor,
    /// What stands behind it.
    pub cause: Cause,
    /// The client's own id of the action: the same id again gives the same receipt and changes nothing.
    pub id: Option<String>,
    /// The version of the referral that the asker saw.
    pub version: Option<i64>,
    /// Actions of one batch are undone together.
    pub batch: Option<String>,
}

impl Envelope {
    /// A command without conditions.
    pub fn new(command: Command, actor: Actor, cause: Cause) -> Envelope {
        Envelope {
            command,
            actor,
            cause,
            id: None,
            version: None,
            batch: None,
        }
    }

    /// The same, provided that the referral still has this version.
    #[must_use]
    pub fn at_version(mut self, version: i64) -> Envelope {
        self.version = Some(version);
        self
    }
}
