//! What must hold whatever is pressed: the cursor stays on its referral, marks are ids, paste is text, undo undoes.

use crate::clinic::{by, crowd, neighbour, open};
use refdesk::domain::command::Command;
use refdesk::domain::lists::List;
use refdesk::domain::priority::Priority;
use refdesk::domain::query::Query;
use refdesk::domain::status::Status;
use refdesk::domain::time::Span;
use refdesk::store::board::{Anchor, Shelf};
use refdesk::tui::action::TABLE;
use refdesk::tui::board::Sign;
use refdesk::tui::model::Pane;
use refdesk::tui::msg::{Mouse, Msg};
use refdesk::tui::settings::AfterAction;
use refdesk::tui::worker::Desk as _;

#[test]
fn a_neighbours_change_is_counted_and_nothing_moves() {
    let mut desk = open(120, 40);
    desk.rig.keys("jj");
    let before: Vec<_> = desk.rig.model.board.order().collect();
    let cursor = desk.rig.model.board.cursor;
    let gone = *before.last().unwrap();
    let mut other = neighbour(&desk);
    other
        .execute(&by("Tom", Command::Accept { referral: gone }), desk.rig.now)
        .unwrap();
    desk.rig.tell(Msg::Changed);
    assert_eq!(desk.rig.model.board.order().collect::<Vec<_>>(), before);
    assert_eq!(desk.rig.model.board.cursor, cursor);
    assert_eq!(desk.rig.model.board.changed, 1);
    assert!(desk.rig.text().contains("1 changed · g"));
    desk.rig.keys("g");
    assert_eq!(desk.rig.model.board.cursor, cursor);
    assert!(!desk.rig.model.board.order().any(|id| id == gone));
    assert_eq!(desk.rig.model.board.changed, 0);
}

#[test]
fn when_the_row_under_the_cursor_is_gone_the_nearest_is_next() {
    let mut desk = open(80, 24);
    desk.rig.keys("jj");
    let gone = desk.rig.model.board.cursor.unwrap();
    let below = desk.rig.model.board.rows[3].queue.id;
    let mut other = neighbour(&desk);
    let accept = by("Tom", Command::Accept { referral: gone });
    other.execute(&accept, desk.rig.now).unwrap();
    desk.rig.tell(Msg::Changed);
    assert_eq!(desk.rig.model.board.cursor, Some(gone));
    assert_eq!(desk.rig.model.board.current().unwrap().sign, Sign::Changed);
    desk.rig.keys("g");
    assert_eq!(desk.rig.model.board.cursor, Some(below));
}

#[test]
fn a_stale_row_is_refused_and_says_so() {
    let mut desk = open(80, 24);
    let id = desk.rig.model.board.cursor.unwrap();
    let mut other = neighbour(&desk);
    other
        .execute(
            &by(
                "Tom",
                Command::AddNote {
                    referral: id,
                    text: "mine".into(),
                },
            ),
            desk.rig.now,
        )
        .unwrap();
    desk.rig.keys("a");
    let sheet = desk.rig.desk.engine().store().sheet(id, 5).unwrap().unwrap();
    assert_eq!(sheet.snapshot.referral().unwrap().status, Status::Received);
    assert!(
        desk.rig.text().contains("changed since it was read"),
        "{}",
        desk.rig.text()
    );
    // It was read afresh, and the cursor is back on it: the same key now means what was seen.
    assert_eq!(desk.rig.model.board.cursor, Some(id));
    desk.rig.keys("a");
    let sheet = desk.rig.desk.engine().store().sheet(id, 5).unwrap().unwrap();
    assert_eq!(sheet.snapshot.referral().unwrap().status, Status::Accepted);
}

#[test]
fn an_emergency_that_was_called_stays_in_the_fence_under_the_cursor() {
    let mut desk = open(80, 24);
    desk.rig.keys("!c1");
    let row = desk.rig.model.board.current().unwrap();
    assert_eq!(row.queue.priority, Priority::Stat);
    assert!(row.queue.acknowledged_at.is_some());
    assert_eq!(desk.rig.model.board.fence.len(), 1);
}

