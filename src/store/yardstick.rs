//! Yardsticks: the same rows read and written with plain SQL, for `refdesk bench` to hold the program against.
//!
//! Owns what "the same work without the program" is. Used by the bench alone; must not be clever.

use super::row::{Stored, column_list};
use super::{StoreError, open};
use crate::domain::case::{Appointment, Document, InfoRequest, Milestone, Note, Task, Timer};
use crate::domain::coverage::Coverage;
use crate::domain::id::ReferralId;
use crate::domain::message::Message;
use crate::domain::person::{Organization, Patient, Practitioner};
use crate::domain::record::{Entity, Patch};
use crate::domain::referral::Referral;
use crate::domain::time::{Stamp, print_stamp};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OpenFlags};
use std::io::Write;
use std::path::Path;

/// Rows that a screen shows.
const SCREEN: usize = 40;

/// Reads the rows of a screen in a process that does nothing else, and prints them: the least that any program must do.
///
/// # Errors
/// SQLite's, or `File` where standard output is gone.
pub fn raw_screen(path: &Path, out: &mut dyn Write) -> Result<(), StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    let mut statement = connection.prepare(&format!(
        "SELECT r.id, r.version, r.list, r.priority, r.status, r.status_since, r.received_at, r.due_at, r.next_action,
             r.acknowledged_at, p.filed, p.dob, p.sex, r.specialty, r.service, r.owner, json_array_length(r.missing), r.attempts
         FROM referral r JOIN patient p ON p.id = r.patient
         WHERE r.list = 'review' AND r.priority = 'routine' ORDER BY r.received_at, r.id LIMIT {SCREEN}"
    ))?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let file = |source| StoreError::File {
        path: path.to_owned(),
        source,
    };
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            write!(out, "{:?}|", row.get_ref(column)?.data_type()).map_err(file)?;
        }
        writeln!(out).map_err(file)?;
    }
    Ok(())
}

/// Rows as SQL with its values.
pub struct Rows(Vec<(String, Vec<Sql>)>);

impl Rows {
    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A second file, with the same schema and the same settings.
pub struct Yardstick {
    connection: Connection,
}

impl Yardstick {
    /// Makes an empty one.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn new(path: &Path) -> Result<Yardstick, StoreError> {
        let _ = std::fs::remove_file(path);
        let connection = open::open(path, path.parent().unwrap_or(Path::new(".")))?;
        // Rows come in whatever order, and without what they point to.
        connection.pragma_update(None, "foreign_keys", "OFF")?;
        Ok(Yardstick { connection })
    }

    /// Writes rows in one durable transaction.
    ///
    /// # Errors
    /// SQLite's.
    pub fn write(&self, rows: &Rows) -> Result<(), StoreError> {
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        for (sql, values) in &rows.0 {
            self.connection
                .prepare_cached(sql)?
                .execute(rusqlite::params_from_iter(values))?;
        }
        self.connection.execute_batch("COMMIT")?;
        Ok(())
    }
}

/// The rows that actions wrote: themselves, their events, and the records that these changed, as they are now.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn written(connection: &Connection, actions: &[i64]) -> Result<Rows, StoreError> {
    let mut rows = Vec::new();
    for action in actions {
        copy(connection, "action", "*", "id = ?1", *action, &mut rows)?;
        copy(connection, "event", "*", "action = ?1", *action, &mut rows)?;
        let (_, changes) = super::log::changes_of(connection, *action)?;
        let mut records: Vec<(Entity, i64)> = changes
            .iter()
            .map(|patch: &Patch| (patch.entity, patch.id))
            .collect();
        records.sort_unstable();
        records.dedup();
        for (entity, id) in records {
            record(connection, entity, id, &mut rows)?;
            if let Some(row) = super::find::row_of(entity, id) {
                found_by(connection, row, &mut rows)?;
            }
        }
        rows.push(("UPDATE counter SET next = next + 1".into(), Vec::new()));
    }
    Ok(Rows(rows))
}

/// The row by which a person is found, where this action made it: it is written anew, as the store would.
fn found_by(connection: &Connection, row: i64, rows: &mut Vec<(String, Vec<Sql>)>) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("SELECT text FROM find WHERE rowid = ?1")?;
    let mut found = statement.query([row])?;
    while let Some(text) = found.next()? {
        let sql = "INSERT OR REPLACE INTO find (rowid, text) VALUES (?1, ?2)".to_owned();
        rows.push((sql, vec![Sql::Integer(row), text.get(0)?]));
    }
    Ok(())
}

/// The rows around a referral, so that writing them again is an update.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn around(connection: &Connection, referral: ReferralId) -> Result<Rows, StoreError> {
    let mut rows = Vec::new();
    record(connection, Entity::Referral, referral.0, &mut rows)?;
    fn all<T: Stored>(
        connection: &Connection,
        id: ReferralId,
        rows: &mut Vec<(String, Vec<Sql>)>,
    ) -> Result<(), StoreError> {
        copy(
            connection,
            T::TABLE,
            &column_list::<T>(),
            "referral = ?1",
            id.0,
            rows,
        )
    }
    all::<Coverage>(connection, referral, &mut rows)?;
    all::<Milestone>(connection, referral, &mut rows)?;
    all::<Task>(connection, referral, &mut rows)?;
    all::<Timer>(connection, referral, &mut rows)?;
    all::<InfoRequest>(connection, referral, &mut rows)?;
    all::<Note>(connection, referral, &mut rows)?;
    all::<Appointment>(connection, referral, &mut rows)?;
    all::<Message>(connection, referral, &mut rows)?;
    all::<Document>(connection, referral, &mut rows)?;
    Ok(Rows(rows))
}

