//! Forms: what an action still has to know.
//!
//! Owns fields, their keys and their values. Must not know commands: a form carries the function that makes them.

mod composed;
mod find;
mod held;
mod input;
mod verb;

pub use composed::{Compose, Composed, Wrong};
pub use held::{ByChoice, Fields, Held};
pub use input::{Choice, Input, Quick, choice};

use super::action::Action;
use super::chord::{Chord, Key};
use super::complete;
use super::entry::Entry;
use super::fuzzy;
use super::model::Model;
use crate::store::board::QueueRow;
use input::Taken;

/// A field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name.
    pub name: &'static str,
    /// Label.
    pub label: &'static str,
    /// Contents.
    pub input: Input,
    /// Said beside it.
    pub hint: &'static str,
    /// It must be filled in.
    pub required: bool,
    /// What is typed to find one of its choices.
    pub find: Option<Entry>,
}

/// A form.
#[derive(Clone)]
pub struct Form {
    /// The action that it is for.
    pub action: Action,
    /// What stands above it.
    pub title: String,
    /// Said below the title.
    pub about: String,
    /// Two things side by side, above the fields: a label, this one, the other.
    pub table: Vec<(String, String, String)>,
    /// Fields.
    pub fields: Vec<Field>,
    /// Values that nobody types: ids that the form is about.
    pub fixed: Vec<(&'static str, String)>,
    /// The field that has the keys.
    pub focus: usize,
    /// The referrals that it is about.
    pub targets: Vec<QueueRow>,
    /// Makes of it what it is for.
    pub compose: Compose,
    /// Called after each key: fills in what follows from another field.
    pub follow: Option<fn(&mut Form)>,
    /// Fields that are filled in by the choice of another.
    pub by_choice: Option<ByChoice>,
    /// What its fields held when it was opened.
    pub opened: Fields,
    /// What is wrong.
    pub wrong: Option<Wrong>,
    /// Something was typed by hand.
    pub touched: bool,
}

/// What a key did to a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It goes on.
    Stay,
    /// To be sent.
    Send,
    /// To be left.
    Leave,
    /// To be left, and what was typed with it.
    ThrowAway,
    /// The text is wanted in an editor.
    Edit,
}

impl Form {
    /// A form without fields yet.
    pub fn new(action: Action, title: impl Into<String>, compose: Compose) -> Form {
        Form {
            action,
            title: title.into(),
            about: String::new(),
            table: Vec::new(),
            fields: Vec::new(),
            fixed: Vec::new(),
            focus: 0,
            targets: Vec::new(),
            compose,
            follow: None,
            by_choice: None,
            opened: Fields::new(),
            wrong: None,
            touched: false,
        }
    }

