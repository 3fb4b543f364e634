//! What a pen did to a page: boxes ticked, words circled, words crossed out.
//!
//! Owns how such marks become part of the runs: a box is a character before its word, or behind it where it is drawn there, a
//! circled word has a ticked box, what is crossed out was not read with any certainty. Must not know what the words mean.

use super::boxes::Drawn;
use super::ink::Ink;
use super::{boxes, strokes};
use crate::intake::sheet::Run;

/// A box is looked for before runs of at most this many characters, and before words behind a gap.
const SHORT: usize = 60;
/// Words are circled that have at most this many characters.
const OPTION: usize = 24;
/// A box is looked for so many heights behind a word.
const BEHIND: f32 = 2.2;
/// Boxes of one choice differ in size by less than this.
const ALIKE: f32 = 1.3;
/// The next box of a list is within so many heights.
const LIST: f32 = 3.0;
/// A box is a word's before it where it is so much nearer to it than to the word behind it.
const NEARER: f32 = 0.6;
/// How sure it is that a box is one.
const BOX: f32 = 0.97;
const RING: f32 = 0.9;
/// How sure it is of a character that is crossed out.
const CROSSED: f32 = 0.05;
/// Boxes that the recogniser read as characters. A typed one is kept; a drawn one is looked at again.
const READ: &[&str] = &["[ ]", "[]", "[X]", "[x]", "[×]", "( )", "(X)"];

/// Adds what a pen did to the runs of a page.
pub fn add(ink: &Ink<'_>, runs: &mut [Run]) {
    let (width, height) = ink.sides();
    let areas: Vec<[f32; 4]> = runs
        .iter()
        .map(|run| {
            let [left, top, right, bottom] = run.area;
            [left * width, top * height, right * width, bottom * height]
        })
        .collect();
    let mut found: Vec<(usize, Drawn)> = Vec::new();
    for (index, run) in runs.iter_mut().enumerate() {
        let Some(area) = areas.get(index).copied() else {
            continue;
        };
        if let Some((from, to)) = strokes::through(ink, area, &gaps(run, width)) {
            cross(run, from / width, to / width);
        }
        if run.text.chars().count() <= SHORT && !READ.iter().any(|read| run.text.starts_with(read)) {
            let [left, top, _, bottom] = area;
            let drawn = boxes::before(
                ink,
                left + skipped(run) * width,
                neighbour(&areas, index)
                    .and_then(|left| areas.get(left))
                    .map_or(0.0, |left| left[2]),
                (top + bottom) / 2.0,
                bottom - top,
            );
            found.extend(drawn.map(|drawn| (index, drawn)));
        }
    }
    let behind: Vec<(usize, Drawn)> = runs
        .iter()
        .enumerate()
        .filter(|(_, run)| run.text.chars().count() <= SHORT && run.text.ends_with(char::is_alphabetic))
        .filter_map(|(index, _)| Some((index, behind(ink, &areas, index)?)))
        .filter(|behind| !found.iter().any(|before| same(&areas, before, behind)))
        .collect();
    let all: Vec<(usize, Drawn)> = found.iter().chain(&behind).copied().collect();
    let chosen = |index: usize, drawn: &Drawn| {
        let others = all
            .iter()
            .filter(|other| other.0 != index && !same(&areas, other, &(index, *drawn)));
        areas.get(index).is_some_and(|area| {
            others
                .filter_map(|(other, there)| Some((there, areas.get(*other)?)))
                .any(|(there, at)| together(drawn, area, there, at))
        })
    };
    for (index, drawn) in found.iter().filter(|(index, drawn)| chosen(*index, drawn)) {
        let Some(area) = areas.get(*index) else { continue };
        let word = area[0] + runs.get(*index).map_or(0.0, skipped) * width;
        let left = neighbour(&areas, *index).filter(|left| follows(drawn, areas.get(*left), word));
        if left.is_some()
            && let Some(run) = runs.get_mut(*index)
        {
            uncover(run);
        }
        match (left.and_then(|left| runs.get_mut(left)), left) {
            (Some(run), _) => append(run, drawn, width),
            (None, Some(_)) => {}
            (None, None) => {
                if let Some(run) = runs.get_mut(*index) {
                    put(run, drawn.left / width, shown(drawn), BOX);
                }
            }
        }
    }
    for (index, drawn) in behind.iter().filter(|(index, drawn)| chosen(*index, drawn)) {
        if let Some(run) = runs.get_mut(*index) {
            append(run, drawn, width);
        }
    }
    circle(ink, &areas, runs);
}

