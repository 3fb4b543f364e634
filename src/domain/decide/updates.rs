//! Status updates to the system that sent a referral.
//!
//! Owns the one rule: what that system was told last is where the referral stands now, or another update is queued, once per
//! occasion. So an undo is told like any other change. Must not know how an update looks: it is made when it leaves.

use super::draft::Draft;
use super::outreach;
use crate::domain::case::Appointment;
use crate::domain::event::Fact;
use crate::domain::id::MessageId;
use crate::domain::message::{Message, MessageKind, MessageState};
use crate::domain::person::Channel;
use crate::domain::refusal::Refusal;
use crate::domain::status::Status;
use crate::domain::time::print_stamp;

const KIND: MessageKind = MessageKind::StatusUpdate;

/// Queues an update where the last one does not say what is so.
///
/// # Errors
/// Only a defect.
pub(super) fn settle(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let referral = draft.referral()?;
    let wanted = draft
        .policy
        .updates
        .is_some_and(|updates| updates.about(referral.source));
    if !wanted {
        return Ok(());
    }
    let (id, status, source) = (referral.id, referral.status, referral.source);
    let says = says(status, draft.next.live_appointment());
    let all = || draft.next.messages.iter().filter(|message| message.kind == KIND);
    let told = all()
        .filter(|message| message.state != MessageState::Cancelled)
        .max_by_key(|message| message.id);
    if told.is_some_and(|told| told.subject == status.code() && told.body == says) {
        return Ok(());
    }
    let occasion = (all().count() + 1).to_string();
    let requester = draft
        .next
        .practitioner(draft.referral()?.requester)
        .map(|person| person.name.spoken());
    let message = Message {
        id: MessageId(draft.fresh()),
        referral: id,
        key: outreach::key(KIND, id, &occasion),
        kind: KIND,
        channel: Channel::Exchange,
        address: source.label().to_owned(),
        recipient: requester.unwrap_or_default(),
        language: "en".into(),
        subject: status.code().to_owned(),
        body: says,
        state: MessageState::Queued,
        detail: None,
        created_at: draft.now,
        not_before: outreach::not_before(draft, KIND),
        attempt: 0,
        sender: None,
        sent_at: None,
        released_by: None,
        document: None,
    };
    draft.put(message)?;
    draft.record(Fact::MessageQueued {
        message: KIND,
        channel: Channel::Exchange,
        rule: KIND.code().to_owned(),
    });
    Ok(())
}

/// Whether a later update of the same referral has left, or is just leaving: what this one says is no longer so, and its sender is
/// told things in the order in which they were.
pub(super) fn is_overtaken(draft: &Draft<'_>, message: &Message) -> bool {
    let left = |later: &Message| later.sent_at.is_some() || later.state.has_left();
    message.kind == KIND
        && draft
            .next
            .messages
            .iter()
            .any(|later| later.kind == KIND && later.id > message.id && left(later))
}

/// What an update says, in a line: a booked visit at another time is another update.
fn says(status: Status, visit: Option<&Appointment>) -> String {
    match visit.filter(|_| status == Status::Scheduled) {
        Some(visit) => format!("{status}, {}", print_stamp(visit.starts_at)),
        None => status.to_string(),
    }
}
