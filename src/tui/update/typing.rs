//! What is typed: forms put on the screen, left, kept and taken up again; texts lent to an editor.

use super::{keys, proofs, refused};
use crate::domain::id::ReferralId;
use crate::domain::refusal::Refusal;
use crate::tui::action::Action;
use crate::tui::entry::Entry;
use crate::tui::form::{Form, Input};
use crate::tui::keep::{Draft, is_worth_keeping};
use crate::tui::model::{Model, Overlay};
use crate::tui::msg::Effect;
use crate::tui::notice::Kind;

/// Puts a form on the screen, with what was typed into it when it was last left.
pub fn show(model: &mut Model, mut form: Form) {
    if let Some(at) = model.kept.iter().rposition(|kept| kept.is_of(&form)) {
        model.kept.remove(at).fill(&mut form);
    }
    model.overlay = Some(Overlay::Form(form));
}

/// A form is left: what was typed is kept.
pub fn leave(model: &mut Model) {
    let Some(Overlay::Form(form)) = model.overlay.take() else {
        return;
    };
    if !is_worth_keeping(&form) {
        return;
    }
    let again = model.settings.keymap.named(form.action);
    let text = format!("what you typed is kept: {again} on the same referral goes on");
    model.notices.say(model.now, Kind::Done, text);
    model.kept.push(Draft::of(&form));
}

/// A form is left, and what was typed is thrown away; of the list of what is kept, the one chosen.
pub fn throw_away(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Form(form)) = model.overlay.take() else {
        return Vec::new();
    };
    if form.action == Action::Drafts {
        return match form.value("draft").parse() {
            Ok(number) => discard(model, number),
            Err(_) => Vec::new(),
        };
    }
    if form.touched {
        thrown(model);
    }
    Vec::new()
}

fn thrown(model: &mut Model) {
    model
        .notices
        .say(model.now, Kind::Done, "what you typed was thrown away");
}

/// Which of the reviews a number of the list of what is kept means.
fn proof_at(model: &Model, number: usize) -> Option<usize> {
    number.checked_sub(model.kept.len() + usize::from(model.draft.is_some()))
}

/// Throws one of what is kept away, and shows what is left.
fn discard(model: &mut Model, number: usize) -> Vec<Effect> {
    if number < model.kept.len() {
        model.kept.remove(number);
    } else if let Some(at) = proof_at(model, number) {
        if at < model.proofs.len() {
            model.proofs.remove(at);
        }
    } else {
        model.draft = None;
    }
    thrown(model);
    if model.typed().is_empty() {
        return Vec::new();
    }
    keys::perform(model, Action::Drafts)
}

/// The referral being made is thrown away.
pub fn throw_making_away(model: &mut Model) -> Vec<Effect> {
    model.overlay = None;
    model.draft = None;
    thrown(model);
    Vec::new()
}

/// Commands of these referrals were refused, or not sent after all: the form they came from is kept.
pub fn bring_back(model: &mut Model, ids: &[ReferralId]) -> bool {
    let found = model.sent.iter().position(|draft| draft.targets == ids);
    let back = found.map(|at| model.sent.remove(at));
    model.kept.extend(back);
    found.is_some()
}

/// Commands of these referrals were done.
pub fn is_done(model: &mut Model, ids: &[ReferralId]) {
    if let Some(at) = model.sent.iter().position(|draft| draft.targets == ids) {
        model.sent.remove(at);
    }
}

/// Takes up a form that was kept: its referral is shown, then the form.
pub fn take_up(model: &mut Model, number: usize) -> Vec<Effect> {
    let Some(draft) = model.kept.get(number).cloned() else {
        // After the forms comes the referral being made, then the reviews of documents.
        return match (&model.draft, proof_at(model, number)) {
            (_, Some(at)) => match model.proofs.get(at).cloned() {
                Some(said) => proofs::take_up(model, &said),
                None => Vec::new(),
            },
            (Some(_), None) => keys::perform(model, Action::New),
            (None, None) => Vec::new(),
        };
    };
    let Some(action) = draft.action() else {
        refused(model, &Refusal::not_found("such action"));
        return Vec::new();
    };
    match draft.targets.as_slice() {
        [id] => {
            model.board.marks.clear();
            model.resume = Some((*id, action));
            model.jump = Some(*id);
            vec![Effect::Sheet(*id)]
        }
        [] => keys::perform(model, action),
        many => {
            let text = format!(
                "it was about {} marked referrals: mark them again, then {}",
                many.len(),
                model.settings.keymap.named(action)
            );
            model.notices.say(model.now, Kind::Trouble, text);
            Vec::new()
        }
    }
}

/// Goes on with a form once its referral is shown.
pub fn resume(model: &mut Model) -> Vec<Effect> {
    let here =
        |(id, _): &mut (ReferralId, Action)| model.board.current().is_some_and(|row| row.queue.id == *id);
    match model.resume.take_if(here) {
        Some((_, action)) => keys::perform(model, action),
        None => Vec::new(),
    }
}

/// The form that has the keys.
fn form_of(model: &mut Model) -> Option<&mut Form> {
    match &mut model.overlay {
        Some(Overlay::Form(form)) => Some(form),
        Some(Overlay::Create(create)) => create.form.as_mut(),
        _ => None,
    }
}

/// Lends the text of the field that has the keys to an editor.
pub fn lend(model: &mut Model) -> Vec<Effect> {
    let field = form_of(model).and_then(|form| form.fields.get(form.focus));
    match field.map(|field| &field.input) {
        Some(Input::Text { entry, .. }) => vec![Effect::Edit(entry.text())],
        Some(Input::One { .. } | Input::Many { .. } | Input::Combo { .. } | Input::Query { .. }) | None => {
            Vec::new()
        }
    }
}

/// Takes the text that an editor gave back.
pub fn edited(model: &mut Model, edited: Result<Option<String>, String>) -> Vec<Effect> {
    let text = match edited {
        Ok(Some(text)) => text,
        Ok(None) => return Vec::new(),
        Err(why) => {
            model.notices.say(model.now, Kind::Trouble, why);
            return Vec::new();
        }
    };
    let Some(form) = form_of(model) else {
        return Vec::new();
    };
    if let Some(Input::Text { entry, lines }) = form.fields.get_mut(form.focus).map(|field| &mut field.input)
    {
        let mut fresh = Entry::default();
        fresh.insert(&text, *lines);
        *entry = fresh;
        form.touched = true;
    }
    Vec::new()
}
