//! What comes late: answers of the worker and commits of neighbours, while somebody is in the middle of something. What a form is
//! about, and what a key takes, is what was seen.

use crate::clinic::{Desk, by, moves_house, neighbour, open, sheet};
use crate::proofs::{bad, made, waits};
use refdesk::domain::command::Command;
use refdesk::domain::id::ReferralId;
use refdesk::domain::status::Status;
use refdesk::domain::time::Span;
use refdesk::intake::document::Field;
use refdesk::tui::chord::Chord;
use refdesk::tui::model::{Overlay, Place};
use refdesk::tui::msg::{Effect, Mouse, Msg};
use refdesk::tui::proof::Row;
use refdesk::tui::update::update;
use refdesk::tui::worker::serve;

/// Presses keys; what they ask for is not answered yet.
fn unanswered(desk: &mut Desk, keys: &str) -> Vec<Effect> {
    let now = desk.rig.now;
    let mut asked = Vec::new();
    for chord in Chord::parse_all(keys) {
        asked.extend(update(&mut desk.rig.model, Msg::Key(chord), now));
    }
    asked
}

/// Answers what was asked, and what that asks for.
fn answer(desk: &mut Desk, asked: Vec<Effect>) {
    for effect in asked {
        if let Some(msg) = serve(&mut desk.rig.desk, effect, desk.rig.now) {
            desk.rig.tell(msg);
        }
    }
}

fn status(desk: &Desk, id: ReferralId) -> Status {
    sheet(desk, id).snapshot.referral().unwrap().status
}

fn said(desk: &Desk) -> String {
    let mut notices = desk.rig.model.notices.history();
    notices
        .next()
        .map(|notice| notice.text.clone())
        .unwrap_or_default()
}

#[test]
fn the_document_that_is_set_aside_is_the_one_in_the_title() {
    let mut desk = open(80, 24);
    waits(&mut desk, |_| ());
    desk.rig.keys("kdtwice");
    assert!(
        desk.rig.text().contains("Set aside · letter.txt"),
        "{}",
        desk.rig.text()
    );
    let letter = desk.rig.model.intake.cursor.unwrap();
    let dismiss = Command::DismissDocument {
        document: letter,
        reason: "junk".into(),
    };
    neighbour(&desk)
        .execute(&by("Tom", dismiss), desk.rig.now)
        .unwrap();
    desk.rig.tell(Msg::Changed);
    assert_ne!(
        desk.rig.model.intake.cursor,
        Some(letter),
        "the cursor has moved on"
    );
    desk.rig.keys("<enter>");
    let names: Vec<&str> = desk
        .rig
        .model
        .intake
        .rows
        .iter()
        .map(|row| row.name.as_str())
        .collect();
    assert_eq!(names, ["fax-0012.txt"], "{}", desk.rig.text());
}

#[test]
fn enter_takes_no_hit_of_what_was_typed_before() {
    let mut desk = open(80, 24);
    let here = desk.rig.model.board.cursor;
    desk.rig.keys("/smith");
    let asked = unanswered(&mut desk, "x");
    let early = unanswered(&mut desk, "<enter><tab>");
    assert!(early.is_empty() && matches!(desk.rig.model.overlay, Some(Overlay::Find(..))));
    answer(&mut desk, asked);
    assert_eq!(desk.rig.model.board.cursor, here, "nobody is called so");
    // To look at one, the answer is waited for.
    let asked = unanswered(&mut desk, "<backspace><enter>");
    answer(&mut desk, asked);
    assert_ne!(desk.rig.model.board.cursor, here);
    // What a document is put with was seen; and the title says whose it is.
    let id = desk.rig.model.board.cursor.unwrap();
    let patient = desk.rig.model.board.current().unwrap().queue.patient.clone();
    desk.rig.keys(&format!("IA{id}"));
    let asked = unanswered(&mut desk, "<backspace>");
    assert!(unanswered(&mut desk, "<enter>").is_empty());
    answer(&mut desk, asked);
    assert!(
        matches!(desk.rig.model.overlay, Some(Overlay::Find(..))),
        "not by itself"
    );
    desk.rig.keys("<enter>");
    let title = format!("Put the document with {id} {patient}");
    assert!(desk.rig.text().contains(&title), "{title}\n{}", desk.rig.text());
}

