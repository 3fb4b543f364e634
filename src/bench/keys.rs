//! From a key to the frame that shows what it did, everything read and written in between.
//!
//! Owns the keys pressed. The screen is the real one over the real engine, without a terminal: the answer of the worker is
//! waited for, so this is the longest that anybody waits, and not only until the next frame.

use super::sample::{Figure, Limit, Sample};
use super::{Clinic, Trouble};
use crate::tui::live::Live;
use crate::tui::rig::Rig;

/// The design's size for a list and a detail side by side.
const SIZE: (u16, u16) = (120, 40);
/// A frame is not felt below this, in milliseconds.
const FELT: f64 = 8.0;

/// Kinds of key: what it is called, what is pressed, what is pressed to get back, and how often.
const KINDS: [(&str, &str, &str, usize); 5] = [
    ("key: move", "j", "", 200),
    ("key: a page", "<pagedown>", "", 60),
    ("key: another list", "<tab>", "", 120),
    ("key: open and leave", "<enter>", "<esc>", 120),
    ("key: accept", "a", "u", 100),
];

pub fn measure(clinic: &Clinic) -> Result<Vec<Figure>, Trouble> {
    let desk = Live::new(clinic.engine()?).without_clock();
    let mut rig = Rig::open(desk, clinic.settings.clone(), clinic.now, SIZE);
    let mut drawing = Sample::default();
    for _ in 0..100 {
        drawing.time(|| rig.cells());
    }
    let mut figures = Vec::new();
    for (what, keys, back, times) in KINDS {
        rig.keys("1<home>");
        let mut sample = Sample::default();
        for _ in 0..times {
            sample.time(|| {
                rig.keys(keys);
                rig.cells()
            });
            rig.keys(back);
        }
        figures.push(
            Figure::of(what, clinic.referrals, &sample, Limit::AtMost(FELT))
                .against("drawing the frame alone", drawing.median()),
        );
    }
    Ok(figures)
}
