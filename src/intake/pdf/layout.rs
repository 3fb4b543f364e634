//! From characters with places to runs of words.
//!
//! Owns the distances that part words and cells. Must not know where the characters came from or what they say.

use super::Frame;
use super::glyphs::Glyph;
use crate::intake::sheet::{Origin, Run};

/// In ems: a gap wider than this is a space (a letter-spaced word stays whole, a justified line does not run together).
const SPACE: f64 = 0.14;
/// A gap wider than this parts two cells. A space is 0.2 to 0.35 em in proportional type, 0.6 in typewriter type, and a
/// justified line seldom stretches it beyond 0.9.
const CELL: f64 = 1.05;
/// A character printed again so near is the same one in bold; but one that is itself no wider has no width that is known.
const TWICE: f64 = 0.12;
/// Baselines closer than this share of the size are one row.
const ROW: f64 = 0.35;

/// Forms runs.
pub fn runs(mut glyphs: Vec<Glyph>, frame: &Frame) -> Vec<Run> {
    glyphs.sort_by(|a, b| a.base.total_cmp(&b.base));
    let mut out = Vec::new();
    let mut row: Vec<Glyph> = Vec::new();
    for glyph in glyphs {
        let apart = row
            .last()
            .is_some_and(|last| glyph.base - last.base > ROW * glyph.size.min(last.size).max(2.0));
        if apart {
            cells(std::mem::take(&mut row), frame, &mut out);
        }
        row.push(glyph);
    }
    cells(row, frame, &mut out);
    out
}

struct Cell {
    text: String,
    edges: Vec<f64>,
    right: f64,
    top: f64,
    bottom: f64,
}

fn cells(mut row: Vec<Glyph>, frame: &Frame, out: &mut Vec<Run>) {
    row.sort_by(|a, b| a.left.total_cmp(&b.left));
    let mut open: Option<Cell> = None;
    let mut last: Option<Glyph> = None;
    for glyph in row {
        // Bold type is often made by printing a character twice with a hair's shift.
        let twice = last.as_ref().is_some_and(|last| {
            last.text == glyph.text
                && (glyph.left - last.left).abs() < TWICE * glyph.size
                && glyph.right - glyph.left > TWICE * glyph.size
        });
        if twice {
            continue;
        }
        let gap = open.as_ref().map(|cell| glyph.left - cell.right);
        let em = last.as_ref().map_or(glyph.size, |last| last.size.max(glyph.size));
        if gap.is_some_and(|gap| gap > CELL * em) {
            close(open.take(), frame, out);
        }
        let cell = open.get_or_insert_with(|| Cell {
            text: String::new(),
            edges: Vec::new(),
            right: glyph.left,
            top: f64::MAX,
            bottom: f64::MIN,
        });
        if !cell.text.is_empty() && glyph.left - cell.right > SPACE * em {
            cell.text.push(' ');
            cell.edges.push(cell.right);
        }
        let letters = glyph.text.chars().count().max(1);
        for (index, letter) in glyph.text.chars().enumerate() {
            cell.text.push(letter);
            cell.edges
                .push(glyph.left + (glyph.right - glyph.left) * index as f64 / letters as f64);
        }
        cell.right = cell.right.max(glyph.right);
        cell.top = cell.top.min(glyph.base - glyph.size * 0.8);
        cell.bottom = cell.bottom.max(glyph.base + glyph.size * 0.2);
        last = Some(glyph);
    }
    close(open, frame, out);
}

fn close(cell: Option<Cell>, frame: &Frame, out: &mut Vec<Run>) {
    let Some(cell) = cell else { return };
    let (width, height) = frame.size();
    let x = |points: f64| (points / width).clamp(0.0, 1.0) as f32;
    let y = |points: f64| (points / height).clamp(0.0, 1.0) as f32;
    let left = cell.edges.first().copied().unwrap_or(0.0);
    let outside = cell.right < 0.0 || left > width || cell.bottom < 0.0 || cell.top > height;
    if outside {
        return;
    }
    let mut run = Run::new(
        &cell.text,
        [x(left), y(cell.top), x(cell.right), y(cell.bottom)],
        Origin::Print,
    );
    if run.text.chars().count() == cell.edges.len() {
        run.edges = cell
            .edges
            .iter()
            .map(|edge| x(*edge))
            .chain(std::iter::once(x(cell.right)))
            .collect();
    }
    out.push(run);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(text: &str, left: f64, base: f64) -> Vec<Glyph> {
        text.chars()
            .enumerate()
            .filter(|(_, c)| *c != ' ')
            .map(|(index, c)| {
                let left = left + index as f64 * 5.0;
                Glyph {
                    text: c.to_string(),
                    left,
                    right: left + 5.0,
                    base,
                    size: 10.0,
                }
            })
            .collect()
    }

    #[test]
    fn gaps_part_words_and_cells() {
        let frame = Frame {
            bounds: [0.0, 0.0, 612.0, 792.0],
            turn: 0,
        };
        let mut glyphs = print("Name: Ann Lee", 50.0, 100.0);
        glyphs.extend(print("DOB", 200.0, 100.4));
        glyphs.extend(print("Next", 50.0, 115.0));
        let runs = runs(glyphs, &frame);
        let texts: Vec<&str> = runs.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(texts, ["Name: Ann Lee", "DOB", "Next"]);
        assert!((runs[1].left() - 200.0 / 612.0).abs() < 1e-4);
        assert_eq!(runs[0].edges.len(), runs[0].text.chars().count() + 1);
    }
}
