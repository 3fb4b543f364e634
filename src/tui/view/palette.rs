//! The palette.

use super::form::typed;
use super::pen::{Pen, nth};
use super::popup;
use crate::domain::refusal::Refusal;
use crate::tui::action::Action;
use crate::tui::dry;
use crate::tui::model::Model;
use crate::tui::palette::Palette;
use crate::tui::ready;
use crate::tui::spot::Spot;
use crate::tui::theme::Tone;
use crate::tui::width::fit;

/// Draws it over the screen: each action with its key and, where it is disabled, why.
pub fn draw(model: &Model, palette: &Palette, pen: &mut Pen<'_>) {
    let inner = pen.frame(popup::area(model, 92, 17), "Commands");
    let prompt = [
        (": ".to_owned(), Tone::Key),
        (typed(&palette.entry, true), Tone::Text),
    ];
    pen.line(nth(inner, 0), &prompt);
    let lines = palette.lines();
    let room = usize::from(inner.height).saturating_sub(4);
    let top = (palette.at + 1).saturating_sub(room);
    for (index, line) in lines.iter().enumerate().skip(top).take(room) {
        let here = index == palette.at;
        let area = nth(inner, 2 + index - top);
        pen.spot(area, Spot::Line(index));
        let why = refused(model, line.action);
        let tone = match (here, why.is_some()) {
            (true, _) => Tone::Cursor,
            (false, true) => Tone::Dim,
            (false, false) => Tone::Text,
        };
        if here {
            pen.tint(area, Tone::Cursor);
        }
        let why = why.map(|why| format!("  – {}", why.because)).unwrap_or_default();
        let keys = fit(&model.settings.keymap.keys(line.action), 14);
        let sign = if here { "▸" } else { " " };
        pen.line(area, &[(format!("{sign} {keys} {}{why}", line.title), tone)]);
    }
    let chosen = lines.get(palette.at).and_then(|line| refused(model, line.action));
    let hint = match chosen {
        Some(why) => (format!("not now: {}; {}", why.because, why.fix), Tone::Warn),
        None => (
            format!("{} commands · enter does it · esc leaves", lines.len()),
            Tone::Dim,
        ),
    };
    pen.line(nth(inner, usize::from(inner.height).saturating_sub(1)), &[hint]);
}

/// Why an action cannot be done now: by what it needs, else by what the decision says.
fn refused(model: &Model, action: Action) -> Option<Refusal> {
    ready::check(action, model)
        .err()
        .or_else(|| dry::refusal(action, model))
}
