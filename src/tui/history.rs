//! What was done, to look through and to take back from.
//!
//! Owns the steps held, the one chosen and whether it can be taken back. Must not know how a step is taken back.

use super::chord::{Chord, Key};
use super::places;
use crate::domain::id::ReferralId;
use crate::store::deeds::{Deed, Of};

/// The history.
#[derive(Clone, Debug)]
pub struct History {
    /// Whose.
    pub of: Of,
    /// The three that tab walks: one's own, the referral's where there is one, everybody's.
    ways: Vec<Of>,
    /// The steps, the latest first.
    pub deeds: Vec<Deed>,
    /// The one chosen.
    pub at: usize,
    /// They are on their way.
    pub waiting: bool,
    /// Whether the one with this number can be taken back, or done again; else why not.
    pub verdict: Option<(i64, Result<(), String>)>,
}

/// What a key did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// Nothing.
    Stay,
    /// Another step is chosen: ask whether it can be taken back.
    Moved,
    /// Another history is wanted.
    Turned,
    /// The step chosen is to be taken back, or done again.
    Take,
    /// Left.
    Leave,
}

impl History {
    /// The history of a person, or of the referral under the cursor.
    pub fn new(person: &str, referral: Option<ReferralId>) -> History {
        let mut ways = vec![Of::Person(person.to_owned())];
        ways.extend(referral.map(Of::Referral));
        ways.push(Of::All);
        History {
            of: Of::Person(person.to_owned()),
            ways,
            deeds: Vec::new(),
            at: 0,
            waiting: true,
            verdict: None,
        }
    }

    /// The step chosen.
    pub fn current(&self) -> Option<&Deed> {
        self.deeds.get(self.at)
    }

    /// What is taken back where the step chosen is: the step itself, or the undo of one that was undone already.
    pub fn target(&self) -> Option<i64> {
        self.current().map(|deed| deed.undone_by.unwrap_or(deed.action))
    }

    /// Takes the steps in.
    pub fn take(&mut self, of: &Of, deeds: Vec<Deed>) {
        if self.of != *of {
            return;
        }
        self.waiting = false;
        // A step of its own, never a row number: what was taken back puts another on top.
        let chosen = self.current().map(|deed| deed.action);
        self.deeds = deeds;
        let here = self.deeds.iter().position(|deed| Some(deed.action) == chosen);
        let near = self.at.min(self.deeds.len().saturating_sub(1));
        self.at = here.unwrap_or(near);
        self.verdict = None;
    }

    fn turn(&mut self, by: isize) -> Looked {
        let count = self.ways.len();
        let here = self.ways.iter().position(|way| *way == self.of).unwrap_or(0);
        let to = (here + count).saturating_add_signed(by) % count.max(1);
        if let Some(way) = self.ways.get(to) {
            self.of = way.clone();
        }
        self.deeds.clear();
        self.at = 0;
        self.waiting = true;
        self.verdict = None;
        Looked::Turned
    }

    /// Takes a key.
    pub fn key(&mut self, chord: Chord) -> Looked {
        let chord = places::command(chord);
        let step = match (chord.key, chord.ctrl) {
            (Key::Esc | Key::Char('q' | 'h') | Key::Left, false) | (Key::Char('c'), true) => {
                return Looked::Leave;
            }
            (Key::Enter | Key::Char('u'), false) => return Looked::Take,
            (Key::Tab, _) => return self.turn(1),
            (Key::BackTab, _) => return self.turn(-1),
            (Key::Down | Key::Char('j'), false) => 1,
            (Key::Up | Key::Char('k'), false) => -1,
            (Key::PageDown, _) | (Key::Char('d' | 'f'), true) => 10,
            (Key::PageUp, _) | (Key::Char('u' | 'b'), true) => -10,
            (Key::Home | Key::Char('g'), false) => isize::MIN / 2,
            (Key::End | Key::Char('G'), false) => isize::MAX / 2,
            _ => return Looked::Stay,
        };
        let last = self.deeds.len().saturating_sub(1);
        self.at = self.at.saturating_add_signed(step).min(last);
        Looked::Moved
    }
}
