//! Many commands, each at its own time, in one transaction: for building and bringing over, never for the desk.
//!
//! Owns the one way to keep several decisions at once. Each is decided on what the one before it left; a refusal changes
//! nothing and stops nothing. Nothing is durable before the whole is. Its log is held back on a spool, since the commands need
//! not come in the order of time, and a log does.

use super::perform::one_of;
use super::sitting::Sitting;
use super::{Engine, Failure, Receipt};
use crate::domain::command::Envelope;
use crate::domain::id::ReferralId;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::{Stamp, whole_seconds};
use crate::intake::ReadDocument;
use crate::store::plate::{Chapter, Press};
use crate::store::spool::Spool;
use crate::store::{StoreError, content, counters};
use std::sync::Arc;

/// An open transaction.
pub struct Bulk<'a> {
    sitting: Sitting<'a>,
    random: fastrand::Rng,
}

impl Engine {
    /// A spool for the log of what is done in bulk.
    pub fn spool(&self) -> Spool {
        Spool::beside(&self.places.database)
    }

    /// Runs work in one transaction. It is durable when this returns, but for the log, which is held back until
    /// [`Bulk::write_up`]; an error leaves nothing behind in the file.
    ///
    /// # Errors
    /// The work's own, or the store's.
    pub fn in_bulk<T>(
        &mut self,
        spool: &mut Spool,
        mut work: impl FnMut(&mut Bulk<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let seed = self.random.u64(..);
        let policy = Arc::clone(&self.policy);
        self.store.write(|connection| {
            let mut bulk = Bulk {
                sitting: Sitting::on_spool(connection, &policy, spool),
                random: fastrand::Rng::with_seed(seed),
            };
            let done = work(&mut bulk)?;
            bulk.sitting.close()?;
            Ok(done)
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
        one_of(&mut self.sitting, envelope, whole_seconds(now), random)
    }

    /// Timers that are due of the referral that the last command was about, the earliest first: when, whose, and their keys.
    pub fn timers(&self, now: Stamp) -> Vec<(Stamp, ReferralId, String)> {
        let timers = self.sitting.timers(now).into_iter();
        timers
            .map(|timer| (timer.due_at, timer.referral, timer.key))
            .collect()
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
        content::keep(self.sitting.connection(), hash, bytes, &reading)
    }

    /// What happened to the referral that came in last; nothing of any other.
    ///
    /// # Errors
    /// The store's.
    pub fn history(&mut self, referral: ReferralId) -> Result<Vec<Chapter>, StoreError> {
        let spool = self.sitting.spool();
        spool.map_or(Ok(Vec::new()), |spool| spool.chapters(referral))
    }

    /// Writes what is held back from before a moment, or all of it, into the log, at most so many actions; how many still
    /// wait. Nothing that is done later may be from before that moment.
    ///
    /// # Errors
    /// The store's.
    pub fn write_up(&mut self, before: Option<Stamp>, most: u64) -> Result<u64, StoreError> {
        self.sitting.write_up(before, most)
    }

    /// Keeps so many referral numbers free, below those that are given out from now on; the first of them.
    ///
    /// # Errors
    /// The store's.
    pub fn set_aside(&mut self, count: u64) -> Result<ReferralId, StoreError> {
        self.sitting.close()?;
        let first = counters::fresh(self.sitting.connection(), 0)?.referral;
        let count = i64::try_from(count).unwrap_or(i64::MAX - first);
        counters::keep(self.sitting.connection(), 0, first + count)?;
        Ok(ReferralId(first))
    }

    /// A press that prints referrals from plates; none where the log is not held back. Until it has finished, nothing else may
    /// be executed.
    ///
    /// # Errors
    /// The store's.
    pub fn press(&mut self) -> Result<Option<Press<'_>>, StoreError> {
        self.sitting.close()?;
        let connection = self.sitting.connection();
        let spool = self.sitting.spool();
        spool.map(|spool| Press::begin(connection, spool)).transpose()
    }

    /// The records around a referral.
    ///
    /// # Errors
    /// The store's.
    pub fn records(&mut self, referral: ReferralId) -> Result<Snapshot, StoreError> {
        self.sitting.records(referral)
    }
}
