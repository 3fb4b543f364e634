//! The log: actions and their events, append-only and hash-chained.
//!
//! Owns the chain: each event's hash is SHA-256 over the hash before it and the event's own fields, each preceded by its
//! length, so that no two different logs have the same encoding. Must not know what an event means.

pub use super::steps::{
    Step, actor_of, batch_of, corrected, is_undone, joined, last_done, last_of, last_undone, leader,
    receipt_of,
};

use super::StoreError;
use super::board::LogEntry;
use crate::domain::event::{Event, Fact};
use crate::domain::id::ReferralId;
use crate::domain::record::Patch;
use crate::domain::time::{Stamp, parse_stamp, print_stamp};
use rusqlite::{Connection, OptionalExtension, Row};
use sha2::{Digest, Sha256};

/// The head of an empty chain.
const GENESIS: [u8; 32] = [0; 32];

/// Who did an action, when and why.
#[derive(Clone, Debug)]
pub struct Header<'a> {
    /// When.
    pub at: Stamp,
    /// Who.
    pub actor: &'a str,
    /// In which role.
    pub role: &'static str,
    /// What stands behind it.
    pub cause: &'static str,
    /// The referral.
    pub referral: Option<ReferralId>,
}

/// What an action was.
#[derive(Clone, Debug)]
pub struct Action<'a> {
    /// The client's own id.
    pub client_id: Option<&'a str>,
    /// The batch that it belongs to.
    pub batch: Option<&'a str>,
    /// The command's name.
    pub command: &'a str,
    /// The action that it undoes.
    pub undo_of: Option<i64>,
    /// The action that it stands and falls with.
    pub joint: Option<i64>,
    /// The receipt.
    pub receipt: &'a str,
}

/// The number of the next action.
///
/// # Errors
/// SQLite's.
pub fn next_action(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection
        .prepare_cached("SELECT coalesce(max(id), 0) + 1 FROM action")?
        .query_row([], |row| row.get(0))?)
}

/// What an event shares with the action that it belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub action: i64,
    /// RFC 3339.
    pub at: &'a str,
    pub actor: &'a str,
    pub cause: &'a str,
    pub referral: Option<i64>,
}

/// The end of the log within one transaction: what the next action and the next event follow on.
#[derive(Clone, Debug)]
pub struct End {
    /// The number of the next action.
    pub action: i64,
    seq: i64,
    head: [u8; 32],
}

impl End {
    /// Reads it.
    ///
    /// # Errors
    /// SQLite's.
    pub fn of(connection: &Connection) -> Result<End, StoreError> {
        let (seq, head) = head(connection)?;
        Ok(End {
            action: next_action(connection)?,
            seq,
            head,
        })
    }

    /// Appends the next action and its events.
    ///
    /// # Errors
    /// SQLite's.
    pub fn append(
        &mut self,
        connection: &Connection,
        header: &Header<'_>,
        action: &Action<'_>,
        events: &[Event],
    ) -> Result<(), StoreError> {
        let at = print_stamp(header.at);
        let entry = Entry {
            action: self.action,
            at: &at,
            actor: header.actor,
            cause: header.cause,
            referral: header.referral.map(|id| id.0),
        };
        put_action(connection, &entry, header.role, action)?;
        for event in events {
            self.put(connection, &entry, &json(&event.fact)?, &json(&event.patches)?)?;
        }
        self.action += 1;
        Ok(())
    }

    /// Puts the next event of the chain.
    pub(super) fn put(
        &mut self,
        connection: &Connection,
        entry: &Entry<'_>,
        fact: &str,
        patches: &str,
    ) -> Result<(), StoreError> {
        self.seq += 1;
        self.head = put_event(connection, &self.head, self.seq, entry, fact, patches)?;
        Ok(())
    }
}

pub(super) fn put_action(
    connection: &Connection,
    entry: &Entry<'_>,
    role: &str,
    action: &Action<'_>,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO action (id, client_id, at, actor, role, cause, batch, command, referral, undo_of, receipt, joint)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute((
            entry.action,
            action.client_id,
            entry.at,
            entry.actor,
            role,
            entry.cause,
            action.batch,
            action.command,
            entry.referral,
            action.undo_of,
            action.receipt,
            action.joint,
        ))?;
    Ok(())
}

fn put_event(
    connection: &Connection,
    before: &[u8; 32],
    seq: i64,
    entry: &Entry<'_>,
    fact: &str,
    patches: &str,
) -> Result<[u8; 32], StoreError> {
    let hash = link(before, seq, entry, fact, patches);
    connection
        .prepare_cached(
            "INSERT INTO event (seq, action, at, actor, cause, referral, fact, patches, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute((
            seq,
            entry.action,
            entry.at,
            entry.actor,
            entry.cause,
            entry.referral,
            fact,
            patches,
            hash.as_slice(),
        ))?;
    Ok(hash)
}

pub(super) fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt {
        what: "event",
        why: error.to_string(),
    })
}

fn link(before: &[u8; 32], seq: i64, entry: &Entry<'_>, fact: &str, patches: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(seq.to_be_bytes());
    hash.update(entry.action.to_be_bytes());
    hash.update(entry.referral.unwrap_or(-1).to_be_bytes());
    for field in [entry.at, entry.actor, entry.cause, fact, patches] {
        hash.update((field.len() as u64).to_be_bytes());
        hash.update(field.as_bytes());
    }
    hash.finalize().into()
}

