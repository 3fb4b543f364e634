//! Keys as the program names them.
//!
//! Owns the written form of a key (`a`, `ctrl-r`, `space`) and its reading. Must not know actions.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use std::fmt;

/// A key of the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A character, as typed: shift is in it.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Insert.
    Insert,
    /// A function key, by its number.
    F(u8),
}

const NAMES: [(Key, &str); 17] = [
    (Key::Enter, "enter"),
    (Key::Esc, "esc"),
    (Key::Tab, "tab"),
    (Key::BackTab, "shift-tab"),
    (Key::Backspace, "backspace"),
    (Key::Delete, "delete"),
    (Key::Up, "up"),
    (Key::Down, "down"),
    (Key::Left, "left"),
    (Key::Right, "right"),
    (Key::Home, "home"),
    (Key::End, "end"),
    (Key::PageUp, "pageup"),
    (Key::PageDown, "pagedown"),
    (Key::Insert, "insert"),
    (Key::Char(' '), "space"),
    (Key::Char('<'), "lt"),
];

/// A key with what is held down beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Chord {
    /// Key.
    pub key: Key,
    /// Ctrl held.
    pub ctrl: bool,
    /// Alt held.
    pub alt: bool,
}

impl Chord {
    /// A key alone.
    pub const fn plain(key: Key) -> Chord {
        Chord {
            key,
            ctrl: false,
            alt: false,
        }
    }

    /// A character that is to be taken as text.
    pub fn typed(self) -> Option<char> {
        match (self.key, self.ctrl, self.alt) {
            (Key::Char(c), false, false) => Some(c),
            _ => None,
        }
    }

    /// Reads `a`, `ctrl-r`, `shift-tab`.
    pub fn parse(text: &str) -> Option<Chord> {
        if let Some((key, _)) = NAMES.iter().find(|(_, name)| *name == text) {
            return Some(Chord::plain(*key));
        }
        if let Some(rest) = text.strip_prefix("ctrl-") {
            return Chord::parse(rest).map(|chord| Chord { ctrl: true, ..chord });
        }
        if let Some(rest) = text.strip_prefix("alt-") {
            return Chord::parse(rest).map(|chord| Chord { alt: true, ..chord });
        }
        let number = text.strip_prefix('f').and_then(|number| number.parse().ok());
        if let Some(number) = number.filter(|number| (1..=24).contains(number)) {
            return Some(Chord::plain(Key::F(number)));
        }
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) => Some(Chord::plain(Key::Char(c))),
            _ => None,
        }
    }

    /// Reads keys written one after the other: `jja`, `d1<enter>`, `<ctrl-r>`. What cannot be read is left out.
    pub fn parse_all(text: &str) -> Vec<Chord> {
        let mut out = Vec::new();
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            let name: String = if c == '<' {
                rest.by_ref().take_while(|c| *c != '>').collect()
            } else {
                c.to_string()
            };
            out.extend(Chord::parse(&name).or_else(|| (c != '<').then(|| Chord::plain(Key::Char(c)))));
        }
        out
    }

    /// From the terminal; none for a key that was let go and for keys that we do not know.
    pub fn from_event(event: KeyEvent) -> Option<Chord> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let key = match (event.code, event.modifiers.contains(KeyModifiers::SHIFT)) {
            (KeyCode::Char(c), _) if ctrl => Key::Char(c.to_ascii_lowercase()),
            (KeyCode::Char(c), true) if c.is_ascii_lowercase() => Key::Char(c.to_ascii_uppercase()),
            (KeyCode::Char(c), _) => Key::Char(c),
            (KeyCode::Enter, _) => Key::Enter,
            (KeyCode::Esc, _) => Key::Esc,
            (KeyCode::Tab, false) => Key::Tab,
            (KeyCode::Tab, true) | (KeyCode::BackTab, _) => Key::BackTab,
            (KeyCode::Backspace, _) => Key::Backspace,
            (KeyCode::Delete, _) => Key::Delete,
            (KeyCode::Up, _) => Key::Up,
            (KeyCode::Down, _) => Key::Down,
            (KeyCode::Left, _) => Key::Left,
            (KeyCode::Right, _) => Key::Right,
            (KeyCode::Home, _) => Key::Home,
            (KeyCode::End, _) => Key::End,
            (KeyCode::PageUp, _) => Key::PageUp,
            (KeyCode::PageDown, _) => Key::PageDown,
            (KeyCode::Insert, _) => Key::Insert,
            (KeyCode::F(number), _) => Key::F(number),
            _ => return None,
        };
        Some(Chord {
            key,
            ctrl,
            alt: event.modifiers.contains(KeyModifiers::ALT),
        })
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("ctrl-")?;
        }
        if self.alt {
            f.write_str("alt-")?;
        }
        match NAMES.iter().find(|(key, _)| *key == self.key) {
            Some((Key::Char('<'), _)) => f.write_str("<"),
            Some((_, name)) => f.write_str(name),
            None => match (self.key, ()) {
                (Key::Char(c), ()) => write!(f, "{c}"),
                (Key::F(number), ()) => write!(f, "f{number}"),
                _ => Ok(()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        for text in [
            "a",
            "A",
            "?",
            "ctrl-r",
            "space",
            "shift-tab",
            "alt-enter",
            "end",
            "f5",
            "insert",
        ] {
            assert_eq!(Chord::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Chord::parse("hello"), None);
        let keys: Vec<String> = Chord::parse_all("jd1<enter><ctrl-r>")
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(keys, ["j", "d", "1", "enter", "ctrl-r"]);
    }
}
