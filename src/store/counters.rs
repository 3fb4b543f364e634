//! The counters of the file: the next numbers of records and of referrals.
//!
//! Owns that a number is given out once. Must not know to what.

use super::StoreError;
use crate::domain::snapshot::Fresh;
use rusqlite::Connection;

/// Numbers that a decision may give out.
///
/// # Errors
/// SQLite's.
pub fn fresh(connection: &Connection, random: u64) -> Result<Fresh, StoreError> {
    Ok(Fresh {
        record: counter(connection, "record")?,
        referral: counter(connection, "referral")?,
        random,
    })
}

fn counter(connection: &Connection, name: &str) -> Result<i64, StoreError> {
    Ok(connection
        .prepare_cached("SELECT next FROM counter WHERE name = ?1")?
        .query_row([name], |row| row.get(0))?)
}

/// Keeps the counters where a decision left them.
///
/// # Errors
/// SQLite's.
pub fn keep(connection: &Connection, record: i64, referral: i64) -> Result<(), StoreError> {
    let mut statement =
        connection.prepare_cached("UPDATE counter SET next = ?2 WHERE name = ?1 AND next < ?2")?;
    statement.execute(("record", record))?;
    statement.execute(("referral", referral))?;
    Ok(())
}
