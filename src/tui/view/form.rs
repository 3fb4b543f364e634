//! A form.

use super::pen::{CARET, HERE, Pen, nth};
use super::popup;
use crate::domain::query::Query;
use crate::tui::complete::{self, completions};
use crate::tui::entry::Entry;
use crate::tui::form::{Field, Form, Input};
use crate::tui::fuzzy;
use crate::tui::model::Model;
use crate::tui::theme::Tone;
use crate::tui::width::{columns, cut, fit, wrap};
use crate::tui::{when, words};
use ratatui::layout::Rect;

type Line = Vec<(String, Tone)>;

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
    put(
        pen,
        inner,
        &lines,
        focus,
        "enter sends · tab next field · esc leaves",
    );
}

/// Draws lines that may be more than fit: those around the focus, and a hint below.
pub fn put(pen: &mut Pen<'_>, inner: Rect, lines: &[Line], focus: usize, hint: &str) {
    let room = usize::from(inner.height).saturating_sub(2);
    let top = (focus + 1)
        .saturating_sub(room)
        .min(lines.len().saturating_sub(room));
    for (index, line) in lines.iter().skip(top).take(room).enumerate() {
        pen.line(nth(inner, index), line);
    }
    let last = nth(inner, usize::from(inner.height).saturating_sub(1));
    pen.line(last, &[(hint, Tone::Dim)]);
}

/// The lines of a form, and which of them has the focus.
pub fn lines(model: &Model, form: &Form, width: usize) -> (Vec<Line>, usize) {
    let mut out: Vec<Line> = Vec::new();
    if !form.about.is_empty() {
        out.extend(
            wrap(&form.about, width)
                .into_iter()
                .map(|line| vec![(line, Tone::Dim)]),
        );
        out.push(Vec::new());
    }
    let mut focus = 0;
    for (index, field) in form.fields.iter().enumerate() {
        let here = index == form.focus;
        let from = out.len();
        out.extend(field_lines(model, field, here, width));
        if here {
            focus = focus.max(out.len().saturating_sub(1));
        }
        if let Some(wrong) = form.wrong.as_ref().filter(|wrong| wrong.field == field.name) {
            let caret = caret(field, width);
            if !caret.is_empty() {
                out.truncate(from + 1);
                out.extend(caret);
            }
            let text = format!("{:LABEL$}   ! {}", "", wrong.because);
            out.extend(
                wrap(&text, width)
                    .into_iter()
                    .map(|line| vec![(line, Tone::Alarm)]),
            );
        }
    }
    (out, focus)
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

fn field_lines(model: &Model, field: &Field, here: bool, width: usize) -> Vec<Line> {
    let mut head = label(field, here);
    let indent = " ".repeat(LABEL + 3);
    let room = width.saturating_sub(LABEL + 3).max(8);
    let hint = |text: &str| {
        let lines = wrap(text, room).into_iter();
        lines
            .map(|line| vec![(format!("{indent}{line}"), Tone::Dim)])
            .collect::<Vec<Line>>()
    };
    match &field.input {
        Input::Text { entry, .. } => {
            let mut lines = wrap(&typed(entry, here), room).into_iter();
            head.push((lines.next().unwrap_or_default(), Tone::Text));
            let mut out = vec![head];
            out.extend(lines.map(|line| vec![(format!("{indent}{line}"), Tone::Text)]));
            if here && field.hint == when::HINT && !entry.is_blank() {
                out.push(preview(model, &entry.text(), &indent));
            } else if here && !field.hint.is_empty() {
                out.extend(hint(field.hint));
            }
            out
        }
        Input::One { choices, at, .. } if here => {
            head.push((field.hint.to_owned(), Tone::Dim));
            let mut out = vec![head];
            for (index, choice) in choices.iter().enumerate() {
                let chosen = *at == Some(index);
                let tone = if chosen { Tone::Cursor } else { Tone::Text };
                let digit = if index < 9 {
                    (index + 1).to_string()
                } else {
                    " ".into()
                };
                out.push(vec![
                    (format!("{:5}", ""), Tone::Text),
                    (digit, Tone::Key),
                    (
                        format!(" {} {} ", if chosen { "●" } else { "○" }, choice.label),
                        tone,
                    ),
                ]);
            }
            out
        }
        Input::One { choices, at, .. } => {
            let chosen = at
                .and_then(|at| choices.get(at))
                .map_or("–", |choice| choice.label.as_str());
            head.push((chosen.to_owned(), Tone::Text));
            vec![head]
        }
        Input::Many { choices, at } => {
            head.push((
                if here {
                    field.hint.to_owned()
                } else {
                    String::new()
                },
                Tone::Dim,
            ));
            let mut out = vec![head];
            for (index, (choice, on)) in choices.iter().enumerate() {
                let tone = if here && *at == index {
                    Tone::Cursor
                } else {
                    Tone::Text
                };
                let digit = if index < 9 {
                    (index + 1).to_string()
                } else {
                    " ".into()
                };
                out.push(vec![
                    (format!("{:5}", ""), Tone::Text),
                    (digit, Tone::Key),
                    (
                        format!(" [{}] {} ", if *on { "x" } else { " " }, choice.label),
                        tone,
                    ),
                ]);
            }
            out
        }
        Input::Query { entry, offers, at } => {
            let mut lines = wrap(&typed(entry, here), room).into_iter();
            head.push((lines.next().unwrap_or_default(), Tone::Text));
            let mut out = vec![head];
            out.extend(lines.map(|line| vec![(format!("{indent}{line}"), Tone::Text)]));
            if !here {
                return out;
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
                out.push(vec![(
                    format!("{indent}{} ", cut(line.trim_end(), room - 1)),
                    tone,
                )]);
            }
            if found.is_empty()
                && let Some(said) = complete::hint(offers, before)
            {
                out.extend(hint(said));
            }
            out.extend(hint(field.hint));
            out
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
                return vec![head];
            }
            head.push((typed(entry, here), Tone::Text));
            if text.trim() != shown && !shown.is_empty() {
                head.push((format!("  → {shown}"), Tone::Good));
            }
            let mut out = vec![head];
            let matches = fuzzy::rank(&text, choices, |choice| &choice.label);
            let first = at.saturating_sub(MATCHES - 1);
            for (index, choice) in matches.iter().enumerate().skip(first).take(MATCHES) {
                let tone = if index == *at { Tone::Cursor } else { Tone::Dim };
                let sign = if index == *at { "▸" } else { " " };
                out.push(vec![(format!("{indent}{sign} {} ", choice.label), tone)]);
            }
            if matches.is_empty() && columns(text.trim()) > 0 {
                let said = if *free {
                    "new: taken as typed"
                } else {
                    "none by that name; ctrl-u clears"
                };
                out.extend(hint(said));
            }
            out
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
