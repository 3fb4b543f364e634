//! The outbox, to look through and to decide in.
//!
//! Owns the messages held, the one chosen, which of the outbox is shown, and what each key makes of a message. Must not know
//! how a message moves.

use super::chord::{Chord, Key};
use super::places;
use crate::domain::id::MessageId;
use crate::domain::message::{Message, MessageState};
use crate::store::due::Part;

/// The outbox on the screen.
#[derive(Clone, PartialEq, Eq)]
pub struct Outbox {
    /// What of it is shown.
    pub part: Part,
    /// The messages.
    pub rows: Vec<Message>,
    /// The one chosen.
    pub cursor: Option<MessageId>,
    /// First line of its text that is shown.
    pub scroll: usize,
    /// They are on their way.
    pub waiting: bool,
}

/// What a key did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// Nothing.
    Stay,
    /// Another part is wanted.
    Turned,
    /// The message chosen is to become this.
    Move(MessageState),
    /// It is to be changed.
    Edit,
    /// Its referral is to be opened.
    Open,
    /// Left.
    Leave,
}

/// What a person may make of a message: the key, the state, and what it is called in a word and in a sentence.
pub const FATES: [(char, MessageState, &str, &str); 4] = [
    ('s', MessageState::Queued, "send", "send it (again)"),
    ('w', MessageState::HandedOver, "it left", "it did go out"),
    ('b', MessageState::Held, "keep back", "keep it back"),
    ('x', MessageState::Cancelled, "drop", "drop it"),
];

/// What may become of a message by hand, in the order of the keys.
pub fn fates(message: &Message) -> impl Iterator<Item = (char, MessageState, &'static str)> + use<> {
    let state = message.state;
    let all = FATES.into_iter().map(|(key, to, word, _)| (key, to, word));
    all.filter(move |(_, to, _)| {
        // What a sender has in hand is the sender's.
        state != MessageState::Sending && state.next().contains(to)
    })
}

/// Whether a message can still be changed.
pub fn can_edit(message: &Message) -> bool {
    !message.state.has_left() && message.state != MessageState::Cancelled
}

impl Default for Outbox {
    fn default() -> Outbox {
        Outbox {
            part: Part::Undecided,
            rows: Vec::new(),
            cursor: None,
            scroll: 0,
            waiting: true,
        }
    }
}

impl Outbox {
    /// Where the cursor stands.
    pub fn position(&self) -> Option<usize> {
        let cursor = self.cursor?;
        self.rows.iter().position(|row| row.id == cursor)
    }

    /// The message chosen.
    pub fn current(&self) -> Option<&Message> {
        self.rows.get(self.position()?)
    }

    /// Takes messages in; the cursor stays on its message, or goes to the row that took its place.
    pub fn take(&mut self, part: Part, rows: Vec<Message>) {
        if self.part != part {
            return;
        }
        let at = self.position().unwrap_or(0);
        self.waiting = false;
        self.rows = rows;
        if self.position().is_none() {
            self.cursor = self.rows.get(at).or(self.rows.last()).map(|row| row.id);
            self.scroll = 0;
        }
    }

    /// Puts the cursor on a row.
    pub fn choose(&mut self, at: usize) {
        self.cursor = self.rows.get(at).map(|row| row.id);
        self.scroll = 0;
    }

    fn turn(&mut self, by: isize) -> Looked {
        let count = Part::ALL.len();
        let here = Part::ALL.iter().position(|part| *part == self.part).unwrap_or(0);
        let to = (here + count).saturating_add_signed(by) % count;
        if let Some(part) = Part::ALL.get(to) {
            self.part = *part;
        }
        *self = Outbox {
            part: self.part,
            ..Outbox::default()
        };
        Looked::Turned
    }

    /// Takes a key.
    pub fn key(&mut self, chord: Chord) -> Looked {
        let chord = places::command(chord);
        if let (Some(typed), Some(message)) = (chord.typed(), self.current())
            && let Some((_, to, _)) = fates(message).find(|(key, ..)| *key == typed)
        {
            return Looked::Move(to);
        }
        let step = match (chord.key, chord.ctrl) {
            (Key::Esc | Key::Char('q' | 'h') | Key::Left, false) | (Key::Char('c'), true) => {
                return Looked::Leave;
            }
            (Key::Char('e'), false) => return Looked::Edit,
            (Key::Enter, false) => return Looked::Open,
            (Key::Tab, _) => return self.turn(1),
            (Key::BackTab, _) => return self.turn(-1),
            (Key::Char('d'), true) => {
                self.scroll += 5;
                return Looked::Stay;
            }
            (Key::Char('u'), true) => {
                self.scroll = self.scroll.saturating_sub(5);
                return Looked::Stay;
            }
            (Key::Down | Key::Char('j'), false) => 1,
            (Key::Up | Key::Char('k'), false) => -1,
            (Key::PageDown, _) | (Key::Char('f'), true) => 10,
            (Key::PageUp, _) | (Key::Char('b'), true) => -10,
            (Key::Home | Key::Char('g'), false) => isize::MIN / 2,
            (Key::End | Key::Char('G'), false) => isize::MAX / 2,
            _ => return Looked::Stay,
        };
        let last = self.rows.len().saturating_sub(1);
        let at = self.position().unwrap_or(0).saturating_add_signed(step).min(last);
        self.choose(at);
        Looked::Stay
    }
}
