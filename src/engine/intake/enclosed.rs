//! Documents that travelled inside a message: each is kept as the bytes that it is, with the referral that its message is with.
//!
//! Owns where each goes: never to a referral whose patient it does not say it is about; such a one waits for a person by itself. A
//! message that itself waits for a person keeps what is in it. Must not read one.

use super::visits::Batch;
use super::{Failure, Outcome, file_name, perform};
use crate::domain::case::{DocumentState, ENCLOSED};
use crate::domain::command::{Command, Envelope, NewDocument, Ref};
use crate::domain::id::{DocumentId, ReferralId};
use crate::intake::document::{Container, ReadDocument};
use crate::intake::{Enclosed, Whose, enclosed};
use crate::store::content;

/// Keeps them; what a person should know of it.
///
/// # Errors
/// The store's.
pub(super) fn keep(
    batch: &Batch<'_>,
    bytes: &[u8],
    read: &ReadDocument,
    outcome: Outcome,
    with: (Option<ReferralId>, Option<DocumentId>),
) -> Result<Vec<String>, Failure> {
    let structured = matches!(
        read.container,
        Container::Hl7v2 | Container::Fhir | Container::Ccda
    );
    let placed = matches!(
        outcome,
        Outcome::Received | Outcome::Answered | Outcome::Filed | Outcome::Visit
    );
    let (Some(referral), Some(message)) = with else {
        return Ok(Vec::new());
    };
    if !structured || !placed {
        return Ok(Vec::new());
    }
    let (all, more) = enclosed(bytes);
    let mut remarks = Vec::new();
    for each in &all {
        if let Some(why) = one(batch, each, referral, message)? {
            remarks.push(why);
        }
    }
    if more > 0 {
        remarks.push(format!(
            "{more} more documents inside it were not taken out: they are in the original"
        ));
    }
    Ok(remarks)
}

/// Keeps one; what a person should know of it.
fn one(
    batch: &Batch<'_>,
    inside: &Enclosed,
    referral: ReferralId,
    message: DocumentId,
) -> Result<Option<String>, Failure> {
    let hash = content::hash(&inside.bytes);
    let own = inside.whose == Whose::Messages;
    // The same bytes may be another patient's too: a blank form, a leaflet.
    let there = content::copies(batch.connection, &hash)?.into_iter().any(|copy| {
        if own {
            copy.referral == Some(referral)
        } else {
            copy.state == DocumentState::Intake
        }
    });
    if there {
        return Ok(None);
    }
    content::keep_unread(batch.connection, &hash, &inside.bytes)?;
    let document = NewDocument {
        hash,
        name: file_name(&inside.name),
        kind: ENCLOSED.to_owned(),
        size: inside.bytes.len() as u64,
    };
    let whose = match inside.whose {
        Whose::Messages => None,
        Whose::Anothers => Some("is about another patient"),
        Whose::Nobodys => Some("does not say whose it is"),
    };
    let command = match whose {
        None => Command::FileDocument {
            referral,
            document: Ref::New(document),
            items: Vec::new(),
        },
        Some(whose) => Command::TakeDocument {
            document,
            reason: format!(
                "came inside {message}, which is with {referral}, and {whose}: put it where it belongs"
            ),
        },
    };
    let envelope = Envelope::new(command, batch.actor.clone(), batch.cause);
    match perform(batch.connection, &envelope, batch.now, batch.policy, batch.seed) {
        Ok(_) => Ok(whose.map(|whose| format!("a document inside it {whose}, and waits in Intake"))),
        // It is in the message, which is kept.
        Err(Failure::Refused(refusal)) => Ok(Some(format!(
            "a document inside it was not taken out: {}",
            refusal.because
        ))),
        Err(failure @ Failure::Store(_)) => Err(failure),
    }
}
