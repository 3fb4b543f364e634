//! Under the fingers: the clinic's own keys, other keyboards.

use crate::clinic::open;
use refdesk::domain::status::Status;
use refdesk::tui::keymap;

#[test]
fn configured_keys_act_and_are_shown_wherever_a_key_is() {
    let mut desk = open(120, 40);
    let id = desk.rig.model.board.cursor.unwrap();
    let keys = [
        ("accept", &["f2", "Z a"][..]),
        ("undo", &["U"]),
        ("note", &[]),
        ("reopen", &["O"]),
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
    assert!(desk.rig.text().contains("U undoes"));
    desk.rig.keys("U");
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