/// Whether two boxes belong to one choice or list: of one size, and on one row or beneath each other. A box alone is a logo or
/// the corner of a table.
fn together(a: &Drawn, at: &[f32; 4], b: &Drawn, there: &[f32; 4]) -> bool {
    let (one, other) = (a.right - a.left, b.right - b.left);
    let (height, apart) = (at[3] - at[1], (at[1] + at[3] - there[1] - there[3]).abs() / 2.0);
    let alike = one < other * ALIKE && other < one * ALIKE;
    let row = apart < 0.6 * height;
    let column = (a.left - b.left).abs() < 0.5 * height && apart < LIST * height;
    alike && (row || column)
}

/// The places between a run's words, in pixels.
fn gaps(run: &Run, width: f32) -> Vec<(f32, f32)> {
    run.text
        .chars()
        .enumerate()
        .filter(|(_, c)| *c == ' ')
        .filter_map(|(at, _)| Some((run.edges.get(at)? * width, run.edges.get(at + 1)? * width)))
        .collect()
}

/// The run left of this one on its row.
fn neighbour(areas: &[[f32; 4]], index: usize) -> Option<usize> {
    let [left, top, _, bottom] = areas.get(index)?;
    let beside = areas.iter().enumerate().filter(|(_, other)| {
        other[1] < *bottom && other[3] > *top && other[2] <= *left + 1.0 && other[0] < *left
    });
    beside
        .max_by(|(_, a), (_, b)| a[2].total_cmp(&b[2]))
        .map(|(other, _)| other)
}

/// Whether a box stands behind the word left of it and not before the word right of it: much nearer to the former.
fn follows(drawn: &Drawn, left: Option<&[f32; 4]>, word: f32) -> bool {
    left.is_some_and(|left| {
        let (before, behind) = ((drawn.left - left[2]).max(0.0), word - drawn.right);
        before < NEARER * behind && before < left[3] - left[1]
    })
}

/// A box behind a run, before the next one.
fn behind(ink: &Ink<'_>, areas: &[[f32; 4]], index: usize) -> Option<Drawn> {
    let area = areas.get(index)?;
    let height = area[3] - area[1];
    let next = areas
        .iter()
        .filter(|other| other[1] < area[3] && other[3] > area[1] && other[0] >= area[2] - 1.0)
        .map(|other| other[0])
        .fold(f32::MAX, f32::min);
    let right = (area[2] + BEHIND * height).min(next);
    boxes::before(ink, right, area[2], (area[1] + area[3]) / 2.0, height)
}

/// Whether both are one box, found from either side.
fn same(areas: &[[f32; 4]], a: &(usize, Drawn), b: &(usize, Drawn)) -> bool {
    let rows = areas.get(a.0).zip(areas.get(b.0));
    let row = rows.is_some_and(|(one, other)| one[1] < other[3] && other[1] < one[3]);
    row && (a.1.left - b.1.left).abs() < 0.5 * (a.1.right - a.1.left)
}

fn shown(drawn: &Drawn) -> char {
    if drawn.on { '☒' } else { '☐' }
}

