//! A value by itself, without a label: what a text must be to be a field's value, and where a page says it.
//!
//! Owns the way from a field to the validators that also judge what stands beside labels. Must not know who gave the text.

use super::names::person;
use super::words::words;
use super::{dates, diagnoses, lexicon, numbers, numerals, spelling};
use crate::domain::text;
use crate::intake::document::{Field, Line, Page, Place, Value};

/// No value is longer; a reason is a paragraph at most.
const LONGEST: usize = 600;
/// Dates before this year are no living patient's birth.
const OLDEST: &str = "1900-01-01";
/// The given name may stand so many lines from the family name.
const APART: usize = 2;

/// A text as the value of a field; none where it cannot be one: a date that is none, an NPI that fails its check, a code that
/// is not listed.
pub fn value_of(field: Field, raw: &str) -> Option<Value> {
    let raw = text::squeeze(&text::line(raw));
    if lexicon::is_blank(&raw) || raw.chars().count() > LONGEST {
        return None;
    }
    let letters = raw.chars().filter(|c| c.is_alphabetic()).count();
    let wordy = |least: usize| (letters >= least).then(|| raw.clone());
    let value = match field {
        Field::PatientName => {
            let who = person(&raw)?;
            return Some(Value::Name {
                family: who.family,
                given: who.given,
            });
        }
        Field::Dob => dates::dates(&raw)
            .into_iter()
            .next()
            .map(|date| date.iso)
            .filter(|iso| iso.as_str() >= OLDEST),
        Field::Sex => lexicon::sex(&raw).map(str::to_owned),
        Field::PatientLanguage => lexicon::language(&raw).map(str::to_owned),
        Field::SpecialtyRequested => lexicon::specialty(&raw).map(str::to_owned),
        Field::Urgency => lexicon::urgency(&raw).map(str::to_owned),
        Field::PatientPhone | Field::ReferringPhone | Field::ReferringFax => {
            numbers::phones(&raw).into_iter().next().map(|hit| hit.0)
        }
        Field::PatientEmail | Field::ReferringEmail => {
            numbers::emails(&raw).into_iter().next().map(|hit| hit.0)
        }
        Field::ReferringNpi => numbers::npis(&raw)
            .into_iter()
            .find(|(_, good)| *good)
            .map(|(hit, _)| hit.0),
        Field::Icd10 => diagnoses::diagnoses(&raw, true)
            .into_iter()
            .map(|hit| hit.code)
            .find(|code| diagnoses::is_listed(code)),
        Field::Cpt => numbers::procedures(&raw).into_iter().next().map(|hit| hit.0),
        Field::MemberId | Field::AuthNumber => numbers::identifier(&raw, 4).map(|hit| hit.0),
        Field::GroupNo => numbers::identifier(&raw, 3).map(|hit| hit.0),
        Field::ReferringProviderName => person(&raw).map(|who| who.signed()),
        Field::PatientAddress => wordy(3).filter(|raw| raw.chars().any(|c| c.is_ascii_digit())),
        Field::ReferringOrg | Field::ServiceRequested | Field::ReasonText | Field::Payer => wordy(3),
        // Whose answer a document is, and what other systems number, nobody but their own readers says.
        Field::SubscriberName
        | Field::SubscriberDob
        | Field::SubscriberSex
        | Field::Relationship
        | Field::DependentName
        | Field::DependentDob
        | Field::DependentSex
        | Field::ReturnCode
        | Field::Mrn
        | Field::MergedMrn
        | Field::ProviderId
        | Field::ReferredTo
        | Field::Plan
        | Field::ReferralId
        | Field::ApptId
        | Field::ApptStart
        | Field::ApptStatus
        | Field::ApptState
        | Field::ApptMinutes
        | Field::ApptPlace
        | Field::ApptAsOf
        | Field::ApptSequence
        | Field::EligStatus
        | Field::Copay
        | Field::CheckTrace
        | Field::CoverageUntil
        | Field::Covered
        | Field::NotCovered
        | Field::Deductible
        | Field::NeedsAuthorization
        | Field::ToCorrect
        | Field::Certified
        | Field::AuthorizedFrom
        | Field::AuthorizedTo
        | Field::AuthorizedVisits
        | Field::AaaCode => None,
    };
    value.map(Value::Text)
}

