//! The only place that names rusqlite: open, migrate, rows, event log, queue windows, search, backup, check.
//!
//! Owns the SQLite file. Must not decide anything: it loads snapshots, keeps what a decision says, and answers reads that
//! cost what they show. Writing goes through [`Store::write`], which only `engine` calls.

pub mod alike;
pub mod answers;
pub mod backup;
pub mod board;
pub mod charts;
pub mod check;
mod column;
pub mod content;
pub mod counters;
pub mod decided;
pub mod deeds;
pub mod demand;
pub mod due;
mod error;
mod filter;
mod find;
pub mod log;
pub mod lookup;
pub mod loops;
mod open;
pub mod past;
pub mod plate;
mod queue;
pub mod records;
mod row;
pub mod save;
pub mod scratch;
pub mod since;
pub mod spool;
mod steps;
mod tables;
pub mod twins;
mod values;
pub mod yardstick;

pub use error::StoreError;
pub use rusqlite::Connection;

use crate::domain::id::{DocumentId, ReferralId};
use crate::domain::lists::List;
use crate::domain::policy::ScoreTargets;
use crate::domain::query::Query;
use crate::domain::status::Status;
use crate::domain::time::Stamp;
use board::{Anchor, Counts, Hit, IntakeRow, Sheet, Shelf, Target, Window};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The open file.
pub struct Store {
    connection: Connection,
    path: PathBuf,
    backups: PathBuf,
    /// Read at the first misspelled name that is looked for.
    vocabulary: RefCell<find::Vocabulary>,
}

/// How long a write asks again when neighbours keep the file busy beyond the connection's own patience.
const PATIENCE: Duration = Duration::from_secs(60);

impl Store {
    /// Opens the database, makes it where there is none, and brings it up to date.
    ///
    /// # Errors
    /// See [`StoreError`]; an unfit file is never touched.
    pub fn open(path: &Path, backups: &Path) -> Result<Store, StoreError> {
        Ok(Store {
            connection: open::open(path, backups)?,
            path: path.to_owned(),
            backups: backups.to_owned(),
            vocabulary: RefCell::default(),
        })
    }

    /// A second connection to the same file.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn beside(&self) -> Result<Connection, StoreError> {
        open::open(&self.path, &self.backups)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The connection, for the reads of this module's parts.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Runs a change in one transaction. It is durable when this returns; an error leaves nothing behind.
    ///
    /// # Errors
    /// The change's own, or the commit's.
    pub fn write<T, E: From<StoreError>>(
        &mut self,
        mut change: impl FnMut(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let sqlite = |error: rusqlite::Error| E::from(StoreError::Sqlite(error));
        let began = Instant::now();
        // BEGIN IMMEDIATE takes the write lock first, so nothing inside can meet a neighbour half-way.
        while let Err(error) = self.connection.execute_batch("BEGIN IMMEDIATE") {
            if !open::is_busy(&error) || began.elapsed() > PATIENCE {
                return Err(sqlite(error));
            }
        }
        let result = change(&self.connection);
        let finish = if result.is_ok() { "COMMIT" } else { "ROLLBACK" };
        match self.connection.execute_batch(finish) {
            Ok(()) => result,
            Err(error) => {
                // A commit that failed may have left the transaction open; a rollback that failed is over already.
                let _ = self.connection.execute_batch("ROLLBACK");
                result.and(Err(sqlite(error)))
            }
        }
    }

    /// Reads in one view of the file: what neighbours commit meanwhile is not half in it.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let view = self.connection.unchecked_transaction()?;
        work(&view)
    }

