//! Who is known already: people that a command brings as new are looked up before the decision.
//!
//! Owns the lookup: a patient by how far everything that is known of them agrees (`domain::matching`); whoever sends is looked up by
//! `senders`. A patient who may be one on record is new until a person has said so.

use super::Failure;
use super::receipt::Receipt;
use super::senders;
use crate::domain::command::{Command, Envelope, Import, Receive, Ref, TakeOver, import_key};
use crate::domain::matching::Known;
use crate::domain::policy::Policy;
use crate::domain::refusal::Refusal;
use crate::domain::snapshot::MayBe;
use crate::domain::time::{Span, Stamp};
use crate::store::alike::{self, Alike};
use crate::store::{Connection, StoreError, content, log, lookup};

/// Those on record about whom a person is asked at once. More are no help.
const ASKED: usize = 3;

/// The envelope with known people in the place of new ones, and the patients on record about whom a person has to be asked.
///
/// # Errors
/// The store's.
pub fn resolve(connection: &Connection, envelope: &Envelope) -> Result<(Envelope, Vec<MayBe>), StoreError> {
    let mut envelope = envelope.clone();
    let mut may_be = Vec::new();
    if let Some(receive) = envelope.command.makes_mut() {
        may_be = resolve_receive(connection, receive)?;
    }
    if let Command::AmendReferral { referral, changes } = &mut envelope.command {
        senders::amended(connection, *referral, changes)?;
    }
    Ok((envelope, may_be))
}

fn resolve_receive(connection: &Connection, receive: &mut Receive) -> Result<Vec<MayBe>, StoreError> {
    let may_be = patient(connection, receive)?;
    senders::resolve(connection, receive)?;
    Ok(may_be)
}

/// Puts the patient on record in the place of a new one who is the same; those who may be, where nobody is certainly.
///
/// # Errors
/// The store's.
pub fn patient(connection: &Connection, receive: &mut Receive) -> Result<Vec<MayBe>, StoreError> {
    let found = match &receive.patient {
        // Whoever was merged into another since is the other.
        Ref::Known(id) => {
            receive.patient = Ref::Known(alike::survivor(connection, *id)?);
            return Ok(Vec::new());
        }
        Ref::New(new) => alike::alike(connection, &Known::heard(new, &receive.coverages))?,
    };
    if let Some(id) = alike::only_same(&found) {
        receive.patient = Ref::Known(id);
        return Ok(Vec::new());
    }
    Ok(asked(found))
}

fn asked(found: Vec<Alike>) -> Vec<MayBe> {
    found
        .into_iter()
        .take(ASKED)
        .map(|Alike { patient, .. }| MayBe {
            id: patient.id,
            name: patient.name.filed(),
            dob: patient.dob,
        })
        .collect()
}

/// The referral that a new one replaces is on record.
///
/// # Errors
/// `not-found`, or the store's.
pub fn referral(connection: &Connection, receive: &Receive) -> Result<(), Failure> {
    match receive.replaces {
        Some(id) if !lookup::has_referral(connection, id)? => {
            Err(Refusal::not_found(format!("referral {id} to replace")).into())
        }
        Some(_) | None => Ok(()),
    }
}

/// What a referral that is brought over replaces, where that came over before it.
///
/// # Errors
/// The store's.
pub fn replaced(connection: &Connection, import: &mut Import) -> Result<(), StoreError> {
    let Some(theirs) = import.standing.replaces.take() else {
        return Ok(());
    };
    let text = log::receipt_of(connection, &import_key(&import.system, &theirs))?;
    let receipt = text.and_then(|text| serde_json::from_str::<Receipt>(&text).ok());
    import.referral.replaces = receipt.and_then(|receipt| receipt.referral);
    Ok(())
}

/// A chart's people and practices who are on record, without documents whose bytes are not kept and return codes that are taken;
/// and the patients on record about whom a person has to be asked.
///
/// # Errors
/// The store's.
pub fn chart(connection: &Connection, over: &TakeOver) -> Result<(TakeOver, Vec<MayBe>), StoreError> {
    let mut over = over.clone();
    let chart = &mut over.chart;
    let patient = &chart.patient;
    let members = chart
        .coverages
        .iter()
        .filter_map(|coverage| coverage.member_id.clone());
    let found = alike::alike(connection, &Known::of(patient, members.collect()))?;
    over.known.patient = alike::only_same(&found);
    let may_be = if over.known.patient.is_some() {
        Vec::new()
    } else {
        asked(found)
    };
    if let Some(theirs) = chart.referral.replaces {
        // What it replaces came over under the same kind of name.
        let own = chart.referral.id.to_string();
        let name = over.name.replace(&own, &theirs.to_string());
        let text = log::receipt_of(connection, &import_key("refdesk", &name))?;
        let receipt = text.and_then(|text| serde_json::from_str::<Receipt>(&text).ok());
        over.known.replaces = receipt
            .and_then(|receipt| receipt.referral)
            .filter(|_| name != over.name);
    }
    for organization in &chart.organizations {
        if let Some(here) = senders::same_practice(connection, organization)? {
            over.known.organizations.push((organization.id, here));
        }
    }
    if let Some(requester) = &chart.requester {
        let practices = &over.known.organizations;
        let practice = practices
            .iter()
            .find(|(theirs, _)| Some(*theirs) == requester.organization);
        over.known.requester =
            senders::same_requester(connection, requester, practice.map(|(_, here)| *here))?;
    }
    for request in &mut chart.requests {
        if content::referral_of_code(connection, &request.code)?.is_some() {
            request.code.clear();
        }
    }
    let mut kept = Vec::with_capacity(chart.documents.len());
    for document in chart.documents.drain(..) {
        if content::is_kept(connection, &document.hash)? {
            kept.push(document);
        } else {
            over.remarks.push(format!(
                "its document {} ({}) did not come along: ask for it where it came from",
                crate::domain::text::line(&document.name),
                document.kind
            ));
        }
    }
    chart.documents = kept;
    Ok((over, may_be))
}

/// A referral that was declined this long ago may still be answered by a new one: after that it is a new matter.
const ANSWERS: Span = Span::days(180);

/// What a referrer sends again after a decline takes the place of what was declined, unless the sender names another one.
///
/// # Errors
/// The store's.
pub fn resubmission(connection: &Connection, receive: &mut Receive, now: Stamp) -> Result<(), StoreError> {
    let Ref::Known(patient) = receive.patient else {
        return Ok(());
    };
    if receive.replaces.is_some() {
        return Ok(());
    }
    let practitioner = match &receive.requester {
        Some(Ref::Known(id)) => Some(*id),
        Some(Ref::New(_)) | None => None,
    };
    let practice = match &receive.organization {
        Some(Ref::Known(id)) => Some(*id),
        Some(Ref::New(_)) | None => None,
    };
    let sender = (practitioner, practice);
    receive.replaces =
        lookup::declined_before(connection, patient, &receive.template, sender, now - ANSWERS)?;
    Ok(())
}

/// A template by the key under which look-alikes are found, whatever name of the specialty was written.
pub fn template(policy: &Policy, receive: &mut Receive) {
    let named = policy
        .template(&receive.template)
        .or_else(|| policy.template_for(&receive.template));
    if let Some(template) = named {
        receive.template.clone_from(&template.key);
    }
}
