//! The rows of a list, their headings and the line above them.

use super::pen::{Pen, nth};
use crate::domain::lists::List;
use crate::store::board::Shelf;
use crate::tui::board::{Row, Sign};
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
    if !has_tab(&model.place) {
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

/// Widths of the columns that are not fixed.
#[derive(Clone, Copy)]
struct Columns {
    id: usize,
    name: usize,
    service: usize,
}

fn widths(model: &Model, width: u16) -> Columns {
    let shown = model.board.rows.iter().map(|row| row.queue.id.to_string().len());
    let id = shown.max().unwrap_or(0).max("R-10000-X".len());
    let free = usize::from(width).saturating_sub(id + 25);
    // Where both would be torn, the name is worth more.
    let service = if free < 20 { 0 } else { (free * 2 / 5).min(30) };
    Columns {
        id,
        name: free - service,
        service,
    }
}

/// Draws the rows.
pub fn draw(model: &Model, pen: &mut Pen<'_>, regions: &Regions) {
    let columns = widths(model, regions.heads.width);
    let heads = format!(
        "  {} {:<8} {} {} {} ",
        fit_right("score", 5),
        "due",
        fit("referral", columns.id),
        fit("patient", columns.name),
        fit("service", columns.service)
    );
    pen.line(regions.heads, &[(heads, Tone::Dim)]);
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
        draw_row(model, pen, nth(regions.rows, index), row, columns);
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

fn draw_row(model: &Model, pen: &mut Pen<'_>, area: Rect, row: &Row, columns: Columns) {
    let queue = &row.queue;
    let here = model.board.cursor == Some(queue.id);
    let marked = model.board.marks.contains_key(&queue.id);
    let sign = match (marked, row.sign) {
        (true, _) => "*",
        (false, Sign::None) => " ",
        (false, Sign::Busy) => "…",
        (false, Sign::Changed) => "•",
        (false, Sign::Left) => "→",
    };
    let over = queue.due_at.is_some_and(|due| due < model.now);
    let due = words::due(queue.due_at, model.now, model.settings.zone());
    let score = queue
        .score
        .map_or_else(|| "–".to_owned(), |score| score.to_string());
    let tone = |other| if here { Tone::Cursor } else { other };
    let due_tone = tone(if over { Tone::Alarm } else { Tone::Text });
    let state = if row.sign == Sign::Left {
        queue.status.label().to_owned()
    } else {
        queue.service.clone()
    };
    let plain = tone(if row.sign == Sign::Left {
        Tone::Dim
    } else {
        Tone::Text
    });
    if here {
        pen.tint(area, Tone::Cursor);
    }
    let cursor = match (here, model.pane) {
        (true, Pane::List) => "▸",
        (true, Pane::Detail) => "▹",
        (false, _) => " ",
    };
    let spans = [
        (format!("{cursor}{sign}"), tone(Tone::Key)),
        (format!("{} ", fit_right(&score, 5)), plain),
        (format!("{} ", fit(&due, 8)), due_tone),
        (format!("{} ", fit(&queue.id.to_string(), columns.id)), plain),
        (format!("{} ", fit(&queue.patient, columns.name)), plain),
        (format!("{} ", fit(&state, columns.service)), plain),
        (queue.priority.mark().to_owned(), tone(Tone::Warn)),
    ];
    pen.line(area, &spans);
}
