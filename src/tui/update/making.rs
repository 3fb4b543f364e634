//! A referral being made, step by step.

use super::{acts, keys, overlays, refused, typing};
use crate::domain::command::Ref;
use crate::domain::refusal::{Code, Refusal};
use crate::store::board::Target;
use crate::tui::action::Action;
use crate::tui::chord::{Chord, Key};
use crate::tui::create::{Create, Step};
use crate::tui::form::{Composed, Turn};
use crate::tui::keep::Origin;
use crate::tui::lookup::Looked;
use crate::tui::model::{Model, Overlay};
use crate::tui::msg::Effect;
use crate::tui::notice::Kind;
use crate::tui::ready;
use crate::tui::seed;

/// Begins one, from nothing or from the document under the cursor; one that was left goes on.
pub fn begin(model: &mut Model, from_document: bool) -> Vec<Effect> {
    let document = model.intake.cursor.filter(|_| from_document);
    let left = model.making.iter().rposition(|kept| kept.document == document);
    if let Some(at) = left {
        return take_up(model, at);
    }
    let mut create = Create::new();
    if from_document {
        create.document = document;
        let reading = model.intake.reader.reading.as_deref();
        create.source = seed::source(reading);
        create.seed = reading.map(seed::seed).unwrap_or_default();
        let name = create.seed.patient.name.filed();
        create.lookup.entry.insert(&name, false);
    }
    show(model, Box::new(create))
}

/// Goes on with one that was left.
pub fn take_up(model: &mut Model, at: usize) -> Vec<Effect> {
    if at >= model.making.len() {
        return Vec::new();
    }
    let create = model.making.remove(at);
    show(model, create)
}

fn show(model: &mut Model, mut create: Box<Create>) -> Vec<Effect> {
    let serial = model.next_serial();
    let effects = if matches!(create.step, Step::Patient | Step::Provider) {
        overlays::ask_for(&mut create.lookup, serial)
    } else {
        Vec::new()
    };
    model.overlay = Some(Overlay::Create(create));
    effects
}

/// Begins one from what a find turned up.
pub fn begin_from(model: &mut Model, target: Target, label: String) -> Vec<Effect> {
    if let Err(refusal) = ready::check(Action::New, model) {
        refused(model, &refusal);
        return Vec::new();
    }
    let mut create = Create::new();
    match target {
        Target::Patient(id) => {
            create.patient = Some(Ref::Known(id));
            create.patient_label = label;
            create.go(Step::Provider, &model.settings);
        }
        Target::Practitioner(id) => {
            create.provider = Some(Ref::Known(id));
            create.provider_label = label;
        }
        Target::Referral(_) | Target::Organization(_) => {
            let new = model.settings.keymap.named(Action::New);
            let why = "a referral starts from a patient or a provider";
            refused(
                model,
                &Refusal::new(
                    Code::Impossible,
                    why,
                    format!("choose one of these, or press {new}"),
                ),
            );
            return Vec::new();
        }
    }
    model.overlay = Some(Overlay::Create(Box::new(create)));
    Vec::new()
}

/// Asks for what is typed.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    let serial = model.next_serial();
    let Some(Overlay::Create(create)) = &mut model.overlay else {
        return Vec::new();
    };
    overlays::ask_for(&mut create.lookup, serial)
}

/// Takes a key.
pub fn key(model: &mut Model, chord: Chord) -> Vec<Effect> {
    let Some(Overlay::Create(create)) = &mut model.overlay else {
        return Vec::new();
    };
    if chord.ctrl && chord.key == Key::Char('x') {
        return typing::throw_making_away(model);
    }
    match create.step {
        Step::Patient | Step::Provider => look(model, chord),
        Step::NewPatient | Step::NewProvider | Step::Details => match keys::form_turn(model, chord) {
            Some(Turn::Stay) | None => Vec::new(),
            Some(Turn::Edit) => typing::lend(model),
            Some(Turn::Leave | Turn::ThrowAway) => back(model),
            Some(Turn::Send) => filled(model),
        },
        Step::Review => match (chord.key, chord.ctrl) {
            (Key::Enter, _) => create_it(model),
            (Key::Char(c @ '1'..='9'), false) => take_alike(model, c),
            (Key::Char('l'), false) => link(model),
            (Key::Esc | Key::BackTab, _) | (Key::Char('c'), true) => back(model),
            _ => Vec::new(),
        },
    }
}

