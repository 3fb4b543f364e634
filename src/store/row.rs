//! Records as rows.
//!
//! Owns the one mapping between a record's fields and a table's columns: the columns bear the fields' names, and each says
//! how its value is kept. Must not know what a record means. How a row becomes a record is `column`'s.

use super::StoreError;
use super::column::{Columns, to_sql};
use crate::domain::id::ReferralId;
use crate::domain::record::{Record, fields_of};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, Row};
use serde_json::Value as Json;
use std::fmt::Write;

/// How a column keeps its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number.
    Int,
    /// A text: also times, days and codes.
    Text,
    /// Anything nested, as JSON text.
    Json,
    /// A referral's id, as its number.
    Referral,
}

/// A record with a table.
pub trait Stored: Record {
    /// The table.
    const TABLE: &'static str;
    /// Its columns that are fields of the record, `id` first.
    const COLUMNS: &'static [(&'static str, Kind)];
    /// The column that names the referral, in tables of records around one.
    const OF_REFERRAL: Option<&'static str> = Some("referral");
    /// Columns that the store keeps beside the record's own, with their values.
    fn kept(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// Reads a record from a row whose columns are [`column_list`].
///
/// # Errors
/// `Corrupt` where a value cannot be the field's.
pub fn read<T: Stored>(row: &Row<'_>) -> Result<T, StoreError> {
    T::deserialize(Columns::new(row, T::COLUMNS)).map_err(|error| StoreError::Corrupt {
        what: T::TABLE,
        why: error.to_string(),
    })
}

/// The record's columns, for a `SELECT`.
pub fn column_list<T: Stored>() -> String {
    T::COLUMNS
        .iter()
        .map(|(name, _)| *name)
        .collect::<Vec<_>>()
        .join(", ")
}

/// One record by its number.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn get<T: Stored>(connection: &Connection, id: i64) -> Result<Option<T>, StoreError> {
    get_from(connection, T::TABLE, id)
}

/// The same, from another table of this shape.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn get_from<T: Stored>(
    connection: &Connection,
    table: &'static str,
    id: i64,
) -> Result<Option<T>, StoreError> {
    let sql = format!("SELECT {} FROM {table} WHERE id = ?1", column_list::<T>());
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([id])?;
    rows.next()?.map(read::<T>).transpose()
}

/// The records of a referral, by number.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn of_referral<T: Stored>(connection: &Connection, id: ReferralId) -> Result<Vec<T>, StoreError> {
    let Some(column) = T::OF_REFERRAL else {
        return Ok(Vec::new());
    };
    let sql = format!(
        "SELECT {} FROM {} WHERE {column} = ?1 ORDER BY id",
        column_list::<T>(),
        T::TABLE
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([id.0])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read::<T>(row)?);
    }
    Ok(all)
}

/// Writes a record: a new row, or over the old one.
///
/// # Errors
/// SQLite's: a broken CHECK, a key that is taken.
pub fn put<T: Stored>(connection: &Connection, record: &T) -> Result<(), StoreError> {
    put_into(connection, T::TABLE, record)
}

/// The same, into another table of this shape.
///
/// # Errors
/// SQLite's: a broken CHECK, a key that is taken.
pub fn put_into<T: Stored>(
    connection: &Connection,
    table: &'static str,
    record: &T,
) -> Result<(), StoreError> {
    let mut fields = fields_of(record).map_err(|refusal| StoreError::Corrupt {
        what: T::TABLE,
        why: refusal.because,
    })?;
    let kept = record.kept();
    let names = || {
        T::COLUMNS
            .iter()
            .map(|(name, _)| *name)
            .chain(kept.iter().map(|(name, _)| *name))
    };
    let mut sql = format!("INSERT INTO {table} (");
    let mut marks = String::new();
    let mut updates = String::new();
    for (place, name) in (1..).zip(names()) {
        let comma = if place > 1 { ", " } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(sql, "{comma}{name}");
        let _ = write!(marks, "{comma}?{place}");
        if place > 1 {
            let comma = if place > 2 { ", " } else { "" };
            let _ = write!(updates, "{comma}{name} = excluded.{name}");
        }
    }
    let _ = write!(sql, ") VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {updates}");
    let values = T::COLUMNS
        .iter()
        .map(|(name, kind)| to_sql(*kind, fields.get_mut(*name).map(Json::take).unwrap_or(Json::Null)))
        .chain(kept.iter().map(|(_, value)| Sql::Text(value.clone())));
    connection
        .prepare_cached(&sql)?
        .execute(rusqlite::params_from_iter(values))?;
    Ok(())
}

/// Takes a row away: only undo and replay do.
///
/// # Errors
/// SQLite's.
pub fn remove<T: Stored>(connection: &Connection, id: i64) -> Result<(), StoreError> {
    let sql = format!("DELETE FROM {} WHERE id = ?1", T::TABLE);
    connection.prepare_cached(&sql)?.execute([id])?;
    Ok(())
}
