//! Snapshots out of the tables, changes into them.
//!
//! Owns loading and applying. Must not know what a change means: it puts what the decision says.

use super::StoreError;
use super::lookup::{self, look_alikes};
use super::row::{self, Stored};
use crate::domain::case::Document;
use crate::domain::command::{Command, Ref};
use crate::domain::id::{DocumentId, OrganizationId, PatientId, PractitionerId, ReferralId};
use crate::domain::person::{Organization, Patient, Practitioner};
use crate::domain::record::{Entity, Patch};
use crate::domain::referral::Referral;
use crate::domain::snapshot::{Fresh, Kept, Snapshot};
use rusqlite::{Connection, OptionalExtension};

/// Everything around a referral; without a referral where there is none with this number.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn of_referral(connection: &Connection, id: ReferralId) -> Result<Snapshot, StoreError> {
    let mut snapshot = Snapshot::default();
    let Some(referral) = row::get::<Referral>(connection, id.0)? else {
        return Ok(snapshot);
    };
    snapshot
        .patients
        .extend(row::get::<Patient>(connection, referral.patient.0)?);
    if let Some(PractitionerId(id)) = referral.requester {
        snapshot
            .practitioners
            .extend(row::get::<Practitioner>(connection, id)?);
    }
    for OrganizationId(id) in referral.requester_org.into_iter().chain(referral.facility) {
        if let Some(organization) = row::get::<Organization>(connection, id)? {
            snapshot.put(organization);
        }
    }
    snapshot.referrals.push(referral);
    snapshot.coverages = row::of_referral(connection, id)?;
    snapshot.milestones = row::of_referral(connection, id)?;
    snapshot.tasks = row::of_referral(connection, id)?;
    snapshot.timers = row::of_referral(connection, id)?;
    snapshot.requests = row::of_referral(connection, id)?;
    snapshot.notes = row::of_referral(connection, id)?;
    snapshot.appointments = row::of_referral(connection, id)?;
    snapshot.messages = row::of_referral(connection, id)?;
    snapshot.documents = row::of_referral(connection, id)?;
    Ok(snapshot)
}

/// What a command has to see: the referral that it is about, the records that it names, and fresh numbers.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn for_command(connection: &Connection, command: &Command, random: u64) -> Result<Snapshot, StoreError> {
    let mut snapshot = match command.referral() {
        Some(id) => of_referral(connection, id)?,
        None => Snapshot::default(),
    };
    if let Command::Receive(receive) = command {
        if let Ref::Known(PatientId(id)) = receive.patient {
            snapshot.patients.extend(row::get::<Patient>(connection, id)?);
            snapshot.look_alikes = look_alikes(connection, PatientId(id), &receive.template)?;
        }
        see_practitioner(connection, &mut snapshot, receive.requester.as_ref())?;
        see_organization(
            connection,
            &mut snapshot,
            known(receive.organization.as_ref()).copied(),
        )?;
        see_organization(connection, &mut snapshot, receive.facility)?;
        see_document(
            connection,
            &mut snapshot,
            known(receive.document.as_ref()).copied(),
        )?;
    }
    if let Command::AmendReferral { changes, .. } = command {
        see_practitioner(connection, &mut snapshot, changes.requester.as_ref())?;
        see_organization(
            connection,
            &mut snapshot,
            known(changes.organization.as_ref()).copied(),
        )?;
        see_organization(connection, &mut snapshot, changes.facility)?;
    }
    if let Command::FileDocument { document, .. } = command {
        see_document(connection, &mut snapshot, known(Some(document)).copied())?;
    }
    if let Command::DismissDocument { document, .. } | Command::ReadDocument { document, .. } = command {
        see_document(connection, &mut snapshot, Some(*document))?;
    }
    if let Command::AddFacility { organization } = command {
        snapshot.organizations = lookup::facility_named(connection, &organization.name)?;
    }
    snapshot.fresh = fresh(connection, random)?;
    Ok(snapshot)
}

