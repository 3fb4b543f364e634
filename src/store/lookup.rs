//! Who and what is on record already: exact and single matches, and referrals that look alike.
//!
//! Owns these questions. Must not decide what a match means.

use super::StoreError;
use super::board::{Related, Relation};
use super::row;
use super::tables::person_key;
use crate::domain::id::{CoverageId, OrganizationId, PatientId, PractitionerId, ReferralId};
use crate::domain::person::{HumanName, Organization, Practitioner};
use crate::domain::referral::Referral;
use crate::domain::snapshot::LookAlike;
use crate::domain::status::Status;
use crate::domain::text::fold;
use crate::domain::time::{Stamp, print_stamp};
use rusqlite::{Connection, OptionalExtension};

/// Open referrals of a patient from the same template.
///
/// # Errors
/// SQLite's.
pub fn look_alikes(
    connection: &Connection,
    patient: PatientId,
    template: &str,
) -> Result<Vec<LookAlike>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, service, status FROM referral WHERE patient = ?1 AND template = ?2 AND list IS NOT NULL ORDER BY id LIMIT 10",
    )?;
    let rows = statement.query_map((patient.0, template), |row| {
        let status: String = row.get(2)?;
        Ok(LookAlike {
            id: ReferralId(row.get(0)?),
            service: row.get(1)?,
            status: Status::from_code(&status).unwrap_or(Status::Received),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The latest referral of a patient from the same template that was declined since a moment, was sent by the same
/// practitioner or practice, and has not been taken up again: what a new one from them answers.
///
/// # Errors
/// SQLite's.
pub fn declined_before(
    connection: &Connection,
    patient: PatientId,
    template: &str,
    sender: (Option<PractitionerId>, Option<OrganizationId>),
    since: Stamp,
) -> Result<Option<ReferralId>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM referral WHERE patient = ?1 AND template = ?2 AND status = 'declined' AND ended_at >= ?5
             AND (requester = ?3 OR requester_org = ?4)
             AND NOT EXISTS (SELECT 1 FROM referral n WHERE n.replaces = referral.id)
         ORDER BY ended_at DESC LIMIT 1",
    )?;
    let (practitioner, practice) = (sender.0.map(|id| id.0), sender.1.map(|id| id.0));
    let values = (patient.0, template, practitioner, practice, print_stamp(since));
    let found = statement.query_row(values, |row| row.get(0).map(ReferralId));
    Ok(found.optional()?)
}

/// What stands beside a referral: what it replaces, what replaced it, and what looks like it.
///
/// # Errors
/// SQLite's.
pub fn related(connection: &Connection, referral: &Referral) -> Result<Vec<Related>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT * FROM (SELECT id, service, status, status_reason, 'replaces' FROM referral WHERE id = ?1)
         UNION ALL SELECT * FROM (SELECT id, service, status, status_reason, 'goes-on' FROM referral WHERE id = ?6)
         UNION ALL SELECT * FROM (SELECT id, service, status, status_reason, 'merged' FROM referral WHERE merged_into = ?2 LIMIT 5)
         UNION ALL SELECT * FROM (SELECT id, service, status, status_reason, 'replaced' FROM referral WHERE replaces = ?2 LIMIT 3)
         UNION ALL SELECT * FROM (SELECT id, service, status, status_reason, 'linked' FROM referral
             WHERE requisition = ?7 AND id <> ?2 LIMIT 5)
         UNION ALL SELECT * FROM (SELECT id, service, status, status_reason, 'alike' FROM referral
             WHERE patient = ?3 AND template = ?4 AND list IS NOT NULL AND id <> ?2 AND id IS NOT ?1
                 AND replaces IS NOT ?2 AND (requisition IS NULL OR requisition IS NOT ?7) AND ?5 LIMIT 5)",
    )?;
    let values = (
        referral.replaces.map(|id| id.0),
        referral.id.0,
        referral.patient.0,
        &referral.template,
        referral.status.is_open(),
        referral.merged_into.map(|id| id.0),
        referral.requisition.map(|id| id.0),
    );
    let mut rows = statement.query(values)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (status, how): (String, String) = (row.get(2)?, row.get(4)?);
        all.push(Related {
            id: ReferralId(row.get(0)?),
            service: row.get(1)?,
            status: Status::from_code(&status).unwrap_or(Status::Received),
            reason: row.get(3)?,
            how: match how.as_str() {
                "replaces" => Relation::Replaces,
                "replaced" => Relation::ReplacedBy,
                "goes-on" => Relation::GoesOn,
                "merged" => Relation::MergedHere,
                "linked" => Relation::Linked,
                _ => Relation::LooksLike,
            },
        });
    }
    Ok(all)
}

/// Whether there is a referral with this number.
///
/// # Errors
/// SQLite's.
pub fn has_referral(connection: &Connection, id: ReferralId) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM referral WHERE id = ?1)")?
        .query_row([id.0], |row| row.get(0))?)
}

/// The open referrals of a patient.
///
/// # Errors
/// SQLite's.
pub fn open_of_patient(connection: &Connection, patient: PatientId) -> Result<Vec<ReferralId>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT id FROM referral WHERE patient = ?1 AND list IS NOT NULL ORDER BY id")?;
    let rows = statement.query_map([patient.0], |row| row.get(0).map(ReferralId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The referral of the appointment that another system calls so.
///
/// # Errors
/// SQLite's.
pub fn referral_of_appointment(
    connection: &Connection,
    external: &str,
) -> Result<Option<ReferralId>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT referral FROM appointment WHERE external = ?1 ORDER BY id LIMIT 1")?;
    let found = statement.query_row([external], |row| row.get(0).map(ReferralId));
    Ok(found.optional()?)
}

/// Referrals with a check of a coverage that has begun and was not asked yet.
///
/// # Errors
/// SQLite's.
pub fn asking(connection: &Connection, limit: usize) -> Result<Vec<ReferralId>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT referral FROM coverage INDEXED BY coverage_asking WHERE trace IS NOT NULL AND asked_at IS NULL ORDER BY id LIMIT ?1",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map([limit], |row| row.get(0).map(ReferralId))?;
    let mut all: Vec<ReferralId> = rows.collect::<Result<_, _>>()?;
    all.dedup();
    Ok(all)
}

