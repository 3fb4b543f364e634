//! Actions on several referrals that stand and fall together.
//!
//! Owns the order of their writing: the first is the command's own, each further referral that it moves is decided on by
//! itself and logged as an action joined to the first, so that every timeline tells it and an undo of one is an undo of all,
//! or of none. Must not decide what becomes of a referral: that is `decide::merge`.

use super::perform::{self, Written};
use super::receipt::{Failure, Receipt};
use super::sitting::Sitting;
use crate::domain::command::{Command, Envelope};
use crate::domain::decide::{Decision, merge};
use crate::domain::id::{PatientId, ReferralId};
use crate::domain::person::Patient;
use crate::domain::refusal::Refusal;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Stamp;
use crate::store::{StoreError, alike, log, lookup, twins};

/// Executes a command that moves several referrals.
///
/// # Errors
/// A refusal, before anything is written, or the store's.
pub fn perform(
    sitting: &mut Sitting<'_>,
    envelope: &Envelope,
    now: Stamp,
    random: u64,
) -> Result<Receipt, Failure> {
    // Whom it moves is asked of the tables.
    sitting.settle()?;
    let mut envelope = envelope.clone();
    if let Command::MergePatient { into, .. } = &mut envelope.command {
        *into = alike::survivor(sitting.connection(), *into)?;
    }
    let envelope = &envelope;
    let policy = sitting.policy();
    if let Command::MergeReferral {
        referral,
        into,
        reason,
    } = &envelope.command
    {
        let ended = sitting.records(*referral)?;
        let receipt = perform::plain(sitting, envelope, now, random)?;
        also(sitting, envelope, *into, receipt.action, now, |snapshot| {
            snapshot.documents.extend(ended.documents.iter().cloned());
            merge::take_over(snapshot, &ended, reason, envelope, now, policy)
        })?;
        return Ok(receipt);
    }
    if let Command::LinkReferral { referral, with } = &envelope.command {
        let others = group(sitting, *referral, *with)?;
        let receipt = perform::plain(sitting, envelope, now, random)?;
        if let Some((group, members)) = others {
            for id in members {
                also(sitting, envelope, id, receipt.action, now, |snapshot| {
                    merge::linked(snapshot, group, *referral, envelope, now, policy)
                })?;
            }
        }
        return Ok(receipt);
    }
    if let Command::MergePatient {
        referral,
        into,
        reason,
    } = &envelope.command
    {
        let others = others_of_patient(sitting, *referral)?;
        let theirs = lookup::all_of_patient(sitting.connection(), *into)?;
        let receipt = perform::plain(sitting, envelope, now, random)?;
        for id in others {
            let asked = asked_about(sitting, id)?;
            also(sitting, envelope, id, receipt.action, now, |snapshot| {
                asked.into_iter().for_each(|patient| snapshot.put(patient));
                merge::patient_moved(snapshot, *into, reason, envelope, now, policy)
            })?;
        }
        for id in theirs {
            let asked = asked_about(sitting, id)?;
            if !asked.iter().any(|patient| patient.merged_into == Some(*into)) {
                continue;
            }
            also(sitting, envelope, id, receipt.action, now, |snapshot| {
                asked.into_iter().for_each(|patient| snapshot.put(patient));
                merge::patient_joined(snapshot, envelope, now, policy)
            })?;
        }
        return Ok(receipt);
    }
    perform::plain(sitting, envelope, now, random)
}

/// The number of the group that two referrals come to, and who comes into it beside the first.
fn group(
    sitting: &mut Sitting<'_>,
    one: ReferralId,
    other: ReferralId,
) -> Result<Option<(ReferralId, Vec<ReferralId>)>, StoreError> {
    let (mine, theirs) = (sitting.records(one)?, sitting.records(other)?);
    let (Some(mine), Some(theirs)) = (mine.referral(), theirs.referral()) else {
        return Ok(None);
    };
    let group = merge::group(mine, theirs);
    let mut members = vec![other];
    for old in mine.requisition.into_iter().chain(theirs.requisition) {
        if old != group {
            members.extend(lookup::of_group(sitting.connection(), old)?);
        }
    }
    members.retain(|id| *id != one);
    members.sort_unstable();
    members.dedup();
    Ok(Some((group, members)))
}

