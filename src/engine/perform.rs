//! One command inside a transaction: load, decide, keep, log.
//!
//! Owns the order of these steps. Nothing is written before the decision, so a refusal leaves the transaction clean.

use super::known;
use super::receipt::{Failure, Receipt};
use crate::domain::case::Document;
use crate::domain::command::{Command, Envelope, Ref};
use crate::domain::decide::{Decision, Done, decide, patient_corrected, undo};
use crate::domain::event::{Event, Fact};
use crate::domain::policy::{Actor, Policy};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Stamp;
use crate::domain::timeline::describe;
use crate::store::{Connection, StoreError, content, log, lookup, records};

/// Executes a command inside the caller's transaction.
///
/// # Errors
/// A refusal or the store's error.
pub fn perform(
    connection: &Connection,
    envelope: &Envelope,
    now: Stamp,
    policy: &Policy,
    random: u64,
) -> Result<Receipt, Failure> {
    if let Some(id) = &envelope.id
        && let Some(text) = records::receipt_of(connection, id)?
    {
        let receipt: Receipt = serde_json::from_str(&text).map_err(|error| StoreError::Corrupt {
            what: "receipt",
            why: error.to_string(),
        })?;
        return Ok(Receipt {
            repeated: true,
            ..receipt
        });
    }
    if let Command::Undo { action } = &envelope.command {
        return take_back(connection, envelope, *action, now, policy, random);
    }
    let mut envelope = known::resolve(connection, envelope)?;
    if let Command::Receive(receive) = &mut envelope.command {
        known::referral(connection, receive)?;
        known::template(policy, receive);
    }
    plain(connection, &envelope, now, policy, random)
}

fn plain(
    connection: &Connection,
    envelope: &Envelope,
    now: Stamp,
    policy: &Policy,
    random: u64,
) -> Result<Receipt, Failure> {
    originals(connection, &envelope.command)?;
    let snapshot = records::for_command(connection, &envelope.command, random)?;
    let decision = decide(&snapshot, envelope, now, policy)?;
    let receipt = keep(connection, envelope, &snapshot, &decision, None, now, policy)?;
    follow_patient(connection, envelope, &snapshot, &decision, now, policy)?;
    Ok(receipt)
}

/// A patient may have several referrals: what one of them learns, the others know. Each that this moves gets an action of its
/// own, by the program, so that its timeline says so.
fn follow_patient(
    connection: &Connection,
    envelope: &Envelope,
    before: &Snapshot,
    decision: &Decision,
    now: Stamp,
    policy: &Policy,
) -> Result<(), Failure> {
    let Some(referral) = decision.next.referral() else {
        return Ok(());
    };
    let known = before.patient(referral.patient);
    if known.is_none() || known == decision.next.patient(referral.patient) {
        return Ok(());
    }
    for id in lookup::open_of_patient(connection, referral.patient)? {
        if id == referral.id {
            continue;
        }
        let command = Command::AmendPatient {
            referral: id,
            changes: Box::default(),
        };
        let own = Envelope::new(command, Actor::system(), envelope.cause);
        let mut snapshot = records::of_referral(connection, id)?;
        snapshot.fresh = records::fresh(connection, 0)?;
        if let Some(decision) = patient_corrected(&snapshot, &own, now, policy)? {
            keep(connection, &own, &snapshot, &decision, None, now, policy)?;
        }
    }
    Ok(())
}

/// A document comes in with its bytes, or not at all: what only its hash is known of could never be looked at.
fn originals(connection: &Connection, command: &Command) -> Result<(), Failure> {
    let new = if let Command::Receive(receive) = command {
        match &receive.document {
            Some(Ref::New(new)) => Some(new),
            Some(Ref::Known(_)) | None => None,
        }
    } else if let Command::TakeDocument { document, .. }
    | Command::FileDocument {
        document: Ref::New(document),
        ..
    } = command
    {
        Some(document)
    } else {
        None
    };
    match new {
        Some(new) if !content::is_kept(connection, &new.hash)? => Err(Refusal::new(
            Code::BadField,
            "document.hash: no bytes with this hash are kept",
            "bring the file in with `refdesk intake`",
        )
        .into()),
        Some(_) | None => Ok(()),
    }
}

