//! Facts that stand in sentences.
//!
//! Owns the turns of phrase that letters use. Must not know labels, boxes or letterheads.

use super::asked;
use super::found::Findings;
use super::labels::labels;
use super::leaf::Leaf;
use super::lexicon;
use super::numbers;
use super::paragraph::{Paragraph, find, paragraphs};
use super::payers;
use super::people;
use super::vocabulary::{Party, Topic};
use super::words::{Word, words};
use crate::intake::document::{Field, How};

/// What a sentence says is believed less than what a label says; below the line where two candidates conflict.
const PAYER: f32 = 0.88;
const PHONE: f32 = 0.8;
const IDENTIFIER: f32 = 0.88;
const ADDRESS: f32 = 0.85;

/// Reads the sentences of a page.
pub fn read(leaf: &Leaf<'_>, page: usize, found: &mut Findings) {
    for paragraph in paragraphs(leaf) {
        let words = words(&paragraph.text);
        let long = words.iter().filter(|word| !word.mark).count() >= 6;
        title(&paragraph, &words, page, found);
        if long {
            people::names(&paragraph, &words, page, found);
            people::signed(&paragraph, &words, page, found);
            people::named_by_fact(&paragraph, &words, page, found);
            people::named_by_age(&paragraph, &words, page, found);
            people::sex(&paragraph, &words, page, found);
            asked::reason(&paragraph, page, found);
            payer(&paragraph, page, found);
            phone(&paragraph, page, found);
            address(&paragraph, page, found);
            identifiers(&paragraph, page, found);
            asked::service(&paragraph, &words, page, found);
            asked::sentences(&paragraph, page, found);
        }
    }
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

/// Identifiers behind their labels in sentences, also where a line ends between the two.
fn identifiers(paragraph: &Paragraph, page: usize, found: &mut Findings) {
    for label in labels(&paragraph.text) {
        let named = [
            (Topic::Member, Field::MemberId),
            (Topic::Group, Field::GroupNo),
            (Topic::Auth, Field::AuthNumber),
        ];
        let Some((_, field)) = named.into_iter().find(|(topic, _)| *topic == label.topic) else {
            continue;
        };
        if matches!(label.party, Some(Party::Relative | Party::Secondary)) || label.start == 0 {
            continue;
        }
        let rest: String = paragraph.text.chars().skip(label.value).take(60).collect();
        let lead = rest
            .chars()
            .take_while(|c| c.is_whitespace() || matches!(c, ':' | '#'))
            .count();
        let bare: String = rest.chars().skip(lead).collect();
        let is = ["is ", "was ", "of "]
            .iter()
            .find(|word| bare.starts_with(**word))
            .map_or(0, |word| word.len());
        let value: String = bare.chars().skip(is).collect();
        let Some((value, start, end)) = numbers::identifier(&value, 4).filter(|hit| hit.1 == 0) else {
            continue;
        };
        let digits = value.chars().filter(char::is_ascii_digit).count();
        let at = label.value + lead + is;
        if digits >= 3
            && let Some(spot) = paragraph.spot(at + start, at + end)
        {
            found.text(field, &value, IDENTIFIER, page, &spot, How::Prose);
        }
    }
}

/// Words before a payer in a sentence; the payer's own name decides.
#[rustfmt::skip]
const INSURED: &[&str] = &[
    "insurance is", "insured with", "insured by", "insured through", "covered by", "coverage is", "coverage through", "coverage with",
    "insurance through", "carrier is", "insurance with", "insurance carrier is", "has", "have",
];
/// Words that end it.
const PAYER_ENDS: &[&str] = &[
    " id",
    " member",
    " policy",
    " group",
    " insurance",
    " coverage",
    " with ",
    " and ",
    " through ",
];

fn payer(paragraph: &Paragraph, page: usize, found: &mut Findings) {
    let lower = paragraph.lower();
    for phrase in INSURED {
        let Some(at) = find(&lower, &format!("{phrase} "), 0) else {
            continue;
        };
        let start = at + phrase.chars().count() + 1;
        let rest: String = lower
            .iter()
            .skip(start)
            .take_while(|c| !matches!(c, ',' | ';' | '(' | '.'))
            .collect();
        let end = PAYER_ENDS
            .iter()
            .filter_map(|word| rest.find(word))
            .min()
            .unwrap_or(rest.len());
        let length = rest.get(..end).map_or(0, |kept| kept.chars().count());
        if let Some(spot) = paragraph
            .spot(start, start + length)
            .filter(|spot| payers::is_payer(&spot.text) && length < 60)
        {
            found.text(Field::Payer, &spot.text, PAYER, page, &spot, How::Prose);
            return;
        }
    }
}

/// Words before the patient's address in a sentence.
const LIVES: &[&str] = &[
    "lives at",
    "resides at",
    "residing at",
    "living at",
    "home address is",
    "address is",
];

fn address(paragraph: &Paragraph, page: usize, found: &mut Findings) {
    let lower = paragraph.lower();
    for phrase in LIVES {
        let Some(at) = find(&lower, phrase, 0) else {
            continue;
        };
        let start = at + phrase.chars().count() + 1;
        let rest: Vec<char> = lower.iter().skip(start).take(120).copied().collect();
        let zip = rest.windows(6).position(|six| {
            matches!(six, [before, digits @ ..] if !before.is_ascii_digit() && digits.iter().all(char::is_ascii_digit))
        });
        let house = rest.first().is_some_and(char::is_ascii_digit);
        if let Some(spot) = zip
            .filter(|_| house)
            .and_then(|zip| paragraph.spot(start, start + zip + 6))
        {
            found.text(
                Field::PatientAddress,
                &spot.text,
                ADDRESS,
                page,
                &spot,
                How::Prose,
            );
            return;
        }
    }
}

#[rustfmt::skip]
const REACHED: &[&str] = &[
    "reached at", "reachable at", "call him at", "call her at", "call them at", "contact him at",
    "contact her at", "contacted at", "phone is", "phone number is", "cell is", "telephone is",
    "contact number is", "telephone number is", "directly at", "contact him", "contact her", "mobile is", "home phone is",
    "mobile number is", "cell number is", "cell phone is", "phonenumber is", "daytime number is", "please call him", "please call her",
];

fn phone(paragraph: &Paragraph, page: usize, found: &mut Findings) {
    let lower = paragraph.lower();
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
