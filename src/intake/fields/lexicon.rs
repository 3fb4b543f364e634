//! Words that the desk knows: specialties, payers, urgency, sex, kinds of practice.
//!
//! Owns the tables and their lookups. Must not know labels or pages.

use super::payers;
use super::spelling;
use super::words::{Word, words};
use crate::domain::text;

/// Specialties in their canonical names and the words that ask for them: the ABMS and AOA names, the practitioner's
/// noun, the desk's short forms. A form's `GI` and a letter's `gastroenterologist` are one specialty.
#[rustfmt::skip]
const SPECIALTIES: &[(&str, &[&str])] = &[
    ("Allergy & Immunology", &["allergy", "immunology", "allergist", "allergy immunology"]),
    ("Cardiology", &["cardiology", "cardiologist", "cardiac", "cardio", "cards", "cardiovascular", "heart vascular", "cardiovascular disease"]),
    ("Cardiothoracic Surgery", &["cardiothoracic surgery", "thoracic surgery", "ct surgery"]),
    ("Colorectal Surgery", &["colorectal surgery", "colon rectal surgery"]),
    ("Dermatology", &["dermatology", "dermatologist", "derm", "dermatologic", "skin cancer"]),
    ("Endocrinology", &["endocrinology", "endocrinologist", "endocrine", "endo", "diabetes endocrine", "diabetes endocrinology"]),
    ("Gastroenterology", &["gastroenterology", "gastroenterologist", "gi", "gastro", "gastroenterology gi", "digestive health"]),
    ("General Surgery", &["general surgery", "gen surg", "surgery"]),
    ("Geriatrics", &["geriatrics", "geriatric medicine"]),
    ("Gynecology", &["gynecology", "gynecologist", "obgyn", "ob gyn", "obstetrics", "gyn"]),
    ("Hematology/Oncology", &["hematology oncology", "hematology", "oncology", "hem onc", "heme onc", "hemonc", "hemeonc", "hematologist", "oncologist", "medical oncology", "hematology and oncology"]),
    ("Infectious Disease", &["infectious disease", "infectious diseases"]),
    ("Nephrology", &["nephrology", "nephrologist", "renal", "kidney"]),
    ("Neurology", &["neurology", "neurologist", "neuro", "neurosciences"]),
    ("Neurosurgery", &["neurosurgery", "neurosurgeon", "neurological surgery"]),
    ("Ophthalmology", &["ophthalmology", "ophthalmologist", "eye"]),
    ("Orthopedics", &["orthopedics", "orthopaedics", "orthopedic", "orthopaedic", "ortho", "orthopedic surgery", "orthopaedic surgery", "orthopedist", "orthopedic surgeon", "bone joint"]),
    ("Otolaryngology", &["otolaryngology", "ent", "ear nose throat", "ear nose and throat", "otolaryngologist", "otolaryngology ent", "ent otolaryngology"]),
    ("Pain Management", &["pain management", "pain medicine", "pain"]),
    ("Physical Medicine & Rehabilitation", &["physical medicine", "pmr", "physiatry", "physiatrist"]),
    ("Physical Therapy", &["physical therapy", "pt eval"]), ("Plastic Surgery", &["plastic surgery"]),
    ("Podiatry", &["podiatry", "podiatrist"]),
    ("Psychiatry", &["psychiatry", "psychiatrist", "behavioral health"]),
    ("Pulmonology", &["pulmonology", "pulmonologist", "pulmonary", "pulm", "pulmonary medicine", "pulmonary disease"]),
    ("Rheumatology", &["rheumatology", "rheumatologist", "rheum"]),
    ("Sleep Medicine", &["sleep medicine", "sleep"]),
    ("Urology", &["urology", "urologist", "uro", "urologic"]),
    ("Vascular Surgery", &["vascular surgery", "vascular surgeon"]),
];

/// Words of the table that mean a specialty only where one is expected: in prose they are organs and complaints.
#[rustfmt::skip]
const ONLY_LABELLED: &[&str] = &[
    "cardiac", "heart vascular", "renal", "kidney", "eye", "pain", "sleep", "endo", "surgery",
    "skin cancer", "gi", "neuro", "bone joint", "endocrine", "pulmonary", "digestive health", "cardio",
    "cards", "uro",
];

