//! Who and what is on record already: exact and single matches, and referrals that look alike.
//!
//! Owns these questions. Must not decide what a match means.

use super::StoreError;
use super::row;
use super::tables::person_key;
use crate::domain::id::{OrganizationId, PatientId, PractitionerId, ReferralId};
use crate::domain::person::{HumanName, Organization};
use crate::domain::snapshot::LookAlike;
use crate::domain::status::Status;
use crate::domain::text::fold;
use crate::domain::time::Day;
use rusqlite::Connection;

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

/// The patient with this record number, or with this name and date of birth; only where there is exactly one.
///
/// # Errors
/// SQLite's.
pub fn find_patient(
    connection: &Connection,
    name: &HumanName,
    dob: Option<Day>,
    mrn: Option<&str>,
) -> Result<Option<PatientId>, StoreError> {
    if let Some(mrn) = mrn.filter(|mrn| !mrn.is_empty())
        && let Some(id) = only(connection, "SELECT id FROM patient WHERE mrn = ?1 LIMIT 2", mrn)?
    {
        return Ok(Some(PatientId(id)));
    }
    if dob.is_none() {
        return Ok(None);
    }
    Ok(only(
        connection,
        "SELECT id FROM patient WHERE match_key = ?1 LIMIT 2",
        &person_key(name, dob),
    )?
    .map(PatientId))
}

/// The practitioner with this NPI, or, where neither has one, with this name.
///
/// # Errors
/// SQLite's.
pub fn find_practitioner(
    connection: &Connection,
    name: &HumanName,
    npi: Option<&str>,
) -> Result<Option<PractitionerId>, StoreError> {
    let found = match npi {
        Some(npi) => only(
            connection,
            "SELECT id FROM practitioner WHERE npi = ?1 LIMIT 2",
            npi,
        )?,
        None => only(
            connection,
            "SELECT id FROM practitioner WHERE match_key = ?1 LIMIT 2",
            &person_key(name, None),
        )?,
    };
    Ok(found.map(PractitionerId))
}

/// The organisation with this name.
///
/// # Errors
/// SQLite's.
pub fn find_organization(connection: &Connection, name: &str) -> Result<Option<OrganizationId>, StoreError> {
    Ok(only(
        connection,
        "SELECT id FROM organization WHERE match_key = ?1 LIMIT 2",
        &fold(name),
    )?
    .map(OrganizationId))
}

fn only(connection: &Connection, sql: &'static str, value: &str) -> Result<Option<i64>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let ids: Vec<i64> = statement
        .query_map([value], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(match ids.as_slice() {
        [id] => Some(*id),
        _ => None,
    })
}

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
