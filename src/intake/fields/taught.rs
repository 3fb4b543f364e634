//! Labels that corrections taught: how one is told on a page, and which text was the label of a value that a person typed.
//!
//! Owns what makes a text learnable: a few words of a form that no vocabulary has, without digits and without names. Must not
//! know how often it was seen.

use super::labels::{Label, labels};
use super::leaf::{ALIGNED, Leaf};
use super::name_lists::GIVEN;
use super::vocabulary::{Party, Topic};
use super::words::{Word, words};
use super::{lexicon, payers, phrase, spelling, typed};
use crate::intake::document::{Field, Page, Value};
use crate::intake::learned::{LABEL_CHARS, Learned};
use crate::intake::sheet::{Origin, Run, Sheet};

/// A label has at most so many words.
const MOST_WORDS: usize = 6;
/// So many spaces part a label from its value where no colon does.
const GAP: usize = 2;
/// A value stands below its label within this many line heights.
const BELOW: f32 = 2.6;
/// A value stands right of its label within this share of the page's width.
const RIGHT: f32 = 0.36;

/// A label's text as lessons have it: its words in lower case, without marks.
pub fn key(text: &str) -> String {
    join(&words(text))
}

fn join(words: &[Word]) -> String {
    let keys = words.iter().filter(|word| !word.mark && !word.key.is_empty());
    keys.map(|word| word.key.as_str()).collect::<Vec<_>>().join(" ")
}

/// A run's labels with what was learned: the run's first words, where a lesson has them and the vocabulary has not.
pub fn with_lessons(text: &str, known: Vec<Label>, learned: &Learned) -> Vec<Label> {
    if learned.label.is_empty() {
        return known;
    }
    let Some(label) = lesson(text, learned) else {
        return known;
    };
    if known
        .iter()
        .any(|other| other.topic != Topic::Other && other.start < label.value)
    {
        return known;
    }
    let from = label.value;
    let after = known.into_iter().filter(|other| other.start >= from);
    let mut all: Vec<Label> = std::iter::once(label).chain(after).collect();
    if let [first, second, ..] = all.as_mut_slice() {
        first.end = second.start;
    }
    all
}

/// The learned label that a run begins with: up to a colon, a gap, or the run's end; the longest.
fn lesson(text: &str, learned: &Learned) -> Option<Label> {
    let words = words(text);
    let first = words.iter().position(|word| !word.mark)?;
    let mut found = None;
    for (at, word) in words.iter().enumerate().skip(first) {
        let own = words.get(first..=at)?;
        if word.key == ":" || own.iter().filter(|word| !word.mark).count() > MOST_WORDS {
            break;
        }
        let Some(field) = learned.field_of(&join(own)) else {
            continue;
        };
        let next = words.get(at + 1);
        let marked = next.is_some_and(|next| next.key == ":");
        let value = if marked {
            next.map_or(word.end, |next| next.end)
        } else {
            word.end
        };
        let rest = words.get(at + 1..).unwrap_or_default();
        let whole = rest.iter().all(|word| word.mark);
        if marked || whole || next.is_some_and(|next| next.start >= word.end + GAP) {
            found = Some((field, value, marked, whole));
        }
    }
    let (field, value, marked, whole) = found?;
    let (topic, party) = announces(field)?;
    Some(Label {
        topic,
        party,
        start: words.get(first)?.start,
        value,
        end: text.chars().count(),
        marked,
        whole,
        second: false,
        private: false,
        provider: field == Field::ReferringProviderName,
        signature: false,
        with_fax: false,
        payer: None,
        line: false,
        learned: true,
    })
}

/// What a label of this field says; none where no label is learned for it.
pub const fn announces(field: Field) -> Option<(Topic, Option<Party>)> {
    let (patient, referrer) = (Some(Party::Patient), Some(Party::Referrer));
    Some(match field {
        Field::PatientName => (Topic::Name, patient),
        Field::Dob => (Topic::Dob, patient),
        Field::Sex => (Topic::Sex, patient),
        Field::PatientPhone => (Topic::Phone, patient),
        Field::PatientEmail => (Topic::Email, patient),
        Field::PatientAddress => (Topic::Address, patient),
        Field::PatientLanguage => (Topic::Language, patient),
        Field::ReferringProviderName => (Topic::Name, referrer),
        Field::ReferringNpi => (Topic::Npi, referrer),
        Field::ReferringPhone => (Topic::Phone, referrer),
        Field::ReferringFax => (Topic::Fax, referrer),
        Field::ReferringEmail => (Topic::Email, referrer),
        Field::ReferringOrg => (Topic::Org, referrer),
        Field::SpecialtyRequested => (Topic::Specialty, None),
        Field::ServiceRequested => (Topic::Service, None),
        Field::ReasonText => (Topic::Reason, None),
        Field::Icd10 => (Topic::Icd, None),
        Field::Cpt => (Topic::Cpt, None),
        Field::Urgency => (Topic::Urgency, None),
        Field::Payer => (Topic::Payer, None),
        Field::MemberId => (Topic::Member, None),
        Field::GroupNo => (Topic::Group, None),
        Field::AuthNumber => (Topic::Auth, None),
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
        | Field::AaaCode => return None,
    })
}

