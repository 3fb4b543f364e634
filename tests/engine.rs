//! The one way in: receipts, refusals, intake of what was read, the outbox's people, look-alikes.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test that trips has found something"
)]

mod common;

use common::{Desk, actor, ana, complete, incomplete, max};
use refdesk::domain::case::{DocumentState, TaskState};
use refdesk::domain::command::{Cause, Command, Envelope, NewCoverage, Receive, Ref};
use refdesk::domain::coverage::{Authorization, Eligibility};
use refdesk::domain::id::ReferralId;
use refdesk::domain::message::{MessageKind, MessageState};
use refdesk::domain::policy::{Actor, Role};
use refdesk::domain::priority::Priority;
use refdesk::domain::referral::{HoldKind, Owner, Source};
use refdesk::domain::refusal::Code;
use refdesk::domain::status::Status;
use refdesk::domain::time::Span;
use refdesk::engine::Outcome;
use refdesk::intake::document::{
    Container, DocumentKind, Field, Found, How, Line, Page, ReadDocument, Segment, Value,
};
use std::collections::BTreeMap;

fn reader() -> Actor {
    Actor::system()
}

fn read(kind: DocumentKind, fields: &[(Field, &str, f32)]) -> ReadDocument {
    let found = |text: &str, confidence| Found {
        value: Value::Text(text.into()),
        confidence,
        place: None,
        how: How::Label,
    };
    ReadDocument {
        name: "fax-0001.txt".into(),
        container: Container::Text,
        kind,
        kind_confidence: 0.9,
        pages: vec![Page {
            lines: vec![Line {
                text: "Referral".into(),
                ..Line::default()
            }],
            shot: None,
        }],
        fields: fields
            .iter()
            .map(|(field, text, confidence)| (*field, vec![found(text, *confidence)]))
            .collect::<BTreeMap<_, _>>(),
        segments: Vec::new(),
        parts: Vec::new(),
        warnings: Vec::new(),
        locked: false,
        for_person: None,
        cut: None,
        own: Vec::new(),
        more: Vec::new(),
    }
}

const WHOLE: [(Field, &str, f32); 3] = [
    (Field::PatientName, "Maria Garcia", 0.9),
    (Field::Dob, "1968-04-02", 0.9),
    (Field::SpecialtyRequested, "Cardiology", 0.9),
];

#[test]
fn a_read_referral_makes_everything_at_once_and_only_once() {
    let mut desk = Desk::new();
    let document = read(DocumentKind::Referral, &WHOLE);
    let taken = desk
        .engine
        .take_in(b"one", &document, Source::Fax, &reader(), desk.now, false)
        .unwrap();
    assert_eq!(taken.outcome, Outcome::Received);
    let id = taken.referral.unwrap();
    let snapshot = desk.snapshot(id);
    assert_eq!(snapshot.documents[0].state, DocumentState::Filed);
    assert_eq!(snapshot.referral().unwrap().missing, taken.missing);
    assert!(taken.missing.contains(&"ecg".to_owned()));
    assert!(!snapshot.milestones.is_empty() && !snapshot.tasks.is_empty() && !snapshot.timers.is_empty());
    let actions = common::number(desk.connection(), "SELECT count(*) FROM action");
    assert_eq!(actions, 1, "one transaction, one action");
    let before = common::digest(desk.connection());
    let again = desk
        .engine
        .take_in(b"one", &document, Source::Email, &reader(), desk.now, false)
        .unwrap();
    assert_eq!((again.outcome, again.referral), (Outcome::SeenBefore, Some(id)));
    assert!(before == common::digest(desk.connection()));
    assert_eq!(
        desk.engine.reading(taken.document.unwrap()).unwrap(),
        Some(document)
    );
    desk.assert_sound();
}

#[test]
fn bytes_that_were_read_are_told_without_reading_them_and_locked_ones_are_read_again() {
    let mut desk = Desk::new();
    let take = |desk: &mut Desk, bytes: &[u8], read: &ReadDocument| {
        desk.engine
            .take_in(bytes, read, Source::Fax, &reader(), desk.now, false)
            .unwrap()
    };
    let taken = take(&mut desk, b"one", &read(DocumentKind::Referral, &WHOLE));
    let locked = ReadDocument {
        locked: true,
        ..read(DocumentKind::Unknown, &[])
    };
    take(&mut desk, b"two", &locked);
    let told = |bytes: &[u8]| desk.engine.taken_before(bytes).unwrap();
    let again = told(b"one").unwrap();
    assert_eq!(
        (again.outcome, again.document, again.referral),
        (Outcome::SeenBefore, taken.document, taken.referral)
    );
    assert!(told(b"two").is_none() && told(b"three").is_none());
}

#[test]
fn a_dry_run_says_the_same_and_changes_nothing() {
    let mut desk = Desk::new();
    let document = read(DocumentKind::Referral, &WHOLE);
    let before = common::digest(desk.connection());
    let dry = desk
        .engine
        .take_in(b"one", &document, Source::Fax, &reader(), desk.now, true)
        .unwrap();
    assert!(before == common::digest(desk.connection()));
    let real = desk
        .engine
        .take_in(b"one", &document, Source::Fax, &reader(), desk.now, false)
        .unwrap();
    assert_eq!(
        (dry.outcome, dry.missing, dry.remarks),
        (real.outcome, real.missing, real.remarks)
    );
}

