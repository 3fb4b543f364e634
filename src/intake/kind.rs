//! What a document is for.
//!
//! Owns the table of evidence and the threshold. Must not know any container. When unsure it says so: a person decides.

use super::document::{DocumentKind, Field, Found, How};
use super::evidence::EVIDENCE;
use super::fields;
use super::sheet::Sheet;
use std::collections::BTreeMap;

/// Evidence on a later page weighs this much: chart notes and lab sheets ride behind referrals.
const LATER_PAGE: f32 = 0.4;
/// Evidence in the upper part of the first page, where titles stand, weighs this much more.
const TITLE: f32 = 1.4;
const TITLE_ABOVE: f32 = 0.3;
/// A title of a few words that says nothing else weighs still more.
const BARE_TITLE: f32 = 2.4;
const BARE_WORDS: usize = 4;
/// What a document that holds all of a referral's contents is given.
const FILLED: f32 = 1.5;
/// What a form with these contents behind labels is given: whoever prints such labels asks for a visit.
const FORM: f32 = 3.0;
/// A kind needs this much evidence, and this much more than the next.
/// A cover sheet's title stands above this.
const COVER_ABOVE: f32 = 0.25;
const COVERS: &[&str] = &[
    "fax cover",
    "cover sheet",
    "transmittal",
    "facsimile",
    "fax transmission",
    "cover page",
];
const ENOUGH: f32 = 3.0;
const LEAD: f32 = 1.35;

/// A kind that evidence speaks for; `None` is a paper of some other kind, which stays with a person.
type Speaks = Option<DocumentKind>;

/// Tells the kind and how sure that is.
pub fn tell(sheets: &[Sheet], fields: &BTreeMap<Field, Vec<Found>>) -> (DocumentKind, f32) {
    if fields.contains_key(&Field::ReturnCode) {
        return (DocumentKind::InfoReply, 0.95);
    }
    let lines = lines(sheets);
    let mut totals: Vec<(Speaks, f32)> = Vec::new();
    // Advertisements are about nobody, and a referral may come on a leaf that praises the practice.
    let about_somebody = sure(fields, Field::PatientName) || sure(fields, Field::Dob);
    for (speaks, phrases) in EVIDENCE {
        if about_somebody && *speaks == Some(DocumentKind::Junk) {
            continue;
        }
        let total = phrases
            .iter()
            .map(|(phrase, weight)| weight * presence(&lines, phrase))
            .sum::<f32>();
        totals.push((*speaks, total));
    }
    if let Some((_, total)) = totals
        .iter_mut()
        .find(|(known, _)| *known == Some(DocumentKind::Referral))
    {
        *total += match (has_what_a_referral_has(fields), is_form(fields)) {
            (true, true) => FORM,
            (true, false) => FILLED,
            (false, _) => 0.0,
        };
    }
    totals.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (best, next) = (totals.first().copied(), totals.get(1).map_or(0.0, |next| next.1));
    let Some((Some(kind), weight)) = best else {
        return (DocumentKind::Unknown, 0.0);
    };
    if weight < ENOUGH || weight < next * LEAD || kind == DocumentKind::Referral && !asks_for_a_visit(fields)
    {
        return (DocumentKind::Unknown, 0.0);
    }
    (kind, (weight / (weight + next + 0.5)).min(0.98))
}

/// Patient, referrer, specialty and reason, each read with some certainty, are a referral's contents whatever its title.
fn has_what_a_referral_has(fields: &BTreeMap<Field, Vec<Found>>) -> bool {
    let sure = |field: Field| sure(fields, field);
    sure(Field::PatientName)
        && sure(Field::ReferringProviderName)
        && sure(Field::SpecialtyRequested)
        && (sure(Field::ReasonText) || sure(Field::Icd10))
}

/// Whether a field was read with some certainty.
fn sure(fields: &BTreeMap<Field, Vec<Found>>, field: Field) -> bool {
    let best = fields.get(&field).and_then(|found| found.first());
    best.is_some_and(|found| found.confidence >= 0.8)
}

/// Whether specialty and referrer stand behind labels or in ticked boxes.
fn is_form(fields: &BTreeMap<Field, Vec<Found>>) -> bool {
    let labelled = |field: Field| {
        fields
            .get(&field)
            .and_then(|found| found.first())
            .is_some_and(|found| matches!(found.how, How::Label | How::FormField | How::Tick | How::Learned))
    };
    labelled(Field::ReferringProviderName)
        && (labelled(Field::SpecialtyRequested) || labelled(Field::ReasonText))
}

/// The page on which a document begins: behind a cover sheet, which says nothing of what follows.
fn first_page(sheets: &[Sheet]) -> usize {
    let cover = sheets.len() > 1
        && sheets.first().is_some_and(|sheet| {
            sheet
                .runs
                .iter()
                .filter(|run| run.top() < COVER_ABOVE)
                .any(|run| COVERS.iter().any(|word| fields::mended(&run.text).contains(word)))
        });
    usize::from(cover)
}

/// Every line folded, with what a phrase on it counts for; then each page's lines run together, for phrases that wrap.
fn lines(sheets: &[Sheet]) -> Vec<(String, f32)> {
    let mut out = Vec::new();
    let first = first_page(sheets);
    for (page, sheet) in sheets.iter().enumerate() {
        let page = if page < first { 1 } else { page - first };
        let mut whole = String::from(" ");
        for run in &sheet.runs {
            let title = run.top() < TITLE_ABOVE && run.text.chars().count() < 60;
            let bare = title && run.text.split_whitespace().count() <= BARE_WORDS;
            let weight = match (page, bare, title) {
                (0, true, _) => BARE_TITLE,
                (0, false, true) => TITLE,
                (0, false, false) => 1.0,
                _ => LATER_PAGE,
            };
            let line = fields::mended(&run.text);
            whole.push_str(&line);
            whole.push(' ');
            out.push((format!(" {line} "), weight));
        }
        out.push((whole, if page == 0 { 1.0 } else { LATER_PAGE }));
    }
    out
}

/// How strongly a phrase is present: in a title, on the first page, later, not at all.
fn presence(lines: &[(String, f32)], phrase: &str) -> f32 {
    let phrase = format!(" {phrase} ");
    lines
        .iter()
        .filter(|(line, _)| line.contains(&phrase))
        .map(|(_, weight)| *weight)
        .fold(0.0, f32::max)
}

/// A referral is about somebody and asks for something; a page that only mentions one is not made into one.
fn asks_for_a_visit(fields: &BTreeMap<Field, Vec<Found>>) -> bool {
    let has = |field: Field| fields.contains_key(&field);
    let somebody = has(Field::PatientName) || has(Field::Dob);
    let something = has(Field::ReasonText)
        || has(Field::Icd10)
        || has(Field::SpecialtyRequested)
        || has(Field::ServiceRequested)
        || has(Field::ReferringProviderName);
    somebody && something
}
