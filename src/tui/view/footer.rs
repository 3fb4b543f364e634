//! The foot of the screen: the notice, key hints, and the conservation line, which may never fail unseen.

use super::pen::{Pen, nth};
use crate::tui::action::{Entry, TABLE};
use crate::tui::keymap::{Meaning, counts_in, resolve};
use crate::tui::layout::Regions;
use crate::tui::model::{Model, Pane};
use crate::tui::notice::Kind;
use crate::tui::ready;
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
    }
    if model.waiting.is_some() || model.in_flight > 0 {
        pen.right(regions.notice, &[(" working… ", Tone::Warn)]);
    }
    let (open, listed) = (model.counts.open, model.counts.in_lists());
    let line = if open == listed {
        (format!(" open {open} = {listed} in lists "), Tone::Dim)
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
    pen.line(area, &hints(model, usize::from(room)));
}

/// Hints that fit: what the keys pressed so far lead to, else what can be done now.
fn hints(model: &Model, room: usize) -> Vec<(String, Tone)> {
    let pairs: Vec<(String, String)> = match resolve(&model.pending, model.scope()) {
        Meaning::Begun(next) if !model.pending.is_empty() => next
            .into_iter()
            .map(|(key, title)| (key, title.to_owned()))
            .collect(),
        Meaning::Begun(_) | Meaning::Action(_) | Meaning::Nothing => usual(model),
    };
    let mut out = Vec::new();
    let mut used = 1;
    for (key, hint) in pairs {
        let wide = columns(&key) + columns(&hint) + 3;
        if used + wide > room {
            continue;
        }
        used += wide;
        out.push((format!(" {key} "), Tone::Key));
        out.push((format!("{hint} "), Tone::Text));
    }
    out
}

fn usual(model: &Model) -> Vec<(String, String)> {
    let marks = model.board.marks.len();
    let mut out: Vec<(String, String)> = Vec::new();
    if model.pane == Pane::Detail {
        out.push(("esc".into(), "list".into()));
        out.push(("tab".into(), "section".into()));
    }
    let shown = TABLE.iter().filter(|entry| {
        !entry.hint.is_empty()
            && counts_in(entry, model.scope())
            && ready::check(entry.action, model).is_ok()
            && !(model.pane == Pane::Detail && entry.hint == "open")
    });
    // Help is named first in the order of room, and last on the line.
    let (help, rest): (Vec<&Entry>, Vec<&Entry>) = shown.partition(|entry| entry.hint == "help");
    for entry in help.into_iter().chain(rest) {
        let count = if marks > 1 && entry.confirm {
            format!(" {marks}")
        } else {
            String::new()
        };
        out.push((entry.shown_key().to_owned(), format!("{}{count}", entry.hint)));
    }
    out
}
