//! The appointments of one document, each recorded with its referral.
//!
//! Owns what becomes of the document: with the referral where it is about one, set aside where it is about several and all were
//! recorded, with a person where one was not. Must not match or decide.

use super::visit::{Said, Whose, only, whose};
use super::{Failure, Outcome, kind_code, perform, waits};
use crate::domain::case::{Activity, Document};
use crate::domain::command::{Cause, Command, Envelope, NewDocument, Ref};
use crate::domain::id::{DocumentId, ReferralId};
use crate::domain::policy::{Actor, Policy};
use crate::domain::record::Entity;
use crate::domain::refusal::Code;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Stamp;
use crate::intake::document::{DocumentKind, ReadDocument};
use crate::store::{Connection, StoreError, content, records};

/// What every one of them is recorded with.
pub(super) struct Batch<'a> {
    pub connection: &'a Connection,
    pub policy: &'a Policy,
    pub now: Stamp,
    pub seed: u64,
    pub actor: &'a Actor,
    pub cause: Cause,
}

/// At most so many are named in the reason for which a document waits.
const NAMED: usize = 12;

/// Records what can be recorded, and gives the command that puts the document away.
///
/// # Errors
/// The store's.
pub(super) fn settled(
    batch: &Batch<'_>,
    document: &Ref<DocumentId, NewDocument>,
    read: &ReadDocument,
    mut all: Vec<Result<Said, String>>,
) -> Result<(Command, Outcome), Failure> {
    if all.len() == 1 && read.cut.is_none() {
        let found = match all.pop() {
            Some(Ok(said)) => match whose(batch.connection, batch.policy, &said)? {
                Whose::Referral(referral, external) => Ok((referral, external, said.activity)),
                Whose::Person(why) => Err(why),
            },
            Some(Err(why)) => Err(why),
            None => Err("the message says nothing of an appointment".into()),
        };
        return Ok(match found {
            Ok((referral, external, activity)) => (
                Command::RecordActivity {
                    referral,
                    external,
                    activity,
                    document: Some(document.clone()),
                },
                Outcome::Visit,
            ),
            Err(why) => (waits(document, read, why), Outcome::Intake),
        });
    }
    let count = all.len();
    let mut left = Vec::new();
    for (number, said) in all.into_iter().enumerate() {
        let why = match said {
            Err(why) => Some(why),
            Ok(said) => match whose(batch.connection, batch.policy, &said)? {
                Whose::Person(why) => Some(why),
                Whose::Referral(referral, external) => one(batch, referral, external, said.activity)?,
            },
        };
        if let Some(why) = why {
            left.push((number + 1, why));
        }
    }
    if left.is_empty() {
        return Ok(match &read.cut {
            None => (
                waits(
                    document,
                    read,
                    format!("all {count} appointments in it were recorded"),
                ),
                Outcome::Visit,
            ),
            Some(why) => (
                waits(
                    document,
                    read,
                    format!("{count} appointments in it were recorded; it {why}"),
                ),
                Outcome::Intake,
            ),
        });
    }
    let which: Vec<String> = left
        .iter()
        .take(NAMED)
        .map(|(number, _)| number.to_string())
        .collect();
    let more = if left.len() > NAMED { " and more" } else { "" };
    let why = left.first().map(|(_, why)| why.as_str()).unwrap_or_default();
    let mut reason = format!(
        "{} of {count} appointments in it belong to no referral here (number {}{more}); the first: {why}",
        left.len(),
        which.join(", "),
    );
    if let Some(why) = &read.cut {
        reason.push_str(&format!("; it {why}"));
    }
    Ok((waits(document, read, reason), Outcome::Intake))
}

/// Records one of many; why it could not be.
fn one(
    batch: &Batch<'_>,
    referral: ReferralId,
    external: String,
    activity: Activity,
) -> Result<Option<String>, Failure> {
    let command = Command::RecordActivity {
        referral,
        external,
        activity,
        document: None,
    };
    let envelope = Envelope::new(command, batch.actor.clone(), batch.cause);
    match perform(batch.connection, &envelope, batch.now, batch.policy, batch.seed) {
        Ok(_) => Ok(None),
        Err(Failure::Refused(refusal)) if refusal.code == Code::NothingToDo => Ok(None),
        Err(Failure::Refused(refusal)) => Ok(Some(refusal.because)),
        Err(failure) => Err(failure),
    }
}

/// A document about an appointment that a person puts with a referral is not only kept there: the referral follows what it says.
///
/// # Errors
/// The store's.
pub fn attached(
    connection: &Connection,
    policy: &Policy,
    command: &Command,
) -> Result<Option<Command>, StoreError> {
    let Command::FileDocument {
        referral,
        document: Ref::Known(id),
        ..
    } = command
    else {
        return Ok(None);
    };
    let mut snapshot = Snapshot::default();
    records::see(connection, &mut snapshot, Entity::Document, id.0)?;
    let Some(document) = snapshot
        .get::<Document>(id.0)
        .filter(|document| document.kind == kind_code(DocumentKind::AppointmentEvent))
    else {
        return Ok(None);
    };
    let read = content::reading(connection, &document.hash)?;
    let read = read.and_then(|text| serde_json::from_str::<ReadDocument>(&text).ok());
    let said = read.and_then(|read| only(policy, &read));
    Ok(said.map(|(external, activity)| Command::RecordActivity {
        referral: *referral,
        external,
        activity,
        document: Some(Ref::Known(*id)),
    }))
}
