//! A page over the screen: lines to read, the one chosen among those that lead to a referral.

use super::pen::{Pen, nth};
use super::popup;
use crate::tui::model::Model;
use crate::tui::page::{Content, Page};
use crate::tui::theme::Tone;

mod compare;
mod handover;
mod rules;

/// One line of a page.
#[derive(Clone, Default)]
pub(super) struct Line {
    /// Its pieces.
    spans: Vec<(String, Tone)>,
    /// Which of the page's leads it is.
    lead: Option<usize>,
}

impl Line {
    fn of(spans: Vec<(String, Tone)>) -> Line {
        Line { spans, lead: None }
    }

    fn text(text: impl Into<String>, tone: Tone) -> Line {
        Line::of(vec![(text.into(), tone)])
    }
}

/// What is drawn of a page.
pub(super) struct Sheet {
    title: String,
    lines: Vec<Line>,
    hint: &'static str,
}

/// Columns of the widest page.
const WIDTH: u16 = 110;

/// Draws it over the screen.
pub fn draw(model: &Model, page: &Page, pen: &mut Pen<'_>) {
    let inner = usize::from(popup::area(model, WIDTH, 1).width.saturating_sub(4));
    let sheet = match &page.content {
        Content::Compare(pair) => compare::sheet(model, pair, inner),
        Content::Handover(handover) => handover::sheet(model, handover, inner),
        Content::Rules(asked) => rules::sheet(asked, inner),
    };
    let area = pen.frame(popup::area(model, WIDTH, sheet.lines.len() + 2), &sheet.title);
    let room = usize::from(area.height).saturating_sub(2);
    let chosen = |line: &Line| line.lead == Some(page.at);
    let focus = sheet.lines.iter().position(chosen);
    // The heading above the chosen line stays in sight with it.
    let wanted = focus.map_or(page.at, |focus| {
        let beyond = (focus + 2).saturating_sub(room);
        if focus < room { 0 } else { beyond }
    });
    let top = wanted.min(sheet.lines.len().saturating_sub(room));
    for (index, line) in sheet.lines.iter().skip(top).take(room).enumerate() {
        let at = nth(area, index);
        if line.lead.is_none() {
            pen.line(at, &line.spans);
            continue;
        }
        let here = chosen(line);
        if here {
            pen.tint(at, Tone::Cursor);
        }
        let sign = (if here { "▸ " } else { "  " }.to_owned(), Tone::Key);
        let spans = line.spans.iter().cloned();
        let spans: Vec<(String, Tone)> = std::iter::once(sign)
            .chain(spans)
            .map(|(text, tone)| (text, if here { Tone::Cursor } else { tone }))
            .collect();
        pen.line(at, &spans);
    }
    let last = nth(area, usize::from(area.height).saturating_sub(1));
    pen.line(last, &[(sheet.hint, Tone::Dim)]);
    let below = sheet.lines.len().saturating_sub(top + room);
    if below > 0 {
        pen.right(last, &[(format!(" ↓ {below} more"), Tone::Dim)]);
    }
}
