//! The history, and one step of it taken back.
//!
//! Owns what can be taken back out of turn, and which later step stands in the way. Must not know how a step is undone.

use super::{Engine, Failure, Receipt, perform};
use crate::domain::command::{Cause, Command, Envelope};
use crate::domain::decide::is_derived;
use crate::domain::policy::Actor;
use crate::domain::record::{Entity, Patch};
use crate::domain::refusal::Code;
use crate::domain::time::Stamp;
use crate::store::deeds::{Deed, Of, deeds};
use crate::store::{StoreError, counters, log};
use std::collections::BTreeSet;

/// A record and its field.
type Touched = (Entity, i64, String);
/// Later steps that are looked at for the one that stands in the way.
const LATER: usize = 60;

impl Engine {
    /// What was done, the latest first.
    ///
    /// # Errors
    /// The store's.
    pub fn deeds(&self, of: &Of, limit: usize) -> Result<Vec<Deed>, StoreError> {
        deeds(self.store.connection(), of, limit)
    }

    /// Takes back one step, whoever did it: a person, or a rule. The undo of a step that was taken back does it again.
    ///
    /// # Errors
    /// `cannot-undo` where somebody built on it; `already-done`; what the asker's role may not.
    pub fn take_back_one(&mut self, actor: &Actor, action: i64, now: Stamp) -> Result<Receipt, Failure> {
        let envelope = Envelope::new(Command::Undo { action }, actor.clone(), Cause::Key);
        self.execute(&envelope, now)
    }

    /// Whether a step can be taken back now: decided as it would be, and nothing is written.
    ///
    /// # Errors
    /// Why not, with the step that stands in the way where there is one.
    pub fn may_take_back(&mut self, actor: &Actor, action: i64, now: Stamp) -> Result<(), Failure> {
        let random = self.random.u64(..);
        let envelope = Envelope::new(Command::Undo { action }, actor.clone(), Cause::Key);
        let connection = self.store.connection();
        let fresh = counters::fresh(connection, random)?;
        let leader = log::leader(connection, action)?;
        let all = [vec![leader], log::joined(connection, leader)?].concat();
        let decided = all.into_iter().try_for_each(|action| {
            perform::decide_undo(connection, &envelope, action, now, &self.policy, fresh).map(|_| ())
        });
        match decided {
            Ok(()) => Ok(()),
            Err(Failure::Refused(mut refusal)) if refusal.code == Code::CannotUndo => {
                if let Some(deed) = self.obstacle(action)? {
                    refusal.fix = format!(
                        "step {} ({} by {}) stands in the way: take that back first",
                        deed.action,
                        deed.command.replace('-', " "),
                        deed.actor
                    );
                }
                Err(refusal.into())
            }
            Err(failure) => Err(failure),
        }
    }

    /// The latest step that changed what this step changed, and still stands.
    fn obstacle(&self, action: i64) -> Result<Option<Deed>, StoreError> {
        let connection = self.store.connection();
        let (referral, changes) = log::changes_of(connection, action)?;
        let Some(referral) = referral else { return Ok(None) };
        let touched: BTreeSet<Touched> = changes.iter().flat_map(fields_of).collect();
        for deed in deeds(connection, &Of::Referral(referral), LATER)? {
            if deed.action <= action {
                break;
            }
            if deed.undone_by.is_some() || deed.undo_of.is_some() {
                continue;
            }
            let (_, later) = log::changes_of(connection, deed.action)?;
            if later
                .iter()
                .flat_map(fields_of)
                .any(|field| touched.iter().any(|one| meet(one, &field)))
            {
                return Ok(Some(deed));
            }
        }
        Ok(None)
    }
}

/// The fields that a change changed; of a record that was made or taken away, the record itself.
fn fields_of(patch: &Patch) -> Vec<Touched> {
    if patch.entity == Entity::Timer {
        return Vec::new();
    }
    let name = |name: &str| (patch.entity, patch.id, name.to_owned());
    match (&patch.before, &patch.after) {
        (Some(before), Some(after)) => {
            let before = before.read();
            let after = after.read().into_iter();
            after
                .filter(|(key, value)| before.get(key) != Some(value) && !is_derived(key))
                .map(|(key, _)| name(&key))
                .collect()
        }
        _ => vec![name("")],
    }
}

/// Whether two changes are of the same place: the same field, or one of them of the whole record.
fn meet(one: &Touched, other: &Touched) -> bool {
    let whole = one.2.is_empty() || other.2.is_empty();
    (one.0, one.1) == (other.0, other.1) && (whole || one.2 == other.2)
}
