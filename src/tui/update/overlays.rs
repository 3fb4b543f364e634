//! What lies over the screen: forms, questions, finds, palette, help, notices.

use super::{acts, deeds, keys, making, proofs, typing};
use crate::store::board::Target;
use crate::tui::action::Action;
use crate::tui::asks;
use crate::tui::chord::{Chord, Key};
use crate::tui::form::{Form, Turn};
use crate::tui::lookup::{FindFor, Looked, Lookup, Wanted};
use crate::tui::model::{Model, Overlay};
use crate::tui::msg::Effect;
use crate::tui::notice::Kind;
use crate::tui::page::Turn as Turned;
use crate::tui::palette::{Palette, Picked};
use crate::tui::places;

/// Actions that the palette remembers as used last.
const RECENT: usize = 6;

/// A form about what the screen shows.
type FormOf = fn(&Model) -> Form;

/// Opens an overlay that is no form about referrals.
pub fn open(model: &mut Model, action: Action) -> Vec<Effect> {
    let find = |wanted, what_for| Overlay::Find(Lookup::of(wanted), what_for);
    let forms: [(Action, FormOf); 2] = [(Action::Dismiss, asks::dismiss), (Action::Unlock, asks::unlock)];
    if let Some((_, form)) = forms.into_iter().find(|(each, _)| *each == action) {
        let form = form(model);
        typing::show(model, form);
        return Vec::new();
    }
    let table: [(Action, Option<Overlay>); 5] = [
        (Action::Help, Some(Overlay::Help(0))),
        (Action::Notices, Some(Overlay::Notices(0))),
        (
            Action::Palette,
            Some(Overlay::Palette(Palette::new(&model.recent))),
        ),
        (Action::Find, Some(find(Wanted::Any, FindFor::Open))),
        (
            Action::Attach,
            model
                .intake
                .cursor
                .map(|document| find(Wanted::Referrals, FindFor::Attach(document))),
        ),
    ];
    let found = table.into_iter().find(|(each, _)| *each == action);
    let Some(overlay) = found.and_then(|(_, overlay)| overlay) else {
        return Vec::new();
    };
    model.overlay = Some(overlay);
    Vec::new()
}

/// Takes a key for the overlay.
pub fn key(model: &mut Model, chord: Chord) -> Vec<Effect> {
    match &mut model.overlay {
        Some(Overlay::Create(_)) => making::key(model, chord),
        Some(Overlay::Proof(_)) => proofs::key(model, chord),
        Some(Overlay::Form(_)) => form(model, chord),
        Some(Overlay::Find(..)) => find(model, chord),
        Some(Overlay::Confirm(_)) => confirm(model, chord),
        Some(Overlay::History(_)) => deeds::key(model, chord),
        Some(Overlay::Outbox(_)) => super::outbox::key(model, chord),
        Some(Overlay::Palette(palette)) => match palette.key(chord) {
            Picked::Stay => Vec::new(),
            Picked::Leave => leave(model),
            Picked::Line(line) => pick(model, line.action),
        },
        Some(Overlay::Help(top) | Overlay::Notices(top)) => {
            let chord = places::command(chord);
            match (chord.key, chord.ctrl) {
                (Key::Down | Key::Char('j'), false) => *top += 1,
                (Key::Up | Key::Char('k'), false) => *top = top.saturating_sub(1),
                (Key::PageDown | Key::Char(' '), false) | (Key::Char('d' | 'f'), true) => *top += 10,
                (Key::PageUp, false) | (Key::Char('u' | 'b'), true) => *top = top.saturating_sub(10),
                (Key::Home, _) => *top = 0,
                _ => return leave(model),
            }
            Vec::new()
        }
        Some(Overlay::Page(page)) => match page.key(chord) {
            Turned::Stay => Vec::new(),
            Turned::Leave => leave(model),
            Turned::Open(id) => {
                model.overlay = None;
                open_target(model, Target::Referral(id))
            }
        },
        None => Vec::new(),
    }
}

/// Does what was picked in the palette, and remembers it.
fn pick(model: &mut Model, action: Action) -> Vec<Effect> {
    model.overlay = None;
    model.recent.retain(|each| *each != action);
    model.recent.insert(0, action);
    model.recent.truncate(RECENT);
    keys::perform(model, action)
}

fn leave(model: &mut Model) -> Vec<Effect> {
    model.overlay = None;
    Vec::new()
}

