//! A chart: a referral with everything that stands around it, as one value that can travel.
//!
//! Owns the value and its renumbering. Must not know formats, nor what a clinic that takes a chart in makes of it.

use super::case::{Appointment, Document, InfoRequest, Milestone, Note, Task, Timer};
use super::coverage::{Coverage, trace};
use super::event::Fact;
use super::id::{
    AppointmentId, CoverageId, DocumentId, MessageId, MilestoneId, NoteId, OrganizationId, PatientId,
    PractitionerId, ReferralId, RequestId, TaskId, TimerId,
};
use super::message::Message;
use super::person::{Organization, Patient, Practitioner};
use super::record::Entity;
use super::referral::Referral;
use super::snapshot::Snapshot;
use super::time::Stamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Display;

/// One thing that happened, without the values that it changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// When.
    pub at: Stamp,
    /// Who.
    pub actor: String,
    /// What stood behind it: the code of a [`Cause`](super::command::Cause).
    pub cause: String,
    /// What happened.
    pub fact: Fact,
}

/// A chart. Its records are in the order of their numbers, its history in the order in which it happened.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are the records of their type")]
pub struct Chart {
    pub referral: Referral,
    pub patient: Patient,
    pub requester: Option<Practitioner>,
    /// The referring practice, the site, and the practitioner's own practice, as far as they are known.
    pub organizations: Vec<Organization>,
    pub coverages: Vec<Coverage>,
    pub milestones: Vec<Milestone>,
    pub tasks: Vec<Task>,
    pub timers: Vec<Timer>,
    pub requests: Vec<InfoRequest>,
    pub notes: Vec<Note>,
    pub appointments: Vec<Appointment>,
    pub messages: Vec<Message>,
    pub documents: Vec<Document>,
    pub history: Vec<Past>,
}

impl std::fmt::Debug for Chart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Chart({})", self.referral.id)
    }
}

impl Chart {
    /// The chart of a snapshot's referral; none where it has no referral, or not its patient.
    pub fn of(snapshot: Snapshot, history: Vec<Past>) -> Option<Chart> {
        let referral = snapshot.referral()?.clone();
        let patient = snapshot.patient(referral.patient)?.clone();
        let requester = snapshot.practitioner(referral.requester).cloned();
        let mut chart = Chart {
            referral,
            patient,
            requester,
            organizations: snapshot.organizations.into(),
            coverages: snapshot.coverages.into(),
            milestones: snapshot.milestones.into(),
            tasks: snapshot.tasks.into(),
            timers: snapshot.timers.into(),
            requests: snapshot.requests.into(),
            notes: snapshot.notes.into(),
            appointments: snapshot.appointments.into(),
            messages: snapshot.messages.into(),
            documents: snapshot.documents.into(),
            history,
        };
        chart.organizations.sort_by_key(|each| each.id);
        chart.coverages.sort_by_key(|each| each.id);
        chart.milestones.sort_by_key(|each| each.id);
        chart.tasks.sort_by_key(|each| each.id);
        chart.timers.sort_by_key(|each| each.id);
        chart.requests.sort_by_key(|each| each.id);
        chart.notes.sort_by_key(|each| each.id);
        chart.appointments.sort_by_key(|each| each.id);
        chart.messages.sort_by_key(|each| each.id);
        chart.documents.sort_by_key(|each| each.id);
        Some(chart)
    }

    /// The same under other numbers: `number` says which each record has now, once for each record and for the referral that
    /// this one replaces; what has none there any more keeps its own, and a referral that was replaced is then not named.
    /// Keys of timers, tasks and messages, and the numbers of checks, follow.
    #[must_use]
    pub fn renumbered(mut self, number: &mut dyn FnMut(Entity, i64) -> Option<i64>) -> Chart {
        let mut numbers = Numbers::default();
        numbers.add(Entity::Referral, self.referral.id.0, ReferralId, number);
        numbers.add(Entity::Patient, self.patient.id.0, PatientId, number);
        if let Some(each) = &self.requester {
            numbers.add(Entity::Practitioner, each.id.0, PractitionerId, number);
        }
        for each in &self.organizations {
            numbers.add(Entity::Organization, each.id.0, OrganizationId, number);
        }
        for each in &self.coverages {
            numbers.add(Entity::Coverage, each.id.0, CoverageId, number);
        }
        for each in &self.milestones {
            numbers.add(Entity::Milestone, each.id.0, MilestoneId, number);
        }
        for each in &self.tasks {
            numbers.add(Entity::Task, each.id.0, TaskId, number);
        }
        for each in &self.timers {
            numbers.add(Entity::Timer, each.id.0, TimerId, number);
        }
        for each in &self.requests {
            numbers.add(Entity::InfoRequest, each.id.0, RequestId, number);
        }
        for each in &self.notes {
            numbers.add(Entity::Note, each.id.0, NoteId, number);
        }
        for each in &self.appointments {
            numbers.add(Entity::Appointment, each.id.0, AppointmentId, number);
        }
        for each in &self.messages {
            numbers.add(Entity::Message, each.id.0, MessageId, number);
        }
        for each in &self.documents {
            numbers.add(Entity::Document, each.id.0, DocumentId, number);
        }
        self.referral.replaces = self
            .referral
            .replaces
            .and_then(|id| number(Entity::Referral, id.0))
            .map(ReferralId);
        self.move_people(&numbers);
        self.move_records(&numbers);
        self
    }

