//! The queue: windows of rows in score order, as a merge of index scans.
//!
//! Within one priority the score never falls with time in the queue, so a scan of (list, priority, received_at) is in score
//! order already; a window merges one such scan per priority. Work is proportional to the window, never to the list. Owns
//! the scans and the merge; must not know what a score means beyond its order.

mod arm;
mod row;

use super::StoreError;
use super::board::{Anchor, QueueRow, Shelf, Window};
use super::filter::Filter;
use crate::domain::id::ReferralId;
use crate::domain::policy::ScoreTargets;
use crate::domain::priority::Priority;
use crate::domain::referral::Referral;
use crate::domain::score::Score;
use crate::domain::time::{Stamp, print_stamp};
use arm::{Standing, arm};
use row::select;
use rusqlite::Connection;
use rusqlite::types::Value as Sql;
use std::cmp::Ordering;

/// What a window is read with.
#[derive(Clone, Copy, Debug)]
pub struct Lens<'a> {
    /// Which rows.
    pub shelf: Shelf,
    /// Which of them.
    pub filter: &'a Filter,
    /// The moment at which they are scored: fixed while a screen pages, so that nothing re-sorts.
    pub now: Stamp,
    /// The scorer's targets.
    pub targets: &'a ScoreTargets,
    /// The tables as they stood at the past moment that is laid out, instead of as they are.
    pub past: bool,
}

/// Reads a window.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn window(
    connection: &Connection,
    lens: &Lens<'_>,
    anchor: Anchor,
    limit: usize,
) -> Result<Window, StoreError> {
    let place = |id: ReferralId| -> Result<Option<Place>, StoreError> {
        Ok(referral(connection, lens, id)?
            .map(|referral| Place::of(&referral))
            // An open referral has no place among the ended: they are in the order of their ends.
            .filter(|place| lens.shelf != Shelf::Closed || place.ended_at.is_some()))
    };
    match anchor {
        Anchor::Start => down(connection, lens, None, limit),
        Anchor::End => up(connection, lens, None, limit),
        Anchor::After(id) => match place(id)? {
            Some(place) => down(connection, lens, Some(place), limit),
            None => down(connection, lens, None, limit),
        },
        Anchor::Before(id) => match place(id)? {
            Some(place) => up(connection, lens, Some(place), limit),
            None => down(connection, lens, None, limit),
        },
        Anchor::Around(id) => match place(id)? {
            Some(place) => {
                let mut before = up(connection, lens, Some(place), limit / 2)?;
                let own = one(connection, lens, id)?;
                let rest = limit.saturating_sub(before.rows.len() + own.len());
                let after = down(connection, lens, Some(place), rest)?;
                before.rows.extend(own);
                before.rows.extend(after.rows);
                Ok(Window {
                    rows: before.rows,
                    at_start: before.at_start,
                    at_end: after.at_end,
                })
            }
            None => down(connection, lens, None, limit),
        },
    }
}

/// A referral, as it is or as it was.
fn referral(
    connection: &Connection,
    lens: &Lens<'_>,
    id: ReferralId,
) -> Result<Option<Referral>, StoreError> {
    if lens.past && super::past::is_since(connection, id)? {
        return super::row::get_from(connection, "temp.was_referral", id.0);
    }
    super::row::get(connection, id.0)
}

fn down(
    connection: &Connection,
    lens: &Lens<'_>,
    from: Option<Place>,
    limit: usize,
) -> Result<Window, StoreError> {
    let mut rows = merge(connection, lens, from, limit + 1, Way::Down)?;
    let at_end = rows.len() <= limit;
    rows.truncate(limit);
    Ok(Window {
        rows,
        at_start: from.is_none(),
        at_end,
    })
}

