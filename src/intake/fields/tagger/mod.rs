//! The trained model beside the rules: which words of a page are which field's, told by everything around them.
//!
//! Owns the fields that it knows, what of its proposals is believed, and what it says of values that rules found. It is a
//! conditional random field, trained by `cargo run --release --example train_reader` on documents that `scripts/reader/wild`
//! invents; what it finds goes through the validators that rules' values go through. Must not know kinds of documents.

mod crf;
mod spans;
mod surroundings;
mod tokens;
pub mod training;
mod traits;
mod weights;

use super::dates;
use super::found::{DOUBT, same, well_read};
use super::leaf::Leaf;
use crate::intake::document::{Field, Found, How, Value};
use crate::intake::sheet::Sheet;
use crf::{Lattice, Row};
use spans::Proposal;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use traits::Seen;
use weights::Weights;

/// The fields that the model knows, in the order of its tags.
#[rustfmt::skip]
pub const FIELDS: [Field; crf::TAGS - 1] = [
    Field::PatientName, Field::Dob, Field::Sex, Field::PatientPhone, Field::PatientEmail, Field::PatientAddress,
    Field::ReferringProviderName, Field::ReferringNpi, Field::ReferringPhone, Field::ReferringFax, Field::ReferringOrg,
    Field::SpecialtyRequested, Field::ReasonText, Field::Payer, Field::MemberId, Field::GroupNo, Field::AuthNumber,
];

/// What is told of a patient who is named.
const OF_PATIENT: [Field; 5] = [
    Field::Dob,
    Field::Sex,
    Field::PatientPhone,
    Field::PatientEmail,
    Field::PatientAddress,
];

/// A proposal is offered from this likelihood on.
const OFFERED: f32 = 0.62;
/// Nothing that only the model found is surer: a person looks at it.
const CEILING: f32 = 0.89;
/// A value on which rules and model agree comes so much nearer to what its reading allows.
const AGREED: f32 = 0.4;
/// A value that rules found and the model denies is no surer.
const DENIED: f32 = 0.85;
/// The model denies a value whose words it holds for less likely than this.
const UNLIKELY: f32 = 0.15;
/// It must be so sure of another value to put it before one that rules are not sure of.
const SURE: f32 = 0.9;
/// Rules that are less sure than this give way to a model that is surer.
const UNSURE: f32 = 0.5;
/// What rules hold back is no surer than this, whatever the model thinks of it.
const HELD: f32 = 0.5;
/// What a contradiction leaves is less sure than this.
const CONTRADICTED: f32 = DOUBT + 0.02;
/// At most this many candidates of a field are kept.
const KEPT: usize = 5;
/// Pages of more words, or runs, than any form or letter has are left to the rules.
const LONGEST: usize = 3_000;
const MOST_RUNS: usize = 800;

const BYTES: &[u8] = include_bytes!("../../../../assets/reader/tagger.bin");

fn weights() -> Option<&'static Weights> {
    static WEIGHTS: OnceLock<Option<Weights>> = OnceLock::new();
    WEIGHTS.get_or_init(|| Weights::read(BYTES)).as_ref()
}

/// A field's tag.
fn of_field(field: Field) -> Option<usize> {
    FIELDS.iter().position(|known| *known == field).map(|at| at + 1)
}

/// A page, and how likely each of its words is part of each field.
struct Judged {
    seen: Seen,
    likely: Vec<Row>,
}

fn judge(leaf: &Leaf<'_>, page: usize, weights: &Weights) -> Judged {
    let tokens = if leaf.sheet.runs.len() > MOST_RUNS {
        Vec::new()
    } else {
        tokens::tokens(leaf.sheet)
    };
    if tokens.is_empty() || tokens.len() > LONGEST {
        return Judged {
            seen: Seen::default(),
            likely: Vec::new(),
        };
    }
    let seen = traits::see(leaf, page, tokens);
    let scores: Vec<Row> = seen.traits.iter().map(|traits| weights.score(traits)).collect();
    let likely = Lattice::new(&scores, &seen.steps, &weights.transitions).likely();
    Judged { seen, likely }
}

/// What the model proposes for a field.
struct Proposed {
    found: Found,
    /// How well it was read.
    read: f32,
}

