//! Rows read ahead: what a walk through a list asks of the disk, and that it passes everybody once.

use crate::clinic::open_with_demo;
use refdesk::domain::id::ReferralId;
use refdesk::store::board::Shelf;
use refdesk::tui::chord::Chord;
use refdesk::tui::live::Live;
use refdesk::tui::model::Place;
use refdesk::tui::msg::{Effect, Msg};
use refdesk::tui::rig::Rig;
use refdesk::tui::update::update;
use refdesk::tui::worker::serve;
use std::collections::BTreeSet;

/// Presses a key as often as it moves the cursor; gives whom it passed, and how many windows were read on the way.
fn walk(rig: &mut Rig<Live>, key: &str) -> (Vec<ReferralId>, usize) {
    let mut passed = Vec::from_iter(rig.model.board.cursor);
    let mut windows = 0;
    loop {
        let mut queue = Vec::new();
        for chord in Chord::parse_all(key) {
            queue.extend(update(&mut rig.model, Msg::Key(chord), rig.now));
        }
        while let Some(effect) = queue.pop() {
            windows += usize::from(matches!(effect, Effect::Window { .. }));
            if matches!(effect, Effect::Sheet(_)) {
                continue;
            }
            let answer = serve(&mut rig.desk, effect, rig.now).unwrap();
            queue.extend(update(&mut rig.model, answer, rig.now));
        }
        let cursor = rig.model.board.cursor.unwrap();
        if passed.last() == Some(&cursor) {
            return (passed, windows);
        }
        passed.push(cursor);
    }
}

#[test]
fn a_walk_passes_everybody_and_reads_one_window_a_screen() {
    let (mut rig, _dir) = open_with_demo(600, (80, 24));
    rig.keys("9<home>");
    assert_eq!(rig.model.place, Place::Rows(Shelf::Open, String::new()));
    let (down, windows) = walk(&mut rig, "j");
    let screens = down.len() / rig.model.list_height();
    assert!(screens > 12, "{} rows", down.len());
    assert!(windows <= screens + 2, "{windows} windows for {screens} screens");
    let (mut up, windows) = walk(&mut rig, "k");
    assert!(windows <= screens + 2, "{windows} windows for {screens} screens");
    up.reverse();
    assert!(down == up, "the way down and the way up differ");
    let once: BTreeSet<_> = down.iter().collect();
    let counts = rig.desk.engine().store().counts().unwrap();
    assert_eq!(once.len(), down.len());
    assert_eq!(down.len(), usize::try_from(counts.open).unwrap());
}
