//! People's names in the orders that forms and letters write them in.
//!
//! Owns titles, credentials, suffixes, particles and the two-surname rule. Must not know who the person is.

use super::name_lists::{GIVEN, NOT_NAMES, SURNAMES};
use crate::domain::text;

/// A person's name in parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// Family name, all of it.
    pub family: String,
    /// Given names and initials, then a suffix such as `Jr`.
    pub given: String,
    /// Credentials as `MD`, `FNP-C`.
    pub credentials: Vec<String>,
    /// Whether family and given name could be told apart with certainty.
    pub sure: bool,
}

impl Person {
    /// `Given Family, Credentials`.
    pub fn signed(&self) -> String {
        let mut out = text::squeeze(&format!("{} {}", self.given, self.family));
        for credential in &self.credentials {
            out.push_str(", ");
            out.push_str(credential);
        }
        out
    }

    /// Whether both can be the same person: one family name, and given names that do not contradict each other.
    pub fn agrees(&self, other: &Person) -> bool {
        let tokens = |person: &Person| -> Vec<String> {
            let mut all: Vec<String> = text::fold(&format!("{} {}", person.given, person.family))
                .split(' ')
                .map(str::to_owned)
                .collect();
            all.retain(|token| token.chars().count() > 1);
            all.sort();
            all
        };
        let (ours, theirs) = (tokens(self), tokens(other));
        let (few, many) = if ours.len() <= theirs.len() {
            (ours, theirs)
        } else {
            (theirs, ours)
        };
        few.len() >= 2 && few.iter().all(|token| many.contains(token))
    }
}

const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "mx", "dr", "doctor", "prof", "sr dr", "pt", "patient",
];

const SUFFIXES: &[&str] = &["jr", "sr", "ii", "iii", "iv"];

/// Credentials of US practitioners (as NPPES lists them), without dots and hyphens, and how they are written.
#[rustfmt::skip]
const CREDENTIALS: &[(&str, &str)] = &[
    ("md", "MD"), ("do", "DO"), ("np", "NP"), ("pa", "PA"), ("pac", "PA-C"), ("fnp", "FNP"),
    ("fnpc", "FNP-C"), ("fnpbc", "FNP-BC"), ("agnp", "AGNP"), ("agnpc", "AGNP-C"), ("aprn", "APRN"),
    ("arnp", "ARNP"), ("crnp", "CRNP"), ("cnp", "CNP"), ("dnp", "DNP"), ("anp", "ANP"), ("anpbc", "ANP-BC"),
    ("cnm", "CNM"), ("cns", "CNS"), ("phd", "PhD"), ("mph", "MPH"), ("mba", "MBA"), ("facp", "FACP"),
    ("facc", "FACC"), ("facs", "FACS"), ("faafp", "FAAFP"), ("faap", "FAAP"), ("facog", "FACOG"),
    ("mbbs", "MBBS"), ("dpm", "DPM"), ("od", "OD"), ("dds", "DDS"), ("dmd", "DMD"), ("rn", "RN"),
    ("bsn", "BSN"), ("msn", "MSN"), ("lcsw", "LCSW"), ("psyd", "PsyD"), ("pharmd", "PharmD"), ("dc", "DC"),
    ("ma", "MA"), ("cma", "CMA"), ("rma", "RMA"), ("lpn", "LPN"), ("mhs", "MHS"), ("mpas", "MPAS"),
    ("dscpas", "DScPAS"), ("esq", "Esq"), ("bc", "BC"), ("mbchb", "MBChB"), ("msc", "MSc"), ("ms", "MS"),
];

/// Credentials of those who may refer; an assistant or nurse signs for somebody else.
const REFERS: &[&str] = &[
    "MD", "DO", "NP", "PA", "PA-C", "FNP", "FNP-C", "FNP-BC", "AGNP", "AGNP-C", "APRN", "ARNP", "CRNP",
    "CNP", "DNP", "ANP", "ANP-BC", "CNM", "CNS", "DPM", "OD", "DDS", "DMD", "DC", "MBBS", "MBChB", "PhD",
    "PsyD", "LCSW",
];

/// Particles that begin a family name.
const PARTICLES: &[&str] = &[
    "de", "del", "la", "las", "los", "dos", "das", "da", "di", "du", "le", "van", "von", "der", "den", "ter",
    "ten", "st", "saint", "el", "al", "bin", "ibn", "abu", "mac", "mc", "san", "santa", "della", "lo",
];

/// Second halves of given names such as `María del Carmen` and `María de los Ángeles`.
const DEVOTIONAL: &[&str] = &[
    "carmen", "pilar", "rosario", "socorro", "ángeles", "angeles", "jesús", "jesus", "mar", "luz", "refugio",
];

fn is_given(word: &str) -> bool {
    GIVEN.contains(&text::fold(word).as_str())
}

fn key(word: &str) -> String {
    word.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A credential in its usual spelling.
pub fn credential(word: &str) -> Option<&'static str> {
    let key = key(word);
    // `Ms` is a title, `Do` and `Ma` are names: as credentials they stand in capitals.
    let short = matches!(
        key.as_str(),
        "do" | "ma" | "ms" | "od" | "pa" | "np" | "dc" | "bc"
    );
    let capitals = !word.chars().any(char::is_lowercase);
    CREDENTIALS
        .iter()
        .find(|(known, _)| *known == key && (!short || capitals))
        .map(|(_, written)| *written)
}

