//! Business time: opening hours and holidays.
//!
//! Owns the arithmetic of the clinic's clock. Must not know referrals. All stretches are half-open, `[from, to)`.

use super::time::{Clock, Day, Span, Stamp, Zone, at_local, day_in, weekday_from_monday};
use std::collections::BTreeSet;

/// Opening hours in a zone, with holidays on which the clinic is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    zone: Zone,
    /// Opening hours, Monday first; none where closed.
    hours: [Option<(Clock, Clock)>; 7],
    holidays: BTreeSet<Day>,
}

/// No search for an open day goes further than this; a calendar with an open day always has one within it unless its
/// holidays are absurd.
const HORIZON_DAYS: usize = 400;

impl Calendar {
    /// Builds a calendar.
    ///
    /// # Errors
    /// A sentence for a person when no hour is open in a week or a day closes before it opens.
    pub fn new(
        zone: Zone,
        hours: [Option<(Clock, Clock)>; 7],
        holidays: BTreeSet<Day>,
    ) -> Result<Calendar, String> {
        if hours.iter().flatten().any(|(opens, closes)| opens >= closes) {
            return Err("a day of the opening hours closes before it opens".into());
        }
        if hours.iter().all(Option::is_none) {
            return Err("the opening hours have no open day".into());
        }
        Ok(Calendar {
            zone,
            hours,
            holidays,
        })
    }

    /// The zone.
    pub fn zone(&self) -> Zone {
        self.zone
    }

    /// The opening of a day.
    fn opening(&self, day: Day) -> Option<(Stamp, Stamp)> {
        if self.holidays.contains(&day) {
            return None;
        }
        let weekday = weekday_from_monday(day);
        let (opens, closes) = self.hours.get(weekday).copied().flatten()?;
        let (from, to) = (at_local(self.zone, day, opens), at_local(self.zone, day, closes));
        (from < to).then_some((from, to))
    }

    /// The openings from the one that contains or follows a time.
    fn openings_from(&self, at: Stamp) -> impl Iterator<Item = (Stamp, Stamp)> + '_ {
        day_in(self.zone, at)
            .iter_days()
            .take(HORIZON_DAYS)
            .filter_map(|day| self.opening(day))
            .filter(move |(_, to)| *to > at)
            .map(move |(from, to)| (from.max(at), to))
    }

    /// Whether the clinic is open.
    pub fn is_open(&self, at: Stamp) -> bool {
        self.opening(day_in(self.zone, at))
            .is_some_and(|(from, to)| from <= at && at < to)
    }

    /// The first open moment from a time on.
    pub fn next_open(&self, at: Stamp) -> Stamp {
        self.openings_from(at).next().map_or(at, |(from, _)| from)
    }

    /// A time moved on by open hours.
    pub fn add_hours(&self, at: Stamp, hours: u32) -> Stamp {
        self.add_open(at, Span::hours(i64::from(hours)))
    }

    /// A time moved on by a length of open time.
    pub fn add_open(&self, at: Stamp, length: Span) -> Stamp {
        let mut left = length;
        let mut last = at;
        for (from, to) in self.openings_from(at) {
            if to - from >= left {
                return from + left;
            }
            left -= to - from;
            last = to;
        }
        last + left
    }

    /// A time moved on by open days: the same time of day, or the day's closing where that is earlier. A time outside
    /// opening hours counts from the next opening.
    pub fn add_days(&self, at: Stamp, days: u32) -> Stamp {
        let start = self.next_open(at);
        let Some((opened, _)) = self.opening(day_in(self.zone, start)) else {
            return start;
        };
        let into_day = start - opened;
        day_in(self.zone, start)
            .iter_days()
            .skip(1)
            .take(HORIZON_DAYS.saturating_add(days as usize * 2))
            .filter_map(|day| self.opening(day))
            .nth((days as usize).saturating_sub(1))
            .map_or(start, |(from, to)| (from + into_day).min(to))
    }

    /// Open time between two moments; zero where the second is not later.
    pub fn open_between(&self, from: Stamp, to: Stamp) -> Span {
        let mut sum = Span::zero();
        let mut day = day_in(self.zone, from);
        let last = day_in(self.zone, to);
        while day <= last {
            if let Some((opens, closes)) = self.opening(day) {
                sum += (closes.min(to) - opens.max(from)).max(Span::zero());
            }
            let Some(next) = day.succ_opt() else { break };
            day = next;
        }
        sum
    }

    /// Open time of a week without holidays.
    pub fn week_length(&self) -> Span {
        let each = self.hours.iter().flatten();
        each.fold(Span::zero(), |sum, (opens, closes)| sum + (*closes - *opens))
    }

    /// Length of the longest opening: what "a day" is on the clinic's clock.
    pub fn day_length(&self) -> Span {
        self.hours
            .iter()
            .flatten()
            .map(|(opens, closes)| *closes - *opens)
            .max()
            .unwrap_or_else(|| Span::hours(8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{clock, parse_day, parse_stamp, parse_zone, print_stamp};
    use proptest::prelude::*;

    fn calendar() -> Calendar {
        let day = Some((clock(8, 0), clock(17, 0)));
        Calendar::new(
            parse_zone("America/New_York").unwrap(),
            [day, day, day, day, day, None, None],
            [parse_day("2026-11-26").unwrap()].into(),
        )
        .unwrap()
    }

    #[test]
    fn hours_and_days_skip_nights_weekends_and_holidays() {
        let calendar = calendar();
        // Friday 16:00 in New York is 21:00 UTC in winter.
        let friday = parse_stamp("2026-11-20T21:00:00Z").unwrap();
        assert_eq!(print_stamp(calendar.add_hours(friday, 2)), "2026-11-23T14:00:00Z");
        assert_eq!(print_stamp(calendar.add_days(friday, 1)), "2026-11-23T21:00:00Z");
        // Wednesday before Thanksgiving: the next open day is Friday.
        let wednesday = parse_stamp("2026-11-25T15:00:00Z").unwrap();
        assert_eq!(
            print_stamp(calendar.add_days(wednesday, 1)),
            "2026-11-27T15:00:00Z"
        );
        // Saturday counts from Monday's opening.
        let saturday = parse_stamp("2026-11-21T15:00:00Z").unwrap();
        assert_eq!(
            print_stamp(calendar.add_days(saturday, 1)),
            "2026-11-24T13:00:00Z"
        );
        assert_eq!(
            calendar.open_between(friday, parse_stamp("2026-11-23T14:00:00Z").unwrap()),
            Span::hours(2)
        );
    }

    #[test]
    fn a_calendar_without_an_open_hour_is_refused() {
        let zone = parse_zone("UTC").unwrap();
        assert!(Calendar::new(zone, [None; 7], BTreeSet::new()).is_err());
        assert!(Calendar::new(zone, [Some((clock(9, 0), clock(9, 0))); 7], BTreeSet::new()).is_err());
    }

    proptest! {
        /// Over simulated years, across both changes of the clock: adding open hours adds exactly that much open time.
        #[test]
        fn added_hours_are_open_hours(start in 1_700_000_000_i64..1_900_000_000, hours in 1_u32..200) {
            let calendar = calendar();
            let from = crate::domain::time::from_seconds(start);
            let to = calendar.add_hours(from, hours);
            prop_assert_eq!(calendar.open_between(from, to), Span::hours(i64::from(hours)));
        }
    }
}
