//! A line of the log as bytes: one action with its events, each text behind its length.
//!
//! Owns the spelling: every text is preceded by its length in four bytes, the lowest first; one that is not there has the
//! length [`NOTHING`]. Must not know where lines lie.

use super::super::StoreError;
use super::super::log::{self, Action, Entry};
use super::super::plate::Chapter;
use super::corrupt;
use crate::domain::event::Event;
use crate::domain::time::parse_stamp;

/// The length of a text that is not there.
const NOTHING: u32 = u32::MAX;

/// A line as it is read.
pub struct Line<'a> {
    /// RFC 3339.
    pub at: &'a str,
    pub actor: &'a str,
    pub role: &'a str,
    pub cause: &'a str,
    pub referral: Option<i64>,
    pub client_id: Option<&'a str>,
    pub batch: Option<&'a str>,
    pub command: &'a str,
    pub undo_of: Option<i64>,
    pub receipt: &'a str,
    events: Texts<'a>,
}

/// Begins a line: what its events share. Its number is not part of it.
pub fn begin(out: &mut Vec<u8>, entry: &Entry<'_>, role: &str, action: &Action<'_>) {
    let number = |number: Option<i64>| number.map(|number| number.to_string());
    let (referral, undo_of) = (number(entry.referral), number(action.undo_of));
    for text in [
        Some(entry.at),
        Some(entry.actor),
        Some(role),
        Some(entry.cause),
        referral.as_deref(),
        action.client_id,
        action.batch,
        Some(action.command),
        undo_of.as_deref(),
        Some(action.receipt),
    ] {
        put(out, text);
    }
}

/// Adds an event to a line.
pub fn event(out: &mut Vec<u8>, fact: &str, patches: &str) {
    put(out, Some(fact));
    put(out, Some(patches));
}

fn put(out: &mut Vec<u8>, text: Option<&str>) {
    // A text of 4 GiB is none: SQLite takes at most a quarter of that.
    let length = text.map_or(NOTHING, |text| u32::try_from(text.len()).unwrap_or(NOTHING));
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(text.unwrap_or_default().as_bytes());
}

impl<'a> Line<'a> {
    /// Reads a line.
    ///
    /// # Errors
    /// `Corrupt` where it is none.
    pub fn parse(bytes: &'a [u8]) -> Result<Line<'a>, StoreError> {
        let mut texts = Texts(bytes);
        Ok(Line {
            at: texts.one()?,
            actor: texts.one()?,
            role: texts.one()?,
            cause: texts.one()?,
            referral: texts.number()?,
            client_id: texts.next()?,
            batch: texts.next()?,
            command: texts.one()?,
            undo_of: texts.number()?,
            receipt: texts.one()?,
            events: texts,
        })
    }

    /// The next event: what happened, and its changes, both as JSON.
    ///
    /// # Errors
    /// `Corrupt`.
    pub fn event(&mut self) -> Result<Option<(&'a str, &'a str)>, StoreError> {
        if self.events.0.is_empty() {
            return Ok(None);
        }
        Ok(Some((self.events.one()?, self.events.one()?)))
    }

    /// The line as a chapter of its referral's history.
    ///
    /// # Errors
    /// `Corrupt`.
    pub fn chapter(mut self) -> Result<Chapter, StoreError> {
        let mut events = Vec::new();
        while let Some((fact, patches)) = self.event()? {
            events.push(Event {
                fact: serde_json::from_str(fact).map_err(|error| corrupt(error.to_string()))?,
                patches: log::patches(patches)?,
            });
        }
        Ok(Chapter {
            at: parse_stamp(self.at).map_err(corrupt)?,
            actor: self.actor.to_owned(),
            role: self.role.to_owned(),
            cause: self.cause.to_owned(),
            command: self.command.to_owned(),
            events,
        })
    }
}

/// The texts that are still to be read.
struct Texts<'a>(&'a [u8]);

impl<'a> Texts<'a> {
    fn next(&mut self) -> Result<Option<&'a str>, StoreError> {
        let short = || corrupt("it is cut short");
        let (length, rest) = self.0.split_first_chunk::<4>().ok_or_else(short)?;
        let length = u32::from_le_bytes(*length);
        if length == NOTHING {
            self.0 = rest;
            return Ok(None);
        }
        let (text, rest) = rest.split_at_checked(length as usize).ok_or_else(short)?;
        self.0 = rest;
        std::str::from_utf8(text)
            .map(Some)
            .map_err(|error| corrupt(error.to_string()))
    }

    fn one(&mut self) -> Result<&'a str, StoreError> {
        self.next()?.ok_or_else(|| corrupt("a text is missing"))
    }

    fn number(&mut self) -> Result<Option<i64>, StoreError> {
        let number = self.next()?.map(str::parse);
        number.transpose().map_err(|_| corrupt("a number is none"))
    }
}