/// Where the pages say a value, in whatever form: the first place.
pub fn place_of(field: Field, value: &Value, pages: &[Page]) -> Option<Place> {
    pages.iter().zip(1..).find_map(|(page, number)| {
        let (line, start, end) = stands(field, value, &page.lines)?;
        let area = page.lines.get(line)?;
        Some(Place {
            page: number,
            line: u32::try_from(line).ok()?,
            start: u32::try_from(start).ok()?,
            end: u32::try_from(end).ok()?,
            area: part(area, start, end),
        })
    })
}

/// The box of a line's characters, which are taken for equally wide.
fn part(line: &Line, start: usize, end: usize) -> [f32; 4] {
    let count = line.text.chars().count().max(1);
    let [left, top, right, bottom] = line.area;
    let at = |index: usize| left + (right - left) * (index.min(count) as f32 / count as f32);
    [at(start), top, at(end), bottom]
}

/// Where a value stands among a page's lines: the line, its first character and one past its last.
pub fn stands(field: Field, value: &Value, lines: &[Line]) -> Option<(usize, usize, usize)> {
    let wanted = match value {
        Value::Name { family, given } => return name(family, given, lines),
        Value::Text(wanted) => wanted.as_str(),
    };
    if field == Field::ReferringProviderName {
        let who = person(wanted)?;
        return name(&who.family, &who.given, lines);
    }
    let line = |one: &dyn Fn(&str) -> Option<(usize, usize)>| {
        lines
            .iter()
            .enumerate()
            .find_map(|(index, line)| one(&line.text).map(|(start, end)| (index, start, end)))
    };
    match field {
        Field::Dob => line(&|raw| {
            let all = dates::dates(raw)
                .into_iter()
                .chain(dates::packed(&numerals::restored(raw)));
            let found = all.into_iter().find(|date| date.iso == wanted)?;
            Some((found.start, found.end))
        }),
        Field::PatientPhone | Field::ReferringPhone | Field::ReferringFax => {
            line(&|raw| hit(numbers::phones(raw), wanted))
        }
        Field::PatientEmail | Field::ReferringEmail => line(&|raw| hit(numbers::emails(raw), wanted)),
        Field::ReferringNpi => line(&|raw| {
            let all = numbers::npis(raw).into_iter().map(|(hit, _)| hit);
            hit(all.collect(), wanted)
        }),
        Field::Cpt => line(&|raw| hit(numbers::procedures(raw), wanted)),
        Field::Icd10 => line(&|raw| {
            let all = diagnoses::diagnoses(raw, true);
            let found = all.into_iter().find(|hit| hit.code == wanted)?;
            Some((found.start, found.end))
        }),
        Field::Sex => line(&|raw| word(raw, |key| lexicon::sex(key) == Some(wanted))),
        Field::PatientLanguage => line(&|raw| word(raw, |key| lexicon::language(key) == Some(wanted))),
        Field::Urgency => line(&|raw| {
            let all = lexicon::urgencies_in(&words(raw));
            let found = all.into_iter().find(|(urgency, ..)| *urgency == wanted);
            found
                .map(|(_, start, end)| (start, end))
                .or_else(|| word(raw, |key| lexicon::urgency(key) == Some(wanted)))
        }),
        Field::SpecialtyRequested => line(&|raw| {
            lexicon::find_specialty(&spelling::mend(words(raw)), true)
                .filter(|(name, ..)| *name == wanted)
                .map(|(_, start, end)| (start, end))
        }),
        Field::MemberId
        | Field::GroupNo
        | Field::AuthNumber
        | Field::PatientAddress
        | Field::ReferringOrg
        | Field::ServiceRequested
        | Field::ReasonText
        | Field::Payer => spelled(wanted, lines),
        Field::PatientName
        | Field::ReferringProviderName
        | Field::SubscriberName
        | Field::SubscriberDob
        | Field::SubscriberSex
        | Field::Relationship
        | Field::DependentName
        | Field::DependentDob
        | Field::DependentSex
        | Field::ReturnCode
        | Field::Mrn
        | Field::MergedMrn
        | Field::ProviderId
        | Field::ReferredTo
        | Field::Plan
        | Field::ReferralId
        | Field::ApptId
        | Field::ApptStart
        | Field::ApptStatus
        | Field::ApptState
        | Field::ApptMinutes
        | Field::ApptPlace
        | Field::ApptAsOf
        | Field::ApptSequence
        | Field::EligStatus
        | Field::Copay
        | Field::CheckTrace
        | Field::CoverageUntil
        | Field::Covered
        | Field::NotCovered
        | Field::Deductible
        | Field::NeedsAuthorization
        | Field::ToCorrect
        | Field::Certified
        | Field::AuthorizedFrom
        | Field::AuthorizedTo
        | Field::AuthorizedVisits
        | Field::AaaCode => None,
    }
}

