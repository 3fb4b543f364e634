//! One command inside a transaction: load, decide, keep, log.
//!
//! Owns the order of these steps. Nothing is written before the decision, so a refusal leaves the transaction clean. What is
//! loaded and kept goes through a [`Sitting`], so that many commands about one referral load and write its records once.

use super::intake;
use super::joint;
use super::known;
use super::receipt::{Failure, Receipt};
use super::sitting::Sitting;
use crate::domain::case::Document;
use crate::domain::command::{Cause, Command, Envelope, Ref};
use crate::domain::decide::{Decision, Done, decide, patient_corrected, undo};
use crate::domain::event::{Event, Fact};
use crate::domain::id::{PatientId, PractitionerId, ReferralId};
use crate::domain::person::{Patient, Practitioner};
use crate::domain::policy::{Actor, Policy};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::snapshot::{Fresh, MayBe, Snapshot};
use crate::domain::time::Stamp;
use crate::domain::timeline::describe;
use crate::store::{Connection, StoreError, content, log, lookup, records};

/// Executes one command inside the caller's transaction.
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
    let mut sitting = Sitting::new(connection, policy);
    let receipt = one_of(&mut sitting, envelope, now, random)?;
    sitting.close()?;
    Ok(receipt)
}

/// Executes one of several commands of a sitting.
///
/// # Errors
/// A refusal, which leaves the sitting as it was, or the store's error.
pub fn one_of(
    sitting: &mut Sitting<'_>,
    envelope: &Envelope,
    now: Stamp,
    random: u64,
) -> Result<Receipt, Failure> {
    let (connection, policy) = (sitting.connection(), sitting.policy());
    if envelope.id.is_none()
        && let Some(key) = envelope.command.own_key()
    {
        // The same referral of the same system is brought over once, whoever asks.
        let envelope = Envelope {
            id: Some(key),
            ..envelope.clone()
        };
        return one_of(sitting, &envelope, now, random);
    }
    if let Some(id) = &envelope.id
        && let Some(text) = log::receipt_of(connection, id)?
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
        return joint::take_back(sitting, envelope, *action, now, random);
    }
    if matches!(
        envelope.command,
        Command::MergeReferral { .. } | Command::LinkReferral { .. } | Command::MergePatient { .. }
    ) {
        return joint::perform(sitting, envelope, now, random);
    }
    if matches!(
        envelope.command,
        Command::Receive(_) | Command::Import(_) | Command::AmendReferral { .. }
    ) {
        // Who is known is asked of the tables, so they have to be up to date.
        sitting.settle()?;
        let (mut envelope, may_be) = known::resolve(connection, envelope)?;
        if let Command::Import(import) = &mut envelope.command {
            known::replaced(connection, import)?;
        }
        if let Some(receive) = envelope.command.makes_mut() {
            known::referral(connection, receive)?;
            known::template(policy, receive);
        }
        if let Command::Receive(receive) = &mut envelope.command {
            known::resubmission(connection, receive, now)?;
        }
        return plainly(sitting, &envelope, now, random, may_be);
    }
    if let Command::TakeOver(over) = &envelope.command {
        sitting.settle()?;
        let (over, may_be) = known::chart(connection, over)?;
        let envelope = Envelope {
            command: Command::TakeOver(Box::new(over)),
            ..envelope.clone()
        };
        return plainly(sitting, &envelope, now, random, may_be);
    }
    if matches!(envelope.command, Command::FileDocument { .. }) && envelope.cause != Cause::Intake {
        sitting.settle()?;
        if let Some(command) = intake::attached(connection, policy, &envelope.command)? {
            let envelope = Envelope {
                command,
                ..envelope.clone()
            };
            return plain(sitting, &envelope, now, random);
        }
    }
    plain(sitting, envelope, now, random)
}

/// Executes a command that needs nobody looked up.
pub(super) fn plain(
    sitting: &mut Sitting<'_>,
    envelope: &Envelope,
    now: Stamp,
    random: u64,
) -> Result<Receipt, Failure> {
    plainly(sitting, envelope, now, random, Vec::new())
}

fn plainly(
    sitting: &mut Sitting<'_>,
    envelope: &Envelope,
    now: Stamp,
    random: u64,
    may_be: Vec<MayBe>,
) -> Result<Receipt, Failure> {
    originals(sitting.connection(), &envelope.command)?;
    let mut snapshot = sitting.take_up(&envelope.command, random)?;
    snapshot.may_be = may_be;
    let decision = match decide(&snapshot, envelope, now, sitting.policy()) {
        Ok(decision) => decision,
        Err(refusal) => {
            sitting.put_back(&envelope.command, snapshot);
            return Err(refusal.into());
        }
    };
    let receipt = log(sitting, envelope, &snapshot, &decision, Written::default(), now)?;
    let moved = people_moved(&snapshot, &decision);
    sitting.keep(&envelope.command, decision)?;
    for each in moved {
        follow(sitting, envelope, each, now)?;
    }
    Ok(receipt)
}

/// Somebody on record who was changed, and whom other referrals name as well.
#[derive(Clone, Copy)]
pub(super) enum Moved {
    Patient(PatientId),
    /// Whoever sent it, where what is missing may hang on what was changed.
    Requester(PractitionerId),
}

