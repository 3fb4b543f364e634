//! A line or a few lines of text being typed.
//!
//! Owns the text and the insertion point. Must not know what the text is for.

use super::chord::{Chord, Key};
use crate::domain::text;
use unicode_segmentation::UnicodeSegmentation;

/// No entry grows beyond this; a paste is cut here.
const LIMIT: usize = 20_000;

/// A text being typed: what stands before the insertion point, and after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    before: String,
    after: String,
}

impl Entry {
    /// An entry with a text in it, the insertion point at its end.
    pub fn with(text: impl Into<String>) -> Entry {
        Entry {
            before: text.into(),
            after: String::new(),
        }
    }

    /// An entry with texts on both sides of the insertion point.
    pub fn between(before: String, after: String) -> Entry {
        Entry { before, after }
    }

    /// The text.
    pub fn text(&self) -> String {
        format!("{}{}", self.before, self.after)
    }

    /// Whether nothing but white space is there.
    pub fn is_blank(&self) -> bool {
        self.before.trim().is_empty() && self.after.trim().is_empty()
    }

    /// The two sides of the insertion point.
    pub fn sides(&self) -> (&str, &str) {
        (&self.before, &self.after)
    }

    /// Puts text in, as a paste does: never keys.
    pub fn insert(&mut self, raw: &str, lines: bool) {
        let clean = if lines { text::block(raw) } else { text::line(raw) };
        let room = LIMIT.saturating_sub(self.before.len() + self.after.len());
        let mut taken = 0;
        for grapheme in clean.graphemes(true) {
            taken += grapheme.len();
            if taken > room {
                break;
            }
            self.before.push_str(grapheme);
        }
    }

    /// Takes a key; `lines` allows line breaks (alt-enter, ctrl-j). Says whether it was for the text.
    pub fn key(&mut self, chord: Chord, lines: bool) -> bool {
        if let Some(c) = chord.typed() {
            self.insert(c.encode_utf8(&mut [0; 4]), lines);
            return true;
        }
        match (chord.key, chord.ctrl, chord.alt) {
            (Key::Enter, false, true) | (Key::Char('j'), true, false) if lines => self.before.push('\n'),
            (Key::Backspace, false, false) | (Key::Char('h'), true, false) => {
                pop(&mut self.before);
            }
            (Key::Delete, false, false) | (Key::Char('d'), true, false) => {
                shift(&mut self.after);
            }
            (Key::Left, false, false) => {
                let moved = pop(&mut self.before);
                self.after.insert_str(0, &moved);
            }
            (Key::Right, false, false) => {
                let moved = shift(&mut self.after);
                self.before.push_str(&moved);
            }
            (Key::Home, ..) | (Key::Char('a'), true, false) => {
                self.after.insert_str(0, &self.before);
                self.before.clear();
            }
            (Key::End, ..) | (Key::Char('e'), true, false) => {
                self.before.push_str(&self.after);
                self.after.clear();
            }
            (Key::Char('w'), true, false) | (Key::Backspace, _, true) => self.drop_word(),
            (Key::Char('u'), true, false) => self.before.clear(),
            _ => return false,
        }
        true
    }

    fn drop_word(&mut self) {
        let kept = self.before.trim_end();
        let word = kept.chars().rev().take_while(|c| !c.is_whitespace()).count();
        let left = kept.chars().count().saturating_sub(word);
        self.before = kept.chars().take(left).collect();
    }
}

fn pop(text: &mut String) -> String {
    let last = text.graphemes(true).next_back().unwrap_or_default().to_owned();
    text.truncate(text.len() - last.len());
    last
}

fn shift(text: &mut String) -> String {
    let first = text.graphemes(true).next().unwrap_or_default().to_owned();
    text.drain(..first.len());
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &str) -> Entry {
        let mut entry = Entry::default();
        for chord in Chord::parse_all(keys) {
            entry.key(chord, true);
        }
        entry
    }

    #[test]
    fn editing_goes_by_grapheme() {
        assert_eq!(typed("ab<left>c").text(), "acb");
        let mut entry = Entry::with("Nu\u{301}");
        entry.key(Chord::plain(Key::Backspace), false);
        assert_eq!(entry.text(), "N");
        assert_eq!(typed("one two<ctrl-w>x").text(), "one x");
        assert_eq!(typed("abc<home><delete>").text(), "bc");
    }

    #[test]
    fn a_paste_is_made_safe() {
        let mut entry = Entry::default();
        entry.insert("a\u{1b}[31m\nb", false);
        assert_eq!(entry.text(), "a[31m b");
    }
}
