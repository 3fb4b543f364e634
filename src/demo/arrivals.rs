//! Arrivals: when each referral comes in, and in which order.
//!
//! Owns the moment of receipt, and the order of the stories by it: whoever comes in later may know who came before. A plan of
//! a million takes no room: only those wait that night and weekend keep together. Must not know what happens afterwards.

use super::cast::World;
use super::chance::{Chance, Stream};
use super::fate::{Lot, lot_in};
use crate::domain::time::{Span, Stamp};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What came last keeps no order of age: the emergencies that stand open.
const UNORDERED: u64 = 3;

/// A referral that came in.
pub struct Arrived {
    /// Its lot.
    pub lot: Lot,
    /// When.
    pub at: Stamp,
    /// The chance of the rest of its life.
    pub chance: Chance,
}

/// How a referral came in.
pub fn arrived(world: &World<'_>, index: u64) -> Arrived {
    let lot = lot_in(world.size, index, world.seed);
    let mut chance = Chance::of(world.seed, index, Stream::Life);
    let age = chance.between(lot.youngest.min(lot.oldest), lot.oldest);
    let calendar = &world.settings.calendar;
    let mut at = world.now - Span::minutes(age) - Span::seconds(chance.between(0, 59));
    // Most practices fax in the daytime; what came before the last days is moved there.
    if age > 3 * 24 * 60 && !calendar.is_open(at) && chance.percent(85) {
        let opens = calendar.next_open(at) + Span::seconds(chance.between(60, 28_000));
        if opens < world.now - Span::hours(12) {
            at = opens;
        }
    }
    Arrived { lot, at, chance }
}

/// The order in which referrals come in.
pub struct Arrivals {
    next: u64,
    /// No referral that is not dealt yet comes in before the age of the next, or this one, in minutes.
    unordered: i64,
    waiting: BinaryHeap<Reverse<(Stamp, u64)>>,
}

impl Arrivals {
    /// From the first on.
    pub fn of(world: &World<'_>) -> Arrivals {
        let last = world.count.saturating_sub(UNORDERED)..world.count;
        let ages = last.map(|index| lot_in(world.size, index, world.seed).oldest);
        Arrivals {
            next: 0,
            unordered: ages.max().unwrap_or(0),
            waiting: BinaryHeap::new(),
        }
    }

    /// The number of the next.
    pub fn next(&mut self, world: &World<'_>) -> Option<u64> {
        while self.next < world.count {
            let oldest = lot_in(world.size, self.next, world.seed)
                .oldest
                .max(self.unordered);
            // A minute more: each comes in some seconds before its age.
            let earliest = world.now - Span::minutes(oldest + 1);
            if self.waiting.peek().is_some_and(|Reverse((at, _))| *at < earliest) {
                break;
            }
            let at = arrived(world, self.next).at;
            self.waiting.push(Reverse((at, self.next)));
            self.next += 1;
        }
        self.waiting.pop().map(|Reverse((_, index))| index)
    }
}
