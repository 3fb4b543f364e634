//! The keys of a review.
//!
//! Owns what each does: `enter` accepts, digits pick, letters type over, `backspace` leaves blank. Must not know how it is drawn.

use super::line::Verdict;
use super::typed::tidied;
use super::{Proof, Row, Turn};
use crate::domain::policy::Policy;
use crate::tui::chord::{Chord, Key};
use crate::tui::entry::Entry;

/// Rows of a page up or down.
const PAGE: isize = 10;

impl Proof {
    /// Takes a key.
    pub fn key(&mut self, chord: Chord, policy: &Policy) -> Turn {
        self.wrong = None;
        match (chord.key, chord.ctrl) {
            (Key::Char('s'), true) => {
                return if self.commit(policy) {
                    Turn::Finish
                } else {
                    Turn::Stay
                };
            }
            (Key::Char('x'), true) => return Turn::ThrowAway,
            (Key::Char('t'), true) => self.turned = !self.turned,
            (Key::Esc, _) | (Key::Char('c'), true) => {
                return match self.entry.take() {
                    Some(_) => Turn::Stay,
                    None => Turn::Leave,
                };
            }
            (Key::Tab | Key::Down, _) => self.walk(1, policy),
            (Key::BackTab | Key::Up, _) => self.walk(-1, policy),
            (Key::PageDown, _) => self.walk(PAGE, policy),
            (Key::PageUp, _) => self.walk(-PAGE, policy),
            (Key::Char('n'), true) => self.peek(1),
            (Key::Char('p'), true) => self.peek(-1),
            (Key::Right, true) => self.move_view(1),
            (Key::Left, true) => self.move_view(-1),
            (Key::Enter, _) => return self.enter(policy),
            _ => return self.edit(chord),
        }
        Turn::Stay
    }

    /// Takes a click on a row: the first puts the cursor there, the second does what `enter` does.
    pub fn click(&mut self, at: usize, policy: &Policy) -> Turn {
        self.wrong = None;
        let Some(row) = self.rows(policy).into_iter().nth(at) else {
            return Turn::Stay;
        };
        if row == self.at {
            return self.enter(policy);
        }
        if self.commit(policy) {
            self.at = row;
        }
        Turn::Stay
    }

    /// Takes a click on one of what is on offer: it is picked.
    pub fn click_choice(&mut self, at: usize, policy: &Policy) -> Turn {
        self.entry = None;
        let several = self.here().is_some_and(|line| line.choices.len() > 1);
        let digit = u32::try_from(at + 1)
            .ok()
            .and_then(|digit| char::from_digit(digit, 10));
        match digit.filter(|_| several) {
            Some(digit) => self.key(Chord::plain(Key::Char(digit)), policy),
            None => self.enter(policy),
        }
    }

    /// Takes pasted text: over the field under the cursor, never as keys.
    pub fn paste(&mut self, text: &str) -> bool {
        if self.here().is_none() {
            return false;
        }
        self.entry.get_or_insert_default().insert(text, false);
        true
    }

    /// Takes what is being typed for the value; says whether it could.
    fn commit(&mut self, policy: &Policy) -> bool {
        let (Some(entry), Row::Field(field)) = (&self.entry, &self.at) else {
            return true;
        };
        let field = *field;
        match tidied(field, &entry.text(), policy) {
            Ok(text) => {
                self.entry = None;
                self.touched = true;
                if let Some(line) = self.line_mut(field) {
                    line.verdict = text.map_or(Verdict::Blank, Verdict::Typed);
                }
                true
            }
            Err(why) => {
                self.wrong = Some(why);
                false
            }
        }
    }

    /// Moves by rows, around the ends.
    fn walk(&mut self, by: isize, policy: &Policy) {
        if !self.commit(policy) {
            return;
        }
        let rows = self.rows(policy);
        let count = rows.len().max(1);
        let at = rows.iter().position(|row| *row == self.at).unwrap_or(0);
        let to = if by.abs() == 1 {
            (at + count).saturating_add_signed(by) % count
        } else {
            at.saturating_add_signed(by).min(count - 1)
        };
        if let Some(row) = rows.into_iter().nth(to) {
            self.at = row;
        }
    }

    /// Looks at the next of what was read for the field, or the one before.
    fn peek(&mut self, by: isize) {
        let Row::Field(field) = self.at else { return };
        if let Some(line) = self.line_mut(field) {
            let count = line.choices.len().max(1);
            line.peek = (line.peek + count).saturating_add_signed(by) % count;
            if matches!(line.verdict, Verdict::Taken(_)) {
                line.verdict = Verdict::Open;
            }
        }
    }

    /// Accepts what is under the cursor and goes to the next that a person should look at.
    fn enter(&mut self, policy: &Policy) -> Turn {
        match self.at.clone() {
            Row::Done => return Turn::Finish,
            Row::Item(key) => {
                if !self.ticked.remove(&key) {
                    self.ticked.insert(key);
                }
                self.touched = true;
                self.walk(1, policy);
                return Turn::Stay;
            }
            Row::Field(field) => {
                let typing = self.entry.is_some();
                if !self.commit(policy) {
                    return Turn::Stay;
                }
                if let Some(line) = self.line_mut(field).filter(|_| !typing) {
                    let before = line.verdict.clone();
                    line.accept();
                    self.touched |= self.line(field).is_some_and(|line| line.verdict != before);
                }
            }
        }
        self.at = self.next_open();
        Turn::Stay
    }

    /// Digits, letters and the keys that edit.
    fn edit(&mut self, chord: Chord) -> Turn {
        let digit = chord
            .typed()
            .and_then(|c| c.to_digit(10))
            .and_then(|digit| usize::try_from(digit).ok())
            .and_then(|digit| digit.checked_sub(1));
        if let Some(entry) = &mut self.entry {
            entry.key(chord, false);
            return Turn::Stay;
        }
        let field = match &self.at {
            Row::Field(field) => *field,
            Row::Done => {
                let alike = digit.and_then(|at| self.look_alikes.get(at));
                return alike.map_or(Turn::Stay, |alike| Turn::Attach(alike.id));
            }
            Row::Item(_) if chord.typed() == Some(' ') => {
                if let Row::Item(key) = self.at.clone()
                    && !self.ticked.remove(&key)
                {
                    self.ticked.insert(key);
                }
                self.touched = true;
                return Turn::Stay;
            }
            Row::Item(_) => return Turn::Stay,
        };
        let next = self.next_open();
        let Some(line) = self.line_mut(field) else {
            return Turn::Stay;
        };
        // With one thing on offer there is nothing to choose: a digit is the beginning of a number.
        if let Some(at) = digit.filter(|_| line.choices.len() > 1)
            && line.pick(at)
        {
            self.touched = true;
            let many = super::line::is_many(field);
            if !many && next == self.at {
                self.at = self.next_open();
            }
            return Turn::Stay;
        }
        match (chord.key, chord.ctrl) {
            (Key::Backspace | Key::Delete, false) => {
                let blank = line.verdict == Verdict::Blank;
                line.verdict = if blank { Verdict::Open } else { Verdict::Blank };
                self.touched = true;
                if !blank && next == self.at {
                    self.at = self.next_open();
                }
            }
            (Key::Right | Key::End, false) | (Key::Char('e'), true) => {
                self.entry = Some(Entry::with(line.offer().unwrap_or_default()));
            }
            (Key::Home, false) => self.at = self.next_open(),
            _ if chord.typed().is_some() => {
                let mut entry = Entry::default();
                entry.key(chord, false);
                self.entry = Some(entry);
            }
            _ => {}
        }
        Turn::Stay
    }
}