/// Keys at random, at sizes at random: nothing panics, nothing falls through.
#[test]
fn a_cat_on_the_keyboard_breaks_nothing() {
    const KEYS: [&str; 24] = [
        "<enter>",
        "<enter>",
        "<esc>",
        "<tab>",
        "<shift-tab>",
        "<up>",
        "<down>",
        "<left>",
        "<home>",
        "<end>",
        "<pagedown>",
        "<pageup>",
        "<backspace>",
        "<ctrl-u>",
        "<ctrl-s>",
        "<ctrl-p>",
        "<ctrl-r>",
        "<space>",
        "u",
        "g",
        "N",
        "I",
        "/",
        "y",
    ];
    const SIZES: [(u16, u16); 5] = [(80, 24), (120, 40), (60, 15), (200, 60), (1, 1)];
    for seed in 0..4 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut desk = open(80, 24);
        for _ in 0..500 {
            let key = match random.u8(0..10) {
                0..4 => KEYS[random.usize(0..KEYS.len())].to_owned(),
                _ => char::from(random.u8(b'!'..=b'~')).to_string(),
            };
            desk.rig.keys(&key);
            if random.u8(0..20) == 0 {
                let (width, height) = SIZES[random.usize(0..SIZES.len())];
                desk.rig.tell(Msg::Resize(width, height));
            }
            if random.u8(0..20) == 0 {
                desk.rig.tell(Msg::Changed);
            }
            desk.rig.text();
        }
        let counts = &desk.rig.model.counts;
        assert_eq!(counts.open, counts.in_lists());
    }
}

#[test]
fn after_an_action_the_cursor_is_on_the_next_referral() {
    let mut desk = open(80, 24);
    let order: Vec<_> = desk.rig.model.board.order().collect();
    desk.rig.keys("a");
    assert_eq!(desk.rig.model.board.cursor, order.get(2).copied());
}

#[test]
fn undo_brings_it_back_and_redo_takes_it_again() {
    let mut desk = open(80, 24);
    let id = desk.rig.model.board.cursor.unwrap();
    desk.rig.keys("au");
    assert_eq!(desk.rig.model.board.cursor, Some(id));
    assert_eq!(
        desk.rig.model.board.current().unwrap().queue.status,
        Status::Received
    );
    desk.rig.keys("<ctrl-r>");
    let sheet = desk.rig.desk.engine().store().sheet(id, 5).unwrap().unwrap();
    assert_eq!(sheet.snapshot.referral().unwrap().status, Status::Accepted);
}

#[test]
fn marks_are_ids_and_emergencies_are_left_out_of_bulk_endings() {
    let mut desk = open(80, 24);
    desk.rig.keys("K  ");
    assert_eq!(desk.rig.model.board.marks.len(), 2);
    let marked: Vec<_> = desk
        .rig
        .model
        .board
        .marks
        .values()
        .map(|row| (row.id, row.priority))
        .collect();
    desk.rig.keys(" d1<enter>");
    desk.rig.keys("y");
    for (id, priority) in marked {
        let sheet = desk.rig.desk.engine().store().sheet(id, 5).unwrap().unwrap();
        let declined = sheet.snapshot.referral().unwrap().status == Status::Declined;
        assert_eq!(declined, priority != Priority::Stat, "{id}");
    }
}

#[test]
fn paste_is_text_and_never_keys() {
    let mut desk = open(80, 24);
    let id = desk.rig.model.board.cursor.unwrap();
    desk.rig.tell(Msg::Paste("aaadq".into()));
    let sheet = desk.rig.desk.engine().store().sheet(id, 5).unwrap().unwrap();
    assert_eq!(sheet.snapshot.referral().unwrap().status, Status::Received);
    assert!(!desk.rig.model.quit);
    desk.rig.keys("n");
    desk.rig.tell(Msg::Paste("line one\nline two\u{1b}[2J".into()));
    desk.rig.keys("<enter>");
    let sheet = desk.rig.desk.engine().store().sheet(id, 5).unwrap().unwrap();
    assert!(
        sheet
            .snapshot
            .notes
            .iter()
            .any(|note| note.text.contains("line two") && !note.text.contains('\u{1b}'))
    );
}

