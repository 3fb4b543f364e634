//! The desk's everyday work on a referral: calls, notes, owners, priorities.

use super::draft::Draft;
use super::{people, ritual, step, tasks, triage};
use crate::domain::case::{Call, CallOutcome, Note, NoteKind, Party};
use crate::domain::effort;
use crate::domain::event::Fact;
use crate::domain::id::NoteId;
use crate::domain::priority::Priority;
use crate::domain::referral::Owner;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::text;
use crate::domain::time::{Span, Stamp};

/// Longest note.
const NOTE_CHARS: usize = 10_000;
/// An agreed call is within a year.
const CALL_HORIZON: Span = Span::days(366);

/// Records a call; its outcome sets when to call next. Reaching anybody about an emergency acknowledges it.
///
/// # Errors
/// `impossible` for an ended referral, `bad-field` for a time that cannot be.
pub fn record_call(
    draft: &mut Draft<'_>,
    party: Party,
    outcome: CallOutcome,
    note: &str,
    again_at: Option<Stamp>,
) -> Result<(), Refusal> {
    triage::open(draft)?;
    if again_at.is_some_and(|at| at < draft.now || at > draft.now + CALL_HORIZON) {
        return Err(Refusal::bad_field(
            "call_again_at",
            "must lie ahead, within a year",
        ));
    }
    let reached = outcome == CallOutcome::Reached;
    let policy = draft.policy;
    // A wrong number is no try: nobody's telephone rang.
    let before = effort::tries(&draft.next, party).0.len();
    let again_at = again_at.or_else(|| policy.next_call(outcome, before + 1, draft.now));
    let call = Call { party, outcome };
    let agreed = promised(draft, party);
    let text = note_text(note)?;
    write(draft, NoteKind::Call, Some(call), text)?;
    if !agreed {
        draft.edit(|referral| {
            referral.callback_at = again_at;
            referral.attempts = if reached { 0 } else { referral.attempts + 1 };
        })?;
    }
    draft.record(Fact::CallRecorded { call, again_at });
    if agreed && let Some(at) = again_at {
        let key = format!("call-{}/again/{}", party.label(), draft.next.fresh.record);
        tasks::add(
            draft,
            &key,
            format!("Call the {} again", party.label()),
            Some(at),
            None,
        )?;
    }
    let referral = draft.referral()?;
    if reached && referral.priority == Priority::Stat && referral.acknowledged_at.is_none() {
        let now = draft.now;
        draft.edit(|referral| referral.acknowledged_at = Some(now))?;
        draft.record(Fact::EmergencyAcknowledged);
        tasks::end_by_rule(draft, &["emergency/"], true)?;
    }
    if party == Party::Patient {
        ritual::follow_up(draft, outcome)?;
    }
    match party {
        Party::Patient if reached => tasks::end_by_rule(draft, &["call-patient/"], true),
        Party::Provider if reached => tasks::end_by_rule(draft, &["call-provider/"], true),
        Party::Payer if reached => tasks::end_by_rule(draft, &["call-payer/"], true),
        Party::Patient | Party::Provider | Party::Payer => Ok(()),
    }
}

/// Whether the patient waits to be called when it was agreed on: a call to anybody else does not change that.
fn promised(draft: &Draft<'_>, party: Party) -> bool {
    let waits = draft
        .next
        .referral()
        .is_some_and(|referral| referral.callback_at.is_some());
    party != Party::Patient
        && waits
        && ritual::last_with(&draft.next, Party::Patient) == Some(CallOutcome::CallLater)
}

/// Writes a note.
///
/// # Errors
/// `reason-needed` where it says nothing, `bad-field` where it is too long.
pub fn add_note(draft: &mut Draft<'_>, raw: &str) -> Result<(), Refusal> {
    let text = note_text(raw)?;
    if text.is_empty() {
        return Err(Refusal::new(
            Code::ReasonNeeded,
            "the note is empty",
            "write something",
        ));
    }
    note(draft, text)
}

/// A note on the timeline, whoever has something to say there.
///
/// # Errors
/// Only a defect.
pub(super) fn note(draft: &mut Draft<'_>, text: String) -> Result<(), Refusal> {
    write(draft, NoteKind::Text, None, text)?;
    draft.record(Fact::NoteAdded);
    Ok(())
}

fn note_text(raw: &str) -> Result<String, Refusal> {
    let text = text::block(raw).trim().to_owned();
    if text.chars().count() > NOTE_CHARS {
        return Err(Refusal::bad_field(
            "note",
            format!("longer than {NOTE_CHARS} characters"),
        ));
    }
    Ok(text)
}

fn write(draft: &mut Draft<'_>, kind: NoteKind, call: Option<Call>, text: String) -> Result<(), Refusal> {
    let note = Note {
        id: NoteId(draft.fresh()),
        referral: draft.id()?,
        at: draft.now,
        author: draft.actor.name.clone(),
        kind,
        call,
        text,
    };
    draft.put(note)
}

/// Gives it to a person or a queue.
///
/// # Errors
/// `impossible` for an ended referral, `nothing-to-do` where they have it already.
pub fn assign(draft: &mut Draft<'_>, owner: &Owner) -> Result<(), Refusal> {
    triage::open(draft)?;
    let to = people::owner(owner)?;
    let from = draft.referral()?.owner.clone();
    if from == to {
        return Err(Refusal::new(
            Code::NothingToDo,
            format!("{to} has it already"),
            "nothing is needed",
        ));
    }
    let owner = to.clone();
    draft.edit(|referral| referral.owner = owner)?;
    draft.record(Fact::Assigned { from, to });
    Ok(())
}

/// Changes the listed priority. Lowering it is a right of its own; both ways need a reason.
///
/// # Errors
/// `not-allowed`, `reason-needed`, `nothing-to-do`, `impossible` for an ended referral.
pub fn set_priority(draft: &mut Draft<'_>, priority: Priority, reason: &str) -> Result<(), Refusal> {
    triage::open(draft)?;
    let from = draft.referral()?.priority;
    if from == priority {
        return Err(Refusal::new(
            Code::NothingToDo,
            format!("it is {priority} already"),
            "nothing is needed",
        ));
    }
    if priority < from && !draft.policy.rights.lower_priority.contains(&draft.actor.role) {
        return Err(triage::not_allowed(draft.actor.role, "lower a priority"));
    }
    if from == Priority::Stat && draft.in_batch {
        return Err(step::emergency("changed"));
    }
    let reason = step::reason(reason)?;
    draft.edit(|referral| referral.priority = priority)?;
    draft.record(Fact::PriorityChanged {
        from,
        to: priority,
        reason,
    });
    if from == Priority::Stat {
        // What is no emergency any more does not escalate, and nobody is asked to call about one.
        tasks::end_by_rule(draft, &["emergency/"], false)?;
    }
    Ok(())
}

/// Records leave as a file: nothing changes, and the log says who took what.
///
/// # Errors
/// `bad-field` where scope or format is empty.
pub fn export(draft: &mut Draft<'_>, scope: &str, format: &str) -> Result<(), Refusal> {
    let scope = people::required_line("scope", scope)?;
    let format = people::required_line("format", format)?;
    draft.record(Fact::Exported { scope, format });
    Ok(())
}
