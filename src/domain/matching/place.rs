//! How far two postal addresses agree.
//!
//! Owns the usual short forms (United States Postal Service, Publication 28, appendices B and C). Must not know whose they are.

use super::Level;
use crate::domain::text::fold;

const SHORT: &[(&str, &str)] = &[
    ("street", "st"),
    ("avenue", "ave"),
    ("av", "ave"),
    ("road", "rd"),
    ("drive", "dr"),
    ("lane", "ln"),
    ("boulevard", "blvd"),
    ("court", "ct"),
    ("place", "pl"),
    ("terrace", "ter"),
    ("circle", "cir"),
    ("highway", "hwy"),
    ("parkway", "pkwy"),
    ("square", "sq"),
    ("apartment", "apt"),
    ("unit", "apt"),
    ("suite", "ste"),
    ("north", "n"),
    ("south", "s"),
    ("east", "e"),
    ("west", "w"),
];

fn words(text: &str) -> Vec<String> {
    let folded = fold(&text.replace([',', '.', '#', '/'], " "));
    let words = folded.split(' ').filter(|word| !word.is_empty());
    words
        .map(|word| {
            let short = SHORT.iter().find(|(long, _)| *long == word);
            short.map_or(word, |(_, short)| short).to_owned()
        })
        .collect()
}

/// The level of two addresses on one line each: the same words; or the same house number and street, whatever is written of
/// flat, town and code.
pub fn level(one: Option<&str>, other: Option<&str>) -> Level {
    let (Some(one), Some(other)) = (one.map(words), other.map(words)) else {
        return Level::Unknown;
    };
    if one.is_empty() || other.is_empty() {
        return Level::Unknown;
    }
    if one == other {
        return Level::Same;
    }
    match (door(&one), door(&other)) {
        (Some(one), Some(other)) if one == other => Level::Close,
        (Some(_) | None, Some(_) | None) => Level::Differs,
    }
}

/// The house number and the first word of the street that is more than a direction.
fn door(words: &[String]) -> Option<(&str, &str)> {
    let mut words = words.iter();
    let number = words.find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let street = words.find(|word| word.chars().count() > 1)?;
    Some((number, street))
}