fn take_back(
    connection: &Connection,
    envelope: &Envelope,
    action: i64,
    now: Stamp,
    policy: &Policy,
    random: u64,
) -> Result<Receipt, Failure> {
    let (snapshot, decision) = decide_undo(connection, envelope, action, now, policy, random)?;
    let receipt = keep(
        connection,
        envelope,
        &snapshot,
        &decision,
        Some(action),
        now,
        policy,
    )?;
    follow_patient(connection, envelope, &snapshot, &decision, now, policy)?;
    Ok(receipt)
}

/// Decides whether an action can be taken back, and what comes of it; writes nothing.
pub(super) fn decide_undo(
    connection: &Connection,
    envelope: &Envelope,
    action: i64,
    now: Stamp,
    policy: &Policy,
    random: u64,
) -> Result<(Snapshot, Decision), Failure> {
    let (referral, changes) = log::changes_of(connection, action)?;
    if changes.is_empty() {
        return Err(Refusal::not_found(format!("action {action}")).into());
    }
    if log::is_undone(connection, action)? {
        return Err(Refusal::new(Code::AlreadyDone, "it is undone already", "nothing is needed").into());
    }
    let mut snapshot = match referral {
        Some(id) => records::of_referral(connection, id)?,
        None => Snapshot::default(),
    };
    for patch in &changes {
        records::see(connection, &mut snapshot, patch.entity, patch.id)?;
        records::see_named(connection, &mut snapshot, patch)?;
    }
    snapshot.fresh = records::fresh(connection, random)?;
    let own = log::actor_of(connection, action)?.as_deref() == Some(envelope.actor.name.as_str());
    let done = Done { action, changes, own };
    let decision = undo(&snapshot, &done, envelope, now, policy)?;
    Ok((snapshot, decision))
}

fn keep(
    connection: &Connection,
    envelope: &Envelope,
    before: &Snapshot,
    decision: &Decision,
    undo_of: Option<i64>,
    now: Stamp,
    policy: &Policy,
) -> Result<Receipt, Failure> {
    let Decision { events, next } = decision;
    records::save_all(connection, next, events.iter().flat_map(|event| &event.patches))?;
    records::keep_counters(connection, next.fresh.record, next_referral(before, next))?;
    let action = log::next_action(connection)?;
    let referral = next.referral();
    let receipt = Receipt {
        action,
        id: envelope.id.clone(),
        referral: referral.map(|referral| referral.id),
        version: referral.map(|referral| referral.version),
        document: document(before, next),
        at: now,
        changed: said(events, policy, now),
        warnings: before
            .look_alikes
            .iter()
            .map(|other| {
                format!(
                    "looks like {}: same patient and specialty, {}",
                    other.id, other.status
                )
            })
            .collect(),
        repeated: false,
    };
    let text = serde_json::to_string(&receipt).map_err(|error| StoreError::Corrupt {
        what: "receipt",
        why: error.to_string(),
    })?;
    let header = log::Header {
        action,
        at: now,
        actor: &envelope.actor.name,
        role: envelope.actor.role.code(),
        cause: envelope.cause.code(),
        referral: receipt.referral,
    };
    let command = name_of(&envelope.command);
    let line = log::Action {
        client_id: envelope.id.as_deref(),
        batch: envelope.batch.as_deref(),
        command: &command,
        undo_of,
        receipt: &text,
    };
    log::append(connection, &header, &line, events)?;
    Ok(receipt)
}

/// A referral that was made takes its number.
fn next_referral(before: &Snapshot, next: &Snapshot) -> i64 {
    let made = before.referral().is_none() && next.referral().is_some();
    before.fresh.referral + i64::from(made)
}

/// The document that a command was about, where it changed one.
fn document(before: &Snapshot, next: &Snapshot) -> Option<crate::domain::id::DocumentId> {
    let changed = |document: &&Document| before.get::<Document>(document.id.0) != Some(document);
    next.documents
        .iter()
        .rev()
        .find(changed)
        .map(|document| document.id)
}

fn said(events: &[Event], policy: &Policy, now: Stamp) -> Vec<String> {
    events
        .iter()
        .filter(|event| event.fact != Fact::Settled)
        .map(|event| describe(&event.fact, policy.clinic.zone, now))
        .collect()
}

/// The command's name as scripts write it.
fn name_of(command: &Command) -> String {
    serde_json::to_value(command)
        .ok()
        .and_then(|value| {
            value
                .get("command")
                .and_then(|name| name.as_str().map(str::to_owned))
        })
        .unwrap_or_default()
}
