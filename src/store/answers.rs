//! Whom an address belongs to, as the outbox knows it: whoever was written to there may answer from there.

use super::StoreError;
use crate::domain::id::{MessageId, PatientId, ReferralId};
use crate::domain::message::MessageKind;
use crate::domain::person::Channel;
use rusqlite::Connection;

/// A message that went to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Which.
    pub message: MessageId,
    /// Whose.
    pub referral: ReferralId,
    /// About whom.
    pub patient: PatientId,
    /// What it said.
    pub kind: MessageKind,
}

/// So many messages to one address are looked at: a family's, not a clinic's.
const LOOKED_AT: i64 = 200;

/// The messages that left to an address on a channel, the latest first.
///
/// # Errors
/// SQLite's.
pub fn written_to(
    connection: &Connection,
    channel: Channel,
    address: &str,
) -> Result<Vec<Written>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT m.id, m.referral, r.patient, m.kind FROM message m JOIN referral r ON r.id = m.referral
         WHERE m.address = ?1 COLLATE NOCASE AND m.sent_at IS NOT NULL AND m.channel = ?2 ORDER BY m.id DESC LIMIT ?3",
    )?;
    let rows = statement.query_map((address, channel.code(), LOOKED_AT), |row| {
        let kind: String = row.get(3)?;
        let kind = MessageKind::ALL.into_iter().find(|each| each.code() == kind);
        Ok(kind.map(|kind| {
            Ok::<_, rusqlite::Error>(Written {
                message: MessageId(row.get(0)?),
                referral: ReferralId(row.get(1)?),
                patient: PatientId(row.get(2)?),
                kind,
            })
        }))
    })?;
    let mut all = Vec::new();
    for row in rows {
        if let Some(written) = row? {
            all.push(written?);
        }
    }
    Ok(all)
}
