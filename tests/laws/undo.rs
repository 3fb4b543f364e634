//! Undo where it is hard: what somebody else relies on, what came in, who may, and what has left.

use crate::common::{self, Desk, actor, ana, complete, incomplete, max, name};
use crate::steps;
use refdesk::domain::case::{DocumentState, TaskState};
use refdesk::domain::command::{
    Cause, Command, DeclineReason, Envelope, NewPractitioner, Ref, ReferralChanges,
};
use refdesk::domain::id::ReferralId;
use refdesk::domain::policy::{Actor, Role};
use refdesk::domain::priority::Priority;
use refdesk::domain::refusal::Code;
use refdesk::domain::status::Status;
use refdesk::domain::time::Span;
use refdesk::store::Store;

fn desk() -> (Desk, ReferralId) {
    let mut desk = Desk::new();
    let id = desk.receive(complete(Priority::Routine));
    (desk, id)
}

fn undo(action: i64) -> Command {
    Command::Undo { action }
}

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

#[test]
fn a_person_whom_somebody_else_relies_on_stays_known() {
    let (mut desk, id) = desk();
    let ruiz = || {
        Ref::New(NewPractitioner {
            name: name("Ruiz", "Ida"),
            fax: Some("8025550199".into()),
            ..NewPractitioner::default()
        })
    };
    let changes = ReferralChanges {
        requester: Some(ruiz()),
        ..ReferralChanges::default()
    };
    let before = desk.referral(id).requester;
    desk.by(
        &ana(),
        Command::AmendReferral {
            referral: id,
            changes: Box::new(changes),
        },
    )
    .unwrap();
    let other = desk.receive(refdesk::domain::command::Receive {
        requester: Some(ruiz()),
        ..complete(Priority::Urgent)
    });
    desk.engine.undo(&ana(), desk.now).unwrap();
    assert_eq!(desk.referral(id).requester, before);
    let snapshot = desk.snapshot(other);
    assert_eq!(
        snapshot
            .practitioner(snapshot.referral().unwrap().requester)
            .unwrap()
            .name,
        name("Ruiz", "Ida")
    );
    desk.assert_sound();
}

#[test]
fn a_document_that_came_in_is_never_taken_away() {
    let (mut desk, id) = desk();
    with_documents(&desk);
    let taken = desk.does(Command::TakeDocument {
        document: steps::document(0),
        reason: "unreadable".into(),
    });
    assert_eq!(
        desk.by(&max(), undo(taken.action)).unwrap_err().code,
        Code::CannotUndo
    );
    let filed = desk.does(Command::FileDocument {
        referral: id,
        document: Ref::New(steps::document(1)),
        items: Vec::new(),
    });
    desk.does(undo(filed.action));
    let document = desk
        .engine
        .store()
        .document(filed.document.unwrap())
        .unwrap()
        .unwrap();
    assert_eq!(
        (document.state, document.referral),
        (DocumentState::Intake, None),
        "a person looks at it again"
    );
    assert_eq!(desk.engine.store().counts().unwrap().intake, 2);
    desk.engine.redo(&max(), desk.now).unwrap();
    assert_eq!(desk.snapshot(id).documents.len(), 1);
    desk.assert_sound();
}

#[test]
fn a_document_without_its_bytes_is_refused() {
    let (mut desk, id) = desk();
    let lost = desk.by(
        &max(),
        Command::TakeDocument {
            document: steps::document(0),
            reason: "by hand".into(),
        },
    );
    assert_eq!(lost.unwrap_err().code, Code::BadField);
    let lost = desk.by(
        &max(),
        Command::FileDocument {
            referral: id,
            document: Ref::New(steps::document(0)),
            items: Vec::new(),
        },
    );
    assert_eq!(lost.unwrap_err().code, Code::BadField);
}

