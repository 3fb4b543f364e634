//! One document's reading: what it may spend, and what it has already spent.
//!
//! Owns the time, the number of pictured pages and the bytes unpacked that a document gets, its password, and the reader of
//! pictures, which is unpacked when the first picture comes. Must not know what pages hold.

use super::learned::Learned;
use super::ocr::{Lane, Reader};
use super::picture::{MAX_PICTURES, Picture, Trouble};
use super::sheet::Sheet;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::Scope;
use std::time::{Duration, Instant};

/// At most this much is unpacked from all archives of a document together: as much as a document may have unpacked.
const MAX_UNPACKED: u64 = 64 << 20;

/// Time on the wall, in times of the processor time that is allowed.
const PATIENCE: u32 = 4;

/// What this process has spent so far, on all cores.
pub fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or(0),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
}

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

/// What a reading may use.
pub struct Allowance<'a> {
    /// Processor time that it may spend on pictures, on each core; the rest is reported. A machine that is busy with other
    /// things reads slower, and no less: only at [`PATIENCE`] times as long on the wall it ends.
    pub time: Duration,
    /// Cores on which pages are read side by side.
    pub cores: usize,
    /// Opens what is locked.
    pub password: Option<String>,
    /// What corrections taught.
    pub learned: Learned,
    /// Called as it gets on; with `true`, for each pictured page that is done.
    pub beat: &'a (dyn Fn(bool) + Sync),
}

/// One document's reading.
pub struct Reading<'a> {
    reader: OnceLock<Option<Reader>>,
    pictures: AtomicUsize,
    unpacked: AtomicU64,
    /// Processor time at which it ends, and time on the wall.
    spent: Duration,
    ends: Option<Instant>,
    /// Nothing is read: the picture of this number is kept, and drawn.
    sketch: Option<u32>,
    kept: Mutex<Option<Picture>>,
    allowance: Allowance<'a>,
}

/// Where pictures are handed in; what each says is there when all have been.
pub struct Gallery<'scope, 'env, 'r> {
    scope: &'scope Scope<'scope, 'env>,
    reading: &'env Reading<'r>,
    seen: &'env Mutex<Vec<Option<Seen>>>,
    /// Pages that are expected, at the least.
    expected: usize,
    count: usize,
    hand: Option<SyncSender<(usize, u32, Picture)>>,
}

impl<'r> Reading<'r> {
    /// A reading within an allowance.
    pub fn within(allowance: Allowance<'r>) -> Self {
        Self {
            reader: OnceLock::new(),
            pictures: AtomicUsize::new(0),
            unpacked: AtomicU64::new(0),
            spent: processor_time() + allowance.time * u32::try_from(allowance.cores).unwrap_or(1).max(1),
            ends: Instant::now().checked_add(allowance.time * PATIENCE),
            sketch: None,
            kept: Mutex::new(None),
            allowance,
        }
    }

    /// One in which no picture is read, and that of a number is kept.
    pub fn sketch(allowance: Allowance<'r>, number: u32) -> Self {
        Self {
            sketch: Some(number),
            ..Self::within(allowance)
        }
    }

