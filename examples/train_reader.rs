//! Trains the reader's model: `cargo run --release --example train_reader -- OUT.bin FOLDER…`, each folder as
//! `scripts/reader/wild/generate.py` makes it. Seeded: the same folders give the same weights on one machine.
//!
//! Stochastic gradient steps on the likelihood of each page's tags (AdaGrad, Duchi et al. 2011), with a pull towards nought that
//! leaves few traits (L1).

#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a tool for developers"
)]

use refdesk::intake::document::Field;
use refdesk::intake::training::{Lattice, Lesson, Pairs, Row, Step, TAGS, Transitions, lessons, write};
use std::collections::HashMap;
use std::path::Path;

const ROUNDS: usize = 6;
const RATE: f32 = 0.15;
/// The pull towards nought, per step in which a trait is seen.
const PULL: f32 = 2e-4;
/// Traits seen on fewer words are left out.
const SEEN: u32 = 4;
/// At most so many traits are kept, those with the greatest weights.
const KEPT: usize = 60_000;
/// Weights below this are left out.
const LEAST: f32 = 0.06;

type Trouble = Box<dyn std::error::Error>;

#[derive(serde::Deserialize)]
struct Marked {
    file: String,
    marks: Vec<Vec<Vec<(usize, usize, Field)>>>,
}

fn read(folder: &Path, out: &mut Vec<Lesson>) -> Result<(), Trouble> {
    for line in std::fs::read_to_string(folder.join("marks.jsonl"))?.lines() {
        let marked: Marked = serde_json::from_str(line)?;
        let pages = folder.join("pages").join(format!("{}.pages.json", marked.file));
        let source = serde_json::from_slice(&std::fs::read(pages)?)?;
        out.extend(lessons(&source, &marked.marks));
    }
    Ok(())
}

/// A weight and the sum of its squared gradients.
#[derive(Clone, Copy, Default)]
struct Weight {
    value: f32,
    sum: f32,
}

impl Weight {
    fn step(&mut self, gradient: f32) {
        if gradient.abs() < 1e-5 {
            return;
        }
        self.sum += gradient * gradient;
        let rate = RATE / (self.sum + 1e-4).sqrt();
        let moved = self.value + rate * gradient;
        self.value = moved.signum() * (moved.abs() - rate * PULL).max(0.0);
    }
}

fn main() -> Result<(), Trouble> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().ok_or("usage: train_reader OUT.bin FOLDER…")?;
    let mut all = Vec::new();
    for folder in arguments {
        read(Path::new(&folder), &mut all)?;
    }
    let mut seen: HashMap<u32, u32> = HashMap::new();
    for hash in all.iter().flat_map(|lesson| lesson.traits.iter().flatten()) {
        *seen.entry(*hash).or_default() += 1;
    }
    let mut hashes: Vec<u32> = seen
        .into_iter()
        .filter(|(_, count)| *count >= SEEN)
        .map(|(hash, _)| hash)
        .collect();
    hashes.sort_unstable();
    let index: HashMap<u32, u32> = hashes.iter().copied().zip(0..).collect();
    for lesson in &mut all {
        for traits in &mut lesson.traits {
            *traits = traits
                .iter()
                .filter_map(|hash| index.get(hash).copied())
                .collect();
        }
    }
    println!(
        "{} pages, {} words, {} traits",
        all.len(),
        all.iter().map(|lesson| lesson.tags.len()).sum::<usize>(),
        hashes.len()
    );
    let mut weights = vec![[Weight::default(); TAGS]; hashes.len()];
    let mut pairs = [[[Weight::default(); TAGS]; TAGS]; 3];
    let mut order: Vec<usize> = (0..all.len()).collect();
    let mut random = fastrand::Rng::with_seed(20_261_130);
    for round in 1..=ROUNDS {
        random.shuffle(&mut order);
        let (mut wrong, mut words) = (0, 0);
        for at in &order {
            let missed = learn(&all[*at], &mut weights, &mut pairs);
            wrong += missed;
            words += all[*at].tags.len();
        }
        println!("round {round}: {wrong} of {words} words wrong before each step");
    }
    let mut kept: Vec<(u32, Row)> = hashes
        .iter()
        .zip(&weights)
        .map(|(hash, row)| {
            (
                *hash,
                row.map(|weight| {
                    if weight.value.abs() < LEAST {
                        0.0
                    } else {
                        weight.value
                    }
                }),
            )
        })
        .collect();
    let greatest = |row: &Row| row.iter().fold(0.0_f32, |most, weight| most.max(weight.abs()));
    kept.sort_by(|a, b| greatest(&b.1).total_cmp(&greatest(&a.1)).then(a.0.cmp(&b.0)));
    kept.truncate(KEPT);
    let bytes = write(&kept, &transitions(&pairs));
    println!("{} bytes", bytes.len());
    std::fs::write(out, bytes)?;
    Ok(())
}

