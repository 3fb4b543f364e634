//! The screen as a clinic sets it up: from the text of a configuration, and followed while it is open.

use crate::clinic::{Desk, open, open_with};
use refdesk::config::Config;
use refdesk::tui::Settings;
use refdesk::tui::msg::Msg;
use refdesk::tui::settings::View;
use refdesk::tui::watch::Renewal;
use std::path::Path;

/// The settings of a configuration, as the command line makes them.
fn set_up(settings: &mut Settings, config: &str) {
    let config =
        Config::from_text(config, Path::new("config.toml")).unwrap_or_else(|error| panic!("{error}"));
    settings.screen = config.settings().screen.clone();
}

fn with(config: &str, width: u16, height: u16) -> Desk {
    open_with(width, height, |settings| set_up(settings, config))
}

fn golden(name: &str, desk: &Desk) {
    insta::with_settings!({snapshot_path => "golden", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, desk.rig.text());
    });
}

const OWN: &str = r#"
[screen]
lists = ["to-schedule", "review", "open", "intake"]
columns = ["due", "patient", "age", "phone", "priority", "status", "waiting"]
more_columns = ["payer"]
detail = "below"
detail_from = 30
share = 40
sections = ["next", "missing", "notes", "path"]
actions = ["call", "schedule", "assign"]
[screen.list_columns]
to-schedule = ["patient", "phone", "calls", "service", "from"]
[screen.list_names]
to-schedule = "Booking"
[screen.status_names]
received = "new"
scheduled = "visit booked"
"#;

#[test]
fn a_clinics_own_lists_columns_names_and_sections() {
    let mut desk = with(OWN, 110, 36);
    golden("own_set_up_booking-110x36", &desk);
    desk.rig.keys("<tab>j");
    golden("own_set_up_review-110x36", &desk);
    let text = desk.rig.text();
    assert!(
        text.contains("new ●") && text.contains("visit booked ○"),
        "{text}"
    );
    assert!(text.contains(" c call  A assign  ? help"), "{text}");
    // Three lists have no tab: what stands there is not passed over in silence.
    let mut few = with("[screen]\nlists = [\"review\"]\n", 110, 36);
    assert!(
        few.rig.text().contains("open 12 = 12 in lists, 5 not shown"),
        "{}",
        few.rig.text()
    );
    few.rig.keys("2");
    assert!(
        few.rig.text().contains("─ Missing 2 "),
        "a list without a tab is reached by its key"
    );
}

#[test]
fn the_detail_opens_in_place_where_the_clinic_wants_it_so() {
    let mut desk = with("[screen]\ndetail = \"opened\"\n", 160, 40);
    assert!(!desk.rig.text().contains("patient clock"));
    desk.rig.keys("<enter>");
    assert!(desk.rig.text().contains("patient clock"));
}

#[test]
fn a_saved_configuration_is_followed_and_the_row_stays() {
    let mut desk = open(120, 40);
    desk.rig.keys("jj ");
    let cursor = desk.rig.model.board.cursor;
    let mut settings = desk.rig.model.settings.clone();
    set_up(&mut settings, OWN);
    let said = Some("the configuration was saved".to_owned());
    desk.rig.tell(Msg::Renewed(Renewal::Sound {
        settings: Box::new(settings),
        said,
    }));
    let text = desk.rig.text();
    assert!(
        text.contains("Booking 1") && text.contains("✓ the configuration was saved"),
        "{text}"
    );
    assert_eq!(desk.rig.model.board.cursor, cursor);
    assert_eq!(desk.rig.model.board.marks.len(), 1);
    let wrong = [
        "config.toml:3: screen.share: 5 is not between 20 and 80",
        "config.toml:4: x",
    ];
    desk.rig
        .tell(Msg::Renewed(Renewal::Wrong(wrong.map(str::to_owned).into())));
    let text = desk.rig.text();
    assert!(
        text.contains("! the old set-up stays, 2 problems (ctrl-n): config.toml:3: screen.share: 5 is not between 20 and 80"),
        "{text}"
    );
    assert!(text.contains("Booking 1"), "the old set-up stays");
    desk.rig.keys("<ctrl-n>");
    assert!(desk.rig.text().contains("config.toml:4: x"));
}

#[test]
fn a_filter_is_completed_saved_found_and_taken_out() {
    let mut desk = open(80, 24);
    desk.rig.keys("fpri<tab>");
    golden("filter_completes-80x24", &desk);
    desk.rig.keys("urg<tab><enter>");
    let rows = |desk: &Desk| {
        desk.rig
            .model
            .board
            .rows
            .iter()
            .map(|row| row.queue.patient.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(rows(&desk), ["Garcia Lopez, María"]);
    desk.rig.keys("FUrgent now<enter>");
    let view = View::of("Urgent now", "list:review priority:urgent", true);
    assert!(
        desk.rig.model.settings.views.contains(&view),
        "{:?}",
        desk.rig.model.settings.views
    );
    let file = std::fs::read_to_string(desk.dir.path().join("views.toml")).unwrap();
    assert!(
        file.contains("\"Urgent now\" = \"list:review priority:urgent\""),
        "{file}"
    );
    desk.rig.keys("4Vnow<enter>");
    assert_eq!(rows(&desk), ["Garcia Lopez, María"]);
    assert!(desk.rig.text().contains("[Review 6]"));
    desk.rig.keys("evnow<enter>");
    assert!(!desk.rig.model.settings.views.contains(&view));
    desk.rig.keys("FUrgent<enter>");
    assert!(
        desk.rig
            .text()
            .contains("the configuration has a view of that name")
    );
}
