//! The budget of keystrokes: what a tired hand may be asked for (design, "The terminal").

use crate::clinic::{Desk, open};
use refdesk::domain::id::ReferralId;
use refdesk::domain::status::Status;
use refdesk::tui::chord::Chord;

fn status(desk: &Desk, id: ReferralId) -> Status {
    let sheet = desk.rig.desk.engine().store().sheet(id, 5).unwrap().unwrap();
    sheet.snapshot.referral().unwrap().status
}

/// Presses keys on the referral under the cursor; says which it was.
fn press(desk: &mut Desk, keys: &str, most: usize) -> ReferralId {
    let id = desk.rig.model.board.cursor.unwrap();
    assert!(
        Chord::parse_all(keys).len() <= most,
        "{keys} is more than {most} keys"
    );
    desk.rig.keys(keys);
    id
}

#[test]
fn accept_takes_one_key() {
    let mut desk = open(80, 24);
    let id = press(&mut desk, "a", 1);
    assert_eq!(status(&desk, id), Status::Accepted);
}

#[test]
fn decline_takes_three() {
    let mut desk = open(80, 24);
    let id = press(&mut desk, "d1<enter>", 3);
    assert_eq!(status(&desk, id), Status::Declined);
}

#[test]
fn requesting_all_that_is_missing_takes_two() {
    let mut desk = open(80, 24);
    desk.rig.keys("2");
    let id = press(&mut desk, "r<enter>", 2);
    assert_eq!(status(&desk, id), Status::NeedsInfo);
}

#[test]
fn logging_a_call_takes_two() {
    let mut desk = open(80, 24);
    let id = press(&mut desk, "c2", 2);
    let sheet = desk.rig.desk.engine().store().sheet(id, 5).unwrap().unwrap();
    assert_eq!(sheet.snapshot.notes.len(), 1);
}

#[test]
fn booking_takes_six() {
    let mut desk = open(80, 24);
    desk.rig.keys("4");
    let id = press(&mut desk, "stu9<enter>", 6);
    assert_eq!(status(&desk, id), Status::Scheduled);
}

#[test]
fn a_patient_is_found_and_opened_in_two_keys_and_the_letters() {
    let mut desk = open(80, 24);
    press(&mut desk, "/duarte<enter>", 8);
    let row = desk.rig.model.board.current().unwrap();
    assert!(row.queue.patient.starts_with("Duarte"));
}
