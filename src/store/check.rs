//! The invariants of the file, checked from outside the code that keeps them.
//!
//! Owns the questions of `refdesk check`: SQLite's own, the chain of the log, the conservation of referrals, and whether
//! replaying the log from empty gives the same tables. This is the one place whose work is proportional to the file.

use super::StoreError;
use super::log;
use super::records;
use super::save::{Finds, save_all, touched};
use crate::domain::lists::List;
use crate::domain::referral::Referral;
use crate::domain::snapshot::Snapshot;
use rusqlite::Connection;
use std::path::Path;

/// One question and its answer.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// What was asked.
    pub check: &'static str,
    /// Whether it holds.
    pub ok: bool,
    /// What was found; no patient data.
    pub detail: String,
}

impl Finding {
    fn new(check: &'static str, problems: Vec<String>, good: String) -> Finding {
        let ok = problems.is_empty();
        Finding {
            check,
            ok,
            detail: if ok { good } else { problems.join("; ") },
        }
    }
}

/// The tables that the log can rebuild.
const REPLAYED: [&str; 13] = [
    "patient",
    "organization",
    "practitioner",
    "referral",
    "coverage",
    "milestone",
    "task",
    "timer",
    "info_request",
    "note",
    "appointment",
    "message",
    "document",
];

/// Asks everything but the replay.
///
/// # Errors
/// SQLite's, where not even asking was possible.
pub fn all(connection: &Connection) -> Result<Vec<Finding>, StoreError> {
    Ok(vec![
        integrity(connection)?,
        references(connection)?,
        chain(connection)?,
        conservation(connection)?,
        lists(connection)?,
        contents(connection)?,
    ])
}

fn strings(connection: &Connection, sql: &str) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare(sql)?;
    Ok(statement
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

fn integrity(connection: &Connection) -> Result<Finding, StoreError> {
    let mut said = strings(connection, "PRAGMA integrity_check")?;
    said.retain(|line| line != "ok");
    Ok(Finding::new(
        "integrity",
        said,
        "SQLite finds the file sound".into(),
    ))
}

fn references(connection: &Connection) -> Result<Finding, StoreError> {
    let broken = strings(connection, "SELECT \"table\" FROM pragma_foreign_key_check")?;
    Ok(Finding::new(
        "references",
        broken,
        "every reference points to a record".into(),
    ))
}

fn chain(connection: &Connection) -> Result<Finding, StoreError> {
    let broken = log::first_broken(connection)?
        .map(|seq| format!("event {seq} is not as it was written"))
        .into_iter()
        .collect();
    Ok(Finding::new(
        "audit chain",
        broken,
        format!("unbroken: {}", log::head_line(connection)?),
    ))
}

/// The heads that were written down beside the copies since the last restore are in the log: a chain whose tail was cut off
/// still verifies by itself.
///
/// # Errors
/// SQLite's, or `File` where the file of heads cannot be read.
pub fn heads(connection: &Connection, file: &Path) -> Result<Finding, StoreError> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(source) => {
            return Err(StoreError::File {
                path: file.to_owned(),
                source,
            });
        }
    };
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(' ').collect()).collect();
    let from = lines
        .iter()
        .rposition(|words| words.last() == Some(&"restored"))
        .unwrap_or(0);
    let mut problems = Vec::new();
    for words in lines.iter().skip(from) {
        let &[at, count, head, ..] = words.as_slice() else {
            problems.push("a line of the heads cannot be read".to_owned());
            continue;
        };
        let seq = count.parse().unwrap_or(-1);
        if log::hash_at(connection, seq)?.as_deref() != Some(head) {
            problems.push(format!(
                "the log of {at} ended with event {count}, which is not there as it was"
            ));
        }
    }
    let seen = lines.len() - from.min(lines.len());
    Ok(Finding::new(
        "heads",
        problems,
        format!("{seen} written down, all in the log"),
    ))
}