/// Every spelling of the tables of this file that may be misread.
pub fn spellings() -> impl Iterator<Item = &'static str> {
    let specialties = SPECIALTIES.iter().flat_map(|(_, spellings)| spellings.iter());
    specialties
        .chain(payers::PAYERS)
        .chain(PRACTICE)
        .copied()
        .chain(URGENCIES.iter().map(|(spelling, _)| *spelling))
}

/// The specialty that a label's value, or a whole short text, asks for.
pub fn specialty(raw: &str) -> Option<&'static str> {
    find_specialty(&spelling::mend(words(raw)), true).map(|(name, ..)| name)
}

/// Whether a text is a specialty's name and nothing else.
pub fn is_specialty_alone(raw: &str) -> bool {
    let words = spelling::mend(words(raw));
    let count = words.iter().filter(|word| !word.mark).count();
    find_specialty(&words, true).is_some_and(|(_, start, end)| {
        words
            .iter()
            .filter(|word| !word.mark && word.start >= start && word.end <= end)
            .count()
            == count
    })
}

/// The first specialty in a text's words: canonical name, first and one past the last character.
pub fn find_specialty(words: &[Word], labelled: bool) -> Option<(&'static str, usize, usize)> {
    let words: Vec<&Word> = words.iter().filter(|word| !word.mark).collect();
    for at in 0..words.len() {
        let mut best: Option<(usize, &'static str)> = None;
        for (name, spellings) in SPECIALTIES {
            for spelling in *spellings {
                if (labelled || !ONLY_LABELLED.contains(spelling)) && begins(&words, at, spelling) {
                    let length = spelling.split(' ').count();
                    if best.is_none_or(|(longest, _)| length > longest) {
                        best = Some((length, name));
                    }
                }
            }
        }
        if let Some((length, name)) = best {
            let (first, last) = (words.get(at)?, words.get(at + length - 1)?);
            return Some((name, first.start, last.end));
        }
    }
    None
}

fn begins(words: &[&Word], at: usize, phrase: &str) -> bool {
    phrase
        .split(' ')
        .enumerate()
        .all(|(offset, part)| words.get(at + offset).is_some_and(|word| word.key == part))
}

/// Urgency as the sender listed it. `Emergent` is stat: the patient cannot wait for a queue.
#[rustfmt::skip]
const URGENCIES: &[(&str, &str)] = &[
    ("stat", "stat"), ("emergent", "stat"), ("emergency", "stat"), ("emergently", "stat"),
    ("immediate", "stat"), ("immediately", "stat"), ("critical", "stat"), ("asap", "asap"),
    ("as soon as possible", "asap"), ("urgent", "urgent"), ("urgently", "urgent"), ("expedited", "urgent"),
    ("expedite", "urgent"), ("high", "urgent"), ("priority", "urgent"), ("semi urgent", "urgent"),
    ("routine", "routine"), ("elective", "routine"), ("standard", "routine"), ("non urgent", "routine"),
    ("nonurgent", "routine"), ("not urgent", "routine"), ("normal", "routine"), ("regular", "routine"),
];

/// Words that mean an urgency only in its box or behind its label.
#[rustfmt::skip]
const NOT_IN_PROSE: &[&str] = &[
    "immediate", "immediately", "critical", "high", "priority", "standard", "normal", "regular",
    "emergency", "elective", "expedite",
];

/// The urgency that a label's value or a ticked option names, from its first words.
pub fn urgency(raw: &str) -> Option<&'static str> {
    let words = spelling::mend(words(raw));
    let words: Vec<&Word> = words.iter().filter(|word| !word.mark).collect();
    (0..words.len().min(3)).find_map(|at| {
        URGENCIES
            .iter()
            .filter(|(spelling, _)| begins(&words, at, spelling))
            .max_by_key(|(spelling, _)| spelling.len())
            .map(|(_, value)| *value)
    })
}

