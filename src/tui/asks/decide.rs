//! Questions on the way to a decision: decline, missing information, review, priority.

use super::{about, id_of, needed_items};
use crate::domain::command::{Command, DeclineReason};
use crate::domain::priority::Priority;
use crate::store::board::QueueRow;
use crate::tui::action::Action;
use crate::tui::form::{Choice, Composed, Form, Input, Quick, Wrong, choice, combo, one, text};
use crate::tui::model::Model;

fn reason_of(form: &Form) -> Option<DeclineReason> {
    let code = form.value("reason");
    DeclineReason::ALL
        .into_iter()
        .find(|reason| reason.code() == code)
}

/// Decline: the reason by digit, and what would make it acceptable, filled in.
pub fn decline(_: &Model, targets: &[QueueRow]) -> Form {
    let reasons = DeclineReason::ALL
        .map(|reason| choice(reason.code(), reason.label()))
        .to_vec();
    let mut form = Form::new(
        Action::Decline,
        format!("Decline {}", about(targets)),
        |form, _, row| {
            let reason = reason_of(form).ok_or_else(|| Wrong::new("reason", "a reason is needed"))?;
            Ok(Composed::Commands(vec![Command::Decline {
                referral: id_of(row)?,
                reason,
                remedy: form.filled("remedy").filter(|remedy| remedy != reason.remedy()),
            }]))
        },
    )
    .field("reason", "reason", one(reasons, None, Quick::Advance))
    .required()
    .field("remedy", "acceptable if", text())
    .hint("goes to the referrer");
    form.about = "The referrer is told the reason and what would make it acceptable.".into();
    form.follow = Some(|form| {
        let remedy = form.value("remedy");
        let own = !remedy.is_empty() && !DeclineReason::ALL.iter().any(|reason| reason.remedy() == remedy);
        if let Some(reason) = reason_of(form).filter(|_| !own) {
            form.set("remedy", reason.remedy());
        }
    });
    form
}

/// Request what is missing: all of it ticked.
pub fn request_info(model: &Model, targets: &[QueueRow]) -> Form {
    let mut form = Form::new(
        Action::RequestInfo,
        format!("Request information · {}", about(targets)),
        |form, _, row| {
            let items = form.ticked("items");
            let listed = form.fields.iter().any(|field| field.name == "items");
            if listed && items.is_empty() {
                return Err(Wrong::new("items", "tick at least one"));
            }
            Ok(Composed::Commands(vec![Command::RequestInfo {
                referral: id_of(row)?,
                items,
                message: form.filled("message"),
            }]))
        },
    );
    if model.sheet_of(targets).is_some() {
        let items: Vec<(Choice, bool)> = needed_items(model).into_iter().map(|item| (item, true)).collect();
        form = form
            .field(
                "items",
                "missing",
                Input::Many {
                    choices: items,
                    at: 0,
                },
            )
            .hint("space ticks, * all or none");
    } else {
        form.about = "Each provider is asked for exactly what is missing.".into();
    }
    form.field("message", "in your words", text())
        .hint("optional, added to the request")
}

/// Ask a clinician.
pub fn review(model: &Model, targets: &[QueueRow]) -> Form {
    let people = model.settings.performers.iter().chain(&model.settings.staff);
    Form::new(
        Action::Review,
        format!("Ask a clinician · {}", about(targets)),
        |form, _, row| {
            Ok(Composed::Commands(vec![Command::SendToReview {
                referral: id_of(row)?,
                clinician: form.value("clinician"),
                question: form.value("question"),
            }]))
        },
    )
    .field(
        "clinician",
        "clinician",
        combo(people.map(|name| choice(name, name)), "", true),
    )
    .required()
    .field("question", "question", text())
}

/// Tick off what came, or was found in the documents.
pub fn provide(model: &Model, targets: &[QueueRow]) -> Form {
    let items = needed_items(model)
        .into_iter()
        .map(|item| (item, false))
        .collect();
    Form::new(
        Action::Provide,
        format!("What came · {}", about(targets)),
        |form, _, row| {
            Ok(Composed::Commands(vec![Command::ProvideItems {
                referral: id_of(row)?,
                items: form.ticked("items"),
            }]))
        },
    )
    .field(
        "items",
        "came",
        Input::Many {
            choices: items,
            at: 0,
        },
    )
    .required()
    .hint("space or a digit ticks")
}

/// Waive what is not needed.
pub fn waive(model: &Model, targets: &[QueueRow]) -> Form {
    let items = needed_items(model)
        .into_iter()
        .map(|item| (item, false))
        .collect();
    Form::new(
        Action::Waive,
        format!("Not needed · {}", about(targets)),
        |form, _, row| {
            Ok(Composed::Commands(vec![Command::WaiveItems {
                referral: id_of(row)?,
                items: form.ticked("items"),
                reason: form.value("reason"),
            }]))
        },
    )
    .field(
        "items",
        "not needed",
        Input::Many {
            choices: items,
            at: 0,
        },
    )
    .required()
    .hint("space or a digit ticks")
    .field("reason", "reason", text())
    .required()
}

/// Change the priority.
pub fn priority(_: &Model, targets: &[QueueRow]) -> Form {
    let now = targets.first().map(|row| row.priority);
    let levels = Priority::ALL
        .map(|level| choice(level.code(), level.code()))
        .to_vec();
    let at = Priority::ALL.iter().position(|level| Some(*level) == now);
    Form::new(
        Action::Priority,
        format!("Priority · {}", about(targets)),
        |form, _, row| {
            let priority = Priority::from_code(&form.value("priority"))
                .ok_or_else(|| Wrong::new("priority", "choose one"))?;
            Ok(Composed::Commands(vec![Command::SetPriority {
                referral: id_of(row)?,
                priority,
                reason: form.value("reason"),
            }]))
        },
    )
    .field("priority", "priority", one(levels, at, Quick::Advance))
    .field("reason", "reason", text())
    .required()
}
