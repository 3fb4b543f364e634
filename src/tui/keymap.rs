//! From keys to actions.
//!
//! Owns the resolution of single keys and sequences over the action table, and the hints for a sequence that has begun.
//! Must not know what an action does.

use super::action::{Action, Entry, Scope, TABLE};
use super::chord::Chord;

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

/// Whether an entry's keys count in a scope.
pub fn counts_in(entry: &Entry, scope: Scope) -> bool {
    entry.scope == scope || entry.scope == Scope::Everywhere
}

/// What the keys pressed so far mean in a scope.
pub fn resolve(pressed: &[Chord], scope: Scope) -> Meaning {
    let shown: Vec<String> = pressed.iter().map(ToString::to_string).collect();
    let shown = shown.join(" ");
    let mut begun = Vec::new();
    for entry in TABLE.iter().filter(|entry| counts_in(entry, scope)) {
        for keys in entry.keys {
            if *keys == shown {
                return Meaning::Action(entry.action);
            }
            if let Some(rest) = keys.strip_prefix(&shown).and_then(|rest| rest.strip_prefix(' ')) {
                begun.push((rest.to_owned(), entry.title));
            }
        }
    }
    if begun.is_empty() {
        Meaning::Nothing
    } else {
        Meaning::Begun(begun)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_sequences_resolve() {
        let keys = |text| Chord::parse_all(text);
        assert_eq!(resolve(&keys("a"), Scope::Lists), Meaning::Action(Action::Accept));
        assert_eq!(
            resolve(&keys("a"), Scope::Intake),
            Meaning::Action(Action::MakeReferral)
        );
        assert_eq!(
            resolve(&keys("ep"), Scope::Lists),
            Meaning::Action(Action::EditPatient)
        );
        assert_eq!(resolve(&keys("ez"), Scope::Lists), Meaning::Nothing);
        assert!(matches!(resolve(&keys("e"), Scope::Lists), Meaning::Begun(next) if next.len() == 5));
        assert_eq!(
            resolve(&keys("<ctrl-r>"), Scope::Intake),
            Meaning::Action(Action::Redo)
        );
    }
}
