//! A message's way out: claimed by one sender, completed by that sender alone, resolved by a person where nobody can know.

use super::draft::Draft;
use super::tasks;
use crate::domain::command::Claim;
use crate::domain::event::Fact;
use crate::domain::id::MessageId;
use crate::domain::message::{Message, MessageState};
use crate::domain::person::{Channel, Consent};
use crate::domain::policy::Role;
use crate::domain::refusal::{Code, Refusal};

fn message(draft: &Draft<'_>, id: MessageId) -> Result<Message, Refusal> {
    draft
        .next
        .get::<Message>(id.0)
        .cloned()
        .ok_or_else(|| Refusal::not_found(format!("message {id} on this referral")))
}

/// A sender claims a message that is due. State, time and consent are checked again: they may have changed since it was
/// queued. A claim whose sender died is taken over by claiming again.
///
/// # Errors
/// `already-done` where it is not to be sent any more.
pub fn claim(draft: &mut Draft<'_>, id: MessageId, sender: &str) -> Result<(), Refusal> {
    let mut message = message(draft, id)?;
    let from = message.state;
    if !matches!(from, MessageState::Queued | MessageState::Sending) {
        return Err(Refusal::new(
            Code::AlreadyDone,
            format!("the message is {}", from.code()),
            "nothing is needed",
        ));
    }
    if message.not_before > draft.now {
        return Err(Refusal::new(
            Code::Impossible,
            "the message's time has not come",
            "wait",
        ));
    }
    if opted_out(draft, &message) {
        message.state = MessageState::Cancelled;
        message.detail = Some("opted out since it was written".into());
    } else {
        message.state = MessageState::Sending;
        message.attempt += 1;
        message.sender = Some(sender.to_owned());
    }
    let (kind, to) = (message.kind, message.state);
    draft.put(message)?;
    draft.record(Fact::MessageMoved {
        message: kind,
        from,
        to,
    });
    Ok(())
}

fn opted_out(draft: &Draft<'_>, message: &Message) -> bool {
    let patient = draft
        .next
        .referral()
        .and_then(|referral| draft.next.patient(referral.patient));
    message.kind.party() == crate::domain::case::Party::Patient
        && patient.is_some_and(|patient| match message.channel {
            Channel::Email => patient.email_consent == Consent::Refused,
            Channel::Sms => patient.sms_consent == Consent::Refused,
            Channel::Fax | Channel::Letter | Channel::Phone => false,
        })
}

/// Moves a message: a sender completes its claim, or a person resolves, retries, holds or drops.
///
/// # Errors
/// `stale` for a claim that another took over, `impossible` for a step that the table does not have.
pub fn advance(
    draft: &mut Draft<'_>,
    id: MessageId,
    to: MessageState,
    claim: Option<&Claim>,
    detail: Option<&str>,
) -> Result<(), Refusal> {
    let mut message = message(draft, id)?;
    let from = message.state;
    if !from.next().contains(&to) || to == MessageState::Sending {
        let allowed: Vec<&str> = from.next().iter().map(|state| state.code()).collect();
        return Err(Refusal::new(
            Code::Impossible,
            format!("a message that is {} cannot become {}", from.code(), to.code()),
            if allowed.is_empty() {
                "nothing can follow".to_owned()
            } else {
                format!("it may become: {}", allowed.join(", "))
            },
        ));
    }
    let fenced = claim.is_some_and(|claim| {
        Some(&claim.sender) == message.sender.as_ref() && claim.attempt == message.attempt
    });
    // Whether something left is known by the sender that holds the claim, and by a person: nobody else.
    if from == MessageState::Sending && !fenced
        || from != MessageState::Sending && draft.actor.role == Role::System && claim.is_some()
    {
        return Err(Refusal::new(
            Code::Stale,
            "another sender has the message now",
            "leave it to that sender",
        ));
    }
    if from == MessageState::Uncertain && draft.actor.role == Role::System {
        return Err(Refusal::new(
            Code::NotAllowed,
            "nobody but a person can know whether it left",
            "ask a person",
        ));
    }
    message.state = to;
    message.detail = super::people::optional_line("detail", detail)?;
    if to == MessageState::HandedOver {
        message.sent_at = Some(draft.now);
    }
    let (kind, key) = (message.kind, message.key.clone());
    draft.put(message)?;
    draft.record(Fact::MessageMoved {
        message: kind,
        from,
        to,
    });
    // A message that fails becomes work.
    match to {
        MessageState::Failed | MessageState::Uncertain => {
            let title = format!(
                "A message did not get through ({}): send it again or call",
                kind.code()
            );
            let now = draft.now;
            tasks::add(draft, &format!("message-trouble/{key}"), title, Some(now), None)
        }
        MessageState::HandedOver | MessageState::Delivered | MessageState::Acknowledged => {
            tasks::end_by_rule(draft, &[&format!("message-trouble/{key}")], true)
        }
        MessageState::Queued | MessageState::Sending | MessageState::Held | MessageState::Cancelled => Ok(()),
    }
}
