//! Senders: claim, hand over, complete.
//!
//! Owns the protocol between store and channel. The claim is durable before anything leaves, the completion is fenced by
//! the claim, and the folder channel is idempotent by key, so a crash at any point neither loses nor repeats a message.

use super::{Engine, Failure};
use crate::channels::folder;
use crate::domain::command::{Cause, Claim, Command, Envelope};
use crate::domain::message::{Message, MessageState};
use crate::domain::policy::Actor;
use crate::domain::time::Stamp;
use crate::store::StoreError;
use crate::store::due;

/// Messages claimed in one transaction. Small, so that a coordinator's own commit never waits long.
const BATCH: usize = 20;

/// What a pass of the outbox did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Handed over.
    pub handed_over: u64,
    /// Failed: each is a task now.
    pub failed: u64,
    /// Everything is held: nothing was tried.
    pub held: bool,
    /// Not sent after all: opted out, or no longer wanted.
    pub dropped: u64,
}

impl Engine {
    /// Sends what is due. The caller holds the ticker's lock, so a message that stands in `sending` has no sender alive.
    ///
    /// # Errors
    /// The store's.
    pub fn send_due(&mut self, now: Stamp, limit: usize) -> Result<Sent, StoreError> {
        if crate::channels::hold::reason(&self.places.outbox).is_some() {
            return Ok(Sent {
                held: true,
                ..Sent::default()
            });
        }
        let mut sent = Sent::default();
        let mut left = limit;
        while left > 0 {
            let due = due::messages(self.store.connection(), now, left.min(BATCH))?;
            if due.is_empty() {
                break;
            }
            left = left.saturating_sub(due.len());
            if !self.send_batch(&due, now, &mut sent)? {
                break;
            }
        }
        Ok(sent)
    }

    /// One batch; false where nothing moved, so that a message which cannot be claimed does not spin.
    fn send_batch(
        &mut self,
        due: &[(
            crate::domain::id::MessageId,
            crate::domain::id::ReferralId,
            MessageState,
        )],
        now: Stamp,
        sent: &mut Sent,
    ) -> Result<bool, StoreError> {
        let sender = format!("folder-{}", std::process::id());
        let system = |command| Envelope::new(command, Actor::system(), Cause::Outbox);
        let claims: Vec<Envelope> = due
            .iter()
            .map(|(message, referral, _)| {
                system(Command::ClaimMessage {
                    referral: *referral,
                    message: *message,
                    sender: sender.clone(),
                })
            })
            .collect();
        let claimed = self.execute_all(&claims, now)?;
        let mut outcomes = Vec::new();
        let mut moved = false;
        for ((id, referral, _), result) in due.iter().zip(claimed) {
            moved |= result.is_ok();
            let message: Option<Message> = self.store.message(*id)?;
            let Some(message) =
                message.filter(|message| message.state == MessageState::Sending && result.is_ok())
            else {
                sent.dropped += u64::from(result.is_ok());
                continue;
            };
            let (to, detail) = match folder::hand_over(&self.places.outbox, &message) {
                Ok(folder::Handover::Done | folder::Handover::WasThere) => (MessageState::HandedOver, None),
                Err(error) => (MessageState::Failed, Some(format!("the outbox folder: {error}"))),
            };
            if to == MessageState::HandedOver {
                sent.handed_over += 1
            } else {
                sent.failed += 1
            }
            let claim = Some(Claim {
                sender: sender.clone(),
                attempt: message.attempt,
            });
            outcomes.push(system(Command::MoveMessage {
                referral: *referral,
                message: *id,
                to,
                claim,
                detail,
            }));
        }
        self.execute_all(&outcomes, now)?;
        Ok(moved)
    }

    /// A person moves a message: retry, hold, release, drop, resolve.
    ///
    /// # Errors
    /// A refusal, or the store's.
    pub fn move_message(
        &mut self,
        message: &Message,
        to: MessageState,
        actor: &Actor,
        cause: Cause,
        now: Stamp,
    ) -> Result<super::Receipt, Failure> {
        let command = Command::MoveMessage {
            referral: message.referral,
            message: message.id,
            to,
            claim: None,
            detail: None,
        };
        self.execute(&Envelope::new(command, actor.clone(), cause), now)
    }
}
