//! Documents: into Intake, to a referral, or set aside. None is ever lost.

use super::draft::Draft;
use super::{people, reports, step, tasks, triage};
use crate::domain::case::{Document, DocumentState, ENCLOSED};
use crate::domain::command::{Cause, NewDocument, Ref};
use crate::domain::event::Fact;
use crate::domain::id::{DocumentId, ReferralId};
use crate::domain::refusal::{Code, Refusal};

/// A document that a person must look at.
///
/// # Errors
/// `bad-field`, `reason-needed`.
pub fn take(draft: &mut Draft<'_>, new: &NewDocument, reason: &str) -> Result<(), Refusal> {
    let reason = step::reason(reason)?;
    let document = make(draft, new, DocumentState::Intake, Some(reason.clone()), None)?;
    draft.put(document)?;
    draft.record(Fact::DocumentTaken { reason });
    Ok(())
}

/// A document that waits was read again: what it is, and why a person must look, may be others now.
///
/// # Errors
/// `reason-needed`, `bad-field`, `not-found`; `already-done` where it is with a referral.
pub fn read_again(draft: &mut Draft<'_>, id: DocumentId, kind: &str, reason: &str) -> Result<(), Refusal> {
    let reason = step::reason(reason)?;
    let mut document = waiting(draft, id)?;
    document.state = DocumentState::Intake;
    document.kind = people::required_line("document.kind", kind)?;
    document.reason = Some(reason.clone());
    draft.put(document)?;
    draft.record(Fact::DocumentTaken { reason });
    Ok(())
}

/// Puts a document with a referral, as part of a larger decision.
pub(super) fn file(
    draft: &mut Draft<'_>,
    which: &Ref<DocumentId, NewDocument>,
    referral: ReferralId,
) -> Result<DocumentId, Refusal> {
    let document = match which {
        Ref::New(new) => make(draft, new, DocumentState::Filed, None, Some(referral))?,
        Ref::Known(id) => {
            let mut document = waiting(draft, *id)?;
            document.state = DocumentState::Filed;
            document.reason = None;
            document.referral = Some(referral);
            document
        }
    };
    let id = document.id;
    draft.put(document)?;
    draft.record(Fact::DocumentFiled);
    Ok(id)
}

/// Papers that the reader puts with a referral and that answer no request: their kind, and what a person calls them.
const REPORTS: &[(&str, &str)] = &[
    ("consult_report", "consultation report"),
    ("lab_result", "result"),
    ("auth_letter", "authorisation letter"),
    ("prior_auth_response", "payer's answer on the authorisation"),
    ("demographic_update", "change of the patient's details"),
    ("referral_cancel", "request to cancel"),
];

/// A document belongs to a referral and satisfies these items. An answer to a request brings the referral back.
///
/// # Errors
/// `not-found`, `bad-field`; `nothing-to-do` where it is filed already.
pub fn file_with_items(
    draft: &mut Draft<'_>,
    which: &Ref<DocumentId, NewDocument>,
    items: &[String],
) -> Result<(), Refusal> {
    let id = draft.id()?;
    let document = file(draft, which, id)?;
    if !draft.referral()?.status.is_open() {
        return Ok(());
    }
    let answers = draft.cause == Cause::Intake;
    let kind = draft
        .next
        .get::<Document>(document.0)
        .map(|document| document.kind.clone())
        .unwrap_or_default();
    if items.is_empty() && reports::send_waiting(draft)? {
        return Ok(());
    }
    if kind == ENCLOSED && items.is_empty() {
        return Ok(());
    }
    if let Some((_, what)) = REPORTS
        .iter()
        .find(|(code, _)| *code == kind)
        .filter(|_| answers && items.is_empty())
    {
        // A report is nobody's answer: it changes nothing by itself, and somebody looks.
        let title = format!("Look at the {what} that came in");
        let due = draft.policy.calendar.add_days(draft.now, 1);
        return tasks::add(draft, &format!("look-at/{document}"), title, Some(due), None);
    }
    if answers {
        // The reader knows whose answer it is, not what is in it: somebody has to look.
        let title = "Look at the answer: it was taken to bring everything that was asked for".to_owned();
        let due = draft.policy.calendar.add_days(draft.now, 1);
        tasks::add(draft, &format!("check-answer/{document}"), title, Some(due), None)?;
    }
    if items.is_empty() {
        // Who was asked for a number or a name alone has answered too, and is not reminded any more.
        return if answers { triage::answered(draft) } else { Ok(()) };
    }
    triage::provide(draft, items)
}

/// A document is nothing for the desk. It is kept.
///
/// # Errors
/// `reason-needed`, `not-found`.
pub fn dismiss(draft: &mut Draft<'_>, id: DocumentId, reason: &str) -> Result<(), Refusal> {
    let reason = step::reason(reason)?;
    let mut document = waiting(draft, id)?;
    if document.state == DocumentState::Dismissed {
        return Err(Refusal::new(
            Code::NothingToDo,
            "the document is set aside already",
            "nothing is needed",
        ));
    }
    document.state = DocumentState::Dismissed;
    document.reason = Some(reason.clone());
    draft.put(document)?;
    draft.record(Fact::DocumentDismissed { reason });
    Ok(())
}

fn waiting(draft: &Draft<'_>, id: DocumentId) -> Result<Document, Refusal> {
    let document = draft
        .next
        .get::<Document>(id.0)
        .cloned()
        .ok_or_else(|| Refusal::not_found(format!("document {id}")))?;
    match document.state {
        DocumentState::Intake | DocumentState::Dismissed => Ok(document),
        DocumentState::Filed => Err(Refusal::new(
            Code::AlreadyDone,
            "the document is with a referral already",
            "open that referral",
        )),
    }
}

fn make(
    draft: &mut Draft<'_>,
    new: &NewDocument,
    state: DocumentState,
    reason: Option<String>,
    referral: Option<ReferralId>,
) -> Result<Document, Refusal> {
    if new.hash.len() != 64
        || !new
            .hash
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    {
        return Err(Refusal::bad_field(
            "document.hash",
            "not a SHA-256 in lower-case hexadecimal",
        ));
    }
    Ok(Document {
        id: DocumentId(draft.fresh()),
        hash: new.hash.clone(),
        name: people::required_line("document.name", &new.name)?,
        kind: people::required_line("document.kind", &new.kind)?,
        size: new.size,
        received_at: draft.now,
        state,
        reason,
        referral,
    })
}
