//! Reading ahead: what a batch of the clock works on is read on a second connection, while the first decides and writes.
//!
//! Owns that connection and the thread beside the batch. What it reads is the file as it was when the batch's transaction began,
//! which nobody else can write to meanwhile; the [`Sitting`](super::sitting::Sitting) knows what the batch itself has changed
//! since. Where anything fails, the batch reads for itself. Must not know what is done with the records.

use crate::domain::id::ReferralId;
use crate::domain::snapshot::Snapshot;
use crate::store::{Connection, Store, StoreError, records};
use std::sync::mpsc::{Receiver, sync_channel};

/// Referrals read before they are asked for: enough that neither waits, little to hold.
const DEPTH: usize = 32;

/// The second connection.
pub struct Reader(Connection);

impl Reader {
    /// Opens it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn open(store: &Store) -> Result<Reader, StoreError> {
        store.beside().map(Reader)
    }

    /// Works through referrals, whose records come in the order of `ids`.
    pub fn through<T>(&mut self, ids: &[ReferralId], work: impl FnOnce(&mut Read) -> T) -> T {
        let (give, read) = sync_channel(DEPTH);
        let connection = &mut self.0;
        std::thread::scope(|scope| {
            scope.spawn(move || {
                // What cannot be read here is read, and complained about, by whoever waits for it.
                let _ = records::each_of(connection, ids, |id, records| give.send((id, records)).is_ok());
            });
            // Dropped before the thread is waited for: whoever stops half-way stops it, too.
            work(&mut Read(Some(read)))
        })
    }
}

/// What was read ahead; of nothing, where there is no second connection.
pub struct Read(Option<Receiver<(ReferralId, Snapshot)>>);

impl Read {
    /// Nothing.
    pub fn nothing() -> Read {
        Read(None)
    }

    /// The records of the next referral, if they came.
    pub fn next(&mut self, id: ReferralId) -> Option<Snapshot> {
        let (read, records) = self.0.as_ref()?.recv().ok()?;
        (read == id).then_some(records)
    }
}
