//! The clinic's own keys, read from `[keys]` of the configuration.
//!
//! Owns what may be written there, and says everything that is wrong at once. Must not know where the file is.

use super::{Keymap, Keys, counts_in};
use crate::config;
use crate::domain::text;
use crate::tui::action::{Entry, Scope, TABLE};
use std::collections::BTreeMap;

/// Something wrong with the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The setting that it is about.
    pub setting: String,
    /// Why.
    pub because: String,
    /// What to do.
    pub fix: String,
}

/// Control keys that a terminal cannot tell from another key (ECMA-48: they are the same byte).
const TWINS: [(&str, &str); 4] = [
    ("ctrl-i", "tab"),
    ("ctrl-m", "enter"),
    ("ctrl-[", "esc"),
    ("ctrl-h", "backspace"),
];

/// Reads the keys: the table's where the configuration says nothing. With what is wrong; an action at fault keeps the keys
/// of the table.
pub fn read(settings: &BTreeMap<String, Vec<String>>) -> (Keymap, Vec<Fault>) {
    let mut map = Keymap::default();
    let mut faults = Vec::new();
    for (id, written) in settings {
        let Some((entry, keys)) = map.0.iter_mut().find(|(entry, _)| entry.id == id) else {
            faults.push(unknown(id));
            continue;
        };
        let mut read: Vec<Keys> = Vec::new();
        let before = faults.len();
        for (place, text) in written.iter().enumerate() {
            match key(text) {
                Ok(key) if read.contains(&key) => faults.push(Fault {
                    setting: format!("keys.{id}[{place}]"),
                    because: format!("`{}` is there twice", key.shown),
                    fix: "take one out".into(),
                }),
                Ok(key) => read.push(key),
                Err((because, fix)) => faults.push(Fault {
                    setting: format!("keys.{id}[{place}]"),
                    because,
                    fix,
                }),
            }
        }
        if read.is_empty() && entry.keeps && faults.len() == before {
            faults.push(Fault {
                setting: format!("keys.{id}"),
                because: format!("without a key for `{id}` a person could not find their way"),
                fix: "give it a key".into(),
            });
        }
        if faults.len() == before {
            *keys = read;
        }
    }
    faults.extend(clashes(&map, settings));
    (map, faults)
}

/// Checks the keys of a configuration that is being read.
pub fn check(settings: &config::Settings, note: &mut config::Note<'_>) {
    for fault in read(&settings.keys).1 {
        note(&[fault.setting], fault.because, &fault.fix);
    }
    for (place, id) in settings.screen.actions.iter().enumerate() {
        if !TABLE.iter().any(|entry| entry.id == id) {
            let fault = unknown(id);
            note(&[format!("screen.actions[{place}]")], fault.because, &fault.fix);
        }
    }
}

fn unknown(id: &str) -> Fault {
    // The nearest by letters that begin alike: `acept` is `accept`.
    let alike = |entry: &&Entry| {
        let same = entry
            .id
            .chars()
            .zip(id.chars())
            .take_while(|(a, b)| a == b)
            .count();
        std::cmp::Reverse((same, std::cmp::Reverse(entry.id.len().abs_diff(id.len()))))
    };
    let near = TABLE.iter().min_by_key(alike).map_or("", |entry| entry.id);
    Fault {
        setting: format!("keys.{id}"),
        because: format!("there is no action `{}`", text::line(id)),
        fix: format!("perhaps `{near}`? `refdesk config keys` names them all"),
    }
}

/// One key of the configuration.
fn key(text: &str) -> Result<Keys, (String, String)> {
    let shown = text::line(text);
    let keys = Keys::parse(text).ok_or_else(|| {
        (
            format!("`{shown}` is no key"),
            "write a letter, a name like enter or pageup, ctrl-r, or a sequence like \"e p\"".to_owned(),
        )
    })?;
    for part in text.split(' ') {
        if let Some((_, twin)) = TWINS.iter().find(|(key, _)| *key == part) {
            let fix = format!("choose another, or write {twin} if you mean that");
            return Err((format!("`{part}` and {twin} are the same key to a terminal"), fix));
        }
    }
    Ok(keys)
}

/// Two actions on one key where both count, and keys that are the start of others: those would never be answered at once.
fn clashes(map: &Keymap, settings: &BTreeMap<String, Vec<String>>) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    for scope in [Scope::Lists, Scope::Intake] {
        let lines = map.0.iter().filter(|(entry, _)| counts_in(entry, scope));
        let all: Vec<(&Entry, &Keys)> = lines
            .flat_map(|(entry, keys)| keys.iter().map(move |key| (*entry, key)))
            .collect();
        for (at, (first, one)) in all.iter().enumerate() {
            for (second, other) in all.iter().skip(at + 1) {
                let because = if one.chords == other.chords {
                    format!("`{}` means both `{}` and `{}`", one.shown, first.id, second.id)
                } else if one.begins(other) {
                    format!(
                        "`{}` (`{}`) is the start of `{}` (`{}`): it could never be answered at once",
                        one.shown, first.id, other.shown, second.id
                    )
                } else if other.begins(one) {
                    format!(
                        "`{}` (`{}`) is the start of `{}` (`{}`): it could never be answered at once",
                        other.shown, second.id, one.shown, first.id
                    )
                } else {
                    continue;
                };
                // The one that was written is blamed; the other one is the table's, or written too.
                let (blamed, free) = if settings.contains_key(second.id) {
                    (second, first)
                } else {
                    (first, second)
                };
                let fault = Fault {
                    setting: format!("keys.{}", blamed.id),
                    because,
                    fix: format!("choose another key, or give `{}` another one as well", free.id),
                };
                if !faults.contains(&fault) {
                    faults.push(fault);
                }
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(lines: &[(&str, &[&str])]) -> Vec<String> {
        let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
        let settings = lines
            .iter()
            .map(|(id, written)| ((*id).to_owned(), keys(written)))
            .collect();
        let (_, faults) = read(&settings);
        faults
            .into_iter()
            .map(|fault| format!("{}: {}", fault.setting, fault.because))
            .collect()
    }

    #[test]
    fn the_table_itself_is_sound() {
        assert_eq!(faults(&[]), [""; 0]);
        for entry in TABLE {
            assert_eq!(faults(&[(entry.id, entry.keys)]), [""; 0], "{}", entry.id);
        }
    }

    #[test]
    fn keys_may_be_swapped_moved_and_taken_away() {
        assert_eq!(faults(&[("accept", &["d"]), ("decline", &["a"])]), [""; 0]);
        assert_eq!(faults(&[("accept", &["f5", "alt-a"]), ("note", &[])]), [""; 0]);
        // Intake and lists are two places: one key may mean something else in each.
        assert_eq!(faults(&[("attach", &["s"])]), [""; 0]);
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let said = faults(&[
            ("acept", &["a"]),
            ("decline", &["a"]),
            ("edit-patient", &["n p"]),
            ("quit", &[]),
            ("note", &["hello", "ctrl-m", "n"]),
            ("undo", &["ctrl-z"]),
        ]);
        let expected = [
            "keys.acept: there is no action `acept`",
            "keys.note[0]: `hello` is no key",
            "keys.note[1]: `ctrl-m` and enter are the same key to a terminal",
            "keys.quit: without a key for `quit` a person could not find their way",
            "keys.decline: `a` means both `accept` and `decline`",
            "keys.edit-patient: `n` (`note`) is the start of `n p` (`edit-patient`): it could never be answered at once",
            "keys.undo: `ctrl-z` means both `undo` and `suspend`",
        ];
        assert_eq!(said, expected);
    }
}
