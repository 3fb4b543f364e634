//! The queue: windows of rows in score order, as a merge of index scans.
//!
//! Within one priority the score never falls with time in the queue, so a scan of (list, priority, received_at) is in score
//! order already; a window merges one such scan per priority. Work is proportional to the window, never to the list. Owns
//! the scans and the merge; must not know what a score means beyond its order.

mod row;

use super::StoreError;
use super::board::{Anchor, QueueRow, Shelf, Window};
use super::filter::Filter;
use crate::domain::id::ReferralId;
use crate::domain::policy::ScoreTargets;
use crate::domain::priority::Priority;
use crate::domain::referral::Referral;
use crate::domain::score::Score;
use crate::domain::time::{Span, Stamp, print_stamp};
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

/// Stat stands above everything; then the scored priorities are merged.
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
    let stat = |limit| {
        arm(
            connection,
            lens,
            Priority::Stat,
            bound(lens, Priority::Stat, from, way),
            limit,
            way,
        )
    };
    let scored = || -> Result<Vec<QueueRow>, StoreError> {
        let mut arms = Vec::new();
        for priority in Priority::SCORED {
            arms.push(arm(
                connection,
                lens,
                priority,
                bound(lens, priority, from, way),
                limit,
                way,
            )?);
        }
        let mut all: Vec<QueueRow> = arms.into_iter().flatten().collect();
        // Each arm is in order and no longer than the window, so this sorts three windows at most, never the list.
        all.sort_by(|a, b| {
            if way == Way::Down {
                order(lens, a, b)
            } else {
                order(lens, b, a)
            }
        });
        all.truncate(limit);
        Ok(all)
    };
    let mut rows = match way {
        Way::Down => stat(limit)?,
        Way::Up => scored()?,
    };
    let rest = limit - rows.len().min(limit);
    if rest > 0 {
        rows.extend(match way {
            Way::Down => scored()?,
            Way::Up => stat(rest)?,
        });
    }
    rows.truncate(limit);
    Ok(rows)
}

/// Less means nearer to the top.
fn order(lens: &Lens<'_>, a: &QueueRow, b: &QueueRow) -> Ordering {
    let score = |row: &QueueRow| Score::of(row.priority, row.received_at, lens.now, lens.targets);
    match (score(a), score(b)) {
        (Some(x), Some(y)) => y.rank(&x),
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
    .then_with(|| (a.received_at, a.id).cmp(&(b.received_at, b.id)))
}

/// From where an arm goes on after (or before) a place: a received time, exclusive together with an id.
struct Bound {
    received_at: String,
    id: i64,
}

/// The first row of an arm that ranks behind the place (going down) or before it (going up). In the place's own priority
/// that is the next in time. In another priority it follows from the score's arithmetic, turned round: a row scores at most
/// `s` while 100 · waited < (s + 1) · target.
fn bound(lens: &Lens<'_>, priority: Priority, from: Option<Place>, way: Way) -> Option<Bound> {
    let place = from?;
    if priority == place.priority {
        return Some(Bound {
            received_at: print_stamp(place.received_at),
            id: place.id.0,
        });
    }
    let everything = || match way {
        Way::Down => Bound {
            received_at: String::new(),
            id: 0,
        },
        Way::Up => Bound {
            received_at: "~".into(),
            id: 0,
        },
    };
    let nothing = || match way {
        Way::Down => Bound {
            received_at: "~".into(),
            id: 0,
        },
        Way::Up => Bound {
            received_at: String::new(),
            id: 0,
        },
    };
    // Whatever the other's rank, stat is above it.
    let (Some(target), Some(score)) = (
        lens.targets.of(priority),
        Score::of(place.priority, place.received_at, lens.now, lens.targets),
    ) else {
        let above = priority == Priority::Stat;
        return Some(if (way == Way::Down) == above {
            nothing()
        } else {
            everything()
        });
    };
    // Equal scores go to the higher priority.
    let highest_behind = if priority < place.priority {
        i64::from(score.value)
    } else {
        i64::from(score.value) - 1
    };
    if highest_behind < 0 {
        return Some(if way == Way::Down { nothing() } else { everything() });
    }
    if highest_behind >= 100 {
        return Some(if way == Way::Down { everything() } else { nothing() });
    }
    let longest = ((highest_behind + 1) * target.num_seconds() - 1) / 100;
    let oldest_behind = lens.now - Span::seconds(longest);
    // Everything from this received time on ranks behind the place; ids are positive, so (time, 0) lies just before.
    Some(Bound {
        received_at: print_stamp(oldest_behind),
        id: 0,
    })
}
fn arm(
    connection: &Connection,
    lens: &Lens<'_>,
    priority: Priority,
    bound: Option<Bound>,
    limit: usize,
    way: Way,
) -> Result<Vec<QueueRow>, StoreError> {
    if !lens.filter.admits(priority) {
        return Ok(Vec::new());
    }
    let mut values: Vec<Sql> = vec![Sql::Text(priority.code().into())];
    let shelf = match lens.shelf {
        Shelf::List(list) => {
            values.push(Sql::Text(list.code().into()));
            "r.list = ?2"
        }
        Shelf::Open | Shelf::Closed => "r.list IS NOT NULL",
    };
    let mut conditions = format!("r.priority = ?1 AND {shelf}");
    if let Some(bound) = bound {
        let sign = if way == Way::Down { ">" } else { "<" };
        values.push(Sql::Text(bound.received_at));
        values.push(Sql::Integer(bound.id));
        conditions.push_str(&format!(
            " AND (r.received_at, r.id) {sign} (?{}, ?{})",
            values.len() - 1,
            values.len()
        ));
    }
    let direction = if way == Way::Down { "ASC" } else { "DESC" };
    let tail = format!("ORDER BY r.received_at {direction}, r.id {direction}");
    select(connection, lens, &conditions, &tail, values, limit)
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
