//! The palette: every action by name, with its key and, where it is disabled, why.
//!
//! Owns what is typed and the choice. Must not know how an action is done.

use super::action::{Action, Entry as Line, TABLE};
use super::chord::{Chord, Key};
use super::entry::Entry;
use super::fuzzy;

/// The palette.
#[derive(Clone, Debug)]
pub struct Palette {
    /// The actions, those used last first.
    all: Vec<&'static Line>,
    /// What is typed.
    pub entry: Entry,
    /// The line chosen.
    pub at: usize,
}

/// What a key did to the palette.
pub enum Picked {
    /// Nothing.
    Stay,
    /// Left.
    Leave,
    /// A line was chosen.
    Line(&'static Line),
}

impl Palette {
    /// The palette, with the actions used last on top.
    pub fn new(recent: &[Action]) -> Palette {
        let used = recent
            .iter()
            .filter_map(|action| TABLE.iter().find(|line| line.action == *action));
        let rest = TABLE.iter().filter(|line| !recent.contains(&line.action));
        Palette {
            all: used.chain(rest).collect(),
            entry: Entry::default(),
            at: 0,
        }
    }

    /// The lines that match; among equals, those used last first.
    pub fn lines(&self) -> Vec<&'static Line> {
        let ranked = fuzzy::rank(&self.entry.text(), &self.all, |line| line.title);
        ranked.into_iter().copied().collect()
    }

    /// Takes a key.
    pub fn key(&mut self, chord: Chord) -> Picked {
        let last = self.lines().len().saturating_sub(1);
        match (chord.key, chord.ctrl) {
            (Key::Esc, _) | (Key::Char('c'), true) => return Picked::Leave,
            (Key::Enter, _) => {
                if let Some(line) = self.lines().get(self.at) {
                    return Picked::Line(line);
                }
            }
            (Key::Up, _) | (Key::Char('p'), true) => self.at = self.at.saturating_sub(1),
            (Key::Down, _) | (Key::Char('n'), true) => self.at = (self.at + 1).min(last),
            _ => {
                if self.entry.key(chord, false) {
                    self.at = 0;
                }
            }
        }
        Picked::Stay
    }
}
