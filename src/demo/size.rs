//! How large a clinic is: what is lived in full, and what is laid down as its archive.
//!
//! Owns the two shares. A life costs some forty commands and 50 kB of records and log, so a million of them would be 50 GB:
//! the newest referrals, all that are open among them, are lived; those that ended long ago are laid down by [`archive`]
//! after the pattern of some that were lived. The first of all are lived too, one of each referrer: an archive names only whom
//! its log made known. So the work at hand grows with the root of the clinic's age and size, as it
//! does in life, and not with everything that was ever stored.
//!
//! [`archive`]: super::archive

use super::pools::Pools;
use super::referrer;

/// Up to so many referrals, every one is lived.
const ALL_LIVED: u64 = 2_000;

const DAY: i64 = 24 * 60;

/// How far back the lived part of a larger clinic goes: past the 50 days that a life lasts at most.
const LIVED: i64 = 75 * DAY;

/// How long before its archive the first referrals of a large clinic came: longer than these took to come.
const FOUNDED: i64 = 30 * DAY;
/// The days in which they came.
const FOUNDING: i64 = 14 * DAY;

/// The shares of a clinic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Lived in full.
    pub played: u64,
    /// How far back those go, in minutes.
    pub history: i64,
    /// Laid down, all older than those but the first.
    pub copied: u64,
    /// How far back these go, in minutes: two referrals a day and more, at most five years.
    pub archive: i64,
}

impl Size {
    /// The shares of a clinic of so many referrals.
    pub fn of(referrals: u32) -> Size {
        let count = u64::from(referrals);
        let played = (count * ALL_LIVED).isqrt().min(count).max(count.min(ALL_LIVED));
        let whole = i64::try_from(count / 2).unwrap_or(i64::MAX).clamp(120, 1800) * DAY;
        let copied = count - played;
        Size {
            played,
            history: if copied == 0 { whole } else { LIVED },
            copied,
            archive: whole,
        }
    }

    /// So many of those that are lived are the first of the clinic, one of each referrer.
    pub fn founders(self) -> u64 {
        match self.copied {
            0 => 0,
            _ => self.played.min(referrer::count(Pools::built_in()) as u64),
        }
    }

    /// The ages, in minutes, between which one of the first came in: at most, at least.
    pub fn founding(self, index: u64) -> (i64, i64) {
        let count = i64::try_from(self.founders()).unwrap_or(i64::MAX).max(1);
        let index = i64::try_from(index).unwrap_or(count).min(count);
        let step = FOUNDING / count;
        let oldest = self.archive + FOUNDED - index * step;
        (oldest, oldest - step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_clinics_are_lived_and_the_lived_part_of_large_ones_grows_slowly() {
        let table = [
            (0, 0, 120),
            (240, 240, 120),
            (2_000, 2_000, 1_000),
            (10_000, 4_472, 75),
            (1_000_000, 44_721, 75),
        ];
        for (referrals, played, days) in table {
            let size = Size::of(referrals);
            assert_eq!((size.played, size.history / DAY), (played, days), "{referrals}");
            assert_eq!(size.played + size.copied, u64::from(referrals));
        }
    }
}
