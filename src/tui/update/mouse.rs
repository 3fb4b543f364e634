//! The mouse: it does what keys do, where it points.

use super::{deeds, keys, moves, overlays, proofs};
use crate::tui::chord::{Chord, Key};
use crate::tui::form::Turn;
use crate::tui::layout;
use crate::tui::model::{Model, Overlay, Pane, Place};
use crate::tui::msg::{Effect, Mouse};
use crate::tui::spot::Spot;
use crate::tui::view;

/// Takes the mouse: a click puts the cursor, a second one opens; the wheel scrolls what is under it; the divider can be
/// dragged; what stands in a window over the screen, or in the footer, can be clicked on.
pub fn mouse(model: &mut Model, mouse: Mouse) -> Vec<Effect> {
    if model.too_small() || model.waiting.is_some() || model.journey.is_some() {
        return Vec::new();
    }
    model.dirty = true;
    if model.overlay.is_some() {
        return over(model, mouse);
    }
    let regions = layout::regions(model);
    match mouse {
        Mouse::Drag(x, y) => {
            if model.dragging {
                model.share = layout::share_at(model, x, y);
            }
            Vec::new()
        }
        Mouse::Release => {
            model.dragging = false;
            Vec::new()
        }
        Mouse::Wheel(lines, x, y) => {
            let on_detail = regions.detail.is_some_and(|area| area.contains((x, y).into()));
            if on_detail {
                moves::scroll(model, isize::from(lines) * 3);
                return Vec::new();
            }
            moves::step(model, isize::from(lines) * 3)
        }
        Mouse::Press(x, y) if regions.divider.is_some_and(|area| area.contains((x, y).into())) => {
            model.dragging = true;
            Vec::new()
        }
        Mouse::Press(x, y) => {
            if let Some(Spot::Action(action)) = view::spot_at(model, x, y) {
                return keys::perform(model, action);
            }
            if let Some(place) = layout::tab_at(model, x, y) {
                return moves::turn_to(model, place);
            }
            if regions.detail.is_some_and(|area| area.contains((x, y).into())) {
                model.pane = Pane::Detail;
                return Vec::new();
            }
            model.pane = Pane::List;
            let fence = regions.fence.contains((x, y).into());
            let row = usize::from(y.saturating_sub(if fence { regions.fence.y } else { regions.rows.y }));
            if model.place == Place::Intake {
                let picked = model
                    .intake
                    .rows
                    .get(model.intake.top + row)
                    .filter(|_| regions.rows.contains((x, y).into()));
                if let Some(id) = picked.map(|picked| picked.id) {
                    model.intake.cursor = Some(id);
                    model.intake.scroll = 0;
                }
                return Vec::new();
            }
            let picked = if fence {
                model.board.fence.get(row)
            } else {
                model
                    .board
                    .rows
                    .get(model.board.top + row)
                    .filter(|_| regions.rows.contains((x, y).into()))
            };
            if let Some(id) = picked.map(|picked| picked.queue.id) {
                if model.board.cursor == Some(id) {
                    model.pane = Pane::Detail;
                }
                model.board.put_cursor(Some(id));
            }
            Vec::new()
        }
    }
}

/// The mouse over a window.
fn over(model: &mut Model, mouse: Mouse) -> Vec<Effect> {
    let key = |key| Chord::plain(key);
    match mouse {
        Mouse::Wheel(lines, ..) => {
            let turned = if lines > 0 { key(Key::Down) } else { key(Key::Up) };
            // The wheel never chooses: in a form, the arrows do.
            let form = match &model.overlay {
                Some(Overlay::Form(_) | Overlay::Confirm(_)) => true,
                Some(Overlay::Create(create)) => create.form.is_some(),
                _ => false,
            };
            if form {
                return Vec::new();
            }
            overlays::key(model, turned)
        }
        Mouse::Press(x, y) => match view::spot_at(model, x, y) {
            Some(spot) => click(model, spot),
            None => Vec::new(),
        },
        Mouse::Drag(..) | Mouse::Release => Vec::new(),
    }
}

/// A click on something in a window: the same as the key that does it.
fn click(model: &mut Model, spot: Spot) -> Vec<Effect> {
    let enter = Chord::plain(Key::Enter);
    match (spot, &mut model.overlay) {
        (Spot::Line(_) | Spot::Choice(..), Some(Overlay::Proof(_))) => return proofs::click(model, spot),
        (Spot::Line(at), Some(Overlay::Palette(palette))) => palette.at = at,
        (Spot::Line(at), Some(Overlay::Find(lookup, _))) => lookup.at = at,
        (Spot::Line(at), Some(Overlay::History(history))) => {
            history.at = at;
            return deeds::ask(model).into_iter().collect();
        }
        (Spot::Line(at), Some(Overlay::Outbox(outbox))) => {
            outbox.choose(at);
            return Vec::new();
        }
        (Spot::Line(at), Some(Overlay::Create(create))) => create.lookup.at = at,
        (Spot::Yes, Some(Overlay::Confirm(_))) => {
            return overlays::key(model, Chord::plain(Key::Char('y')));
        }
        (Spot::No, Some(Overlay::Confirm(_))) => return overlays::key(model, Chord::plain(Key::Esc)),
        (Spot::Field(field), _) => return form(model, field, None),
        (Spot::Choice(field, number) | Spot::Match(field, number), _) => {
            return form(model, field, Some(number));
        }
        _ => return Vec::new(),
    }
    overlays::key(model, enter)
}

fn form(model: &mut Model, field: usize, number: Option<usize>) -> Vec<Effect> {
    let form = match &mut model.overlay {
        Some(Overlay::Form(form)) => Some(form),
        Some(Overlay::Create(create)) => create.form.as_mut(),
        _ => None,
    };
    match form.map(|form| form.click(field, number)) {
        Some(Turn::Send) => overlays::key(model, Chord::plain(Key::Enter)),
        Some(Turn::Stay | Turn::Leave | Turn::ThrowAway | Turn::Edit) | None => Vec::new(),
    }
}
