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

/// The word that a text is: the whole of it, without accents, case or punctuation. A sentence is no word, and a word with anything
/// behind it is none either: "yes, but later", on one line or on two, is for a person.
pub fn word(said: &str) -> Option<Word> {
    let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let line = lines.next().filter(|_| lines.next().is_none())?;
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

/// The words of a mail that are its writer's own: without what is quoted (`>`) and the line that says whom it quotes, and without
/// what stands below the signature's mark (`-- `, RFC 3676 4.3). Anything else stays, wherever it stands.
pub fn own_words(lines: &[String]) -> String {
    let is_quoted = |line: &String| line.trim_start().starts_with('>');
    let mut own: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        if line.trim_end() == "--" {
            break;
        }
        let rest = lines.get(at..).unwrap_or_default();
        // Mail programs break the line after some seventy characters.
        let named = (1..=3).find(|count| {
            let (head, behind) = rest.split_at_checked(*count).unwrap_or_default();
            let quoted = behind.iter().find(|line| !line.trim().is_empty());
            let later = (1..*count).any(|from| head.get(from..).is_some_and(names_a_writer));
            quoted.is_some_and(is_quoted) && names_a_writer(head) && !later
        });
        match named {
            Some(count) => at += count,
            None => {
                if !is_quoted(line) {
                    own.push(line);
                }
                at += 1;
            }
        }
    }
    own.join("\n")
}

/// `On Mon, 2 Mar 2026 at 09:00, Riverside Cardiology <desk@clinic.example> wrote:`. A line without a writer's address may be an
/// answer that happens to end in a colon.
fn names_a_writer(lines: &[String]) -> bool {
    let whole = lines.join(" ");
    let has_day = whole.chars().filter(char::is_ascii_digit).count() >= 3;
    let blank = lines.iter().any(|line| line.trim().is_empty());
    !blank && whole.trim_end().ends_with(':') && whole.contains('@') && has_day
}

#[cfg(test)]
mod tests;
