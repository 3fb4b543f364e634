//! What a desk's corrections taught the reader: texts that label a field on forms it did not know, and what a sender's papers
//! always get wrong.
//!
//! Owns the lessons' form and bounds: words of forms and referrers' own data, nothing of a patient. Must not know how they
//! were learned, or where they are kept.

use super::document::Field;
use super::second::code as field_named;
use crate::domain::text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// At most so many lessons of each kind are used.
const MOST: usize = 2_000;
/// A label is at most so many characters long.
pub const LABEL_CHARS: usize = 60;
/// A sender's value and name are at most so long.
const VALUE_CHARS: usize = 160;

/// The lessons.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Learned {
    /// Every lesson that was written, in words. One that stands here and no more below was taken out by hand, and stays out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taught: Vec<String>,
    /// Texts that label a field.
    pub label: Vec<LearnedLabel>,
    /// Values of senders.
    pub sender: Vec<LearnedSender>,
    /// Whether rules alone read: the trained model is not asked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub rules_only: bool,
}

/// A text beside or above which a field's value stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnedLabel {
    /// Its words in lower case, without marks.
    pub text: String,
    /// The field.
    pub field: Field,
    /// On how many corrected documents it was seen.
    pub documents: u32,
}

/// A value of a sender that the reader misses or gets wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnedSender {
    /// By what the sender is known: `npi 1234567893`, `fax 8025550100`, `letterhead elm street family practice`.
    pub sender: String,
    /// The field.
    pub field: Field,
    /// What it is.
    pub value: String,
    /// What is read in its place; none where nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_place_of: Option<String>,
    /// On how many documents it was corrected.
    pub documents: u32,
}

/// The fields of which a sender has one value, whoever the patient is.
pub const OF_SENDERS: [Field; 4] = [
    Field::ReferringOrg,
    Field::ReferringPhone,
    Field::ReferringFax,
    Field::ReferringProviderName,
];

/// Whether a value may be told by a key: a practitioner by their own number alone, since others write from the same fax under the same
/// letterhead.
pub fn may_teach(field: Field, key: &str) -> bool {
    field != Field::ReferringProviderName || key.starts_with("npi ")
}

impl Learned {
    /// Whether there is no lesson.
    pub fn is_empty(&self) -> bool {
        self.label.is_empty() && self.sender.is_empty() && !self.rules_only
    }

    /// The lessons in words, as [`Learned::taught`] has them.
    fn in_words(&self) -> BTreeSet<String> {
        let labels = self
            .label
            .iter()
            .map(|lesson| format!("{} is {}", lesson.text, field_named(lesson.field)));
        let senders = self.sender.iter().map(|lesson| {
            format!(
                "{}: {} is {}",
                lesson.sender,
                field_named(lesson.field),
                lesson.value
            )
        });
        labels.chain(senders).collect()
    }

    /// What was learned anew, without what a person has taken out of what was learned `before`; and how much that is.
    #[must_use]
    pub fn without_removed(mut self, before: &Learned) -> (Learned, usize) {
        let kept = before.in_words();
        let removed: BTreeSet<&String> = before
            .taught
            .iter()
            .filter(|lesson| !kept.contains(*lesson))
            .collect();
        let all = self.in_words();
        let stays = |lesson: Learned| lesson.in_words().iter().all(|words| !removed.contains(words));
        self.label.retain(|lesson| {
            stays(Learned {
                label: vec![lesson.clone()],
                ..Learned::default()
            })
        });
        self.sender.retain(|lesson| {
            stays(Learned {
                sender: vec![lesson.clone()],
                ..Learned::default()
            })
        });
        self.taught = self
            .in_words()
            .into_iter()
            .chain(removed.iter().map(|lesson| (*lesson).clone()))
            .collect();
        let out = all.iter().filter(|lesson| removed.contains(lesson)).count();
        (self, out)
    }

    /// What of a file is used: whoever changed it by hand may have written anything.
    #[must_use]
    pub fn cleaned(mut self) -> Learned {
        let plain = |raw: &str, most: usize| {
            !raw.trim().is_empty() && raw.chars().count() <= most && text::line(raw) == raw
        };
        self.label
            .retain(|lesson| plain(&lesson.text, LABEL_CHARS) && !lesson.text.chars().any(char::is_numeric));
        self.label.truncate(MOST);
        self.sender.retain(|lesson| {
            OF_SENDERS.contains(&lesson.field)
                && may_teach(lesson.field, &lesson.sender)
                && plain(&lesson.sender, VALUE_CHARS)
                && plain(&lesson.value, VALUE_CHARS)
        });
        self.sender.truncate(MOST);
        self.taught
            .retain(|lesson| plain(lesson, LABEL_CHARS + 2 * VALUE_CHARS));
        self
    }

    /// The field that a text labels; the text as its words in lower case.
    pub fn field_of(&self, key: &str) -> Option<Field> {
        let lesson = self.label.iter().find(|lesson| lesson.text == key)?;
        Some(lesson.field)
    }
}
