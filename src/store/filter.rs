//! A parsed query as conditions on the rows of the queue.
//!
//! Owns the fragment for each test: constant texts, values always bound. Must not parse.

use crate::domain::query::{Query, Test};
use crate::domain::time::{Stamp, print_stamp};
use rusqlite::types::Value as Sql;

/// A query, ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Filter(pub Query);

impl Filter {
    /// The conditions, each with a leading ` AND `; pushes the values that they bind.
    pub fn sql(&self, values: &mut Vec<Sql>, now: Stamp) -> String {
        let mut sql = String::new();
        for term in &self.0.terms {
            let mut bind = |value: String| {
                values.push(Sql::Text(value));
                values.len()
            };
            let like = |text: &str| {
                format!(
                    "%{}%",
                    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
                )
            };
            let test = match &term.test {
                Test::Priority(priority) => format!("r.priority = ?{}", bind(priority.code().into())),
                Test::Status(status) => format!("r.status = ?{}", bind(status.code().into())),
                Test::Source(source) => format!("r.source = ?{}", bind(source.clone())),
                // The owner is kept as {"queue": "…"} or {"person": "…"}: only the value is looked at.
                Test::Owner(name) => {
                    format!(
                        "coalesce(r.owner ->> 'person', r.owner ->> 'queue') LIKE ?{} ESCAPE '\\'",
                        bind(like(name))
                    )
                }
                Test::Specialty(name) => format!("r.specialty LIKE ?{} ESCAPE '\\'", bind(like(name))),
                Test::Service(name) => format!("r.service LIKE ?{} ESCAPE '\\'", bind(like(name))),
                Test::Text(name) => format!("p.filed LIKE ?{} ESCAPE '\\'", bind(like(name))),
                Test::Overdue => format!("coalesce(r.due_at < ?{}, 0)", bind(print_stamp(now))),
                Test::Missing => "r.missing <> '[]'".to_owned(),
            };
            sql.push_str(if term.not { " AND NOT (" } else { " AND (" });
            sql.push_str(&test);
            sql.push(')');
        }
        sql
    }
}
