//! What a pen did to a page: boxes ticked, words circled, words crossed out.
//!
//! Owns how such marks become part of the runs: a box is a character before its word, a circled word has a ticked box, what
//! is crossed out was not read with any certainty. Must not know what the words mean.

use super::boxes::Drawn;
use super::ink::Ink;
use super::{boxes, strokes};
use crate::intake::sheet::Run;

/// A box is looked for before runs of at most this many characters, and before words behind a gap.
const SHORT: usize = 60;
/// Words are circled that have at most this many characters.
const OPTION: usize = 24;
/// Boxes of one choice differ in size by less than this.
const ALIKE: f32 = 1.3;
/// The next box of a list is within so many heights.
const LIST: f32 = 3.0;
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
                left_neighbour(&areas, index),
                (top + bottom) / 2.0,
                bottom - top,
            );
            found.extend(drawn.map(|drawn| (index, drawn)));
        }
    }
    for (index, drawn) in &found {
        let Some(area) = areas.get(*index) else { continue };
        let partner = found
            .iter()
            .filter_map(|(other, box_there)| Some((other, box_there, areas.get(*other)?)))
            .any(|(other, box_there, there)| other != index && together(drawn, area, box_there, there));
        if partner && let Some(run) = runs.get_mut(*index) {
            put(run, drawn.left / width, if drawn.on { '☒' } else { '☐' }, BOX);
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

/// Where the run left of this one on its row ends, in pixels.
fn left_neighbour(areas: &[[f32; 4]], index: usize) -> f32 {
    let Some([left, top, _, bottom]) = areas.get(index) else {
        return 0.0;
    };
    areas
        .iter()
        .filter(|other| other[1] < *bottom && other[3] > *top && other[2] <= *left + 1.0 && other[0] < *left)
        .map(|other| other[2])
        .fold(0.0, f32::max)
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
