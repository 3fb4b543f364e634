//! What happened to a referral, action by action.
//!
//! Owns the reading of it from the log. Must not know what is made of it.

use super::Chapter;
use crate::domain::event::Event;
use crate::domain::id::ReferralId;
use crate::domain::time::parse_stamp;
use crate::store::{StoreError, log};
use rusqlite::Connection;

/// A referral's history: its actions with their events, the first first.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn history(connection: &Connection, id: ReferralId) -> Result<Vec<Chapter>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT a.id, a.at, a.actor, a.role, a.cause, a.command, e.fact, e.patches
         FROM event e JOIN action a ON a.id = e.action WHERE e.referral = ?1 ORDER BY e.seq",
    )?;
    let mut rows = statement.query([id.0])?;
    let corrupt = |why: String| StoreError::Corrupt { what: "event", why };
    let (mut all, mut current) = (Vec::<Chapter>::new(), None);
    while let Some(row) = rows.next()? {
        let event = Event {
            fact: serde_json::from_str(&row.get::<_, String>(6)?)
                .map_err(|error| corrupt(error.to_string()))?,
            patches: log::patches(&row.get::<_, String>(7)?)?,
        };
        let action: i64 = row.get(0)?;
        if let Some(chapter) = all.last_mut().filter(|_| current == Some(action)) {
            chapter.events.push(event);
            continue;
        }
        current = Some(action);
        all.push(Chapter {
            at: parse_stamp(&row.get::<_, String>(1)?).map_err(corrupt)?,
            actor: row.get(2)?,
            role: row.get(3)?,
            cause: row.get(4)?,
            command: row.get(5)?,
            events: vec![event],
        });
    }
    Ok(all)
}
