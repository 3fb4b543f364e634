//! Reading ahead: what a batch of the clock works on is read on a second connection, while the first decides and writes.
//!
//! Owns that connection and the thread beside the batch. What it reads is the file as it was when the batch's transaction began,
//! which nobody else can write to meanwhile; the [`Sitting`](super::sitting::Sitting) knows what the batch itself has changed
//! since. Where anything fails, the batch reads for itself. Must not know what is done with the records.

use crate::domain::command::Envelope;
use crate::domain::id::ReferralId;
use crate::domain::snapshot::Snapshot;
use crate::store::{Connection, Store, StoreError, records};
use std::sync::mpsc::{Receiver, sync_channel};

/// Referrals read before they are asked for: enough that neither waits, little to hold.
const DEPTH: usize = 32;

/// The referrals of a batch are read ahead where they are more than this.
pub const FEW: usize = 50;

/// The referrals that commands take up one after the other.
pub fn taken_up(envelopes: &[Envelope]) -> Vec<ReferralId> {
    let mut ids: Vec<ReferralId> = envelopes
        .iter()
        .filter_map(|envelope| envelope.command.referral())
        .collect();
    ids.dedup();
    ids
}

/// Works through referrals, with what a second connection reads of them where there is one.
pub fn beside<T>(reader: Option<&mut Reader>, ids: &[ReferralId], work: impl FnOnce(&mut Read) -> T) -> T {
    match reader {
        Some(reader) => reader.through(ids, work),
        None => work(&mut Read(None)),
    }
}

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
    /// The records of the next referral, if they came.
    pub fn next(&mut self, id: ReferralId) -> Option<Snapshot> {
        let (read, records) = self.0.as_ref()?.recv().ok()?;
        (read == id).then_some(records)
    }
}