/// Numbers that a decision may give out.
///
/// # Errors
/// SQLite's.
pub fn fresh(connection: &Connection, random: u64) -> Result<Fresh, StoreError> {
    Ok(Fresh {
        record: counter(connection, "record")?,
        referral: counter(connection, "referral")?,
        random,
    })
}

fn known<I, N>(which: Option<&Ref<I, N>>) -> Option<&I> {
    match which {
        Some(Ref::Known(id)) => Some(id),
        Some(Ref::New(_)) | None => None,
    }
}

fn see_practitioner<N>(
    connection: &Connection,
    snapshot: &mut Snapshot,
    who: Option<&Ref<PractitionerId, N>>,
) -> Result<(), StoreError> {
    if let Some(PractitionerId(id)) = known(who)
        && let Some(record) = row::get::<Practitioner>(connection, *id)?
    {
        snapshot.put(record);
    }
    Ok(())
}

fn see_organization(
    connection: &Connection,
    snapshot: &mut Snapshot,
    id: Option<OrganizationId>,
) -> Result<(), StoreError> {
    if let Some(OrganizationId(id)) = id
        && let Some(record) = row::get::<Organization>(connection, id)?
    {
        snapshot.put(record);
    }
    Ok(())
}

fn see_document(
    connection: &Connection,
    snapshot: &mut Snapshot,
    id: Option<DocumentId>,
) -> Result<(), StoreError> {
    if let Some(DocumentId(id)) = id
        && let Some(record) = row::get::<Document>(connection, id)?
    {
        snapshot.put(record);
    }
    Ok(())
}

fn counter(connection: &Connection, name: &str) -> Result<i64, StoreError> {
    Ok(connection
        .prepare_cached("SELECT next FROM counter WHERE name = ?1")?
        .query_row([name], |row| row.get(0))?)
}

/// Keeps the counters where a decision left them.
///
/// # Errors
/// SQLite's.
pub fn keep_counters(connection: &Connection, record: i64, referral: i64) -> Result<(), StoreError> {
    let mut statement =
        connection.prepare_cached("UPDATE counter SET next = ?2 WHERE name = ?1 AND next < ?2")?;
    statement.execute(("record", record))?;
    statement.execute(("referral", referral))?;
    Ok(())
}

/// Puts into the tables what a change made of the records.
///
/// # Errors
/// SQLite's: a broken CHECK, a key that is taken.
fn save(connection: &Connection, next: &Snapshot, entity: Entity, id: i64) -> Result<(), StoreError> {
    match entity {
        Entity::Patient => {
            save_as::<Patient>(connection, next, id)?;
            super::find::keep_patient(connection, id, next.get(id))
        }
        Entity::Practitioner => {
            save_as::<Practitioner>(connection, next, id)?;
            super::find::keep_practitioner(connection, id, next.get(id))
        }
        Entity::Organization => {
            save_as::<Organization>(connection, next, id)?;
            super::find::keep_organization(connection, id, next.get(id))
        }
        Entity::Referral => save_as::<Referral>(connection, next, id),
        Entity::Coverage => save_as::<crate::domain::coverage::Coverage>(connection, next, id),
        Entity::Milestone => save_as::<crate::domain::case::Milestone>(connection, next, id),
        Entity::Task => save_as::<crate::domain::case::Task>(connection, next, id),
        Entity::Timer => save_as::<crate::domain::case::Timer>(connection, next, id),
        Entity::InfoRequest => save_as::<crate::domain::case::InfoRequest>(connection, next, id),
        Entity::Note => save_as::<crate::domain::case::Note>(connection, next, id),
        Entity::Appointment => save_as::<crate::domain::case::Appointment>(connection, next, id),
        Entity::Message => save_as::<crate::domain::message::Message>(connection, next, id),
        Entity::Document => save_as::<Document>(connection, next, id),
    }
}

