//! The time machine: on the way to a past moment, in it, and back.

use super::{load, refused};
use crate::config::screen::Tab;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::time::Stamp;
use crate::store::board::Anchor;
use crate::tui::action::Action;
use crate::tui::chord::{Chord, Key};
use crate::tui::model::{Journey, Model, Place};
use crate::tui::msg::Effect;
use crate::tui::notice::Kind;
use crate::tui::words;

/// What cannot be done in the past, with the way out.
pub fn now_only(because: impl Into<String>) -> Refusal {
    Refusal::new(Code::Impossible, because, "esc returns to now")
}

/// Sets out for a past moment.
pub fn set_out(model: &mut Model, to: Stamp) -> Vec<Effect> {
    model.journey = Some(Journey {
        to,
        done: 0,
        total: 0,
    });
    vec![Effect::LookBack(to)]
}

/// A key on the way: esc gives up, the others wait for nothing.
pub fn wait(model: &mut Model, chord: Chord) -> Vec<Effect> {
    let stops = chord.key == Key::Esc || chord.ctrl && chord.key == Key::Char('c');
    if stops {
        vec![Effect::ReturnToNow]
    } else {
        let key = model.settings.keymap.named(Action::AsOf);
        let text = format!("on the way to a past moment ({key}); esc gives up");
        model.notices.say(model.now, Kind::Trouble, text);
        Vec::new()
    }
}

/// So far.
pub fn on_the_way(model: &mut Model, done: u64, total: u64) {
    if let Some(journey) = &mut model.journey {
        journey.done = done;
        journey.total = total;
    }
}

/// The moment is laid out: everything shown is read again, as of it.
pub fn arrived(model: &mut Model, at: Stamp, result: Result<bool, String>) -> Vec<Effect> {
    model.journey = None;
    match result {
        // Given up: the answer to that follows, and says so.
        Ok(false) => return Vec::new(),
        Err(why) => {
            model.notices.say(model.now, Kind::Trouble, why);
            return vec![Effect::ReturnToNow];
        }
        Ok(true) => {}
    }
    let text = format!(
        "as of {}: nothing can be changed here; esc returns to now",
        words::moment(at, model.clock, model.settings.zone())
    );
    model.past = Some(at);
    model.now = at;
    if model.place == Place::Intake {
        model.place = Place::of(Tab::Review);
    }
    model.notices.say(model.now, Kind::Done, text);
    afresh(model)
}

/// Back in the present: everything is read again.
pub fn returned(model: &mut Model, result: Result<(), String>) -> Vec<Effect> {
    model.journey = None;
    match result {
        Ok(()) => model.notices.say(model.now, Kind::Done, "back to now"),
        Err(why) => model.notices.say(model.now, Kind::Trouble, why),
    }
    afresh(model)
}

fn afresh(model: &mut Model) -> Vec<Effect> {
    model.board.marks.clear();
    model.board.changed = 0;
    model.fetching = false;
    model.followed = None;
    model.sheet = None;
    let mut effects = vec![Effect::Counts, Effect::Fence];
    if model.place == Place::Intake {
        effects.push(Effect::Intake);
        return effects;
    }
    let anchor = model.board.cursor.map_or(Anchor::Start, Anchor::Around);
    effects.extend(load(model, anchor));
    effects
}

/// Whether a place can be shown now: Intake has no past.
pub fn can_show(model: &Model, place: &Place) -> bool {
    model.past.is_none() || *place != Place::Intake
}

/// Refuses to show a place that has no past.
pub fn refuse_place(model: &mut Model) -> Vec<Effect> {
    refused(model, &now_only("Intake is shown as it is now alone"));
    Vec::new()
}
