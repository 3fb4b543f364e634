//! Undo: the inverse of an action, appended.
//!
//! Owns what may be taken back. What has left the clinic stays: a person is told to put it right. Redo is the undo of an undo.

use super::draft::Draft;
use super::{settle, tasks};
use crate::domain::command::Envelope;
use crate::domain::event::Fact;
use crate::domain::message::Message;
use crate::domain::policy::Policy;
use crate::domain::record::{Entity, Patch};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Stamp;

/// Fields of the referral that rules keep: they are worked out again, so what became of them since is no obstacle.
const DERIVED: [&str; 8] = [
    "version",
    "list",
    "next_action",
    "due_at",
    "missing",
    "pauses",
    "holds",
    "status_since",
];

/// Takes back the changes of an action, in reverse order.
///
/// # Errors
/// `cannot-undo` where somebody built on it since, or where the action made a referral.
pub fn undo(
    snapshot: &Snapshot,
    changes: &[Patch],
    action: i64,
    envelope: &Envelope,
    now: Stamp,
    policy: &Policy,
) -> Result<super::Decision, Refusal> {
    if changes
        .iter()
        .any(|patch| patch.entity == Entity::Referral && patch.before.is_none())
    {
        return Err(Refusal::new(
            Code::CannotUndo,
            "a referral that came in is never taken away",
            "mark it entered in error, with a reason",
        ));
    }
    let mut draft = Draft::new(snapshot, envelope, now, policy);
    let mut left = Vec::new();
    for patch in changes.iter().rev() {
        match patch.entity {
            // Timers follow the referral: settling starts and stops them.
            Entity::Timer => continue,
            Entity::Message if has_left(&draft.next, patch) => {
                left.push(patch.id);
                continue;
            }
            Entity::Patient
            | Entity::Practitioner
            | Entity::Organization
            | Entity::Referral
            | Entity::Coverage
            | Entity::Milestone
            | Entity::Task
            | Entity::InfoRequest
            | Entity::Note
            | Entity::Appointment
            | Entity::Message
            | Entity::Document => {}
        }
        draft
            .apply(&without_version(patch.inverse()), &DERIVED)
            .map_err(|_| built_upon())?;
    }
    draft.record(Fact::Undone { action });
    left.dedup();
    for id in left {
        let kind = draft.next.get::<Message>(id).map(|message| message.kind);
        if let Some(kind) = kind {
            let title = format!(
                "Put right what was sent ({}): the step was undone after it had left",
                kind.code()
            );
            tasks::add(
                &mut draft,
                &format!("put-right/M-{id}/{action}"),
                title,
                Some(now),
                None,
            )?;
        }
    }
    settle::settle(&mut draft)?;
    Ok(draft.finish())
}

fn has_left(snapshot: &Snapshot, patch: &Patch) -> bool {
    snapshot
        .get::<Message>(patch.id)
        .is_some_and(|message| message.state.has_left())
}

/// Versions only ever go up, whatever else is taken back.
fn without_version(mut patch: Patch) -> Patch {
    if let (Some(before), Some(after)) = (&mut patch.before, &mut patch.after) {
        before.shift_remove("version");
        after.shift_remove("version");
    }
    patch
}

fn built_upon() -> Refusal {
    Refusal::new(
        Code::CannotUndo,
        "the referral was changed since in the same place",
        "undo the later step first",
    )
}
