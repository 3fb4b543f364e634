//! The score: the estimated chance that a referral misses its decision target unless somebody takes it now.
//!
//! Owns the arithmetic and its explanation. It may look at the listed priority and at the time in the queue, and at nothing
//! else: never clinical data, never how well the referral is written (design, section 3). Stat is never scored.
//!
//! The default curve is a straight line: the share of the target that has gone. It rises with time within a priority, and
//! because a higher priority never has the longer target, at equal time it never scores lower. A curve that was learnt from the
//! clinic's own history keeps both laws, and counts from the moment on from which it is in force.

use super::policy::ScoreTargets;
use super::priority::Priority;
use super::time::{Span, Stamp, show_span};
use std::cmp::Ordering;

/// The version of the curve; printed with every explanation, so that a past order can be told from a present one.
pub const CURVE: &str = "share-of-target-1";

/// The name of a curve: of the version that was learnt, or of the default.
pub fn curve_name(version: Option<u32>) -> String {
    version.map_or_else(|| CURVE.to_owned(), |version| format!("history-{version}"))
}

/// What a curve says, in one line.
pub const fn curve_says(version: Option<u32>) -> &'static str {
    match version {
        None => "score = time in queue ÷ target, in per cent, at most 100",
        Some(_) => {
            "score = of those undecided after as long, so many in a hundred missed their target; 100 from the target on"
        }
    }
}

/// A score and what it was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    /// 0 to 100; 100 from the target on.
    pub value: u8,
    /// Listed priority.
    pub priority: Priority,
    /// Time in the queue on the patient's clock.
    pub waited: Span,
    /// The decision target.
    pub target: Span,
    /// The version of the learnt curve that it was read off; none where it is the share of the target.
    pub curve: Option<u32>,
}

impl Score {
    /// The score of a referral; none for stat.
    pub fn of(priority: Priority, received_at: Stamp, now: Stamp, targets: &ScoreTargets) -> Option<Score> {
        let target = targets.of(priority)?;
        let waited = (now - received_at).max(Span::zero());
        let learnt = targets.curve_at(now);
        let by_history = learnt
            .filter(|_| waited < target)
            .and_then(|curve| curve.score(priority, waited.num_seconds()));
        let seconds = target.num_seconds().max(1);
        let share = waited.num_seconds().saturating_mul(100) / seconds;
        Some(Score {
            value: match by_history {
                Some(score) => u8::try_from(score).unwrap_or(100),
                None => u8::try_from(share.clamp(0, 100)).unwrap_or(100),
            },
            priority,
            waited,
            target,
            curve: learnt.map(|curve| curve.version),
        })
    }

    /// The name of its curve, with the version.
    pub fn curve_name(&self) -> String {
        curve_name(self.curve)
    }

    /// The arithmetic, in one line.
    pub fn explain(&self) -> String {
        let past = self.waited - self.target;
        let tail = if past >= Span::zero() {
            format!(", past due by {}", show_span(past))
        } else {
            String::new()
        };
        format!(
            "{} = waited {} of {} ({} target){tail} · curve {}",
            self.value,
            show_span(self.waited),
            show_span(self.target),
            self.priority,
            self.curve_name()
        )
    }

    /// The order of the queue, the first in line being the greatest: score, then the higher priority, then the longer
    /// past due.
    pub fn rank(&self, other: &Score) -> Ordering {
        self.value
            .cmp(&other.value)
            .then(self.priority.cmp(&other.priority))
            .then((self.waited - self.target).cmp(&(other.waited - other.target)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::from_seconds;
    use proptest::prelude::*;

    const TARGETS: ScoreTargets = ScoreTargets {
        asap: Span::days(1),
        urgent: Span::days(3),
        routine: Span::days(10),
        learnt: &[],
    };

    fn score(priority: Priority, waited: i64) -> u8 {
        Score::of(priority, from_seconds(0), from_seconds(waited), &TARGETS)
            .unwrap()
            .value
    }

    #[test]
    fn stat_is_never_scored() {
        assert_eq!(
            Score::of(Priority::Stat, from_seconds(0), from_seconds(99_999), &TARGETS),
            None
        );
    }

    #[test]
    fn the_explanation_shows_its_arithmetic() {
        let score = Score::of(
            Priority::Urgent,
            from_seconds(0),
            from_seconds(2 * 86_400 + 10_800),
            &TARGETS,
        )
        .unwrap();
        assert_eq!(
            score.explain(),
            "70 = waited 2 d 3 h of 3 d (urgent target) · curve share-of-target-1"
        );
    }

    proptest! {
        #[test]
        fn never_falls_with_time_and_never_lower_for_the_higher(a in 0_i64..5_000_000, b in 0_i64..5_000_000) {
            let (early, late) = (a.min(b), a.max(b));
            for priority in Priority::SCORED {
                prop_assert!(score(priority, early) <= score(priority, late));
            }
            prop_assert!(score(Priority::Asap, a) >= score(Priority::Urgent, a));
            prop_assert!(score(Priority::Urgent, a) >= score(Priority::Routine, a));
        }
    }
}
