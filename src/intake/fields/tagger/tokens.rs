//! The words of a page in reading order, and what kind of thing each is part of.
//!
//! Owns the kinds: what validators and word lists say of a word by itself. Must not know labels, places or tags.

use crate::intake::fields::words::{Word, words};
use crate::intake::fields::{dates, diagnoses, lexicon, name_lists, names, numbers, payers};
use crate::intake::sheet::{Run, Sheet};

/// A word, and where it stands.
#[derive(Clone, Debug)]
pub struct Token {
    /// Run on the page.
    pub run: usize,
    /// First character within the run.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The word in its plain spelling.
    pub key: String,
    /// What it is by itself.
    pub kind: &'static str,
    /// Whether the kind was told by a validator or a list, and not by its letters alone.
    pub told: bool,
    /// The mark between it and the word before it in its run.
    pub before: Option<char>,
    /// How well it was read, in classes.
    pub read: u8,
}

/// Dates from this year on are no births of those who are referred, mostly.
const LATELY: &str = "2022";

/// Classes of how well a word was read.
const READ: [f32; 3] = [0.95, 0.75, 0.5];

#[rustfmt::skip]
const STREETS: &[&str] = &[
    "st", "street", "ave", "avenue", "dr", "drive", "rd", "road", "blvd", "boulevard", "ln", "lane", "ct", "court", "pl", "place",
    "cir", "circle", "way", "pkwy", "parkway", "hwy", "highway", "trl", "trail", "ter", "terrace", "apt", "unit", "ste", "suite", "box",
];
#[rustfmt::skip]
const PRACTICES: &[&str] = &[
    "medicine", "medical", "clinic", "clinics", "health", "healthcare", "associates", "physicians", "center", "centre", "pediatrics",
    "practice", "care", "group", "pllc", "pc", "llc", "inc", "wellness", "family", "internal", "partners", "specialists", "institute",
    "hospital",
];
const TITLES: &[&str] = &["mr", "mrs", "ms", "miss", "mx", "dr", "doctor"];

/// The words of a page.
pub fn tokens(sheet: &Sheet) -> Vec<Token> {
    let mut out = Vec::new();
    for (run, placed) in sheet.runs.iter().enumerate() {
        in_run(run, placed, &mut out);
    }
    out
}

fn in_run(run: usize, placed: &Run, out: &mut Vec<Token>) {
    let text = placed.text.as_str();
    let words = words(text);
    let stretches = stretches(text);
    let specialty = lexicon::find_specialty(&words, true);
    let mut payer_end = 0;
    let mut before = None;
    for (at, word) in words.iter().enumerate() {
        if word.mark {
            before = word.key.chars().next();
            continue;
        }
        if let Some(length) = payers::payer_at(&words, at) {
            payer_end = payer_end.max(at + length);
        }
        let within = stretches
            .iter()
            .find(|(from, to, _)| *from <= word.start && word.start < *to);
        let shout = text.chars().nth(word.start).is_some_and(char::is_uppercase);
        let listed = match (within, specialty) {
            (Some((.., kind)), _) => Some(*kind),
            (None, _) if at < payer_end => Some("payer"),
            (None, Some((_, from, to))) if from <= word.start && word.start < to => Some("specialty"),
            (None, _) => listed(text, &words, at),
        };
        out.push(Token {
            run,
            start: word.start,
            end: word.end,
            key: word.key.chars().take(12).collect(),
            kind: listed.unwrap_or_else(|| shape(text, word, shout)),
            told: listed.is_some(),
            before: before.take(),
            read: READ
                .iter()
                .filter(|edge| placed.sureness(word.start, word.end) < **edge)
                .count() as u8,
        });
    }
}

/// Stretches of a text whose form says what they are.
fn stretches(text: &str) -> Vec<(usize, usize, &'static str)> {
    let mut out: Vec<(usize, usize, &'static str)> = Vec::new();
    let mut add = |from: usize, to: usize, kind| {
        if out.iter().all(|(start, end, _)| to <= *start || *end <= from) {
            out.push((from, to, kind));
        }
    };
    if text.contains('@') {
        numbers::emails(text)
            .into_iter()
            .for_each(|hit| add(hit.1, hit.2, "email"));
    }
    if !text.chars().any(|c| c.is_ascii_digit()) {
        return out;
    }
    for date in dates::dates(text) {
        let kind = if date.iso.as_str() < LATELY {
            "birth"
        } else {
            "day"
        };
        add(date.start, date.end, kind);
    }
    for (hit, good) in numbers::npis(text) {
        if good && hit.0.starts_with(['1', '2']) {
            add(hit.1, hit.2, "npi");
        }
    }
    numbers::phones(text)
        .into_iter()
        .for_each(|hit| add(hit.1, hit.2, "phone"));
    for hit in diagnoses::diagnoses(text, false) {
        add(hit.start, hit.end, "icd");
    }
    out
}

/// What word lists say of a word.
fn listed(text: &str, words: &[Word], at: usize) -> Option<&'static str> {
    let word = words.get(at)?;
    let raw: String = text
        .chars()
        .skip(word.start)
        .take(word.end - word.start)
        .collect();
    let key = word.key.as_str();
    if !key.chars().any(char::is_alphabetic) {
        return None;
    }
    let state = raw.len() == 2
        && raw.chars().all(|c| c.is_ascii_uppercase())
        && words
            .get(at + 1)
            .is_some_and(|next| next.key.len() == 5 && next.key.chars().all(|c| c.is_ascii_digit()));
    if state {
        Some("state")
    } else if TITLES.contains(&key) {
        Some("title")
    } else if at > 0 && names::credential(&raw).is_some() {
        Some("credential")
    } else if STREETS.contains(&key) {
        Some("street")
    } else if PRACTICES.contains(&key) {
        Some("practice")
    } else if lexicon::sex(&raw).is_some() {
        Some(if key.len() == 1 { "initial sex" } else { "sex" })
    } else if name_lists::GIVEN.contains(&key) {
        Some("given")
    } else if name_lists::SURNAMES.contains(&key) {
        Some("surname")
    } else {
        None
    }
}

/// What a word's letters and digits alone look like.
fn shape(text: &str, word: &Word, shout: bool) -> &'static str {
    let digits = word.key.chars().filter(char::is_ascii_digit).count();
    let letters = word.key.chars().filter(|c| c.is_alphabetic()).count();
    let lower = text
        .chars()
        .skip(word.start)
        .take(word.end - word.start)
        .any(char::is_lowercase);
    match (letters, digits, shout, lower) {
        (0, 1, ..) => "d1",
        (0, 2, ..) => "d2",
        (0, 3, ..) => "d3",
        (0, 4, ..) => "d4",
        (0, 5, ..) => "d5",
        (0, 6 | 7, ..) => "d6",
        (0, 8 | 9, ..) => "d8",
        (0, 10, ..) => "d10",
        (0, ..) => "d11",
        (_, 4.., ..) => "mixed long",
        (_, 1.., ..) => "mixed",
        (1, 0, true, _) => "X",
        (_, 0, true, true) => "Xx",
        (_, 0, true, false) => "XX",
        (_, 0, false, _) => "xx",
    }
}
