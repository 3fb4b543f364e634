//! Closed loops: of the visits that took place, for how many the report went out, and after how many days.
//!
//! Owns the figures, with the patients behind them. They mirror the measure by which referrers are judged (CMS50, "Closing the
//! Referral Loop: Receipt of Specialist Report": the share of referred patients whose referring clinician receives the report),
//! from the side of the clinic that owes it; the denominator here is the visits, since no report can follow from none. Must not
//! print.

use crate::domain::time::{Span, Stamp};
use crate::store::loops::Visited;
use crate::store::{Store, StoreError};

/// The figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Closing {
    /// Visits from this moment on.
    pub from: Stamp,
    /// And before this one.
    pub to: Stamp,
    /// The visits, the earliest first.
    pub visits: Vec<Visited>,
    /// For how many the report went out.
    pub reported: usize,
    /// For how many of these it is known to have arrived.
    pub delivered: usize,
    /// Days from the visit to the report, in the middle and for nine in ten; none where none went out.
    pub days: Option<(i64, i64)>,
    /// Days from the arrival of the referral to the report, in the middle.
    pub days_from_referral: Option<i64>,
}

impl Closing {
    /// The share whose report went out, in per cent; none where there was no visit.
    pub fn share(&self) -> Option<f64> {
        let count = self.visits.len();
        (count > 0).then(|| self.reported as f64 * 100.0 / count as f64)
    }
}

/// Whole days of a span that began: a report on the day of the visit took 0.
pub fn days(span: Span) -> i64 {
    span.num_days().max(0)
}

/// Gathers them.
///
/// # Errors
/// The store's.
pub fn gather(store: &Store, from: Stamp, to: Stamp) -> Result<Closing, StoreError> {
    Ok(figures(store.visited(from, to)?, from, to))
}

fn figures(visits: Vec<Visited>, from: Stamp, to: Stamp) -> Closing {
    use crate::domain::message::MessageState;
    use crate::domain::status::Status;
    let out: Vec<(&Visited, Stamp)> = visits
        .iter()
        .filter_map(|each| Some((each, each.report_at?)))
        .collect();
    let after = |since: fn(&Visited) -> Stamp| {
        let mut days: Vec<i64> = out
            .iter()
            .map(|(each, at)| self::days(*at - since(each)))
            .collect();
        days.sort_unstable();
        days
    };
    let arrived = |each: &&(&Visited, Stamp)| {
        each.0.status == Status::Closed
            || matches!(
                each.0.message,
                Some(MessageState::Delivered | MessageState::Acknowledged)
            )
    };
    let since_visit = after(|each| each.seen_at);
    let (reported, delivered) = (out.len(), out.iter().filter(arrived).count());
    let days = rank(&since_visit, 50).zip(rank(&since_visit, 90));
    let days_from_referral = rank(&after(|each| each.received_at), 50);
    Closing {
        from,
        to,
        reported,
        delivered,
        days,
        days_from_referral,
        visits,
    }
}

/// The value that so many per cent of sorted values do not exceed (nearest rank).
fn rank(sorted: &[i64], percent: usize) -> Option<i64> {
    let place = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(place - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::ReferralId;
    use crate::domain::message::MessageState;
    use crate::domain::status::Status;
    use crate::domain::time::from_seconds;

    fn visit(number: i64, report_days: Option<i64>) -> Visited {
        Visited {
            referral: ReferralId(number),
            patient: "Lee, Ann".into(),
            from: None,
            received_at: from_seconds(0),
            seen_at: from_seconds(10 * 86_400),
            performer: String::new(),
            status: Status::Completed,
            report_at: report_days.map(|days| from_seconds((10 + days) * 86_400)),
            message: report_days.map(|_| MessageState::HandedOver),
        }
    }

    #[test]
    fn figures_are_of_the_visits() {
        let (from, to) = (from_seconds(0), from_seconds(86_400 * 30));
        let none = figures(Vec::new(), from, to);
        assert_eq!((none.share(), none.days), (None, None));
        let mut visits: Vec<Visited> = (1..=9).map(|days| visit(days, Some(days))).collect();
        visits.push(visit(10, None));
        visits[0].status = Status::Closed;
        let some = figures(visits, from, to);
        assert_eq!((some.reported, some.delivered, some.share()), (9, 1, Some(90.0)));
        assert_eq!((some.days, some.days_from_referral), (Some((5, 9)), Some(15)));
    }
}
