//! Where the time of reading pictures goes, step by step, for benchmarks.
//!
//! Owns the measuring. Must not be on the way of any document: a page is read by [`super::Reader::read`] alone.

use super::{Lane, Reader, crop};
use crate::intake::picture::{self, Picture};
use rustix::time::{ClockId, clock_gettime};

/// Processor seconds of each step, summed over the pages.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stages {
    /// Pages that have a picture.
    pub pages: usize,
    /// Lines found on them.
    pub lines: usize,
    /// Unpacking the models; once a document.
    pub load: f64,
    /// From the file's bytes to pixels.
    pub decode: f64,
    /// Where lines stand: the first model.
    pub find: f64,
    /// Cutting lines out.
    pub cut: f64,
    /// What they say: the second model.
    pub recognise: f64,
    /// The whole reading as documents have it: the turning of pages, the second looks and the forming of rows with it.
    pub whole: f64,
}

/// Measures a TIFF, PNG or JPEG on one core; nothing where its pages cannot be decoded.
pub fn stages(bytes: &[u8]) -> Option<Stages> {
    let mut out = Stages::default();
    let mut clock = Clock::start();
    let reader = Reader::load()?;
    out.load = clock.lap();
    let mut pictures: Vec<Picture> = Vec::new();
    picture::pages(bytes, &mut |decoded| {
        pictures.extend(decoded.ok());
        true
    });
    out.decode = clock.lap();
    let lane = Lane::of(1);
    out.pages = pictures.len();
    for picture in pictures {
        clock.lap();
        let slabs = lane.pool.run(|| reader.slabs(&picture, &lane))?;
        out.find += clock.lap();
        out.lines += slabs.len();
        let strips: Vec<crop::Strip> = slabs.iter().map(|slab| crop::line(&picture, slab)).collect();
        out.cut += clock.lap();
        lane.pool.run(|| {
            strips
                .iter()
                .for_each(|strip| drop(reader.recogniser.read(strip, &lane)))
        });
        out.recognise += clock.lap();
        reader.read(picture, &lane, &|| true)?;
        out.whole += clock.lap();
    }
    Some(out)
}

/// The process's own processor time.
struct Clock(f64);

impl Clock {
    fn start() -> Self {
        Clock(now())
    }

    /// Seconds since the last lap.
    fn lap(&mut self) -> f64 {
        let before = std::mem::replace(&mut self.0, now());
        self.0 - before
    }
}

fn now() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
