//! Finding among choices: `/` and a few letters instead of counting down a long list.
//!
//! Owns which choices are shown while something is typed. Must not know what a choice means.

use super::input::{Input, Quick, Taken};
use super::{Choice, Field};
use crate::tui::chord::{Chord, Key};
use crate::tui::entry::Entry;
use crate::tui::fuzzy;

/// From this many choices on, digits do not reach all of them: the form says that `/` finds.
pub const MANY: usize = 10;

fn labels(input: &Input) -> Vec<(usize, &Choice)> {
    match input {
        Input::One { choices, .. } => choices.iter().enumerate().collect(),
        Input::Many { choices, .. } => choices.iter().map(|(choice, _)| choice).enumerate().collect(),
        Input::Text { .. } | Input::Query { .. } | Input::Combo { .. } => Vec::new(),
    }
}

impl Field {
    /// The choices shown, by number: those that match what is typed to find one, the best first; else all.
    pub fn shown(&self) -> Vec<usize> {
        let labels = labels(&self.input);
        let typed = self.find.as_ref().map(Entry::text).unwrap_or_default();
        let ranked = fuzzy::rank(&typed, &labels, |(_, choice)| &choice.label);
        ranked.into_iter().map(|(index, _)| *index).collect()
    }

    /// Whether its choices are so many that digits do not reach all.
    pub fn is_long(&self) -> bool {
        labels(&self.input).len() >= MANY
    }

    fn at(&self) -> Option<usize> {
        match &self.input {
            Input::One { at, .. } => *at,
            Input::Many { at, .. } => Some(*at),
            Input::Text { .. } | Input::Query { .. } | Input::Combo { .. } => None,
        }
    }

    fn put(&mut self, to: Option<usize>) {
        match &mut self.input {
            Input::One { at, .. } => *at = to.or(*at),
            Input::Many { at, .. } => *at = to.unwrap_or(*at),
            Input::Text { .. } | Input::Query { .. } | Input::Combo { .. } => {}
        }
    }

    /// Takes a key of a find; none where it is for somebody else.
    pub(super) fn find_key(&mut self, chord: Chord) -> Option<Taken> {
        let Some(find) = &mut self.find else {
            let begins = chord.typed() == Some('/') && !labels(&self.input).is_empty();
            return begins.then(|| {
                self.find = Some(Entry::default());
                Taken::Moved
            });
        };
        let step = match (chord.key, chord.ctrl) {
            (Key::Esc, _) | (Key::Char('c'), true) => {
                self.find = None;
                return Some(Taken::Moved);
            }
            (Key::Enter, _) => {
                let any = !self.shown().is_empty();
                self.find = None;
                return Some(if any { self.pick() } else { Taken::Moved });
            }
            (Key::Tab | Key::BackTab, _) => {
                self.find = None;
                return None;
            }
            (Key::Down, _) | (Key::Char('n'), true) => 1,
            (Key::Up, _) | (Key::Char('p'), true) => -1,
            _ => {
                if find.key(chord, false) {
                    let best = self.shown().first().copied();
                    self.put(best);
                }
                return Some(Taken::Moved);
            }
        };
        let shown = self.shown();
        let here = shown.iter().position(|index| Some(*index) == self.at());
        let to = here.map_or(0, |here| here.saturating_add_signed(step));
        self.put(shown.get(to).copied());
        Some(Taken::Moved)
    }

    /// Takes the choice that the cursor is on.
    fn pick(&mut self) -> Taken {
        match &mut self.input {
            Input::One { quick, .. } => Taken::Chosen(*quick),
            Input::Many { choices, at } => {
                if let Some((_, on)) = choices.get_mut(*at) {
                    *on = !*on;
                }
                Taken::Moved
            }
            Input::Text { .. } | Input::Query { .. } | Input::Combo { .. } => Taken::No,
        }
    }

    /// Takes the choice, or the match, with a number: it was clicked on.
    pub fn choose(&mut self, number: usize) -> Option<Quick> {
        self.find = None;
        if let Input::Combo {
            choices, entry, at, ..
        } = &mut self.input
        {
            let typed = entry.text();
            let found = fuzzy::rank(&typed, choices, |choice| &choice.label);
            let label = found.get(number).map(|choice| choice.label.clone())?;
            *entry = Entry::with(label);
            *at = 0;
            return Some(Quick::Advance);
        }
        self.put(Some(number));
        match self.pick() {
            Taken::Chosen(quick) => Some(quick),
            Taken::Moved | Taken::Text | Taken::No => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tui::action::Action;
    use crate::tui::chord::Chord;
    use crate::tui::form::{Composed, Form, Input, Quick, Turn, choice, one};

    fn form() -> Form {
        let names = ["Dr. Obi", "Dr. Steiner", "Dr. Sato", "Dr. Quintero"];
        let choices = names.map(|name| choice(name, name)).to_vec();
        let ticks = choices.iter().cloned().map(|choice| (choice, false)).collect();
        Form::new(Action::Views, "", |_, _, _| Ok(Composed::Details))
            .field("one", "one", one(choices, Some(0), Quick::Advance))
            .field(
                "many",
                "many",
                Input::Many {
                    choices: ticks,
                    at: 0,
                },
            )
    }

    fn press(form: &mut Form, keys: &str) -> Turn {
        let mut turn = Turn::Stay;
        for chord in Chord::parse_all(keys) {
            turn = form.key(chord);
        }
        turn
    }

    #[test]
    fn a_choice_is_found_by_letters() {
        let mut form = form();
        assert_eq!(press(&mut form, "/sato<enter>"), Turn::Stay);
        assert_eq!((form.value("one").as_str(), form.focus), ("Dr. Sato", 1));
        // j is a letter while something is sought, and moves again afterwards.
        press(&mut form, "/quin<enter>/st<down><enter>k ");
        assert_eq!(form.ticked("many"), ["Dr. Steiner", "Dr. Sato", "Dr. Quintero"]);
    }

    #[test]
    fn leaving_a_find_does_not_leave_the_form() {
        let mut form = form();
        assert_eq!(press(&mut form, "/zzz<enter>"), Turn::Stay);
        assert_eq!(form.value("one"), "Dr. Obi");
        assert_eq!(press(&mut form, "/sa<esc>"), Turn::Stay);
        assert_eq!(press(&mut form, "<esc>"), Turn::Leave);
    }
}
