//! What a find shows of each thing that it turned up.
//!
//! Owns the two lines of a hit, read by its number. Must not know why it was found.

use crate::domain::id::{OrganizationId, PatientId, PractitionerId, ReferralId};
use crate::domain::status::Status;
use crate::store::StoreError;
use crate::store::board::{Hit, Target};
use rusqlite::{Connection, OptionalExtension};

/// A referral by its id, whole or as the digits alone.
pub(super) fn by_id(connection: &Connection, text: &str) -> Result<Vec<Hit>, StoreError> {
    let trimmed = text.trim().trim_start_matches(['R', 'r']).trim_start_matches('-');
    let digits = trimmed.split('-').next().unwrap_or_default();
    let Ok(number) = digits.parse::<i64>() else {
        return Ok(Vec::new());
    };
    let mut statement = connection.prepare_cached(
        "SELECT p.filed, r.service, r.status FROM referral r JOIN patient p ON p.id = r.patient WHERE r.id = ?1",
    )?;
    let hit = statement
        .query_row([number], |row| {
            let status: String = row.get(2)?;
            Ok(Hit {
                target: Target::Referral(ReferralId(number)),
                title: format!("{}  {}", ReferralId(number), row.get::<_, String>(0)?),
                detail: format!(
                    "{} · {}",
                    row.get::<_, String>(1)?,
                    Status::from_code(&status).map_or("", Status::label)
                ),
            })
        })
        .optional()?;
    Ok(hit.into_iter().collect())
}

pub(super) fn patient(connection: &Connection, id: PatientId) -> Result<Option<Hit>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT p.filed, coalesce(p.dob, 'no date of birth'), coalesce(p.phone, ''),
             (SELECT count(*) FROM referral r WHERE r.patient = p.id AND r.list IS NOT NULL) FROM patient p WHERE p.id = ?1",
    )?;
    let hit = statement.query_row([id.0], |row| {
        let open: i64 = row.get(3)?;
        Ok(Hit {
            target: Target::Patient(id),
            title: row.get(0)?,
            detail: format!(
                "born {} · {} · {open} open",
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?
            ),
        })
    });
    Ok(hit.optional()?)
}

pub(super) fn practitioner(connection: &Connection, id: PractitionerId) -> Result<Option<Hit>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT p.filed, coalesce(p.npi, 'no NPI'), coalesce(o.name, '') FROM practitioner p LEFT JOIN organization o ON o.id = p.organization WHERE p.id = ?1",
    )?;
    let hit = statement.query_row([id.0], |row| {
        Ok(Hit {
            target: Target::Practitioner(id),
            title: row.get(0)?,
            detail: format!("NPI {} · {}", row.get::<_, String>(1)?, row.get::<_, String>(2)?),
        })
    });
    Ok(hit.optional()?)
}

pub(super) fn organization(connection: &Connection, id: OrganizationId) -> Result<Option<Hit>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT name, kind, coalesce(phone, '') FROM organization WHERE id = ?1")?;
    let hit = statement.query_row([id.0], |row| {
        Ok(Hit {
            target: Target::Organization(id),
            title: row.get(0)?,
            detail: format!("{} · {}", row.get::<_, String>(1)?, row.get::<_, String>(2)?),
        })
    });
    Ok(hit.optional()?)
}

/// The referrals of a patient or a practitioner, open ones first, the latest first.
///
/// # Errors
/// SQLite's.
pub fn referrals_of(
    connection: &Connection,
    target: Target,
    limit: usize,
) -> Result<Vec<ReferralId>, StoreError> {
    let (sql, id) = match target {
        Target::Referral(id) => return Ok(vec![id]),
        Target::Patient(PatientId(id)) => (
            "SELECT id FROM referral WHERE patient = ?1 ORDER BY list IS NULL, received_at DESC LIMIT ?2",
            id,
        ),
        Target::Practitioner(PractitionerId(id)) => (
            "SELECT id FROM referral WHERE requester = ?1 ORDER BY received_at DESC LIMIT ?2",
            id,
        ),
        Target::Organization(_) => return Ok(Vec::new()),
    };
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map((id, i64::try_from(limit).unwrap_or(i64::MAX)), |row| {
        Ok(ReferralId(row.get(0)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
