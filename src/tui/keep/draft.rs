//! What was typed into a form, and not sent.
//!
//! Owns the plain values of a form that was left, and putting them back into the same form opened anew. Must not know what the
//! form is for.

use crate::domain::id::ReferralId;
use crate::tui::action::{Action, entry};
pub use crate::tui::form::Held;
use crate::tui::form::{Fields, Form};
use serde::{Deserialize, Serialize};

/// A form that was left with something typed in it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The action's id.
    pub action: String,
    /// The referrals that it is about.
    pub targets: Vec<ReferralId>,
    /// Ids that it is about beside.
    pub fixed: Vec<(String, String)>,
    /// What was made of its fields: those left as they were opened are not among them, and are what they are when it is opened anew.
    pub fields: Fields,
    /// The field that had the keys.
    pub focus: usize,
}

/// Ids by name, as a form has them.
fn ids(form: &Form) -> Vec<(String, String)> {
    let fixed = form.fixed.iter();
    fixed
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect()
}

/// The action's id.
fn id_of(action: Action) -> &'static str {
    entry(action).map_or("", |entry| entry.id)
}

impl Draft {
    /// What was made of a form.
    pub fn of(form: &Form) -> Draft {
        Draft {
            action: id_of(form.action).to_owned(),
            targets: form.targets.iter().map(|row| row.id).collect(),
            fixed: ids(form),
            fields: form.changed(),
            focus: form.focus,
        }
    }

    /// The action.
    pub fn action(&self) -> Option<Action> {
        let mut table = crate::tui::action::TABLE.iter();
        table
            .find(|entry| entry.id == self.action)
            .map(|entry| entry.action)
    }

    /// Whether it belongs into this form: the same action, about the same.
    pub fn is_of(&self, form: &Form) -> bool {
        let targets = form.targets.iter().map(|row| row.id);
        self.action == id_of(form.action)
            && self.fixed == ids(form)
            && targets.eq(self.targets.iter().copied())
    }

    /// An id that it is about, by its name.
    pub fn about(&self, name: &str) -> Option<i64> {
        let found = self.fixed.iter().find(|(each, _)| each == name);
        found.and_then(|(_, id)| id.parse().ok())
    }

    /// Puts what was typed back.
    pub fn fill(&self, form: &mut Form) {
        form.put_back(&self.fields);
        form.focus = self.focus.min(form.fields.len().saturating_sub(1));
        form.touched = true;
    }
}
