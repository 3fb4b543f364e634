//! What a story is played on.
//!
//! Owns the few doors that the driver needs, and the engine behind them.

use crate::domain::command::{Cause, Command, Envelope, NewDocument};
use crate::domain::id::ReferralId;
use crate::domain::policy::Actor;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::{Stamp, from_seconds};
use crate::engine::{Bulk, Engine, Failure, Receipt};
use crate::intake;

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
}

/// What opens the stage.
pub trait House {
    /// Opens the stage for some stories. What they did is durable when this returns.
    ///
    /// # Errors
    /// The work's own.
    fn evening(&mut self, work: &mut dyn FnMut(&mut dyn Stage) -> Result<(), Failure>)
    -> Result<(), Failure>;
}

impl House for Engine {
    fn evening(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Stage) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.in_bulk(|bulk| work(bulk))
    }
}

/// Timers fired between two looks at what is due.
const BATCH: usize = 20;
/// 9999-12-31: every timer is due by then.
const FOREVER: i64 = 253_402_214_400;

impl Stage for Bulk<'_> {
    fn execute(&mut self, envelope: Envelope, now: Stamp) -> Result<Receipt, Failure> {
        Bulk::execute(self, &envelope, now)
    }

    fn next_due(&mut self) -> Result<Option<Stamp>, Failure> {
        let first = self.timers(from_seconds(FOREVER), 1)?;
        Ok(first.first().map(|(due, _, _)| *due))
    }

    /// As the engine's own pass of the clock, but without its senders: the past of an invented clinic leaves no messages in
    /// the outbox's folder.
    fn tick(&mut self, now: Stamp) -> Result<(), Failure> {
        loop {
            let mut fired = false;
            for (_, referral, key) in self.timers(now, BATCH)? {
                let fire = Envelope::new(
                    Command::FireTimer { referral, key },
                    Actor::system(),
                    Cause::Clock,
                );
                match Bulk::execute(self, &fire, now) {
                    // Another timer of the same moment made it unwanted.
                    Err(Failure::Refused(_)) => {}
                    Ok(_) => fired = true,
                    Err(failure) => return Err(failure),
                }
            }
            if !fired {
                return Ok(());
            }
        }
    }

    fn keep(&mut self, document: &NewDocument, bytes: &[u8], _now: Stamp) -> Result<(), Failure> {
        let read = intake::read(&document.name, bytes);
        Ok(Bulk::keep(self, &document.hash, bytes, &read)?)
    }

    fn sheet(&mut self, referral: ReferralId) -> Result<Snapshot, Failure> {
        Ok(self.records(referral)?)
    }
}
