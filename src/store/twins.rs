//! What a person compares before saying that two are one: the other patient, the other request.
//!
//! Owns the reading of both, for the one referral that is looked at. Must not decide.

use super::StoreError;
use super::alike::{members, survivor};
use super::board::{Question, Related, Relation, Twin};
use super::row;
use crate::domain::case::TaskState;
use crate::domain::decide::merge::asked_in;
use crate::domain::id::PatientId;
use crate::domain::matching::{Known, compare};
use crate::domain::person::{Patient, Practitioner};
use crate::domain::referral::Referral;
use crate::domain::snapshot::Snapshot;
use rusqlite::Connection;

/// The patients about whom it is asked whether they are the referral's own.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn questions(connection: &Connection, snapshot: &Snapshot) -> Result<Vec<Question>, StoreError> {
    let Some(own) = snapshot
        .referral()
        .and_then(|referral| snapshot.patient(referral.patient))
    else {
        return Ok(Vec::new());
    };
    let mut all = Vec::new();
    for task in snapshot.tasks.iter().filter(|task| task.state == TaskState::Open) {
        let Some(asked) = asked_in(&task.key) else {
            continue;
        };
        let goes_on = survivor(connection, asked)?;
        let Some(patient) = row::get::<Patient>(connection, goes_on.0)?.filter(|other| other.id != own.id)
        else {
            continue;
        };
        let comparison = compare(
            &Known::of(own, members(connection, own.id)?),
            &Known::of(&patient, members(connection, goes_on)?),
        );
        all.push(Question {
            asked,
            patient,
            comparison,
        });
    }
    Ok(all)
}

/// The patients about whom open tasks ask, each with those whose record goes on for theirs.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn asked_about(connection: &Connection, snapshot: &Snapshot) -> Result<Vec<Patient>, StoreError> {
    let mut all: Vec<Patient> = Vec::new();
    for task in snapshot.tasks.iter().filter(|task| task.state == TaskState::Open) {
        let mut next = asked_in(&task.key);
        // Whoever is there already has been followed: a ring ends, too.
        while let Some(id) = next.filter(|id| all.iter().all(|known| known.id != *id)) {
            let found = row::get::<Patient>(connection, id.0)?;
            next = found.as_ref().and_then(|patient| patient.merged_into);
            all.extend(found);
        }
    }
    Ok(all)
}

/// Adds to a referral's snapshot whom it asks about, and the patient who is said to be its own.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub(super) fn see_asked(
    connection: &Connection,
    snapshot: &mut Snapshot,
    said: PatientId,
) -> Result<(), StoreError> {
    let asked = asked_about(connection, snapshot)?;
    for patient in asked.into_iter().chain(row::get::<Patient>(connection, said.0)?) {
        if snapshot.patient(patient.id).is_none() {
            snapshot.put(patient);
        }
    }
    Ok(())
}

/// The referrals that look like one, with who sent them.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn twins(connection: &Connection, related: &[Related]) -> Result<Vec<Twin>, StoreError> {
    let mut all = Vec::new();
    for other in related.iter().filter(|other| other.how == Relation::LooksLike) {
        let Some(referral) = row::get::<Referral>(connection, other.id.0)? else {
            continue;
        };
        let sender = match referral.requester {
            Some(id) => row::get::<Practitioner>(connection, id.0)?.map(|who| who.name.filed()),
            None => None,
        };
        let documents = connection
            .prepare_cached("SELECT count(*) FROM document WHERE referral = ?1")?
            .query_row([referral.id.0], |row| row.get(0))?;
        all.push(Twin {
            referral,
            sender,
            documents,
        });
    }
    Ok(all)
}
