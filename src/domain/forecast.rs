//! Who will miss the target of their visit, week by week, with so many slots a week.
//!
//! Owns the arithmetic. Slots go to the higher priority first, then to whoever has waited longest, as the queue does; a visit is in
//! time for every target that passes in its week, so that the forecast errs by less than a week, on the early side. More slots never
//! make anybody later. Must not know where the figures come from.

use super::priority::Priority;
use super::time::Stamp;

/// Somebody who waits for a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Listed priority.
    pub priority: Priority,
    /// Since when.
    pub received_at: Stamp,
    /// By when the visit should take place.
    pub target_at: Stamp,
}

/// A week ahead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Week {
    /// Its end, before which its visits take place.
    pub until: Stamp,
    /// Slots in it.
    pub slots: u32,
    /// Of them, taken by visits that are booked.
    pub taken: u32,
    /// Who comes in by its beginning.
    pub arrivals: Vec<Waiting>,
}

/// What becomes of a week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// Who is seen, beside those who are booked.
    pub seen: u32,
    /// Who still waits at its end.
    pub waiting: u32,
    /// Whose target passes in it unmet.
    pub missed: u32,
}

/// The outlook of each week, for those who wait now and those who come.
pub fn outlook(now: Stamp, waiting: &[Waiting], weeks: &[Week]) -> Vec<Outlook> {
    let mut queue: Vec<Waiting> = waiting.to_vec();
    let mut from = now;
    weeks
        .iter()
        .map(|week| {
            queue.extend(&week.arrivals);
            queue.sort_by_key(|each| (std::cmp::Reverse(each.priority), each.received_at));
            let free = usize::try_from(week.slots.saturating_sub(week.taken)).unwrap_or(0);
            let seen = free.min(queue.len());
            queue.drain(..seen);
            let passes = |each: &&Waiting| each.target_at >= from && each.target_at < week.until;
            let missed = queue.iter().filter(passes).count();
            from = week.until;
            Outlook {
                seen: count(seen),
                waiting: count(queue.len()),
                missed: count(missed),
            }
        })
        .collect()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The fewest slots a week, beside those that are taken, with which nobody misses a target that is still ahead.
pub fn slots_enough(now: Stamp, waiting: &[Waiting], weeks: &[Week]) -> u32 {
    let misses = |slots: u32| {
        let weeks: Vec<Week> = weeks
            .iter()
            .map(|week| Week {
                slots: week.taken.saturating_add(slots),
                ..week.clone()
            })
            .collect();
        outlook(now, waiting, &weeks).iter().any(|each| each.missed > 0)
    };
    // With a slot for everybody at once, nobody is left to miss anything.
    let all = waiting.len() + weeks.iter().map(|week| week.arrivals.len()).sum::<usize>();
    let (mut least, mut enough) = (0, count(all));
    while least < enough {
        let middle = least + (enough - least) / 2;
        if misses(middle) {
            least = middle + 1;
        } else {
            enough = middle;
        }
    }
    enough
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{Span, from_seconds};
    use proptest::prelude::*;

    fn day(number: i64) -> Stamp {
        from_seconds(0) + Span::days(number)
    }

    fn waits(priority: Priority, since: i64, until: i64) -> Waiting {
        Waiting {
            priority,
            received_at: day(since),
            target_at: day(until),
        }
    }

    fn weeks(slots: &[u32], taken: u32, arrivals: &[Waiting]) -> Vec<Week> {
        slots
            .iter()
            .zip(1..)
            .map(|(slots, number)| Week {
                until: day(number * 7),
                slots: *slots,
                taken,
                arrivals: arrivals.to_vec(),
            })
            .collect()
    }

    #[test]
    fn slots_go_to_the_urgent_first_and_a_missed_target_counts_once() {
        let waiting = [
            waits(Priority::Routine, -30, 10),
            waits(Priority::Routine, -20, 20),
            waits(Priority::Urgent, -1, 13),
            // Late already: no miss of the weeks ahead.
            waits(Priority::Routine, -90, -3),
        ];
        let told = outlook(day(0), &waiting, &weeks(&[1, 1, 1, 1], 0, &[]));
        let missed: Vec<u32> = told.iter().map(|week| week.missed).collect();
        let left: Vec<u32> = told.iter().map(|week| week.waiting).collect();
        assert_eq!((missed, left), (vec![0, 1, 1, 0], vec![3, 2, 1, 0]));
        assert_eq!(slots_enough(day(0), &waiting, &weeks(&[1, 1, 1, 1], 0, &[])), 2);
        // What is booked takes its slots.
        let booked = outlook(day(0), &waiting, &weeks(&[2, 2], 2, &[]));
        assert!(booked.iter().all(|week| week.seen == 0));
    }

    proptest! {
        #[test]
        fn more_slots_never_miss_more(
            waiting in prop::collection::vec((0_usize..3, -60_i64..0, -5_i64..60), 0..40),
            arrivals in 0_usize..6,
            slots in 0_u32..12,
        ) {
            let waiting: Vec<Waiting> = waiting
                .into_iter()
                .map(|(priority, since, until)| waits(Priority::SCORED[priority], since, until))
                .collect();
            let come = vec![waits(Priority::Routine, 0, 30); arrivals];
            let missed = |slots| {
                let told = outlook(day(0), &waiting, &weeks(&[slots; 8], 1, &come));
                let seen: u32 = told.iter().map(|week| week.seen).sum();
                let left = told.last().map_or(0, |week| week.waiting);
                (told.iter().map(|week| week.missed).sum::<u32>(), seen, left)
            };
            let (fewer, more) = (missed(slots), missed(slots + 1));
            prop_assert!(more.0 <= fewer.0);
            prop_assert_eq!((fewer.1 + fewer.2) as usize, waiting.len() + 8 * arrivals, "nobody is lost");
            let enough = slots_enough(day(0), &waiting, &weeks(&[0; 8], 0, &come));
            let misses = |slots: u32| {
                outlook(day(0), &waiting, &weeks(&[slots; 8], 0, &come)).iter().any(|week| week.missed > 0)
            };
            prop_assert!(!misses(enough) && (enough == 0 || misses(enough - 1)));
        }
    }
}
