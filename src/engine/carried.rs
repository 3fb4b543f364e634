//! Records carried over from one transaction of this connection to its next, so that what was just written is not read again.
//!
//! Owns whether they still hold: nobody else has committed in between (SQLite's `data_version`, which a connection's own
//! commits leave as it is), and the sitting that left them wrote nothing that other referrals share. Must not know what is
//! done with them.

use crate::domain::id::{MessageId, ReferralId};
use crate::domain::message::Message;
use crate::domain::snapshot::Snapshot;
use crate::store::{Connection, StoreError, data_version};
use std::collections::{HashMap, HashSet};

/// Records around referrals, as the last transaction left them.
#[derive(Default)]
pub struct Carried {
    version: Option<i64>,
    records: HashMap<ReferralId, Snapshot>,
}

impl Carried {
    /// Within a transaction: drops what a neighbour may have changed since.
    ///
    /// # Errors
    /// The store's.
    pub fn check(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let version = data_version(connection)?;
        if self.version.replace(version) != Some(version) {
            self.records.clear();
        }
        Ok(())
    }

    /// Whether it has a referral's records.
    pub fn has(&self, id: ReferralId) -> bool {
        self.records.contains_key(&id)
    }

    /// The records of a referral, once.
    pub fn take(&mut self, id: ReferralId) -> Option<Snapshot> {
        self.records.remove(&id)
    }

    /// Takes what a sitting left.
    pub fn keep(&mut self, left: Vec<(ReferralId, Snapshot)>) {
        self.records.extend(left);
    }

    /// Lets all others go.
    pub fn only(&mut self, wanted: HashSet<ReferralId>) {
        self.records.retain(|id, _| wanted.contains(id));
    }

    /// A message as it is.
    pub fn message(&self, referral: ReferralId, message: MessageId) -> Option<&Message> {
        self.records.get(&referral)?.get::<Message>(message.0)
    }
}
