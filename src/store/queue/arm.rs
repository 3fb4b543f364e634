//! An arm of the queue: the referrals of one priority in the order of their received times, off an index.
//!
//! Owns from where an arm goes on, and its scan, which reads no rows where no filter asks for them. Must not know how arms are
//! merged.

use super::row::statement;
use super::{Lens, Place, Way};
use crate::domain::id::ReferralId;
use crate::domain::priority::Priority;
use crate::domain::score::Score;
use crate::domain::time::{Span, Stamp, parse_stamp, print_stamp};
use crate::store::StoreError;
use crate::store::board::Shelf;
use rusqlite::Connection;
use rusqlite::types::Value as Sql;

/// Where a referral of an arm stands.
pub(super) struct Standing {
    pub id: ReferralId,
    pub priority: Priority,
    pub received_at: Stamp,
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

/// Scans an arm from a place on.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub(super) fn arm(
    connection: &Connection,
    lens: &Lens<'_>,
    priority: Priority,
    from: Option<Place>,
    limit: usize,
    way: Way,
) -> Result<Vec<Standing>, StoreError> {
    if !lens.filter.admits(priority) {
        return Ok(Vec::new());
    }
    let (sql, values) = scan(lens, priority, from, limit, way);
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let received_at = parse_stamp(row.get_ref(1)?.as_str().unwrap_or_default());
        all.push(Standing {
            id: ReferralId(row.get(0)?),
            priority,
            received_at: received_at.map_err(|why| StoreError::Corrupt {
                what: "referral",
                why,
            })?,
        });
    }
    Ok(all)
}

/// The statement of a scan, and what it binds.
fn scan(
    lens: &Lens<'_>,
    priority: Priority,
    from: Option<Place>,
    limit: usize,
    way: Way,
) -> (String, Vec<Sql>) {
    let mut values: Vec<Sql> = vec![Sql::Text(priority.code().into())];
    let shelf = match lens.shelf {
        Shelf::List(list) => {
            values.push(Sql::Text(list.code().into()));
            "r.list = ?2"
        }
        Shelf::Open | Shelf::Closed => "r.list IS NOT NULL",
    };
    let mut conditions = format!("r.priority = ?1 AND {shelf}");
    if let Some(bound) = bound(lens, priority, from, way) {
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
            };
            for way in [Way::Down, Way::Up] {
                let (sql, _) = scan(&lens, Priority::Urgent, None, 50, way);
                let plan = plan(&connection, &sql).expect("a plan").join("; ");
                assert!(plan.contains(index), "{sql}: {plan}");
                assert!(!plan.contains("B-TREE"), "{sql}: {plan}");
            }
        }
    }
}
