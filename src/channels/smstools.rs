//! Text messages by a modem: the spool of SMS Server Tools 3 (`smsd`).
//!
//! Owns the file that `smsd` takes from its `outgoing` folder (smstools3, "SMS file format"): headers, an empty line, the
//! text. Must not know when a message is sent.

use super::spool::Spool;
use super::way::{AfterCrash, Handover, Health, Way};
use crate::domain::message::Message;
use crate::domain::text;
use crate::domain::time::Stamp;
use std::path::Path;

/// The spool.
pub struct Smstools {
    spool: Spool,
    country: String,
}

impl Smstools {
    /// On the `outgoing` folder; `country` is the calling code of numbers that come without one.
    pub fn new(outgoing: &Path, country: &str) -> Smstools {
        Smstools {
            spool: Spool::new(outgoing),
            country: country.to_owned(),
        }
    }
}

/// Calling codes of countries whose numbers keep their leading 0 when they are dialled from abroad (ITU-T Operational Bulletin, national
/// numbering plans): Italy, Côte d'Ivoire, Congo, San Marino. Elsewhere it is a prefix, which falls away (ITU-T E.123, 2.5).
const KEEPS_ZERO: [&str; 4] = ["39", "225", "242", "378"];

/// Whether numbers of a country keep their leading 0 behind its calling code.
pub fn keeps_zero(country: &str) -> bool {
    KEEPS_ZERO.contains(&country)
}

/// A number in international form, without the `+`: `smsd` and most gateways want it so (E.164).
///
/// # Errors
/// A sentence where it is no number that can be texted.
pub fn international(number: &str, country: &str) -> Result<String, String> {
    let digits = text::digits(number);
    let plain = number
        .chars()
        .all(|c| c.is_ascii_digit() || " +-.()/".contains(c));
    let whole = if number.trim_start().starts_with('+') {
        digits
    } else if digits.starts_with("00") {
        // The prefix of a call abroad: which country is meant, a person says with a `+`.
        String::new()
    } else {
        let national = match digits.strip_prefix('0') {
            Some(rest) if !keeps_zero(country) => rest,
            Some(_) | None => &digits,
        };
        format!("{country}{national}")
    };
    if plain && (8..=15).contains(&whole.len()) {
        Ok(whole)
    } else {
        Err("the address is not a number that can be texted".into())
    }
}

/// The file: one recipient, the alphabet named (`UTF-8` since 3.1.16), a delivery report asked for.
///
/// # Errors
/// A sentence where the number cannot be.
pub fn file(message: &Message, country: &str) -> Result<String, String> {
    Ok(format!(
        "To: {}\nAlphabet: UTF-8\nReport: yes\nRefdesk: m{}\n\n{}\n",
        international(&message.address, country)?,
        message.id.0,
        text::squeeze(&text::line(&message.body))
    ))
}

/// The file's name in the spool: `smsd` keeps it in its `sent` and `failed` folders.
pub fn file_name(message: &Message) -> String {
    format!("refdesk-m{}", message.id.0)
}

impl Way for Smstools {
    fn name(&self) -> &'static str {
        "smstools"
    }

    fn after_crash(&self) -> AfterCrash {
        AfterCrash::Again
    }

    fn hand_over(&self, message: &Message, _now: Stamp) -> Handover {
        match file(message, &self.country) {
            Ok(file) => self
                .spool
                .hand_over(message, &file_name(message), file.as_bytes()),
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

#[cfg(test)]
mod tests;
