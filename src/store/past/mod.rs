//! The time machine: the tables as they stood at a past moment, for reading alone.
//!
//! Owns the way back: the append-only log is unwound from its head to the moment, and what changed since is laid out in
//! temporary tables of this connection, which lie in memory and never in the file. A read then merges two index scans: the
//! rows that did not change since, where they stand, and the rows that did, as they were. So it costs what changed since, and
//! nothing that is proportional to what is stored. Must not know who asks, or what a list means.
//!
//! The moment is a place in the log: the boundary between an event that was written by then and the next, which was not. Where
//! the wall clock once went back there can be several; one of them is taken, the same for every question.

mod asked;
mod counts;
mod sheet;

use sheet::sheet;

use super::StoreError;
use super::board::Counts;
use super::log;
use super::row::{self, Stored};
use crate::domain::case::Document;
use crate::domain::coverage::Coverage;
use crate::domain::id::ReferralId;
use crate::domain::message::Message;
use crate::domain::person::Patient;
use crate::domain::record::{Entity, Fields, Patch};
use crate::domain::referral::Referral;
use crate::domain::snapshot::Kept;
use crate::domain::time::{Stamp, print_stamp};
use rusqlite::{Connection, OptionalExtension};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Events between two looks at whether somebody gave up waiting.
const STRETCH: i64 = 500;

/// A past moment, laid out.
#[derive(Debug)]
pub struct Past {
    /// The moment.
    pub at: Stamp,
    /// The last event that had been written by then.
    cut: i64,
    /// The last event that is unwound; a neighbour's later ones follow with the next read.
    head: i64,
    /// How many stood where.
    counts: Counts,
}

/// What a record was: only what differs from now, or the whole of it, or not there.
enum Was {
    Absent,
    Whole(Map<String, Value>),
    Differs(Map<String, Value>),
}

/// Records that changed since, by kind and number.
type Changed = BTreeMap<(Entity, i64), Was>;

/// The number of the last event that had been written by a moment; 0 where none had.
///
/// # Errors
/// SQLite's.
pub fn cut(connection: &Connection, at: Stamp) -> Result<i64, StoreError> {
    let at = print_stamp(at);
    let (mut before, mut after) = (0, log::head(connection)?.0 + 1);
    let mut statement = connection.prepare_cached("SELECT at FROM event WHERE seq = ?1")?;
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        let written: Option<String> = statement.query_row([middle], |row| row.get(0)).optional()?;
        if written.is_some_and(|written| written <= at) {
            before = middle;
        } else {
            after = middle;
        }
    }
    Ok(before)
}

/// Lays a past moment out. `go_on` is told how many events of how many are unwound, and says whether to go on; none where it
/// did not.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn look_back(
    connection: &Connection,
    at: Stamp,
    mut go_on: impl FnMut(u64, u64) -> bool,
) -> Result<Option<Past>, StoreError> {
    clear(connection)?;
    let mut past = Past {
        at,
        cut: cut(connection, at)?,
        head: 0,
        counts: Counts::default(),
    };
    let head = log::head(connection)?.0;
    let Some(changed) = unwind(connection, past.cut, head, &mut go_on)? else {
        return Ok(None);
    };
    lay_out(connection, &changed)?;
    past.head = head;
    past.counts = counts::counts(connection)?;
    Ok(Some(past))
}

impl Past {
    /// How many stood where.
    pub fn counts(&self) -> Counts {
        self.counts.clone()
    }

    /// Follows what neighbours wrote meanwhile: what they changed is taken back as well. To be called within each view of
    /// the file before it is read.
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn follow(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let head = log::head(connection)?.0;
        if head > self.head {
            let changed = unwind(connection, self.head, head, &mut |_, _| true)?.unwrap_or_default();
            lay_out(connection, &changed)?;
            self.head = head;
        }
        Ok(())
    }
}