/// The coverage that was checked under this number, and its referral.
///
/// # Errors
/// SQLite's.
pub fn coverage_of_trace(
    connection: &Connection,
    trace: &str,
) -> Result<Option<(ReferralId, CoverageId)>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT referral, id FROM coverage WHERE trace = ?1 LIMIT 1")?;
    let found = statement.query_row([trace], |row| {
        Ok((ReferralId(row.get(0)?), CoverageId(row.get(1)?)))
    });
    Ok(found.optional()?)
}

/// The referral that goes on for this one, through as many mergings as there were; this one itself where there was none.
///
/// # Errors
/// SQLite's.
pub fn survivor(connection: &Connection, id: ReferralId) -> Result<ReferralId, StoreError> {
    let mut statement = connection.prepare_cached("SELECT merged_into FROM referral WHERE id = ?1")?;
    let mut last = id;
    // A ring cannot be made by a command; a file that holds one is not to hang the desk.
    for _ in 0..LONGEST_CHAIN {
        let next: Option<Option<i64>> = statement.query_row([last.0], |row| row.get(0)).optional()?;
        match next.flatten() {
            Some(next) => last = ReferralId(next),
            None => break,
        }
    }
    Ok(last)
}

/// Mergings that are followed from one referral to the one that goes on.
const LONGEST_CHAIN: usize = 100;

/// All referrals of a patient, open or not.
///
/// # Errors
/// SQLite's.
pub fn all_of_patient(connection: &Connection, patient: PatientId) -> Result<Vec<ReferralId>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT id FROM referral WHERE patient = ?1 ORDER BY received_at, id")?;
    let rows = statement.query_map([patient.0], |row| row.get(0).map(ReferralId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The referrals that belong together under a number.
///
/// # Errors
/// SQLite's.
pub fn of_group(connection: &Connection, group: ReferralId) -> Result<Vec<ReferralId>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT id FROM referral WHERE requisition = ?1 ORDER BY id")?;
    let rows = statement.query_map([group.0], |row| row.get(0).map(ReferralId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Who sent a referral, where that is known.
///
/// # Errors
/// SQLite's.
pub fn requester_of(
    connection: &Connection,
    referral: ReferralId,
) -> Result<Option<PractitionerId>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT requester FROM referral WHERE id = ?1")?;
    let found = statement.query_row([referral.0], |row| row.get::<_, Option<i64>>(0));
    Ok(found.optional()?.flatten().map(PractitionerId))
}

/// The open referrals that a practitioner sent.
///
/// # Errors
/// SQLite's.
pub fn open_of_requester(
    connection: &Connection,
    requester: PractitionerId,
) -> Result<Vec<ReferralId>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT id FROM referral WHERE requester = ?1 AND list IS NOT NULL ORDER BY id")?;
    let rows = statement.query_map([requester.0], |row| row.get(0).map(ReferralId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The practitioner with this NPI, where there is one.
///
/// # Errors
/// SQLite's.
pub fn practitioner_of(connection: &Connection, npi: &str) -> Result<Option<Practitioner>, StoreError> {
    let mut found = practitioners_where(connection, "npi = ?1", npi)?;
    Ok(if found.len() == 1 { found.pop() } else { None })
}

/// The practitioners with a name.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn practitioners_named(
    connection: &Connection,
    name: &HumanName,
) -> Result<Vec<Practitioner>, StoreError> {
    practitioners_where(connection, "match_key = ?1", &person_key(name, None))
}

fn practitioners_where(
    connection: &Connection,
    condition: &'static str,
    value: &str,
) -> Result<Vec<Practitioner>, StoreError> {
    let columns = row::column_list::<Practitioner>();
    let sql = format!("SELECT {columns} FROM practitioner WHERE {condition} ORDER BY id LIMIT {NAMESAKES}");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([value])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(row::read::<Practitioner>(row)?);
    }
    Ok(all)
}

/// The practices and sites with a name.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn organizations_named(connection: &Connection, name: &str) -> Result<Vec<Organization>, StoreError> {
    let columns = row::column_list::<Organization>();
    let sql =
        format!("SELECT {columns} FROM organization WHERE match_key = ?1 ORDER BY id LIMIT {NAMESAKES}");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([fold(name)])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(row::read::<Organization>(row)?);
    }
    Ok(all)
}

/// Namesakes that are looked at. A name that more bear says nothing.
const NAMESAKES: usize = 200;

/// The facilities with a name.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn facility_named(connection: &Connection, name: &str) -> Result<Vec<Organization>, StoreError> {
    facilities_where(connection, "match_key = ?1", &fold(name))
}

/// Every site of the clinic, by name: a handful.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn facilities(connection: &Connection) -> Result<Vec<Organization>, StoreError> {
    facilities_where(connection, "match_key >= ?1", "")
}

fn facilities_where(
    connection: &Connection,
    condition: &'static str,
    value: &str,
) -> Result<Vec<Organization>, StoreError> {
    let columns = row::column_list::<Organization>();
    let sql =
        format!("SELECT {columns} FROM organization WHERE kind = 'facility' AND {condition} ORDER BY name");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([value])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(row::read::<Organization>(row)?);
    }
    Ok(all)
}
