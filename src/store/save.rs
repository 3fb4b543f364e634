//! What changes made of records, put into the tables.
//!
//! Owns the order in which references hold, what of a row is written, and that people are found by what is on record. Must not
//! know why a record changed.

use super::StoreError;
pub use super::find::Finds;
use super::row::{self, Part, Stored};
use crate::domain::case::{Appointment, Document, InfoRequest, Milestone, Note, Task, Timer};
use crate::domain::coverage::Coverage;
use crate::domain::message::Message;
use crate::domain::person::{Organization, Patient, Practitioner};
use crate::domain::record::{Entity, Patch};
use crate::domain::referral::Referral;
use crate::domain::snapshot::{Kept, Snapshot};
use rusqlite::Connection;

/// A record that changes are about, and the part of it that they change.
#[derive(Clone, Copy, Debug)]
pub struct Touched {
    /// Kind of record.
    pub entity: Entity,
    /// Its number.
    pub id: i64,
    part: Part,
}

/// Puts into the table what a change made of a record.
///
/// # Errors
/// SQLite's: a broken CHECK, a key that is taken.
fn save(
    connection: &Connection,
    next: &Snapshot,
    what: Touched,
    finds: &mut Finds,
) -> Result<(), StoreError> {
    let id = what.id;
    match what.entity {
        Entity::Patient => {
            finds.patient(id, next.get(id));
            save_as::<Patient>(connection, next, what)
        }
        Entity::Practitioner => {
            finds.practitioner(id, next.get(id));
            save_as::<Practitioner>(connection, next, what)
        }
        Entity::Organization => {
            finds.organization(id, next.get(id));
            save_as::<Organization>(connection, next, what)
        }
        Entity::Referral => save_as::<Referral>(connection, next, what),
        Entity::Coverage => save_as::<Coverage>(connection, next, what),
        Entity::Milestone => save_as::<Milestone>(connection, next, what),
        Entity::Task => save_as::<Task>(connection, next, what),
        Entity::Timer => save_as::<Timer>(connection, next, what),
        Entity::InfoRequest => save_as::<InfoRequest>(connection, next, what),
        Entity::Note => save_as::<Note>(connection, next, what),
        Entity::Appointment => save_as::<Appointment>(connection, next, what),
        Entity::Message => save_as::<Message>(connection, next, what),
        Entity::Document => save_as::<Document>(connection, next, what),
    }
}

fn save_as<T: Stored + Kept>(
    connection: &Connection,
    next: &Snapshot,
    what: Touched,
) -> Result<(), StoreError> {
    match next.get::<T>(what.id) {
        Some(record) => row::put_part(connection, record, what.part),
        None => row::remove::<T>(connection, what.id),
    }
}

/// Puts into the tables what changes made of the records, in an order in which references hold: what is pointed to is
/// written first and taken away last. By what people are found is left to whoever writes `finds` in the end.
///
/// # Errors
/// SQLite's: a broken CHECK, a key that is taken.
pub fn save_all(
    connection: &Connection,
    next: &Snapshot,
    mut touched: Vec<Touched>,
    finds: &mut Finds,
) -> Result<(), StoreError> {
    touched.sort_by_key(|what| (rank(what.entity), what.entity, what.id));
    touched.dedup_by(|later, first| {
        let same = (later.entity, later.id) == (first.entity, first.id);
        if same {
            first.part = first.part.and(later.part);
        }
        same
    });
    let mut gone = Vec::new();
    // What a referral has several of is written several at once.
    let (mut milestones, mut timers, mut tasks) = (Vec::new(), Vec::new(), Vec::new());
    for what in touched {
        if !next.has(what.entity, what.id) {
            gone.push(what);
            continue;
        }
        let taken = what.part == Part::WHOLE
            && match what.entity {
                Entity::Milestone => gather(&mut milestones, next, what.id),
                Entity::Timer => gather(&mut timers, next, what.id),
                Entity::Task => gather(&mut tasks, next, what.id),
                Entity::Patient
                | Entity::Practitioner
                | Entity::Organization
                | Entity::Referral
                | Entity::Coverage
                | Entity::InfoRequest
                | Entity::Note
                | Entity::Appointment
                | Entity::Message
                | Entity::Document => false,
            };
        if !taken {
            save(connection, next, what, finds)?;
        }
    }
    row::put_all::<Milestone>(connection, &milestones)?;
    row::put_all::<Timer>(connection, &timers)?;
    row::put_all::<Task>(connection, &tasks)?;
    gone.into_iter()
        .rev()
        .try_for_each(|what| save(connection, next, what, finds))
}

fn gather<'a, T: Kept>(all: &mut Vec<&'a T>, next: &'a Snapshot, id: i64) -> bool {
    let found = next.get::<T>(id);
    all.extend(found);
    found.is_some()
}

/// The records that changes are about.
pub fn touched<'a>(patches: impl Iterator<Item = &'a Patch>) -> Vec<Touched> {
    patches
        .map(|patch| Touched {
            entity: patch.entity,
            id: patch.id,
            part: part_of(patch),
        })
        .collect()
}

fn part_of(patch: &Patch) -> Part {
    let (Some(before), Some(after)) = (&patch.before, &patch.after) else {
        return Part::WHOLE;
    };
    let (before, after) = (before.names(), after.names());
    let names = before.iter().chain(&after);
    match patch.entity {
        Entity::Patient => Part::of::<Patient>(names),
        Entity::Practitioner => Part::of::<Practitioner>(names),
        Entity::Organization => Part::of::<Organization>(names),
        Entity::Referral => Part::of::<Referral>(names),
        Entity::Coverage => Part::of::<Coverage>(names),
        Entity::Milestone => Part::of::<Milestone>(names),
        Entity::Task => Part::of::<Task>(names),
        Entity::Timer => Part::of::<Timer>(names),
        Entity::InfoRequest => Part::of::<InfoRequest>(names),
        Entity::Note => Part::of::<Note>(names),
        Entity::Appointment => Part::of::<Appointment>(names),
        Entity::Message => Part::of::<Message>(names),
        Entity::Document => Part::of::<Document>(names),
    }
}

const fn rank(entity: Entity) -> u8 {
    match entity {
        Entity::Organization => 0,
        Entity::Patient | Entity::Practitioner => 1,
        Entity::Referral => 2,
        Entity::Coverage
        | Entity::Milestone
        | Entity::Task
        | Entity::Timer
        | Entity::InfoRequest
        | Entity::Note
        | Entity::Appointment
        | Entity::Message
        | Entity::Document => 3,
    }
}
