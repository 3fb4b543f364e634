//! The help, generated from the action table, and the notices so far.

use super::pen::{Pen, nth};
use super::popup;
use crate::tui::action::{Group, TABLE};
use crate::tui::keymap::Keymap;
use crate::tui::model::Model;
use crate::tui::notice::Kind;
use crate::tui::theme::Tone;
use crate::tui::width::{fit, wrap};
use crate::tui::words;

type Line = Vec<(String, Tone)>;

/// The lines of the help: every action of the table.
pub fn help_lines(keymap: &Keymap) -> Vec<Line> {
    let mut out = Vec::new();
    for group in Group::ALL {
        out.push(vec![(group.label().to_owned(), Tone::Head)]);
        for entry in TABLE.iter().filter(|entry| entry.group == group) {
            out.push(vec![
                (format!("  {} ", fit(&keymap.keys(entry.action), 20)), Tone::Key),
                (entry.title.to_owned(), Tone::Text),
            ]);
        }
        out.push(Vec::new());
    }
    out
}

fn scrolled(model: &Model, title: &str, lines: &[Line], top: usize, pen: &mut Pen<'_>) {
    let inner = pen.frame(popup::area(model, 84, usize::from(model.size.1)), title);
    let room = usize::from(inner.height).saturating_sub(2);
    let top = top.min(lines.len().saturating_sub(room));
    for (index, line) in lines.iter().skip(top).take(room).enumerate() {
        pen.line(nth(inner, index), line);
    }
    let below = lines.len().saturating_sub(top + room);
    let more = match below {
        0 => String::new(),
        1 => " · 1 line below".to_owned(),
        many => format!(" · {many} lines below"),
    };
    let hint = format!("j k scroll{more} · any other key leaves");
    pen.line(
        nth(inner, usize::from(inner.height).saturating_sub(1)),
        &[(hint, Tone::Dim)],
    );
}

/// Draws the help.
pub fn help(model: &Model, top: usize, pen: &mut Pen<'_>) {
    scrolled(model, "Help", &help_lines(&model.settings.keymap), top, pen);
}

/// Draws the notices.
pub fn notices(model: &Model, top: usize, pen: &mut Pen<'_>) {
    let room = usize::from(popup::area(model, 84, 1).width.saturating_sub(4));
    let mut lines: Vec<Line> = Vec::new();
    for notice in model.notices.history() {
        let (sign, tone) = match notice.kind {
            Kind::Done => ("✓", Tone::Text),
            Kind::Trouble => ("!", Tone::Alarm),
        };
        let at = words::moment(notice.at, model.now, model.settings.zone());
        let text = wrap(&format!("{sign} {at}  {}", notice.text), room);
        lines.extend(text.into_iter().map(|line| vec![(line, tone)]));
    }
    if lines.is_empty() {
        lines.push(vec![("Nothing was said yet.".to_owned(), Tone::Dim)]);
    }
    scrolled(model, "Notices, the latest first", &lines, top, pen);
}
