//! The list of documents that need a person.
//!
//! Owns its rows, its cursor (a document, never a row number) and the document shown beside it.

use super::reader::Reader;
use crate::domain::id::DocumentId;
use crate::store::board::IntakeRow;

/// The intake list.
#[derive(Default)]
pub struct IntakeDesk {
    /// Rows.
    pub rows: Vec<IntakeRow>,
    /// The document under the cursor.
    pub cursor: Option<DocumentId>,
    /// What was read from it.
    pub reader: Reader,
    /// First row shown.
    pub top: usize,
    /// First line of the document that is shown.
    pub scroll: usize,
}

impl IntakeDesk {
    /// Takes rows in; the cursor stays on its document, or goes to the row that took its place.
    pub fn take(&mut self, rows: Vec<IntakeRow>) {
        let at = self.position().unwrap_or(0);
        self.rows = rows;
        if self.position().is_none() {
            let near = self.rows.get(at).or(self.rows.last());
            self.cursor = near.map(|row| row.id);
        }
    }

    /// Where the cursor stands.
    pub fn position(&self) -> Option<usize> {
        let cursor = self.cursor?;
        self.rows.iter().position(|row| row.id == cursor)
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<&IntakeRow> {
        self.rows.get(self.position()?)
    }

    /// Whether the document under the cursor asks for a password.
    pub fn is_locked(&self) -> bool {
        let reading = self.reader.reading.as_ref();
        self.reader.document == self.cursor && reading.is_some_and(|reading| reading.locked)
    }

    /// Moves the cursor by rows; stops at the ends.
    pub fn step(&mut self, by: isize, height: usize) {
        let last = self.rows.len().saturating_sub(1);
        let at = self
            .position()
            .map_or(0, |at| at.saturating_add_signed(by).min(last));
        self.cursor = self.rows.get(at).map(|row| row.id);
        self.scroll = 0;
        if at < self.top {
            self.top = at;
        } else if height > 0 && at >= self.top + height {
            self.top = at + 1 - height;
        }
    }
}
