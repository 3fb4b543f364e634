//! What the program said, and when.
//!
//! Owns the notices and how long one stands on the screen. No notice names a patient.

use crate::domain::time::{Span, Stamp};

/// What a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Done.
    Done,
    /// Refused, or gone wrong.
    Trouble,
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// When.
    pub at: Stamp,
    /// Kind.
    pub kind: Kind,
    /// Text.
    pub text: String,
}

/// The notices, the latest last.
#[derive(Debug, Default)]
pub struct Notices {
    all: Vec<Notice>,
    shown: bool,
}

/// Notices kept.
const KEPT: usize = 200;

/// How long a notice stands.
fn stands(kind: Kind) -> Span {
    match kind {
        Kind::Done => Span::seconds(8),
        Kind::Trouble => Span::seconds(30),
    }
}

impl Notices {
    /// Says something.
    pub fn say(&mut self, at: Stamp, kind: Kind, text: impl Into<String>) {
        self.all.push(Notice {
            at,
            kind,
            text: text.into(),
        });
        let spare = self.all.len().saturating_sub(KEPT);
        self.all.drain(..spare);
        self.shown = true;
    }

    /// The notice on the screen.
    pub fn current(&self) -> Option<&Notice> {
        self.all.last().filter(|_| self.shown)
    }

    /// When the notice on the screen grows old.
    pub fn until(&self) -> Option<Stamp> {
        self.current().map(|notice| notice.at + stands(notice.kind))
    }

    /// Takes an old notice off the screen; says whether one went.
    pub fn age(&mut self, now: Stamp) -> bool {
        let old = self.until().is_some_and(|until| until <= now);
        if old {
            self.shown = false;
        }
        old
    }

    /// Takes the notice off the screen: where time stands still, the next key does.
    pub fn hush(&mut self) {
        self.shown = false;
    }

    /// All notices, the latest first.
    pub fn history(&self) -> impl Iterator<Item = &Notice> {
        self.all.iter().rev()
    }
}
