//! The report on a visit: sent to the referrer as soon as it is there, and the loop closed when it was delivered.
//!
//! Owns which document is a report, and what follows from its delivery. That the loop closes by itself is the one ending that
//! nobody has to confirm: the referrer's own system, or a person there, has said that the report arrived.

use super::draft::Draft;
use super::outreach::{self, With};
use super::{step, tasks};
use crate::domain::case::{Document, DocumentState};
use crate::domain::id::{DocumentId, MessageId};
use crate::domain::message::{MessageKind, MessageState};
use crate::domain::policy::ReportCloses;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::status::Status;
use crate::domain::texts::Facts;

/// The kind of document that is a report on a visit. A laboratory result alone is none: the visit's findings are to follow.
const REPORT: &str = "consult_report";
/// The key of a task that asks for a report begins so.
pub(super) const CHASE: &str = "report-chase/";
const UNCONFIRMED: &str = "report-unconfirmed/";

/// Sends the report that came in after the visit began, where the visit is known to have taken place and none was sent.
/// True where one was.
///
/// # Errors
/// Only a defect.
pub(super) fn send_waiting(draft: &mut Draft<'_>) -> Result<bool, Refusal> {
    if draft.referral()?.status != Status::Completed || draft.next.report().is_some() {
        return Ok(false);
    }
    let Some(seen) = draft.next.last_visit().map(|visit| visit.starts_at) else {
        return Ok(false);
    };
    let report = draft
        .next
        .documents
        .iter()
        .filter(|each| each.kind == REPORT && each.state == DocumentState::Filed && each.received_at >= seen)
        .map(|each| each.id)
        .max();
    match report {
        Some(report) => queue(draft, report).map(|()| true),
        None => Ok(false),
    }
}

/// A person says that a document is the report, or sends it again.
///
/// # Errors
/// `not-found`, `impossible` before a visit took place, `nothing-to-do` where it is on its way.
pub fn send(draft: &mut Draft<'_>, id: DocumentId) -> Result<(), Refusal> {
    let document = draft
        .next
        .get::<Document>(id.0)
        .filter(|each| each.state == DocumentState::Filed)
        .ok_or_else(|| Refusal::not_found(format!("document {id} with this referral")))?;
    let id = document.id;
    if draft.next.last_visit().is_none() {
        return Err(Refusal::new(
            Code::Impossible,
            "no visit took place yet",
            "record the visit first; then the report is sent",
        ));
    }
    let before = draft.next.messages.len();
    queue(draft, id)?;
    if draft.next.messages.len() == before && !draft.has_pending() && draft.is_empty() {
        return Err(Refusal::new(
            Code::NothingToDo,
            "this report was sent already",
            "look at its message; one that failed is sent again with the outbox",
        ));
    }
    Ok(())
}

fn queue(draft: &mut Draft<'_>, report: DocumentId) -> Result<(), Refusal> {
    let visit = draft.next.last_visit().cloned();
    let with = With {
        visit: visit.as_ref(),
        document: Some(report),
        ..With::default()
    };
    outreach::queue_with(
        draft,
        MessageKind::ReportProvider,
        &report.to_string(),
        Facts::new(),
        with,
    )?;
    tasks::end_by_rule(draft, &[CHASE], true)
}

/// What became of a message with a report. The loop closes with the report on the last visit alone: one that was written before that
/// visit was known to have taken place is about an earlier one, however late it is delivered.
///
/// # Errors
/// Only a defect.
pub(super) fn moved(draft: &mut Draft<'_>, id: MessageId, to: MessageState) -> Result<(), Refusal> {
    let closes = match draft.policy.outreach.report_closes {
        ReportCloses::Delivered => matches!(to, MessageState::Delivered | MessageState::Acknowledged),
        ReportCloses::HandedOver => matches!(
            to,
            MessageState::HandedOver | MessageState::Delivered | MessageState::Acknowledged
        ),
        ReportCloses::Never => false,
    };
    if matches!(to, MessageState::Delivered | MessageState::Acknowledged) {
        tasks::end_by_rule(draft, &[UNCONFIRMED], true)?;
    }
    let referral = draft.referral()?;
    let last = draft
        .next
        .report()
        .is_some_and(|report| report.id == id && report.created_at >= referral.status_since);
    // A visit that is still ahead needs a report of its own.
    if !closes || !last || referral.status != Status::Completed {
        return Ok(());
    }
    step::close_on_delivery(draft, "the report was delivered".to_owned())?;
    tasks::end_by_rule(draft, &[""], true)
}

/// No report has come: somebody asks for it.
///
/// # Errors
/// Only a defect.
pub(super) fn chase(draft: &mut Draft<'_>, occasion: &str) -> Result<(), Refusal> {
    let Some(visit) = draft.next.last_visit() else {
        return Ok(());
    };
    let zone = draft.policy.clinic.zone;
    let day = crate::domain::time::show_day(crate::domain::time::day_in(zone, visit.starts_at));
    let title = if visit.performer.is_empty() {
        format!("Get the report: the visit was on {day}")
    } else {
        format!("Get the report from {}: the visit was on {day}", visit.performer)
    };
    let now = draft.now;
    tasks::add(draft, &format!("{CHASE}{occasion}"), title, Some(now), None)
}

/// The report left, and nobody knows that it arrived.
///
/// # Errors
/// Only a defect.
pub(super) fn ask_whether_it_arrived(draft: &mut Draft<'_>, occasion: &str) -> Result<(), Refusal> {
    let title = "Ask the referrer whether the report arrived, then close".to_owned();
    let now = draft.now;
    tasks::add(draft, &format!("{UNCONFIRMED}{occasion}"), title, Some(now), None)
}
