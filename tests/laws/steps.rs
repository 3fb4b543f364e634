//! Random work: numbers from the generator become commands, plausible ones and impossible ones, on the desk as it is.

use crate::common::{self, Desk, actor, complete};
use proptest::prelude::*;
use refdesk::domain::case::{Activity, AppointmentState, CallOutcome, DocumentState, Party, TaskState};
use refdesk::domain::command::{
    Cause, Claim, Command, DeclineReason, Envelope, NewCoverage, NewDocument, NewOrganization, NewPatient,
    NewPractitioner, PatientChanges, PractitionerChanges, Receive, Ref, ReferralChanges,
};
use refdesk::domain::coverage::{Answer, Authorization, Eligibility, Relationship, Subscriber};
use refdesk::domain::id::{
    CoverageId, DocumentId, MessageId, OrganizationId, PatientId, PractitionerId, ReferralId, TaskId,
};
use refdesk::domain::message::MessageState;
use refdesk::domain::person::{Channel, Consent, HumanName, Sex};
use refdesk::domain::policy::{Actor, Role};
use refdesk::domain::priority::Priority;
use refdesk::domain::referral::Owner;
use refdesk::domain::snapshot::Snapshot;
use refdesk::domain::status::Status;
use refdesk::domain::time::{Span, parse_day};
use refdesk::store::content;

/// One thing that happens at the desk.
#[derive(Clone, Debug)]
pub enum Step {
    /// Somebody sends a command.
    Send(Draw),
    /// Time passes; it may jump back a little, as wall clocks do.
    Wait(i64),
    /// The clock's pass.
    Tick,
    /// `u`.
    Undo(u8),
    /// `U`.
    Redo(u8),
}

/// The numbers of which a command is made.
#[derive(Clone, Debug)]
pub struct Draw {
    /// Which command: half of them by what is likely for the referral's status.
    pub kind: u8,
    pub likely: bool,
    pub referral: u8,
    pub who: u8,
    pub condition: u8,
    pub a: u8,
    pub b: u8,
}

pub fn step() -> impl Strategy<Value = Step> {
    let draw = (
        any::<u8>(),
        any::<bool>(),
        any::<u8>(),
        any::<u8>(),
        any::<u8>(),
        any::<u8>(),
        any::<u8>(),
    )
        .prop_map(|(kind, likely, referral, who, condition, a, b)| {
            Step::Send(Draw {
                kind,
                likely,
                referral,
                who,
                condition,
                a,
                b,
            })
        });
    prop_oneof![
        16 => draw,
        2 => (-90_i64..60 * 24 * 9).prop_map(Step::Wait),
        2 => Just(Step::Tick),
        2 => any::<u8>().prop_map(Step::Undo),
        1 => any::<u8>().prop_map(Step::Redo),
    ]
}

/// People at the desk, and the program itself.
pub fn person(number: u8) -> Actor {
    match number % 8 {
        0..=2 => actor("ana", Role::Coordinator),
        3 | 4 => actor("max", Role::Manager),
        5 => actor("dr-osei", Role::Clinician),
        6 => actor("guest", Role::ReadOnly),
        _ => Actor::system(),
    }
}

/// Four documents whose bytes are kept, and one whose bytes are not.
pub fn document(number: u8) -> NewDocument {
    let bytes = [number % 5];
    NewDocument {
        hash: content::hash(&bytes),
        name: format!("scan-{}.txt", number % 5),
        kind: "unknown".into(),
        size: 1,
    }
}

/// Keeps the bytes of the documents that the steps name.
pub fn keep_documents(connection: &refdesk::store::Connection) {
    for number in 0..4_u8 {
        content::keep(connection, &document(number).hash, &[number], "null").unwrap();
    }
}

const KINDS: u8 = 46;
/// Commands that need something to be there first, and would seldom find it.
const RARE: [u8; 18] = [
    30, 32, 31, 29, 34, 35, 33, 36, 13, 37, 38, 39, 40, 41, 42, 43, 44, 45,
];

pub fn envelope(draw: &Draw, desk: &Desk, world: &Snapshot) -> Envelope {
    let command = command(draw, desk, world);
    let who = person(draw.who);
    let cause = match who.role {
        Role::System => Cause::Clock,
        _ if draw.condition % 5 == 4 => Cause::Script,
        _ => Cause::Key,
    };
    let version = command
        .referral()
        .and_then(|id| world.referrals.iter().find(|referral| referral.id == id))
        .and_then(|referral| match draw.condition % 8 {
            0 | 1 => Some(referral.version),
            2 => Some(referral.version - 1),
            _ => None,
        });
    Envelope {
        version,
        id: (draw.condition % 11 == 3).then(|| format!("client-{}", draw.a % 4)),
        batch: (draw.condition % 7 == 5).then(|| "b".to_owned()),
        ..Envelope::new(command, who, cause)
    }
}

