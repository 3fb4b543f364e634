//! Plain text as pages: decoding, and a grid of columns and rows in the place of a printed page.
//!
//! Owns the list of encodings. Must not know what the text says.

use super::sheet::{MAX_PAGES, Origin, Run, Sheet};
use encoding_rs::{Encoding, WINDOWS_1252};

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

/// Decodes UTF-8 and UTF-16 (with or without their marks), what a web page says it has, else Windows-1252: the encodings
/// that mail and practice software in the clinic's country write.
pub fn decode(bytes: &[u8]) -> String {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return String::from_utf8_lossy(rest).into_owned();
    }
    for (mark, little) in [(b"\xFF\xFE", true), (b"\xFE\xFF", false)] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            return two_bytes(rest, little);
        }
    }
    if let Some(little) = wide(bytes.get(..HEAD.min(bytes.len())).unwrap_or_default()) {
        return two_bytes(bytes, little);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    declared(bytes).unwrap_or_default().decode(bytes)
}

/// Bytes at the beginning of a text that tell its encoding.
const HEAD: usize = 2048;

/// Whether bytes without a mark are UTF-16, and if so whether the low byte comes first: the letters of the clinic's
/// languages have a zero in every other byte.
pub fn wide(head: &[u8]) -> Option<bool> {
    let zeros = |offset: usize| {
        let pairs = head.chunks_exact(2);
        pairs
            .filter(|pair| pair.get(offset) == Some(&0) && pair.get(1 - offset) != Some(&0))
            .count()
    };
    let (high_first, low_first, pairs) = (zeros(0), zeros(1), head.len() / 2);
    if pairs < 4 {
        return None;
    }
    // Nine in ten: quotation marks and dashes have no zero.
    [(low_first, high_first, true), (high_first, low_first, false)]
        .into_iter()
        .find(|(this, other, _)| this * 10 >= pairs * 9 && *other == 0)
        .map(|(_, _, little)| little)
}

fn two_bytes(bytes: &[u8], little: bool) -> String {
    let units = bytes.chunks_exact(2).map(|pair| match pair {
        [low, high] if little => u16::from_le_bytes([*low, *high]),
        [high, low] => u16::from_be_bytes([*high, *low]),
        _ => 0xFFFD,
    });
    char::decode_utf16(units)
        .map(|unit| unit.unwrap_or('\u{FFFD}'))
        .collect()
}

/// The encoding that a web page says it has.
fn declared(bytes: &[u8]) -> Option<CodePage> {
    let head = String::from_utf8_lossy(bytes.get(..HEAD.min(bytes.len()))?).to_ascii_lowercase();
    let (_, named) = head.split_once("charset=")?;
    let named = named.trim_start_matches(['"', '\'']);
    let end = named.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')?;
    CodePage::named(named.get(..end)?)
}

/// An encoding of bytes that are not UTF-8.
#[derive(Clone, Copy, Debug)]
pub struct CodePage(&'static Encoding);

impl Default for CodePage {
    /// Windows-1252: what practice software in the clinic's country writes.
    fn default() -> Self {
        CodePage(WINDOWS_1252)
    }
}

impl CodePage {
    /// By its name on the web (WHATWG Encoding, "Names and labels").
    pub fn named(name: &str) -> Option<CodePage> {
        Encoding::for_label(name.as_bytes()).map(CodePage)
    }

    /// By its number on Windows; one that is not known is taken for the usual one.
    pub fn numbered(number: i64) -> CodePage {
        let name = match number {
            932 => "shift_jis",
            936 => "gbk",
            949 => "euc-kr",
            950 => "big5",
            874 => "windows-874",
            10_000 => "macintosh",
            65_001 => "utf-8",
            number => &format!("windows-{number}"),
        };
        CodePage::named(name).unwrap_or_default()
    }

    /// Decodes.
    pub fn decode(self, bytes: &[u8]) -> String {
        self.0.decode_without_bom_handling(bytes).0.into_owned()
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
        if pages.len() > MAX_PAGES + 1 {
            break;
        }
    }
    // One more than is kept: whoever keeps them says that the rest was left out.
    pages.truncate(MAX_PAGES + 1);
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
        assert_eq!(decode(b"J\0o\0s\0\xE9\0 \0L\0"), "José L");
        assert_eq!(decode(b"\0J\0o\0s\0\xE9\0 \0L"), "José L");
        assert_eq!(
            decode(b"<html><meta charset=\"iso-8859-2\">\xB3"),
            "<html><meta charset=\"iso-8859-2\">ł"
        );
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
        let most = "page\u{0C}".repeat(MAX_PAGES);
        for (text, cut) in [(most.clone(), false), (format!("{most}and more"), true)] {
            let source = crate::intake::open("a.txt", text.as_bytes());
            let told = source
                .warnings
                .iter()
                .any(|warning| warning.contains("only the first 200 pages"));
            assert_eq!((source.sheets.len(), told), (MAX_PAGES, cut));
        }
    }
}
