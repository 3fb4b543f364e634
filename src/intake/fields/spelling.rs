//! Words as they were meant: look-alikes that the recogniser mistook, and words that lost the space between them.
//!
//! Owns the classes of look-alikes and the set of words that labels, specialties and payers are made of. Must not know what
//! the words mean.

use super::lexicon;
use super::vocabulary::{PARTIES, PROVIDERS, TAILS, TOPICS, WHICH};
use super::words::Word;
use crate::intake::evidence::EVIDENCE;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// Shorter words have too many neighbours.
const LEAST: usize = 3;
/// Of the shortest words, those that letters alone may be misread for; others are too near to names.
const BRIEF: &[&str] = &[
    "fax", "tel", "dob", "npi", "icd", "cpt", "sex", "zip", "grp", "ins", "pcp", "for",
];
/// Two words that ran together are at least this long.
const LEAST_PAIR: usize = 7;

struct Known {
    words: HashSet<&'static str>,
    /// By skeleton; `None` where two words share one.
    skeletons: HashMap<String, Option<&'static str>>,
}

fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let phrases = TOPICS
            .iter()
            .map(|entry| entry.0)
            .chain(PARTIES.iter().map(|entry| entry.0))
            .chain(WHICH.iter().chain(PROVIDERS).chain(TAILS).copied())
            .chain(lexicon::spellings())
            .chain(
                EVIDENCE
                    .iter()
                    .flat_map(|(_, phrases)| phrases.iter().map(|(phrase, _)| *phrase)),
            );
        let words: HashSet<&'static str> = phrases.flat_map(|phrase| phrase.split(' ')).collect();
        let mut skeletons: HashMap<String, Option<&'static str>> = HashMap::new();
        for word in words.iter().filter(|word| word.len() >= LEAST) {
            skeletons
                .entry(skeleton(word))
                .and_modify(|known| *known = None)
                .or_insert(Some(word));
        }
        Known { words, skeletons }
    })
}

/// A word with every letter replaced by the head of its class of look-alikes: what a worn fax leaves of it. The classes are
/// those that the recogniser was seen to confuse.
fn skeleton(word: &str) -> String {
    word.replace("rn", "m")
        .chars()
        .map(|c| match c {
            '0' | 'o' | 'q' | 'd' | 'a' => 'o',
            '1' | 'l' | 'i' | 't' | 'f' | 'j' => 'l',
            '5' | 's' => 's',
            '8' | 'b' | '3' | 'h' => 'b',
            '2' | 'z' => 'z',
            '6' | 'g' | '9' => 'g',
            'c' | 'e' => 'e',
            'u' | 'v' | 'y' => 'u',
            'n' | 'r' => 'n',
            other => other,
        })
        .collect()
}

/// Whether two words look alike.
pub fn alike(a: &str, b: &str) -> bool {
    skeleton(a) == skeleton(b)
}

/// A word that lost a letter is at least this long, so that few others are as near.
const LEAST_LOSSY: usize = 4;

/// The only known word that a word becomes by a letter put between its first and its last: `bith`, `emil`.
fn lost_letter(key: &str) -> Option<&'static str> {
    let known = known();
    if key.len() < LEAST_LOSSY || !key.bytes().all(|c| c.is_ascii_lowercase()) {
        return None;
    }
    let mut all = known.words.iter().filter(|word| {
        word.len() == key.len() + 1 && {
            let same = word.bytes().zip(key.bytes()).take_while(|(a, b)| a == b).count();
            same > 0 && same < key.len() && word.get(same + 1..) == key.get(same..)
        }
    });
    let first = all.next().copied()?;
    all.next().is_none().then_some(first)
}

/// The known word that a misread one stands for.
fn meant(key: &str) -> Option<&'static str> {
    let known = known();
    if key.len() < LEAST || known.words.contains(key) || key.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    known
        .skeletons
        .get(&skeleton(key))
        .copied()
        .flatten()
        // `Lee` is a name and no misread `ICE`.
        .filter(|word| {
            key.len() > LEAST || key.contains(|c: char| c.is_ascii_digit()) || BRIEF.contains(word)
        })
        .or_else(|| lost_letter(key))
}

/// Two known words that ran together.
fn parted(key: &str) -> Option<(&'static str, &'static str)> {
    let known = known();
    if key.len() < LEAST_PAIR || known.words.contains(key) || !key.is_ascii() {
        return None;
    }
    (2..=key.len().saturating_sub(2)).find_map(|at| {
        let (first, second) = key.split_at_checked(at)?;
        Some((*known.words.get(first)?, *known.words.get(second)?))
    })
}

/// The known word of which two pieces were torn apart: `Of fice`, `N o`.
fn torn(before: &Word, word: &Word) -> Option<&'static str> {
    let known = known();
    let pieces = [&before.key, &word.key];
    let unknown = pieces
        .iter()
        .filter(|key| !known.words.contains(key.as_str()))
        .count();
    let letters = pieces.iter().all(|key| key.len() == 1);
    if before.mark || word.mark || word.start != before.end + 1 || unknown == 0 && !letters {
        return None;
    }
    let whole = format!("{}{}", before.key, word.key);
    let long = whole.len() >= 5 || letters && whole == "no";
    known.words.get(whole.as_str()).copied().filter(|_| long)
}

/// A run's words with the known ones put right; places stay those of the run.
pub fn mend(words: Vec<Word>) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::with_capacity(words.len());
    for mut word in words {
        if let Some(whole) = out.last().and_then(|before| torn(before, &word)) {
            if let Some(before) = out.last_mut() {
                before.key = whole.to_owned();
                before.end = word.end;
            }
        } else if word.mark {
            out.push(word);
        } else if let Some((first, second)) = parted(&word.key) {
            let middle = (word.start + first.len()).min(word.end);
            let mut rest = word.clone();
            rest.key = second.to_owned();
            rest.start = middle;
            word.key = first.to_owned();
            word.end = middle;
            out.push(word);
            out.push(rest);
        } else {
            if let Some(meant) = meant(&word.key) {
                word.key = meant.to_owned();
            }
            out.push(word);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    #[test]
    fn misread_and_joined_words_are_put_right() {
        let keys = |text: &str| {
            mend(words(text))
                .into_iter()
                .map(|word| word.key)
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(keys("Reterred by:"), "referred by :");
        assert_eq!(keys("PatientName: Ann"), "patient name : ann");
        assert_eq!(keys("0ffice ph0ne"), "office phone");
        assert_eq!(keys("Of fice tel"), "office tel");
        assert_eq!(keys("Policy N o."), "policy no");
        assert_eq!(keys("N.P.1.#"), "npi #");
        assert_eq!(keys("Cardio1ogy"), "cardiology");
        assert_eq!(keys("Date of Bith: 1"), "date of birth : 1");
        // Known words are never changed into others, and what nobody knows stays.
        assert_eq!(keys("fax tax Szymanski Lee 12345"), "fax tax szymanski lee 12345");
    }
}
