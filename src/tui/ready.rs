//! What can be done now, and why not.
//!
//! Owns the reason shown beside a disabled action. It reads the same status table as the decision does, and the decision
//! has the last word: a refusal there is shown the same way.

use super::action::{Action, Entry, Need, Scope, entry};
use super::model::{Model, Place};
use crate::domain::policy::Role;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::status::Status;
use crate::store::board::QueueRow;

/// Whether an action can be done now.
///
/// # Errors
/// Why not, and what to do.
pub fn check(action: Action, model: &Model) -> Result<(), Refusal> {
    let Some(entry) = entry(action) else { return Ok(()) };
    let intake = model.place == Place::Intake;
    match entry.scope {
        Scope::Lists if intake => {
            return Err(Refusal::new(
                Code::NotFound,
                "this works on referrals",
                "go to a list with tab or 1 to 9",
            ));
        }
        Scope::Intake if !intake => {
            return Err(Refusal::new(
                Code::NotFound,
                "this works on intake documents",
                "press I for Intake",
            ));
        }
        Scope::Everywhere | Scope::Lists | Scope::Intake => {}
    }
    if let Some(refusal) = forbidden(entry, model) {
        return Err(refusal);
    }
    match entry.need {
        Need::Nothing => Ok(()),
        Need::Document if model.intake.current().is_some() => Ok(()),
        Need::Document => Err(Refusal::new(
            Code::NotFound,
            "no document is waiting",
            "nothing needs doing here",
        )),
        Need::Referral
        | Need::Open
        | Need::Become(_)
        | Need::Missing
        | Need::Cancellable
        | Need::Returnable
        | Need::Booked => {
            let targets = model.targets();
            let mut first = None;
            for row in &targets {
                match fits(entry.need, row) {
                    Ok(()) => return Ok(()),
                    Err(refusal) => first = first.or(Some(refusal)),
                }
            }
            Err(first.unwrap_or_else(|| {
                Refusal::new(
                    Code::NotFound,
                    "there is no referral under the cursor",
                    "choose one in a list",
                )
            }))
        }
    }
}

fn forbidden(entry: &Entry, model: &Model) -> Option<Refusal> {
    let role = model.settings.actor.role;
    let changes = entry.need != Need::Nothing
        && !matches!(entry.action, Action::Mark | Action::MarkAll | Action::Compare)
        || matches!(entry.action, Action::New | Action::Undo | Action::Redo);
    let may = match (entry.action, role) {
        (_, Role::ReadOnly) => !changes,
        (Action::Decline, _) => {
            let allowed = &model.settings.policy.rights.decline;
            allowed.is_empty() || allowed.contains(&role)
        }
        _ => true,
    };
    (!may).then(|| {
        Refusal::new(
            Code::NotAllowed,
            format!("the role {} may not do this", role.code()),
            "ask somebody whose role may",
        )
    })
}

/// Whether a referral fits what an action needs.
///
/// # Errors
/// Why not, and what to do.
pub fn fits(need: Need, row: &QueueRow) -> Result<(), Refusal> {
    let status = row.status;
    let (fits, because, fix) = match need {
        Need::Nothing | Need::Referral | Need::Document => (true, String::new(), ""),
        Need::Open => (
            status.is_open(),
            format!("{} is {status}", row.id),
            "reopen it first with o",
        ),
        Need::Become(to) => (
            status.may_become(to),
            format!("{} is {status}, and cannot become {to} from there", row.id),
            way_on(status),
        ),
        Need::Missing if row.missing == 0 => (
            false,
            format!("nothing is missing from {}", row.id),
            "decide on it",
        ),
        Need::Missing => (
            may_ask(status),
            format!("{} is {status}: its provider is not asked any more", row.id),
            way_on(status),
        ),
        Need::Cancellable => (
            status.is_open() && status != Status::Completed,
            format!("{} is {status}", row.id),
            way_on(status),
        ),
        Need::Returnable => (
            status.may_return(),
            format!("{} is {status}, it has not ended", row.id),
            way_on(status),
        ),
        Need::Booked => (
            status == Status::Scheduled,
            format!("{} has no appointment", row.id),
            "book one with s",
        ),
    };
    if fits {
        Ok(())
    } else {
        Err(Refusal::new(Code::Impossible, because, fix))
    }
}

/// Whether the provider may be asked for what is missing.
pub fn may_ask(status: Status) -> bool {
    status == Status::NeedsInfo || status.may_become(Status::NeedsInfo)
}

/// What usually comes next from a status.
fn way_on(status: Status) -> &'static str {
    match status {
        Status::Received | Status::NeedsInfo | Status::InReview => "decide with a or d",
        Status::Accepted | Status::Waitlisted | Status::NoShow | Status::AppointmentCancelled => {
            "book with s"
        }
        Status::Scheduled => "record the visit with v, x or X",
        Status::Completed => "close it with z once the report is delivered",
        Status::CancelRequested => "confirm with X, or withdraw the request with o",
        Status::Closed | Status::Declined | Status::Cancelled => "reopen it first with o",
        Status::EnteredInError => "enter it anew with N",
    }
}
