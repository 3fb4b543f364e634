//! The foot of the screen: the notice, key hints, and the conservation line, which may never fail unseen.

use super::pen::{Pen, nth};
use super::proof;
use crate::tui::action::{Action, Entry, TABLE};
use crate::tui::keymap::{Meaning, counts_in};
use crate::tui::layout::{Regions, out_of_sight};
use crate::tui::model::{Model, Overlay, Pane};
use crate::tui::notice::Kind;
use crate::tui::ready;
use crate::tui::spot::Spot;
use crate::tui::theme::Tone;
use crate::tui::width::columns;
use ratatui::layout::Rect;

/// Draws it.
pub fn draw(model: &Model, pen: &mut Pen<'_>, regions: &Regions) {
    pen.rule(regions.notice);
    if let Some(notice) = model.notices.current() {
        let (sign, tone) = match notice.kind {
            Kind::Done => ("✓", Tone::Good),
            Kind::Trouble => ("!", Tone::Alarm),
        };
        let room = regions.notice.width.saturating_sub(2);
        let area = Rect {
            x: 1,
            width: room,
            ..regions.notice
        };
        pen.line(area, &[(format!(" {sign} {} ", notice.text), tone)]);
    } else if let Some(busy) = &model.busy {
        let area = Rect {
            x: 1,
            width: regions.notice.width.saturating_sub(2),
            ..regions.notice
        };
        pen.line(area, &[(format!(" … {busy} "), Tone::Dim)]);
    }
    if let Some(journey) = model.journey {
        let far = (journey.done * 100).checked_div(journey.total).unwrap_or(0);
        let text = format!(" going back… {far}% of {} changes · esc gives up ", journey.total);
        pen.right(regions.notice, &[(text, Tone::Warn)]);
    } else if model.waiting.is_some() || model.in_flight > 0 {
        pen.right(regions.notice, &[(" working… ", Tone::Warn)]);
    }
    let (open, listed) = (model.counts.open, model.counts.in_lists());
    let hidden = match out_of_sight(model) {
        0 => String::new(),
        some => format!(", {some} not shown"),
    };
    let line = if open == listed {
        (format!(" open {open} = {listed} in lists{hidden} "), Tone::Dim)
    } else {
        (
            format!(" ! open {open} ≠ {listed} in lists: run refdesk check "),
            Tone::Alarm,
        )
    };
    let used = pen.right(regions.footer, &[line]);
    let room = regions
        .footer
        .width
        .saturating_sub(u16::try_from(used).unwrap_or(0));
    let area = Rect {
        width: room,
        ..nth(regions.footer, 0)
    };
    if let Some(Overlay::Proof(proof)) = &model.overlay {
        return keys_of(&proof::hints(proof), pen, area);
    }
    let mut x = area.x;
    let mut spans = Vec::new();
    for (action, key, hint) in hints(model, usize::from(room)) {
        let (key, hint) = (format!(" {key} "), format!("{hint} "));
        let wide = u16::try_from(columns(&key) + columns(&hint)).unwrap_or(0);
        pen.spot(
            Rect {
                x,
                width: wide,
                ..area
            },
            Spot::Action(action),
        );
        x = x.saturating_add(wide);
        spans.extend([(key, Tone::Key), (hint, Tone::Text)]);
    }
    pen.line(area, &spans);
}

/// The keys of a window that fills the screen, as many as fit.
fn keys_of(hints: &[(&str, &str)], pen: &mut Pen<'_>, area: Rect) {
    let mut spans = Vec::new();
    let mut used = 0;
    for (key, hint) in hints {
        let (key, hint) = (format!(" {key} "), format!("{hint} "));
        used += columns(&key) + columns(&hint);
        if used <= usize::from(area.width) {
            spans.extend([(key, Tone::Key), (hint, Tone::Text)]);
        }
    }
    pen.line(area, &spans);
}

/// A hint: the action, its key, and what it does.
type Hint = (Action, String, String);
/// The actions of the bar: the clinic's own with help behind them, else those of the table that have a hint.
fn bar(model: &Model) -> Vec<&'static Entry> {
    let own = &model.settings.screen.actions;
    if own.is_empty() {
        return TABLE.iter().filter(|entry| !entry.hint.is_empty()).collect();
    }
    let named = own
        .iter()
        .filter_map(|id| TABLE.iter().find(|entry| entry.id == id));
    let help = TABLE.iter().filter(|entry| entry.action == Action::Help);
    named
        .filter(|entry| entry.action != Action::Help)
        .chain(help)
        .collect()
}

fn said(entry: &Entry) -> String {
    if entry.hint.is_empty() {
        entry.verb()
    } else {
        entry.hint.to_owned()
    }
}

/// Hints that fit, of what can be done now; help is always among them, and last.
fn hints(model: &Model, room: usize) -> Vec<Hint> {
    let marks = model.board.marks.len();
    let keymap = &model.settings.keymap;
    let mut all: Vec<Hint> = Vec::new();
    if model.pane == Pane::Detail {
        for (action, hint) in [(Action::Back, "list"), (Action::NextList, "section")] {
            all.push((action, keymap.key(action).to_owned(), hint.to_owned()));
        }
    }
    let shown = bar(model).into_iter().filter(|entry| {
        !keymap.key(entry.action).is_empty()
            && counts_in(entry, model.scope())
            && ready::check(entry.action, model).is_ok()
            && !(model.pane == Pane::Detail && entry.action == Action::Open)
    });
    for entry in shown {
        let count = if marks > 1 && entry.confirm {
            format!(" {marks}")
        } else {
            String::new()
        };
        let key = keymap.key(entry.action).to_owned();
        all.push((entry.action, key, format!("{}{count}", said(entry))));
    }
    let wide = |(_, key, hint): &Hint| columns(key) + columns(hint) + 3;
    let help = all
        .iter()
        .position(|(action, ..)| *action == Action::Help)
        .map(|at| all.remove(at));
    let mut used = 1 + help.as_ref().map_or(0, wide);
    all.retain(|hint| {
        let fits = used + wide(hint) <= room;
        used += if fits { wide(hint) } else { 0 };
        fits
    });
    all.into_iter().chain(help).collect()
}

/// What the keys pressed so far lead to, in a window at the lower right.
pub fn pending(model: &Model, pen: &mut Pen<'_>, regions: &Regions) {
    let Meaning::Begun(next) = model.settings.keymap.resolve(&model.pending, model.scope()) else {
        return;
    };
    if model.pending.is_empty() {
        return;
    }
    let wide = next
        .iter()
        .map(|(key, title)| columns(key) + columns(title) + 3)
        .max()
        .unwrap_or(0);
    let width = u16::try_from(wide + 4).unwrap_or(u16::MAX).min(model.size.0);
    let height = u16::try_from(next.len() + 2)
        .unwrap_or(u16::MAX)
        .min(regions.notice.y);
    let pressed: Vec<String> = model.pending.iter().map(ToString::to_string).collect();
    let area = Rect::new(model.size.0 - width, regions.notice.y - height, width, height);
    let inner = pen.frame(area, &format!("{} …", pressed.join(" ")));
    for (index, (key, title)) in next.iter().enumerate() {
        let line = [(format!("{key}  "), Tone::Key), ((*title).to_owned(), Tone::Text)];
        pen.line(nth(inner, index), &line);
    }
}
