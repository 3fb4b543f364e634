//! People spoken of in sentences: the patient, the patient's sex, who refers.
//!
//! Owns the turns of phrase that name people. Must not know labels, boxes or letterheads.

use super::found::Findings;
use super::lexicon;
use super::names::{self, person};
use super::numbers;
use super::paragraph::Paragraph;
use super::phrase;
use super::vocabulary::Party;
use super::words::Word;
use crate::intake::document::{Field, How};

/// A sentence names the patient with less certainty than a label, below the line where two candidates conflict.
const NAME: f32 = 0.68;
/// A name right in front of a date of birth.
const NAME_WITH_BIRTH: f32 = 0.82;
/// A practitioner's name right in front of an NPI.
const REFERRER_WITH_NPI: f32 = 0.85;
/// A name of which an age is told.
const NAME_WITH_AGE: f32 = 0.8;
const SIGNED: f32 = 0.82;
/// A sentence speaks of a man or a woman; nobody filled a field in.
const SEX: f32 = 0.88;

/// Words after which a patient is named.
#[rustfmt::skip]
const INTRODUCES: &[&str] = &[
    "referring", "refer", "seeing", "see", "evaluate", "evaluating", "introduce", "introducing",
    "regarding", "patient", "schedule", "accept", "of", "for", "about",
];
/// Words that may stand between.
const BETWEEN: &[&str] = &[
    "my", "our", "the", "this", "your", "mutual", "pleasant", "lovely", "patient", "new", "a", "to", "you",
    "us", "above", "named", "kindly",
];
const HONORIFICS: &[(&str, &str)] = &[
    ("mr", "M"),
    ("mrs", "F"),
    ("ms", "F"),
    ("miss", "F"),
    ("mx", ""),
    ("mister", "M"),
];

pub fn names(paragraph: &Paragraph, words: &[Word], page: usize, found: &mut Findings) {
    let raw = |word: &Word| -> String {
        paragraph
            .text
            .chars()
            .skip(word.start)
            .take(word.end - word.start)
            .collect()
    };
    for at in 0..words.len() {
        if !INTRODUCES.contains(&key(words, at)) {
            continue;
        }
        let strong = !matches!(key(words, at), "of" | "for" | "about" | "patient");
        let mut next = at + 1;
        while BETWEEN.contains(&key(words, next)) || key(words, next) == "," && key(words, at) == "patient" {
            next += 1;
        }
        let honorific = HONORIFICS.iter().find(|(word, _)| *word == key(words, next));
        next += usize::from(honorific.is_some());
        let ours = at > 0 && matches!(key(words, at - 1), "my" | "our" | "this" | "mutual" | "your");
        if honorific.is_none() && !strong && !(key(words, at) == "patient" && ours) {
            continue;
        }
        let first = next;
        while next < first + 5 {
            let Some(word) = words.get(next).filter(|word| !word.mark) else {
                break;
            };
            let text = raw(word);
            let capital = text.starts_with(char::is_uppercase);
            let particle = matches!(
                word.key.as_str(),
                "de" | "la" | "del" | "van" | "der" | "von" | "dos" | "da"
            );
            if !(capital || particle && next > first) {
                break;
            }
            next += 1;
            // A full stop ends the sentence unless it is an initial's.
            if text.ends_with('.') && word.key.chars().count() > 1 {
                break;
            }
        }
        let (Some(begin), Some(end)) = (
            words.get(first),
            next.checked_sub(1).and_then(|last| words.get(last)),
        ) else {
            continue;
        };
        if next <= first {
            continue;
        }
        let text: String = paragraph
            .text
            .chars()
            .skip(begin.start)
            .take(end.end - begin.start)
            .collect();
        let Some(spot) = paragraph.spot(begin.start, end.end) else {
            continue;
        };
        if let Some((_, sex)) = honorific.filter(|(_, sex)| !sex.is_empty() && strong) {
            found.text(Field::Sex, sex, 0.66, page, &spot, How::Derived);
        }
        // `Mr. Dos Santos` and `Ms. Hernández Rivera` are families, not whole names.
        let family_only = honorific.is_some() && names::families_only(&text);
        if let Some(who) = person(&text).filter(|who| who.credentials.is_empty() && !family_only) {
            found.name(
                &who,
                if strong { NAME } else { NAME - 0.1 },
                page,
                &spot,
                How::Prose,
            );
        }
    }
}

/// The sex that a sentence gives with an age or a noun.
pub fn sex(paragraph: &Paragraph, words: &[Word], page: usize, found: &mut Findings) {
    // `Mrs. Lee, a woman, for …`: between commas, a noun says it as an age would.
    for window in words.windows(4) {
        if let [before, article, noun, after] = window
            && before.key == ","
            && article.key == "a"
            && matches!(after.key.as_str(), "," | "with" | "who" | "for")
            && let Some(sex) = lexicon::sex(&noun.key)
            && let Some(spot) = paragraph.spot(noun.start, noun.end)
        {
            found.text(Field::Sex, sex, SEX - 0.05, page, &spot, How::Prose);
            return;
        }
    }
    for at in 0..words.len() {
        if !aged(words, at) {
            continue;
        }
        let nearby = words
            .iter()
            .skip(at + 1)
            .take(4)
            .take_while(|word| !word.mark)
            .find(|word| lexicon::sex(&word.key).is_some_and(|sex| sex != "X"));
        if let Some(word) = nearby
            && let (Some(sex), Some(spot)) = (lexicon::sex(&word.key), paragraph.spot(word.start, word.end))
        {
            found.text(Field::Sex, sex, SEX, page, &spot, How::Prose);
            return;
        }
    }
}

