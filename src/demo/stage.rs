//! What a story is played on.
//!
//! Owns the few doors that the driver needs, and the engine behind them, with what is held back of its log: stories are played
//! one after the other, and a log tells what happened day by day.

use crate::domain::command::{Cause, Command, Envelope, NewDocument};
use crate::domain::id::ReferralId;
use crate::domain::person::Patient;
use crate::domain::policy::Actor;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::{Span, Stamp, from_seconds};
use crate::engine::{Bulk, Engine, Failure, Receipt};
use crate::intake;
use crate::store::plate::{Chapter, Plate, Print};
use crate::store::spool::Spool;
use std::rc::Rc;

/// An engine, as the driver sees it. Time is an argument everywhere.
pub trait Stage {
    /// Executes a command.
    ///
    /// # Errors
    /// A refusal, or the store's failure; nothing was changed.
    fn execute(&mut self, envelope: Envelope, now: Stamp) -> Result<Receipt, Failure>;

    /// The earliest moment at which a timer of the referral being lived is due; none where none waits.
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

    /// What happened to the referral that came in last; nothing where the stage keeps no log.
    ///
    /// # Errors
    /// The store's failure.
    fn history(&mut self, referral: ReferralId) -> Result<Vec<Chapter>, Failure>;

    /// Keeps so many referral numbers free, below those that are given out from now on; the first of them.
    ///
    /// # Errors
    /// The store's failure.
    fn set_aside(&mut self, count: u64) -> Result<ReferralId, Failure>;

    /// Prints referrals from plates: `next` gives each with its plate, until there is none.
    ///
    /// # Errors
    /// The store's failure.
    fn print(&mut self, next: &mut Printing<'_>) -> Result<(), Failure>;

    /// Writes the log in the order of time: what happened before a moment, or all, at most so many actions; how many still
    /// wait. Nothing from before that moment may be played afterwards.
    ///
    /// # Errors
    /// The store's failure.
    fn write_up(&mut self, before: Option<Stamp>, most: u64) -> Result<u64, Failure>;
}

/// Gives the next copy, told the number at which its records begin; none at the end.
pub type Printing<'a> = dyn FnMut(i64) -> Option<Copy> + 'a;

/// One referral to be printed.
pub struct Copy {
    /// From this plate.
    pub plate: Rc<Plate>,
    /// Its number.
    pub referral: ReferralId,
    /// Its patient.
    pub patient: Patient,
    /// In the place of the plate's words.
    pub words: Vec<String>,
    /// All its moments are moved by this.
    pub shift: Span,
    /// Those that are on no round minute by this as well.
    pub slide: Span,
}

/// What opens the stage.
pub trait House {
    /// Opens the stage for some stories. What they did is durable when this returns, but for what is not written up yet.
    ///
    /// # Errors
    /// The work's own.
    fn evening(&mut self, work: &mut dyn FnMut(&mut dyn Stage) -> Result<(), Failure>)
    -> Result<(), Failure>;
}

/// An engine on which a clinic is lived.
pub struct Site<'e> {
    engine: &'e mut Engine,
    spool: Spool,
}

impl<'e> Site<'e> {
    /// On an engine.
    pub fn on(engine: &'e mut Engine) -> Site<'e> {
        Site {
            spool: engine.spool(),
            engine,
        }
    }
}

impl House for Site<'_> {
    fn evening(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Stage) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.engine.in_bulk(&mut self.spool, |bulk| work(bulk))
    }
}

/// 9999-12-31: every timer is due by then.
const FOREVER: i64 = 253_402_214_400;

impl Stage for Bulk<'_> {
    fn execute(&mut self, envelope: Envelope, now: Stamp) -> Result<Receipt, Failure> {
        Bulk::execute(self, &envelope, now)
    }

    fn next_due(&mut self) -> Result<Option<Stamp>, Failure> {
        let first = self.timers(from_seconds(FOREVER));
        Ok(first.first().map(|(due, _, _)| *due))
    }

    /// As the engine's own pass of the clock, but without its senders: the past of an invented clinic leaves no messages in
    /// the outbox's folder.
    fn tick(&mut self, now: Stamp) -> Result<(), Failure> {
        loop {
            let mut fired = false;
            for (_, referral, key) in self.timers(now) {
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

    fn history(&mut self, referral: ReferralId) -> Result<Vec<Chapter>, Failure> {
        Ok(Bulk::history(self, referral)?)
    }

    fn set_aside(&mut self, count: u64) -> Result<ReferralId, Failure> {
        Ok(Bulk::set_aside(self, count)?)
    }

    fn print(&mut self, next: &mut Printing<'_>) -> Result<(), Failure> {
        let Some(mut press) = self.press()? else {
            return Ok(());
        };
        while let Some(copy) = next(press.next_record()) {
            let print = Print {
                referral: copy.referral,
                patient: &copy.patient,
                words: &copy.words,
                shift: copy.shift,
                slide: copy.slide,
            };
            press.print(&copy.plate, &print)?;
        }
        Ok(press.finish()?)
    }

    fn write_up(&mut self, before: Option<Stamp>, most: u64) -> Result<u64, Failure> {
        Ok(Bulk::write_up(self, before, most)?)
    }
}