fn pick<T: Copy>(all: &[T], number: u8) -> T {
    all[usize::from(number) % all.len()]
}

fn command(draw: &Draw, desk: &Desk, world: &Snapshot) -> Command {
    let known = &world.referrals;
    if known.is_empty() || draw.kind % 16 == 15 && known.len() < 6 {
        return Command::Receive(Box::new(receive(draw, desk, world)));
    }
    let subject = &known[usize::from(draw.referral) % known.len()];
    let referral = if draw.referral == 255 {
        ReferralId(99)
    } else {
        subject.id
    };
    let kind = match (draw.likely, draw.kind % 4) {
        (true, _) => pick(likely(subject.status), draw.kind),
        (false, 3) => pick(&RARE, draw.a.wrapping_add(draw.b)),
        (false, _) => draw.kind % KINDS,
    };
    build(kind, referral, draw, desk, world)
}

/// What a desk would do next, so that the later stages are reached often.
fn likely(status: Status) -> &'static [u8] {
    match status {
        Status::Received => &[1, 1, 2, 4, 5, 10],
        Status::NeedsInfo => &[5, 1, 7],
        Status::InReview => &[1, 1, 3, 4],
        Status::Accepted | Status::Waitlisted | Status::NoShow | Status::AppointmentCancelled => {
            &[12, 12, 11, 18, 26, 37]
        }
        Status::Scheduled => &[12, 13, 14, 15, 16, 16, 18, 37, 37],
        Status::Completed => &[17, 12, 37, 38],
        Status::CancelRequested => &[19, 20],
        Status::Closed | Status::Declined | Status::Cancelled | Status::EnteredInError => &[21, 9],
    }
}

