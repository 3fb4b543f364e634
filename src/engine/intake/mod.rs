//! A document that was read becomes a referral, an answer, or an item for a person. None is lost.
//!
//! Owns the decision where a read document goes, and the one transaction in which its original, its reading and the
//! referral land together. Must not read bytes: it takes what the reader found.

mod again;
mod becomes;
mod compose;
mod coverage;
mod demographics;
mod destination;
mod enclosed;
mod parts;
mod report;
mod visit;
mod visits;
mod withdrawal;

use super::known;
use super::perform::perform;
use super::{Engine, Failure, Receipt};
use crate::domain::command::{Cause, Command, Envelope, NewDocument, Receive, Ref};
use crate::domain::id::{DocumentId, ReferralId};
use crate::domain::person::HumanName;
use crate::domain::policy::{Actor, Policy, Reading};
use crate::domain::referral::Source;
use crate::domain::time::{Stamp, whole_seconds};
use crate::intake::document::{DocumentKind, Field, ReadDocument};
use crate::store::board::IntakeRow;
use crate::store::{Connection, StoreError, content, log, records};
use again::{Before, before};
use compose::{reason_of, waits};
use destination::{Destination, destination};
use std::sync::Arc;
use visits::Batch;
pub(super) use visits::attached;

/// What became of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Where it went.
    pub outcome: Outcome,
    /// The document.
    pub document: Option<DocumentId>,
    /// The referral that it made or belongs to.
    pub referral: Option<ReferralId>,
    /// Keys of what the referral still misses.
    pub missing: Vec<String>,
    /// Why a person must look, or what they should know.
    pub remarks: Vec<String>,
    /// The receipt, where something was changed.
    pub receipt: Option<Receipt>,
}

/// Where a document went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It made a referral.
    Received,
    /// It answers a request for information.
    Answered,
    /// It was put with the referral that it is about.
    Filed,
    /// It says what became of an appointment, and the referral follows.
    Visit,
    /// A payer's answer about a coverage.
    Coverage,
    /// What another system says of a patient.
    Patient,
    /// A person must look.
    Intake,
    /// The same bytes came in before.
    SeenBefore,
}

impl Engine {
    /// Takes a read document in. With `dry`, everything is decided as it would be and then rolled back.
    ///
    /// # Errors
    /// The store's. A refusal by the domain makes an Intake item instead, so that the document is never lost.
    pub fn take_in(
        &mut self,
        bytes: &[u8],
        read: &ReadDocument,
        source: Source,
        actor: &Actor,
        now: Stamp,
        dry: bool,
    ) -> Result<Taken, Failure> {
        self.take_in_once(bytes, read, source, actor, now, dry, None)
    }

    /// The same; what was taken in on the same occasion before is not taken in again, although its bytes may be others now (a
    /// mail that came by two roads).
    ///
    /// # Errors
    /// See [`Engine::take_in`].
    #[allow(
        clippy::too_many_arguments,
        reason = "a document, how it came, and who took it in"
    )]
    pub fn take_in_once(
        &mut self,
        bytes: &[u8],
        read: &ReadDocument,
        source: Source,
        actor: &Actor,
        now: Stamp,
        dry: bool,
        occasion: Option<&str>,
    ) -> Result<Taken, Failure> {
        let coming = Coming {
            bytes,
            read,
            source,
            actor,
            occasion,
            cause: Cause::Intake,
        };
        self.take_as(&coming, now, dry)
    }

    /// Takes in what comes, or only as if.
    pub(super) fn take_as(&mut self, coming: &Coming<'_>, now: Stamp, dry: bool) -> Result<Taken, Failure> {
        let (policy, seed) = (Arc::clone(&self.policy), self.random.u64(..));
        self.perhaps(dry, |connection| {
            take(connection, &policy, coming, whole_seconds(now), seed)
        })
    }

    /// The command that a read referral makes: values that are sure are filled in, the others named in a remark.
    pub fn composed(
        reading: &Reading,
        read: &ReadDocument,
        source: Source,
        template: String,
        document: Ref<DocumentId, NewDocument>,
    ) -> Receive {
        compose::referral(reading, read, source, template, document)
    }

    /// A referrer's name as papers have it, credentials behind a comma.
    pub fn provider_name(whole: &str) -> HumanName {
        compose::provider_name(whole)
    }

    /// A field's name, as scripts and the configuration have it.
    pub fn field_code(field: Field) -> String {
        compose::named(field)
    }

    /// The commands that part a document of Intake; none where it is about one patient.
    pub fn parted(row: &IntakeRow, read: &ReadDocument) -> Vec<Command> {
        parts::parted(row, read)
    }

    /// `page 3`, or `pages 3-4`.
    pub fn pages_named(pages: [u32; 2]) -> String {
        parts::pages_named(pages)
    }

    /// What of a reading a person is offered: guesses are left out.
    pub fn offered(&self, read: ReadDocument) -> ReadDocument {
        compose::offered(&self.policy.reading, read)
    }

    /// What the reader made of a document that is kept.
    ///
    /// # Errors
    /// The store's.
    pub fn reading(&self, document: DocumentId) -> Result<Option<ReadDocument>, StoreError> {
        let Some(record) = self.store.document(document)? else {
            return Ok(None);
        };
        let connection = self.store.connection();
        let Some(text) = content::reading(connection, &record.hash)? else {
            return Ok(None);
        };
        let read: ReadDocument = serde_json::from_str(&text).map_err(|error| StoreError::Corrupt {
            what: "reading",
            why: error.to_string(),
        })?;
        if !content::is_parted(connection, &record.hash)? {
            return Ok(Some(read));
        }
        let oldest = content::seen_before(connection, &record.hash)?.map_or(document, |(oldest, _)| oldest);
        Ok(Some(parts::part_of(document, oldest, &record.name, read)))
    }
}

