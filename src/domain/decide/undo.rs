//! Undo: the inverse of an action, appended.
//!
//! Owns what may be taken back. What has left the clinic stays: a person is told to put it right. Redo is the undo of an undo.

use super::draft::Draft;
use super::{outbox, settle, step, tasks, triage};
use crate::domain::case::{Document, DocumentState};
use crate::domain::command::Envelope;
use crate::domain::event::Fact;
use crate::domain::id::PatientId;
use crate::domain::message::{Message, MessageKind};
use crate::domain::person::Patient;
use crate::domain::policy::{Policy, Role};
use crate::domain::priority::Priority;
use crate::domain::record::{Entity, Fields, Patch};
use crate::domain::referral::Referral;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::snapshot::Snapshot;
use crate::domain::status::Status;
use crate::domain::time::Stamp;
use serde_json::Value;

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

/// Fields that only ever go on, or follow from what the referral is: they are not taken back.
const KEPT: [&str; 3] = ["version", "target_at", "warn_at"];

/// Whether rules keep a field: that it has changed since is no obstacle to taking a step back.
pub fn is_derived(field: &str) -> bool {
    DERIVED.contains(&field) || KEPT.contains(&field)
}

/// An action that is to be taken back.
#[derive(Clone, Debug)]
pub struct Done {
    /// Its number.
    pub action: i64,
    /// What it changed, in order.
    pub changes: Vec<Patch>,
    /// Whether the asker did it. A slip of one's own needs no right but the one to make it.
    pub own: bool,
}

