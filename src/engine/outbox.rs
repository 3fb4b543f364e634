//! Senders: claim, hand over, complete.
//!
//! Owns the protocol between store and ways. The claim is durable before anything leaves, and the completion is fenced by
//! the claim. Where a way knows a message again, a crash at any point neither loses nor repeats it; where none can know, the
//! message is uncertain, and a person decides. Must not know a wire.

mod flight;
mod handing;

use super::{Engine, Failure};
use crate::channels::way::{AfterCrash, Line};
use crate::domain::command::{Cause, Claim, Command, Envelope};
use crate::domain::message::{Message, MessageKind, MessageState};
use crate::domain::person::Channel;
use crate::domain::policy::Actor;
use crate::domain::time::{Span, Stamp};
use crate::store::StoreError;
use crate::store::due::{self, Due};
use flight::Flight;
use std::collections::HashSet;
use std::time::Duration;

/// Messages claimed in one transaction. Small, so that a coordinator's own commit never waits long, and no claim waits long for
/// a network.
const BATCH: usize = 20;
/// The same while nobody else is at work and no way waits: so many files reach the disk together.
const ALONE: usize = 500;
/// A pass waits for networks no longer than this, so that the clock's other work goes on; the next goes on from there.
const PATIENCE: Duration = Duration::from_secs(10);
/// A channel that could not be reached is left alone for so long.
const REST: Span = Span::minutes(1);
/// Why the first message of its kind on a channel is held.
pub const FIRST: &str = "the first of its kind on this channel: read it, then let it go";
/// Held messages that are let go in a pass once their kind is known.
const LET_GO: usize = 200;

/// What a pass of the outbox did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Handed over.
    pub handed_over: u64,
    /// Failed: each is a task now.
    pub failed: u64,
    /// Everything is held: nothing was tried, or nothing more.
    pub held: bool,
    /// Not sent after all: opted out, or no longer wanted.
    pub dropped: u64,
    /// Put off: the channel could not take them, and they are tried again.
    pub later: u64,
    /// May have left and may not: a person decides.
    pub uncertain: u64,
    /// Waits to be read, as the first of its kind.
    pub unread: u64,
}

/// A pass in the making.
struct Pass {
    now: Stamp,
    sent: Sent,
    waited: Duration,
    known: HashSet<(Channel, MessageKind)>,
}

fn system(command: Command) -> Envelope {
    Envelope::new(command, Actor::system(), Cause::Outbox)
}

impl Engine {
    /// Sends what is due. The caller holds the ticker's lock, so a message that stands in `sending` has no sender alive.
    ///
    /// # Errors
    /// The store's.
    pub fn send_due(&mut self, now: Stamp, limit: usize) -> Result<Sent, StoreError> {
        if self.is_held() {
            return Ok(Sent {
                held: true,
                ..Sent::default()
            });
        }
        let mut pass = Pass {
            now,
            sent: Sent::default(),
            waited: Duration::ZERO,
            known: HashSet::new(),
        };
        // A clock that was set back does not make a channel rest for longer.
        self.resting
            .retain(|(_, until)| *until > now && *until - now <= REST);
        self.let_go(&mut pass)?;
        let mut left = limit;
        let mut flight = Flight::default();
        while left > 0 && pass.waited < PATIENCE {
            // Who says "hold" while a pass is under way means what has not left yet.
            if self.is_held() {
                pass.sent.held = true;
                break;
            }
            let resting: Vec<Channel> = self.resting.iter().map(|(channel, _)| *channel).collect();
            let size = left.min(self.batch()?);
            // What this pass has under way stands in `sending`, too.
            let under_way = flight.ids();
            let mut due = due::messages(self.store.connection(), now, size + under_way.len(), &resting)?;
            due.retain(|due| !under_way.contains(&due.message));
            due.truncate(size);
            if due.is_empty() {
                break;
            }
            left = left.saturating_sub(due.len());
            if !self.send_batch(due, &mut flight, &mut pass)? {
                break;
            }
        }
        self.land(&mut flight, &mut pass)?;
        self.ways.lines().iter().for_each(|(_, line)| line.way.rest());
        Ok(pass.sent)
    }

    fn is_held(&self) -> bool {
        crate::channels::hold::reason(&self.places.outbox).is_some()
    }

    fn batch(&mut self) -> Result<usize, StoreError> {
        if self.waits_for_networks() {
            return Ok(BATCH);
        }
        Ok(self.batch_size()?.clamp(BATCH, ALONE))
    }

    /// Whether a way of which many are claimed at once waits for a network.
    fn waits_for_networks(&self) -> bool {
        let lines = self.ways.lines();
        let waits = |line: &Line| line.way.waits() && line.way.after_crash() == AfterCrash::Again;
        lines.iter().any(|(_, line)| waits(line))
    }

