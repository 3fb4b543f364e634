//! Undo and redo, by person: what somebody did last is taken back first, a batch as one.

use super::{Engine, Failure, Receipt};
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

    /// Takes back what this person did last; all of a batch.
    ///
    /// # Errors
    /// `nothing-to-do`, or `cannot-undo` where somebody built on it.
    pub fn undo(&mut self, actor: &Actor, now: Stamp) -> Result<Vec<Receipt>, Failure> {
        let step = self.undoable(actor)?.ok_or_else(|| nothing("undo"))?;
        self.take_back(actor, &step, now)
    }

    /// Does again what this person undid last.
    ///
    /// # Errors
    /// `nothing-to-do`, or `cannot-undo` where somebody built on it.
    pub fn redo(&mut self, actor: &Actor, now: Stamp) -> Result<Vec<Receipt>, Failure> {
        let step = self.redoable(actor)?.ok_or_else(|| nothing("redo"))?;
        self.take_back(actor, &step, now)
    }

    fn take_back(&mut self, actor: &Actor, step: &Step, now: Stamp) -> Result<Vec<Receipt>, Failure> {
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
        let mut receipts = Vec::new();
        let mut refused = None;
        for result in self.execute_all(&envelopes, now)? {
            match result {
                Ok(receipt) => receipts.push(receipt),
                Err(refusal) => refused = Some(refusal),
            }
        }
        match refused {
            Some(refusal) if receipts.is_empty() => Err(refusal.into()),
            Some(_) | None => Ok(receipts),
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
