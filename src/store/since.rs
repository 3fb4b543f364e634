//! What happened since a moment, and what comes due: read by time, in bounded pieces.
//!
//! Owns these questions. What they cost follows from what happened since, never from what is stored. Must not know what a
//! change means to anybody.

use super::board::LogEntry;
use super::log;
use super::past;
use super::{Store, StoreError};
use crate::domain::id::ReferralId;
use crate::domain::time::{Stamp, parse_stamp, print_stamp};
use rusqlite::{Connection, OptionalExtension};

/// Changes since a moment.
#[derive(Debug, Default)]
pub struct Changes {
    /// The latest first, each with the referral that it is about.
    pub entries: Vec<(ReferralId, LogEntry)>,
    /// There were so many more, earlier, that were not read.
    pub unread: u64,
}

/// The changes to referrals since a moment, the latest `most` of them.
///
/// # Errors
/// SQLite's, or `Corrupt`.
fn changes(connection: &Connection, since: Stamp, most: usize) -> Result<Changes, StoreError> {
    let cut = past::cut(connection, since)?;
    let head = log::head(connection)?.0;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let first = cut.max(head.saturating_sub(most));
    let mut statement = connection.prepare_cached(
        "SELECT seq, action, at, actor, cause, fact, referral FROM event
         WHERE seq > ?1 AND referral IS NOT NULL ORDER BY seq DESC",
    )?;
    let mut rows = statement.query([first])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push((ReferralId(row.get(6)?), log::entry(row)?));
    }
    Ok(Changes {
        entries,
        unread: u64::try_from(first - cut).unwrap_or(0),
    })
}

/// Open referrals whose next action came due in a stretch of time, the earliest first.
///
/// # Errors
/// SQLite's.
fn due(connection: &Connection, from: Stamp, to: Stamp, limit: usize) -> Result<Vec<ReferralId>, StoreError> {
    ids(
        connection,
        "SELECT id FROM referral WHERE list IS NOT NULL AND due_at > ?1 AND due_at <= ?2 ORDER BY due_at, id LIMIT ?3",
        from,
        to,
        limit,
    )
}

/// Open referrals for which a call was promised in a stretch of time, the earliest first, each with its time.
///
/// # Errors
/// SQLite's, or `Corrupt`.
fn promised(
    connection: &Connection,
    to: Stamp,
    limit: usize,
) -> Result<Vec<(ReferralId, Stamp)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, callback_at FROM referral WHERE list IS NOT NULL AND callback_at IS NOT NULL AND callback_at <= ?1
         ORDER BY callback_at, id LIMIT ?2",
    )?;
    let mut rows = statement.query((print_stamp(to), i64::try_from(limit).unwrap_or(i64::MAX)))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let at = parse_stamp(&row.get::<_, String>(1)?).map_err(|why| StoreError::Corrupt {
            what: "referral",
            why,
        })?;
        all.push((ReferralId(row.get(0)?), at));
    }
    Ok(all)
}

fn ids(
    connection: &Connection,
    sql: &'static str,
    from: Stamp,
    to: Stamp,
    limit: usize,
) -> Result<Vec<ReferralId>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map((print_stamp(from), print_stamp(to), limit), |row| {
        row.get(0).map(ReferralId)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// When somebody last changed anything.
///
/// # Errors
/// SQLite's, or `Corrupt`.
fn last_act(connection: &Connection, actor: &str) -> Result<Option<Stamp>, StoreError> {
    let at: Option<String> = connection
        .prepare_cached("SELECT at FROM action WHERE actor = ?1 ORDER BY id DESC LIMIT 1")?
        .query_row([actor], |row| row.get(0))
        .optional()?;
    at.map(|at| parse_stamp(&at).map_err(|why| StoreError::Corrupt { what: "action", why }))
        .transpose()
}

impl Store {
    /// The changes to referrals since a moment, the latest `most` of them.
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn changes_since(&self, since: Stamp, most: usize) -> Result<Changes, StoreError> {
        self.read(|connection| changes(connection, since, most))
    }

    /// Open referrals whose next action came due in a stretch of time, the earliest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn due_between(&self, from: Stamp, to: Stamp, limit: usize) -> Result<Vec<ReferralId>, StoreError> {
        due(&self.connection, from, to, limit)
    }

    /// Open referrals for which a call was promised by a moment, the earliest first, each with its time.
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn promised_by(&self, to: Stamp, limit: usize) -> Result<Vec<(ReferralId, Stamp)>, StoreError> {
        promised(&self.connection, to, limit)
    }

    /// When somebody last changed anything.
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn last_act(&self, actor: &str) -> Result<Option<Stamp>, StoreError> {
        last_act(&self.connection, actor)
    }
}