    /// One batch; false where nothing moved, so that a message which cannot be claimed does not spin.
    fn send_batch(
        &mut self,
        due: Vec<Due>,
        flight: &mut Flight,
        pass: &mut Pass,
    ) -> Result<bool, StoreError> {
        let (mut again, mut single, mut moved) = (Vec::new(), Vec::new(), false);
        for due in due {
            if due.state == MessageState::Sending && !self.may_claim_again(&due)? {
                moved |= self.leave_to_a_person(&due, pass)?;
            } else if self.waits_to_be_read(&due, pass)? {
                moved |= self.hold_to_be_read(&due, pass)?;
            } else if self.ways.of(due.channel).way.after_crash() == AfterCrash::Again {
                again.push(due);
            } else {
                single.push(due);
            }
        }
        if !again.is_empty() {
            moved |= self.go_on(again, flight, pass)?;
        }
        // A claim stands no longer than its own messages wait for a network, or those of somebody else.
        if !single.is_empty() || self.waits_for_networks() {
            self.land(flight, pass)?;
        }
        // What nobody could know after a crash is claimed one by one, so that a crash leaves one to a person, not twenty.
        for due in single {
            let rests = self.resting.iter().any(|(channel, _)| *channel == due.channel);
            if !rests && pass.waited < PATIENCE && !self.is_held() {
                moved |= self.go_on(vec![due], flight, pass)?;
                self.land(flight, pass)?;
            } else {
                // It stays as it is, and the next batch leaves its channel out.
                moved |= rests;
            }
        }
        Ok(moved)
    }

    fn sender(&self, channel: Channel) -> String {
        format!("{}-{}", self.ways.of(channel).way.name(), std::process::id())
    }

    /// Whether a message whose sender died may be handed over again: its way knows it again, and is still the one by which
    /// the dead sender sent.
    fn may_claim_again(&self, due: &Due) -> Result<bool, StoreError> {
        let way = &self.ways.of(due.channel).way;
        let message = self.store.message(due.message)?;
        let sender = message.and_then(|message| message.sender).unwrap_or_default();
        let other = crate::channels::way::NAMES
            .iter()
            .any(|name| *name != way.name() && sender.starts_with(&format!("{name}-")));
        Ok(way.after_crash() == AfterCrash::Again && !other)
    }

    fn leave_to_a_person(&mut self, due: &Due, pass: &mut Pass) -> Result<bool, StoreError> {
        let Some(message) = self.store.message(due.message)? else {
            return Ok(false);
        };
        // Under the ticker's lock the dead sender's claim may be spoken for.
        let claim = Claim {
            sender: message.sender.clone().unwrap_or_default(),
            attempt: message.attempt,
        };
        let detail = "the program ended while this was being sent; whether it left is not known";
        pass.sent.uncertain += 1;
        self.put(due, MessageState::Uncertain, Some(claim), Some(detail), pass.now)
    }

    fn waits_to_be_read(&mut self, due: &Due, pass: &mut Pass) -> Result<bool, StoreError> {
        let wanted = self.ways.of(due.channel).reads_first;
        if !wanted || due.released || due.state != MessageState::Queued {
            return Ok(false);
        }
        Ok(!self.is_known(due, pass)?)
    }

    fn is_known(&self, due: &Due, pass: &mut Pass) -> Result<bool, StoreError> {
        let kind = (due.channel, due.kind);
        if !pass.known.contains(&kind) {
            if !due::is_known(self.store.connection(), due.channel, due.kind)? {
                return Ok(false);
            }
            pass.known.insert(kind);
        }
        Ok(true)
    }

    fn hold_to_be_read(&mut self, due: &Due, pass: &mut Pass) -> Result<bool, StoreError> {
        pass.sent.unread += 1;
        self.put(due, MessageState::Held, None, Some(FIRST), pass.now)
    }

    /// Where somebody has read the first of a kind, the others that waited for it go.
    fn let_go(&mut self, pass: &mut Pass) -> Result<(), StoreError> {
        for due in due::held(self.store.connection(), FIRST, LET_GO)? {
            if !self.ways.of(due.channel).reads_first || self.is_known(&due, pass)? {
                self.put(&due, MessageState::Queued, None, None, pass.now)?;
            }
        }
        Ok(())
    }

    fn put(
        &mut self,
        due: &Due,
        to: MessageState,
        claim: Option<Claim>,
        detail: Option<&str>,
        now: Stamp,
    ) -> Result<bool, StoreError> {
        let command = Command::MoveMessage {
            referral: due.referral,
            message: due.message,
            to,
            claim,
            detail: detail.map(str::to_owned),
        };
        match self.execute(&system(command), now) {
            Ok(_) => Ok(true),
            Err(Failure::Refused(_)) => Ok(false),
            Err(Failure::Store(error)) => Err(error),
        }
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
