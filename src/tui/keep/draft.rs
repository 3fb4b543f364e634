//! What was typed into a form, and not sent.
//!
//! Owns the plain values of a form that was left, and putting them back into the same form opened anew. Must not know what the
//! form is for.

use crate::domain::id::ReferralId;
use crate::tui::action::{Action, entry};
use crate::tui::entry::Entry;
use crate::tui::form::{Form, Input};
use serde::{Deserialize, Serialize};

/// What one field held.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// A text.
    Text(String),
    /// The key of the choice.
    Chosen(Option<String>),
    /// The keys that were ticked.
    Ticked(Vec<String>),
}

/// The fields of a form by name.
pub type Fields = Vec<(String, Held)>;

/// A form that was left with something typed in it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The action's id.
    pub action: String,
    /// The referrals that it is about.
    pub targets: Vec<ReferralId>,
    /// Ids that it is about beside.
    pub fixed: Vec<(String, String)>,
    /// What its fields held.
    pub fields: Fields,
    /// The field that had the keys.
    pub focus: usize,
}

/// What the fields of a form hold.
pub fn fields(form: &Form) -> Fields {
    let held = |input: &Input| match input {
        Input::Text { entry, .. } | Input::Query { entry, .. } | Input::Combo { entry, .. } => {
            Held::Text(entry.text())
        }
        Input::One { choices, at, .. } => {
            Held::Chosen(at.and_then(|at| choices.get(at)).map(|choice| choice.key.clone()))
        }
        Input::Many { choices, .. } => {
            let ticked = choices.iter().filter(|(_, on)| *on);
            Held::Ticked(ticked.map(|(choice, _)| choice.key.clone()).collect())
        }
    };
    let fields = form.fields.iter();
    fields
        .map(|field| (field.name.to_owned(), held(&field.input)))
        .collect()
}

/// Puts values back into the fields that a form still has.
pub fn fill(form: &mut Form, fields: &Fields) {
    for (name, held) in fields {
        let Some(field) = form.fields.iter_mut().find(|field| field.name == name) else {
            continue;
        };
        match (&mut field.input, held) {
            (
                Input::Text { entry, .. } | Input::Query { entry, .. } | Input::Combo { entry, .. },
                Held::Text(text),
            ) => {
                *entry = Entry::with(crate::domain::text::block(text));
            }
            (Input::One { choices, at, .. }, Held::Chosen(key)) => {
                let found = choices
                    .iter()
                    .position(|choice| Some(&choice.key) == key.as_ref());
                *at = found.or(at.filter(|_| key.is_some()));
            }
            (Input::Many { choices, .. }, Held::Ticked(keys)) => {
                for (choice, on) in choices {
                    *on = keys.contains(&choice.key);
                }
            }
            // A field that has become another kind since: what it offers now stays.
            (
                Input::Text { .. }
                | Input::Query { .. }
                | Input::Combo { .. }
                | Input::One { .. }
                | Input::Many { .. },
                Held::Text(_) | Held::Chosen(_) | Held::Ticked(_),
            ) => {}
        }
    }
}

impl Draft {
    /// What a form holds.
    pub fn of(form: &Form) -> Draft {
        let fixed = form.fixed.iter();
        Draft {
            action: entry(form.action).map_or("", |entry| entry.id).to_owned(),
            targets: form.targets.iter().map(|row| row.id).collect(),
            fixed: fixed
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            fields: fields(form),
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
        let other = Draft::of(form);
        self.action == other.action && self.targets == other.targets && self.fixed == other.fixed
    }

    /// Puts what was typed back.
    pub fn fill(&self, form: &mut Form) {
        fill(form, &self.fields);
        form.focus = self.focus.min(form.fields.len().saturating_sub(1));
        form.touched = true;
    }
}
