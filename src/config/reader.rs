//! TOML read into a type, with every problem at once and each on its line.
//!
//! Owns the way around serde's stopping at the first error: an entry that cannot be read is struck out, and reading starts
//! again without it. Must not know what the type means.

use super::problem::Problem;
use crate::domain::text;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// No configuration is longer; a larger file is not one.
const SIZE_MAX: u64 = 1 << 20;

/// The text of a file.
///
/// # Errors
/// A problem that says why it cannot be read.
pub fn text_of(file: &Path) -> Result<String, Problem> {
    let problem = |reason: String, fix: &str| Problem {
        file: file.to_owned(),
        line: None,
        key: String::new(),
        reason,
        fix: fix.to_owned(),
    };
    let size = std::fs::metadata(file)
        .map_err(|error| {
            let fix = "check the path, and that you may read it";
            problem(format!("cannot be read: {error}"), fix)
        })?
        .len();
    if size > SIZE_MAX {
        return Err(problem(
            "is larger than 1 MiB".to_owned(),
            "name a configuration file",
        ));
    }
    std::fs::read_to_string(file).map_err(|error| {
        let fix = "save it as UTF-8 text, and check that you may read it";
        problem(format!("cannot be read: {error}"), fix)
    })
}

/// Where the keys of a file stand.
#[derive(Debug, Default)]
pub struct Lines(BTreeMap<String, usize>);

impl Lines {
    /// The line of a key, or of the nearest table around it that is in the file.
    pub fn of(&self, key: &str) -> Option<usize> {
        let mut key = key;
        loop {
            if let Some(line) = self.0.get(key) {
                return Some(*line);
            }
            key = key.rfind(['.', '[']).and_then(|at| key.get(..at))?;
        }
    }

    /// A problem with one of several keys that do not go together: the first that the file names, else the first.
    pub fn problem(&self, file: &Path, keys: &[String], reason: String, fix: &str) -> Problem {
        let named = keys.iter().find(|key| self.0.contains_key(*key)).or(keys.first());
        let key = named.cloned().unwrap_or_default();
        Problem {
            file: file.to_owned(),
            line: self.of(&key),
            key,
            reason,
            fix: fix.to_owned(),
        }
    }
}

/// Reads a type, with the lines of its keys and everything that is wrong. The value is what could be read, where the
/// type has defaults for the rest.
pub fn read<T: DeserializeOwned>(source: &str, file: &Path) -> (Option<T>, Lines, Vec<Problem>) {
    let (table, faults) = DeTable::parse_recoverable(source);
    let mut lines = Lines::default();
    index(source, "", table.get_ref(), &mut lines);
    let problem = |span: Option<Range<usize>>, key: String, message: &str, fix: &str| Problem {
        file: file.to_owned(),
        line: span.map(|span| line_at(source, span.start)),
        key,
        reason: text::line(message),
        fix: fix.to_owned(),
    };
    if !faults.is_empty() {
        let problems = faults
            .iter()
            .map(|fault| {
                let message = format!("not TOML: {}", fault.message());
                problem(
                    fault.span(),
                    String::new(),
                    &message,
                    "see https://toml.io for the notation",
                )
            })
            .collect();
        return (None, lines, problems);
    }
    let mut problems = Vec::new();
    let whole = table.clone();
    let mut table = table;
    loop {
        let error = match T::deserialize(toml::de::Deserializer::from(table.clone())) {
            Ok(value) => return (Some(value), lines, problems),
            Err(error) => error,
        };
        let path = error.span().and_then(|span| locate(table.get_ref(), &span));
        // An element's place is told as it is in the file, whatever was struck before it.
        let key = error.span().and_then(|span| locate(whole.get_ref(), &span));
        let key = key.map(|path| key_of(&path)).unwrap_or_default();
        problems.push(problem(error.span(), key, error.message(), ""));
        match path {
            Some(path) => strike(table.get_mut(), &path),
            None => return (None, lines, problems),
        }
    }
}

/// A step from a table to an entry.
enum Step {
    Key(String),
    Element(usize),
}

/// The innermost entry on which a span stands. An element of a list is taken whole: half an element would only be
/// complained about again.
fn locate(table: &DeTable<'_>, span: &Range<usize>) -> Option<Vec<Step>> {
    table.iter().find_map(|(name, value)| {
        let inner = locate_value(value, span);
        let here = inner.is_some() || holds(&name.span(), span) || holds(&value.span(), span);
        here.then(|| {
            let first = Step::Key(name.get_ref().to_string());
            std::iter::once(first).chain(inner.unwrap_or_default()).collect()
        })
    })
}

fn locate_value(value: &Spanned<DeValue<'_>>, span: &Range<usize>) -> Option<Vec<Step>> {
    if let Some(table) = value.get_ref().as_table() {
        return locate(table, span);
    }
    let elements = value.get_ref().as_array()?;
    let found = elements
        .iter()
        .position(|element| holds(&element.span(), span) || locate_value(element, span).is_some())?;
    Some(vec![Step::Element(found)])
}

fn key_of(path: &[Step]) -> String {
    let mut key = String::new();
    for step in path {
        match step {
            Step::Key(name) => {
                if !key.is_empty() {
                    key.push('.');
                }
                key.push_str(&text::line(name));
            }
            Step::Element(place) => key.push_str(&format!("[{place}]")),
        }
    }
    key
}

/// Takes an entry out.
fn strike(table: &mut DeTable<'_>, path: &[Step]) {
    let Some((Step::Key(name), rest)) = path.split_first() else {
        return;
    };
    match rest {
        [] => {
            table.remove(name.as_str());
        }
        [Step::Element(place), ..] => {
            let value = table.iter_mut().find(|(key, _)| key.get_ref() == name.as_str());
            if let Some(DeValue::Array(elements)) = value.map(|(_, value)| value.get_mut()) {
                let mut kept = DeArray::new();
                for (at, element) in elements.iter().enumerate() {
                    if at != *place {
                        kept.push(element.clone());
                    }
                }
                *elements = kept;
            }
        }
        [Step::Key(_), ..] => {
            let value = table.iter_mut().find(|(key, _)| key.get_ref() == name.as_str());
            if let Some(DeValue::Table(inner)) = value.map(|(_, value)| value.get_mut()) {
                strike(inner, rest);
            }
        }
    }
}

fn holds(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end && outer.start < outer.end
}

fn index(source: &str, prefix: &str, table: &DeTable<'_>, lines: &mut Lines) {
    for (name, value) in table {
        let key = format!("{prefix}{}", text::line(name.get_ref()));
        lines.0.insert(key.clone(), line_at(source, name.span().start));
        index_value(source, &key, value, lines);
    }
}

fn index_value(source: &str, key: &str, value: &Spanned<DeValue<'_>>, lines: &mut Lines) {
    if let Some(table) = value.get_ref().as_table() {
        index(source, &format!("{key}."), table, lines);
    }
    for (place, element) in value.get_ref().as_array().into_iter().flatten().enumerate() {
        let key = format!("{key}[{place}]");
        lines.0.insert(key.clone(), line_at(source, element.span().start));
        index_value(source, &key, element, lines);
    }
}

/// The line, from 1, on which a byte stands.
fn line_at(source: &str, offset: usize) -> usize {
    source.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
