//! A story: one referral's life, or one stray document's, as steps in the order of time.
//!
//! Owns the shape that the plan yields and the driver plays. Must not know how a story is invented or carried out.

use super::fate::Fate;
use crate::domain::command::{Cause, Command, NewDocument, Receive};
use crate::domain::id::ReferralId;
use crate::domain::policy::Actor;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Stamp;
use sha2::{Digest, Sha256};

/// One life.
pub struct Story {
    /// Its number in the plan, from 0.
    pub index: u64,
    /// What becomes of it.
    pub fate: Fate,
    /// Steps, in the order of time.
    pub steps: Vec<Step>,
}

/// One thing that somebody does.
pub struct Step {
    /// When.
    pub at: Stamp,
    /// Who.
    pub actor: Actor,
    /// What stands behind it.
    pub cause: Cause,
    /// What.
    pub play: Play,
}

/// A command that knows the referral's number only when it is played.
pub type Act = Box<dyn FnOnce(ReferralId) -> Command + Send>;
/// A command that depends on the records as they then are; none where there is nothing to do.
pub type Look = Box<dyn FnOnce(ReferralId, &Snapshot) -> Option<Command> + Send>;

/// What a step does.
pub enum Play {
    /// The referral comes in.
    Arrive(Box<Arrival>),
    /// A command on it.
    Act(Act),
    /// A command that looks at its records first.
    Look(Look),
    /// A document comes and is put with it; all that was missing came with it.
    Answer(Paper),
    /// A document comes that a person must look at.
    Stray {
        /// The document.
        paper: Paper,
        /// Why.
        reason: String,
    },
}

/// A referral that comes in. The driver puts in the numbers of those who are known by then.
pub struct Arrival {
    /// The command, with everybody as new.
    pub receive: Receive,
    /// The referrer's number and the practice's.
    pub referrer: Option<(usize, usize)>,
    /// The story whose patient this is, where it is an earlier one's.
    pub patient_of: Option<u64>,
    /// The document that it was read from.
    pub paper: Option<Paper>,
}

/// A document: its name and what it says.
#[derive(Clone, PartialEq, Eq)]
pub struct Paper {
    /// Name.
    pub name: String,
    /// What the reader takes it for.
    pub kind: String,
    /// Its bytes.
    pub text: String,
}

impl Paper {
    /// Its facts, as a command carries them.
    pub fn facts(&self) -> NewDocument {
        let hash = Sha256::digest(self.text.as_bytes());
        NewDocument {
            hash: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
            name: self.name.clone(),
            kind: self.kind.clone(),
            size: self.text.len() as u64,
        }
    }
}
