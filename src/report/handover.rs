//! The shift handover: what is new, due, missed, escalated and promised since somebody left, and what others did to theirs.
//!
//! Owns what belongs into it and in which order. It reads by time, in bounded pieces: its cost follows from what happened
//! since. Must not know how it is shown.

use crate::domain::event::Fact;
use crate::domain::id::ReferralId;
use crate::domain::lists::List;
use crate::domain::message::MessageState;
use crate::domain::policy::{Actor, Policy};
use crate::domain::query::Query;
use crate::domain::time::{Span, Stamp, show_stamp};
use crate::domain::timeline::describe;
use crate::store::board::{Anchor, LogEntry, QueueRow, Shelf};
use crate::store::since::Changes;
use crate::store::{Store, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// Changes that are looked at; earlier ones are counted, and said to be.
const CHANGES: usize = 20_000;
/// Lines of a part; more are counted, up to [`LOOKED`].
const LINES: usize = 40;
/// Referrals of a part that are looked for: a shift is handed over, not a backlog.
const LOOKED: usize = LINES * 4;

/// A part of the handover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Emergencies that are open.
    Emergencies,
    /// Calls that were promised, by the end of the day.
    Promises,
    /// What came due and is not done.
    Due,
    /// Targets that were missed.
    Missed,
    /// What rules handed to a person.
    Escalated,
    /// What others changed on this person's referrals.
    Mine,
    /// What came in.
    New,
    /// Messages that need a decision.
    Messages,
}

impl Part {
    /// Every part, in order.
    pub const ALL: [Part; 8] = [
        Part::Emergencies,
        Part::Promises,
        Part::Due,
        Part::Missed,
        Part::Escalated,
        Part::Mine,
        Part::New,
        Part::Messages,
    ];

    /// Its name in scripts.
    pub const fn code(self) -> &'static str {
        match self {
            Part::Emergencies => "emergencies",
            Part::Promises => "promises",
            Part::Due => "due",
            Part::Missed => "missed",
            Part::Escalated => "escalated",
            Part::Mine => "mine",
            Part::New => "new",
            Part::Messages => "messages",
        }
    }

    /// Its heading.
    pub const fn label(self) -> &'static str {
        match self {
            Part::Emergencies => "Emergencies open",
            Part::Promises => "Calls promised by tonight",
            Part::Due => "Came due, not done",
            Part::Missed => "Targets missed",
            Part::Escalated => "Escalated to a person",
            Part::Mine => "Changed by others on yours",
            Part::New => "New",
            Part::Messages => "Messages that need a decision",
        }
    }
}

/// One line: a referral and what is said of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    /// The referral.
    pub referral: ReferralId,
    /// Its patient, as filed.
    pub patient: String,
    /// When it happened, or is due.
    pub at: Stamp,
    /// What is said.
    pub says: String,
    /// Who did it; empty for the program.
    pub by: String,
}

/// The handover.
#[derive(Clone, PartialEq, Eq)]
pub struct Handover {
    /// For whom.
    pub actor: String,
    /// Since when.
    pub since: Stamp,
    /// Until when.
    pub until: Stamp,
    /// The parts that have something to say, each with its lines and how many more there are.
    pub parts: Vec<(Part, Vec<Line>, usize)>,
    /// Parts of which there is more than was looked for: their figures are the least that it can be.
    pub capped: BTreeSet<Part>,
    /// Changes, the earliest ones, that were too many to be looked at.
    pub unread: u64,
}

impl Handover {
    /// A figure of a part, in words where it is the least that it can be.
    pub fn figure(&self, part: Part, number: usize) -> String {
        if self.capped.contains(&part) {
            format!("at least {number}")
        } else {
            number.to_string()
        }
    }

    /// Lines of a part, those left out too.
    pub fn count(&self, part: Part) -> usize {
        let found = self.parts.iter().find(|(each, ..)| *each == part);
        found.map_or(0, |(_, lines, more)| lines.len() + more)
    }
}

