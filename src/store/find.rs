//! Find-as-you-type over patients, practitioners, organisations and referral ids.
//!
//! Owns the full-text table and keeps it in step with the records. Must not know who asks.

use super::StoreError;
use super::board::{Hit, Target};
use crate::domain::id::{OrganizationId, PatientId, PractitionerId, ReferralId};
use crate::domain::person::{Organization, Patient, Practitioner};
use crate::domain::status::Status;
use rusqlite::{Connection, OptionalExtension};

/// The kinds of person in the table: a row's number is the record's times four plus this.
const PATIENT: i64 = 0;
const PRACTITIONER: i64 = 1;
const ORGANIZATION: i64 = 2;

fn keep(connection: &Connection, kind: i64, id: i64, words: &[Option<&str>]) -> Result<(), StoreError> {
    let row = id * 4 + kind;
    let text = words.iter().flatten().copied().collect::<Vec<_>>().join(" ");
    let old: Option<String> = connection
        .prepare_cached("SELECT text FROM find WHERE rowid = ?1")?
        .query_row([row], |row| row.get(0))
        .optional()?;
    match old {
        Some(old) if old == text => {}
        Some(_) => {
            connection
                .prepare_cached("UPDATE find SET text = ?2 WHERE rowid = ?1")?
                .execute((row, text))?;
        }
        None => {
            connection
                .prepare_cached("INSERT INTO find (rowid, text) VALUES (?1, ?2)")?
                .execute((row, text))?;
        }
    }
    Ok(())
}

fn forget(connection: &Connection, kind: i64, id: i64) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM find WHERE rowid = ?1")?
        .execute([id * 4 + kind])?;
    Ok(())
}

pub(super) fn keep_patient(
    connection: &Connection,
    id: i64,
    patient: Option<&Patient>,
) -> Result<(), StoreError> {
    let Some(patient) = patient else {
        return forget(connection, PATIENT, id);
    };
    let dob = patient.dob.map(|dob| dob.to_string());
    let words = [
        Some(patient.name.family.as_str()),
        Some(&patient.name.given),
        dob.as_deref(),
        patient.phone.as_deref(),
        patient.mrn.as_deref(),
    ];
    keep(connection, PATIENT, patient.id.0, &words)
}

pub(super) fn keep_practitioner(
    connection: &Connection,
    id: i64,
    who: Option<&Practitioner>,
) -> Result<(), StoreError> {
    let Some(who) = who else {
        return forget(connection, PRACTITIONER, id);
    };
    let words = [
        Some(who.name.family.as_str()),
        Some(&who.name.given),
        who.npi.as_deref(),
        who.phone.as_deref(),
    ];
    keep(connection, PRACTITIONER, who.id.0, &words)
}

pub(super) fn keep_organization(
    connection: &Connection,
    id: i64,
    which: Option<&Organization>,
) -> Result<(), StoreError> {
    let Some(which) = which else {
        return forget(connection, ORGANIZATION, id);
    };
    keep(
        connection,
        ORGANIZATION,
        which.id.0,
        &[Some(which.name.as_str()), which.phone.as_deref()],
    )
}

/// The words typed, each as the beginning of a word: quoted, so that nothing typed is an operator.
fn prefixes(text: &str) -> Option<String> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(8)
        .map(|word| format!("\"{word}\"*"))
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// What the typed text finds: referrals by id first, then people and organisations.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn find(connection: &Connection, text: &str, limit: usize) -> Result<Vec<Hit>, StoreError> {
    let mut hits = by_id(connection, text)?;
    let Some(query) = prefixes(text) else {
        return Ok(hits);
    };
    let mut statement = connection.prepare_cached("SELECT rowid FROM find WHERE find MATCH ?1 LIMIT ?2")?;
    let rows: Vec<i64> = statement
        .query_map((query, i64::try_from(limit).unwrap_or(i64::MAX)), |row| {
            row.get(0)
        })?
        .collect::<Result<_, _>>()?;
    for row in rows {
        let id = row.div_euclid(4);
        let hit = match row.rem_euclid(4) {
            PATIENT => patient(connection, PatientId(id))?,
            PRACTITIONER => practitioner(connection, PractitionerId(id))?,
            ORGANIZATION => organization(connection, OrganizationId(id))?,
            _ => None,
        };
        hits.extend(hit);
    }
    hits.truncate(limit);
    Ok(hits)
}

/// A referral by its id, whole or as the digits alone.
fn by_id(connection: &Connection, text: &str) -> Result<Vec<Hit>, StoreError> {
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

fn patient(connection: &Connection, id: PatientId) -> Result<Option<Hit>, StoreError> {
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

fn practitioner(connection: &Connection, id: PractitionerId) -> Result<Option<Hit>, StoreError> {
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

fn organization(connection: &Connection, id: OrganizationId) -> Result<Option<Hit>, StoreError> {
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
