//! A file that is a picture, or several, as pages; and the pages that stand as pictures in a letter.
//!
//! Owns what is said of pages that could not be read. Must not know how pictures are decoded or read.

use super::document::Container;
use super::picture::{self, MAX_PICTURES, Picture};
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

/// A file with fewer characters than this and pictures in it is a scan that somebody put into a letter.
pub const SCANT: usize = 250;
/// A picture of fewer pixels is a logo or a signature.
const PAGE_SIZED: usize = 300_000;
/// Pictures of one letter that are looked at.
pub const MOST: usize = 20;
/// A picture of a kind that is not read may be a page from so many bytes on: one in black and white at 200 dots an inch has 460 kB, a
/// drawn logo hardly a tenth.
const HEAVY: usize = 200_000;

/// Adds the page-sized pictures of a letter to its pages. `beyond` of them are not among those looked at; where the letter has a text of
/// its own (`lettered`), a picture without a word is its ornament.
pub fn within(
    pictures: impl Iterator<Item = Vec<u8>>,
    beyond: usize,
    lettered: bool,
    reading: &Reading<'_>,
    source: &mut Source,
) {
    let mut unread = beyond;
    let seen = reading.look(1, |gallery| {
        for bytes in pictures {
            picture::pages(&bytes, &mut |decoded| {
                let page = |picture: &Picture| picture.width() * picture.height() >= PAGE_SIZED;
                match &decoded {
                    Ok(picture) if page(picture) => gallery.hand_in(decoded),
                    Err(_) if bytes.len() >= HEAVY => unread += 1,
                    Ok(_) | Err(_) => {}
                }
                true
            });
        }
    });
    let mut tally = Tally::default();
    let count = seen.len();
    for seen in seen {
        let sheet = tally.take(seen);
        if !lettered || !sheet.runs.is_empty() {
            source.sheets.push(sheet);
        }
    }
    if lettered {
        tally.blank = 0;
    }
    source.warnings.extend(tally.warnings(count));
    if unread > 0 {
        let why = format!("{unread} pictures in the file were not read: a person must look");
        source.warnings.push(why.clone());
        source.for_person.get_or_insert(why);
    }
}
