//! The ritual of calling: what a call to the patient leads to, and what must be tried before silence may end a referral.

use super::draft::Draft;
use super::{outreach, tasks, triage};
use crate::domain::case::{CallOutcome, Party, TaskState};
use crate::domain::effort;
use crate::domain::message::{MessageKind, MessageState};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::snapshot::Snapshot;
use crate::domain::texts::Facts;

/// What a call to the patient leads to beside the next one: the last try that the clinic's rule asks for is followed by a
/// letter, and a wrong number by the search for the right one.
pub(super) fn follow_up(draft: &mut Draft<'_>, outcome: CallOutcome) -> Result<(), Refusal> {
    if outcome == CallOutcome::WrongNumber {
        let title = "Find the patient's right telephone number".to_owned();
        let now = draft.now;
        return tasks::add(draft, &number_task(draft)?, title, Some(now), None);
    }
    if effort::answered(outcome) {
        return Ok(());
    }
    let zone = draft.policy.clinic.zone;
    let effort = effort::of(&draft.next, zone);
    let rule = draft.policy.outreach.effort;
    let tried = usize::try_from(rule.calls).unwrap_or(usize::MAX);
    let asked = draft.next.messages.iter().any(|message| {
        message.kind == MessageKind::ContactRequest
            && effort
                .answered_at
                .is_none_or(|answered| message.created_at > answered)
    });
    if rule.letter && effort.calls.len() >= tried && effort.letters == 0 && !asked {
        ask_to_call(draft)?;
    }
    Ok(())
}

/// One search for a number at a time.
fn number_task(draft: &Draft<'_>) -> Result<String, Refusal> {
    let ended = draft
        .next
        .tasks
        .iter()
        .filter(|task| task.key.starts_with(NUMBER) && task.state != TaskState::Open)
        .count();
    Ok(format!("{NUMBER}{}/{ended}", draft.id()?))
}

/// The key of a search for a number begins so.
pub(super) const NUMBER: &str = "right-number/";

/// Writes to the patient, who could not be reached: please call us. A letter, where an address is on record.
///
/// # Errors
/// `impossible` for an ended referral, `nothing-to-do` while such a message waits to leave.
pub fn ask_to_call(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    triage::open(draft)?;
    let waits = draft.next.messages.iter().any(|message| {
        message.kind == MessageKind::ContactRequest
            && matches!(
                message.state,
                MessageState::Queued | MessageState::Held | MessageState::Failed
            )
    });
    if waits {
        return Err(Refusal::new(
            Code::NothingToDo,
            "a message that asks the patient to call is on its way out",
            "nothing is needed",
        ));
    }
    let sent = draft
        .next
        .messages
        .iter()
        .filter(|message| message.kind == MessageKind::ContactRequest)
        .count();
    let occasion = format!("{}-{}", triage::occasion(draft)?, sent + 1);
    outreach::queue(draft, MessageKind::ContactRequest, &occasion, Facts::new())
}

/// Refuses an end because nobody could be reached, until what the clinic's rule asks for was tried.
///
/// # Errors
/// `effort-needed`, with what is still to be tried.
pub(super) fn tried_enough(draft: &Draft<'_>) -> Result<(), Refusal> {
    let effort = effort::of(&draft.next, draft.policy.clinic.zone);
    let lacks = effort.lacks(&draft.policy.outreach.effort);
    if lacks.is_empty() {
        return Ok(());
    }
    let words = effort.words();
    Err(Refusal::new(
        Code::EffortNeeded,
        format!(
            "unreachable needs the effort that the clinic's rule asks for; so far {words}; still needed: {}",
            lacks.join(", and ")
        ),
        "record each call with its outcome; the letter follows the last call, or is sent by hand",
    ))
}

/// Refuses to end a referral for a reason in words that says so.
///
/// # Errors
/// See [`tried_enough`].
pub(super) fn heard(draft: &Draft<'_>, reason: &str) -> Result<(), Refusal> {
    if effort::says_unreachable(reason) {
        tried_enough(draft)
    } else {
        Ok(())
    }
}

/// How the last call with a party ended.
pub(super) fn last_with(snapshot: &Snapshot, party: Party) -> Option<CallOutcome> {
    let calls = snapshot
        .notes
        .iter()
        .filter_map(|note| note.call.map(|call| (note.id, call)));
    let (_, last) = calls
        .filter(|(_, call)| call.party == party)
        .max_by_key(|(id, _)| *id)?;
    Some(last.outcome)
}
