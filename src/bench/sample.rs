//! Samples of time, and the figures made of them.
//!
//! Owns medians, percentiles and ratios. Must not know what was measured.

use serde::Serialize;
use std::time::{Duration, Instant};

/// Durations of one thing done many times.
#[derive(Clone, Debug, Default)]
pub struct Sample(Vec<Duration>);

impl Sample {
    /// Of nothing yet.
    pub const fn new() -> Sample {
        Sample(Vec::new())
    }

    /// Does something, and keeps how long it took.
    pub fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let done = work();
        self.0.push(began.elapsed());
        done
    }

    /// Keeps a duration.
    pub fn push(&mut self, took: Duration) {
        self.0.push(took);
    }

    /// The shortest duration that so many of a thousand do not exceed, in milliseconds (the nearest rank, ISO 3534-1's
    /// sample quantile); not a number where there is none.
    pub fn below(&self, of_a_thousand: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * of_a_thousand).div_ceil(1000);
        sorted
            .get(rank.saturating_sub(1))
            .map_or(f64::NAN, |took| took.as_secs_f64() * 1000.0)
    }

    /// The median, in milliseconds.
    pub fn median(&self) -> f64 {
        self.below(500)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// What a figure should be.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "limit", content = "at")]
pub enum Limit {
    /// At most so much, in the figure's unit.
    AtMost(f64),
    /// At least so much.
    AtLeast(f64),
    /// The ratio is at most this.
    RatioAtMost(f64),
    /// The ratio is at least this.
    RatioAtLeast(f64),
    /// Only said.
    Said,
}

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What was measured.
    pub what: String,
    /// Referrals stored.
    pub referrals: u32,
    /// The median, or the one value.
    pub median: f64,
    /// Below this lie 99 of a hundred.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p99: Option<f64>,
    /// Unit.
    pub unit: &'static str,
    /// How often it was measured.
    pub times: usize,
    /// What it is held against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
    /// That, in the same unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<f64>,
    /// The ratio of the two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
    /// What it should be.
    #[serde(flatten)]
    pub limit: Limit,
    /// Whether it is, in this run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<bool>,
}

impl Figure {
    /// A figure of a sample.
    pub fn of(what: &str, referrals: u32, sample: &Sample, limit: Limit) -> Figure {
        Figure {
            p99: (sample.len() > 20).then(|| sample.below(990)),
            times: sample.len(),
            ..Figure::value(what, referrals, sample.median(), "ms", limit)
        }
        .judged()
    }

    /// A single value.
    pub fn value(what: &str, referrals: u32, value: f64, unit: &'static str, limit: Limit) -> Figure {
        Figure {
            what: what.to_owned(),
            referrals,
            median: value,
            p99: None,
            unit,
            times: 1,
            against: None,
            reference: None,
            ratio: None,
            limit,
            holds: None,
        }
        .judged()
    }

    /// Held against something else of the same run.
    #[must_use]
    pub fn against(mut self, what: &str, reference: f64) -> Figure {
        self.against = Some(what.to_owned());
        self.reference = Some(reference);
        self.ratio = (reference > 0.0).then(|| self.median / reference);
        self.judged()
    }

    /// With several ways of asking, the one that the limit is about is the p99 where there is one.
    fn judged(mut self) -> Figure {
        let felt = self.p99.unwrap_or(self.median);
        self.holds = match self.limit {
            Limit::AtMost(most) => Some(felt <= most),
            Limit::AtLeast(least) => Some(self.median >= least),
            Limit::RatioAtMost(most) => self.ratio.map(|ratio| ratio <= most),
            Limit::RatioAtLeast(least) => self.ratio.map(|ratio| ratio >= least),
            Limit::Said => None,
        };
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sample() {
        let mut sample = Sample::default();
        for millis in 1..=100 {
            sample.push(Duration::from_millis(millis));
        }
        assert_eq!(
            (sample.below(0), sample.median(), sample.below(990)),
            (1.0, 50.0, 99.0)
        );
        assert!(Sample::default().median().is_nan());
        let figure = Figure::of("x", 1, &sample, Limit::RatioAtMost(2.0)).against("y", 30.0);
        assert_eq!((figure.ratio, figure.holds), (Some(50.0 / 30.0), Some(true)));
        for (most, holds) in [(99.0, true), (98.0, false)] {
            assert_eq!(
                Figure::of("x", 1, &sample, Limit::AtMost(most)).holds,
                Some(holds)
            );
        }
    }
}
