//! The head of the screen: clinic, lists with counts, clock.

use super::pen::{Pen, nth};
use crate::tui::layout::{brand, clock, tabs};
use crate::tui::model::Model;
use crate::tui::theme::Tone;
use ratatui::layout::Rect;

/// Draws it.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let first = nth(area, 0);
    let tabs = tabs(model);
    let used = pen.right(first, &[(clock(model), Tone::Text)]);
    let aside = tabs.iter().filter(|tab| tab.y == 0).map(|tab| tab.x).min();
    let trouble = model.counts.outbox_trouble;
    let end = aside.unwrap_or(area.width.saturating_sub(u16::try_from(used).unwrap_or(0)));
    let tone = if model.past.is_some() {
        Tone::Emergency
    } else {
        Tone::Head
    };
    let mut spans = vec![(brand(model), tone)];
    if model.held.is_some() {
        spans.push(("  ! nothing leaves · O".to_owned(), Tone::Alarm));
    } else if trouble > 0 {
        spans.push((format!("  ! {trouble} messages · M"), Tone::Alarm));
    }
    pen.line(
        Rect {
            width: end.saturating_sub(1),
            ..first
        },
        &spans,
    );
    for tab in tabs {
        let tone = if tab.here { Tone::Head } else { Tone::Text };
        let area = Rect::new(tab.x, area.y + tab.y, area.width.saturating_sub(tab.x), 1);
        pen.line(area, &[(tab.text, tone)]);
    }
}