/// Forgets the past moment that is laid out.
///
/// # Errors
/// SQLite's.
pub fn clear(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch(
        "DROP TABLE IF EXISTS temp.was_referral; DROP TABLE IF EXISTS temp.was_patient;
         DROP TABLE IF EXISTS temp.was_payer;
         DROP TABLE IF EXISTS temp.was_document; DROP TABLE IF EXISTS temp.was_message;
         DROP TABLE IF EXISTS temp.since_referral; DROP TABLE IF EXISTS temp.since_document;",
    )?;
    // The shape of the tables that they stand for, with the indexes of the queue's scans.
    connection.execute_batch(
        "CREATE TABLE temp.was_referral AS SELECT * FROM main.referral LIMIT 0;
         CREATE UNIQUE INDEX temp.was_referral_id ON was_referral (id);
         CREATE INDEX temp.was_referral_queue ON was_referral (list, priority, received_at, id) WHERE list IS NOT NULL;
         CREATE INDEX temp.was_referral_open ON was_referral (priority, received_at, id) WHERE list IS NOT NULL;
         CREATE INDEX temp.was_referral_ended ON was_referral (ended_at, id) WHERE list IS NULL;
         CREATE TABLE temp.was_patient AS SELECT * FROM main.patient LIMIT 0;
         CREATE UNIQUE INDEX temp.was_patient_id ON was_patient (id);
         CREATE TABLE temp.was_payer (referral INTEGER PRIMARY KEY, payer TEXT);
         CREATE TABLE temp.was_document AS SELECT * FROM main.document LIMIT 0;
         CREATE UNIQUE INDEX temp.was_document_id ON was_document (id);
         CREATE TABLE temp.was_message (id INTEGER PRIMARY KEY, state TEXT);
         CREATE TABLE temp.since_referral (id INTEGER PRIMARY KEY);
         CREATE TABLE temp.since_document (id INTEGER PRIMARY KEY);",
    )?;
    Ok(())
}

/// What the events after one and up to another changed, as it was before them.
fn unwind(
    connection: &Connection,
    after: i64,
    upto: i64,
    go_on: &mut dyn FnMut(u64, u64) -> bool,
) -> Result<Option<Changed>, StoreError> {
    let mut changed = Changed::new();
    let total = u64::try_from(upto - after).unwrap_or(0);
    let mut statement = connection
        .prepare_cached("SELECT patches FROM event WHERE seq > ?1 AND seq <= ?2 ORDER BY seq DESC")?;
    let mut last = upto;
    while last > after {
        let first = (last - STRETCH).max(after);
        let mut rows = statement.query([first, last])?;
        while let Some(row) = rows.next()? {
            for patch in log::patches(&row.get::<_, String>(0)?)?.into_iter().rev() {
                if matters(patch.entity) {
                    take_back(&mut changed, patch);
                }
            }
        }
        last = first;
        if !go_on(u64::try_from(upto - last).unwrap_or(0), total) {
            return Ok(None);
        }
    }
    Ok(Some(changed))
}

/// What rows and counts are made of; the rest is read referral by referral.
const fn matters(entity: Entity) -> bool {
    match entity {
        Entity::Patient | Entity::Referral | Entity::Coverage | Entity::Message | Entity::Document => true,
        Entity::Practitioner
        | Entity::Organization
        | Entity::Milestone
        | Entity::Task
        | Entity::Timer
        | Entity::InfoRequest
        | Entity::Note
        | Entity::Appointment => false,
    }
}

fn take_back(changed: &mut Changed, patch: Patch) {
    let key = (patch.entity, patch.id);
    match (patch.before, patch.after) {
        (None, _) => drop(changed.insert(key, Was::Absent)),
        (Some(whole), None) => drop(changed.insert(key, Was::Whole(whole.read()))),
        (Some(before), Some(after)) => {
            let was = changed.entry(key).or_insert_with(|| Was::Differs(Map::new()));
            let (Was::Whole(fields) | Was::Differs(fields)) = was else {
                return;
            };
            let before = before.read();
            // A field that came with the change was not there before: its value is nothing.
            for name in after
                .names()
                .into_iter()
                .filter(|name| !before.contains_key(name))
            {
                fields.insert(name, Value::Null);
            }
            fields.extend(before);
        }
    }
}

/// A record as it was; none where it was not there.
fn was<T: Stored + Kept>(
    connection: &Connection,
    id: i64,
    was: Option<&Was>,
) -> Result<Option<T>, StoreError> {
    let corrupt = |why: String| StoreError::Corrupt { what: T::TABLE, why };
    let fields = match was {
        None => return row::get::<T>(connection, id),
        Some(Was::Absent) => return Ok(None),
        Some(Was::Whole(fields)) => fields.clone(),
        Some(Was::Differs(differs)) => {
            let Some(now) = row::get::<T>(connection, id)? else {
                return Ok(None);
            };
            let mut fields = Fields::of(&now)
                .map_err(|refusal| corrupt(refusal.because))?
                .read();
            fields.extend(differs.clone());
            fields
        }
    };
    serde_json::from_value(Value::Object(fields))
        .map(Some)
        .map_err(|error| corrupt(error.to_string()))
}

