//! The reading of words as a label's: `[whose] [which] what [tail]`.
//!
//! Owns the grammar and the look-up in the vocabulary. Must not know what follows a label.

use super::payers;
use super::vocabulary::{
    OFFICE, PARTIES, PRIVATE, PROVIDERS, Party, SECOND_CHOICE, TAILS, TOPICS, Topic, WHICH,
};
use super::words::Word;

/// So many spaces part a label from what is no part of it.
const GAP: usize = 2;

/// What the words of a label say.
pub struct Phrase {
    /// What.
    pub topic: Option<Topic>,
    /// Whose.
    pub party: Option<Party>,
    /// The word after it.
    pub next: usize,
    /// Whether it names an alternative.
    pub second: bool,
    /// Whether it says that it is private.
    pub private: bool,
    /// Whether it says that it is a practice's.
    pub office: bool,
    /// Whether it names a practitioner.
    pub provider: bool,
    /// Whether it is a signature's.
    pub signature: bool,
    /// The words, from the first to before the last, that name a payer (`Cigna ID`).
    pub payer: Option<(usize, usize)>,
}

/// Reads `[whose] [which] what [tail]` at a word.
pub fn read(words: &[Word], at: usize) -> Option<Phrase> {
    let mut found = Phrase {
        topic: None,
        party: None,
        next: at,
        second: false,
        private: false,
        office: false,
        provider: false,
        signature: false,
        payer: None,
    };
    if let Some(card) = card(words, at) {
        return Some(card);
    }
    let mut next = at;
    let mut provider_only = false;
    for _ in 0..10 {
        // A label does not reach over a gap.
        let gap = next > at
            && words
                .get(next)
                .zip(words.get(next - 1))
                .is_some_and(|(word, before)| word.start >= before.end + GAP);
        if gap {
            break;
        }
        let joiner = words
            .get(next)
            .is_some_and(|word| matches!(word.key.as_str(), "/" | "&" | "-" | "and" | "or" | "of" | "the"));
        if joiner && next > at {
            next += 1;
            continue;
        }
        // `Office fax`: a word that may be a topic of its own says which where another topic follows.
        let topic = phrase(words, next, TOPICS).filter(|(_, length)| {
            let says_which = *length == 1
                && words
                    .get(next)
                    .is_some_and(|word| WHICH.contains(&word.key.as_str()));
            !(says_which
                && phrase(words, next + 1, TOPICS)
                    .is_some_and(|(topic, _)| topic != Topic::Other && topic != Topic::Name))
        });
        let party = phrase(words, next, PARTIES);
        let which = words
            .get(next)
            .map(|word| word.key.as_str())
            .filter(|key| WHICH.contains(key) || PROVIDERS.contains(key));
        // The longest reading wins; at equal length the party, as it is the more particular in front of a topic.
        match (topic, party) {
            (Some((topic, length)), party)
                if party.is_none_or(|(_, other)| {
                    length > other || length == other && !followed(words, next + other)
                }) =>
            {
                // `Phone Fax`: the first of two topics rules unless the second makes it more particular.
                let more = found.topic.is_none()
                    || matches!(
                        found.topic,
                        Some(Topic::Name | Topic::Org | Topic::Heading | Topic::Payer)
                    )
                    || topic == Topic::Heading;
                let private = words
                    .get(next)
                    .is_some_and(|word| PRIVATE.contains(&word.key.as_str()));
                if found.topic.is_some()
                    && !more
                    && found.topic != Some(topic)
                    && !joined(words, next)
                    && topic != Topic::Other
                {
                    break;
                }
                if more {
                    found.topic = Some(match (found.topic, topic) {
                        (Some(Topic::Payer), Topic::Name) => Topic::Payer,
                        (Some(Topic::Org), Topic::Name) => Topic::Org,
                        (Some(before), Topic::Heading) if before != Topic::Name => Topic::Heading,
                        _ => topic,
                    });
                }
                found.private |= private;
                found.office |= words
                    .get(next)
                    .is_some_and(|word| OFFICE.contains(&word.key.as_str()));
                found.signature |= words.get(next).is_some_and(|word| word.key.starts_with("sign"));
                next += length;
                found.next = next;
            }
            (_, Some((party, length))) if found.topic.is_none() => {
                found.signature |= words.get(next).is_some_and(|word| word.key.contains("sign"));
                found.party = Some(match (found.party, party) {
                    // `PCP / referring`: who refers is the more particular.
                    (Some(Party::Pcp), Party::Referrer) | (Some(Party::Referrer), Party::Pcp) => {
                        Party::Referrer
                    }
                    // `Insurance policy holder`, `Patient's emergency contact`: the later word is the person.
                    (Some(first @ (Party::Relative | Party::Pcp | Party::Secondary)), _) => first,
                    (_, party) => party,
                });
                next += length;
                found.next = next;
            }
            _ if which.is_some() => {
                let key = which.unwrap_or_default();
                found.second |= SECOND_CHOICE.contains(&key);
                found.private |= PRIVATE.contains(&key);
                found.office |= OFFICE.contains(&key);
                found.provider |= PROVIDERS.contains(&key);
                provider_only |= PROVIDERS.contains(&key);
                next += 1;
                if PROVIDERS.contains(&key) && found.topic.is_none() {
                    found.next = next;
                }
            }
            _ => break,
        }
    }
    while let Some(word) = words
        .get(found.next)
        .filter(|word| TAILS.contains(&word.key.as_str()) && found.topic.is_some())
    {
        let _ = word;
        found.next += 1;
    }
    let named = found.topic.is_some() || found.party.is_some() || provider_only;
    if provider_only && found.topic.is_none() {
        found.topic = Some(Topic::Name);
    }
    if found.provider && found.party.is_none() && found.topic.is_some_and(|topic| topic != Topic::Heading) {
        found.party = None;
    }
    (named && found.next > at).then_some(found)
}

