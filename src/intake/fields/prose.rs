//! Facts that stand in sentences.
//!
//! Owns the turns of phrase that letters use. Must not know labels, boxes or letterheads.

use super::found::Findings;
use super::leaf::{Leaf, Spot};
use super::lexicon;
use super::names::{self, person};
use super::numbers;
use super::words::{Word, words};
use crate::intake::document::{Field, How};

/// What a sentence says is believed less than what a label says; below the line where two candidates conflict.
const NAME: f32 = 0.68;
const REASON_NAMED: f32 = 0.91;
const REASON: f32 = 0.68;
const SEX: f32 = 0.9;
const PAYER: f32 = 0.88;
const PHONE: f32 = 0.8;
const SPECIALTY: f32 = 0.85;
const URGENCY: f32 = 0.88;

/// Lines of prose joined, each character knowing its run.
struct Paragraph {
    text: String,
    places: Vec<(usize, usize)>,
}

impl Paragraph {
    fn spot(&self, start: usize, end: usize) -> Option<Spot> {
        let (run, first) = *self.places.get(start)?;
        let text: String = self
            .text
            .chars()
            .skip(start)
            .take(end.saturating_sub(start))
            .collect();
        // A value over two lines is shown where it begins.
        let last = self
            .places
            .get(start..end.min(self.places.len()))?
            .iter()
            .rev()
            .find(|place| place.0 == run)
            .map_or(first, |place| place.1);
        Some(Spot {
            run,
            start: first,
            end: last + 1,
            text,
        })
    }
}

/// Reads the sentences of a page.
pub fn read(leaf: &Leaf<'_>, page: usize, found: &mut Findings) {
    for paragraph in paragraphs(leaf) {
        let words = words(&paragraph.text);
        let long = words.iter().filter(|word| !word.mark).count() >= 6;
        title(&paragraph, &words, page, found);
        if long {
            names_in(&paragraph, &words, page, found);
            sex(&paragraph, &words, page, found);
            reason(&paragraph, page, found);
            payer(&paragraph, page, found);
            phone(&paragraph, page, found);
            sentences(&paragraph, page, found);
        }
    }
}

fn paragraphs(leaf: &Leaf<'_>) -> Vec<Paragraph> {
    let mut out: Vec<Paragraph> = Vec::new();
    let mut open: Option<(Paragraph, usize)> = None;
    for (index, run) in leaf.sheet.runs.iter().enumerate() {
        let joins = open
            .as_ref()
            .and_then(|(_, last)| leaf.sheet.runs.get(*last).map(|before| (before, *last)))
            .is_some_and(|(before, last)| {
                leaf.rows.get(index) != leaf.rows.get(last)
                    && (run.left() - before.left()).abs() < 0.03
                    && run.middle() - before.middle() < 1.9 * run.height().max(before.height())
                    && !leaf.begins_with_label(index)
                    && before.text.chars().count() > 30
            });
        if !joins && let Some((paragraph, _)) = open.take() {
            out.push(paragraph);
        }
        let (mut paragraph, _) = open.take().unwrap_or((
            Paragraph {
                text: String::new(),
                places: Vec::new(),
            },
            index,
        ));
        if paragraph.text.ends_with('-') && run.text.starts_with(char::is_lowercase) {
            paragraph.text.pop();
            paragraph.places.pop();
        } else if !paragraph.text.is_empty() {
            paragraph.text.push(' ');
            paragraph.places.push((index, 0));
        }
        for (at, c) in run.text.chars().enumerate() {
            paragraph.text.push(c);
            paragraph.places.push((index, at));
        }
        open = Some((paragraph, index));
    }
    out.extend(open.map(|(paragraph, _)| paragraph));
    out
}

fn key(words: &[Word], at: usize) -> &str {
    words.get(at).map_or("", |word| word.key.as_str())
}

/// A short line that names a specialty or an urgency beside the word referral: a title or a subject.
fn title(paragraph: &Paragraph, words: &[Word], page: usize, found: &mut Findings) {
    let count = words.iter().filter(|word| !word.mark).count();
    let asks = words.iter().any(|word| {
        matches!(
            word.key.as_str(),
            "referral" | "referrals" | "consult" | "consultation" | "refer"
        )
    });
    if count > 9
        || !asks
        || lexicon::is_practice(&paragraph.text)
        || !super::ticks::marks(&paragraph.text).is_empty()
    {
        return;
    }
    if let Some((name, start, end)) = lexicon::find_specialty(words, false)
        && let Some(spot) = paragraph.spot(start, end)
    {
        found.text(Field::SpecialtyRequested, name, 0.86, page, &spot, How::Prose);
    }
    for (urgency, start, end) in lexicon::urgencies_in(words) {
        let asked = count <= 6 && !words.iter().any(|word| word.key == "if" || word.key == "for");
        if let Some(spot) = paragraph.spot(start, end).filter(|_| asked) {
            found.text(Field::Urgency, urgency, 0.85, page, &spot, How::Prose);
        }
    }
}

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