#[test]
fn a_report_goes_to_its_patients_referral_and_changes_nothing_by_itself() {
    let mut desk = Desk::new();
    let referral = read(DocumentKind::Referral, &WHOLE);
    let received = desk
        .engine
        .take_in(b"one", &referral, Source::Fax, &reader(), desk.now, false)
        .unwrap();
    let id = received.referral.unwrap();
    let status = desk.snapshot(id).referral().unwrap().status;
    for (index, kind) in [
        DocumentKind::ConsultReport,
        DocumentKind::LabResult,
        DocumentKind::AuthLetter,
    ]
    .into_iter()
    .enumerate()
    {
        let report = read(kind, &WHOLE);
        let bytes = [b'r', index as u8];
        let taken = desk
            .engine
            .take_in(&bytes, &report, Source::Fax, &reader(), desk.now, false)
            .unwrap();
        assert_eq!(
            (taken.outcome, taken.referral),
            (Outcome::Filed, Some(id)),
            "{kind:?}"
        );
    }
    let snapshot = desk.snapshot(id);
    assert_eq!(snapshot.documents.len(), 4);
    assert_eq!(snapshot.referral().unwrap().status, status);
    let looks = snapshot
        .tasks
        .iter()
        .filter(|task| task.key.starts_with("look-at/"))
        .count();
    assert_eq!(looks, 3, "somebody looks at each");
    // Whose it is must be certain: another birth, or a doubtful one, waits for a person.
    for dob in [("1968-04-03", 0.95), ("1968-04-02", 0.7)] {
        let doubtful = read(
            DocumentKind::LabResult,
            &[
                (Field::PatientName, "Maria Garcia", 0.95),
                (Field::Dob, dob.0, dob.1),
            ],
        );
        let taken = desk
            .engine
            .take_in(
                dob.0.as_bytes(),
                &doubtful,
                Source::Fax,
                &reader(),
                desk.now,
                true,
            )
            .unwrap();
        assert_eq!(taken.outcome, Outcome::Intake, "{dob:?}");
    }
    desk.assert_sound();
}

#[test]
fn papers_about_two_patients_wait_for_a_person() {
    let mut desk = Desk::new();
    let part = |pages, kind| Segment {
        pages,
        kind,
        kind_confidence: 0.9,
        fields: BTreeMap::new(),
    };
    let two = ReadDocument {
        segments: vec![
            part([1, 2], DocumentKind::Referral),
            part([3, 3], DocumentKind::LabResult),
        ],
        warnings: vec!["pages 1-2 and page 3 are about different patients; a person must part them".into()],
        ..read(DocumentKind::Referral, &WHOLE)
    };
    let taken = desk
        .engine
        .take_in(b"two", &two, Source::Fax, &reader(), desk.now, false)
        .unwrap();
    assert_eq!((taken.outcome, taken.referral), (Outcome::Intake, None));
    assert_eq!(taken.remarks, two.warnings);
    // The return code of one of them brings the others' papers nowhere.
    let id = desk.receive(common::incomplete(Priority::Routine));
    desk.does(Command::RequestInfo {
        referral: id,
        items: Vec::new(),
        message: None,
    });
    let code = desk.snapshot(id).requests[0].code.clone();
    let coded = ReadDocument {
        segments: two.segments.clone(),
        ..read(DocumentKind::InfoReply, &[(Field::ReturnCode, &code, 0.99)])
    };
    let taken = desk
        .engine
        .take_in(b"coded", &coded, Source::Fax, &reader(), desk.now, false)
        .unwrap();
    assert_eq!((taken.outcome, taken.referral), (Outcome::Intake, None));
    assert_eq!(
        taken.remarks,
        [format!(
            "answers {id}, but is about different patients: a person must part them"
        )]
    );
    desk.assert_sound();
}

#[test]
fn what_is_no_referral_or_cannot_be_read_waits_for_a_person() {
    let mut desk = Desk::new();
    let blank = ReadDocument {
        pages: Vec::new(),
        warnings: vec!["nothing could be read".into()],
        ..read(DocumentKind::Unknown, &[])
    };
    let unsure = ReadDocument {
        kind_confidence: 0.3,
        ..read(DocumentKind::Referral, &WHOLE)
    };
    let born_tomorrow = read(
        DocumentKind::Referral,
        &[
            (Field::PatientName, "Maria Garcia", 0.9),
            (Field::Dob, "2091-01-01", 0.9),
            (Field::SpecialtyRequested, "Cardiology", 0.9),
        ],
    );
    let documents = [
        blank,
        unsure,
        born_tomorrow,
        read(DocumentKind::LabResult, &WHOLE),
        read(DocumentKind::Junk, &WHOLE),
        read(DocumentKind::Referral, &WHOLE[..2]),
        read(
            DocumentKind::Referral,
            &[(Field::PatientName, "Maria Garcia", 0.2), WHOLE[2]],
        ),
    ];
    for (number, document) in documents.iter().enumerate() {
        let bytes = [u8::try_from(number).unwrap()];
        let taken = desk
            .engine
            .take_in(&bytes, document, Source::Scan, &reader(), desk.now, false)
            .unwrap();
        assert_eq!(
            (taken.outcome, taken.referral),
            (Outcome::Intake, None),
            "{number}"
        );
        assert!(!taken.remarks[0].is_empty(), "{number}: why a person must look");
    }
    assert_eq!(
        desk.engine.store().counts().unwrap().intake,
        documents.len() as u64
    );
    assert_eq!(desk.engine.store().intake(100).unwrap().len(), documents.len());
    desk.assert_sound();
}

