//! Documents' bytes, by content, what the reader made of them, and the documents that wait in Intake.

use super::StoreError;
use super::board::IntakeRow;
use super::log::hex;
use super::row;
use crate::domain::case::Document;
use crate::domain::id::{DocumentId, ReferralId};
use crate::domain::time::{Stamp, parse_stamp};
use rusqlite::{Connection, OptionalExtension, Row};
use sha2::{Digest, Sha256};

/// SHA-256 in lower-case hexadecimal: a document's name in the store.
pub fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Keeps bytes and their reading. The same bytes again change nothing but the reading.
///
/// # Errors
/// SQLite's.
pub fn keep(connection: &Connection, hash: &str, bytes: &[u8], reading: &str) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO content (hash, bytes, reading) VALUES (?1, ?2, ?3) ON CONFLICT (hash) DO UPDATE SET reading = excluded.reading")?
        .execute((hash, bytes, reading))?;
    Ok(())
}

/// Keeps bytes that nobody has read yet.
///
/// # Errors
/// SQLite's.
pub fn keep_unread(connection: &Connection, hash: &str, bytes: &[u8]) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO content (hash, bytes) VALUES (?1, ?2) ON CONFLICT (hash) DO NOTHING")?
        .execute((hash, bytes))?;
    Ok(())
}

/// Whether bytes with this hash are kept.
///
/// # Errors
/// SQLite's.
pub fn is_kept(connection: &Connection, hash: &str) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM content WHERE hash = ?1)")?
        .query_row([hash], |row| row.get(0))?)
}

/// The bytes.
///
/// # Errors
/// SQLite's.
pub fn bytes(connection: &Connection, hash: &str) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT bytes FROM content WHERE hash = ?1")?
        .query_row([hash], |row| row.get(0))
        .optional()?)
}

/// What the reader made of them, as JSON.
///
/// # Errors
/// SQLite's.
pub fn reading(connection: &Connection, hash: &str) -> Result<Option<String>, StoreError> {
    let reading = connection
        .prepare_cached("SELECT reading FROM content WHERE hash = ?1")?
        .query_row([hash], |row| row.get(0));
    Ok(reading.optional()?.flatten())
}

/// The document that has this content, if one came in before: with its referral, if it has one.
///
/// # Errors
/// SQLite's.
pub fn seen_before(
    connection: &Connection,
    hash: &str,
) -> Result<Option<(DocumentId, Option<ReferralId>)>, StoreError> {
    let read = |row: &Row<'_>| {
        Ok((
            DocumentId(row.get(0)?),
            row.get::<_, Option<i64>>(1)?.map(ReferralId),
        ))
    };
    Ok(connection
        .prepare_cached("SELECT id, referral FROM document WHERE hash = ?1 ORDER BY id LIMIT 1")?
        .query_row([hash], read)
        .optional()?)
}

/// The documents that have this content, the latest first: the same bytes may have come more than once, or have been parted.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn copies(connection: &Connection, hash: &str) -> Result<Vec<Document>, StoreError> {
    let ids: Vec<i64> = connection
        .prepare_cached("SELECT id FROM document WHERE hash = ?1 ORDER BY id DESC LIMIT 100")?
        .query_map([hash], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut all = Vec::new();
    for id in ids {
        all.extend(row::get::<Document>(connection, id)?);
    }
    Ok(all)
}

/// Documents that are with a referral, in the order in which they came, behind this one: each with its hash and its referral.
///
/// # Errors
/// SQLite's.
pub fn filed_after(
    connection: &Connection,
    after: DocumentId,
    limit: usize,
) -> Result<Vec<(DocumentId, String, ReferralId)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, hash, referral FROM document WHERE id > ?1 AND referral IS NOT NULL ORDER BY id LIMIT ?2",
    )?;
    let read = |row: &Row<'_>| Ok((DocumentId(row.get(0)?), row.get(1)?, ReferralId(row.get(2)?)));
    let rows = statement.query_map((after.0, i64::try_from(limit).unwrap_or(i64::MAX)), read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether several documents stand over this content: the parts of a transmission about several patients.
///
/// # Errors
/// SQLite's.
pub fn is_parted(connection: &Connection, hash: &str) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT count(*) > 1 FROM (SELECT 1 FROM document WHERE hash = ?1 LIMIT 2)")?
        .query_row([hash], |row| row.get(0))?)
}

/// Whether this content has papers of several patients: as the reader saw it, or since it stands with the referrals of several. Then
/// it goes to nobody as it is, and stays in the house. A file that states several appointments, or holds more than its fields do, counts
/// as one: whose the rest is, nobody has looked.
///
/// # Errors
/// SQLite's.
pub fn is_of_several(connection: &Connection, hash: &str) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM content WHERE hash = ?1
                    AND (json_array_length(reading, '$.segments') > 1 OR json_array_length(reading, '$.more') > 0
                        OR json_extract(reading, '$.for_person') IS NOT NULL
                        OR EXISTS (SELECT 1 FROM json_each(reading, '$.warnings') WHERE value LIKE 'the file holds %')))
                OR (SELECT count(DISTINCT r.patient) > 1 FROM document d JOIN referral r ON r.id = d.referral WHERE d.hash = ?1)",
        )?
        .query_row([hash], |row| row.get(0))?)
}

/// Whether the reader saw which pages of this content are whose, so that a part's own are known.
///
/// # Errors
/// SQLite's.
pub fn has_parts(connection: &Connection, hash: &str) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM content WHERE hash = ?1 AND json_array_length(reading, '$.segments') > 1)",
        )?
        .query_row([hash], |row| row.get(0))?)
}

/// Documents that need a person, the oldest first.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn intake(connection: &Connection, limit: usize) -> Result<Vec<IntakeRow>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, name, kind, received_at, coalesce(reason, ''), hash, size FROM document WHERE state = 'intake' ORDER BY received_at, id LIMIT ?1",
    )?;
    let mut rows = statement.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(IntakeRow {
            id: DocumentId(row.get(0)?),
            name: row.get(1)?,
            kind: row.get(2)?,
            received_at: stamp(row.get(3)?)?,
            reason: row.get(4)?,
            hash: row.get(5)?,
            size: row.get::<_, i64>(6)?.unsigned_abs(),
        });
    }
    Ok(all)
}

fn stamp(text: String) -> Result<Stamp, StoreError> {
    parse_stamp(&text).map_err(|why| StoreError::Corrupt {
        what: "document",
        why,
    })
}

/// The referral whose request for information carries a return code.
///
/// # Errors
/// SQLite's.
pub fn referral_of_code(connection: &Connection, code: &str) -> Result<Option<ReferralId>, StoreError> {
    let found = connection
        .prepare_cached("SELECT referral FROM info_request WHERE code = ?1")?
        .query_row([code], |row| row.get(0).map(ReferralId));
    Ok(found.optional()?)
}
