//! What is known of a sender: by what a document's sender is told, and what corrections of the sender's papers taught.
//!
//! Owns the two. Must not know how often a value was corrected.

use super::leaf::HEAD;
use super::{found, lexicon};
use crate::domain::text;
use crate::intake::document::{Field, Found, How, Value};
use crate::intake::learned::Learned;
use std::collections::BTreeMap;

/// How sure a value is that was corrected the same way twice and never otherwise.
const CONFIDENCE: f32 = 0.8;
/// What is known to be wrong is still shown, below the share of the other at which it would contradict it.
const KNOWN_WRONG: f32 = 0.3;
/// What stands before a letterhead in what a sender is told by.
pub const LETTERHEAD: &str = "letterhead ";
/// A number must be read this surely to tell a sender by it.
const TOLD: f32 = 0.6;

/// By what a document's sender is told: NPI, fax, letterhead. `lines` are the first page's, each with its top edge.
pub fn told_by<'a>(
    fields: &BTreeMap<Field, Vec<Found>>,
    lines: impl Iterator<Item = (&'a str, f32)>,
) -> Vec<String> {
    let number = |field: Field, name: &str| {
        let own = |found: &&Found| !matches!(found.how, How::Learned | How::SecondReader);
        let best = fields.get(&field)?.iter().find(own)?;
        match &best.value {
            Value::Text(digits) if best.confidence >= TOLD => Some(format!("{name} {digits}")),
            Value::Text(_) | Value::Name { .. } => None,
        }
    };
    let heads = lines.filter(|(line, top)| *top < HEAD && lexicon::is_practice(line));
    let head = heads
        .map(|(line, _)| text::fold(line))
        .find(|line| !line.chars().any(char::is_numeric));
    let head = head.map(|line| format!("{LETTERHEAD}{line}"));
    [
        number(Field::ReferringNpi, "npi"),
        number(Field::ReferringFax, "fax"),
        head,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Puts in what was learned of the sender: in the place of what is known to be read wrongly, or where nothing was read. What
/// was read otherwise stays.
pub fn apply<'a>(
    fields: &mut BTreeMap<Field, Vec<Found>>,
    lines: impl Iterator<Item = (&'a str, f32)>,
    learned: &Learned,
) {
    if learned.sender.is_empty() {
        return;
    }
    let told = told_by(fields, lines);
    for lesson in learned
        .sender
        .iter()
        .filter(|lesson| told.contains(&lesson.sender))
    {
        let value = Value::Text(lesson.value.clone());
        let known = fields.entry(lesson.field).or_default();
        let wrong = lesson.in_place_of.clone().map(Value::Text);
        let replaces = match (known.first(), wrong) {
            (None, _) => true,
            (Some(best), Some(wrong)) => {
                !found::same(lesson.field, &best.value, &value)
                    && found::same(lesson.field, &best.value, &wrong)
            }
            (Some(_), None) => false,
        };
        if !replaces {
            continue;
        }
        for one in known.iter_mut() {
            one.confidence = one.confidence.min(KNOWN_WRONG);
        }
        let lesson = Found {
            value,
            confidence: CONFIDENCE,
            place: None,
            how: How::Learned,
        };
        known.insert(0, lesson);
    }
    fields.retain(|_, found| !found.is_empty());
}
