//! Answers that came back: a word, a report, and what they change.
//!
//! Owns which commands an answer becomes and that it becomes them once, by the occasion that the caller names: the same mail
//! or text message again changes nothing. Must not read what came.

use super::{Engine, Failure};
use crate::channels::answers::Word;
use crate::domain::case::Party;
use crate::domain::command::{Cause, Command, Envelope, PatientChanges};
use crate::domain::id::MessageId;
use crate::domain::message::{Message, MessageState};
use crate::domain::person::{Channel, Consent};
use crate::domain::policy::Actor;
use crate::domain::time::Stamp;
use crate::store::StoreError;
use crate::store::answers::{Written, written_to};
use std::collections::BTreeSet;

/// What an answer came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It was understood and did what it asks for, now or when it came before.
    Done,
    /// It is for a person.
    NotUnderstood,
    /// It is about a message of which it is not noted yet that it left: it is to come again.
    NotYet,
}

impl Engine {
    /// A word came from an address. Whom the clinic never wrote to there, and whoever could mean several things, is for a
    /// person.
    ///
    /// # Errors
    /// The store's.
    pub fn hear_word(
        &mut self,
        word: Word,
        channel: Channel,
        addresses: &[String],
        occasion: &str,
        now: Stamp,
    ) -> Result<Heard, StoreError> {
        let mut written = Vec::new();
        for address in addresses {
            written.extend(written_to(self.store.connection(), channel, address)?);
        }
        written.retain(|each| each.kind.party() == Party::Patient);
        written.sort_by_key(|each| std::cmp::Reverse(each.message));
        match word {
            Word::Stop => self.stop(channel, &written, occasion, now),
            Word::Yes => self.confirm(&written, occasion, now),
        }
    }

    /// Nothing more on this channel, for everybody who is written to there.
    fn stop(
        &mut self,
        channel: Channel,
        written: &[Written],
        occasion: &str,
        now: Stamp,
    ) -> Result<Heard, StoreError> {
        let mut seen = BTreeSet::new();
        let mut heard = Heard::NotUnderstood;
        for one in written.iter().filter(|one| seen.insert(one.patient.0)) {
            let mut changes = PatientChanges::default();
            match channel {
                Channel::Email => changes.email_consent = Some(Consent::Refused),
                Channel::Sms => changes.sms_consent = Some(Consent::Refused),
                Channel::Fax | Channel::Letter | Channel::Phone | Channel::Exchange => {
                    return Ok(Heard::NotUnderstood);
                }
            }
            let command = Command::AmendPatient {
                referral: one.referral,
                changes: Box::new(changes),
            };
            self.once(command, &format!("{occasion}/stop/{}", one.patient.0), now)?;
            heard = Heard::Done;
        }
        Ok(heard)
    }

    /// The appointment is confirmed, where there is one that can be meant.
    fn confirm(&mut self, written: &[Written], occasion: &str, now: Stamp) -> Result<Heard, StoreError> {
        let id = format!("{occasion}/yes");
        if self.was_done(&id)? {
            return Ok(Heard::Done);
        }
        let mut meant: Vec<Written> = Vec::new();
        for one in written {
            let booked = crate::store::records::of_referral(self.store.connection(), one.referral)?
                .live_appointment()
                .is_some_and(|appointment| appointment.starts_at > now);
            if booked && meant.iter().all(|other| other.referral != one.referral) {
                meant.push(*one);
            }
        }
        let [one] = meant.as_slice() else {
            return Ok(Heard::NotUnderstood);
        };
        let confirm = Command::ConfirmAppointment {
            referral: one.referral,
        };
        self.once(confirm, &id, now)?;
        if let Some(message) = self.store.message(one.message)? {
            self.note(&message, MessageState::Acknowledged, None, &id, now)?;
        }
        Ok(Heard::Done)
    }

    /// A report on a message came from the channel.
    ///
    /// # Errors
    /// The store's.
    pub fn hear_report(
        &mut self,
        message: MessageId,
        delivered: bool,
        why: &str,
        occasion: &str,
        now: Stamp,
    ) -> Result<Heard, StoreError> {
        let Some(message) = self.store.message(message)? else {
            return Ok(Heard::NotUnderstood);
        };
        let to = if delivered {
            MessageState::Delivered
        } else {
            MessageState::Failed
        };
        let why = Some(why.to_owned()).filter(|_| !delivered);
        self.note(&message, to, why, occasion, now)
    }

    /// The message that a report is about which names only whom it went to: the oldest of those that left to there and of which
    /// nothing was heard since, as a network reports on each in the order in which it had them. For an occasion that was heard
    /// before, the one that it was about then.
    ///
    /// # Errors
    /// The store's.
    pub fn reported(
        &self,
        channel: Channel,
        addresses: &[String],
        occasion: &str,
    ) -> Result<Option<MessageId>, StoreError> {
        let mut open = None;
        for address in addresses {
            for one in written_to(self.store.connection(), channel, address)? {
                for to in [MessageState::Delivered, MessageState::Failed] {
                    if self.was_done(&report_id(occasion, one.message, to))? {
                        return Ok(Some(one.message));
                    }
                }
                let state = self.store.message(one.message)?.map(|message| message.state);
                if state == Some(MessageState::HandedOver) {
                    open = open.into_iter().chain([one.message]).min_by_key(|id| id.0);
                }
            }
        }
        Ok(open)
    }

    /// Moves a message where its state lets it: a report that comes late, or twice, finds it moved already. What came before its
    /// message is noted as handed over is not lost, and what speaks against what is known is for a person.
    fn note(
        &mut self,
        message: &Message,
        to: MessageState,
        detail: Option<String>,
        occasion: &str,
        now: Stamp,
    ) -> Result<Heard, StoreError> {
        use MessageState as S;
        let id = report_id(occasion, message.id, to);
        if message.state == to || self.was_done(&id)? {
            return Ok(Heard::Done);
        }
        match message.state {
            S::Sending => return Ok(Heard::NotYet),
            // It is wanted no more, or more is known of it than that it arrived.
            S::Cancelled => return Ok(Heard::Done),
            S::Acknowledged if to == S::Delivered => return Ok(Heard::Done),
            S::Queued
            | S::HandedOver
            | S::Uncertain
            | S::Failed
            | S::Delivered
            | S::Acknowledged
            | S::Held => {}
        }
        if !message.state.next().contains(&to) {
            return Ok(Heard::NotUnderstood);
        }
        let command = Command::MoveMessage {
            referral: message.referral,
            message: message.id,
            to,
            claim: None,
            detail,
        };
        let done = self.once(command, &id, now)?;
        // Another program has moved it in between.
        Ok(if done { Heard::Done } else { Heard::NotYet })
    }

    fn was_done(&self, id: &str) -> Result<bool, StoreError> {
        Ok(crate::store::log::receipt_of(self.store.connection(), id)?.is_some())
    }

    /// Executes a command once for its id; false where it is refused. A refusal is no trouble: what was asked for is so already, or
    /// cannot be any more, and the timeline says which.
    fn once(&mut self, command: Command, id: &str, now: Stamp) -> Result<bool, StoreError> {
        let mut envelope = Envelope::new(command, Actor::system(), Cause::Outbox);
        envelope.id = Some(id.to_owned());
        match self.execute(&envelope, now) {
            Ok(_) => Ok(true),
            Err(Failure::Refused(_)) => Ok(false),
            Err(Failure::Store(error)) => Err(error),
        }
    }
}

/// The id under which a report moves a message, once.
fn report_id(occasion: &str, message: MessageId, to: MessageState) -> String {
    format!("{occasion}/m{}/{}", message.0, to.code())
}
