//! A stage for tests: the domain's own decisions over records in memory, without a store.
//!
//! Owns a policy with every specialty of the pools, and a clock. Must not soften a refusal.

use super::pools::Pools;
use super::stage::{House, Printing, Stage};
use crate::domain::calendar::Calendar;
use crate::domain::case::{CallOutcome, MilestoneKind, TimerState};
use crate::domain::command::{Cause, Command, Envelope, NewDocument, Ref};
use crate::domain::cover::Cover;
use crate::domain::decide::decide;
use crate::domain::effort::Rule;
use crate::domain::id::{DocumentId, OrganizationId, PatientId, PractitionerId, ReferralId};
use crate::domain::person::{Organization, Patient, Practitioner};
use crate::domain::policy::{
    Actor, Clinic, Outreach, Policy, Reading, ReportCloses, Rights, Role, ScoreTargets,
};
use crate::domain::priority::Priority;
use crate::domain::referral::Owner;
use crate::domain::refusal::Refusal;
use crate::domain::snapshot::{Fresh, Snapshot};
use crate::domain::template::{Need, Requirement, Target, Template};
use crate::domain::texts::Texts;
use crate::domain::time::{Span, Stamp, clock, parse_zone, seconds};
use crate::engine::{Failure, Receipt};
use crate::store::plate::Chapter;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The clinic of the tests.
pub fn policy() -> Policy {
    let zone = parse_zone("America/New_York").unwrap();
    let day = Some((clock(8, 0), clock(17, 0)));
    let targets = |amounts: [&str; 4]| -> BTreeMap<Priority, Target> {
        Priority::ALL
            .into_iter()
            .zip(amounts)
            .map(|(priority, text)| (priority, Target::parse(text).unwrap()))
            .collect()
    };
    Policy {
        clinic: Clinic {
            name: "Riverside Specialty Clinic".into(),
            phone: "2155550100".into(),
            fax: "2155550101".into(),
            email: "intake@clinic.example.com".into(),
            zone,
        },
        calendar: Calendar::new(zone, [day, day, day, day, day, None, None], BTreeSet::new()).unwrap(),
        templates: Arc::new(
            Pools::built_in()
                .specialties
                .iter()
                .map(|specialty| (specialty.key.clone(), template(&specialty.key)))
                .collect(),
        ),
        sla: BTreeMap::from([
            (
                MilestoneKind::Acknowledge,
                targets(["1 bd", "4 bh", "2 bh", "30 min"]),
            ),
            (MilestoneKind::Decide, targets(["3 bd", "1 bd", "4 bh", "1 h"])),
            (
                MilestoneKind::FirstContact,
                targets(["5 bd", "2 bd", "1 bd", "2 h"]),
            ),
            (MilestoneKind::Book, targets(["10 bd", "3 bd", "2 bd", "4 h"])),
            (MilestoneKind::Visit, targets(["30 d", "7 d", "3 d", "1 d"])),
            (MilestoneKind::Report, targets(["5 bd", "3 bd", "2 bd", "1 bd"])),
        ]),
        warn_at_percent: 75,
        escalate_to: Owner::Queue("manager".into()),
        score_targets: ScoreTargets {
            asap: Span::days(1),
            urgent: Span::days(3),
            routine: Span::days(14),
            learnt: &[],
        },
        outreach: Outreach {
            undo_window: Span::minutes(10),
            info_reminder: Span::days(3),
            info_escalation: Span::days(5),
            booking_email: Span::days(3),
            booking_escalation: Span::days(7),
            emergency: Span::minutes(30),
            appointment_reminder: Span::days(2),
            outcome_grace: Span::hours(4),
            report_reminder: Span::days(3),
            report_unconfirmed: Span::days(3),
            report_closes: ReportCloses::Delivered,
            patient_hours: (8, 20),
            sms_needs_consent: true,
            provider_channels: BTreeMap::new(),
            call_again: BTreeMap::from([
                (CallOutcome::LeftMessage, waits(&["1 d"])),
                (CallOutcome::NoAnswer, waits(&["4 h"])),
                (CallOutcome::Busy, waits(&["1 h"])),
                (CallOutcome::CallLater, waits(&["1 d"])),
            ]),
            effort: Rule {
                calls: 3,
                days: 3,
                letter: true,
            },
        },
        rights: Rights {
            decline: vec![Role::Clinician, Role::Manager],
            lower_priority: vec![Role::Clinician, Role::Manager],
        },
        reading: Reading::default(),
        checks: None,
        updates: None,
        rules: Vec::new(),
        cover: Cover::default(),
        texts: Texts::default(),
    }
}

fn waits(each: &[&str]) -> Vec<Target> {
    each.iter().filter_map(|wait| Target::parse(wait).ok()).collect()
}

fn template(key: &str) -> Template {
    const NEEDS: [(&str, Need); 8] = [
        ("dob", Need::PatientDob),
        ("contact", Need::PatientContact),
        ("npi", Need::RequesterNpi),
        ("code", Need::ReasonCode),
        ("member", Need::MemberId),
        ("note", Need::Document),
        ("results", Need::Document),
        ("authorization", Need::Authorization),
    ];
    Template {
        key: key.into(),
        specialty: key.into(),
        aliases: Vec::new(),
        services: vec!["Consultation".into(), "Echocardiogram".into()],
        requirements: NEEDS
            .into_iter()
            .map(|(key, need)| Requirement {
                key: key.into(),
                label: BTreeMap::from([("en".into(), key.into())]),
                need,
                payers: if need == Need::Authorization {
                    vec!["keystone".into()]
                } else {
                    Vec::new()
                },
                services: Vec::new(),
            })
            .collect(),
        tasks: Vec::new(),
        sla: BTreeMap::new(),
    }
}

