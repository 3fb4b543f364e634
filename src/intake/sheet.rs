//! A page as runs of placed text: what every source of pages yields and the field reader reads.
//!
//! Owns the run, its geometry and the page's bounds. Must not know which container a run came from.

use super::document::{Line, Page, Place, Shot};
use crate::domain::text;
use serde::{Deserialize, Serialize};

/// At most this many pages of a document are read (reliability rule: pages bounded).
pub const MAX_PAGES: usize = 200;
/// At most this many runs of a page are kept.
pub const MAX_RUNS: usize = 3_000;
/// At most this many characters of a run are kept.
pub const MAX_RUN_CHARS: usize = 600;

/// How a run came to stand on its page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Origin {
    /// Printed, typed or written on the page.
    #[default]
    Print,
    /// A header of a message.
    Header,
    /// The value of a form field; the form's own name for the field, where it has one.
    Form(Option<String>),
}

/// Words that belong together: a cell, a label with its value, a line of a paragraph.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The text, sanitised, one line.
    pub text: String,
    /// Left, top, right, bottom as fractions of the page.
    pub area: [f32; 4],
    /// The left edge of each character and the right edge of the last; empty where only the box is known.
    pub edges: Vec<f32>,
    /// How sure it is that each character was read right; empty where it was typed and not read.
    pub sure: Vec<f32>,
    /// How it came to stand there.
    pub origin: Origin,
}

impl Run {
    /// A run whose characters are spread evenly over its box.
    pub fn new(text: &str, area: [f32; 4], origin: Origin) -> Self {
        let text: String = text::line(text).chars().take(MAX_RUN_CHARS).collect();
        Self {
            text,
            area: area.map(|side| {
                if side.is_finite() {
                    side.clamp(0.0, 1.0)
                } else {
                    0.0
                }
            }),
            edges: Vec::new(),
            sure: Vec::new(),
            origin,
        }
    }

    /// Left edge.
    pub fn left(&self) -> f32 {
        self.area[0]
    }

    /// Top edge.
    pub fn top(&self) -> f32 {
        self.area[1]
    }

    /// Right edge.
    pub fn right(&self) -> f32 {
        self.area[2]
    }

    /// Bottom edge.
    pub fn bottom(&self) -> f32 {
        self.area[3]
    }

    /// Height.
    pub fn height(&self) -> f32 {
        (self.bottom() - self.top()).max(0.001)
    }

    /// Middle between top and bottom.
    pub fn middle(&self) -> f32 {
        (self.top() + self.bottom()) / 2.0
    }

    /// Whether both stand on one row: their middles lie within half the smaller height.
    pub fn same_row(&self, other: &Run) -> bool {
        (self.middle() - other.middle()).abs() < 0.5 * self.height().min(other.height()).max(0.004)
    }

    /// The box of the characters `start..end`.
    pub fn part(&self, start: usize, end: usize) -> [f32; 4] {
        let count = self.text.chars().count().max(1);
        let at = |index: usize| match self.edges.get(index) {
            Some(edge) if self.edges.len() == count + 1 => *edge,
            _ => self.left() + (self.right() - self.left()) * (index.min(count) as f32 / count as f32),
        };
        [at(start), self.top(), at(end).max(at(start)), self.bottom()]
    }
}

impl Run {
    /// How sure it is that the characters `start..end` were read right: as sure as the least of their letters and digits.
    /// Punctuation does not count; what it parts is checked by shape.
    pub fn sureness(&self, start: usize, end: usize) -> f32 {
        self.text
            .chars()
            .zip(&self.sure)
            .skip(start)
            .take(end.saturating_sub(start))
            .filter(|(c, _)| c.is_alphanumeric())
            .map(|(_, sure)| *sure)
            .fold(1.0, f32::min)
    }

    /// How sure it is that every single character was read right, marks too: for what has no check, and of which one wrong
    /// character makes another. Characters are taken for independent.
    pub fn sureness_of_each(&self, start: usize, end: usize) -> f32 {
        let read = self.text.chars().zip(&self.sure).skip(start);
        read.take(end.saturating_sub(start))
            .filter(|(c, _)| !c.is_whitespace())
            .map(|(_, sure)| *sure)
            .product()
    }