/// Words of an insured's number behind a payer's name.
const NUMBERED: &[&str] = &[
    "id",
    "no",
    "number",
    "#",
    "member",
    "subscriber",
    "beneficiary",
    "recipient",
    "policy",
    "claim",
];

/// A number that a payer gave, under the payer's own name: `Cigna ID`, `Medicare #`, `Medicaid recipient no.`
fn card(words: &[Word], at: usize) -> Option<Phrase> {
    let length = payers::payer_at(words, at)?;
    let numbered = words
        .iter()
        .skip(at + length)
        .take_while(|word| NUMBERED.contains(&word.key.as_str()) || word.key == "card")
        .count();
    (numbered > 0).then(|| Phrase {
        topic: Some(Topic::Member),
        party: None,
        next: at + length + numbered,
        second: false,
        private: false,
        office: false,
        provider: false,
        signature: false,
        payer: Some((at, at + length)),
    })
}

/// Whether a topic, a party or a practitioner's noun follows, so that a word read as a party is really one.
fn followed(words: &[Word], at: usize) -> bool {
    words
        .get(at)
        .is_some_and(|word| PROVIDERS.contains(&word.key.as_str()) || WHICH.contains(&word.key.as_str()))
        || phrase(words, at, TOPICS).is_some()
        || phrase(words, at, PARTIES).is_some()
}

fn joined(words: &[Word], at: usize) -> bool {
    at.checked_sub(1)
        .and_then(|before| words.get(before))
        .is_some_and(|word| matches!(word.key.as_str(), "/" | "&" | "and" | "or"))
}

/// The longest phrase of a table that begins here.
fn phrase<T: Copy>(words: &[Word], at: usize, table: &[(&str, T)]) -> Option<(T, usize)> {
    let first = words.get(at).filter(|word| !word.mark)?;
    let mut best: Option<(T, usize)> = None;
    for (phrase, meaning) in table
        .iter()
        .filter(|(phrase, _)| phrase.starts_with(first.key.as_str()))
    {
        let mut next = at;
        let fits = phrase.split(' ').enumerate().all(|(index, part)| {
            // `City/State/Zip` and `ICD-10/Dx` have marks between their words.
            let mark = words
                .get(next)
                .is_some_and(|word| matches!(word.key.as_str(), "/" | "," | "&") && part != word.key);
            if index > 0 && mark {
                next += 1;
            }
            let same = words.get(next).is_some_and(|word| word.key == part);
            next += 1;
            same
        });
        if fits && best.is_none_or(|(_, length)| next - at > length) {
            best = Some((*meaning, next - at));
        }
    }
    best
}
