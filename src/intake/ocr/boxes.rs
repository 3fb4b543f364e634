//! Boxes that are drawn, not typed: where one stands before a word, and whether it is ticked; words that are circled.
//!
//! Owns the search for squares and rings in ink. Must not know what the words beside them mean.

use super::ink::{Ink, Patch};

/// A box's side, as shares of the height of the type beside it.
const SMALLEST: f32 = 0.5;
const LARGEST: f32 = 1.45;
/// How far before a word its box begins, in heights.
const REACH: f32 = 2.6;
/// Every side of a box is at least this whole.
const SIDE: f32 = 0.74;
/// The paper around a box is at most this inky: lines of tables run on, boxes end.
const AROUND: f32 = 0.45;
/// A side that goes on past its corner this much is a table's line; one may, where a tick crosses it.
const ON: f32 = 0.6;
/// The inside of a ticked box is at least this inky; specks are less.
const TICKED: f32 = 0.09;
/// Of the directions from a circled word, so many meet the ring; from another, few.
const RINGED: f32 = 0.72;
const FREE: f32 = 0.45;
/// Directions that are tried.
const RAYS: usize = 48;

/// A box found before a word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawn {
    /// Its left and right edge on the straightened page, in pixels.
    pub left: f32,
    /// Its right edge.
    pub right: f32,
    /// Whether it is ticked.
    pub on: bool,
}

/// Looks for a box before `x`, right of `from`, on a line of this middle and height.
pub fn before(ink: &Ink<'_>, x: f32, from: f32, middle: f32, height: f32) -> Option<Drawn> {
    let left = (x - REACH * height).max(from);
    let top = middle - 0.95 * height;
    let patch = ink.patch(left, top, x + 0.1 * height, middle + 0.95 * height)?;
    let inky = patch.share(0..patch.width, 0..patch.height);
    if !(0.02..=0.6).contains(&inky) {
        return None;
    }
    let (at_left, side, on) = square(&patch, height)?;
    Some(Drawn {
        left: left + at_left as f32,
        right: left + (at_left + side) as f32,
        on,
    })
}

/// The best square of a patch: its left column, its side and whether there is ink inside.
fn square(patch: &Patch, height: f32) -> Option<(usize, usize, bool)> {
    let columns = Lines::of(patch, false);
    let rows = Lines::of(patch, true);
    let mut best: Option<(f32, usize, usize, usize)> = None;
    let least = (SMALLEST * height).max(6.0) as usize;
    let most = (LARGEST * height) as usize;
    for side in least..=most {
        for top in 0..patch.height.saturating_sub(side) {
            for left in 0..patch.width.saturating_sub(side) {
                // One side after the other: at most places the first is none.
                let Some(weakest) = weakest(
                    [
                        (&columns, left, top),
                        (&columns, left + side, top),
                        (&rows, top, left),
                        (&rows, top + side, left),
                    ],
                    side,
                ) else {
                    continue;
                };
                let out = (side / 5).max(3);
                let around = [
                    left.checked_sub(out)
                        .map_or(0.0, |x| columns.covered(x, top, top + side)),
                    columns.covered(left + side + out, top, top + side),
                    top.checked_sub(out)
                        .map_or(0.0, |y| rows.covered(y, left, left + side)),
                    rows.covered(top + side + out, left, left + side),
                ];
                // A table's lines run on past its corners.
                let on = side / 3;
                let past = |lines: &Lines, line: usize, from: usize| {
                    let before = from.saturating_sub(on);
                    let after = from + side + 2;
                    lines
                        .covered(line, before, from.saturating_sub(1))
                        .max(lines.covered(line, after, after + on))
                };
                let runs_on = [
                    past(&rows, top, left),
                    past(&rows, top + side, left),
                    past(&columns, left, top),
                    past(&columns, left + side, top),
                ];
                let score = weakest + side as f32 / 1_000.0;
                if around.into_iter().all(|share| share <= AROUND)
                    && runs_on.into_iter().filter(|share| *share > ON).count() <= 1
                    && best.is_none_or(|(known, ..)| score > known)
                {
                    best = Some((score, left, top, side));
                }
            }
        }
    }
    let (_, left, top, side) = best?;
    let inset = (side / 4).max(2);
    let inside = patch.share(
        left + inset..left + side + 1 - inset,
        top + inset..top + side + 1 - inset,
    );
    Some((left, side, inside >= TICKED))
}

