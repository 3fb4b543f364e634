//! Many commands, each at its own time, in one transaction: for building and bringing over, never for the desk.
//!
//! Owns the one way to keep several decisions at once. Each is decided on what the one before it left; a refusal changes
//! nothing and stops nothing. Nothing is durable before the whole is.

use super::perform::perform;
use super::{Engine, Failure, Receipt};
use crate::domain::command::Envelope;
use crate::domain::id::ReferralId;
use crate::domain::policy::Policy;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::{Stamp, whole_seconds};
use crate::intake::ReadDocument;
use crate::store::plate::{Chapter, Press};
use crate::store::{Connection, StoreError, content, due, log, records};
use std::sync::Arc;

/// An open transaction.
pub struct Bulk<'a> {
    connection: &'a Connection,
    policy: &'a Policy,
    random: fastrand::Rng,
}

impl Engine {
    /// Runs work in one transaction. It is durable when this returns; an error leaves nothing behind.
    ///
    /// # Errors
    /// The work's own, or the store's.
    pub fn in_bulk<T>(
        &mut self,
        mut work: impl FnMut(&mut Bulk<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let seed = self.random.u64(..);
        let policy = Arc::clone(&self.policy);
        self.store.write(|connection| {
            work(&mut Bulk {
                connection,
                policy: &policy,
                random: fastrand::Rng::with_seed(seed),
            })
        })
    }
}

impl Bulk<'_> {
    /// Executes a command.
    ///
    /// # Errors
    /// A refusal, which changes nothing, or the store's.
    pub fn execute(&mut self, envelope: &Envelope, now: Stamp) -> Result<Receipt, Failure> {
        let random = self.random.u64(..);
        perform(self.connection, envelope, whole_seconds(now), self.policy, random)
    }

    /// Timers that are due, the earliest first: when, whose, and their keys.
    ///
    /// # Errors
    /// The store's.
    pub fn timers(&self, now: Stamp, limit: usize) -> Result<Vec<(Stamp, ReferralId, String)>, StoreError> {
        let timers = due::timers(self.connection, now, limit, 0)?;
        Ok(timers
            .into_iter()
            .map(|timer| (timer.due_at, timer.referral, timer.key))
            .collect())
    }

    /// Keeps a document's bytes and its reading, before a command names it.
    ///
    /// # Errors
    /// The store's.
    pub fn keep(&self, hash: &str, bytes: &[u8], read: &ReadDocument) -> Result<(), StoreError> {
        let reading = serde_json::to_string(read).map_err(|error| StoreError::Corrupt {
            what: "reading",
            why: error.to_string(),
        })?;
        content::keep(self.connection, hash, bytes, &reading)
    }

    /// What happened to a referral.
    ///
    /// # Errors
    /// The store's.
    pub fn history(&self, referral: ReferralId) -> Result<Vec<Chapter>, StoreError> {
        log::history(self.connection, referral)
    }

    /// Keeps so many referral numbers free, below those that are given out from now on; the first of them.
    ///
    /// # Errors
    /// The store's.
    pub fn set_aside(&self, count: u64) -> Result<ReferralId, StoreError> {
        let first = records::fresh(self.connection, 0)?.referral;
        let count = i64::try_from(count).unwrap_or(i64::MAX - first);
        records::keep_counters(self.connection, 0, first + count)?;
        Ok(ReferralId(first))
    }

    /// A press that prints referrals from plates.
    ///
    /// # Errors
    /// The store's.
    pub fn press(&self) -> Result<Press<'_>, StoreError> {
        Press::begin(self.connection)
    }

    /// The records around a referral.
    ///
    /// # Errors
    /// The store's.
    pub fn records(&self, referral: ReferralId) -> Result<Snapshot, StoreError> {
        records::of_referral(self.connection, referral)
    }
}
