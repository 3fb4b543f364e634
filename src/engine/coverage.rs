//! Questions to payers: handed over once each, and noted.
//!
//! Owns the pass over the checks that have begun and were not asked yet. Must not know how a question looks, or what an answer
//! means.

use super::{Engine, Failure};
use crate::channels::clearing::Clearing;
use crate::domain::command::{Cause, Command, Envelope};
use crate::domain::id::ReferralId;
use crate::domain::policy::Actor;
use crate::domain::time::{Stamp, day_in};
use crate::store::{StoreError, lookup, records};

/// Questions of one pass; the next goes on.
const MOST: usize = 500;

/// What a pass of the questions came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Handed over.
    pub asked: u64,
    /// The folder could not take them: they are tried again.
    pub later: u64,
}

impl Engine {
    /// Payers are asked by this clearing house from now on.
    #[must_use]
    pub fn by_clearing(mut self, clearing: Option<Clearing>) -> Engine {
        self.clearing = clearing;
        self
    }

    /// Whether a check waits to be asked.
    ///
    /// # Errors
    /// The store's.
    pub fn has_questions(&self) -> Result<bool, StoreError> {
        Ok(self.clearing.is_some() && !lookup::asking(self.store.connection(), 1)?.is_empty())
    }

    /// Asks what is to be asked. The caller holds the ticker's lock.
    ///
    /// # Errors
    /// The store's.
    pub fn ask_due(&mut self, now: Stamp) -> Result<Asked, StoreError> {
        let mut done = Asked::default();
        let Some(clearing) = self.clearing.clone() else {
            return Ok(done);
        };
        if crate::channels::hold::reason(&self.places.outbox).is_some() {
            return Ok(done);
        }
        for referral in lookup::asking(self.store.connection(), MOST)? {
            for command in self.asked(&clearing, referral, now, &mut done)? {
                let envelope = Envelope::new(command, Actor::system(), Cause::Outbox);
                match self.execute(&envelope, now) {
                    Ok(_) => done.asked += 1,
                    Err(Failure::Refused(_)) => {}
                    Err(Failure::Store(error)) => return Err(error),
                }
            }
            // A folder that takes none takes no other: the next pass tries again.
            if done.later > 0 {
                break;
            }
        }
        Ok(done)
    }

    /// Hands the questions of one referral over; what is to be noted.
    fn asked(
        &self,
        clearing: &Clearing,
        id: ReferralId,
        now: Stamp,
        done: &mut Asked,
    ) -> Result<Vec<Command>, StoreError> {
        let snapshot = records::of_referral(self.store.connection(), id)?;
        let mut commands = Vec::new();
        let patient = snapshot
            .referral()
            .and_then(|referral| snapshot.patient(referral.patient));
        let (Some(patient), Some(checks)) = (patient, self.policy.checks.as_ref()) else {
            return Ok(commands);
        };
        let day = day_in(self.policy.clinic.zone, now);
        for coverage in snapshot.coverages.iter().filter(|each| each.asked_at.is_none()) {
            let (Some(trace), Some(member_id), Some(dob)) =
                (&coverage.trace, &coverage.member_id, patient.dob)
            else {
                continue;
            };
            let Some(payer_id) = checks.payer_id(&coverage.payer) else {
                continue;
            };
            let question =
                clearing.question(coverage, payer_id, member_id, patient, dob, day, &checks.services);
            if clearing.ask(trace, &question, now).is_err() {
                done.later += 1;
                break;
            }
            commands.push(Command::NoteAsked {
                referral: id,
                coverage: coverage.id,
                trace: trace.clone(),
            });
        }
        Ok(commands)
    }
}
