//! A form.

use super::pen::{CARET, HERE, Pen, nth};
use super::popup;
use crate::domain::query::Query;
use crate::tui::complete::{self, completions};
use crate::tui::entry::Entry;
use crate::tui::form::{Field, Form, Input};
use crate::tui::fuzzy;
use crate::tui::keep::is_worth_keeping;
use crate::tui::model::Model;
use crate::tui::spot::Spot;
use crate::tui::theme::Tone;
use crate::tui::width::{columns, cut, fit, wrap};
use crate::tui::{when, words};
use ratatui::layout::Rect;

type Line = Vec<(String, Tone)>;
/// A line, and what a click on it is for.
pub type Spotted = (Line, Option<Spot>);

const WIDTH: u16 = 76;
const LABEL: usize = 15;
/// Matches of a name that is typed are shown up to this many.
const MATCHES: usize = 6;
/// So many completions of a query.
const COMPLETIONS: usize = 8;

/// Draws it over the screen.
pub fn draw(model: &Model, form: &Form, pen: &mut Pen<'_>) {
    let (lines, focus) = lines(
        model,
        form,
        usize::from(WIDTH.min(model.size.0.saturating_sub(4))) - 4,
    );
    let area = popup::area(model, WIDTH, lines.len() + 2);
    let inner = pen.frame(area, &form.title);
    put(pen, inner, &lines, focus, &hint(form));
}

/// What the keys do in a form.
fn hint(form: &Form) -> String {
    let field = form.fields.get(form.focus);
    let enter = format!("enter {}", form.verb());
    let mut keys = vec![enter.as_str()];
    if field.is_some_and(|field| field.find.is_some()) {
        keys = vec!["enter takes it", "esc ends the find"];
    } else {
        if form.fields.len() > 1 {
            keys.push("tab next field");
        }
        if field.is_some_and(Field::is_long) {
            keys.push("/ finds");
        }
        if field.is_some_and(|field| matches!(field.input, Input::Text { lines: true, .. })) {
            keys.push("ctrl-o editor");
        }
        keys.push("esc leaves");
        if is_worth_keeping(form) {
            keys.push("ctrl-x throws away");
        }
    }
    keys.join(" · ")
}

/// Draws lines that may be more than fit: those around the focus, and a hint below.
pub fn put(pen: &mut Pen<'_>, inner: Rect, lines: &[Spotted], focus: usize, hint: &str) {
    let room = usize::from(inner.height).saturating_sub(2);
    let top = (focus + 1)
        .saturating_sub(room)
        .min(lines.len().saturating_sub(room));
    for (index, (line, spot)) in lines.iter().skip(top).take(room).enumerate() {
        let area = nth(inner, index);
        if let Some(spot) = spot {
            pen.spot(area, *spot);
        }
        pen.line(area, line);
    }
    let last = nth(inner, usize::from(inner.height).saturating_sub(1));
    pen.line(last, &[(hint, Tone::Dim)]);
}

/// The lines of a form, and which of them has the focus.
pub fn lines(model: &Model, form: &Form, width: usize) -> (Vec<Spotted>, usize) {
    let mut out: Vec<Spotted> = Vec::new();
    let plain = |text: &str, tone: Tone| {
        let lines = wrap(text, width).into_iter();
        lines
            .map(|line| (vec![(line, tone)], None))
            .collect::<Vec<Spotted>>()
    };
    if !form.about.is_empty() {
        out.extend(plain(&form.about, Tone::Dim));
        out.push((Vec::new(), None));
    }
    if !form.table.is_empty() {
        out.extend(form.table.iter().map(|row| (beside(row, width), None)));
        out.push((Vec::new(), None));
    }
    let mut focus = 0;
    for (index, field) in form.fields.iter().enumerate() {
        let here = index == form.focus;
        let first = out.len();
        let (lines, at) = field_lines(model, (index, field), here, width);
        out.extend(lines);
        if here {
            // What is chosen is in sight, and what belongs to it as far as it fits.
            focus = at.map_or(out.len().saturating_sub(1), |at| first + at).max(first);
        }
        if let Some(wrong) = form.wrong.as_ref().filter(|wrong| wrong.field == field.name) {
            let caret = caret(field, width);
            if !caret.is_empty() {
                out.truncate(first + 1);
                out.extend(caret.into_iter().map(|line| (line, None)));
            }
            out.extend(plain(
                &format!("{:LABEL$}   ! {}", "", wrong.because),
                Tone::Alarm,
            ));
        }
    }
    (out, focus)
}

