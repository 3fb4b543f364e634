//! Snapshots out of the tables, changes into them.
//!
//! Owns loading and applying. Must not know what a change means: it puts what the decision says.

use super::StoreError;
use super::lookup::{self, look_alikes};
use super::row::{self, Stored};
use crate::domain::case::{Appointment, Document, InfoRequest, Milestone, Note, Task, Timer};
use crate::domain::command::{Command, Ref};
use crate::domain::coverage::Coverage;
use crate::domain::id::{DocumentId, OrganizationId, PatientId, PractitionerId, ReferralId};
use crate::domain::message::Message;
use crate::domain::person::{Organization, Patient, Practitioner};
use crate::domain::record::{Entity, Fields, Patch};
use crate::domain::referral::Referral;
use crate::domain::snapshot::{Kept, Snapshot};
use rusqlite::Connection;

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
    snapshot.coverages = row::of_referral(connection, id)?.into();
    snapshot.milestones = row::of_referral(connection, id)?.into();
    snapshot.tasks = row::of_referral(connection, id)?.into();
    snapshot.timers = row::of_referral(connection, id)?.into();
    snapshot.requests = row::of_referral(connection, id)?.into();
    snapshot.notes = row::of_referral(connection, id)?.into();
    snapshot.appointments = row::of_referral(connection, id)?.into();
    snapshot.messages = row::of_referral(connection, id)?.into();
    snapshot.documents = row::of_referral(connection, id)?.into();
    Ok(snapshot)
}

/// Reads the records around each of these referrals in one view of the file, in order, until `take` wants no more.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn each_of(
    connection: &Connection,
    ids: &[ReferralId],
    mut take: impl FnMut(ReferralId, Snapshot) -> bool,
) -> Result<(), StoreError> {
    let view = connection.unchecked_transaction()?;
    for id in ids {
        if !take(*id, of_referral(&view, *id)?) {
            break;
        }
    }
    Ok(view.rollback()?)
}

/// Adds to a snapshot what a command has to see beside the referral that it is about: the records that it names.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn see_for(
    connection: &Connection,
    snapshot: &mut Snapshot,
    command: &Command,
) -> Result<(), StoreError> {
    if let Some(receive) = command.makes() {
        if let Ref::Known(PatientId(id)) = receive.patient {
            snapshot.patients.extend(row::get::<Patient>(connection, id)?);
            snapshot.look_alikes = look_alikes(connection, PatientId(id), &receive.template)?;
        }
        see_practitioner(connection, snapshot, receive.requester.as_ref())?;
        see_organization(
            connection,
            snapshot,
            known(receive.organization.as_ref()).copied(),
        )?;
        see_organization(connection, snapshot, receive.facility)?;
        see_document(connection, snapshot, known(receive.document.as_ref()).copied())?;
    }
    if let Command::TakeOver(over) = command {
        for (entity, id) in over.known.all() {
            see(connection, snapshot, entity, id)?;
        }
        if let Some(patient) = over.known.patient {
            snapshot.look_alikes = look_alikes(connection, patient, &over.chart.referral.template)?;
        }
    }
    if let Command::AmendReferral { changes, .. } = command {
        see_practitioner(connection, snapshot, changes.requester.as_ref())?;
        see_organization(
            connection,
            snapshot,
            known(changes.organization.as_ref()).copied(),
        )?;
        see_organization(connection, snapshot, changes.facility)?;
    }
    if let Command::MergeReferral { into: other, .. } | Command::LinkReferral { with: other, .. } = command {
        snapshot.beside.extend(row::get::<Referral>(connection, other.0)?);
    }
    if let Command::MergePatient { into, .. } = command {
        super::twins::see_asked(connection, snapshot, *into)?;
        if let Some(template) = snapshot.referral().map(|referral| referral.template.clone()) {
            snapshot.look_alikes = look_alikes(connection, *into, &template)?;
        }
    }
    see_document(connection, snapshot, known(command.files()).copied())?;
    if let Command::DismissDocument { document, .. } | Command::ReadDocument { document, .. } = command {
        see_document(connection, snapshot, Some(*document))?;
    }
    if let Command::AddFacility { organization } = command {
        snapshot.organizations = lookup::facility_named(connection, &organization.name)?.into();
    }
    Ok(())
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
        Entity::Coverage => one::<Coverage>(connection, snapshot, id),
        Entity::Milestone => one::<Milestone>(connection, snapshot, id),
        Entity::Task => one::<Task>(connection, snapshot, id),
        Entity::Timer => one::<Timer>(connection, snapshot, id),
        Entity::InfoRequest => one::<InfoRequest>(connection, snapshot, id),
        Entity::Note => one::<Note>(connection, snapshot, id),
        Entity::Appointment => one::<Appointment>(connection, snapshot, id),
        Entity::Message => one::<Message>(connection, snapshot, id),
        Entity::Document => one::<Document>(connection, snapshot, id),
    }
}

/// Loads the people that a referral's change names, before and after: whoever goes back to one of them has to see them.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub fn see_named(connection: &Connection, snapshot: &mut Snapshot, patch: &Patch) -> Result<(), StoreError> {
    const NAMED: [(&str, Entity); 4] = [
        ("patient", Entity::Patient),
        ("requester", Entity::Practitioner),
        ("requester_org", Entity::Organization),
        ("facility", Entity::Organization),
    ];
    if patch.entity != Entity::Referral {
        return Ok(());
    }
    for fields in patch.before.iter().chain(&patch.after).map(Fields::read) {
        for (name, entity) in NAMED {
            if let Some(id) = fields.get(name).and_then(serde_json::Value::as_i64) {
                see(connection, snapshot, entity, id)?;
            }
        }
    }
    Ok(())
}
