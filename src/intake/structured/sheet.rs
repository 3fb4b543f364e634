//! The page on which a structured message is shown: labelled lines, and the place of each value.
//!
//! Owns the grid of a page. Must not know what a line says.

use crate::domain::text;
use crate::intake::document::{Line, Page, Place};
use crate::intake::sheet::MAX_PAGES;

/// Lines of a page.
const ROWS: usize = 60;
/// Characters of a line.
pub(super) const COLUMNS: usize = 100;

/// Pages that are written line by line.
#[derive(Default)]
pub(super) struct Sheet {
    /// The pages so far.
    pub pages: Vec<Page>,
}

impl Sheet {
    /// Writes a line.
    pub fn write(&mut self, text: &str) {
        self.write_labelled("", text);
    }

    /// Writes a line, and what does not fit on it below; gives the place of the value's first line.
    pub fn write_labelled(&mut self, label: &str, value: &str) -> Option<Place> {
        let head = if label.is_empty() {
            String::new()
        } else {
            format!("{label}: ")
        };
        let indent = head.chars().count();
        let mut place = None;
        for (index, part) in wrapped(value, COLUMNS.saturating_sub(indent))
            .into_iter()
            .enumerate()
        {
            let lead = if index == 0 {
                head.clone()
            } else {
                " ".repeat(indent)
            };
            let area = self.push(&format!("{lead}{part}"));
            if index == 0 {
                place = area.map(|(page, line, area)| Place {
                    page,
                    line,
                    start: narrow(indent),
                    end: narrow(indent + part.chars().count()),
                    area,
                });
            }
        }
        place
    }

    fn push(&mut self, line: &str) -> Option<(u32, u32, [f32; 4])> {
        if self.pages.last().is_none_or(|page| page.lines.len() >= ROWS) {
            if self.pages.len() >= MAX_PAGES {
                return None;
            }
            self.pages.push(Page::default());
        }
        let number = narrow(self.pages.len());
        let page = self.pages.last_mut()?;
        let row = page.lines.len();
        let height = 1.0 / ROWS as f32;
        let top = row as f32 * height;
        let width = (line.chars().count() as f32 / COLUMNS as f32).min(1.0);
        let area = [0.0, top, width, top + height * 0.8];
        page.lines.push(Line {
            text: text::line(line),
            area,
        });
        Some((number, narrow(row), area))
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A text in lines of at most so many characters, broken at blanks.
fn wrapped(value: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in value.split_whitespace() {
        let room = lines.last().map_or(0, |line| line.chars().count());
        if room > 0 && room + 1 + word.chars().count() > width.max(20) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
