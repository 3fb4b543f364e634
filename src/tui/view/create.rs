//! A referral being made.

use super::pen::{Pen, nth};
use super::{form, lookup, popup};
use crate::tui::create::{Create, STEPS, Step};
use crate::tui::model::Model;
use crate::tui::theme::Tone;
use crate::tui::width::{fit, wrap};
use ratatui::layout::Rect;

/// Draws it over the screen.
pub fn draw(model: &Model, create: &Create, pen: &mut Pen<'_>) {
    let title = if create.document.is_some() {
        "New referral from the document"
    } else {
        "New referral"
    };
    let inner = pen.frame(popup::area(model, 80, 19), title);
    let mut steps = Vec::new();
    for (label, each) in STEPS {
        let here = each.contains(&create.step);
        let text = if here {
            format!("[{label}]  ")
        } else {
            format!(" {label}   ")
        };
        steps.push((text, if here { Tone::Head } else { Tone::Dim }));
    }
    pen.line(nth(inner, 0), &steps);
    let body = Rect {
        y: inner.y + 2,
        height: inner.height.saturating_sub(2),
        ..inner
    };
    match create.step {
        Step::Patient => lookup::list(
            pen,
            body,
            &create.lookup,
            "name, date of birth or record number of the patient",
            if create.lookup.hits.is_empty() {
                "enter makes a new patient · esc leaves, kept"
            } else {
                "enter takes the patient · tab makes a new one · esc leaves, kept"
            },
        ),
        Step::Provider => lookup::list(
            pen,
            body,
            &create.lookup,
            "name or NPI of the referring provider; enter on an empty line: nobody named",
            "enter takes the provider · tab makes a new one · esc back",
        ),
        Step::NewPatient | Step::NewProvider | Step::Details => {
            if let Some(shown) = &create.form {
                let (lines, focus) = form::lines(model, shown, usize::from(body.width));
                form::put(
                    pen,
                    body,
                    &lines,
                    focus,
                    "enter goes on · tab next field · esc back · ctrl-x throws it away",
                );
            }
        }
        Step::Review => review(create, pen, body),
    }
}

fn review(create: &Create, pen: &mut Pen<'_>, area: Rect) {
    let mut lines: Vec<Vec<(String, Tone)>> = Vec::new();
    for (alike, digit) in create.look_alikes.iter().flatten().zip(1..) {
        let instead = if create.document.is_some() {
            "puts the document with it"
        } else {
            "shows it instead"
        };
        let text = format!(
            "! Looks like {} ({}, {}): the same patient and specialty · {digit} {instead}",
            alike.id, alike.service, alike.status
        );
        lines.extend(
            wrap(&text, usize::from(area.width))
                .into_iter()
                .map(|line| vec![(line, Tone::Alarm)]),
        );
    }
    for (name, value) in create.summary() {
        let room = usize::from(area.width).saturating_sub(16).max(10);
        for (index, line) in wrap(&value, room).into_iter().enumerate() {
            let label = if index == 0 { name } else { "" };
            lines.push(vec![
                (format!("{} ", fit(label, 15)), Tone::Dim),
                (line, Tone::Text),
            ]);
        }
    }
    let lines: Vec<_> = lines.into_iter().map(|line| (line, None)).collect();
    let hint = match create.look_alikes.iter().flatten().next() {
        Some(_) => "enter makes it all the same · l links it to the first · esc · ctrl-x",
        None => "enter makes the referral · esc back · ctrl-x throws it away",
    };
    form::put(pen, area, &lines, 0, hint);
}
