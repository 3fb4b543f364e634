//! What the fields of a form hold, as plain values.
//!
//! Owns taking them out of a form and putting them back, and the fields that are filled in anew by the choice of another. Must not
//! know what a form is for, or where the values are kept.

use super::input::Input;
use super::{Field, Form};
use crate::tui::entry::Entry;
use crate::tui::fuzzy;
use serde::{Deserialize, Serialize};

/// What one field held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// A text.
    Text(String),
    /// The key of the choice.
    Chosen(Option<String>),
    /// The keys that were ticked.
    Ticked(Vec<String>),
    /// What was typed to find a choice, and the value that this came to.
    Found {
        /// As typed.
        typed: String,
        /// The key of the choice, or what is typed where that counts.
        key: String,
    },
}

/// The fields of a form by name.
pub type Fields = Vec<(String, Held)>;

/// Fields that are filled in anew when another is chosen otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByChoice {
    /// The field that is chosen.
    pub field: &'static str,
    /// What the others hold, by the key of the choice.
    pub values: Vec<(String, Fields)>,
    /// The choice that they are filled in by now.
    pub now: String,
}

impl Field {
    /// What it holds.
    pub fn held(&self) -> Held {
        match &self.input {
            Input::Text { entry, .. } | Input::Query { entry, .. } => Held::Text(entry.text()),
            Input::Combo { entry, .. } => Held::Found {
                typed: entry.text(),
                key: self.value(),
            },
            Input::One { choices, at, .. } => {
                Held::Chosen(at.and_then(|at| choices.get(at)).map(|choice| choice.key.clone()))
            }
            Input::Many { choices, .. } => {
                let ticked = choices.iter().filter(|(_, on)| *on);
                Held::Ticked(ticked.map(|(choice, _)| choice.key.clone()).collect())
            }
        }
    }

    /// Puts back what it held, as far as it still offers that.
    pub fn put_back(&mut self, held: &Held) {
        match (&mut self.input, held) {
            (
                Input::Text { entry, .. } | Input::Query { entry, .. } | Input::Combo { entry, .. },
                Held::Text(text),
            ) => {
                *entry = Entry::with(crate::domain::text::block(text));
            }
            (
                Input::Combo {
                    choices, entry, at, ..
                },
                Held::Found { typed, key },
            ) => {
                let matches = fuzzy::rank(typed, choices, |choice| &choice.label);
                *at = matches.iter().position(|choice| choice.key == *key).unwrap_or(0);
                *entry = Entry::with(crate::domain::text::block(typed));
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
                Held::Text(_) | Held::Chosen(_) | Held::Ticked(_) | Held::Found { .. },
            ) => {}
        }
    }
}

impl Form {
    /// What its fields hold.
    pub fn held(&self) -> Fields {
        let fields = self.fields.iter();
        fields
            .map(|field| (field.name.to_owned(), field.held()))
            .collect()
    }

    /// What was made of it since it was opened: the fields that hold something else.
    pub fn changed(&self) -> Fields {
        let mut held = self.held();
        held.retain(|one| !self.opened.contains(one));
        held
    }

    /// Takes note of what it is opened with.
    #[must_use]
    pub fn opened(mut self) -> Form {
        self.opened = self.held();
        self
    }

    /// The text that a field was opened with.
    pub fn before(&self, name: &str) -> String {
        let found = self.opened.iter().find(|(each, _)| each == name);
        match found {
            Some((_, Held::Text(text) | Held::Found { typed: text, .. })) => text.clone(),
            Some((_, Held::Chosen(key))) => key.clone().unwrap_or_default(),
            Some((_, Held::Ticked(_))) | None => String::new(),
        }
    }

    /// Puts values back into the fields that it still has, one after the other: what follows from one is there before the next.
    pub fn put_back(&mut self, fields: &Fields) {
        for (name, held) in fields {
            if let Some(field) = self.fields.iter_mut().find(|field| field.name == name) {
                field.put_back(held);
            }
            self.follow_up();
        }
    }

    /// Fills in what follows from other fields.
    pub fn follow_up(&mut self) {
        self.fill_by_choice();
        if let Some(follow) = self.follow {
            follow(self);
        }
    }

    /// Fills in what goes with a choice, where that is another than before.
    fn fill_by_choice(&mut self) {
        let Some(by) = &self.by_choice else { return };
        let chosen = self.value(by.field);
        if chosen == by.now {
            return;
        }
        let found = by.values.iter().find(|(key, _)| *key == chosen);
        let values = found.map(|(_, values)| values.clone()).unwrap_or_default();
        if let Some(by) = &mut self.by_choice {
            by.now = chosen;
        }
        for (name, held) in values {
            if let Some(field) = self.fields.iter_mut().find(|field| field.name == name) {
                field.put_back(&held);
            }
            // That is what it says: nobody typed it.
            if let Some((_, opened)) = self.opened.iter_mut().find(|(each, _)| *each == name) {
                *opened = held;
            }
        }
    }
}