fn others_of_patient(sitting: &mut Sitting<'_>, id: ReferralId) -> Result<Vec<ReferralId>, StoreError> {
    let records = sitting.records(id)?;
    let Some(PatientId(patient)) = records.referral().map(|referral| referral.patient) else {
        return Ok(Vec::new());
    };
    let mut all = lookup::all_of_patient(sitting.connection(), PatientId(patient))?;
    all.retain(|other| *other != id);
    Ok(all)
}

/// Whom a referral asks about, as the tables have them now.
fn asked_about(sitting: &mut Sitting<'_>, id: ReferralId) -> Result<Vec<Patient>, StoreError> {
    sitting.settle()?;
    let records = sitting.records(id)?;
    twins::asked_about(sitting.connection(), &records)
}

/// A further referral. That it cannot be refused has been seen to by the command's own decision: a refusal here is a defect,
/// and nothing of the whole is kept.
fn also(
    sitting: &mut Sitting<'_>,
    envelope: &Envelope,
    id: ReferralId,
    leader: i64,
    now: Stamp,
    decide: impl FnOnce(&mut Snapshot) -> Result<Decision, Refusal>,
) -> Result<(), Failure> {
    sitting.settle()?;
    // Only says which referral is taken up; what is logged is the command itself.
    let carrier = Command::AmendReferral {
        referral: id,
        changes: Box::default(),
    };
    let mut before = sitting.take_up(&carrier, 0)?;
    let decision = decide(&mut before).map_err(|refusal| StoreError::Corrupt {
        what: "joint action",
        why: refusal.because,
    })?;
    let own = Envelope {
        id: None,
        batch: None,
        ..envelope.clone()
    };
    let written = Written {
        undo_of: None,
        joint: Some(leader),
    };
    perform::log(sitting, &own, &before, &decision, written, now)?;
    Ok(sitting.keep(&carrier, decision)?)
}

/// Takes an action back, and all that stand and fall with it: each is decided on before the first is written.
///
/// # Errors
/// A refusal, or the store's.
pub fn take_back(
    sitting: &mut Sitting<'_>,
    envelope: &Envelope,
    action: i64,
    now: Stamp,
    random: u64,
) -> Result<Receipt, Failure> {
    // An undo looks at the tables.
    sitting.settle()?;
    let connection = sitting.connection();
    let leader = log::leader(connection, action)?;
    let mut fresh = sitting.fresh(random)?;
    let mut decided = Vec::new();
    for each in [vec![leader], log::joined(connection, leader)?].concat() {
        let (before, decision) =
            perform::decide_undo(connection, envelope, each, now, sitting.policy(), fresh)?;
        fresh.record = fresh.record.max(decision.next.fresh.record);
        decided.push((each, before, decision));
    }
    let mut first: Option<Receipt> = None;
    let mut moved = Vec::new();
    for (each, before, decision) in decided {
        let written = Written {
            undo_of: Some(each),
            joint: first.as_ref().map(|receipt| receipt.action),
        };
        let own = Envelope {
            id: envelope.id.clone().filter(|_| first.is_none()),
            ..envelope.clone()
        };
        let receipt = perform::log(sitting, &own, &before, &decision, written, now)?;
        moved.extend(perform::people_moved(&before, &decision));
        sitting.keep(&envelope.command, decision)?;
        first.get_or_insert(receipt);
    }
    for each in moved {
        perform::follow(sitting, envelope, each, now)?;
    }
    first.ok_or_else(|| Refusal::not_found(format!("action {action}")).into())
}
