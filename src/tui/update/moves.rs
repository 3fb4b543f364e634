//! Moving about: rows, pages, lists, sections, marks. Windows are asked for before the cursor reaches their ends.

use super::{load, past, window};
use crate::domain::lists::List;
use crate::store::board::{Anchor, Shelf};
use crate::tui::action::Action;
use crate::tui::detail;
use crate::tui::model::{Model, Overlay, Pane, Place};
use crate::tui::msg::{Effect, Fetch};

/// Does an action that moves.
pub fn go(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = isize::try_from(model.list_height().saturating_sub(1).max(1)).unwrap_or(1);
    let half = isize::try_from(model.detail_height() / 2).unwrap_or(1).max(1);
    let detail = model.pane == Pane::Detail;
    if let Some((_, place)) = GO.iter().find(|(each, _)| *each == action) {
        return turn_to(model, place.clone());
    }
    let scrolls = match (action, detail) {
        (Action::ScrollDown, _) => Some(half),
        (Action::ScrollUp, _) => Some(-half),
        (Action::Down, true) => Some(1),
        (Action::Up, true) => Some(-1),
        (Action::PageDown, true) => Some(half * 2),
        (Action::PageUp, true) => Some(-half * 2),
        (Action::Top, true) => Some(isize::MIN / 2),
        (Action::Bottom, true) => Some(isize::MAX / 2),
        _ => None,
    };
    if let Some(by) = scrolls {
        scroll(model, by);
        return Vec::new();
    }
    match (action, detail) {
        (Action::NextList, true) => section(model, 1),
        (Action::PreviousList, true) => section(model, -1),
        (Action::Up, _) => return step(model, -1),
        (Action::Down, _) => return step(model, 1),
        (Action::NextReferral, _) => return step(model, 1),
        (Action::PreviousReferral, _) => return step(model, -1),
        (Action::PageUp, _) => return step(model, -page),
        (Action::PageDown, _) => return step(model, page),
        (Action::Top, _) => return top(model),
        (Action::Bottom, _) => return bottom(model),
        (Action::NextList, _) => return next_place(model, 1),
        (Action::PreviousList, _) => return next_place(model, -1),
        (Action::Changes, _) => return changes(model),
        (Action::GoFence, _) => return fence(model),
        (Action::Redraw, _) => model.wipe = true,
        (Action::Open, _) => model.pane = Pane::Detail,
        (Action::Back, true) => model.pane = Pane::List,
        (Action::Back, false) => return back(model),
        (Action::NextField, _) => field(model, 1),
        (Action::PreviousField, _) => field(model, -1),
        (Action::Mark, _) => {
            model.board.toggle_mark();
            return step(model, 1);
        }
        (Action::MarkAll, _) => {
            if model.board.marks.is_empty() {
                let rows = model
                    .board
                    .rows
                    .iter()
                    .map(|row| (row.queue.id, row.queue.clone()));
                model.board.marks = rows.collect();
            } else {
                model.board.marks.clear();
            }
        }
        _ => {}
    }
    Vec::new()
}

const GO: [(Action, Place); 10] = [
    (
        Action::GoEmergency,
        Place::Rows(Shelf::List(List::Emergency), String::new()),
    ),
    (
        Action::GoReview,
        Place::Rows(Shelf::List(List::Review), String::new()),
    ),
    (
        Action::GoMissing,
        Place::Rows(Shelf::List(List::MissingInfo), String::new()),
    ),
    (
        Action::GoInsurance,
        Place::Rows(Shelf::List(List::Insurance), String::new()),
    ),
    (
        Action::GoToSchedule,
        Place::Rows(Shelf::List(List::ToSchedule), String::new()),
    ),
    (
        Action::GoScheduled,
        Place::Rows(Shelf::List(List::Scheduled), String::new()),
    ),
    (
        Action::GoReports,
        Place::Rows(Shelf::List(List::ReportsDue), String::new()),
    ),
    (Action::GoOpen, Place::Rows(Shelf::Open, String::new())),
    (Action::GoClosed, Place::Rows(Shelf::Closed, String::new())),
    (Action::GoIntake, Place::Intake),
];

/// Moves the cursor by rows and asks for more rows in time.
pub fn step(model: &mut Model, by: isize) -> Vec<Effect> {
    let height = model.list_height();
    if model.place == Place::Intake {
        model.intake.step(by, height);
        return Vec::new();
    }
    model.board.step(by);
    model.board.show_cursor(height);
    fill(model)
}

/// Asks for rows beyond an end that comes near.
pub fn fill(model: &mut Model) -> Vec<Effect> {
    let height = model.list_height();
    if model.fetching || model.board.loading || model.place == Place::Intake {
        return Vec::new();
    }
    let board = &model.board;
    let below = board.rows.len().saturating_sub(board.top + height);
    let last = board.rows.last().map(|row| Anchor::After(row.queue.id));
    let first = board.rows.first().map(|row| Anchor::Before(row.queue.id));
    // Where a look stopped, it goes on, through what matched nothing.
    let last = board.below.map(Anchor::Below).or(last);
    let first = board.above.map(Anchor::Above).or(first);
    if !board.at_end
        && below < height
        && let Some(last) = last
    {
        return window(model, last, Fetch::Below).into_iter().collect();
    }
    if !board.at_start
        && board.top < height
        && let Some(first) = first
    {
        return window(model, first, Fetch::Above).into_iter().collect();
    }
    Vec::new()
}

