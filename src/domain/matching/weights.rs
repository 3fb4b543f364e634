//! How much each level of agreement weighs, and where the bands begin.
//!
//! Owns the m and u of every trait and level. m is the share of pairs of records of *one* person that agree so far, u that of
//! pairs of *two* people; a weight is log2 of their quotient. Where a figure can be counted, the note says from what; the
//! others are estimates of how records are kept, set so that each column of a trait adds up to about one, and judged by
//! their outcome: `tests/matching.rs` measures them on invented people with known truth. Must not compare.

use super::{Level, Trait};

/// From here on two descriptions are of one person, in bits. At 200,000 records (2^17.6) the chance that a pair is of one
/// person starts at 1 in 200,000; at this sum the odds are 2^9.4, so fewer than two such pairs in a thousand at the very
/// threshold are of two people, and most pairs lie far above.
pub const SAME: f64 = 27.0;
/// From here on a person is asked, in bits: the odds are about even at 200,000 records.
pub const ASK: f64 = 18.0;

/// Trait, level, m, u.
type Row = (Trait, Level, f64, f64);

const TABLE: &[Row] = &[
    // u of a whole surname: the sum of the squared shares of surnames is 0.0005 in the 2010 census of the United States; towns
    // and specialties are more alike than the country, so four times that.
    (Trait::Family, Level::Same, 0.90, 0.002),
    (Trait::Family, Level::Variant, 0.04, 0.002),
    (Trait::Family, Level::Close, 0.04, 0.003),
    (Trait::Family, Level::Hint, 0.01, 0.009),
    (Trait::Family, Level::Differs, 0.02, 0.993),
    // u of a whole given name: its squared shares within one sex sum to 0.004 to 0.01 (1990 census); half of all pairs are of
    // one sex.
    (Trait::Given, Level::Same, 0.85, 0.004),
    (Trait::Given, Level::Variant, 0.04, 0.0015),
    (Trait::Given, Level::Close, 0.04, 0.005),
    (Trait::Given, Level::Hint, 0.05, 0.045),
    (Trait::Given, Level::Differs, 0.02, 0.944),
    // u of a day: some 25,000 days of birth are about equally likely in adults. Of all other days about 35 are one digit or
    // one exchange of neighbours away.
    (Trait::Birth, Level::Same, 0.96, 0.000_04),
    (Trait::Birth, Level::Variant, 0.005, 0.000_03),
    (Trait::Birth, Level::Close, 0.025, 0.0015),
    (Trait::Birth, Level::Hint, 0.001, 0.001),
    (Trait::Birth, Level::Differs, 0.01, 0.998),
    (Trait::Sex, Level::Same, 0.99, 0.5),
    (Trait::Sex, Level::Differs, 0.01, 0.5),
    (Trait::Suffix, Level::Same, 0.9, 0.3),
    (Trait::Suffix, Level::Differs, 0.02, 0.7),
    // The clinic's own number: one a person, and mistyped now and then.
    (Trait::Record, Level::Same, 0.97, 0.000_001),
    (Trait::Record, Level::Differs, 0.03, 0.999_999),
    // Plans change with the year and the employer; dependants often bear the subscriber's number.
    (Trait::Member, Level::Same, 0.6, 0.0003),
    (Trait::Member, Level::Differs, 0.4, 0.9997),
    // Home, mobile and work: many people have several, and families share one.
    (Trait::Phone, Level::Same, 0.55, 0.0004),
    (Trait::Phone, Level::Differs, 0.45, 0.9996),
    (Trait::Email, Level::Same, 0.6, 0.0002),
    (Trait::Email, Level::Differs, 0.4, 0.9998),
    // About one in ten moves within a year (American Community Survey); an address is written in many ways.
    (Trait::Address, Level::Same, 0.6, 0.0006),
    (Trait::Address, Level::Close, 0.15, 0.002),
    (Trait::Address, Level::Differs, 0.25, 0.997),
];

/// What a level of a trait weighs, in bits: nothing where one side is not known. A level that a trait does not have weighs as
/// the next one below that it has.
pub fn weight(which: Trait, level: Level) -> f64 {
    if level == Level::Unknown {
        return 0.0;
    }
    let rows = TABLE.iter().filter(|row| row.0 == which && row.1 <= level);
    let row = rows.max_by_key(|row| row.1);
    let weight = row.map_or(0.0, |(_, _, m, u)| (m / u).log2());
    // Above "not known" nothing speaks against.
    if level > Level::Unknown {
        weight.max(0.0)
    } else {
        weight
    }
}
