//! Senders: claim, hand over, complete.
//!
//! Owns the protocol between store and ways. The claim is durable before anything leaves, and the completion is fenced by
//! the claim. Where a way knows a message again, a crash at any point neither loses nor repeats it; where none can know, the
//! message is uncertain, and a person decides. Must not know a wire.

mod handing;

use super::carried::Carried;
use super::{Engine, Failure};
use crate::channels::way::{AfterCrash, Handover, Line};
use crate::domain::command::{Cause, Claim, Command, Envelope};
use crate::domain::message::{Message, MessageKind, MessageState};
use crate::domain::person::Channel;
use crate::domain::policy::Actor;
use crate::domain::time::{Span, Stamp};
use crate::store::StoreError;
use crate::store::due::{self, Due};
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
        while left > 0 && pass.waited < PATIENCE {
            // Who says "hold" while a pass is under way means what has not left yet.
            if self.is_held() {
                pass.sent.held = true;
                break;
            }
            let resting: Vec<Channel> = self.resting.iter().map(|(channel, _)| *channel).collect();
            let size = self.batch()?;
            let due = due::messages(self.store.connection(), now, left.min(size), &resting)?;
            if due.is_empty() {
                break;
            }
            left = left.saturating_sub(due.len());
            if !self.send_batch(due, &mut pass)? {
                break;
            }
        }
        self.ways.lines().iter().for_each(|(_, line)| line.way.rest());
        Ok(pass.sent)
    }

    fn is_held(&self) -> bool {
        crate::channels::hold::reason(&self.places.outbox).is_some()
    }

    fn batch(&mut self) -> Result<usize, StoreError> {
        let lines = self.ways.lines();
        let waits = |line: &Line| line.way.waits() && line.way.after_crash() == AfterCrash::Again;
        if lines.iter().any(|(_, line)| waits(line)) {
            return Ok(BATCH);
        }
        Ok(self.batch_size()?.clamp(BATCH, ALONE))
    }

    /// One batch; false where nothing moved, so that a message which cannot be claimed does not spin.
    fn send_batch(&mut self, due: Vec<Due>, pass: &mut Pass) -> Result<bool, StoreError> {
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
        moved |= self.claim_and_send(&again, pass)?;
        // What nobody could know after a crash is claimed one by one, so that a crash leaves one to a person, not twenty.
        for due in single {
            let rests = self.resting.iter().any(|(channel, _)| *channel == due.channel);
            if !rests && pass.waited < PATIENCE && !self.is_held() {
                moved |= self.claim_and_send(std::slice::from_ref(&due), pass)?;
            } else {
                // It stays as it is, and the next batch leaves its channel out.
                moved |= rests;
            }
        }
        Ok(moved)
    }

    fn claim_and_send(&mut self, due: &[Due], pass: &mut Pass) -> Result<bool, StoreError> {
        if due.is_empty() {
            return Ok(false);
        }
        // Those of one referral one after the other: its records are read and written once.
        let mut due: Vec<&Due> = due.iter().collect();
        due.sort_by_key(|due| due.referral);
        let claims: Vec<Envelope> = due
            .iter()
            .map(|due| {
                system(Command::ClaimMessage {
                    referral: due.referral,
                    message: due.message,
                    sender: self.sender(due.channel),
                })
            })
            .collect();
        let mut carried = Carried::default();
        let results = self.execute_over(&claims, pass.now, Some(&mut carried))?;
        let (mut claimed, mut moved) = (Vec::new(), false);
        for (due, result) in due.into_iter().zip(results) {
            moved |= result.is_ok();
            if result.is_err() {
                continue;
            }
            let message = match carried.message(due.referral, due.message) {
                Some(message) => Some(message.clone()),
                None => self.store.message(due.message)?,
            };
            let Some(message) = message else { continue };
            if message.state == MessageState::Sending {
                claimed.push((due, message));
            } else {
                pass.sent.dropped += u64::from(message.state == MessageState::Cancelled);
            }
        }
        let handovers = self.hand_over_each(&claimed, pass);
        let (mut outcomes, mut over) = (Vec::new(), Vec::new());
        for ((due, message), handover) in claimed.into_iter().zip(handovers) {
            let (to, detail) = outcome(handover, &mut pass.sent);
            outcomes.push(system(Command::MoveMessage {
                referral: due.referral,
                message: due.message,
                to,
                claim: Some(Claim {
                    sender: self.sender(due.channel),
                    attempt: message.attempt,
                }),
                detail,
            }));
            if matches!(to, MessageState::HandedOver | MessageState::Failed) {
                over.push((self.ways.of(due.channel).clone(), message));
            }
        }
        self.execute_over(&outcomes, pass.now, Some(&mut carried))?;
        for (line, message) in over {
            line.way.noted(&message);
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

/// What an answer makes of a message, and why.
fn outcome(handover: Handover, sent: &mut Sent) -> (MessageState, Option<String>) {
    let (counted, to, detail) = match handover {
        Handover::Done | Handover::WasThere => (&mut sent.handed_over, MessageState::HandedOver, None),
        Handover::Later(why, _) => (&mut sent.later, MessageState::Queued, Some(why)),
        Handover::Refused(why) => (&mut sent.failed, MessageState::Failed, Some(why)),
        Handover::Unknown(why) => (&mut sent.uncertain, MessageState::Uncertain, Some(why)),
    };
    *counted += 1;
    (to, detail.map(|why| why.chars().take(DETAIL).collect()))
}

/// The longest reason that is kept.
const DETAIL: usize = 300;
