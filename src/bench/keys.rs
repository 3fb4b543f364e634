//! From a key to the frame that shows what it did, everything read and written in between.
//!
//! Owns the keys pressed. The screen is the real one over the real engine, without a terminal. The answer of the worker is
//! waited for, so this is the longest that anybody waits, and not only until the next frame; of a key that writes, both are
//! said: the frame that shows it under way, and the one after it is durable, beside what the disk takes for as many bytes.
//! Between the presses the machine is timed at work that touches nothing but the processor: what stops that stops the presses,
//! too, and is not theirs.

use super::sample::{Figure, Limit, Sample};
use super::{Clinic, Trouble};
use crate::store::log;
use crate::tui::chord::Chord;
use crate::tui::live::Live;
use crate::tui::rig::Rig;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::hint::black_box;
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The design's size for a list and a detail side by side.
const SIZE: (u16, u16) = (120, 40);
/// Presses tried for one kind of key, at most.
const ROWS: usize = 5_000;
/// A frame is not felt below this, in milliseconds.
const FELT: f64 = 8.0;

/// A kind of key.
struct Kind {
    what: &'static str,
    keys: &'static str,
    /// What is pressed to get back.
    back: &'static str,
    times: usize,
    /// Whether it writes an action. Where such a key cannot be pressed, the cursor goes on to where it can.
    writes: bool,
}

const fn kind(what: &'static str, keys: &'static str, back: &'static str, times: usize) -> Kind {
    Kind {
        what,
        keys,
        back,
        times,
        writes: false,
    }
}

const KINDS: [Kind; 5] = [
    kind("key: move", "j", "", 1_000),
    kind("key: a page", "<pagedown>", "", 200),
    kind("key: another list", "<tab>", "", 500),
    kind("key: open and leave", "<enter>", "<esc>", 500),
    Kind {
        writes: true,
        ..kind("key: accept", "a", "u", 1_000)
    },
];

pub fn measure(clinic: &Clinic) -> Result<Vec<Figure>, Trouble> {
    let desk = Live::new(clinic.engine()?).without_clock();
    let mut rig = Rig::open(desk, clinic.settings.clone(), clinic.now, SIZE);
    let mut drawing = Sample::default();
    for _ in 0..100 {
        drawing.time(|| rig.cells());
    }
    let mut figures = Vec::new();
    let asked = clinic.engine()?;
    let idle = Idle::new();
    let mut machine = Sample::default();
    for kind in KINDS {
        rig.keys("1<home>");
        let disk = kind.writes.then(|| Disk::beside(clinic)).transpose()?;
        let [mut frame, mut whole, mut synced] = [const { Sample::new() }; 3];
        for _ in 0..ROWS {
            let before = log::next_action(asked.store().connection())?;
            let began = Instant::now();
            let effects: Vec<_> = Chord::parse_all(kind.keys)
                .into_iter()
                .flat_map(|chord| rig.press(chord))
                .collect();
            // One that writes is seen under way; of the others, what was read is in the frame that counts.
            let first = kind.writes.then(|| rig.cells()).map(|_| began.elapsed());
            rig.run(effects);
            let _ = rig.cells();
            let took = began.elapsed();
            let written = log::next_action(asked.store().connection())? > before;
            if written == kind.writes {
                first.into_iter().for_each(|first| frame.push(first));
                whole.push(took);
                rig.keys(kind.back);
                machine.time(|| idle.turn());
                if let Some(disk) = &disk {
                    synced.time(|| disk.write())?;
                }
            } else {
                rig.keys("j");
            }
            if whole.len() == kind.times {
                break;
            }
        }
        if whole.len() < kind.times {
            return Err(format!("{}: it could be pressed only {} times", kind.what, whole.len()).into());
        }
        let figure = |what: &str, sample, limit| Figure::of(what, clinic.referrals, sample, limit);
        let drawing = ("drawing the frame alone", drawing.median());
        if kind.writes {
            let durable = format!("{}, durable and drawn", kind.what);
            figures.push(figure(kind.what, &frame, Limit::AtMost(FELT)).against(drawing.0, drawing.1));
            figures.push(
                figure(&durable, &whole, Limit::Said).against("as many bytes to the disk", synced.median()),
            );
            figures.push(figure("the disk alone, between the keys", &synced, Limit::Said));
        } else {
            figures.push(figure(kind.what, &whole, Limit::AtMost(FELT)).against(drawing.0, drawing.1));
        }
    }
    figures.push(Figure::of(
        "the processor alone, between the keys",
        clinic.referrals,
        &machine,
        Limit::Said,
    ));
    Ok(figures)
}

/// A file beside the database, and as many bytes as an accept writes.
struct Disk(PathBuf);

/// Pages of 4 KiB that an accept of the invented clinic adds to SQLite's write-ahead log: its referral, tasks, timers, milestones,
/// messages, their indexes and the log.
const PAGES: usize = 38;

impl Disk {
    fn beside(clinic: &Clinic) -> std::io::Result<Disk> {
        let disk = Disk(clinic.beside("bench-disk"));
        // As a log that has been round once: the file is there, and no longer grows.
        std::fs::write(&disk.0, [7; 4096 * PAGES])?;
        Ok(disk)
    }

    fn write(&self) -> std::io::Result<()> {
        let mut file = File::options().write(true).open(&self.0)?;
        for _ in 0..PAGES {
            file.write_all(&[7; 4096])?;
        }
        file.sync_data()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Work of about [`TURN`] that reads no file, asks for no memory and calls no system.
struct Idle(usize);

/// As long as a key takes.
const TURN: Duration = Duration::from_micros(2_500);
/// Bytes hashed at a time.
const BLOCK: [u8; 4096] = [7; 4096];

impl Idle {
    fn new() -> Idle {
        let began = Instant::now();
        let mut blocks = 0;
        while began.elapsed() < TURN * 20 {
            black_box(Sha256::digest(black_box(BLOCK)));
            blocks += 1;
        }
        Idle(blocks / 20)
    }

    fn turn(&self) {
        for _ in 0..self.0 {
            black_box(Sha256::digest(black_box(BLOCK)));
        }
    }
}
