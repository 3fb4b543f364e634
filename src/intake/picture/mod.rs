//! Pictures of pages: from the bytes of a TIFF, PNG or JPEG to grey pixels with square sides.
//!
//! Owns the picture, the bounds on its size and the choice of decoder. Must not know how anything on it is read.

mod directory;
mod fax;
mod photo;
mod scale;
mod tiff;

pub use tiff::luma;

use std::panic::{AssertUnwindSafe, catch_unwind};

/// At most this many pictured pages of a document are read: a chart that was faxed whole is longer, and is a person's.
pub const MAX_PICTURES: usize = 50;
/// At most this many pixels a page: a legal-size page at 600 dots an inch has 43 million, and no fax or scan of a letter
/// comes near it.
pub const MAX_PIXELS: usize = 40_000_000;
/// Longer sides than this are a damaged header, or a strip of paper that no page reader should be handed.
const MAX_SIDE: usize = 20_000;

/// A page of grey pixels, row by row from the top left; 0 is black.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    grey: Vec<u8>,
}

impl Picture {
    /// A picture of these pixels; `None` where they are not as many as the sides say, or too many.
    pub fn new(width: usize, height: usize, grey: Vec<u8>) -> Option<Self> {
        (fits(width, height) && grey.len() == width * height).then_some(Self { width, height, grey })
    }

    /// Pixels in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The pixels of a row; none where there is no such row.
    pub fn row(&self, y: usize) -> &[u8] {
        let start = y.saturating_mul(self.width);
        self.grey
            .get(start..start.saturating_add(self.width))
            .unwrap_or_default()
    }

    /// A part of it; what lies beyond its edges is white. None where that would be too large.
    pub fn part(&self, left: i64, top: i64, width: usize, height: usize) -> Option<Picture> {
        let mut grey = Vec::with_capacity(width.checked_mul(height).filter(|_| fits(width, height))?);
        for y in (top..).take(height) {
            let row = usize::try_from(y).map_or(&[][..], |y| self.row(y));
            let at = |x: i64| usize::try_from(x).ok().and_then(|x| row.get(x).copied());
            grey.extend((left..).take(width).map(|x| at(x).unwrap_or(255)));
        }
        Picture::new(width, height, grey)
    }

    /// The rows, top to bottom.
    pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.grey.chunks_exact(self.width.max(1))
    }
}

/// Whether a page of these sides is read at all.
pub fn fits(width: usize, height: usize) -> bool {
    (1..=MAX_SIDE).contains(&width) && (1..=MAX_SIDE).contains(&height) && width * height <= MAX_PIXELS
}

/// Why a page has no picture. Never patient data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The bytes are not what they claim to be.
    #[error("it is damaged")]
    Damaged,
    /// More pixels than a page has.
    #[error("it is larger than any page")]
    TooLarge,
    /// A way of packing pixels that is not read.
    #[error("its format is not read")]
    Unsupported,
}

/// How many pages a file has, as far as it is followed.
pub fn count(bytes: &[u8]) -> usize {
    if bytes.starts_with(b"II") || bytes.starts_with(b"MM") {
        directory::list(bytes).pages.len()
    } else {
        1
    }
}

/// Decodes the pages one at a time, so that only one is held; `each` says whether to go on. Returns how many pages the
/// file has, as far as it was followed. The decoders are third parties': a panic on a damaged file is a damaged page.
pub fn pages(bytes: &[u8], each: &mut dyn FnMut(Result<Picture, Trouble>) -> bool) -> usize {
    if bytes.starts_with(b"II") || bytes.starts_with(b"MM") {
        let listed = directory::list(bytes);
        for index in 0..listed.pages.len().min(MAX_PICTURES) {
            let decoded = guarded(|| tiff::page(bytes, &listed, index));
            if !each(decoded) {
                break;
            }
        }
        if listed.pages.is_empty() {
            each(Err(Trouble::Damaged));
        }
        return listed.pages.len();
    }
    each(guarded(|| photo::decode(bytes)));
    1
}

fn guarded(decode: impl FnOnce() -> Result<Picture, Trouble>) -> Result<Picture, Trouble> {
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or(Err(Trouble::Damaged))
}

#[cfg(test)]
mod tests;
