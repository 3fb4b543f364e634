//! Comma-, semicolon- and tab-separated values (RFC 4180).
//!
//! Owns how a text is parted, and that what was not read of it is said. Must not know what a cell says.

/// At most this many rows of a file are read.
pub const MOST_ROWS: usize = 10_000;

/// The values of a text.
#[derive(Debug)]
pub struct Cells {
    /// The rows that have a value.
    pub rows: Vec<Vec<String>>,
    /// Why those behind the last were not read.
    pub cut: Option<String>,
}

/// Parts a text into rows of cells, quoted ones with their line breaks. The separator is the one of comma, semicolon and tab that the
/// first line has most of. What stands behind a quotation mark that is never closed is no row.
pub fn cells(text: &str) -> Cells {
    let text = text.trim_start_matches('\u{FEFF}');
    let first = text.lines().next().unwrap_or_default();
    let separator = [',', ';', '\t']
        .into_iter()
        .max_by_key(|separator| first.matches(*separator).count())
        .unwrap_or(',');
    let mut rows = vec![vec![String::new()]];
    let mut cut = None;
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let Some(row) = rows.last_mut() else { break };
        let fresh = row.last().is_none_or(String::is_empty);
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                push(row, '"');
            }
            '"' if quoted => quoted = false,
            '"' if fresh => quoted = true,
            '\r' if !quoted => {}
            '\n' if !quoted => {
                if rows.len() > MOST_ROWS {
                    let rest: String = chars.collect();
                    if !rest.trim().is_empty() {
                        cut = Some(format!(
                            "has more rows than the first {MOST_ROWS}, which were read: bring in the rest in another file"
                        ));
                    }
                    break;
                }
                rows.push(vec![String::new()]);
            }
            c if c == separator && !quoted => row.push(String::new()),
            c => push(row, c),
        }
    }
    if quoted {
        cut = Some(format!(
            "has a quotation mark in row {} that is never closed: what stands from there on was not read",
            rows.len()
        ));
        if rows.len() > 1 {
            rows.pop();
        }
    }
    rows.retain(|row| row.iter().any(|cell| !cell.trim().is_empty()));
    Cells { rows, cut }
}

fn push(row: &mut [String], c: char) {
    if let Some(cell) = row.last_mut() {
        cell.push(c);
    }
}
