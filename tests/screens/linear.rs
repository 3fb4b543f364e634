//! The worklist read out: what is said after each key, held as a golden text.

use crate::clinic::{Desk, open_with};
use refdesk::config::screen::Mode;
use refdesk::domain::status::Status;
use refdesk::tui::linear::{SIZE, Speaker};

fn open() -> Desk {
    open_with(SIZE.0, SIZE.1, |settings| settings.screen.mode = Mode::Linear)
}

/// What is said at the start and after each of the keys, each set off by its name.
fn said(desk: &mut Desk, keys: &[&str]) -> String {
    let mut speaker = Speaker::default();
    let mut out = speaker.say(&desk.rig.model);
    for key in keys {
        desk.rig.keys(key);
        out.push_str(&format!("[{key}] "));
        out.push_str(&speaker.say(&desk.rig.model));
        if !out.ends_with('\n') {
            out.push_str("⏎\n");
        }
    }
    out
}

macro_rules! golden {
    ($($name:ident: $keys:expr;)*) => {$(
        #[test]
        fn $name() {
            let mut desk = open();
            let said = said(&mut desk, &$keys);
            for sign in ["┌", "│", "─", "\u{1b}", "▏", "▸"] {
                assert!(!said.contains(sign), "{sign} is for a screen of cells: {said}");
            }
            insta::with_settings!({snapshot_path => "golden", prepend_module_to_snapshot => false, omit_expression => true}, {
                insta::assert_snapshot!(concat!("linear_", stringify!($name)), said);
            });
        }
    )*};
}

golden! {
    moving_and_lists: ["j", "j", "G", "<tab>", "2", "I"];
    deciding: ["a", "u", "d", "1", "<enter>"];
    the_detail_by_section: ["<enter>", "<tab>", "<tab>", "j", "<esc>"];
    a_call_by_field: ["n", "h", "i", "<backspace>", "<esc>"];
    finding: ["/", "s", "m", "i", "<down>", "<enter>"];
    filtering: ["f", "p", "r", "<tab>", "u", "<tab>", "<enter>", "<esc>"];
    the_palette_says_why: [":", "r", "e", "o", "p", "<esc>"];
    keys_that_begin: ["e", "p", "<tab>", "<esc>"];
    help_and_marks: [" ", "j", " ", "d", "1", "<enter>", "n"];
    the_emergency: ["!", "c", "1"];
    comparing: ["="];
}

#[test]
fn everything_is_operable_by_ear() {
    let mut desk = open();
    let id = desk.rig.model.board.cursor.unwrap();
    let told = said(&mut desk, &["d", "1", "<enter>"]);
    assert!(
        told.contains(&format!("done: {id}: received → declined")),
        "{told}"
    );
    let sheet = desk.rig.desk.engine().store().sheet(id, 1).unwrap().unwrap();
    assert_eq!(sheet.snapshot.referral().unwrap().status, Status::Declined);
    let help = said(&mut desk, &["?"]);
    assert!(
        help.contains("accept") && help.contains("quit"),
        "all of the help is read: {help}"
    );
}

#[test]
fn a_long_look_says_how_far_it_is_and_never_that_nothing_is_there_before_its_end() {
    let mut desk = open();
    desk.rig.keys("fnobody<enter>");
    let mut speaker = Speaker::default();
    let mut heard = |looked| {
        desk.rig.model.board.looked = looked;
        speaker.say(&desk.rig.model)
    };
    let begun = heard(1_000);
    assert!(
        begun.ends_with("looking on, 1,000 gone through\n") && !begun.contains("no referral"),
        "{begun}"
    );
    assert_eq!(heard(1_020), "");
    assert_eq!(heard(17_000), "looking on, 17,000 gone through\n");
    assert_eq!(heard(0), "no referral here\n");
}
