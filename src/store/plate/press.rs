//! Printing: rows from a plate, and lines that wait for their turn in the log.
//!
//! Owns the counters of a run of prints. Must not know where a plate comes from.

use super::super::save::Finds;
use super::super::spool::{self, Spool};
use super::super::{StoreError, counters, log, row};
use super::stencil::Filling;
use super::{Cell, Plate, corrupt};
use crate::domain::id::ReferralId;
use crate::domain::person::Patient;
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
    spool: &'c mut Spool,
    record: i64,
    text: String,
    more: String,
}

impl<'c> Press<'c> {
    /// Begins at the ends of the counters. The log's lines go on a spool.
    ///
    /// # Errors
    /// SQLite's.
    pub fn begin(connection: &'c Connection, spool: &'c mut Spool) -> Result<Press<'c>, StoreError> {
        Ok(Press {
            connection,
            spool,
            record: counters::fresh(connection, 0)?.record,
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
    /// SQLite's: a number that is taken, a broken CHECK; the spool's.
    pub fn print(&mut self, plate: &Plate, print: &Print<'_>) -> Result<(), StoreError> {
        let filling = Filling {
            stamps: plate.marks.stamps(print.shift, print.slide),
            days: plate.marks.days(print.shift),
            words: print.words,
            first: self.record,
            referral: print.referral,
            referral_text: print.referral.to_string(),
            patient: serde_json::to_string(print.patient).map_err(corrupt)?,
        };
        row::put(self.connection, print.patient)?;
        let mut finds = Finds::default();
        finds.patient(print.patient.id.0, Some(print.patient));
        finds.write(self.connection)?;
        for row in &plate.rows {
            self.row(row, &filling)?;
        }
        for page in &plate.pages {
            self.page(page, &filling)?;
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
            action: spool::UNNUMBERED,
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
            joint: None,
            receipt: &self.text,
        };
        let mut bytes = self.spool.blank();
        spool::begin(&mut bytes, &entry, &page.role, &line);
        for line in &page.lines {
            line.fact.fill(filling, &mut self.text);
            line.patches.fill(filling, &mut self.more);
            spool::event(&mut bytes, &self.text, &self.more);
        }
        self.spool.wind_at(&at, bytes)
    }

    /// Keeps the counters.
    ///
    /// # Errors
    /// SQLite's.
    pub fn finish(self) -> Result<(), StoreError> {
        counters::keep(self.connection, self.record, 0)
    }
}