fn build(kind: u8, referral: ReferralId, draw: &Draw, desk: &Desk, world: &Snapshot) -> Command {
    let (a, b, now) = (draw.a, draw.b, desk.now);
    let reason = pick(&["", "as asked by phone", "again"], a).to_owned();
    let items: Vec<String> = match b % 4 {
        0 => Vec::new(),
        1 => vec!["nonsense".into()],
        2 => vec!["ecg".into()],
        _ => vec!["ecg".into(), "visit-note".into(), "medications".into()],
    };
    let queue = || {
        if a % 2 == 0 {
            Owner::Queue(pick(&["intake", "", "manager"], b).into())
        } else {
            Owner::Person(pick(&["ana", "max"], b).into())
        }
    };
    match kind {
        0 => Command::Receive(Box::new(receive(draw, desk, world))),
        1 => Command::Accept { referral },
        2 => Command::SendToReview {
            referral,
            clinician: pick(&["Dr. Osei", ""], a).into(),
            question: reason,
        },
        3 => Command::Decline {
            referral,
            reason: pick(&DeclineReason::ALL, a),
            remedy: None,
        },
        4 => Command::RequestInfo {
            referral,
            items,
            message: None,
        },
        5 => Command::ProvideItems { referral, items },
        6 => Command::WaiveItems {
            referral,
            items,
            reason,
        },
        7 => Command::RecordCall {
            referral,
            party: pick(&[Party::Patient, Party::Provider, Party::Payer], a),
            outcome: pick(&CallOutcome::ALL, b),
            note: String::new(),
            call_again_at: (a % 3 == 0).then(|| now + Span::hours(i64::from(b) - 20)),
        },
        8 => Command::Assign {
            referral,
            owner: queue(),
        },
        9 if b % 4 == 0 => Command::AskToCall { referral },
        9 => Command::AddNote {
            referral,
            text: reason,
        },
        10 => Command::SetPriority {
            referral,
            priority: pick(&Priority::ALL, b),
            reason,
        },
        11 => Command::Waitlist { referral, reason },
        12 => Command::Schedule {
            referral,
            starts_at: now + Span::hours((i64::from(b) - 40) * 2),
            minutes: u32::from(a % 90),
            performer: "Dr. Osei".into(),
            place: "Room 2".into(),
        },
        13 => Command::ConfirmAppointment { referral },
        14 => Command::NoShow { referral },
        15 => Command::CancelAppointment { referral, reason },
        16 => Command::Complete { referral },
        17 => Command::Close {
            referral,
            note: reason,
        },
        18 => Command::RequestCancel { referral, reason },
        19 => Command::KeepOpen { referral },
        20 => Command::Cancel { referral, reason },
        21 => Command::Reopen { referral, reason },
        22 => Command::EnterInError { referral, reason },
        23 => Command::AmendReferral {
            referral,
            changes: Box::new(changes(a, b)),
        },
        24 => Command::AmendPatient {
            referral,
            changes: Box::new(patient_changes(a, b)),
        },
        25 => Command::SetCoverage {
            referral,
            coverage: coverage(world, referral).filter(|_| a % 2 == 0),
            values: new_coverage(b),
        },
        26 => Command::SetEligibility {
            referral,
            coverage: coverage(world, referral).unwrap_or(CoverageId(0)),
            eligibility: pick(
                &[
                    Eligibility::Active,
                    Eligibility::Inactive,
                    Eligibility::TimedOut,
                    Eligibility::Manual,
                ],
                a,
            ),
            valid_until: None,
            note: None,
        },
        27 => Command::SetAuthorization {
            referral,
            authorization: Authorization {
                number: pick(&["AU-1", "AU-2", ""], a).into(),
                visits: Some(2),
                from: None,
                to: None,
            },
        },
        28 => Command::AddTask {
            referral,
            title: reason,
            due_at: Some(now + Span::hours(i64::from(a))),
            owner: Some(queue()),
        },
        29 => {
            let tasks: Vec<TaskId> = world
                .tasks
                .iter()
                .filter(|task| task.referral == referral)
                .map(|task| task.id)
                .collect();
            let task = if tasks.is_empty() || b % 9 == 0 {
                TaskId(0)
            } else {
                pick(&tasks, b)
            };
            Command::EndTask {
                referral,
                task,
                done: a % 2 == 0,
            }
        }
        37 => Command::RecordActivity {
            referral,
            external: format!("hl7/{}", a % 3),
            activity: Activity {
                as_of: (b % 5 != 0).then(|| now + Span::minutes(i64::from(b) - 120)),
                sequence: None,
                state: pick(
                    &[
                        Some(AppointmentState::Booked),
                        Some(AppointmentState::Booked),
                        Some(AppointmentState::Confirmed),
                        Some(AppointmentState::Cancelled),
                        Some(AppointmentState::NoShow),
                        Some(AppointmentState::Fulfilled),
                        None,
                    ],
                    b,
                ),
                starts_at: (a % 4 != 0).then(|| now + Span::hours((i64::from(a) - 80) * 2)),
                minutes: Some(30),
                performer: (b % 2 == 0).then(|| "Dr. Chen".to_owned()),
                place: None,
            },
            document: (a % 7 == 0).then(|| Ref::New(document(b))),
        },
        39 => Command::CheckCoverage {
            referral,
            coverage: coverage(world, referral).filter(|_| a % 2 == 0),
        },
        40 | 41 => {
            let check = world
                .coverages
                .iter()
                .find(|each| each.referral == referral && each.trace.is_some());
            let id = check.map_or(CoverageId(0), |check| check.id);
            let trace = check.and_then(|check| check.trace.clone()).unwrap_or_default();
            if kind == 40 {
                Command::NoteAsked {
                    referral,
                    coverage: id,
                    trace,
                }
            } else {
                Command::RecordAnswer {
                    referral,
                    coverage: id,
                    trace,
                    answer: Answer {
                        eligibility: pick(&Eligibility::ALL, b),
                        until: None,
                        note: "as the payer says".into(),
                        needs_authorization: a % 3 == 0,
                        correct: None,
                    },
                    document: None,
                }
            }
        }
        42 => Command::MergeReferral {
            referral,
            into: other_referral(world, referral, b),
            reason,
        },
        43 => Command::LinkReferral {
            referral,
            with: other_referral(world, referral, b),
        },
        44 => Command::MergePatient {
            referral,
            into: if b % 4 == 3 {
                asked_about(world, referral)
            } else {
                other_patient(world, referral, b)
            },
            reason: if b % 8 == 7 { reason } else { "same card".into() },
        },
        45 => {
            // Whose question is open is told apart; anybody else's is refused.
            let asked = world
                .tasks
                .iter()
                .find(|task| task.key.starts_with("same-patient/") && task.state == TaskState::Open);
            let referral = asked
                .filter(|_| a % 2 == 0)
                .map_or(referral, |task| task.referral);
            Command::TellApart {
                referral,
                patient: asked_about(world, referral),
            }
        }
        38 => Command::SendReport {
            referral,
            document: known_document(world, a).unwrap_or(DocumentId(0)),
        },
        30 => Command::TakeDocument {
            document: document(a),
            reason,
        },
        31 => Command::FileDocument {
            referral,
            document: known_document(world, a).map_or_else(|| Ref::New(document(b)), Ref::Known),
            items,
        },
        32 => {
            let waiting = world
                .documents
                .iter()
                .find(|each| each.state == DocumentState::Intake)
                .map(|each| each.id);
            Command::DismissDocument {
                document: waiting.or(known_document(world, a)).unwrap_or(DocumentId(0)),
                reason,
            }
        }
        33 => {
            let timers: Vec<&str> = world
                .timers
                .iter()
                .filter(|timer| timer.referral == referral)
                .map(|timer| timer.key.as_str())
                .collect();
            Command::FireTimer {
                referral,
                key: if timers.is_empty() {
                    "none".into()
                } else {
                    pick(&timers, a).into()
                },
            }
        }
        34 => {
            let due = world
                .messages
                .iter()
                .find(|each| each.state == MessageState::Queued && each.not_before <= now);
            let (referral, message) = due.map_or((referral, message(world, referral, a)), |due| {
                (due.referral, due.id)
            });
            Command::ClaimMessage {
                referral,
                message,
                sender: format!("s{}", b % 2),
            }
        }
        35 => Command::MoveMessage {
            referral,
            message: message(world, referral, a),
            to: pick(&MessageState::ALL, b),
            claim: (b % 3 == 0).then(|| Claim {
                sender: format!("s{}", a % 2),
                attempt: 1,
            }),
            detail: None,
        },
        _ => Command::Undo {
            action: i64::from(a) % (1 + common::number(desk.connection(), "SELECT count(*) FROM action")),
        },
    }
}