/// Urgency words of a sentence, with their places, that are not negated or part of something else.
pub fn urgencies_in(words: &[Word]) -> Vec<(&'static str, usize, usize)> {
    let words: Vec<&Word> = words.iter().filter(|word| !word.mark).collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let found = URGENCIES
            .iter()
            .filter(|(spelling, _)| !NOT_IN_PROSE.contains(spelling) && begins(&words, at, spelling))
            .max_by_key(|(spelling, _)| spelling.len());
        let Some((spelling, value)) = found else {
            at += 1;
            continue;
        };
        let length = spelling.split(' ').count();
        let near = |offset: isize| {
            at.checked_add_signed(offset)
                .and_then(|at| words.get(at))
                .map_or("", |word| word.key.as_str())
        };
        let other = near(length as isize) == "care"
            || near(length as isize) == "clinic"
            || near(-1) == "if"
            || near(-1) == "genitourinary"
            || near(length as isize) == "eeg";
        if let (false, Some(first), Some(last)) = (other, words.get(at), words.get(at + length - 1)) {
            out.push((*value, first.start, last.end));
        }
        at += length;
    }
    out
}

/// `F`, `M` or `X` for the ways a sex is written in a field.
pub fn sex(raw: &str) -> Option<&'static str> {
    let first = words(raw).into_iter().find(|word| !word.mark)?;
    match first.key.as_str() {
        "f" | "female" | "woman" | "w" | "girl" | "fem" | "lady" | "femaie" | "fernale" => Some("F"),
        "m" | "male" | "man" | "boy" | "gentleman" | "rnale" | "maie" => Some("M"),
        "x" | "nonbinary" | "other" | "unspecified" => Some("X"),
        // A letter too many or too few: `femiale`.
        key if key.starts_with("fem") && key.len() <= 8 => Some("F"),
        _ => None,
    }
}

/// Words that a practice's, clinic's or hospital's name carries.
#[rustfmt::skip]
const PRACTICE: &[&str] = &[
    "clinic", "clinics", "center", "centre", "associates", "physicians", "medical", "health", "healthcare",
    "hospital", "institute", "group", "practice", "pediatrics", "medicine", "care", "partners",
    "specialists", "network", "llc", "pllc", "pc", "pa", "inc", "family", "wellness", "urgent", "surgery",
    "surgical", "cardiology", "dermatology", "neurology", "urology", "orthopedics", "nephrology",
    "rheumatology", "gastroenterology", "endocrinology", "pulmonary", "oncology", "doctors", "consultants",
    "services", "cancer", "heart", "vascular", "kidney", "bone", "joint", "endocrine", "arthritis",
    "neurosciences", "community", "internal", "womens", "women", "mens", "men", "childrens", "children", "primary",
];

/// Of these, one is enough.
#[rustfmt::skip]
const PRACTICE_SURE: &[&str] = &[
    "clinic", "clinics", "associates", "physicians", "hospital", "institute", "pediatrics", "specialists",
    "llc", "pllc", "healthcare", "consultants", "partners", "practice",
];

/// Words that a title or heading carries and a practice's name does not.
#[rustfmt::skip]
const TITLE: &[&str] = &[
    "form", "referral", "request", "information", "report", "notice", "record", "records", "history",
    "summary", "patient", "fax", "cover", "sheet", "letter", "confidential", "confidentiality",
    "authorization", "page", "please", "insurance", "reason", "provider", "details", "demographics", "date",
    "order", "results", "note", "consultation", "referred", "referring", "this", "your", "our", "completed",
    "attention", "plan", "visit", "history", "diagnosis", "no", "is", "was", "has", "not",
];

/// Whether a short text looks like the name of a practice.
pub fn is_practice(raw: &str) -> bool {
    let words: Vec<Word> = spelling::mend(words(raw))
        .into_iter()
        .filter(|word| !word.mark)
        .collect();
    let count = |table: &[&str]| {
        words
            .iter()
            .filter(|word| table.contains(&word.key.as_str()))
            .count()
    };
    let enough = count(PRACTICE) >= 2 || count(PRACTICE_SURE) >= 1;
    let letters = raw.chars().filter(|c| c.is_alphabetic()).count();
    (2..=9).contains(&words.len())
        && enough
        && count(TITLE) == 0
        && raw.chars().next().is_some_and(char::is_uppercase)
        && letters * 10 >= raw.chars().filter(|c| !c.is_whitespace()).count() * 8
        && (abbreviated(raw) || !raw.trim_end().ends_with(['.', '?', ':']))
}

