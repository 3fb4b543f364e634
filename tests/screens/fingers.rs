//! Under the fingers: the clinic's own keys, other keyboards, the mouse, the clipboard, and what is kept of what was typed.

use crate::clinic::{Desk, by, click, neighbour, open};
use refdesk::domain::command::Command;
use refdesk::domain::id::ReferralId;
use refdesk::domain::status::Status;
use refdesk::tui::keep::{Kept, capture};
use refdesk::tui::keymap;
use refdesk::tui::model::{Overlay, Pane, Place};
use refdesk::tui::msg::{Effect, Mouse, Msg};
use refdesk::tui::rig::Rig;
use refdesk::tui::settings::AfterAction;

/// The same clinic, opened again by the same person.
fn reopened(desk: Desk, kept: Kept) -> Desk {
    let Desk { rig, dir } = desk;
    let (settings, now, size) = (rig.model.settings.clone(), rig.now, rig.model.size);
    Desk {
        rig: Rig::reopen(rig.desk, settings, now, size, kept),
        dir,
    }
}

/// What is kept, once it was written and read.
fn through_json(kept: &Kept) -> Kept {
    let spot = serde_json::to_string(&kept.spot).unwrap();
    let typed = serde_json::to_string(&kept.typed).unwrap();
    Kept {
        spot: serde_json::from_str(&spot).unwrap(),
        typed: serde_json::from_str(&typed).unwrap(),
    }
}

fn notes(desk: &Desk, id: ReferralId) -> Vec<String> {
    let sheet = desk.rig.desk.engine().store().sheet(id, 5).unwrap().unwrap();
    sheet
        .snapshot
        .notes
        .iter()
        .map(|note| note.text.clone())
        .collect()
}

#[test]
fn configured_keys_act_and_are_shown_wherever_a_key_is() {
    let mut desk = open(120, 40);
    let id = desk.rig.model.board.cursor.unwrap();
    let keys = [
        ("accept", &["f2", "Z a"][..]),
        ("undo", &["f3"]),
        ("note", &[]),
        ("reopen", &["S"]),
    ];
    let written = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
    let settings = keys
        .iter()
        .map(|(id, keys)| ((*id).to_owned(), written(keys)))
        .collect();
    let (map, faults) = keymap::read(&settings);
    assert_eq!(faults, []);
    desk.rig.model.settings.keymap = map;
    let footer = desk.rig.text();
    assert!(
        footer.contains(" f2 accept ") && !footer.contains(" n note"),
        "{footer}"
    );
    desk.rig.keys("?");
    let help = desk.rig.text();
    assert!(help.contains("f2 or Z a "), "{help}");
    desk.rig.keys("q:accept");
    assert!(desk.rig.text().contains("f2 or Z a "));
    desk.rig.keys("<esc>Z");
    assert!(desk.rig.text().contains("Z …"));
    desk.rig.keys("a");
    let status = |desk: &crate::clinic::Desk| {
        let sheet = desk.rig.desk.engine().store().sheet(id, 5).unwrap().unwrap();
        sheet.snapshot.referral().unwrap().status
    };
    assert_eq!(status(&desk), Status::Accepted);
    assert!(desk.rig.text().contains("f3 undoes"));
    desk.rig.keys("<f3>");
    assert_eq!(status(&desk), Status::Received);
    // Sentences name the configured key as well.
    desk.rig.keys("Cd");
    assert!(!desk.rig.text().contains("reopen it first with o"));
}

#[test]
fn a_cyrillic_keyboard_commands_by_place_and_types_its_own_letters() {
    let mut desk = open(80, 24);
    let id = desk.rig.model.board.cursor.unwrap();
    // т is n: a note, in which т is т; then ф is a: accepted.
    desk.rig.keys("ттут<enter>");
    let sheet = desk.rig.desk.engine().store().sheet(id, 5).unwrap().unwrap();
    assert_eq!(sheet.snapshot.notes[0].text, "тут");
    desk.rig.keys("ф");
    let sheet = desk.rig.desk.engine().store().sheet(id, 5).unwrap().unwrap();
    assert_eq!(sheet.snapshot.referral().unwrap().status, Status::Accepted);
}