fn top(model: &mut Model) -> Vec<Effect> {
    if model.place == Place::Intake {
        return step(model, isize::MIN / 2);
    }
    if !model.board.at_start {
        model.board.cursor = None;
        return load(model, Anchor::Start);
    }
    // The first press goes to the first row, one more into the fence.
    let first = model.board.rows.first().map(|row| row.queue.id);
    let fenced = model.board.fence.first().map(|row| row.queue.id);
    let to = if model.board.cursor == first {
        fenced.or(first)
    } else {
        first.or(fenced)
    };
    model.board.put_cursor(to);
    let height = model.list_height();
    model.board.show_cursor(height);
    Vec::new()
}

fn bottom(model: &mut Model) -> Vec<Effect> {
    if model.place != Place::Intake && !model.board.at_end {
        model.board.cursor = None;
        return load(model, Anchor::End);
    }
    step(model, isize::MAX / 2)
}

/// To the first emergency that nobody has called, else to the first.
fn fence(model: &mut Model) -> Vec<Effect> {
    let waits = model
        .board
        .fence
        .iter()
        .find(|row| row.queue.acknowledged_at.is_none());
    let to = waits.or(model.board.fence.first()).map(|row| row.queue.id);
    if to.is_some() && model.place != Place::Intake {
        model.pane = Pane::List;
        model.board.put_cursor(to);
    }
    Vec::new()
}

/// Shows another place.
pub fn turn_to(model: &mut Model, place: Place) -> Vec<Effect> {
    if !past::can_show(model, &place) {
        return past::refuse_place(model);
    }
    model.pane = Pane::List;
    model.place = place;
    model.board.rows.clear();
    model.board.cursor = None;
    model.board.changed = 0;
    model.fetching = false;
    model.scroll = 0;
    if model.place == Place::Intake {
        return vec![Effect::Intake, Effect::Counts];
    }
    load(model, Anchor::Start)
}

fn next_place(model: &mut Model, by: isize) -> Vec<Effect> {
    let tabs: Vec<Place> = model
        .settings
        .screen
        .lists
        .iter()
        .map(|tab| Place::of(*tab))
        .filter(|place| past::can_show(model, place))
        .collect();
    let count = tabs.len().max(1);
    let at = tabs.iter().position(|tab| tab.tab() == model.place.tab());
    let to = match at {
        Some(at) => (at + count).saturating_add_signed(by) % count,
        None => 0,
    };
    match tabs.get(to) {
        Some(place) => turn_to(model, place.clone()),
        None => Vec::new(),
    }
}

/// What others changed is shown; where nothing was, to the top.
fn changes(model: &mut Model) -> Vec<Effect> {
    if model.place == Place::Intake {
        return vec![Effect::Intake, Effect::Counts];
    }
    if model.board.changed == 0 {
        if model.pane == Pane::Detail {
            model.scroll = 0;
            return Vec::new();
        }
        return top(model);
    }
    model.followed = None;
    let anchor = match model.board.cursor {
        Some(id) => Anchor::Around(id),
        None => Anchor::Start,
    };
    load(model, anchor)
}

/// Back from whatever narrows the list: marks first, then the filter.
fn back(model: &mut Model) -> Vec<Effect> {
    if !model.board.marks.is_empty() {
        model.board.marks.clear();
        return Vec::new();
    }
    match model.place.clone() {
        Place::Rows(shelf, query) if !query.is_empty() => turn_to(model, Place::Rows(shelf, String::new())),
        Place::Rows(..) | Place::Intake if model.past.is_some() => vec![Effect::ReturnToNow],
        Place::Rows(..) | Place::Intake => Vec::new(),
    }
}

/// Scrolls the detail, within its lines.
pub fn scroll(model: &mut Model, by: isize) {
    let most = detail::lines(model).len().saturating_sub(model.detail_height());
    let at = if model.place == Place::Intake {
        &mut model.intake.scroll
    } else {
        &mut model.scroll
    };
    *at = at.saturating_add_signed(by).min(most);
}

/// Goes to the next section of the detail, or the one before.
fn section(model: &mut Model, by: isize) {
    let lines = detail::lines(model);
    let heads: Vec<usize> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.heading)
        .map(|(index, _)| index)
        .collect();
    let at = if model.place == Place::Intake {
        model.intake.scroll
    } else {
        model.scroll
    };
    let most = lines.len().saturating_sub(model.detail_height());
    let to = if by > 0 {
        heads
            .iter()
            .copied()
            .find(|head| *head > at)
            .filter(|_| at < most)
            .unwrap_or(0)
    } else {
        heads
            .iter()
            .copied()
            .rfind(|head| *head < at)
            .unwrap_or(if at == 0 { most } else { 0 })
    };
    let at = if model.place == Place::Intake {
        &mut model.intake.scroll
    } else {
        &mut model.scroll
    };
    *at = to.min(most);
}

/// Points at the next field of the document, and scrolls to its place.
fn field(model: &mut Model, by: isize) {
    let intake = model.place == Place::Intake;
    let reader = if intake {
        &mut model.intake.reader
    } else {
        &mut model.reader
    };
    reader.step(by);
    let lines = detail::lines(model);
    let Some(at) = lines.iter().position(|line| line.pointed) else {
        return;
    };
    let height = model.detail_height();
    let most = lines.len().saturating_sub(height);
    let scroll = if intake {
        &mut model.intake.scroll
    } else {
        &mut model.scroll
    };
    if at < *scroll || at >= *scroll + height {
        *scroll = at.saturating_sub(height / 2).min(most);
    }
    model.overlay = model
        .overlay
        .take()
        .filter(|overlay| !matches!(overlay, Overlay::Help(_)));
}
