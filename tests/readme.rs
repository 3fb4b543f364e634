//! The README is held to the program: its key table is generated from the action table, its commands exist.
//!
//! `REFDESK_WRITE_README=1 cargo test --test readme` writes the table.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says by failing what is wrong"
)]

use refdesk::tui::action::{Group, TABLE};
use std::fmt::Write;

const BEGIN: &str = "<!-- keys: generated from the action table -->\n";
const END: &str = "<!-- end of keys -->\n";

fn table() -> String {
    let mut out = String::new();
    for group in Group::ALL {
        let shown: Vec<_> = TABLE
            .iter()
            .filter(|entry| entry.group == group && !entry.keys.is_empty())
            .collect();
        if shown.is_empty() {
            continue;
        }
        writeln!(out, "| {} | |\n| --- | --- |", group.label()).unwrap();
        for entry in shown {
            let keys: Vec<String> = entry
                .keys
                .iter()
                .map(|key| format!("`{}`", key.replace('|', "\\|")))
                .collect();
            writeln!(out, "| {} | {} |", keys.join(" "), entry.title).unwrap();
        }
        out.push('\n');
    }
    out
}

#[test]
fn the_key_table_is_the_programs() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("the README has a key table");
    let (shown, after) = rest.split_once(END).expect("the key table ends");
    let expected = format!("\n{}", table());
    if std::env::var_os("REFDESK_WRITE_README").is_some() {
        std::fs::write(path, format!("{before}{BEGIN}{expected}{END}{after}")).unwrap();
    } else {
        assert_eq!(
            shown, expected,
            "run REFDESK_WRITE_README=1 cargo test --test readme"
        );
    }
}

#[test]
fn the_commands_it_names_exist() {
    let readme = include_str!("../README.md");
    let help = assert_cmd::Command::cargo_bin("refdesk")
        .unwrap()
        .arg("--help")
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let known: Vec<&str> = help
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .collect();
    let named: Vec<&str> = readme
        .split("refdesk ")
        .skip(1)
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_lowercase()).next())
        .filter(|word| {
            [
                "config", "intake", "list", "show", "apply", "tick", "check", "backup", "run", "demo",
            ]
            .contains(word)
        })
        .collect();
    assert!(named.len() > 5, "the README shows commands");
    for word in named {
        assert!(
            known.contains(&word),
            "`refdesk {word}` is in the README, not in the program"
        );
    }
}