#[test]
fn the_next_start_is_where_the_last_one_ended() {
    let mut desk = open(120, 40);
    desk.rig.keys("9fpriority:routine<enter>jj<enter><ctrl-d>");
    desk.rig.tell(Msg::Mouse(Mouse::Press(64, 10)));
    desk.rig.tell(Msg::Mouse(Mouse::Drag(50, 10)));
    desk.rig.tell(Msg::Mouse(Mouse::Release));
    desk.rig.keys(":notices<enter>q");
    let before = desk.rig.text();
    let kept = through_json(&capture(&desk.rig.model));
    let (cursor, scroll) = (desk.rig.model.board.cursor, desk.rig.model.scroll);
    let mut desk = reopened(desk, kept);
    assert_eq!(desk.rig.text(), before);
    assert_eq!(
        (
            desk.rig.model.board.cursor,
            desk.rig.model.scroll,
            desk.rig.model.share
        ),
        (cursor, scroll, 41)
    );
    desk.rig.keys("j:");
    let screen = desk.rig.text();
    let first = screen.lines().find(|line| line.contains("▸ ctrl-n")).unwrap();
    assert!(first.contains("notices so far"), "{screen}");
}

#[test]
fn a_place_that_is_gone_is_no_obstacle() {
    let mut desk = open(80, 24);
    desk.rig.keys("jj");
    let id = desk.rig.model.board.cursor.unwrap();
    let mut kept = capture(&desk.rig.model);
    kept.spot.query = "prio:nonsense".into();
    let mut other = neighbour(&desk);
    other
        .execute(&by("Tom", Command::Accept { referral: id }), desk.rig.now)
        .unwrap();
    let desk = reopened(desk, kept.clone());
    assert_eq!(desk.rig.model.board.rows.len(), 5, "{}", desk.rig.text());
    kept.spot = refdesk::tui::keep::Spot {
        list: "a list of tomorrow".into(),
        ..Default::default()
    };
    let desk = reopened(desk, kept);
    assert!(desk.rig.model.board.cursor.is_some());
}

#[test]
fn what_was_typed_is_offered_again_at_the_next_start_on_the_same_referral() {
    let mut desk = open(120, 40);
    desk.rig.keys("j");
    let id = desk.rig.model.board.cursor.unwrap();
    // Left with esc: kept. Still open when the program ends: kept as well.
    desk.rig.keys("nleft<esc>jndiscuss with Dr. Chen");
    let other = desk.rig.model.board.cursor.unwrap();
    let kept = through_json(&capture(&desk.rig.model));
    assert_eq!(kept.typed.drafts.len(), 2);
    let mut desk = reopened(desk, kept);
    assert!(
        desk.rig
            .text()
            .contains("what you typed last time is kept: 2 forms · D takes it up")
    );
    assert_eq!(desk.rig.model.board.cursor, Some(other));
    assert!(desk.rig.text().contains("✎ typed and not sent: note · n goes on"));
    desk.rig.keys("n");
    assert!(desk.rig.text().contains("discuss with Dr. Chen▏"));
    desk.rig.keys("<enter>");
    assert_eq!(notes(&desk, other), ["discuss with Dr. Chen"]);
    // The other one from the list of what is kept, wherever its referral stands.
    desk.rig.keys("CD<enter>");
    assert_eq!(desk.rig.model.board.cursor, Some(id));
    assert!(desk.rig.text().contains("left▏"), "{}", desk.rig.text());
    desk.rig.keys("<ctrl-x>");
    assert!(desk.rig.text().contains("thrown away"));
    assert!(capture(&desk.rig.model).typed.is_empty());
    assert_eq!(notes(&desk, id), [""; 0]);
}

#[test]
fn a_referral_being_made_is_taken_up_with_everything_filled_in() {
    let mut desk = open(80, 24);
    desk.rig
        .keys("Nlovelace<enter><tab>Ada<tab>1970-05-04<ctrl-s><enter>echo<tab><tab>");
    desk.rig.keys("palpitations");
    let kept = through_json(&capture(&desk.rig.model));
    let mut desk = reopened(desk, kept);
    assert!(desk.rig.text().contains("a referral being made · D takes it up"));
    desk.rig.keys("D<enter>");
    let screen = desk.rig.text();
    assert!(
        screen.contains("palpitations") && screen.contains("Echo"),
        "{screen}"
    );
    desk.rig.keys("<ctrl-s><enter>");
    let row = desk.rig.model.board.current().unwrap();
    assert_eq!(row.queue.patient, "lovelace, Ada");
    assert!(capture(&desk.rig.model).typed.is_empty());
}

#[test]
fn what_is_kept_can_be_thrown_away_where_it_is_listed() {
    let mut desk = open(80, 24);
    desk.rig
        .keys("nfirst<esc>jnsecond<esc>Nlovelace<enter><tab>Ada<esc><esc>");
    let kept = |desk: &Desk| {
        let typed = capture(&desk.rig.model).typed;
        (typed.drafts.len(), typed.making.len())
    };
    assert_eq!(kept(&desk), (2, 1));
    desk.rig.keys("D2<esc>D<ctrl-x>");
    assert_eq!(kept(&desk), (1, 1), "{}", desk.rig.text());
    desk.rig.keys("<down><ctrl-x>");
    assert_eq!(kept(&desk), (1, 0), "{}", desk.rig.text());
    desk.rig.keys("<ctrl-x>");
    assert_eq!(kept(&desk), (0, 0));
    assert!(desk.rig.model.overlay.is_none());
    // A referral being made goes at once.
    desk.rig.keys("Nlovelace<enter>Ada<ctrl-x>N");
    assert!(!desk.rig.text().contains("lovelace"), "{}", desk.rig.text());
}

