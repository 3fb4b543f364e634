//! What sentences ask for: the reason, the specialty, how soon, which clinic.
//!
//! Owns the turns of phrase that ask. Must not know labels, boxes or letterheads.

use super::found::Findings;
use super::lexicon;
use super::names::person;
use super::paragraph::{Paragraph, find, sentence_end};
use super::words::{Word, words};
use crate::intake::document::{Field, How};

/// What a sentence says is believed less than what a label says; below the line where two candidates conflict.
const REASON_NAMED: f32 = 0.91;
const REASON: f32 = 0.68;
const SPECIALTY: f32 = 0.85;
const URGENCY: f32 = 0.88;
const SERVICE: f32 = 0.6;

/// Turns of phrase before a reason, and whether they name it as such.
#[rustfmt::skip]
const REASONS: &[(&str, bool)] = &[
    ("reason for the referral is", true), ("reason for referral is", true),
    ("reason for this referral is", true), ("reason for the consultation is", true),
    ("being referred for", true), ("is referred for", true), ("referral is for", true),
    ("for evaluation and management of", false), ("for evaluation and treatment of", false),
    ("for further evaluation of", false), ("for evaluation of", false), ("for assessment of", false),
    ("for management of", false), ("regarding", false), ("because of", false), ("concerning", false),
    ("who presents with", false), ("presents with", false), ("evaluation of", false), ("assessment of", false),
    ("management of", false), ("treatment of", false), ("consultation for", false), ("opinion regarding", false), ("opinion on", false),
    ("man with", false), ("woman with", false), ("male with", false), ("female with", false), ("lady with", false),
    ("gentleman with", false), ("girl with", false), ("boy with", false), ("patient with", false), ("seen for", false),
];

/// Words with which no reason begins: `for evaluation`, `for Ann Lee`.
const NO_REASON: &[&str] = &[
    "evaluation",
    "consultation",
    "consult",
    "further",
    "your",
    "the above",
    "an appointment",
    "a visit",
    "mr",
    "mrs",
    "ms",
    "this patient",
    "my patient",
    "our patient",
    "him",
    "her",
    "them",
    "a consultation",
    "an evaluation",
];

/// The reason, behind a turn of phrase that leads to one.
pub fn reason(paragraph: &Paragraph, page: usize, found: &mut Findings) {
    let lower = paragraph.lower();
    for (phrase, named) in REASONS {
        let Some(at) = find(&lower, phrase, 0) else {
            continue;
        };
        let start = at + phrase.chars().count();
        // `patient within 48 hours`
        if lower.get(start).is_some_and(|c| c.is_alphanumeric()) {
            continue;
        }
        let start = start
            + lower
                .iter()
                .skip(start)
                .take_while(|c| matches!(c, ' ' | ':'))
                .count();
        let end = sentence_end(&lower, start);
        // A history gives many reasons; only the sentence that asks for something gives the referral's.
        let begin = lower
            .iter()
            .take(at)
            .rposition(|c| matches!(c, '.' | '?' | '!'))
            .unwrap_or(0);
        let sentence: String = lower.get(begin..end).unwrap_or_default().iter().collect();
        if !named
            && !words(&sentence)
                .iter()
                .any(|word| ASKS.contains(&word.key.as_str()))
        {
            continue;
        }
        if end.saturating_sub(start) < 6 || end - start > 400 {
            continue;
        }
        let rest: String = lower.get(start..end).unwrap_or_default().iter().collect();
        let named_person = paragraph
            .spot(start, end.min(start + 40))
            .is_some_and(|spot| begins_with_person(&spot.text));
        if NO_REASON.iter().any(|word| rest.starts_with(&format!("{word} "))) || named_person {
            continue;
        }
        if let Some(spot) = paragraph.spot(start, end) {
            let text = spot.text.clone();
            found.text(
                Field::ReasonText,
                &text,
                if *named { REASON_NAMED } else { REASON },
                page,
                &spot,
                How::Prose,
            );
        }
        return;
    }
}