/// The people who were changed, with the referral through which.
pub(super) fn people_moved(before: &Snapshot, decision: &Decision) -> Vec<(ReferralId, Moved)> {
    let Some(referral) = decision.next.referral() else {
        return Vec::new();
    };
    let patient = |patient: &&Patient| {
        let was = before.patient(patient.id);
        was.is_some() && was != Some(*patient)
    };
    let requester = |next: &&Practitioner| {
        let was = before.practitioner(Some(next.id));
        was.is_some_and(|was| was.npi.is_some() != next.npi.is_some())
    };
    let patients = decision.next.patients.iter().filter(patient);
    let requesters = decision.next.practitioners.iter().filter(requester);
    patients
        .map(|patient| Moved::Patient(patient.id))
        .chain(requesters.map(|requester| Moved::Requester(requester.id)))
        .map(|moved| (referral.id, moved))
        .collect()
}

/// A patient may have several referrals, and a practitioner have sent several: what one of them learns, the others know. Each that
/// this moves gets an action of its own, by the program, so that its timeline says so.
pub(super) fn follow(
    sitting: &mut Sitting<'_>,
    envelope: &Envelope,
    (referral, moved): (ReferralId, Moved),
    now: Stamp,
) -> Result<(), Failure> {
    sitting.settle()?;
    let others = match moved {
        Moved::Patient(id) => lookup::open_of_patient(sitting.connection(), id)?,
        Moved::Requester(id) => lookup::open_of_requester(sitting.connection(), id)?,
    };
    for id in others {
        if id == referral {
            continue;
        }
        let command = Command::AmendPatient {
            referral: id,
            changes: Box::default(),
        };
        let own = Envelope::new(command, Actor::system(), envelope.cause);
        let snapshot = sitting.take_up(&own.command, 0)?;
        if let Some(decision) = patient_corrected(&snapshot, &own, now, sitting.policy())? {
            log(sitting, &own, &snapshot, &decision, Written::default(), now)?;
            sitting.keep(&own.command, decision)?;
        }
    }
    Ok(())
}

/// A document comes in with its bytes, or not at all: what only its hash is known of could never be looked at.
fn originals(connection: &Connection, command: &Command) -> Result<(), Failure> {
    let new = if let Some(receive) = command.makes() {
        match &receive.document {
            Some(Ref::New(new)) => Some(new),
            Some(Ref::Known(_)) | None => None,
        }
    } else if let Command::TakeDocument { document, .. }
    | Command::FileDocument {
        document: Ref::New(document),
        ..
    }
    | Command::RecordActivity {
        document: Some(Ref::New(document)),
        ..
    }
    | Command::RecordAnswer {
        document: Some(Ref::New(document)),
        ..
    } = command
    {
        Some(document)
    } else {
        None
    };
    match new {
        Some(new) if !content::is_kept(connection, &new.hash)? => Err(no_bytes().into()),
        Some(_) | None => Ok(()),
    }
}

fn no_bytes() -> Refusal {
    Refusal::new(
        Code::BadField,
        "document.hash: no bytes with this hash are kept",
        "bring the file in with `refdesk intake`",
    )
}

/// Decides whether an action can be taken back, and what comes of it; writes nothing.
pub(super) fn decide_undo(
    connection: &Connection,
    envelope: &Envelope,
    action: i64,
    now: Stamp,
    policy: &Policy,
    fresh: Fresh,
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
    snapshot.fresh = fresh;
    let own = log::actor_of(connection, action)?.as_deref() == Some(envelope.actor.name.as_str());
    let done = Done { action, changes, own };
    let decision = undo(&snapshot, &done, envelope, now, policy)?;
    Ok((snapshot, decision))
}

/// How an action stands to others.
#[derive(Clone, Copy, Default)]
pub(super) struct Written {
    /// The action that it undoes.
    pub undo_of: Option<i64>,
    /// The action that it stands and falls with.
    pub joint: Option<i64>,
}

/// Writes a decision into the log; its receipt.
pub(super) fn log(
    sitting: &mut Sitting<'_>,
    envelope: &Envelope,
    before: &Snapshot,
    decision: &Decision,
    written: Written,
    now: Stamp,
) -> Result<Receipt, Failure> {
    let Decision { events, next } = decision;
    let action = sitting.number()?;
    let referral = next.referral();
    let receipt = Receipt {
        action,
        id: envelope.id.clone(),
        referral: referral.map(|referral| referral.id),
        version: referral.map(|referral| referral.version),
        document: document(before, next),
        at: now,
        changed: said(events, sitting.policy(), now),
        warnings: warnings(before),
        repeated: false,
    };
    let text = serde_json::to_string(&receipt).map_err(|error| StoreError::Corrupt {
        what: "receipt",
        why: error.to_string(),
    })?;
    let header = log::Header {
        at: now,
        actor: &envelope.actor.name,
        role: envelope.actor.role.code(),
        cause: envelope.cause.code(),
        referral: receipt.referral,
    };
    let line = log::Action {
        client_id: envelope.id.as_deref(),
        batch: envelope.batch.as_deref(),
        command: envelope.command.name(),
        undo_of: written.undo_of,
        joint: written.joint,
        receipt: &text,
    };
    sitting.append(&header, &line, events)?;
    Ok(receipt)
}

fn warnings(before: &Snapshot) -> Vec<String> {
    let looks_like = before.look_alikes.iter().map(|other| {
        format!(
            "looks like {}: same patient and specialty, {}",
            other.id, other.status
        )
    });
    let may_be = before
        .may_be
        .iter()
        .map(|other| format!("may be the same patient as {}: a person must say", other.id));
    looks_like.chain(may_be).collect()
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
