//! The queue: windows of rows in score order, as a merge of index scans.
//!
//! Within one priority the score never falls with time in the queue, so a scan of (list, priority, received_at) is in score
//! order already; a window merges one such scan per priority. Work is proportional to the window, never to the list. Owns
//! the scans and the merge; must not know what a score means beyond its order.

mod arm;
mod row;

use super::StoreError;
use super::board::{Anchor, QueueRow, Shelf, Spot, Window};
use super::filter::Filter;
use crate::domain::id::ReferralId;
use crate::domain::policy::ScoreTargets;
use crate::domain::priority::Priority;
use crate::domain::referral::Referral;
use crate::domain::score::Score;
use crate::domain::time::Stamp;
use arm::{arm, ended};
use row::select;
use rusqlite::Connection;
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
    /// Through how many referrals a look goes at most before it stops; see [`look`].
    pub step: usize,
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
    let spot = |id: ReferralId| -> Result<Option<Spot>, StoreError> {
        Ok(referral(connection, lens, id)?
            .map(|referral| spot_of(&referral))
            // An open referral has no place among the ended: they are in the order of their ends.
            .filter(|spot| lens.shelf != Shelf::Closed || spot.ended_at.is_some()))
    };
    match anchor {
        Anchor::Start => down(connection, lens, None, limit),
        Anchor::End => up(connection, lens, None, limit),
        Anchor::Below(spot) => down(connection, lens, Some(spot), limit),
        Anchor::Above(spot) => up(connection, lens, Some(spot), limit),
        Anchor::After(id) => match spot(id)? {
            Some(spot) => down(connection, lens, Some(spot), limit),
            None => down(connection, lens, None, limit),
        },
        Anchor::Before(id) => match spot(id)? {
            Some(spot) => up(connection, lens, Some(spot), limit),
            None => down(connection, lens, None, limit),
        },
        Anchor::Around(id) => match spot(id)? {
            Some(spot) => {
                let mut before = up(connection, lens, Some(spot), limit / 2)?;
                let own = one(connection, lens, id)?;
                let rest = limit.saturating_sub(before.rows.len() + own.len());
                let after = down(connection, lens, Some(spot), rest)?;
                before.rows.extend(own);
                before.rows.extend(after.rows);
                Ok(Window {
                    at_end: after.at_end,
                    below: after.below,
                    ..before
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
    from: Option<Spot>,
    limit: usize,
) -> Result<Window, StoreError> {
    let (mut rows, stopped) = look(connection, lens, from, limit + 1, Way::Down)?;
    let full = rows.len() > limit;
    rows.truncate(limit);
    Ok(Window {
        rows,
        at_start: from.is_none(),
        at_end: !full && stopped.is_none(),
        above: None,
        below: stopped.filter(|_| !full),
    })
}

fn up(
    connection: &Connection,
    lens: &Lens<'_>,
    from: Option<Spot>,
    limit: usize,
) -> Result<Window, StoreError> {
    let (mut rows, stopped) = look(connection, lens, from, limit + 1, Way::Up)?;
    let full = rows.len() > limit;
    rows.truncate(limit);
    rows.reverse();
    Ok(Window {
        rows,
        at_start: !full && stopped.is_none(),
        at_end: from.is_none(),
        above: stopped.filter(|_| !full),
        below: None,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Down,
    Up,
}

fn spot_of(referral: &Referral) -> Spot {
    Spot {
        id: referral.id,
        priority: referral.priority,
        received_at: referral.received_at,
        ended_at: referral.ended_at,
    }
}

/// Looks for rows from a place on: through at most `lens.step` referrals where each has to be read, since a filter that
/// matches one in a million must not hold up who asks. With the rows, where the look stopped before it had enough.
fn look(
    connection: &Connection,
    lens: &Lens<'_>,
    from: Option<Spot>,
    limit: usize,
    way: Way,
) -> Result<(Vec<QueueRow>, Option<Spot>), StoreError> {
    let index = lens.filter.on_index();
    let mut to = None;
    if index != *lens.filter && lens.step < usize::MAX {
        let plain = Lens {
            filter: &index,
            ..*lens
        };
        let stretch = stand(connection, &plain, Stretch { from, to }, lens.step, way)?;
        to = stretch.last().copied().filter(|_| stretch.len() >= lens.step);
    }
    let spots = stand(connection, lens, Stretch { from, to }, limit, way)?;
    let ids: Vec<ReferralId> = spots.iter().map(|spot| spot.id).collect();
    let rows = rows(connection, &ids, lens.now, lens.targets, lens.past)?;
    let stopped = to.filter(|_| rows.len() < limit);
    Ok((rows, stopped))
}

/// A stretch of the queue: from behind one place up to another, that one included.
#[derive(Clone, Copy)]
struct Stretch {
    from: Option<Spot>,
    to: Option<Spot>,
}

/// Who stands in a stretch, in order. Stat stands above everything; then the scored priorities are merged. The arms are scanned
/// by their index; only what is in a window is read whole.
fn stand(
    connection: &Connection,
    lens: &Lens<'_>,
    stretch: Stretch,
    limit: usize,
    way: Way,
) -> Result<Vec<Spot>, StoreError> {
    if lens.shelf == Shelf::Closed {
        return ended(connection, lens, stretch, limit, way);
    }
    let stat = |limit| arm(connection, lens, Priority::Stat, stretch, limit, way);
    let scored = |limit| -> Result<Vec<Spot>, StoreError> {
        let mut all = Vec::new();
        for priority in Priority::SCORED {
            all.extend(arm(connection, lens, priority, stretch, limit, way)?);
        }
        // Each arm is in order and no longer than what is asked for, so this sorts three of them at most, never the list.
        all.sort_by(|a, b| match way {
            Way::Down => order(lens, a, b),
            Way::Up => order(lens, b, a),
        });
        Ok(all)
    };
    let mut spots = match way {
        Way::Down => stat(limit)?,
        Way::Up => scored(limit)?,
    };
    let rest = limit.saturating_sub(spots.len());
    if rest > 0 {
        spots.extend(match way {
            Way::Down => scored(rest)?,
            Way::Up => stat(rest)?,
        });
    }
    spots.truncate(limit);
    Ok(spots)
}

/// Less means nearer to the top.
fn order(lens: &Lens<'_>, a: &Spot, b: &Spot) -> Ordering {
    let score = |one: &Spot| Score::of(one.priority, one.received_at, lens.now, lens.targets);
    match (score(a), score(b)) {
        (Some(x), Some(y)) => y.rank(&x),
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
    .then_with(|| (a.received_at, a.id).cmp(&(b.received_at, b.id)))
}

fn one(connection: &Connection, lens: &Lens<'_>, id: ReferralId) -> Result<Vec<QueueRow>, StoreError> {
    let shelf = match lens.shelf {
        Shelf::List(list) => format!(" AND r.list = '{}'", list.code()),
        Shelf::Open => " AND r.list IS NOT NULL".to_owned(),
        Shelf::Closed => " AND r.list IS NULL".to_owned(),
    };
    select(connection, lens, &shelf, &[id])
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
        step: usize::MAX,
    };
    select(connection, &lens, "", ids)
}
