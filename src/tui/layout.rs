//! Where everything stands.
//!
//! Owns the division of the screen; drawing, scrolling and the mouse all ask here. Must not draw.

use super::model::{Model, PLACES, Pane, Place};
use super::width::columns;
use crate::domain::lists::List;
use crate::store::board::Shelf;
use ratatui::layout::Rect;

/// From this width on, list and detail stand side by side.
const WIDE: u16 = 100;

/// Per cent of the width that the list has at least, and at most: both sides stay legible.
const SPLIT_MIN: u16 = 30;
const SPLIT_MAX: u16 = 75;

/// The share of the list, in per cent, with the divider in a column.
pub fn split_at(model: &Model, x: u16) -> u16 {
    let share = u32::from(x) * 100 / u32::from(model.size.0.max(1));
    u16::try_from(share)
        .unwrap_or(SPLIT_MAX)
        .clamp(SPLIT_MIN, SPLIT_MAX)
}

/// The regions of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Regions {
    /// Name, lists with counts, clock: one line or two.
    pub header: Rect,
    /// Emergencies.
    pub fence: Rect,
    /// The line below.
    pub rule: Rect,
    /// Headings of the columns.
    pub heads: Rect,
    /// Rows.
    pub rows: Rect,
    /// The line between list and detail.
    pub divider: Option<Rect>,
    /// Detail, where it is shown.
    pub detail: Option<Rect>,
    /// The line above the footer; notices stand on it.
    pub notice: Rect,
    /// Hints and the conservation line.
    pub footer: Rect,
}

/// The regions for a state.
pub fn regions(model: &Model) -> Regions {
    let (width, height) = model.size;
    let header_lines = if one_line(model) { 1 } else { 2 };
    let fence_lines = u16::try_from(model.board.fence.len()).unwrap_or(u16::MAX);
    let line = |y: u16, lines: u16| Rect::new(0, y, width, lines);
    let header = line(0, header_lines);
    let fence = line(header_lines, fence_lines);
    let rule = line(header_lines + fence_lines, 1);
    let top = rule.y + 1;
    let body = line(top, height.saturating_sub(top + 2));
    let notice = line(height.saturating_sub(2), 1);
    let footer = line(height.saturating_sub(1), 1);
    let (list, divider, detail) = if width >= WIDE {
        let left = match model.split {
            Some(split) => width * split.clamp(SPLIT_MIN, SPLIT_MAX) / 100,
            None => width * 27 / 50,
        };
        (
            Rect { width: left, ..body },
            Some(Rect::new(left, body.y, 1, body.height)),
            Some(Rect::new(
                left + 2,
                body.y,
                width.saturating_sub(left + 3),
                body.height,
            )),
        )
    } else if model.pane == Pane::Detail {
        let inner = Rect::new(1, body.y, width.saturating_sub(2), body.height);
        (Rect { height: 0, ..body }, None, Some(inner))
    } else {
        (body, None, None)
    };
    Regions {
        header,
        fence,
        rule,
        heads: Rect {
            height: list.height.min(1),
            ..list
        },
        rows: Rect::new(list.x, list.y + 1, list.width, list.height.saturating_sub(1)),
        divider,
        detail,
        notice,
        footer,
    }
}

impl Model {
    /// Rows that the list shows, also while the detail covers it.
    pub fn list_height(&self) -> usize {
        let regions = regions(self);
        let body = regions.notice.y.saturating_sub(regions.rule.y + 1);
        usize::from(body.saturating_sub(1))
    }

    /// Lines that the detail shows.
    pub fn detail_height(&self) -> usize {
        let regions = regions(self);
        usize::from(regions.notice.y.saturating_sub(regions.rule.y + 1))
    }

    /// Columns that the detail has.
    pub fn detail_width(&self) -> usize {
        let width = self.size.0;
        usize::from(
            regions(self)
                .detail
                .map_or(width.saturating_sub(2), |area| area.width),
        )
    }
}

