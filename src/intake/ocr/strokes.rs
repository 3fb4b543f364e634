//! Words that are crossed out: a straight stroke through the middle of the type.
//!
//! Owns the search for the stroke. Must not know what the words say.

use super::ink::{Ink, Patch};

/// A stroke runs between these shares of the type's height.
const HIGHEST: f32 = 0.3;
const LOWEST: f32 = 0.72;
/// It is at least this many heights long; a dash is shorter.
const LEAST: f32 = 3.2;
/// Gaps of so many pixels are worn ink.
const WORN: usize = 2;

/// The part of a line that is crossed out: from and to, in pixels of the straightened page.
pub fn through(ink: &Ink<'_>, [left, top, right, bottom]: [f32; 4]) -> Option<(f32, f32)> {
    let height = bottom - top;
    let patch = ink.patch(left, top, right, bottom)?;
    let (from, to) = longest(&patch, height)?;
    Some((left + from as f32, left + to as f32))
}

/// The longest straight run of ink in the middle band.
fn longest(patch: &Patch, height: f32) -> Option<(usize, usize)> {
    let rows = |share: f32| (patch.height as f32 * share) as usize;
    let (first, last) = (rows(HIGHEST), rows(LOWEST));
    let mut best: Option<(usize, usize)> = None;
    for start in first..=last {
        for end in first..=last {
            let rise = end as f32 - start as f32;
            let mut open: Option<usize> = None;
            let mut gap = 0;
            for x in 0..=patch.width {
                let y = start as f32 + rise * x as f32 / patch.width as f32;
                let dark = x < patch.width && patch.at(x, y.round() as usize);
                if dark {
                    open.get_or_insert(x);
                    gap = 0;
                } else if let Some(from) = open {
                    gap += 1;
                    if gap > WORN || x == patch.width {
                        let to = x.saturating_sub(gap);
                        if best.is_none_or(|(a, b)| to.saturating_sub(from) > b - a) {
                            best = Some((from, to));
                        }
                        open = None;
                    }
                }
            }
        }
    }
    best.filter(|(from, to)| (to - from) as f32 >= LEAST * height)
}
