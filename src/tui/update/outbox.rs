//! The outbox: opened, walked, and a message of it decided on or changed.

use super::{acts, refused, typing};
use crate::domain::command::Command;
use crate::domain::message::{Message, MessageState};
use crate::store::due::Part;
use crate::tui::action::Action;
use crate::tui::asks;
use crate::tui::chord::Chord;
use crate::tui::model::{Model, Overlay};
use crate::tui::msg::Effect;
use crate::tui::notice::Kind;
use crate::tui::outbox::{Looked, Outbox, can_edit};
use crate::tui::ready;

/// Opens it: what needs somebody first.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let outbox = Outbox::default();
    let part = outbox.part;
    model.overlay = Some(Overlay::Outbox(outbox));
    vec![Effect::Outbox(part)]
}

/// Takes a key.
pub fn key(model: &mut Model, chord: Chord) -> Vec<Effect> {
    let Some(Overlay::Outbox(outbox)) = &mut model.overlay else {
        return Vec::new();
    };
    let looked = outbox.key(chord);
    let (part, message) = (outbox.part, outbox.current().cloned());
    match (looked, message) {
        (Looked::Stay, _) => Vec::new(),
        (Looked::Leave, _) => {
            model.overlay = None;
            Vec::new()
        }
        (Looked::Turned, _) => vec![Effect::Outbox(part)],
        (Looked::Open, Some(message)) => {
            model.overlay = None;
            model.jump = Some(message.referral);
            vec![Effect::Sheet(message.referral)]
        }
        (Looked::Move(to), Some(message)) => decide(model, &message, to, part),
        (Looked::Edit, Some(message)) => edit(model, &message),
        (Looked::Open | Looked::Move(_) | Looked::Edit, None) => Vec::new(),
    }
}

fn decide(model: &mut Model, message: &Message, to: MessageState, part: Part) -> Vec<Effect> {
    if !may(model) {
        return Vec::new();
    }
    let command = Command::MoveMessage {
        referral: message.referral,
        message: message.id,
        to,
        claim: None,
        detail: None,
    };
    let mut effects = acts::execute_plain(model, Action::Outbox, vec![command]);
    effects.push(Effect::Outbox(part));
    effects
}

fn edit(model: &mut Model, message: &Message) -> Vec<Effect> {
    if !may(model) {
        return Vec::new();
    }
    if !can_edit(message) {
        let said = format!(
            "a message that is {} is not changed any more",
            message.state.code()
        );
        model.notices.say(model.now, Kind::Trouble, said);
        return Vec::new();
    }
    typing::show(model, asks::edit_message(message));
    Vec::new()
}

fn may(model: &mut Model) -> bool {
    match ready::may_change(model) {
        Ok(()) => true,
        Err(refusal) => {
            refused(model, &refusal);
            false
        }
    }
}

/// Takes messages in.
pub fn answer(model: &mut Model, part: Part, result: Result<Vec<Message>, String>) {
    match (result, &mut model.overlay) {
        (Ok(rows), Some(Overlay::Outbox(outbox))) => outbox.take(part, rows),
        (Ok(_), _) => {}
        (Err(why), _) => model.notices.say(model.now, Kind::Trouble, why),
    }
}

/// What is asked again when something changed: what is shown of the outbox.
pub fn again(model: &Model) -> Option<Effect> {
    match &model.overlay {
        Some(Overlay::Outbox(outbox)) => Some(Effect::Outbox(outbox.part)),
        _ => None,
    }
}