/// Puts what changed into the temporary tables; what stands there already is older, and stays.
fn lay_out(connection: &Connection, changed: &Changed) -> Result<(), StoreError> {
    let of = |entity: Entity| {
        changed
            .keys()
            .filter(move |(kind, _)| *kind == entity)
            .map(|(_, id)| *id)
    };
    // Coverages that were taken away since, by their referral.
    let mut gone: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for ((entity, id), was) in changed.range((Entity::Coverage, i64::MIN)..=(Entity::Coverage, i64::MAX)) {
        if let (Entity::Coverage, Was::Whole(fields)) = (entity, was)
            && let Some(referral) = fields
                .get("referral")
                .and_then(|id| id.as_str()?.parse::<ReferralId>().ok())
        {
            gone.entry(referral.0).or_default().push(*id);
        }
    }
    let mut referrals: BTreeSet<i64> = of(Entity::Referral).collect();
    for patient in of(Entity::Patient) {
        referrals.extend(of_patient(connection, patient)?);
    }
    for id in referrals {
        if !is_new(connection, "since_referral", id)? {
            continue;
        }
        let Some(referral) = was::<Referral>(connection, id, changed.get(&(Entity::Referral, id)))? else {
            continue;
        };
        row::put_into(connection, "temp.was_referral", &referral)?;
        connection
            .prepare_cached("INSERT INTO temp.was_payer (referral, payer) VALUES (?1, ?2)")?
            .execute((
                id,
                payer(
                    connection,
                    referral.id,
                    gone.get(&id).map_or(&[], Vec::as_slice),
                    changed,
                )?,
            ))?;
        let patient = referral.patient.0;
        let seen = changed.get(&(Entity::Patient, patient));
        if !has(connection, patient)?
            && let Some(patient) = was::<Patient>(connection, patient, seen)?
        {
            row::put_into(connection, "temp.was_patient", &patient)?;
        }
    }
    for id in of(Entity::Document) {
        if is_new(connection, "since_document", id)?
            && let Some(document) = was::<Document>(connection, id, changed.get(&(Entity::Document, id)))?
        {
            row::put_into(connection, "temp.was_document", &document)?;
        }
    }
    for id in of(Entity::Message) {
        let message = was::<Message>(connection, id, changed.get(&(Entity::Message, id)))?;
        connection
            .prepare_cached(
                "INSERT INTO temp.was_message (id, state) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING",
            )?
            .execute((id, message.map(|message| message.state.code())))?;
    }
    Ok(())
}

/// Who paid first for a referral as its coverages were. Whatever changes a coverage changes its referral too.
fn payer(
    connection: &Connection,
    referral: ReferralId,
    gone: &[i64],
    changed: &Changed,
) -> Result<Option<String>, StoreError> {
    let now = row::of_referral::<Coverage>(connection, referral)?;
    let ids: BTreeSet<i64> = now
        .iter()
        .map(|coverage| coverage.id.0)
        .chain(gone.iter().copied())
        .collect();
    let mut first: Option<Coverage> = None;
    for id in ids {
        let coverage = was::<Coverage>(connection, id, changed.get(&(Entity::Coverage, id)))?
            .filter(|coverage| coverage.referral == referral);
        if let Some(coverage) = coverage
            && first
                .as_ref()
                .is_none_or(|known| (coverage.rank, coverage.id) < (known.rank, known.id))
        {
            first = Some(coverage);
        }
    }
    Ok(first.map(|coverage| coverage.payer))
}

/// Marks a record as changed since; false where it was marked before.
fn is_new(connection: &Connection, table: &'static str, id: i64) -> Result<bool, StoreError> {
    let sql = format!("INSERT INTO temp.{table} (id) VALUES (?1) ON CONFLICT (id) DO NOTHING");
    Ok(connection.prepare_cached(&sql)?.execute([id])? > 0)
}

fn has(connection: &Connection, patient: i64) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM temp.was_patient WHERE id = ?1)")?
        .query_row([patient], |row| row.get(0))?)
}

fn of_patient(connection: &Connection, patient: i64) -> Result<Vec<i64>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT id FROM referral WHERE patient = ?1")?;
    let rows = statement.query_map([patient], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether a referral changed since the moment that is laid out.
///
/// # Errors
/// SQLite's.
pub(super) fn is_since(
    connection: &Connection,
    id: crate::domain::id::ReferralId,
) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM temp.since_referral WHERE id = ?1)")?
        .query_row([id.0], |row| row.get(0))?)
}