    /// The picture that was kept.
    pub fn sketched(self) -> Option<Picture> {
        self.kept.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// What corrections taught.
    pub fn learned(&self) -> &Learned {
        &self.allowance.learned
    }

    /// What opens a locked document.
    pub fn password(&self) -> Option<&str> {
        self.allowance.password.as_deref()
    }

    /// How many bytes may still be unpacked from archives.
    pub fn unpacked_left(&self) -> u64 {
        MAX_UNPACKED.saturating_sub(self.unpacked.load(Ordering::Relaxed))
    }

    /// Notes that so many bytes were unpacked.
    pub fn unpacked(&self, bytes: u64) {
        self.unpacked.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Says that it gets on, whatever it is doing.
    pub fn beat(&self) {
        (self.allowance.beat)(false);
    }

    fn goes_on(&self) -> bool {
        self.beat();
        processor_time() < self.spent && self.ends.is_none_or(|end| Instant::now() < end)
    }

    /// Reads the pictures that `hand_in` hands in, side by side where cores allow; the answers are in their order. At most
    /// one picture more than there are lanes is held.
    pub fn look(&self, expected: usize, hand_in: impl FnOnce(&mut Gallery<'_, '_, '_>)) -> Vec<Seen> {
        let seen = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            let mut gallery = Gallery {
                scope,
                reading: self,
                seen: &seen,
                expected,
                count: 0,
                hand: None,
            };
            hand_in(&mut gallery);
        });
        let seen = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
        seen.into_iter().map(|one| one.unwrap_or(Seen::Failed)).collect()
    }

    fn see(&self, shot: u32, picture: Picture, lane: &Lane) -> Seen {
        if !self.goes_on() {
            return Seen::Skipped;
        }
        let Some(reader) = self.reader.get_or_init(Reader::load) else {
            return Seen::Failed;
        };
        let go_on = || self.goes_on();
        match reader.read(picture, lane, &go_on) {
            Some(mut sheet) => {
                if let Some(seen) = &mut sheet.shot {
                    seen.number = shot;
                }
                Seen::Read(sheet)
            }
            None if self.goes_on() => Seen::Failed,
            None => Seen::Skipped,
        }
    }
}

impl Gallery<'_, '_, '_> {
    /// Hands a picture in, or why there is none.
    pub fn hand_in(&mut self, picture: Result<Picture, Trouble>) {
        let number = self.count;
        self.count += 1;
        let shot = self.reading.pictures.fetch_add(1, Ordering::Relaxed);
        let taken = shot >= MAX_PICTURES;
        let shot = u32::try_from(shot).unwrap_or(u32::MAX);
        let seen = match picture {
            _ if taken => Seen::Skipped,
            Ok(picture) if self.reading.sketch.is_some() => {
                if self.reading.sketch == Some(shot) {
                    *self.reading.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(picture);
                }
                Seen::Skipped
            }
            _ if !self.reading.goes_on() => Seen::Skipped,
            Err(_) => Seen::Failed,
            Ok(picture) => {
                self.note(number, None);
                if self.hand.is_none() {
                    self.hand = Some(self.open());
                }
                // Where no lane could be opened, the page counts as failed.
                let handed = self
                    .hand
                    .as_ref()
                    .is_some_and(|hand| hand.send((number, shot, picture)).is_ok());
                if handed {
                    return;
                }
                Seen::Failed
            }
        };
        self.note(number, Some(seen));
    }

    fn note(&self, number: usize, seen: Option<Seen>) {
        note(self.seen, number, seen);
    }

    /// Opens the lanes: as many as there are pages, within the cores; a lone page gets all cores.
    fn open(&self) -> SyncSender<(usize, u32, Picture)> {
        let cores = self.reading.allowance.cores.max(1);
        let lanes = self.expected.clamp(1, cores);
        let (hand, taken) = sync_channel::<(usize, u32, Picture)>(0);
        let (reading, seen) = (self.reading, self.seen);
        let taken = std::sync::Arc::new(Mutex::new(taken));
        for _ in 0..lanes {
            let taken = std::sync::Arc::clone(&taken);
            self.scope.spawn(move || {
                let lane = Lane::of(cores / lanes);
                loop {
                    let next = taken.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((number, shot, picture)) = next else { return };
                    let answer = reading.see(shot, picture, &lane);
                    note(seen, number, Some(answer));
                    (reading.allowance.beat)(true);
                }
            });
        }
        hand
    }
}

fn note(seen: &Mutex<Vec<Option<Seen>>>, number: usize, answer: Option<Seen>) {
    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    while seen.len() <= number {
        seen.push(None);
    }
    if let (Some(place), Some(answer)) = (seen.get_mut(number), answer) {
        *place = Some(answer);
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
