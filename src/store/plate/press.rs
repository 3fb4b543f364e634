//! Printing: rows and chained log entries from a plate.
//!
//! Owns the counters of a run of prints. Must not know where a plate comes from.

use super::super::{StoreError, find, log, records, row};
use super::stencil::Filling;
use super::{Cell, Plate, corrupt};
use crate::domain::id::ReferralId;
use crate::domain::person::Patient;
use crate::domain::record::fields_of;
use crate::domain::time::Span;
use rusqlite::Connection;
use rusqlite::types::{ToSqlOutput, ValueRef};

/// What one print has in its own way.
pub struct Print<'a> {
    /// The referral's number.
    pub referral: ReferralId,
    /// The patient; its number is [`Plate::patient`] of the press's next number.
    pub patient: &'a Patient,
    /// In the place of the plate's words.
    pub words: &'a [String],
    /// Every moment is moved by this.
    pub shift: Span,
    /// Moments that are not round are moved by this as well.
    pub slide: Span,
}

/// A run of prints within one transaction.
pub struct Press<'c> {
    connection: &'c Connection,
    record: i64,
    end: log::End,
    text: String,
    more: String,
}

impl<'c> Press<'c> {
    /// Begins at the ends of the counters and the log.
    ///
    /// # Errors
    /// SQLite's.
    pub fn begin(connection: &'c Connection) -> Result<Press<'c>, StoreError> {
        Ok(Press {
            connection,
            record: records::fresh(connection, 0)?.record,
            end: log::End::of(connection)?,
            text: String::new(),
            more: String::new(),
        })
    }

    /// The first record number of the next print.
    pub fn next_record(&self) -> i64 {
        self.record
    }

    /// Prints.
    ///
    /// # Errors
    /// SQLite's: a number that is taken, a broken CHECK.
    pub fn print(&mut self, plate: &Plate, print: &Print<'_>) -> Result<(), StoreError> {
        let patient = fields_of(print.patient).map_err(|refusal| corrupt(refusal.because))?;
        let mut filling = Filling {
            stamps: plate.marks.stamps(print.shift, print.slide),
            days: plate.marks.days(print.shift),
            words: print.words,
            first: self.record,
            referral: print.referral,
            referral_text: print.referral.to_string(),
            patient: serde_json::to_string(&patient).map_err(corrupt)?,
            action: self.end.action,
        };
        row::put(self.connection, print.patient)?;
        find::keep_patient(self.connection, print.patient.id.0, Some(print.patient))?;
        for row in &plate.rows {
            self.row(row, &filling)?;
        }
        for page in &plate.pages {
            filling.action = self.end.action;
            self.page(page, &filling)?;
            self.end.action += 1;
        }
        self.record += plate.numbers();
        Ok(())
    }

    fn row(&mut self, row: &super::Row, filling: &Filling<'_>) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare_cached(&row.sql)?;
        for (place, cell) in (1..).zip(&row.cells) {
            match cell {
                Cell::Nothing => statement.raw_bind_parameter(place, rusqlite::types::Null)?,
                Cell::Number(number) => statement.raw_bind_parameter(place, number)?,
                Cell::Text(stencil) => match stencil.number(filling) {
                    Some(number) => statement.raw_bind_parameter(place, number)?,
                    None => {
                        stencil.fill(filling, &mut self.text);
                        let text = ToSqlOutput::Borrowed(ValueRef::Text(self.text.as_bytes()));
                        statement.raw_bind_parameter(place, text)?;
                    }
                },
            }
        }
        statement.raw_execute()?;
        Ok(())
    }

    fn page(&mut self, page: &super::Page, filling: &Filling<'_>) -> Result<(), StoreError> {
        let mut at = String::new();
        page.at.fill(filling, &mut at);
        page.receipt.fill(filling, &mut self.text);
        let entry = log::Entry {
            action: self.end.action,
            at: &at,
            actor: &page.actor,
            cause: &page.cause,
            referral: Some(filling.referral.0),
        };
        let line = log::Action {
            client_id: None,
            batch: None,
            command: &page.command,
            undo_of: None,
            receipt: &self.text,
        };
        log::put_action(self.connection, &entry, &page.role, &line)?;
        for line in &page.lines {
            line.fact.fill(filling, &mut self.text);
            line.patches.fill(filling, &mut self.more);
            self.end.put(self.connection, &entry, &self.text, &self.more)?;
        }
        Ok(())
    }

    /// Keeps the counters.
    ///
    /// # Errors
    /// SQLite's.
    pub fn finish(self) -> Result<(), StoreError> {
        records::keep_counters(self.connection, self.record, 0)
    }
}
