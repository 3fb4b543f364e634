//! The records around a referral, at random.

use super::{Draw, REFERRAL};
use crate::domain::case::{
    Activity, Appointment, AppointmentState, Call, CallOutcome, Document, DocumentState, MilestoneKind, Note,
    NoteKind, Party, Task, TaskState, Timer, TimerKind, TimerState,
};
use crate::domain::coverage::{Coverage, Eligibility, Relationship, Subscriber, trace};
use crate::domain::id::{
    AppointmentId, CoverageId, DocumentId, MessageId, NoteId, OrganizationId, PatientId, PractitionerId,
    ReferralId, TaskId, TimerId,
};
use crate::domain::message::{Message, MessageKind, MessageState};
use crate::domain::person::{Channel, Consent, Organization, OrganizationKind, Patient, Practitioner, Sex};
use sha2::{Digest, Sha256};

impl Draw {
    pub(super) fn patient(&mut self) -> Patient {
        let consents = [Consent::Unknown, Consent::Given, Consent::Refused];
        Patient {
            id: PatientId(self.number()),
            version: self.random.i64(1..1_000_000_000_000),
            name: self.name(),
            dob: self.some(Draw::day),
            sex: self.of(&[Sex::Female, Sex::Male, Sex::Other, Sex::Unknown]),
            phone: self.some(Draw::phone),
            email: self.some(|_| "m@example.org".into()),
            address: self.some(Draw::word),
            mrn: self.some(Draw::word),
            language: self.of(&["en".to_owned(), "es".into(), String::new()]),
            preferred: self.some(|draw| draw.of(&Channel::ALL)),
            email_consent: self.of(&consents),
            sms_consent: self.of(&consents),
            merged_into: self.some(|_| PatientId(7)),
        }
    }

    pub(super) fn organization(&mut self, kind: OrganizationKind) -> Organization {
        Organization {
            id: OrganizationId(self.number()),
            version: 1,
            name: self.word(),
            kind,
            phone: self.some(Draw::phone),
            fax: self.some(Draw::phone),
            email: self.some(|_| "desk@example.org".into()),
            address: self.some(Draw::word),
        }
    }

    pub(super) fn practitioner(&mut self, practice: Option<OrganizationId>) -> Practitioner {
        Practitioner {
            id: PractitionerId(self.number()),
            version: 2,
            name: self.name(),
            npi: self.some(|_| "1234567893".into()),
            phone: self.some(Draw::phone),
            fax: self.some(Draw::phone),
            email: self.some(|_| "dr@example.org".into()),
            organization: practice,
        }
    }

    pub(super) fn coverage(&mut self, rank: u32) -> Coverage {
        let (id, round) = (CoverageId(self.number()), self.random.u32(..5));
        Coverage {
            id,
            referral: ReferralId(REFERRAL),
            rank,
            payer: self.word(),
            member_id: self.some(Draw::word),
            group_no: self.some(Draw::word),
            eligibility: self.of(&Eligibility::ALL),
            checked_at: self.some(Draw::at),
            valid_until: self.some(Draw::day),
            note: self.some(Draw::word),
            asked_at: self.some(Draw::at),
            trace: self.some(|_| trace(id, round)),
            round,
            subscriber: self.some(|draw| Subscriber {
                name: draw.name(),
                dob: draw.some(Draw::day),
                sex: draw.of(&[Sex::Female, Sex::Male, Sex::Other, Sex::Unknown]),
                relationship: draw.of(&Relationship::ALL),
            }),
        }
    }

