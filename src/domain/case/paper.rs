//! Documents that came in: their facts, and what the desk does with them.
//!
//! Owns the record. Must not know bytes or readings, which are kept beside it by content hash.

use crate::domain::id::{DocumentId, ReferralId};
use crate::domain::person::redacted;
use crate::domain::time::Stamp;
use serde::{Deserialize, Serialize};

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

/// The kind of a document that travelled inside a message: it is kept where the message is, and answers nothing by itself.
pub const ENCLOSED: &str = "attachment";

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

redacted!(Document);
