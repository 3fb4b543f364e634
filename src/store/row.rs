//! Records as rows.
//!
//! Owns the one mapping between a record's fields and a table's columns: the columns bear the fields' names, and each says
//! how its value is kept. Must not know what a record means.

use super::StoreError;
use crate::domain::id::ReferralId;
use crate::domain::record::{Fields, Record, fields_of};
use rusqlite::types::{Value as Sql, ValueRef};
use rusqlite::{Connection, Row};
use serde_json::Value as Json;

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

fn to_sql(kind: Kind, value: Json) -> Sql {
    match (kind, value) {
        (_, Json::Null) => Sql::Null,
        (Kind::Int, Json::Number(number)) => number.as_i64().map_or(Sql::Null, Sql::Integer),
        (Kind::Referral, Json::String(id)) => id
            .parse::<ReferralId>()
            .map_or(Sql::Null, |id| Sql::Integer(id.0)),
        (Kind::Text, Json::String(text)) => Sql::Text(text),
        (_, other) => Sql::Text(other.to_string()),
    }
}

fn to_json(kind: Kind, value: ValueRef<'_>) -> Result<Json, String> {
    let text = |bytes: &[u8]| {
        std::str::from_utf8(bytes)
            .map(str::to_owned)
            .map_err(|error| error.to_string())
    };
    match (kind, value) {
        (_, ValueRef::Null) => Ok(Json::Null),
        (Kind::Int, ValueRef::Integer(number)) => Ok(Json::from(number)),
        (Kind::Referral, ValueRef::Integer(number)) => Ok(Json::String(ReferralId(number).to_string())),
        (Kind::Text, ValueRef::Text(bytes)) => text(bytes).map(Json::String),
        (Kind::Json, ValueRef::Text(bytes)) => {
            serde_json::from_slice(bytes).map_err(|error| error.to_string())
        }
        (kind, value) => Err(format!("a {:?} where a {kind:?} belongs", value.data_type())),
    }
}

/// Reads a record from a row whose columns are [`column_list`], starting at a column.
///
/// # Errors
/// `Corrupt` where a value cannot be the field's.
pub fn read<T: Stored>(row: &Row<'_>) -> Result<T, StoreError> {
    let corrupt = |why: String| StoreError::Corrupt { what: T::TABLE, why };
    let mut fields = Fields::new();
    for (place, (name, kind)) in T::COLUMNS.iter().enumerate() {
        let value = to_json(*kind, row.get_ref(place)?).map_err(|why| corrupt(format!("{name}: {why}")))?;
        fields.insert((*name).to_owned(), value);
    }
    serde_json::from_value(Json::Object(fields)).map_err(|error| corrupt(error.to_string()))
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
    let sql = format!("SELECT {} FROM {} WHERE id = ?1", column_list::<T>(), T::TABLE);
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
    let mut fields = fields_of(record).map_err(|refusal| StoreError::Corrupt {
        what: T::TABLE,
        why: refusal.because,
    })?;
    let kept = record.kept();
    let names: Vec<&str> = T::COLUMNS
        .iter()
        .map(|(name, _)| *name)
        .chain(kept.iter().map(|(name, _)| *name))
        .collect();
    let marks: Vec<String> = (1..=names.len()).map(|place| format!("?{place}")).collect();
    let updates: Vec<String> = names
        .iter()
        .skip(1)
        .map(|name| format!("{name} = excluded.{name}"))
        .collect();
    let sql = format!(
        "INSERT INTO {} ({}) VALUES ({}) ON CONFLICT (id) DO UPDATE SET {}",
        T::TABLE,
        names.join(", "),
        marks.join(", "),
        updates.join(", ")
    );
    let values: Vec<Sql> = T::COLUMNS
        .iter()
        .map(|(name, kind)| to_sql(*kind, fields.get_mut(*name).map(Json::take).unwrap_or(Json::Null)))
        .chain(kept.into_iter().map(|(_, value)| Sql::Text(value)))
        .collect();
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
