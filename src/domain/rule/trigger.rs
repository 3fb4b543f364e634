//! What a rule waits for: the occasions that it may name, and the facts that are them.
//!
//! Owns the closed list and its words. Must not know what a rule does then.

use crate::domain::case::MilestoneKind;
use crate::domain::event::Fact;
use crate::domain::message::MessageState;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Stamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// An occasion. Only what a command itself brought about is one: what rules did never is (see [`super`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trigger {
    /// The referral came in.
    Received,
    /// Its status changed; `status:` says to what.
    StatusChanged,
    /// Its priority changed.
    PriorityChanged,
    /// What it or its patient says was corrected.
    Amended,
    /// A coverage was recorded or corrected.
    CoverageChanged,
    /// The payer answered, or did not: the check of a coverage ended.
    CoverageChecked,
    /// An authorisation was recorded.
    AuthorizationChanged,
    /// Something that was missing came, or was waived.
    ItemsCame,
    /// A document was put with it.
    DocumentFiled,
    /// A call was recorded.
    CallRecorded,
    /// An appointment was booked.
    Booked,
    /// A message did not leave, or could not be written.
    MessageFailed,
    /// A milestone's warning went off; of every milestone where none is named.
    TargetNear(Option<MilestoneKind>),
    /// A milestone's target was missed; of every milestone where none is named.
    TargetMissed(Option<MilestoneKind>),
}

/// The words of those that stand alone.
const WORDS: [(Trigger, &str); 14] = [
    (Trigger::Received, "received"),
    (Trigger::StatusChanged, "status-changed"),
    (Trigger::PriorityChanged, "priority-changed"),
    (Trigger::Amended, "amended"),
    (Trigger::CoverageChanged, "coverage-changed"),
    (Trigger::CoverageChecked, "coverage-checked"),
    (Trigger::AuthorizationChanged, "authorisation-changed"),
    (Trigger::ItemsCame, "items-came"),
    (Trigger::DocumentFiled, "document-filed"),
    (Trigger::CallRecorded, "call-recorded"),
    (Trigger::Booked, "booked"),
    (Trigger::MessageFailed, "message-failed"),
    (Trigger::TargetNear(None), "target-near"),
    (Trigger::TargetMissed(None), "target-missed"),
];

impl Trigger {
    /// Every occasion, without milestones' own.
    pub fn all() -> impl Iterator<Item = Trigger> {
        WORDS.into_iter().map(|(trigger, _)| trigger)
    }

    /// Reads `received` or `target-missed/decide`.
    ///
    /// # Errors
    /// A sentence for a person.
    pub fn parse(text: &str) -> Result<Trigger, String> {
        let found = |word: &str| {
            WORDS
                .into_iter()
                .find(|(_, name)| *name == word)
                .map(|(trigger, _)| trigger)
        };
        let milestone = |code: &str| MilestoneKind::ALL.into_iter().find(|kind| kind.code() == code);
        let read = match text.split_once('/') {
            None => found(text),
            Some((word, code)) => match (found(word), milestone(code)) {
                (Some(Trigger::TargetNear(None)), Some(kind)) => Some(Trigger::TargetNear(Some(kind))),
                (Some(Trigger::TargetMissed(None)), Some(kind)) => Some(Trigger::TargetMissed(Some(kind))),
                _ => None,
            },
        };
        read.ok_or_else(|| {
            let words: Vec<&str> = WORDS.iter().map(|(_, word)| *word).collect();
            format!(
                "`{}` is not an occasion: {}; the last two also of one milestone, as in target-missed/decide",
                crate::domain::text::line(text),
                words.join(", ")
            )
        })
    }

    /// Whether this one, as a rule names it, is met by another, as it came about.
    pub fn meets(self, happened: Trigger) -> bool {
        match (self, happened) {
            (Trigger::TargetNear(None), Trigger::TargetNear(_))
            | (Trigger::TargetMissed(None), Trigger::TargetMissed(_)) => true,
            (named, happened) => named == happened,
        }
    }