/// Takes away a box that the recogniser read as a run's first character.
fn uncover(run: &mut Run) {
    let count = run.text.chars().count();
    if skipped(run) == 0.0 || run.edges.len() != count + 1 || run.sure.len() != count {
        return;
    }
    let lead = 1 + run.text.chars().skip(1).take_while(|c| *c == ' ').count();
    run.text = run.text.chars().skip(lead).collect();
    run.edges.drain(..lead);
    run.sure.drain(..lead);
    run.area[0] = run.edges.first().copied().unwrap_or(run.area[0]);
}

/// Puts a box behind a run's last word.
fn append(run: &mut Run, drawn: &Drawn, width: f32) {
    let count = run.text.chars().count();
    if run.edges.len() != count + 1 || run.sure.len() != count {
        return;
    }
    let right = (drawn.right / width).max(run.right());
    run.text = format!("{} {}", run.text, shown(drawn));
    run.edges.extend([(drawn.left / width).max(run.right()), right]);
    run.sure.extend([1.0, BOX]);
    run.area[2] = right;
}

/// How far into its run a drawn box reaches that the recogniser took for a character, as a share of the page.
fn skipped(run: &Run) -> f32 {
    let box_like = run
        .text
        .chars()
        .next()
        .is_some_and(|c| matches!(c, '□' | '☐' | '■' | '☑' | '☒' | '▢' | '◻'));
    match (box_like, run.edges.get(2).or(run.edges.get(1))) {
        (true, Some(edge)) => (edge - run.left()).max(0.0),
        _ => 0.0,
    }
}

fn cross(run: &mut Run, from: f32, to: f32) {
    for (at, sure) in run.sure.iter_mut().enumerate() {
        let middle = match (run.edges.get(at), run.edges.get(at + 1)) {
            (Some(a), Some(b)) => (a + b) / 2.0,
            _ => continue,
        };
        if (from..=to).contains(&middle) {
            *sure = CROSSED;
        }
    }
}

/// Puts a box before a run's first word, in the place of one that was read as a character.
fn put(run: &mut Run, left: f32, drawn: char, sure: f32) {
    let known = skipped(run) > 0.0;
    let count = run.text.chars().count();
    if run.edges.len() != count + 1 || run.sure.len() != count {
        return;
    }
    if known {
        let rest: String = run.text.chars().skip(1).collect();
        run.text = format!("{drawn}{rest}");
        if let Some(first) = run.sure.first_mut() {
            *first = sure;
        }
        return;
    }
    let begins = run.left();
    run.text = format!("{drawn} {}", run.text);
    run.edges.splice(0..0, [left.min(begins), (left + begins) / 2.0]);
    run.sure.splice(0..0, [sure, 1.0]);
    run.area[0] = left.min(begins);
}

/// Marks the circled one of a row's words.
fn circle(ink: &Ink<'_>, areas: &[[f32; 4]], runs: &mut [Run]) {
    let mut from = 0;
    while from < runs.len() {
        let end = (from + 1..runs.len())
            .find(|next| {
                !runs
                    .get(from)
                    .zip(runs.get(*next))
                    .is_some_and(|(a, b)| a.same_row(b))
            })
            .unwrap_or(runs.len());
        let words: Vec<usize> = (from..end)
            .filter(|index| {
                runs.get(*index).is_some_and(|run| {
                    let letters = run.text.chars().filter(|c| c.is_alphabetic()).count();
                    run.text.chars().count() <= OPTION
                        && letters * 10 >= run.text.chars().filter(|c| !c.is_whitespace()).count() * 8
                })
            })
            .collect();
        if words.len() >= 2 {
            let places: Vec<[f32; 4]> = words
                .iter()
                .filter_map(|index| areas.get(*index).copied())
                .collect();
            let circled = boxes::circled(ink, &places).and_then(|at| words.get(at).copied());
            if let Some(run) = circled.and_then(|index| runs.get_mut(index)) {
                let left = run.left();
                put(run, left, '☒', RING);
            }
        }
        from = end;
    }
}
