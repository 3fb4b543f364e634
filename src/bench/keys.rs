//! From a key to the frame that shows what it did, everything read and written in between.
//!
//! Owns the keys pressed. The screen is the real one over the real engine, without a terminal: the answer of the worker is
//! waited for, so this is the longest that anybody waits, and not only until the next frame.

use super::sample::{Figure, Limit, Sample};
use super::{Clinic, Trouble};
use crate::store::log;
use crate::tui::live::Live;
use crate::tui::rig::Rig;

/// The design's size for a list and a detail side by side.
const SIZE: (u16, u16) = (120, 40);
/// How far down a row is looked for on which a key can be pressed.
const ROWS: usize = 2_000;
/// A frame is not felt below this, in milliseconds.
const FELT: f64 = 8.0;

/// A kind of key.
struct Kind {
    what: &'static str,
    keys: &'static str,
    /// What is pressed to get back.
    back: &'static str,
    times: usize,
    /// Actions written by one press and the way back. What writes is pressed where it can: the cursor goes down until then.
    written: i64,
}

const fn kind(what: &'static str, keys: &'static str, back: &'static str, times: usize) -> Kind {
    Kind {
        what,
        keys,
        back,
        times,
        written: 0,
    }
}

const KINDS: [Kind; 5] = [
    kind("key: move", "j", "", 200),
    kind("key: a page", "<pagedown>", "", 60),
    kind("key: another list", "<tab>", "", 120),
    kind("key: open and leave", "<enter>", "<esc>", 120),
    Kind {
        written: 2,
        ..kind("key: accept", "a", "u", 100)
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
        let written = || log::next_action(asked.store().connection());
        for _ in 0..if kind.written > 0 { ROWS } else { 0 } {
            let before = written()?;
            rig.keys(kind.keys);
            if written()? > before {
                rig.keys(kind.back);
                break;
            }
            rig.keys("j");
        }
        let before = written()?;
        let mut sample = Sample::default();
        for _ in 0..kind.times {
            sample.time(|| {
                rig.keys(kind.keys);
                rig.cells()
            });
            rig.keys(kind.back);
        }
        let written = written()? - before;
        let wanted = kind.written * i64::try_from(kind.times)?;
        if written != wanted {
            return Err(format!("{}: {written} actions were written, and not {wanted}", kind.what).into());
        }
        figures.push(
            Figure::of(kind.what, clinic.referrals, &sample, Limit::AtMost(FELT))
                .against("drawing the frame alone", drawing.median()),
        );
    }
    Ok(figures)
}
