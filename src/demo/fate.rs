//! Fates: what becomes of a referral, and how the clinic's referrals share them by age.
//!
//! Owns the two tables that make the mix believable at any size. Must not know how a fate is lived.

use super::chance::{deal, dealt};
use super::size::Size;

/// What becomes of a referral, up to now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// An emergency of the last half hour: nobody has called yet.
    EmergencyNew,
    /// An emergency, acknowledged; the decision is being made.
    EmergencyCalled,
    /// An emergency, accepted; a slot is being sought.
    EmergencyBooking,
    /// Complete, waits for a decision.
    Review,
    /// Incomplete, nobody has asked yet.
    Missing,
    /// Incomplete, asked; no answer.
    Chasing,
    /// Incomplete, asked, answered: a decision is due.
    Answered,
    /// A clinician was asked.
    Clinician,
    /// The payer says no, or nothing.
    Insurance,
    /// Accepted, to be booked.
    Booking,
    /// Accepted; calls go unanswered.
    Calling,
    /// No slot.
    Waitlisted,
    /// Booked.
    Scheduled,
    /// Booked, and the patient has confirmed.
    Confirmed,
    /// The appointment is over, and nobody has said how it went.
    Passed,
    /// Did not come.
    NoShow,
    /// The appointment was cancelled.
    AppointmentCancelled,
    /// Somebody asked to cancel.
    CancelRequested,
    /// The visit took place; the report is due.
    ReportDue,
    /// The report was delivered.
    Closed,
    /// Came at the second appointment; closed.
    ClosedLate,
    /// Declined.
    Declined,
    /// Withdrawn.
    Cancelled,
    /// Should never have been here.
    InError,
    /// Declined, then taken up again.
    Reopened,
    /// A document that needs a person; no referral.
    Stray,
}

impl Fate {
    /// Whether it is an emergency that stands open.
    pub fn is_emergency(self) -> bool {
        matches!(
            self,
            Fate::EmergencyNew | Fate::EmergencyCalled | Fate::EmergencyBooking
        )
    }

    /// Whether something was left out, so that the practice has to be asked.
    pub fn is_incomplete(self) -> bool {
        matches!(self, Fate::Missing | Fate::Chasing | Fate::Answered)
    }

    /// Whether a listed stat can have lived it: emergencies are booked within hours, so none stands open by accident.
    pub fn can_be_stat(self) -> bool {
        matches!(self, Fate::Closed | Fate::ClosedLate | Fate::ReportDue)
    }
}

/// Referrals of an age: so many of a hundred, from so many minutes ago to so many, with their fates' weights.
struct Band {
    share: u64,
    oldest: i64,
    youngest: i64,
    fates: &'static [(Fate, u32)],
}

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// Oldest first. The first band's oldest is the length of the clinic's history.
const BANDS: &[Band] = &[
    Band {
        share: 35,
        oldest: 0,
        youngest: 45 * DAY,
        fates: &[
            (Fate::Closed, 64),
            (Fate::Declined, 11),
            (Fate::Cancelled, 9),
            (Fate::InError, 3),
            (Fate::ClosedLate, 6),
            (Fate::Waitlisted, 4),
            (Fate::ReportDue, 3),
        ],
    },
    Band {
        share: 25,
        oldest: 45 * DAY,
        youngest: 15 * DAY,
        fates: &[
            (Fate::Closed, 20),
            (Fate::ReportDue, 14),
            (Fate::Scheduled, 18),
            (Fate::Confirmed, 9),
            (Fate::Passed, 4),
            (Fate::NoShow, 6),
            (Fate::AppointmentCancelled, 6),
            (Fate::Waitlisted, 7),
            (Fate::CancelRequested, 4),
            (Fate::Declined, 5),
            (Fate::Chasing, 5),
            (Fate::InError, 2),
        ],
    },
    Band {
        share: 20,
        oldest: 15 * DAY,
        youngest: 5 * DAY,
        fates: &[
            (Fate::Scheduled, 20),
            (Fate::Confirmed, 8),
            (Fate::Booking, 16),
            (Fate::Calling, 10),
            (Fate::Chasing, 14),
            (Fate::Clinician, 6),
            (Fate::Insurance, 10),
            (Fate::Review, 6),
            (Fate::ReportDue, 6),
            (Fate::Reopened, 4),
        ],
    },
    Band {
        share: 12,
        oldest: 5 * DAY,
        youngest: DAY,
        fates: &[
            (Fate::Review, 20),
            (Fate::Missing, 14),
            (Fate::Chasing, 16),
            (Fate::Answered, 8),
            (Fate::Clinician, 10),
            (Fate::Insurance, 12),
            (Fate::Booking, 12),
            (Fate::Scheduled, 8),
        ],
    },
    Band {
        share: 8,
        oldest: DAY,
        youngest: 4,
        fates: &[
            (Fate::Review, 54),
            (Fate::Missing, 28),
            (Fate::Insurance, 10),
            (Fate::Booking, 8),
        ],
    },
];

