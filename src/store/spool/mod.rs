//! The spool: lines of the log that are held back, and written in the order of time.
//!
//! Owns what waits, on reels beside the database; in memory is only when each line happened and where it lies. An invented
//! clinic is lived story by story ([`crate::demo`]), and its log tells it day by day, as a real one's does. Lines of the same
//! moment keep the order in which they came. What waits is lost with the process: whoever holds lines back has to say so
//! until they are written. Must not know what a line means, but that a receipt bears the number of its action.

mod line;
mod reel;

pub(super) use line::{begin, event};

use super::StoreError;
use super::log::{self, Action, End, Entry, Header};
use super::plate::Chapter;
use crate::domain::event::Event;
use crate::domain::id::ReferralId;
use crate::domain::time::{Stamp, parse_stamp, print_stamp, seconds};
use line::Line;
use reel::Reel;
use rusqlite::Connection;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::path::{Path, PathBuf};

/// The number of an action that has none yet.
pub(super) const UNNUMBERED: i64 = 0;
/// How the receipt of such an action begins.
const UNNUMBERED_RECEIPT: &str = "{\"action\":0,";

/// Where a line lies. Later lines lie further on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    reel: u32,
    at: u32,
}

/// Lines that wait.
pub struct Spool {
    folder: PathBuf,
    reels: BTreeMap<u32, Reel>,
    /// The earliest first: its second since 1970, and its place.
    waiting: BinaryHeap<Reverse<(i64, Place)>>,
    /// The second of the line that was written last.
    written: i64,
    /// The referral with the highest number, and where its lines lie.
    latest: (i64, Vec<Place>),
    bytes: Vec<u8>,
}

impl Spool {
    /// An empty spool; its reels lie in the folder of a database.
    pub fn beside(database: &Path) -> Spool {
        Spool {
            folder: database.parent().unwrap_or(Path::new(".")).to_owned(),
            reels: BTreeMap::new(),
            waiting: BinaryHeap::new(),
            written: i64::MIN,
            latest: (0, Vec::new()),
            bytes: Vec::new(),
        }
    }

