//! Who waits for a visit, who comes, and what is booked: the figures of the forecast, read by their indexes.
//!
//! Owns these questions. They cost what is open and what came in of late, never what is stored. Must not know slots.

use super::{Store, StoreError};
use crate::domain::forecast::Waiting;
use crate::domain::priority::Priority;
use crate::domain::time::{Stamp, parse_stamp, print_stamp};
use rusqlite::{Connection, Row};

// CROSS JOIN: from the referrals of an index to what belongs to each, whatever SQLite thinks of it.

/// Open referrals that have no visit yet, with the target of it. Those whose cancellation is asked for are not waited for.
const WAITING: &str = "SELECT r.template, r.priority, r.received_at, m.target_at FROM referral r
    CROSS JOIN milestone m ON m.referral = r.id AND m.kind = 'visit'
    WHERE r.list IN ('emergency', 'review', 'missing-info', 'insurance', 'to-schedule') AND r.status <> 'cancel-requested'";

/// Visits ahead. A booked referral stands in the list of its own.
const BOOKED: &str = "SELECT r.template, a.starts_at FROM referral r CROSS JOIN appointment a ON a.referral = r.id
    WHERE r.list = 'scheduled' AND a.state IN ('booked', 'confirmed') AND a.starts_at >= ?1 AND a.starts_at < ?2";

/// Referrals that came in since a moment and were not turned away: still open, or ended since.
const CAME: &str = "SELECT template, priority, count(*) FROM (
    SELECT template, priority FROM referral WHERE list IS NOT NULL AND received_at >= ?1 AND received_at < ?2
    UNION ALL
    SELECT template, priority FROM referral WHERE list IS NULL AND ended_at >= ?1 AND received_at >= ?1 AND received_at < ?2
        AND status = 'closed')
    GROUP BY template, priority";

/// What is waited for, by template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Demand {
    /// Those who wait.
    pub waiting: Vec<(String, Waiting)>,
    /// Visits that are booked: when.
    pub booked: Vec<(String, Stamp)>,
    /// How many came in, by priority.
    pub came: Vec<(String, Priority, u32)>,
}

fn stamp(row: &Row<'_>, column: usize) -> Result<Stamp, StoreError> {
    let text: String = row.get(column)?;
    parse_stamp(&text).map_err(|why| StoreError::Corrupt {
        what: "referral",
        why,
    })
}

fn priority(row: &Row<'_>, column: usize) -> Result<Priority, StoreError> {
    let code: String = row.get(column)?;
    Priority::from_code(&code).ok_or(StoreError::Corrupt {
        what: "referral",
        why: "a priority that is none".into(),
    })
}

fn demand(connection: &Connection, since: Stamp, now: Stamp, until: Stamp) -> Result<Demand, StoreError> {
    let mut demand = Demand::default();
    let mut statement = connection.prepare_cached(WAITING)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let waiting = Waiting {
            priority: priority(row, 1)?,
            received_at: stamp(row, 2)?,
            target_at: stamp(row, 3)?,
        };
        demand.waiting.push((row.get(0)?, waiting));
    }
    let mut statement = connection.prepare_cached(BOOKED)?;
    let mut rows = statement.query((print_stamp(now), print_stamp(until)))?;
    while let Some(row) = rows.next()? {
        demand.booked.push((row.get(0)?, stamp(row, 1)?));
    }
    let mut statement = connection.prepare_cached(CAME)?;
    let mut rows = statement.query((print_stamp(since), print_stamp(now)))?;
    while let Some(row) = rows.next()? {
        let count: i64 = row.get(2)?;
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        demand.came.push((row.get(0)?, priority(row, 1)?, count));
    }
    Ok(demand)
}

impl Store {
    /// Who waits for a visit now, what is booked until a moment, and how many came in since another.
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn demand(&self, since: Stamp, now: Stamp, until: Stamp) -> Result<Demand, StoreError> {
        self.read(|connection| demand(connection, since, now, until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::open::{open, plan};

    #[test]
    fn nothing_that_is_long_over_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let connection = open(&folder.path().join("refdesk.db"), folder.path()).expect("a database");
        for sql in [WAITING, BOOKED, CAME] {
            let plan = plan(&connection, sql).expect("a plan");
            let whole = plan.iter().any(|step| {
                step.starts_with("SCAN") && !step.contains("INDEX") && !step.contains("subquery")
            });
            assert!(!whole, "{sql}: {plan:?}");
        }
    }
}
