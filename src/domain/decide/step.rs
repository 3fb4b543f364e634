//! A step of the status path.
//!
//! Owns the one way in which a status changes: the table is asked, the occasion is counted, where it came from is kept.

use super::draft::Draft;
use crate::domain::event::Fact;
use crate::domain::policy::Role;
use crate::domain::priority::Priority;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::status::Status;

/// Takes the step that the table allows.
///
/// # Errors
/// `impossible` where the table has no such step; `not-allowed` where the program itself would end a referral.
pub fn take(draft: &mut Draft<'_>, to: Status, reason: Option<String>) -> Result<(), Refusal> {
    let from = draft.referral()?.status;
    if !from.may_become(to) {
        return Err(impossible(from, to));
    }
    go(draft, to, reason)
}

/// Goes back to where a cancel request or an ended referral came from.
///
/// # Errors
/// `impossible` where there is no way back.
pub fn back(draft: &mut Draft<'_>, reason: Option<String>) -> Result<(), Refusal> {
    let referral = draft.referral()?;
    let from = referral.status;
    match referral.status_before {
        // What was booked is booked no longer: the ending cancelled the appointment, and another is wanted.
        Some(Status::Scheduled) if from.may_return() && draft.next.live_appointment().is_none() => {
            go(draft, Status::AppointmentCancelled, reason)
        }
        Some(to) if from.may_return() => go(draft, to, reason),
        Some(_) | None => Err(Refusal::new(
            Code::Impossible,
            format!("a referral that is {from} cannot go back"),
            "only a closed, declined or cancelled referral is reopened, and only a cancel request withdrawn",
        )),
    }
}

/// The loop closes because the report was delivered: the one ending that nobody has to confirm.
///
/// # Errors
/// `impossible` where no visit took place.
pub fn close_on_delivery(draft: &mut Draft<'_>, reason: String) -> Result<(), Refusal> {
    let from = draft.referral()?.status;
    if from != Status::Completed {
        return Err(impossible(from, Status::Closed));
    }
    change(draft, Status::Closed, Some(reason))
}

fn go(draft: &mut Draft<'_>, to: Status, reason: Option<String>) -> Result<(), Refusal> {
    if !to.is_open() {
        may_end(draft)?;
    }
    change(draft, to, reason)
}

fn change(draft: &mut Draft<'_>, to: Status, reason: Option<String>) -> Result<(), Refusal> {
    let from = draft.referral()?.status;
    let now = draft.now;
    let episode = next_episode(draft)?;
    draft.edit(|referral| {
        // A cancel request or an ending remembers what it left; going on from there forgets it.
        referral.status_before = to.may_return().then_some(match (from, referral.status_before) {
            (Status::CancelRequested, Some(before)) => before,
            _ => from,
        });
        referral.status = to;
        referral.status_since = now;
        referral.status_reason = reason.clone();
        referral.episode = episode;
        referral.callback_at = None;
        referral.attempts = 0;
        referral.ended_at = (!to.is_open()).then_some(now);
    })?;
    draft.record(Fact::StatusChanged { from, to, reason });
    Ok(())
}

/// The number of the next stage. An undo goes back to the number before, and what was said on that occasion and had left
/// stays: another step is another occasion, or nobody would be told of it.
fn next_episode(draft: &Draft<'_>) -> Result<u32, Refusal> {
    let mut episode = draft.referral()?.episode + 1;
    let said = |episode: u32| {
        let occasion = format!("/e{episode}");
        let mut messages = draft.next.messages.iter();
        messages.any(|message| message.key.ends_with(&occasion))
    };
    while said(episode) {
        episode += 1;
    }
    Ok(episode)
}

/// Whether the asker may end the referral at all.
///
/// # Errors
/// `not-allowed` for the program itself; `emergency` for a stat referral among others, booked or not.
pub fn may_end(draft: &Draft<'_>) -> Result<(), Refusal> {
    if draft.actor.role == Role::System {
        return Err(Refusal::new(
            Code::NotAllowed,
            "no automation ends a referral",
            "leave it open and let a person confirm",
        ));
    }
    if draft.in_batch && draft.referral()?.priority == Priority::Stat {
        return Err(emergency("ended"));
    }
    Ok(())
}

/// The fence around emergencies, as a refusal.
pub fn emergency(what: &str) -> Refusal {
    Refusal::new(
        Code::Emergency,
        format!("an emergency is never {what} together with others"),
        "open it and decide on it alone",
    )
}

fn impossible(from: Status, to: Status) -> Refusal {
    let allowed: Vec<&str> = from.next().iter().map(|status| status.label()).collect();
    let fix = match (allowed.is_empty(), from.may_return()) {
        (true, true) => "reopen it first, with a reason".to_owned(),
        (true, false) => "nothing can follow".to_owned(),
        (false, _) => format!("from here it may become: {}", allowed.join(", ")),
    };
    let because = if from == to {
        format!("it is {from} already")
    } else {
        format!("a referral that is {from} cannot become {to}")
    };
    Refusal::new(Code::Impossible, because, fix)
}

/// A reason that says something.
///
/// # Errors
/// `reason-needed` where it is empty.
pub fn reason(text: &str) -> Result<String, Refusal> {
    let reason = crate::domain::text::squeeze(&crate::domain::text::line(text));
    if reason.is_empty() {
        return Err(Refusal::new(
            Code::ReasonNeeded,
            "a reason is needed",
            "say why in a few words",
        ));
    }
    if reason.chars().count() > REASON_CHARS {
        return Err(Refusal::bad_field(
            "reason",
            format!("longer than {REASON_CHARS} characters"),
        ));
    }
    Ok(reason)
}

/// A reason is a line, not a letter: what is longer belongs in a note.
const REASON_CHARS: usize = 500;
