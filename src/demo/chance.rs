//! Seeded chance, and fair dealing.
//!
//! Owns every use of the random generator, so that the same seed gives the same clinic. Must not know what is invented.

/// A seeded source of chance for one invention.
pub struct Chance(fastrand::Rng);

/// Sources that must not depend on each other, so that one more question to the first leaves the others alone.
#[derive(Clone, Copy)]
pub enum Stream {
    /// Who the patient is.
    Patient,
    /// What happens to the referral.
    Life,
    /// Whether the patient was here before.
    Return,
    /// How messages fare.
    Post,
    /// Who and when in the archive.
    Archive,
}

impl Chance {
    /// The source for the `index`-th invention of a stream.
    pub fn of(seed: u64, index: u64, stream: Stream) -> Chance {
        let salt: u64 = match stream {
            Stream::Patient => 0x51,
            Stream::Life => 0xA3,
            Stream::Return => 0xC7,
            Stream::Post => 0xE9,
            Stream::Archive => 0xF3,
        };
        Chance(fastrand::Rng::with_seed(mix(
            seed ^ mix(index.wrapping_add(salt << 56))
        )))
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, share: u32) -> bool {
        self.0.u32(0..100) < share
    }

    /// A number between two, both included; the first where they are the wrong way round.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        if low < high { self.0.i64(low..=high) } else { low }
    }

    /// A fraction between two.
    pub fn fraction(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.0.f64()
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.0.usize(0..from.len().max(1)))
    }

    /// One of several texts.
    pub fn text(&mut self, from: &[String]) -> String {
        self.pick(from).cloned().unwrap_or_default()
    }

    /// One of several by weight.
    pub fn weighted<'a, T>(&mut self, from: &'a [T], weight: impl Fn(&T) -> u32) -> Option<&'a T> {
        let total: u64 = from.iter().map(|each| u64::from(weight(each))).sum();
        at_weight(from, weight, self.0.u64(0..total.max(1)))
    }

    /// So many digits.
    pub fn digits(&mut self, count: u32) -> String {
        (0..count).map(|_| self.0.digit(10)).collect()
    }
}

/// The entry on which a point falls when the weights are laid end to end.
pub fn at_weight<T>(from: &[T], weight: impl Fn(&T) -> u32, point: u64) -> Option<&T> {
    let mut left = point;
    from.iter().find(|each| {
        let width = u64::from(weight(each));
        let hit = left < width;
        left = left.saturating_sub(width);
        hit
    })
}

/// The `index`-th of `count` places, each dealt exactly once, neighbours far apart: shares come out exact even in a small
/// clinic, and no table of the deal is kept in a large one.
pub fn deal(index: u64, count: u64, salt: u64) -> u64 {
    if count < 2 {
        return 0;
    }
    // Near the golden section of the count, so that neighbours land far apart.
    let mut step = count * 618 / 1000 + salt % count.min(7);
    while greatest_divisor(step.max(1), count) != 1 {
        step += 1;
    }
    (index % count * (step.max(1) % count) + salt % count) % count
}

/// The place dealt to an index, as the entry on which it falls.
pub fn dealt<T>(
    from: &[T],
    weight: impl Fn(&T) -> u32 + Copy,
    index: u64,
    count: u64,
    salt: u64,
) -> Option<&T> {
    let total: u64 = from.iter().map(|each| u64::from(weight(each))).sum();
    let place = deal(index, count, salt);
    at_weight(from, weight, (place * 2 + 1) * total / (count.max(1) * 2))
}

fn greatest_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_divisor(b, a % b) }
}

/// Steele and others' SplitMix64 finaliser: neighbouring seeds give unrelated streams.
fn mix(seed: u64) -> u64 {
    let z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_dealt_once() {
        for count in [1_u64, 2, 3, 10, 84, 240, 1009] {
            for salt in [0, 5, 11] {
                let mut seen: Vec<u64> = (0..count).map(|i| deal(i, count, salt)).collect();
                seen.sort_unstable();
                assert_eq!(seen, (0..count).collect::<Vec<_>>(), "{count} {salt}");
            }
        }
    }

    #[test]
    fn a_share_of_one_place_is_always_dealt() {
        let table = [("rare", 2_u32), ("common", 98)];
        let rare = (0..84)
            .filter(|i| dealt(&table, |(_, w)| *w, *i, 84, 3).map(|(name, _)| *name) == Some("rare"))
            .count();
        assert!((1..=2).contains(&rare), "{rare}");
    }
}
