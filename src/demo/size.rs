//! How large a clinic is: what is lived in full, and what is laid down as its archive.
//!
//! Owns the two shares. A life costs some forty commands and 50 kB of records and log, so a million of them would be 50 GB:
//! the newest referrals, all that are open among them, are lived; those that ended long ago are laid down by [`archive`]
//! after the pattern of some that were lived. So the work at hand grows with the root of the clinic's age and size, as it
//! does in life, and not with everything that was ever stored.
//!
//! [`archive`]: super::archive

/// Up to so many referrals, every one is lived.
const ALL_LIVED: u64 = 2_000;

const DAY: i64 = 24 * 60;

/// How far back the lived part of a larger clinic goes: past the 50 days that a life lasts at most.
const LIVED: i64 = 75 * DAY;

/// The shares of a clinic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Lived in full.
    pub played: u64,
    /// How far back those go, in minutes.
    pub history: i64,
    /// Laid down, all older than those.
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
