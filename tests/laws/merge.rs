//! Two that are one: merged with everything they brought, told apart, linked, and parted again, however late.

use crate::common::{self, Desk, ana, complete, incomplete, max, name, schedule};
use crate::steps;
use refdesk::domain::case::{MilestoneKind, TaskState};
use refdesk::domain::command::{
    Cause, Command, Envelope, NewCoverage, NewPatient, PatientChanges, Receive, Ref,
};
use refdesk::domain::decide::merge::question;
use refdesk::domain::id::{PatientId, ReferralId};
use refdesk::domain::message::MessageState;
use refdesk::domain::priority::Priority;
use refdesk::domain::refusal::Code;
use refdesk::domain::snapshot::Snapshot;
use refdesk::domain::status::Status;
use refdesk::domain::time::Span;
use refdesk::store::Store;
use refdesk::store::board::Relation;
use std::sync::Arc;

fn with_documents(desk: &Desk) {
    let places = desk.engine.places();
    let mut store = Store::open(&places.database, &places.backups).unwrap();
    store
        .write::<_, refdesk::store::StoreError>(|connection| {
            steps::keep_documents(connection);
            Ok(())
        })
        .unwrap();
}

fn merge(referral: ReferralId, into: ReferralId) -> Command {
    Command::MergeReferral {
        referral,
        into,
        reason: "faxed twice".into(),
    }
}

fn open_tasks(snapshot: &Snapshot, prefix: &str) -> usize {
    let open = snapshot.tasks.iter().filter(|task| task.state == TaskState::Open);
    open.filter(|task| task.key.starts_with(prefix)).count()
}

/// What undo has to bring back: everything but what counts changes and keeps time.
fn state(desk: &Desk) -> Snapshot {
    let mut world = common::sorted(common::world(desk.connection()));
    for referral in &mut world.referrals {
        referral.version = 0;
        referral.episode = 0;
        referral.status_since = desk.now;
        referral.callback_at = None;
        referral.attempts = 0;
    }
    for patient in &mut world.patients {
        patient.version = 0;
    }
    world.timers.clear();
    world.fresh = Default::default();
    world
}

/// Two referrals of one patient, each with a document; the second says more.
fn twice() -> (Desk, ReferralId, ReferralId) {
    let mut desk = Desk::new();
    with_documents(&desk);
    let first = desk.receive(Receive {
        document: Some(Ref::New(steps::document(0))),
        ..incomplete(Priority::Routine)
    });
    let second = desk.after(Span::hours(2)).receive(Receive {
        document: Some(Ref::New(steps::document(1))),
        reason_text: "palpitations, worse since Monday".into(),
        reason_codes: vec!["I48.91".into(), "R00.2".into()],
        coverages: vec![NewCoverage {
            payer: "Vermont Medicaid".into(),
            member_id: Some("V7".into()),
            group_no: None,
            subscriber: None,
        }],
        ..complete(Priority::Urgent)
    });
    (desk, first, second)
}

