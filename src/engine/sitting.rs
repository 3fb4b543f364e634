//! A sitting: commands of one transaction, with the records around the referral at hand kept in memory.
//!
//! Owns what is loaded and when it is written: records once, when another referral is taken up or the sitting ends; the log at
//! once and in order, unless it is held back on a spool. Within the transaction nobody else sees the tables, so it does not matter when they are written, as
//! long as it is before anybody asks them: whoever reads the tables calls [`Sitting::settle`] first, and whoever ends the
//! sitting [`Sitting::close`].

use crate::domain::case::{Timer, TimerState};
use crate::domain::command::Command;
use crate::domain::decide::Decision;
use crate::domain::event::Event;
use crate::domain::id::ReferralId;
use crate::domain::policy::Policy;
use crate::domain::record::Entity;
use crate::domain::snapshot::{Fresh, Snapshot};
use crate::domain::time::Stamp;
use crate::store::save::Finds;
use crate::store::spool::Spool;
use crate::store::{Connection, StoreError, counters, log, records, save};
use std::collections::BTreeSet;

/// The referral at hand.
struct Held {
    id: ReferralId,
    records: Snapshot,
    unsaved: Vec<save::Touched>,
}

/// A sitting within a transaction.
pub struct Sitting<'a> {
    connection: &'a Connection,
    policy: &'a Policy,
    held: Option<Held>,
    /// The next numbers of records and referrals, once they were read.
    fresh: Option<Fresh>,
    end: Option<log::End>,
    /// Where the log is held back.
    spool: Option<&'a mut Spool>,
    /// Referrals that were written since the sitting began.
    written: BTreeSet<ReferralId>,
    /// A record that several referrals may share was written since.
    shared: bool,
    /// What people are found by, written when the sitting ends: nobody looks for them within it.
    finds: Finds,
    /// The records of referrals that were let go, where somebody wants them.
    left: Option<Vec<(ReferralId, Snapshot)>>,
}

