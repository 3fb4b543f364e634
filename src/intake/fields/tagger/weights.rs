//! The trained model's weights: what each trait of a word says for and against each tag.
//!
//! Owns the form in which they are kept: `RDT1`, a scale of the traits' and one of the pairs' weights (f32), the pairs' weights
//! (three tables, one byte each), then the traits: their number (u32), their hashes in ascending order (u32), how many tags each
//! speaks of (one byte), and for each such tag its number and its weight (one byte each). Little endian. Must not know what
//! a trait or a tag means.

use super::crf::{Pairs, Row, TAGS, Transitions};

const MAGIC: &[u8; 4] = b"RDT1";

/// The weights, ready for use.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// The traits' hashes, ascending.
    traits: Vec<u32>,
    /// Where each trait's weights begin in `all`, and one past the last.
    begins: Vec<u32>,
    /// Tags and weights.
    all: Vec<(u8, f32)>,
    /// The pairs' weights.
    pub transitions: Transitions,
}

impl Weights {
    /// Reads kept weights; none where they are not whole.
    pub fn read(bytes: &[u8]) -> Option<Weights> {
        let mut rest = bytes.strip_prefix(MAGIC)?;
        let scale = f32::from_le_bytes(take(&mut rest)?);
        let pair_scale = f32::from_le_bytes(take(&mut rest)?);
        let mut pairs = || -> Option<Pairs> {
            let mut out = [[0.0; TAGS]; TAGS];
            for slot in out.iter_mut().flatten() {
                *slot = f32::from(i8::from_le_bytes(take(&mut rest)?)) * pair_scale;
            }
            Some(out)
        };
        let transitions = Transitions {
            word: pairs()?,
            cell: pairs()?,
            line: pairs()?,
        };
        let count = u32::from_le_bytes(take(&mut rest)?) as usize;
        let hashes = rest.split_off(..count.checked_mul(4)?)?;
        let traits: Vec<u32> = hashes
            .chunks_exact(4)
            .filter_map(|four| four.try_into().ok())
            .map(u32::from_le_bytes)
            .collect();
        let mut begins = vec![0];
        let mut end = 0;
        for speaks in rest.split_off(..count)? {
            end += u32::from(*speaks);
            begins.push(end);
        }
        let all: Vec<(u8, f32)> = rest
            .chunks_exact(2)
            .filter_map(|two| match two {
                [tag, weight] => Some((*tag, f32::from(i8::from_le_bytes([*weight])) * scale)),
                _ => None,
            })
            .collect();
        (all.len() == end as usize && rest.len() == 2 * all.len()).then_some(Weights {
            traits,
            begins,
            all,
            transitions,
        })
    }

    /// Adds up what a word's traits say.
    pub fn score(&self, traits: &[u32]) -> Row {
        let mut row = [0.0; TAGS];
        for hash in traits {
            let Ok(at) = self.traits.binary_search(hash) else {
                continue;
            };
            let range = self.begins.get(at).zip(self.begins.get(at + 1));
            let said = range.and_then(|(from, to)| self.all.get(*from as usize..*to as usize));
            for (tag, weight) in said.into_iter().flatten() {
                if let Some(sum) = row.get_mut(usize::from(*tag)) {
                    *sum += weight;
                }
            }
        }
        row
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    rest.split_off(..N)?.try_into().ok()
}

/// Writes weights as they are kept, each rounded to a 127th of the greatest; traits whose weights are all nought are left out.
pub fn write(traits: &[(u32, Row)], transitions: &Transitions) -> Vec<u8> {
    let greatest = |all: &mut dyn Iterator<Item = f32>| all.map(f32::abs).fold(1e-6, f32::max) / 127.0;
    let scale = greatest(&mut traits.iter().flat_map(|(_, row)| row.iter().copied()));
    let tables = [&transitions.word, &transitions.cell, &transitions.line];
    let pair_scale = greatest(&mut tables.iter().flat_map(|pairs| pairs.iter().flatten().copied()));
    let byte = |weight: f32, scale: f32| (weight / scale).round().clamp(-127.0, 127.0) as i8;
    let mut kept: Vec<(u32, Vec<(u8, i8)>)> = traits
        .iter()
        .map(|(hash, row)| {
            let said = row
                .iter()
                .zip(0_u8..)
                .map(|(weight, tag)| (tag, byte(*weight, scale)));
            (*hash, said.filter(|(_, weight)| *weight != 0).collect())
        })
        .collect();
    kept.retain(|(_, said): &(u32, Vec<_>)| !said.is_empty());
    kept.sort_by_key(|(hash, _)| *hash);
    let mut out = MAGIC.to_vec();
    out.extend(scale.to_le_bytes());
    out.extend(pair_scale.to_le_bytes());
    for weight in tables.iter().flat_map(|pairs| pairs.iter().flatten()) {
        out.extend(byte(*weight, pair_scale).to_le_bytes());
    }
    out.extend(u32::try_from(kept.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend(kept.iter().flat_map(|(hash, _)| hash.to_le_bytes()));
    out.extend(kept.iter().map(|(_, said)| said.len() as u8));
    for (tag, weight) in kept.iter().flat_map(|(_, said)| said) {
        out.push(*tag);
        out.extend(weight.to_le_bytes());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_weights_are_those_that_were_written() {
        let mut one = [0.0; TAGS];
        one[2] = 1.27;
        one[17] = -0.5;
        let mut transitions = Transitions::NONE;
        transitions.cell[1][3] = -2.0;
        let bytes = write(&[(9, one), (4, [0.0; TAGS]), (7, one)], &transitions);
        let read = Weights::read(&bytes).unwrap();
        assert_eq!(read.traits, [7, 9]);
        let row = read.score(&[9, 7, 8]);
        assert!((row[2] - 2.54).abs() < 0.02 && (row[17] + 1.0).abs() < 0.02 && row[0] == 0.0);
        assert!((read.transitions.cell[1][3] + 2.0).abs() < 1e-3);
        assert_eq!(Weights::read(&bytes[..bytes.len() - 1]), None);
    }
}
