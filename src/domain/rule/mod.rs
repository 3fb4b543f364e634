//! Rules of the clinic: when something happens to a referral that is so, then something follows by itself.
//!
//! Owns what a rule is. `check` says what makes no sense and `decide::rules` acts. Must not know the configuration file.
//!
//! # Why rules cannot go in circles
//!
//! Within one decision the rules are asked once, all of them about the records as the command left them, and only about the facts
//! that the command brought about: what a rule does is never an occasion for a rule. So a decision fires each rule at most once.
//!
//! Across decisions (a message that a rule queued fails, a status that it set starts timers) nothing of what a rule does can
//! come about without end:
//!
//! - a hold, an owner and a task bring about no later occasion by themselves;
//! - a priority is only ever raised, and has four rungs; only a person lowers it;
//! - a stage is one of [`STAGES`], between which the status table has no way round: each is passed at most once until a person
//!   or a document moves the referral;
//! - a task and a message have a key of the rule and the referral's episode, and are made once; only a change of status
//!   begins another episode.
//!
//! No stage is an ending, so no rule ends a referral; and whatever is listed urgent or above is neither held nor made to wait by a
//! rule, and an emergency keeps its status.

pub mod check;
mod trigger;

pub use trigger::Trigger;

use super::message::MessageKind;
use super::priority::Priority;
use super::query::{Query, Term};
use super::referral::{HoldKind, Owner};
use super::status::Status;
use super::template::Target;
use super::texts::FALLBACK_LANGUAGE;
use std::collections::BTreeMap;

/// The stages to which a rule may take a referral, in the order in which they can follow one another.
pub const STAGES: [Status; 4] = [
    Status::InReview,
    Status::NeedsInfo,
    Status::Accepted,
    Status::Waitlisted,
];

/// The messages that a rule may send: those that are true whatever the referral's status is.
pub const MESSAGES: [MessageKind; 5] = [
    MessageKind::AckProvider,
    MessageKind::AckPatient,
    MessageKind::ContactRequest,
    MessageKind::NoticePatient,
    MessageKind::NoticeProvider,
];

/// What a notice says, by language (BCP 47 primary tag).
pub type Words = BTreeMap<String, String>;

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, as the timeline shows it: small letters, digits and hyphens.
    pub name: String,
    /// The occasions; a rule without one is a standing hold.
    pub when: Vec<Trigger>,
    /// What must be so.
    pub condition: Condition,
    /// What follows.
    pub then: Then,
}

/// What must be so: the terms of a query, all of them, each with the words that it was written in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// The terms.
    pub query: Query,
    /// Their words, in the same order.
    pub words: Vec<String>,
}

impl Condition {
    /// A condition of terms with their words.
    pub fn new(terms: Vec<(String, Term)>) -> Condition {
        let (words, terms) = terms.into_iter().unzip();
        Condition {
            query: Query { terms },
            words,
        }
    }

    /// The terms with their words.
    pub fn worded(&self) -> impl Iterator<Item = (&Term, &str)> {
        self.query.terms.iter().zip(self.words.iter().map(String::as_str))
    }
}

/// What follows. Everything that is named is done, as far as it can be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Then {
    /// Hold it for as long as the condition is so.
    pub hold: Option<HoldKind>,
    /// What the hold says; the rule's name where nothing is said.
    pub because: Option<String>,
    /// Take it to a stage.
    pub stage: Option<Status>,
    /// Give it to a person or a queue.
    pub owner: Option<Owner>,
    /// Make a task.
    pub task: Option<String>,
    /// When the task is due, from the occasion.
    pub due: Option<Target>,
    /// Send a message.
    pub message: Option<MessageKind>,
    /// What it says, where it is a notice.
    pub say: Words,
    /// Raise the priority.
    pub priority: Option<Priority>,
}

impl Then {
    /// Whether nothing follows.
    pub fn is_empty(&self) -> bool {
        *self == Then::default()
    }

    /// The steps, in the order in which they are taken.
    pub fn steps(&self) -> Vec<Step> {
        // Whoever is asked is given the referral, and the task is what they are asked.
        let asks = self.stage == Some(Status::InReview);
        let owner = self.owner.clone().filter(|_| !asks);
        let task = self.task.clone().filter(|_| !asks);
        let stage = match (self.stage, &self.owner) {
            (Some(Status::InReview), Some(Owner::Person(clinician))) => Some(Step::Ask(
                clinician.clone(),
                self.task.clone().unwrap_or_default(),
            )),
            (stage, _) => stage.map(Step::Stage),
        };
        [
            self.priority.map(Step::Raise),
            stage,
            owner.map(Step::Give),
            self.hold.map(Step::Hold),
            task.map(Step::Task),
            self.message.map(|kind| Step::Send(kind, self.say.clone())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// One thing that a rule does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Raise the priority.
    Raise(Priority),
    /// Ask a clinician, and what.
    Ask(String, String),
    /// Take it to a stage.
    Stage(Status),
    /// Give it to somebody.
    Give(Owner),
    /// Hold it.
    Hold(HoldKind),
    /// Make a task with this title.
    Task(String),
    /// Send a message, with what a notice says.
    Send(MessageKind, Words),
}

impl Step {
    /// What it is, in words.
    pub fn label(&self) -> String {
        match self {
            Step::Raise(priority) => format!("priority {priority}"),
            Step::Ask(clinician, question) if question.is_empty() => format!("ask {clinician}"),
            Step::Ask(clinician, question) => format!("ask {clinician}: {question}"),
            Step::Stage(status) => format!("to {}", status.label()),
            Step::Give(owner) => format!("give it to {owner}"),
            Step::Hold(kind) => format!("hold: {}", kind.label()),
            Step::Task(title) => format!("task: {title}"),
            Step::Send(kind, words) => match words.get(FALLBACK_LANGUAGE) {
                Some(words) => format!("send {}: {words}", kind.code()),
                None => format!("send {}", kind.code()),
            },
        }
    }
}

impl Rule {
    /// Whether it is a hold for as long as its condition is so, whatever happens.
    pub fn is_standing(&self) -> bool {
        self.when.is_empty()
    }

    /// When it fires and what must be so, in one line.
    pub fn clause(&self) -> String {
        let when: Vec<String> = self.when.iter().map(ToString::to_string).collect();
        let terms = self.condition.words.join(" ");
        match (self.is_standing(), terms.is_empty()) {
            (true, true) => "always".to_owned(),
            (true, false) => format!("as long as {terms}"),
            (false, true) => format!("on {}", when.join(" or ")),
            (false, false) => format!("on {}, if {terms}", when.join(" or ")),
        }
    }

    /// The first of the occasions that it waits for.
    pub fn met_by(&self, happened: &[Trigger]) -> Option<Trigger> {
        happened
            .iter()
            .copied()
            .find(|happened| self.when.iter().any(|when| when.meets(*happened)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of statuses leads from a stage to no stage before it: the ladder has no way round.
    #[test]
    fn stages_have_an_order_that_the_status_table_never_turns_round() {
        for (place, later) in STAGES.iter().enumerate() {
            assert!(later.is_open(), "no rule ends a referral");
            for earlier in STAGES.iter().take(place + 1) {
                assert!(!later.may_become(*earlier), "{later} to {earlier}");
            }
        }
    }
}
