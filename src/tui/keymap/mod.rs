//! From keys to actions.
//!
//! Owns which keys mean which action on this desk (the action table's, as the configuration changed them), the resolution of
//! single keys and sequences, and the hints for a sequence that has begun. Everything that shows a key asks here. Must not
//! know what an action does.

mod configured;

pub use configured::{Fault, check, read};

use super::action::{Action, Entry, Scope, TABLE};
use super::chord::Chord;
use super::places;

/// What keys pressed so far mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// An action.
    Action(Action),
    /// The start of sequences: their next keys and titles.
    Begun(Vec<(String, &'static str)>),
    /// Nothing.
    Nothing,
}

/// A key, or several to be pressed one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    chords: Vec<Chord>,
    /// As shown: `ctrl-r`, `e p`.
    shown: String,
}

impl Keys {
    /// Reads `a`, `ctrl-r`, `e p`.
    pub fn parse(text: &str) -> Option<Keys> {
        let chords: Option<Vec<Chord>> = text.split(' ').map(Chord::parse).collect();
        let chords = chords.filter(|chords| !chords.is_empty())?;
        let shown: Vec<String> = chords.iter().map(ToString::to_string).collect();
        Some(Keys {
            chords,
            shown: shown.join(" "),
        })
    }

    /// Whether these keys are the start of longer ones.
    fn begins(&self, longer: &Keys) -> bool {
        self.chords.len() < longer.chords.len() && longer.chords.starts_with(&self.chords)
    }
}

/// The keys of every action, in the order of the action table.
#[derive(Clone, Debug)]
pub struct Keymap(Vec<(&'static Entry, Vec<Keys>)>);

impl Default for Keymap {
    fn default() -> Keymap {
        let keys = |entry: &Entry| entry.keys.iter().filter_map(|keys| Keys::parse(keys)).collect();
        Keymap(TABLE.iter().map(|entry| (entry, keys(entry))).collect())
    }
}

/// Whether an entry's keys count in a scope.
pub fn counts_in(entry: &Entry, scope: Scope) -> bool {
    entry.scope == scope || entry.scope == Scope::Everywhere
}

impl Keymap {
    fn of(&self, action: Action) -> &[Keys] {
        let found = self.0.iter().find(|(entry, _)| entry.action == action);
        found.map_or(&[], |(_, keys)| keys.as_slice())
    }

    /// The first key of an action, as shown; empty where it has none.
    pub fn key(&self, action: Action) -> &str {
        self.of(action).first().map_or("", |keys| keys.shown.as_str())
    }

    /// All keys of an action, as shown: `k or up`.
    pub fn keys(&self, action: Action) -> String {
        let shown: Vec<&str> = self.of(action).iter().map(|keys| keys.shown.as_str()).collect();
        shown.join(" or ")
    }

    /// All keys of an action, each as the configuration writes it.
    pub fn written(&self, action: Action) -> Vec<String> {
        self.of(action).iter().map(|keys| keys.shown.clone()).collect()
    }

    /// How a sentence names an action: by its key, else by its name for the palette.
    pub fn named(&self, action: Action) -> String {
        match self.key(action) {
            "" => {
                let id = super::action::entry(action).map_or("", |entry| entry.id);
                format!("`{id}` ({})", self.key(Action::Palette))
            }
            key => key.to_owned(),
        }
    }

    /// What the keys pressed so far mean in a scope.
    pub fn resolve(&self, pressed: &[Chord], scope: Scope) -> Meaning {
        let mut begun = Vec::new();
        for (entry, keys) in self.0.iter().filter(|(entry, _)| counts_in(entry, scope)) {
            for keys in keys {
                if keys.chords == pressed {
                    return Meaning::Action(entry.action);
                }
                if let Some(rest) = keys.chords.strip_prefix(pressed) {
                    let rest: Vec<String> = rest.iter().map(ToString::to_string).collect();
                    begun.push((rest.join(" "), entry.title));
                }
            }
        }
        if begun.is_empty() {
            Meaning::Nothing
        } else {
            Meaning::Begun(begun)
        }
    }

    /// Takes one more key after those pressed. A key of another script that means nothing here is the key at its place.
    pub fn take(&self, pressed: &mut Vec<Chord>, chord: Chord, scope: Scope) -> Meaning {
        pressed.push(chord);
        let meaning = self.resolve(pressed, scope);
        let Some(latin) = places::latin(chord).filter(|_| meaning == Meaning::Nothing) else {
            return meaning;
        };
        pressed.pop();
        pressed.push(latin);
        self.resolve(pressed, scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_sequences_resolve() {
        let keys = |text| Chord::parse_all(text);
        let map = Keymap::default();
        let table = [
            ("a", Scope::Lists, Meaning::Action(Action::Accept)),
            ("a", Scope::Intake, Meaning::Action(Action::MakeReferral)),
            ("ep", Scope::Lists, Meaning::Action(Action::EditPatient)),
            ("ez", Scope::Lists, Meaning::Nothing),
            ("<ctrl-r>", Scope::Intake, Meaning::Action(Action::Redo)),
        ];
        for (pressed, scope, meaning) in table {
            assert_eq!(map.resolve(&keys(pressed), scope), meaning, "{pressed}");
        }
        assert!(matches!(map.resolve(&keys("e"), Scope::Lists), Meaning::Begun(next) if next.len() == 8));
        assert_eq!(
            (map.key(Action::Up), map.keys(Action::Up).as_str()),
            ("k", "k or up")
        );
    }

    #[test]
    fn a_key_of_another_script_means_its_place_unless_it_is_somebodys_key() {
        let press = |map: &Keymap, text: &str| {
            let mut pressed = Vec::new();
            let mut meaning = Meaning::Nothing;
            for chord in Chord::parse_all(text) {
                meaning = map.take(&mut pressed, chord, Scope::Lists);
            }
            meaning
        };
        let map = Keymap::default();
        for (pressed, action) in [
            ("ф", Action::Accept),
            ("уз", Action::EditPatient),
            ("ש", Action::Accept),
            ("Ф", Action::Assign),
        ] {
            assert_eq!(press(&map, pressed), Meaning::Action(action), "{pressed}");
        }
        let (map, faults) = read(&[("note".to_owned(), vec!["ф".to_owned()])].into());
        assert_eq!(faults, []);
        assert_eq!(press(&map, "ф"), Meaning::Action(Action::Note));
    }
}
