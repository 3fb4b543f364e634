//! What was done, as a history to look through: by a person, on a referral, or at all.
//!
//! Owns this question to the log. It costs what it shows: each way has an index. Must not know how a step is taken back.

use super::StoreError;
use crate::domain::id::ReferralId;
use crate::domain::time::{Stamp, parse_stamp};
use rusqlite::{Connection, Row};

/// Whose history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    /// What a person did.
    Person(String),
    /// What was done with a referral, by whomever: people, scripts, rules.
    Referral(ReferralId),
    /// Everything.
    All,
}

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// The action's number.
    pub action: i64,
    /// When.
    pub at: Stamp,
    /// Who: a person, or the program itself.
    pub actor: String,
    /// What stands behind it: a key, the clock, a script.
    pub cause: String,
    /// The command's name.
    pub command: String,
    /// The referral.
    pub referral: Option<ReferralId>,
    /// What it changed, as its receipt says it; a step of the clock names its rule first. No patient data.
    pub changed: Vec<String>,
    /// The action that it takes back, where it is an undo.
    pub undo_of: Option<i64>,
    /// The action by which it was taken back, where that still stands.
    pub undone_by: Option<i64>,
}

const COLUMNS: &str = "a.id, a.at, a.actor, a.cause, a.command, a.referral, a.receipt, a.undo_of,
    (SELECT max(u.id) FROM action u WHERE u.undo_of = a.id
        AND NOT EXISTS (SELECT 1 FROM action r WHERE r.undo_of = u.id))";

/// The latest deeds, the latest first.
///
/// # Errors
/// SQLite's.
pub fn deeds(connection: &Connection, of: &Of, limit: usize) -> Result<Vec<Deed>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    match of {
        Of::Person(name) => {
            let sql =
                format!("SELECT {COLUMNS} FROM action a WHERE a.actor = ?1 ORDER BY a.id DESC LIMIT ?2");
            read(connection, &sql, (name, limit))
        }
        Of::Referral(id) => {
            // A referral's actions are found by its events: they have the index.
            let sql = format!(
                "SELECT {COLUMNS} FROM action a WHERE a.id IN
                    (SELECT action FROM event WHERE referral = ?1 GROUP BY action ORDER BY action DESC LIMIT ?2)
                 ORDER BY a.id DESC LIMIT ?2"
            );
            read(connection, &sql, (id.0, limit))
        }
        Of::All => {
            let sql = format!("SELECT {COLUMNS} FROM action a ORDER BY a.id DESC LIMIT ?1");
            read(connection, &sql, [limit])
        }
    }
}

fn read(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<Deed>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(parameters, row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn row(row: &Row<'_>) -> rusqlite::Result<Deed> {
    let at: String = row.get(1)?;
    let receipt: String = row.get(6)?;
    let broken = |column, why: String| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, why.into())
    };
    let receipt: serde_json::Value =
        serde_json::from_str(&receipt).map_err(|error| broken(6, error.to_string()))?;
    let changed = receipt.get("changed").and_then(|changed| changed.as_array());
    let lines = changed.into_iter().flatten();
    Ok(Deed {
        action: row.get(0)?,
        at: parse_stamp(&at).map_err(|why| broken(1, why.to_string()))?,
        actor: row.get(2)?,
        cause: row.get(3)?,
        command: row.get(4)?,
        referral: row.get::<_, Option<i64>>(5)?.map(ReferralId),
        changed: lines
            .filter_map(|line| line.as_str().map(str::to_owned))
            .collect(),
        undo_of: row.get(7)?,
        undone_by: row.get(8)?,
    })
}