fn receive(draw: &Draw, desk: &Desk, world: &Snapshot) -> Receive {
    let (a, b) = (draw.a, draw.b);
    let received_at = match a % 4 {
        0 => None,
        1 => Some(desk.now - Span::hours(i64::from(b))),
        2 => Some(desk.now - Span::minutes(i64::from(b))),
        _ => Some(desk.now + Span::minutes(i64::from(b % 16))),
    };
    let base = complete(pick(&Priority::ALL, b));
    Receive {
        received_at,
        template: pick(
            &["cardiology", "Cardio", "Dermatology", "cardiology", "alchemy"],
            a,
        )
        .into(),
        patient: if b % 12 == 11 {
            Ref::Known(PatientId(1))
        } else if b % 6 == 4 {
            // Somebody who may be known: a slip in the name.
            Ref::New(NewPatient {
                name: common::name(&format!("Ptaient{}", a % 3), "Noor"),
                ..common::patient(usize::from(a % 3))
            })
        } else {
            Ref::New(common::patient(usize::from(a % 3)))
        },
        requester: match b % 5 {
            0 => None,
            1 => Some(Ref::Known(PractitionerId(2))),
            _ => base.requester.clone(),
        },
        document: (a % 6 == 0)
            .then(|| known_document(world, b).map_or_else(|| Ref::New(document(b)), Ref::Known)),
        facility: (b % 31 == 7).then_some(OrganizationId(3)),
        coverages: (0..b % 3).map(new_coverage).collect(),
        provided: if a % 2 == 0 {
            base.provided.clone()
        } else {
            Vec::new()
        },
        reason_codes: vec![pick(&["I48.91", "i10", "nonsense"], draw.condition).into()],
        remarks: if b % 4 == 0 {
            vec!["look at page 2".into()]
        } else {
            Vec::new()
        },
        ..base
    }
}

fn new_coverage(number: u8) -> NewCoverage {
    NewCoverage {
        payer: pick(&["Cedar Health PPO", "Aetna HMO", ""], number).into(),
        member_id: (number % 2 == 0).then(|| "A1".into()),
        group_no: None,
        subscriber: (number % 3 == 0).then(|| Subscriber {
            name: HumanName {
                family: pick(&["Garcia Lopez", ""], number).into(),
                given: "Luis".into(),
                suffix: String::new(),
            },
            dob: parse_day(pick(&["1944-05-31", "2944-05-31"], number / 2)).ok(),
            sex: Sex::Male,
            relationship: Relationship::Child,
        }),
    }
}

