//! Questions of ending a referral, and of taking it up again.

use super::{about, id_of};
use crate::domain::command::Command;
use crate::domain::effort::UNREACHABLE;
use crate::domain::status::Status;
use crate::store::board::QueueRow;
use crate::tui::action::Action;
use crate::tui::form::{Composed, Form, Quick, Wrong, choice, one, text};
use crate::tui::model::Model;

/// Cancel the appointment, or the referral.
pub fn cancel(_: &Model, targets: &[QueueRow]) -> Form {
    let may = |to| targets.iter().any(|row| row.status.may_become(to));
    let table = [
        (
            Status::AppointmentCancelled,
            "appointment",
            "the appointment; the referral goes on",
        ),
        (Status::Cancelled, "referral", "the referral"),
        (
            Status::CancelRequested,
            "request",
            "nothing yet: note that somebody asks to cancel",
        ),
    ];
    let choices: Vec<_> = table
        .into_iter()
        .filter(|(to, _, _)| may(*to))
        .map(|(_, key, label)| choice(key, label))
        .collect();
    let at = (!choices.is_empty()).then_some(0);
    Form::new(
        Action::Cancel,
        format!("Cancel · {}", about(targets)),
        |form, _, row| {
            let reason = form
                .filled("reason")
                .or(form.filled("because"))
                .ok_or_else(|| Wrong::new("because", "a reason is needed"))?;
            let referral = id_of(row)?;
            let command = match form.value("what").as_str() {
                "appointment" => Command::CancelAppointment { referral, reason },
                "referral" => Command::Cancel { referral, reason },
                "request" => Command::RequestCancel { referral, reason },
                _ => return Err(Wrong::new("what", "choose what to cancel")),
            };
            Ok(Composed::Commands(vec![command]))
        },
    )
    .field("what", "cancel", one(choices, at, Quick::Advance))
    .required()
    .field(
        "because",
        "because",
        one(
            REASONS.map(|reason| choice(reason, reason)).to_vec(),
            None,
            Quick::Advance,
        ),
    )
    .field("reason", "in your words", text())
    .hint("instead of one of these; unreachable needs the effort that the clinic's rule asks for")
}

/// Why the desk cancels, mostly.
const REASONS: [&str; 5] = [
    "the patient does not want the appointment",
    "the patient is seen elsewhere",
    "the referrer withdrew it",
    "it is no longer needed",
    UNREACHABLE,
];

/// Reopen, or withdraw a request to cancel.
pub fn reopen(_: &Model, targets: &[QueueRow]) -> Form {
    let mut form = Form::new(
        Action::Reopen,
        format!("Reopen {}", about(targets)),
        |form, _, row| {
            let referral = id_of(row)?;
            if row.is_some_and(|row| row.status == Status::CancelRequested) {
                return Ok(Composed::Commands(vec![Command::KeepOpen { referral }]));
            }
            let reason = form
                .filled("reason")
                .ok_or_else(|| Wrong::new("reason", "a reason is needed"))?;
            Ok(Composed::Commands(vec![Command::Reopen { referral, reason }]))
        },
    );
    let asked = targets.iter().all(|row| row.status == Status::CancelRequested);
    form.about = if asked {
        "The request to cancel is withdrawn: enter.".into()
    } else {
        "It goes back to where it was.".into()
    };
    form.field("reason", "reason", text())
}

/// It should never have been here.
pub fn enter_in_error(_: &Model, targets: &[QueueRow]) -> Form {
    let mut form = Form::new(
        Action::EnterInError,
        format!("Entered in error · {}", about(targets)),
        |form, _, row| {
            Ok(Composed::Commands(vec![Command::EnterInError {
                referral: id_of(row)?,
                reason: form.value("reason"),
            }]))
        },
    )
    .field("reason", "reason", text())
    .required();
    form.about = "It leaves every list for good; it is kept, with the reason.".into();
    form
}
