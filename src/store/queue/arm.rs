//! An arm of the queue: the referrals of one priority in the order of their received times, off an index; and the ended ones, which
//! are one arm in the order of their ends.
//!
//! Owns from where to where an arm goes, and its scan, which reads no rows where no filter asks for them. Must not know how arms
//! are merged.

use super::row::statement;
use super::{Lens, Stretch, Way};
use crate::domain::id::ReferralId;
use crate::domain::priority::Priority;
use crate::domain::score::Score;
use crate::domain::time::{Span, Stamp, parse_stamp, print_stamp};
use crate::store::StoreError;
use crate::store::board::{Shelf, Spot};
use rusqlite::Connection;
use rusqlite::types::Value as Sql;

/// From where an arm goes on after (or before) a place: a time in its order, exclusive together with an id.
struct Bound {
    at: String,
    id: i64,
}

/// Adds to conditions on (`column`, id) that a row lies behind the first of two bounds, and not behind the second.
fn between(
    column: &str,
    bounds: [Option<Bound>; 2],
    [behind, not_behind]: [&str; 2],
    conditions: &mut String,
    values: &mut Vec<Sql>,
) {
    for (bound, sign) in bounds.into_iter().zip([behind, not_behind]) {
        if let Some(bound) = bound {
            values.push(Sql::Text(bound.at));
            values.push(Sql::Integer(bound.id));
            let last = values.len();
            conditions.push_str(&format!(" AND ({column}, r.id) {sign} (?{}, ?{last})", last - 1));
        }
    }
}

/// The first row of an arm that ranks behind the place (going down) or before it (going up). In the place's own priority
/// that is the next in time. In another priority it follows from the score's arithmetic, turned round.
fn bound(lens: &Lens<'_>, priority: Priority, place: Option<Spot>, way: Way) -> Option<Bound> {
    let place = place?;
    if priority == place.priority {
        return Some(Bound {
            at: print_stamp(place.received_at),
            id: place.id.0,
        });
    }
    let everything = || match way {
        Way::Down => Bound {
            at: String::new(),
            id: 0,
        },
        Way::Up => Bound {
            at: "~".into(),
            id: 0,
        },
    };
    let nothing = || match way {
        Way::Down => Bound {
            at: "~".into(),
            id: 0,
        },
        Way::Up => Bound {
            at: String::new(),
            id: 0,
        },
    };
    // Whatever the other's rank, stat is above it.
    let (Some(_), Some(score)) = (
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
    let Some(longest) = lens.targets.longest(priority, highest_behind, lens.now) else {
        return Some(nothing());
    };
    let oldest_behind = lens.now - Span::seconds(longest);
    // Everything from this received time on ranks behind the place; ids are positive, so (time, 0) lies just before.
    Some(Bound {
        at: print_stamp(oldest_behind),
        id: 0,
    })
}

/// Scans an arm through a stretch of the queue.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub(super) fn arm(
    connection: &Connection,
    lens: &Lens<'_>,
    priority: Priority,
    stretch: Stretch,
    limit: usize,
    way: Way,
) -> Result<Vec<Spot>, StoreError> {
    if !lens.filter.admits(priority) {
        return Ok(Vec::new());
    }
    let (sql, values) = scan(lens, priority, stretch, limit, way);
    spots(connection, &sql, values, |id, received_at| Spot {
        id,
        priority,
        received_at,
        ended_at: None,
    })
}

