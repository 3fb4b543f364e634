//! How far two names agree.
//!
//! Owns the rules on surnames in two parts, particles, given names in another form, and names in each other's place. Accents,
//! case and punctuation never matter. Must not know the date of birth.

use super::Level;
use super::nickname;
use super::spelling::slip;
use crate::domain::person::HumanName;
use crate::domain::text::fold;

/// What tells generations apart, wherever it is written.
const GENERATIONS: [&str; 7] = ["jr", "junior", "sr", "senior", "ii", "iii", "iv"];
/// Words of surnames that are no surname by themselves.
const PARTICLES: [&str; 18] = [
    "de", "del", "la", "las", "los", "y", "e", "da", "do", "dos", "di", "van", "von", "der", "den", "al",
    "el", "bin",
];

fn words(part: &str) -> Vec<String> {
    let folded = fold(&part.replace(['.', ',', '/'], " "));
    let words = folded.split(' ').filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

fn without_generation(part: &str) -> Vec<String> {
    let mut words = words(part);
    // A name that is nothing else is a name.
    if words.len() > 1 {
        words.retain(|word| !GENERATIONS.contains(&word.as_str()));
    }
    words
}

/// The levels of family and given name.
pub fn levels(one: &HumanName, other: &HumanName) -> (Level, Level) {
    let parts = |name: &HumanName| (without_generation(&name.family), without_generation(&name.given));
    let ((family, given), (their_family, their_given)) = (parts(one), parts(other));
    let straight = (families(&family, &their_family), givens(&given, &their_given));
    let crossed = (families(&family, &their_given), families(&given, &their_family));
    if straight.0.min(straight.1) < Level::Variant && crossed == (Level::Same, Level::Same) {
        return (Level::Variant, Level::Variant);
    }
    straight
}

fn families(one: &[String], other: &[String]) -> Level {
    if one.is_empty() || other.is_empty() {
        return Level::Unknown;
    }
    let (whole, theirs) = (one.concat(), other.concat());
    if whole == theirs {
        return Level::Same;
    }
    let own = |word: &&String| word.len() > 2 && !PARTICLES.contains(&word.as_str());
    if one.iter().filter(own).any(|word| other.contains(word)) {
        return Level::Variant;
    }
    if slip(&whole, &theirs) {
        Level::Close
    } else {
        Level::Differs
    }
}

fn givens(one: &[String], other: &[String]) -> Level {
    let (Some(first), Some(theirs)) = (one.first(), other.first()) else {
        return Level::Unknown;
    };
    if one.concat() == other.concat() {
        return Level::Same;
    }
    if first == theirs && first.chars().count() > 1 {
        return match (one.get(1), other.get(1)) {
            // Of two middle names one may be an initial of the other.
            (Some(middle), Some(their_middle)) if !initial(middle, their_middle) => Level::Hint,
            (Some(_) | None, Some(_) | None) => Level::Same,
        };
    }
    if nickname::is_form_of(first, theirs) {
        return Level::Variant;
    }
    let long = |word: &&String| word.chars().count() > 2;
    if slip(first, theirs) || one.iter().filter(long).any(|word| other.contains(word)) {
        return Level::Close;
    }
    if initial(first, theirs) {
        Level::Hint
    } else {
        Level::Differs
    }
}

/// Whether one is the first letter of the other, or they are the same.
fn initial(one: &str, other: &str) -> bool {
    let short = one.chars().count() == 1 || other.chars().count() == 1;
    one == other || short && one.chars().next() == other.chars().next()
}

/// Whether `Jr`, `Sr` and their like agree, where both names have one.
pub fn suffixes(one: &HumanName, other: &HumanName) -> Level {
    let of = |name: &HumanName| {
        [&name.suffix, &name.family, &name.given]
            .into_iter()
            .flat_map(|part| words(part))
            .find_map(|word| generation(&word))
    };
    match (of(one), of(other)) {
        (Some(one), Some(other)) if one == other => Level::Same,
        (Some(_), Some(_)) => Level::Differs,
        (Some(_) | None, None) | (None, Some(_)) => Level::Unknown,
    }
}

fn generation(word: &str) -> Option<u8> {
    Some(match word {
        "sr" | "senior" => 1,
        "jr" | "junior" | "ii" => 2,
        "iii" => 3,
        "iv" => 4,
        _ => return None,
    })
}
