//! `refdesk list`: the queue, in its order.

use super::desk::Desk;
use super::{Ending, Exit, Trouble, print};
use crate::domain::lists;
use crate::domain::query::Query;
use crate::domain::time::{print_stamp, show_stamp};
use crate::store::board::{Anchor, QueueRow, Shelf};
use serde_json::json;

#[derive(clap::Args, Debug)]
pub(crate) struct List {
    /// review, missing-info, insurance, to-schedule, scheduled, reports-due, emergency, open, closed or intake
    #[arg(long, default_value = "open", value_name = "LIST")]
    list: String,
    /// A filter such as `priority:urgent owner:maria`
    #[arg(long, default_value = "", value_name = "QUERY")]
    query: String,
    /// At most this many rows
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

/// Rows read at once: a long list streams.
const PAGE: usize = 500;

impl List {
    pub fn run(&self, desk: &Desk) -> Ending {
        if self.list == "intake" {
            return self.intake(desk);
        }
        let shelf = shelf(&self.list)?;
        let query = Query::parse(&self.query).map_err(|error| Trouble(format!("the query {error}")))?;
        let (mut anchor, mut left) = (Anchor::Start, self.limit);
        let now = desk.now();
        while left > 0 {
            let window = desk.engine.store().window(
                shelf,
                &query,
                anchor,
                left.min(PAGE),
                now,
                &desk.engine.policy().score_targets,
            )?;
            for row in &window.rows {
                if desk.json() {
                    print::json(&object(row))?
                } else {
                    print::line(&text(row, desk))?
                }
            }
            left = left.saturating_sub(window.rows.len());
            match window.rows.last() {
                Some(last) if !window.at_end => anchor = Anchor::After(last.id),
                Some(_) | None => break,
            }
        }
        Ok(Exit::Done)
    }

    fn intake(&self, desk: &Desk) -> Ending {
        for row in desk.engine.store().intake(self.limit)? {
            if desk.json() {
                print::json(&json!({
                    "document": row.id, "name": row.name, "kind": row.kind, "received_at": print_stamp(row.received_at), "reason": row.reason,
                }))?;
            } else {
                let at = show_stamp(desk.engine.policy().clinic.zone, row.received_at, desk.now());
                print::line(&format!(
                    "{:<8} {at:<14} {:<28} {}",
                    row.id.to_string(),
                    row.name,
                    row.reason
                ))?;
            }
        }
        Ok(Exit::Done)
    }
}

fn shelf(name: &str) -> Result<Shelf, Trouble> {
    match name {
        "open" => Ok(Shelf::Open),
        "closed" => Ok(Shelf::Closed),
        code => lists::List::from_code(code).map(Shelf::List).ok_or_else(|| {
            let known: Vec<&str> = lists::List::ALL.iter().map(|list| list.code()).collect();
            Trouble(format!(
                "there is no list `{code}`; use {}, open, closed or intake",
                known.join(", ")
            ))
        }),
    }
}

fn object(row: &QueueRow) -> serde_json::Value {
    json!({
        "referral": row.id, "version": row.version, "list": row.list.map(lists::List::code), "score": row.score, "priority": row.priority,
        "status": row.status, "received_at": print_stamp(row.received_at), "due_at": row.due_at.map(print_stamp),
        "next_action": row.next_action, "patient": row.patient, "dob": row.dob, "sex": row.sex, "specialty": row.specialty,
        "service": row.service, "owner": row.owner.to_string(), "missing": row.missing, "attempts": row.attempts,
        "acknowledged_at": row.acknowledged_at.map(print_stamp),
    })
}

fn text(row: &QueueRow, desk: &Desk) -> String {
    let zone = desk.engine.policy().clinic.zone;
    let score = row
        .score
        .map_or_else(|| "—".to_owned(), |score| score.to_string());
    let due = row
        .due_at
        .map_or_else(String::new, |due| show_stamp(zone, due, desk.now()));
    format!(
        "{score:>3}  {due:<14} {:<10} {:<24} {:<18} {:<6} {:<20} {}",
        row.id.to_string(),
        row.patient,
        row.service,
        row.priority.mark(),
        row.status,
        row.owner
    )
}