/// A page that was read, as runs again.
pub fn sheet(page: &Page) -> Sheet {
    let runs = page
        .lines
        .iter()
        .map(|line| Run::new(&line.text, line.area, Origin::Print));
    Sheet {
        runs: runs.collect(),
        shot: page.shot,
    }
}

/// The texts, as keys, that label a value wherever it stands: before it in its run, left of it, or above. Only texts that can
/// be learned; none that has one of the words to avoid, which are those of the patient's name.
pub fn labels_of(field: Field, value: &Value, pages: &[Page], avoid: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    if announces(field).is_none() {
        return out;
    }
    for page in pages {
        let sheet = sheet(page);
        let leaf = Leaf::new(&sheet);
        for (run, line) in page.lines.iter().enumerate() {
            let Some((_, start, end)) = typed::stands(field, value, std::slice::from_ref(line)) else {
                continue;
            };
            let found = before(&leaf, run, start, end);
            out.extend(
                found
                    .filter(|text| is_learnable(text, avoid))
                    .map(|text| key(&text)),
            );
        }
    }
    out.sort();
    out.dedup();
    out
}

/// The text that labels what stands at these characters of a run, which must be most of what its label announces.
fn before(leaf: &Leaf<'_>, run: usize, start: usize, end: usize) -> Option<String> {
    let here = leaf.sheet.runs.get(run)?;
    let text = |from: usize, to: usize| {
        here.text
            .chars()
            .skip(from)
            .take(to.saturating_sub(from))
            .collect::<String>()
    };
    let (lead, behind) = (text(0, start), text(end, usize::MAX));
    let letters = |raw: &str| raw.chars().filter(|c| c.is_alphanumeric()).count();
    if letters(&behind) > letters(&text(start, end)) {
        return None;
    }
    if letters(&lead) > 0 {
        let gap = lead.chars().rev().take_while(|c| c.is_whitespace()).count();
        let parted = lead.trim_end().ends_with(':') || gap >= GAP;
        return (parted && !lead.trim_end_matches([':', ' ']).contains(':')).then_some(lead);
    }
    let beside = run.checked_sub(1).and_then(|left| {
        let other = leaf.sheet.runs.get(left)?;
        (leaf.row(left) == leaf.row(run) && here.left() - other.right() < RIGHT).then_some(other)
    });
    if let Some(beside) = beside {
        return Some(beside.text.clone());
    }
    let above = leaf
        .sheet
        .runs
        .iter()
        .enumerate()
        .take(run)
        .rev()
        .find(|(index, other)| {
            leaf.row(*index) < leaf.row(run) && (other.left() - here.left()).abs() < ALIGNED
        });
    let (_, above) = above?;
    (here.middle() - above.middle() < BELOW * here.height().max(above.height())).then(|| above.text.clone())
}

/// Whether a text may be learned: a few words of letters that begin large, that the vocabulary does not know, and that are
/// neither a value themselves nor anybody's name.
fn is_learnable(text: &str, avoid: &[String]) -> bool {
    let text = text.trim_matches([':', ' ', '*', '-', '•']);
    let words = words(text);
    let count = words.iter().filter(|word| !word.mark).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let name = |word: &Word| GIVEN.contains(&word.key.as_str()) || avoid.contains(&word.key);
    (1..=MOST_WORDS).contains(&count)
        && letters >= 3
        && text.chars().count() <= LABEL_CHARS
        && text.starts_with(char::is_uppercase)
        && !text.chars().any(char::is_numeric)
        && !words.iter().any(name)
        && !is_known(text)
        && !payers::is_payer(text)
        && !lexicon::is_practice(text)
        && !lexicon::is_blank(text)
        && !lexicon::is_specialty_alone(text)
        && (lexicon::urgency(text).is_none() || count > 1)
}

/// Whether the vocabulary reads all of a text as a label.
fn is_known(text: &str) -> bool {
    let other = |label: &Label| label.topic != Topic::Other;
    if labels(text).iter().any(other) || labels(&format!("{text}:")).iter().any(other) {
        return true;
    }
    let mut words = spelling::mend(words(text));
    words.retain(|word| !word.mark);
    phrase::read(&words, 0).is_some_and(|found| found.next >= words.len())
}