/// One line of two things side by side; what differs is marked in its label.
fn beside((label, mine, theirs): &(String, String, String), width: usize) -> Line {
    let room = width.saturating_sub(LABEL + 4) / 2;
    let tone = if label.starts_with('≠') {
        Tone::Warn
    } else {
        Tone::Text
    };
    vec![
        (format!("  {} ", fit(label, LABEL)), Tone::Dim),
        (format!("{} ", fit(mine, room)), tone),
        (fit(theirs, room), tone),
    ]
}

/// Under a query, the sign that points at the character that is wrong.
fn caret(field: &Field, width: usize) -> Vec<Line> {
    let Input::Query { entry, .. } = &field.input else {
        return Vec::new();
    };
    let text = entry.text();
    let Err(error) = Query::parse(text.trim()) else {
        return Vec::new();
    };
    let lead = text.chars().take_while(|c| c.is_whitespace()).count();
    let before: String = text.chars().take(lead + error.at).collect();
    let at = LABEL + 3 + columns(&before);
    if at >= width {
        return Vec::new();
    }
    vec![vec![(format!("{:at$}^", ""), Tone::Alarm)]]
}

fn label(field: &Field, here: bool) -> Vec<(String, Tone)> {
    let tone = if here { Tone::Key } else { Tone::Dim };
    vec![(
        format!("{} {} ", if here { "▸" } else { " " }, fit(field.label, LABEL)),
        tone,
    )]
}

/// What is typed, with the insertion point.
pub fn typed(entry: &Entry, here: bool) -> String {
    let (before, after) = entry.sides();
    if here {
        format!("{before}{CARET}{after}")
    } else {
        format!("{before}{after}")
    }
}

/// The digit that reaches a choice.
fn digit(index: usize) -> String {
    if index < 9 {
        (index + 1).to_string()
    } else {
        " ".into()
    }
}

/// The head of a field with choices: its hint, or what is typed to find one.
fn sought(field: &Field) -> (String, Tone) {
    match &field.find {
        Some(find) => (format!("/ {}", typed(find, true)), Tone::Text),
        None => (field.hint.to_owned(), Tone::Dim),
    }
}