#[test]
fn a_request_that_came_twice_goes_on_once_with_all_that_both_brought() {
    let (mut desk, first, second) = twice();
    assert_eq!(open_tasks(&desk.snapshot(second), "look-alike"), 1);
    let messages = common::number(desk.connection(), "SELECT count(*) FROM message");
    let receipt = desk.by(&ana(), merge(second, first)).unwrap();
    assert_eq!(receipt.referral, Some(second));
    let (gone, goes_on) = (desk.snapshot(second), desk.snapshot(first));
    let (ended, open) = (gone.referral().unwrap(), goes_on.referral().unwrap());
    assert_eq!(
        (ended.status, ended.list, ended.merged_into),
        (Status::Cancelled, None, Some(first))
    );
    assert_eq!(
        ended.status_reason.as_deref(),
        Some(&*format!("merged into {first}: faxed twice"))
    );
    assert_eq!(
        (gone.documents.len(), goes_on.documents.len()),
        (0, 2),
        "both papers are kept"
    );
    assert_eq!(open.priority, Priority::Urgent, "the higher of the two");
    assert_eq!(open.reason_codes, ["I48.91", "R00.2"]);
    assert!(open.provided.contains(&"ecg".to_owned()) && open.missing.is_empty());
    assert_eq!(
        open.received_at + Span::hours(2),
        ended.received_at,
        "when it came never moves"
    );
    let payers: Vec<&str> = goes_on
        .coverages
        .iter()
        .map(|coverage| coverage.payer.as_str())
        .collect();
    assert_eq!(payers, ["Cedar Health PPO", "Vermont Medicaid"]);
    assert!(
        goes_on
            .notes
            .iter()
            .any(|note| note.text.contains("worse since Monday") && note.text.contains(&second.to_string()))
    );
    assert_eq!(open_tasks(&gone, ""), 0);
    assert_eq!(
        common::number(desk.connection(), "SELECT count(*) FROM message"),
        messages,
        "nobody is written to"
    );
    assert!(
        gone.messages
            .iter()
            .all(|message| !matches!(message.state, refdesk::domain::message::MessageState::Queued))
    );
    // Each is found from the other, and both timelines tell it.
    let how = |id| -> Vec<(ReferralId, Relation)> {
        let sheet = desk.engine.store().sheet(id, 50).unwrap().unwrap();
        sheet.related.iter().map(|other| (other.id, other.how)).collect()
    };
    assert_eq!(how(first), [(second, Relation::MergedHere)]);
    assert_eq!(how(second), [(first, Relation::GoesOn)]);
    let told = |id| {
        let sheet = desk.engine.store().sheet(id, 50).unwrap().unwrap();
        sheet
            .timeline
            .iter()
            .filter(|entry| {
                serde_json::to_string(&entry.fact)
                    .unwrap()
                    .contains("faxed twice")
            })
            .count()
    };
    assert!(told(first) > 0 && told(second) > 0);
    assert_eq!(
        desk.by(
            &max(),
            Command::Reopen {
                referral: second,
                reason: "x".into()
            }
        )
        .unwrap_err()
        .code,
        Code::Impossible
    );
    desk.assert_sound();
}

#[test]
fn a_merge_is_undone_whole_after_a_restart_and_done_again() {
    let (mut desk, first, second) = twice();
    let before = state(&desk);
    let done = desk.by(&ana(), merge(second, first)).unwrap();
    let merged = state(&desk);
    let dir = Arc::clone(&desk.dir);
    let now = desk.now;
    drop(desk);
    let mut desk = Desk::in_folder(dir);
    desk.now = now;
    let step = desk.engine.undoable(&ana()).unwrap().unwrap();
    assert_eq!(
        (step.action, step.command.as_str()),
        (done.action, "merge-referral")
    );
    assert_eq!(desk.engine.undo(&ana(), desk.now).unwrap().receipts.len(), 1);
    same_but_messages(state(&desk), before.clone());
    desk.assert_sound();
    desk.engine.redo(&ana(), desk.now).unwrap();
    same_but_messages(state(&desk), merged);
    // Whoever takes back the half that stands on the other timeline takes back the whole.
    let deeds = desk
        .engine
        .deeds(&refdesk::store::deeds::Of::Referral(first), 1)
        .unwrap();
    desk.engine
        .take_back_one(&ana(), deeds[0].action, desk.now)
        .unwrap();
    same_but_messages(state(&desk), before);
    desk.assert_sound();
}

