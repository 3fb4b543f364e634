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
    let wide_enough = |(start, end): &&(f32, f32)| end - start > 0.2 * height;
    if !gaps.iter().any(|gap| wide_enough(&gap)) {
        return None;
    }
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
        .filter(wide_enough)
        .filter(|(start, end)| *start > from && *end < to)
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
    // No straight line has ink where the whole band has none: most lines of type are passed over here, and of the others only
    // the stretches are tried that are long enough.
    let dark = |x: usize| (first..=last).any(|y| patch.at(x, y));
    let stretches = stretches((0..patch.width).map(dark), least);
    if stretches.is_empty() {
        return None;
    }
    let mut best: Option<(usize, usize)> = None;
    let mut level = 0;
    for start in first..=last {
        for end in first..=last {
            let Some((from, to)) = straight(patch, start, end, &stretches) else {
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

/// The longest run of ink on the straight line from one height at the left to another at the right, within the stretches.
fn straight(patch: &Patch, start: usize, end: usize, stretches: &[(usize, usize)]) -> Option<(usize, usize)> {
    let rise = (end as f32 - start as f32) / patch.width.max(1) as f32;
    let inked = |x: usize| patch.at(x, (start as f32 + rise * x as f32 + 0.5) as usize);
    stretches
        .iter()
        .filter_map(|(from, to)| {
            let (first, last) = longest_run((*from..=*to).map(inked))?;
            Some((from + first, from + last))
        })
        .reduce(|best, next| {
            if next.1 - next.0 > best.1 - best.0 {
                next
            } else {
                best
            }
        })
}

/// The longest of the runs, the first of several.
fn longest_run(inked: impl Iterator<Item = bool>) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize)> = None;
    runs(inked, |from, to| {
        if best.is_none_or(|(a, b)| to - from > b - a) {
            best = Some((from, to));
        }
    });
    best
}

/// The runs that are at least so long.
fn stretches(inked: impl Iterator<Item = bool>, least: usize) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    runs(inked, |from, to| {
        if to - from >= least {
            out.push((from, to));
        }
    });
    out
}

/// Calls with the first and the last point of each run of ink; worn places within it belong to it.
fn runs(inked: impl Iterator<Item = bool>, mut each: impl FnMut(usize, usize)) {
    let mut open: Option<(usize, usize)> = None;
    for (x, _) in inked.enumerate().filter(|(_, inked)| *inked) {
        open = match open {
            Some((from, to)) if x - to <= WORN + 1 => Some((from, x)),
            Some((from, to)) => {
                each(from, to);
                Some((x, x))
            }
            None => Some((x, x)),
        };
    }
    if let Some((from, to)) = open {
        each(from, to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worn_places_belong_to_a_run_and_wider_ones_part_it() {
        let row = |ink: &str| ink.chars().map(|c| c == '#').collect::<Vec<bool>>();
        for (ink, longest, long) in [
            ("", None, vec![]),
            ("....", None, vec![]),
            ("#", Some((0, 0)), vec![]),
            (".####.##.", Some((1, 7)), vec![(1, 7)]),
            ("##..##...#####", Some((0, 5)), vec![(0, 5)]),
            ("##...######...######", Some((5, 10)), vec![(5, 10), (14, 19)]),
        ] {
            assert_eq!(longest_run(row(ink).into_iter()), longest, "{ink}");
            assert_eq!(stretches(row(ink).into_iter(), 5), long, "{ink}");
        }
    }
}
