//! Referrals of another system, brought over many at a time.
//!
//! Owns how many land in one transaction: all that are at hand while nobody else is at work on the file, few and with a pause
//! where somebody is (reliability rules, "Store"). Must not know where they come from.

use super::intake::Coming;
use super::sitting::Sitting;
use super::{Engine, Failure, Receipt, Taken, kind_code, perform};
use crate::domain::command::{Cause, Command, Envelope, NewDocument};
use crate::domain::policy::Actor;
use crate::domain::referral::Source;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::time::{Stamp, whole_seconds};
use crate::intake::ReadDocument;
use crate::store::{StoreError, content};
use std::sync::Arc;

/// What became of one of them.
pub type Landed = Result<Receipt, Refusal>;

/// What is brought over: a command with the originals of the documents that it names.
pub struct Bringing {
    /// `import` or `take-over`.
    pub command: Command,
    /// The bytes of documents, each with its hash.
    pub originals: Vec<Original>,
}

/// Bytes with their hash.
pub type Original = (String, Vec<u8>);

fn at_odds() -> Refusal {
    Refusal::new(
        Code::BadField,
        "its records contradict each other, or those that are here",
        "print it again where it came from",
    )
}

impl Engine {
    /// Brings referrals over, in order, and in one transaction: they are durable when this returns. One that came over before gives
    /// its receipt again. With `dry`, everything is decided as it would be and then rolled back.
    ///
    /// # Errors
    /// The store's: then none of them landed.
    pub fn import(
        &mut self,
        all: Vec<Bringing>,
        actor: &Actor,
        now: Stamp,
        dry: bool,
    ) -> Result<Vec<Landed>, Failure> {
        let all: Vec<(Envelope, Vec<Original>)> = all
            .into_iter()
            .map(|each| {
                let envelope = Envelope {
                    id: each.command.own_key(),
                    ..Envelope::new(each.command, actor.clone(), Cause::Import)
                };
                (envelope, each.originals)
            })
            .collect();
        match self.bring(&all, now, dry) {
            // One of them is at odds with what is on record, as only a changed file can be: it is refused, and the others land.
            Err(Failure::Store(error)) if error.is_constraint() && !all.is_empty() => {
                let each = all.chunks(1).map(|one| match self.bring(one, now, dry) {
                    Err(Failure::Store(error)) if error.is_constraint() => Ok(vec![Err(at_odds())]),
                    other => other,
                });
                let landed: Vec<Vec<Landed>> = each.collect::<Result<_, _>>()?;
                Ok(landed.into_iter().flatten().collect())
            }
            other => other,
        }
    }

    fn bring(
        &mut self,
        all: &[(Envelope, Vec<Original>)],
        now: Stamp,
        dry: bool,
    ) -> Result<Vec<Landed>, Failure> {
        let seed = self.random.u64(..);
        let policy = Arc::clone(&self.policy);
        self.perhaps(dry, |connection| {
            let mut random = fastrand::Rng::with_seed(seed);
            let mut sitting = Sitting::new(connection, &policy);
            let mut landed = Vec::with_capacity(all.len());
            for (envelope, originals) in all {
                for (hash, bytes) in originals {
                    content::keep_unread(connection, hash, bytes)?;
                }
                let done = perform::one_of(&mut sitting, envelope, whole_seconds(now), random.u64(..));
                landed.push(match done {
                    Ok(receipt) => Ok(receipt),
                    Err(Failure::Refused(refusal)) => Err(refusal),
                    Err(failure) => return Err(failure),
                });
            }
            sitting.close()?;
            Ok(landed)
        })
    }

    /// A message that is no referral, or one that cannot be told for what: it waits in Intake for a person. None where the same
    /// bytes came in before.
    ///
    /// # Errors
    /// The store's.
    pub fn import_for_a_person(
        &mut self,
        bytes: &[u8],
        read: &ReadDocument,
        reason: &str,
        actor: &Actor,
        now: Stamp,
        dry: bool,
    ) -> Result<Option<Receipt>, Failure> {
        let (policy, seed) = (Arc::clone(&self.policy), self.random.u64(..));
        let hash = content::hash(bytes);
        let reading = serde_json::to_string(read).map_err(|error| StoreError::Corrupt {
            what: "reading",
            why: error.to_string(),
        })?;
        let document = NewDocument {
            hash: hash.clone(),
            name: crate::domain::text::line(&read.name),
            kind: kind_code(read.kind),
            size: bytes.len() as u64,
        };
        let command = Command::TakeDocument {
            document,
            reason: reason.to_owned(),
        };
        let envelope = Envelope::new(command, actor.clone(), Cause::Import);
        self.perhaps(dry, |connection| {
            if content::seen_before(connection, &hash)?.is_some() {
                return Ok(None);
            }
            content::keep(connection, &hash, bytes, &reading)?;
            perform::perform(connection, &envelope, whole_seconds(now), &policy, seed).map(Some)
        })
    }

    /// A message that says what became of what is here (a visit, a patient's details, a request that is taken back): it does what it
    /// does when it comes over a connection, and nobody is written to about it. `occasion` tells one that was heard there before.
    ///
    /// # Errors
    /// The store's.
    pub fn import_message(
        &mut self,
        bytes: &[u8],
        read: &ReadDocument,
        occasion: Option<&str>,
        actor: &Actor,
        now: Stamp,
        dry: bool,
    ) -> Result<Taken, Failure> {
        let coming = Coming {
            bytes,
            read,
            source: Source::Import,
            actor,
            occasion,
            cause: Cause::Import,
        };
        self.take_as(&coming, now, dry)
    }

    /// How many may land in the next transaction.
    ///
    /// # Errors
    /// The store's.
    pub fn import_room(&mut self) -> Result<usize, StoreError> {
        self.batch_size()
    }
}