/// Records alike; of derived times the queue's own are left out.
fn same_but_messages(one: Snapshot, other: Snapshot) {
    for (mine, theirs) in one.referrals.iter().zip(&other.referrals) {
        let (mine, theirs) = (
            serde_json::to_value(mine).unwrap(),
            serde_json::to_value(theirs).unwrap(),
        );
        for (field, value) in mine.as_object().unwrap() {
            assert_eq!(Some(value), theirs.get(field), "{field}");
        }
    }
    assert_eq!(one.patients, other.patients);
    assert!(one.documents == other.documents, "documents");
    let open = |world: &Snapshot| -> Vec<String> {
        let open = world.tasks.iter().filter(|task| task.state == TaskState::Open);
        open.map(|task| format!("{} {}", task.referral, task.key))
            .collect()
    };
    assert_eq!(open(&one), open(&other));
    assert_eq!(one.coverages.len(), other.coverages.len());
    assert_eq!(one.notes.len(), other.notes.len());
}

#[test]
fn a_merge_is_undone_after_later_work_where_nothing_was_built_on_it() {
    let (mut desk, first, second) = twice();
    let done = desk.by(&ana(), merge(second, first)).unwrap();
    desk.after(Span::days(1)).does(Command::AddNote {
        referral: first,
        text: "called".into(),
    });
    desk.does(Command::Accept { referral: first });
    desk.does(Command::Undo { action: done.action });
    assert_eq!(desk.referral(second).status, Status::Received);
    assert_eq!(desk.snapshot(second).documents.len(), 1);
    assert_eq!(
        (desk.referral(first).status, desk.referral(first).priority),
        (Status::Accepted, Priority::Routine)
    );
    desk.assert_sound();
    // Where somebody has decided anew on what the merging set, that comes first, and nothing of the whole is taken back.
    let done = desk.by(&ana(), merge(second, first)).unwrap();
    desk.does(Command::SetPriority {
        referral: first,
        priority: Priority::Asap,
        reason: "worse".into(),
    });
    let before = common::digest(desk.connection());
    let refused = desk
        .by(&max(), Command::Undo { action: done.action })
        .unwrap_err();
    assert_eq!(refused.code, Code::CannotUndo);
    assert_eq!(common::digest(desk.connection()), before);
}

#[test]
fn what_must_not_be_merged_is_refused_and_nothing_changes() {
    let (mut desk, first, second) = twice();
    let other = desk.receive(Receive {
        patient: Ref::New(common::patient(7)),
        ..complete(Priority::Routine)
    });
    let stat = desk.receive(complete(Priority::Stat));
    desk.does(Command::Accept { referral: second });
    desk.does(schedule(second, desk.now + Span::days(3)));
    let before = common::digest(desk.connection());
    for (referral, into, code) in [
        (second, first, Code::Impossible),
        (first, other, Code::Impossible),
        (stat, first, Code::Emergency),
        (first, first, Code::BadField),
        (first, ReferralId(99_999), Code::NotFound),
    ] {
        assert_eq!(
            desk.by(&ana(), merge(referral, into)).unwrap_err().code,
            code,
            "{referral} {into}"
        );
    }
    let no_reason = Command::MergeReferral {
        referral: first,
        into: second,
        reason: " ".into(),
    };
    assert_eq!(desk.by(&ana(), no_reason).unwrap_err().code, Code::ReasonNeeded);
    assert_eq!(common::digest(desk.connection()), before);
    desk.by(&ana(), merge(first, second)).unwrap();
    assert_eq!(desk.referral(second).status, Status::Scheduled, "the visit stays");
    assert_eq!(
        desk.by(&ana(), merge(first, second)).unwrap_err().code,
        Code::Impossible
    );
    desk.assert_sound();
}

