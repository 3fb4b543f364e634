//! What is said of the list: the answer to a key, emergencies, the list itself, its row.

use super::{Saying, Slot};
use crate::config::screen::Column;
use crate::domain::priority::Priority;
use crate::domain::time::{day_in, show_clock};
use crate::tui::action::Action;
use crate::tui::board::{Row, Sign};
use crate::tui::columns::value;
use crate::tui::keymap::Meaning;
use crate::tui::layout::heading;
use crate::tui::model::{Model, Place};
use crate::tui::notice::Kind;
use crate::tui::words;

/// The last notice, while it stands.
pub fn notice(model: &Model) -> Option<Saying> {
    let notice = model.notices.current()?;
    let sign = match notice.kind {
        Kind::Done => "done",
        Kind::Trouble => "attention",
    };
    let key = format!("{} {}", notice.at, notice.text);
    Some(Saying::keyed(
        Slot::Notice,
        key,
        format!("{sign}: {}", notice.text),
    ))
}

/// Emergencies that nobody has called yet.
pub fn alarm(model: &Model) -> Option<Saying> {
    let waits: Vec<&Row> = model
        .board
        .fence
        .iter()
        .filter(|row| row.queue.acknowledged_at.is_none())
        .collect();
    let first = waits.first()?;
    let due = words::due(first.queue.due_at, model.now, model.settings.zone());
    let key = model.settings.keymap.key(Action::GoFence);
    let ids: Vec<String> = waits.iter().map(|row| row.queue.id.to_string()).collect();
    let text = match waits.len() {
        1 => format!("EMERGENCY: {}, call {due}; {key} goes there", first.queue.patient),
        many => format!(
            "{many} EMERGENCIES, the first {}, call {due}; {key} goes there",
            first.queue.patient
        ),
    };
    Some(Saying::keyed(Slot::Alarm, ids.join(" "), text))
}

/// The list, its count, filter and marks, and the conservation line.
pub fn place(model: &Model) -> Saying {
    let (name, count) = heading(model, &model.place);
    let mut text = format!("{name}: {count}");
    if let Place::Rows(_, query) = &model.place
        && !query.is_empty()
    {
        text.push_str(&format!(", filter {query}"));
    }
    if let Some(past) = model.past {
        let at = words::moment(past, model.clock, model.settings.zone());
        text.push_str(&format!(", as of {at}, to read alone"));
    }
    if !model.board.marks.is_empty() {
        text.push_str(&format!(", {} marked", model.board.marks.len()));
    }
    let (open, listed) = (model.counts.open, model.counts.in_lists());
    if open == listed {
        text.push_str(&format!("; open {open} = {listed} in lists"));
    } else {
        text.push_str(&format!(
            "; ATTENTION: open {open} is not {listed} in lists, run refdesk check"
        ));
    }
    if let Some(reason) = &model.held {
        text.push_str(&format!("; ATTENTION: nothing leaves the clinic: {reason}"));
    }
    Saying::new(Slot::Place, text)
}

/// What neighbours changed.
pub fn changed(model: &Model) -> Option<Saying> {
    let count = model.board.changed;
    let key = model.settings.keymap.key(Action::Changes);
    (count > 0).then(|| {
        Saying::new(
            Slot::Changed,
            format!("{count} changed by others; {key} shows them"),
        )
    })
}

/// How far a look for what the filter matches is, each time that it has gone twice as far: a longer wait is not talked through.
pub fn looking(model: &Model) -> Option<Saying> {
    let through = model.board.looked;
    let doublings = through.checked_ilog2()?;
    Some(Saying::keyed(
        Slot::Looking,
        doublings.to_string(),
        words::looking(through),
    ))
}

/// The row under the cursor.
pub fn row(model: &Model) -> Option<Saying> {
    let Some(row) = model.board.current() else {
        // Whether there is none is not known before the look has ended.
        if model.board.looked > 0 {
            return None;
        }
        let text = if model.board.loading {
            "reading"
        } else {
            "no referral here"
        };
        return Some(Saying::new(Slot::Row, text));
    };
    let id = row.queue.id;
    let marked = model.board.marks.contains_key(&id);
    let key = format!(
        "{id} {} {:?} {marked} {:?}",
        row.queue.version, row.sign, model.place
    );
    let mut parts: Vec<String> = Vec::new();
    match row.sign {
        Sign::None => {}
        Sign::Busy => parts.push("working".into()),
        Sign::Changed => parts.push("changed".into()),
        Sign::Left => parts.push("left this list".into()),
    }
    if marked {
        parts.push("marked".into());
    }
    if model.board.position().is_none() {
        parts.push(emergency(model, row));
    } else {
        parts.extend(columns(model, row));
        parts.extend(ordinal(model));
    }
    Some(Saying::keyed(Slot::Row, key, parts.join(", ")))
}

