//! What must hold within `[screen]`.
//!
//! Owns the checks of lists, columns and names, each naming its keys. Must not know actions: the terminal checks those.

use super::check::Note;
use super::schema::Settings;
use super::screen::Column;
use crate::domain::query::Query;
use crate::domain::text;
use std::collections::BTreeSet;
use std::fmt::Debug;

/// A name in the header or on the path is no longer: it would push the others out.
const NAME_MAX: usize = 24;

/// Checks it.
pub(super) fn check(settings: &Settings, note: &mut Note<'_>) {
    let screen = &settings.screen;
    once("screen.lists", &screen.lists, note);
    once("screen.sections", &screen.sections, note);
    once("screen.actions", &screen.actions, note);
    let further = screen
        .list_columns
        .iter()
        .map(|(tab, columns)| (format!("screen.list_columns.{}", code(tab)), columns));
    for (key, columns) in std::iter::once(("screen.columns".to_owned(), &screen.columns)).chain(further) {
        once(&key, columns, note);
        if !columns.contains(&Column::Patient) && !columns.contains(&Column::Referral) {
            note(
                &[key],
                "shows neither `patient` nor `referral`".into(),
                "a row that does not say whom it is about is of no use: name one of them",
            );
        }
    }
    once("screen.more_columns", &screen.more_columns, note);
    if screen.lists.is_empty() {
        note(
            &["screen.lists".into()],
            "names no list".into(),
            "name at least one, or take the line out",
        );
    }
    if !(20..=80).contains(&screen.share) {
        note(
            &["screen.share".into()],
            format!("{} is not between 20 and 80", screen.share),
            "54 gives the list a little more than half",
        );
    }
    let lists = screen
        .list_names
        .iter()
        .map(|(tab, name)| (format!("screen.list_names.{}", code(tab)), name));
    let statuses = screen
        .status_names
        .iter()
        .map(|(status, name)| (format!("screen.status_names.{}", status.code()), name));
    for (key, name) in lists.chain(statuses) {
        if name.trim().is_empty() || text::line(name) != *name {
            note(&[key], "is not a name on one line".into(), "write a word or two");
        } else if name.chars().count() > NAME_MAX {
            note(
                &[key],
                format!("is longer than {NAME_MAX} characters"),
                "shorten it",
            );
        }
    }
    for (name, query) in &settings.desk.views {
        let key = [format!("desk.views.{name}")];
        if query.trim().is_empty() || text::line(query) != *query {
            note(
                &key,
                "is not a query on one line".into(),
                "write it as in the find line",
            );
        } else if let Err(error) = Query::parse(query) {
            note(&key, error.to_string(), "write it as in the filter line (f)");
        }
    }
}

fn once<T: Ord + Debug + serde::Serialize>(key: &str, values: &[T], note: &mut Note<'_>) {
    let mut seen = BTreeSet::new();
    for (place, value) in values.iter().enumerate() {
        if !seen.insert(value) {
            note(
                &[format!("{key}[{place}]")],
                format!("`{}` is there twice", code(value)),
                "take one out",
            );
        }
    }
}

/// A value as it stands in the file.
fn code<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(code)) => text::line(&code),
        Ok(_) | Err(_) => String::new(),
    }
}