#[test]
fn referrals_that_belong_together_are_linked_as_a_group_and_unlinked() {
    let (mut desk, first, second) = twice();
    let third = desk.receive(complete(Priority::Routine));
    let done = desk
        .by(
            &ana(),
            Command::LinkReferral {
                referral: second,
                with: first,
            },
        )
        .unwrap();
    assert_eq!(
        open_tasks(&desk.snapshot(second), "look-alike"),
        0,
        "it is answered"
    );
    desk.by(
        &ana(),
        Command::LinkReferral {
            referral: third,
            with: second,
        },
    )
    .unwrap();
    let group: Vec<Option<ReferralId>> = [first, second, third]
        .map(|id| desk.referral(id).requisition)
        .into();
    assert_eq!(group, vec![Some(first); 3]);
    let again = desk.by(
        &ana(),
        Command::LinkReferral {
            referral: third,
            with: first,
        },
    );
    assert_eq!(again.unwrap_err().code, Code::NothingToDo);
    let sheet = desk.engine.store().sheet(first, 5).unwrap().unwrap();
    let how: Vec<Relation> = sheet.related.iter().map(|other| other.how).collect();
    assert_eq!(
        how,
        [Relation::Linked, Relation::Linked],
        "and they look alike no more"
    );
    desk.does(Command::Undo { action: done.action });
    assert_eq!(
        [first, second].map(|id| desk.referral(id).requisition),
        [None, None]
    );
    desk.assert_sound();
}

fn heard(family: &str, more: impl FnOnce(&mut NewPatient)) -> Receive {
    let mut patient = NewPatient {
        name: name(family, "Noor"),
        ..common::patient(0)
    };
    more(&mut patient);
    Receive {
        patient: Ref::New(patient),
        ..complete(Priority::Routine)
    }
}

#[test]
fn somebody_who_may_be_known_is_received_and_asked_about() {
    let mut desk = Desk::new();
    let first = desk.receive(heard("Hernandez", |_| ()));
    let known = desk.referral(first).patient;
    let receipt = desk.does(Command::Receive(Box::new(heard("Hernandes", |patient| {
        patient.email = None;
        patient.phone = Some("8025550147".into());
    }))));
    let second = receipt.referral.unwrap();
    assert_eq!(
        receipt.warnings,
        [format!("may be the same patient as {known}: a person must say")]
    );
    let question = format!("same-patient/{known}");
    let snapshot = desk.snapshot(second);
    let asked = snapshot.tasks.iter().find(|task| task.key == question).unwrap();
    assert_eq!(
        asked.title,
        format!("Is this the same patient as Hernandez, Noor, born 1970-05-17? ({known})")
    );
    let own = desk.referral(second).patient;
    assert_ne!(own, known);
    // Told apart: nothing else changes.
    desk.by(
        &ana(),
        Command::TellApart {
            referral: second,
            patient: known,
        },
    )
    .unwrap();
    assert_eq!(open_tasks(&desk.snapshot(second), &question), 0);
    assert_eq!(
        desk.by(
            &ana(),
            Command::TellApart {
                referral: second,
                patient: known
            }
        )
        .unwrap_err()
        .code,
        Code::NothingToDo
    );
    desk.engine.undo(&ana(), desk.now).unwrap();
    // The same: one record, with what both knew; the referrals look alike now.
    let done = desk
        .by(
            &ana(),
            Command::MergePatient {
                referral: second,
                into: known,
                reason: "same card".into(),
            },
        )
        .unwrap();
    let snapshot = desk.snapshot(second);
    assert_eq!(snapshot.referral().unwrap().patient, known);
    assert_eq!(
        snapshot.patient(known).unwrap().phone.as_deref(),
        Some("8025550147")
    );
    assert_eq!(
        (
            open_tasks(&snapshot, &question),
            open_tasks(&snapshot, "look-alike")
        ),
        (0, 1)
    );
    desk.assert_sound();
    desk.does(Command::Undo { action: done.action });
    assert_eq!(desk.referral(second).patient, own);
    assert_eq!(desk.snapshot(first).patient(known).unwrap().phone, None);
    assert_eq!(open_tasks(&desk.snapshot(second), &question), 1);
    desk.assert_sound();
}