/// Which row of how many, where the list is held from its start.
fn ordinal(model: &Model) -> Option<String> {
    let at = model.board.position().filter(|_| model.board.at_start)?;
    let end = if model.board.at_end {
        format!(" of {}", model.board.rows.len())
    } else {
        String::new()
    };
    Some(format!("row {}{end}", at + 1))
}

fn columns(model: &Model, row: &Row) -> Vec<String> {
    let screen = &model.settings.screen;
    let wanted = screen.columns_of(Some(model.place.tab()));
    let more = screen
        .more_columns
        .iter()
        .filter(|column| !wanted.contains(column));
    let mut columns: Vec<Column> = wanted.iter().chain(more).copied().collect();
    // Whom it is about comes first, whatever stands first on a screen.
    columns.sort_by_key(|column| *column != Column::Patient);
    let said = columns.into_iter().map(|column| said(model, row, column));
    said.filter(|text| !text.is_empty()).collect()
}

/// A column in words.
fn said(model: &Model, row: &Row, column: Column) -> String {
    let text = value(model, row, column).0;
    if text.is_empty() || text == "–" {
        return String::new();
    }
    match column {
        Column::Priority if row.queue.priority == Priority::Routine => String::new(),
        Column::Priority => row.queue.priority.code().to_owned(),
        Column::Due => format!("due {text}"),
        Column::Score => format!("score {text}"),
        Column::Dob => format!("born {text}"),
        Column::Owner => format!("with {text}"),
        Column::Phone => format!("phone {text}"),
        Column::Source => format!("by {text}"),
        Column::Received => format!("received {text}"),
        Column::Waiting => format!("waiting {text}"),
        Column::Next => format!("next {text}"),
        Column::Missing => format!("missing {text}"),
        Column::Since => format!("{text} in this status"),
        Column::From => format!("from {text}"),
        Column::Calls => format!("{text} calls"),
        Column::Referral
        | Column::Patient
        | Column::Age
        | Column::Service
        | Column::Specialty
        | Column::Payer
        | Column::Site
        | Column::Status => text,
    }
}

fn emergency(model: &Model, row: &Row) -> String {
    let (now, zone) = (model.now, model.settings.zone());
    let queue = &row.queue;
    let who = words::sex_age(queue.sex, queue.dob, day_in(zone, now));
    let state = match (queue.acknowledged_at, queue.due_at) {
        (Some(at), _) => {
            let next = queue.next_action.map_or("", |action| action.label());
            format!("called {}, {next}", show_clock(zone, at))
        }
        (None, due) => {
            let key = model.settings.keymap.key(Action::Call);
            format!("call {}, {key} records it", words::due(due, now, zone))
        }
    };
    format!(
        "EMERGENCY, {}, {}, {who}, {}, {state}",
        queue.id, queue.patient, queue.specialty
    )
}

/// The document under the cursor of Intake.
pub fn document(model: &Model) -> Option<Saying> {
    let Some(row) = model.intake.current() else {
        return Some(Saying::new(Slot::Row, "no document waits for a person"));
    };
    let waits = words::brief(model.now - row.received_at);
    let text = format!("{}, {}, waits {waits} because {}", row.name, row.kind, row.reason);
    Some(Saying::keyed(Slot::Row, row.id.to_string(), text))
}

/// What the keys pressed so far lead to.
pub fn pending(model: &Model) -> Option<Saying> {
    let Meaning::Begun(next) = model.settings.keymap.resolve(&model.pending, model.scope()) else {
        return None;
    };
    if model.pending.is_empty() {
        return None;
    }
    let pressed: Vec<String> = model.pending.iter().map(ToString::to_string).collect();
    let next: Vec<String> = next.iter().map(|(key, title)| format!("{key} {title}")).collect();
    let text = format!("{} and then: {}", pressed.join(" "), next.join("; "));
    Some(Saying::new(Slot::Pending, text))
}
