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
mod weights;

use super::picture::Picture;
use super::sheet::Sheet;
use detect::Detector;
use recognise::{Recogniser, Written};
use regions::Slab;
use std::panic::{AssertUnwindSafe, catch_unwind};

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
    pub fn read(&self, picture: Picture, go_on: &dyn Fn() -> bool) -> Option<Sheet> {
        catch_unwind(AssertUnwindSafe(|| self.page(picture, go_on))).ok()?
    }

    fn page(&self, mut picture: Picture, go_on: &dyn Fn() -> bool) -> Option<Sheet> {
        let mut slabs = self.slabs(&picture)?;
        let tall = slabs.iter().filter(|slab| slab.is_upended()).count();
        if slabs.len() >= TRIED && tall * 2 > slabs.len() {
            picture = picture.turned();
            slabs = self.slabs(&picture)?;
        }
        if !go_on() {
            return None;
        }
        if self.stands_on_its_head(&picture, &slabs) {
            picture = picture.turned().turned();
            slabs = self.slabs(&picture)?;
        }
        let mut lines = Vec::with_capacity(slabs.len());
        for slab in slabs {
            if !go_on() {
                return None;
            }
            let written = self.recogniser.read(&crop::line(&picture, &slab))?;
            lines.push(Line { slab, written });
        }
        let mut runs = rows::runs(&lines, picture.width() as f32, picture.height() as f32);
        marks::add(&ink::Ink::new(&picture, rows::slant(&lines)), &mut runs);
        Some(Sheet::new(runs))
    }

    fn slabs(&self, picture: &Picture) -> Option<Vec<Slab>> {
        let mut slabs = self.detector.find(picture)?;
        slabs.truncate(MAX_LINES);
        Some(slabs)
    }

    /// Reads a few long lines both ways up.
    fn stands_on_its_head(&self, picture: &Picture, slabs: &[Slab]) -> bool {
        let mut longest: Vec<&Slab> = slabs.iter().collect();
        longest.sort_by(|a, b| b.length.total_cmp(&a.length));
        let mean = |turned: bool| {
            let read: Vec<f32> = longest
                .iter()
                .take(TRIED)
                .filter_map(|slab| {
                    let slab = if turned { slab.turned() } else { **slab };
                    Some(self.recogniser.read(&crop::line(picture, &slab))?.sureness())
                })
                .collect();
            read.iter().sum::<f32>() / read.len().max(1) as f32
        };
        let upright = mean(false);
        upright < DOUBTFUL && mean(true) > upright + 0.1
    }
}

#[cfg(test)]
mod marks_tests;
#[cfg(test)]
mod tests;
