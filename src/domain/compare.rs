//! Why one referral stands above another: the two side by side, and the one thing that decided.
//!
//! Owns the verdict in terms of the queue's order (see `score`). Must not read the queue: a test holds every verdict to the
//! order in which the rows really come.

use super::id::ReferralId;
use super::lists::List;
use super::policy::ScoreTargets;
use super::priority::Priority;
use super::score::Score;
use super::time::{Span, Stamp, show_span};
use std::cmp::Ordering;

/// What the order may look at of one referral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its id.
    pub id: ReferralId,
    /// Priority as listed.
    pub priority: Priority,
    /// When it arrived.
    pub received_at: Stamp,
    /// The list that it stands in; none once ended.
    pub list: Option<List>,
}

/// What decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// One of them is an emergency.
    Emergency,
    /// Both are emergencies: whichever waits longer.
    LongestEmergency,
    /// The higher score.
    Score,
    /// Equal scores: the higher priority.
    Priority,
    /// Equal scores and priorities: the longer past its target, or the nearer to it.
    Target,
    /// All equal: the lower number.
    Number,
}

impl Rule {
    /// As the screen names it.
    pub const fn label(self) -> &'static str {
        match self {
            Rule::Emergency => "emergency before everything",
            Rule::LongestEmergency => "the emergency that waits longer",
            Rule::Score => "the higher score",
            Rule::Priority => "equal scores: the higher listed urgency",
            Rule::Target => "equal scores and urgency: the longer wait",
            Rule::Number => "all equal: the lower number",
        }
    }
}

/// The verdict on two referrals that can be ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The one that stands above.
    pub above: Standing,
    /// Its score; none for an emergency.
    pub above_score: Option<Score>,
    /// The one that stands below.
    pub below: Standing,
    /// Its score.
    pub below_score: Option<Score>,
    /// What decided.
    pub rule: Rule,
}

/// Compares two referrals as they stood at a moment.
pub fn compare(a: Standing, b: Standing, now: Stamp, targets: &ScoreTargets) -> Verdict {
    let score = |standing: &Standing| Score::of(standing.priority, standing.received_at, now, targets);
    let (first, second) = (score(&a), score(&b));
    let age = (a.received_at, a.id).cmp(&(b.received_at, b.id));
    let (order, rule) = match (first, second) {
        (None, Some(_)) => (Ordering::Less, Rule::Emergency),
        (Some(_), None) => (Ordering::Greater, Rule::Emergency),
        (None, None) if a.received_at == b.received_at => (age, Rule::Number),
        (None, None) => (age, Rule::LongestEmergency),
        (Some(x), Some(y)) => {
            let rule = if x.value != y.value {
                Rule::Score
            } else if x.priority != y.priority {
                Rule::Priority
            } else if x.waited != y.waited {
                Rule::Target
            } else {
                Rule::Number
            };
            (y.rank(&x).then(age), rule)
        }
    };
    let verdict = |above, above_score, below, below_score| Verdict {
        above,
        above_score,
        below,
        below_score,
        rule,
    };
    if order == Ordering::Greater {
        verdict(b, second, a, first)
    } else {
        verdict(a, first, b, second)
    }
}

impl Verdict {
    /// The reason in one sentence.
    pub fn sentence(&self) -> String {
        let (above, below) = (&self.above, &self.below);
        let because = match (self.above_score, self.below_score) {
            (Some(x), Some(y)) => self.of_scores(&x, &y),
            (None, Some(_)) => {
                "it is listed as stat: an emergency is outside the scorer and stands above everything"
                    .to_owned()
            }
            (None, None) | (Some(_), None) if self.rule == Rule::Number => {
                "both are emergencies that arrived at the same moment, and its number is lower".to_owned()
            }
            (None, None) | (Some(_), None) => format!(
                "both are emergencies, outside the scorer, and it arrived {} earlier",
                show_span(below.received_at - above.received_at)
            ),
        };
        format!("{} is above {} because {because}.", above.id, below.id)
    }

    fn of_scores(&self, x: &Score, y: &Score) -> String {
        let spent = |score: &Score| format!("{} of its {} target", share(score), show_span(score.target));
        match self.rule {
            Rule::Priority => format!(
                "both score {}, and {} is listed above {}",
                x.value, x.priority, y.priority
            ),
            Rule::Target => format!(
                "both score {} and are {}, and it has waited {} longer",
                x.value,
                x.priority,
                show_span((x.waited - y.waited).max(Span::minutes(1)))
            ),
            Rule::Number => "everything is equal, and its number is lower".to_owned(),
            Rule::Score | Rule::Emergency | Rule::LongestEmergency => format!(
                "it has used up {}, the other {}: {} against {}",
                spent(x),
                spent(y),
                x.value,
                y.value
            ),
        }
    }
}

/// How much of its target has gone, in per cent with one decimal: `108.9%`.
pub fn share(score: &Score) -> String {
    let target = score.target.num_seconds().max(1);
    let tenths = score.waited.num_seconds().saturating_mul(1000) / target;
    format!("{}.{}%", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::from_seconds;

    const DAY: i64 = 86_400;
    const TARGETS: ScoreTargets = ScoreTargets {
        asap: Span::days(1),
        urgent: Span::days(3),
        routine: Span::days(10),
        learnt: &[],
    };

    fn standing(id: i64, priority: Priority, received: i64) -> Standing {
        Standing {
            id: ReferralId(id),
            priority,
            received_at: from_seconds(received),
            list: Some(List::Review),
        }
    }

    #[test]
    fn each_rule_says_its_own_sentence() {
        use Priority::{Routine, Stat, Urgent};
        let now = from_seconds(100 * DAY);
        let table = [
            (
                standing(1, Routine, 100 * DAY - 60),
                standing(2, Stat, 100 * DAY - 30),
                Rule::Emergency,
                "outside the scorer and stands above everything",
            ),
            (
                standing(1, Stat, 100 * DAY - 60),
                standing(2, Stat, 99 * DAY),
                Rule::LongestEmergency,
                "it arrived 23 h 59 min earlier",
            ),
            (
                standing(1, Routine, 91 * DAY),
                standing(2, Urgent, 99 * DAY),
                Rule::Score,
                "it has used up 90.0% of its 10 d target, the other 33.3% of its 3 d target: 90 against 33",
            ),
            (
                standing(1, Routine, 60 * DAY),
                standing(2, Urgent, 97 * DAY),
                Rule::Priority,
                "both score 100, and urgent is listed above routine",
            ),
            (
                standing(1, Routine, 60 * DAY),
                standing(2, Routine, 50 * DAY),
                Rule::Target,
                "both score 100 and are routine, and it has waited 10 d longer",
            ),
            (
                standing(2, Routine, 60 * DAY),
                standing(1, Routine, 60 * DAY),
                Rule::Number,
                "everything is equal, and its number is lower",
            ),
        ];
        for (a, b, rule, says) in table {
            let verdict = compare(a, b, now, &TARGETS);
            assert_eq!(verdict.rule, rule);
            assert!(verdict.sentence().contains(says), "{}", verdict.sentence());
            // The order of the question changes nothing.
            assert_eq!(compare(b, a, now, &TARGETS), verdict);
        }
    }
}