fn aged(words: &[Word], at: usize) -> bool {
    matches!(
        key(words, at),
        "yearold" | "yo" | "yr" | "years" | "year" | "monthold"
    ) || key(words, at).ends_with("yearold")
        || key(words, at).ends_with("monthold")
        || key(words, at).ends_with("yo") && key(words, at).starts_with(|c: char| c.is_ascii_digit())
        || key(words, at) == "o" && key(words, at.wrapping_sub(1)) == "/"
}

/// A name of which an age is told: `Ann Lee is a 58-year-old …`, `Mr. Lee, a 58 yo …`.
pub fn named_by_age(paragraph: &Paragraph, words: &[Word], page: usize, found: &mut Findings) {
    for at in 2..words.len() {
        let tells = matches!(key(words, at), "is" | "was" | ",")
            && (matches!(key(words, at + 1), "a" | "an") && (at + 2..at + 6).any(|word| aged(words, word)));
        if !tells {
            continue;
        }
        let whole = (at.saturating_sub(5)..at - 1).find_map(|first| {
            let (from, to) = (words.get(first)?, words.get(at - 1)?);
            let text: String = paragraph
                .text
                .chars()
                .skip(from.start)
                .take(to.end - from.start)
                .collect();
            let who = person(&text).filter(|who| who.credentials.is_empty())?;
            let titled = HONORIFICS.iter().any(|(word, _)| *word == from.key);
            // `Mr. Dos Santos` is a family; a full stop within a name that no title leads ends another sentence.
            let family = titled
                && text
                    .split_once(' ')
                    .is_none_or(|(_, name)| names::families_only(name));
            let one = titled || !text.contains(". ");
            (one && !family).then_some((who, paragraph.spot(from.start, to.end)?))
        });
        if let Some((who, spot)) = whole {
            found.name(&who, NAME_WITH_AGE, page, &spot, How::Prose);
            return;
        }
    }
}

/// Who signed: `Electronically signed by Mark Hsu, PA-C on …`.
pub fn signed(paragraph: &Paragraph, words: &[Word], page: usize, found: &mut Findings) {
    for at in 0..words.len() {
        if key(words, at) != "by"
            || !matches!(
                key(words, at.wrapping_sub(1)),
                "signed" | "esigned" | "authenticated"
            )
        {
            continue;
        }
        // The longest beginning that is a practitioner's name.
        let whole = (at + 2..at + 10).rev().find_map(|last| {
            let (from, to) = (words.get(at + 1)?, words.get(last)?);
            let text: String = paragraph
                .text
                .chars()
                .skip(from.start)
                .take(to.end - from.start)
                .collect();
            let who = person(&text).filter(|who| names::refers(&who.credentials))?;
            Some((who, paragraph.spot(from.start, to.end)?))
        });
        if let Some((who, spot)) = whole {
            found.text(
                Field::ReferringProviderName,
                &who.signed(),
                SIGNED,
                page,
                &spot,
                How::Prose,
            );
        }
    }
}

/// Names right in front of a fact that shows whose they are: `Robert Kim dob 2/3/61`, `Dr. Susan Wu (NPI …)`.
pub fn named_by_fact(paragraph: &Paragraph, words: &[Word], page: usize, found: &mut Findings) {
    for at in 2..words.len() {
        let birth = matches!(key(words, at), "dob" | "born" | "birthdate");
        let npi = key(words, at) == "npi";
        if !birth && !npi {
            continue;
        }
        let end = (0..at)
            .rev()
            .find(|before| !matches!(key(words, *before), "(" | "," | ":" | "-" | ";" | "is" | "was"));
        let Some(end) = end.filter(|end| at - end <= 3) else {
            continue;
        };
        // The longest run of up to five words that is a name.
        let whole = (end.saturating_sub(4)..end).find_map(|first| {
            let (from, to) = (words.get(first)?, words.get(end)?);
            let text: String = paragraph
                .text
                .chars()
                .skip(from.start)
                .take(to.end - from.start)
                .collect();
            Some((person(&text)?, paragraph.spot(from.start, to.end)?, text))
        });
        // `Subscriber: Omar Diaz  DOB …` speaks of somebody else.
        let others = (end.saturating_sub(8)..end).any(|word| {
            phrase::read(words, word).is_some_and(|found| {
                matches!(
                    found.party,
                    Some(Party::Relative | Party::Secondary | Party::Pcp | Party::Recipient)
                )
            })
        });
        let Some((who, spot, text)) = whole.filter(|_| !others) else {
            continue;
        };
        if birth && who.credentials.is_empty() && !names::families_only(&text) {
            found.name(&who, NAME_WITH_BIRTH, page, &spot, How::Prose);
        } else if npi
            && (names::refers(&who.credentials) || text.to_lowercase().starts_with("dr"))
            && !numbers::npis(&paragraph.text).is_empty()
        {
            found.text(
                Field::ReferringProviderName,
                &who.signed(),
                REFERRER_WITH_NPI,
                page,
                &spot,
                How::Prose,
            );
        }
    }
}

fn key(words: &[Word], at: usize) -> &str {
    words.get(at).map_or("", |word| word.key.as_str())
}
