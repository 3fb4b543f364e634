//! Find as you type.
//!
//! Owns what is typed, the hits and the one chosen. Must not know what a hit is used for.

use super::chord::{Chord, Key};
use super::entry::Entry;
use crate::domain::id::DocumentId;
use crate::store::board::{Hit, Target};

/// What a find is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindFor {
    /// To open what is found, or start a referral from it.
    Open,
    /// To open one of those that are there already.
    OneOf,
    /// To put a document with the referral found.
    Attach(DocumentId),
}

/// Kinds of hit that are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// All.
    #[default]
    Any,
    /// Referrals.
    Referrals,
    /// Patients.
    Patients,
    /// Practitioners.
    Practitioners,
}

/// A find.
#[derive(Clone, Default)]
pub struct Lookup {
    /// What is typed.
    pub entry: Entry,
    /// What turned up.
    pub hits: Vec<Hit>,
    /// The one chosen.
    pub at: usize,
    /// The number of the question asked last.
    pub serial: u64,
    /// An answer is on its way.
    pub waiting: bool,
    /// Its first hit is to be taken as soon as it comes.
    pub eager: bool,
    /// Kinds wanted.
    pub wanted: Wanted,
}

/// What a key did to a find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// Something else was typed: ask.
    Typed,
    /// The hit is taken.
    Take,
    /// The other thing that can be done with it (tab).
    Other,
    /// Left.
    Leave,
    /// Nothing.
    Stay,
}

impl Lookup {
    /// A find of some kinds of things.
    pub fn of(wanted: Wanted) -> Lookup {
        Lookup {
            wanted,
            ..Lookup::default()
        }
    }

    /// Takes hits in: only what is wanted, only the answer to the last question.
    pub fn take(&mut self, serial: u64, hits: Vec<Hit>) {
        if serial != self.serial {
            return;
        }
        let wanted = self.wanted;
        self.hits = hits
            .into_iter()
            .filter(|hit| is_wanted(wanted, hit.target))
            .collect();
        self.at = 0;
        self.waiting = false;
    }

    /// The hit chosen.
    pub fn current(&self) -> Option<&Hit> {
        self.hits.get(self.at)
    }

    /// Takes a key.
    pub fn key(&mut self, chord: Chord) -> Looked {
        let last = self.hits.len().saturating_sub(1);
        match (chord.key, chord.ctrl) {
            (Key::Esc, _) | (Key::Char('c'), true) => Looked::Leave,
            (Key::Enter, _) => Looked::Take,
            (Key::Tab, _) => Looked::Other,
            (Key::Up, _) | (Key::Char('p'), true) => {
                self.at = self.at.saturating_sub(1);
                Looked::Stay
            }
            (Key::Down, _) | (Key::Char('n'), true) => {
                self.at = (self.at + 1).min(last);
                Looked::Stay
            }
            _ => {
                let before = self.entry.text();
                self.entry.key(chord, false);
                if self.entry.text() == before {
                    Looked::Stay
                } else {
                    Looked::Typed
                }
            }
        }
    }
}

fn is_wanted(wanted: Wanted, target: Target) -> bool {
    match target {
        Target::Referral(_) => matches!(wanted, Wanted::Any | Wanted::Referrals),
        Target::Patient(_) => matches!(wanted, Wanted::Any | Wanted::Patients),
        Target::Practitioner(_) => matches!(wanted, Wanted::Any | Wanted::Practitioners),
        Target::Organization(_) => wanted == Wanted::Any,
    }
}
