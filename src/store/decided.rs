//! How long decisions took: the history that the score is judged by.
//!
//! Owns this question: what came in since a moment, by the indexes of the open and of the ended. Must not know what it is for.

use super::{Store, StoreError};
use crate::domain::priority::Priority;
use crate::domain::time::{Stamp, parse_stamp, print_stamp};
use rusqlite::Connection;

/// A referral that came in, with when it was decided, and when it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Listed priority, as it is now.
    pub priority: Priority,
    /// When it came in.
    pub received_at: Stamp,
    /// When it was accepted or declined; none where it is not.
    pub decided_at: Option<Stamp>,
    /// When it ended, decided or not.
    pub ended_at: Option<Stamp>,
}

const DECIDED: &str = "SELECT r.priority, r.received_at, m.done_at, r.ended_at FROM referral r
    CROSS JOIN milestone m ON m.referral = r.id AND m.kind = 'decide'";

fn decided(connection: &Connection, since: Stamp, until: Stamp) -> Result<Vec<Decided>, StoreError> {
    let corrupt = |why| StoreError::Corrupt {
        what: "referral",
        why,
    };
    let sql = format!(
        "{DECIDED} WHERE r.list IS NOT NULL AND r.received_at >= ?1 AND r.received_at < ?2
         UNION ALL {DECIDED} WHERE r.list IS NULL AND r.ended_at >= ?1 AND r.received_at >= ?1 AND r.received_at < ?2
             AND r.status <> 'entered-in-error'"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query((print_stamp(since), print_stamp(until)))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let code: String = row.get(0)?;
        let at = |column: usize| -> Result<Option<Stamp>, StoreError> {
            let text: Option<String> = row.get(column)?;
            text.map(|text| parse_stamp(&text).map_err(corrupt)).transpose()
        };
        all.push(Decided {
            priority: Priority::from_code(&code).ok_or_else(|| corrupt("a priority that is none".into()))?,
            received_at: at(1)?.ok_or_else(|| corrupt("no time of receipt".into()))?,
            decided_at: at(2)?,
            ended_at: at(3)?,
        });
    }
    Ok(all)
}

impl Store {
    /// The referrals that came in from a moment on and before another, with their decisions.
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn decided(&self, since: Stamp, until: Stamp) -> Result<Vec<Decided>, StoreError> {
        self.read(|connection| decided(connection, since, until))
    }
}