    pub(super) fn appointment(&mut self) -> Appointment {
        use AppointmentState as S;
        let states = [
            S::Booked,
            S::Confirmed,
            S::Rebooked,
            S::Cancelled,
            S::NoShow,
            S::Fulfilled,
        ];
        Appointment {
            id: AppointmentId(self.number()),
            referral: ReferralId(REFERRAL),
            starts_at: self.at(),
            minutes: self.random.u32(..90),
            performer: self.some(Draw::word).unwrap_or_default(),
            place: self.some(Draw::word).unwrap_or_default(),
            state: self.of(&states),
            external: self.some(Draw::word),
            activity: self.many(|draw| Activity {
                as_of: draw.some(Draw::at),
                sequence: draw.some(|draw| draw.random.u64(..)),
                state: draw.some(|draw| draw.of(&states)),
                starts_at: draw.some(Draw::at),
                minutes: draw.some(|draw| draw.random.u32(..90)),
                performer: draw.some(Draw::word),
                place: draw.some(|draw| draw.some(Draw::word).unwrap_or_default()),
            }),
        }
    }

    pub(super) fn message(&mut self, document: DocumentId) -> Message {
        let kind = self.of(&MessageKind::ALL);
        Message {
            id: MessageId(self.number()),
            referral: ReferralId(REFERRAL),
            key: format!("{}/{}/{}", kind.code(), ReferralId(REFERRAL), self.next),
            kind,
            channel: self.of(&Channel::ALL),
            address: self.word(),
            recipient: self.some(Draw::word).unwrap_or_default(),
            language: "en".into(),
            subject: self.some(Draw::word).unwrap_or_default(),
            body: self.text(),
            state: self.of(&MessageState::ALL),
            detail: self.some(Draw::word),
            created_at: self.at(),
            not_before: self.at(),
            attempt: self.random.u32(..9),
            sender: self.some(Draw::word),
            sent_at: self.some(Draw::at),
            released_by: self.some(Draw::word),
            document: self.some(|_| document),
        }
    }

    pub(super) fn note(&mut self) -> Note {
        let call = self.some(|draw| Call {
            party: draw.of(&[Party::Patient, Party::Provider, Party::Payer]),
            outcome: draw.of(&CallOutcome::ALL),
        });
        Note {
            id: NoteId(self.number()),
            referral: ReferralId(REFERRAL),
            at: self.at(),
            author: self.word(),
            kind: if call.is_some() {
                NoteKind::Call
            } else {
                NoteKind::Text
            },
            call,
            text: self.some(Draw::text).unwrap_or_default(),
        }
    }

    pub(super) fn task(&mut self) -> Task {
        Task {
            id: TaskId(self.number()),
            referral: ReferralId(REFERRAL),
            key: format!(
                "message-trouble/ack-provider/{}/{}",
                ReferralId(REFERRAL),
                self.next
            ),
            title: self.word(),
            state: self.of(&[TaskState::Open, TaskState::Done, TaskState::Cancelled]),
            owner: self.some(Draw::owner),
            due_at: self.some(Draw::at),
            done_at: self.some(Draw::at),
        }
    }

    pub(super) fn timer(&mut self) -> Timer {
        use TimerKind as T;
        Timer {
            id: TimerId(self.number()),
            referral: ReferralId(REFERRAL),
            key: self.word(),
            kind: self.of(&[
                T::InfoReminder,
                T::SlaBreach,
                T::CoverageRecheck,
                T::AppointmentPassed,
            ]),
            milestone: self.some(|draw| draw.of(&MilestoneKind::ALL)),
            due_at: self.at(),
            state: self.of(&[TimerState::Pending, TimerState::Fired, TimerState::Cancelled]),
        }
    }

    pub(super) fn document(&mut self, bytes: &[u8]) -> Document {
        Document {
            id: DocumentId(self.number()),
            hash: Sha256::digest(bytes)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
            name: self.word(),
            kind: self.word(),
            size: self.of(&[0, 12, 3_000_000_000]),
            received_at: self.at(),
            state: self.of(&[
                DocumentState::Intake,
                DocumentState::Filed,
                DocumentState::Dismissed,
            ]),
            reason: self.some(Draw::word),
            referral: self.some(|_| ReferralId(REFERRAL)),
        }
    }
}
