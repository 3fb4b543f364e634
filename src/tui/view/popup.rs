//! Windows over the screen: their place, and the question.

use super::pen::{Pen, nth};
use crate::tui::model::{Confirm, Model};
use crate::tui::spot::Spot;
use crate::tui::theme::Tone;
use crate::tui::width::wrap;
use ratatui::layout::Rect;

/// A window in the middle, of a height, as wide as is good to read.
pub fn area(model: &Model, width: u16, lines: usize) -> Rect {
    let (columns, rows) = model.size;
    let width = width.min(columns.saturating_sub(4));
    let height = u16::try_from(lines)
        .unwrap_or(u16::MAX)
        .saturating_add(2)
        .min(rows.saturating_sub(3));
    Rect::new(
        (columns - width) / 2,
        (rows.saturating_sub(height)) / 2,
        width,
        height,
    )
}

/// A question.
pub fn confirm(model: &Model, question: &Confirm, pen: &mut Pen<'_>) {
    let lines = wrap(&question.question, 56);
    let inner = pen.frame(area(model, 62, lines.len() + 2), "Sure?");
    for (index, line) in lines.iter().enumerate() {
        pen.line(nth(inner, index), &[(line, Tone::Text)]);
    }
    let keys = [
        ("y", Tone::Key),
        (" yes   ", Tone::Text),
        ("n", Tone::Key),
        (" no", Tone::Text),
    ];
    let answers = nth(inner, lines.len() + 1);
    pen.spot(Rect { width: 5, ..answers }, Spot::Yes);
    let no = answers.x.saturating_add(8);
    pen.spot(
        Rect {
            x: no,
            width: 4,
            ..answers
        },
        Spot::No,
    );
    pen.line(answers, &keys);
}
