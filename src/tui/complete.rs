//! What may come next in a query that is being typed.
//!
//! Owns the words and values on offer, and how the one taken goes into the text. Must not know how a query is looked up:
//! values are those of the clinic's settings and of the rows held, so that a key never asks the disk.

use super::entry::Entry;
use super::model::Model;
use crate::domain::coverage::Eligibility;
use crate::domain::lists::List;
use crate::domain::priority::Priority;
use crate::domain::query::{Thing, WORDS};
use crate::domain::referral::Source;
use crate::domain::status::Status;
use std::collections::BTreeSet;

/// A word before a colon, what may follow in words, and values that may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The word.
    pub word: &'static str,
    /// What may follow.
    pub hint: &'static str,
    /// Values.
    pub values: Vec<String>,
}

/// One thing that may come next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is shown.
    pub shown: String,
    /// Said beside it.
    pub hint: &'static str,
    /// What is put in the place of the piece being typed.
    pub text: String,
}

/// What is on offer in a state.
pub fn offers(model: &Model) -> Vec<Offer> {
    WORDS
        .iter()
        .map(|(word, hint)| Offer {
            word,
            hint,
            values: values(model, word),
        })
        .collect()
}

fn values(model: &Model, word: &str) -> Vec<String> {
    let settings = &model.settings;
    let rows = || {
        model
            .board
            .fence
            .iter()
            .chain(&model.board.rows)
            .map(|row| &row.queue)
    };
    let codes = |codes: Vec<&str>| codes.into_iter().map(str::to_owned).collect::<Vec<String>>();
    let names = |names: Vec<String>| {
        let names: BTreeSet<String> = names.into_iter().filter(|name| !name.trim().is_empty()).collect();
        names.into_iter().collect::<Vec<String>>()
    };
    match word {
        "list" => codes(
            List::ALL
                .iter()
                .map(|list| list.code())
                .chain(["closed"])
                .collect(),
        ),
        "priority" => {
            let plain = Priority::ALL.iter().map(|priority| priority.code());
            codes(plain.chain([">=urgent", ">=asap"]).collect())
        }
        "status" => codes(Status::ALL.iter().map(|status| status.code()).collect()),
        "source" => codes(Source::ALL.iter().map(|source| source.code()).collect()),
        "has" => codes(Thing::ALL.iter().map(|(_, word)| *word).collect()),
        "overdue" => codes(vec!["yes", "no"]),
        "missing" => {
            let needs = settings.policy.templates.values().flat_map(|template| {
                template
                    .requirements
                    .iter()
                    .map(|requirement| requirement.key.clone())
            });
            let mut all = codes(vec!["yes", "no"]);
            all.extend(names(needs.collect()));
            all
        }
        "due" => codes(vec!["today", "tomorrow", "week", "<=+3d"]),
        "received" => codes(vec!["today", "yesterday", "week", ">=-30d"]),
        "waiting" => codes(vec![">3", ">7", ">14"]),
        "age" => codes(vec!["<18", "18..64", ">=65"]),
        "calls" => codes(vec!["0", ">=1", ">=3"]),
        "owner" => {
            let queues = settings.queues.iter().map(|queue| queue.to_lowercase());
            names(settings.staff.iter().cloned().chain(queues).collect())
        }
        "specialty" => names(
            settings
                .policy
                .templates
                .values()
                .map(|template| template.specialty.clone())
                .collect(),
        ),
        "service" => names(
            settings
                .policy
                .templates
                .values()
                .flat_map(|template| template.services.iter().cloned())
                .collect(),
        ),
        "template" => settings.policy.templates.keys().cloned().collect(),
        "coverage" => codes(
            Eligibility::ALL
                .iter()
                .map(|state| state.code())
                .chain(["none"])
                .collect(),
        ),
        "language" => codes(vec!["en", "es"]),
        "payer" => names(rows().filter_map(|row| row.payer.clone()).collect()),
        "site" => names(settings.facilities.iter().map(|(_, name)| name.clone()).collect()),
        "from" => names(rows().filter_map(|row| row.from.clone()).collect()),
        _ => Vec::new(),
    }
}