fn up(
    connection: &Connection,
    lens: &Lens<'_>,
    from: Option<Place>,
    limit: usize,
) -> Result<Window, StoreError> {
    let mut rows = merge(connection, lens, from, limit + 1, Way::Up)?;
    let at_start = rows.len() <= limit;
    rows.truncate(limit);
    rows.reverse();
    Ok(Window {
        rows,
        at_start,
        at_end: from.is_none(),
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Down,
    Up,
}

/// Where a referral stands in the order.
#[derive(Clone, Copy)]
struct Place {
    id: ReferralId,
    priority: Priority,
    received_at: Stamp,
    ended_at: Option<Stamp>,
}

impl Place {
    fn of(referral: &Referral) -> Place {
        Place {
            id: referral.id,
            priority: referral.priority,
            received_at: referral.received_at,
            ended_at: referral.ended_at,
        }
    }
}

/// Stat stands above everything; then the scored priorities are merged. The arms are scanned by their index alone; only what
/// is in the window is read.
fn merge(
    connection: &Connection,
    lens: &Lens<'_>,
    from: Option<Place>,
    limit: usize,
    way: Way,
) -> Result<Vec<QueueRow>, StoreError> {
    if lens.shelf == Shelf::Closed {
        return ended(connection, lens, from, limit, way);
    }
    let stat = |limit| arm(connection, lens, Priority::Stat, from, limit, way);
    let scored = |limit| -> Result<Vec<Standing>, StoreError> {
        let mut all = Vec::new();
        for priority in Priority::SCORED {
            all.extend(arm(connection, lens, priority, from, limit, way)?);
        }
        // Each arm is in order and no longer than the window, so this sorts three windows at most, never the list.
        all.sort_by(|a, b| match way {
            Way::Down => order(lens, a, b),
            Way::Up => order(lens, b, a),
        });
        Ok(all)
    };
    let mut standing = match way {
        Way::Down => stat(limit)?,
        Way::Up => scored(limit)?,
    };
    let rest = limit.saturating_sub(standing.len());
    if rest > 0 {
        standing.extend(match way {
            Way::Down => scored(rest)?,
            Way::Up => stat(rest)?,
        });
    }
    let ids: Vec<ReferralId> = standing.iter().take(limit).map(|one| one.id).collect();
    rows(connection, &ids, lens.now, lens.targets, lens.past)
}

/// Less means nearer to the top.
fn order(lens: &Lens<'_>, a: &Standing, b: &Standing) -> Ordering {
    let score = |one: &Standing| Score::of(one.priority, one.received_at, lens.now, lens.targets);
    match (score(a), score(b)) {
        (Some(x), Some(y)) => y.rank(&x),
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
    .then_with(|| (a.received_at, a.id).cmp(&(b.received_at, b.id)))
}

/// Ended referrals, the latest first.
fn ended(
    connection: &Connection,
    lens: &Lens<'_>,
    from: Option<Place>,
    limit: usize,
    way: Way,
) -> Result<Vec<QueueRow>, StoreError> {
    let mut values = Vec::new();
    let mut conditions = String::from("r.list IS NULL");
    if let Some(place) = from {
        let sign = if way == Way::Down { "<" } else { ">" };
        values.push(Sql::Text(place.ended_at.map(print_stamp).unwrap_or_default()));
        values.push(Sql::Integer(place.id.0));
        conditions.push_str(&format!(" AND (r.ended_at, r.id) {sign} (?1, ?2)"));
    }
    let direction = if way == Way::Down { "DESC" } else { "ASC" };
    let tail = format!("ORDER BY r.ended_at {direction}, r.id {direction}");
    select(connection, lens, &conditions, &tail, values, limit)
}

fn one(connection: &Connection, lens: &Lens<'_>, id: ReferralId) -> Result<Vec<QueueRow>, StoreError> {
    let shelf = match lens.shelf {
        Shelf::List(list) => format!("r.list = '{}'", list.code()),
        Shelf::Open => "r.list IS NOT NULL".to_owned(),
        Shelf::Closed => "r.list IS NULL".to_owned(),
    };
    select(
        connection,
        lens,
        &format!("r.id = ?1 AND {shelf}"),
        "",
        vec![Sql::Integer(id.0)],
        1,
    )
}

/// Rows by their ids, wherever they stand; those that are not there are left out.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn rows(
    connection: &Connection,
    ids: &[ReferralId],
    now: Stamp,
    targets: &ScoreTargets,
    past: bool,
) -> Result<Vec<QueueRow>, StoreError> {
    let filter = Filter::default();
    let lens = Lens {
        shelf: Shelf::Open,
        filter: &filter,
        now,
        targets,
        past,
    };
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        all.extend(select(
            connection,
            &lens,
            "r.id = ?1",
            "",
            vec![Sql::Integer(id.0)],
            1,
        )?);
    }
    Ok(all)
}
