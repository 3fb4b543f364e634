//! Reading pictures of pages: where lines of text stand, what each says, how sure each character is.
//!
//! Owns the two models, the way from pixels to placed runs and the turning of a page that lies on its side. Must not know
//! which container a picture came from, or what any page is about.
//!
//! Pixels go in as they came: removing specks, blurring and straightening beforehand made these models read worse.

mod boxes;
mod crop;
mod detect;
mod hull;
mod ink;
mod marks;
mod recognise;
mod regions;
mod rows;
mod strokes;
mod trial;
mod weights;

pub use trial::{Stages, stages};

use super::document::Shot;
use super::picture::Picture;
use super::sheet::Sheet;
use detect::Detector;
use recognise::{Recogniser, Written};
use regions::Slab;
use rten::{RunOptions, ThreadPool};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// A page has at most this many lines; the detector finds more only in a picture of something else.
const MAX_LINES: usize = 600;
/// The mean sureness of well-read lines; below it the page may stand on its head.
const DOUBTFUL: f32 = 0.75;
/// Lines tried to tell which way up a page is.
const TRIED: usize = 5;

/// The reader of pictures.
pub struct Reader {
    detector: Detector,
    recogniser: Recogniser,
}

/// The cores on which a page is read. Pages that are read side by side have a lane each: the models' own pool would read them
/// one after the other.
pub struct Lane {
    pool: Arc<ThreadPool>,
}

impl Lane {
    /// A lane of so many cores.
    pub fn of(cores: usize) -> Self {
        Self {
            pool: Arc::new(ThreadPool::with_num_threads(cores.max(1))),
        }
    }

    fn options(&self) -> RunOptions {
        RunOptions::default().with_thread_pool(Some(Arc::clone(&self.pool)))
    }
}

/// A line of text: where it stands and what it says.
struct Line {
    slab: Slab,
    written: Written,
}

impl Reader {
    /// Unpacks the models that are part of the program. `None` would mean that they were damaged when it was built.
    pub fn load() -> Option<Self> {
        Some(Self {
            detector: Detector::load()?,
            recogniser: Recogniser::load()?,
        })
    }

    /// Reads a page; `go_on` is asked now and then, and its "no" ends the reading. `None` where it was ended or failed.
    pub fn read(&self, picture: Picture, lane: &Lane, go_on: &(dyn Fn() -> bool + Sync)) -> Option<Sheet> {
        // The whole page is read on the lane, so that a run of a model need not change threads.
        let page = || self.page(picture, lane, go_on);
        catch_unwind(AssertUnwindSafe(|| lane.pool.run(page))).ok()?
    }

    fn page(&self, mut picture: Picture, lane: &Lane, go_on: &(dyn Fn() -> bool + Sync)) -> Option<Sheet> {
        let mut slabs = self.slabs(&picture, lane)?;
        let mut turn = 0;
        let tall = slabs.iter().filter(|slab| slab.is_upended()).count();
        if slabs.len() >= TRIED && tall * 2 > slabs.len() {
            picture = picture.turned();
            turn = 1;
            slabs = self.slabs(&picture, lane)?;
        }
        if !go_on() {
            return None;
        }
        // A few long lines tell which way up the page is; where it is the right way, they are read already.
        let mut read = self.longest(&picture, &slabs, lane)?;
        if sureness(&read) < DOUBTFUL && self.stands_on_its_head(&picture, &slabs, &read, lane) {
            picture = picture.turned().turned();
            turn += 2;
            slabs = self.slabs(&picture, lane)?;
            read.clear();
        }
        let mut lines = Vec::with_capacity(slabs.len());
        for (index, slab) in slabs.into_iter().enumerate() {
            if !go_on() {
                return None;
            }
            let written = match read.remove(&index) {
                Some(written) => written,
                None => self.recogniser.read(&crop::line(&picture, &slab), lane)?,
            };
            lines.push(Line { slab, written });
        }
        let mut runs = rows::runs(&lines, picture.width() as f32, picture.height() as f32);
        marks::add(&ink::Ink::new(&picture, rows::slant(&lines)), &mut runs);
        Some(Sheet::new(runs).of_shot(Some(Shot { number: 0, turn })))
    }

    fn slabs(&self, picture: &Picture, lane: &Lane) -> Option<Vec<Slab>> {
        let mut slabs = self.detector.find(picture, lane)?;
        slabs.truncate(MAX_LINES);
        Some(slabs)
    }

    /// Reads the longest lines, each by its place among all.
    fn longest(&self, picture: &Picture, slabs: &[Slab], lane: &Lane) -> Option<BTreeMap<usize, Written>> {
        let mut longest: Vec<(usize, &Slab)> = slabs.iter().enumerate().collect();
        longest.sort_by(|(_, a), (_, b)| b.length.total_cmp(&a.length));
        let read = |(index, slab): (usize, &Slab)| {
            Some((index, self.recogniser.read(&crop::line(picture, slab), lane)?))
        };
        longest.into_iter().take(TRIED).map(read).collect()
    }

    /// Whether the same lines read better from their other ends.
    fn stands_on_its_head(
        &self,
        picture: &Picture,
        slabs: &[Slab],
        upright: &BTreeMap<usize, Written>,
        lane: &Lane,
    ) -> bool {
        let turned = upright.keys().filter_map(|index| {
            let slab = slabs.get(*index)?.turned();
            Some((*index, self.recogniser.read(&crop::line(picture, &slab), lane)?))
        });
        sureness(&turned.collect()) > sureness(upright) + 0.1
    }
}

/// The mean sureness of lines.
fn sureness(read: &BTreeMap<usize, Written>) -> f32 {
    read.values().map(Written::sureness).sum::<f32>() / read.len().max(1) as f32
}

#[cfg(test)]
mod marks_tests;
#[cfg(test)]
mod tests;
