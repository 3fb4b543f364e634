//! What is typed: forms put on the screen, left, kept and taken up again; texts lent to an editor.

use super::{keys, making, moves, proofs, refused};
use crate::domain::id::{DocumentId, ReferralId};
use crate::domain::refusal::Refusal;
use crate::engine::Failure;
use crate::tui::action::Action;
use crate::tui::entry::Entry;
use crate::tui::form::{Form, Input};
use crate::tui::keep::{Draft, Origin, Sent, is_worth_keeping};
use crate::tui::model::{Confirm, Model, Overlay, Place};
use crate::tui::msg::Effect;
use crate::tui::notice::Kind;

/// Puts a form on the screen, with what was typed into it when it was last left.
pub fn show(model: &mut Model, form: Form) {
    let mut form = form.opened();
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
    let text = if form.targets.is_empty() {
        let again = model.settings.keymap.named(Action::Drafts);
        format!("what you typed is kept: {again} takes it up")
    } else {
        let again = model.settings.keymap.named(form.action);
        format!("what you typed is kept: {again} on the same referral goes on")
    };
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

/// What a number of the list of what is kept means.
enum Kept {
    Form(usize),
    Making(usize),
    Proof(usize),
}

/// After the forms come the referrals being made, then the reviews of documents, as [`Model::typed`] lists them.
fn kept_at(model: &Model, number: usize) -> Kept {
    let (forms, making) = (model.kept.len(), model.making.len());
    match number.checked_sub(forms) {
        None => Kept::Form(number),
        Some(at) if at < making => Kept::Making(at),
        Some(at) => Kept::Proof(at - making),
    }
}

/// Throws one of what is kept away, and shows what is left.
fn discard(model: &mut Model, number: usize) -> Vec<Effect> {
    match kept_at(model, number) {
        Kept::Form(at) => drop(model.kept.remove(at)),
        Kept::Making(at) => drop(model.making.remove(at)),
        Kept::Proof(at) if at < model.proofs.len() => drop(model.proofs.remove(at)),
        Kept::Proof(_) => return Vec::new(),
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
    thrown(model);
    Vec::new()
}

/// The ids of the envelopes that these send.
pub fn ids_of(effects: &[Effect]) -> Vec<String> {
    let mut ids = Vec::new();
    for effect in effects {
        if let Effect::Execute { batch, .. } = effect {
            ids.extend(batch.iter().filter_map(|envelope| envelope.id.clone()));
        }
    }
    ids
}

/// What was sent, or will be once a question is answered, is kept until the receipt comes: a refusal loses nothing that was typed.
pub fn is_sent(model: &mut Model, effects: &[Effect], origin: Origin) {
    let mut ids = ids_of(effects);
    if let Some(Overlay::Confirm(Confirm { then, .. })) = &model.overlay {
        ids.extend(ids_of(then));
    }
    model.sent.push(Sent { ids, origin });
    if model.sent.last().is_some_and(|sent| sent.ids.is_empty()) {
        not_sent(model, &[]);
    }
}

/// Takes what these envelopes came of from what is on its way.
fn arrived(model: &mut Model, ids: &[String]) -> Option<Origin> {
    let of =
        |sent: &Sent| sent.ids.iter().any(|id| ids.contains(id)) || sent.ids.is_empty() && ids.is_empty();
    let at = model.sent.iter().position(of)?;
    Some(model.sent.remove(at).origin)
}

/// These were not sent after all: what they came of is kept.
pub fn not_sent(model: &mut Model, ids: &[String]) {
    match arrived(model, ids) {
        Some(Origin::Form(draft)) => model.kept.push(draft),
        Some(Origin::Making(create)) => model.making.push(create),
        Some(Origin::Proof(proof)) => proofs::keep(model, proof.said()),
        None => {}
    }
}

/// These were done. Where one of them failed, what they came of is kept for those that it failed for, and for nobody else: what
/// was done is not done twice.
pub fn is_done(model: &mut Model, ids: &[String], failed: &[ReferralId], failure: Option<&Failure>) {
    match (arrived(model, ids), failure) {
        (Some(Origin::Form(mut draft)), Some(_)) => {
            let left: Vec<ReferralId> = draft
                .targets
                .iter()
                .copied()
                .filter(|id| failed.contains(id))
                .collect();
            // What failed may be of another than the form was about.
            if !left.is_empty() {
                draft.targets = left;
            }
            model.kept.push(draft);
        }
        (Some(Origin::Making(create)), Some(_)) => model.making.push(create),
        (Some(Origin::Proof(proof)), failure) => proofs::done(model, proof, failure),
        (Some(Origin::Form(_) | Origin::Making(_)), None) | (None, _) => {}
    }
}

/// Takes up one of what is kept: its referral is shown, then the form.
pub fn take_up(model: &mut Model, number: usize) -> Vec<Effect> {
    match kept_at(model, number) {
        Kept::Form(at) => match model.kept.get(at).cloned() {
            Some(draft) => take_up_form(model, &draft),
            None => Vec::new(),
        },
        Kept::Making(at) => making::take_up(model, at),
        Kept::Proof(at) => match model.proofs.get(at).cloned() {
            Some(said) => proofs::take_up(model, &said),
            None => Vec::new(),
        },
    }
}

fn take_up_form(model: &mut Model, draft: &Draft) -> Vec<Effect> {
    let Some(action) = draft.action() else {
        refused(model, &Refusal::not_found("such action"));
        return Vec::new();
    };
    match (draft.targets.as_slice(), draft.about("document")) {
        ([id], _) => {
            model.board.marks.clear();
            model.resume = Some((*id, action));
            model.jump = Some(*id);
            vec![Effect::Sheet(*id)]
        }
        ([], Some(document)) => {
            let document = DocumentId(document);
            if let Some(id) = draft.about("referral").map(ReferralId) {
                model.attach = Some((document, id));
                return vec![Effect::Sheet(id)];
            }
            model.intake.cursor = Some(document);
            let key = model.settings.keymap.named(action);
            let text = format!("{key} on its document goes on with what you typed");
            model.notices.say(model.now, Kind::Done, text);
            moves::turn_to(model, Place::Intake)
        }
        ([], None) => keys::perform(model, action),
        (many, _) => {
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
