//! The effort to reach a patient: what was tried since they last answered, and what must be tried before a referral may end
//! because nobody could be reached.
//!
//! Owns the count and the words. Must not know who asks, or what is done about it.

use super::case::{CallOutcome, Party};
use super::message::{Message, MessageKind, MessageState};
use super::person::Channel;
use super::snapshot::Snapshot;
use super::text::fold;
use super::time::{Day, Stamp, Zone, day_in};
use std::collections::BTreeSet;

/// What must be tried. Half of all referrals are lost in silence: "could not be reached" is a finding, not a shortcut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// So many calls.
    pub calls: u32,
    /// On so many different days.
    pub days: u32,
    /// And a letter; another written message where no address is on record.
    pub letter: bool,
}

/// Messages that ask the patient to get in touch: each that left is an effort.
const ASKS: [MessageKind; 4] = [
    MessageKind::BookingPrompt,
    MessageKind::BookingEmail,
    MessageKind::NoShowPatient,
    MessageKind::ContactRequest,
];

/// What was tried since the patient last answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Calls, the earliest first.
    pub calls: Vec<(Stamp, CallOutcome)>,
    /// The days on which they were made.
    pub days: BTreeSet<Day>,
    /// Letters that left.
    pub letters: usize,
    /// Other written messages that left.
    pub others: usize,
    /// Whether a letter could be sent at all.
    pub has_address: bool,
    /// When the patient last answered.
    pub answered_at: Option<Stamp>,
}

/// Whether somebody answered: whoever asks to be called later can be reached.
pub const fn answered(outcome: CallOutcome) -> bool {
    match outcome {
        CallOutcome::Reached | CallOutcome::CallLater => true,
        CallOutcome::LeftMessage | CallOutcome::NoAnswer | CallOutcome::Busy | CallOutcome::WrongNumber => {
            false
        }
    }
}

/// The calls to a party since they last answered, the earliest first, with when that was. A wrong number reached nobody's
/// telephone: it is no try.
pub fn tries(snapshot: &Snapshot, party: Party) -> (Vec<(Stamp, CallOutcome)>, Option<Stamp>) {
    let mut calls: Vec<(Stamp, CallOutcome)> = snapshot
        .notes
        .iter()
        .filter_map(|note| {
            note.call
                .filter(|call| call.party == party)
                .map(|call| (note, call))
        })
        .map(|(note, call)| (note.at, call.outcome))
        .collect();
    let last = calls.iter().rposition(|(_, outcome)| answered(*outcome));
    let answered_at = last.and_then(|at| calls.get(at)).map(|(at, _)| *at);
    calls.drain(..last.map_or(0, |at| at + 1));
    calls.retain(|(_, outcome)| *outcome != CallOutcome::WrongNumber);
    (calls, answered_at)
}

/// Counts the effort for the patient of a referral.
pub fn of(snapshot: &Snapshot, zone: Zone) -> Effort {
    let (calls, answered_at) = tries(snapshot, Party::Patient);
    let asks = |message: &&Message| {
        ASKS.contains(&message.kind)
            && left(message).is_some_and(|at| answered_at.is_none_or(|answered| at > answered))
    };
    let sent: Vec<&Message> = snapshot.messages.iter().filter(asks).collect();
    let letters = sent
        .iter()
        .filter(|message| message.channel == Channel::Letter)
        .count();
    let patient = snapshot
        .referral()
        .and_then(|referral| snapshot.patient(referral.patient));
    Effort {
        days: calls.iter().map(|(at, _)| day_in(zone, *at)).collect(),
        calls,
        letters,
        others: sent.len() - letters,
        has_address: patient.is_some_and(|patient| patient.address.is_some()),
        answered_at,
    }
}

/// When a message is known to have left.
fn left(message: &Message) -> Option<Stamp> {
    match message.state {
        MessageState::HandedOver | MessageState::Delivered | MessageState::Acknowledged => message.sent_at,
        MessageState::Queued
        | MessageState::Sending
        | MessageState::Uncertain
        | MessageState::Failed
        | MessageState::Held
        | MessageState::Cancelled => None,
    }
}