/// Asked for a document and for a number: either answer finds its referral, which a person then looks at.
#[test]
fn an_answer_finds_its_referral_by_the_return_code() {
    for items in [vec!["ecg".to_owned()], vec!["member-id".to_owned()]] {
        let mut desk = Desk::new();
        let id = desk.receive(Receive {
            coverages: vec![NewCoverage {
                payer: "Cedar Health PPO".into(),
                ..NewCoverage::default()
            }],
            ..incomplete(Priority::Routine)
        });
        desk.does(Command::RequestInfo {
            referral: id,
            items: items.clone(),
            message: None,
        });
        let code = desk.snapshot(id).requests[0].code.clone();
        let received_at = desk.referral(id).received_at;
        let answer = read(DocumentKind::InfoReply, &[(Field::ReturnCode, &code, 0.9)]);
        let taken = desk
            .after(Span::days(1))
            .engine
            .take_in(
                b"ecg",
                &answer,
                Source::Fax,
                &reader(),
                common::at("2026-03-03T14:00:00Z"),
                false,
            )
            .unwrap();
        assert_eq!(
            (taken.outcome, taken.referral),
            (Outcome::Answered, Some(id)),
            "{items:?}"
        );
        let referral = desk.referral(id);
        assert_eq!(
            (referral.status, referral.received_at),
            (Status::Received, received_at),
            "{items:?}: it is back, with its own time"
        );
        assert_eq!(referral.missing.contains(&"ecg".to_owned()), items[0] != "ecg");
        desk.after(Span::days(9)).tick();
        let reminders = desk
            .snapshot(id)
            .messages
            .iter()
            .filter(|message| message.key.starts_with("info-reminder"))
            .count();
        assert_eq!(reminders, 0, "{items:?}: who has answered is not reminded");
    }
}

#[test]
fn a_look_alike_is_named_whatever_the_template_is_called() {
    for called in ["cardiology", "Cardiology", "Cardio"] {
        let mut desk = Desk::new();
        let first = desk.receive(complete(Priority::Routine));
        let receipt = desk.does(Command::Receive(Box::new(Receive {
            template: called.into(),
            ..complete(Priority::Routine)
        })));
        assert_eq!(receipt.warnings.len(), 1, "{called}");
        assert!(receipt.warnings[0].contains(&first.to_string()));
        let second = receipt.referral.unwrap();
        assert!(
            desk.snapshot(second)
                .tasks
                .iter()
                .any(|task| task.key == "look-alike"),
            "{called}: a person compares"
        );
        assert_eq!(
            desk.referral(first).status,
            Status::Received,
            "nothing is merged by itself"
        );
        let other = desk.does(Command::Receive(Box::new(Receive {
            template: "dermatology".into(),
            provided: Vec::new(),
            ..complete(Priority::Routine)
        })));
        assert!(other.warnings.is_empty());
    }
}

#[test]
fn a_receive_is_checked_field_by_field() {
    let mut desk = Desk::new();
    let base = || complete(Priority::Routine);
    let authorization = |number: &str| {
        Some(Authorization {
            number: number.into(),
            visits: None,
            from: None,
            to: None,
        })
    };
    let bad: [(&str, Receive); 8] = [
        (
            "template",
            Receive {
                template: "alchemy".into(),
                ..base()
            },
        ),
        (
            "received_at",
            Receive {
                received_at: Some(desk.now + Span::hours(1)),
                ..base()
            },
        ),
        (
            "reason_codes",
            Receive {
                reason_codes: vec!["broken".into()],
                ..base()
            },
        ),
        (
            "procedure_codes",
            Receive {
                procedure_codes: vec!["1".into()],
                ..base()
            },
        ),
        (
            "coverage.payer",
            Receive {
                coverages: vec![NewCoverage::default()],
                ..base()
            },
        ),
        (
            "authorization.number",
            Receive {
                authorization: authorization("\u{1b}\u{7} "),
                ..base()
            },
        ),
        (
            "provided",
            Receive {
                provided: vec!["nonsense".into()],
                ..base()
            },
        ),
        (
            "replaces",
            Receive {
                replaces: Some(ReferralId(77)),
                ..base()
            },
        ),
    ];
    let before = common::digest(desk.connection());
    for (field, receive) in bad {
        let refusal = desk
            .by(&max(), Command::Receive(Box::new(receive)))
            .expect_err(field);
        assert!(
            matches!(refusal.code, Code::BadField | Code::NotFound),
            "{field}: {refusal}"
        );
        assert!(
            refusal.because.contains(field.split('.').next().unwrap()) || refusal.code == Code::NotFound,
            "{field}: {refusal}"
        );
    }
    assert!(before == common::digest(desk.connection()));
    let id = desk.receive(Receive {
        authorization: authorization("AU\u{202e}\u{1b}-1"),
        ..base()
    });
    assert_eq!(desk.referral(id).authorization.unwrap().number, "AU-1");
}