/// The statement of a scan, and what it binds.
fn scan(lens: &Lens<'_>, priority: Priority, stretch: Stretch, limit: usize, way: Way) -> (String, Vec<Sql>) {
    let mut values: Vec<Sql> = vec![Sql::Text(priority.code().into())];
    let shelf = match lens.shelf {
        Shelf::List(list) => {
            values.push(Sql::Text(list.code().into()));
            "r.list = ?2"
        }
        Shelf::Open | Shelf::Closed => "r.list IS NOT NULL",
    };
    let mut conditions = format!("r.priority = ?1 AND {shelf}");
    // What lies up to a place is what does not lie behind it.
    let signs = match way {
        Way::Down => [">", "<="],
        Way::Up => ["<", ">="],
    };
    let bounds = [stretch.from, stretch.to].map(|place| bound(lens, priority, place, way));
    between("r.received_at", bounds, signs, &mut conditions, &mut values);
    let direction = if way == Way::Down { "ASC" } else { "DESC" };
    let tail = format!("ORDER BY r.received_at {direction}, r.id {direction}");
    let sql = statement(
        lens,
        "r.id, r.received_at",
        &conditions,
        &tail,
        &mut values,
        limit,
    );
    (sql, values)
}

/// Ended referrals of a stretch, the latest first.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub(super) fn ended(
    connection: &Connection,
    lens: &Lens<'_>,
    stretch: Stretch,
    limit: usize,
    way: Way,
) -> Result<Vec<Spot>, StoreError> {
    let mut values = Vec::new();
    let mut conditions = String::from("r.list IS NULL");
    let signs = match way {
        Way::Down => ["<", ">="],
        Way::Up => [">", "<="],
    };
    let bounds = [stretch.from, stretch.to].map(|place| {
        place.map(|place| Bound {
            at: place.ended_at.map(print_stamp).unwrap_or_default(),
            id: place.id.0,
        })
    });
    between("r.ended_at", bounds, signs, &mut conditions, &mut values);
    let direction = if way == Way::Down { "DESC" } else { "ASC" };
    let tail = format!("ORDER BY r.ended_at {direction}, r.id {direction}");
    let columns = "r.id, r.ended_at";
    let sql = statement(lens, columns, &conditions, &tail, &mut values, limit);
    spots(connection, &sql, values, |id, ended_at| Spot {
        id,
        // Among the ended, neither counts.
        priority: Priority::Routine,
        received_at: ended_at,
        ended_at: Some(ended_at),
    })
}

/// Reads where referrals stand: their numbers, and the time that they are in the order of.
fn spots(
    connection: &Connection,
    sql: &str,
    values: Vec<Sql>,
    spot: impl Fn(ReferralId, Stamp) -> Spot,
) -> Result<Vec<Spot>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let at = parse_stamp(row.get_ref(1)?.as_str().unwrap_or_default());
        let at = at.map_err(|why| StoreError::Corrupt {
            what: "referral",
            why,
        })?;
        all.push(spot(ReferralId(row.get(0)?), at));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lists::List;
    use crate::domain::policy::ScoreTargets;
    use crate::domain::time::from_seconds;
    use crate::store::filter::Filter;
    use crate::store::open::{open, plan};

    #[test]
    fn an_arm_is_a_stretch_of_an_index() {
        let folder = tempfile::tempdir().expect("a folder");
        let connection = open(&folder.path().join("refdesk.db"), folder.path()).expect("a database");
        let filter = Filter::default();
        let day = Span::days(1);
        let targets = ScoreTargets {
            asap: day,
            urgent: day,
            routine: day,
            learnt: &[],
        };
        // Of one list nothing but the index is read; among all open ones, SQLite looks at each whether it is open.
        let shelves = [
            (Shelf::List(List::Review), "USING COVERING INDEX referral_queue"),
            (Shelf::Open, "USING INDEX referral_open"),
        ];
        for (shelf, index) in shelves {
            let lens = Lens {
                shelf,
                filter: &filter,
                now: from_seconds(0),
                targets: &targets,
                past: false,
                step: usize::MAX,
            };
            let stretch = Stretch { from: None, to: None };
            for way in [Way::Down, Way::Up] {
                let (sql, _) = scan(&lens, Priority::Urgent, stretch, 50, way);
                let plan = plan(&connection, &sql).expect("a plan").join("; ");
                assert!(plan.contains(index), "{sql}: {plan}");
                assert!(!plan.contains("B-TREE"), "{sql}: {plan}");
            }
        }
    }
}