#[test]
fn a_window_that_is_too_small_only_quits() {
    let mut desk = open(59, 24);
    let id = desk.rig.model.board.cursor.unwrap();
    desk.rig.keys("ad1<enter>");
    let sheet = desk.rig.desk.engine().store().sheet(id, 5).unwrap().unwrap();
    assert_eq!(sheet.snapshot.referral().unwrap().status, Status::Received);
    desk.rig.keys("q");
    assert!(desk.rig.model.quit);
}

#[test]
fn quitting_asks_only_where_something_would_be_lost() {
    let mut desk = open(80, 24);
    desk.rig.keys("nhello<esc>q");
    assert!(!desk.rig.model.quit);
    desk.rig.keys("n");
    assert!(!desk.rig.model.quit);
    desk.rig.keys("n");
    assert!(desk.rig.text().contains("hello"));
    desk.rig.keys("<enter>q");
    assert!(desk.rig.model.quit);
}

#[test]
fn every_action_stands_in_the_help() {
    let mut desk = open(200, 60);
    desk.rig.keys("?");
    let mut seen = String::new();
    for _ in 0..12 {
        seen.push_str(&desk.rig.text());
        desk.rig.keys("<pagedown>");
    }
    for entry in TABLE {
        assert!(seen.contains(entry.title), "{}", entry.id);
    }
}

#[test]
fn nothing_is_drawn_when_nothing_changed() {
    let mut desk = open(80, 24);
    desk.rig.model.dirty = false;
    desk.rig.now += Span::seconds(20);
    desk.rig.tell(Msg::Wake);
    assert!(!desk.rig.model.dirty);
    desk.rig.now += Span::seconds(60);
    desk.rig.tell(Msg::Wake);
    assert!(desk.rig.model.dirty, "the clock on the screen turned");
}

#[test]
fn a_referral_is_made_by_hand_and_shown() {
    let mut desk = open(80, 24);
    let open_before = desk.rig.model.counts.open;
    desk.rig.keys("NZapata, Luz<tab>");
    desk.rig.keys("<enter>");
    desk.rig.keys("<enter>");
    desk.rig.keys("cardio<enter>");
    desk.rig.keys("<enter>");
    assert_eq!(desk.rig.model.counts.open, open_before + 1, "{}", desk.rig.text());
    assert!(
        desk.rig
            .model
            .board
            .current()
            .unwrap()
            .queue
            .patient
            .starts_with("Zapata")
    );
}

#[test]
fn a_document_of_intake_becomes_a_referral() {
    let mut desk = open(120, 40);
    desk.rig.keys("I");
    assert!(desk.rig.text().contains("palpitations"), "{}", desk.rig.text());
    desk.rig.keys("a");
    // Nobody by that name yet: the patient is new, the provider not named, the service chosen.
    desk.rig.keys("<enter><enter>");
    desk.rig.keys("<enter>");
    desk.rig.keys("cardio<enter><enter>");
    assert_eq!(desk.rig.model.counts.intake, 0, "{}", desk.rig.text());
}

#[test]
fn a_document_of_intake_goes_to_the_referral_that_waits_for_it() {
    let mut desk = open(80, 24);
    desk.rig.keys("2");
    let id = desk.rig.model.board.cursor.unwrap();
    let missing = desk.rig.model.board.current().unwrap().queue.missing;
    desk.rig.keys(&format!("IA{id}<enter>"));
    assert!(desk.rig.text().contains("ECG"), "{}", desk.rig.text());
    desk.rig.keys("1<enter>");
    assert_eq!(desk.rig.model.counts.intake, 0, "{}", desk.rig.text());
    let sheet = desk.rig.desk.engine().store().sheet(id, 5).unwrap().unwrap();
    assert_eq!(
        sheet.snapshot.referral().unwrap().missing.len(),
        missing as usize - 1
    );
    assert_eq!(sheet.snapshot.documents.len(), 1);
}