    /// How many lines wait.
    pub fn len(&self) -> u64 {
        self.waiting.len() as u64
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Holds an action and its events back.
    ///
    /// # Errors
    /// `File` where the reel cannot be written; `Corrupt` where it is earlier than what is in the log already.
    pub fn append(
        &mut self,
        header: &Header<'_>,
        action: &Action<'_>,
        events: &[Event],
    ) -> Result<(), StoreError> {
        let at = print_stamp(header.at);
        let referral = header.referral.map(|id| id.0);
        let entry = Entry {
            action: UNNUMBERED,
            at: &at,
            actor: header.actor,
            cause: header.cause,
            referral,
        };
        let mut bytes = self.blank();
        begin(&mut bytes, &entry, header.role, action);
        for one in events {
            event(&mut bytes, &log::json(&one.fact)?, &log::json(&one.patches)?);
        }
        let place = self.wind(header.at, bytes)?;
        match referral {
            Some(referral) if referral > self.latest.0 => self.latest = (referral, vec![place]),
            Some(referral) if referral == self.latest.0 => self.latest.1.push(place),
            Some(_) | None => {}
        }
        Ok(())
    }

    /// Room for a line; [`Spool::wind`] takes it back.
    pub(super) fn blank(&mut self) -> Vec<u8> {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.clear();
        bytes
    }

    /// Holds a line back; where it lies.
    fn wind(&mut self, at: Stamp, line: Vec<u8>) -> Result<Place, StoreError> {
        let at = seconds(at);
        if at < self.written {
            return Err(corrupt("it is earlier than what is in the log already"));
        }
        let full = self.reels.last_key_value().is_none_or(|(_, reel)| reel.is_full());
        let number = self
            .reels
            .keys()
            .next_back()
            .map_or(0, |last| last + u32::from(full));
        let reel = match self.reels.entry(number) {
            std::collections::btree_map::Entry::Occupied(reel) => reel.into_mut(),
            std::collections::btree_map::Entry::Vacant(place) => place.insert(Reel::new(&self.folder)?),
        };
        let place = Place {
            reel: number,
            at: reel.put(&line).map_err(|source| file(&self.folder, source))?,
        };
        self.waiting.push(Reverse((at, place)));
        self.bytes = line;
        Ok(place)
    }

    /// The same for a line whose moment is spelled out; RFC 3339.
    ///
    /// # Errors
    /// As [`Spool::append`].
    pub(super) fn wind_at(&mut self, at: &str, line: Vec<u8>) -> Result<(), StoreError> {
        let at = parse_stamp(at).map_err(corrupt)?;
        self.wind(at, line).map(drop)
    }

    /// Writes lines into the log, the earliest first: those from before a moment, or all, and at most so many; how many.
    ///
    /// # Errors
    /// SQLite's, or `File` where the reel cannot be read.
    pub fn pour(
        &mut self,
        connection: &Connection,
        end: &mut End,
        before: Option<Stamp>,
        most: u64,
    ) -> Result<u64, StoreError> {
        let before = before.map_or(i64::MAX, seconds);
        let mut poured = 0;
        let mut bytes = self.blank();
        while poured < most
            && let Some(Reverse((at, place))) = self.waiting.peek().copied()
            && at < before
        {
            self.waiting.pop();
            self.read(place, &mut bytes)?;
            write(connection, end, Line::parse(&bytes)?)?;
            self.written = at;
            self.let_go(place.reel);
            poured += 1;
        }
        self.bytes = bytes;
        Ok(poured)
    }

    fn read(&mut self, place: Place, out: &mut Vec<u8>) -> Result<(), StoreError> {
        let reel = self
            .reels
            .get_mut(&place.reel)
            .ok_or_else(|| corrupt("its reel is gone"))?;
        reel.get(place.at, out)
            .map_err(|source| file(&self.folder, source))
    }

    /// A reel from which all is written makes room.
    fn let_go(&mut self, number: u32) {
        let is_done = self.reels.get_mut(&number).is_some_and(Reel::let_go);
        if is_done && self.reels.keys().next_back() != Some(&number) {
            self.reels.remove(&number);
        }
    }

    /// What happened to the referral with the highest number, action by action, the first first; nothing of any other.
    ///
    /// # Errors
    /// `File`, or `Corrupt`.
    pub fn chapters(&mut self, of: ReferralId) -> Result<Vec<Chapter>, StoreError> {
        if self.latest.0 != of.0 {
            return Ok(Vec::new());
        }
        let places = self.latest.1.clone();
        let mut bytes = self.blank();
        let mut chapters = Vec::new();
        for place in places {
            self.read(place, &mut bytes)?;
            chapters.push(Line::parse(&bytes)?.chapter()?);
        }
        self.bytes = bytes;
        Ok(chapters)
    }
}

/// Appends a line to the log, with its number.
fn write(connection: &Connection, end: &mut End, mut line: Line<'_>) -> Result<(), StoreError> {
    let entry = Entry {
        action: end.action,
        at: line.at,
        actor: line.actor,
        cause: line.cause,
        referral: line.referral,
    };
    let receipt = line
        .receipt
        .strip_prefix(UNNUMBERED_RECEIPT)
        .map(|rest| format!("{{\"action\":{},{rest}", end.action))
        .ok_or_else(|| corrupt("its receipt has a number already"))?;
    let action = Action {
        client_id: line.client_id,
        batch: line.batch,
        command: line.command,
        undo_of: line.undo_of,
        // What is held back is never of several referrals at once.
        joint: None,
        receipt: &receipt,
    };
    log::put_action(connection, &entry, line.role, &action)?;
    while let Some((fact, patches)) = line.event()? {
        end.put(connection, &entry, fact, patches)?;
    }
    end.action += 1;
    Ok(())
}

fn corrupt(why: impl Into<String>) -> StoreError {
    StoreError::Corrupt {
        what: "line that was held back",
        why: why.into(),
    }
}

fn file(folder: &Path, source: std::io::Error) -> StoreError {
    StoreError::File {
        path: folder.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests;
