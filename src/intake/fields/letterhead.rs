//! Who sends a document, from its letterhead and its signature.
//!
//! Owns where letterheads and signatures stand, and when a letterhead is the sender's and not the addressee's own form.
//! Must not know labels' values.

use super::found::Findings;
use super::leaf::{HEAD, Leaf, Spot};
use super::lexicon;
use super::names::{person, refers};
use super::numbers;
use super::payers;
use super::vocabulary::{Party, Topic};
use crate::domain::text;
use crate::intake::document::{Field, How, Value};

/// A letterhead that nothing contradicts is believed this much.
const OWN_PAPER: f32 = 0.82;
/// A signature's block reaches this many rows below the closing words.
const BLOCK: usize = 10;

/// What a clinic prints on its own referral form: a form that comes back to its author has the author's letterhead.
#[rustfmt::skip]
const OWN_FORM: &[&str] = &[
    "fax completed form", "return by fax", "return this form", "fax this form", "our office will contact",
    "for office use only", "office use only", "we will contact the patient", "please fax to us",
    "complete this form", "completed form to", "fax form to",
];

/// Reads the letterhead and the signatures of a page.
pub fn read(leaf: &Leaf<'_>, page: usize, found: &mut Findings) {
    signature(leaf, page, found);
    banner(leaf, page, found);
    addressed_specialty(leaf, page, found);
    if page == 0 || is_letter(leaf) {
        head(leaf, page, found);
    }
}

fn is_letter(leaf: &Leaf<'_>) -> bool {
    !leaf.greetings.is_empty()
}

fn signature(leaf: &Leaf<'_>, page: usize, found: &mut Findings) {
    let Some(at) = leaf.closings.first().copied() else {
        return;
    };
    let first = leaf.rows.get(at).copied().unwrap_or(0);
    for run in at + 1..leaf.sheet.runs.len() {
        if leaf.rows.get(run).is_some_and(|row| row - first > BLOCK) {
            break;
        }
        let Some(spot) = leaf.whole(run) else { continue };
        if let Some(who) = person(&spot.text).filter(|who| refers(&who.credentials)) {
            found.text(
                Field::ReferringProviderName,
                &who.signed(),
                0.91,
                page,
                &spot,
                How::Letterhead,
            );
        } else if lexicon::is_practice(&spot.text) {
            found.text(Field::ReferringOrg, &spot.text, 0.9, page, &spot, How::Letterhead);
        }
        numbers_of(leaf, run, page, 0.91, found);
    }
}

/// A practice that a letter is addressed to shows the specialty meant where nothing says it.
fn addressed_specialty(leaf: &Leaf<'_>, page: usize, found: &mut Findings) {
    if page > 0 || found.has(Field::SpecialtyRequested, 0.5) {
        return;
    }
    for run in 0..leaf.sheet.runs.len() {
        if let Some(spot) = leaf.whole(run).filter(|_| addressee(leaf, run).is_some())
            && let Some(name) = lexicon::specialty(&spot.text)
        {
            found.text(Field::SpecialtyRequested, name, 0.55, page, &spot, How::Derived);
            return;
        }
    }
}

/// A chart's banner: the patient's name stands without a label above or left of the date of birth or the chart number.
fn banner(leaf: &Leaf<'_>, page: usize, found: &mut Findings) {
    if found.has(Field::PatientName, 0.6) {
        return;
    }
    let runs = &leaf.sheet.runs;
    for (index, run) in runs.iter().enumerate() {
        let about_patient = leaf.labels.get(index).into_iter().flatten().any(|label| {
            label.topic == Topic::Dob && matches!(leaf.party(index, label), None | Some(Party::Patient))
        });
        if !about_patient {
            continue;
        }
        let above = (0..index).rev().take(12).find_map(|other| {
            let before = runs.get(other)?;
            let near = run.middle() - before.middle() < 5.0 * run.height();
            let beside = before.same_row(run) || (before.left() - run.left()).abs() < 0.03;
            let spot = leaf
                .whole(other)
                .filter(|_| near && beside && !leaf.begins_with_label(other))?;
            person(&spot.text)
                .filter(|who| who.credentials.is_empty())
                .map(|who| (who, spot))
        });
        if let Some((who, spot)) = above {
            found.name(&who, 0.86, page, &spot, How::Letterhead);
            return;
        }
    }
}

/// Telephone, fax and NPI of a block that is known to be the sender's.
fn numbers_of(leaf: &Leaf<'_>, run: usize, page: usize, confidence: f32, found: &mut Findings) {
    for label in leaf.labels.get(run).into_iter().flatten() {
        if !matches!(label.party, None | Some(Party::Referrer)) {
            continue;
        }
        let Some(spot) = leaf.same(run, label) else {
            continue;
        };
        let field = [
            (Topic::Phone, Field::ReferringPhone),
            (Topic::Fax, Field::ReferringFax),
            (Topic::Npi, Field::ReferringNpi),
        ]
        .into_iter()
        .find(|(topic, _)| *topic == label.topic)
        .map(|(_, field)| field);
        let Some(field) = field else { continue };
        let hit = if field == Field::ReferringNpi {
            numbers::npis(&spot.text)
                .into_iter()
                .find(|(_, good)| *good)
                .map(|(hit, _)| hit)
        } else {
            numbers::phones(&spot.text).into_iter().next()
        };
        if let Some((digits, start, end)) = hit {
            let spot = Spot {
                run,
                start: spot.start + start,
                end: spot.start + end,
                text: digits,
            };
            let value = spot.text.clone();
            found.text(field, &value, confidence, page, &spot, How::Letterhead);
        }
    }
}

