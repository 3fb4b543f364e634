//! Charts: referrals with everything around them, read one after the other to leave the house.
//!
//! Owns their reading in the order of their ids, so that memory never grows with their number. Must not know formats.

use super::StoreError;
use super::board::LogEntry;
use super::{content, log, records};
use crate::domain::chart::{Chart, Past};
use crate::domain::event::Fact;
use crate::domain::id::ReferralId;
use crate::domain::record::Entity;
use rusqlite::Connection;

/// The bytes of a document by their hash.
pub type Bytes = (String, Vec<u8>);

/// The referrals behind this one in the order of their ids.
///
/// # Errors
/// SQLite's.
pub fn ids_after(
    connection: &Connection,
    last: Option<ReferralId>,
    limit: usize,
) -> Result<Vec<ReferralId>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT id FROM referral WHERE id > ?1 ORDER BY id LIMIT ?2")?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map((last.map_or(i64::MIN, |id| id.0), limit), |row| {
        row.get(0).map(ReferralId)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The chart of a referral, and the bytes of its documents where they are asked for; none where there is none with this
/// number. Bytes in which other patients' papers are too stay in the house: of those, name and hash go.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn chart(
    connection: &Connection,
    id: ReferralId,
    originals: bool,
) -> Result<Option<(Chart, Vec<Bytes>)>, StoreError> {
    let view = connection.unchecked_transaction()?;
    let mut snapshot = records::of_referral(&view, id)?;
    let own = snapshot
        .practitioners
        .iter()
        .find_map(|person| person.organization);
    if let Some(practice) = own {
        records::see(&view, &mut snapshot, Entity::Organization, practice.0)?;
    }
    // The log says whom a copy was given, which is the business of whoever gave it.
    let told = |fact: &Fact| !matches!(fact, Fact::Settled | Fact::Exported { .. });
    let mut history: Vec<Past> = log::timeline(&view, id, usize::MAX)?
        .into_iter()
        .filter(|entry| told(&entry.fact))
        .map(|entry| {
            let LogEntry {
                at,
                actor,
                cause,
                fact,
                ..
            } = entry;
            // What was told when it was brought over happened before.
            if let Fact::Before {
                at,
                actor,
                cause,
                what,
            } = fact
            {
                let fact = *what;
                return Past {
                    at,
                    actor,
                    cause,
                    fact,
                };
            }
            Past {
                at,
                actor,
                cause,
                fact,
            }
        })
        .collect();
    history.reverse();
    let mut bytes: Vec<Bytes> = Vec::new();
    for document in snapshot.documents.iter().filter(|_| originals) {
        if !bytes.iter().any(|(hash, _)| *hash == document.hash)
            && !content::is_of_several(&view, &document.hash)?
            && let Some(found) = content::bytes(&view, &document.hash)?
        {
            bytes.push((document.hash.clone(), found));
        }
    }
    view.rollback()?;
    Ok(Chart::of(snapshot, history).map(|chart| (chart, bytes)))
}
