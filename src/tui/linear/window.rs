//! What is said of a window over the list: its purpose, the field that has the keys, what is chosen, what is wrong.

use super::{Saying, Slot, framed, is_read};
use crate::store::board::Target;
use crate::tui::complete::{self, completions};
use crate::tui::create::{Create, STEPS, Step};
use crate::tui::form::{Choice, Field, Form, Input};
use crate::tui::fuzzy;
use crate::tui::lookup::{FindFor, Lookup};
use crate::tui::model::{Model, Overlay};
use crate::tui::palette::Palette;
use crate::tui::view::pen::HERE;
use crate::tui::{ready, when, words};

/// Completions and matches that are named.
const NAMED: usize = 5;

/// The sayings of a window.
pub fn sayings(model: &Model, overlay: &Overlay) -> Vec<Saying> {
    if is_read(overlay) {
        return read(model);
    }
    match overlay {
        Overlay::Form(form) => of_form(model, form),
        Overlay::Confirm(confirm) => {
            vec![Saying::new(
                Slot::Window,
                format!("{} y yes, n no", confirm.question),
            )]
        }
        Overlay::Find(lookup, what_for) => {
            let about = match what_for {
                FindFor::Open => {
                    "Find a patient, a provider or a referral: enter opens, tab makes a new referral, esc leaves"
                }
                FindFor::OneOf => "Which of these: up and down, enter opens, esc leaves",
                FindFor::Attach(_) => "Put the document with which referral: enter attaches, esc leaves",
            };
            let mut out = vec![Saying::new(Slot::Window, about)];
            out.extend(hit(lookup));
            out
        }
        Overlay::Palette(palette) => of_palette(model, palette),
        Overlay::Create(create) => of_create(model, create),
        Overlay::Proof(proof) => super::proof::sayings(model, proof),
        Overlay::Help(_)
        | Overlay::Notices(_)
        | Overlay::Page(_)
        | Overlay::History(_)
        | Overlay::Outbox(_) => Vec::new(),
    }
}

/// A window that is read: all of it once, and the line that is chosen whenever another one is.
fn read(model: &Model) -> Vec<Saying> {
    let lines = framed(model);
    let title = lines.first().cloned().unwrap_or_default();
    let text = lines.join("\n").replace(HERE, "");
    let chosen = lines.iter().find(|line| line.contains(HERE));
    let chosen = chosen.map(|line| Saying::new(Slot::Choice, format!("→ {}", line.replace(HERE, "").trim())));
    let whole = Saying::keyed(Slot::Window, title, text);
    std::iter::once(whole).chain(chosen).collect()
}

/// The label and the text of what is being typed.
pub fn typed(overlay: &Overlay) -> Option<(String, String)> {
    let of_field = |form: &Form| {
        let field = form.fields.get(form.focus)?;
        match &field.input {
            Input::Text { entry, .. } | Input::Query { entry, .. } | Input::Combo { entry, .. } => {
                Some((field.label.to_owned(), entry.text()))
            }
            Input::One { .. } | Input::Many { .. } => None,
        }
    };
    let of_lookup = |lookup: &Lookup| Some(("find".to_owned(), lookup.entry.text()));
    match overlay {
        Overlay::Form(form) => of_field(form),
        Overlay::Find(lookup, _) => of_lookup(lookup),
        Overlay::Proof(proof) => super::proof::typed(proof),
        Overlay::Palette(palette) => Some(("command".to_owned(), palette.entry.text())),
        Overlay::Create(create) => match create.step {
            Step::Patient | Step::Provider => of_lookup(&create.lookup),
            Step::NewPatient | Step::NewProvider | Step::Details => create.form.as_ref().and_then(of_field),
            Step::Review => None,
        },
        Overlay::Confirm(_)
        | Overlay::Help(_)
        | Overlay::Notices(_)
        | Overlay::Page(_)
        | Overlay::Outbox(_)
        | Overlay::History(_) => None,
    }
}

fn of_form(model: &Model, form: &Form) -> Vec<Saying> {
    let fields = form.fields.len();
    let about = if form.about.is_empty() {
        String::new()
    } else {
        format!(". {}", form.about.trim_end_matches('.'))
    };
    let tab = if fields > 1 { ", tab next field" } else { "" };
    let keys = format!("enter {}{tab}, esc leaves", form.verb());
    let mut out = vec![Saying::new(
        Slot::Window,
        format!("{}{about}; {keys}", form.title),
    )];
    out.extend(form.table.iter().map(|(label, mine, theirs)| {
        Saying::new(Slot::Window, format!("{label}: {mine}; the other: {theirs}"))
    }));
    if let Some(field) = form.fields.get(form.focus) {
        let place = if fields > 1 {
            format!(", field {} of {fields}", form.focus + 1)
        } else {
            String::new()
        };
        let needed = if field.required { ", needed" } else { "" };
        let hint = if field.hint.is_empty() {
            String::new()
        } else {
            format!("; {}", field.hint)
        };
        let text = format!("{}{place}{needed}{}{hint}", field.label, choices(&field.input));
        out.push(Saying::keyed(
            Slot::Field,
            format!("{} {}", form.focus, field.name),
            text,
        ));
        out.extend(chosen(model, field));
    }
    if let Some(wrong) = &form.wrong {
        out.push(Saying::new(Slot::Wrong, format!("wrong: {}", wrong.because)));
    }
    out
}

fn numbered(index: usize, choice: &Choice) -> String {
    if index < 9 {
        format!("{} {}", index + 1, choice.label)
    } else {
        choice.label.clone()
    }
}