/// An insurer's own letter names it at the top.
fn insurer(leaf: &Leaf<'_>, page: usize, found: &mut Findings) {
    if found.has(Field::Payer, 0.5) {
        return;
    }
    let below_edge = |run: &usize| leaf.sheet.runs.get(*run).is_some_and(|run| run.top() > 0.025);
    let first = (0..leaf.sheet.runs.len())
        .filter(below_edge)
        .take(3)
        .filter_map(|run| leaf.whole(run));
    let named =
        first.filter(|spot| payers::is_payer(&spot.text) && spot.text.split_whitespace().count() <= 8);
    if let Some(spot) = named.take(1).next() {
        found.text(Field::Payer, &spot.text, 0.75, page, &spot, How::Letterhead);
    }
}

fn head(leaf: &Leaf<'_>, page: usize, found: &mut Findings) {
    if page == 0 {
        insurer(leaf, page, found);
    }
    let runs = &leaf.sheet.runs;
    let folded: Vec<String> = runs.iter().map(|run| text::fold(&run.text)).collect();
    let own_form = folded
        .iter()
        .any(|line| OWN_FORM.iter().any(|phrase| line.contains(phrase)));
    if own_form {
        return;
    }
    // Only what stands above the first label of somebody or of a date is a letterhead.
    let end = runs
        .iter()
        .enumerate()
        .position(|(index, run)| {
            run.top() > HEAD
                || leaf.labels.get(index).is_some_and(|labels| {
                    labels
                        .iter()
                        .any(|label| label.party.is_some() && label.start < 4)
                })
        })
        .unwrap_or(runs.len());
    let Some(name) = (0..end)
        .filter_map(|run| leaf.whole(run))
        .find(|spot| lexicon::is_practice(&spot.text))
    else {
        return;
    };
    let key = text::fold(&name.text);
    let addressed = (0..runs.len())
        .any(|run| run != name.run && addressee(leaf, run).is_some_and(|other| !same_practice(&key, &other)));
    let named = found.all.iter().any(|candidate| {
        candidate.field == Field::ReferringOrg
            && candidate.confidence >= 0.75
            && matches!(&candidate.value, Value::Text(known) if same_practice(&key, &text::fold(known)))
    });
    let confidence = match (named || addressed, is_letter(leaf)) {
        (true, true) => 0.91,
        (true, false) => 0.88,
        // Nobody else is named, and a practice of no specialty asks for one: it is the sender's paper.
        (false, _) if asks_elsewhere(&name.text, found) && !found.has(Field::ReferringOrg, 0.75) => OWN_PAPER,
        (false, _) => return,
    };
    if !found.has(Field::ReferringOrg, 0.75) {
        found.text(
            Field::ReferringOrg,
            &name.text,
            confidence,
            page,
            &name,
            How::Letterhead,
        );
    }
    let has_phone = found.has(Field::ReferringPhone, 0.75) || labels_for(leaf, Topic::Phone, end);
    let has_fax = found.has(Field::ReferringFax, 0.75) || labels_for(leaf, Topic::Fax, end);
    let mut numbers = Findings::default();
    for run in 0..end {
        numbers_of(leaf, run, page, confidence, &mut numbers);
    }
    numbers.all.retain(|candidate| {
        candidate.field == Field::ReferringPhone && !has_phone
            || candidate.field == Field::ReferringFax && !has_fax
    });
    found.all.append(&mut numbers.all);
}

/// Whether a practice is of general medicine (its name has no specialty) and the page asks for a specialty.
fn asks_elsewhere(name: &str, found: &Findings) -> bool {
    lexicon::specialty(name).is_none() && found.has(Field::SpecialtyRequested, 0.6)
}

/// Whether the page has a place for the referrer's telephone or fax, so that an empty one is not filled from the top.
fn labels_for(leaf: &Leaf<'_>, topic: Topic, from: usize) -> bool {
    (from..leaf.sheet.runs.len()).any(|run| {
        leaf.labels
            .get(run)
            .into_iter()
            .flatten()
            .any(|label| label.topic == topic && leaf.party(run, label) == Some(Party::Referrer))
    })
}

/// The practice that a run addresses the document to: behind a label for the recipient, or in a letter's inside address.
fn addressee(leaf: &Leaf<'_>, run: usize) -> Option<String> {
    let spot = leaf.whole(run)?;
    for label in leaf.labels.get(run).into_iter().flatten() {
        if leaf.party(run, label) == Some(Party::Recipient)
            && matches!(label.topic, Topic::Name | Topic::Org | Topic::Specialty)
        {
            let value = leaf
                .same(run, label)
                .or_else(|| leaf.right(run))
                .or_else(|| leaf.below(run));
            if let Some(value) = value {
                return Some(text::fold(&value.text));
            }
        }
    }
    let inside = is_letter(leaf)
        && leaf
            .sheet
            .runs
            .get(run)
            .is_some_and(|run| run.top() > 0.02 && run.top() < 0.35);
    (inside && lexicon::is_practice(&spot.text)).then(|| text::fold(&spot.text))
}

fn same_practice(a: &str, b: &str) -> bool {
    a.contains(b) || b.contains(a)
}
