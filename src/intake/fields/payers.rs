//! Insurers and public plans by name.
//!
//! Owns the names, the words that name a plan, and what tells a payer from other words. Must not know labels or pages.

use super::spelling;
use super::words::{Word, words};
use crate::domain::text;

/// Names that insurers and public plans go by in the United States (CMS and NAIC lists, the commonest; Medicaid
/// managed-care brands).
#[rustfmt::skip]
pub const PAYERS: &[&str] = &[
    "aetna", "cigna", "humana", "unitedhealthcare", "united healthcare", "united health care", "uhc", "umr",
    "optum", "medicare", "medicaid", "tricare", "champva", "blue cross", "bluecross", "blue shield",
    "blueshield", "bcbs", "anthem", "kaiser", "molina", "centene", "ambetter", "wellcare", "amerigroup",
    "amerihealth", "superior healthplan", "sunshine health", "healthfirst", "oscar", "bright health",
    "geha", "carefirst", "highmark", "independence", "premera", "regence", "horizon", "emblemhealth",
    "oxford", "medi cal", "medical assistance", "caresource", "buckeye", "healthnet", "health net",
    "peach state", "ahcccs", "tenncare", "masshealth", "upmc", "geisinger", "harvard pilgrim", "tufts",
    "fidelis", "priority health", "medica", "healthpartners", "scott and white", "scott white",
    "community health choice", "multiplan", "first health", "meritain", "allwell", "devoted", "alignment",
    "scan health", "va community care", "veterans affairs", "workers compensation", "workers comp",
    "self pay", "selfpay", "railroad medicare", "christus", "providence health plan", "selecthealth",
    "dean health", "quartz", "humana gold", "silverscript",
];

/// Whether a text names a payer of the list.
pub fn is_payer(raw: &str) -> bool {
    let words = spelling::mend(words(raw));
    let keys: Vec<&str> = words
        .iter()
        .filter(|word| !word.mark)
        .map(|word| word.key.as_str())
        .collect();
    let mended = format!(" {} ", keys.join(" "));
    let folded = format!(" {} ", text::fold(&raw.replace(['/', '&'], " ")));
    PAYERS.iter().any(|known| {
        let known = format!(" {known} ");
        folded.contains(&known) || mended.contains(&known)
    })
}

/// Words that payers add to their names for a plan.
#[rustfmt::skip]
const PLAN_WORDS: &[&str] = &[
    "gold", "silver", "bronze", "plus", "ppo", "hmo", "epo", "pos", "health", "healthcare", "community", "plan", "part",
    "a", "b", "c", "d", "advantage", "choice", "prime", "permanente", "insurance", "medicare", "medicaid", "select",
    "complete", "dual", "care", "state", "east", "west", "open", "access", "blue", "cross", "shield", "standard", "basic",
    "federal", "premier", "value",
];

/// How many words from here on name a payer of the list and perhaps its plan.
pub fn payer_at(words: &[Word], at: usize) -> Option<usize> {
    let name = payer_name(words, at)?;
    let plan = words
        .iter()
        .skip(at + name)
        .take_while(|word| PLAN_WORDS.contains(&word.key.as_str()));
    let length = name + plan.count();
    let of = words.get(at + length).is_some_and(|word| word.key == "of")
        && words.get(at + length + 1).is_some_and(|word| !word.mark);
    Some(length + if of { 2 } else { 0 })
}

/// Whether a text is the name of a payer of the list, with or without its plan, and nothing else.
pub fn is_payer_alone(raw: &str) -> bool {
    let words = spelling::mend(words(raw));
    payer_at(&words, 0) == Some(words.len()) && (words.len() > 1 || is_payer(raw))
}

fn payer_name(words: &[Word], at: usize) -> Option<usize> {
    let known = PAYERS.iter().filter(|known| {
        let parts = known.split(' ').enumerate();
        let mut parts =
            parts.map(|(offset, part)| words.get(at + offset).is_some_and(|word| word.key == part));
        parts.all(|same| same)
    });
    known.map(|known| known.split(' ').count()).max()
}

/// Kinds of plans, which name no payer.
const PLAN_TYPES: &[&str] = &[
    "hmo",
    "ppo",
    "epo",
    "pos",
    "hdhp",
    "commercial",
    "private",
    "managed care",
    "self",
    "government",
    "other",
    "yes",
    "no",
    "auto",
    "workers comp",
    "group",
    "individual",
    "primary",
    "see card",
];

/// Whether a text names a kind of plan and no payer.
pub fn is_plan_type(raw: &str) -> bool {
    PLAN_TYPES.contains(&text::fold(raw).as_str())
}