/// Whether a text begins with two words of a name.
fn begins_with_person(raw: &str) -> bool {
    let two: Vec<&str> = raw.split_whitespace().take(2).collect();
    let capital = two.iter().all(|word| {
        word.starts_with(char::is_uppercase)
            && word.chars().any(char::is_lowercase)
            && word.chars().all(|c| !c.is_ascii_digit())
    });
    two.len() == 2 && capital && person(two.join(" ").trim_end_matches(',')).is_some()
}

/// A service that a sentence asks to be seen at: `seen urgently in TIA clinic`. Its name stands in capitals before the noun.
pub fn service(paragraph: &Paragraph, words: &[Word], page: usize, found: &mut Findings) {
    for at in 2..words.len() {
        let key = |at: usize| words.get(at).map_or("", |word: &Word| word.key.as_str());
        if !matches!(key(at), "clinic" | "service" | "programme" | "program") {
            continue;
        }
        let capital = |word: &Word| {
            let first = paragraph.text.chars().nth(word.start);
            !word.mark && first.is_some_and(char::is_uppercase)
        };
        let named = words
            .iter()
            .take(at)
            .rev()
            .take_while(|word| capital(word))
            .count();
        let before = at - named.min(at);
        let led = before.checked_sub(1).is_some_and(|lead| {
            matches!(key(lead), "in" | "at" | "to" | "by")
                || key(lead) == "the" && lead > 0 && matches!(key(lead - 1), "in" | "at" | "to" | "by")
        });
        let asked = words.iter().take(before).any(|word| {
            matches!(
                word.key.as_str(),
                "seen" | "refer" | "referred" | "referral" | "referring"
            )
        });
        let spot = words
            .get(before)
            .zip(words.get(at))
            .and_then(|(first, last)| paragraph.spot(first.start, last.end));
        if let Some(spot) = spot.filter(|_| (1..=3).contains(&named) && led && asked) {
            found.text(
                Field::ServiceRequested,
                &spot.text.clone(),
                SERVICE,
                page,
                &spot,
                How::Prose,
            );
            return;
        }
    }
}

/// Words that make a sentence speak of the referral itself.
#[rustfmt::skip]
const ASKS: &[&str] = &[
    "referral", "consult", "consultation", "refer", "referring", "consider", "believe", "seen",
    "appointment", "schedule", "evaluation", "basis", "request", "requesting", "seeing", "visit", "scheduling", "rush",
];

/// The specialty and the urgency of sentences that speak of the referral itself.
pub fn sentences(paragraph: &Paragraph, page: usize, found: &mut Findings) {
    let chars: Vec<char> = paragraph.text.chars().collect();
    let mut start = 0;
    while start < chars.len() {
        let end = sentence_end(&chars, start).max(start + 1);
        let text: String = chars.get(start..end).unwrap_or_default().iter().collect();
        let words = words(&text);
        let asks = words.iter().any(|word| ASKS.contains(&word.key.as_str()));
        let general = words.iter().any(|word| {
            matches!(
                word.key.as_str(),
                "if" | "unless" | "requests" | "referrals" | "history"
            )
        });
        if asks {
            if let Some((name, from, to)) = lexicon::find_specialty(&words, false)
                && let Some(spot) = paragraph.spot(start + from, start + to)
            {
                found.text(
                    Field::SpecialtyRequested,
                    name,
                    SPECIALTY - 0.16 * f32::from(u8::from(page > 0)),
                    page,
                    &spot,
                    How::Prose,
                );
            }
            for (urgency, from, to) in lexicon::urgencies_in(&words) {
                if let Some(spot) = paragraph.spot(start + from, start + to).filter(|_| !general) {
                    found.text(Field::Urgency, urgency, URGENCY, page, &spot, How::Prose);
                }
            }
        }
        start = end;
    }
}
