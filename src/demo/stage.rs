//! What a story is played on.
//!
//! Owns the few doors that the driver needs of an engine. Must not know the store.

use crate::domain::command::{Envelope, NewDocument};
use crate::domain::id::ReferralId;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Stamp;
use crate::engine::{Failure, Receipt};

/// An engine, as the driver sees it. Time is an argument everywhere.
pub trait Stage {
    /// Executes a command.
    ///
    /// # Errors
    /// A refusal, or the store's failure; nothing was changed.
    fn execute(&mut self, envelope: Envelope, now: Stamp) -> Result<Receipt, Failure>;

    /// The earliest moment at which a timer is due; none where none waits.
    ///
    /// # Errors
    /// The store's failure.
    fn next_due(&mut self) -> Result<Option<Stamp>, Failure>;

    /// Lets the timers go off that are due by now.
    ///
    /// # Errors
    /// The store's failure.
    fn tick(&mut self, now: Stamp) -> Result<(), Failure>;

    /// Keeps a document's bytes, and reads it, before a command names it.
    ///
    /// # Errors
    /// The store's failure.
    fn keep(&mut self, document: &NewDocument, bytes: &[u8], now: Stamp) -> Result<(), Failure>;

    /// The records around a referral.
    ///
    /// # Errors
    /// No such referral, or the store's failure.
    fn sheet(&mut self, referral: ReferralId) -> Result<Snapshot, Failure>;

    /// A story is over: what was done may be made durable together.
    ///
    /// # Errors
    /// The store's failure.
    fn settle(&mut self) -> Result<(), Failure> {
        Ok(())
    }
}
