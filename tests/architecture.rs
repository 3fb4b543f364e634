//! The house keeps its map: which part may name which, how long a file may be, how it begins.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a test that trips has found something"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each part with the parts that it may name. Arrows point down; what is not here may not be.
const MAP: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("store", &["domain"]),
    ("standards", &["domain"]),
    ("intake", &["domain", "standards"]),
    ("channels", &["domain", "standards"]),
    ("config", &["domain"]),
    ("report", &["domain", "store"]),
    ("engine", &["domain", "store", "channels", "intake"]),
    (
        "demo",
        &["domain", "store", "channels", "intake", "config", "engine"],
    ),
    (
        "import",
        &["domain", "store", "standards", "intake", "config", "engine"],
    ),
    ("web", &["domain", "config", "engine"]),
    (
        "tui",
        &[
            "domain", "store", "channels", "intake", "config", "engine", "report",
        ],
    ),
    (
        "bench",
        &[
            "domain",
            "store",
            "channels",
            "intake",
            "standards",
            "engine",
            "import",
            "tui",
        ],
    ),
    (
        "cli",
        &[
            "bench",
            "domain",
            "store",
            "channels",
            "intake",
            "config",
            "engine",
            "report",
            "standards",
            "demo",
            "import",
            "web",
            "tui",
        ],
    ),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// Other people's code that only some may name: it could be changed in one place.
const OUTSIDE: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("rusqlite_migration", &["store"]),
    ("ratatui", &["tui"]),
    ("crossterm", &["tui"]),
    ("clap", &["cli", "main"]),
    ("clap_complete", &["cli", "main"]),
    ("chrono", &["domain/time"]),
    ("chrono_tz", &["domain/time"]),
    ("lopdf", &["intake"]),
    ("mail_parser", &["intake"]),
    ("lettre", &["channels"]),
    ("ureq", &["channels"]),
    ("krilla", &["channels"]),
    ("ttf_parser", &["channels"]),
];

/// What reads a clock, draws at random or reaches outside: never in the domain, which is a function of its arguments.
const IMPURE: [&str; 10] = [
    "SystemTime",
    "Instant",
    "Utc::now",
    "Local::now",
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "fastrand",
];

struct Source {
    /// `domain/decide/mod.rs`.
    name: String,
    part: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let source = |path: PathBuf| {
        let name = path
            .strip_prefix(&root)
            .unwrap()
            .to_str()
            .unwrap()
            .replace('\\', "/");
        let part = name.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
        Source {
            text: std::fs::read_to_string(&path).unwrap(),
            part,
            name,
        }
    };
    files.into_iter().map(source).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

/// The code alone: comments and what stands between quotes name nothing.
fn code(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut quoted = false;
        let mut before = ' ';
        let mut characters = line.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '/' if !quoted && characters.peek() == Some(&'/') => break,
                '\'' if !quoted && characters.peek() == Some(&'"') => {
                    characters.next();
                }
                '"' if before != '\\' => quoted = !quoted,
                _ if !quoted => out.push(character),
                _ => {}
            }
            before = if before == '\\' && character == '\\' {
                ' '
            } else {
                character
            };
        }
        out.push('\n');
    }
    out
}

/// Words that follow a prefix: of `crate::{config, store::log}` both parts.
fn named(code: &str, prefix: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (place, _) in code.match_indices(prefix) {
        if code[..place].ends_with(|character: char| character.is_alphanumeric() || character == '_') {
            continue;
        }
        let rest = &code[place + prefix.len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut item = String::new();
            for character in group.chars() {
                match character {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        found.insert(word(&std::mem::take(&mut item)));
                        continue;
                    }
                    _ => {}
                }
                item.push(character);
            }
            found.insert(word(&item));
        } else {
            found.insert(word(rest));
        }
    }
    found.remove("");
    found
}

fn word(text: &str) -> String {
    text.trim_start()
        .chars()
        .take_while(|character| character.is_alphanumeric() || *character == '_')
        .collect()
}

fn assert_none(offenders: &[String]) {
    assert!(offenders.is_empty(), "\n{}", offenders.join("\n"));
}

#[test]
fn arrows_point_down() {
    let parts: BTreeSet<&str> = MAP.iter().map(|(part, _)| *part).collect();
    let mut offenders = Vec::new();
    for source in sources() {
        let Some((_, allowed)) = MAP.iter().find(|(part, _)| *part == source.part) else {
            offenders.push(format!(
                "{}: {} has no place on the map",
                source.name, source.part
            ));
            continue;
        };
        let code = code(&source.text);
        for name in named(&code, "crate::")
            .into_iter()
            .chain(named(&code, "refdesk::"))
        {
            let own = name == source.part || allowed.contains(&name.as_str());
            if parts.contains(name.as_str()) && !own {
                offenders.push(format!("{} names {name}", source.name));
            }
        }
    }
    assert_none(&offenders);
}

