//! What a document is for.
//!
//! Owns the table of evidence and the threshold. Must not know any container. When unsure it says so: a person decides.

use super::document::{DocumentKind, Field, Found};
use super::sheet::Sheet;
use crate::domain::text;
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
/// A kind needs this much evidence, and this much more than the next.
const ENOUGH: f32 = 3.0;
const LEAD: f32 = 1.35;

/// A kind that evidence speaks for; `None` is a paper of some other kind, which stays with a person.
type Speaks = Option<DocumentKind>;

/// Phrases, folded, and what they weigh: 4 is a title that leaves no doubt, 1 a word that others use too. Gathered from
/// what US practices, laboratories and payers print.
#[rustfmt::skip]
const EVIDENCE: &[(&str, Speaks, f32)] = &[
    ("referral form", Some(DocumentKind::Referral), 3.0),
    ("patient referral", Some(DocumentKind::Referral), 3.0),
    ("referral request", Some(DocumentKind::Referral), 3.0),
    ("request for referral", Some(DocumentKind::Referral), 3.0),
    ("specialty referral", Some(DocumentKind::Referral), 3.0), ("stat referral", Some(DocumentKind::Referral), 3.0), ("urgent referral", Some(DocumentKind::Referral), 3.0), ("pls see", Some(DocumentKind::Referral), 2.5), ("please see this", Some(DocumentKind::Referral), 2.5), ("please see attached referral", Some(DocumentKind::Referral), 3.0), ("referring clinician", Some(DocumentKind::Referral), 1.0), ("am writing to refer", Some(DocumentKind::Referral), 3.5), ("would you see", Some(DocumentKind::Referral), 2.5), ("kindly see", Some(DocumentKind::Referral), 2.5), ("specialist referral", Some(DocumentKind::Referral), 3.0),
    ("referral order", Some(DocumentKind::Referral), 3.0),
    ("referral to", Some(DocumentKind::Referral), 2.5), ("new referral", Some(DocumentKind::Referral), 3.0),
    ("referral letter", Some(DocumentKind::Referral), 3.0),
    ("referral document", Some(DocumentKind::Referral), 3.0),
    ("consultation request", Some(DocumentKind::Referral), 2.5),
    ("request for consultation", Some(DocumentKind::Referral), 3.0),
    ("refer to", Some(DocumentKind::Referral), 1.0), ("referred to", Some(DocumentKind::Referral), 1.0),
    ("referring provider", Some(DocumentKind::Referral), 1.0),
    ("referring physician", Some(DocumentKind::Referral), 1.0),
    ("referring md", Some(DocumentKind::Referral), 1.5),
    ("requesting physician", Some(DocumentKind::Referral), 1.0),
    ("reason for referral", Some(DocumentKind::Referral), 2.0),
    ("reason for the referral", Some(DocumentKind::Referral), 2.0),
    ("new patient referral", Some(DocumentKind::Referral), 3.0), ("specialty consultation", Some(DocumentKind::Referral), 2.5), ("specialty requested", Some(DocumentKind::Referral), 1.5), ("reason for consultation", Some(DocumentKind::Referral), 1.5), ("see this pt", Some(DocumentKind::Referral), 2.0), ("see this patient", Some(DocumentKind::Referral), 1.5), ("reason for consult", Some(DocumentKind::Referral), 1.0),
    ("clinical question", Some(DocumentKind::Referral), 1.0),
    ("thank you for seeing", Some(DocumentKind::Referral), 3.5),
    ("thank you for accepting", Some(DocumentKind::Referral), 2.5),
    ("am referring", Some(DocumentKind::Referral), 3.5),
    ("are referring", Some(DocumentKind::Referral), 3.0),
    ("would like to refer", Some(DocumentKind::Referral), 3.5),
    ("referring this", Some(DocumentKind::Referral), 2.5),
    ("please see the above", Some(DocumentKind::Referral), 2.0),
    ("please evaluate", Some(DocumentKind::Referral), 2.5),
    ("please schedule", Some(DocumentKind::Referral), 2.0),
    ("schedule the following patient", Some(DocumentKind::Referral), 2.0),
    ("evaluate and treat", Some(DocumentKind::Referral), 1.5),
    ("referral", Some(DocumentKind::Referral), 1.3), ("consult requested", Some(DocumentKind::Referral), 2.0), ("please see below", Some(DocumentKind::Referral), 0.5),
    ("thank you for referring", Some(DocumentKind::ConsultReport), 4.5),
    ("thank you for your referral", Some(DocumentKind::ConsultReport), 4.0),
    ("for your kind referral", Some(DocumentKind::ConsultReport), 4.5),
    ("thank you for the referral", Some(DocumentKind::ConsultReport), 3.5),
    ("thank you for allowing", Some(DocumentKind::ConsultReport), 3.0),
    ("allowing me to participate", Some(DocumentKind::ConsultReport), 3.0),
    ("allowing us to participate", Some(DocumentKind::ConsultReport), 3.0),
    ("pleasure of seeing", Some(DocumentKind::ConsultReport), 3.0),
    ("saw your patient", Some(DocumentKind::ConsultReport), 3.0),
    ("consultation report", Some(DocumentKind::ConsultReport), 4.0),
    ("consult report", Some(DocumentKind::ConsultReport), 4.0),
    ("consultation note", Some(DocumentKind::ConsultReport), 1.0),
    ("date of consultation", Some(DocumentKind::ConsultReport), 2.0),
    ("procedure report", Some(DocumentKind::ConsultReport), 3.0),
    ("operative report", Some(DocumentKind::ConsultReport), 3.0),
    ("impression", Some(DocumentKind::ConsultReport), 0.7),
    ("recommendations", Some(DocumentKind::ConsultReport), 0.7),
    ("on examination today", Some(DocumentKind::ConsultReport), 1.0),
    ("reference range", Some(DocumentKind::LabResult), 3.5),
    ("reference interval", Some(DocumentKind::LabResult), 3.5),
    ("final report", Some(DocumentKind::LabResult), 1.5), ("specimen", Some(DocumentKind::LabResult), 1.5),
    ("collected", Some(DocumentKind::LabResult), 1.0), ("clia", Some(DocumentKind::LabResult), 2.0),
    ("laboratory report", Some(DocumentKind::LabResult), 3.5),
    ("lab results", Some(DocumentKind::LabResult), 1.5),
    ("laboratories", Some(DocumentKind::LabResult), 1.5),
    ("radiology report", Some(DocumentKind::LabResult), 3.5),
    ("imaging report", Some(DocumentKind::LabResult), 3.5),
    ("pathology report", Some(DocumentKind::LabResult), 3.5),
    ("end of report", Some(DocumentKind::LabResult), 1.0),
    ("records request", Some(DocumentKind::RecordsRequest), 4.0),
    ("request for records", Some(DocumentKind::RecordsRequest), 4.0),
    ("request for medical records", Some(DocumentKind::RecordsRequest), 4.5),
    ("medical records request", Some(DocumentKind::RecordsRequest), 4.5),
    ("authorization to release", Some(DocumentKind::RecordsRequest), 4.0),
    ("authorization for release", Some(DocumentKind::RecordsRequest), 4.5),
    ("authorization to disclose", Some(DocumentKind::RecordsRequest), 4.0),
    ("release of information", Some(DocumentKind::RecordsRequest), 3.5),
    ("release of medical", Some(DocumentKind::RecordsRequest), 3.5),
    ("release of protected", Some(DocumentKind::RecordsRequest), 3.5),
    ("purpose of disclosure", Some(DocumentKind::RecordsRequest), 3.0),
    ("records to be released", Some(DocumentKind::RecordsRequest), 3.0),
    ("i authorize", Some(DocumentKind::RecordsRequest), 1.0),
    ("copies of", Some(DocumentKind::RecordsRequest), 1.0),
    ("prior authorization approval", Some(DocumentKind::AuthLetter), 4.0),
    ("notice of prior authorization", Some(DocumentKind::AuthLetter), 4.0),
    ("authorization approval", Some(DocumentKind::AuthLetter), 3.5),
    ("notice of approval", Some(DocumentKind::AuthLetter), 3.0),
    ("notice of authorization", Some(DocumentKind::AuthLetter), 3.5),
    ("authorization notice", Some(DocumentKind::AuthLetter), 3.5),
    ("notice of denial", Some(DocumentKind::AuthLetter), 3.5),
    ("adverse determination", Some(DocumentKind::AuthLetter), 3.5),
    ("coverage determination", Some(DocumentKind::AuthLetter), 2.0),
    ("utilization management", Some(DocumentKind::AuthLetter), 2.5),
    ("guarantee of payment", Some(DocumentKind::AuthLetter), 2.5),
    ("have approved", Some(DocumentKind::AuthLetter), 2.0),
    ("has been approved", Some(DocumentKind::AuthLetter), 2.0),
    ("units approved", Some(DocumentKind::AuthLetter), 2.0),
    ("servicing provider", Some(DocumentKind::AuthLetter), 1.0),
    ("response to your request", Some(DocumentKind::InfoReply), 4.0),
    ("response to request", Some(DocumentKind::InfoReply), 4.0),
    ("reply to request", Some(DocumentKind::InfoReply), 4.0),
    ("information you requested", Some(DocumentKind::InfoReply), 4.0),
    ("information requested", Some(DocumentKind::InfoReply), 2.0),
    ("requested information", Some(DocumentKind::InfoReply), 3.0),
    ("additional information requested", Some(DocumentKind::InfoReply), 3.0),
    ("missing information", Some(DocumentKind::InfoReply), 2.0),
    ("items you requested", Some(DocumentKind::InfoReply), 4.0),
    ("as requested", Some(DocumentKind::InfoReply), 1.5),
    ("per your request", Some(DocumentKind::InfoReply), 3.0),
    ("your request of", Some(DocumentKind::InfoReply), 2.0), ("unsubscribe", Some(DocumentKind::Junk), 3.0),
    ("limited time", Some(DocumentKind::Junk), 3.0), ("special offer", Some(DocumentKind::Junk), 3.0),
    ("act now", Some(DocumentKind::Junk), 3.0), ("call now", Some(DocumentKind::Junk), 2.0),
    ("call today", Some(DocumentKind::Junk), 1.5), ("free quote", Some(DocumentKind::Junk), 2.5),
    ("business owner", Some(DocumentKind::Junk), 3.0), ("lowest prices", Some(DocumentKind::Junk), 3.0),
    ("lowest rates", Some(DocumentKind::Junk), 3.0), ("remove your fax", Some(DocumentKind::Junk), 4.0),
    ("removed from", Some(DocumentKind::Junk), 2.0), ("to be removed", Some(DocumentKind::Junk), 3.0),
    ("opt out", Some(DocumentKind::Junk), 2.0), ("toner", Some(DocumentKind::Junk), 2.0),
    ("credit card processing", Some(DocumentKind::Junk), 3.0), ("vacation", Some(DocumentKind::Junk), 2.0),
    ("off your", Some(DocumentKind::Junk), 1.5), ("claim form", None, 4.0),
    ("explanation of benefits", None, 4.0), ("discharge summary", None, 3.5),
    ("prior authorization request", None, 4.5), ("prior authorization form", None, 4.5),
    ("medication prior", None, 4.0), ("insurance card", None, 4.0), ("progress note", None, 2.5),
    ("history of present illness", None, 1.5), ("chief complaint", None, 1.0),
    ("review of systems", None, 1.5), ("delivery status", None, 4.0), ("undeliverable", None, 4.0),
    ("delivery failure", None, 4.0), ("invoice", None, 2.5), ("home health", None, 1.5),
];

