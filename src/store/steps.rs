//! Actions as steps of a person: which one undo takes back, and which one redo.
//!
//! Owns these questions to the log. Must not know what a step changed.

use super::StoreError;
use crate::domain::id::PatientId;
use crate::domain::record::Entity;
use rusqlite::{Connection, OptionalExtension, Row};
use std::collections::BTreeSet;

/// Who did an action.
///
/// # Errors
/// SQLite's.
pub fn actor_of(connection: &Connection, action: i64) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT actor FROM action WHERE id = ?1")?;
    Ok(statement.query_row([action], |row| row.get(0)).optional()?)
}

/// An action that can be undone or redone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number.
    pub action: i64,
    /// Its batch.
    pub batch: Option<String>,
    /// The command's name.
    pub command: String,
    /// The action that it undoes.
    pub undo_of: Option<i64>,
}

/// The latest action of an actor that was not undone, and was itself no undo: what `u` takes back.
///
/// # Errors
/// SQLite's.
pub fn last_done(connection: &Connection, actor: &str) -> Result<Option<Step>, StoreError> {
    step(
        connection,
        "SELECT id, batch, command, undo_of FROM action a WHERE actor = ?1 AND cause = 'key' AND undo_of IS NULL AND joint IS NULL
             AND NOT EXISTS (SELECT 1 FROM action u WHERE u.undo_of = a.id
                 AND NOT EXISTS (SELECT 1 FROM action r WHERE r.undo_of = u.id))
         ORDER BY id DESC LIMIT 1",
        actor,
    )
}

/// The latest undo of an actor that was not undone in turn, unless something else was done since: what redo takes back.
///
/// # Errors
/// SQLite's.
pub fn last_undone(connection: &Connection, actor: &str) -> Result<Option<Step>, StoreError> {
    step(
        connection,
        "SELECT id, batch, command, undo_of FROM action u WHERE actor = ?1 AND undo_of IS NOT NULL AND joint IS NULL
             AND NOT EXISTS (SELECT 1 FROM action t WHERE t.id = u.undo_of AND t.undo_of IS NOT NULL)
             AND NOT EXISTS (SELECT 1 FROM action r WHERE r.undo_of = u.id)
             AND NOT EXISTS (SELECT 1 FROM action n WHERE n.actor = ?1 AND n.cause = 'key' AND n.undo_of IS NULL AND n.id > u.id)
         ORDER BY id DESC LIMIT 1",
        actor,
    )
}

fn step(connection: &Connection, sql: &'static str, actor: &str) -> Result<Option<Step>, StoreError> {
    let read = |row: &Row<'_>| {
        Ok(Step {
            action: row.get(0)?,
            batch: row.get(1)?,
            command: row.get(2)?,
            undo_of: row.get(3)?,
        })
    };
    Ok(connection
        .prepare_cached(sql)?
        .query_row([actor], read)
        .optional()?)
}

/// Whether an action was undone, and the undo was not itself undone.
///
/// # Errors
/// SQLite's.
pub fn is_undone(connection: &Connection, action: i64) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM action u WHERE u.undo_of = ?1 AND NOT EXISTS (SELECT 1 FROM action r WHERE r.undo_of = u.id))";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([action], |row| row.get(0))?)
}

/// The actions that stand and fall with one, the latest first.
///
/// # Errors
/// SQLite's.
pub fn joined(connection: &Connection, action: i64) -> Result<Vec<i64>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT id FROM action WHERE joint = ?1 ORDER BY id DESC")?;
    let rows = statement.query_map([action], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The action that one stands and falls with; itself, where it stands alone.
///
/// # Errors
/// SQLite's.
pub fn leader(connection: &Connection, action: i64) -> Result<i64, StoreError> {
    let mut statement = connection.prepare_cached("SELECT coalesce(joint, id) FROM action WHERE id = ?1")?;
    let found = statement.query_row([action], |row| row.get(0)).optional()?;
    Ok(found.unwrap_or(action))
}

/// The actions of an actor's batch, the latest first.
///
/// # Errors
/// SQLite's.
pub fn batch_of(connection: &Connection, batch: &str, actor: &str) -> Result<Vec<i64>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM action WHERE batch = ?1 AND actor = ?2 AND joint IS NULL ORDER BY id DESC",
    )?;
    Ok(statement
        .query_map([batch, actor], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Whether an action with this client id was done, with its receipt.
///
/// # Errors
/// SQLite's.
pub fn receipt_of(connection: &Connection, client_id: &str) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT receipt FROM action WHERE client_id = ?1")?;
    Ok(statement.query_row([client_id], |row| row.get(0)).optional()?)
}

/// The last, in the order of letters, of the client ids of actions that begin so.
///
/// # Errors
/// SQLite's.
pub fn last_of(connection: &Connection, prefix: &str) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT client_id FROM action WHERE client_id > ?1 AND client_id < ?2 ORDER BY client_id DESC LIMIT 1",
    )?;
    let found = statement.query_row([prefix, &format!("{prefix}~")], |row| row.get(0));
    Ok(found.optional()?)
}

/// The fields of a patient's record that a person has corrected, or has typed when the patient called.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn corrected(connection: &Connection, patient: PatientId) -> Result<BTreeSet<String>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT e.patches FROM referral r JOIN event e ON e.referral = r.id
         WHERE r.patient = ?1 AND e.cause IN ('key', 'script') AND (e.fact LIKE '{\"fact\":\"amended\"%'
             OR r.source = 'phone' AND e.fact LIKE '{\"fact\":\"person-added\"%')",
    )?;
    let mut rows = statement.query([patient.0])?;
    let mut all = BTreeSet::new();
    while let Some(row) = rows.next()? {
        for patch in super::log::patches(&row.get::<_, String>(0)?)? {
            if patch.entity == Entity::Patient && patch.id == patient.0 {
                // Of a new record only what it says counts; a language that nobody asked for is the usual one.
                let new = patch.before.is_none();
                let said = patch.after.into_iter().flat_map(|fields| fields.read());
                let said = said.filter(|(name, value)| !new || !value.is_null() && name != "language");
                all.extend(said.map(|(name, _)| name));
            }
        }
    }
    Ok(all)
}