/// Whether any of the credentials lets a person refer.
pub fn refers(credentials: &[String]) -> bool {
    credentials
        .iter()
        .any(|credential| REFERS.contains(&credential.as_str()))
}

/// Reads a whole text as one person's name; `None` where it is not one. Digits among a name's letters are look-alikes of
/// letters, and such a reading is never sure.
pub fn person(raw: &str) -> Option<Person> {
    if !raw.chars().any(|c| c.is_ascii_digit()) {
        return plain_person(raw);
    }
    let lettered: String = raw
        .split(' ')
        .map(|word| {
            let digits = word.chars().filter(char::is_ascii_digit).count();
            let letters = word.chars().filter(|c| c.is_alphabetic()).count();
            if digits == 0 || letters < 2 * digits {
                return word.to_owned();
            }
            word.chars()
                .map(|c| match c {
                    '0' => 'O',
                    '1' => 'I',
                    '2' => 'Z',
                    '3' | '8' => 'B',
                    '4' => 'A',
                    '5' => 'S',
                    '6' => 'G',
                    other => other,
                })
                .collect()
        })
        .collect::<Vec<String>>()
        .join(" ");
    let who = plain_person(&lettered)?;
    Some(Person { sure: false, ..who })
}

fn plain_person(raw: &str) -> Option<Person> {
    let raw = raw.trim().trim_matches(['.', ',', ';', '"', '*']);
    // A worn comma reads as a full stop: `PAPADOPOULOS. Jean M.`
    let stopped = raw.split_once(". ").filter(|(family, _)| {
        !raw.contains(',')
            && family
                .split(' ')
                .next_back()
                .is_some_and(|last| last.chars().count() >= 4)
            && family
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | ' '))
            && !TITLES.contains(&key(family).as_str())
            && !SUFFIXES.contains(&key(family).as_str())
    });
    let inverted = stopped.map(|(family, given)| format!("{family}, {given}"));
    let raw = inverted.as_deref().unwrap_or(raw);
    let plain: String = match raw.split_once('(') {
        Some((before, _)) => before.to_owned(),
        None => raw.to_owned(),
    };
    let mut credentials: Vec<String> = Vec::new();
    let mut suffix = String::new();
    let mut parts: Vec<Vec<String>> = Vec::new();
    for part in plain.split(',') {
        let mut kept: Vec<String> = Vec::new();
        for word in part.split_whitespace() {
            let folded = key(word);
            let may_be_credential = !kept.is_empty() || !parts.is_empty();
            if let Some(known) = credential(word).filter(|_| may_be_credential) {
                credentials.push(known.to_owned());
            } else if SUFFIXES.contains(&folded.as_str()) && may_be_credential {
                suffix = tidy(word.trim_matches('.'));
            } else if !(TITLES.contains(&folded.as_str()) && kept.is_empty() && parts.is_empty()) {
                kept.push(word.to_owned());
            }
        }
        if !kept.is_empty() {
            parts.push(kept);
        }
    }
    let (family, mut given, sure) = match parts.as_slice() {
        [family, given] => (family.clone(), given.clone(), true),
        [all] => match all.as_slice() {
            // `ISHIKAWA Kathryn`: only the last word is a given name, so a comma was lost; nobody is sure of that.
            [family, given] if is_given(given) && !is_given(family) => {
                (vec![family.clone()], vec![given.clone()], false)
            }
            _ => split(all)?,
        },
        _ => return None,
    };
    let every: Vec<&String> = family.iter().chain(&given).collect();
    if every.len() > 6 || family.is_empty() || given.is_empty() || !every.iter().all(|word| name_word(word)) {
        return None;
    }
    // A letter alone is no family name, and an inverted name begins with more than an initial.
    if family.iter().all(|word| key(word).chars().count() < 2) {
        return None;
    }
    if !suffix.is_empty() {
        given.push(suffix);
    }
    let join = |words: &[String]| words.iter().map(|word| tidy(word)).collect::<Vec<_>>().join(" ");
    Some(Person {
        family: join(&family),
        given: join(&given),
        credentials,
        sure,
    })
}

/// Whether the words behind a title may all be family names: `Dos Santos`, `Hernández Rivera`.
pub fn families_only(raw: &str) -> bool {
    let words: Vec<String> = raw.split_whitespace().map(text::fold).collect();
    words.len() < 2
        || words
            .first()
            .is_some_and(|first| PARTICLES.contains(&first.as_str()))
        || words.len() == 2 && words.iter().all(|word| SURNAMES.contains(&word.as_str()))
}

