//! The full-text table, kept in step with the records.
//!
//! Owns what of a person can be found. Must not know how it is asked.

use super::{ORGANIZATION, PATIENT, PRACTITIONER};
use crate::domain::person::{Organization, Patient, Practitioner};
use crate::store::StoreError;
use rusqlite::{Connection, OptionalExtension};

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

pub(in crate::store) fn keep_patient(
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

pub(in crate::store) fn keep_practitioner(
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

pub(in crate::store) fn keep_organization(
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
