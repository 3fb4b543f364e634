//! One document's reading: what it may spend, and what it has already seen.
//!
//! Owns the time and the number of pictured pages that a document gets, and the reader of pictures, which is unpacked when
//! the first picture comes. Must not know what pages hold.

use super::ocr::Reader;
use super::picture::{MAX_PICTURES, Picture, Trouble};
use super::sheet::Sheet;
use std::cell::{Cell, OnceCell};
use std::time::{Duration, Instant};

/// At most this much is unpacked from all archives of a document together: as much as a document may have unpacked.
const MAX_UNPACKED: u64 = 64 << 20;

/// What became of a pictured page.
#[derive(Debug, PartialEq)]
pub enum Seen {
    /// It was read; a blank page has no runs.
    Read(Sheet),
    /// It could not be.
    Failed,
    /// There was no time for it, or the document has too many.
    Skipped,
}

/// One document's reading.
pub struct Reading<'a> {
    reader: OnceCell<Option<Reader>>,
    pictures: Cell<usize>,
    ends: Option<Instant>,
    unpacked: Cell<u64>,
    beat: &'a dyn Fn(),
}

impl<'a> Reading<'a> {
    /// A reading that takes at most `budget` for its pictures and calls `beat` as it gets on.
    pub fn within(budget: Duration, beat: &'a dyn Fn()) -> Self {
        Self {
            reader: OnceCell::new(),
            pictures: Cell::new(0),
            ends: Instant::now().checked_add(budget),
            unpacked: Cell::new(0),
            beat,
        }
    }

    /// How many bytes may still be unpacked from archives.
    pub fn unpacked_left(&self) -> u64 {
        MAX_UNPACKED.saturating_sub(self.unpacked.get())
    }

    /// Notes that so many bytes were unpacked.
    pub fn unpacked(&self, bytes: u64) {
        self.unpacked.set(self.unpacked.get().saturating_add(bytes));
    }

    /// Whether there is time, and room, for another picture.
    pub fn goes_on(&self) -> bool {
        (self.beat)();
        self.pictures.get() < MAX_PICTURES && self.ends.is_none_or(|end| Instant::now() < end)
    }

    /// Reads the picture of a page.
    pub fn see(&self, picture: Result<Picture, Trouble>) -> Seen {
        if !self.goes_on() {
            return Seen::Skipped;
        }
        self.pictures.set(self.pictures.get() + 1);
        let Ok(picture) = picture else {
            return Seen::Failed;
        };
        let go_on = || {
            (self.beat)();
            self.ends.is_none_or(|end| Instant::now() < end)
        };
        let Some(reader) = self.reader.get_or_init(Reader::load) else {
            return Seen::Failed;
        };
        match reader.read(picture, &go_on) {
            Some(sheet) => Seen::Read(sheet),
            None if go_on() => Seen::Failed,
            None => Seen::Skipped,
        }
    }
}

/// Counts what became of a document's pictured pages, for a person.
#[derive(Debug, Default)]
pub struct Tally {
    /// Pages that could not be read.
    pub failed: usize,
    /// Pages that were not tried.
    pub skipped: usize,
    /// Pages without a word.
    pub blank: usize,
}

impl Tally {
    /// Takes a page's sheet and counts the rest. A page that could not be read keeps its number: its sheet is empty.
    pub fn take(&mut self, seen: Seen) -> Sheet {
        match seen {
            Seen::Read(sheet) => {
                self.blank += usize::from(sheet.runs.is_empty());
                sheet
            }
            Seen::Failed => {
                self.failed += 1;
                Sheet::default()
            }
            Seen::Skipped => {
                self.skipped += 1;
                Sheet::default()
            }
        }
    }

    /// What a person should know. Never patient data.
    pub fn warnings(&self, pages: usize) -> Vec<String> {
        [
            (self.failed, "could not be read; a person must read them"),
            (
                self.skipped,
                "were not read for want of time; a person must read them",
            ),
            (self.blank, "seem to be blank; a person should look"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} of {pages} pages {what}"))
        .collect()
    }
}