impl Effort {
    /// Whether nothing was tried.
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty() && self.letters + self.others == 0
    }

    /// `3 calls on 2 days, 1 letter`.
    pub fn words(&self) -> String {
        let mut parts = Vec::new();
        match (self.calls.len(), self.days.len()) {
            (0, _) => parts.push("no call".to_owned()),
            (calls, days) => parts.push(format!(
                "{} on {}",
                count(calls, "call", "calls"),
                count(days, "day", "days")
            )),
        }
        if self.letters > 0 {
            parts.push(count(self.letters, "letter", "letters"));
        }
        if self.others > 0 {
            parts.push(count(self.others, "written message", "written messages"));
        }
        parts.join(", ")
    }

    /// What the rule still asks for, each in words; empty where it is met.
    pub fn lacks(&self, rule: &Rule) -> Vec<String> {
        let short = |wanted: u32, there: usize| {
            let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
            wanted.saturating_sub(there)
        };
        let (calls, days) = (
            short(rule.calls, self.calls.len()),
            short(rule.days, self.days.len()),
        );
        let mut all = Vec::new();
        match (calls, days) {
            (0, 0) => {}
            (0, days) => all.push(format!("a call on {}", count(days, "other day", "other days"))),
            (calls, 0) => all.push(count(calls, "more call", "more calls")),
            (calls, days) => all.push(format!(
                "{} on {}",
                count(calls.max(days), "more call", "more calls"),
                count(days, "other day", "other days")
            )),
        }
        let written = if self.has_address {
            self.letters
        } else {
            self.others
        };
        if rule.letter && written == 0 {
            all.push(
                if self.has_address {
                    "a letter that has left"
                } else {
                    "a written message that has left (no address is on record)"
                }
                .to_owned(),
            );
        }
        all
    }
}

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Ways in which people write that nobody could be reached.
const PHRASES: [&str; 17] = [
    "unreachable",
    "not reachable",
    "not be reached",
    "could not reach",
    "couldnt reach",
    "cannot reach",
    "cant reach",
    "unable to reach",
    "unable to contact",
    "unable to get hold",
    "not able to reach",
    "lost to follow",
    "no answer",
    "not answer",
    "never answered",
    "without an answer",
    "no response from patient",
];

/// Whether a reason in words says that nobody could be reached: the rule is not got round by writing it down.
pub fn says_unreachable(reason: &str) -> bool {
    let reason = fold(reason);
    PHRASES.iter().any(|phrase| reason.contains(phrase))
}

/// The reason as the desk offers it.
pub const UNREACHABLE: &str = "the patient could not be reached";

#[cfg(test)]
mod tests {
    use super::*;

    fn effort(calls: &[&str], letters: usize, has_address: bool) -> Effort {
        let stamp = |text: &&str| crate::domain::time::parse_stamp(text).unwrap();
        let calls: Vec<_> = calls
            .iter()
            .map(|text| (stamp(text), CallOutcome::NoAnswer))
            .collect();
        Effort {
            days: calls.iter().map(|(at, _)| at.date_naive()).collect(),
            calls,
            letters,
            others: 0,
            has_address,
            answered_at: None,
        }
    }

    const RULE: Rule = Rule {
        calls: 3,
        days: 2,
        letter: true,
    };

    #[test]
    fn what_is_still_to_be_tried_is_named() {
        let (mon, noon, tue) = (
            "2026-03-02T14:00:00Z",
            "2026-03-02T17:00:00Z",
            "2026-03-03T14:00:00Z",
        );
        let table: [(&[&str], usize, bool, &str); 6] = [
            (
                &[],
                0,
                true,
                "3 more calls on 2 other days; a letter that has left",
            ),
            (
                &[mon],
                0,
                true,
                "2 more calls on 1 other day; a letter that has left",
            ),
            (&[mon, noon, noon], 1, true, "a call on 1 other day"),
            (&[mon, tue], 1, true, "1 more call"),
            (
                &[mon, noon, tue],
                0,
                false,
                "a written message that has left (no address is on record)",
            ),
            (&[mon, noon, tue], 1, true, ""),
        ];
        for (calls, letters, address, lacks) in table {
            assert_eq!(effort(calls, letters, address).lacks(&RULE).join("; "), lacks);
        }
        assert_eq!(
            effort(&[mon, noon, tue], 1, true).words(),
            "3 calls on 2 days, 1 letter"
        );
    }

    #[test]
    fn a_reason_in_words_is_understood() {
        for says in [
            "Unreachable",
            "Patient couldn't reach",
            "LOST to follow-up",
            "pt could not be reached x3",
            "does not answer",
        ] {
            assert!(says_unreachable(says), "{says}");
        }
        for other in [
            "patient moved away",
            "seen elsewhere",
            "answered: wants another clinic",
        ] {
            assert!(!says_unreachable(other), "{other}");
        }
    }
}