#[test]
fn undo_asks_for_the_same_rights_as_the_step() {
    let (mut desk, id) = desk();
    let note = desk
        .does(Command::AddNote {
            referral: id,
            text: "called".into(),
        })
        .action;
    let looks = actor("guest", Role::ReadOnly);
    assert_eq!(desk.by(&looks, undo(note)).unwrap_err().code, Code::NotAllowed);
    // Taking a raise back lowers the priority.
    let raise = desk
        .does(Command::SetPriority {
            referral: id,
            priority: Priority::Urgent,
            reason: "chest pain".into(),
        })
        .action;
    assert_eq!(desk.by(&ana(), undo(raise)).unwrap_err().code, Code::NotAllowed);
    desk.by(&max(), undo(raise)).unwrap();
    // A slip of one's own is taken back at once.
    desk.by(
        &ana(),
        Command::SetPriority {
            referral: id,
            priority: Priority::Asap,
            reason: "wrong row".into(),
        },
    )
    .unwrap();
    desk.engine.undo(&ana(), desk.now).unwrap();
    assert_eq!(desk.referral(id).priority, Priority::Routine);
}

#[test]
fn no_automation_ends_a_referral_by_undoing_its_reopening() {
    let (mut desk, id) = desk();
    desk.does(Command::Decline {
        referral: id,
        reason: DeclineReason::Criteria,
        remedy: None,
    });
    let reopened = desk
        .does(Command::Reopen {
            referral: id,
            reason: "new findings".into(),
        })
        .action;
    let refused = desk
        .send(&Envelope::new(undo(reopened), Actor::system(), Cause::Clock))
        .unwrap_err();
    assert_eq!(refused.code, Code::NotAllowed);
    desk.does(undo(reopened));
    assert_eq!(desk.referral(id).status, Status::Declined);
}

#[test]
fn an_emergency_is_never_ended_with_others_not_even_once_booked() {
    let (mut desk, _) = desk();
    let id = desk.receive(complete(Priority::Stat));
    let batch = |command| Envelope {
        batch: Some("b".into()),
        ..Envelope::new(command, max(), Cause::Key)
    };
    let declined = Command::Decline {
        referral: id,
        reason: DeclineReason::Capacity,
        remedy: None,
    };
    assert_eq!(desk.send(&batch(declined)).unwrap_err().code, Code::Emergency);
    desk.does(Command::Accept { referral: id });
    let now = desk.now;
    desk.does(common::schedule(id, now - Span::hours(1)));
    desk.does(Command::Complete { referral: id });
    let closed = Command::Close {
        referral: id,
        note: String::new(),
    };
    assert_eq!(
        desk.send(&batch(closed.clone())).unwrap_err().code,
        Code::Emergency
    );
    desk.does(closed);
    let reopened = desk
        .does(Command::Reopen {
            referral: id,
            reason: "report was another's".into(),
        })
        .action;
    assert_eq!(
        desk.send(&batch(undo(reopened))).unwrap_err().code,
        Code::Emergency
    );
}

/// The decision's target moves while the provider owes an answer; that is the rules' work and stands in nobody's way.
#[test]
fn what_rules_keep_is_no_obstacle() {
    let mut desk = Desk::configured("[sla.decide]\nroutine = \"10 bd\"\n");
    let id = desk.receive(incomplete(Priority::Routine));
    desk.does(Command::RequestInfo {
        referral: id,
        items: Vec::new(),
        message: None,
    });
    desk.after(Span::days(1));
    desk.by(
        &ana(),
        Command::AddNote {
            referral: id,
            text: "asked again".into(),
        },
    )
    .unwrap();
    desk.after(Span::days(1));
    desk.does(Command::Assign {
        referral: id,
        owner: refdesk::domain::referral::Owner::Person("max".into()),
    });
    desk.engine.undo(&ana(), desk.now).unwrap();
    assert!(desk.snapshot(id).notes.is_empty());
}

#[test]
fn what_one_referral_learns_of_the_patient_the_others_know() {
    use refdesk::domain::command::{NewPatient, PatientChanges, Receive};
    let mut desk = Desk::new();
    let silent = || {
        Ref::New(NewPatient {
            email: None,
            mrn: Some("M-1".into()),
            ..common::patient(0)
        })
    };
    let one = desk.receive(Receive {
        patient: silent(),
        ..complete(Priority::Routine)
    });
    let other = desk.receive(Receive {
        patient: silent(),
        ..complete(Priority::Urgent)
    });
    let missing = |desk: &Desk| [one, other].map(|id| desk.referral(id).missing.len());
    assert_eq!(missing(&desk), [1, 1]);
    let changes = Box::new(PatientChanges {
        phone: Some("802 555 0147".into()),
        ..PatientChanges::default()
    });
    desk.by(
        &ana(),
        Command::AmendPatient {
            referral: one,
            changes,
        },
    )
    .unwrap();
    assert_eq!(missing(&desk), [0, 0]);
    assert_eq!(desk.referral(other).list.unwrap().code(), "review");
    desk.engine.undo(&ana(), desk.now).unwrap();
    assert_eq!(missing(&desk), [1, 1]);
    desk.engine.redo(&ana(), desk.now).unwrap();
    assert_eq!(missing(&desk), [0, 0]);
    desk.assert_sound();
}