#[test]
fn a_correction_by_the_document_is_done_whole_or_not_at_all() {
    let mut desk = open(80, 24);
    waits(&mut desk, bad);
    desk.rig.keys("<enter><ctrl-s>");
    let id = made(&desk).unwrap().snapshot.referral().unwrap().id;
    desk.rig.keys("/alvarez<enter>ed<enter><enter>");
    // Meanwhile a colleague corrects the patient's address.
    moves_house(&desk, id);
    desk.rig.keys("<ctrl-s>");
    let now = sheet(&desk, id);
    assert!(
        desk.rig.text().contains("changed since it was read"),
        "{}",
        desk.rig.text()
    );
    assert_eq!(
        now.snapshot.primary_coverage().unwrap().member_id,
        None,
        "nothing of it"
    );
    // It is compared with what holds now, and can be sent again.
    let Some(Overlay::Proof(proof)) = &desk.rig.model.overlay else {
        panic!("{}", desk.rig.text());
    };
    let address = proof.line(Field::PatientAddress).unwrap();
    assert_eq!(address.recorded.as_deref(), Some("2 Oak Street, Springfield"));
    desk.rig.keys("<ctrl-s>");
    let now = sheet(&desk, id);
    let referral = now.snapshot.referral().unwrap();
    let patient = now.snapshot.patient(referral.patient).unwrap();
    assert_eq!(patient.address.as_deref(), Some("2 Oak Street, Springfield"));
    assert!(patient.dob.is_some(), "{}", desk.rig.text());
    assert_eq!(
        now.snapshot.primary_coverage().unwrap().member_id.as_deref(),
        Some("W123456789")
    );
}

#[test]
fn a_review_is_never_compared_with_another_record() {
    let mut desk = open(80, 24);
    waits(&mut desk, bad);
    desk.rig.keys("<enter><ctrl-s>");
    let id = made(&desk).unwrap().snapshot.referral().unwrap().id;
    desk.rig.keys("/alvarez<enter>ed<enter><enter>");
    let other = desk.rig.model.board.order().find(|each| *each != id).unwrap();
    desk.rig.model.board.put_cursor(Some(other));
    desk.rig.tell(Msg::Wake);
    let before = sheet(&desk, id).snapshot.referral().unwrap().version;
    desk.rig.keys("<ctrl-s>");
    let Some(Overlay::Proof(proof)) = &desk.rig.model.overlay else {
        panic!("{}", desk.rig.text());
    };
    let why = proof.wrong.clone().unwrap_or_default();
    assert!(why.contains(&format!("{id} is not under the cursor")), "{why}");
    assert_eq!(sheet(&desk, id).snapshot.referral().unwrap().version, before);
}

#[test]
fn look_alikes_of_another_are_not_on_offer() {
    let mut desk = open(80, 24);
    waits(&mut desk, |_| ());
    desk.rig.keys("<enter><enter>");
    let id = made(&desk).unwrap().snapshot.referral().unwrap().id;
    waits(&mut desk, |read| {
        read.fields.get_mut(&Field::Dob).unwrap()[0].confidence = 0.2;
    });
    desk.rig.keys("G<enter>1970-05-04<enter>");
    let offered = |desk: &Desk| match &desk.rig.model.overlay {
        Some(Overlay::Proof(proof)) => proof.look_alikes.iter().map(|alike| alike.id).collect::<Vec<_>>(),
        _ => panic!("{}", desk.rig.text()),
    };
    assert_eq!(offered(&desk), [id], "{}", desk.rig.text());
    let Some(Overlay::Proof(proof)) = &mut desk.rig.model.overlay else {
        panic!("the review");
    };
    proof.at = Row::Field(Field::PatientName);
    let asked = unanswered(&mut desk, "Brandt, Otto<enter>");
    assert!(offered(&desk).is_empty(), "they were another's");
    let earlier = Msg::LookAlikes {
        serial: 1,
        result: Ok(vec![refdesk::domain::snapshot::LookAlike {
            id,
            service: String::new(),
            status: Status::Received,
        }]),
    };
    desk.rig.tell(earlier);
    answer(&mut desk, asked);
    assert!(offered(&desk).is_empty());
}

#[test]
fn whoever_went_on_is_not_interrupted() {
    let mut desk = open(80, 24);
    let id = desk.rig.model.board.cursor.unwrap();
    // The answer to a find comes after a note was begun.
    let other = desk.rig.model.board.rows[2].queue.id;
    desk.rig.keys(&format!("/{other}"));
    let asked = unanswered(&mut desk, "<enter>");
    desk.rig.keys("nhello");
    answer(&mut desk, asked);
    let Some(Overlay::Form(form)) = &desk.rig.model.overlay else {
        panic!("{}", desk.rig.text());
    };
    assert_eq!(
        (form.value("text").as_str(), desk.rig.model.board.cursor),
        ("hello", Some(id))
    );
    assert!(said(&desk).contains("something else is open"), "{}", said(&desk));
    desk.rig.keys("<ctrl-x>");
    // And what a document is put with, after the reason why it is set aside was begun.
    desk.rig.keys(&format!("IA{id}"));
    let asked = unanswered(&mut desk, "<enter>");
    desk.rig.keys("djunk");
    answer(&mut desk, asked);
    assert!(desk.rig.text().contains("Set aside") && desk.rig.text().contains("junk"));
}

