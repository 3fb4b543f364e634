//! What becomes of bytes that came in before.
//!
//! Owns when they are taken for the same, and when a person must see that they were sent again. Must not write.

use super::kind_code;
use crate::domain::case::{Document, DocumentState};
use crate::domain::id::{DocumentId, ReferralId};
use crate::intake::document::{DocumentKind, ReadDocument};
use crate::store::{Connection, StoreError, content, records};

/// Kinds of messages that systems send, and send again: what they say is recorded by itself, and the message put away.
const BY_SYSTEMS: [DocumentKind; 4] = [
    DocumentKind::AppointmentEvent,
    DocumentKind::DemographicUpdate,
    DocumentKind::EligibilityResponse,
    DocumentKind::Ack,
];

/// What came before with the same bytes.
pub(super) enum Before {
    /// Nothing.
    Never,
    /// This, which was locked, and can be read now.
    Locked(DocumentId),
    /// This, with its referral: nothing is made twice.
    Done(DocumentId, Option<ReferralId>),
    /// A person must see that it was sent again, and why: this document waits again, or a new one does.
    Waits(Option<DocumentId>, String),
}

/// Asks it. Where the first was set aside by a person, or its referral has ended, nobody would see that it came again.
///
/// # Errors
/// The store's.
pub(super) fn before(connection: &Connection, hash: &str, read: &ReadDocument) -> Result<Before, StoreError> {
    let Some((first, referral)) = content::seen_before(connection, hash)? else {
        return Ok(Before::Never);
    };
    if referral.is_none() && opens(connection, hash, read)? {
        return Ok(Before::Locked(first));
    }
    let copies = content::copies(connection, hash)?;
    let done = Ok(Before::Done(first, referral));
    let by_system = |copy: &Document| BY_SYSTEMS.iter().any(|kind| kind_code(*kind) == copy.kind);
    let waits = |copy: &Document| copy.state == DocumentState::Intake;
    if copies.iter().any(|copy| waits(copy) || by_system(copy)) {
        return done;
    }
    let mut ended = None;
    for id in copies.iter().filter_map(|copy| copy.referral) {
        match records::of_referral(connection, id)?.referral() {
            Some(referral) if !referral.status.is_open() => ended = ended.or(Some((id, referral.status))),
            Some(_) | None => return done,
        }
    }
    if let Some((id, status)) = ended {
        let why = format!("came again; {id} is {status}: reopen it, or make another referral of it");
        return Ok(Before::Waits(None, why));
    }
    let mut copies = copies.into_iter();
    Ok(match copies.find(|copy| copy.state == DocumentState::Dismissed) {
        Some(copy) => {
            let why = copy.reason.unwrap_or_default();
            Before::Waits(Some(copy.id), format!("came again; was set aside: {why}"))
        }
        None => Before::Done(first, referral),
    })
}

/// Whether a reading opens what was locked when the same bytes came before.
fn opens(connection: &Connection, hash: &str, read: &ReadDocument) -> Result<bool, StoreError> {
    if read.locked {
        return Ok(false);
    }
    let before = content::reading(connection, hash)?;
    let before = before.and_then(|text| serde_json::from_str::<ReadDocument>(&text).ok());
    Ok(before.is_some_and(|before| before.locked))
}