fn changes(a: u8, b: u8) -> ReferralChanges {
    ReferralChanges {
        service: (a % 3 == 0).then(|| pick(&["Stress test", "Consultation", ""], b).into()),
        reason_codes: (a % 4 == 1).then(|| vec![pick(&["I10", "what"], b).into()]),
        requester: (a % 5 == 2).then(|| {
            Ref::New(NewPractitioner {
                name: common::name(pick(&["Ruiz", "Ndiaye", ""], b), "Ida"),
                fax: Some("8025550199".into()),
                ..NewPractitioner::default()
            })
        }),
        organization: (a % 5 == 3).then(|| {
            Ref::New(NewOrganization {
                name: pick(&["Lake Clinic", "Hill Clinic"], b).into(),
                ..NewOrganization::default()
            })
        }),
        facility: (a % 13 == 4).then_some(OrganizationId(i64::from(b % 6))),
        practitioner: (a % 6 == 1).then(|| {
            Box::new(PractitionerChanges {
                npi: (b % 3 == 0).then(|| pick(&["1234567893", "", "12"], b / 3).into()),
                fax: Some(pick(&["8025550198", "", "8025550199"], b).into()),
                ..PractitionerChanges::default()
            })
        }),
        ..ReferralChanges::default()
    }
}

fn patient_changes(a: u8, b: u8) -> PatientChanges {
    PatientChanges {
        phone: (a % 2 == 0).then(|| pick(&["8025550147", "", "call me"], b).into()),
        language: (a % 3 == 0).then(|| pick(&["es", "en", "Spanish!"], b).into()),
        preferred: (a % 3 == 1).then(|| pick(&[Channel::Sms, Channel::Email, Channel::Phone], b)),
        email_consent: (a % 4 == 1).then(|| pick(&[Consent::Refused, Consent::Given], b)),
        ..PatientChanges::default()
    }
}

fn coverage(world: &Snapshot, referral: ReferralId) -> Option<CoverageId> {
    world
        .coverages
        .iter()
        .find(|coverage| coverage.referral == referral)
        .map(|coverage| coverage.id)
}

/// Another referral, of the same patient where there is one.
fn other_referral(world: &Snapshot, id: ReferralId, number: u8) -> ReferralId {
    let patient = world
        .referrals
        .iter()
        .find(|each| each.id == id)
        .map(|each| each.patient);
    let others: Vec<ReferralId> = world
        .referrals
        .iter()
        .filter(|each| each.id != id && Some(each.patient) == patient)
        .map(|each| each.id)
        .collect();
    if others.is_empty() || number % 9 == 8 {
        world.referrals.first().map_or(id, |each| each.id)
    } else {
        pick(&others, number)
    }
}

/// Another patient, mostly one whose record goes on.
fn other_patient(world: &Snapshot, id: ReferralId, number: u8) -> PatientId {
    let own = world
        .referrals
        .iter()
        .find(|each| each.id == id)
        .map(|each| each.patient);
    let ids: Vec<PatientId> = world
        .patients
        .iter()
        .filter(|each| Some(each.id) != own && (each.merged_into.is_none() || number % 16 == 5))
        .map(|each| each.id)
        .collect();
    if ids.is_empty() {
        PatientId(0)
    } else {
        pick(&ids, number)
    }
}

/// Who is asked about on a referral.
fn asked_about(world: &Snapshot, id: ReferralId) -> PatientId {
    let of_it = world
        .tasks
        .iter()
        .filter(|task| task.referral == id && task.state == TaskState::Open);
    of_it
        .filter_map(|task| task.key.strip_prefix("same-patient/P-")?.parse().ok())
        .map(PatientId)
        .next()
        .unwrap_or(PatientId(0))
}

fn known_document(world: &Snapshot, number: u8) -> Option<DocumentId> {
    let ids: Vec<DocumentId> = world.documents.iter().map(|document| document.id).collect();
    (!ids.is_empty() && number % 3 != 0).then(|| pick(&ids, number))
}

fn message(world: &Snapshot, referral: ReferralId, number: u8) -> MessageId {
    let ids: Vec<MessageId> = world
        .messages
        .iter()
        .filter(|message| message.referral == referral)
        .map(|message| message.id)
        .collect();
    if ids.is_empty() {
        MessageId(0)
    } else {
        pick(&ids, number)
    }
}