/// Tells the kind and how sure that is.
pub fn tell(sheets: &[Sheet], fields: &BTreeMap<Field, Vec<Found>>) -> (DocumentKind, f32) {
    if fields.contains_key(&Field::ReturnCode) {
        return (DocumentKind::InfoReply, 0.95);
    }
    let lines = lines(sheets);
    let mut totals: Vec<(Speaks, f32)> = Vec::new();
    for (phrase, speaks, weight) in EVIDENCE {
        let weighed = weight * presence(&lines, phrase);
        if weighed > 0.0 {
            match totals.iter_mut().find(|(known, _)| known == speaks) {
                Some((_, total)) => *total += weighed,
                None => totals.push((*speaks, weighed)),
            }
        }
    }
    if has_what_a_referral_has(fields) {
        match totals
            .iter_mut()
            .find(|(known, _)| *known == Some(DocumentKind::Referral))
        {
            Some((_, total)) => *total += FILLED,
            None => totals.push((Some(DocumentKind::Referral), FILLED)),
        }
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
    let sure = |field: Field| {
        fields
            .get(&field)
            .and_then(|found| found.first())
            .is_some_and(|found| found.confidence >= 0.8)
    };
    sure(Field::PatientName)
        && sure(Field::ReferringProviderName)
        && sure(Field::SpecialtyRequested)
        && (sure(Field::ReasonText) || sure(Field::Icd10))
}

/// Every line folded, with what a phrase on it counts for.
fn lines(sheets: &[Sheet]) -> Vec<(String, f32)> {
    let mut out = Vec::new();
    for (page, sheet) in sheets.iter().enumerate() {
        for run in &sheet.runs {
            let title = run.top() < TITLE_ABOVE && run.text.chars().count() < 60;
            let bare = title && run.text.split_whitespace().count() <= BARE_WORDS;
            let weight = match (page, bare, title) {
                (0, true, _) => BARE_TITLE,
                (0, false, true) => TITLE,
                (0, false, false) => 1.0,
                _ => LATER_PAGE,
            };
            out.push((format!(" {} ", text::fold(&run.text)), weight));
        }
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
        || has(Field::ReferringProviderName);
    somebody && something
}