fn names_in(paragraph: &Paragraph, words: &[Word], page: usize, found: &mut Findings) {
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
        if honorific.is_none() && !strong && key(words, at) != "patient" {
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
            if !capital && !(particle && next > first) {
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

fn sex(paragraph: &Paragraph, words: &[Word], page: usize, found: &mut Findings) {
    // `Mrs. Lee, a woman, for …`: between commas, a noun says it as an age would.
    for window in words.windows(4) {
        if let [before, article, noun, after] = window
            && before.key == ","
            && article.key == "a"
            && after.key == ","
            && let Some(sex) = lexicon::sex(&noun.key)
            && let Some(spot) = paragraph.spot(noun.start, noun.end)
        {
            found.text(Field::Sex, sex, SEX - 0.05, page, &spot, How::Prose);
            return;
        }
    }
    for at in 0..words.len() {
        let aged = matches!(
            key(words, at),
            "yearold" | "yo" | "yr" | "years" | "year" | "monthold"
        ) || key(words, at).ends_with("yearold")
            || key(words, at).ends_with("yo") && key(words, at).starts_with(|c: char| c.is_ascii_digit())
            || key(words, at) == "o" && key(words, at.wrapping_sub(1)) == "/";
        if !aged {
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

/// Turns of phrase before a reason, and whether they name it as such.
#[rustfmt::skip]
const REASONS: &[(&str, bool)] = &[
    ("reason for the referral is", true), ("reason for referral is", true),
    ("reason for this referral is", true), ("reason for the consultation is", true),
    ("being referred for", true), ("is referred for", true), ("referral is for", true),
    ("for evaluation and management of", false), ("for evaluation and treatment of", false),
    ("for further evaluation of", false), ("for evaluation of", false), ("for assessment of", false),
    ("for management of", false), ("regarding", false), ("because of", false), ("concerning", false),
    ("who presents with", false), ("presents with", false),
];

fn reason(paragraph: &Paragraph, page: usize, found: &mut Findings) {
    let lower: Vec<char> = paragraph
        .text
        .chars()
        .map(|c| c.to_lowercase().next().unwrap_or(c))
        .collect();
    for (phrase, named) in REASONS {
        let Some(at) = find(&lower, phrase, 0) else {
            continue;
        };
        let start = at + phrase.chars().count();
        let start = start
            + lower
                .iter()
                .skip(start)
                .take_while(|c| matches!(c, ' ' | ':'))
                .count();
        let end = sentence_end(&lower, start);
        if end.saturating_sub(start) < 6 || end - start > 400 {
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

#[rustfmt::skip]
const INSURED: &[&str] = &[
    "insurance is", "insured with", "insured by", "insured through", "covered by", "coverage is",
    "coverage through", "coverage with", "insurance through", "carrier is", "insurance with",
    "insurance carrier is",
];

fn payer(paragraph: &Paragraph, page: usize, found: &mut Findings) {
    let lower: Vec<char> = paragraph
        .text
        .chars()
        .map(|c| c.to_lowercase().next().unwrap_or(c))
        .collect();
    for phrase in INSURED {
        let Some(at) = find(&lower, phrase, 0) else {
            continue;
        };
        let start = at + phrase.chars().count() + 1;
        let length = lower
            .iter()
            .skip(start)
            .position(|c| matches!(c, ',' | ';' | '(' | '.'))
            .unwrap_or(lower.len().saturating_sub(start));
        if let Some(spot) = paragraph
            .spot(start, start + length)
            .filter(|spot| lexicon::is_payer(&spot.text) && spot.text.chars().count() < 60)
        {
            let text = spot.text.clone();
            found.text(Field::Payer, &text, PAYER, page, &spot, How::Prose);
        }
        return;
    }
}

#[rustfmt::skip]
const REACHED: &[&str] = &[
    "reached at", "reachable at", "call him at", "call her at", "call them at", "contact him at",
    "contact her at", "contacted at", "phone is", "phone number is", "cell is", "telephone is",
    "contact number is", "telephone number is",
];

fn phone(paragraph: &Paragraph, page: usize, found: &mut Findings) {
    let lower: Vec<char> = paragraph
        .text
        .chars()
        .map(|c| c.to_lowercase().next().unwrap_or(c))
        .collect();
    for phrase in REACHED {
        let Some(at) = find(&lower, phrase, 0) else {
            continue;
        };
        let before: String = lower
            .get(at.saturating_sub(40)..at)
            .unwrap_or_default()
            .iter()
            .collect();
        if before.contains("our office")
            || before.contains("i can be")
            || before.contains(" me ")
            || before.contains("we can")
        {
            continue;
        }
        if let Some((digits, start, end)) = numbers::phones(&paragraph.text)
            .into_iter()
            .find(|hit| hit.1 >= at && hit.1 < at + phrase.len() + 8)
            && let Some(spot) = paragraph.spot(start, end)
        {
            found.text(Field::PatientPhone, &digits, PHONE, page, &spot, How::Prose);
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

fn sentences(paragraph: &Paragraph, page: usize, found: &mut Findings) {
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

fn find(lower: &[char], phrase: &str, from: usize) -> Option<usize> {
    let phrase: Vec<char> = phrase.chars().collect();
    (from..lower.len().saturating_sub(phrase.len().saturating_sub(1))).find(|at| {
        lower.get(*at..at + phrase.len()) == Some(phrase.as_slice())
            && at
                .checked_sub(1)
                .and_then(|before| lower.get(before))
                .is_none_or(|c| !c.is_alphanumeric())
    })
}

/// One past the last character of the sentence that `start` is in: a full stop before a space, not an abbreviation's.
fn sentence_end(chars: &[char], start: usize) -> usize {
    for at in start..chars.len() {
        let stop = matches!(chars.get(at), Some('.' | '?' | '!'));
        let ends = chars.get(at + 1).is_none_or(|c| c.is_whitespace());
        let word: String = chars
            .get(start..at)
            .unwrap_or_default()
            .iter()
            .rev()
            .take_while(|c| c.is_alphanumeric())
            .collect();
        let short = word.chars().count() <= 1 && !word.chars().all(|c| c.is_ascii_digit())
            || matches!(
                word.to_lowercase().as_str(),
                "rd" | "rm" | "sm" | "srm" | "ts" | "sv"
            );
        if stop && ends && !short {
            return at;
        }
    }
    chars.len()
}