/// Instead of a new referral, the one that looks like it: the document is put with it, or it is shown; what was filled in is
/// kept.
fn take_alike(model: &mut Model, digit: char) -> Vec<Effect> {
    let Some(Overlay::Create(create)) = &model.overlay else {
        return Vec::new();
    };
    let at = digit.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
    let alike = create.look_alikes.iter().flatten();
    let Some(id) = at
        .and_then(|at| alike.clone().nth(at.checked_sub(1)?))
        .map(|alike| alike.id)
    else {
        return Vec::new();
    };
    let document = create.document;
    if let Some(Overlay::Create(create)) = model.overlay.take() {
        model.making.push(create);
    }
    match document {
        Some(document) => model.attach = Some((document, id)),
        None => model.jump = Some(id),
    }
    vec![Effect::Sheet(id)]
}

/// Links it to the first that looks like it, as sent in its place, or takes the link away.
fn link(model: &mut Model) -> Vec<Effect> {
    if let Some(Overlay::Create(create)) = &mut model.overlay {
        let first = create.look_alikes.iter().flatten().next().map(|alike| alike.id);
        create.replaces = first.filter(|_| create.replaces.is_none());
    }
    Vec::new()
}

fn back(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Create(mut create)) = model.overlay.take() else {
        return Vec::new();
    };
    match (create.step, create.form.take()) {
        (Step::Details, form) => create.details = form,
        // What was typed of a new person is there again when they are gone on with.
        (Step::NewPatient | Step::NewProvider, Some(form)) if form.touched => {
            if let Ok(composed) = (form.compose)(&form, model, None) {
                known(&mut create, composed);
            }
        }
        (
            Step::Patient | Step::NewPatient | Step::Provider | Step::NewProvider | Step::Review,
            Some(_) | None,
        ) => {}
    }
    match create.back() {
        Some(step) => {
            create.go(step, &model.settings);
            model.overlay = Some(Overlay::Create(create));
        }
        None if create.is_begun() => {
            let again = match create.document {
                Some(_) => Action::MakeReferral,
                None => Action::New,
            };
            model.making.push(create);
            let text = format!(
                "the referral is kept: {} goes on with it",
                model.settings.keymap.named(again)
            );
            model.notices.say(model.now, Kind::Done, text);
        }
        None => {}
    }
    Vec::new()
}

/// Takes a new patient or provider as they were filled in.
fn known(create: &mut Create, composed: Composed) {
    match (composed, ()) {
        (Composed::Patient(patient), ()) => {
            create.patient_label = format!("{} · new", patient.name.filed());
            create.patient = Some(Ref::New(patient));
        }
        (Composed::Provider(person, practice), ()) => {
            create.provider_label = format!("{} · new", person.name.spoken());
            create.provider = Some(Ref::New(person));
            create.practice = Some(practice);
        }
        (_, ()) => {}
    }
}

fn go(model: &mut Model, step: Step) -> Vec<Effect> {
    let Some(Overlay::Create(create)) = &mut model.overlay else {
        return Vec::new();
    };
    create.go(step, &model.settings);
    let seed = create.seed.practitioner.name.filed();
    if step == Step::Provider && !seed.is_empty() {
        create.lookup.entry.insert(&seed, false);
        return ask(model);
    }
    Vec::new()
}

