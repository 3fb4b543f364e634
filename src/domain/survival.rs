//! How long decisions take, learnt from a clinic's own history: a survival curve per urgency, shrunk towards the default.
//!
//! Owns the estimate of the chance that a referral, undecided after so long, misses its decision target. What was not decided when
//! it was last looked at counts as at least that long (Kaplan and Meier, 1958). The fewer a clinic's decisions, the closer it stays to
//! the share of the target that has gone. Within an urgency it never falls with time, and at equal time a higher urgency never has the
//! lower chance. It looks at listed urgency and time alone, never at clinical data. Must not know where the history comes from.

use super::policy::ScoreTargets;
use super::priority::Priority;
use super::time::Span;

/// A referral of the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past {
    /// Listed priority.
    pub priority: Priority,
    /// From receipt to its decision, or to when it was last looked at.
    pub took: Span,
    /// Whether it was decided then.
    pub decided: bool,
}

/// The default counts as much as so many decisions: with fewer than some dozens a curve of one's own says little.
const PRIOR: f64 = 50.0;

/// The curve of one urgency.
#[derive(Clone, Debug, PartialEq)]
struct Curve {
    priority: Priority,
    target: Span,
    /// From each of these times on (in order), this share is undecided.
    steps: Vec<(Span, f64)>,
    /// Decisions that it was learnt from.
    decisions: u32,
}

impl Curve {
    fn of(priority: Priority, target: Span, history: &[Past]) -> Curve {
        let mut own: Vec<&Past> = history.iter().filter(|past| past.priority == priority).collect();
        // At equal times decisions come before those that were only looked at.
        own.sort_by_key(|past| (past.took, !past.decided));
        let (mut at_risk, mut undecided) = (own.len() as f64, 1.0);
        let mut steps: Vec<(Span, f64)> = Vec::new();
        for past in &own {
            if past.decided {
                undecided *= 1.0 - 1.0 / at_risk;
                match steps.last_mut() {
                    Some((at, share)) if *at == past.took => *share = undecided,
                    Some(_) | None => steps.push((past.took, undecided)),
                }
            }
            at_risk -= 1.0;
        }
        let decisions = own.iter().filter(|past| past.decided).count();
        Curve {
            priority,
            target,
            steps,
            decisions: u32::try_from(decisions).unwrap_or(u32::MAX),
        }
    }

    /// The share that is undecided after so long.
    fn undecided(&self, waited: Span) -> f64 {
        let passed = self.steps.partition_point(|(at, _)| *at <= waited);
        let step = passed.checked_sub(1).and_then(|place| self.steps.get(place));
        step.map_or(1.0, |(_, share)| *share)
    }

    fn chance(&self, waited: Span) -> f64 {
        if waited >= self.target {
            return 1.0;
        }
        let default = share(waited, self.target);
        let now = self.undecided(waited);
        // Where nobody of the past was still undecided, the history says nothing.
        let own = if now > 0.0 {
            self.undecided(self.target) / now
        } else {
            1.0
        };
        let weight = f64::from(self.decisions) / (f64::from(self.decisions) + PRIOR);
        weight * own + (1.0 - weight) * default
    }
}

/// The default: the share of the target that has gone.
pub fn share(waited: Span, target: Span) -> f64 {
    let target = target.num_seconds().max(1) as f64;
    (waited.num_seconds() as f64 / target).clamp(0.0, 1.0)
}

/// The curves of a clinic.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves(Vec<Curve>);

impl Curves {
    /// Learns them.
    pub fn learn(history: &[Past], targets: &ScoreTargets) -> Curves {
        let scored = Priority::SCORED.into_iter();
        Curves(
            scored
                .filter_map(|priority| Some(Curve::of(priority, targets.of(priority)?, history)))
                .collect(),
        )
    }

    /// The chance that a referral of this priority that has waited so long undecided misses its target; none for stat.
    pub fn chance(&self, priority: Priority, waited: Span) -> Option<f64> {
        if priority == Priority::Stat {
            return None;
        }
        // A higher urgency never has the lower chance: it has the greatest of its own and those below it.
        let below = self.0.iter().filter(|curve| curve.priority <= priority);
        below
            .map(|curve| curve.chance(waited.max(Span::zero())))
            .reduce(f64::max)
    }

    /// Decisions that the curve of a priority was learnt from.
    pub fn decisions(&self, priority: Priority) -> u32 {
        let found = self.0.iter().find(|curve| curve.priority == priority);
        found.map_or(0, |curve| curve.decisions)
    }
}