fn transitions(pairs: &[[[Weight; TAGS]; TAGS]; 3]) -> Transitions {
    let table = |pairs: &[[Weight; TAGS]; TAGS]| -> Pairs { pairs.map(|row| row.map(|weight| weight.value)) };
    Transitions {
        word: table(&pairs[0]),
        cell: table(&pairs[1]),
        line: table(&pairs[2]),
    }
}

const fn number(step: Step) -> usize {
    match step {
        Step::Word => 0,
        Step::Cell => 1,
        Step::Line => 2,
    }
}

/// One step on one page; how many of its words were wrong before.
fn learn(lesson: &Lesson, weights: &mut [[Weight; TAGS]], pairs: &mut [[[Weight; TAGS]; TAGS]; 3]) -> usize {
    let scores: Vec<Row> = lesson
        .traits
        .iter()
        .map(|traits| {
            let mut row = [0.0; TAGS];
            for at in traits {
                row.iter_mut()
                    .zip(&weights[*at as usize])
                    .for_each(|(sum, weight)| *sum += weight.value);
            }
            row
        })
        .collect();
    let lattice = Lattice::new(&scores, &lesson.steps, &transitions(pairs));
    let likely = lattice.likely();
    let mut wrong = 0;
    for ((row, traits), tag) in likely.iter().zip(&lesson.traits).zip(&lesson.tags) {
        let best = (0..TAGS).max_by(|a, b| row[*a].total_cmp(&row[*b])).unwrap_or(0);
        wrong += usize::from(best != *tag);
        let gradient: Row = std::array::from_fn(|each| f32::from(u8::from(each == *tag)) - row[each]);
        for at in traits {
            weights[*at as usize]
                .iter_mut()
                .zip(&gradient)
                .for_each(|(weight, gradient)| weight.step(*gradient));
        }
    }
    let mut gradients = [[[0.0_f32; TAGS]; TAGS]; 3];
    for at in 1..lesson.tags.len() {
        let step = number(lesson.steps[at]);
        let table = lattice.pairs.of(lesson.steps[at]);
        let mut joint = [[0.0; TAGS]; TAGS];
        let mut sum = 0.0;
        for a in 0..TAGS {
            for b in 0..TAGS {
                let weight =
                    lattice.forward[at - 1][a] * table[a][b] * lattice.nodes[at][b] * lattice.backward[at][b];
                joint[a][b] = weight;
                sum += weight;
            }
        }
        for a in 0..TAGS {
            for b in 0..TAGS {
                gradients[step][a][b] -= joint[a][b] / sum.max(1e-30);
            }
        }
        gradients[step][lesson.tags[at - 1]][lesson.tags[at]] += 1.0;
    }
    for (weight, gradient) in pairs
        .iter_mut()
        .flatten()
        .flatten()
        .zip(gradients.iter().flatten().flatten())
    {
        weight.step(*gradient);
    }
    wrong
}
