//! From a key to the frame that shows what it did, everything read and written in between.
//!
//! Owns the keys pressed. The screen is the real one over the real engine, without a terminal: the answer of the worker is
//! waited for, so this is the longest that anybody waits, and not only until the next frame. Between the presses the machine
//! is timed at work that touches nothing but the processor: what stops that stops the presses, too, and is not theirs.

use super::sample::{Figure, Limit, Sample};
use super::{Clinic, Trouble};
use crate::store::log;
use crate::tui::live::Live;
use crate::tui::rig::Rig;
use sha2::{Digest, Sha256};
use std::hint::black_box;
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
        let mut sample = Sample::default();
        for _ in 0..ROWS {
            let before = log::next_action(asked.store().connection())?;
            let began = Instant::now();
            rig.keys(kind.keys);
            let _ = rig.cells();
            let took = began.elapsed();
            let written = log::next_action(asked.store().connection())? > before;
            if written == kind.writes {
                sample.push(took);
                rig.keys(kind.back);
                machine.time(|| idle.turn());
            } else {
                rig.keys("j");
            }
            if sample.len() == kind.times {
                break;
            }
        }
        if sample.len() < kind.times {
            return Err(format!("{}: it could be pressed only {} times", kind.what, sample.len()).into());
        }
        figures.push(
            Figure::of(kind.what, clinic.referrals, &sample, Limit::AtMost(FELT))
                .against("drawing the frame alone", drawing.median()),
        );
    }
    figures.push(Figure::of(
        "the processor alone, between the keys",
        clinic.referrals,
        &machine,
        Limit::Said,
    ));
    Ok(figures)
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
