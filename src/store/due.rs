//! What is due: timers and messages, read from their indexes in due order, in bounded batches.

use super::StoreError;
use super::row;
use crate::domain::case::Timer;
use crate::domain::id::{MessageId, ReferralId};
use crate::domain::message::{Message, MessageKind, MessageState};
use crate::domain::person::Channel;
use crate::domain::time::{Stamp, parse_stamp, print_stamp};
use rusqlite::{Connection, OptionalExtension};

// Each of these is answered off a partial index whose condition it repeats word for word: SQLite proves no more than that. Where
// it cannot, it reads every message there ever was, at every tick.

/// The states that a person or the next pass has to see to.
const SEEN_TO: &str = "state IN ('sending', 'uncertain', 'failed', 'held')";
const DUE: &str = "SELECT id, referral, state, channel, kind, released_by IS NOT NULL FROM message";
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

/// A message that may leave, or whose sender may have died on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Which.
    pub message: MessageId,
    /// Whose.
    pub referral: ReferralId,
    /// `queued` or `sending`.
    pub state: MessageState,
    /// By which way.
    pub channel: Channel,
    /// What it says.
    pub kind: MessageKind,
    /// Whether somebody has read it.
    pub released: bool,
}

/// Messages whose sender may have died; `awake` leaves channels out.
fn orphans(awake: &str) -> String {
    format!("{DUE} WHERE state = 'sending' AND {SEEN_TO}{awake} ORDER BY id LIMIT ?1")
}

/// Messages whose time has come; `awake` leaves channels out.
fn leaving(awake: &str) -> String {
    format!("{DUE} WHERE state = 'queued' AND not_before <= ?1{awake} ORDER BY not_before, id LIMIT ?2")
}

/// Those in one of the states that are seen to.
fn out_of_line() -> String {
    format!("state = ?1 AND {SEEN_TO}")
}

fn held_sql() -> String {
    format!("{DUE} WHERE state = 'held' AND {SEEN_TO} AND detail = ?1 ORDER BY id LIMIT ?2")
}

fn due(row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<Due>> {
    let (state, channel, kind): (String, String, String) = (row.get(2)?, row.get(3)?, row.get(4)?);
    let state = MessageState::ALL.into_iter().find(|each| each.code() == state);
    let channel = Channel::ALL.into_iter().find(|each| each.code() == channel);
    let kind = MessageKind::ALL.into_iter().find(|each| each.code() == kind);
    let (Some(state), Some(channel), Some(kind)) = (state, channel, kind) else {
        return Ok(None);
    };
    Ok(Some(Due {
        message: MessageId(row.get(0)?),
        referral: ReferralId(row.get(1)?),
        state,
        channel,
        kind,
        released: row.get(5)?,
    }))
}

/// Messages that may leave, and those whose sender may have died on them; without those on channels that rest.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn messages(
    connection: &Connection,
    now: Stamp,
    limit: usize,
    resting: &[Channel],
) -> Result<Vec<Due>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let names: Vec<String> = resting
        .iter()
        .map(|channel| format!("'{}'", channel.code()))
        .collect();
    let awake = if names.is_empty() {
        String::new()
    } else {
        format!(" AND channel NOT IN ({})", names.join(", "))
    };
    let mut statement = connection.prepare_cached(&orphans(&awake))?;
    let mut all: Vec<Option<Due>> = statement.query_map([limit], due)?.collect::<Result<_, _>>()?;
    let mut statement = connection.prepare_cached(&leaving(&awake))?;
    let queued: Vec<Option<Due>> = statement
        .query_map((print_stamp(now), limit), due)?
        .collect::<Result<_, _>>()?;
    all.extend(queued);
    Ok(all.into_iter().flatten().collect())
}

/// Whether a message of this kind has left by this channel, or somebody has read one and let it go.
///
/// # Errors
/// SQLite's.
pub fn is_known(connection: &Connection, channel: Channel, kind: MessageKind) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM message WHERE channel = ?1 AND kind = ?2
        AND (sent_at IS NOT NULL OR released_by IS NOT NULL))";
    Ok(connection
        .prepare_cached(sql)?
        .query_row((channel.code(), kind.code()), |row| row.get(0))?)
}

/// Messages that are held with this detail.
///
/// # Errors
/// SQLite's.
pub fn held(connection: &Connection, detail: &str, limit: usize) -> Result<Vec<Due>, StoreError> {
    let mut statement = connection.prepare_cached(&held_sql())?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let all: Vec<Option<Due>> = statement
        .query_map((detail, limit), due)?
        .collect::<Result<_, _>>()?;
    Ok(all.into_iter().flatten().collect())
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
    let out_of_line = out_of_line();
    let which = match state {
        None => "?1 IS NULL",
        Some(MessageState::Sending | MessageState::Uncertain | MessageState::Failed | MessageState::Held) => {
            &out_of_line
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

/// A part of the outbox, as a person looks through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What needs somebody: failed, uncertain, held.
    Undecided,
    /// What waits for its time, the next first.
    Queued,
    /// What left, the latest first.
    Left,
    /// Everything, the latest first.
    All,
}

impl Part {
    /// Every part, in the order in which they are walked.
    pub const ALL: [Part; 4] = [Part::Undecided, Part::Queued, Part::Left, Part::All];

    /// What a person calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Part::Undecided => "needs somebody",
            Part::Queued => "waiting",
            Part::Left => "left",
            Part::All => "all",
        }
    }

    /// Which messages, and in what order: each by an index, so that it costs what is shown.
    const fn sql(self) -> &'static str {
        match self {
            Part::Undecided => {
                "WHERE state <> 'sending' AND state IN ('sending', 'uncertain', 'failed', 'held') ORDER BY state = 'held', id DESC"
            }
            Part::Queued => "WHERE state = 'queued' ORDER BY not_before, id",
            Part::Left => "WHERE state IN ('handed-over', 'delivered', 'acknowledged') ORDER BY id DESC",
            Part::All => "ORDER BY id DESC",
        }
    }
}

/// Messages of a part of the outbox.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn part(connection: &Connection, part: Part, limit: usize) -> Result<Vec<Message>, StoreError> {
    let columns = row::column_list::<Message>();
    let sql = format!("SELECT {columns} FROM message {} LIMIT ?1", part.sql());
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
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
        let troubled = format!(
            "SELECT id FROM message WHERE {} ORDER BY id DESC LIMIT ?2",
            out_of_line()
        );
        let (orphans, leaving, held) = (orphans(""), leaving(" AND channel NOT IN ('sms')"), held_sql());
        for sql in [&*orphans, &leaving, &held, NEXT, NEXT_TIMER, &timers, &troubled] {
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
