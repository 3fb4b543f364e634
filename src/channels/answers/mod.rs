//! What comes back on the ways by which messages leave: words of patients, bounces, delivery reports.
//!
//! Owns what is understood of an answer, and that nothing more is: what is not, is a document for a person. Pure; must not
//! know the store, and must not take an answer apart that the jailed reader has not seen (a mail's text is read there).

pub mod mail;
pub mod sms;

use crate::domain::text;

/// A word that answers a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// No more messages on this channel.
    Stop,
    /// The appointment is confirmed.
    Yes,
}

/// Words that stop messages: those that carriers act on (CTIA Messaging Principles 5.1.3), and the same in the languages of
/// the texts. `cancel` is not among them: to a patient with an appointment it means the appointment, and a person reads it.
const STOPS: [&str; 11] = [
    "stop",
    "stopall",
    "unsubscribe",
    "end",
    "quit",
    "arret",
    "alto",
    "parar",
    "baja",
    "detener",
    "no mas mensajes",
];

/// Words that confirm, in the languages that are commonly spoken at the desk.
const YESES: [&str; 14] = [
    "yes",
    "y",
    "1",
    "c",
    "ok",
    "confirm",
    "confirmed",
    "si",
    "confirmo",
    "ja",
    "oui",
    "sim",
    "da",
    "tak",
];

/// The word that a text is: the whole of its first line, without accents, case or punctuation. A sentence is no word: "yes,
/// but later" is for a person.
pub fn word(said: &str) -> Option<Word> {
    let line = said.lines().map(str::trim).find(|line| !line.is_empty())?;
    let plain = text::fold(line);
    let plain = plain.trim();
    if STOPS.contains(&plain) {
        Some(Word::Stop)
    } else if YESES.contains(&plain) {
        Some(Word::Yes)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
