//! The emergency fence: on top of every list, without a score.

use super::pen::{Pen, nth};
use crate::domain::lists::List;
use crate::domain::time::{day_in, show_clock};
use crate::tui::board::{Row, Sign};
use crate::tui::model::Model;
use crate::tui::theme::Tone;
use crate::tui::words;
use ratatui::layout::Rect;

/// Below this width the name is worth more than words beside a key.
const NARROW: u16 = 76;

/// Draws it.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let count = model.counts.of(List::Emergency);
    for (index, row) in model.board.fence.iter().enumerate() {
        let line = nth(area, index);
        pen.tint(line, Tone::Emergency);
        let head = if index == 0 {
            format!("EMERGENCY {count:<3}")
        } else {
            format!("{:13}", "EMERGENCY")
        };
        let here = model.board.cursor == Some(row.queue.id);
        let marked = model.board.marks.contains_key(&row.queue.id);
        let sign = match (marked, row.sign) {
            (true, _) => "*",
            (false, Sign::Busy) => "…",
            (false, Sign::Changed) => "•",
            (false, Sign::None | Sign::Left) => " ",
        };
        let lead = format!("{}{sign}{head} ", if here { "▸" } else { " " });
        let (tail, todo) = state(model, row, here);
        let queue = &row.queue;
        let who = words::sex_age(queue.sex, queue.dob, day_in(model.settings.zone(), model.now));
        let body = format!(
            "{}  {}  {who}  {}  {tail}",
            queue.id, queue.patient, queue.specialty
        );
        let right = pen.right(line, &[(format!(" {todo} "), Tone::Emergency)]);
        let room = Rect {
            width: line.width.saturating_sub(u16::try_from(right).unwrap_or(0)),
            ..line
        };
        let tone = if here { Tone::Cursor } else { Tone::Emergency };
        if here {
            pen.tint(room, Tone::Cursor);
        }
        pen.line(room, &[(lead, tone), (body, tone)]);
    }
}

/// Where it stands, and what is to be done now.
fn state(model: &Model, row: &Row, here: bool) -> (String, String) {
    let zone = model.settings.zone();
    let queue = &row.queue;
    let received = words::moment(queue.received_at, model.now, zone).replace("today ", "");
    match queue.acknowledged_at {
        Some(at) => {
            let next = queue.next_action.map_or("", |action| action.label());
            (
                format!("called {} · {next}", show_clock(zone, at)),
                words::due(queue.due_at, model.now, zone),
            )
        }
        None => {
            // The key falls on the row under the cursor: it is named only where it means this one.
            let key = match (here, model.size.0 < NARROW) {
                (true, false) => "[c] call now",
                (true, true) => "[c] call",
                (false, false) => "[!] go there",
                (false, true) => "[!]",
            };
            let over = queue.due_at.filter(|due| *due < model.now);
            let todo = match (over, queue.due_at) {
                (Some(due), _) => format!("call {} over {key}", words::brief(model.now - due)),
                (None, Some(due)) => format!("call due {} {key}", show_clock(zone, due)),
                (None, None) => key.into(),
            };
            (format!("received {received}"), todo)
        }
    }
}