/// The conservation line, counted anew: open referrals, the sum over the lists, and the tallies that the header shows.
fn conservation(connection: &Connection) -> Result<Finding, StoreError> {
    let count =
        |sql: &str| -> Result<i64, StoreError> { Ok(connection.query_row(sql, [], |row| row.get(0))?) };
    let open = count(
        "SELECT count(*) FROM referral WHERE status NOT IN ('closed', 'declined', 'cancelled', 'entered-in-error')",
    )?;
    let in_lists = count("SELECT count(*) FROM referral WHERE list IS NOT NULL")?;
    let mut problems = Vec::new();
    if open != in_lists {
        problems.push(format!("open {open}, in lists {in_lists}"));
    }
    let adrift = strings(
        connection,
        "WITH truth AS (
             SELECT 'list/' || coalesce(list, 'none') AS name, count(*) AS n FROM referral GROUP BY list
             UNION ALL SELECT 'status/' || status, count(*) FROM referral GROUP BY status
             UNION ALL SELECT 'document/' || state, count(*) FROM document GROUP BY state
             UNION ALL SELECT 'message/' || state, count(*) FROM message GROUP BY state)
         SELECT coalesce(truth.name, tally.name) FROM truth FULL JOIN tally ON tally.name = truth.name
         WHERE coalesce(truth.n, 0) <> coalesce(tally.n, 0)",
    )?;
    problems.extend(
        adrift
            .into_iter()
            .map(|name| format!("the tally of {name} is wrong")),
    );
    Ok(Finding::new(
        "conservation",
        problems,
        format!("open {open} = {in_lists} in lists"),
    ))
}

/// Each open referral stands in the list that the pure function says.
fn lists(connection: &Connection) -> Result<Finding, StoreError> {
    let mut statement = connection.prepare(&format!(
        "SELECT {} FROM referral",
        super::row::column_list::<Referral>()
    ))?;
    let mut rows = statement.query([])?;
    let mut problems = Vec::new();
    let mut seen = 0_u64;
    while let Some(row) = rows.next()? {
        let referral: Referral = super::row::read(row)?;
        seen += 1;
        if referral.list != List::of(&referral) && problems.len() < 20 {
            problems.push(format!("{} stands in the wrong list", referral.id));
        }
    }
    Ok(Finding::new(
        "lists",
        problems,
        format!("{seen} referrals stand where they should"),
    ))
}

fn contents(connection: &Connection) -> Result<Finding, StoreError> {
    let lost = strings(
        connection,
        "SELECT 'D-' || id FROM document d WHERE NOT EXISTS (SELECT 1 FROM content c WHERE c.hash = d.hash) LIMIT 20",
    )?;
    let problems = lost
        .into_iter()
        .map(|id| format!("the bytes of {id} are not there"))
        .collect();
    Ok(Finding::new(
        "originals",
        problems,
        "every document's original is kept".into(),
    ))
}

/// Replays the log into an empty database and compares every table, row by row.
///
/// # Errors
/// SQLite's, or `Corrupt` where an event cannot be applied.
pub fn replay(connection: &Connection, empty: &Connection) -> Result<Finding, StoreError> {
    let mut finds = Finds::default();
    log::each_action(connection, |patches| {
        let mut snapshot = Snapshot::default();
        for patch in patches {
            records::see(empty, &mut snapshot, patch.entity, patch.id)?;
        }
        for patch in patches {
            snapshot
                .apply(patch, &[])
                .map_err(|refusal| StoreError::Corrupt {
                    what: "event",
                    why: refusal.because,
                })?;
        }
        save_all(empty, &snapshot, touched(patches.iter()), &mut finds)?;
        finds.write(empty)
    })?;
    let mut problems = Vec::new();
    for table in REPLAYED {
        let (live, replayed) = (digest(connection, table)?, digest(empty, table)?);
        if live != replayed {
            problems.push(format!(
                "{table}: {} rows, {} after replay, or they differ",
                live.0, replayed.0
            ));
        }
    }
    Ok(Finding::new(
        "replay",
        problems,
        "the log from empty gives the same tables".into(),
    ))
}

/// The number of rows and a hash over all of them, in the order of their numbers.
fn digest(connection: &Connection, table: &str) -> Result<(u64, [u8; 32]), StoreError> {
    use sha2::{Digest, Sha256};
    let mut statement = connection.prepare(&format!("SELECT * FROM {table} ORDER BY id"))?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let (mut count, mut hash) = (0, Sha256::new());
    while let Some(row) = rows.next()? {
        count += 1;
        for column in 0..columns {
            let value: rusqlite::types::Value = row.get(column)?;
            hash.update(format!("{value:?}\u{1f}"));
        }
    }
    Ok((count, hash.finalize().into()))
}
