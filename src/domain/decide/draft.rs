//! A decision in the making.
//!
//! Owns the working copy of the snapshot and the events so far: every edit goes through here, so that each event carries
//! exactly the values that it changed: once a record, from what it was at the event before to what it is. Must not know any
//! rule.

use crate::domain::command::{Cause, Envelope};
use crate::domain::event::{Event, Fact};
use crate::domain::id::ReferralId;
use crate::domain::policy::{Actor, Policy};
use crate::domain::record::{Entity, Patch};
use crate::domain::referral::Referral;
use crate::domain::refusal::Refusal;
use crate::domain::snapshot::{Kept, Snapshot};
use crate::domain::template::Template;
use crate::domain::time::Stamp;

/// The draft.
pub struct Draft<'a> {
    /// The records as they will be.
    pub next: Snapshot,
    /// The clinic's policy.
    pub policy: &'a Policy,
    /// The time of the decision.
    pub now: Stamp,
    /// Who asks.
    pub actor: &'a Actor,
    /// What stands behind it.
    pub cause: Cause,
    /// Whether it is one of many done at once.
    pub in_batch: bool,
    events: Vec<Event>,
    /// The records that were edited since the last event, in the order of their first edit.
    pending: Vec<(Entity, i64)>,
    /// The records as the last event left them.
    told: Snapshot,
    /// A record that could not be written as its fields: a defect, said at the end.
    broken: Option<Refusal>,
}

impl<'a> Draft<'a> {
    /// A draft on a snapshot.
    pub fn new(snapshot: &'a Snapshot, envelope: &'a Envelope, now: Stamp, policy: &'a Policy) -> Draft<'a> {
        Draft {
            next: snapshot.clone(),
            policy,
            now,
            actor: &envelope.actor,
            cause: envelope.cause,
            in_batch: envelope.batch.is_some(),
            events: Vec::new(),
            pending: Vec::new(),
            told: snapshot.clone(),
            broken: None,
        }
    }

    /// The referral.
    ///
    /// # Errors
    /// `not-found` where the snapshot has none.
    pub fn referral(&self) -> Result<&Referral, Refusal> {
        self.next
            .referral()
            .ok_or_else(|| Refusal::not_found("such referral"))
    }

    /// The referral's template; a referral whose template is gone has no requirements.
    pub fn template(&self) -> Option<&'a Template> {
        self.policy.template(&self.next.referral()?.template)
    }

    /// Its id.
    ///
    /// # Errors
    /// See [`Draft::referral`].
    pub fn id(&self) -> Result<ReferralId, Refusal> {
        Ok(self.referral()?.id)
    }

    /// Changes the referral.
    ///
    /// # Errors
    /// See [`Draft::referral`].
    pub fn edit(&mut self, change: impl FnOnce(&mut Referral)) -> Result<(), Refusal> {
        let mut referral = self.referral()?.clone();
        change(&mut referral);
        self.put(referral)
    }

    /// Puts a record.
    ///
    /// # Errors
    /// None now; a record that cannot be written is found when its event is.
    pub fn put<T: Kept>(&mut self, record: T) -> Result<(), Refusal> {
        if self.next.get::<T>(record.key()) != Some(&record) {
            self.touch(T::ENTITY, record.key());
            self.next.put(record);
        }
        Ok(())
    }

    fn touch(&mut self, entity: Entity, id: i64) {
        if !self.pending.contains(&(entity, id)) {
            self.pending.push((entity, id));
        }
    }

    /// Applies a change from the log.
    ///
    /// # Errors
    /// `stale` where the record moved since.
    pub fn apply(&mut self, patch: &Patch, ignore: &[&str]) -> Result<(), Refusal> {
        self.next.apply(patch, ignore)?;
        self.touch(patch.entity, patch.id);
        Ok(())
    }

    /// Says what happened; the event takes all edits since the last.
    pub fn record(&mut self, fact: Fact) {
        let patches = self.take_pending();
        if !patches.is_empty() {
            self.told = self.next.clone();
        }
        self.events.push(Event { fact, patches });
    }

    fn take_pending(&mut self) -> Vec<Patch> {
        let mut patches = Vec::new();
        for (entity, id) in std::mem::take(&mut self.pending) {
            match self.told.change_of(&self.next, entity, id) {
                Ok(patch) => patches.extend(patch),
                Err(refusal) => self.broken = Some(refusal),
            }
        }
        patches
    }

    /// What has happened so far.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.events.iter().map(|event| &event.fact)
    }

    /// Whether there are edits that no event has taken.
    pub fn has_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Whether anything was recorded.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty() && self.pending.is_empty()
    }

    /// A fresh number for a record.
    pub fn fresh(&mut self) -> i64 {
        let number = self.next.fresh.record;
        self.next.fresh.record += 1;
        number
    }

    /// The events, and the records as they are then.
    ///
    /// # Errors
    /// Only a defect: a record that has no fields.
    pub fn finish(mut self) -> Result<Decision, Refusal> {
        let patches = self.take_pending();
        if let Some(refusal) = self.broken {
            return Err(refusal);
        }
        if !patches.is_empty() {
            self.events.push(Event {
                fact: Fact::Settled,
                patches,
            });
        }
        Ok(Decision {
            events: self.events,
            next: self.next,
        })
    }
}

/// What a decision came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// What happened, in order.
    pub events: Vec<Event>,
    /// The records after it.
    pub next: Snapshot,
}
