//! Records as rows.
//!
//! Owns the one mapping between a record's fields and a table's columns: the columns bear the fields' names, and each says
//! how its value is kept. Must not know what a record means. How a row
//! becomes a record is `column`'s, how a record becomes a row is `values`'.

use super::StoreError;
use super::column::Columns;
use super::values::Values;
use crate::domain::id::ReferralId;
use crate::domain::record::{ByField, Record};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, Row};
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
    /// Columns that the store keeps beside the record's own.
    const KEPT: &'static [&'static str] = &[];
    /// Their values.
    fn kept(&self) -> Vec<String> {
        Vec::new()
    }
    /// Its statements; see [`Statements::of`].
    fn statements() -> &'static Statements;
}

/// The texts of a table's statements: made once, since every command asks for dozens of them.
pub struct Statements {
    get: String,
    of_referral: String,
    put: String,
    /// The same for so many rows at once, two and more.
    puts: Vec<String>,
    remove: String,
}

/// Rows that one statement writes, at most: a referral has six milestones.
const AT_ONCE: usize = 8;

impl Statements {
    /// Those of a kind of record in a table.
    pub fn of<T: Stored>(table: &str) -> Statements {
        let columns = column_list::<T>();
        let column = T::OF_REFERRAL.unwrap_or("id");
        let names: Vec<&str> = T::COLUMNS
            .iter()
            .map(|(name, _)| *name)
            .chain(T::KEPT.iter().copied())
            .collect();
        let holes = vec!["?"; names.len()].join(", ");
        let updates: Vec<String> = names
            .iter()
            .skip(1)
            .map(|name| format!("{name} = excluded.{name}"))
            .collect();
        let put = |rows: usize| {
            let rows = vec![format!("({holes})"); rows].join(", ");
            format!(
                "INSERT INTO {table} ({}) VALUES {rows} ON CONFLICT (id) DO UPDATE SET {}",
                names.join(", "),
                updates.join(", ")
            )
        };
        Statements {
            get: format!("SELECT {columns} FROM {table} WHERE id = ?1"),
            of_referral: format!("SELECT {columns} FROM {table} WHERE {column} = ?1 ORDER BY id"),
            put: put(1),
            puts: (2..=AT_ONCE).map(put).collect(),
            remove: format!("DELETE FROM {table} WHERE id = ?1"),
        }
    }
}

/// The columns of a row that a change is about: a bit for each, in the order of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part(u64);

impl Part {
    /// All of them: the row is made.
    pub const WHOLE: Part = Part(u64::MAX);

    /// Those with these names; all where one of them is not a column, or where the store keeps more than the record's own.
    pub fn of<'a, T: Stored>(names: impl Iterator<Item = &'a String>) -> Part {
        if !T::KEPT.is_empty() {
            return Part::WHOLE;
        }
        let mut part = Part(0);
        for name in names {
            match T::COLUMNS.iter().position(|(column, _)| column == name) {
                Some(place) if place < 64 => part.0 |= 1 << place,
                Some(_) | None => return Part::WHOLE,
            }
        }
        part
    }

    /// These and those.
    #[must_use]
    pub fn and(self, other: Part) -> Part {
        Part(self.0 | other.0)
    }

    /// Whether the column at a place is among them.
    pub fn has(self, place: usize) -> bool {
        self == Part::WHOLE || place < 64 && self.0 & (1 << place) != 0
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
    read_one(connection, &T::statements().get, id)
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
    read_one(connection, &Statements::of::<T>(table).get, id)
}

fn read_one<T: Stored>(connection: &Connection, sql: &str, id: i64) -> Result<Option<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([id])?;
    rows.next()?.map(read::<T>).transpose()
}

/// The records of a referral, by number.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn of_referral<T: Stored>(connection: &Connection, id: ReferralId) -> Result<Vec<T>, StoreError> {
    if T::OF_REFERRAL.is_none() {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare_cached(&T::statements().of_referral)?;
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
    write_one(connection, &T::statements().put, record)
}

/// Writes records, several in one statement: what a statement costs by itself is paid once.
///
/// # Errors
/// SQLite's: a broken CHECK, a key that is taken.
pub fn put_all<T: Stored>(connection: &Connection, records: &[&T]) -> Result<(), StoreError> {
    for some in records.chunks(AT_ONCE) {
        let statements = T::statements();
        let sql = some
            .len()
            .checked_sub(2)
            .and_then(|place| statements.puts.get(place));
        let mut values = Vec::with_capacity(some.len() * T::COLUMNS.len());
        for record in some {
            values.append(&mut values_of(*record, Part::WHOLE)?);
            values.extend(record.kept().into_iter().map(Sql::Text));
        }
        connection
            .prepare_cached(sql.unwrap_or(&statements.put))?
            .execute(rusqlite::params_from_iter(values))?;
    }
    Ok(())
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
    write_one(connection, &Statements::of::<T>(table).put, record)
}

/// Writes a part of a record over its row. The indexes of all other columns stay as they are, which is most of what a write
/// costs.
///
/// # Errors
/// SQLite's: a broken CHECK, a key that is taken.
pub fn put_part<T: Stored>(connection: &Connection, record: &T, part: Part) -> Result<(), StoreError> {
    if part == Part::WHOLE {
        return put(connection, record);
    }
    let mut sql = format!("UPDATE {} SET ", T::TABLE);
    let mut kept = Vec::new();
    let named = part.and(Part(1));
    for (place, ((name, _), value)) in T::COLUMNS.iter().zip(values_of(record, named)?).enumerate() {
        if !named.has(place) {
            continue;
        }
        kept.push(value);
        if place > 0 {
            let comma = if kept.len() > 2 { ", " } else { "" };
            // Writing to a string does not fail.
            let _ = write!(sql, "{comma}{name} = ?{}", kept.len());
        }
    }
    if kept.len() < 2 {
        return Ok(());
    }
    sql.push_str(" WHERE id = ?1");
    let changed = connection
        .prepare_cached(&sql)?
        .execute(rusqlite::params_from_iter(kept))?;
    match changed {
        0 => put(connection, record),
        _ => Ok(()),
    }
}

fn values_of<T: Stored>(record: &T, part: Part) -> Result<Vec<Sql>, StoreError> {
    record
        .serialize(ByField(Values::of(T::COLUMNS, part)))
        .map_err(|error| StoreError::Corrupt {
            what: T::TABLE,
            why: error.to_string(),
        })
}

fn write_one<T: Stored>(connection: &Connection, sql: &str, record: &T) -> Result<(), StoreError> {
    let mut values = values_of(record, Part::WHOLE)?;
    values.extend(record.kept().into_iter().map(Sql::Text));
    connection
        .prepare_cached(sql)?
        .execute(rusqlite::params_from_iter(values))?;
    Ok(())
}

/// Takes a row away: only undo and replay do.
///
/// # Errors
/// SQLite's.
pub fn remove<T: Stored>(connection: &Connection, id: i64) -> Result<(), StoreError> {
    connection
        .prepare_cached(&T::statements().remove)?
        .execute([id])?;
    Ok(())
}