#[test]
fn a_task_is_for_an_open_referral_and_for_somebody() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    let task = |owner: &str| Command::AddTask {
        referral: id,
        title: "ring".into(),
        due_at: None,
        owner: Some(Owner::Person(owner.into())),
    };
    assert_eq!(desk.by(&ana(), task(" ")).unwrap_err().code, Code::BadField);
    desk.does(task("an\u{7}a"));
    assert!(
        desk.snapshot(id)
            .tasks
            .iter()
            .any(|task| task.owner == Some(Owner::Person("ana".into())))
    );
    desk.does(Command::Cancel {
        referral: id,
        reason: "moved away".into(),
    });
    assert_eq!(
        desk.by(&ana(), task("ana")).unwrap_err().code,
        Code::Impossible,
        "nobody would see it"
    );
}

#[test]
fn a_batch_in_one_transaction_refuses_one_and_does_the_others() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    let note = |referral, text: &str| {
        Envelope::new(
            Command::AddNote {
                referral,
                text: text.into(),
            },
            ana(),
            Cause::Key,
        )
    };
    let batch = [
        note(id, "one"),
        note(ReferralId(77), "nobody"),
        note(id, ""),
        note(id, "two"),
    ];
    let answers: Vec<Result<i64, Code>> = desk
        .engine
        .execute_all(&batch, desk.now)
        .unwrap()
        .into_iter()
        .map(|answer| {
            answer
                .map(|receipt| receipt.version.unwrap())
                .map_err(|refusal| refusal.code)
        })
        .collect();
    assert_eq!(
        answers,
        [Ok(2), Err(Code::NotFound), Err(Code::ReasonNeeded), Ok(3)]
    );
    desk.assert_sound();
}

#[test]
fn read_only_may_do_nothing_and_a_decline_is_a_right() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    let guest = actor("guest", Role::ReadOnly);
    for command in [
        Command::Accept { referral: id },
        Command::AddNote {
            referral: id,
            text: "x".into(),
        },
        Command::Undo { action: 1 },
    ] {
        assert_eq!(desk.by(&guest, command).unwrap_err().code, Code::NotAllowed);
    }
    let mut desk = Desk::configured("[rights]\ndecline = [\"clinician\"]\n");
    let id = desk.receive(complete(Priority::Routine));
    let decline = || Command::Decline {
        referral: id,
        reason: refdesk::domain::command::DeclineReason::Criteria,
        remedy: None,
    };
    assert_eq!(desk.by(&ana(), decline()).unwrap_err().code, Code::NotAllowed);
    desk.by(&actor("dr-osei", Role::Clinician), decline()).unwrap();
}

#[test]
fn a_coverage_that_fails_holds_the_routine_and_never_the_urgent_review() {
    let mut desk = Desk::new();
    for (priority, list) in [
        (Priority::Routine, "insurance"),
        (Priority::Urgent, "review"),
        (Priority::Stat, "emergency"),
    ] {
        let id = desk.receive(complete(priority));
        let coverage = desk.snapshot(id).coverages[0].id;
        let set = |eligibility| Command::SetEligibility {
            referral: id,
            coverage,
            eligibility,
            valid_until: None,
            note: None,
        };
        for problem in [
            Eligibility::TimedOut,
            Eligibility::Inactive,
            Eligibility::Error,
            Eligibility::Partial,
        ] {
            desk.does(set(problem));
            let referral = desk.referral(id);
            assert_eq!(referral.list.unwrap().code(), list);
            assert_eq!(
                referral.holds.iter().map(|hold| hold.kind).collect::<Vec<_>>(),
                [HoldKind::Coverage]
            );
        }
        desk.does(set(Eligibility::Active));
        assert!(desk.referral(id).holds.is_empty());
    }
}