/// Given names and family name of a name in speaking order.
fn split(all: &[String]) -> Option<(Vec<String>, Vec<String>, bool)> {
    if all.len() < 2 {
        return None;
    }
    let word = |at: usize| all.get(at).map(|word| key(word)).unwrap_or_default();
    // `María del Carmen Ortiz`: the particle belongs to the given name, and a surname is still to come.
    let devotional = |at: usize| {
        (at + 1..at + 3).any(|next| DEVOTIONAL.contains(&word(next).as_str()) && next + 1 < all.len())
    };
    let last = all.len().saturating_sub(1);
    let particle = (1..last).find(|at| {
        PARTICLES.contains(&word(*at).as_str()) && !devotional(*at) && !(*at > 1 && devotional(*at - 1))
    });
    let surname = |back: usize| {
        all.len()
            .checked_sub(back)
            .and_then(|at| all.get(at))
            .is_some_and(|word| SURNAMES.contains(&text::fold(word).as_str()))
    };
    let middle_initial = all.get(1).is_some_and(|word| key(word).chars().count() == 1);
    let (at, sure) = match particle {
        Some(at) => (at, true),
        None if all.len() >= 3 && surname(1) && surname(2) => (all.len() - 2, all.len() > 3),
        None => (all.len() - 1, all.len() == 2 || all.len() == 3 && middle_initial),
    };
    let (given, family) = all.split_at_checked(at)?;
    Some((family.to_vec(), given.to_vec(), sure))
}

fn name_word(word: &str) -> bool {
    let folded = key(word);
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let shaped = word
        .chars()
        .all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.' | '`'))
        && letters > 0;
    let begins = word.chars().next().is_some_and(char::is_uppercase) || PARTICLES.contains(&folded.as_str());
    shaped && begins && word.chars().count() <= 24 && !NOT_NAMES.contains(&folded.as_str())
}

/// Initials without their stop, and capitals as people write them where the form shouts: `O'NEILL-CARTER` becomes `O'Neill-Carter`, `MCDANIEL` `McDaniel`.
pub fn tidy(word: &str) -> String {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    if letters.len() == 1 {
        return word.trim_matches('.').to_owned();
    }
    if letters.len() < 2 || letters.iter().any(|c| c.is_lowercase()) {
        return word.to_owned();
    }
    if SUFFIXES.contains(&key(word).as_str()) && key(word).starts_with('i') {
        return word.to_owned();
    }
    let mut out = String::new();
    let mut fresh = true;
    for c in word.chars() {
        if fresh || out.ends_with("Mc") && letters.len() > 4 {
            out.extend(c.to_uppercase());
        } else {
            out.extend(c.to_lowercase());
        }
        fresh = !c.is_alphabetic();
    }
    if PARTICLES.contains(&key(word).as_str()) && matches!(key(word).as_str(), "van" | "der" | "den" | "von")
    {
        out.to_lowercase()
    } else {
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_every_order() {
        let table = [
            ("Cheryl Carter", "Carter", "Cheryl", ""),
            ("HARGROVE, JENNIFER", "Hargrove", "Jennifer", ""),
            ("DOS SANTOS, INGRID K MD", "Dos Santos", "Ingrid K", "MD"),
            ("Mr. Kwame R. Dos Santos", "Dos Santos", "Kwame R", ""),
            ("Haddad, Janet D, CNM", "Haddad", "Janet D", "CNM"),
            ("Smith-Jones PA-C, Gary", "Smith-Jones", "Gary", "PA-C"),
            ("PERRY,JOSÉ J", "Perry", "José J", ""),
            ("Maria Garcia Lopez", "Garcia Lopez", "Maria", ""),
            (
                "Cynthia Isabella Hernández Rivera",
                "Hernández Rivera",
                "Cynthia Isabella",
                "",
            ),
            ("SMITH-JONES SR., FRANK H.", "Smith-Jones", "Frank H Sr", ""),
            ("Søren T. van der Berg", "van der Berg", "Søren T", ""),
            ("Maria del Carmen Ortiz", "Ortiz", "Maria del Carmen", ""),
            ("Ana de los Reyes", "de los Reyes", "Ana", ""),
            ("Ashley James, M.D.", "James", "Ashley", "MD"),
            ("Stephanie Nguyen, MD, PhD", "Nguyen", "Stephanie", "MD PhD"),
            ("Dr. Sean O'NEILL-CARTER", "O'Neill-Carter", "Sean", ""),
        ];
        for (raw, family, given, credentials) in table {
            let person = person(raw).unwrap_or_else(|| panic!("{raw}"));
            assert_eq!(
                (
                    person.family.as_str(),
                    person.given.as_str(),
                    person.credentials.join(" ").as_str()
                ),
                (family, given, credentials),
                "{raw}"
            );
        }
    }

    #[test]
    fn what_is_no_name_is_none() {
        for raw in [
            "",
            "Carter",
            "Patient Information",
            "12 Main St",
            "Self",
            "Valley Medical Center",
            "Right knee pain, chronic",
            "MD, DO",
            "J. K.",
        ] {
            assert_eq!(person(raw), None, "{raw}");
        }
    }

    #[test]
    fn one_person_written_two_ways_agrees() {
        let person = |raw| person(raw).unwrap();
        assert!(person("Amy Ruiz").agrees(&person("RUIZ, AMY B")));
        assert!(!person("Amy Ruiz").agrees(&person("RUIZ, ANNA")));
    }
}
