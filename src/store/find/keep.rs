//! The full-text table, kept in step with the records.
//!
//! Owns what of a person can be found. Must not know how it is asked.

use super::{ORGANIZATION, PATIENT, PRACTITIONER};
use crate::domain::person::{Organization, Patient, Practitioner};
use crate::store::StoreError;
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeMap;

/// What people are to be found by, until it is written: each statement that SQLite may have to take back alone makes the full-text
/// table write out what it holds (xSavepoint), so that rows that come one by one between others cost many times what they cost in
/// one go at the end of a transaction.
#[derive(Debug, Default)]
pub struct Finds(BTreeMap<i64, Option<String>>);

impl Finds {
    /// A patient's; none who is not on record any more.
    pub fn patient(&mut self, id: i64, patient: Option<&Patient>) {
        let text = patient.map(|patient| {
            let dob = patient.dob.map(|dob| dob.to_string());
            words(&[
                Some(patient.name.family.as_str()),
                Some(&patient.name.given),
                dob.as_deref(),
                patient.phone.as_deref(),
                patient.mrn.as_deref(),
            ])
        });
        self.0.insert(id * 4 + PATIENT, text);
    }

    /// A practitioner's.
    pub fn practitioner(&mut self, id: i64, who: Option<&Practitioner>) {
        let text = who.map(|who| {
            words(&[
                Some(who.name.family.as_str()),
                Some(&who.name.given),
                who.npi.as_deref(),
                who.phone.as_deref(),
            ])
        });
        self.0.insert(id * 4 + PRACTITIONER, text);
    }

    /// A practice's.
    pub fn organization(&mut self, id: i64, which: Option<&Organization>) {
        let text = which.map(|which| words(&[Some(which.name.as_str()), which.phone.as_deref()]));
        self.0.insert(id * 4 + ORGANIZATION, text);
    }

    /// Writes it; there is nothing left to be written then.
    ///
    /// # Errors
    /// SQLite's.
    pub fn write(&mut self, connection: &Connection) -> Result<(), StoreError> {
        while let Some((row, text)) = self.0.pop_first() {
            keep(connection, row, text)?;
        }
        Ok(())
    }
}

fn words(words: &[Option<&str>]) -> String {
    words.iter().flatten().copied().collect::<Vec<_>>().join(" ")
}

fn keep(connection: &Connection, row: i64, text: Option<String>) -> Result<(), StoreError> {
    let Some(text) = text else {
        connection
            .prepare_cached("DELETE FROM find WHERE rowid = ?1")?
            .execute([row])?;
        return Ok(());
    };
    let old: Option<String> = connection
        .prepare_cached("SELECT text FROM find WHERE rowid = ?1")?
        .query_row([row], |row| row.get(0))
        .optional()?;
    match old {
        Some(old) if old == text => {}
        Some(_) => {
            connection
                .prepare_cached("UPDATE find SET text = ?2 WHERE rowid = ?1")?
                .execute((row, text))?;
        }
        None => {
            connection
                .prepare_cached("INSERT INTO find (rowid, text) VALUES (?1, ?2)")?
                .execute((row, text))?;
        }
    }
    Ok(())
}
