//! What each action asks before it becomes a command.
//!
//! Owns the table from actions to forms and to commands that need nothing more. One file a kind of question. Must not know
//! how a form is drawn or how a command is executed.

mod book;
mod chase;
mod copy;
mod decide;
mod end;
mod person;
mod post;
mod provider;
mod records;
mod same;
mod view;

pub use person::new_patient;
pub use post::edit_message;
pub use provider::new_provider;
pub use records::{name_of, needed_items, sender};
pub use view::{attach, party_of, unlock};

use super::action::Action;
use super::form::{Form, Wrong};
use super::model::Model;
use crate::domain::command::Command;
use crate::domain::time::{Day, parse_day};
use crate::store::board::QueueRow;

/// Opens a form for an action and its referrals.
pub type Opens = fn(&Model, &[QueueRow]) -> Form;

/// A command that needs nothing but the referral.
pub fn direct(action: Action, row: &QueueRow) -> Option<Command> {
    let referral = row.id;
    let table = [
        (Action::Accept, Command::Accept { referral }),
        (Action::Confirm, Command::ConfirmAppointment { referral }),
        (Action::AskToCall, Command::AskToCall { referral }),
        (
            Action::CheckCoverage,
            Command::CheckCoverage {
                referral,
                coverage: None,
            },
        ),
        (Action::NoShow, Command::NoShow { referral }),
        (Action::Complete, Command::Complete { referral }),
        (
            Action::Close,
            Command::Close {
                referral,
                note: String::new(),
            },
        ),
    ];
    table
        .into_iter()
        .find(|(each, _)| *each == action)
        .map(|(_, command)| command)
}

/// The form of an action; none for one that has none.
pub fn opens(action: Action) -> Option<Opens> {
    let table: [(Action, Opens); 30] = [
        (Action::Decline, decide::decline),
        (Action::RequestInfo, decide::request_info),
        (Action::Review, decide::review),
        (Action::Provide, decide::provide),
        (Action::Waive, decide::waive),
        (Action::Priority, decide::priority),
        (Action::Call, chase::call),
        (Action::Assign, chase::assign),
        (Action::Note, chase::note),
        (Action::AddTask, chase::add_task),
        (Action::EndTask, chase::end_task),
        (Action::Message, chase::message),
        (Action::Schedule, book::schedule),
        (Action::Waitlist, book::waitlist),
        (Action::Cancel, end::cancel),
        (Action::Reopen, end::reopen),
        (Action::EnterInError, end::enter_in_error),
        (Action::EditPatient, person::edit_patient),
        (Action::EditReferral, records::edit_referral),
        (Action::EditCoverage, records::edit_coverage),
        (Action::Eligibility, records::eligibility),
        (Action::Authorization, records::authorization),
        (Action::Same, same::same),
        (Action::Filter, view::filter),
        (Action::Views, view::views),
        (Action::Drafts, view::drafts),
        (Action::Copy, copy::copy),
        (Action::SaveView, view::save_view),
        (Action::ForgetView, view::forget_view),
        (Action::AsOf, view::as_of),
    ];
    table
        .into_iter()
        .find(|(each, _)| *each == action)
        .map(|(_, opens)| opens)
}

/// The form that sets a document aside.
pub fn dismiss(model: &Model) -> Form {
    view::dismiss(model)
}

/// Whether the form can only be opened once the referral has been read whole.
pub fn needs_sheet(action: Action) -> bool {
    is_of_one(action) || matches!(action, Action::RequestInfo | Action::Schedule)
}

/// Whether the form is filled in from the one referral that was read: what it sends is never sent to another, nor to several.
pub fn is_of_one(action: Action) -> bool {
    matches!(
        action,
        Action::Provide
            | Action::Waive
            | Action::EndTask
            | Action::Message
            | Action::EditPatient
            | Action::EditReferral
            | Action::EditCoverage
            | Action::Eligibility
            | Action::Authorization
            | Action::Same
            | Action::ProofSource
    )
}

/// `R-20417-F`, or the count.
fn about(targets: &[QueueRow]) -> String {
    match targets {
        [one] => format!("{} {}", one.id, one.patient),
        many => format!("{} marked referrals", many.len()),
    }
}

/// The row a command is for: forms about referrals always have one.
fn id_of(row: Option<&QueueRow>) -> Result<crate::domain::id::ReferralId, Wrong> {
    row.map(|row| row.id)
        .ok_or_else(|| Wrong::new("", "there is no referral any more"))
}

/// The one row that a command is for, as what a form was filled in from is asked for.
fn alone(row: Option<&QueueRow>) -> &[QueueRow] {
    row.map(std::slice::from_ref).unwrap_or_default()
}

/// A day that may be left out.
fn day(form: &Form, field: &'static str) -> Result<Option<Day>, Wrong> {
    form.filled(field)
        .map(|text| parse_day(&text))
        .transpose()
        .map_err(|because| Wrong::new(field, because))
}

/// Codes separated by commas or spaces.
pub fn codes_of(text: &str) -> Vec<String> {
    text.split([',', ';', ' '])
        .map(str::trim)
        .filter(|code| !code.is_empty())
        .map(str::to_owned)
        .collect()
}