    /// The occasion that a fact is, with the records as it left them.
    pub fn of(fact: &Fact, records: &Snapshot, now: Stamp) -> Option<Trigger> {
        match fact {
            Fact::Received { .. } => Some(Trigger::Received),
            Fact::StatusChanged { .. } => Some(Trigger::StatusChanged),
            Fact::PriorityChanged { .. } => Some(Trigger::PriorityChanged),
            Fact::Amended { .. } => Some(Trigger::Amended),
            // A check leaves its time, and a correction takes it away.
            Fact::CoverageChanged => {
                let checked = records
                    .coverages
                    .iter()
                    .any(|coverage| coverage.checked_at == Some(now));
                Some(if checked {
                    Trigger::CoverageChecked
                } else {
                    Trigger::CoverageChanged
                })
            }
            Fact::AuthorizationChanged => Some(Trigger::AuthorizationChanged),
            Fact::ItemsProvided { .. } | Fact::ItemsWaived { .. } => Some(Trigger::ItemsCame),
            Fact::DocumentFiled => Some(Trigger::DocumentFiled),
            Fact::CallRecorded { .. } => Some(Trigger::CallRecorded),
            Fact::Booked { .. } => Some(Trigger::Booked),
            Fact::MessageBlocked { .. }
            | Fact::MessageMoved {
                to: MessageState::Failed,
                ..
            } => Some(Trigger::MessageFailed),
            Fact::MilestoneWarned { milestone } => Some(Trigger::TargetNear(Some(*milestone))),
            Fact::MilestoneMissed { milestone } => Some(Trigger::TargetMissed(Some(*milestone))),
            Fact::PersonAdded
            // What happened before it was brought over is no occasion.
            | Fact::Imported { .. }
            | Fact::Before { .. }
            | Fact::CoverageAsked { .. }
            | Fact::Assigned { .. }
            | Fact::NoteAdded
            | Fact::EmergencyAcknowledged
            | Fact::InfoRequested { .. }
            | Fact::AppointmentConfirmed
            | Fact::AppointmentChanged { .. }
            | Fact::HoldSet { .. }
            | Fact::HoldLifted { .. }
            | Fact::ClockPaused { .. }
            | Fact::TaskAdded { .. }
            | Fact::TaskEnded { .. }
            | Fact::MilestoneReached { .. }
            | Fact::TimerFired { .. }
            | Fact::Settled
            | Fact::MessageQueued { .. }
            | Fact::MessageMoved { .. }
            | Fact::MessageEdited { .. }
            | Fact::DocumentTaken { .. }
            | Fact::DocumentDismissed { .. }
            | Fact::RuleFired { .. }
            | Fact::Exported { .. }
            | Fact::MergedInto { .. }
            | Fact::TookOver { .. }
            | Fact::Linked { .. }
            | Fact::PatientMerged { .. }
            | Fact::ToldApart { .. }
            | Fact::Undone { .. } => None,
        }
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milestone = match self {
            Trigger::TargetNear(milestone) | Trigger::TargetMissed(milestone) => *milestone,
            Trigger::Received
            | Trigger::StatusChanged
            | Trigger::PriorityChanged
            | Trigger::Amended
            | Trigger::CoverageChanged
            | Trigger::CoverageChecked
            | Trigger::AuthorizationChanged
            | Trigger::ItemsCame
            | Trigger::DocumentFiled
            | Trigger::CallRecorded
            | Trigger::Booked
            | Trigger::MessageFailed => None,
        };
        let word = WORDS.iter().find(|(trigger, _)| trigger.meets(*self));
        f.write_str(word.map_or("", |(_, word)| word))?;
        match milestone {
            Some(milestone) => write!(f, "/{}", milestone.code()),
            None => Ok(()),
        }
    }
}

impl Serialize for Trigger {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Trigger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Trigger::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn occasions_are_read_as_they_are_printed() {
        let of_milestones = MilestoneKind::ALL
            .into_iter()
            .flat_map(|kind| [Trigger::TargetNear(Some(kind)), Trigger::TargetMissed(Some(kind))]);
        for trigger in Trigger::all().chain(of_milestones) {
            assert_eq!(Trigger::parse(&trigger.to_string()), Ok(trigger));
        }
        for wrong in [
            "",
            "recieved",
            "received/decide",
            "target-missed/",
            "target-missed/lunch",
        ] {
            assert!(Trigger::parse(wrong).is_err(), "{wrong}");
        }
    }
}
