//! The outbox: messages in rows, the text of the one chosen below, and what may become of it.

use super::pen::{Pen, nth};
use super::popup;
use crate::domain::message::{Message, MessageState};
use crate::store::due::Part;
use crate::tui::model::Model;
use crate::tui::outbox::{Outbox, can_edit, fates};
use crate::tui::spot::Spot;
use crate::tui::theme::Tone;
use crate::tui::width::{fit, wrap};
use crate::tui::words;
use ratatui::layout::Rect;

/// Columns of when, and of what it is; where there is room.
const WHEN: usize = 14;
const KIND: usize = 28;
const KIND_NARROW: usize = 19;
/// From this width on there is room.
const WIDE: u16 = 90;

/// Draws it over the screen.
pub fn draw(model: &Model, outbox: &Outbox, pen: &mut Pen<'_>) {
    let inner = pen.frame(popup::area(model, 110, usize::from(model.size.1)), "Outbox");
    parts(outbox, nth(inner, 0), pen);
    let inner = held(model, inner, pen);
    let free = usize::from(inner.height).saturating_sub(4);
    // The list has what it needs, up to half; the text has the rest.
    let room = outbox.rows.len().clamp(1, (free / 2).max(1));
    rows(model, outbox, inner, room, pen);
    if let Some(message) = outbox.current() {
        text(message, outbox.scroll, inner, room + 2, pen);
    }
    let foot = nth(inner, usize::from(inner.height).saturating_sub(1));
    pen.line(foot, &[(keys(outbox.current()), Tone::Dim)]);
}

/// Why nothing leaves, where it is so; the room below it.
fn held(model: &Model, inner: Rect, pen: &mut Pen<'_>) -> Rect {
    let Some(reason) = &model.held else { return inner };
    let said = format!("Nothing leaves: {reason}. `refdesk outbox resume` lets it leave.");
    let lines = wrap(&said, usize::from(inner.width));
    let rows = u16::try_from(lines.len()).unwrap_or(0).min(inner.height / 4);
    for (index, line) in lines.into_iter().take(usize::from(rows)).enumerate() {
        pen.line(nth(inner, index + 1), &[(line, Tone::Alarm)]);
    }
    Rect {
        y: inner.y + rows,
        height: inner.height - rows,
        ..inner
    }
}

fn parts(outbox: &Outbox, area: Rect, pen: &mut Pen<'_>) {
    let mut spans = Vec::new();
    for part in Part::ALL {
        let here = part == outbox.part;
        let label = if here {
            format!("[{}] ", part.label())
        } else {
            format!(" {}  ", part.label())
        };
        spans.push((label, if here { Tone::Head } else { Tone::Dim }));
    }
    pen.line(area, &spans);
}

fn rows(model: &Model, outbox: &Outbox, inner: Rect, room: usize, pen: &mut Pen<'_>) {
    let zone = model.settings.zone();
    let at = outbox.position().unwrap_or(0);
    let top = (at + 1).saturating_sub(room);
    let kind = if inner.width < WIDE { KIND_NARROW } else { KIND };
    for (index, message) in outbox.rows.iter().enumerate().skip(top).take(room) {
        let here = index == at;
        let area = nth(inner, 1 + index - top);
        pen.spot(area, Spot::Line(index));
        let tone = match (here, message.state) {
            (true, _) => Tone::Cursor,
            (false, MessageState::Failed | MessageState::Uncertain) => Tone::Warn,
            (false, MessageState::Cancelled) => Tone::Dim,
            (
                false,
                MessageState::Queued
                | MessageState::Sending
                | MessageState::HandedOver
                | MessageState::Delivered
                | MessageState::Acknowledged
                | MessageState::Held,
            ) => Tone::Text,
        };
        if here {
            pen.tint(area, Tone::Cursor);
        }
        let line = format!(
            "{} {:<12} {} {:<6} {} {:<10} {}",
            if here { "▸" } else { " " },
            message.state.code(),
            fit(
                &words::moment(message.sent_at.unwrap_or(message.not_before), model.now, zone),
                WHEN
            ),
            message.channel.code(),
            fit(message.kind.code(), kind),
            message.referral.to_string(),
            message.recipient
        );
        pen.line(area, &[(line, tone)]);
    }
    if outbox.rows.is_empty() {
        let said = match (outbox.waiting, outbox.part) {
            (true, _) => "…",
            (false, Part::Undecided) => {
                "No message needs anybody: none failed, none may have left unseen, none waits to be read."
            }
            (false, Part::Queued | Part::Left | Part::All) => "No message stands here.",
        };
        pen.line(nth(inner, 1), &[(said, Tone::Dim)]);
    }
}

/// To whom, why it stands where it does, and what it says.
fn text(message: &Message, scroll: usize, inner: Rect, from: usize, pen: &mut Pen<'_>) {
    let width = usize::from(inner.width);
    let to = format!("{} to {} <{}>", message.id, message.recipient, message.address);
    let mut lines: Vec<(String, Tone)> = wrap(&to, width)
        .into_iter()
        .map(|line| (line, Tone::Head))
        .collect();
    if let Some(detail) = &message.detail {
        lines.extend(wrap(detail, width).into_iter().map(|line| (line, Tone::Warn)));
    }
    if !message.subject.is_empty() {
        lines.extend(
            wrap(&message.subject, width)
                .into_iter()
                .map(|line| (line, Tone::Text)),
        );
    }
    lines.push((String::new(), Tone::Text));
    for line in message.body.lines() {
        lines.extend(wrap(line, width).into_iter().map(|line| (line, Tone::Text)));
    }
    let room = usize::from(inner.height).saturating_sub(from + 1);
    let top = scroll.min(lines.len().saturating_sub(room));
    for (index, span) in lines.iter().skip(top).take(room).enumerate() {
        pen.line(nth(inner, from + index), std::slice::from_ref(span));
    }
}

/// The keys that do something to the message chosen.
fn keys(message: Option<&Message>) -> String {
    let mut all = Vec::new();
    if let Some(message) = message {
        all.extend(fates(message).map(|(key, to, what)| {
            let again = to == MessageState::Queued
                && matches!(message.state, MessageState::Failed | MessageState::Uncertain);
            format!("{key} {what}{}", if again { " again" } else { "" })
        }));
        if can_edit(message) {
            all.push("e change".to_owned());
        }
        all.push("enter referral".to_owned());
    }
    all.push("tab part".to_owned());
    all.push("esc".to_owned());
    all.join(" · ")
}
