//! Charts at random: every kind of record, every state, names as people have them.

mod records;

use super::Original;
use crate::domain::case::{InfoRequest, Milestone, MilestoneKind};
use crate::domain::chart::{Chart, Past};
use crate::domain::coverage::Authorization;
use crate::domain::event::Fact;
use crate::domain::id::{DocumentId, MilestoneId, PatientId, ReferralId, RequestId};
use crate::domain::lists::List;
use crate::domain::message::{Message, MessageKind};
use crate::domain::person::{Channel, HumanName, OrganizationKind};
use crate::domain::priority::Priority;
use crate::domain::referral::{Hold, HoldKind, NextAction, Owner, Pause, PauseReason, Referral, Source};
use crate::domain::status::Status;
use crate::domain::time::{Day, Span, Stamp, parse_day, parse_stamp};

const REFERRAL: i64 = 20_417;

/// A chart, and the bytes of one of its documents.
pub fn chart(seed: u64) -> (Chart, Vec<Original>) {
    let mut draw = Draw {
        random: fastrand::Rng::with_seed(seed),
        next: 100,
    };
    draw.chart()
}

/// A message of a kind and by a channel.
pub fn message(seed: u64, kind: MessageKind, channel: Channel) -> Message {
    let mut draw = Draw {
        random: fastrand::Rng::with_seed(seed),
        next: 100,
    };
    let document = DocumentId(1);
    Message {
        kind,
        channel,
        ..draw.message(document)
    }
}

struct Draw {
    random: fastrand::Rng,
    next: i64,
}