/// Gathers it.
///
/// # Errors
/// The store's.
pub fn gather(
    store: &Store,
    policy: &Policy,
    actor: &str,
    since: Stamp,
    now: Stamp,
) -> Result<Handover, StoreError> {
    let Changes { entries, unread } = store.changes_since(since, CHANGES)?;
    let mut said = Said::default();
    for (id, entry) in &entries {
        said.hear(*id, entry, actor);
    }
    let tonight = policy.calendar.add_hours(now, 1).max(now + Span::hours(12));
    let promised = store.promised_by(tonight, LOOKED)?;
    let due = store.due_between(since, now, LOOKED)?;
    let mut capped = BTreeSet::new();
    for (part, found) in [(Part::Promises, promised.len()), (Part::Due, due.len())] {
        if found == LOOKED {
            capped.insert(part);
        }
    }
    let mut troubled = Vec::new();
    for state in [MessageState::Failed, MessageState::Uncertain] {
        let some = store.outbox(Some(state), LOOKED)?;
        if some.len() == LOOKED {
            capped.insert(Part::Messages);
        }
        troubled.extend(some);
    }
    let emergencies = store.window(
        Shelf::List(List::Emergency),
        &Query::default(),
        Anchor::Start,
        LOOKED,
        now,
        &policy.score_targets,
    )?;
    if emergencies.rows.len() == LOOKED {
        capped.insert(Part::Emergencies);
    }
    let named: BTreeSet<ReferralId> = said
        .all()
        .chain(promised.iter().map(|(id, _)| *id))
        .chain(due.iter().copied())
        .chain(troubled.iter().map(|message| message.referral))
        .collect();
    let ids: Vec<ReferralId> = named.into_iter().collect();
    let rows = store.rows(&ids, now, &policy.score_targets)?;
    let rows: BTreeMap<ReferralId, QueueRow> = rows.into_iter().map(|row| (row.id, row)).collect();
    let mut parts: BTreeMap<Part, Vec<Line>> = BTreeMap::new();
    for row in &emergencies.rows {
        let says = match row.acknowledged_at {
            Some(at) => format!("called {}", show_stamp(policy.clinic.zone, at, now)),
            None => "nobody has called yet".to_owned(),
        };
        let at = row.due_at.unwrap_or(row.received_at);
        parts
            .entry(Part::Emergencies)
            .or_default()
            .push(line(row, at, says, ""));
    }
    let open = |id: &ReferralId| rows.get(id).filter(|row| row.list.is_some());
    for (id, at) in &promised {
        if let Some(row) = open(id) {
            let owner = policy.shown_owner(&row.owner, now);
            let says = format!("call back · {} · {owner}", row.status);
            parts
                .entry(Part::Promises)
                .or_default()
                .push(line(row, *at, says, ""));
        }
    }
    for row in due
        .iter()
        .filter_map(open)
        .filter(|row| row.list != Some(List::Emergency))
    {
        let action = row.next_action.map_or("", |action| action.label());
        let says = format!("{action} · {}", policy.shown_owner(&row.owner, now));
        let at = row.due_at.unwrap_or(now);
        parts.entry(Part::Due).or_default().push(line(row, at, says, ""));
    }
    let today = policy.today(now);
    // What somebody covers is theirs meanwhile.
    let mine = |row: &QueueRow| policy.cover.does(actor, &row.owner, today);
    for (part, id, entry) in said.lines {
        let Some(row) = rows.get(&id).filter(|row| part != Part::Mine || mine(row)) else {
            continue;
        };
        let says = if let Fact::Received { source, .. } = &entry.fact {
            format!("{}, by {} · {}", row.priority, source.label(), row.service)
        } else {
            describe(&entry.fact, policy.clinic.zone, now)
        };
        let by = if entry.actor == Actor::system().name {
            ""
        } else {
            entry.actor.as_str()
        };
        parts.entry(part).or_default().push(line(row, entry.at, says, by));
    }
    for message in &troubled {
        if let Some(row) = rows.get(&message.referral) {
            let says = format!(
                "{} by {}: {}",
                message.kind.code(),
                message.channel.code(),
                message.state.code()
            );
            let at = message.sent_at.unwrap_or(message.created_at);
            parts
                .entry(Part::Messages)
                .or_default()
                .push(line(row, at, says, ""));
        }
    }
    Ok(Handover {
        actor: actor.to_owned(),
        since,
        until: now,
        parts: parts
            .into_iter()
            .map(|(part, mut lines)| {
                let more = lines.len().saturating_sub(LINES);
                lines.truncate(LINES);
                (part, lines, more)
            })
            .collect(),
        capped,
        unread,
    })
}

fn line(row: &QueueRow, at: Stamp, says: String, by: &str) -> Line {
    Line {
        referral: row.id,
        patient: row.patient.clone(),
        at,
        says,
        by: by.to_owned(),
    }
}

/// What the log says, by part: of a referral each thing once, the latest.
#[derive(Default)]
struct Said<'a> {
    lines: Vec<(Part, ReferralId, &'a LogEntry)>,
    heard: BTreeSet<(Part, ReferralId, String)>,
}

impl<'a> Said<'a> {
    fn hear(&mut self, id: ReferralId, entry: &'a LogEntry, actor: &str) {
        let others = entry.actor != actor && entry.actor != Actor::system().name;
        let part = match part_of(&entry.fact) {
            Some(part) => part,
            None if others && tells(&entry.fact) => Part::Mine,
            None => return,
        };
        let key = serde_json::to_string(&entry.fact).unwrap_or_default();
        if self.heard.insert((part, id, key)) {
            self.lines.push((part, id, entry));
        }
    }

    fn all(&self) -> impl Iterator<Item = ReferralId> + '_ {
        self.lines.iter().map(|(_, id, _)| *id)
    }
}

/// Rules whose tasks hand something to a person because nobody did it in time.
const ESCALATIONS: [&str; 3] = ["emergency/", "call-provider/", "call-patient/"];

/// Facts that are told whoever was behind them.
fn part_of(fact: &Fact) -> Option<Part> {
    if let Fact::Received { .. } = fact {
        return Some(Part::New);
    }
    if let Fact::MilestoneMissed { .. } = fact {
        return Some(Part::Missed);
    }
    if let Fact::TaskAdded { rule } = fact
        && ESCALATIONS.iter().any(|head| rule.starts_with(head))
    {
        return Some(Part::Escalated);
    }
    None
}

/// Facts that tell the owner something when another person was behind them.
fn tells(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::StatusChanged { .. }
            | Fact::PriorityChanged { .. }
            | Fact::Assigned { .. }
            | Fact::NoteAdded
            | Fact::CallRecorded { .. }
            | Fact::InfoRequested { .. }
            | Fact::ItemsProvided { .. }
            | Fact::ItemsWaived { .. }
            | Fact::Booked { .. }
            | Fact::AppointmentChanged { .. }
            | Fact::Amended { .. }
            | Fact::CoverageChanged
            | Fact::AuthorizationChanged
            | Fact::DocumentFiled
            | Fact::Undone { .. }
    )
}
