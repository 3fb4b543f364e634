//! One referral as it stood at a past moment: its own changes since are taken back, and those of its patient.

use crate::domain::id::{PatientId, ReferralId};
use crate::domain::record::{Entity, Patch};
use crate::domain::referral::Referral;
use crate::domain::refusal::Refusal;
use crate::domain::time::Stamp;
use crate::store::board::Sheet;
use crate::store::{StoreError, log, records};
use rusqlite::Connection;
use serde_json::Value;
use std::collections::BTreeSet;

/// The referral; none where it was not there yet.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub(in crate::store) fn sheet(
    connection: &Connection,
    id: ReferralId,
    at: Stamp,
    timeline: usize,
) -> Result<Option<Sheet>, StoreError> {
    let cut = super::cut(connection, at)?;
    let mut snapshot = records::of_referral(connection, id)?;
    let Some(patient) = snapshot.referral().map(|referral| referral.patient) else {
        return Ok(None);
    };
    let corrupt = |refusal: Refusal| StoreError::Corrupt {
        what: "event",
        why: refusal.because,
    };
    let mut met = BTreeSet::new();
    for patch in since(connection, id, &patients(connection, id, patient, cut)?, cut)? {
        // Whom it named before is not on record with it any more. What is read once is not read again: taking a change back
        // may take a record away that stands in its table now.
        if met.insert((patch.entity, patch.id)) {
            records::see(connection, &mut snapshot, patch.entity, patch.id)?;
        }
        records::see_named(connection, &mut snapshot, &patch)?;
        let back = patch.inverse();
        let others = others(&back);
        let anyhow: Vec<&str> = others.iter().map(String::as_str).collect();
        snapshot.apply(&back, &anyhow).map_err(corrupt)?;
    }
    let Some(referral) = snapshot.referral().cloned() else {
        return Ok(None);
    };
    snapshot.patients.retain(|who| who.id == referral.patient);
    snapshot
        .practitioners
        .retain(|who| Some(who.id) == referral.requester);
    let named = |referral: &Referral| [referral.requester_org, referral.facility];
    snapshot
        .organizations
        .retain(|which| named(&referral).contains(&Some(which.id)));
    snapshot
        .documents
        .retain(|document| document.referral == Some(id));
    let timeline = log::timeline_upto(connection, id, timeline, cut)?;
    Ok(Some(Sheet {
        snapshot,
        timeline,
        related: Vec::new(),
        questions: Vec::new(),
        twins: Vec::new(),
    }))
}

/// Fields that others may have changed since: a document that was put with another referral in between. Its own changes here
/// still say whether it was this one's: whoever takes it away leaves the mark in this referral's log.
fn others(patch: &Patch) -> Vec<String> {
    let fields = patch
        .before
        .iter()
        .chain(&patch.after)
        .flat_map(|fields| fields.names());
    if patch.entity == Entity::Document {
        fields.collect()
    } else {
        Vec::new()
    }
}

/// The patients whom the referral has had since: one, unless records were merged or parted.
fn patients(
    connection: &Connection,
    id: ReferralId,
    patient: PatientId,
    cut: i64,
) -> Result<BTreeSet<i64>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT patches FROM event WHERE referral = ?1 AND seq > ?2")?;
    let mut rows = statement.query((id.0, cut))?;
    let mut all = BTreeSet::from([patient.0]);
    while let Some(row) = rows.next()? {
        for patch in log::patches(&row.get::<_, String>(0)?)? {
            let own = patch.entity == Entity::Referral;
            for fields in patch.before.iter().chain(&patch.after).filter(|_| own) {
                all.extend(fields.get("patient").as_ref().and_then(Value::as_i64));
            }
        }
    }
    Ok(all)
}

/// Changes after an event, the latest first: all of the referral's own, and those of its patients by way of others. The
/// referrals of a patient move together, so that all that ever told of one of these are theirs now.
fn since(
    connection: &Connection,
    id: ReferralId,
    patients: &BTreeSet<i64>,
    cut: i64,
) -> Result<Vec<Patch>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT e.seq, e.referral, e.patches FROM referral r JOIN event e ON e.referral = r.id
         WHERE r.patient = ?1 AND e.seq > ?2 ORDER BY e.seq DESC",
    )?;
    let mut all: Vec<(i64, Vec<Patch>)> = Vec::new();
    for patient in patients {
        let mut rows = statement.query((patient, cut))?;
        while let Some(row) = rows.next()? {
            let own = row.get::<_, i64>(1)? == id.0;
            let mut patches = log::patches(&row.get::<_, String>(2)?)?;
            patches.retain(|patch| own || patch.entity == Entity::Patient && patients.contains(&patch.id));
            patches.reverse();
            all.push((row.get(0)?, patches));
        }
    }
    all.sort_by_key(|(seq, _)| std::cmp::Reverse(*seq));
    Ok(all.into_iter().flat_map(|(_, patches)| patches).collect())
}