#[test]
fn the_mouse_puts_the_cursor_and_turns_the_lists() {
    let mut desk = open(80, 24);
    let third = desk.rig.model.board.rows[2].queue.id;
    let area = refdesk::tui::layout::regions(&desk.rig.model).rows;
    desk.rig.tell(Msg::Mouse(Mouse::Press(10, area.y + 2)));
    assert_eq!(desk.rig.model.board.cursor, Some(third));
    desk.rig.tell(Msg::Mouse(Mouse::Press(10, area.y + 2)));
    assert_eq!(desk.rig.model.pane, Pane::Detail, "a second click opens");
    let tab = refdesk::tui::layout::tabs(&desk.rig.model)
        .into_iter()
        .find(|tab| tab.text.contains("Scheduled"));
    let tab = tab.unwrap();
    desk.rig.tell(Msg::Mouse(Mouse::Press(tab.x + 2, tab.y)));
    assert!(desk.rig.text().contains("[Scheduled 1]"));
}

#[test]
fn the_cursor_follows_or_stays_where_the_clinic_says_so() {
    let mut desk = open(80, 24);
    let id = desk.rig.model.board.cursor.unwrap();
    desk.rig.model.settings.after = AfterAction::Follow;
    desk.rig.keys("a");
    assert_eq!(desk.rig.model.board.cursor, Some(id));
    assert!(desk.rig.text().contains("[To schedule 2]"), "{}", desk.rig.text());
    desk.rig.model.settings.after = AfterAction::Stay;
    desk.rig.keys("1a");
    let stays = desk.rig.model.board.current().unwrap();
    assert_eq!(stays.sign, Sign::Left);
    let left = stays.queue.id;
    desk.rig.keys("j");
    assert!(
        desk.rig.model.board.row(left).is_none(),
        "it goes when the cursor leaves"
    );
}

#[test]
fn a_long_list_is_walked_without_gaps_and_held_in_part() {
    let mut desk = open(80, 24);
    crowd(&desk, 200);
    desk.rig.keys("1");
    let policy = desk.rig.desk.engine().policy().clone();
    let shelf = Shelf::List(List::Review);
    let all = Query::default();
    let store = desk.rig.desk.engine().store();
    let window = store
        .window(
            shelf,
            &all,
            Anchor::Start,
            1000,
            desk.rig.now,
            &policy.score_targets,
        )
        .unwrap();
    let all: Vec<_> = window.rows.iter().map(|row| row.id).collect();
    assert!(all.len() > 200);
    let mut walked = vec![desk.rig.model.board.cursor.unwrap()];
    let mut held = 0;
    for _ in 1..all.len() {
        desk.rig.keys("j");
        walked.push(desk.rig.model.board.cursor.unwrap());
        held = held.max(desk.rig.model.board.rows.len());
    }
    assert_eq!(walked, all);
    assert!(held < 120, "{held} rows held");
    for expected in all.iter().rev().skip(1) {
        desk.rig.keys("k");
        assert_eq!(desk.rig.model.board.cursor, Some(*expected));
    }
    desk.rig.keys("G");
    assert_eq!(desk.rig.model.board.cursor, all.last().copied());
    desk.rig.keys("<pageup><pageup><pageup><pageup><pageup><pageup>");
    desk.rig.keys("<home>");
    assert_eq!(desk.rig.model.board.cursor, all.first().copied());
}

