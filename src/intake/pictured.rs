//! A file that is a picture, or several, as pages.
//!
//! Owns what is said of pages that could not be read. Must not know how pictures are decoded or read.

use super::document::Container;
use super::picture::{self, MAX_PICTURES};
use super::reading::{Reading, Tally};
use super::source::Source;

/// Reads a TIFF, PNG or JPEG.
pub fn read(bytes: &[u8], reading: &Reading<'_>) -> Source {
    let mut source = Source {
        container: Container::Image,
        ..Source::default()
    };
    let mut why = None;
    let mut pages = 0;
    let seen = reading.look(picture::count(bytes), |gallery| {
        pages = picture::pages(bytes, &mut |decoded| {
            why = why.or(decoded.as_ref().err().copied());
            gallery.hand_in(decoded);
            true
        });
    });
    let mut tally = Tally::default();
    source.sheets = seen.into_iter().map(|seen| tally.take(seen)).collect();
    let seen = source.sheets.len();
    if tally.failed == seen {
        let why = why.map_or_else(String::new, |trouble| format!(" ({trouble})"));
        return Source::unreadable(
            Container::Image,
            &format!("the picture could not be read{why}; a person must look"),
        );
    }
    source.warnings = tally.warnings(seen);
    if pages > MAX_PICTURES {
        source
            .warnings
            .push(format!("only the first {MAX_PICTURES} pictured pages were read"));
    }
    source
}
