//! Holidays that come back every year by a rule.
//!
//! Owns the rules of the federal holidays (5 USC 6103) and their observance. Must not know opening hours.

use crate::domain::time::{Day, weekday_from_monday};
use serde::{Deserialize, Serialize};

/// The years for which rules are worked out: as long as a referral could matter to anybody at this desk.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2099;

/// A federal holiday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holiday {
    /// 1 January.
    NewYear,
    /// Birthday of Martin Luther King Jr.: third Monday of January.
    MlkDay,
    /// Washington's Birthday: third Monday of February.
    PresidentsDay,
    /// Last Monday of May.
    MemorialDay,
    /// 19 June.
    Juneteenth,
    /// 4 July.
    IndependenceDay,
    /// First Monday of September.
    LaborDay,
    /// Second Monday of October.
    ColumbusDay,
    /// 11 November.
    VeteransDay,
    /// Fourth Thursday of November.
    Thanksgiving,
    /// 25 December.
    Christmas,
}

const MONDAY: usize = 0;
const THURSDAY: usize = 3;
const SATURDAY: usize = 5;
const SUNDAY: usize = 6;

enum Rule {
    /// Month and day; observed on the Friday before a Saturday and the Monday after a Sunday.
    Fixed(u32, u32),
    /// Weekday (0 for Monday), its number in the month, month.
    Nth(usize, u32, u32),
    /// The last such weekday of a month.
    Last(usize, u32),
}

impl Holiday {
    /// Those on which nearly every clinic is closed.
    pub const USUAL: [Holiday; 6] = [
        Holiday::NewYear,
        Holiday::MemorialDay,
        Holiday::IndependenceDay,
        Holiday::LaborDay,
        Holiday::Thanksgiving,
        Holiday::Christmas,
    ];

    const fn rule(self) -> Rule {
        match self {
            Holiday::NewYear => Rule::Fixed(1, 1),
            Holiday::MlkDay => Rule::Nth(MONDAY, 3, 1),
            Holiday::PresidentsDay => Rule::Nth(MONDAY, 3, 2),
            Holiday::MemorialDay => Rule::Last(MONDAY, 5),
            Holiday::Juneteenth => Rule::Fixed(6, 19),
            Holiday::IndependenceDay => Rule::Fixed(7, 4),
            Holiday::LaborDay => Rule::Nth(MONDAY, 1, 9),
            Holiday::ColumbusDay => Rule::Nth(MONDAY, 2, 10),
            Holiday::VeteransDay => Rule::Fixed(11, 11),
            Holiday::Thanksgiving => Rule::Nth(THURSDAY, 4, 11),
            Holiday::Christmas => Rule::Fixed(12, 25),
        }
    }

    /// The day on which it is observed, counted to the year of the holiday itself.
    fn observed(self, year: i32) -> Option<Day> {
        match self.rule() {
            Rule::Fixed(month, day) => {
                let day = Day::from_ymd_opt(year, month, day)?;
                match weekday_from_monday(day) {
                    SATURDAY => day.pred_opt(),
                    SUNDAY => day.succ_opt(),
                    _ => Some(day),
                }
            }
            Rule::Nth(weekday, number, month) => nth(year, month, weekday, number),
            Rule::Last(weekday, month) => [5, 4]
                .into_iter()
                .find_map(|number| nth(year, month, weekday, number)),
        }
    }

    /// Every day on which it is observed.
    pub fn days(self) -> impl Iterator<Item = Day> {
        YEARS.filter_map(move |year| self.observed(year))
    }
}

/// The n-th such weekday of a month, where the month has as many.
fn nth(year: i32, month: u32, weekday: usize, number: u32) -> Option<Day> {
    let first = weekday_from_monday(Day::from_ymd_opt(year, month, 1)?);
    let into_week = u32::try_from((weekday + 7 - first) % 7).ok()?;
    Day::from_ymd_opt(year, month, 1 + into_week + 7 * (number - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::parse_day;

    #[test]
    fn rules_give_the_published_days() {
        // The Office of Personnel Management's list of federal holidays.
        let table = [
            (Holiday::NewYear, "2026-01-01"),
            (Holiday::MlkDay, "2026-01-19"),
            (Holiday::PresidentsDay, "2026-02-16"),
            (Holiday::MemorialDay, "2026-05-25"),
            (Holiday::Juneteenth, "2026-06-19"),
            (Holiday::IndependenceDay, "2026-07-03"),
            (Holiday::LaborDay, "2026-09-07"),
            (Holiday::ColumbusDay, "2026-10-12"),
            (Holiday::VeteransDay, "2026-11-11"),
            (Holiday::Thanksgiving, "2026-11-26"),
            (Holiday::Christmas, "2026-12-25"),
            (Holiday::NewYear, "2021-12-31"),
            (Holiday::Juneteenth, "2027-06-18"),
            (Holiday::IndependenceDay, "2027-07-05"),
        ];
        for (holiday, day) in table {
            let day = parse_day(day).unwrap();
            assert!(holiday.days().any(|each| each == day), "{holiday:?} {day}");
        }
    }
}
