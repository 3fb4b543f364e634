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
mod history;
mod intake;
mod lookup;
mod outbox;
mod page;
mod palette;
pub(super) mod pen;
mod popup;
mod rows;

use super::layout::regions;
use super::model::{Model, Overlay, Pane, Place};
use super::spot::Spot;
use super::theme::Tone;
use pen::Pen;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Draws the whole screen. Says where the terminal's own cursor belongs: screen readers and magnifiers follow it.
pub fn draw(model: &Model, buffer: &mut Buffer) -> Option<Position> {
    let mut pen = Pen::new(buffer, model.settings.theme);
    paint(model, &mut pen);
    pen.focus()
}

/// What lies at a cell of the screen: the topmost of what was drawn there.
pub fn spot_at(model: &Model, x: u16, y: u16) -> Option<Spot> {
    let (width, height) = model.size;
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    let mut pen = Pen::new(&mut buffer, model.settings.theme);
    paint(model, &mut pen);
    let mut spots = pen.spots().into_iter();
    spots
        .rfind(|(area, _)| area.contains(Position::new(x, y)))
        .map(|(_, spot)| spot)
}

fn paint(model: &Model, pen: &mut Pen<'_>) {
    if model.too_small() {
        let (width, height) = model.size;
        let lines = ["Refdesk needs 60 × 15", "q quits"];
        for (y, line) in (height.saturating_sub(2) / 2..).zip(lines) {
            pen.line(Rect::new(0, y, width, 1), &[(line, Tone::Text)]);
        }
        pen.lead(None);
        return;
    }
    let regions = regions(model);
    header::draw(model, pen, regions.header);
    fence::draw(model, pen, regions.fence);
    rows::rule(model, pen, &regions);
    match model.place {
        Place::Rows(..) => rows::draw(model, pen, &regions),
        Place::Intake => intake::draw(model, pen, &regions),
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
        detail::draw(model, pen, area);
    }
    if model.pane == Pane::List {
        pen.lead(row);
    }
    footer::draw(model, pen, &regions);
    footer::pending(model, pen, &regions);
    match &model.overlay {
        Some(Overlay::Form(form)) => form::draw(model, form, pen),
        Some(Overlay::Confirm(question)) => popup::confirm(model, question, pen),
        Some(Overlay::Find(find, what_for)) => lookup::draw(model, find, *what_for, pen),
        Some(Overlay::Palette(palette)) => palette::draw(model, palette, pen),
        Some(Overlay::Help(top)) => help::help(model, *top, pen),
        Some(Overlay::Notices(top)) => help::notices(model, *top, pen),
        Some(Overlay::History(shown)) => history::draw(model, shown, pen),
        Some(Overlay::Outbox(shown)) => outbox::draw(model, shown, pen),
        Some(Overlay::Create(making)) => create::draw(model, making, pen),
        Some(Overlay::Page(page)) => page::draw(model, page, pen),
        None => {}
    }
}
