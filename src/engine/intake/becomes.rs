//! What a document becomes where it goes: the command, and how it is told.
//!
//! Owns the step from a destination to a command. Must not decide where a document goes.

use super::compose::{self, waits};
use super::destination::Destination;
use super::visits::{self, Batch};
use super::{Failure, Outcome, coverage, perform};
use crate::domain::command::{Cause, Command, Envelope, NewDocument, Ref};
use crate::domain::id::DocumentId;
use crate::domain::referral::Source;
use crate::intake::document::ReadDocument;

/// The command, with what an authorisation says and what a table of appointments says recorded already.
///
/// # Errors
/// The store's.
pub(super) fn command(
    batch: &Batch<'_>,
    going: Destination,
    read: &ReadDocument,
    source: Source,
    document: &Ref<DocumentId, NewDocument>,
) -> Result<(Command, Outcome), Failure> {
    let Batch {
        connection,
        policy,
        now,
        seed,
        ..
    } = *batch;
    Ok(match going {
        Destination::Visits(all) => visits::settled(batch, document, read, all)?,
        Destination::Coverage => match coverage::answer(connection, policy, read, document)? {
            Ok(command) => (command, Outcome::Coverage),
            Err(why) => (waits(document, read, why), Outcome::Intake),
        },
        Destination::Authorization(Ok(set), Some(referral)) => {
            // The paper is kept with the referral; what it says is recorded first.
            match perform(
                connection,
                &Envelope::new(set, batch.actor.clone(), Cause::Intake),
                now,
                policy,
                seed,
            ) {
                Ok(_) | Err(Failure::Refused(_)) => {}
                Err(failure) => return Err(failure),
            }
            let document = document.clone();
            let items = Vec::new();
            (
                Command::FileDocument {
                    referral,
                    document,
                    items,
                },
                Outcome::Filed,
            )
        }
        Destination::Authorization(Err(why), _) => (waits(document, read, why), Outcome::Intake),
        Destination::Authorization(Ok(_), None) => (
            waits(
                document,
                read,
                "an authorisation, but whose is not certain".into(),
            ),
            Outcome::Intake,
        ),
        Destination::Taken => (
            waits(document, read, "the clearing house has taken the question".into()),
            Outcome::Coverage,
        ),
        Destination::Answer(referral, items) => (
            Command::FileDocument {
                referral,
                document: document.clone(),
                items,
            },
            Outcome::Answered,
        ),
        Destination::File(referral) => (
            Command::FileDocument {
                referral,
                document: document.clone(),
                items: Vec::new(),
            },
            Outcome::Filed,
        ),
        Destination::Referral(template) => (
            Command::Receive(Box::new(compose::referral(
                &policy.reading,
                read,
                source,
                template,
                document.clone(),
            ))),
            Outcome::Received,
        ),
        Destination::Person(reason) => (waits(document, read, reason), Outcome::Intake),
    })
}