#[test]
fn a_refused_note_is_not_lost() {
    let mut desk = open(80, 24);
    let id = desk.rig.model.board.cursor.unwrap();
    desk.rig.keys("d1 in our own words");
    let mut other = neighbour(&desk);
    other
        .execute(&by("Tom", Command::Accept { referral: id }), desk.rig.now)
        .unwrap();
    desk.rig.keys("<enter>");
    assert!(desk.rig.text().contains("! "), "{}", desk.rig.text());
    assert_eq!(capture(&desk.rig.model).typed.drafts.len(), 1);
}

#[test]
fn an_editor_changes_the_text_and_nothing_else() {
    let mut desk = open(80, 24);
    let id = desk.rig.model.board.cursor.unwrap();
    desk.rig.keys("nfirst<ctrl-o>");
    assert!(desk.rig.asked == [Effect::Edit("first".into())]);
    desk.rig.tell(Msg::Edited(Ok(None)));
    assert!(desk.rig.text().contains("first▏"));
    desk.rig.tell(Msg::Edited(Err("the editor ended with 1".into())));
    assert!(desk.rig.text().contains("first▏"));
    desk.rig.tell(Msg::Edited(Ok(Some("first\nsecond".into()))));
    desk.rig.keys("<enter>");
    assert_eq!(notes(&desk, id), ["first\nsecond"]);
}

#[test]
fn a_copy_says_what_it_was_and_names_nobody() {
    let mut desk = open(80, 24);
    let id = desk.rig.model.board.cursor.unwrap();
    desk.rig.keys("Y1Y2");
    desk.rig.keys("Y/row<enter>");
    let copied: Vec<&str> = desk
        .rig
        .asked
        .iter()
        .map(|effect| match effect {
            Effect::Copy(text) => text.as_str(),
            _ => panic!("a copy"),
        })
        .collect();
    assert_eq!(copied[..2], [id.to_string().as_str(), "5550100"]);
    assert!(copied[2].starts_with(&format!("{id}\t")) && copied[2].matches('\t').count() == 5);
    let family = copied[2].split(['\t', ',']).nth(1).unwrap().to_owned();
    let said: Vec<String> = desk
        .rig
        .model
        .notices
        .history()
        .map(|notice| notice.text.clone())
        .collect();
    assert_eq!(
        said[..3],
        [
            "copied: the row",
            "copied: the patient's phone",
            "copied: the referral id"
        ]
    );
    assert!(!said.iter().any(|text| text.contains(&family)));
    // Of those marked, all.
    desk.rig.keys("  Y1");
    assert!(matches!(desk.rig.asked.last(), Some(Effect::Copy(text)) if text.lines().count() == 2));
}

#[test]
fn the_mouse_does_what_it_points_at() {
    let mut desk = open(120, 40);
    let rows: Vec<_> = desk.rig.model.board.rows.iter().map(|row| row.queue.id).collect();
    click(&mut desk, &rows[2].to_string());
    assert_eq!(desk.rig.model.board.cursor, Some(rows[2]));
    // A hint of the footer, then a choice of the form, which goes on to the next field.
    click(&mut desk, " d decline");
    click(&mut desk, "2 ○ ");
    let Some(Overlay::Form(form)) = &desk.rig.model.overlay else {
        panic!("the form of a decline");
    };
    assert!(!form.value("reason").is_empty() && form.focus == 1);
    desk.rig.keys("<ctrl-x>");
    // A line of the palette, and one of a find.
    desk.rig.keys(":intake:");
    click(&mut desk, "Intake: documents");
    assert_eq!(desk.rig.model.place, Place::Intake);
    click(&mut desk, " / find");
    desk.rig.keys("smith");
    click(&mut desk, "Smith, John");
    assert!(
        desk.rig
            .model
            .board
            .current()
            .unwrap()
            .queue
            .patient
            .contains("John")
    );
    // A question.
    desk.rig.keys("1  a");
    click(&mut desk, "n no");
    assert!(desk.rig.text().contains("nothing was done"));
}