#[test]
fn a_message_that_fails_is_work_until_it_has_gone() {
    let mut desk = Desk::new();
    // A file in the place of the folder: nothing can be handed over.
    std::fs::write(&desk.engine.places().outbox, "in the way").unwrap();
    let id = desk.receive(complete(Priority::Routine));
    desk.after(Span::minutes(2)).tick();
    let of = |desk: &Desk, state| desk.engine.store().outbox(Some(state), 10).unwrap();
    let put_off = of(&desk, MessageState::Queued);
    assert_eq!((put_off.len(), of(&desk, MessageState::Failed).len()), (2, 0));
    for message in &put_off {
        assert_eq!(
            (message.attempt, message.not_before),
            (1, desk.now + Span::minutes(1))
        );
        assert!(message.detail.is_some(), "it says why");
    }
    // It is tried again at growing intervals; by the next evening it has failed.
    for _ in 0..60 {
        desk.after(Span::minutes(40)).tick();
    }
    let failed = of(&desk, MessageState::Failed);
    assert_eq!(failed.len(), 2);
    assert!(failed.iter().all(|message| message.attempt == 7), "six waits");
    desk.now = common::at("2026-03-04T15:00:00Z");
    assert_eq!(
        desk.engine.store().counts().unwrap().outbox_trouble,
        failed.len() as u64
    );
    let open = |desk: &Desk| {
        desk.snapshot(id)
            .tasks
            .iter()
            .filter(|task| task.key.starts_with("message-trouble/") && task.state == TaskState::Open)
            .count()
    };
    assert_eq!(open(&desk), failed.len());
    std::fs::remove_file(&desk.engine.places().outbox).unwrap();
    desk.tick();
    assert_eq!(
        common::handed_over(desk.dir.path()).len(),
        0,
        "nothing is sent again by itself"
    );
    for message in &failed {
        desk.engine
            .move_message(message, MessageState::Queued, &max(), Cause::Key, desk.now)
            .unwrap();
    }
    desk.tick();
    assert_eq!(common::handed_over(desk.dir.path()).len(), failed.len());
    assert_eq!(
        (open(&desk), desk.engine.store().counts().unwrap().outbox_trouble),
        (0, 0)
    );
}

#[test]
fn who_opts_out_is_not_written_to_even_when_the_message_waits() {
    use refdesk::domain::command::PatientChanges;
    use refdesk::domain::person::Consent;
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    let changes = PatientChanges {
        email_consent: Some(Consent::Refused),
        ..PatientChanges::default()
    };
    desk.does(Command::AmendPatient {
        referral: id,
        changes: Box::new(changes),
    });
    desk.after(Span::minutes(2)).tick();
    let messages = desk.snapshot(id).messages;
    let patient = messages
        .iter()
        .find(|message| message.key.starts_with("ack-patient"))
        .unwrap();
    assert_eq!(patient.state, MessageState::Cancelled);
    let names = common::handed_over(desk.dir.path());
    assert!(names.iter().all(|name| !name.contains("patient")), "{names:?}");
}

#[test]
fn a_completion_is_for_the_sender_that_holds_the_claim() {
    use refdesk::domain::command::Claim;
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    desk.after(Span::minutes(2));
    let message = desk.snapshot(id).messages[0].id;
    let claim = |sender: &str| Command::ClaimMessage {
        referral: id,
        message,
        sender: sender.into(),
    };
    let done = |sender: &str, attempt, to| Command::MoveMessage {
        referral: id,
        message,
        to,
        claim: Some(Claim {
            sender: sender.into(),
            attempt,
        }),
        detail: None,
    };
    let mut system = |command| desk.send(&Envelope::new(command, Actor::system(), Cause::Outbox));
    system(claim("a")).unwrap();
    system(claim("b")).unwrap();
    assert_eq!(
        system(done("a", 1, MessageState::HandedOver)).unwrap_err().code,
        Code::Stale
    );
    assert_eq!(
        system(done("b", 1, MessageState::HandedOver)).unwrap_err().code,
        Code::Stale
    );
    system(done("b", 2, MessageState::Uncertain)).unwrap();
    assert_eq!(
        system(claim("c")).unwrap_err().code,
        Code::AlreadyDone,
        "nobody sends again by himself"
    );
    let resolve = Command::MoveMessage {
        referral: id,
        message,
        to: MessageState::HandedOver,
        claim: None,
        detail: None,
    };
    assert_eq!(
        system(resolve.clone()).unwrap_err().code,
        Code::NotAllowed,
        "only a person can know"
    );
    desk.by(&ana(), resolve).unwrap();
}

#[test]
fn known_people_are_found_and_a_name_alone_is_not_enough() {
    use refdesk::domain::command::NewPatient;
    let mut desk = Desk::new();
    let patients = |desk: &Desk| common::number(desk.connection(), "SELECT count(*) FROM patient");
    let with = |patient| Receive {
        patient: Ref::New(patient),
        ..complete(Priority::Routine)
    };
    let base = || NewPatient {
        mrn: Some("M-7".into()),
        ..common::patient(1)
    };
    desk.receive(with(base()));
    desk.receive(with(NewPatient { mrn: None, ..base() }));
    desk.receive(with(NewPatient {
        name: common::name("PATIENT1", "Noor Ann"),
        mrn: None,
        ..base()
    }));
    assert_eq!(
        patients(&desk),
        1,
        "name and date of birth, whatever the case and the second name"
    );
    desk.receive(with(NewPatient {
        dob: None,
        mrn: None,
        ..base()
    }));
    assert_eq!(
        patients(&desk),
        2,
        "a name without a date of birth is another person until somebody says so"
    );
    desk.receive(with(NewPatient {
        dob: refdesk::domain::time::parse_day("1971-05-17").ok(),
        mrn: None,
        ..base()
    }));
    assert_eq!(patients(&desk), 3);
}