#[test]
fn patients_are_parted_long_after_and_what_was_corrected_since_stays() {
    let mut desk = Desk::new();
    let first = desk.receive(heard("Hernandez", |_| ()));
    let second = desk.receive(heard("Hernandes", |patient| {
        patient.email = None;
        patient.phone = Some("8025550147".into());
        patient.address = Some("12 N Main St".into());
    }));
    let third = desk.receive(Receive {
        template: "dermatology".into(),
        provided: Vec::new(),
        ..heard("Hernandes", |_| ())
    });
    let (known, own) = (desk.referral(first).patient, desk.referral(second).patient);
    assert_eq!(
        desk.referral(third).patient,
        own,
        "certain enough to be the second one"
    );
    let done = desk
        .by(
            &ana(),
            Command::MergePatient {
                referral: second,
                into: known,
                reason: "same card".into(),
            },
        )
        .unwrap();
    let of = |desk: &Desk, ids: [ReferralId; 3]| ids.map(|id| desk.referral(id).patient);
    assert_eq!(of(&desk, [first, second, third]), [known; 3]);
    // From now on both descriptions are the one who goes on, also where a script names the other.
    let fourth = desk.receive(Receive {
        template: "neurology".into(),
        provided: Vec::new(),
        ..heard("Hernandes", |_| ())
    });
    let fifth = desk.receive(Receive {
        template: "urology".into(),
        provided: Vec::new(),
        patient: Ref::Known(own),
        ..complete(Priority::Routine)
    });
    assert_eq!(desk.referral(fifth).patient, known);
    assert_ne!(
        desk.referral(fourth).patient,
        own,
        "the record that was given up is nobody's any more"
    );
    let changes = PatientChanges {
        phone: Some("8025550199".into()),
        ..PatientChanges::default()
    };
    desk.after(Span::days(40)).does(Command::AmendPatient {
        referral: first,
        changes: Box::new(changes),
    });
    desk.does(Command::Undo { action: done.action });
    assert_eq!(of(&desk, [first, second, third]), [known, own, own]);
    let snapshot = desk.snapshot(first);
    let patient = snapshot.patient(known).unwrap();
    assert_eq!(
        (patient.phone.as_deref(), patient.address.as_deref()),
        (Some("8025550199"), None),
        "the correction stays, what was taken over goes"
    );
    desk.assert_sound();
    let nobody = Command::MergePatient {
        referral: first,
        into: PatientId(987_654),
        reason: "x".into(),
    };
    assert_eq!(desk.by(&ana(), nobody).unwrap_err().code, Code::NotFound);
    let itself = Command::MergePatient {
        referral: first,
        into: known,
        reason: "x".into(),
    };
    assert_eq!(desk.by(&ana(), itself).unwrap_err().code, Code::NothingToDo);
}

/// A key answers the question that stands on a referral: that two were compared on another one is no answer.
#[test]
fn a_key_merges_only_whom_the_referral_asks_about() {
    let mut desk = Desk::new();
    let first = desk.receive(heard("Hernandez", |_| ()));
    let second = desk.receive(heard("Hernandes", |patient| patient.email = None));
    let stranger = desk.receive(Receive {
        patient: Ref::New(common::patient(7)),
        ..complete(Priority::Routine)
    });
    let known = desk.referral(first).patient;
    let into = |referral, into| Command::MergePatient {
        referral,
        into,
        reason: "compared side by side".into(),
    };
    let before = common::digest(desk.connection());
    let refused = desk.by(&ana(), into(stranger, known)).unwrap_err();
    assert_eq!(refused.code, Code::Impossible, "{refused}");
    assert_eq!(common::digest(desk.connection()), before);
    // Who was asked about has been merged since: the question is about whose record goes on.
    let script = Envelope::new(into(first, desk.referral(stranger).patient), ana(), Cause::Script);
    desk.send(&script).unwrap();
    let goes_on = desk.referral(first).patient;
    assert_eq!(open_tasks(&desk.snapshot(second), &question(known)), 1);
    desk.by(&ana(), into(second, goes_on)).unwrap();
    assert_eq!(desk.referral(second).patient, goes_on);
    assert_eq!(
        open_tasks(&desk.snapshot(second), "same-patient/"),
        0,
        "whoever it named"
    );
    desk.assert_sound();
}