/// The least whole of four sides, each of some line from some point on, where all are whole enough.
fn weakest(sides: [(&Lines, usize, usize); 4], side: usize) -> Option<f32> {
    sides.into_iter().try_fold(1.0_f32, |least, (lines, line, from)| {
        let whole = lines.covered(line, from, from + side);
        (whole >= SIDE).then_some(least.min(whole))
    })
}

/// How much of every column (or row) is inked, within a pixel to either side, up to each of its points.
struct Lines {
    sums: Vec<Vec<u32>>,
}

impl Lines {
    fn of(patch: &Patch, across: bool) -> Self {
        let (many, long) = if across {
            (patch.height, patch.width)
        } else {
            (patch.width, patch.height)
        };
        let dark = |line: usize, at: usize| {
            if across {
                patch.at(at, line)
            } else {
                patch.at(line, at)
            }
        };
        let sums = (0..many)
            .map(|line| {
                let mut sum = 0;
                std::iter::once(0)
                    .chain((0..long).map(|at| {
                        let near = line.saturating_sub(1)..=line + 1;
                        sum += u32::from(near.into_iter().any(|line| dark(line, at)));
                        sum
                    }))
                    .collect()
            })
            .collect();
        Self { sums }
    }

    /// The share of a line's points between two places that are inked; none outside.
    fn covered(&self, line: usize, from: usize, to: usize) -> f32 {
        let Some(sums) = self.sums.get(line) else {
            return 0.0;
        };
        let (Some(start), Some(end)) = (sums.get(from), sums.get(to)) else {
            return 0.0;
        };
        end.saturating_sub(*start) as f32 / to.saturating_sub(from).max(1) as f32
    }
}

/// Which of several words of a row is circled by hand: exactly one is ringed all around and the others are free.
pub fn circled(ink: &Ink<'_>, words: &[[f32; 4]]) -> Option<usize> {
    let rings: Vec<f32> = words.iter().map(|area| ring(ink, *area)).collect();
    let ringed: Vec<usize> = (0..rings.len())
        .filter(|at| rings.get(*at).is_some_and(|share| *share >= RINGED))
        .collect();
    let free = rings.iter().filter(|share| **share <= FREE).count();
    match ringed.as_slice() {
        [one] if free + 1 == rings.len() && rings.len() >= 2 => Some(*one),
        _ => None,
    }
}

/// The share of directions from a word in which there is ink just outside its box.
fn ring(ink: &Ink<'_>, [left, top, right, bottom]: [f32; 4]) -> f32 {
    let height = bottom - top;
    let out = 0.9 * height;
    let Some(patch) = ink.patch(left - out, top - out, right + out, bottom + out) else {
        return 0.0;
    };
    let (half_width, half_height) = (patch.width as f32 / 2.0, patch.height as f32 / 2.0);
    let inner = (
        half_width - out + 0.12 * height,
        half_height - out + 0.12 * height,
    );
    let met = (0..RAYS).filter(|ray| {
        let (sin, cos) = (*ray as f32 / RAYS as f32 * std::f32::consts::TAU).sin_cos();
        // From an ellipse around the word's box outwards.
        (0..40).any(|step| {
            let share = 1.0 + step as f32 / 40.0;
            let (across, down) = (
                inner.0 + (half_width - inner.0) * (share - 1.0),
                inner.1 + (half_height - inner.1) * (share - 1.0),
            );
            let (x, y) = (half_width + cos * across * 1.1, half_height + sin * down * 1.1);
            x >= 0.0 && y >= 0.0 && patch.at(x as usize, y as usize)
        })
    });
    met.count() as f32 / RAYS as f32
}
