//! Questions about the list shown and about intake documents; who is called by default.

use super::records::items_of;
use crate::domain::case::Party;
use crate::domain::command::{Command, Ref};
use crate::domain::id::{DocumentId, ReferralId};
use crate::domain::lists::List;
use crate::domain::query::Query;
use crate::domain::status::Status;
use crate::store::board::{QueueRow, Sheet, Shelf};
use crate::tui::action::Action;
use crate::tui::ago;
use crate::tui::form::{Choice, Composed, Form, Input, Quick, Wrong, choice, combo, one, query, text};
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

/// A query as it is typed, or what is wrong with it.
fn checked(form: &Form) -> Result<String, Wrong> {
    let query = form.value("query").trim().to_owned();
    match Query::parse(&query) {
        Ok(_) => Ok(query),
        Err(error) => Err(Wrong::new("query", error.to_string())),
    }
}

/// Filter the list.
pub fn filter(model: &Model, _: &[QueueRow]) -> Form {
    let typed = match &model.place {
        Place::Rows(_, query) => query.clone(),
        Place::Intake => String::new(),
    };
    let mut form = Form::new(Action::Filter, "Filter the list", |form, _, _| {
        checked(form).map(Composed::Filter)
    })
    .field("query", "query", query(model, typed))
    .hint("tab completes; empty shows all; a minus before a word turns it round");
    form.about =
        "A part of the patient's name, or words with a value, as in priority:>=urgent overdue:yes".into();
    form
}

/// Saved views, found by typing.
pub fn views(model: &Model, _: &[QueueRow]) -> Form {
    let views: Vec<Choice> = model
        .settings
        .views
        .iter()
        .map(|view| choice(view.name.clone(), format!("{} · {}", view.name, view.query)))
        .collect();
    let none = views.is_empty();
    let mut form = Form::new(Action::Views, "Saved views", |form, _, _| {
        match form.filled("view") {
            Some(name) => Ok(Composed::View(name)),
            None => Err(Wrong::new("view", "choose a view")),
        }
    })
    .field("view", "view", combo(views, "", false))
    .hint("type a part of its name")
    .required();
    if none {
        let key = model.settings.keymap.key(Action::SaveView);
        form.about = format!(
            "No view is saved yet: filter a list, then {key} saves it; the configuration may have some under [desk.views]."
        );
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
        "Kept until it is sent; ctrl-x throws the one chosen away.".into()
    };
    form
}

/// Save what the list shows as a view.
pub fn save_view(model: &Model, _: &[QueueRow]) -> Form {
    let typed = match &model.place {
        Place::Rows(Shelf::List(list), query) => format!("list:{} {query}", list.code()),
        Place::Rows(Shelf::Closed, query) => format!("list:closed {query}"),
        Place::Rows(Shelf::Open, query) => query.clone(),
        Place::Intake => String::new(),
    };
    let mut form = Form::new(Action::SaveView, "Save a view", |form, model, _| {
        let text = checked(form)?;
        if text.is_empty() {
            return Err(Wrong::new("query", "a view needs a query"));
        }
        let name = crate::domain::text::line(&form.value("name"));
        let of_config = model
            .settings
            .views
            .iter()
            .any(|view| view.name == name && !view.saved);
        if of_config {
            let because = "the configuration has a view of that name: choose another";
            return Err(Wrong::new("name", because));
        }
        Ok(Composed::KeepView(name, Some(text)))
    })
    .field("name", "name", text())
    .required()
    .hint("one that is there already is replaced")
    .field("query", "query", query(model, typed.trim()))
    .hint("tab completes");
    form.about = "Everybody at this desk finds it among the saved views.".into();
    form
}

/// Take a saved view out.
pub fn forget_view(model: &Model, _: &[QueueRow]) -> Form {
    let views = model.settings.views.iter().filter(|view| view.saved);
    let views: Vec<Choice> = views
        .map(|view| choice(view.name.clone(), format!("{} · {}", view.name, view.query)))
        .collect();
    let mut form = Form::new(
        Action::ForgetView,
        "Take a saved view out",
        |form, _, _| match form.filled("view") {
            Some(name) => Ok(Composed::KeepView(name, None)),
            None => Err(Wrong::new("view", "choose a view")),
        },
    )
    .field("view", "view", combo(views, "", false))
    .required();
    form.about = "Those of the configuration stay: take them out there.".into();
    form
}

/// Which past moment the lists are to be shown as of.
pub fn as_of(_: &Model, _: &[QueueRow]) -> Form {
    let mut form = Form::new(
        Action::AsOf,
        "Everything as of a past moment",
        |form, model, _| {
            let (zone, now) = (model.settings.zone(), model.clock);
            match ago::parse(&form.value("moment"), zone, now) {
                Ok(at) => Ok(Composed::Moment(at)),
                Err(because) => Err(Wrong::new("moment", because)),
            }
        },
    )
    .field("moment", "as of", text())
    .required()
    .hint(ago::HINT);
    form.about = "Lists, scores and referrals as they were then, to read alone; esc returns to now.".into();
    form
}

/// The document under the cursor of Intake, as a form keeps it: wherever the cursor goes while it is open, it is about this one.
fn this_document(model: &Model) -> (Vec<(&'static str, String)>, String) {
    let row = model.intake.current();
    let fixed = row.map(|row| ("document", row.id.0.to_string()));
    let name = row.map(|row| row.name.clone()).unwrap_or_default();
    (fixed.into_iter().collect(), name)
}

fn document_of(form: &Form, field: &'static str) -> Result<DocumentId, Wrong> {
    let number = form.value("document").parse().map(DocumentId);
    number.map_err(|_| Wrong::new(field, "the document is gone"))
}

/// Set a document aside.
pub fn dismiss(model: &Model) -> Form {
    let (fixed, name) = this_document(model);
    let mut form = Form::new(Action::Dismiss, format!("Set aside · {name}"), |form, _, _| {
        Ok(Composed::Commands(vec![Command::DismissDocument {
            document: document_of(form, "reason")?,
            reason: form.value("reason"),
        }]))
    })
    .field("reason", "reason", text())
    .required()
    .hint("kept with the document");
    form.fixed = fixed;
    form
}

/// The password of a locked document.
pub fn unlock(model: &Model) -> Form {
    let (fixed, name) = this_document(model);
    let mut form = Form::new(Action::Unlock, format!("Password · {name}"), |form, _, _| {
        let document = document_of(form, "password")?;
        Ok(Composed::Unlock(document, form.value("password")))
    })
    .field("password", "password", text())
    .required()
    .hint("used once, and not kept");
    form.fixed = fixed;
    form.about = "The document is read again, as if it had come without one.".into();
    form
}

/// Put a document with a referral: what of the missing does it bring?
pub fn attach(model: &Model, sheet: &Sheet, document: DocumentId) -> Form {
    let referral = sheet.snapshot.referral();
    let id = referral
        .map(|referral| referral.id.to_string())
        .unwrap_or_default();
    let patient = referral.and_then(|referral| sheet.snapshot.patient(referral.patient));
    let whose = patient
        .map(|patient| format!(" {}", patient.name.filed()))
        .unwrap_or_default();
    let items: Vec<(Choice, bool)> = items_of(model, sheet)
        .into_iter()
        .map(|item| (item, false))
        .collect();
    let mut form = Form::new(
        Action::Attach,
        format!("Put the document with {id}{whose}"),
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