/// Whether a name's full stop at the end is that of a legal form.
fn abbreviated(raw: &str) -> bool {
    ["P.A.", "P.C.", "Inc.", "L.L.C.", "Co.", "Ltd.", "Assoc.", "S.C."]
        .iter()
        .any(|form| raw.trim_end().ends_with(form))
}

/// What people write where they have nothing to write.
#[rustfmt::skip]
const BLANKS: &[&str] = &[
    "", "na", "n a", "none", "same", "unknown", "tbd", "pending", "not available", "not provided",
    "not applicable", "see attached", "attached", "see below", "see above", "see face sheet",
    "see demographics", "declined", "not on file", "none on file", "not given", "blank", "nil", "x", "unk",
    "to follow", "see chart", "same as above", "not required", "not needed", "none required",
    "same as patient",
];

/// Whether a value says that there is none.
pub fn is_blank(raw: &str) -> bool {
    BLANKS.contains(&text::fold(&raw.replace(['/', '.', '_', '*'], " ")).trim())
}

/// Languages by name and their BCP 47 primary tags (IANA registry): those that US practices list most.
#[rustfmt::skip]
const LANGUAGES: &[(&str, &str)] = &[
    ("english", "en"), ("spanish", "es"), ("espanol", "es"), ("chinese", "zh"), ("mandarin", "zh"),
    ("cantonese", "yue"), ("vietnamese", "vi"), ("tagalog", "tl"), ("korean", "ko"), ("russian", "ru"),
    ("arabic", "ar"), ("french", "fr"), ("haitian", "ht"), ("creole", "ht"), ("portuguese", "pt"),
    ("polish", "pl"), ("german", "de"), ("italian", "it"), ("japanese", "ja"), ("hindi", "hi"),
    ("urdu", "ur"), ("farsi", "fa"), ("persian", "fa"), ("somali", "so"), ("hmong", "hmn"),
    ("nepali", "ne"), ("punjabi", "pa"), ("bengali", "bn"), ("gujarati", "gu"), ("amharic", "am"),
    ("ukrainian", "uk"), ("swahili", "sw"), ("asl", "ase"), ("navajo", "nv"), ("armenian", "hy"),
];

/// A language's tag.
pub fn language(raw: &str) -> Option<&'static str> {
    let words = words(raw);
    words.iter().find_map(|word| {
        LANGUAGES
            .iter()
            .find(|(name, _)| *name == word.key)
            .map(|(_, tag)| *tag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specialties_have_one_name() {
        for (raw, name) in [
            ("Derm", "Dermatology"),
            ("ORTHO", "Orthopedics"),
            ("GASTROENTEROLOGY (GI)", "Gastroenterology"),
            ("Heme/Onc", "Hematology/Oncology"),
            ("ENT", "Otolaryngology"),
            ("Orthopedic Surgery", "Orthopedics"),
        ] {
            assert_eq!(specialty(raw), Some(name), "{raw}");
        }
        assert_eq!(specialty("knee pain clinic"), Some("Pain Management"));
        assert_eq!(
            find_specialty(&words("worse renal function and pain"), false),
            None
        );
    }

    #[test]
    fn urgency_words_keep_their_sense() {
        assert_eq!(urgency("STAT"), Some("stat"));
        assert_eq!(urgency("Standard (Non-urgent)"), Some("routine"));
        assert_eq!(urgency("Emergent - same day"), Some("stat"));
        let found = |text: &str| {
            urgencies_in(&words(text))
                .into_iter()
                .map(|found| found.0)
                .collect::<Vec<_>>()
        };
        assert_eq!(found("I consider this an emergent referral"), ["stat"]);
        assert!(found("seen at Silver Creek Urgent Care").is_empty());
        assert_eq!(found("this is not urgent"), ["routine"]);
    }

    #[test]
    fn payers_and_practices_are_told_from_prose() {
        use payers::is_payer;
        assert!(
            is_payer("UHC Medicare Advantage")
                && is_payer("Blue Cross Blue Shield of Texas")
                && !is_payer("right knee pain")
        );
        assert!(
            is_practice("Clearwater Physicians, LLC")
                && is_practice("SILVER CREEK URGENT CARE")
                && is_practice("Riverbend Health Partners - Tucson")
        );
        assert!(
            !is_practice("PATIENT REFERRAL FORM")
                && !is_practice("Please send to our clinic today")
                && !is_practice("Reason for care")
        );
    }
}
