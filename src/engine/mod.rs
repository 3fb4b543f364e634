//! The only writer: execute commands, undo, tick, intake of a read document.
//!
//! Owns the one way in (design, law 3): a snapshot is loaded, the domain decides, and records, log, timers and messages land
//! in one transaction; the receipt is given after the commit. Must not know who calls: terminal, script, form and clock use
//! the same functions.

mod ahead;
mod answers;
mod bulk;
mod carried;
mod coverage;
mod deeds;
mod history;
mod import;
mod intake;
mod joint;
mod known;
mod lessons;
pub mod outbox;
mod perform;
pub mod receipt;
mod recorded;
mod seen;
mod senders;
mod sitting;
pub mod tick;
mod trial;

pub use answers::Heard;
pub use bulk::Bulk;
pub use import::{Bringing, Landed};
pub use intake::{Outcome, Taken, kind_code};
pub use receipt::{Failure, Receipt, Undone};
pub use recorded::recorded;

use crate::channels::clearing::Clearing;
use crate::channels::way::Ways;
use crate::domain::command::Envelope;
use crate::domain::id::ReferralId;
use crate::domain::person::Channel;
use crate::domain::policy::Policy;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::time::{Stamp, whole_seconds};
use crate::store::{Store, StoreError};
use ahead::{FEW, Read, Reader};
use carried::Carried;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the engine's files are.
#[derive(Clone, Debug)]
pub struct Places {
    /// The database.
    pub database: PathBuf,
    /// Copies of it.
    pub backups: PathBuf,
    /// The folder that the embedded channel writes to.
    pub outbox: PathBuf,
}

impl Places {
    /// The usual names in a data directory.
    pub fn in_dir(dir: &Path) -> Places {
        Places {
            database: dir.join("refdesk.db"),
            backups: dir.join("backups"),
            outbox: dir.join("outbox"),
        }
    }
}

/// The engine: one connection, one policy.
pub struct Engine {
    store: Store,
    policy: Arc<Policy>,
    places: Places,
    random: fastrand::Rng,
    /// The store's data version at the last batch: tells whether neighbours are at work.
    seen_version: Option<i64>,
    /// The connection that reads ahead of a long pass of the clock.
    reader: Option<Reader>,
    /// How messages leave.
    ways: Ways,
    /// Channels that could not be reached, and until when nobody tries.
    resting: Vec<(Channel, Stamp)>,
    /// How payers are asked.
    clearing: Option<Clearing>,
    /// What reads their answers.
    reads: Option<Arc<coverage::Reads>>,
    /// Whom it is no use to ask yet.
    patience: coverage::Patience,
}