    /// How sure it is of words of which a letter may be misread and they are understood all the same: as sure as the least of
    /// their digits, and of their letters half as the least and half as all on the whole. Words in a hand that is not read have
    /// several unsure letters.
    pub fn sureness_of_words(&self, start: usize, end: usize) -> f32 {
        let (mut digits, mut least, mut sum, mut count) = (1.0_f32, 1.0_f32, 0.0, 0_u16);
        let read = self.text.chars().zip(&self.sure).skip(start);
        for (c, sure) in read.take(end.saturating_sub(start)) {
            if c.is_numeric() {
                digits = digits.min(*sure);
            } else if c.is_alphabetic() {
                least = least.min(*sure);
                sum += sure;
                count += 1;
            }
        }
        let letters = if count == 0 { 1.0 } else { sum / f32::from(count) };
        digits.min((letters + least) / 2.0)
    }
}

/// A page's runs in reading order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// The runs: rows top to bottom, and left to right within a row.
    pub runs: Vec<Run>,
    /// The picture that they were read from; none where they were text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shot: Option<Shot>,
}

impl Sheet {
    /// Puts runs into reading order, drops empty ones and keeps to the page's bounds.
    pub fn new(mut runs: Vec<Run>) -> Self {
        runs.retain(|run| !run.text.trim().is_empty());
        runs.truncate(MAX_RUNS);
        runs.sort_by(|a, b| a.middle().total_cmp(&b.middle()));
        let mut ordered: Vec<Run> = Vec::with_capacity(runs.len());
        let mut row: Vec<Run> = Vec::new();
        for run in runs {
            if row.first().is_some_and(|first| !first.same_row(&run)) {
                row.sort_by(|a, b| a.left().total_cmp(&b.left()));
                ordered.append(&mut row);
            }
            row.push(run);
        }
        row.sort_by(|a, b| a.left().total_cmp(&b.left()));
        ordered.append(&mut row);
        Self {
            runs: ordered,
            shot: None,
        }
    }

    /// The same, read from a picture.
    #[must_use]
    pub fn of_shot(mut self, shot: Option<Shot>) -> Self {
        self.shot = shot;
        self
    }

    /// The page as the document shows it: one line a run.
    pub fn page(&self) -> Page {
        Page {
            lines: self
                .runs
                .iter()
                .map(|run| Line {
                    text: run.text.clone(),
                    area: run.area,
                })
                .collect(),
            shot: self.shot,
        }
    }

    /// The place of the characters `start..end` of a run on this page, `page` counted from 1.
    pub fn place(&self, page: usize, run: usize, start: usize, end: usize) -> Option<Place> {
        let area = self.runs.get(run)?.part(start, end);
        Some(Place {
            page: page as u32,
            line: run as u32,
            start: start as u32,
            end: end as u32,
            area,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_ordered_by_row_then_by_column() {
        let run = |text: &str, x: f32, y: f32| Run::new(text, [x, y, x + 0.1, y + 0.01], Origin::Print);
        let sheet = Sheet::new(vec![
            run("d", 0.5, 0.201),
            run("b", 0.5, 0.1),
            run("c", 0.1, 0.2),
            run("a", 0.1, 0.102),
            run(" ", 0.0, 0.0),
        ]);
        let texts: Vec<&str> = sheet.runs.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(texts, ["a", "b", "c", "d"]);
    }

    #[test]
    fn a_part_of_a_run_has_its_share_of_the_box() {
        let run = Run::new("0123456789", [0.0, 0.1, 1.0, 0.2], Origin::Print);
        assert_eq!(run.part(2, 5), [0.2, 0.1, 0.5, 0.2]);
    }

    #[test]
    fn a_misread_letter_counts_less_than_a_misread_digit() {
        let mut run = Run::new("12 Main", [0.0, 0.1, 1.0, 0.2], Origin::Print);
        run.sure = vec![1.0, 1.0, 1.0, 0.6, 1.0, 1.0, 1.0];
        assert_eq!(run.sureness(0, 7), 0.6);
        assert!((run.sureness_of_words(0, 7) - 0.75).abs() < 1e-5);
        run.sure[1] = 0.3;
        assert_eq!(run.sureness_of_words(0, 7), 0.3);
    }
}
