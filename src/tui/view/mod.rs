//! Drawing: the state onto cells, one region a file.
//!
//! Pure: reads the state, changes nothing. Every text passes the sanitiser on its way to a cell.

mod create;
mod detail;
mod fence;
mod footer;
mod form;
mod header;
mod help;
mod intake;
mod lookup;
mod page;
mod palette;
pub(super) mod pen;
mod popup;
mod rows;

use super::layout::regions;
use super::model::{Model, Overlay, Pane, Place};
use super::theme::Tone;
use pen::Pen;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Draws the whole screen. Says where the terminal's own cursor belongs: screen readers and magnifiers follow it.
pub fn draw(model: &Model, buffer: &mut Buffer) -> Option<Position> {
    let mut pen = Pen::new(buffer, model.settings.theme);
    if model.too_small() {
        let (width, height) = model.size;
        let lines = ["Refdesk needs 60 × 15", "q quits"];
        for (y, line) in (height.saturating_sub(2) / 2..).zip(lines) {
            pen.line(Rect::new(0, y, width, 1), &[(line, Tone::Text)]);
        }
        return None;
    }
    let regions = regions(model);
    header::draw(model, &mut pen, regions.header);
    fence::draw(model, &mut pen, regions.fence);
    rows::rule(model, &mut pen, &regions);
    match model.place {
        Place::Rows(..) => rows::draw(model, &mut pen, &regions),
        Place::Intake => intake::draw(model, &mut pen, &regions),
    }
    if let Some(divider) = regions.divider {
        if divider.width > 1 {
            pen.rule(divider);
        } else {
            for y in divider.top()..divider.bottom() {
                pen.line(Rect::new(divider.x, y, 1, 1), &[("│", Tone::Rule)]);
            }
        }
    }
    let row = pen.focus();
    if let Some(area) = regions.detail {
        let top = Position::new(area.x, area.y);
        pen.lead((model.pane == Pane::Detail).then_some(top));
        detail::draw(model, &mut pen, area);
    }
    if model.pane == Pane::List {
        pen.lead(row);
    }
    footer::draw(model, &mut pen, &regions);
    footer::pending(model, &mut pen, &regions);
    match &model.overlay {
        Some(Overlay::Form(form)) => form::draw(model, form, &mut pen),
        Some(Overlay::Confirm(question)) => popup::confirm(model, question, &mut pen),
        Some(Overlay::Find(find, what_for)) => lookup::draw(model, find, *what_for, &mut pen),
        Some(Overlay::Palette(palette)) => palette::draw(model, palette, &mut pen),
        Some(Overlay::Help(top)) => help::help(model, *top, &mut pen),
        Some(Overlay::Notices(top)) => help::notices(model, *top, &mut pen),
        Some(Overlay::Create(making)) => create::draw(model, making, &mut pen),
        Some(Overlay::Page(page)) => page::draw(model, page, &mut pen),
        None => {}
    }
    pen.focus()
}