impl Engine {
    /// Opens the database. `seed` fixes the return codes; without it they are drawn from the system.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn open(places: Places, policy: Arc<Policy>, seed: Option<u64>) -> Result<Engine, StoreError> {
        let store = Store::open(&places.database, &places.backups)?;
        let engine = Engine::over(store, places, policy);
        Ok(match seed {
            Some(seed) => Engine {
                random: fastrand::Rng::with_seed(seed),
                ..engine
            },
            None => engine,
        })
    }

    /// Over a database that was opened already.
    pub fn over(store: Store, places: Places, policy: Arc<Policy>) -> Engine {
        let ways = Ways::folder(&places.outbox);
        Engine {
            store,
            policy,
            places,
            random: fastrand::Rng::new(),
            seen_version: None,
            reader: None,
            ways,
            resting: Vec::new(),
            clearing: None,
            reads: None,
            patience: coverage::Patience::default(),
        }
    }

    /// From now on messages leave by these ways; until this is called they go into the outbox folder.
    #[must_use]
    pub fn by_ways(mut self, ways: Ways) -> Engine {
        self.ways = ways;
        self
    }

    /// How messages leave.
    pub fn ways(&self) -> &Ways {
        &self.ways
    }

    /// Fixes what is drawn at random from here on: the same seed gives the same return codes.
    pub fn reseed(&mut self, seed: u64) {
        self.random = fastrand::Rng::with_seed(seed);
    }

    /// For reading.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The policy.
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// Where its files are.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// Executes one command. It is durable when the receipt is there.
    ///
    /// # Errors
    /// A refusal, or the store's error: nothing was changed.
    pub fn execute(&mut self, envelope: &Envelope, now: Stamp) -> Result<Receipt, Failure> {
        let random = self.random.u64(..);
        let policy = Arc::clone(&self.policy);
        self.store
            .write(|connection| perform::perform(connection, envelope, whole_seconds(now), &policy, random))
    }

    /// Executes several commands in one transaction: each is decided on what the one before it left. A refusal changes
    /// nothing and stops none of the others, but for a stale one: the rest of its batch on that referral is refused with it. They are
    /// all durable when this returns.
    ///
    /// # Errors
    /// The store's: then none was done.
    pub fn execute_all(
        &mut self,
        envelopes: &[Envelope],
        now: Stamp,
    ) -> Result<Vec<Result<Receipt, Refusal>>, StoreError> {
        self.execute_over(envelopes, now, None)
    }

    /// The same on records that the last transaction left, where they still hold; its own are left there in turn.
    fn execute_over(
        &mut self,
        envelopes: &[Envelope],
        now: Stamp,
        mut carried: Option<&mut Carried>,
    ) -> Result<Vec<Result<Receipt, Refusal>>, StoreError> {
        let (seed, policy) = (self.random.u64(..), Arc::clone(&self.policy));
        let mut ids = ahead::taken_up(envelopes);
        ids.retain(|id| carried.as_ref().is_none_or(|carried| !carried.has(*id)));
        let mut reader = self.reader_for(&ids);
        let done = self.store.write(|connection| {
            let execute = |read: &mut Read| {
                let mut random = fastrand::Rng::with_seed(seed);
                let mut sitting = sitting::Sitting::new(connection, &policy);
                if let Some(carried) = carried.as_deref_mut() {
                    carried.check(connection)?;
                    sitting.leave_records();
                }
                let mut results = Vec::with_capacity(envelopes.len());
                let mut at_hand = None;
                let mut stale: Vec<((&str, ReferralId), Refusal)> = Vec::new();
                for envelope in envelopes {
                    let id = envelope.command.referral();
                    if let Some(id) = id.filter(|_| id != at_hand) {
                        let over = carried.as_deref_mut().and_then(|carried| carried.take(id));
                        if let Some(records) = over.or_else(|| read.next(id)) {
                            sitting.bring(id, records)?;
                        }
                    }
                    at_hand = id.or(at_hand);
                    // What one key did to a referral is done on it as it was seen, or not at all.
                    let of_key = envelope.batch.as_deref().zip(id);
                    let seen = stale.iter().find(|(key, _)| Some(*key) == of_key);
                    if let Some((_, refusal)) = seen {
                        results.push(Err(Refusal::clone(refusal)));
                        continue;
                    }
                    let done = perform::one_of(&mut sitting, envelope, whole_seconds(now), random.u64(..));
                    results.push(match done {
                        Ok(receipt) => Ok(receipt),
                        Err(Failure::Refused(refusal)) => {
                            stale.extend(
                                of_key
                                    .filter(|_| refusal.code == Code::Stale)
                                    .map(|key| (key, refusal.clone())),
                            );
                            Err(refusal)
                        }
                        Err(Failure::Store(error)) => return Err(error),
                    });
                }
                sitting.close()?;
                if let Some(carried) = carried.as_deref_mut() {
                    carried.keep(sitting.left());
                }
                Ok(results)
            };
            ahead::beside(reader.as_mut(), &ids, execute)
        });
        self.reader = reader.or(self.reader.take());
        done
    }

    /// The connection that reads ahead, where so many referrals are taken up that it pays.
    fn reader_for(&mut self, ids: &[ReferralId]) -> Option<Reader> {
        if ids.len() <= FEW {
            return None;
        }
        self.reader.take().or_else(|| Reader::open(&self.store).ok())
    }
}
