//! Words that are crossed out: a straight stroke through the middle of the type.
//!
//! Owns the search for the stroke. Must not know what the words say.

use super::ink::{Ink, Patch};

/// A stroke runs between these shares of the type's height.
const HIGHEST: f32 = 0.3;
const LOWEST: f32 = 0.72;
/// It is at least this many heights long; a dash is shorter.
const LEAST: f32 = 3.2;
/// It ends within so many heights of the words.
const BEYOND: f32 = 2.0;
/// Gaps of so many pixels are worn ink.
const WORN: usize = 2;

/// A row of the band that is as long as the stroke is part of it, or of a smear; a stroke is at most this share of the band.
const THIN: f32 = 0.4;

/// The part of a line that is crossed out: from and to, in pixels of the straightened page. `gaps` are the places between
/// its words, from and to: letters that touch look like a stroke, but only a stroke crosses a gap.
pub fn through(
    ink: &Ink<'_>,
    [left, top, right, bottom]: [f32; 4],
    gaps: &[(f32, f32)],
) -> Option<(f32, f32)> {
    let height = bottom - top;
    // A form's own line runs on beyond the words.
    let (first, last) = (left - BEYOND * height, right + BEYOND * height);
    let wide = ink.patch(first, top, last, bottom)?;
    let (from, to) = longest(&wide, height)?;
    if from <= WORN || to + WORN + 1 >= wide.width {
        return None;
    }
    let (from, to) = (first + from as f32, first + to as f32);
    let patch = ink.patch(left, top, right, bottom)?;
    let crossed = gaps
        .iter()
        .filter(|(start, end)| *start > from && *end < to && end - start > 0.2 * height)
        .filter(|(start, end)| {
            let columns = (start - left) as usize..(end - left) as usize;
            (0.01..=0.4).contains(&patch.share(columns, 0..patch.height))
        })
        .count();
    (crossed >= 1).then_some((from, to))
}

/// The longest straight run of ink in the middle band, if it is thin.
fn longest(patch: &Patch, height: f32) -> Option<(usize, usize)> {
    let rows = |share: f32| (patch.height as f32 * share) as usize;
    let (first, last) = (rows(HIGHEST), rows(LOWEST));
    let least = (LEAST * height) as usize;
    let mut best: Option<(usize, usize)> = None;
    let mut level = 0;
    for start in first..=last {
        for end in first..=last {
            let Some((from, to)) = straight(patch, start, end) else {
                continue;
            };
            level += usize::from(start == end && to - from >= least);
            if best.is_none_or(|(a, b)| to - from > b - a) {
                best = Some((from, to));
            }
        }
    }
    let thin = level as f32 <= THIN * (last + 1 - first) as f32;
    best.filter(|(from, to)| thin && to - from >= least)
}

/// The longest run of ink on the straight line from one height at the left to another at the right.
fn straight(patch: &Patch, start: usize, end: usize) -> Option<(usize, usize)> {
    let rise = end as f32 - start as f32;
    let mut best: Option<(usize, usize)> = None;
    let mut open: Option<usize> = None;
    let mut gap = 0;
    for x in 0..=patch.width {
        let y = start as f32 + rise * x as f32 / patch.width as f32;
        if x < patch.width && patch.at(x, y.round() as usize) {
            open.get_or_insert(x);
            gap = 0;
        } else if let Some(from) = open {
            gap += 1;
            if gap > WORN || x == patch.width {
                let to = x.saturating_sub(gap).max(from);
                if best.is_none_or(|(a, b)| to - from > b - a) {
                    best = Some((from, to));
                }
                open = None;
            }
        }
    }
    best
}