fn form(model: &mut Model, chord: Chord) -> Vec<Effect> {
    match keys::form_turn(model, chord) {
        Some(Turn::Stay) | None => Vec::new(),
        Some(Turn::Edit) => typing::lend(model),
        Some(Turn::Leave) => {
            typing::leave(model);
            Vec::new()
        }
        Some(Turn::ThrowAway) => typing::throw_away(model),
        Some(Turn::Send) => match model.overlay.take() {
            Some(Overlay::Form(form)) => acts::submit(model, form),
            other => {
                model.overlay = other;
                Vec::new()
            }
        },
    }
}

fn confirm(model: &mut Model, chord: Chord) -> Vec<Effect> {
    let chord = places::command(chord);
    let yes = matches!(chord.typed(), Some('y' | 'Y'));
    let no = matches!(chord.typed(), Some('n' | 'N' | 'q')) || chord.key == Key::Esc;
    let Some(Overlay::Confirm(question)) = model.overlay.take_if(|_| yes || no) else {
        return Vec::new();
    };
    if no {
        model.notices.say(model.now, Kind::Done, "nothing was done");
        let ids = typing::ids_of(&question.then);
        if !ids.is_empty() {
            typing::not_sent(model, &ids);
        }
        return Vec::new();
    }
    if question.then == [Effect::Quit] {
        model.quit = true;
    }
    acts::launch(model, question.then, &question.leaves)
}

/// Asks for what is typed.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    let serial = model.next_serial();
    let Some(Overlay::Find(lookup, _)) = &mut model.overlay else {
        return Vec::new();
    };
    ask_for(lookup, serial)
}

/// Asks for what a find has typed; an empty one is answered at once.
pub fn ask_for(lookup: &mut Lookup, serial: u64) -> Vec<Effect> {
    lookup.serial = serial;
    lookup.eager = false;
    let text = lookup.entry.text();
    if text.trim().is_empty() {
        lookup.hits.clear();
        lookup.waiting = false;
        return Vec::new();
    }
    lookup.waiting = true;
    vec![Effect::Find { serial, text }]
}

fn find(model: &mut Model, chord: Chord) -> Vec<Effect> {
    let Some(Overlay::Find(lookup, _)) = &mut model.overlay else {
        return Vec::new();
    };
    let looked = lookup.key(chord);
    found(model, looked)
}

/// What was waited for has come: a hit that was asked for meanwhile is taken.
pub fn answered(model: &mut Model) -> Vec<Effect> {
    let eager = match &mut model.overlay {
        Some(Overlay::Find(lookup, _)) if !lookup.waiting => std::mem::take(&mut lookup.eager),
        _ => false,
    };
    if eager {
        found(model, Looked::Take)
    } else {
        Vec::new()
    }
}

fn found(model: &mut Model, looked: Looked) -> Vec<Effect> {
    let Some(Overlay::Find(lookup, what_for)) = &mut model.overlay else {
        return Vec::new();
    };
    let what_for = *what_for;
    let target = lookup.current().map(|hit| hit.target);
    let label = lookup.current().map(|hit| hit.title.clone()).unwrap_or_default();
    if lookup.waiting && matches!(looked, Looked::Take | Looked::Other) {
        // What is chosen there is a hit of what was typed before. To look at something, the answer is waited for; whatever is
        // done with a hit is done with one that was seen.
        lookup.eager = looked == Looked::Take && matches!(what_for, FindFor::Open | FindFor::OneOf);
        return Vec::new();
    }
    match (looked, target, what_for) {
        (Looked::Leave, ..) => leave(model),
        (Looked::Typed, ..) => ask(model),
        (Looked::Take, Some(Target::Referral(id)), FindFor::Attach(document)) => {
            model.overlay = None;
            model.attach = Some((document, id));
            vec![Effect::Sheet(id)]
        }
        (Looked::Take, Some(target), FindFor::Open | FindFor::OneOf) => {
            model.overlay = None;
            open_target(model, target)
        }
        (Looked::Other, Some(target), FindFor::Open) => {
            model.overlay = None;
            making::begin_from(model, target, label)
        }
        _ => Vec::new(),
    }
}

/// Opens what was found: a referral where it stands; of a person, theirs.
fn open_target(model: &mut Model, target: Target) -> Vec<Effect> {
    match target {
        Target::Referral(id) => {
            model.jump = Some(id);
            vec![Effect::Sheet(id)]
        }
        Target::Patient(_) | Target::Practitioner(_) | Target::Organization(_) => {
            vec![Effect::ReferralsOf(target)]
        }
    }
}
