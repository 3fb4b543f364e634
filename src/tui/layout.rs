//! Where everything stands.
//!
//! Owns the division of the screen; drawing, scrolling and the mouse all ask here. Must not draw.

use super::linear;
use super::model::{Model, Pane, Place};
use super::width::{columns, cut};
use crate::config::screen::{DetailPlace, Tab as Kind};
use crate::domain::lists::List;
use crate::store::board::Shelf;
use ratatui::layout::Rect;

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
    let (list, divider, detail) = parts(model, body);
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

/// Per cent that the list has at least, and at most: both sides stay legible.
const SHARE_MIN: u16 = 20;
const SHARE_MAX: u16 = 80;

/// The share of the list, in per cent, with the divider drawn through a cell.
pub fn share_at(model: &Model, x: u16, y: u16) -> u16 {
    let regions = regions(model);
    let top = regions.rule.y + 1;
    let lies = regions.divider.is_some_and(|divider| divider.width > 1);
    let (part, whole) = if lies {
        (y.saturating_sub(top), regions.notice.y.saturating_sub(top))
    } else {
        (x, model.size.0)
    };
    let share = u32::from(part) * 100 / u32::from(whole.max(1));
    u16::try_from(share)
        .unwrap_or(SHARE_MAX)
        .clamp(SHARE_MIN, SHARE_MAX)
}

/// A body lower than this is not parted: neither side would say anything.
const PARTED: u16 = 9;

/// List, divider and detail within the body, as the clinic set them up and the window allows.
fn parts(model: &Model, body: Rect) -> (Rect, Option<Rect>, Option<Rect>) {
    let screen = &model.settings.screen;
    let share = model.share.clamp(SHARE_MIN, SHARE_MAX);
    let within = |whole: u16| u16::try_from(u32::from(whole) * u32::from(share) / 100).unwrap_or(whole);
    if screen.detail == DetailPlace::Side && body.width >= screen.detail_from {
        let left = within(body.width);
        return (
            Rect { width: left, ..body },
            Some(Rect::new(left, body.y, 1, body.height)),
            Some(Rect::new(
                left + 2,
                body.y,
                body.width.saturating_sub(left + 3),
                body.height,
            )),
        );
    }
    if screen.detail == DetailPlace::Below && model.size.1 >= screen.detail_from && body.height >= PARTED {
        let upper = within(body.height).clamp(4, body.height.saturating_sub(4));
        return (
            Rect {
                height: upper,
                ..body
            },
            Some(Rect::new(0, body.y + upper, body.width, 1)),
            Some(Rect::new(
                1,
                body.y + upper + 1,
                body.width.saturating_sub(2),
                body.height.saturating_sub(upper + 1),
            )),
        );
    }
    if model.pane == Pane::Detail {
        let inner = Rect::new(1, body.y, body.width.saturating_sub(2), body.height);
        return (Rect { height: 0, ..body }, None, Some(inner));
    }
    (body, None, None)
}

impl Model {
    /// Rows that the list shows, also while the detail covers it.
    pub fn list_height(&self) -> usize {
        if self.is_linear() {
            return linear::ROWS;
        }
        let regions = regions(self);
        let body = regions.notice.y.saturating_sub(regions.rule.y + 1);
        let covered = regions.heads.height == 0;
        usize::from(if covered {
            body.saturating_sub(1)
        } else {
            regions.rows.height
        })
    }

    /// Lines that the detail shows, also before it is opened.
    pub fn detail_height(&self) -> usize {
        if self.is_linear() {
            // A line at a time: so each can be gone to.
            return 1;
        }
        let regions = regions(self);
        let body = regions.notice.y.saturating_sub(regions.rule.y + 1);
        usize::from(regions.detail.map_or(body, |area| area.height))
    }

