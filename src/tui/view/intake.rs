//! The rows of Intake: documents that need a person.

use super::pen::{Pen, nth};
use crate::tui::layout::Regions;
use crate::tui::model::{Model, Pane};
use crate::tui::theme::Tone;
use crate::tui::width::fit;
use crate::tui::words;

/// Draws them.
pub fn draw(model: &Model, pen: &mut Pen<'_>, regions: &Regions) {
    let free = usize::from(regions.heads.width).saturating_sub(22);
    let name = free * 9 / 20;
    let reason = free - name;
    let heads = format!(
        "  {:<8} {} {:<10} {}",
        "waits",
        fit("document", name),
        "kind",
        fit("because", reason)
    );
    pen.line(regions.heads, &[(heads, Tone::Dim)]);
    if model.intake.rows.is_empty() {
        pen.line(
            nth(regions.rows, 0),
            &[("  No document waits for a person.", Tone::Dim)],
        );
        return;
    }
    let shown = model
        .intake
        .rows
        .iter()
        .skip(model.intake.top)
        .take(usize::from(regions.rows.height));
    for (index, row) in shown.enumerate() {
        let here = model.intake.cursor == Some(row.id);
        let tone = if here { Tone::Cursor } else { Tone::Text };
        let area = nth(regions.rows, index);
        if here {
            pen.tint(area, Tone::Cursor);
        }
        let cursor = match (here, model.pane) {
            (true, Pane::List) => "▸ ",
            (true, Pane::Detail) => "▹ ",
            (false, _) => "  ",
        };
        let waits = words::brief(model.now - row.received_at);
        let line = format!(
            "{cursor}{waits:<8} {} {} {}",
            fit(&row.name, name),
            fit(&row.kind, 10),
            fit(&row.reason, reason)
        );
        pen.line(area, &[(line, tone)]);
    }
}
