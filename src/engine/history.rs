//! Undo and redo, by person: what somebody did last is taken back first, a batch as one.

use super::{Engine, Failure, Undone};
use crate::domain::command::{Cause, Command, Envelope};
use crate::domain::policy::Actor;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::time::Stamp;
use crate::store::StoreError;
use crate::store::log::{self, Step};

impl Engine {
    /// What `undo` would take back for this person.
    ///
    /// # Errors
    /// The store's.
    pub fn undoable(&self, actor: &Actor) -> Result<Option<Step>, StoreError> {
        log::last_done(self.store.connection(), &actor.name)
    }

    /// What `redo` would do again for this person.
    ///
    /// # Errors
    /// The store's.
    pub fn redoable(&self, actor: &Actor) -> Result<Option<Step>, StoreError> {
        log::last_undone(self.store.connection(), &actor.name)
    }

    /// Takes back what this person did last; all of a batch, but for what somebody built on.
    ///
    /// # Errors
    /// `nothing-to-do`, or `cannot-undo` where somebody built on all of it.
    pub fn undo(&mut self, actor: &Actor, now: Stamp) -> Result<Undone, Failure> {
        let step = self.undoable(actor)?.ok_or_else(|| nothing("undo"))?;
        self.take_back(actor, &step, now)
    }

    /// Does again what this person undid last.
    ///
    /// # Errors
    /// `nothing-to-do`, or `cannot-undo` where somebody built on it.
    pub fn redo(&mut self, actor: &Actor, now: Stamp) -> Result<Undone, Failure> {
        let step = self.redoable(actor)?.ok_or_else(|| nothing("redo"))?;
        self.take_back(actor, &step, now)
    }

    fn take_back(&mut self, actor: &Actor, step: &Step, now: Stamp) -> Result<Undone, Failure> {
        let actions = match &step.batch {
            Some(batch) => log::batch_of(self.store.connection(), batch, &actor.name)?,
            None => vec![step.action],
        };
        // An undo of a batch is a batch, so that redo takes it as one.
        let batch = step
            .batch
            .as_ref()
            .map(|batch| format!("undo-of-{batch}-{}", step.action));
        let envelope = |action: &i64| Envelope {
            batch: batch.clone(),
            ..Envelope::new(Command::Undo { action: *action }, actor.clone(), Cause::Key)
        };
        let envelopes: Vec<Envelope> = actions.iter().map(envelope).collect();
        let results = self.execute_all(&envelopes, now)?;
        let mut undone = Undone::default();
        for (result, action) in results.into_iter().zip(&actions) {
            match result {
                Ok(receipt) => undone.receipts.push(receipt),
                Err(refusal) => {
                    let (referral, _) = log::changes_of(self.store.connection(), *action)?;
                    undone.stayed.push((referral, refusal));
                }
            }
        }
        match undone.stayed.last() {
            Some((_, refusal)) if undone.receipts.is_empty() => Err(refusal.clone().into()),
            Some(_) | None => Ok(undone),
        }
    }
}

fn nothing(what: &str) -> Failure {
    Refusal::new(
        Code::NothingToDo,
        format!("there is nothing to {what}"),
        "nothing is needed",
    )
    .into()
}
