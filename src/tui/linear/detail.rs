//! What is said of the detail: a section where one begins, else a line.

use super::{Saying, Slot};
use crate::tui::action::Action;
use crate::tui::detail::lines;
use crate::tui::model::{Model, Place};

/// The part at which the detail stands.
pub fn part(model: &Model) -> Option<Saying> {
    let lines = lines(model);
    let intake = model.place == Place::Intake;
    let at = if intake { model.intake.scroll } else { model.scroll };
    let at = at.min(lines.len().saturating_sub(1));
    let first = lines.get(at)?;
    let mut text = vec![read(&first.whole())];
    if first.heading || at == 0 {
        let rest = lines.iter().skip(at + 1).take_while(|line| !line.heading);
        text.extend(rest.map(|line| read(&line.whole())));
    }
    text.retain(|line| !line.is_empty());
    let keymap = &model.settings.keymap;
    let more = lines.iter().skip(at + 1).filter(|line| line.heading).count();
    if at == 0 && more > 0 {
        text.push(format!(
            "{more} more sections: {} next, {} line by line, {} back to the list",
            keymap.key(Action::NextList),
            keymap.key(Action::Down),
            keymap.key(Action::Back),
        ));
    }
    let who = match model.place {
        Place::Rows(..) => model.board.cursor.map(|id| id.to_string()),
        Place::Intake => model.intake.cursor.map(|id| id.to_string()),
    };
    let text = text.join("\n");
    let key = format!("{} {at} {text}", who.unwrap_or_default());
    Some(Saying::keyed(Slot::Detail, key, text))
}

/// A line without what only a screen of cells needs: columns of blanks, signs of a path.
fn read(line: &str) -> String {
    let line = line
        .replace("──", " ")
        .replace('●', "(done)")
        .replace('○', "(open)");
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}