/// Every key, in the past: nothing reaches the log, and esc leads back to the list that stands now.
#[test]
fn no_key_changes_anything_in_the_past() {
    use refdesk::store::log;
    let mut desk = open(120, 40);
    let before: Vec<_> = desk.rig.model.board.order().collect();
    let head = log::head(desk.rig.desk.engine().store().connection()).unwrap();
    for entry in TABLE
        .iter()
        .filter(|entry| entry.id != "quit" && entry.id != "back")
    {
        if desk.rig.model.past.is_none() {
            desk.rig.keys("@fri 10:30<enter>");
        }
        assert!(desk.rig.model.past.is_some(), "before {}", entry.id);
        let keys = entry.keys[0].split(' ');
        let keys: String = keys
            .map(|key| {
                if key.chars().count() == 1 {
                    key.to_owned()
                } else {
                    format!("<{key}>")
                }
            })
            .collect();
        // Whatever asks for something gets a digit, and is sent.
        desk.rig.keys(&keys);
        desk.rig.keys("1<enter><ctrl-s><esc><esc>");
        let now = log::head(desk.rig.desk.engine().store().connection()).unwrap();
        assert_eq!(now, head, "{} wrote something", entry.id);
        desk.rig.model.overlay = None;
        desk.rig.model.kept.clear();
    }
    let written =
        |desk: &crate::clinic::Desk| log::head(desk.rig.desk.engine().store().connection()).unwrap();
    // From a find a referral is begun: not here.
    desk.rig.model.pane = Pane::List;
    desk.rig.keys("<esc><esc><esc>@fri 10:30<enter>/smith, jane<tab>");
    assert!(desk.rig.model.overlay.is_none() && desk.rig.model.past.is_some());
    assert!(
        desk.rig.text().contains("nothing can be changed"),
        "{}",
        desk.rig.text()
    );
    desk.rig.keys("<enter><enter>cardio<enter><enter><ctrl-s>");
    assert_eq!(written(&desk), head);
    // Whatever got through, the desk behind the screen refuses.
    let id = before[0];
    let accept = by("Maria", Command::Accept { referral: id });
    let (now, who) = (desk.rig.now, accept.actor.clone());
    assert!(desk.rig.desk.execute(vec![accept], now)[0].is_err());
    assert!(desk.rig.desk.undo(&who, now).is_err() && desk.rig.desk.redo(&who, now).is_err());
    assert!(desk.rig.desk.take_back(&who, 1, now).is_err());
    assert_eq!(written(&desk), head);
    // On the way there, the mouse does nothing either.
    desk.rig.keys("<esc><esc><esc>1");
    assert!(desk.rig.model.past.is_none());
    desk.rig.model.journey = Some(refdesk::tui::model::Journey {
        to: desk.rig.now,
        done: 1,
        total: 9,
    });
    crate::clinic::click(&mut desk, " a accept");
    assert_eq!(written(&desk), head);
    desk.rig.model.journey = None;
    desk.rig.model.pane = Pane::List;
    desk.rig.keys("<esc><esc><esc><esc>1");
    assert!(desk.rig.model.past.is_none());
    assert_eq!(desk.rig.model.now, desk.rig.now);
    assert_eq!(desk.rig.model.board.order().collect::<Vec<_>>(), before);
}

#[test]
fn a_line_of_the_handover_opens_its_referral() {
    use refdesk::tui::page::Content;
    let mut desk = open(120, 40);
    desk.rig.model.settings.left = Some(desk.rig.now - Span::days(4));
    let mut other = neighbour(&desk);
    let mine = desk.rig.model.board.rows[2].queue.id;
    let assign = Command::Assign {
        referral: mine,
        owner: refdesk::domain::referral::Owner::Person("Maria".into()),
    };
    other.execute(&by("Maria", assign), desk.rig.now).unwrap();
    let note = Command::AddNote {
        referral: mine,
        text: "from the other desk".into(),
    };
    other.execute(&by("Tom", note), desk.rig.now).unwrap();
    desk.rig.keys("H");
    let Some(refdesk::tui::model::Overlay::Page(page)) = &desk.rig.model.overlay else {
        panic!("no page");
    };
    let Content::Handover(handover) = &page.content else {
        panic!("no handover");
    };
    let of = |part: &str| {
        let found = handover.parts.iter().find(|(each, ..)| each.code() == part);
        found.map(|(_, lines, _)| lines.clone()).unwrap_or_default()
    };
    let told = of("mine");
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0].referral, told[0].by.as_str(), told[0].says.as_str()),
        (mine, "Tom", "note")
    );
    assert_eq!(of("emergencies").len(), 1);
    assert!(of("new").len() >= 4, "{}", of("new").len());
    let at = page.leads().iter().position(|id| *id == mine).unwrap();
    desk.rig.keys(&"j".repeat(at));
    desk.rig.keys("<enter>");
    assert_eq!(desk.rig.model.board.cursor, Some(mine));
    assert!(desk.rig.model.overlay.is_none());
}

