//! The history: what was done, when, by whom or which rule, and whether it can be taken back.

use super::pen::{Pen, nth};
use super::popup;
use crate::store::deeds::{Deed, Of};
use crate::tui::history::History;
use crate::tui::model::Model;
use crate::tui::spot::Spot;
use crate::tui::theme::Tone;
use crate::tui::width::fit;
use crate::tui::words;

/// Columns of who did it.
const WHO: usize = 16;
/// Columns of when.
const WHEN: usize = 17;

/// Who, or what stands behind it.
fn who(deed: &Deed) -> String {
    match deed.cause.as_str() {
        "key" | "demo" => deed.actor.clone(),
        "clock" => "a rule".to_owned(),
        cause => format!("{} ({cause})", deed.actor),
    }
}

/// What, in a line.
fn what(deed: &Deed) -> String {
    let command = deed.command.replace('-', " ");
    let changed = deed.changed.join(" · ");
    let said = match (deed.command.as_str(), changed.is_empty()) {
        // The rule is its name.
        ("fire-timer", false) => changed,
        (_, true) => command,
        (_, false) => format!("{command}: {changed}"),
    };
    match (deed.undone_by, deed.undo_of) {
        (Some(by), _) => format!("↩ taken back by {by} · {said}"),
        (None, Some(of)) => format!("{said} · took back {of}"),
        (None, None) => said,
    }
}

/// Draws it over the screen.
pub fn draw(model: &Model, history: &History, pen: &mut Pen<'_>) {
    let title = match &history.of {
        Of::Person(name) => format!("What {name} did"),
        Of::Referral(id) => format!("What was done with {id}"),
        Of::All => "What was done".to_owned(),
    };
    let inner = pen.frame(popup::area(model, 110, usize::from(model.size.1)), &title);
    let zone = model.settings.zone();
    let room = usize::from(inner.height).saturating_sub(3);
    let top = (history.at + 1).saturating_sub(room);
    for (index, deed) in history.deeds.iter().enumerate().skip(top).take(room) {
        let here = index == history.at;
        let area = nth(inner, index - top);
        pen.spot(area, Spot::Line(index));
        let tone = match (here, deed.undone_by.is_some()) {
            (true, _) => Tone::Cursor,
            (false, true) => Tone::Dim,
            (false, false) => Tone::Text,
        };
        if here {
            pen.tint(area, Tone::Cursor);
        }
        let referral = deed.referral.map(|id| id.to_string()).unwrap_or_default();
        let line = format!(
            "{} {:>5} {} {} {referral:<10} {}",
            if here { "▸" } else { " " },
            deed.action,
            fit(&words::moment(deed.at, model.now, zone), WHEN),
            fit(&who(deed), WHO),
            what(deed)
        );
        pen.line(area, &[(line, tone)]);
    }
    if history.deeds.is_empty() {
        let said = if history.waiting {
            "…"
        } else {
            "Nothing was done yet."
        };
        pen.line(nth(inner, 0), &[(said, Tone::Dim)]);
    }
    let foot = usize::from(inner.height);
    pen.line(nth(inner, foot.saturating_sub(2)), &[verdict(history)]);
    let keys = "enter undoes or redoes it · tab mine, the referral's, all · esc leaves";
    pen.line(nth(inner, foot.saturating_sub(1)), &[(keys, Tone::Dim)]);
}

/// Whether the step chosen can be taken back, and by what.
fn verdict(history: &History) -> (String, Tone) {
    let Some(deed) = history.current() else {
        return (String::new(), Tone::Dim);
    };
    let known = history
        .verdict
        .as_ref()
        .filter(|(action, _)| *action == deed.action);
    match (known, deed.undone_by) {
        (None, _) => ("…".to_owned(), Tone::Dim),
        (Some((_, Err(why))), _) => (format!("not now: {why}"), Tone::Warn),
        (Some((_, Ok(()))), Some(by)) => (
            format!("taken back by step {by}: enter does it again"),
            Tone::Good,
        ),
        (Some((_, Ok(()))), None) => ("can be taken back".to_owned(), Tone::Good),
    }
}