/// The number and the hash of the last event.
///
/// # Errors
/// SQLite's.
pub fn head(connection: &Connection) -> Result<(i64, [u8; 32]), StoreError> {
    let last = connection
        .prepare_cached("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))
        .optional()?;
    Ok(match last {
        Some((seq, hash)) => (seq, hash.try_into().unwrap_or(GENESIS)),
        None => (0, GENESIS),
    })
}

/// The hash of an event, in hexadecimal; for number 0, of the empty log.
///
/// # Errors
/// SQLite's.
pub fn hash_at(connection: &Connection, seq: i64) -> Result<Option<String>, StoreError> {
    if seq == 0 {
        return Ok(Some(hex(&GENESIS)));
    }
    let hash = connection
        .prepare_cached("SELECT hash FROM event WHERE seq = ?1")?
        .query_row([seq], |row| row.get::<_, Vec<u8>>(0))
        .optional()?;
    Ok(hash.map(|hash| hex(&hash)))
}

/// The head as it is written down beside backups: the count and the hash in hexadecimal.
///
/// # Errors
/// SQLite's.
pub fn head_line(connection: &Connection) -> Result<String, StoreError> {
    let (count, hash) = head(connection)?;
    Ok(format!("{count} {}", hex(&hash)))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Walks the chain; the first event whose hash is not what it should be.
///
/// # Errors
/// SQLite's.
pub fn first_broken(connection: &Connection) -> Result<Option<i64>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT seq, action, at, actor, cause, referral, fact, patches, hash FROM event ORDER BY seq",
    )?;
    let mut rows = statement.query([])?;
    let (mut before, mut expected) = (GENESIS, 1);
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        let text = |place: usize| row.get_ref(place).map(|value| value.as_str().unwrap_or_default());
        let entry = Entry {
            action: row.get(1)?,
            at: text(2)?,
            actor: text(3)?,
            cause: text(4)?,
            referral: row.get(5)?,
        };
        let hash = link(&before, seq, &entry, text(6)?, text(7)?);
        if seq != expected || row.get_ref(8)?.as_blob().ok() != Some(hash.as_slice()) {
            return Ok(Some(seq));
        }
        before = hash;
        expected += 1;
    }
    Ok(None)
}

/// The timeline of a referral, the latest first.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn timeline(connection: &Connection, id: ReferralId, limit: usize) -> Result<Vec<LogEntry>, StoreError> {
    timeline_upto(connection, id, limit, i64::MAX)
}

/// The timeline of a referral up to an event, the latest first.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn timeline_upto(
    connection: &Connection,
    id: ReferralId,
    limit: usize,
    last: i64,
) -> Result<Vec<LogEntry>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, action, at, actor, cause, fact FROM event WHERE referral = ?1 AND seq <= ?3 ORDER BY seq DESC LIMIT ?2",
    )?;
    let mut rows = statement.query((id.0, i64::try_from(limit).unwrap_or(i64::MAX), last))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(entry(row)?);
    }
    Ok(all)
}

pub(super) fn entry(row: &Row<'_>) -> Result<LogEntry, StoreError> {
    let corrupt = |why: String| StoreError::Corrupt { what: "event", why };
    let fact: String = row.get(5)?;
    let fact: Fact = serde_json::from_str(&fact).map_err(|error| corrupt(error.to_string()))?;
    let at: String = row.get(2)?;
    Ok(LogEntry {
        seq: row.get(0)?,
        action: row.get(1)?,
        at: parse_stamp(&at).map_err(corrupt)?,
        actor: row.get(3)?,
        cause: row.get(4)?,
        fact,
    })
}

/// The changes of an action, in order, with the referral that it was about.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn changes_of(
    connection: &Connection,
    action: i64,
) -> Result<(Option<ReferralId>, Vec<Patch>), StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT referral, patches FROM event WHERE action = ?1 ORDER BY seq")?;
    let mut rows = statement.query([action])?;
    let (mut referral, mut all) = (None, Vec::new());
    while let Some(row) = rows.next()? {
        referral = row.get::<_, Option<i64>>(0)?.map(ReferralId);
        all.extend(patches(&row.get::<_, String>(1)?)?);
    }
    Ok((referral, all))
}

pub(in crate::store) fn patches(text: &str) -> Result<Vec<Patch>, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt {
        what: "event",
        why: error.to_string(),
    })
}

/// Calls back with every action's changes, from the first on: an action is the unit in which the tables were written.
///
/// # Errors
/// SQLite's, `Corrupt`, or the callback's.
pub fn each_action(
    connection: &Connection,
    mut call: impl FnMut(&[Patch]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare("SELECT action, patches FROM event ORDER BY seq")?;
    let mut rows = statement.query([])?;
    let (mut current, mut changes) = (None, Vec::new());
    while let Some(row) = rows.next()? {
        let action: i64 = row.get(0)?;
        if current.is_some_and(|current| current != action) {
            call(&changes)?;
            changes.clear();
        }
        current = Some(action);
        changes.extend(patches(&row.get::<_, String>(1)?)?);
    }
    call(&changes)
}
