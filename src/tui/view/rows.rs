//! The rows of a list, their headings and the line above them.

use super::pen::{HERE, Pen, nth};
use crate::domain::lists::List;
use crate::store::board::Shelf;
use crate::tui::board::{Row, Sign};
use crate::tui::columns::{Shown, fitting, id_width, value};
use crate::tui::layout::{Regions, has_tab, heading};
use crate::tui::model::{Model, Pane, Place};
use crate::tui::theme::Tone;
use crate::tui::width::{fit, fit_right, wrap};
use crate::tui::words;
use ratatui::layout::Rect;

/// The line above the list: its name where the header does not have it, filter, marks, changes.
pub fn rule(model: &Model, pen: &mut Pen<'_>, regions: &Regions) {
    pen.rule(regions.rule);
    let mut left = Vec::new();
    if !has_tab(model, &model.place) {
        let (label, count) = heading(model, &model.place);
        left.push((format!("─ {label} {count} "), Tone::Head));
    }
    if let Place::Rows(_, query) = &model.place
        && !query.is_empty()
    {
        left.push((format!("─ filter: {query} · esc shows all "), Tone::Warn));
    }
    pen.line(regions.rule, &left);
    let mut right = Vec::new();
    if model.board.fence_more {
        right.push((" more emergencies · 0 ".to_owned(), Tone::Emergency));
    }
    if model.board.looked > 0 && !model.board.rows.is_empty() {
        right.push((format!(" {} ", words::looking(model.board.looked)), Tone::Dim));
    }
    let marks = model.board.marks.len();
    if marks > 0 {
        right.push((format!(" {marks} marked · esc clears "), Tone::Warn));
    }
    if model.board.changed > 0 {
        right.push((format!(" {} changed · g ", model.board.changed), Tone::Key));
    }
    if !right.is_empty() {
        right.push(("─".into(), Tone::Rule));
    }
    pen.right(regions.rule, &right);
}

/// Draws the rows.
pub fn draw(model: &Model, pen: &mut Pen<'_>, regions: &Regions) {
    let columns = shown(model, usize::from(regions.heads.width));
    let heads: Vec<String> = columns.iter().map(|column| placed(column.head, column)).collect();
    pen.line(regions.heads, &[(format!("  {}", heads.join(" ")), Tone::Dim)]);
    if is_new(model) {
        welcome(model, pen, regions);
        return;
    }
    if model.board.rows.is_empty() {
        let width = usize::from(regions.rows.width).saturating_sub(2);
        for (index, line) in wrap(&empty(model), width).into_iter().enumerate() {
            pen.line(nth(regions.rows, index), &[(format!("  {line}"), Tone::Dim)]);
        }
        return;
    }
    let shown = model
        .board
        .rows
        .iter()
        .skip(model.board.top)
        .take(usize::from(regions.rows.height));
    for (index, row) in shown.enumerate() {
        draw_row(model, pen, nth(regions.rows, index), row, &columns);
    }
}

/// Whether nothing has ever come in: the first start.
fn is_new(model: &Model) -> bool {
    let counts = &model.counts;
    !model.board.loading && counts.open + counts.ended + counts.intake == 0
}

/// What an empty desk says: how the first referral gets here, and how to see the program at work.
fn welcome(model: &Model, pen: &mut Pen<'_>, regions: &Regions) {
    let inbox = crate::domain::text::line(&model.settings.inbox.display().to_string());
    let lines = [
        (
            "The desk is empty: no referral has come in yet.".to_owned(),
            Tone::Text,
        ),
        (String::new(), Tone::Text),
        ("N  writes down a referral by hand".to_owned(), Tone::Key),
        (
            "Letters, e-mails and PDFs that are dropped into this folder are read:".to_owned(),
            Tone::Text,
        ),
        (inbox, Tone::Key),
        (String::new(), Tone::Text),
        (
            "To see it at work first: q, then `refdesk demo` (invented patients).".to_owned(),
            Tone::Dim,
        ),
    ];
    for (index, (line, tone)) in lines.into_iter().enumerate() {
        pen.line(
            nth(regions.rows, index + 1),
            &[("  ".into(), Tone::Text), (line, tone)],
        );
    }
}

fn empty(model: &Model) -> String {
    if model.board.loading {
        return "reading…".into();
    }
    let counts = &model.counts;
    if counts.open + counts.ended + counts.intake == 0 {
        return "No referral yet: N makes one by hand, files dropped into the inbox are read, `refdesk demo` shows a clinic.".into();
    }
    if model.board.looked > 0 {
        return words::looking(model.board.looked);
    }
    match &model.place {
        Place::Rows(_, query) if !query.is_empty() => "Nothing matches the filter.".into(),
        Place::Rows(Shelf::List(List::Emergency), _) => "No further emergency.".into(),
        Place::Rows(..) | Place::Intake => match counts.intake {
            0 => "Nothing here: all done.".into(),
            1 => "Nothing here. A document waits in Intake: I goes there.".into(),
            many => format!("Nothing here. {many} documents wait in Intake: I goes there."),
        },
    }
}

/// The columns that fit a width.
fn shown(model: &Model, width: usize) -> Vec<Shown> {
    let screen = &model.settings.screen;
    let id = id_width(model.board.rows.iter().map(|row| &row.queue.id));
    let wanted = screen.columns_of(Some(model.place.tab()));
    fitting(wanted, &screen.more_columns, id, width)
}

fn placed(text: &str, column: &Shown) -> String {
    if column.right {
        fit_right(text, column.width)
    } else {
        fit(text, column.width)
    }
}

fn draw_row(model: &Model, pen: &mut Pen<'_>, area: Rect, row: &Row, columns: &[Shown]) {
    let here = model.board.cursor == Some(row.queue.id);
    let marked = model.board.marks.contains_key(&row.queue.id);
    let sign = match (marked, row.sign) {
        (true, _) => "*",
        (false, Sign::None) => " ",
        (false, Sign::Busy) => "…",
        (false, Sign::Changed) => "•",
        (false, Sign::Left) => "→",
    };
    let tone = |other| if here { Tone::Cursor } else { other };
    if here {
        pen.tint(area, Tone::Cursor);
    }
    let cursor = match (here, model.pane) {
        (true, Pane::List) => HERE,
        (true, Pane::Detail) => "▹",
        (false, _) => " ",
    };
    let mut spans = vec![(format!("{cursor}{sign}"), tone(Tone::Key))];
    for (index, column) in columns.iter().enumerate() {
        let (text, own) = value(model, row, column.column);
        let gap = if index == 0 { "" } else { " " };
        spans.push((format!("{gap}{}", placed(&text, column)), tone(own)));
    }
    pen.line(area, &spans);
}