#[test]
fn what_was_built_upon_is_not_undone() {
    let (mut desk, id) = desk();
    desk.by(&ana(), Command::Accept { referral: id }).unwrap();
    let now = desk.now;
    desk.does(common::schedule(id, now + Span::days(3)));
    let failure = desk.engine.undo(&ana(), desk.now).unwrap_err();
    let refdesk::engine::Failure::Refused(refusal) = failure else {
        panic!("{failure}")
    };
    assert_eq!(refusal.code, Code::CannotUndo);
}

#[test]
fn what_has_left_becomes_work_and_what_has_not_is_dropped() {
    let (mut desk, id) = desk();
    desk.by(&ana(), Command::Accept { referral: id }).unwrap();
    let accepted = |desk: &Desk| {
        desk.snapshot(id)
            .messages
            .iter()
            .filter(|message| message.key.starts_with("accepted"))
            .count()
    };
    assert_eq!(accepted(&desk), 1);
    desk.engine.undo(&ana(), desk.now).unwrap();
    assert_eq!(accepted(&desk), 0, "inside the undo window nothing has left");
    desk.engine.redo(&ana(), desk.now).unwrap();
    desk.after(Span::minutes(5)).tick();
    desk.engine.undo(&ana(), desk.now).unwrap();
    assert_eq!(accepted(&desk), 1, "what has left cannot be called back");
    let work = desk
        .snapshot(id)
        .tasks
        .iter()
        .filter(|task| task.state == TaskState::Open && task.key.starts_with("put-right/"))
        .count();
    assert!(work >= 1, "a person puts it right");
    desk.assert_sound();
}

#[test]
fn a_batch_is_undone_and_redone_as_one() {
    let mut desk = Desk::new();
    let ids: Vec<ReferralId> = (0..3)
        .map(|number| {
            desk.receive(refdesk::domain::command::Receive {
                patient: Ref::New(common::patient(number)),
                ..complete(Priority::Routine)
            })
        })
        .collect();
    let accept = |referral: &ReferralId| Envelope {
        batch: Some("b-1".into()),
        ..Envelope::new(Command::Accept { referral: *referral }, ana(), Cause::Key)
    };
    let batch: Vec<Envelope> = ids.iter().map(accept).collect();
    assert!(
        desk.engine
            .execute_all(&batch, desk.now)
            .unwrap()
            .iter()
            .all(Result::is_ok)
    );
    let all = |desk: &Desk, status| ids.iter().all(|id| desk.referral(*id).status == status);
    for _ in 0..2 {
        assert!(all(&desk, Status::Accepted));
        assert_eq!(desk.engine.undo(&ana(), desk.now).unwrap().receipts.len(), 3);
        assert!(all(&desk, Status::Received));
        assert_eq!(desk.engine.redo(&ana(), desk.now).unwrap().receipts.len(), 3);
    }
    desk.assert_sound();
}

#[test]
fn two_people_with_the_same_batch_name_undo_their_own() {
    let (mut desk, id) = desk();
    let note = |who: &Actor| Envelope {
        batch: Some("marks".into()),
        ..Envelope::new(
            Command::AddNote {
                referral: id,
                text: who.name.clone(),
            },
            who.clone(),
            Cause::Key,
        )
    };
    desk.send(&note(&max())).unwrap();
    desk.send(&note(&ana())).unwrap();
    desk.engine.undo(&ana(), desk.now).unwrap();
    let notes = desk.snapshot(id).notes;
    assert_eq!(
        notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(),
        ["max"]
    );
}