/// A find's keys: a hit is taken, tab or enter without a hit makes a new one.
fn look(model: &mut Model, chord: Chord) -> Vec<Effect> {
    let Some(Overlay::Create(create)) = &mut model.overlay else {
        return Vec::new();
    };
    let patient = create.step == Step::Patient;
    let looked = create.lookup.key(chord);
    let hit = create.lookup.current().cloned();
    let empty = create.lookup.entry.is_blank();
    match (looked, hit) {
        (Looked::Leave, _) => back(model),
        (Looked::Typed, _) => ask(model),
        (Looked::Stay, _) => Vec::new(),
        (Looked::Take, _) if create.lookup.waiting => Vec::new(),
        (Looked::Take, Some(hit)) => {
            let label = format!("{} · {}", hit.title, hit.detail);
            match hit.target {
                Target::Patient(id) => {
                    create.patient = Some(Ref::Known(id));
                    create.patient_label = label;
                }
                Target::Practitioner(id) => {
                    create.provider = Some(Ref::Known(id));
                    create.provider_label = label;
                    create.practice = None;
                }
                Target::Referral(_) | Target::Organization(_) => return Vec::new(),
            }
            let next = if patient && create.provider.is_none() {
                Step::Provider
            } else {
                Step::Details
            };
            go(model, next)
        }
        // Enter on an empty line: what was chosen before stays; a referral may come from nobody known.
        (Looked::Take, None) if empty && (!patient || create.patient.is_some()) => {
            go(model, if patient { Step::Provider } else { Step::Details })
        }
        (Looked::Take, None) if empty => Vec::new(),
        (Looked::Take | Looked::Other, _) => go(
            model,
            if patient {
                Step::NewPatient
            } else {
                Step::NewProvider
            },
        ),
    }
}

/// A form of the guide was sent.
fn filled(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Create(mut create)) = model.overlay.take() else {
        return Vec::new();
    };
    let Some(mut form) = create.form.take() else {
        model.overlay = Some(Overlay::Create(create));
        return Vec::new();
    };
    let composed = match form.unfilled() {
        Some(wrong) => Err(wrong),
        None => (form.compose)(&form, model, None),
    };
    let next = match composed {
        Err(wrong) => {
            form.blame(wrong);
            create.form = Some(form);
            model.overlay = Some(Overlay::Create(create));
            return Vec::new();
        }
        Ok(composed @ Composed::Patient(_)) => {
            known(&mut create, composed);
            if create.provider.is_some() {
                Step::Details
            } else {
                Step::Provider
            }
        }
        Ok(composed @ Composed::Provider(..)) => {
            known(&mut create, composed);
            Step::Details
        }
        Ok(
            Composed::Details
            | Composed::Commands(_)
            | Composed::Filter(_)
            | Composed::View(_)
            | Composed::KeepView(..)
            | Composed::Moment(_)
            | Composed::Unlock(..)
            | Composed::TakeUp(_)
            | Composed::Copy(..),
        ) => {
            create.details = Some(form);
            Step::Review
        }
    };
    let who = create
        .patient
        .clone()
        .filter(|_| next == Step::Review)
        .map(Box::new);
    create.look_alikes = None;
    let serial = model.next_serial();
    create.alike_asked = serial;
    let template = create.template();
    model.overlay = Some(Overlay::Create(create));
    let mut effects = go(model, next);
    effects.extend(who.map(|patient| Effect::LookAlikes {
        serial,
        patient,
        template,
    }));
    effects
}

fn create_it(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Create(create)) = model.overlay.take() else {
        return Vec::new();
    };
    let Some(command) = create.command() else {
        refused(
            model,
            &Refusal::new(Code::BadField, "the patient is not known", "go back with esc"),
        );
        model.overlay = Some(Overlay::Create(create));
        return Vec::new();
    };
    let action = if create.document.is_some() {
        Action::MakeReferral
    } else {
        Action::New
    };
    let effects = acts::execute_plain(model, action, vec![command]);
    typing::is_sent(model, &effects, Origin::Making(create));
    effects
}
