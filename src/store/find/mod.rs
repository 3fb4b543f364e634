//! Find-as-you-type over patients, practitioners, organisations and referral ids.
//!
//! Owns the ways in which a person is looked for, from the cheapest to the most forgiving, and the order of what they turn
//! up. Each way reads a bounded number of rows, so an answer costs the same whatever is stored:
//!
//! 1. a referral by its number;
//! 2. by family name, and family with given name: ranges of the indexes by which people are recognised;
//! 3. by the beginnings of any words in any order (names, date of birth, telephone, NPI): the full-text table, those who
//!    became known last first;
//! 4. where little was found, by words that are spelled nearly so ([`words`]).
//!
//! What matches better comes first; of equals, those with an open referral. Must not know who asks.
//!
//! Why not a fuzzy matcher over every name? Measured over a million lines of name, date of birth and telephone (43 MB; one core
//! of a busy machine, processor time for one query): fuzzy-matcher 0.3 175 ms, nucleo-matcher 0.3 0.9 s, neo_frizbee 0.13
//! 16 ms without and 43 ms with one slip; each of them again for every letter typed, over 45 MB and more that would have to be
//! read, held and kept in step. Full text ranked by SQLite, over a hundred thousand: by trigrams 20 ms (and 8 s to build), by
//! beginnings of words 13 ms. Ranges of indexes and a bounded look into the full text answer in less than a millisecond,
//! hold nothing, and what a fuzzy matcher is wanted for, a slip of the hand, is a question to the vocabulary, which is a
//! thousandth of the names. What this does not find: letters left out all over a name ("grcmr").

mod hits;
mod keep;
mod words;

pub use hits::referrals_of;
pub use keep::Finds;
pub use words::Vocabulary;

use super::StoreError;
use super::alike::survivor;
use super::board::{Hit, Target};
use crate::domain::id::{OrganizationId, PatientId, PractitionerId};
use crate::domain::text::fold;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// The kinds of person in the table: a row's number is the record's times four plus this.
const PATIENT: i64 = 0;
const PRACTITIONER: i64 = 1;
const ORGANIZATION: i64 = 2;

/// The row by which a record is found; none for what is not looked for by words.
pub(in crate::store) fn row_of(entity: crate::domain::record::Entity, id: i64) -> Option<i64> {
    use crate::domain::record::Entity;
    match entity {
        Entity::Patient => Some(id * 4 + PATIENT),
        Entity::Practitioner => Some(id * 4 + PRACTITIONER),
        Entity::Organization => Some(id * 4 + ORGANIZATION),
        Entity::Referral
        | Entity::Coverage
        | Entity::Milestone
        | Entity::Task
        | Entity::Timer
        | Entity::InfoRequest
        | Entity::Note
        | Entity::Appointment
        | Entity::Message
        | Entity::Document => None,
    }
}

/// Rows that one way of looking reads at most: enough that those with open referrals are likely among them.
const READ: usize = 150;
/// Words of what is typed that are looked at.
const WORDS: usize = 8;
/// With fewer found than this, spelling is forgiven.
const FEW: usize = 5;

/// How well something matches; the least is the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The whole family name, or the whole name of a practice.
    Whole,
    /// The beginning of it.
    Beginning,
    /// Beginnings of words, wherever they stand.
    Somewhere,
    /// Words spelled nearly so.
    Nearly,
}

/// What was found so far, by row number of the full-text table: each once, as what it matches best.
type Found = BTreeMap<i64, Fit>;

fn add(found: &mut Found, row: i64, fit: Fit) {
    found
        .entry(row)
        .and_modify(|known| *known = fit.min(*known))
        .or_insert(fit);
}

/// What the typed text finds: referrals by id first, then people and organisations, the best match first.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn find(
    connection: &Connection,
    vocabulary: &mut Vocabulary,
    text: &str,
    limit: usize,
) -> Result<Vec<Hit>, StoreError> {
    let mut hits = hits::by_id(connection, text)?;
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(WORDS)
        .collect();
    if words.is_empty() {
        return Ok(hits);
    }
    let mut found = Found::new();
    by_name(connection, &words, &mut found)?;
    let beginnings: Vec<String> = words.iter().map(|word| format!("\"{word}\"*")).collect();
    by_words(connection, &beginnings.join(" "), Fit::Somewhere, &mut found)?;
    if found.len() + hits.len() < FEW
        && let Some(nearly) = vocabulary.nearly(connection, &words)?
    {
        by_words(connection, &nearly, Fit::Nearly, &mut found)?;
    }
    hits.extend(ranked(connection, &found, limit)?);
    hits.truncate(limit);
    Ok(hits)
}

