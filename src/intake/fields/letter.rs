//! The turns that open and close a letter.
//!
//! Owns their words. Must not know who writes to whom.

use crate::domain::text;

/// Closing words, whole.
#[rustfmt::skip]
const CLOSINGS: &[&str] = &[
    "thank you", "thanks", "many thanks", "with thanks", "best", "warmly", "thank you very much", "thanks so much", "all the best",
    "thank you so much", "with gratitude", "with appreciation", "best wishes",
];

/// A line of a few words that begins so greets.
const GREETINGS: &[&str] = &[
    "hello",
    "hi ",
    "good morning",
    "good afternoon",
    "good day",
    "greetings",
];

/// A short line with one of these closes a letter.
const CLOSES: &[&str] = &[
    "regards",
    "sincerely",
    "respectfully",
    "cordially",
    "truly",
    "faithfully",
];

/// Whether a line closes a letter: what follows is the sender's.
pub fn closes(raw: &str) -> bool {
    let folded = text::fold(raw);
    let words: Vec<&str> = folded.split(' ').collect();
    let thanks = folded.starts_with("thank you ") && words.len() <= 6 && raw.trim_end().ends_with(',');
    thanks
        || CLOSINGS.contains(&folded.as_str())
        || words.len() <= 4 && words.iter().any(|word| CLOSES.contains(word))
}

/// Whether a line greets the addressee: what follows is the letter's own text.
pub fn greets(raw: &str) -> bool {
    let folded = text::fold(raw);
    let words = folded.split(' ').count();
    folded.starts_with("dear ")
        || folded.starts_with("to whom it may concern")
        || words <= 4 && GREETINGS.iter().any(|greeting| folded.starts_with(greeting))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_open_and_close() {
        assert!(
            closes("With kind regards,")
                && closes("Sincerely yours,")
                && closes("Thank you,")
                && closes("Thanks!")
        );
        assert!(
            !closes("Thank you for seeing this patient")
                && !closes("He regards it as a minor problem of his")
        );
        assert!(greets("Dear Dr. Lee:") && greets("To whom it may concern,") && !greets("Deer tick bite"));
    }
}