#[test]
fn a_look_alike_is_shown_before_anything_is_made_and_can_be_taken_instead() {
    // Jane Smith is typed in anew, with the name and day under which she is known already.
    let typed = "Nsmith, jane<tab>";
    let mut desk = open(80, 24);
    desk.rig.keys(typed);
    let before = desk.rig.model.counts.open;
    let refdesk::tui::model::Overlay::Create(create) = desk.rig.model.overlay.as_mut().unwrap() else {
        panic!("nothing is being made");
    };
    let form = create.form.as_mut().unwrap();
    form.set("family", "Smith");
    form.set("given", "Jane");
    form.set("dob", "1988-08-08");
    desk.rig.keys("<enter><enter>cardiology<ctrl-s>");
    let text = desk.rig.text();
    assert!(text.contains("! Looks like R-10004-Z"), "{text}");
    desk.rig.keys("l");
    assert!(desk.rig.text().contains("in place of"), "{}", desk.rig.text());
    desk.rig.keys("1");
    assert_eq!(desk.rig.model.counts.open, before, "nothing was made");
    assert_eq!(desk.rig.model.board.cursor.unwrap().to_string(), "R-10004-Z");
    assert_eq!(desk.rig.model.making.len(), 1, "what was typed is kept");
}

#[test]
fn the_rules_say_what_they_would_do_with_the_referral_and_why_not() {
    let mut desk = open(80, 24);
    let rules = r#"
        [[rules]]
        name = "late"
        when = "target-missed/decide"
        then = { queue = "manager", task = "Decide today", due = "4 bh" }
        [[rules]]
        name = "children"
        when = "received"
        if = "template:cardiology age:<18"
        then = { priority = "urgent" }
        [[rules]]
        name = "wait"
        when = "status-changed"
        then = { stage = "waitlisted" }
    "#;
    let config = refdesk::config::Config::from_text(rules, std::path::Path::new("config.toml")).unwrap();
    desk.rig.model.settings.policy = std::sync::Arc::new(config.policy());
    desk.rig.keys("jb");
    insta::with_settings!({snapshot_path => "golden", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("rules_of_a_referral-80x24", desk.rig.text());
    });
    desk.rig.keys("<esc>");
    assert!(desk.rig.model.overlay.is_none());
}

#[test]
fn whether_two_are_one_is_seen_side_by_side_and_answered_by_one_key() {
    let mut desk = open(100, 40);
    let store = |desk: &crate::clinic::Desk| neighbour(desk);
    // Somebody comes in under another family name, with all else alike.
    crowd(&desk, 1);
    desk.rig.tell(Msg::Changed);
    desk.rig.keys("/crowd<enter><enter>");
    let id = desk.rig.model.board.cursor.unwrap();
    let own = store(&desk).store().sheet(id, 0).unwrap().unwrap();
    let (patient, asked) = (
        own.snapshot.referral().unwrap().patient,
        own.questions[0].patient.id,
    );
    desk.rig.keys("&");
    insta::with_settings!({snapshot_path => "golden", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("the_same_patient-100x40", desk.rig.text());
    });
    desk.rig.keys("1");
    let now = store(&desk).store().sheet(id, 0).unwrap().unwrap();
    assert_eq!(now.snapshot.referral().unwrap().patient, asked);
    assert!(now.questions.is_empty() && now.twins.len() == 1);
    desk.rig.keys("&");
    insta::with_settings!({snapshot_path => "golden", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("the_same_request-100x40", desk.rig.text());
    });
    desk.rig.keys("1");
    let now = store(&desk).store().sheet(id, 0).unwrap().unwrap();
    let referral = now.snapshot.referral().unwrap();
    assert_eq!(
        (referral.status, referral.merged_into),
        (Status::Cancelled, Some(own_twin(&now)))
    );
    desk.rig.keys("uu");
    let now = store(&desk).store().sheet(id, 0).unwrap().unwrap();
    let referral = now.snapshot.referral().unwrap();
    assert_eq!(
        (referral.status, referral.merged_into, referral.patient),
        (Status::Received, None, patient)
    );
    // Told apart, the question is answered, and nothing else changes.
    desk.rig.keys("/crowd<enter><enter>&2");
    let now = store(&desk).store().sheet(id, 0).unwrap().unwrap();
    assert!(now.questions.is_empty());
    assert_eq!(now.snapshot.referral().unwrap().patient, patient);
}

