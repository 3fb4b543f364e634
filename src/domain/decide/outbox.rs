//! A message's way out: claimed by one sender, completed by that sender alone, resolved by a person where nobody can know.

use super::draft::Draft;
use super::{outreach, people, reports, tasks, updates};
use crate::domain::case::Party;
use crate::domain::command::Claim;
use crate::domain::event::Fact;
use crate::domain::id::MessageId;
use crate::domain::message::{Message, MessageKind, MessageState, wait_after};
use crate::domain::person::{Channel, Consent};
use crate::domain::policy::Role;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::text;

fn message(draft: &Draft<'_>, id: MessageId) -> Result<Message, Refusal> {
    draft
        .next
        .get::<Message>(id.0)
        .cloned()
        .ok_or_else(|| Refusal::not_found(format!("message {id} on this referral")))
}

/// A sender claims a message that is due. State, time, consent, address and the hours for patients are checked again: they
/// may have changed since it was queued. A claim whose sender died is taken over by claiming again.
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
    let opens = outreach::opens_at(draft, message.kind);
    let address = outreach::address_now(draft, message.kind, message.channel);
    // Whoever was corrected since is written to where they are; what may have left already stays as it left, and what a person
    // let go goes where that person saw.
    let follows = from == MessageState::Queued && message.released_by.is_none();
    if follows && address.is_none() && is_kept(&message) {
        message.state = MessageState::Cancelled;
        message.detail = Some("there is no address for it any more".into());
        tasks::tell(
            draft,
            message.kind,
            &message.key,
            "the address on record was taken away",
        )?;
    } else if let Some(because) = unwanted(draft, &message) {
        // What a sender had when it died may have left: whether it did is for a person to find out. A system that is told where a
        // referral stands was told better since.
        let may_have_left = from == MessageState::Sending && message.kind != MessageKind::StatusUpdate;
        (message.state, message.detail) = if may_have_left {
            let detail = format!("{because}; whether it left before is not known");
            (MessageState::Uncertain, Some(detail))
        } else {
            (MessageState::Cancelled, Some(because.into()))
        };
    } else if from == MessageState::Queued && opens > draft.now {
        // The night has come over it: nothing is claimed, and nothing is said.
        message.not_before = opens;
        return draft.put(message);
    } else {
        if let Some(address) = address.filter(|_| follows) {
            message.address = address;
        }
        message.state = MessageState::Sending;
        message.attempt += 1;
        message.sender = Some(sender.to_owned());
    }
    let (kind, key, to) = (message.kind, message.key.clone(), message.state);
    draft.put(message)?;
    draft.record(Fact::MessageMoved {
        message: kind,
        from,
        to,
    });
    work(draft, &key, kind.code(), from, to)
}

/// Whether the claim holds the message now. That moves neither the referral nor its version: whoever decides on it meanwhile
/// decides on what they saw.
pub fn is_on_its_way(draft: &Draft<'_>, id: MessageId) -> bool {
    let message = draft.next.get::<Message>(id.0);
    message.is_some_and(|message| message.state == MessageState::Sending)
}

/// Whether the address of a message is one that is kept on record.
fn is_kept(message: &Message) -> bool {
    match message.kind.party() {
        Party::Patient => true,
        Party::Provider => matches!(message.channel, Channel::Fax | Channel::Email),
        Party::Payer => false,
    }
}

