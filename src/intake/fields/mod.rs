//! From placed words to fields.
//!
//! Owns the order in which the ways of reading are tried. Must not know which container the words came from, what the
//! desk does with the fields, or the store.

mod asked;
mod beneficiary;
mod beside;
mod block;
mod dates;
mod diagnoses;
mod found;
mod labelled;
mod labels;
mod leaf;
mod letter;
mod letterhead;
mod lexicon;
mod name_lists;
mod names;
mod numbers;
mod numerals;
mod paragraph;
mod parties;
mod payers;
mod people;
mod phrase;
mod prose;
pub mod senders;
mod spelling;
mod tagger;
pub mod taught;
mod ticks;
pub mod typed;
mod values;
mod vocabulary;
mod words;

pub use found::describe;
pub use names::tidy;
pub use tagger::training;

use super::document::{DocumentKind, Field, Found, How};
use super::learned::Learned;
use super::sheet::Sheet;
use found::DOUBT;
use found::{Findings, Weighed};
use leaf::{Leaf, Spot};
use std::collections::BTreeMap;

/// The specialty that a short text names; `labelled` where it stands for nothing else.
pub fn specialty_in(text: &str, labelled: bool) -> Option<&'static str> {
    lexicon::find_specialty(&words::words(text), labelled).map(|(name, ..)| name)
}

/// The urgency that a sentence mentions.
pub fn urgency_in(text: &str) -> Option<&'static str> {
    lexicon::urgencies_in(&words::words(text))
        .first()
        .map(|(urgency, ..)| *urgency)
}

/// Reads the fields of a document with what corrections taught, and what a person should know about them.
pub fn read_with(sheets: &[Sheet], learned: &Learned) -> (BTreeMap<Field, Vec<Found>>, Vec<String>) {
    let mut found = Findings::default();
    let paper = dates::paper(sheets);
    let leaves: Vec<Leaf<'_>> = sheets
        .iter()
        .map(|sheet| Leaf::taught(sheet, learned).on_paper_of(paper))
        .collect();
    for (page, leaf) in leaves.iter().enumerate() {
        labelled::read(leaf, page, &mut found);
        ticks::read(leaf, page, &mut found);
    }
    for (page, leaf) in leaves.iter().enumerate() {
        prose::read(leaf, page, &mut found);
        codes(leaf, page, &mut found);
    }
    for (page, leaf) in leaves.iter().enumerate() {
        letterhead::read(leaf, page, &mut found);
    }
    let Weighed {
        mut fields,
        doubts,
        held,
    } = found.weigh(sheets);
    if !learned.rules_only {
        tagger::advise(&leaves, sheets, &mut fields, &held);
    }
    let lines = sheets.iter().find(|sheet| !sheet.runs.is_empty());
    let lines = lines.into_iter().flat_map(|sheet| &sheet.runs);
    senders::apply(
        &mut fields,
        lines.map(|run| (run.text.as_str(), run.top())),
        learned,
    );
    (fields, doubts)
}

/// Whoever signs a report, a letter of a payer or an advertisement does not refer: what was read from letterhead and
/// signature as the referrer's is believed only of papers that may be referrals.
/// Of such papers the model, which was trained on referrals, says nothing but who the patient is.
pub fn doubt_sender(fields: &mut BTreeMap<Field, Vec<Found>>, kind: DocumentKind) {
    match kind {
        DocumentKind::Referral
        | DocumentKind::InfoReply
        | DocumentKind::CoverSheet
        | DocumentKind::Unknown => return,
        DocumentKind::ConsultReport
        | DocumentKind::LabResult
        | DocumentKind::RecordsRequest
        | DocumentKind::AuthLetter
        | DocumentKind::ReferralChange
        | DocumentKind::ReferralCancel
        | DocumentKind::AppointmentEvent
        | DocumentKind::Order
        | DocumentKind::DemographicUpdate
        | DocumentKind::EligibilityRequest
        | DocumentKind::EligibilityResponse
        | DocumentKind::PriorAuthRequest
        | DocumentKind::PriorAuthResponse
        | DocumentKind::Communication
        | DocumentKind::Ack
        | DocumentKind::Malformed
        | DocumentKind::InsuranceCard
        | DocumentKind::Junk => {}
    }
    for (field, found) in fields.iter_mut() {
        let named = matches!(field, Field::PatientName | Field::Dob) && kind != DocumentKind::Junk;
        found.retain(|one| named || one.how != How::Trained);
        let sender = matches!(
            field,
            Field::ReferringProviderName
                | Field::ReferringNpi
                | Field::ReferringPhone
                | Field::ReferringFax
                | Field::ReferringOrg
        );
        for one in found
            .iter_mut()
            .filter(|one| sender && matches!(one.how, How::Letterhead | How::Learned))
        {
            one.confidence = one.confidence.min(DOUBT);
        }
    }
    fields.retain(|_, found| !found.is_empty());
}

/// A line's words in their plain spelling, misread ones put right, parted by single spaces.
pub fn mended(line: &str) -> String {
    let words = spelling::mend(words::words(line));
    let kept: Vec<&str> = words
        .iter()
        .filter(|word| !word.mark)
        .map(|word| word.key.as_str())
        .collect();
    kept.join(" ")
}

/// Codes whose shape alone gives them away: diagnoses with a point, and our own return code.
fn codes(leaf: &Leaf<'_>, page: usize, found: &mut Findings) {
    let known = found.has(Field::Icd10, 0.8);
    for (run, placed) in leaf.sheet.runs.iter().enumerate() {
        for (code, start, end) in numbers::return_codes(&placed.text) {
            let spot = Spot {
                run,
                start,
                end,
                text: code,
            };
            found.text(Field::ReturnCode, &spot.text, 0.97, page, &spot, How::Label);
        }
        // A code elsewhere on the page is of some other day where the request has its own.
        if known {
            continue;
        }
        for hit in diagnoses::diagnoses(&placed.text, false) {
            let before = hit
                .start
                .checked_sub(1)
                .and_then(|at| placed.text.chars().nth(at));
            let bracketed = matches!(before, Some('(' | '['));
            let spot = Spot {
                run,
                start: hit.start,
                end: hit.end,
                text: hit.code,
            };
            found.text(
                Field::Icd10,
                &spot.text,
                hit.belief * if bracketed { 0.92 } else { 0.7 },
                page,
                &spot,
                How::Prose,
            );
        }
    }
}

#[cfg(test)]
mod tests;