fn record(
    connection: &Connection,
    entity: Entity,
    id: i64,
    rows: &mut Vec<(String, Vec<Sql>)>,
) -> Result<(), StoreError> {
    let (table, columns) = match entity {
        Entity::Patient => (
            Patient::TABLE,
            format!("{}, filed, match_key", column_list::<Patient>()),
        ),
        Entity::Practitioner => (
            Practitioner::TABLE,
            format!("{}, filed, match_key", column_list::<Practitioner>()),
        ),
        Entity::Organization => (
            Organization::TABLE,
            format!("{}, match_key", column_list::<Organization>()),
        ),
        Entity::Referral => (Referral::TABLE, column_list::<Referral>()),
        Entity::Coverage => (Coverage::TABLE, column_list::<Coverage>()),
        Entity::Milestone => (Milestone::TABLE, column_list::<Milestone>()),
        Entity::Task => (Task::TABLE, column_list::<Task>()),
        Entity::Timer => (Timer::TABLE, column_list::<Timer>()),
        Entity::InfoRequest => (InfoRequest::TABLE, column_list::<InfoRequest>()),
        Entity::Note => (Note::TABLE, column_list::<Note>()),
        Entity::Appointment => (Appointment::TABLE, column_list::<Appointment>()),
        Entity::Message => (Message::TABLE, column_list::<Message>()),
        Entity::Document => (Document::TABLE, column_list::<Document>()),
    };
    copy(connection, table, &columns, "id = ?1", id, rows)
}

fn copy(
    connection: &Connection,
    table: &str,
    columns: &str,
    condition: &str,
    id: i64,
    rows: &mut Vec<(String, Vec<Sql>)>,
) -> Result<(), StoreError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {columns} FROM {table} WHERE {condition}"))?;
    let names: Vec<String> = statement
        .column_names()
        .iter()
        .map(|name| (*name).to_owned())
        .collect();
    let holes: Vec<String> = (1..=names.len()).map(|place| format!("?{place}")).collect();
    let updates: Vec<String> = names
        .iter()
        .skip(1)
        .map(|name| format!("{name} = excluded.{name}"))
        .collect();
    let sql = if table == "event" || table == "action" {
        format!(
            "INSERT INTO {table} ({}) VALUES ({})",
            names.join(", "),
            holes.join(", ")
        )
    } else {
        format!(
            "INSERT INTO {table} ({}) VALUES ({}) ON CONFLICT (id) DO UPDATE SET {}",
            names.join(", "),
            holes.join(", "),
            updates.join(", ")
        )
    };
    let mut found = statement.query([id])?;
    while let Some(row) = found.next()? {
        let values = (0..names.len())
            .map(|column| row.get(column))
            .collect::<Result<_, _>>()?;
        rows.push((sql.clone(), values));
    }
    Ok(())
}

/// Writes a line a patient, as a fuzzy finder would be given them: name, date of birth, telephone. How many.
///
/// # Errors
/// SQLite's, or `File`.
pub fn names(connection: &Connection, to: &Path) -> Result<u64, StoreError> {
    let file = |source| StoreError::File {
        path: to.to_owned(),
        source,
    };
    let mut out = std::io::BufWriter::new(std::fs::File::create(to).map_err(file)?);
    let mut statement =
        connection.prepare("SELECT filed, coalesce(dob, ''), coalesce(phone, '') FROM patient")?;
    let mut rows = statement.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        let text = |place| row.get_ref(place).map(|value| value.as_str().unwrap_or_default());
        writeln!(out, "{} {} {}", text(0)?, text(1)?, text(2)?).map_err(file)?;
        count += 1;
    }
    out.flush().map_err(file)?;
    Ok(count)
}

/// How many timers are due by a moment.
///
/// # Errors
/// SQLite's.
pub fn due(connection: &Connection, by: Stamp) -> Result<u64, StoreError> {
    let count: i64 = connection.query_row(
        "SELECT count(*) FROM timer WHERE state = 'pending' AND due_at <= ?1",
        [print_stamp(by)],
        |row| row.get(0),
    )?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// The last actions of the log, the first of them first.
///
/// # Errors
/// SQLite's.
pub fn last_actions(connection: &Connection, after: i64, many: usize) -> Result<Vec<i64>, StoreError> {
    let mut statement = connection.prepare("SELECT id FROM action WHERE id > ?1 ORDER BY id LIMIT ?2")?;
    let ids = statement.query_map((after, i64::try_from(many).unwrap_or(i64::MAX)), |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// The moment of the earliest due timer or message, asked with plain SQL: what a tick with nothing due must ask.
///
/// # Errors
/// SQLite's.
pub fn next_due(connection: &Connection) -> Result<Option<String>, StoreError> {
    let sql = "SELECT min(due_at) FROM timer WHERE state = 'pending'";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}
