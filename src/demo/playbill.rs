//! The invented clinic on the real engine: nothing refused, every list populated, the file's own checks content.

use super::*;
use crate::config::Config;
use crate::domain::lists::List;
use crate::domain::time::parse_stamp;
use crate::engine::{Engine, Places};
use crate::store::check::Finding;
use std::sync::Arc;

#[test]
fn a_clinic_is_built_and_stands_every_check() {
    let folder = tempfile::tempdir().unwrap();
    let policy = Arc::new(Config::built_in().unwrap().policy());
    let settings = Settings::from(&*policy);
    let now = parse_stamp("2026-11-23T14:14:00Z").unwrap();
    let mut engine = Engine::open(Places::in_dir(folder.path()), policy, Some(7)).unwrap();
    let count = 60;
    let began = std::time::Instant::now();
    let summary = build(&mut engine, 7, Size::of(count), now, &settings, &mut |_, _| {}).unwrap();
    println!("{summary:?} in {:?}", began.elapsed());
    assert_eq!(summary.refused, Vec::new());
    let counts = engine.store().counts().unwrap();
    println!("{counts:?}");
    assert_eq!(counts.open + counts.ended, u64::from(count));
    assert_eq!(counts.open, counts.in_lists());
    for list in List::ALL {
        assert!(counts.of(list) > 0, "{list}");
    }
    assert_eq!(counts.intake, 5);
    let findings: Vec<Finding> = engine.store().check(true).unwrap();
    let bad: Vec<Finding> = findings.into_iter().filter(|finding| !finding.ok).collect();
    assert!(bad.is_empty(), "{bad:?}");
}
