//! Find-as-you-type, letter by letter, against a fuzzy finder over the same names.
//!
//! Owns what is typed. Where `fzf` is not installed, its figures are left out and nothing is invented in their place.

use super::sample::{Figure, Limit, Sample};
use super::{Clinic, Trouble};
use crate::domain::query::Query;
use crate::store::board::{Anchor, Shelf};
use crate::store::yardstick;
use std::path::Path;
use std::process::{Command, Stdio};

/// One frame at 60 a second, in milliseconds.
const FRAME: f64 = 16.0;
/// People who are looked for.
const PEOPLE: usize = 30;
/// Hits of a find on the screen.
const HITS: usize = 30;
/// Searches given to the other program: each takes it long.
const OTHER: usize = 5;

pub fn measure(clinic: &Clinic) -> Result<Vec<Figure>, Trouble> {
    let engine = clinic.engine()?;
    let store = engine.store();
    let rows = store.window(
        Shelf::Open,
        &Query::default(),
        Anchor::Start,
        PEOPLE * 10,
        clinic.now,
        &clinic.policy.score_targets,
    )?;
    let names: Vec<String> = rows
        .rows
        .iter()
        .step_by(10)
        .map(|row| row.patient.to_lowercase())
        .collect();
    let (mut letters, mut whole, mut slips) = (Sample::default(), Sample::default(), Sample::default());
    let (mut seen, mut asked) = (0, 0);
    for name in &names {
        let typed: Vec<char> = name.chars().filter(|c| *c != ',').take(12).collect();
        for end in 1..=typed.len() {
            let text: String = typed.iter().take(end).collect();
            letters.time(|| store.find(&text, HITS))?;
        }
        let family = name.split(',').next().unwrap_or_default().to_owned();
        whole.time(|| store.find(&family, HITS))?;
        if let Some(slip) = swapped(&family) {
            asked += 1;
            let hits = slips.time(|| store.find(&slip, HITS))?;
            seen += usize::from(hits.iter().any(|hit| hit.title.to_lowercase().contains(&family)));
        }
    }
    let mut figures = vec![
        Figure::of(
            "find: a letter typed",
            clinic.referrals,
            &letters,
            Limit::AtMost(FRAME),
        ),
        Figure::of(
            "find: a misspelled name",
            clinic.referrals,
            &slips,
            Limit::AtMost(FRAME),
        ),
        Figure::value(
            "find: misspelled names found",
            clinic.referrals,
            100.0 * seen as f64 / asked.max(1) as f64,
            "%",
            Limit::Said,
        ),
    ];
    let lines = clinic.beside("bench-names.txt");
    yardstick::names(store.connection(), &lines)?;
    let mut other = Sample::default();
    for name in names.iter().take(OTHER) {
        let family = name.split(',').next().unwrap_or_default();
        if other.time(|| fzf(&lines, family)).is_none() {
            other = Sample::default();
            break;
        }
    }
    let _ = std::fs::remove_file(&lines);
    let settled = Figure::of(
        "find: a name, settled",
        clinic.referrals,
        &whole,
        Limit::RatioAtMost(1.0),
    );
    figures.push(match other.len() {
        0 => settled,
        _ => settled.against("fzf --filter over the same names", other.median()),
    });
    Ok(figures)
}

/// Two letters in the middle swapped: the commonest slip of a quick hand.
fn swapped(name: &str) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    let plain = name.chars().all(|c| c.is_ascii_alphabetic());
    let (a, b) = (
        letters.len() / 2 - usize::from(letters.len() > 2),
        letters.len() / 2,
    );
    (plain && letters.len() > 4 && letters.get(a) != letters.get(b)).then(|| {
        letters.swap(a, b);
        letters.into_iter().collect()
    })
}

/// Runs `fzf --filter` over a file; none where there is no such program.
fn fzf(lines: &Path, query: &str) -> Option<()> {
    let file = std::fs::File::open(lines).ok()?;
    let mut command = Command::new("fzf");
    command
        .args(["--filter", query])
        .stdin(file)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().ok().map(|_| ())
}
