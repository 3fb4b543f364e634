//! Keys, paste and mouse, to the overlay that has them or to actions.

use super::{acts, deeds, making, moves, overlays, pages, past, proofs, refused};
use crate::tui::action::Action;
use crate::tui::chord::{Chord, Key};
use crate::tui::form::Turn;
use crate::tui::keep::capture;
use crate::tui::keymap::Meaning;
use crate::tui::model::{Confirm, Model, Overlay};
use crate::tui::msg::Effect;
use crate::tui::notice::Kind;
use crate::tui::ready;

/// Takes a key.
pub fn key(model: &mut Model, chord: Chord) -> Vec<Effect> {
    model.moved = None;
    if model.too_small() {
        let meaning = model.settings.keymap.take(&mut Vec::new(), chord, model.scope());
        let quits = meaning == Meaning::Action(Action::Quit);
        return if quits { quit(model) } else { Vec::new() };
    }
    if let Some(waiting) = &mut model.waiting {
        if chord.key == Key::Esc {
            model.waiting = None;
        } else {
            waiting.typed.push(chord);
        }
        return Vec::new();
    }
    if model.journey.is_some() {
        return past::wait(model, chord);
    }
    if model.past.is_some() {
        model.notices.hush();
    }
    if model.overlay.is_some() {
        return overlays::key(model, chord);
    }
    let scope = model.scope();
    match model.settings.keymap.take(&mut model.pending, chord, scope) {
        Meaning::Begun(_) => Vec::new(),
        Meaning::Nothing => {
            model.pending.clear();
            Vec::new()
        }
        Meaning::Action(action) => {
            model.pending.clear();
            perform(model, action)
        }
    }
}

/// Does an action, or says why it cannot be done.
pub fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Err(refusal) = ready::check(action, model) {
        refused(model, &refusal);
        return Vec::new();
    }
    match action {
        Action::Accept
        | Action::Decline
        | Action::RequestInfo
        | Action::Call
        | Action::AskToCall
        | Action::Review
        | Action::Provide
        | Action::Waive
        | Action::Priority
        | Action::Assign
        | Action::Note
        | Action::Schedule
        | Action::Confirm
        | Action::NoShow
        | Action::Complete
        | Action::Waitlist
        | Action::Cancel
        | Action::Close
        | Action::Reopen
        | Action::EnterInError
        | Action::EditPatient
        | Action::EditReferral
        | Action::EditCoverage
        | Action::Eligibility
        | Action::CheckCoverage
        | Action::Authorization
        | Action::Same
        | Action::AddTask
        | Action::EndTask
        | Action::Message
        | Action::Filter
        | Action::Drafts
        | Action::Copy
        | Action::AsOf
        | Action::Views
        | Action::SaveView
        | Action::ForgetView => acts::begin(model, action),
        Action::MakeReferral | Action::New => making::begin(model, action == Action::MakeReferral),
        Action::Split => proofs::split(model),
        Action::Proof | Action::ProofSource => proofs::begin(model, action),
        Action::Attach | Action::Dismiss | Action::Unlock | Action::Find => overlays::open(model, action),
        Action::Palette | Action::Help | Action::Notices => overlays::open(model, action),
        Action::Up
        | Action::Down
        | Action::PageUp
        | Action::PageDown
        | Action::Top
        | Action::Bottom
        | Action::Open
        | Action::Back
        | Action::NextReferral
        | Action::PreviousReferral
        | Action::ScrollDown
        | Action::ScrollUp
        | Action::NextField
        | Action::PreviousField
        | Action::Mark
        | Action::MarkAll
        | Action::NextList
        | Action::PreviousList
        | Action::GoFence
        | Action::GoEmergency
        | Action::GoReview
        | Action::GoMissing
        | Action::GoInsurance
        | Action::GoToSchedule
        | Action::GoScheduled
        | Action::GoReports
        | Action::GoOpen
        | Action::GoIntake
        | Action::GoClosed
        | Action::Changes
        | Action::Redraw => moves::go(model, action),
        Action::Troubled => vec![Effect::Troubled],
        Action::Compare => pages::compare(model),
        Action::Rules => pages::rules(model),
        Action::Handover => pages::handover(model),
        Action::Downtime => vec![Effect::Pack],
        Action::History => deeds::open(model),
        Action::Outbox => super::outbox::open(model),
        Action::Undo => vec![Effect::Undo(model.settings.actor.clone())],
        Action::Redo => vec![Effect::Redo(model.settings.actor.clone())],
        Action::Suspend => vec![Effect::Suspend],
        Action::Quit => quit(model),
    }
}

/// Ends; what was typed and not sent is kept for the next time. Where there is no place to keep it, it is asked first.
fn quit(model: &mut Model) -> Vec<Effect> {
    let lost = model.settings.keep.is_none() && !capture(model).typed.is_empty();
    if !lost || model.too_small() {
        model.quit = true;
        return vec![Effect::Quit];
    }
    model.overlay = Some(Overlay::Confirm(Confirm {
        question: "Something typed has not been sent and would be lost. Quit?".into(),
        then: vec![Effect::Quit],
        leaves: Vec::new(),
    }));
    Vec::new()
}

/// Takes pasted text: into a field, never as keys.
pub fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    if model.too_small() {
        return Vec::new();
    }
    match &mut model.overlay {
        Some(Overlay::Form(form)) => {
            form.paste(text);
            Vec::new()
        }
        Some(Overlay::Find(lookup, _)) => {
            lookup.entry.insert(text, false);
            overlays::ask(model)
        }
        Some(Overlay::Palette(palette)) => {
            palette.entry.insert(text, false);
            Vec::new()
        }
        Some(Overlay::Create(create)) => {
            if let Some(form) = &mut create.form {
                form.paste(text);
                return Vec::new();
            }
            create.lookup.entry.insert(text, false);
            making::ask(model)
        }
        Some(Overlay::Proof(proof)) => {
            proof.paste(text);
            Vec::new()
        }
        Some(
            Overlay::Confirm(_)
            | Overlay::Help(_)
            | Overlay::Notices(_)
            | Overlay::Page(_)
            | Overlay::Outbox(_)
            | Overlay::History(_),
        )
        | None => {
            model.notices.say(
                model.now,
                Kind::Trouble,
                "pasted text was not used: open a field for it first",
            );
            Vec::new()
        }
    }
}

/// What a key did to a form, as the overlays need it.
pub fn form_turn(model: &mut Model, chord: Chord) -> Option<Turn> {
    match &mut model.overlay {
        Some(Overlay::Form(form)) => Some(form.key(chord)),
        Some(Overlay::Create(create)) => create.form.as_mut().map(|form| form.key(chord)),
        Some(
            Overlay::Confirm(_)
            | Overlay::Find(..)
            | Overlay::Proof(_)
            | Overlay::Palette(_)
            | Overlay::Help(_)
            | Overlay::Notices(_)
            | Overlay::Page(_)
            | Overlay::Outbox(_)
            | Overlay::History(_),
        )
        | None => None,
    }
}
