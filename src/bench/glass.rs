//! What stands on a terminal, as far as this program's own output needs: places, characters, wiping.
//!
//! Owns the reading of the program's own escape sequences. Colours and modes are passed over.

use crate::tui::width::columns;

/// A screen of cells.
pub struct Glass {
    cells: Vec<Vec<String>>,
    at: (usize, usize),
    rest: Vec<u8>,
}

impl Glass {
    /// An empty one.
    pub fn new(width: u16, height: u16) -> Glass {
        Glass {
            cells: vec![vec![" ".to_owned(); usize::from(width)]; usize::from(height)],
            at: (0, 0),
            rest: Vec::new(),
        }
    }

    /// Takes output; what is cut off in the middle of a sequence waits for the rest.
    pub fn take(&mut self, bytes: &[u8]) {
        self.rest.extend_from_slice(bytes);
        let all = std::mem::take(&mut self.rest);
        let whole = match std::str::from_utf8(&all) {
            Ok(text) => text,
            Err(error) => {
                let (good, cut) = all.split_at(error.valid_up_to());
                self.rest = cut.to_vec();
                std::str::from_utf8(good).unwrap_or_default()
            }
        };
        let mut chars = whole.chars();
        loop {
            let before = chars.as_str();
            match chars.next() {
                None => break,
                Some('\u{1b}') => {
                    if !self.escape(&mut chars) {
                        let mut waits = before.as_bytes().to_vec();
                        waits.append(&mut self.rest);
                        self.rest = waits;
                        break;
                    }
                }
                Some('\r') => self.at.0 = 0,
                Some('\n') => self.at.1 += 1,
                Some(c) => self.put(c),
            }
        }
    }

    /// One sequence; false where its end has not come yet.
    fn escape(&mut self, chars: &mut std::str::Chars<'_>) -> bool {
        match chars.next() {
            Some('[') => {
                let mut numbers = String::new();
                for c in chars.by_ref() {
                    if !matches!(c, '@'..='~') {
                        numbers.push(c);
                        continue;
                    }
                    let mut parts = numbers.split(';').map(|part| part.parse::<usize>().unwrap_or(1));
                    match c {
                        'H' => {
                            let (row, column) = (parts.next().unwrap_or(1), parts.next().unwrap_or(1));
                            self.at = (column.saturating_sub(1), row.saturating_sub(1));
                        }
                        'J' => self
                            .cells
                            .iter_mut()
                            .flatten()
                            .for_each(|cell| " ".clone_into(cell)),
                        _ => {}
                    }
                    return true;
                }
                false
            }
            Some(']') => chars.by_ref().any(|c| c == '\u{7}' || c == '\\'),
            Some(_) => true,
            None => false,
        }
    }

    fn put(&mut self, c: char) {
        let symbol = c.to_string();
        let width = columns(&symbol);
        let (x, y) = self.at;
        if let Some(cell) = self.cells.get_mut(y).and_then(|line| line.get_mut(x)) {
            *cell = symbol;
        }
        for covered in x + 1..x + width {
            if let Some(cell) = self.cells.get_mut(y).and_then(|line| line.get_mut(covered)) {
                cell.clear();
            }
        }
        self.at.0 += width;
    }

    /// The text of the screen.
    pub fn text(&self) -> String {
        self.cells.iter().map(|line| line.concat() + "\n").collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_lands_where_it_says_however_it_is_cut() {
        let out = "\u{1b}[2J\u{1b}[1;2Hab\u{1b}[31mc\u{1b}[2;1H陈x\u{1b}]0;t\u{7}é".as_bytes();
        for cut in 0..out.len() {
            let mut glass = Glass::new(6, 2);
            let (first, second) = out.split_at(cut);
            glass.take(first);
            glass.take(second);
            assert_eq!(glass.text(), " abc  \n陈xé  \n", "{cut}");
        }
    }
}
