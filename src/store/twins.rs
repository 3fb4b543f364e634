//! What a person compares before saying that two are one: the other patient, the other request.
//!
//! Owns the reading of both, for the one referral that is looked at. Must not decide.

use super::StoreError;
use super::alike::{members, survivor};
use super::board::{Question, Related, Relation, Twin};
use super::row;
use crate::domain::case::TaskState;
use crate::domain::decide::merge::QUESTION;
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
        let asked = task
            .key
            .strip_prefix(QUESTION)
            .and_then(|id| id.strip_prefix("P-")?.parse().ok())
            .map(PatientId);
        let Some(asked) = asked else { continue };
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