#[test]
fn a_provider_is_written_to_as_was_agreed() {
    let acknowledged = |config: &str, source: Source, email: Option<&str>| {
        let mut desk = Desk::configured(config);
        let mut receive = Receive {
            source,
            ..complete(Priority::Routine)
        };
        if let Some(Ref::New(practice)) = &mut receive.organization {
            practice.email = email.map(String::from);
        }
        let id = desk.receive(receive);
        let messages = desk.snapshot(id).messages;
        let first = messages
            .iter()
            .find(|message| message.kind == MessageKind::AckProvider);
        first.unwrap().channel.code()
    };
    let practice = "[outreach]\nprovider_channels = { \"green mountain FAMILY practice\" = \"email\" }";
    let both = "[outreach]\nprovider_channels = { \"Green Mountain Family Practice\" = \"email\", \"1234567893\" = \"fax\" }";
    let email = Some("desk@gmfp.example");
    let table = [
        ("", Source::Fax, email, "fax"),
        ("", Source::Email, email, "email"),
        (practice, Source::Fax, email, "email"),
        (practice, Source::Fax, None, "fax"),
        // Who is written to is a person before a practice.
        (both, Source::Email, email, "fax"),
    ];
    for (config, source, email, channel) in table {
        assert_eq!(
            acknowledged(config, source, email),
            channel,
            "{config} {source:?} {email:?}"
        );
    }
}

/// A referral whose visit has just taken place.
fn seen(desk: &mut Desk) -> ReferralId {
    let id = desk.receive(complete(Priority::Routine));
    desk.does(Command::Accept { referral: id });
    visit(desk, id);
    id
}

/// A visit that is booked and takes place.
fn visit(desk: &mut Desk, id: ReferralId) {
    let at = desk.now + Span::days(1);
    desk.does(common::schedule(id, at));
    desk.now = at + Span::hours(1);
    desk.does(Command::Complete { referral: id });
}

fn file(desk: &mut Desk, referral: ReferralId, document: refdesk::domain::id::DocumentId) {
    desk.does(Command::FileDocument {
        referral,
        document: Ref::Known(document),
        items: Vec::new(),
    });
}

fn reports(desk: &Desk, id: ReferralId) -> Vec<refdesk::domain::message::Message> {
    let messages = desk.snapshot(id).messages;
    messages
        .into_iter()
        .filter(|message| message.kind == MessageKind::ReportProvider)
        .collect()
}

#[test]
fn of_a_transmission_about_several_patients_only_the_parts_own_lines_leave() {
    let mut desk = Desk::new();
    let id = seen(&mut desk);
    let page = |text: &str| Page {
        lines: vec![Line {
            text: text.into(),
            ..Line::default()
        }],
        shot: None,
    };
    let part = |pages, kind| Segment {
        pages,
        kind,
        kind_confidence: 0.9,
        fields: BTreeMap::new(),
    };
    let two = ReadDocument {
        name: "fax.pdf".into(),
        container: Container::Pdf,
        pages: vec![page("Referral of Otto Brandt"), page("Report: sinus rhythm")],
        segments: vec![
            part([1, 1], DocumentKind::Referral),
            part([2, 2], DocumentKind::ConsultReport),
        ],
        ..read(DocumentKind::Referral, &WHOLE)
    };
    let original = b"%PDF-1.4 Otto Brandt and others";
    desk.engine
        .take_in(original, &two, Source::Fax, &reader(), desk.now, false)
        .unwrap();
    let row = desk.engine.store().intake(10).unwrap().remove(0);
    for command in refdesk::engine::Engine::parted(&row, &two) {
        desk.does(command);
    }
    let waiting = desk.engine.store().intake(10).unwrap();
    let report = waiting.iter().find(|row| row.name == "fax.pdf, page 2").unwrap();
    file(&mut desk, id, report.id);
    desk.after(Span::minutes(2)).tick();
    assert_eq!(reports(&desk, id)[0].state, MessageState::HandedOver);
    let outbox = desk.dir.path().join("outbox");
    let names = common::handed_over(desk.dir.path());
    let enclosed = names.iter().find(|name| name.contains(".report.")).unwrap();
    let sent = std::fs::read(outbox.join(enclosed)).unwrap();
    let sent = refdesk::intake::read(enclosed, &sent);
    let lines: Vec<&str> = sent
        .pages
        .iter()
        .flat_map(|page| &page.lines)
        .map(|line| line.text.as_str())
        .collect();
    // What a reader of pages makes of the gaps between words is not the question here.
    let text = lines.concat().replace(' ', "");
    assert!(
        text.contains("sinusrhythm") && text.contains("otherpatients'pages") && !text.contains("Brandt"),
        "{text}"
    );
    // Nor do the bytes leave with the chart: their hash does.
    let (chart, bytes) = refdesk::store::charts::chart(desk.connection(), id, true)
        .unwrap()
        .unwrap();
    assert!(bytes.is_empty() && chart.documents.iter().any(|each| each.hash == row.hash));
}

