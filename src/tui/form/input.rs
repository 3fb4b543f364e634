//! What a field holds, and its keys.

use crate::tui::chord::{Chord, Key};
use crate::tui::complete::{self, Offer, completions};
use crate::tui::entry::Entry;
use crate::tui::fuzzy;
use crate::tui::places;

/// What a digit on a choice does beside choosing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quick {
    /// Goes to the next field.
    Advance,
    /// Sends the form.
    Send,
}

/// One thing to choose or tick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its value.
    pub key: String,
    /// As shown.
    pub label: String,
}

/// A choice.
pub fn choice(key: impl Into<String>, label: impl Into<String>) -> Choice {
    Choice {
        key: key.into(),
        label: label.into(),
    }
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// One of several, by digit or arrows.
    One {
        /// The choices.
        choices: Vec<Choice>,
        /// The one chosen.
        at: Option<usize>,
        /// What a digit does.
        quick: Quick,
    },
    /// Any of several.
    Many {
        /// The choices and whether each is ticked.
        choices: Vec<(Choice, bool)>,
        /// The one under the cursor.
        at: usize,
    },
    /// Text; `lines` allows line breaks.
    Text {
        /// The text.
        entry: Entry,
        /// Several lines.
        lines: bool,
    },
    /// A query, with what may come next.
    Query {
        /// The text.
        entry: Entry,
        /// Words and values on offer.
        offers: Vec<Offer>,
        /// The completion chosen.
        at: usize,
    },
    /// One of many, found by typing; `free` takes what is typed as well.
    Combo {
        /// What can be chosen.
        choices: Vec<Choice>,
        /// What is typed.
        entry: Entry,
        /// The one chosen among those that match.
        at: usize,
        /// What is typed counts, too.
        free: bool,
    },
}

/// What a key did to a field.
pub(super) enum Taken {
    /// Nothing.
    No,
    /// The choice moved.
    Moved,
    /// Text was typed.
    Text,
    /// A digit chose.
    Chosen(Quick),
}

fn stepped(at: usize, count: usize, chord: Chord) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match (chord.key, chord.ctrl) {
        (Key::Up, _) | (Key::Char('p'), true) => Some(at.checked_sub(1).unwrap_or(last)),
        (Key::Down, _) | (Key::Char('n'), true) => Some(if at >= last { 0 } else { at + 1 }),
        _ => None,
    }
}

impl Input {
    /// Takes the completion chosen; says whether there was one.
    pub(super) fn complete(&mut self) -> bool {
        let Input::Query { entry, offers, at } = self else {
            return false;
        };
        let found = completions(offers, entry.sides().0);
        let Some(chosen) = found.get(*at) else {
            return false;
        };
        complete::take(entry, chosen);
        *at = 0;
        true
    }

    pub(super) fn key(&mut self, chord: Chord) -> Taken {
        match self {
            Input::One { choices, at, quick } => {
                let chord = places::command(chord);
                let vi = match chord.typed() {
                    Some('j') => Chord::plain(Key::Down),
                    Some('k') => Chord::plain(Key::Up),
                    _ => chord,
                };
                let start = at.unwrap_or(if vi.key == Key::Up { 0 } else { choices.len() });
                if let Some(to) = stepped(start, choices.len(), vi) {
                    *at = Some(to);
                    return Taken::Moved;
                }
                let digit = chord
                    .typed()
                    .and_then(|c| c.to_digit(10))
                    .and_then(|d| usize::try_from(d).ok());
                match digit
                    .and_then(|digit| digit.checked_sub(1))
                    .filter(|index| *index < choices.len())
                {
                    Some(index) => {
                        *at = Some(index);
                        Taken::Chosen(*quick)
                    }
                    None => Taken::No,
                }
            }
            Input::Many { choices, at } => {
                let chord = places::command(chord);
                let vi = match chord.typed() {
                    Some('j') => Chord::plain(Key::Down),
                    Some('k') => Chord::plain(Key::Up),
                    _ => chord,
                };
                if let Some(to) = stepped(*at, choices.len(), vi) {
                    *at = to;
                    return Taken::Moved;
                }
                match chord.typed() {
                    Some(' ') => {
                        if let Some((_, on)) = choices.get_mut(*at) {
                            *on = !*on;
                        }
                    }
                    Some('*') => {
                        let all = choices.iter().all(|(_, on)| *on);
                        choices.iter_mut().for_each(|(_, on)| *on = !all);
                    }
                    Some(c) => {
                        let digit = c.to_digit(10).and_then(|d| usize::try_from(d).ok());
                        let Some(index) = digit.and_then(|digit| digit.checked_sub(1)) else {
                            return Taken::No;
                        };
                        let Some((_, on)) = choices.get_mut(index) else {
                            return Taken::No;
                        };
                        *on = !*on;
                        *at = index;
                    }
                    None => return Taken::No,
                }
                Taken::Moved
            }
            Input::Text { entry, lines } => {
                if entry.key(chord, *lines) {
                    Taken::Text
                } else {
                    Taken::No
                }
            }
            Input::Query { entry, offers, at } => {
                let count = completions(offers, entry.sides().0).len();
                if let Some(to) = stepped(*at, count, chord) {
                    *at = to;
                    Taken::Moved
                } else if entry.key(chord, false) {
                    *at = 0;
                    Taken::Text
                } else {
                    Taken::No
                }
            }
            Input::Combo {
                choices, entry, at, ..
            } => {
                let count = fuzzy::rank(&entry.text(), choices, |choice| &choice.label).len();
                if let Some(to) = stepped(*at, count, chord) {
                    *at = to;
                    Taken::Moved
                } else if entry.key(chord, false) {
                    *at = 0;
                    Taken::Text
                } else {
                    Taken::No
                }
            }
        }
    }
}