    /// Columns that the detail has.
    pub fn detail_width(&self) -> usize {
        if self.is_linear() {
            return linear::LINE;
        }
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

/// What a list is called here: by the clinic, else by the program.
pub fn name_of(model: &Model, tab: Kind) -> &str {
    let own = model.settings.screen.list_names.get(&tab);
    own.map_or_else(
        || match Place::of(tab) {
            Place::Rows(Shelf::List(list), _) => list.label(),
            Place::Rows(Shelf::Open, _) => "All open",
            Place::Rows(Shelf::Closed, _) => "Closed",
            Place::Intake => "Intake",
        },
        String::as_str,
    )
}

/// The heading of a place, and its count.
pub fn heading<'a>(model: &'a Model, place: &Place) -> (&'a str, u64) {
    let count = match place {
        Place::Rows(Shelf::List(list), _) => model.counts.of(*list),
        Place::Rows(Shelf::Open, _) => model.counts.open,
        Place::Rows(Shelf::Closed, _) => model.counts.ended,
        Place::Intake => model.counts.intake,
    };
    (name_of(model, place.tab()), count)
}

/// How many open referrals stand in lists that have no tab; emergencies stand in the fence.
pub fn out_of_sight(model: &Model) -> u64 {
    let lists = &model.settings.screen.lists;
    if lists.contains(&Kind::Open) {
        return 0;
    }
    let hidden = List::ALL
        .into_iter()
        .filter(|list| *list != List::Emergency)
        .filter(|list| !lists.contains(&Place::Rows(Shelf::List(*list), String::new()).tab()));
    hidden.map(|list| model.counts.of(list)).sum()
}

/// What stands at the left of the header.
pub fn brand(model: &Model) -> String {
    match model.past {
        Some(at) => format!(
            " AS OF {} · read only · esc returns",
            crate::domain::time::show_stamp(model.settings.zone(), at, model.clock)
        ),
        None => format!(" Refdesk  {}", model.settings.policy.clinic.name),
    }
}

/// What stands at the right of the header.
pub fn clock(model: &Model) -> String {
    format!(
        "{} ",
        crate::domain::time::show_weekday_clock(model.settings.zone(), model.now)
    )
}

/// Shorter names of the program's own, for a narrow header.
const SHORT: [(Kind, &str); 5] = [
    (Kind::MissingInfo, "Miss"),
    (Kind::Insurance, "Insur"),
    (Kind::ToSchedule, "Book"),
    (Kind::Scheduled, "Sched"),
    (Kind::ReportsDue, "Rep"),
];

/// How the lists are named in the header: in full, else shorter, else shorter and cut to so many columns.
const NAMINGS: [Option<usize>; 5] = [None, Some(12), Some(5), Some(4), Some(3)];

fn shown_name(model: &Model, tab: Kind, naming: Option<usize>) -> String {
    let name = name_of(model, tab);
    let Some(most) = naming else {
        return name.to_owned();
    };
    let own = model.settings.screen.list_names.contains_key(&tab);
    let short = SHORT.iter().find(|(each, _)| *each == tab && !own);
    let name = short.map_or(name, |(_, short)| short);
    if columns(name) <= most {
        return name.to_owned();
    }
    // Without a sign that something is missing: in a header, each column counts.
    cut(name, most + 1).trim_end_matches('…').trim_end().to_owned()
}

/// The tabs with their names.
fn texts(model: &Model, naming: Option<usize>) -> Vec<(Place, String, bool)> {
    let here = model.place.tab();
    let lists = model.settings.screen.lists.iter().copied();
    lists
        // Closed is reached by its key; it needs no count before the eyes.
        .filter(|tab| *tab != Kind::Closed || *tab == here)
        .map(|tab| {
            let place = Place::of(tab);
            let (_, count) = heading(model, &place);
            let text = format!("{} {}", shown_name(model, tab, naming), compact(count));
            let text = if tab == here {
                format!("[{text}]")
            } else {
                format!(" {text} ")
            };
            (place, text, tab == here)
        })
        .collect()
}

fn one_line(model: &Model) -> bool {
    let tabs: usize = texts(model, None).iter().map(|(_, text, _)| columns(text)).sum();
    columns(&brand(model)) + 2 + tabs + columns(&clock(model)) <= usize::from(model.size.0)
}

/// The longest names with which the lists stand on one line.
fn naming_that_fits(model: &Model) -> Option<usize> {
    let room = usize::from(model.size.0);
    let wide = |naming: &Option<usize>| {
        let lists = texts(model, *naming)
            .into_iter()
            .filter(|(place, ..)| is_list(place));
        lists.map(|(_, text, _)| columns(&text)).sum::<usize>() <= room
    };
    let last = NAMINGS.last().copied().flatten();
    NAMINGS.into_iter().find(wide).unwrap_or(last)
}

fn is_list(place: &Place) -> bool {
    matches!(place, Place::Rows(Shelf::List(_), _))
}

/// The lists in the header.
pub fn tabs(model: &Model) -> Vec<Tab> {
    let one = one_line(model);
    let naming = if one { None } else { naming_that_fits(model) };
    let cells = |text: &str| u16::try_from(columns(text)).unwrap_or(u16::MAX);
    let mut x = if one { cells(&brand(model)) + 2 } else { 0 };
    let mut aside = model.size.0.saturating_sub(cells(&clock(model)) + 1);
    let mut out = Vec::new();
    for (place, text, here) in texts(model, naming) {
        let wide = cells(&text);
        // On two lines, what is no list stands beside the clock.
        let (at, y) = if one || is_list(&place) {
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
pub fn has_tab(model: &Model, place: &Place) -> bool {
    model.settings.screen.lists.contains(&place.tab())
}