#[test]
fn what_nobody_has_parted_goes_to_nobody() {
    let mut desk = Desk::new();
    let id = seen(&mut desk);
    let part = |pages| Segment {
        pages,
        kind: DocumentKind::ConsultReport,
        kind_confidence: 0.9,
        fields: BTreeMap::new(),
    };
    let two = ReadDocument {
        segments: vec![part([1, 1]), part([2, 2])],
        ..read(DocumentKind::ConsultReport, &WHOLE)
    };
    let taken = desk
        .engine
        .take_in(b"%PDF-1.4", &two, Source::Fax, &reader(), desk.now, false)
        .unwrap();
    file(&mut desk, id, taken.document.unwrap());
    desk.after(Span::minutes(2)).tick();
    let report = reports(&desk, id).remove(0);
    assert_eq!(report.state, MessageState::Failed);
    assert!(report.detail.unwrap().contains("by hand"));
    let open = desk.snapshot(id).tasks;
    assert!(
        open.iter()
            .any(|task| task.state == TaskState::Open && task.title.contains("report-provider"))
    );
}

#[test]
fn a_late_report_on_an_earlier_visit_does_not_close_what_waits_for_its_own() {
    let mut desk = Desk::new();
    let id = seen(&mut desk);
    let note = |desk: &mut Desk, bytes: &[u8]| {
        let note = read(DocumentKind::ConsultReport, &[]);
        let taken = desk
            .engine
            .take_in(bytes, &note, Source::Fax, &reader(), desk.now, false)
            .unwrap();
        file(desk, id, taken.document.unwrap());
        desk.after(Span::minutes(2)).tick();
    };
    // The first visit's report is written while the second has begun already and nobody has recorded it.
    let second = desk.now + Span::days(1);
    desk.does(common::schedule(id, second));
    desk.now = second + Span::minutes(30);
    note(&mut desk, b"one");
    let first = desk.snapshot(id).documents[0].id;
    desk.does(Command::SendReport {
        referral: id,
        document: first,
    });
    desk.after(Span::minutes(2)).tick();
    desk.does(Command::Complete { referral: id });
    let delivered = |desk: &mut Desk, number: usize| {
        let message = reports(desk, id)[number].id;
        desk.does(Command::MoveMessage {
            referral: id,
            message,
            to: MessageState::Delivered,
            claim: None,
            detail: None,
        });
        desk.referral(id).status
    };
    assert_eq!(delivered(&mut desk, 0), Status::Completed);
    desk.after(Span::hours(1));
    note(&mut desk, b"two");
    let second = desk.snapshot(id).documents[1].id;
    desk.does(Command::SendReport {
        referral: id,
        document: second,
    });
    desk.after(Span::minutes(2)).tick();
    assert_eq!(delivered(&mut desk, 1), Status::Closed);
}

#[test]
fn nobody_is_reminded_of_an_appointment_that_has_begun() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    desk.does(Command::Accept { referral: id });
    let starts = desk.now + Span::days(10);
    desk.does(common::schedule(id, starts));
    // The clinic's machine stood still over the day of the visit.
    desk.now = starts + Span::hours(3);
    desk.tick();
    let of = |desk: &Desk, kind| -> Vec<_> {
        let messages = desk.snapshot(id).messages;
        let of_kind = messages.into_iter().filter(|message| message.kind == kind);
        of_kind.map(|message| (message.state, message.detail)).collect()
    };
    assert_eq!(of(&desk, MessageKind::AppointmentReminder), []);
    assert_eq!(
        of(&desk, MessageKind::ScheduledPatient),
        [(MessageState::Cancelled, Some("the appointment has begun".into()))]
    );
}

#[test]
fn what_a_dead_sender_had_and_is_wanted_no_more_is_a_persons_to_look_into() {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    desk.does(Command::Accept { referral: id });
    let starts = desk.now + Span::days(10);
    desk.does(common::schedule(id, starts));
    desk.after(Span::minutes(5));
    let notice = |desk: &Desk| {
        let mut messages = desk.snapshot(id).messages.into_iter();
        messages
            .find(|message| message.kind == MessageKind::ScheduledPatient)
            .unwrap()
    };
    let claim = Command::ClaimMessage {
        referral: id,
        message: notice(&desk).id,
        sender: "folder-1".into(),
    };
    desk.send(&Envelope::new(claim, Actor::system(), Cause::Outbox))
        .unwrap();
    // Its sender dies, and the day of the visit passes.
    desk.now = starts + Span::hours(3);
    desk.tick();
    let after = notice(&desk);
    assert_eq!(
        (after.state, after.detail.as_deref()),
        (
            MessageState::Uncertain,
            Some("the appointment has begun; whether it left before is not known")
        )
    );
    let work = format!("message-trouble/{}", after.key);
    assert!(desk.snapshot(id).tasks.iter().any(|task| task.key == work));
    desk.assert_sound();
}

