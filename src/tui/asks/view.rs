//! Questions about the list shown and about intake documents; who is called by default.

use crate::domain::case::Party;
use crate::domain::command::{Command, Ref};
use crate::domain::id::{DocumentId, ReferralId};
use crate::domain::lists::List;
use crate::domain::query::{Query, WORDS};
use crate::domain::status::Status;
use crate::store::board::QueueRow;
use crate::tui::action::Action;
use crate::tui::form::{Composed, Form, Quick, Wrong, choice, one, text, text_with};
use crate::tui::model::{Model, Place};

/// Whom a call is made to, where nobody says otherwise.
pub fn party_of(row: &QueueRow) -> Party {
    if row.list == Some(List::Insurance) {
        return Party::Payer;
    }
    match row.status {
        Status::Received | Status::NeedsInfo | Status::InReview => Party::Provider,
        Status::Completed | Status::Closed | Status::Declined | Status::EnteredInError => Party::Provider,
        Status::Accepted
        | Status::Waitlisted
        | Status::Scheduled
        | Status::NoShow
        | Status::AppointmentCancelled
        | Status::CancelRequested
        | Status::Cancelled => Party::Patient,
    }
}

/// Filter the list.
pub fn filter(model: &Model, _: &[QueueRow]) -> Form {
    let query = match &model.place {
        Place::Rows(_, query) => query.clone(),
        Place::Intake => String::new(),
    };
    let mut form = Form::new(Action::Filter, "Filter the list", |form, _, _| {
        let query = form.value("query").trim().to_owned();
        match Query::parse(&query) {
            Ok(_) => Ok(Composed::Filter(query)),
            Err(error) => Err(Wrong::new("query", error.to_string())),
        }
    })
    .field("query", "query", text_with(query))
    .hint("empty shows all; a minus before a word turns it round");
    let words: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
    form.about = format!(
        "A part of the patient's name, or {}: with a colon and a value, as in priority:urgent overdue:yes",
        words.join(", ")
    );
    form
}

/// Saved views.
pub fn views(model: &Model, _: &[QueueRow]) -> Form {
    let views: Vec<_> = model
        .settings
        .views
        .iter()
        .enumerate()
        .map(|(number, view)| choice(number.to_string(), format!("{} · {}", view.name, view.query)))
        .collect();
    let none = views.is_empty();
    let at = (!none).then_some(0);
    let mut form = Form::new(Action::Views, "Saved views", |form, _, _| {
        let number = form
            .value("view")
            .parse()
            .map_err(|_| Wrong::new("view", "choose a view"))?;
        Ok(Composed::View(number))
    })
    .field("view", "view", one(views, at, Quick::Send))
    .required();
    if none {
        form.about = "No view is saved; the configuration has them under [[views]].".into();
    }
    form
}

/// Set a document aside.
pub fn dismiss(model: &Model) -> Form {
    let name = model
        .intake
        .current()
        .map(|row| row.name.clone())
        .unwrap_or_default();
    Form::new(
        Action::Dismiss,
        format!("Set aside · {name}"),
        |form, model, _| {
            let document = model
                .intake
                .cursor
                .ok_or_else(|| Wrong::new("reason", "the document is gone"))?;
            Ok(Composed::Commands(vec![Command::DismissDocument {
                document,
                reason: form.value("reason"),
            }]))
        },
    )
    .field("reason", "reason", text())
    .required()
    .hint("kept with the document")
}

/// Put a document with a referral.
pub fn attach(document: DocumentId, referral: ReferralId) -> Command {
    Command::FileDocument {
        referral,
        document: Ref::Known(document),
        items: Vec::new(),
    }
}