/// What can be chosen, with its digits.
fn choices(input: &Input) -> String {
    let all: Vec<String> = match input {
        Input::One { choices, .. } => choices
            .iter()
            .enumerate()
            .map(|(index, choice)| numbered(index, choice))
            .collect(),
        Input::Many { choices, .. } => choices
            .iter()
            .enumerate()
            .map(|(index, (choice, on))| {
                format!("{}{}", numbered(index, choice), if *on { " ticked" } else { "" })
            })
            .collect(),
        Input::Text { .. } | Input::Query { .. } | Input::Combo { .. } => return String::new(),
    };
    format!(": {}", all.join("; "))
}

/// What is chosen now, or would be.
fn chosen(model: &Model, field: &Field) -> Option<Saying> {
    let text = match &field.input {
        Input::One { choices, at, .. } => {
            let choice = at.and_then(|at| choices.get(at))?;
            format!("chosen: {}", choice.label)
        }
        Input::Many { choices, at } => {
            let (choice, on) = choices.get(*at)?;
            format!("{}: {}", choice.label, if *on { "ticked" } else { "not ticked" })
        }
        Input::Combo {
            choices,
            entry,
            at,
            free,
        } => {
            let typed = entry.text();
            let matches = fuzzy::rank(&typed, choices, |choice| &choice.label);
            match matches.get(*at) {
                Some(choice) => format!("→ {} ({} match)", choice.label, matches.len()),
                None if *free => return None,
                None => "nothing by that name".to_owned(),
            }
        }
        Input::Query { entry, offers, at } => {
            let before = entry.sides().0;
            let found = completions(offers, before);
            if found.is_empty() {
                return complete::hint(offers, before).map(|hint| Saying::new(Slot::Choice, hint));
            }
            let named: Vec<&str> = found
                .iter()
                .skip(*at)
                .take(NAMED)
                .map(|each| each.shown.as_str())
                .collect();
            format!("tab completes: {}", named.join(", "))
        }
        Input::Text { entry, .. } if field.hint == when::HINT && !entry.is_blank() => {
            let zone = model.settings.zone();
            match when::parse(&entry.text(), zone, model.now) {
                Ok(at) => format!("→ {}", words::moment(at, model.now, zone)),
                Err(_) => return None,
            }
        }
        Input::Text { .. } => return None,
    };
    Some(Saying::new(Slot::Choice, text))
}

fn hit(lookup: &Lookup) -> Option<Saying> {
    let Some(hit) = lookup.current() else {
        let none = !lookup.entry.is_blank() && !lookup.waiting;
        return none.then(|| Saying::new(Slot::Choice, "nobody by that name"));
    };
    let kind = match hit.target {
        Target::Referral(_) => "referral",
        Target::Patient(_) => "patient",
        Target::Practitioner(_) => "provider",
        Target::Organization(_) => "practice",
    };
    let text = format!(
        "→ {kind} {}, {} ({} of {})",
        hit.title,
        hit.detail,
        lookup.at + 1,
        lookup.hits.len()
    );
    Some(Saying::new(Slot::Choice, text))
}

fn of_palette(model: &Model, palette: &Palette) -> Vec<Saying> {
    let about = "Commands: type a part of the name; up and down, enter does it, esc leaves";
    let mut out = vec![Saying::new(Slot::Window, about)];
    let lines = palette.lines();
    let Some(line) = lines.get(palette.at) else {
        out.push(Saying::new(Slot::Choice, "no such command"));
        return out;
    };
    let keys = model.settings.keymap.keys(line.action);
    let why = ready::check(line.action, model).err();
    let why = why
        .map(|why| format!("; not now: {}; {}", why.because, why.fix))
        .unwrap_or_default();
    let text = format!(
        "→ {}, key {keys} ({} of {}){why}",
        line.title,
        palette.at + 1,
        lines.len()
    );
    out.push(Saying::new(Slot::Choice, text));
    out
}

fn of_create(model: &Model, create: &Create) -> Vec<Saying> {
    let step = STEPS
        .iter()
        .position(|(_, each)| each.contains(&create.step))
        .unwrap_or(0);
    let name = STEPS.get(step).map_or("", |(name, _)| name);
    let head = format!("New referral, step {} of {}: {name}", step + 1, STEPS.len());
    let found = !create.lookup.hits.is_empty();
    match create.step {
        Step::Patient | Step::Provider => {
            let keys = match (create.step, found) {
                (Step::Patient, false) => "enter makes a new patient",
                (Step::Patient, true) => "enter takes the patient, tab makes a new one",
                _ => "enter takes the provider, on an empty line nobody; tab makes a new one",
            };
            let mut out = vec![Saying::new(
                Slot::Window,
                format!("{head}; {keys}; esc back, kept"),
            )];
            out.extend(hit(&create.lookup));
            out
        }
        Step::NewPatient | Step::NewProvider | Step::Details => {
            let mut out = vec![Saying::new(
                Slot::Window,
                format!("{head}; enter goes on, esc back"),
            )];
            let fields = create
                .form
                .as_ref()
                .map(|form| of_form(model, form))
                .unwrap_or_default();
            out.extend(fields.into_iter().filter(|saying| saying.slot != Slot::Window));
            out
        }
        Step::Review => {
            let alike = create.look_alikes.iter().flatten();
            let mut lines = vec![format!("{head}; enter makes the referral, esc back")];
            lines.extend(alike.map(|alike| {
                format!(
                    "ATTENTION: looks like {}, {}, {}: the same patient and specialty",
                    alike.id, alike.service, alike.status
                )
            }));
            lines.extend(
                create
                    .summary()
                    .into_iter()
                    .map(|(name, value)| format!("{name}: {value}")),
            );
            vec![Saying::new(Slot::Window, lines.join("\n"))]
        }
    }
}
