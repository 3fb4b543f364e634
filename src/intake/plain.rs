//! Plain text as pages: decoding, and a grid of columns and rows in the place of a printed page.
//!
//! Owns the list of encodings. Must not know what the text says.

use super::sheet::{MAX_PAGES, Origin, Run, Sheet};

/// A typewritten page is at least this many columns wide and this many rows long, so that a short note does not look
/// like a poster to a reader that measures distances.
const COLUMNS: usize = 80;
const ROWS: usize = 66;
/// After this many rows a new page begins even without a form feed.
const MAX_ROWS: usize = 600;
/// Longer lines are unwrapped paragraphs; they are wrapped at words so that a line stays a line.
const WRAP: usize = 160;
/// This many spaces, or a tab, part two cells of a table.
const CELL_GAP: usize = 3;
const TAB: usize = 8;

/// Decodes UTF-8 (with or without its mark), UTF-16 with its mark, else Windows-1252: the encodings that mail and
/// practice software in the clinic's country write.
pub fn decode(bytes: &[u8]) -> String {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return String::from_utf8_lossy(rest).into_owned();
    }
    for (mark, little) in [(b"\xFF\xFE", true), (b"\xFE\xFF", false)] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            let units = rest.chunks_exact(2).map(|pair| match pair {
                [low, high] if little => u16::from_le_bytes([*low, *high]),
                [high, low] => u16::from_be_bytes([*high, *low]),
                _ => 0xFFFD,
            });
            return char::decode_utf16(units)
                .map(|unit| unit.unwrap_or('\u{FFFD}'))
                .collect();
        }
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&byte| windows_1252(byte)).collect(),
    }
}

/// The upper control range of Windows-1252 (WHATWG Encoding, index-windows-1252); the rest is Latin-1.
fn windows_1252(byte: u8) -> char {
    const UPPER: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => UPPER.get(usize::from(byte - 0x80)).copied().unwrap_or('\u{FFFD}'),
        other => char::from(other),
    }
}

/// Lays decoded text out as pages.
pub fn sheets(text: &str) -> Vec<Sheet> {
    lay_out(&[], text)
}

/// As [`sheets`], with a message's headers, already as `Name: value`, above the first page.
pub fn lay_out(headers: &[String], text: &str) -> Vec<Sheet> {
    let mut pages: Vec<Vec<(Origin, String)>> = vec![
        headers
            .iter()
            .map(|line| (Origin::Header, line.clone()))
            .collect(),
    ];
    if !headers.is_empty() {
        push(&mut pages, Origin::Print, String::new());
    }
    for (index, part) in text.split('\u{0C}').enumerate() {
        if index > 0 {
            pages.push(Vec::new());
        }
        for raw in part.split('\n') {
            for line in wrap(raw.trim_end()) {
                if pages.last().is_some_and(|page| page.len() >= MAX_ROWS) {
                    pages.push(Vec::new());
                }
                push(&mut pages, Origin::Print, line);
            }
        }
        if pages.len() > MAX_PAGES {
            break;
        }
    }
    pages.truncate(MAX_PAGES);
    pages
        .iter()
        .map(|page| sheet(page))
        .filter(|sheet| !sheet.runs.is_empty())
        .collect()
}

fn push(pages: &mut [Vec<(Origin, String)>], origin: Origin, line: String) {
    if let Some(page) = pages.last_mut() {
        page.push((origin, line));
    }
}

fn wrap(line: &str) -> Vec<String> {
    if line.chars().count() <= WRAP {
        return vec![line.to_owned()];
    }
    let mut out = vec![String::new()];
    let mut width = 0;
    for word in line.split(' ') {
        let mut rest: Vec<char> = word.chars().collect();
        while !rest.is_empty() {
            let cut: Vec<char> = rest.drain(..rest.len().min(WRAP)).collect();
            if width > 0 && width + 1 + cut.len() > WRAP {
                out.push(String::new());
                width = 0;
            }
            if let Some(last) = out.last_mut() {
                if width > 0 {
                    last.push(' ');
                    width += 1;
                }
                width += cut.len();
                last.extend(cut);
            }
        }
    }
    out
}

fn sheet(rows: &[(Origin, String)]) -> Sheet {
    let columns = rows
        .iter()
        .map(|(_, line)| line.chars().count())
        .max()
        .unwrap_or(0)
        .max(COLUMNS) as f32;
    let count = rows.len().max(ROWS) as f32;
    let mut runs = Vec::new();
    for (row, (origin, line)) in rows.iter().enumerate() {
        let (top, bottom) = (row as f32 / count, (row as f32 + 0.9) / count);
        for (start, end, text) in cells(line) {
            let mut run = Run::new(
                &text,
                [start as f32 / columns, top, end as f32 / columns, bottom],
                origin.clone(),
            );
            let letters = run.text.chars().count();
            run.edges = (0..=letters)
                .map(|index| ((start + index) as f32 / columns).min(1.0))
                .collect();
            runs.push(run);
        }
    }
    Sheet::new(runs)
}

/// The cells of a line: first column, one past the last column, text.
fn cells(line: &str) -> Vec<(usize, usize, String)> {
    let mut out: Vec<(usize, usize, String)> = Vec::new();
    let mut column = 0;
    let mut spaces = CELL_GAP;
    let ruled = |c: char| {
        matches!(c, '-' | '=' | '+' | '_' | '|' | '*' | '~') || ('\u{2500}'..='\u{257F}').contains(&c)
    };
    if line.chars().all(|c| ruled(c) || c == ' ') && !line.contains("[") {
        // A drawn line is no text; underscores to write on stand behind a label.
        return out;
    }
    for c in line.chars() {
        if c == '|' || c == '│' || c == '║' {
            column += 1;
            spaces = CELL_GAP;
        } else if c == '\t' {
            column = (column / TAB + 1) * TAB;
            spaces = CELL_GAP;
        } else if c == ' ' || c == '\u{A0}' {
            column += 1;
            spaces += 1;
        } else {
            match out.last_mut() {
                Some((_, end, text)) if spaces < CELL_GAP => {
                    text.extend(std::iter::repeat_n(' ', spaces));
                    text.push(c);
                    *end = column + 1;
                }
                _ => out.push((column, column + 1, c.to_string())),
            }
            column += 1;
            spaces = 0;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        assert_eq!(decode(b"Jos\xC3\xA9"), "José");
        assert_eq!(decode(b"Jos\xE9 \x93x\x94"), "José “x”");
        assert_eq!(decode(b"\xFF\xFEJ\0o\0"), "Jo");
        assert_eq!(decode(b"\xFE\xFF\0J\0o"), "Jo");
        assert_eq!(decode(b"\xEF\xBB\xBFJo"), "Jo");
    }

    #[test]
    fn wide_gaps_part_cells_and_long_lines_wrap() {
        let pages = sheets("Name: Ann  DOB: 1   Phone: 2\tFax: 3");
        let texts: Vec<&str> = pages[0].runs.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(texts, ["Name: Ann  DOB: 1", "Phone: 2", "Fax: 3"]);
        let long = "word ".repeat(100);
        assert!(
            sheets(&long)[0]
                .runs
                .iter()
                .all(|run| run.text.chars().count() <= WRAP)
        );
    }

    #[test]
    fn form_feeds_part_pages() {
        assert_eq!(sheets("one\u{0C}two").len(), 2);
    }
}
