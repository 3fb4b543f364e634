//! Who on record may be the same person.
//!
//! Owns the ways in which a possible match is found without going over the table: by record number, date of birth,
//! telephone, e-mail, member number, and by name with a date of birth that is a slip away. Each is an index. Must not decide
//! who is the same: that is `domain::matching`.

use super::StoreError;
use super::row;
use super::tables::person_key;
use crate::domain::id::PatientId;
use crate::domain::matching::{Band, Comparison, Known, compare, is_near, slips};
use crate::domain::person::{HumanName, Patient};
use crate::domain::text::{digits, fold};
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeSet;

/// Somebody on record who may be the one looked for.
#[derive(Clone)]
pub struct Alike {
    /// The record.
    pub patient: Patient,
    /// How far the two agree.
    pub comparison: Comparison,
}

/// Rows that one way may bring: what a lookup costs is bounded.
const EACH: usize = 64;
/// Rows of one date of birth of which the names are looked at: in a clinic of a million patients some dozens share a day, and
/// thousands only a placeholder, where who bears the very name is found by that.
const BORN: usize = 5_000;
/// Rows of one name that are looked at for a date of birth that is a slip away; where there are more, the slips are asked for
/// one by one.
const NAMESAKES: usize = 64;
/// Two who agree this much less than would be asked about are not saved by a member number.
const HOPELESS: f64 = 12.0;

const BY_MRN: &str = "SELECT id FROM patient WHERE mrn = ?1 LIMIT ?2";
const BY_MEMBER: &str = "SELECT r.patient FROM coverage c CROSS JOIN referral r ON r.id = c.referral WHERE c.member_id = ?1 LIMIT ?2";
const BY_PHONE: &str = "SELECT id FROM patient WHERE phone = ?1 LIMIT ?2";
const BY_EMAIL: &str = "SELECT id FROM patient WHERE email = ?1 COLLATE NOCASE LIMIT ?2";
const BY_BIRTH: &str = "SELECT id, match_key FROM patient WHERE dob = ?1 LIMIT ?2";
const BY_KEY: &str = "SELECT id FROM patient WHERE match_key = ?1 LIMIT ?2";
const NAMED: &str = "SELECT id, dob FROM patient WHERE match_key >= ?1 AND match_key < ?2 LIMIT ?3";
/// Every lookup: each is answered by an index.
pub const LOOKUPS: [&str; 7] = [BY_MRN, BY_MEMBER, BY_PHONE, BY_EMAIL, BY_BIRTH, BY_KEY, NAMED];

/// Those on record who are the same, or about whom a person would be asked, the likeliest first.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn alike(connection: &Connection, known: &Known) -> Result<Vec<Alike>, StoreError> {
    let mut ids = BTreeSet::new();
    by_number(connection, known, &mut ids)?;
    by_reach(connection, known, &mut ids)?;
    by_name(connection, known, &mut ids)?;
    let mut all = Vec::new();
    for id in ids {
        let Some(patient) = row::get::<Patient>(connection, id)? else {
            continue;
        };
        if patient.merged_into.is_some() {
            continue;
        }
        let mut comparison = compare(known, &Known::of(&patient, Vec::new()));
        if !known.members.is_empty() && comparison.score > crate::domain::matching::ASK - HOPELESS {
            comparison = compare(known, &Known::of(&patient, members(connection, patient.id)?));
        }
        if comparison.band > Band::Different {
            all.push(Alike { patient, comparison });
        }
    }
    all.sort_by(|one, other| {
        let (mine, theirs) = (&one.comparison, &other.comparison);
        let order = theirs.band.cmp(&mine.band);
        order.then(theirs.score.total_cmp(&mine.score))
    });
    Ok(all)
}

/// The one on record who is the same, where there is exactly one.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn same(connection: &Connection, known: &Known) -> Result<Option<PatientId>, StoreError> {
    Ok(only_same(&alike(connection, known)?))
}

/// Of those found the one who is the same, where there is exactly one.
pub fn only_same(found: &[Alike]) -> Option<PatientId> {
    let mut same = found.iter().filter(|one| one.comparison.band == Band::Same);
    let first = same.next()?;
    same.next().is_none().then_some(first.patient.id)
}