/// The lines of a field, and which of them is chosen where that must be in sight.
fn field_lines(
    model: &Model,
    (number, field): (usize, &Field),
    here: bool,
    width: usize,
) -> (Vec<Spotted>, Option<usize>) {
    let mut head = label(field, here);
    let indent = " ".repeat(LABEL + 3);
    let room = width.saturating_sub(LABEL + 3).max(8);
    let own = Some(Spot::Field(number));
    let hint = |text: &str| {
        let lines = wrap(text, room).into_iter();
        lines
            .map(|line| (vec![(format!("{indent}{line}"), Tone::Dim)], own))
            .collect::<Vec<Spotted>>()
    };
    let choice = |index: usize, tone: Tone, text: String| -> Spotted {
        let line = vec![
            (format!("{:5}", ""), Tone::Text),
            (digit(index), Tone::Key),
            (text, tone),
        ];
        (line, Some(Spot::Choice(number, index)))
    };
    match &field.input {
        Input::Text { entry, .. } => {
            let mut lines = wrap(&typed(entry, here), room).into_iter();
            head.push((lines.next().unwrap_or_default(), Tone::Text));
            let mut out = vec![(head, own)];
            out.extend(lines.map(|line| (vec![(format!("{indent}{line}"), Tone::Text)], own)));
            if here && field.hint == when::HINT && !entry.is_blank() {
                out.push((preview(model, &entry.text(), &indent), own));
            } else if here && !field.hint.is_empty() {
                out.extend(hint(field.hint));
            }
            (out, None)
        }
        Input::One { choices, at, .. } if here => {
            head.push(sought(field));
            let mut out = vec![(head, own)];
            let mut focus = None;
            for index in field.shown() {
                let Some(each) = choices.get(index) else { continue };
                let chosen = *at == Some(index);
                let tone = if chosen { Tone::Cursor } else { Tone::Text };
                if chosen && field.is_long() {
                    focus = Some(out.len());
                }
                let sign = if chosen { "●" } else { "○" };
                out.push(choice(index, tone, format!(" {sign} {} ", each.label)));
            }
            (out, focus)
        }
        Input::One { choices, at, .. } => {
            let chosen = at
                .and_then(|at| choices.get(at))
                .map_or("–", |choice| choice.label.as_str());
            head.push((chosen.to_owned(), Tone::Text));
            (vec![(head, own)], None)
        }
        Input::Many { choices, at } => {
            if here {
                head.push(sought(field));
            }
            let mut out = vec![(head, own)];
            let mut focus = None;
            for index in field.shown() {
                let Some((each, on)) = choices.get(index) else {
                    continue;
                };
                let chosen = here && *at == index;
                let tone = if chosen { Tone::Cursor } else { Tone::Text };
                if chosen && field.is_long() {
                    focus = Some(out.len());
                }
                let sign = if *on { "x" } else { " " };
                out.push(choice(index, tone, format!(" [{sign}] {} ", each.label)));
            }
            (out, focus)
        }
        Input::Query { entry, offers, at } => {
            let mut lines = wrap(&typed(entry, here), room).into_iter();
            head.push((lines.next().unwrap_or_default(), Tone::Text));
            let mut out = vec![(head, own)];
            out.extend(lines.map(|line| (vec![(format!("{indent}{line}"), Tone::Text)], own)));
            if !here {
                return (out, None);
            }
            let before = entry.sides().0;
            let found = completions(offers, before);
            let first = at.saturating_sub(COMPLETIONS - 1);
            for (index, completion) in found.iter().enumerate().skip(first).take(COMPLETIONS) {
                let (sign, tone) = if index == *at {
                    (HERE, Tone::Cursor)
                } else {
                    (" ", Tone::Dim)
                };
                let line = format!("{sign} {:<12} {}", completion.shown, completion.hint);
                let line = format!("{indent}{} ", cut(line.trim_end(), room - 1));
                out.push((vec![(line, tone)], own));
            }
            if found.is_empty()
                && let Some(said) = complete::hint(offers, before)
            {
                out.extend(hint(said));
            }
            out.extend(hint(field.hint));
            (out, None)
        }
        Input::Combo {
            choices,
            entry,
            at,
            free,
        } => {
            let value = field.value();
            let shown = choices
                .iter()
                .find(|choice| choice.key == value)
                .map_or(value.clone(), |c| c.label.clone());
            let text = entry.text();
            if !here {
                head.push((shown, Tone::Text));
                return (vec![(head, own)], None);
            }
            head.push((typed(entry, here), Tone::Text));
            if text.trim() != shown && !shown.is_empty() {
                head.push((format!("  → {shown}"), Tone::Good));
            }
            let mut out = vec![(head, own)];
            let matches = fuzzy::rank(&text, choices, |choice| &choice.label);
            let first = at.saturating_sub(MATCHES - 1);
            for (index, choice) in matches.iter().enumerate().skip(first).take(MATCHES) {
                let tone = if index == *at { Tone::Cursor } else { Tone::Dim };
                let sign = if index == *at { "▸" } else { " " };
                let line = vec![(format!("{indent}{sign} {} ", choice.label), tone)];
                out.push((line, Some(Spot::Match(number, index))));
            }
            if matches.is_empty() && columns(text.trim()) > 0 {
                let said = if *free {
                    "new: taken as typed"
                } else {
                    "none by that name; ctrl-u clears"
                };
                out.extend(hint(said));
            }
            (out, None)
        }
    }
}

/// What a time in words comes to, while it is typed.
fn preview(model: &Model, text: &str, indent: &str) -> Line {
    let zone = model.settings.zone();
    match when::parse(text, zone, model.now) {
        Ok(at) => {
            let away = crate::domain::time::show_span(at - model.now);
            vec![(
                format!("{indent}→ {} · in {away}", words::moment(at, model.now, zone)),
                Tone::Good,
            )]
        }
        Err(why) => vec![(format!("{indent}{why}"), Tone::Dim)],
    }
}
