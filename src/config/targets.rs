//! Targets: the scorer's, and the clinic's per milestone and priority.
//!
//! Owns their defaults and how a file overrides them one by one. Must not know how they go together (`check`).

use super::values::Plain;
use crate::domain::case::MilestoneKind;
use crate::domain::policy::ScoreTargets;
use crate::domain::priority::Priority;
use crate::domain::template::{Sla, Target, TargetUnit};
use serde::{Deserialize, Deserializer, Serialize};

/// The scorer's decision targets, on the patient's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Score {
    /// Asap.
    pub asap: Plain,
    /// Urgent.
    pub urgent: Plain,
    /// Routine.
    pub routine: Plain,
}

impl Default for Score {
    fn default() -> Score {
        Score {
            asap: Plain::days(1),
            urgent: Plain::days(3),
            routine: Plain::days(10),
        }
    }
}

impl Score {
    pub(super) fn targets(&self) -> ScoreTargets {
        ScoreTargets {
            asap: self.asap.span(),
            urgent: self.urgent.span(),
            routine: self.routine.span(),
            learnt: &[],
        }
    }
}

/// Targets per milestone and priority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SlaSection(pub Sla);

/// The defaults, from receipt (the report: from the visit), in the order stat, asap, urgent, routine. Half an hour for an
/// emergency and the decision targets are the design's (`score` has the same); the others are where a clinic starts
/// before it has agreed on its own.
const SLA: [(MilestoneKind, [(u32, TargetUnit); 4]); 6] = {
    use TargetUnit::{BusinessDays as Bd, BusinessHours as Bh, Days as D, Hours as H, Minutes as Min};
    [
        (MilestoneKind::Acknowledge, [(30, Min), (2, Bh), (4, Bh), (1, Bd)]),
        (MilestoneKind::Decide, [(4, H), (1, D), (3, D), (10, D)]),
        (MilestoneKind::FirstContact, [(8, H), (2, D), (5, D), (14, D)]),
        (MilestoneKind::Book, [(1, D), (3, D), (7, D), (21, D)]),
        (MilestoneKind::Visit, [(2, D), (7, D), (14, D), (60, D)]),
        (MilestoneKind::Report, [(2, D), (3, D), (5, D), (14, D)]),
    ]
};

impl Default for SlaSection {
    fn default() -> SlaSection {
        let by_priority = |targets: [(u32, TargetUnit); 4]| {
            Priority::ALL
                .into_iter()
                .rev()
                .zip(targets)
                .map(|(priority, (amount, unit))| (priority, Target { amount, unit }))
                .collect()
        };
        SlaSection(
            SLA.into_iter()
                .map(|(kind, targets)| (kind, by_priority(targets)))
                .collect(),
        )
    }
}

/// A file that sets one target keeps the others.
pub(super) fn over_defaults<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SlaSection, D::Error> {
    let mut sla = SlaSection::default();
    for (kind, targets) in Sla::deserialize(deserializer)? {
        sla.0.entry(kind).or_default().extend(targets);
    }
    Ok(sla)
}

/// Where a higher priority has a longer target than the next lower one: milestone, higher, lower. Targets on different
/// clocks are not compared, since what they come to depends on the day.
pub(super) fn longer_than_lower(sla: &Sla) -> Vec<(MilestoneKind, Priority, Priority)> {
    let mut found = Vec::new();
    for (milestone, targets) in sla {
        let present: Vec<_> = Priority::ALL
            .into_iter()
            .filter_map(|priority| targets.get(&priority).map(|target| (priority, *target)))
            .collect();
        for (place, (lower, at_most)) in present.iter().enumerate() {
            let above = present.iter().skip(place + 1);
            found.extend(
                above
                    .filter(|(_, target)| is_longer(*target, *at_most))
                    .map(|(higher, _)| (*milestone, *higher, *lower)),
            );
        }
    }
    found
}

fn is_longer(target: Target, than: Target) -> bool {
    match (target.span(), than.span()) {
        (Some(target), Some(than)) => target > than,
        (None, None) => target.unit == than.unit && target.amount > than.amount,
        (Some(_), None) | (None, Some(_)) => false,
    }
}
