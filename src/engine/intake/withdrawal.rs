//! A request that its sender takes back, or changes.
//!
//! Owns whose referral it is: the one whose number of ours it gives back, or the patient's that came under the sender's own number.
//! Whoever is named must be the patient. What is not certain, and what somebody has still to decide, is for a person. Must not write.

use super::report::{About, is_hers, knows, open, patient};
use super::visit::named;
use crate::domain::id::ReferralId;
use crate::domain::policy::Policy;
use crate::domain::priority::Priority;
use crate::domain::referral::Referral;
use crate::domain::status::Status;
use crate::intake::document::ReadDocument;
use crate::store::{Connection, StoreError, lookup, records};

/// What becomes of a request that is taken back.
pub(super) enum Withdrawal {
    /// The referral waits for somebody to confirm it.
    Asked(ReferralId),
    /// Somebody asked before: the message is kept with it.
    AskedBefore(ReferralId),
    /// A person must see it; why.
    Person(String),
}

/// Decides it.
///
/// # Errors
/// The store's.
pub(super) fn withdrawal(
    connection: &Connection,
    policy: &Policy,
    read: &ReadDocument,
) -> Result<Withdrawal, StoreError> {
    let referral = match whose(connection, policy, read)? {
        Ok(referral) => referral,
        Err(why) => {
            return Ok(Withdrawal::Person(format!("takes a referral back, but {why}")));
        }
    };
    let (id, status) = (referral.id, referral.status);
    Ok(if status == Status::CancelRequested {
        Withdrawal::AskedBefore(id)
    } else if referral.priority == Priority::Stat {
        // An emergency leaves its list by nobody's message.
        Withdrawal::Person(format!(
            "takes {id} back, an emergency: call, then cancel it or keep it"
        ))
    } else if status.may_become(Status::CancelRequested) {
        Withdrawal::Asked(id)
    } else {
        Withdrawal::Person(format!(
            "takes {id} back, which is {status}: cancel it or keep it"
        ))
    })
}

/// Why a change of a request waits: it names the referral where that is certain.
///
/// # Errors
/// The store's.
pub(super) fn change(
    connection: &Connection,
    policy: &Policy,
    read: &ReadDocument,
) -> Result<Option<String>, StoreError> {
    let found = whose(connection, policy, read)?.ok();
    Ok(found.map(|Referral { id, .. }| {
        format!("changes the request of {id}, or asks about it: see what of it holds, then put it there")
    }))
}

/// Whose it is, among the open ones; the reason where that is not certain.
fn whose(
    connection: &Connection,
    policy: &Policy,
    read: &ReadDocument,
) -> Result<Result<Referral, String>, StoreError> {
    let Some(about) = About::of(policy, read) else {
        return Ok(Err("whose could not be read".into()));
    };
    match named(&read.fields).as_slice() {
        [] => {}
        &[named] => {
            let id = lookup::survivor(connection, named)?;
            let snapshot = records::of_referral(connection, id)?;
            return Ok(match snapshot.referral() {
                Some(referral) if !is_hers(&about, &snapshot, true) || !referral.status.is_open() => {
                    Err(format!("it names {id}, which is of another patient or ended"))
                }
                Some(referral) => Ok(referral.clone()),
                None => Err(format!("it names {id}, which is not on record")),
            });
        }
        [_, _, ..] => return Ok(Err("it names several".into())),
    }
    let Some(patient) = patient(connection, read, &about)? else {
        return Ok(Err("the patient has none here".into()));
    };
    let mut under = Vec::new();
    for (_, snapshot) in open(connection, patient, &about)? {
        if knows(connection, &snapshot, read)? {
            under.extend(snapshot.referral().cloned());
        }
    }
    Ok(match under.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err("no open one came under its number".into()),
        [_, _, ..] => Err("several came under its number".into()),
    })
}