    /// The same for what lays out tables of this connection alone: they are kept, the file is not written.
    fn read_back<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let view = self.connection.unchecked_transaction()?;
        let result = work(&view)?;
        view.commit()?;
        Ok(result)
    }

    /// A number that changes when a neighbour commits.
    ///
    /// # Errors
    /// SQLite's.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        data_version(&self.connection)
    }

    /// Folds the WAL into the file: when idle and at the end.
    ///
    /// # Errors
    /// SQLite's; a busy neighbour is none.
    pub fn tidy(&self) -> Result<(), StoreError> {
        // The first does the work and keeps no writer waiting; the second finds nothing left but to cut the log off.
        for mode in ["PASSIVE", "TRUNCATE"] {
            self.connection
                .query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |_| Ok(()))?;
        }
        Ok(())
    }

    /// Commits of this connection leave the folding in to whoever tidies, up to 128 MiB of log: nobody waits for it at a key.
    ///
    /// # Errors
    /// SQLite's.
    pub fn leave_tidying(&self) -> Result<(), StoreError> {
        Ok(self
            .connection
            .pragma_update(None, "wal_autocheckpoint", 32_000)?)
    }

    /// How many stand where: a handful of rows, whatever the size.
    ///
    /// # Errors
    /// SQLite's.
    pub fn counts(&self) -> Result<Counts, StoreError> {
        tally(&self.connection)
    }

    /// A window of rows.
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn window(
        &self,
        shelf: Shelf,
        query: &Query,
        anchor: Anchor,
        limit: usize,
        now: Stamp,
        targets: &ScoreTargets,
    ) -> Result<Window, StoreError> {
        self.look(shelf, query, anchor, (limit, usize::MAX), now, targets)
    }

    /// The same, through at most so many referrals (`limit.1`) that have to be read to see whether the query matches them: the
    /// window then says where it stopped.
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn look(
        &self,
        shelf: Shelf,
        query: &Query,
        anchor: Anchor,
        (limit, step): (usize, usize),
        now: Stamp,
        targets: &ScoreTargets,
    ) -> Result<Window, StoreError> {
        let filter = filter::Filter(query.clone());
        let lens = queue::Lens {
            shelf,
            filter: &filter,
            now,
            targets,
            past: false,
            step,
        };
        self.read(|connection| queue::window(connection, &lens, anchor, limit))
    }

    /// Rows by their ids, wherever they stand; those that are not there are left out.
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn rows(
        &self,
        ids: &[ReferralId],
        now: Stamp,
        targets: &ScoreTargets,
    ) -> Result<Vec<board::QueueRow>, StoreError> {
        queue::rows(&self.connection, ids, now, targets, false)
    }

    /// The patient on record who is the one described: by record number, or by name and date of birth.
    ///
    /// # Errors
    /// SQLite's.
    pub fn known_patient(
        &self,
        known: &crate::domain::matching::Known,
    ) -> Result<Option<crate::domain::id::PatientId>, StoreError> {
        alike::same(&self.connection, known)
    }

    /// Every site of the clinic.
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn facilities(&self) -> Result<Vec<crate::domain::person::Organization>, StoreError> {
        lookup::facilities(&self.connection)
    }

    /// One referral, whole.
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn sheet(&self, id: ReferralId, timeline: usize) -> Result<Option<Sheet>, StoreError> {
        self.read(|connection| {
            let snapshot = records::of_referral(connection, id)?;
            let Some(referral) = snapshot.referral() else {
                return Ok(None);
            };
            let related = lookup::related(connection, referral)?;
            let timeline = log::timeline(connection, id, timeline)?;
            Ok(Some(Sheet {
                timeline,
                questions: twins::questions(connection, &snapshot)?,
                twins: twins::twins(connection, &related)?,
                related,
                snapshot,
            }))
        })
    }

    /// Find-as-you-type: the best match first, misspelled names forgiven.
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn find(&self, text: &str, limit: usize) -> Result<Vec<Hit>, StoreError> {
        self.read(|connection| find::find(connection, &mut self.vocabulary.borrow_mut(), text, limit))
    }

    /// The referrals of what a find turned up.
    ///
    /// # Errors
    /// SQLite's.
    pub fn referrals_of(&self, target: Target, limit: usize) -> Result<Vec<ReferralId>, StoreError> {
        find::referrals_of(&self.connection, target, limit)
    }

    /// Documents that need a person.
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn intake(&self, limit: usize) -> Result<Vec<IntakeRow>, StoreError> {
        content::intake(&self.connection, limit)
    }

    /// A document's record.
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn document(&self, id: DocumentId) -> Result<Option<crate::domain::case::Document>, StoreError> {
        row::get(&self.connection, id.0)
    }

    /// Messages of a state, the latest first; of every state where none is named.
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn outbox(
        &self,
        state: Option<crate::domain::message::MessageState>,
        limit: usize,
    ) -> Result<Vec<crate::domain::message::Message>, StoreError> {
        due::outbox(&self.connection, state, limit)
    }

    /// A message.
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn message(
        &self,
        id: crate::domain::id::MessageId,
    ) -> Result<Option<crate::domain::message::Message>, StoreError> {
        due::message(&self.connection, id)
    }

    /// Checks the file; `deep` also replays the log into an empty database in memory.
    ///
    /// # Errors
    /// SQLite's, where not even asking was possible.
    pub fn check(&self, deep: bool) -> Result<Vec<check::Finding>, StoreError> {
        self.read(|connection| {
            let mut findings = check::all(connection)?;
            findings.push(check::heads(connection, &self.backups.join(backup::HEADS))?);
            if deep {
                let empty = open::in_memory()?;
                findings.push(check::replay(connection, &empty)?);
            }
            Ok(findings)
        })
    }
}

/// The counts that triggers keep.
fn tally(connection: &Connection) -> Result<Counts, StoreError> {
    let mut statement = connection.prepare_cached("SELECT name, n FROM tally")?;
    let mut rows = statement.query([])?;
    let mut counts = Counts::default();
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        let n = u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0);
        match name.split_once('/') {
            Some(("list", code)) => {
                if let Some(slot) = List::from_code(code)
                    .and_then(|list| List::ALL.iter().position(|each| *each == list))
                    .and_then(|place| counts.lists.get_mut(place))
                {
                    *slot = n;
                }
            }
            Some(("status", code)) => match Status::from_code(code) {
                Some(status) if status.is_open() => counts.open += n,
                Some(_) | None => counts.ended += n,
            },
            Some(("document", "intake")) => counts.intake = n,
            Some(("message", "failed" | "uncertain")) => counts.outbox_trouble += n,
            Some(_) | None => {}
        }
    }
    Ok(counts)
}

/// A number that changes when another connection commits, and not when this one does.
///
/// # Errors
/// SQLite's.
pub fn data_version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, "data_version", |row| row.get(0))?)
}
