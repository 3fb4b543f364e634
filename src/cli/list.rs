//! `refdesk list`: the queue, in its order.

use super::desk::Desk;
use super::past;
use super::{Ending, Exit, number, print};
use crate::domain::lists;
use crate::domain::query::{Query, QueryError};
use crate::domain::text;
use crate::domain::time::{print_stamp, show_stamp};
use crate::store::board::{Anchor, QueueRow, Shelf};
use crate::tui::width::{columns, fit};
use serde_json::json;

#[derive(clap::Args, Debug)]
pub(crate) struct List {
    /// Which list; open is all of them, intake the documents that need a person
    #[arg(long, default_value = "open", value_name = "LIST", value_parser = names())]
    list: String,
    /// Only what matches: words of a name, and priority: status: owner: specialty: service: source: overdue:yes missing:yes;
    /// a minus before a term turns it round, as in "priority:urgent -owner:maria garcia"
    #[arg(long, default_value = "", value_name = "QUERY", hide_default_value = true)]
    query: String,
    /// At most this many rows
    #[arg(long, default_value = "50", value_name = "N", value_parser = number::<usize>)]
    limit: usize,
    /// As it stood at a past moment: 2026-11-23T09:00:00Z, or in words as in "mon 9:00" or "yesterday 17:00"
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
}

/// Rows read at once: a long list streams.
const PAGE: usize = 500;

impl List {
    pub fn run(&self, desk: &Desk) -> Ending {
        if self.list == "intake" {
            if self.as_of.is_some() {
                print::error("intake is listed as it is now alone; leave --as-of out");
                return Ok(Exit::Usage);
            }
            return self.intake(desk);
        }
        let mut past = match &self.as_of {
            Some(words) => match past::moment(desk, words) {
                Ok(at) => Some(past::look_back(desk, at)?),
                Err(exit) => return Ok(exit),
            },
            None => None,
        };
        let shelf = shelf(&self.list);
        let query = match Query::parse(&self.query) {
            Ok(query) => desk.engine.policy().as_asked(query, desk.now()),
            Err(error) => return Ok(wrong(&self.query, &error)),
        };
        let (mut anchor, mut left, mut any) = (Anchor::Start, self.limit, false);
        let now = desk.now();
        while left > 0 {
            let (store, targets) = (desk.engine.store(), &desk.engine.policy().score_targets);
            let many = left.min(PAGE);
            let window = match &mut past {
                Some(past) => store.past_window(past, shelf, &query, anchor, (many, usize::MAX), targets),
                None => store.window(shelf, &query, anchor, many, now, targets),
            }?;
            for row in &window.rows {
                if desk.json() {
                    print::json(&object(row, desk))?
                } else {
                    print::line(&line(row, desk))?
                }
            }
            any |= !window.rows.is_empty();
            left = left.saturating_sub(window.rows.len());
            match window.rows.last() {
                Some(last) if !window.at_end => anchor = Anchor::After(last.id),
                Some(_) | None => break,
            }
        }
        if !any && self.limit > 0 && !desk.json() {
            print::error("no referral stands there");
        }
        Ok(Exit::Done)
    }

    fn intake(&self, desk: &Desk) -> Ending {
        let rows = desk.engine.store().intake(self.limit)?;
        if rows.is_empty() && self.limit > 0 && !desk.json() {
            print::error("no document waits for a person");
        }
        for row in rows {
            if desk.json() {
                print::json(&json!({
                    "document": row.id, "name": row.name, "kind": row.kind, "received_at": print_stamp(row.received_at), "reason": row.reason,
                }))?;
            } else {
                let at = show_stamp(desk.engine.policy().clinic.zone, row.received_at, desk.now());
                print::line(&format!(
                    "{:<8} {at:<14} {} {}",
                    row.id.to_string(),
                    fit(&row.name, 28),
                    row.reason
                ))?;
            }
        }
        Ok(Exit::Done)
    }
}

fn names() -> clap::builder::PossibleValuesParser {
    let lists = lists::List::ALL.iter().map(|list| list.code());
    clap::builder::PossibleValuesParser::new(["open"].into_iter().chain(lists).chain(["closed", "intake"]))
}

/// The arguments' parser has let through only names that there are.
fn shelf(name: &str) -> Shelf {
    match name {
        "closed" => Shelf::Closed,
        code => lists::List::from_code(code).map_or(Shelf::Open, Shelf::List),
    }
}

/// Points at the character.
pub(super) fn wrong(query: &str, error: &QueryError) -> Exit {
    let before: String = query.chars().take(error.at).collect();
    let caret = " ".repeat(columns(&text::line(&before)));
    print::error(&format!("the query {error}\n{query}\n{caret}^"));
    Exit::Usage
}

fn object(row: &QueueRow, desk: &Desk) -> serde_json::Value {
    let policy = desk.engine.policy();
    let covered = policy.cover.of(&row.owner, policy.today(desk.now()));
    let covered = covered.map(|(cover, _)| cover.to_string());
    json!({
        "referral": row.id, "version": row.version, "list": row.list.map(lists::List::code), "score": row.score, "priority": row.priority,
        "status": row.status, "received_at": print_stamp(row.received_at), "due_at": row.due_at.map(print_stamp),
        "next_action": row.next_action, "patient": row.patient, "dob": row.dob, "sex": row.sex, "specialty": row.specialty,
        "service": row.service, "owner": row.owner.to_string(), "covered_by": covered, "missing": row.missing, "attempts": row.attempts,
        "acknowledged_at": row.acknowledged_at.map(print_stamp),
    })
}

fn line(row: &QueueRow, desk: &Desk) -> String {
    let zone = desk.engine.policy().clinic.zone;
    let score = row
        .score
        .map_or_else(|| "—".to_owned(), |score| score.to_string());
    let due = row
        .due_at
        .map_or_else(String::new, |due| show_stamp(zone, due, desk.now()));
    format!(
        "{score:>3}  {due:<17} {:<10} {} {} {} {} {}",
        row.id.to_string(),
        fit(&row.patient, 24),
        fit(&row.service, 22),
        fit(row.priority.mark(), 5),
        fit(&row.status.to_string(), 21),
        desk.engine.policy().shown_owner(&row.owner, desk.now())
    )
}