/// Takes back the changes of an action, in reverse order.
///
/// # Errors
/// `cannot-undo` where somebody built on it since, or where a referral or a document came in with it; `not-allowed` and
/// `emergency` where the asker could not have brought the result about by a command.
pub fn undo(
    snapshot: &Snapshot,
    done: &Done,
    envelope: &Envelope,
    now: Stamp,
    policy: &Policy,
) -> Result<super::Decision, Refusal> {
    if envelope.actor.role == Role::ReadOnly {
        return Err(triage::not_allowed(Role::ReadOnly, "change anything"));
    }
    came_in(&done.changes)?;
    let action = done.action;
    let merging = done.changes.iter().any(gives_up);
    let mut draft = Draft::new(snapshot, envelope, now, policy);
    let mut left = Vec::new();
    for patch in done.changes.iter().rev() {
        match patch.entity {
            // Timers follow the referral: settling starts and stops them.
            Entity::Timer => continue,
            // Who became known stays known: by now somebody else's referral may name them.
            Entity::Patient | Entity::Practitioner | Entity::Organization if patch.before.is_none() => {
                continue;
            }
            Entity::Document if patch.before.is_none() => {
                to_intake(&mut draft, patch.id)?;
                continue;
            }
            Entity::Message if has_left(&draft.next, patch) => {
                // Where the referral stands now is told by itself: an update puts the one before it right.
                if !is_update(&draft.next, patch) {
                    left.push(patch.id);
                }
                continue;
            }
            Entity::Message if patch.before.is_none() => {
                unsend(&mut draft, patch)?;
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
        let mut inverse = without(patch.inverse(), |name| KEPT.contains(&name))?;
        if merging && patch.entity == Entity::Patient {
            inverse = only_unchanged(inverse, draft.next.patient(PatientId(patch.id)))?;
        }
        draft.apply(&inverse, &DERIVED).map_err(|_| built_upon())?;
    }
    stands(&draft.next)?;
    rights(snapshot.referral(), &draft, done.own)?;
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
    draft.finish()
}

/// What the outbox notes of a message that has not left: that it was held, put off or failed is no step that was built on it.
const OF_OUTBOX: [&str; 6] = ["state", "attempt", "detail", "not_before", "sender", "address"];

/// A message that has not left is taken away, with the work that the outbox made of it.
fn unsend(draft: &mut Draft<'_>, patch: &Patch) -> Result<(), Refusal> {
    let key = draft
        .next
        .get::<Message>(patch.id)
        .map(|message| message.key.clone());
    draft
        .apply(&patch.inverse(), &OF_OUTBOX)
        .map_err(|_| built_upon())?;
    if let Some(key) = key {
        let work = outbox::WORK.map(|work| format!("{work}/{key}"));
        tasks::end_where(draft, |task| work.contains(&task.key), false)?;
    }
    Ok(())
}

fn has_left(snapshot: &Snapshot, patch: &Patch) -> bool {
    snapshot
        .get::<Message>(patch.id)
        .is_some_and(|message| message.state.has_left())
}

fn is_update(snapshot: &Snapshot, patch: &Patch) -> bool {
    snapshot
        .get::<Message>(patch.id)
        .is_some_and(|message| message.kind == MessageKind::StatusUpdate)
}

/// A change of a record that stays, without some of its fields.
fn without(mut patch: Patch, unwanted: impl Fn(&str) -> bool) -> Result<Patch, Refusal> {
    if let (Some(before), Some(after)) = (&mut patch.before, &mut patch.after) {
        for side in [before, after] {
            let mut fields = side.read();
            fields.retain(|name, _| !unwanted(name));
            *side = Fields::of(&fields)?;
        }
    }
    Ok(patch)
}

/// Whether a patient's record was given up for another's.
fn gives_up(patch: &Patch) -> bool {
    let after = patch.after.as_ref();
    patch.entity == Entity::Patient && after.is_some_and(|after| after.has("merged_into"))
}

/// What the record that goes on was given by a merging is taken from it again, but for what somebody has corrected since: two
/// patients can be parted again long after.
fn only_unchanged(inverse: Patch, now: Option<&Patient>) -> Result<Patch, Refusal> {
    let (Some(now), Some(before)) = (now, &inverse.before) else {
        return Ok(inverse);
    };
    let (now, before) = (Fields::of(now)?.read(), before.read());
    let value = |name: &str| now.get(name).unwrap_or(&Value::Null);
    without(inverse, |name| {
        name != "merged_into" && before.get(name).is_some_and(|was| was != value(name))
    })
}

/// What came in stays, whatever is done with it (design, law 1).
fn came_in(changes: &[Patch]) -> Result<(), Refusal> {
    let made = |entity| {
        changes
            .iter()
            .find(|patch| patch.entity == entity && patch.before.is_none())
    };
    if made(Entity::Referral).is_some() {
        return Err(Refusal::new(
            Code::CannotUndo,
            "a referral that came in is never taken away",
            "mark it entered in error, with a reason",
        ));
    }
    let for_intake = |patch: &Patch| {
        let state = patch.after.as_ref().and_then(|fields| fields.get("state"));
        state.is_some_and(|state| state == "intake")
    };
    if made(Entity::Document).is_some_and(for_intake) {
        return Err(Refusal::new(
            Code::CannotUndo,
            "a document that came in is never taken away",
            "set it aside, with a reason",
        ));
    }
    Ok(())
}

/// A document that came in with the action is looked at again.
fn to_intake(draft: &mut Draft<'_>, id: i64) -> Result<(), Refusal> {
    let mut document = draft.next.get::<Document>(id).cloned().ok_or_else(built_upon)?;
    if document.state != DocumentState::Filed {
        return Err(built_upon());
    }
    document.state = DocumentState::Intake;
    document.referral = None;
    document.reason = Some("its filing was undone".into());
    draft.put(document)
}

/// What another system has said of a visit since may not fit to where the referral was before.
fn stands(next: &Snapshot) -> Result<(), Refusal> {
    let Some(referral) = next.referral() else {
        return Ok(());
    };
    let ahead = next.live_appointment().is_some();
    let fits = match referral.status {
        Status::Scheduled => ahead,
        Status::Completed => !ahead && next.last_visit().is_some(),
        Status::CancelRequested => true,
        Status::Received
        | Status::NeedsInfo
        | Status::InReview
        | Status::Accepted
        | Status::Waitlisted
        | Status::NoShow
        | Status::AppointmentCancelled
        | Status::Closed
        | Status::Declined
        | Status::Cancelled
        | Status::EnteredInError => !ahead,
    };
    if fits { Ok(()) } else { Err(built_upon()) }
}

/// Undo is no way round the rules on endings and priorities.
fn rights(before: Option<&Referral>, draft: &Draft<'_>, own: bool) -> Result<(), Refusal> {
    let (Some(before), Some(after)) = (before, draft.next.referral()) else {
        return Ok(());
    };
    if before.status.is_open() && !after.status.is_open() {
        step::may_end(draft)?;
    }
    let role = draft.actor.role;
    if after.priority < before.priority && !own && !draft.policy.rights.lower_priority.contains(&role) {
        return Err(triage::not_allowed(role, "lower a priority"));
    }
    if before.priority == Priority::Stat && after.priority < Priority::Stat && draft.in_batch && !own {
        return Err(step::emergency("changed"));
    }
    Ok(())
}

fn built_upon() -> Refusal {
    Refusal::new(
        Code::CannotUndo,
        "the referral was changed since in the same place",
        "undo the later step first",
    )
}
