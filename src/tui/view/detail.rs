//! The detail pane.

use super::pen::{Pen, nth};
use crate::tui::detail::lines;
use crate::tui::model::{Model, Pane, Place};
use crate::tui::theme::Tone;
use ratatui::layout::Rect;

/// Draws it.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let lines = lines(model);
    let height = usize::from(area.height);
    let at = if model.place == Place::Intake {
        model.intake.scroll
    } else {
        model.scroll
    };
    let top = at.min(lines.len().saturating_sub(height));
    for (index, line) in lines.iter().skip(top).take(height).enumerate() {
        pen.line(nth(area, index), &line.spans);
    }
    let below = lines.len().saturating_sub(top + height);
    if below > 0 {
        let hint = if model.pane == Pane::Detail {
            "tab next"
        } else {
            "ctrl-d"
        };
        pen.right(
            nth(area, height.saturating_sub(1)),
            &[(format!(" ↓ {below} more · {hint}"), Tone::Dim)],
        );
    }
}