#[test]
fn a_report_on_a_message_that_is_just_leaving_comes_again() {
    use refdesk::domain::command::Claim;
    use refdesk::engine::Heard;
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    desk.after(Span::minutes(2));
    let message = desk.snapshot(id).messages[0].id;
    let system = |desk: &mut Desk, command| {
        desk.send(&Envelope::new(command, Actor::system(), Cause::Outbox))
            .unwrap()
    };
    let claim = Command::ClaimMessage {
        referral: id,
        message,
        sender: "a".into(),
    };
    system(&mut desk, claim);
    let hear = |desk: &mut Desk, delivered, occasion: &str| {
        let now = desk.now;
        desk.engine
            .hear_report(message, delivered, "no", occasion, now)
            .unwrap()
    };
    assert_eq!(hear(&mut desk, false, "first"), Heard::NotYet);
    assert_eq!(hear(&mut desk, true, "second"), Heard::NotYet);
    let noted = Command::MoveMessage {
        referral: id,
        message,
        to: MessageState::HandedOver,
        claim: Some(Claim {
            sender: "a".into(),
            attempt: 1,
        }),
        detail: None,
    };
    system(&mut desk, noted);
    assert_eq!(hear(&mut desk, false, "first"), Heard::Done);
    assert_eq!(desk.snapshot(id).messages[0].state, MessageState::Failed);
    assert_eq!(hear(&mut desk, false, "first"), Heard::Done, "it was heard");
    // The network changes its mind: what stands is not what it says, and a person looks.
    assert_eq!(hear(&mut desk, true, "second"), Heard::NotUnderstood);
}

#[test]
fn an_update_does_not_leave_behind_a_later_one() {
    let mut desk = Desk::configured("[updates]\nfolder = \"updates\"\nall = true\n");
    let id = desk.receive(complete(Priority::Routine));
    desk.does(Command::Accept { referral: id });
    desk.after(Span::minutes(5));
    let updates = |desk: &Desk| {
        let mut messages = desk.snapshot(id).messages;
        messages.retain(|message| message.kind == MessageKind::StatusUpdate);
        messages
    };
    let [received, accepted] = [0, 1].map(|number| updates(&desk)[number].id);
    for message in [accepted, received] {
        let claim = Command::ClaimMessage {
            referral: id,
            message,
            sender: "exchange-1".into(),
        };
        desk.send(&Envelope::new(claim, Actor::system(), Cause::Outbox))
            .unwrap();
    }
    let after = updates(&desk);
    assert_eq!(
        (after[0].state, after[0].detail.as_deref(), after[1].state),
        (
            MessageState::Cancelled,
            Some("a later update has left"),
            MessageState::Sending
        )
    );
    assert!(
        desk.snapshot(id)
            .tasks
            .iter()
            .all(|task| !task.key.contains("status-update"))
    );
}

/// A way on which somebody holds everything as soon as the first message leaves; where it waits, for a network.
struct HeldAtOnce {
    outbox: std::path::PathBuf,
    waits: bool,
}

impl refdesk::channels::way::Way for HeldAtOnce {
    fn name(&self) -> &'static str {
        "folder"
    }

    fn after_crash(&self) -> refdesk::channels::way::AfterCrash {
        refdesk::channels::way::AfterCrash::Again
    }

    fn hand_over(
        &self,
        _: &refdesk::domain::message::Message,
        _: refdesk::domain::time::Stamp,
    ) -> refdesk::channels::way::Handover {
        refdesk::channels::hold::set(&self.outbox, "wait").unwrap();
        refdesk::channels::way::Handover::Done
    }

    fn waits(&self) -> bool {
        self.waits
    }

    fn health(&self) -> refdesk::channels::way::Health {
        refdesk::channels::way::Health {
            ok: true,
            detail: String::new(),
        }
    }
}

fn held_at_once(referrals: usize, waits: bool) -> Desk {
    use refdesk::channels::way::{Line as Wire, Ways};
    let mut desk = Desk::new();
    for _ in 0..referrals {
        desk.receive(complete(Priority::Routine));
    }
    let outbox = desk.dir.path().join("outbox");
    let line = Wire {
        way: std::sync::Arc::new(HeldAtOnce {
            outbox: outbox.clone(),
            waits,
        }),
        reads_first: false,
    };
    let ways = Ways {
        email: line.clone(),
        fax: line,
        ..Ways::folder(&outbox)
    };
    desk.engine = refdesk::engine::Engine::open(
        refdesk::engine::Places::in_dir(desk.dir.path()),
        common::policy(),
        None,
    )
    .unwrap()
    .by_ways(ways);
    desk
}

#[test]
fn a_hold_stops_a_pass_that_is_under_way() {
    let mut desk = held_at_once(30, true);
    let now = desk.now + Span::minutes(2);
    let sent = desk.engine.send_due(now, 1000).unwrap();
    assert!(sent.held && sent.handed_over == 20, "{sent:?}");
    assert_eq!(desk.engine.send_due(now, 1000).unwrap().handed_over, 0);
}

#[test]
fn what_was_claimed_before_a_hold_and_has_not_left_waits_again() {
    let mut desk = held_at_once(30, false);
    let now = desk.now + Span::minutes(2);
    let sent = desk.engine.send_due(now, 1000).unwrap();
    assert!(sent.held && sent.handed_over == 20 && sent.later > 0, "{sent:?}");
    let under_way = "SELECT count(*) FROM message WHERE state = 'sending'";
    let left: i64 = desk
        .connection()
        .query_row(under_way, [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 0);
    refdesk::channels::hold::lift(&desk.dir.path().join("outbox")).unwrap();
    let sent = desk.engine.send_due(now + Span::hours(1), 1000).unwrap();
    assert!(sent.handed_over >= 1, "{sent:?}");
    desk.assert_sound();
}
