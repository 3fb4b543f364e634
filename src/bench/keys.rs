//! From a key to the frame that shows what it did, everything read and written in between.
//!
//! Owns the keys pressed. The screen is the real one over the real engine, without a terminal: the answer of the worker is
//! waited for, so this is the longest that anybody waits, and not only until the next frame.

use super::sample::{Figure, Limit, Sample};
use super::{Clinic, Trouble};
use crate::store::log;
use crate::tui::live::Live;
use crate::tui::rig::Rig;
use std::time::Instant;

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
    Ok(figures)
}