    fn move_people(&mut self, numbers: &Numbers) {
        let organization = |id: &mut OrganizationId| numbers.put(Entity::Organization, &mut id.0);
        numbers.put(Entity::Patient, &mut self.patient.id.0);
        if let Some(requester) = &mut self.requester {
            numbers.put(Entity::Practitioner, &mut requester.id.0);
            requester.organization.iter_mut().for_each(organization);
        }
        self.organizations
            .iter_mut()
            .for_each(|each| organization(&mut each.id));
        let referral = &mut self.referral;
        numbers.put(Entity::Referral, &mut referral.id.0);
        numbers.put(Entity::Patient, &mut referral.patient.0);
        if let Some(requester) = &mut referral.requester {
            numbers.put(Entity::Practitioner, &mut requester.0);
        }
        referral.requester_org.iter_mut().for_each(organization);
        referral.facility.iter_mut().for_each(organization);
        if let Some(document) = &mut referral.source_document {
            numbers.put(Entity::Document, &mut document.0);
        }
    }

    fn move_records(&mut self, numbers: &Numbers) {
        let referral = self.referral.id;
        for each in &mut self.coverages {
            let own = each.trace.as_deref() == Some(&trace(each.id, each.round));
            numbers.put(Entity::Coverage, &mut each.id.0);
            each.referral = referral;
            if own {
                each.trace = Some(trace(each.id, each.round));
            }
        }
        for each in &mut self.milestones {
            numbers.put(Entity::Milestone, &mut each.id.0);
            each.referral = referral;
        }
        for each in &mut self.tasks {
            numbers.put(Entity::Task, &mut each.id.0);
            each.referral = referral;
            each.key = numbers.key(&each.key);
        }
        for each in &mut self.timers {
            numbers.put(Entity::Timer, &mut each.id.0);
            each.referral = referral;
            each.key = numbers.key(&each.key);
        }
        for each in &mut self.requests {
            numbers.put(Entity::InfoRequest, &mut each.id.0);
            each.referral = referral;
        }
        for each in &mut self.notes {
            numbers.put(Entity::Note, &mut each.id.0);
            each.referral = referral;
        }
        for each in &mut self.appointments {
            numbers.put(Entity::Appointment, &mut each.id.0);
            each.referral = referral;
        }
        for each in &mut self.documents {
            numbers.put(Entity::Document, &mut each.id.0);
            each.referral = each.referral.map(|_| referral);
        }
        for each in &mut self.messages {
            numbers.put(Entity::Message, &mut each.id.0);
            each.referral = referral;
            each.key = numbers.key(&each.key);
            if let Some(document) = &mut each.document {
                numbers.put(Entity::Document, &mut document.0);
            }
        }
    }
}

/// Which number each record has now, and how both are written in keys.
#[derive(Default)]
struct Numbers {
    by_number: BTreeMap<(Entity, i64), i64>,
    written: BTreeMap<String, String>,
}

impl Numbers {
    fn add<I: Display>(
        &mut self,
        entity: Entity,
        old: i64,
        id: impl Fn(i64) -> I,
        number: &mut dyn FnMut(Entity, i64) -> Option<i64>,
    ) {
        let new = number(entity, old).unwrap_or(old);
        self.by_number.insert((entity, old), new);
        self.written.insert(id(old).to_string(), id(new).to_string());
    }

    fn put(&self, entity: Entity, number: &mut i64) {
        if let Some(new) = self.by_number.get(&(entity, *number)) {
            *number = *new;
        }
    }

    /// A key of rule, referral and occasion: `check-coverage/COV-12.1`.
    fn key(&self, key: &str) -> String {
        let part = |part: &str| {
            let (head, tail) = part.split_once('.').map_or((part, ""), |(head, _)| {
                (head, part.get(head.len()..).unwrap_or_default())
            });
            let head = self.written.get(head).map_or(head, String::as_str);
            format!("{head}{tail}")
        };
        key.split('/').map(part).collect::<Vec<_>>().join("/")
    }
}
