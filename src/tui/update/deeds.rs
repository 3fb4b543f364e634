//! The history: opened, walked, and a step of it taken back.

use crate::tui::chord::Chord;
use crate::tui::history::{History, Looked};
use crate::tui::model::{Model, Overlay};
use crate::tui::msg::{Effect, Msg};
use crate::tui::notice::Kind;

/// Opens the history of who sits at the desk.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let history = History::new(&model.settings.actor.name, model.board.cursor);
    let of = history.of.clone();
    model.overlay = Some(Overlay::History(history));
    vec![Effect::History(of)]
}

/// Takes a key.
pub fn key(model: &mut Model, chord: Chord) -> Vec<Effect> {
    let Some(Overlay::History(history)) = &mut model.overlay else {
        return Vec::new();
    };
    match history.key(chord) {
        Looked::Stay => Vec::new(),
        Looked::Leave => {
            model.overlay = None;
            Vec::new()
        }
        Looked::Turned => vec![Effect::History(history.of.clone())],
        Looked::Moved => ask(model).into_iter().collect(),
        Looked::Take => take(model),
    }
}

/// Asks whether the step chosen can be taken back.
pub fn ask(model: &Model) -> Option<Effect> {
    let Some(Overlay::History(history)) = &model.overlay else {
        return None;
    };
    Some(Effect::MayTakeBack {
        asked: history.current()?.action,
        action: history.target()?,
        actor: model.settings.actor.clone(),
    })
}

/// Takes the step chosen back, or does it again.
fn take(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::History(history)) = &model.overlay else {
        return Vec::new();
    };
    let (Some(deed), Some(action)) = (history.current(), history.target()) else {
        return Vec::new();
    };
    let again = deed.undone_by.is_some() || deed.undo_of.is_some();
    let of = history.of.clone();
    vec![
        Effect::TakeBack {
            action,
            actor: model.settings.actor.clone(),
            again,
        },
        Effect::History(of),
    ]
}

/// Takes an answer.
pub fn answer(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let Some(Overlay::History(history)) = &mut model.overlay else {
        return Vec::new();
    };
    match (msg, ()) {
        (
            Msg::History {
                of,
                result: Ok(deeds),
            },
            (),
        ) => {
            history.take(&of, deeds);
            ask(model).into_iter().collect()
        }
        (Msg::Verdict { action, result }, ()) => {
            history.verdict = Some((action, result));
            Vec::new()
        }
        (Msg::History { result: Err(why), .. }, ()) => {
            model.notices.say(model.now, Kind::Trouble, why);
            Vec::new()
        }
        (_, ()) => Vec::new(),
    }
}