/// One list in the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// Column.
    pub x: u16,
    /// Line.
    pub y: u16,
    /// Text, with its brackets or the room for them.
    pub text: String,
    /// What it leads to.
    pub place: Place,
    /// It is shown now.
    pub here: bool,
}

/// A count in at most four characters.
pub fn compact(count: u64) -> String {
    match count {
        0..=9_999 => count.to_string(),
        10_000..=999_999 => format!("{}k", count / 1_000),
        _ => format!("{}M", count / 1_000_000),
    }
}

/// The heading of a place, and its count.
pub fn heading(model: &Model, place: &Place) -> (&'static str, u64) {
    match place {
        Place::Rows(Shelf::List(list), _) => (list.label(), model.counts.of(*list)),
        Place::Rows(Shelf::Open, _) => ("All open", model.counts.open),
        Place::Rows(Shelf::Closed, _) => ("Closed", model.counts.ended),
        Place::Intake => ("Intake", model.counts.intake),
    }
}

/// Whether two places are the same but for their filter.
pub fn same_place(a: &Place, b: &Place) -> bool {
    match (a, b) {
        (Place::Rows(a, _), Place::Rows(b, _)) => a == b,
        (Place::Intake, Place::Intake) => true,
        _ => false,
    }
}

/// What stands at the left of the header.
pub fn brand(model: &Model) -> String {
    format!(" Refdesk  {}", model.settings.policy.clinic.name)
}

/// What stands at the right of the header.
pub fn clock(model: &Model) -> String {
    format!(
        "{} ",
        crate::domain::time::show_weekday_clock(model.settings.zone(), model.now)
    )
}

fn texts(model: &Model) -> Vec<(Place, String, bool)> {
    PLACES
        .iter()
        // Closed is reached by its key; it needs no count before the eyes.
        .filter(|place| !matches!(place, Place::Rows(Shelf::Closed, _)) || same_place(place, &model.place))
        .map(|place| {
            let (label, count) = heading(model, place);
            let here = same_place(place, &model.place);
            let text = format!("{label} {}", compact(count));
            (
                place.clone(),
                if here {
                    format!("[{text}]")
                } else {
                    format!(" {text} ")
                },
                here,
            )
        })
        .collect()
}

fn one_line(model: &Model) -> bool {
    let tabs: usize = texts(model).iter().map(|(_, text, _)| columns(text)).sum();
    columns(&brand(model)) + 2 + tabs + columns(&clock(model)) <= usize::from(model.size.0)
}

/// The lists in the header.
pub fn tabs(model: &Model) -> Vec<Tab> {
    let one = one_line(model);
    let cells = |text: &str| u16::try_from(columns(text)).unwrap_or(u16::MAX);
    let mut x = if one { cells(&brand(model)) + 2 } else { 0 };
    let mut aside = model.size.0.saturating_sub(cells(&clock(model)) + 1);
    let mut out = Vec::new();
    for (place, text, here) in texts(model) {
        let wide = cells(&text);
        let is_list = matches!(place, Place::Rows(Shelf::List(_), _));
        // On two lines, what is no list stands beside the clock.
        let (at, y) = if one || is_list {
            let at = x;
            x += wide;
            (at, u16::from(!one))
        } else {
            aside = aside.saturating_sub(wide);
            (aside, 0)
        };
        out.push(Tab {
            x: at,
            y,
            text,
            place,
            here,
        });
    }
    out
}

/// The list at a cell of the header.
pub fn tab_at(model: &Model, x: u16, y: u16) -> Option<Place> {
    tabs(model)
        .into_iter()
        .find(|tab| {
            tab.y == y && (tab.x..tab.x + u16::try_from(columns(&tab.text)).unwrap_or(0)).contains(&x)
        })
        .map(|tab| tab.place)
}

/// Whether a place has a tab in the header.
pub fn has_tab(place: &Place) -> bool {
    PLACES.iter().any(|each| same_place(each, place))
        && !matches!(place, Place::Rows(Shelf::List(List::Emergency), _))
}