#[test]
fn keys_that_wait_for_one_referral_end_when_another_is_opened() {
    let mut desk = open(80, 24);
    let asked = unanswered(&mut desk, "jep");
    assert!(desk.rig.model.waiting.is_some());
    let other = desk.rig.model.board.rows[4].queue.id;
    desk.rig.model.jump = Some(other);
    answer(&mut desk, vec![Effect::Sheet(other)]);
    assert_eq!(desk.rig.model.board.cursor, Some(other));
    assert!(desk.rig.model.waiting.is_none() && said(&desk).contains("nothing was begun"));
    answer(&mut desk, asked);
    desk.rig.keys("a");
    assert_eq!(status(&desk, other), Status::Accepted, "keys act again");
}

#[test]
fn the_wheel_never_chooses() {
    let mut desk = open(80, 24);
    desk.rig.keys("Nzapata, luz<tab><enter><enter>cardio<tab>");
    let before = desk.rig.text();
    desk.rig.tell(Msg::Mouse(Mouse::Wheel(1, 20, 10)));
    assert_eq!(desk.rig.text(), before);
}

#[test]
fn the_past_is_named_by_its_day_where_it_is_read_out() {
    use refdesk::config::screen::Mode;
    let mut desk = crate::clinic::open_with(80, 24, |settings| settings.screen.mode = Mode::Linear);
    let mut speaker = refdesk::tui::linear::Speaker::default();
    desk.rig.keys("@fri 10:30<enter>");
    let heard = speaker.say(&desk.rig.model);
    assert!(heard.contains("as of Fri 20 Nov 10:30, to read alone"), "{heard}");
    // From there to another, the day is not that of the first.
    desk.rig.keys("@thu 10:30<enter>");
    let heard = speaker.say(&desk.rig.model);
    assert!(
        heard.contains("as of Thu 19 Nov 10:30: nothing can be changed"),
        "{heard}"
    );
}

#[test]
fn a_step_taken_back_stays_the_one_that_is_chosen() {
    let mut desk = open(120, 40);
    desk.rig.keys("a");
    let id = desk.rig.model.board.order().next().unwrap();
    let note = Command::AddNote {
        referral: id,
        text: "mine".into(),
    };
    let mut other = neighbour(&desk);
    other.execute(&by("Tom", note.clone()), desk.rig.now).unwrap();
    desk.rig.now += Span::seconds(1);
    desk.rig.keys("U<shift-tab>");
    let chosen = |desk: &Desk| match &desk.rig.model.overlay {
        Some(Overlay::History(history)) => history.current().unwrap().clone(),
        _ => panic!("{}", desk.rig.text()),
    };
    desk.rig.keys("j");
    let step = chosen(&desk);
    assert_eq!((step.actor.as_str(), step.command.as_str()), ("Maria", "accept"));
    // Another step comes on top with every key.
    desk.rig.keys("u");
    assert_eq!(chosen(&desk).action, step.action);
    desk.rig.keys("u");
    assert_eq!(
        chosen(&desk).action,
        step.action,
        "that does it again, and nothing of Tom's is touched"
    );
    assert_eq!(sheet(&desk, id).snapshot.notes.len(), 1);
}

#[test]
fn a_copy_of_many_rows_says_how_many_there_was_room_for() {
    let mut desk = open(80, 24);
    crate::clinic::crowd(&desk, 200);
    desk.rig.keys("9");
    desk.rig.keys(&" ".repeat(150));
    desk.rig.keys("Y/rows<enter>");
    let Some(Effect::Copy(text)) = desk.rig.asked.last() else {
        panic!("a copy");
    };
    let (some, all) = (text.lines().count(), desk.rig.model.board.marks.len());
    assert!(
        some < all && text.lines().all(|line| line.split('\t').count() == 6),
        "{some} of {all}"
    );
    assert!(
        said(&desk).starts_with(&format!("copied: the rows, the first {some} of {all}")),
        "{}",
        said(&desk)
    );
    assert_eq!(
        desk.rig.model.place.clone(),
        Place::of(refdesk::config::screen::Tab::Open)
    );
}