fn hit(hits: Vec<(String, usize, usize)>, wanted: &str) -> Option<(usize, usize)> {
    let found = hits.into_iter().find(|(value, ..)| value == wanted)?;
    Some((found.1, found.2))
}

fn word(raw: &str, is: impl Fn(&str) -> bool) -> Option<(usize, usize)> {
    let found = words(raw).into_iter().find(|word| !word.mark && is(&word.key))?;
    Some((found.start, found.end))
}

/// A person's family name, with the given name before it, behind it, or a line or two away.
fn name(family: &str, given: &str, lines: &[Line]) -> Option<(usize, usize, usize)> {
    let first = given.split_whitespace().next().unwrap_or_default();
    let within = |line: &Line, wanted: &str| spelled(wanted, std::slice::from_ref(line));
    lines.iter().enumerate().find_map(|(index, line)| {
        let (_, start, end) = within(line, family)?;
        if let Some((_, from, to)) = within(line, first) {
            return Some((index, start.min(from), end.max(to)));
        }
        let near = lines
            .get(index.saturating_sub(APART)..(index + APART + 1).min(lines.len()))
            .unwrap_or_default();
        near.iter()
            .any(|line| within(line, first).is_some())
            .then_some((index, start, end))
    })
}

/// Where letters and digits stand in this order, whatever parts them, over line ends too: whole words only.
fn spelled(wanted: &str, lines: &[Line]) -> Option<(usize, usize, usize)> {
    let wanted: Vec<char> = plain(wanted).map(|(_, c)| c).collect();
    if wanted.is_empty() {
        return None;
    }
    // Each letter or digit with its line, its place and whether a word begins there.
    let mut all: Vec<(usize, usize, bool, char)> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let mut before = None;
        for (at, c) in plain(&line.text) {
            // A letter with accents comes apart into several; they have one place.
            let begins = before.is_none_or(|before| at > before + 1);
            before = Some(at);
            all.push((index, at, begins, c));
        }
    }
    let begins = |at: usize| all.get(at).is_none_or(|(_, _, begins, _)| *begins);
    (0..all.len()).find_map(|from| {
        let to = from + wanted.len();
        let found = all.get(from..to)?;
        if !begins(from) || !begins(to) || !found.iter().map(|each| each.3).eq(wanted.iter().copied()) {
            return None;
        }
        let (line, start, ..) = *found.first()?;
        let end = found.iter().rev().find(|each| each.0 == line)?.1 + 1;
        Some((line, start, end))
    })
}

/// A text's letters and digits, folded, each with its place.
fn plain(raw: &str) -> impl Iterator<Item = (usize, char)> {
    raw.chars().enumerate().flat_map(|(at, c)| {
        let folded: Vec<char> = if c.is_alphanumeric() {
            text::fold(&c.to_string()).chars().collect()
        } else {
            Vec::new()
        };
        folded.into_iter().map(move |c| (at, c))
    })
}

/// Whether two values of a field are the same: names that agree, texts that differ in what parts their words.
pub fn same(field: Field, a: &Value, b: &Value) -> bool {
    super::found::same(field, a, b)
}