/// Adds what the model finds, and lets what it thinks of the rules' values count: agreement makes them surer, denial makes them
/// doubtful. What rules hold back (`held`) it makes no surer.
pub fn advise(
    leaves: &[Leaf<'_>],
    sheets: &[Sheet],
    fields: &mut BTreeMap<Field, Vec<Found>>,
    held: &[(Field, Value)],
) {
    let Some(weights) = weights() else { return };
    let judged: Vec<Judged> = leaves
        .iter()
        .enumerate()
        .map(|(page, leaf)| judge(leaf, page, weights))
        .collect();
    deny(fields, &judged);
    let mut all: BTreeMap<Field, Vec<Proposed>> = BTreeMap::new();
    for (page, (leaf, judged)) in leaves.iter().zip(&judged).enumerate() {
        for proposal in spans::proposals(leaf, &judged.seen, &judged.likely) {
            let one = placed(&proposal, leaf, sheets, page);
            let known = all.entry(proposal.field).or_default();
            let same_value =
                |known: &&mut Proposed| same(proposal.field, &known.found.value, &one.found.value);
            match known.iter_mut().find(same_value) {
                Some(known) if known.found.confidence >= one.found.confidence => {}
                Some(known) => *known = one,
                None => known.push(one),
            }
        }
    }
    for (field, mut proposed) in all {
        proposed.sort_by(|a, b| b.found.confidence.total_cmp(&a.found.confidence));
        proposed.retain(|one| one.found.confidence >= OFFERED);
        weigh(field, proposed, fields, held);
    }
    // What names no patient has nothing of a patient but by chance, and what names nobody is a form that nobody filled in.
    let patient = fields.contains_key(&Field::PatientName);
    let anybody = patient || fields.contains_key(&Field::ReferringProviderName);
    for (field, found) in fields.iter_mut() {
        let believed = if OF_PATIENT.contains(field) {
            patient
        } else {
            anybody
        };
        found.retain(|one| believed || one.how != How::Trained);
    }
    fields.retain(|_, found| !found.is_empty());
}

fn placed(proposal: &Proposal, leaf: &Leaf<'_>, sheets: &[Sheet], page: usize) -> Proposed {
    let spot = &proposal.spot;
    let sheet = sheets.get(page);
    let run = sheet.and_then(|sheet| sheet.runs.get(spot.run));
    let read = run.map_or(1.0, |run| well_read(proposal.field, run, spot.start, spot.end));
    let dates = dates::dates_of(&spot.text, leaf.paper);
    let date = dates.first().filter(|_| proposal.field == Field::Dob);
    let most = if date.is_some_and(|date| date.open) {
        HELD
    } else {
        1.0
    };
    let found = Found {
        value: date.map_or_else(|| proposal.value.clone(), |date| Value::Text(date.iso.clone())),
        confidence: (proposal.likely * read).min(most),
        place: sheet.and_then(|sheet| sheet.place(page + 1, spot.run, spot.start, spot.end)),
        how: How::Trained,
    };
    Proposed { found, read }
}

fn weigh(
    field: Field,
    proposed: Vec<Proposed>,
    fields: &mut BTreeMap<Field, Vec<Found>>,
    held: &[(Field, Value)],
) {
    let is_held = |value: &Value| {
        held.iter()
            .any(|(of, one)| *of == field && same(field, one, value))
    };
    let at_most = |found: &Found, most: f32| capped(found, if is_held(&found.value) { HELD } else { most });
    let Some(first) = proposed.first() else { return };
    let known = fields.entry(field).or_default();
    let agreed = known
        .iter()
        .position(|found| same(field, &found.value, &first.found.value));
    match (agreed, known.first_mut()) {
        // Surer than a contradiction leaves it, it stands elsewhere too, where nothing speaks against it.
        (Some(0), Some(best)) if is_held(&best.value) && best.confidence < CONTRADICTED => {}
        (Some(0), Some(best)) if as_long(&best.value, &first.found.value) => {
            // Both read the same letters: a misread one is wrong for both. What corrections taught a person goes on looking at.
            let most = if best.how == How::Learned { CEILING } else { 0.99 };
            let room = (most * first.read - best.confidence).max(0.0);
            best.confidence += room * AGREED * first.found.confidence;
        }
        (_, Some(best)) if best.confidence < UNSURE && first.found.confidence >= SURE => match agreed {
            Some(at) => known.swap(0, at),
            None => known.insert(0, at_most(&first.found, DOUBT)),
        },
        (_, Some(_)) => {}
        (_, None) => known.push(at_most(&first.found, CEILING)),
    }
    for one in &proposed {
        if !known
            .iter()
            .any(|found| same(field, &found.value, &one.found.value))
        {
            known.push(at_most(&one.found, DOUBT));
        }
    }
    known.truncate(KEPT);
}

/// Whether two values that are the same are about as long: a sentence around a reason is not what was agreed on.
fn as_long(a: &Value, b: &Value) -> bool {
    let (Value::Text(a), Value::Text(b)) = (a, b) else {
        return true;
    };
    let (a, b) = (a.chars().count(), b.chars().count());
    3 * a.min(b) >= 2 * a.max(b)
}

fn capped(found: &Found, most: f32) -> Found {
    Found {
        confidence: found.confidence.min(most),
        ..found.clone()
    }
}

/// Makes doubtful what rules found and the model holds for something else.
fn deny(fields: &mut BTreeMap<Field, Vec<Found>>, judged: &[Judged]) {
    for (field, found) in fields {
        let best = found.first_mut();
        if let Some(best) = best.filter(|best| best.how != How::Tick)
            && likelihood(*field, best, judged).is_some_and(|likely| likely < UNLIKELY)
        {
            best.confidence = best.confidence.min(DENIED);
        }
    }
}

/// How likely the model holds the words of a value for its field, on the mean; none where it does not stand on a page.
fn likelihood(field: Field, found: &Found, judged: &[Judged]) -> Option<f32> {
    let (place, tag) = found.place.zip(of_field(field))?;
    let page = judged.get((place.page as usize).checked_sub(1)?)?;
    let within = page.seen.tokens.iter().zip(&page.likely).filter(|(token, _)| {
        token.run == place.line as usize
            && token.start < place.end as usize
            && place.start as usize <= token.start
    });
    let words: Vec<f32> = within.filter_map(|(_, row)| row.get(tag).copied()).collect();
    (!words.is_empty()).then(|| words.iter().sum::<f32>() / words.len() as f32)
}

#[cfg(test)]
mod tests;
