//! What a command came to.
//!
//! Owns the receipt that is given after the commit, and the ways in which there is none.

use crate::domain::id::{DocumentId, ReferralId};
use crate::domain::refusal::Refusal;
use crate::domain::time::Stamp;
use serde::{Deserialize, Serialize};

/// Given only after the change is durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The action's number: what undo takes.
    pub action: i64,
    /// The client's own id, where it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The referral, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral: Option<ReferralId>,
    /// Its version now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// The document that was taken in, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
    /// When.
    pub at: Stamp,
    /// What changed, a line each, as the timeline says it. No patient data.
    pub changed: Vec<String>,
    /// What a person should know, such as a look-alike.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// The same action had been done already: this is its receipt.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repeated: bool,
}

/// What was taken back or done again, and what of it stayed.
#[derive(Debug, Default)]
pub struct Undone {
    /// Of what was.
    pub receipts: Vec<Receipt>,
    /// What was not, of which referral, and why.
    pub stayed: Vec<(Option<ReferralId>, Refusal)>,
}

impl From<Receipt> for Undone {
    fn from(receipt: Receipt) -> Undone {
        Undone {
            receipts: vec![receipt],
            stayed: Vec::new(),
        }
    }
}

/// No receipt.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Refused; nothing was changed.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// The store could not do it; nothing was changed.
    #[error("{0}")]
    Store(#[from] crate::store::StoreError),
}