/// The referral into which one was merged, as its sheet says it.
fn own_twin(sheet: &refdesk::store::board::Sheet) -> refdesk::domain::id::ReferralId {
    sheet.related[0].id
}

/// A form is filled in from what the cursor is on: it is never sent to what is marked elsewhere.
#[test]
fn a_mark_elsewhere_never_gets_what_is_filled_in_from_the_referral_under_the_cursor() {
    use refdesk::tui::action::Action;
    use refdesk::tui::model::Overlay;
    use refdesk::tui::ready;
    let mut desk = open(100, 40);
    crowd(&desk, 1);
    desk.rig.tell(Msg::Changed);
    desk.rig.keys("/crowd<enter><enter>");
    let asked = desk.rig.model.board.cursor.unwrap();
    let questions = |desk: &crate::clinic::Desk| {
        neighbour(desk)
            .store()
            .sheet(asked, 0)
            .unwrap()
            .unwrap()
            .questions
            .len()
    };
    assert_eq!(
        questions(&desk),
        1,
        "the referral under the cursor asks whether two are one"
    );
    let other = desk.rig.model.board.order().find(|id| *id != asked).unwrap();
    let row = desk.rig.model.board.row(other).unwrap().queue.clone();
    desk.rig.model.board.marks.insert(other, row.clone());
    let before = refdesk_state(&desk, other);
    for (keys, action) in [
        ("&", Action::Same),
        ("ep", Action::EditPatient),
        ("er", Action::EditReferral),
        ("ec", Action::EditCoverage),
        ("el", Action::Eligibility),
        ("ea", Action::Authorization),
        ("t", Action::EndTask),
        ("m", Action::Message),
    ] {
        let why = ready::check(action, &desk.rig.model).unwrap_err();
        assert_eq!(
            why.because,
            format!("{other} is marked, and the cursor is on another")
        );
        desk.rig.keys(keys);
        assert!(desk.rig.model.overlay.is_none(), "{keys}");
    }
    // Several are no better; and who is called about has no number of somebody else beside the name.
    desk.rig.keys("c");
    let Some(Overlay::Form(form)) = &desk.rig.model.overlay else {
        panic!("a call is recorded for what is marked");
    };
    assert_eq!((form.about.as_str(), form.targets[0].id), ("", other));
    desk.rig.keys("<esc>");
    let own = desk.rig.model.board.row(asked).unwrap().queue.clone();
    desk.rig.model.board.marks.insert(asked, own);
    let why = ready::check(Action::Same, &desk.rig.model).unwrap_err();
    assert_eq!(why.because, "2 are marked, and this is done one at a time");
    assert_eq!((refdesk_state(&desk, other), questions(&desk)), (before, 1));
    // The one that is marked is the one under the cursor: it is answered.
    desk.rig.model.board.marks.remove(&other);
    desk.rig.keys("&1");
    assert_eq!(questions(&desk), 0);
}

/// Whose a referral is, and its version.
fn refdesk_state(
    desk: &crate::clinic::Desk,
    id: refdesk::domain::id::ReferralId,
) -> (refdesk::domain::id::PatientId, u32) {
    let sheet = neighbour(desk).store().sheet(id, 0).unwrap().unwrap();
    let referral = sheet.snapshot.referral().unwrap();
    (referral.patient, u32::try_from(referral.version).unwrap())
}