#[test]
fn the_divider_is_dragged_within_reason() {
    let mut desk = open(120, 40);
    let divider = |desk: &Desk| {
        desk.rig.text().lines().nth(10).unwrap().find('│').map(|_| {
            let line = desk.rig.text();
            let line = line.lines().nth(10).unwrap().to_owned();
            refdesk::tui::width::columns(&line[..line.find('│').unwrap()])
        })
    };
    let at = u16::try_from(divider(&desk).unwrap()).unwrap();
    for (to, expected) in [(80, 79), (5, 24), (119, 96)] {
        let now = u16::try_from(divider(&desk).unwrap()).unwrap();
        desk.rig.tell(Msg::Mouse(Mouse::Press(now, 10)));
        desk.rig.tell(Msg::Mouse(Mouse::Drag(to, 12)));
        desk.rig.tell(Msg::Mouse(Mouse::Release));
        assert_eq!(divider(&desk), Some(expected), "from {at} to {to}");
    }
    // A drag that began elsewhere moves nothing.
    desk.rig.tell(Msg::Mouse(Mouse::Press(10, 10)));
    desk.rig.tell(Msg::Mouse(Mouse::Drag(60, 10)));
    assert_eq!(divider(&desk), Some(96));
    assert_eq!(desk.rig.model.pane, Pane::List);
}

#[test]
fn the_palette_says_what_the_decision_would() {
    let mut desk = open(120, 40);
    // A visit of the day after tomorrow did not take place yet: only the decision knows.
    desk.rig.keys("5:took place");
    let screen = desk.rig.text();
    let line = screen
        .lines()
        .find(|line| line.contains("the visit took place"))
        .unwrap();
    assert!(line.contains("the visit took place  – "), "{screen}");
    assert!(screen.contains("not now: "), "{screen}");
}

#[test]
fn the_history_shows_who_did_what_and_takes_a_chosen_step_back() {
    let mut desk = open(120, 40);
    let id = desk.rig.model.board.cursor.unwrap();
    let status = |desk: &Desk| {
        let sheet = desk.rig.desk.engine().store().sheet(id, 5).unwrap().unwrap();
        sheet.snapshot.referral().unwrap().status
    };
    desk.rig.model.settings.after = AfterAction::Stay;
    desk.rig.keys("a");
    let mut other = neighbour(&desk);
    let note = Command::AddNote {
        referral: id,
        text: "called twice".into(),
    };
    other.execute(&by("Tom", note), desk.rig.now).unwrap();
    desk.rig.keys("U");
    let own = desk.rig.text();
    assert!(own.contains("What Maria did") && !own.contains("Tom"), "{own}");
    desk.rig.keys("<tab>");
    let screen = desk.rig.text();
    assert!(screen.contains(&format!("What was done with {id}")), "{screen}");
    assert!(screen.contains("accept: received → accepted"), "{screen}");
    assert!(screen.contains("Tom") && screen.contains("add note"), "{screen}");
    // Somebody else's step, and nothing of one's own with it.
    assert_eq!(notes(&desk, id), ["called twice"]);
    desk.rig.keys("<enter>");
    assert_eq!(notes(&desk, id), [""; 0]);
    let screen = desk.rig.text();
    assert!(screen.contains("↩ taken back by"), "{screen}");
    // The line stays under the cursor, though another stands above it now: once more does it again.
    assert!(
        desk.rig.text().contains("enter does it again"),
        "{}",
        desk.rig.text()
    );
    desk.rig.keys("<enter>");
    assert_eq!(notes(&desk, id), ["called twice"]);
    assert_eq!(status(&desk), Status::Accepted);
    desk.rig.keys("<esc>");
    // What came in is never taken away: it says so before it is tried.
    desk.rig.keys("U<tab>G");
    assert!(
        desk.rig
            .text()
            .contains("not now: a referral that came in is never taken away"),
        "{}",
        desk.rig.text()
    );
}

#[test]
fn what_stands_in_the_way_of_an_undo_is_named() {
    let desk = open(80, 24);
    let id = desk.rig.model.board.rows[0].queue.id;
    let mut engine = neighbour(&desk);
    let now = desk.rig.now;
    let accept = engine
        .execute(&by("Tom", Command::Accept { referral: id }), now)
        .unwrap();
    let waitlist = Command::Waitlist {
        referral: id,
        reason: "no slot".into(),
    };
    let later = engine.execute(&by("Priya", waitlist), now).unwrap();
    let tom = by("Tom", Command::Accept { referral: id }).actor;
    let why = engine
        .may_take_back(&tom, accept.action, now)
        .unwrap_err()
        .to_string();
    let named = format!("step {} (waitlist by Priya) stands in the way", later.action);
    assert!(why.contains(&named), "{why}");
    engine.take_back_one(&tom, later.action, now).unwrap();
    assert!(engine.may_take_back(&tom, accept.action, now).is_ok());
}
