//! A row of the worklist as a line of a table (RFC 4180), safe to open in a spreadsheet.

use crate::domain::text;
use crate::domain::time::print_stamp;
use crate::store::board::QueueRow;

/// The columns.
pub const HEADER: [&str; 21] = [
    "referral",
    "status",
    "list",
    "priority",
    "score",
    "received",
    "due",
    "next",
    "owner",
    "patient",
    "born",
    "sex",
    "phone",
    "specialty",
    "service",
    "source",
    "payer",
    "site",
    "from",
    "missing",
    "calls",
];

/// A row.
pub fn line(row: &QueueRow) -> String {
    let some = |value: &Option<String>| value.clone().unwrap_or_default();
    let cells: [String; 21] = [
        row.id.to_string(),
        row.status.code().to_owned(),
        row.list.map_or("closed", |list| list.code()).to_owned(),
        row.priority.code().to_owned(),
        row.score.map(|score| score.to_string()).unwrap_or_default(),
        print_stamp(row.received_at),
        row.due_at.map(print_stamp).unwrap_or_default(),
        row.next_action.map_or("", |action| action.label()).to_owned(),
        row.owner.to_string(),
        row.patient.clone(),
        row.dob.map(|day| day.to_string()).unwrap_or_default(),
        row.sex.letter().to_owned(),
        some(&row.phone),
        row.specialty.clone(),
        row.service.clone(),
        row.source.code().to_owned(),
        some(&row.payer),
        some(&row.site),
        some(&row.from),
        row.missing.to_string(),
        row.attempts.to_string(),
    ];
    cells
        .iter()
        .map(|cell| quoted(cell))
        .collect::<Vec<_>>()
        .join(",")
}

/// A cell: one line, and no formula whatever it begins with.
fn quoted(raw: &str) -> String {
    let mut cell = text::line(raw);
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        cell.insert(0, '\'');
    }
    if cell.contains(['"', ',', '\n', '\'']) || cell != cell.trim() {
        cell = format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_ends_its_line() {
        let table = [
            ("plain", "plain"),
            ("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""),
            ("+1802", "\"'+1802\""),
            ("Garcia, \"Mo\"", "\"Garcia, \"\"Mo\"\"\""),
            ("two\nlines", "two lines"),
            (" padded", "\" padded\""),
        ];
        for (raw, expected) in table {
            assert_eq!(quoted(raw), expected);
        }
    }
}