/// A document that comes in: what it is, how it came, and who took it in.
pub(super) struct Coming<'a> {
    pub bytes: &'a [u8],
    pub read: &'a ReadDocument,
    pub source: Source,
    pub actor: &'a Actor,
    pub occasion: Option<&'a str>,
    /// `intake`; `import` where it tells of what happened before the clinic went live.
    pub cause: Cause,
}

/// Takes a document in, within the caller's transaction.
///
/// # Errors
/// The store's.
pub(super) fn take(
    connection: &Connection,
    policy: &Policy,
    coming: &Coming<'_>,
    now: Stamp,
    seed: u64,
) -> Result<Taken, Failure> {
    let Coming {
        bytes,
        read,
        source,
        actor,
        occasion,
        cause,
    } = *coming;
    if let Some(taken) = taken_before(connection, occasion)? {
        return Ok(taken);
    }
    let read = &compose::offered(&policy.reading, read.clone());
    let hash = content::hash(bytes);
    let new = || {
        Ref::New(NewDocument {
            hash: hash.clone(),
            name: file_name(&read.name),
            kind: kind_code(read.kind),
            size: bytes.len() as u64,
        })
    };
    let (document, again) = match before(connection, &hash, read)? {
        Before::Never => (new(), None),
        Before::Locked(document) => (Ref::Known(document), None),
        Before::Waits(document, why) => (document.map_or_else(new, Ref::Known), Some(why)),
        Before::Done(document, referral) => {
            let remarks = vec!["the same document came in before; nothing was made twice".to_owned()];
            return Ok(Taken {
                outcome: Outcome::SeenBefore,
                document: Some(document),
                referral,
                missing: Vec::new(),
                remarks,
                receipt: None,
            });
        }
    };
    let reading = serde_json::to_string(read).map_err(|error| StoreError::Corrupt {
        what: "reading",
        why: error.to_string(),
    })?;
    content::keep(connection, &hash, bytes, &reading)?;
    let known = match &document {
        Ref::Known(document) => Some(*document),
        Ref::New(_) => None,
    };
    let envelope = |command| Envelope {
        id: occasion.map(str::to_owned),
        ..Envelope::new(command, actor.clone(), cause)
    };
    let batch = Batch {
        connection,
        policy,
        now,
        seed,
        actor,
        cause,
    };
    let going = match again {
        Some(why) => Destination::Person(why),
        None => destination(connection, policy, read)?,
    };
    let (command, outcome) = becomes::command(&batch, going, read, source, &document)?;
    let (receipt, outcome, why) = match perform(connection, &envelope(command.clone()), now, policy, seed) {
        Ok(receipt) => {
            let why = reason_of(&command);
            // Everything in it was recorded with the referrals that it is about: nobody has to look at it.
            let waiting = receipt.document.or(known).filter(|_| {
                matches!(outcome, Outcome::Visit | Outcome::Coverage | Outcome::Patient)
                    && receipt.referral.is_none()
            });
            if let Some(document) = waiting {
                let reason = why.join(", ");
                let dismiss = Command::DismissDocument { document, reason };
                let heard = (outcome == Outcome::Patient)
                    .then(|| demographics::heard(connection, policy, read, &hash))
                    .transpose()?;
                let own = Envelope {
                    id: heard.flatten(),
                    ..Envelope::new(dismiss, actor.clone(), cause)
                };
                perform(connection, &own, now, policy, seed)?;
            }
            (receipt, outcome, why)
        }
        // Whatever the domain does not take as a referral is still a document that somebody sent.
        Err(Failure::Refused(refusal)) => {
            let reason = format!("read, but not taken: {}", refusal.because);
            let item = waits(&document, read, reason.clone());
            (
                perform(connection, &envelope(item), now, policy, seed)?,
                Outcome::Intake,
                vec![reason],
            )
        }
        Err(failure) => return Err(failure),
    };
    let missing = match receipt.referral {
        Some(id) => records::of_referral(connection, id)?
            .referral()
            .map(|referral| referral.missing.clone())
            .unwrap_or_default(),
        None => Vec::new(),
    };
    let with = (receipt.referral, receipt.document.or(known));
    let inside = enclosed::keep(&batch, bytes, read, outcome, with)?;
    let warnings = receipt.warnings.iter().cloned();
    let remarks = why.into_iter().chain(warnings).chain(inside).collect();
    Ok(Taken {
        outcome,
        document: receipt.document.or(known),
        referral: receipt.referral,
        missing,
        remarks,
        receipt: Some(receipt),
    })
}

/// What came of an occasion before.
fn taken_before(connection: &Connection, occasion: Option<&str>) -> Result<Option<Taken>, Failure> {
    let Some(text) = occasion
        .map(|id| log::receipt_of(connection, id))
        .transpose()?
        .flatten()
    else {
        return Ok(None);
    };
    let receipt: Receipt = serde_json::from_str(&text).map_err(|error| StoreError::Corrupt {
        what: "receipt",
        why: error.to_string(),
    })?;
    Ok(Some(Taken {
        outcome: Outcome::SeenBefore,
        document: receipt.document,
        referral: receipt.referral,
        missing: Vec::new(),
        remarks: vec!["the same message came in before; nothing was made twice".to_owned()],
        receipt: None,
    }))
}

/// A document kind's code.
pub fn kind_code(kind: DocumentKind) -> String {
    serde_json::to_value(kind)
        .ok()
        .and_then(|code| code.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn file_name(name: &str) -> String {
    let name = crate::domain::text::line(name);
    let name: String = name.chars().take(200).collect();
    if name.trim().is_empty() {
        "unnamed".into()
    } else {
        name
    }
}
