//! The README's picture is what the program draws of the demo clinic.
//!
//! `REFDESK_WRITE_PICTURE=1 cargo test --test picture` draws it anew after a change that was meant.

#![allow(clippy::unwrap_used, reason = "a test says by failing what is wrong")]

use refdesk::config::Config;
use refdesk::demo;
use refdesk::domain::policy::{Actor, Role};
use refdesk::domain::time::parse_stamp;
use refdesk::engine::{Engine, Places};
use refdesk::tui::live::Live;
use refdesk::tui::picture::svg;
use refdesk::tui::rig::Rig;
use refdesk::tui::settings::Settings;
use std::path::Path;
use std::sync::Arc;

/// A Monday morning: 23 November 2026, 10:14 in New York.
const NOW: &str = "2026-11-23T15:14:00Z";
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/screen.svg");
/// To a referral of the second list: something is missing, and the provider was asked.
const KEYS: &str = "2jj";

#[test]
fn the_picture_in_the_readme_is_the_programs() {
    let now = parse_stamp(NOW).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let config = Config::from_text(
        include_str!("../assets/demo/clinic.toml"),
        Path::new("config.toml"),
    )
    .unwrap();
    let policy = Arc::new(config.policy());
    let mut engine = Engine::open(Places::in_dir(dir.path()), policy.clone(), Some(7)).unwrap();
    let clinic = demo::Settings::from(policy.as_ref());
    demo::build(&mut engine, 1, 240, now, &clinic, &mut |_, _| ()).unwrap();
    let actor = Actor {
        name: "Maria Ruiz".into(),
        role: Role::Coordinator,
    };
    let settings = Settings::new(policy, actor, "picture".into(), Arc::new(move || now));
    let mut rig = Rig::open(Live::new(engine), settings, now, (124, 34));
    rig.keys(KEYS);
    let drawn = svg(&rig.cells(), "refdesk demo");
    if std::env::var_os("REFDESK_WRITE_PICTURE").is_some() {
        std::fs::create_dir_all(Path::new(FILE).parent().unwrap()).unwrap();
        std::fs::write(FILE, &drawn).unwrap();
    }
    let kept = std::fs::read_to_string(FILE).unwrap();
    assert!(
        kept == drawn,
        "the screen has changed: look at it, then run REFDESK_WRITE_PICTURE=1 cargo test --test picture"
    );
    let readme = include_str!("../README.md");
    assert!(
        readme
            .lines()
            .take(12)
            .any(|line| line.contains("docs/screen.svg")),
        "the README opens with it"
    );
}
