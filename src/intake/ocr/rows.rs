//! From lines as read to runs of placed words.
//!
//! Owns the straightening of places, and what parts and joins cells. Must not know pixels or models.

use super::Line;
use super::recognise::Letter;
use crate::intake::sheet::{Origin, Run};

/// Lines at least this many heights long tell the page's slant.
const LONG: f32 = 5.0;
/// Characters whose middles are farther apart than this many usual steps stand in two cells: a step is about half an em,
/// and a gap of an em parts cells (as in the text layer of a PDF).
const CELL: f32 = 3.4;
/// Farther apart than this with no space read between them, they are two words.
const WORD: f32 = 2.3;
/// The usual step where a line is too short to tell, as a share of its height.
const STEP: f32 = 0.36;
/// A box is a little taller than its line's type.
const TYPE: f32 = 0.85;
/// Two boxes on a row with less than this many heights between them are one cell that the detector took apart.
const JOINED: f32 = 0.55;

/// Part of a line that stands in one cell.
struct Piece {
    letters: Vec<Letter>,
    /// Middle, down the straightened page.
    y: f32,
    height: f32,
    /// From one character to the next.
    step: f32,
}

impl Piece {
    fn left(&self) -> f32 {
        self.letters.first().map_or(0.0, |letter| letter.at) - self.step / 2.0
    }

    fn right(&self) -> f32 {
        self.letters.last().map_or(0.0, |letter| letter.at) + self.step / 2.0
    }
}

/// Forms runs of a page of these sides.
pub fn runs(lines: &[Line], width: f32, height: f32) -> Vec<Run> {
    let (sin, cos) = slant(lines).sin_cos();
    let straight = move |x: f32, y: f32| {
        let (x, y) = (x - width / 2.0, y - height / 2.0);
        (x * cos + y * sin + width / 2.0, y * cos - x * sin + height / 2.0)
    };
    let mut pieces: Vec<Piece> = lines
        .iter()
        .flat_map(|line| {
            let slab = &line.slab;
            let (sin, cos) = slab.angle.sin_cos();
            let at = move |share: f32| {
                let along = (share - 0.5) * slab.length;
                straight(slab.x + along * cos, slab.y + along * sin)
            };
            split(&line.written.letters, slab.length, slab.height)
                .into_iter()
                .map(move |(letters, step)| {
                    let middle =
                        letters.iter().map(|letter| letter.at).sum::<f32>() / letters.len().max(1) as f32;
                    let letters = letters
                        .into_iter()
                        .map(|letter| Letter {
                            at: at(letter.at).0,
                            ..letter
                        })
                        .collect();
                    Piece {
                        letters,
                        y: at(middle).1,
                        height: slab.height * TYPE,
                        step,
                    }
                })
        })
        .collect();
    pieces.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut out = Vec::new();
    let mut row: Vec<Piece> = Vec::new();
    for piece in pieces {
        let apart = row
            .first()
            .is_some_and(|first| piece.y - first.y > 0.5 * first.height.min(piece.height));
        if apart {
            close(std::mem::take(&mut row), width, height, &mut out);
        }
        row.push(piece);
    }
    close(row, width, height, &mut out);
    out
}

/// The page's slant: the middle one of its long lines' directions.
pub fn slant(lines: &[Line]) -> f32 {
    let mut angles: Vec<f32> = lines
        .iter()
        .filter(|line| line.slab.length > LONG * line.slab.height)
        .map(|line| line.slab.angle)
        .collect();
    angles.sort_by(f32::total_cmp);
    angles.get(angles.len() / 2).copied().unwrap_or(0.0)
}

/// Parts a line into cells, each with its usual step in pixels; lost spaces are put back.
fn split(letters: &[Letter], length: f32, height: f32) -> Vec<(Vec<Letter>, f32)> {
    let mut steps: Vec<f32> = letters
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] if a.what != ' ' && b.what != ' ' => Some((b.at - a.at) * length),
            _ => None,
        })
        .collect();
    steps.sort_by(f32::total_cmp);
    let step = match steps.get(steps.len() / 2) {
        Some(middle) if steps.len() >= 3 => middle.clamp(STEP * height * 0.4, STEP * height * 1.6),
        _ => STEP * height,
    };
    let mut out: Vec<(Vec<Letter>, f32)> = Vec::new();
    let mut open: Vec<Letter> = Vec::new();
    let mut spaced = false;
    for letter in letters {
        if letter.what == ' ' {
            spaced = true;
            continue;
        }
        let gap = open
            .last()
            .map_or(0.0, |last| (letter.at - last.at) * length / step);
        if letter.what == '|' || gap > CELL {
            if !open.is_empty() {
                out.push((std::mem::take(&mut open), step));
            }
        } else if let Some(last) = open.last()
            && (spaced || gap > WORD)
        {
            let between = (last.at + letter.at) / 2.0;
            open.push(Letter {
                what: ' ',
                at: between,
                sure: 1.0,
            });
        }
        spaced = false;
        if letter.what != '|' {
            open.push(*letter);
        }
    }
    if !open.is_empty() {
        out.push((open, step));
    }
    out
}

/// Joins the pieces of a row that the detector took apart.
fn close(mut row: Vec<Piece>, width: f32, height: f32, out: &mut Vec<Run>) {
    row.sort_by(|a, b| a.left().total_cmp(&b.left()));
    let mut open: Option<Piece> = None;
    for piece in row {
        match &mut open {
            Some(last) if piece.left() - last.right() < JOINED * last.height.min(piece.height) => {
                let between = (last.right() + piece.left()) / 2.0;
                last.letters.push(Letter {
                    what: ' ',
                    at: between,
                    sure: 1.0,
                });
                last.letters.extend(piece.letters);
                last.height = last.height.max(piece.height);
            }
            _ => {
                out.extend(open.take().map(|piece| run(&piece, width, height)));
                open = Some(piece);
            }
        }
    }
    out.extend(open.map(|piece| run(&piece, width, height)));
}

fn run(piece: &Piece, width: f32, height: f32) -> Run {
    let text: String = piece.letters.iter().map(|letter| letter.what).collect();
    let mut run = Run::new(
        &text,
        [
            piece.left() / width,
            (piece.y - piece.height / 2.0) / height,
            piece.right() / width,
            (piece.y + piece.height / 2.0) / height,
        ],
        Origin::Print,
    );
    let count = run.text.chars().count();
    if count == piece.letters.len() {
        let inner = piece.letters.windows(2).map(|pair| match pair {
            [a, b] => (a.at + b.at) / 2.0,
            _ => 0.0,
        });
        run.edges = std::iter::once(piece.left())
            .chain(inner)
            .chain(std::iter::once(piece.right()))
            .map(|edge| (edge / width).clamp(0.0, 1.0))
            .collect();
        run.sure = piece.letters.iter().map(|letter| letter.sure).collect();
    } else {
        let least = piece.letters.iter().map(|letter| letter.sure).fold(1.0, f32::min);
        run.sure = vec![least; count];
    }
    run
}