    /// What `enter` does in it, in a word or three.
    pub fn verb(&self) -> &'static str {
        verb::of(self.action)
    }

    /// With a field.
    #[must_use]
    pub fn field(mut self, name: &'static str, label: &'static str, input: Input) -> Form {
        self.fields.push(Field {
            name,
            label,
            input,
            hint: "",
            required: false,
            find: None,
        });
        self
    }

    /// The last field must be filled in.
    #[must_use]
    pub fn required(mut self) -> Form {
        if let Some(field) = self.fields.last_mut() {
            field.required = true;
        }
        self
    }

    /// The last field has a hint.
    #[must_use]
    pub fn hint(mut self, hint: &'static str) -> Form {
        if let Some(field) = self.fields.last_mut() {
            field.hint = hint;
        }
        self
    }

    fn named(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The value of a field: a text, or the key of the choice.
    pub fn value(&self, name: &str) -> String {
        let fixed = self.fixed.iter().find(|(each, _)| *each == name);
        match fixed {
            Some((_, value)) => value.clone(),
            None => self.named(name).map(Field::value).unwrap_or_default(),
        }
    }

    /// The value of a field; none where it is empty.
    pub fn filled(&self, name: &str) -> Option<String> {
        Some(self.value(name).trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// The keys that are ticked.
    pub fn ticked(&self, name: &str) -> Vec<String> {
        match self.named(name).map(|field| &field.input) {
            Some(Input::Many { choices, .. }) => choices
                .iter()
                .filter(|(_, on)| *on)
                .map(|(choice, _)| choice.key.clone())
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Puts a text into a field.
    pub fn set(&mut self, name: &str, text: impl Into<String>) {
        let field = self.fields.iter_mut().find(|field| field.name == name);
        if let Some(Input::Text { entry, .. } | Input::Query { entry, .. } | Input::Combo { entry, .. }) =
            field.map(|field| &mut field.input)
        {
            *entry = Entry::with(text);
        }
    }

    /// Goes to the field with what is wrong.
    pub fn blame(&mut self, wrong: Wrong) {
        if let Some(at) = self.fields.iter().position(|field| field.name == wrong.field) {
            self.focus = at;
        }
        self.wrong = Some(wrong);
    }

    /// The first required field that is empty.
    pub fn unfilled(&self) -> Option<Wrong> {
        let field = self
            .fields
            .iter()
            .find(|field| field.required && field.is_empty())?;
        Some(Wrong::new(field.name, format!("{} is needed", field.label)))
    }

    /// Takes pasted text: into the field, never as keys.
    pub fn paste(&mut self, raw: &str) {
        match self.fields.get_mut(self.focus).map(|field| &mut field.input) {
            Some(Input::Text { entry, lines }) => entry.insert(raw, *lines),
            Some(Input::Combo { entry, .. } | Input::Query { entry, .. }) => entry.insert(raw, false),
            Some(Input::One { .. } | Input::Many { .. }) | None => return,
        }
        self.touched = true;
    }

    /// Completes the query that has the keys; says whether there was anything to complete.
    fn complete(&mut self) -> bool {
        let done = self
            .fields
            .get_mut(self.focus)
            .is_some_and(|field| field.input.complete());
        self.touched |= done;
        done
    }

    /// Takes a key.
    pub fn key(&mut self, chord: Chord) -> Turn {
        self.wrong = None;
        let found = self
            .fields
            .get_mut(self.focus)
            .and_then(|field| field.find_key(chord));
        if let Some(taken) = found {
            let turn = self.after(taken);
            self.follow_up();
            return turn;
        }
        let turn = match (chord.key, chord.ctrl, chord.alt) {
            (Key::Esc, ..) | (Key::Char('c'), true, _) => return Turn::Leave,
            (Key::Char('x'), true, false) => return Turn::ThrowAway,
            (Key::Char('o'), true, false) => return Turn::Edit,
            (Key::Enter, false, false) | (Key::Char('s'), true, false) => return Turn::Send,
            (Key::Tab, ..) if self.complete() => Turn::Stay,
            (Key::Tab, ..) => {
                self.focus = (self.focus + 1) % self.fields.len().max(1);
                Turn::Stay
            }
            (Key::BackTab, ..) => {
                self.focus = self
                    .focus
                    .checked_sub(1)
                    .unwrap_or(self.fields.len().saturating_sub(1));
                Turn::Stay
            }
            _ => match self
                .fields
                .get_mut(self.focus)
                .map(|field| field.input.key(chord))
            {
                Some(taken) => self.after(taken),
                None => Turn::Stay,
            },
        };
        self.follow_up();
        turn
    }

    fn after(&mut self, taken: Taken) -> Turn {
        match taken {
            Taken::Text => self.touched = true,
            Taken::Chosen(Quick::Advance) => self.advance(),
            Taken::Chosen(Quick::Send) => return Turn::Send,
            Taken::Moved | Taken::No => {}
        }
        Turn::Stay
    }

    fn advance(&mut self) {
        self.focus = (self.focus + 1).min(self.fields.len().saturating_sub(1));
    }

    /// Takes a click on a field, or on one of its choices.
    pub fn click(&mut self, index: usize, number: Option<usize>) -> Turn {
        let Some(field) = self.fields.get_mut(index) else {
            return Turn::Stay;
        };
        self.focus = index;
        let quick = number.and_then(|number| field.choose(number));
        match quick {
            Some(Quick::Send) => return Turn::Send,
            Some(Quick::Advance) => self.advance(),
            None => {}
        }
        self.follow_up();
        Turn::Stay
    }
}

impl Field {
    /// The value: a text, or the key of the choice.
    pub fn value(&self) -> String {
        match &self.input {
            Input::One { choices, at, .. } => at
                .and_then(|at| choices.get(at))
                .map(|choice| choice.key.clone())
                .unwrap_or_default(),
            Input::Many { .. } => String::new(),
            Input::Text { entry, .. } | Input::Query { entry, .. } => entry.text(),
            Input::Combo {
                choices,
                entry,
                at,
                free,
            } => {
                let typed = entry.text();
                let matches = fuzzy::rank(&typed, choices, |choice| &choice.label);
                let exact = choices
                    .iter()
                    .find(|choice| choice.label == typed || choice.key == typed);
                let chosen = exact.or_else(|| matches.get(*at).copied());
                match chosen {
                    Some(choice) => choice.key.clone(),
                    None if *free => typed,
                    None => String::new(),
                }
            }
        }
    }

    fn is_empty(&self) -> bool {
        match &self.input {
            Input::Many { choices, .. } => !choices.iter().any(|(_, on)| *on),
            Input::One { .. } | Input::Text { .. } | Input::Query { .. } | Input::Combo { .. } => {
                self.value().trim().is_empty()
            }
        }
    }
}

/// An empty line of text.
pub fn text() -> Input {
    text_with("")
}

/// A line of text with something in it.
pub fn text_with(text: impl Into<String>) -> Input {
    Input::Text {
        entry: Entry::with(text),
        lines: false,
    }
}

/// A query, with what may come next.
pub fn query(model: &Model, typed: impl Into<String>) -> Input {
    Input::Query {
        entry: Entry::with(typed),
        offers: complete::offers(model),
        at: 0,
    }
}

/// One of several.
pub fn one(choices: Vec<Choice>, at: Option<usize>, quick: Quick) -> Input {
    Input::One { choices, at, quick }
}

/// One of many, found by typing.
pub fn combo(names: impl IntoIterator<Item = Choice>, typed: impl Into<String>, free: bool) -> Input {
    Input::Combo {
        choices: names.into_iter().collect(),
        entry: Entry::with(typed),
        at: 0,
        free,
    }
}