/// The last text that begins with another.
fn end_of(beginning: &str) -> String {
    format!("{beginning}\u{10FFFF}")
}

/// By the keys of `match_key`: family name, bar, first given name, bar, date of birth; an organisation's is its name.
fn by_name(connection: &Connection, words: &[&str], found: &mut Found) -> Result<(), StoreError> {
    const PEOPLE: [(i64, &str); 2] = [
        (
            PATIENT,
            "SELECT id FROM patient WHERE match_key >= ?1 AND match_key < ?2 LIMIT ?3",
        ),
        (
            PRACTITIONER,
            "SELECT id FROM practitioner WHERE match_key >= ?1 AND match_key < ?2 LIMIT ?3",
        ),
    ];
    const PRACTICES: &str = "SELECT id FROM organization WHERE match_key >= ?1 AND match_key < ?2 LIMIT ?3";
    let words: Vec<String> = words.iter().map(|word| fold(word)).collect();
    let all = words.join(" ");
    let mut ways = vec![(Fit::Whole, format!("{all}|")), (Fit::Beginning, all.clone())];
    if let Some((last, before)) = words.split_last()
        && !before.is_empty()
    {
        // "garcia maria" and "maria garcia": both are how people say a name.
        ways.push((Fit::Whole, format!("{}|{last}", before.join(" "))));
        if let Some((first, _)) = before.split_first() {
            ways.push((Fit::Beginning, format!("{last}|{first}")));
        }
    }
    for (fit, from) in &ways {
        for (kind, sql) in PEOPLE {
            range(connection, sql, kind, from, *fit, found)?;
        }
    }
    range(connection, PRACTICES, ORGANIZATION, &all, Fit::Beginning, found)
}

fn range(
    connection: &Connection,
    sql: &'static str,
    kind: i64,
    from: &str,
    fit: Fit,
    found: &mut Found,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query((from, end_of(from), bound(READ)))?;
    while let Some(row) = rows.next()? {
        add(found, row.get::<_, i64>(0)? * 4 + kind, fit);
    }
    Ok(())
}

fn by_words(connection: &Connection, query: &str, fit: Fit, found: &mut Found) -> Result<(), StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT rowid FROM find WHERE find MATCH ?1 ORDER BY rowid DESC LIMIT ?2")?;
    let mut rows = statement.query((query, bound(READ)))?;
    while let Some(row) = rows.next()? {
        add(found, row.get(0)?, fit);
    }
    Ok(())
}

fn bound(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// The hits, the best first; of equals those with an open referral, and then those who were known first.
fn ranked(connection: &Connection, found: &Found, limit: usize) -> Result<Vec<Hit>, StoreError> {
    let mut order = Vec::with_capacity(found.len());
    let mut open = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM referral r WHERE r.patient = ?1 AND r.list IS NOT NULL)",
    )?;
    for (row, fit) in found {
        let id = row.div_euclid(4);
        // Referrers are few, and whoever types a referrer's name has work with them.
        let open = row.rem_euclid(4) != PATIENT || open.query_row([id], |row| row.get::<_, bool>(0))?;
        order.push(((*fit, !open), *row));
    }
    order.sort_unstable();
    let mut hits: Vec<Hit> = Vec::with_capacity(limit.min(order.len()));
    for (_, row) in order.into_iter().take(limit) {
        let id = row.div_euclid(4);
        hits.extend(match row.rem_euclid(4) {
            // Whoever was merged into another is found under the old name, as the one who goes on.
            PATIENT => {
                let goes_on = survivor(connection, PatientId(id))?;
                let known = |hit: &Hit| hit.target == Target::Patient(goes_on);
                if hits.iter().any(known) {
                    None
                } else {
                    hits::patient(connection, goes_on)?
                }
            }
            PRACTITIONER => hits::practitioner(connection, PractitionerId(id))?,
            ORGANIZATION => hits::organization(connection, OrganizationId(id))?,
            _ => None,
        });
    }
    Ok(hits)
}