fn save_as<T: Stored + Kept>(connection: &Connection, next: &Snapshot, id: i64) -> Result<(), StoreError> {
    match next.get::<T>(id) {
        Some(record) => row::put(connection, record),
        None => row::remove::<T>(connection, id),
    }
}

/// Puts into the tables what changes made of the records, in an order in which references hold: what is pointed to is
/// written first and taken away last.
///
/// # Errors
/// SQLite's: a broken CHECK, a key that is taken.
pub fn save_all<'a>(
    connection: &Connection,
    next: &Snapshot,
    patches: impl Iterator<Item = &'a Patch>,
) -> Result<(), StoreError> {
    let mut gone = Vec::new();
    for (entity, id) in touched(patches) {
        if next.has(entity, id) {
            save(connection, next, entity, id)?
        } else {
            gone.push((entity, id))
        }
    }
    gone.into_iter()
        .rev()
        .try_for_each(|(entity, id)| save(connection, next, entity, id))
}

fn touched<'a>(patches: impl Iterator<Item = &'a Patch>) -> Vec<(Entity, i64)> {
    let mut all: Vec<(Entity, i64)> = patches.map(|patch| (patch.entity, patch.id)).collect();
    all.sort_by_key(|(entity, id)| (rank(*entity), *id));
    all.dedup();
    all
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

/// Loads one record of any kind into a snapshot: what replay and undo start from.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn see(
    connection: &Connection,
    snapshot: &mut Snapshot,
    entity: Entity,
    id: i64,
) -> Result<(), StoreError> {
    fn one<T: Stored + Kept>(
        connection: &Connection,
        snapshot: &mut Snapshot,
        id: i64,
    ) -> Result<(), StoreError> {
        if snapshot.get::<T>(id).is_none()
            && let Some(record) = row::get::<T>(connection, id)?
        {
            snapshot.put(record);
        }
        Ok(())
    }
    match entity {
        Entity::Patient => one::<Patient>(connection, snapshot, id),
        Entity::Practitioner => one::<Practitioner>(connection, snapshot, id),
        Entity::Organization => one::<Organization>(connection, snapshot, id),
        Entity::Referral => one::<Referral>(connection, snapshot, id),
        Entity::Coverage => one::<crate::domain::coverage::Coverage>(connection, snapshot, id),
        Entity::Milestone => one::<crate::domain::case::Milestone>(connection, snapshot, id),
        Entity::Task => one::<crate::domain::case::Task>(connection, snapshot, id),
        Entity::Timer => one::<crate::domain::case::Timer>(connection, snapshot, id),
        Entity::InfoRequest => one::<crate::domain::case::InfoRequest>(connection, snapshot, id),
        Entity::Note => one::<crate::domain::case::Note>(connection, snapshot, id),
        Entity::Appointment => one::<crate::domain::case::Appointment>(connection, snapshot, id),
        Entity::Message => one::<crate::domain::message::Message>(connection, snapshot, id),
        Entity::Document => one::<Document>(connection, snapshot, id),
    }
}

/// Loads the people that a referral's change names, before and after: whoever goes back to one of them has to see them.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn see_named(connection: &Connection, snapshot: &mut Snapshot, patch: &Patch) -> Result<(), StoreError> {
    const NAMED: [(&str, Entity); 3] = [
        ("requester", Entity::Practitioner),
        ("requester_org", Entity::Organization),
        ("facility", Entity::Organization),
    ];
    if patch.entity != Entity::Referral {
        return Ok(());
    }
    for fields in patch.before.iter().chain(&patch.after) {
        for (name, entity) in NAMED {
            if let Some(id) = fields.get(name).and_then(serde_json::Value::as_i64) {
                see(connection, snapshot, entity, id)?;
            }
        }
    }
    Ok(())
}

/// Whether an action with this client id was done, with its receipt.
///
/// # Errors
/// SQLite's.
pub fn receipt_of(connection: &Connection, client_id: &str) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT receipt FROM action WHERE client_id = ?1")?;
    Ok(statement.query_row([client_id], |row| row.get(0)).optional()?)
}