/// The newest referrals of a clinic of at least so many: the emergencies that stand open, with their age in minutes.
const EMERGENCIES: [(u64, Fate, i64); 3] = [
    (3, Fate::EmergencyNew, 18),
    (60, Fate::EmergencyCalled, 52),
    (200, Fate::EmergencyBooking, 200),
];

/// A referral's lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lot {
    /// What becomes of it.
    pub fate: Fate,
    /// It arrived at most so many minutes ago.
    pub oldest: i64,
    /// It arrived at least so many minutes ago.
    pub youngest: i64,
    /// Counts those of one fate in one stretch of time: neighbours have neighbouring numbers.
    pub turn: u64,
}

/// The lot of the `index`-th referral that is lived in a clinic of this size. The first of a large clinic ended well long
/// ago.
pub fn lot_in(size: Size, index: u64, seed: u64) -> Lot {
    let founders = size.founders();
    match index.checked_sub(founders) {
        Some(place) => lot(place, size.played - founders, seed, size.history),
        None => {
            let (oldest, youngest) = size.founding(index);
            Lot {
                fate: Fate::Closed,
                oldest,
                youngest,
                turn: index,
            }
        }
    }
}

/// The lot of the `index`-th of `count` referrals of a clinic whose lives go back so many minutes.
fn lot(index: u64, count: u64, seed: u64, history: i64) -> Lot {
    let from_end = count.saturating_sub(index + 1);
    if let Some((_, fate, age)) = usize::try_from(from_end)
        .ok()
        .and_then(|place| EMERGENCIES.get(place))
        .filter(|(least, _, _)| count >= *least)
    {
        return Lot {
            fate: *fate,
            oldest: *age,
            youngest: *age,
            turn: 0,
        };
    }
    let mut shares = 0;
    for band in BANDS {
        let start = count * shares / 100;
        shares += band.share;
        let end = count * shares / 100;
        if index >= end {
            continue;
        }
        let (place, width) = (index - start, end - start);
        let fate = dealt(band.fates, |(_, weight)| *weight, place, width, seed % 83)
            .map_or(Fate::Review, |(fate, _)| *fate);
        let oldest = if band.oldest == 0 { history } else { band.oldest };
        let slot = |place: u64| {
            let share = place as f64 / width as f64;
            // Truncation is meant: minutes.
            oldest - ((oldest - band.youngest) as f64 * share) as i64
        };
        return Lot {
            fate,
            oldest: slot(place),
            youngest: slot(place + 1),
            turn: deal(place, width, seed % 83),
        };
    }
    Lot {
        fate: Fate::Review,
        oldest: DAY,
        youngest: 4,
        turn: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn shares_of_every_band_are_a_hundred() {
        assert_eq!(BANDS.iter().map(|band| band.share).sum::<u64>(), 100);
        for band in BANDS {
            assert_eq!(band.fates.iter().map(|(_, weight)| weight).sum::<u32>(), 100);
        }
    }

    #[test]
    fn the_usual_demo_has_every_fate_whatever_the_seed() {
        for seed in 0..40 {
            let mut seen = BTreeMap::new();
            let mut last = i64::MAX;
            for index in 0..240 {
                let Lot {
                    fate,
                    oldest,
                    youngest,
                    ..
                } = lot(index, 240, seed, 120 * DAY);
                *seen.entry(fate).or_insert(0) += 1;
                assert!(oldest >= youngest && oldest <= last && youngest > 0);
                if !fate.is_emergency() {
                    last = youngest;
                }
            }
            // All but the stray documents, which follow the referrals.
            assert_eq!(seen.len(), 25, "seed {seed}: {seen:?}");
            assert_eq!(seen[&Fate::EmergencyNew], 1);
        }
    }

    #[test]
    fn a_tiny_clinic_is_a_clinic() {
        for count in 1..30 {
            for index in 0..count {
                assert!(lot(index, count, 1, 120 * DAY).youngest > 0);
            }
        }
    }
}
