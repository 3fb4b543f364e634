//! A table: its headings as a mapping names them, and the cells of its rows.
//!
//! Owns both. Must not know what a cell says.

use crate::config::import::Mapping;
use crate::config::pattern::Pattern;
use crate::domain::text;
use std::collections::BTreeMap;
use std::io::BufRead;

/// A table: its headings, as a mapping names them.
pub struct Table {
    pub(super) name: String,
    pub(super) mapping: Mapping,
    /// What parts its cells.
    pub separator: char,
    /// Where its first row begins: the byte, and the line.
    pub begins: (u64, u64),
    /// Its headings as they stand.
    pub head: Vec<u8>,
    pub(super) columns: BTreeMap<String, Vec<usize>>,
    pub(super) width: usize,
    pub(super) patterns: Vec<Pattern>,
    pub(super) values: BTreeMap<String, BTreeMap<String, String>>,
}

/// The longest line of headings.
const HEADINGS: u64 = 1024 * 1024;

impl Table {
    /// Reads the headings of a table that stands at its beginning.
    ///
    /// # Errors
    /// Where a column that the mapping names is not among them.
    pub fn new(name: &str, mapping: &Mapping, input: &mut impl BufRead) -> Result<Table, String> {
        let mut begins = (0, 1);
        let mut head = Vec::new();
        loop {
            head.clear();
            let read = std::io::Read::take(&mut *input, HEADINGS)
                .read_until(b'\n', &mut head)
                .map_err(|error| format!("it cannot be read: {error}"))?;
            begins = (begins.0 + read as u64, begins.1 + 1);
            if read == 0 {
                return Err("it has no headings".into());
            }
            if !head.trim_ascii().is_empty() {
                break;
            }
        }
        let bytes = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head);
        let line = decoded(mapping, bytes)?;
        let most = [',', ';', '\t']
            .into_iter()
            .max_by_key(|separator| line.matches(*separator).count());
        let separator = mapping.separator().or(most).unwrap_or(',');
        let headings = cells(&line, separator);
        let mut columns = BTreeMap::new();
        for (field, named) in &mapping.columns {
            let mut places = Vec::new();
            for heading in named.headings() {
                let wanted = text::fold(heading);
                let place = headings.iter().position(|found| text::fold(found) == wanted);
                let place = place.ok_or_else(|| {
                    let known: Vec<String> = headings.iter().map(|found| text::line(found)).collect();
                    format!(
                        "it has no column `{}`, which [import.{name}] names for {field}; it has {}",
                        text::line(heading),
                        known.join(", ")
                    )
                })?;
                places.push(place);
            }
            columns.insert(field.clone(), places);
        }
        let folded = |values: &BTreeMap<String, String>| {
            values
                .iter()
                .map(|(theirs, ours)| (text::fold(theirs), ours.clone()))
                .collect()
        };
        Ok(Table {
            name: name.to_owned(),
            separator,
            begins,
            columns,
            width: headings.len(),
            patterns: mapping.patterns(),
            values: mapping
                .values
                .iter()
                .map(|(field, values)| (field.clone(), folded(values)))
                .collect(),
            mapping: mapping.clone(),
            head,
        })
    }
}

pub(super) fn decoded(mapping: &Mapping, bytes: &[u8]) -> Result<String, String> {
    let encoding = mapping.encoding();
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(|text| text.into_owned())
        .ok_or_else(|| {
            format!(
                "it is not {}: name the table's encoding in the mapping, such as encoding = \"windows-1252\"",
                encoding.name()
            )
        })
}

/// The cells of a row (RFC 4180).
pub(super) fn cells(row: &str, separator: char) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut open = false;
    let mut chars = row.trim_end_matches(['\r', '\n']).chars().peekable();
    while let Some(c) = chars.next() {
        let Some(cell) = all.last_mut() else { break };
        match c {
            '"' if open && chars.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' if open => open = false,
            '"' if cell.is_empty() => open = true,
            c if c == separator && !open => all.push(String::new()),
            c => cell.push(c),
        }
    }
    all
}
