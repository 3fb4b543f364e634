//! Text messages by a modem: the files of `gammu-smsd` (gammu-smsd-files(7)).
//!
//! Owns the name, which carries the number, and the text, plain where it is ASCII and else UTF-16 with its mark. Must not
//! know when a message is sent.

use super::smstools::international;
use super::spool::Spool;
use super::way::{AfterCrash, Handover, Health, Way};
use crate::domain::message::Message;
use crate::domain::text;
use crate::domain::time::Stamp;
use std::path::Path;

/// The outbox folder of `gammu-smsd`.
pub struct Gammu {
    spool: Spool,
    country: String,
}

impl Gammu {
    /// On the outbox folder; `country` is the calling code of numbers that come without one.
    pub fn new(outbox: &Path, country: &str) -> Gammu {
        Gammu {
            spool: Spool::new(outbox),
            country: country.to_owned(),
        }
    }
}

/// The file's name, `OUT<priority><date>_<time>_<serial>_<recipient>_<note>.<ext><options>`: the moment from which it may
/// leave, the message's number as the note, and `d` for a delivery report.
///
/// # Errors
/// A sentence where the number cannot be.
pub fn file_name(message: &Message, country: &str) -> Result<String, String> {
    let number = international(&message.address, country)?;
    let at: String = crate::domain::time::print_stamp(message.not_before)
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    let (day, time) = at.split_at_checked(8).unwrap_or((&at, ""));
    Ok(format!("OUTC{day}_{time}_00_+{number}_m{}.txtd", message.id.0))
}

/// The text.
pub fn file(message: &Message) -> Vec<u8> {
    let said = text::squeeze(&text::line(&message.body));
    if said.is_ascii() {
        return said.into_bytes();
    }
    std::iter::once(0xFEFF)
        .chain(said.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect()
}

impl Way for Gammu {
    fn name(&self) -> &'static str {
        "gammu"
    }

    fn after_crash(&self) -> AfterCrash {
        AfterCrash::Again
    }

    fn hand_over(&self, message: &Message, _now: Stamp) -> Handover {
        match file_name(message, &self.country) {
            Ok(name) => self.spool.hand_over(message, &name, &file(message)),
            Err(why) => Handover::Refused(why),
        }
    }

    fn noted(&self, message: &Message) {
        self.spool.forget(message);
    }

    fn health(&self) -> Health {
        self.spool.health(self.name())
    }
}
