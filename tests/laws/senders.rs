//! A sender's own record, corrected through one of their referrals.

use crate::common::{self, Desk, ana, complete, incomplete, max};
use refdesk::domain::command::{
    Command, NewPractitioner, PractitionerChanges, Receive, Ref, ReferralChanges,
};
use refdesk::domain::id::ReferralId;
use refdesk::domain::person::Practitioner;
use refdesk::domain::priority::Priority;
use refdesk::domain::refusal::Code;

fn hale() -> NewPractitioner {
    match complete(Priority::Routine).requester {
        Some(Ref::New(hale)) => hale,
        _ => panic!("a sender"),
    }
}

fn sent(number: usize, who: NewPractitioner) -> Receive {
    Receive {
        patient: Ref::New(common::patient(number)),
        requester: Some(Ref::New(who)),
        ..complete(Priority::Routine)
    }
}

fn amend(referral: ReferralId, changes: ReferralChanges) -> Command {
    Command::AmendReferral {
        referral,
        changes: Box::new(changes),
    }
}

fn sender(desk: &Desk, id: ReferralId) -> Practitioner {
    let snapshot = desk.snapshot(id);
    let who = snapshot.referral().unwrap().requester;
    snapshot.practitioner(who).unwrap().clone()
}

#[test]
fn what_is_said_of_the_one_who_sent_it_is_not_dropped() {
    let mut desk = Desk::new();
    let id = desk.receive(sent(1, hale()));
    let other = desk.receive(sent(2, hale()));
    let before = sender(&desk, id);
    let named = NewPractitioner {
        fax: Some("802-555-0177".into()),
        phone: Some("802-555-0178".into()),
        ..hale()
    };
    let changes = ReferralChanges {
        requester: Some(Ref::New(named.clone())),
        ..ReferralChanges::default()
    };
    desk.does(amend(id, changes.clone()));
    let now = sender(&desk, other);
    assert_eq!(
        (now.id, now.fax.as_deref(), now.phone.as_deref()),
        (before.id, Some("8025550177"), Some("8025550178"))
    );
    // Said once more, there is nothing to do: it is not said to have been corrected.
    let again = desk.by(&ana(), amend(id, changes)).map(|receipt| receipt.changed);
    assert_eq!(again.unwrap_err().code, Code::NothingToDo);
    desk.assert_sound();
}

#[test]
fn an_npi_that_is_added_is_missing_nowhere_and_undo_takes_it_back() {
    let mut desk = Desk::new();
    let without = || NewPractitioner { npi: None, ..hale() };
    let id = desk.receive(sent(1, without()));
    let other = desk.receive(Receive {
        patient: Ref::New(common::patient(2)),
        requester: Some(Ref::New(without())),
        ..incomplete(Priority::Routine)
    });
    let lacks = |desk: &Desk, id| {
        let missing = desk.referral(id).missing;
        missing.iter().any(|key| key == "requester-npi")
    };
    assert_eq!(sender(&desk, id).id, sender(&desk, other).id);
    assert!(lacks(&desk, id) && lacks(&desk, other));
    let npi = |npi: &str| ReferralChanges {
        practitioner: Some(Box::new(PractitionerChanges {
            npi: Some(npi.into()),
            ..PractitionerChanges::default()
        })),
        ..ReferralChanges::default()
    };
    desk.by(&max(), amend(id, npi("1234567893"))).unwrap();
    assert!(!lacks(&desk, id) && !lacks(&desk, other));
    desk.assert_sound();
    desk.engine.undo(&max(), desk.now).unwrap();
    assert!(lacks(&desk, id) && lacks(&desk, other));
    desk.assert_sound();
    // Whose it is on record is who is meant: nobody's record gets another's number.
    let theirs = desk.receive(sent(
        3,
        NewPractitioner {
            name: common::name("Ruiz", "Ida"),
            npi: Some("1245319599".into()),
            ..NewPractitioner::default()
        },
    ));
    desk.does(amend(id, npi("1245319599")));
    assert_eq!(sender(&desk, id).id, sender(&desk, theirs).id);
    assert_eq!(sender(&desk, other).npi, None);
}
