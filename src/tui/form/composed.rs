//! What a filled-in form comes to.
//!
//! Owns the outcomes, and what is wrong with a field. Must not know fields.

use super::Form;
use crate::domain::command::{Command, NewOrganization, NewPatient, NewPractitioner};
use crate::domain::id::DocumentId;
use crate::domain::time::Stamp;
use crate::store::board::QueueRow;
use crate::tui::model::Model;

/// What a filled-in form comes to.
pub enum Composed {
    /// Commands for the referral, or without one.
    Commands(Vec<Command>),
    /// A query for the list.
    Filter(String),
    /// A saved view, by its name.
    View(String),
    /// A view to be saved; to be taken out where there is no query.
    KeepView(String, Option<String>),
    /// A past moment.
    Moment(Stamp),
    /// Something typed that is taken up again, by its number.
    TakeUp(usize),
    /// A text for the clipboard, and what it is.
    Copy(String, String),
    /// The patient of a referral being made.
    Patient(NewPatient),
    /// Its provider.
    Provider(NewPractitioner, NewOrganization),
    /// The password of a document.
    Unlock(DocumentId, String),
    /// What it asks for is filled in: the form is kept with it.
    Details,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The field's name.
    pub field: &'static str,
    /// Why, for a person.
    pub because: String,
}

impl Wrong {
    /// Something is wrong with a field.
    pub fn new(field: &'static str, because: impl Into<String>) -> Wrong {
        Wrong {
            field,
            because: because.into(),
        }
    }
}

/// Makes of a filled-in form what it is for; the row is the referral it is about.
pub type Compose = fn(&Form, &Model, Option<&QueueRow>) -> Result<Composed, Wrong>;
