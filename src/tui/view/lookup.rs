//! Find as you type.

use super::form::typed;
use super::pen::{Pen, nth};
use super::popup;
use crate::store::board::Target;
use crate::tui::lookup::{FindFor, Lookup};
use crate::tui::model::Model;
use crate::tui::spot::Spot;
use crate::tui::theme::Tone;
use crate::tui::width::fit;
use ratatui::layout::Rect;

/// Draws it over the screen.
pub fn draw(model: &Model, lookup: &Lookup, what_for: FindFor, pen: &mut Pen<'_>) {
    let (title, hint) = match what_for {
        FindFor::Open => ("Find", "enter opens · tab new referral from it · esc leaves"),
        FindFor::OneOf => (
            "Which of these?",
            "enter opens · typing finds others · esc leaves",
        ),
        FindFor::Attach(_) => (
            "Put the document with which referral?",
            "enter attaches · esc leaves",
        ),
    };
    let inner = pen.frame(popup::area(model, 76, 17), title);
    list(pen, inner, lookup, "patient, provider, id", hint);
}

/// The line typed, the hits, and a hint.
pub fn list(pen: &mut Pen<'_>, inner: Rect, lookup: &Lookup, what: &str, hint: &str) {
    let entry = typed(&lookup.entry, true);
    let prompt = [("/ ".to_owned(), Tone::Key), (entry, Tone::Text)];
    pen.line(nth(inner, 0), &prompt);
    if lookup.entry.is_blank() && lookup.hits.is_empty() {
        pen.line(nth(inner, 1), &[(format!("  {what}"), Tone::Dim)]);
    } else if lookup.hits.is_empty() {
        let text = if lookup.waiting {
            "  …"
        } else {
            "  nobody by that name"
        };
        pen.line(nth(inner, 2), &[(text, Tone::Dim)]);
    }
    let room = usize::from(inner.height).saturating_sub(4);
    let top = (lookup.at + 1).saturating_sub(room);
    let half = usize::from(inner.width) * 2 / 5;
    for (index, hit) in lookup.hits.iter().enumerate().skip(top).take(room) {
        let here = index == lookup.at;
        let kind = match hit.target {
            Target::Referral(_) => "referral",
            Target::Patient(_) => "patient",
            Target::Practitioner(_) => "provider",
            Target::Organization(_) => "practice",
        };
        let area = nth(inner, 2 + index - top);
        pen.spot(area, Spot::Line(index));
        let tone = if here { Tone::Cursor } else { Tone::Text };
        if here {
            pen.tint(area, Tone::Cursor);
        }
        let line = format!(
            "{} {kind:<9} {} {}",
            if here { "▸" } else { " " },
            fit(&hit.title, half),
            hit.detail
        );
        pen.line(area, &[(line, tone)]);
    }
    pen.line(
        nth(inner, usize::from(inner.height).saturating_sub(1)),
        &[(hint, Tone::Dim)],
    );
}