/// The piece being typed: from the last white space outside quotes.
fn piece(before: &str) -> &str {
    let mut quoted = false;
    let mut start = 0;
    for (at, c) in before.char_indices() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => start = at + c.len_utf8(),
            _ => {}
        }
    }
    before.get(start..).unwrap_or_default()
}

/// What may come next after what is typed; nothing after a piece that is whole.
pub fn completions(offers: &[Offer], before: &str) -> Vec<Completion> {
    let piece = piece(before);
    let (minus, body) = match piece.strip_prefix('-') {
        Some(body) => ("-", body),
        None => ("", piece),
    };
    let Some((word, value)) = body.split_once(':') else {
        let begins = offers.iter().filter(|offer| offer.word.starts_with(body));
        return begins
            .map(|offer| Completion {
                shown: format!("{}:", offer.word),
                hint: offer.hint,
                text: format!("{minus}{}:", offer.word),
            })
            .collect();
    };
    let Some(offer) = offers.iter().find(|offer| offer.word == word) else {
        return Vec::new();
    };
    // After a comma, another alternative begins.
    let (taken, last) = match value.rfind(',') {
        Some(at) => value.split_at(at + 1),
        None => ("", value),
    };
    let typed = last.trim_matches('"').to_lowercase();
    let fits = |each: &&String| {
        let each = each.to_lowercase();
        each != typed && (each.starts_with(&typed) || typed.len() > 1 && each.contains(&typed))
    };
    offer
        .values
        .iter()
        .filter(fits)
        .map(|each| {
            let quoted = if each.contains(char::is_whitespace) {
                format!("\"{each}\"")
            } else {
                each.clone()
            };
            Completion {
                shown: each.clone(),
                hint: "",
                text: format!("{minus}{word}:{taken}{quoted}"),
            }
        })
        .collect()
}

/// What is said of the value being typed, where nothing is on offer for it.
pub fn hint(offers: &[Offer], before: &str) -> Option<&'static str> {
    let piece = piece(before);
    let word = piece.trim_start_matches('-').split_once(':')?.0;
    offers
        .iter()
        .find(|offer| offer.word == word)
        .map(|offer| offer.hint)
}

/// Puts a completion in the place of the piece being typed.
pub fn take(entry: &mut Entry, completion: &Completion) {
    let (before, after) = entry.sides();
    let kept = before.len().saturating_sub(piece(before).len());
    let kept = before.get(..kept).unwrap_or_default();
    let (before, after) = (format!("{kept}{}", completion.text), after.to_owned());
    *entry = Entry::between(before, after);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(before: &str) -> Vec<String> {
        let offer = |word, values: &[&str]| Offer {
            word,
            hint: "",
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let offers = [
            offer("owner", &["Maria Ruiz", "Tom"]),
            offer("overdue", &["yes", "no"]),
            offer("status", &["accepted", "appointment-cancelled"]),
        ];
        let mut out = Vec::new();
        for completion in completions(&offers, before) {
            let mut entry = Entry::with(before);
            take(&mut entry, &completion);
            out.push(entry.text());
        }
        out
    }

    #[test]
    fn words_values_and_alternatives_are_offered() {
        let table: [(&str, &[&str]); 8] = [
            ("o", &["owner:", "overdue:"]),
            ("garcia -ow", &["garcia -owner:"]),
            ("owner:", &["owner:\"Maria Ruiz\"", "owner:Tom"]),
            ("owner:\"mar", &["owner:\"Maria Ruiz\""]),
            ("status:accepted,ap", &["status:accepted,appointment-cancelled"]),
            ("status:cancel", &["status:appointment-cancelled"]),
            ("overdue:yes", &[]),
            ("zzz:", &[]),
        ];
        for (before, after) in table {
            assert_eq!(words(before), after, "{before}");
        }
    }
}