/// The member numbers of a patient's coverages.
///
/// # Errors
/// SQLite's.
pub fn members(connection: &Connection, patient: PatientId) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT c.member_id FROM referral r CROSS JOIN coverage c ON c.referral = r.id
         WHERE r.patient = ?1 AND c.member_id IS NOT NULL LIMIT 20",
    )?;
    let rows = statement.query_map([patient.0], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The patient whose record goes on for this one, through as many mergings as there were; this one itself where there was none.
///
/// # Errors
/// SQLite's.
pub fn survivor(connection: &Connection, id: PatientId) -> Result<PatientId, StoreError> {
    let mut statement = connection.prepare_cached("SELECT merged_into FROM patient WHERE id = ?1")?;
    let mut last = id;
    // A ring cannot be made by a command; a file that holds one is not to hang the desk.
    for _ in 0..EACH {
        let next: Option<Option<i64>> = statement.query_row([last.0], |row| row.get(0)).optional()?;
        match next.flatten() {
            Some(next) => last = PatientId(next),
            None => break,
        }
    }
    Ok(last)
}

fn rows(
    connection: &Connection,
    sql: &'static str,
    value: &str,
    ids: &mut BTreeSet<i64>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let limit = i64::try_from(EACH).unwrap_or(i64::MAX);
    let mut rows = statement.query((value, limit))?;
    while let Some(row) = rows.next()? {
        ids.insert(row.get(0)?);
    }
    Ok(())
}

fn by_number(connection: &Connection, known: &Known, ids: &mut BTreeSet<i64>) -> Result<(), StoreError> {
    if let Some(mrn) = known.mrn.as_deref().filter(|mrn| !mrn.is_empty()) {
        rows(connection, BY_MRN, mrn, ids)?;
    }
    for member in &known.members {
        rows(connection, BY_MEMBER, member, ids)?;
    }
    Ok(())
}

fn by_reach(connection: &Connection, known: &Known, ids: &mut BTreeSet<i64>) -> Result<(), StoreError> {
    if let Some(phone) = &known.phone {
        // As it is kept: digits, without the prefix of North America.
        let digits = digits(phone);
        let national = digits.strip_prefix('1').filter(|rest| rest.len() == 10);
        let kept = national.unwrap_or(&digits);
        rows(connection, BY_PHONE, kept, ids)?;
        if kept != phone {
            rows(connection, BY_PHONE, phone, ids)?;
        }
    }
    if let Some(email) = &known.email {
        rows(connection, BY_EMAIL, email.trim(), ids)?;
    }
    if let Some(dob) = known.dob {
        let mut statement = connection.prepare_cached(BY_BIRTH)?;
        let limit = i64::try_from(BORN).unwrap_or(i64::MAX);
        let mut rows = statement.query((dob.to_string(), limit))?;
        while let Some(row) = rows.next()? {
            // Most of those who were born on a day bear other names, and need not be read.
            let key: String = row.get(1)?;
            let mut parts = key.split('|').map(str::to_owned);
            let name = HumanName {
                family: parts.next().unwrap_or_default(),
                given: parts.next().unwrap_or_default(),
                suffix: String::new(),
            };
            if is_near(&known.name, &name) {
                ids.insert(row.get(0)?);
            }
        }
    }
    Ok(())
}

/// By name, with a date of birth that is a slip away, or that is not on record.
fn by_name(connection: &Connection, known: &Known, ids: &mut BTreeSet<i64>) -> Result<(), StoreError> {
    let Some(dob) = known.dob.filter(|_| !fold(&known.name.family).is_empty()) else {
        return Ok(());
    };
    rows(connection, BY_KEY, &person_key(&known.name, Some(dob)), ids)?;
    let bare = person_key(&known.name, None);
    let mut statement = connection.prepare_cached(NAMED)?;
    let limit = i64::try_from(NAMESAKES).unwrap_or(i64::MAX);
    // Days begin with a digit, which a colon follows.
    let namesakes: Vec<(i64, Option<String>)> = statement
        .query_map((&bare, format!("{bare}:"), limit), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<Result<_, _>>()?;
    if namesakes.is_empty() {
        return Ok(());
    }
    let near = slips(dob);
    if namesakes.len() < NAMESAKES {
        let days: Vec<String> = near.iter().map(ToString::to_string).collect();
        let fits = |born: &Option<String>| born.as_ref().is_none_or(|born| days.contains(born));
        ids.extend(
            namesakes
                .into_iter()
                .filter(|(_, born)| fits(born))
                .map(|(id, _)| id),
        );
        return Ok(());
    }
    rows(connection, BY_KEY, &bare, ids)?;
    for near in near {
        rows(connection, BY_KEY, &person_key(&known.name, Some(near)), ids)?;
    }
    Ok(())
}