/// The question is answered too where it stands with the patient whose record goes on; a number that begins alike is another's.
#[test]
fn a_merge_the_other_way_round_answers_the_question_and_undo_asks_it_again() {
    let mut desk = Desk::new();
    let first = desk.receive(heard("Hernandez", |_| ()));
    let second = desk.receive(heard("Hernandes", |patient| patient.email = None));
    let (known, own) = (desk.referral(first).patient, desk.referral(second).patient);
    let asked = question(known);
    assert_eq!(open_tasks(&desk.snapshot(second), &asked), 1);
    let merge = Command::MergePatient {
        referral: first,
        into: own,
        reason: "same card".into(),
    };
    let done = desk.send(&Envelope::new(merge, ana(), Cause::Script)).unwrap();
    assert_eq!(desk.referral(first).patient, own);
    assert_eq!(open_tasks(&desk.snapshot(second), &asked), 0);
    desk.assert_sound();
    desk.does(Command::Undo { action: done.action });
    assert_eq!(
        (
            desk.referral(first).patient,
            open_tasks(&desk.snapshot(second), &asked)
        ),
        (known, 1)
    );
    desk.assert_sound();
}

/// What people wrote down to do is still to be done, whoever has waited since the first time has waited so long, and a third
/// that looks alike is still asked about.
#[test]
fn what_was_to_be_done_goes_on_with_the_referral_that_goes_on() {
    let (mut desk, first, second) = twice();
    let third = desk.after(Span::hours(1)).receive(complete(Priority::Urgent));
    desk.does(Command::AddTask {
        referral: first,
        title: "Fetch the tracing from the ward".into(),
        due_at: Some(desk.now + Span::days(2)),
        owner: None,
    });
    let mut messages = desk.snapshot(first).messages.into_iter();
    let queued = messages
        .find(|message| message.state == MessageState::Queued)
        .unwrap();
    desk.does(Command::MoveMessage {
        referral: first,
        message: queued.id,
        to: MessageState::Failed,
        claim: None,
        detail: Some("no such address".into()),
    });
    let waited = desk.referral(first).received_at;
    let target = |desk: &Desk| {
        let snapshot = desk.snapshot(third);
        let decide = |each: &&refdesk::domain::case::Milestone| each.kind == MilestoneKind::Decide;
        snapshot.milestones.iter().find(decide).unwrap().target_at
    };
    let (later, before) = (target(&desk), state(&desk));
    let done = desk.by(&ana(), merge(first, third)).unwrap();
    let goes_on = desk.snapshot(third);
    assert_eq!(goes_on.referral().unwrap().received_at, waited);
    assert!(target(&desk) < later, "the clocks follow");
    let open = |prefix: &str| -> Vec<String> {
        let tasks = goes_on.tasks.iter().filter(|task| task.state == TaskState::Open);
        tasks
            .filter(|task| task.key.starts_with(prefix))
            .map(|task| task.title.clone())
            .collect()
    };
    assert_eq!(
        open("by-hand/"),
        [format!("Fetch the tracing from the ward (from {first})")]
    );
    assert_eq!(open("message-trouble/").len(), 1, "nobody has called instead");
    assert_eq!(
        open("look-alike"),
        [format!(
            "Looks like {second}: same patient and specialty. Compare them."
        )]
    );
    desk.assert_sound();
    desk.does(Command::Undo { action: done.action });
    assert_eq!(target(&desk), later);
    same_but_messages(state(&desk), before);
    desk.assert_sound();
    // Linked to one of two, it is still asked about the other.
    desk.by(
        &ana(),
        Command::LinkReferral {
            referral: third,
            with: first,
        },
    )
    .unwrap();
    assert_eq!(open_tasks(&desk.snapshot(third), "look-alike"), 1);
    desk.by(
        &ana(),
        Command::LinkReferral {
            referral: third,
            with: second,
        },
    )
    .unwrap();
    assert_eq!(open_tasks(&desk.snapshot(third), "look-alike"), 0);
    desk.assert_sound();
}
