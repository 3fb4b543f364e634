//! Questions about the list shown and about intake documents; who is called by default.

use super::records::items_of;
use crate::domain::case::Party;
use crate::domain::command::{Command, Ref};
use crate::domain::id::{DocumentId, ReferralId};
use crate::domain::lists::List;
use crate::domain::query::{Query, WORDS};
use crate::domain::status::Status;
use crate::store::board::{QueueRow, Sheet};
use crate::tui::action::Action;
use crate::tui::form::{Choice, Composed, Form, Input, Quick, Wrong, choice, one, text, text_with};
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

/// What was typed and not sent.
pub fn drafts(model: &Model, _: &[QueueRow]) -> Form {
    let lines: Vec<_> = model
        .typed()
        .into_iter()
        .enumerate()
        .map(|(number, line)| choice(number.to_string(), line))
        .collect();
    let at = (!lines.is_empty()).then_some(0);
    let mut form = Form::new(Action::Drafts, "Typed and not sent", |form, _, _| {
        let number = form
            .value("draft")
            .parse()
            .map_err(|_| Wrong::new("draft", "there is nothing to take up"))?;
        Ok(Composed::TakeUp(number))
    })
    .field("draft", "go on with", one(lines, at, Quick::Send))
    .required();
    form.about = if at.is_none() {
        "Nothing that was typed waits to be sent.".into()
    } else {
        "It is kept until it is sent, or thrown away with ctrl-x in its form.".into()
    };
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

/// Put a document with a referral: what of the missing does it bring?
pub fn attach(model: &Model, sheet: &Sheet, document: DocumentId) -> Form {
    let referral = sheet.snapshot.referral();
    let id = referral
        .map(|referral| referral.id.to_string())
        .unwrap_or_default();
    let items: Vec<(Choice, bool)> = items_of(model, sheet)
        .into_iter()
        .map(|item| (item, false))
        .collect();
    let mut form = Form::new(
        Action::Attach,
        format!("Put the document with {id}"),
        |form, _, _| {
            let number = |name| form.value(name).parse::<i64>().ok();
            let (Some(document), Some(referral)) = (number("document"), number("referral")) else {
                return Err(Wrong::new("items", "the document is gone"));
            };
            Ok(Composed::Commands(vec![Command::FileDocument {
                referral: ReferralId(referral),
                document: Ref::Known(DocumentId(document)),
                items: form.ticked("items"),
            }]))
        },
    );
    form.about = if items.is_empty() {
        "Nothing is missing there: enter files it.".into()
    } else {
        "What of the missing does it bring? Nothing ticked only files it.".into()
    };
    form = form
        .field(
            "items",
            "it brings",
            Input::Many {
                choices: items,
                at: 0,
            },
        )
        .hint("space or a digit ticks");
    form.fixed = vec![
        ("document", document.0.to_string()),
        (
            "referral",
            referral
                .map(|referral| referral.id.0.to_string())
                .unwrap_or_default(),
        ),
    ];
    form
}
