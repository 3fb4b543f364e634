//! A curve of the score that was learnt from the clinic's own history, and is in force from a moment on.
//!
//! Owns its form: the times at which each score is reached, so that a row's score is a look into a list, and the queue's order stays a
//! merge of index scans. Versions are only ever added: what stood on top at a past moment is worked out again by the curve of that
//! moment. Must not know how a curve is learnt, nor where it is kept.

use super::policy::ScoreTargets;
use super::priority::Priority;
use super::survival::Curves;
use super::time::{Span, Stamp};

/// Scores that a curve has times for: 1 to this. A score of 100 is reached at the target, whatever the history says.
pub const STEPS: usize = 99;

/// A curve in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learnt {
    /// Its number, from 1.
    pub version: u32,
    /// From when on.
    pub from: Stamp,
    /// For each scored priority, the seconds of waiting at which the scores 1 to [`STEPS`] are reached; without them the share of the
    /// target is back in force.
    pub reached: Option<[Vec<i64>; 3]>,
}

/// The place of a priority in [`Learnt::reached`]: highest first.
fn place(priority: Priority) -> Option<usize> {
    Priority::SCORED.iter().position(|each| *each == priority)
}

impl Learnt {
    /// Makes a version of what was learnt.
    pub fn of(curves: &Curves, targets: &ScoreTargets, version: u32, from: Stamp) -> Learnt {
        let times = |priority: Priority| -> Vec<i64> {
            let target = targets
                .of(priority)
                .map_or(1, |target| target.num_seconds().max(1));
            let reaches = |score: usize, waited: i64| {
                let chance = curves.chance(priority, Span::seconds(waited));
                chance.is_some_and(|chance| chance * 100.0 >= score as f64)
            };
            (1..=STEPS)
                .map(|score| {
                    let (mut least, mut most) = (0, target);
                    while least < most {
                        let middle = least + (most - least) / 2;
                        if reaches(score, middle) {
                            most = middle;
                        } else {
                            least = middle + 1;
                        }
                    }
                    least
                })
                .collect()
        };
        Learnt {
            version,
            from,
            reached: Some(Priority::SCORED.map(times)),
        }
    }

    /// Whether it keeps the laws of the score: it never falls with time, and at equal time a higher priority never has the lower.
    pub fn is_lawful(&self) -> bool {
        let Some(reached) = &self.reached else { return true };
        let rises = |times: &Vec<i64>| {
            times.len() == STEPS && times.iter().all(|time| *time >= 0) && times.is_sorted()
        };
        let [asap, urgent, routine] = reached;
        let sooner =
            |higher: &[i64], lower: &[i64]| higher.iter().zip(lower).all(|(higher, lower)| higher <= lower);
        reached.iter().all(rises) && sooner(asap, urgent) && sooner(urgent, routine)
    }

    fn times(&self, priority: Priority) -> Option<&Vec<i64>> {
        self.reached.as_ref()?.get(place(priority)?)
    }

    /// The score after so many seconds, below the target; none where it has no curve.
    pub fn score(&self, priority: Priority, waited: i64) -> Option<usize> {
        Some(self.times(priority)?.partition_point(|time| *time <= waited))
    }

    /// The longest wait in seconds with which a score is not exceeded, below the target; none where it has no curve.
    pub fn longest(&self, priority: Priority, score: i64) -> Option<i64> {
        let times = self.times(priority)?;
        // The time of the score after it is the first at which it is exceeded.
        let next = usize::try_from(score).ok().and_then(|place| times.get(place));
        Some(next.map_or(i64::MAX, |time| time - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::score::Score;
    use crate::domain::survival::Past;
    use crate::domain::time::from_seconds;
    use proptest::prelude::*;

    const TARGETS: ScoreTargets = ScoreTargets {
        asap: Span::days(1),
        urgent: Span::days(3),
        routine: Span::days(10),
        learnt: &[],
    };

    proptest! {
        #[test]
        fn a_learnt_curve_keeps_the_laws_and_can_be_turned_round(
            history in prop::collection::vec((0_usize..3, 1_i64..400, any::<bool>()), 0..200),
            a in 0_i64..1_200_000, b in 0_i64..1_200_000, score in 0_i64..100,
        ) {
            let history: Vec<Past> = history
                .into_iter()
                .map(|(priority, hours, decided)| Past { priority: Priority::SCORED[priority], took: Span::hours(hours), decided })
                .collect();
            let learnt = Learnt::of(&Curves::learn(&history, &TARGETS), &TARGETS, 1, from_seconds(0));
            prop_assert!(learnt.is_lawful());
            let targets = ScoreTargets { learnt: Box::leak(Box::new([learnt])), ..TARGETS };
            let now = from_seconds(2_000_000);
            let value = |priority, waited| i64::from(Score::of(priority, now - Span::seconds(waited), now, &targets).unwrap().value);
            let (early, late) = (a.min(b), a.max(b));
            for priority in Priority::SCORED {
                prop_assert!(value(priority, early) <= value(priority, late));
                prop_assert_eq!(value(priority, targets.of(priority).unwrap().num_seconds()), 100);
                let longest = targets.longest(priority, score, now).unwrap();
                if longest >= 0 {
                    prop_assert!(value(priority, longest) <= score);
                }
                prop_assert!(value(priority, longest + 1) > score);
            }
            prop_assert!(value(Priority::Asap, a) >= value(Priority::Urgent, a));
            prop_assert!(value(Priority::Urgent, a) >= value(Priority::Routine, a));
            // Before it was learnt, the share of the target counted.
            let before = from_seconds(-1);
            let then = Score::of(Priority::Routine, before - Span::days(5), before, &targets).unwrap();
            prop_assert_eq!((then.value, then.curve), (50, None));
        }
    }
}