impl<'a> Sitting<'a> {
    /// A sitting in the caller's transaction.
    pub fn new(connection: &'a Connection, policy: &'a Policy) -> Sitting<'a> {
        Sitting {
            connection,
            policy,
            held: None,
            fresh: None,
            end: None,
            spool: None,
            written: BTreeSet::new(),
            shared: false,
            finds: Finds::default(),
            left: None,
        }
    }

    /// From now on what it lets go is kept for [`Sitting::left`].
    pub fn leave_records(&mut self) {
        self.left = Some(Vec::new());
    }

    /// The records around the referrals that it closed, as they are in the tables; none where others may share what was
    /// written.
    pub fn left(&mut self) -> Vec<(ReferralId, Snapshot)> {
        self.left.take().filter(|_| !self.shared).unwrap_or_default()
    }

    /// A sitting whose log is held back.
    pub fn on_spool(connection: &'a Connection, policy: &'a Policy, spool: &'a mut Spool) -> Sitting<'a> {
        Sitting {
            spool: Some(spool),
            ..Sitting::new(connection, policy)
        }
    }

    /// Where the log is held back; none where it is written at once.
    pub fn spool(&mut self) -> Option<&mut Spool> {
        self.spool.as_deref_mut()
    }

    /// The connection; see [`Sitting::settle`].
    pub fn connection(&self) -> &'a Connection {
        self.connection
    }

    /// The policy.
    pub fn policy(&self) -> &'a Policy {
        self.policy
    }

    /// Fresh numbers.
    ///
    /// # Errors
    /// The store's.
    pub fn fresh(&mut self, random: u64) -> Result<Fresh, StoreError> {
        let fresh = match self.fresh {
            Some(fresh) => fresh,
            None => counters::fresh(self.connection, 0)?,
        };
        self.fresh = Some(fresh);
        Ok(Fresh { random, ..fresh })
    }

    /// The number of the next action; 0 where the log is held back: it is numbered when it is written.
    ///
    /// # Errors
    /// The store's.
    pub fn number(&mut self) -> Result<i64, StoreError> {
        match self.spool {
            Some(_) => Ok(0),
            None => Ok(self.end()?.action),
        }
    }

    fn end(&mut self) -> Result<&mut log::End, StoreError> {
        let end = match self.end.take() {
            Some(end) => end,
            None => log::End::of(self.connection)?,
        };
        Ok(self.end.insert(end))
    }

    /// Appends to the log.
    ///
    /// # Errors
    /// The store's.
    pub fn append(
        &mut self,
        header: &log::Header<'_>,
        action: &log::Action<'_>,
        events: &[Event],
    ) -> Result<(), StoreError> {
        if let Some(spool) = &mut self.spool {
            return spool.append(header, action, events);
        }
        let connection = self.connection;
        self.end()?.append(connection, header, action, events)
    }

    /// Writes what is held back from before a moment, or all of it, into the log, at most so many actions; how many still
    /// wait.
    ///
    /// # Errors
    /// The store's.
    pub fn write_up(&mut self, before: Option<Stamp>, most: u64) -> Result<u64, StoreError> {
        let Some(spool) = &mut self.spool else {
            return Ok(0);
        };
        let mut end = log::End::of(self.connection)?;
        spool.pour(self.connection, &mut end, before, most)?;
        Ok(spool.len())
    }

    /// What a command has to see. The referral at hand is handed over: [`Sitting::keep`] or [`Sitting::put_back`] takes it
    /// again.
    ///
    /// # Errors
    /// The store's.
    pub fn take_up(&mut self, command: &Command, random: u64) -> Result<Snapshot, StoreError> {
        let mut snapshot = match command.referral() {
            Some(id) => {
                self.hold(id)?;
                self.held
                    .as_mut()
                    .map(|held| std::mem::take(&mut held.records))
                    .unwrap_or_default()
            }
            None => {
                self.settle()?;
                Snapshot::default()
            }
        };
        records::see_for(self.connection, &mut snapshot, command)?;
        snapshot.fresh = self.fresh(random)?;
        Ok(snapshot)
    }

    fn hold(&mut self, id: ReferralId) -> Result<(), StoreError> {
        if self.held.as_ref().is_some_and(|held| held.id == id) {
            return Ok(());
        }
        self.settle()?;
        let records = records::of_referral(self.connection, id)?;
        self.held = Some(Held {
            id,
            records,
            unsaved: Vec::new(),
        });
        Ok(())
    }

    /// Takes records that were read as the file stood when the sitting began, unless the sitting itself has changed any of them
    /// since: then they are read when they are needed.
    ///
    /// # Errors
    /// The store's.
    pub fn bring(&mut self, id: ReferralId, records: Snapshot) -> Result<(), StoreError> {
        if self.held.as_ref().is_some_and(|held| held.id == id) {
            return Ok(());
        }
        self.settle()?;
        if !self.shared && !self.written.contains(&id) {
            self.held = Some(Held {
                id,
                records,
                unsaved: Vec::new(),
            });
        }
        Ok(())
    }

    /// Takes back what a refused command has seen.
    pub fn put_back(&mut self, command: &Command, snapshot: Snapshot) {
        if let Some(held) = self
            .held
            .as_mut()
            .filter(|held| Some(held.id) == command.referral())
        {
            held.records = snapshot;
        }
    }

    /// Keeps what a decision made of the records.
    ///
    /// # Errors
    /// The store's.
    pub fn keep(&mut self, command: &Command, decision: Decision) -> Result<(), StoreError> {
        let Decision { events, mut next } = decision;
        let touched = save::touched(events.iter().flat_map(|event| &event.patches));
        let made = command.referral().is_none()
            && touched.iter().any(|what| {
                what.entity == Entity::Referral && self.fresh.is_some_and(|fresh| fresh.referral == what.id)
            });
        if let Some(fresh) = &mut self.fresh {
            fresh.record = fresh.record.max(next.fresh.record);
            fresh.referral += i64::from(made);
        }
        next.look_alikes.clear();
        next.beside.clear();
        next.may_be.clear();
        let mut unsaved = match self.held.take() {
            Some(held) if Some(held.id) == command.referral() => held.unsaved,
            Some(_) | None => Vec::new(),
        };
        unsaved.extend(touched);
        match next.referral().map(|referral| referral.id) {
            Some(id) if stays(command) => {
                self.held = Some(Held {
                    id,
                    records: next,
                    unsaved,
                });
                Ok(())
            }
            Some(_) | None => {
                self.save(command.referral(), &next, unsaved)?;
                if let Some(left) = &mut self.left {
                    left.retain(|(id, _)| Some(*id) != command.referral());
                }
                self.settle()
            }
        }
    }

    /// Writes the records that are not written yet, and lets the referral go: the tables of records are up to date after it.
    ///
    /// # Errors
    /// The store's: a broken CHECK, a key that is taken.
    pub fn settle(&mut self) -> Result<(), StoreError> {
        match self.held.take() {
            Some(held) => {
                self.save(Some(held.id), &held.records, held.unsaved)?;
                if let Some(left) = &mut self.left {
                    left.push((held.id, held.records));
                }
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn save(
        &mut self,
        id: Option<ReferralId>,
        records: &Snapshot,
        unsaved: Vec<save::Touched>,
    ) -> Result<(), StoreError> {
        if !unsaved.is_empty() {
            self.written.extend(id);
        }
        self.shared |= unsaved.iter().any(|what| {
            matches!(
                what.entity,
                Entity::Patient | Entity::Practitioner | Entity::Organization
            )
        });
        save::save_all(self.connection, records, unsaved, &mut self.finds)
    }

    /// Settles, and leaves the counters and the end of the log to whoever goes on from there. A sitting ends with it.
    ///
    /// # Errors
    /// The store's.
    pub fn close(&mut self) -> Result<(), StoreError> {
        self.settle()?;
        self.finds.write(self.connection)?;
        self.end = None;
        match self.fresh.take() {
            Some(fresh) => counters::keep(self.connection, fresh.record, fresh.referral),
            None => Ok(()),
        }
    }

    /// The records around a referral.
    ///
    /// # Errors
    /// The store's.
    pub fn records(&mut self, id: ReferralId) -> Result<Snapshot, StoreError> {
        self.hold(id)?;
        Ok(self
            .held
            .as_ref()
            .map(|held| held.records.clone())
            .unwrap_or_default())
    }

    /// Whether a timer of the referral at hand has neither gone off nor been called off.
    pub fn is_pending(&self, timer: &Timer) -> bool {
        let timers = self.held.iter().flat_map(|held| &held.records.timers);
        timers
            .filter(|each| each.id == timer.id)
            .any(|each| each.state == TimerState::Pending)
    }

    /// The pending timers of the referral at hand that are due, the earliest first.
    pub fn timers(&self, now: Stamp) -> Vec<Timer> {
        let timers = self.held.iter().flat_map(|held| &held.records.timers);
        let mut due: Vec<Timer> = timers
            .filter(|timer| timer.state == TimerState::Pending && timer.due_at <= now)
            .cloned()
            .collect();
        due.sort_by_key(|timer| (timer.due_at, timer.id));
        due
    }
}

/// Whether the records that a command leaves are exactly those around its referral. The others may leave one that belongs
/// there no more, or see one that never did.
fn stays(command: &Command) -> bool {
    !matches!(
        command,
        Command::AmendReferral { .. }
            | Command::AmendPatient { .. }
            | Command::FileDocument { .. }
            | Command::DismissDocument { .. }
            | Command::TakeDocument { .. }
            | Command::AddFacility { .. }
            | Command::MergeReferral { .. }
            | Command::MergePatient { .. }
            | Command::Undo { .. }
    )
}
