//! A TIFF's directories: what each page is and where its strips lie.
//!
//! Owns the walk over the directories (TIFF 6.0 §2) and its bounds. Must not know how pixels are packed.

use super::MAX_PICTURES;

/// A directory with more entries than this is damaged: a page of a fax has about twenty.
const MAX_ENTRIES: usize = 512;
/// A page has at most this many strips: one a row at the longest side.
const MAX_STRIPS: usize = 20_000;

/// Tags (TIFF 6.0 §8, §11, §22).
pub mod tag {
    /// Pixels in a row.
    pub const WIDTH: u16 = 256;
    /// Rows.
    pub const HEIGHT: u16 = 257;
    /// How the pixels are packed.
    pub const COMPRESSION: u16 = 259;
    /// Whether 0 is white or black.
    pub const PHOTOMETRIC: u16 = 262;
    /// Which bit of a byte comes first.
    pub const FILL_ORDER: u16 = 266;
    /// Where the strips start.
    pub const STRIP_OFFSETS: u16 = 273;
    /// Which way up the page lies.
    pub const ORIENTATION: u16 = 274;
    /// Rows in a strip.
    pub const ROWS_PER_STRIP: u16 = 278;
    /// How long the strips are.
    pub const STRIP_BYTES: u16 = 279;
    /// Pixels per unit along a row.
    pub const X_RESOLUTION: u16 = 282;
    /// Rows per unit.
    pub const Y_RESOLUTION: u16 = 283;
    /// Options of Group 3.
    pub const T4_OPTIONS: u16 = 292;
}

/// One page's entries.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    tag: u16,
    kind: u16,
    count: u32,
    /// Where the four bytes of the value, or of its offset, stand.
    at: usize,
}

/// The pages of a file.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// In order.
    pub pages: Vec<Directory>,
    big_end: bool,
}

/// Follows the chain of directories; a loop, a lie or the bound ends it, and what stood before it counts.
pub fn list(bytes: &[u8]) -> Listed {
    let mut out = Listed {
        pages: Vec::new(),
        big_end: bytes.starts_with(b"MM"),
    };
    let mut seen = Vec::new();
    let mut next = out.long(bytes, 4).unwrap_or(0) as usize;
    // One more than is read, so that a longer file is known to be longer.
    while next != 0 && !seen.contains(&next) && out.pages.len() <= MAX_PICTURES {
        seen.push(next);
        let Some(count) = out.short(bytes, next) else {
            break;
        };
        let count = usize::from(count);
        if count == 0 || count > MAX_ENTRIES {
            break;
        }
        let mut directory = Directory::default();
        for index in 0..count {
            let at = next + 2 + index * 12;
            let (Some(tag), Some(kind), Some(count)) = (
                out.short(bytes, at),
                out.short(bytes, at + 2),
                out.long(bytes, at + 4),
            ) else {
                break;
            };
            directory.entries.push(Entry {
                tag,
                kind,
                count,
                at: at + 8,
            });
        }
        out.pages.push(directory);
        next = out.long(bytes, next + 2 + count * 12).unwrap_or(0) as usize;
    }
    out
}

impl Listed {
    fn short(&self, bytes: &[u8], at: usize) -> Option<u16> {
        let raw = <[u8; 2]>::try_from(bytes.get(at..at.checked_add(2)?)?).ok()?;
        Some(if self.big_end {
            u16::from_be_bytes(raw)
        } else {
            u16::from_le_bytes(raw)
        })
    }

    fn long(&self, bytes: &[u8], at: usize) -> Option<u32> {
        let raw = <[u8; 4]>::try_from(bytes.get(at..at.checked_add(4)?)?).ok()?;
        Some(if self.big_end {
            u32::from_be_bytes(raw)
        } else {
            u32::from_le_bytes(raw)
        })
    }

    fn entry(&self, page: usize, tag: u16) -> Option<&Entry> {
        self.pages
            .get(page)?
            .entries
            .iter()
            .find(|entry| entry.tag == tag)
    }

    /// The whole numbers of an entry (BYTE, SHORT or LONG).
    pub fn numbers(&self, bytes: &[u8], page: usize, tag: u16) -> Vec<u32> {
        let Some(entry) = self.entry(page, tag) else {
            return Vec::new();
        };
        let size = match entry.kind {
            1 => 1,
            3 => 2,
            4 => 4,
            _ => return Vec::new(),
        };
        let count = (entry.count as usize).min(MAX_STRIPS);
        let start = if count * size <= 4 {
            entry.at
        } else {
            self.long(bytes, entry.at).unwrap_or(u32::MAX) as usize
        };
        (0..count)
            .map_while(|index| {
                let at = start.checked_add(index * size)?;
                match size {
                    1 => bytes.get(at).map(|byte| u32::from(*byte)),
                    2 => self.short(bytes, at).map(u32::from),
                    _ => self.long(bytes, at),
                }
            })
            .collect()
    }

    /// The first whole number of an entry.
    pub fn number(&self, bytes: &[u8], page: usize, tag: u16) -> Option<u32> {
        self.numbers(bytes, page, tag).first().copied()
    }

    /// The first fraction of an entry, where it is a positive number.
    pub fn ratio(&self, bytes: &[u8], page: usize, tag: u16) -> Option<f32> {
        let entry = self.entry(page, tag).filter(|entry| entry.kind == 5)?;
        let at = self.long(bytes, entry.at)? as usize;
        let (over, under) = (self.long(bytes, at)?, self.long(bytes, at.checked_add(4)?)?);
        (over > 0 && under > 0).then(|| over as f32 / under as f32)
    }

    /// The bytes of each strip of a page, as far as they lie within the file.
    pub fn strips<'a>(&self, bytes: &'a [u8], page: usize) -> Vec<&'a [u8]> {
        let offsets = self.numbers(bytes, page, tag::STRIP_OFFSETS);
        let sizes = self.numbers(bytes, page, tag::STRIP_BYTES);
        offsets
            .iter()
            .enumerate()
            .filter_map(|(index, offset)| {
                let start = (*offset as usize).min(bytes.len());
                // A lone strip without a size runs to the end of the file; a size that lies is cut there too.
                let size = sizes.get(index).map_or(bytes.len(), |size| *size as usize);
                bytes.get(start..start.saturating_add(size).min(bytes.len()))
            })
            .collect()
    }
}
