//! What a document becomes where it goes: the command, and how it is told.
//!
//! Owns the step from a destination to a command. Must not decide where a document goes.

use super::compose::{self, waits};
use super::demographics::{self, Says};
use super::destination::Destination;
use super::visits::{self, Batch};
use super::{Failure, Outcome, coverage, known, perform};
use crate::domain::command::{Command, Envelope, NewDocument, Receive, Ref};
use crate::domain::id::{DocumentId, ReferralId};
use crate::domain::priority::Priority;
use crate::domain::referral::Source;
use crate::domain::refusal::Code;
use crate::intake::document::{Field, ReadDocument};
use crate::store::{Connection, StoreError, lookup, records};

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
        connection, policy, ..
    } = *batch;
    Ok(match going {
        Destination::Visits(all) => visits::settled(batch, document, read, all)?,
        Destination::Coverage => match coverage::answer(connection, policy, read, document)? {
            Ok(command) => (command, Outcome::Coverage),
            Err(why) => (waits(document, read, why), Outcome::Intake),
        },
        Destination::Authorization(Ok(set), Some(referral)) => {
            let what = format!("an authorisation for {referral}");
            recorded(batch, referral, set, &what, read, document)?
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
        Destination::Patient => patient(batch, read, document)?,
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
        Destination::TakenBack(referral) => taken_back(batch, referral, read, document)?,
        Destination::File(referral) => (
            Command::FileDocument {
                referral,
                document: document.clone(),
                items: Vec::new(),
            },
            Outcome::Filed,
        ),
        Destination::Referral(template) => {
            let mut receive = compose::referral(&policy.reading, read, source, template, document.clone());
            match twin(connection, &mut receive)? {
                Some(why) => (waits(document, read, why), Outcome::Intake),
                None => (Command::Receive(Box::new(receive)), Outcome::Received),
            }
        }
        Destination::Person(reason) => (waits(document, read, reason), Outcome::Intake),
    })
}

/// The request to cancel is recorded: whether it ends is a person's to say.
fn taken_back(
    batch: &Batch<'_>,
    referral: ReferralId,
    read: &ReadDocument,
    document: &Ref<DocumentId, NewDocument>,
) -> Result<(Command, Outcome), Failure> {
    let said = read.text(Field::ReasonText).map(|why| format!(": {why}"));
    let reason: String = format!("its sender took it back{}", said.unwrap_or_default());
    let reason = reason.chars().take(200).collect();
    let ask = Command::RequestCancel { referral, reason };
    let what = format!("takes {referral} back");
    recorded(batch, referral, ask, &what, read, document)
}

/// The paper is kept with the referral; what it says is recorded first. Where that is not taken, it waits: a paper in the file would
/// hide that what it says is not on record.
fn recorded(
    batch: &Batch<'_>,
    referral: ReferralId,
    says: Command,
    what: &str,
    read: &ReadDocument,
    document: &Ref<DocumentId, NewDocument>,
) -> Result<(Command, Outcome), Failure> {
    let own = Envelope::new(says, batch.actor.clone(), batch.cause);
    match perform(batch.connection, &own, batch.now, batch.policy, batch.seed) {
        Ok(_) => {}
        Err(Failure::Refused(refusal)) if refusal.code == Code::NothingToDo => {}
        Err(Failure::Refused(refusal)) => {
            let why = format!("{what}, not recorded: {}", refusal.because);
            return Ok((waits(document, read, why), Outcome::Intake));
        }
        Err(failure) => return Err(failure),
    }
    let file = Command::FileDocument {
        referral,
        document: document.clone(),
        items: Vec::new(),
    };
    Ok((file, Outcome::Filed))
}

/// What another system says of a patient is recorded; the message itself is of no further use, unless a person's word stands
/// against it.
fn patient(
    batch: &Batch<'_>,
    read: &ReadDocument,
    document: &Ref<DocumentId, NewDocument>,
) -> Result<(Command, Outcome), Failure> {
    let heard = match document {
        Ref::New(new) => demographics::heard(batch.connection, batch.policy, read, &new.hash)?,
        Ref::Known(_) => None,
    };
    let record = |commands: Vec<Command>, mut id: Option<String>| -> Result<Option<String>, Failure> {
        for command in commands {
            let own = Envelope {
                id: id.take(),
                ..Envelope::new(command, batch.actor.clone(), batch.cause)
            };
            match perform(batch.connection, &own, batch.now, batch.policy, batch.seed) {
                Ok(_) => {}
                Err(Failure::Refused(refusal)) => return Ok(Some(refusal.because)),
                Err(failure) => return Err(failure),
            }
        }
        Ok(None)
    };
    Ok(match demographics::says(batch.connection, batch.policy, read)? {
        Says::Nothing(why) => (waits(document, read, why), Outcome::Patient),
        Says::Person(why) => (waits(document, read, why), Outcome::Intake),
        Says::Recorded(commands, why) => match record(commands, None)? {
            None => (waits(document, read, why), Outcome::Patient),
            Some(because) => (
                waits(document, read, format!("read, but not taken: {because}")),
                Outcome::Intake,
            ),
        },
        Says::Disputed(commands, referral) => match record(commands, heard)? {
            None => (
                Command::FileDocument {
                    referral,
                    document: document.clone(),
                    items: Vec::new(),
                },
                Outcome::Filed,
            ),
            Some(because) => (
                waits(document, read, format!("read, but not taken: {because}")),
                Outcome::Intake,
            ),
        },
    })
}

/// Why a referral is not made by itself: the same patient has an open one from the same template, so that a person says first
/// whether it is another, and nobody is written to twice. One that is more urgent than what is open never waits for that.
fn twin(connection: &Connection, receive: &mut Receive) -> Result<Option<String>, StoreError> {
    known::patient(connection, receive)?;
    let Ref::Known(patient) = receive.patient else {
        return Ok(None);
    };
    let alike = lookup::look_alikes(connection, patient, &receive.template)?;
    let urgency = receive.priority.unwrap_or(Priority::Routine);
    let mut ids = Vec::new();
    for other in alike {
        let open = records::of_referral(connection, other.id)?;
        let listed = open.referral().map(|referral| referral.priority);
        if urgency == Priority::Stat || listed.is_some_and(|listed| listed < urgency) {
            return Ok(None);
        }
        ids.push(other.id.to_string());
    }
    Ok((!ids.is_empty()).then(|| {
        format!(
            "looks like {}: same patient and specialty; put it there, or make another referral of it",
            ids.join(", ")
        )
    }))
}
