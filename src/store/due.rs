//! What is due: timers and messages, read from their indexes in due order, in bounded batches.

use super::StoreError;
use super::row;
use crate::domain::case::Timer;
use crate::domain::id::{MessageId, ReferralId};
use crate::domain::message::{Message, MessageState};
use crate::domain::time::{Stamp, parse_stamp, print_stamp};
use rusqlite::{Connection, OptionalExtension};

// Each of these is answered off a partial index whose condition it repeats word for word: SQLite proves no more than that. Where
// it cannot, it reads every message there ever was, at every tick.
const ORPHANS: &str = "SELECT id, referral FROM message
    WHERE state = 'sending' AND state IN ('sending', 'uncertain', 'failed', 'held') ORDER BY id LIMIT ?1";
/// Messages in one of the states that a person or the next pass has to see to.
const OUT_OF_LINE: &str = "state = ?1 AND state IN ('sending', 'uncertain', 'failed', 'held')";
const LEAVING: &str = "SELECT id, referral FROM message WHERE state = 'queued' AND not_before <= ?1
    ORDER BY not_before, id LIMIT ?2";
const NEXT: &str = "SELECT min(at) FROM (
    SELECT * FROM (SELECT due_at AS at FROM timer WHERE state = 'pending' ORDER BY due_at LIMIT 1)
    UNION ALL SELECT * FROM (SELECT not_before AS at FROM message WHERE state = 'queued' ORDER BY not_before LIMIT 1))";
const NEXT_TIMER: &str = "SELECT due_at FROM timer WHERE state = 'pending' ORDER BY due_at LIMIT 1";
const TIMERS: &str =
    "FROM timer WHERE state = 'pending' AND due_at <= ?1 ORDER BY due_at, id LIMIT ?2 OFFSET ?3";

/// Pending timers that are due, the earliest first, but for the first `skip`.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn timers(
    connection: &Connection,
    now: Stamp,
    limit: usize,
    skip: usize,
) -> Result<Vec<Timer>, StoreError> {
    let sql = format!("SELECT {} {TIMERS}", row::column_list::<Timer>());
    let mut statement = connection.prepare_cached(&sql)?;
    let many = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let mut rows = statement.query((print_stamp(now), many(limit), many(skip)))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(row::read::<Timer>(row)?);
    }
    Ok(all)
}

/// Messages that may leave, and those whose sender may have died on them.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn messages(
    connection: &Connection,
    now: Stamp,
    limit: usize,
) -> Result<Vec<(MessageId, ReferralId, MessageState)>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut all = Vec::new();
    let mut orphans = connection.prepare_cached(ORPHANS)?;
    let mut rows = orphans.query([limit])?;
    while let Some(row) = rows.next()? {
        all.push((
            MessageId(row.get(0)?),
            ReferralId(row.get(1)?),
            MessageState::Sending,
        ));
    }
    let mut due = connection.prepare_cached(LEAVING)?;
    let mut rows = due.query((print_stamp(now), limit))?;
    while let Some(row) = rows.next()? {
        all.push((
            MessageId(row.get(0)?),
            ReferralId(row.get(1)?),
            MessageState::Queued,
        ));
    }
    Ok(all)
}

/// When the next timer or message is due.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn next(connection: &Connection) -> Result<Option<Stamp>, StoreError> {
    let at: Option<String> = connection
        .prepare_cached(NEXT)?
        .query_row([], |row| row.get(0))
        .optional()?
        .flatten();
    at.map(|at| parse_stamp(&at).map_err(|why| StoreError::Corrupt { what: "timer", why }))
        .transpose()
}

/// When the next timer is due.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn next_timer(connection: &Connection) -> Result<Option<Stamp>, StoreError> {
    let at: Option<String> = connection
        .prepare_cached(NEXT_TIMER)?
        .query_row([], |row| row.get(0))
        .optional()?;
    at.map(|at| parse_stamp(&at).map_err(|why| StoreError::Corrupt { what: "timer", why }))
        .transpose()
}

/// Messages of a state, the latest first; of every state where none is named.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn outbox(
    connection: &Connection,
    state: Option<MessageState>,
    limit: usize,
) -> Result<Vec<Message>, StoreError> {
    let which = match state {
        None => "?1 IS NULL",
        Some(MessageState::Sending | MessageState::Uncertain | MessageState::Failed | MessageState::Held) => {
            OUT_OF_LINE
        }
        Some(MessageState::Queued) => "state = 'queued' AND state = ?1",
        Some(
            MessageState::HandedOver
            | MessageState::Delivered
            | MessageState::Acknowledged
            | MessageState::Cancelled,
        ) => "state = ?1",
    };
    let sql = format!(
        "SELECT {} FROM message WHERE {which} ORDER BY id DESC LIMIT ?2",
        row::column_list::<Message>()
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query((
        state.map(MessageState::code),
        i64::try_from(limit).unwrap_or(i64::MAX),
    ))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(row::read::<Message>(row)?);
    }
    Ok(all)
}

/// A message.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn message(connection: &Connection, id: MessageId) -> Result<Option<Message>, StoreError> {
    row::get(connection, id.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::open::{open, plan};

    #[test]
    fn what_a_tick_asks_is_answered_off_an_index() {
        let folder = tempfile::tempdir().expect("a folder");
        let connection = open(&folder.path().join("refdesk.db"), folder.path()).expect("a database");
        let timers = format!("SELECT id {TIMERS}");
        let troubled = format!("SELECT id FROM message WHERE {OUT_OF_LINE} ORDER BY id DESC LIMIT ?2");
        for sql in [ORPHANS, LEAVING, NEXT, NEXT_TIMER, &timers, &troubled] {
            let plan = plan(&connection, sql).expect("a plan");
            let reads: Vec<&String> = plan
                .iter()
                .filter(|step| step.contains("timer") || step.contains("message"))
                .collect();
            assert!(!reads.is_empty(), "{sql}: {plan:?}");
            assert!(reads.iter().all(|step| step.contains("INDEX")), "{sql}: {plan:?}");
            assert!(
                !plan.iter().any(|step| step.contains("B-TREE")),
                "{sql}: {plan:?}"
            );
        }
    }
}
