//! The post of an invented clinic: what left, and how it fared.
//!
//! Owns the order in which waiting messages leave, and the few that fail. Nothing is really sent: the demo's past is written
//! by the same commands that a sender uses.

use super::chance::{Chance, Stream};
use crate::domain::command::{Claim, Command};
use crate::domain::id::{MessageId, ReferralId};
use crate::domain::message::MessageState;
use crate::domain::person::Channel;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::{Span, Stamp};
use std::collections::BTreeMap;

/// The sender's name in the log.
const SENDER: &str = "demo";
/// A failure older than this would long have been dealt with.
const TROUBLE: Span = Span::days(5);

/// The messages of one referral that wait.
pub struct Post {
    chance: Chance,
    now: Stamp,
    waiting: BTreeMap<(Stamp, MessageId), (Channel, u32)>,
}

/// How a message leaves: commands with their moments.
pub struct Delivery {
    /// The message.
    pub message: MessageId,
    /// Its claim; whoever has opted out since, and whomever nobody writes to at that hour, is not written to.
    pub claim: (Stamp, Command),
    /// What follows, once it is claimed.
    pub then: Vec<(Stamp, Command)>,
}

impl Post {
    /// The post of a story.
    pub fn of(seed: u64, story: u64, now: Stamp) -> Post {
        Post {
            chance: Chance::of(seed, story, Stream::Post),
            now,
            waiting: BTreeMap::new(),
        }
    }

    /// Looks at what waits and may leave by a moment.
    pub fn collect(&mut self, sheet: &Snapshot, until: Stamp) {
        self.waiting = sheet
            .messages
            .iter()
            .filter(|message| message.state == MessageState::Queued && message.not_before <= until)
            .map(|message| {
                let leaves = message.not_before.max(message.created_at);
                ((leaves, message.id), (message.channel, message.attempt))
            })
            .collect();
    }

    /// When the next one leaves.
    pub fn next_ready(&self) -> Option<Stamp> {
        self.waiting.keys().next().map(|(at, _)| *at)
    }

    /// How the next one leaves.
    pub fn deliver(&mut self, referral: ReferralId) -> Option<Delivery> {
        let ((at, message), (channel, attempt)) = self.waiting.pop_first()?;
        let claim = Some(Claim {
            sender: SENDER.into(),
            attempt: attempt + 1,
        });
        let claimed = Command::ClaimMessage {
            referral,
            message,
            sender: SENDER.into(),
        };
        let moved = |to, claim, detail| Command::MoveMessage {
            referral,
            message,
            to,
            claim,
            detail,
        };
        let recent = self.now - at < TROUBLE;
        if recent && self.chance.percent(3) {
            let why = match channel {
                Channel::Fax => "the fax did not answer after three tries",
                Channel::Sms => "the carrier says that the number cannot receive text messages",
                Channel::Email => "the mailbox is full",
                Channel::Letter | Channel::Phone => "the printer is out of paper",
                Channel::Exchange => "the folder cannot be written to",
            };
            let failed = (at, moved(MessageState::Failed, claim, Some(why.to_owned())));
            return Some(Delivery {
                message,
                claim: (at, claimed),
                then: vec![failed],
            });
        }
        let mut then = vec![(at, moved(MessageState::HandedOver, claim, None))];
        let later = at + Span::seconds(self.chance.between(2, 50));
        let confirmed = match channel {
            Channel::Sms | Channel::Fax => self.chance.percent(85),
            Channel::Email => self.chance.percent(40),
            Channel::Letter | Channel::Phone | Channel::Exchange => false,
        };
        if confirmed && later <= self.now {
            then.push((later, moved(MessageState::Delivered, None, None)));
        }
        Some(Delivery {
            message,
            claim: (at, claimed),
            then,
        })
    }
}
