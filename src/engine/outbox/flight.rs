//! Messages on their way: claimed in one transaction, handed over while the next is at work, completed in the one after it.
//!
//! Owns that order, so that a long outbox waits once a batch for the disk, and its files are written beside that. Each message is
//! claimed durably before it leaves, and completed after it has left; what a crash finds in between is claimed anew.
//! Must not know a wire.

use super::{Pass, Sent, system};
use crate::channels::way::{Extent, Handover};
use crate::domain::command::{Claim, Command, Envelope};
use crate::domain::id::{MessageId, ReferralId};
use crate::domain::message::{Message, MessageState};
use crate::domain::refusal::Refusal;
use crate::engine::carried::Carried;
use crate::engine::{Engine, Receipt};
use crate::store::StoreError;
use crate::store::due::Due;
use std::collections::HashSet;

/// What a pass has under way.
#[derive(Default)]
pub(super) struct Flight {
    /// Claimed, and not handed over yet.
    claimed: Vec<(Due, Message)>,
    /// Handed over, and not noted yet.
    over: Vec<(Due, Message, Handover)>,
    carried: Carried,
}

impl Flight {
    pub fn len(&self) -> usize {
        self.claimed.len() + self.over.len()
    }

    /// Which messages.
    pub fn ids(&self) -> HashSet<MessageId> {
        self.due().map(|due| due.message).collect()
    }

    fn due(&self) -> impl Iterator<Item = &Due> {
        let claimed = self.claimed.iter().map(|(due, _)| due);
        claimed.chain(self.over.iter().map(|(due, ..)| due))
    }
}

/// A message's step in a transaction.
enum Step {
    Claim(Due),
    Complete(Box<Message>, MessageState),
}

impl Engine {
    /// Takes everything under way to its end.
    pub(super) fn land(&mut self, flight: &mut Flight, pass: &mut Pass) -> Result<(), StoreError> {
        while flight.len() > 0 {
            self.go_on(Vec::new(), flight, pass)?;
        }
        Ok(())
    }

    /// Notes what was handed over and claims what is due, in one transaction, while what was claimed before is handed over; whether
    /// a claim came of it.
    pub(super) fn go_on(
        &mut self,
        due: Vec<Due>,
        flight: &mut Flight,
        pass: &mut Pass,
    ) -> Result<bool, StoreError> {
        let mut steps = self.completions(std::mem::take(&mut flight.over), &mut pass.sent);
        steps.extend(due.into_iter().map(|due| {
            let command = Command::ClaimMessage {
                referral: due.referral,
                message: due.message,
                sender: self.sender(due.channel),
            };
            (due.referral, system(command), Step::Claim(due))
        }));
        // Those of one referral one after the other: its records are read and written once.
        steps.sort_by_key(|(referral, ..)| *referral);
        let (commands, steps): (Vec<Envelope>, Vec<Step>) = steps
            .into_iter()
            .map(|(_, command, step)| (command, step))
            .unzip();
        let (aloft, now) = (std::mem::take(&mut flight.claimed), pass.now);
        // Who says "hold" means what has not left yet, whether it is claimed or not.
        let held = !aloft.is_empty() && self.is_held();
        let carried = &mut flight.carried;
        let together = self.together(if held { &[] } else { &aloft });
        let (results, handovers) = if commands.is_empty() {
            (Vec::new(), together.hand_over(now))
        } else {
            std::thread::scope(|scope| {
                let beside = (!together.is_empty()).then(|| scope.spawn(move || together.hand_over(now)));
                let results = self.execute_over(&commands, now, Some(carried))?;
                // Who could not be handed over beside is handed over below, like everybody alone.
                let handovers = beside.and_then(|beside| beside.join().ok()).unwrap_or_default();
                Ok::<_, StoreError>((results, handovers))
            })?
        };
        let moved = self.taken_up(steps, results, flight, &mut pass.sent)?;
        let handovers = if held {
            pass.sent.held = true;
            vec![Handover::Later("everything is held".into(), Extent::Message); aloft.len()]
        } else {
            self.hand_over_the_rest(&aloft, handovers, pass)
        };
        flight.over = aloft
            .into_iter()
            .zip(handovers)
            .map(|((due, message), handover)| (due, message, handover))
            .collect();
        let referrals = flight.due().map(|due| due.referral).collect();
        flight.carried.only(referrals);
        Ok(moved)
    }

    /// Takes in what became of the steps; whether a claim came of them.
    fn taken_up(
        &self,
        steps: Vec<Step>,
        results: Vec<Result<Receipt, Refusal>>,
        flight: &mut Flight,
        sent: &mut Sent,
    ) -> Result<bool, StoreError> {
        let mut moved = false;
        for (step, result) in steps.into_iter().zip(results) {
            match step {
                Step::Complete(message, MessageState::HandedOver | MessageState::Failed) => {
                    self.ways.of(message.channel).way.noted(&message);
                }
                Step::Complete(..) => {}
                Step::Claim(_) if result.is_err() => {}
                Step::Claim(due) => {
                    moved = true;
                    let message = match flight.carried.message(due.referral, due.message) {
                        Some(message) => Some(message.clone()),
                        None => self.store.message(due.message)?,
                    };
                    match message {
                        Some(message) if message.state == MessageState::Sending => {
                            flight.claimed.push((due, message));
                        }
                        Some(message) if message.state == MessageState::Cancelled => sent.dropped += 1,
                        Some(message) if message.state == MessageState::Uncertain => {
                            sent.uncertain += 1;
                        }
                        Some(_) | None => {}
                    }
                }
            }
        }
        Ok(moved)
    }

    fn completions(
        &self,
        over: Vec<(Due, Message, Handover)>,
        sent: &mut Sent,
    ) -> Vec<(ReferralId, Envelope, Step)> {
        over.into_iter()
            .map(|(due, message, handover)| {
                let (to, detail) = outcome(handover, sent);
                let command = Command::MoveMessage {
                    referral: due.referral,
                    message: due.message,
                    to,
                    claim: Some(Claim {
                        sender: self.sender(due.channel),
                        attempt: message.attempt,
                    }),
                    detail,
                };
                (
                    due.referral,
                    system(command),
                    Step::Complete(Box::new(message), to),
                )
            })
            .collect()
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