#[test]
fn a_path_of_supers_does_not_leave_its_part() {
    let mut offenders = Vec::new();
    for source in sources() {
        // In `a/b.rs` and `a/b/mod.rs` a file's own module is two deep, so two supers name the crate.
        let trimmed = source.name.trim_end_matches(".rs").trim_end_matches("/mod");
        let depth = trimmed.split('/').count();
        let up = "super::".repeat(depth);
        if code(&source.text).contains(&up) && !source.text.contains("mod tests {") {
            offenders.push(format!("{} climbs out with {up}", source.name));
        }
    }
    assert_none(&offenders);
}

#[test]
fn other_peoples_code_is_named_in_its_place_only() {
    let mut offenders = Vec::new();
    for source in sources() {
        let code = code(&source.text);
        for (package, places) in OUTSIDE {
            let here = places.iter().any(|place| {
                source
                    .name
                    .strip_prefix(place)
                    .is_some_and(|rest| rest.starts_with('/') || rest.starts_with('.'))
            });
            let prefix = format!("{package}::");
            let names = code.match_indices(&prefix).any(|(place, _)| {
                !code[..place].ends_with(|character: char| {
                    character.is_alphanumeric() || character == '_' || character == ':'
                })
            });
            if names && !here {
                offenders.push(format!("{} names {package}", source.name));
            }
        }
    }
    assert_none(&offenders);
}

#[test]
fn the_domain_is_a_function_of_its_arguments() {
    let mut offenders = Vec::new();
    for source in sources().iter().filter(|source| source.part == "domain") {
        let code = code(&source.text);
        for word in IMPURE.iter().filter(|word| code.contains(**word)) {
            offenders.push(format!("{} names {word}", source.name));
        }
    }
    assert_none(&offenders);
}

#[test]
fn the_clock_is_read_where_the_program_begins() {
    let mut offenders = Vec::new();
    for source in sources().iter().filter(|source| {
        ["store", "engine", "config", "intake", "report", "standards"].contains(&source.part.as_str())
    }) {
        let code = code(&source.text);
        for word in ["SystemTime::now", "Utc::now", "Local::now"]
            .iter()
            .filter(|word| code.contains(**word))
        {
            offenders.push(format!(
                "{} reads the clock with {word}: time is an argument",
                source.name
            ));
        }
    }
    assert_none(&offenders);
}

#[test]
fn every_file_says_what_it_owns_and_is_short() {
    let mut offenders = Vec::new();
    for source in sources() {
        if !source.text.starts_with("//! ") {
            offenders.push(format!("{} does not open with what it owns", source.name));
        }
        let lines = source.text.lines().count();
        if lines >= 400 {
            offenders.push(format!("{} has {lines} lines", source.name));
        }
    }
    assert_none(&offenders);
}

#[test]
fn nothing_is_left_for_later() {
    let mut offenders = Vec::new();
    for source in sources() {
        let code = code(&source.text);
        for word in ["todo!", "unimplemented!", "dbg!"]
            .iter()
            .filter(|word| code.contains(**word))
        {
            offenders.push(format!("{} has {word}", source.name));
        }
    }
    assert_none(&offenders);
}

#[test]
fn names_are_nouns_of_the_domain() {
    let mut offenders = Vec::new();
    for source in sources() {
        let code = code(&source.text);
        for kind in ["struct ", "enum ", "trait ", "mod "] {
            let names = code
                .match_indices(kind)
                .map(|(place, _)| word(&code[place + kind.len()..]));
            for name in names.filter(|name| {
                ["manager", "helper", "util"]
                    .iter()
                    .any(|bad| name.to_lowercase().contains(bad))
            }) {
                offenders.push(format!("{} has {kind}{name}", source.name));
            }
        }
    }
    assert_none(&offenders);
}

/// The rules above see what they look for.
#[test]
fn the_reader_of_sources_reads() {
    let text = "//! `rusqlite::x`\nuse crate::{store::{log, row}, engine};\nlet a = crate::tui::draw(\"crate::web::x\"); // crate::cli\n";
    let code = code(text);
    assert_eq!(
        named(&code, "crate::").into_iter().collect::<Vec<_>>(),
        ["engine", "store", "tui"]
    );
    assert!(!code.contains("rusqlite") && !code.contains("web") && !code.contains("cli"));
}
