//! Typed blocks, paragraphs and rows of tables, as pages: where a file says what follows what, not where it stands.
//!
//! Owns the columns of tables. Must not know which file a block came from, or what it says.

use super::plain;
use super::source::Source;

/// Rows are at most this wide, so that a typed page's lines hold them (`plain` wraps at 160).
const WIDTH: usize = 150;
/// A column is at least and at most this wide; what is longer goes on below.
const NARROWEST: usize = 8;
const WIDEST: usize = 60;
/// A row of more cells is data, not a form.
const MAX_CELLS: usize = 16;
/// More text than this is no referral's; the rest is left out.
const MAX_TEXT: usize = 2 << 20;

/// Blocks as they come.
#[derive(Debug, Default)]
pub struct Galley {
    text: String,
    /// Rows of the table that is open: cells of lines.
    table: Vec<Vec<Vec<String>>>,
    /// Something was left out for its length.
    cut: bool,
}

impl Galley {
    /// A paragraph; its tabs stay tabs.
    pub fn paragraph(&mut self, text: &str) {
        self.close_table();
        self.line(text);
    }

    /// A row of a table, each cell with its paragraphs.
    pub fn row(&mut self, mut cells: Vec<Vec<String>>) {
        let text = |cell: &Vec<String>| cell.iter().any(|line| !line.trim().is_empty());
        while cells.last().is_some_and(|cell| !text(cell)) {
            cells.pop();
        }
        if cells.len() > MAX_CELLS {
            let all: Vec<String> = cells.iter().map(|cell| cell.join(" ")).collect();
            return self.paragraph(&all.join(" | "));
        }
        if !cells.is_empty() {
            self.table.push(cells);
        }
    }

    /// A new page.
    pub fn page(&mut self) {
        self.close_table();
        self.text.push('\u{0C}');
    }

    /// Characters that were set so far.
    pub fn printed(&self) -> usize {
        self.text.chars().filter(|c| !c.is_whitespace()).count()
    }

    /// Adds the pages to a source, and says where the rest of them was left out.
    pub fn print(mut self, source: &mut Source) {
        self.close_table();
        source.sheets.extend(plain::sheets(&self.text));
        if self.cut {
            let why = format!(
                "only the first {} MB of its text were read: a person must look",
                MAX_TEXT >> 20
            );
            source.warnings.push(why.clone());
            source.for_person.get_or_insert(why);
        }
    }

    fn line(&mut self, text: &str) {
        if self.text.len() + text.len() < MAX_TEXT {
            self.text.push_str(text);
            self.text.push('\n');
        } else {
            self.cut = true;
        }
    }

    /// Sets the open table: columns as wide as their longest line, within what a page holds.
    fn close_table(&mut self) {
        let table = std::mem::take(&mut self.table);
        let columns = table.iter().map(Vec::len).max().unwrap_or(0);
        let longest = |column: usize| {
            let lines = table.iter().filter_map(|row| row.get(column)).flatten();
            lines.map(|line| line.chars().count()).max().unwrap_or(0)
        };
        let mut widths: Vec<usize> = (0..columns)
            .map(|column| longest(column).clamp(NARROWEST, WIDEST))
            .collect();
        while widths.iter().sum::<usize>() + 3 * columns > WIDTH {
            match widths.iter_mut().max() {
                Some(widest) if *widest > NARROWEST => *widest -= 1,
                _ => break,
            }
        }
        for row in &table {
            let cells: Vec<Vec<String>> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| cell.iter().flat_map(|line| broken(line, *width)).collect())
                .collect();
            let height = cells.iter().map(Vec::len).max().unwrap_or(0);
            for number in 0..height {
                let mut out = String::new();
                for (cell, width) in cells.iter().zip(&widths) {
                    let line = cell.get(number).map_or("", String::as_str);
                    out.push_str(line);
                    let left = width.saturating_sub(line.chars().count());
                    out.extend(std::iter::repeat_n(' ', left));
                    out.push_str(" | ");
                }
                self.line(&out);
            }
        }
    }
}

/// A cell's paragraph, broken at words where it is wider than its column.
fn broken(text: &str, width: usize) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut used = 0;
    for word in text.split_whitespace() {
        let long = word.chars().count();
        if used > 0 && used + 1 + long > width {
            out.push(String::new());
            used = 0;
        }
        if let Some(line) = out.last_mut() {
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += long;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_said() {
        let mut galley = Galley::default();
        (0..3).for_each(|_| galley.paragraph(&"word ".repeat(MAX_TEXT / 10)));
        let mut source = Source::default();
        galley.print(&mut source);
        assert!(source.for_person.unwrap().contains("first 2 MB"));
    }

    #[test]
    fn cells_stand_in_columns_and_their_paragraphs_below_each_other() {
        let cell = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        let mut galley = Galley::default();
        galley.paragraph("Referral");
        galley.row(vec![cell(&["Patient", "Ann Lee"]), cell(&["DOB"]), cell(&[""])]);
        galley.row(vec![cell(&["Member ID"]), cell(&["H55"])]);
        let mut source = Source::default();
        galley.print(&mut source);
        assert!(source.for_person.is_none());
        let runs: Vec<(&str, f32)> = source.sheets[0]
            .runs
            .iter()
            .map(|run| (run.text.as_str(), run.left()))
            .collect();
        let texts: Vec<&str> = runs.iter().map(|(text, _)| *text).collect();
        assert_eq!(
            texts,
            ["Referral", "Patient", "DOB", "Ann Lee", "Member ID", "H55"]
        );
        assert_eq!(runs[1].1, runs[3].1);
        assert_eq!(runs[2].1, runs[5].1);
    }
}
