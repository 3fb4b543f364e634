//! What can be done now, and why not.
//!
//! Owns the reason shown beside a disabled action. It reads the same status table as the decision does, and the decision
//! has the last word: a refusal there is shown the same way.

use super::action::{Action, Entry, Need, Scope, entry};
use super::asks;
use super::keymap::Keymap;
use super::model::{Model, Place};
use crate::domain::policy::Role;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::status::Status;
use crate::domain::time::{Stamp, Zone, show_stamp};
use crate::store::board::QueueRow;

/// Whether an action can be done now.
///
/// # Errors
/// Why not, and what to do.
pub fn check(action: Action, model: &Model) -> Result<(), Refusal> {
    let Some(entry) = entry(action) else { return Ok(()) };
    let intake = model.place == Place::Intake;
    let keymap = &model.settings.keymap;
    match entry.scope {
        Scope::Lists if intake => {
            return Err(Refusal::new(
                Code::NotFound,
                "this works on referrals",
                format!("go to a list with {}", keymap.named(Action::NextList)),
            ));
        }
        Scope::Intake if !intake => {
            return Err(Refusal::new(
                Code::NotFound,
                "this works on intake documents",
                format!("press {} for Intake", keymap.named(Action::GoIntake)),
            ));
        }
        Scope::Everywhere | Scope::Lists | Scope::Intake => {}
    }
    if let Some(refusal) = forbidden(entry, model) {
        return Err(refusal);
    }
    match entry.need {
        Need::Nothing => Ok(()),
        Need::Locked if model.intake.is_locked() => Ok(()),
        Need::Locked => Err(Refusal::new(
            Code::NothingToDo,
            "no document here asks for a password",
            "nothing is needed",
        )),
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
            if asks::is_of_one(action) {
                is_one(model, &targets)?;
            }
            let mut first = None;
            for row in &targets {
                match fits(entry.need, row, keymap) {
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

/// What is filled in from one referral is about that one: not about what is marked elsewhere.
fn is_one(model: &Model, targets: &[QueueRow]) -> Result<(), Refusal> {
    let clear = format!(
        "clear the marks with {}",
        model.settings.keymap.named(Action::Back)
    );
    match targets {
        [row] if model.board.cursor != Some(row.id) => Err(Refusal::new(
            Code::Impossible,
            format!("{} is marked, and the cursor is on another", row.id),
            format!("put the cursor on it, or {clear}"),
        )),
        [] | [_] => Ok(()),
        [_, _, ..] => Err(Refusal::new(
            Code::Impossible,
            format!("{} are marked, and this is done one at a time", targets.len()),
            clear,
        )),
    }
}

fn forbidden(entry: &Entry, model: &Model) -> Option<Refusal> {
    let role = model.settings.actor.role;
    // What is about today's documents, messages and steps has no past to look at.
    let today = matches!(
        entry.action,
        Action::Troubled
            | Action::Outbox
            | Action::Handover
            | Action::Downtime
            | Action::History
            | Action::GoIntake
            | Action::MakeReferral
            | Action::Proof
            | Action::Split
            | Action::Attach
            | Action::Dismiss
    );
    let changes = entry.need != Need::Nothing
        && !matches!(entry.action, Action::Mark | Action::MarkAll | Action::Compare)
        || matches!(
            entry.action,
            Action::New | Action::Undo | Action::Redo | Action::History
        );
    if let Some(at) = model.past.filter(|_| changes || today) {
        return Some(past_only(model.settings.zone(), at, model.clock));
    }
    let may = match (entry.action, role) {
        (_, Role::ReadOnly) => !changes,
        (Action::Decline, _) => {
            let allowed = &model.settings.policy.rights.decline;
            allowed.is_empty() || allowed.contains(&role)
        }
        _ => true,
    };
    (!may).then(|| not_allowed(role))
}

/// Why nothing is changed while a past moment is looked at.
pub fn past_only(zone: Zone, at: Stamp, clock: Stamp) -> Refusal {
    Refusal::new(
        Code::Impossible,
        format!("as of {} nothing can be changed", show_stamp(zone, at, clock)),
        "esc returns to now",
    )
}

/// Why a role changes nothing here.
fn not_allowed(role: Role) -> Refusal {
    Refusal::new(
        Code::NotAllowed,
        format!("the role {} may not do this", role.code()),
        "ask somebody whose role may",
    )
}

/// Whether anything may be changed now, by who sits here.
///
/// # Errors
/// Why not, and what to do.
pub fn may_change(model: &Model) -> Result<(), Refusal> {
    let role = model.settings.actor.role;
    if let Some(at) = model.past {
        Err(past_only(model.settings.zone(), at, model.clock))
    } else if role == Role::ReadOnly {
        Err(not_allowed(role))
    } else {
        Ok(())
    }
}

/// Whether a referral fits what an action needs.
///
/// # Errors
/// Why not, and what to do.
pub fn fits(need: Need, row: &QueueRow, keymap: &Keymap) -> Result<(), Refusal> {
    let status = row.status;
    let (fits, because, fix) = match need {
        Need::Nothing | Need::Referral | Need::Document | Need::Locked => {
            (true, String::new(), String::new())
        }
        Need::Open => (
            status.is_open(),
            format!("{} is {status}", row.id),
            format!("reopen it first with {}", keymap.named(Action::Reopen)),
        ),
        Need::Become(to) => (
            status.may_become(to),
            format!("{} is {status}, and cannot become {to} from there", row.id),
            way_on(status, keymap),
        ),
        Need::Missing if row.missing == 0 => (
            false,
            format!("nothing is missing from {}", row.id),
            "decide on it".to_owned(),
        ),
        Need::Missing => (
            may_ask(status),
            format!("{} is {status}: its provider is not asked any more", row.id),
            way_on(status, keymap),
        ),
        Need::Cancellable => (
            status.is_open() && status != Status::Completed,
            format!("{} is {status}", row.id),
            way_on(status, keymap),
        ),
        Need::Returnable => (
            status.may_return(),
            format!("{} is {status}, it has not ended", row.id),
            way_on(status, keymap),
        ),
        Need::Booked => (
            status == Status::Scheduled,
            format!("{} has no appointment", row.id),
            format!("book one with {}", keymap.named(Action::Schedule)),
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
fn way_on(status: Status, keymap: &Keymap) -> String {
    let key = |action| keymap.named(action);
    match status {
        Status::Received | Status::NeedsInfo | Status::InReview => {
            format!("decide with {} or {}", key(Action::Accept), key(Action::Decline))
        }
        Status::Accepted | Status::Waitlisted | Status::NoShow | Status::AppointmentCancelled => {
            format!("book with {}", key(Action::Schedule))
        }
        Status::Scheduled => format!(
            "record the visit with {}, {} or {}",
            key(Action::Complete),
            key(Action::NoShow),
            key(Action::Cancel)
        ),
        Status::Completed => format!(
            "close it with {} once the report is delivered",
            key(Action::Close)
        ),
        Status::CancelRequested => format!(
            "confirm with {}, or withdraw the request with {}",
            key(Action::Cancel),
            key(Action::Reopen)
        ),
        Status::Closed | Status::Declined | Status::Cancelled => {
            format!("reopen it first with {}", key(Action::Reopen))
        }
        Status::EnteredInError => format!("enter it anew with {}", key(Action::New)),
    }
}