impl Draw {
    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.random.usize(..all.len())].clone()
    }

    fn number(&mut self) -> i64 {
        self.next += 1;
        self.next
    }

    fn word(&mut self) -> String {
        const PARTS: [&str; 12] = [
            "Álvarez",
            "O'Neil",
            "王",
            "\"quoted\"",
            "back\\slash",
            "<b>&amp;",
            "Nguyễn",
            "12",
            "x",
            "it-em",
            "a,b;c",
            "null",
        ];
        let many = self.random.usize(1..4);
        (0..many).map(|_| self.of(&PARTS)).collect::<Vec<_>>().join(" ")
    }

    /// A text of several lines.
    fn text(&mut self) -> String {
        format!("{}\n\n{}", self.word(), self.word())
    }

    fn some<T>(&mut self, make: impl FnOnce(&mut Draw) -> T) -> Option<T> {
        self.random.bool().then(|| make(self))
    }

    fn many<T>(&mut self, make: impl Fn(&mut Draw) -> T) -> Vec<T> {
        let many = self.random.usize(..4);
        (0..many).map(|_| make(self)).collect()
    }

    fn at(&mut self) -> Stamp {
        let start = parse_stamp("2026-03-02T14:00:00Z").unwrap();
        start + Span::seconds(self.random.i64(0..40_000_000))
    }

    fn day(&mut self) -> Day {
        parse_day("1931-02-28").unwrap() + Span::days(self.random.i64(0..36_000))
    }

    fn name(&mut self) -> HumanName {
        let suffix = self.some(Draw::word).unwrap_or_default();
        HumanName {
            family: self.word(),
            given: self.some(Draw::word).unwrap_or_default(),
            suffix,
        }
    }

    fn phone(&mut self) -> String {
        format!("+1802555{:04}", self.random.u32(..10_000))
    }

    fn owner(&mut self) -> Owner {
        let name = self.word();
        if self.random.bool() {
            Owner::Queue(name)
        } else {
            Owner::Person(name)
        }
    }

    fn past(&mut self) -> Past {
        let all = [
            Fact::Received {
                source: Source::Fax,
                template: self.word(),
            },
            Fact::Amended {
                fields: self.many(Draw::word),
            },
            Fact::StatusChanged {
                from: self.of(&Status::ALL),
                to: self.of(&Status::ALL),
                reason: self.some(Draw::word),
            },
            Fact::Assigned {
                from: self.owner(),
                to: self.owner(),
            },
            Fact::NoteAdded,
            Fact::Booked { at: self.at() },
            Fact::InfoRequested {
                items: 3,
                code: self.word(),
            },
            Fact::ItemsWaived {
                items: self.many(Draw::word),
                reason: String::new(),
            },
            Fact::HoldSet {
                hold: HoldKind::Coverage,
                rule: self.some(Draw::word),
            },
            Fact::ClockPaused {
                why: PauseReason::Payer,
                resumed: self.random.bool(),
            },
            Fact::Undone {
                action: self.random.i64(..),
            },
        ];
        Past {
            at: self.at(),
            actor: self.word(),
            cause: self.of(&["key".to_owned(), "clock".into()]),
            fact: self.of(&all),
        }
    }

    fn referral(&mut self) -> Referral {
        let status = self.of(&Status::ALL);
        let actions = [
            NextAction::Decide,
            NextAction::CallEmergency,
            NextAction::ConfirmCancel,
            NextAction::AwaitSlot,
        ];
        Referral {
            id: ReferralId(REFERRAL),
            version: self.random.i64(1..99),
            source: self.of(&Source::ALL),
            source_document: None,
            received_at: self.at(),
            patient: PatientId(0),
            requester: None,
            requester_org: None,
            facility: None,
            template: "cardiology".into(),
            specialty: self.word(),
            service: self.word(),
            procedure_codes: self.many(|draw| draw.of(&["93306".to_owned(), "A0425".into(), "0042T".into()])),
            reason_codes: self.many(|draw| draw.of(&["I48.91".to_owned(), "R00.2".into()])),
            reason_text: self.some(Draw::text).unwrap_or_default(),
            priority: self.of(&Priority::ALL),
            status,
            status_reason: self.some(Draw::word),
            status_since: self.at(),
            episode: self.random.u32(..9),
            status_before: self.some(|draw| draw.of(&Status::ALL)),
            owner: self.owner(),
            performer: self.some(Draw::word),
            authorization: self.some(|draw| Authorization {
                number: draw.word(),
                visits: draw.some(|draw| draw.random.u32(..20)),
                from: draw.some(Draw::day),
                to: draw.some(Draw::day),
            }),
            holds: self.many(|draw| Hold {
                kind: draw.of(&[HoldKind::Coverage, HoldKind::Authorization]),
                reason: draw.word(),
                since: draw.at(),
                rule: draw.some(Draw::word),
            }),
            provided: self.many(Draw::word),
            waived: self.many(Draw::word),
            missing: self.many(Draw::word),
            acknowledged_at: self.some(Draw::at),
            callback_at: self.some(Draw::at),
            attempts: self.random.u32(..9),
            pauses: self.many(|draw| Pause {
                from: draw.at(),
                to: draw.some(Draw::at),
                why: draw.of(&[PauseReason::Records, PauseReason::Patient, PauseReason::Payer]),
            }),
            list: self.some(|draw| draw.of(&List::ALL)),
            next_action: self.some(|draw| draw.of(&actions)),
            due_at: self.some(Draw::at),
            ended_at: self.some(Draw::at),
            replaces: self.some(|_| ReferralId(10_001)),
            merged_into: self.some(|_| ReferralId(10_002)),
            requisition: self.some(|_| ReferralId(10_003)),
        }
    }

    fn chart(&mut self) -> (Chart, Vec<Original>) {
        let patient = self.patient();
        let practice = self.some(|draw| draw.organization(OrganizationKind::Practice));
        let site = self.some(|draw| draw.organization(OrganizationKind::Facility));
        let practice_of = practice.as_ref().map(|practice| practice.id);
        let requester = self.some(|draw| draw.practitioner(practice_of));
        let bytes = self.text().into_bytes();
        let document = self.document(&bytes);
        let referral = Referral {
            patient: patient.id,
            requester: requester.as_ref().map(|each| each.id),
            requester_org: practice_of,
            facility: site.as_ref().map(|each| each.id),
            source_document: Some(document.id),
            ..self.referral()
        };
        let id = referral.id;
        let milestones = MilestoneKind::ALL.map(|kind| Milestone {
            id: MilestoneId(self.number()),
            referral: id,
            kind,
            target_at: self.at(),
            warn_at: self.at(),
            done_at: self.some(Draw::at),
            breached_at: self.some(Draw::at),
        });
        let requests = self.many(|draw| InfoRequest {
            id: RequestId(draw.number()),
            referral: id,
            code: draw.word(),
            items: draw.many(Draw::word),
            sent_at: draw.at(),
            answered_at: draw.some(Draw::at),
        });
        let original = Original {
            hash: document.hash.clone(),
            bytes,
        };
        let chart = Chart {
            referral,
            patient,
            requester,
            organizations: practice.into_iter().chain(site).collect(),
            coverages: vec![self.coverage(1), self.coverage(0)],
            milestones: milestones.to_vec(),
            tasks: self.many(Draw::task),
            timers: self.many(Draw::timer),
            requests,
            notes: self.many(Draw::note),
            appointments: self.many(Draw::appointment),
            messages: self.many(|draw| draw.message(document.id)),
            documents: vec![document.clone()],
            history: self.many(Draw::past),
        };
        (chart, vec![original])
    }
}