/// Why a message is not to leave any more.
fn unwanted(draft: &Draft<'_>, message: &Message) -> Option<&'static str> {
    if opted_out(draft, message) {
        Some("opted out since it was written")
    } else if outreach::is_over(draft, message.kind) {
        Some("the appointment has begun")
    } else if updates::is_overtaken(draft, message) {
        Some("a later update has left")
    } else {
        None
    }
}

fn opted_out(draft: &Draft<'_>, message: &Message) -> bool {
    let patient = draft
        .next
        .referral()
        .and_then(|referral| draft.next.patient(referral.patient));
    message.kind.party() == Party::Patient
        && patient.is_some_and(|patient| match message.channel {
            Channel::Email => patient.email_consent == Consent::Refused,
            Channel::Sms => patient.sms_consent == Consent::Refused,
            Channel::Fax | Channel::Letter | Channel::Phone | Channel::Exchange => false,
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
    let mut to = to;
    if from == MessageState::Sending && to == MessageState::Queued {
        // The channel could not take it: it waits, and after the last wait it has failed.
        match wait_after(message.attempt) {
            Some(wait) => message.not_before = draft.now + wait,
            None => to = MessageState::Failed,
        }
    }
    message.state = to;
    message.detail = people::optional_line("detail", detail)?;
    if to == MessageState::HandedOver {
        message.sent_at = Some(draft.now);
    }
    if from == MessageState::Held && to == MessageState::Queued && draft.actor.role != Role::System {
        message.released_by = Some(draft.actor.name.clone());
    }
    let (kind, key) = (message.kind, message.key.clone());
    draft.put(message)?;
    draft.record(Fact::MessageMoved {
        message: kind,
        from,
        to,
    });
    work(draft, &key, kind.code(), from, to)?;
    if kind == MessageKind::ReportProvider {
        reports::moved(draft, id, to)?;
    }
    Ok(())
}

/// How the keys of the work that comes of a message begin.
pub const WORK: [&str; 3] = ["message-trouble", "message-returned", "message-first"];

/// A message that fails becomes work, and so does the first of its kind, which waits to be read; what got through ends it.
fn work(
    draft: &mut Draft<'_>,
    key: &str,
    kind: &str,
    from: MessageState,
    to: MessageState,
) -> Result<(), Refusal> {
    let now = draft.now;
    let [trouble, returned, first] = WORK.map(|work| format!("{work}/{key}"));
    match to {
        // What came back after it had left is news, even where an earlier trouble was mended.
        MessageState::Failed if matches!(from, MessageState::HandedOver | MessageState::Delivered) => {
            let title = format!("A message came back ({kind}): correct the address, or call");
            tasks::add(draft, &returned, title, Some(now), None)
        }
        MessageState::Failed | MessageState::Uncertain => {
            let title = format!("A message did not get through ({kind}): send it again or call");
            tasks::add(draft, &trouble, title, Some(now), None)
        }
        MessageState::HandedOver | MessageState::Delivered | MessageState::Acknowledged => {
            tasks::end_by_rule(draft, &[&trouble, &returned, &first], true)
        }
        MessageState::Held if draft.actor.role == Role::System => {
            let title = format!("Read the first {kind} before it leaves, then let it go");
            tasks::add(draft, &first, title, Some(now), None)
        }
        MessageState::Queued | MessageState::Cancelled if from == MessageState::Held => {
            tasks::end_by_rule(draft, &[&first], to == MessageState::Queued)
        }
        MessageState::Queued | MessageState::Sending | MessageState::Held | MessageState::Cancelled => Ok(()),
    }
}

/// A person changes where a message goes or what it says, before it leaves.
///
/// # Errors
/// `impossible` once it has left or may have; `bad-field` for an address that cannot be, a subject of several lines, an empty
/// text; `nothing-to-do` where nothing changes.
pub fn edit(
    draft: &mut Draft<'_>,
    id: MessageId,
    address: Option<&str>,
    subject: Option<&str>,
    body: Option<&str>,
) -> Result<(), Refusal> {
    let before = message(draft, id)?;
    if before.state.has_left() || before.state == MessageState::Cancelled {
        return Err(Refusal::new(
            Code::Impossible,
            format!(
                "a message that is {} is not changed any more",
                before.state.code()
            ),
            "hold it before it leaves, then change it",
        ));
    }
    let mut message = before.clone();
    if let Some(raw) = address {
        message.address = address_of(message.channel, raw)?;
    }
    if let Some(raw) = subject {
        if raw.contains(['\r', '\n', '\0']) {
            return Err(Refusal::bad_field("subject", "a subject is one line"));
        }
        message.subject = people::optional_line("subject", Some(raw))?.unwrap_or_default();
    }
    if let Some(raw) = body {
        message.body = text::block(raw).trim_end().to_owned();
        if message.body.trim().is_empty() {
            return Err(Refusal::bad_field("body", "a message says something"));
        }
    }
    if message == before {
        return Err(Refusal::new(
            Code::NothingToDo,
            "the message says that already",
            "nothing is needed",
        ));
    }
    // Whoever changed it has read it.
    message.released_by = Some(draft.actor.name.clone());
    let kind = message.kind;
    draft.put(message)?;
    draft.record(Fact::MessageEdited { message: kind });
    Ok(())
}

fn address_of(channel: Channel, raw: &str) -> Result<String, Refusal> {
    let checked = match channel {
        Channel::Email => people::email("address", Some(raw))?,
        Channel::Sms | Channel::Fax | Channel::Phone => people::phone("address", Some(raw))?,
        Channel::Letter | Channel::Exchange => people::optional_line("address", Some(raw))?,
    };
    checked.ok_or_else(|| Refusal::bad_field("address", "is empty"))
}