/// How well an order tells those who then missed their target from those who did not: the chance that of one of each the
/// former stands higher (the area under the ROC curve; ties count half). None where there are none of either.
pub fn ranking(told: &[(f64, bool)]) -> Option<f64> {
    let mut sorted: Vec<&(f64, bool)> = told.iter().collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let missed = told.iter().filter(|(_, missed)| *missed).count() as f64;
    let met = told.len() as f64 - missed;
    if missed == 0.0 || met == 0.0 {
        return None;
    }
    let (mut below, mut sum) = (0.0, 0.0);
    for tied in sorted.chunk_by(|a, b| a.0 == b.0) {
        let here = tied.iter().filter(|(_, missed)| *missed).count() as f64;
        let others = tied.len() as f64 - here;
        sum += here * (below + others / 2.0);
        below += others;
    }
    Some(sum / (missed * met))
}

/// The mean squared distance of what was said from what came (Brier, 1950): 0 is perfect. None where nothing was said.
pub fn distance(told: &[(f64, bool)]) -> Option<f64> {
    let each = told
        .iter()
        .map(|(chance, missed)| (chance - f64::from(u8::from(*missed))).powi(2));
    (!told.is_empty()).then(|| each.sum::<f64>() / told.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TARGETS: ScoreTargets = ScoreTargets {
        asap: Span::days(1),
        urgent: Span::days(3),
        routine: Span::days(10),
        learnt: &[],
    };

    fn past(priority: Priority, hours: i64, decided: bool) -> Past {
        Past {
            priority,
            took: Span::hours(hours),
            decided,
        }
    }

    #[test]
    fn without_a_history_it_is_the_share_of_the_target() {
        let curves = Curves::learn(&[], &TARGETS);
        assert_eq!(curves.chance(Priority::Routine, Span::days(5)), Some(0.5));
        assert_eq!(curves.chance(Priority::Asap, Span::days(5)), Some(1.0));
        assert_eq!(curves.chance(Priority::Stat, Span::days(5)), None);
    }

    /// The example by hand: of ten, five are decided at 24 h, two were only looked at until 48 h, one is decided at 100 h, two never.
    #[test]
    fn what_was_only_looked_at_counts_as_at_least_as_long() {
        let mut history = vec![past(Priority::Routine, 24, true); 5];
        history.extend([past(Priority::Routine, 48, false); 2]);
        history.push(past(Priority::Routine, 100, true));
        history.extend([past(Priority::Routine, 300, false); 2]);
        let curve = Curve::of(Priority::Routine, TARGETS.routine, &history);
        assert!((curve.undecided(Span::hours(23)) - 1.0).abs() < 1e-9);
        assert!((curve.undecided(Span::hours(30)) - 0.5).abs() < 1e-9);
        // One of the three that were left at 100 h.
        assert!((curve.undecided(Span::hours(200)) - 0.5 * 2.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn an_order_is_judged_by_who_then_missed() {
        assert_eq!(ranking(&[(0.9, true), (0.1, false)]), Some(1.0));
        assert_eq!(ranking(&[(0.1, true), (0.9, false)]), Some(0.0));
        assert_eq!(ranking(&[(0.5, true), (0.5, false)]), Some(0.5));
        assert_eq!(ranking(&[(0.5, true)]), None);
        assert_eq!(distance(&[(1.0, true), (0.5, false)]), Some(0.125));
    }

    proptest! {
        #[test]
        fn never_falls_with_time_and_never_lower_for_the_higher(
            history in prop::collection::vec((0_usize..3, 1_i64..500, any::<bool>()), 0..300),
            a in 0_i64..400, b in 0_i64..400,
        ) {
            let history: Vec<Past> = history
                .into_iter()
                .map(|(priority, hours, decided)| past(Priority::SCORED[priority], hours, decided))
                .collect();
            let curves = Curves::learn(&history, &TARGETS);
            let chance = |priority, hours| curves.chance(priority, Span::hours(hours)).unwrap();
            let (early, late) = (a.min(b), a.max(b));
            for priority in Priority::SCORED {
                prop_assert!(chance(priority, early) <= chance(priority, late) + 1e-12);
                prop_assert!((0.0..=1.0).contains(&chance(priority, a)));
            }
            prop_assert!(chance(Priority::Asap, a) >= chance(Priority::Urgent, a));
            prop_assert!(chance(Priority::Urgent, a) >= chance(Priority::Routine, a));
        }
    }
}