/// Records in memory.
pub struct Rehearsal {
    /// The policy.
    pub policy: Policy,
    /// Per referral.
    pub sheets: BTreeMap<ReferralId, Snapshot>,
    /// Documents that need a person.
    pub strays: Vec<Snapshot>,
    /// Hashes of the documents kept.
    pub kept: BTreeSet<String>,
    patients: BTreeMap<PatientId, Patient>,
    practitioners: BTreeMap<PractitionerId, Practitioner>,
    organizations: BTreeMap<OrganizationId, Organization>,
    due: BTreeSet<(Stamp, ReferralId, String)>,
    fresh: Fresh,
}

impl Rehearsal {
    /// An empty clinic.
    pub fn new() -> Rehearsal {
        Rehearsal {
            policy: policy(),
            sheets: BTreeMap::new(),
            strays: Vec::new(),
            kept: BTreeSet::new(),
            patients: BTreeMap::new(),
            practitioners: BTreeMap::new(),
            organizations: BTreeMap::new(),
            due: BTreeSet::new(),
            fresh: Fresh {
                record: 1,
                referral: 20_001,
                random: 7,
            },
        }
    }

    fn start(&self, command: &Command) -> Snapshot {
        let mut snapshot = command
            .referral()
            .and_then(|id| self.sheets.get(&id).cloned())
            .unwrap_or_default();
        if let Command::Receive(receive) = command {
            if let Ref::Known(id) = &receive.patient {
                snapshot.patients.extend(self.patients.get(id).cloned());
            }
            if let Some(Ref::Known(id)) = &receive.requester {
                snapshot.practitioners.extend(self.practitioners.get(id).cloned());
            }
            if let Some(Ref::Known(id)) = &receive.organization {
                snapshot.organizations.extend(self.organizations.get(id).cloned());
            }
        }
        snapshot.fresh = self.fresh;
        snapshot
    }

    fn keep_sheet(&mut self, id: ReferralId, mut next: Snapshot) {
        self.due.retain(|(_, of, _)| *of != id);
        for timer in next
            .timers
            .iter()
            .filter(|timer| timer.state == TimerState::Pending)
        {
            self.due.insert((timer.due_at, id, timer.key.clone()));
        }
        self.patients
            .extend(next.patients.iter().map(|p| (p.id, p.clone())));
        self.practitioners
            .extend(next.practitioners.iter().map(|p| (p.id, p.clone())));
        self.organizations
            .extend(next.organizations.iter().map(|o| (o.id, o.clone())));
        next.fresh = Fresh::default();
        self.sheets.insert(id, next);
    }
}

impl Stage for Rehearsal {
    fn execute(&mut self, envelope: Envelope, now: Stamp) -> Result<Receipt, Failure> {
        let snapshot = self.start(&envelope.command);
        let decision = decide(&snapshot, &envelope, now, &self.policy)?;
        self.fresh = Fresh {
            record: decision.next.fresh.record,
            referral: self.fresh.referral + i64::from(matches!(envelope.command, Command::Receive(_))),
            random: self
                .fresh
                .random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1),
        };
        let referral = decision.next.referral().map(|referral| referral.id);
        let document: Option<DocumentId> = decision.next.documents.last().map(|document| document.id);
        match referral {
            Some(id) => self.keep_sheet(id, decision.next),
            None => self.strays.push(decision.next),
        }
        Ok(Receipt {
            action: seconds(now),
            id: None,
            referral,
            version: None,
            document,
            at: now,
            changed: Vec::new(),
            warnings: Vec::new(),
            repeated: false,
        })
    }

    fn next_due(&mut self) -> Result<Option<Stamp>, Failure> {
        Ok(self.due.first().map(|(due, _, _)| *due))
    }

    fn tick(&mut self, now: Stamp) -> Result<(), Failure> {
        while let Some((due, referral, key)) = self.due.first().cloned() {
            if due > now {
                break;
            }
            let fire = Command::FireTimer { referral, key };
            self.execute(Envelope::new(fire, Actor::system(), Cause::Clock), now)?;
        }
        Ok(())
    }

    fn keep(&mut self, document: &NewDocument, bytes: &[u8], _now: Stamp) -> Result<(), Failure> {
        assert_eq!(document.size, bytes.len() as u64);
        self.kept.insert(document.hash.clone());
        Ok(())
    }

    fn sheet(&mut self, referral: ReferralId) -> Result<Snapshot, Failure> {
        self.sheets
            .get(&referral)
            .cloned()
            .ok_or_else(|| Refusal::not_found(referral).into())
    }

    fn history(&mut self, _referral: ReferralId) -> Result<Vec<Chapter>, Failure> {
        Ok(Vec::new())
    }

    fn set_aside(&mut self, count: u64) -> Result<ReferralId, Failure> {
        let first = self.fresh.referral;
        self.fresh.referral += i64::try_from(count).unwrap();
        Ok(ReferralId(first))
    }

    fn write_up(&mut self, _before: Option<Stamp>, _most: u64) -> Result<u64, Failure> {
        Ok(0)
    }

    fn print(&mut self, _next: &mut Printing<'_>) -> Result<(), Failure> {
        panic!("small clinics have no copies")
    }
}

impl House for Rehearsal {
    fn evening(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Stage) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        work(self)
    }
}
