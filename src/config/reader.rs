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
use std::sync::OnceLock;
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

/// Where the keys of a file stand. A list from which an element was struck has moved up: its keys are those of the value
/// that was read, and lead to the places in the file. They are looked up when somebody asks: a file without problems never
/// pays for it, and it is read at every start.
#[derive(Debug, Default)]
pub struct Lines {
    source: String,
    struck: Vec<Vec<Step>>,
    places: OnceLock<BTreeMap<String, Place>>,
}

#[derive(Debug)]
struct Place {
    line: usize,
    /// The key as it is in the file.
    key: String,
}

impl Lines {
    fn places(&self) -> &BTreeMap<String, Place> {
        self.places.get_or_init(|| {
            let (whole, _) = DeTable::parse_recoverable(&self.source);
            let mut table = whole.clone();
            for path in &self.struck {
                strike(table.get_mut(), path);
            }
            let mut index = Index {
                source: &self.source,
                whole: whole.get_ref(),
                places: BTreeMap::new(),
            };
            index.table("", table.get_ref());
            index.places
        })
    }

    /// A problem with one of several keys that do not go together: the first that the file names, else the nearest table
    /// around the first.
    pub fn problem(&self, file: &Path, keys: &[String], reason: String, fix: &str) -> Problem {
        let named = keys.iter().find_map(|key| self.places().get(key));
        let first = keys.first().map_or("", String::as_str);
        let (line, key) = match named {
            Some(place) => (Some(place.line), place.key.as_str()),
            None => (self.around(first), first),
        };
        Problem {
            file: file.to_owned(),
            line,
            key: key.to_owned(),
            reason,
            fix: fix.to_owned(),
        }
    }

    fn around(&self, key: &str) -> Option<usize> {
        let outer = key.rfind(['.', '[']).and_then(|at| key.get(..at))?;
        self.places()
            .get(outer)
            .map(|place| place.line)
            .or_else(|| self.around(outer))
    }
}

/// Reads a type, with the lines of its keys and everything that is wrong. The value is what could be read, where the
/// type has defaults for the rest.
pub fn read<T: DeserializeOwned>(source: &str, file: &Path) -> (Option<T>, Lines, Vec<Problem>) {
    let (table, faults) = DeTable::parse_recoverable(source);
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
        return (None, Lines::default(), problems);
    }
    // Nothing is wrong with most files, and this is read at every start: only what is complained about is looked at closely.
    if let Ok(value) = T::deserialize(toml::de::Deserializer::from(table)) {
        let lines = Lines {
            source: source.to_owned(),
            ..Lines::default()
        };
        return (Some(value), lines, Vec::new());
    }
    let mut problems = Vec::new();
    let (mut table, _) = DeTable::parse_recoverable(source);
    let whole = table.clone();
    let mut struck = Vec::new();
    loop {
        let error = match T::deserialize(toml::de::Deserializer::from(table.clone())) {
            Ok(value) => {
                let lines = Lines {
                    source: source.to_owned(),
                    struck,
                    places: OnceLock::new(),
                };
                return (Some(value), lines, problems);
            }
            Err(error) => error,
        };
        let path = error.span().and_then(|span| locate(table.get_ref(), &span));
        // An element's place is told as it is in the file, whatever was struck before it.
        let key = error
            .span()
            .map(|span| key_at(whole.get_ref(), &span))
            .unwrap_or_default();
        problems.push(problem(error.span(), key, error.message(), ""));
        // What cannot be struck would be complained about for ever.
        match path.filter(|path| strike(table.get_mut(), path)) {
            Some(path) => struck.push(path),
            None => return (None, Lines::default(), problems),
        }
    }
}

/// A step from a table to an entry.
#[derive(Debug)]
enum Step {
    Key(String),
    Element(usize),
}

/// The way to the innermost entry on which a span stands.
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
    let inner = elements
        .get(found)
        .and_then(|element| locate_value(element, span));
    Some(
        std::iter::once(Step::Element(found))
            .chain(inner.unwrap_or_default())
            .collect(),
    )
}

/// The key of the innermost entry on which a span stands.
fn key_at(table: &DeTable<'_>, span: &Range<usize>) -> String {
    let mut key = String::new();
    for step in locate(table, span).unwrap_or_default() {
        match step {
            Step::Key(name) => {
                if !key.is_empty() {
                    key.push('.');
                }
                key.push_str(&text::line(&name));
            }
            Step::Element(place) => key.push_str(&format!("[{place}]")),
        }
    }
    key
}

/// Takes an entry out. Of a list, the whole element: half of one would only be complained about again.
fn strike(table: &mut DeTable<'_>, path: &[Step]) -> bool {
    let Some((Step::Key(name), rest)) = path.split_first() else {
        return false;
    };
    if rest.is_empty() {
        return table.remove(name.as_str()).is_some();
    }
    let value = table.iter_mut().find(|(key, _)| key.get_ref() == name.as_str());
    let Some(value) = value.map(|(_, value)| value.get_mut()) else {
        return false;
    };
    match (value, rest) {
        (DeValue::Table(inner), [Step::Key(_), ..]) => strike(inner, rest),
        (DeValue::Array(elements), [Step::Element(place), ..]) => {
            let mut kept = DeArray::new();
            for (at, element) in elements.iter().enumerate() {
                if at != *place {
                    kept.push(element.clone());
                }
            }
            let struck = kept.len() < elements.len();
            *elements = kept;
            struck
        }
        _ => false,
    }
}

fn holds(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end && outer.start < outer.end
}

/// Collects the places of the keys that were read.
struct Index<'a> {
    source: &'a str,
    /// The file as it was before anything was struck.
    whole: &'a DeTable<'a>,
    places: BTreeMap<String, Place>,
}

impl Index<'_> {
    fn table(&mut self, prefix: &str, table: &DeTable<'_>) {
        for (name, value) in table {
            let key = format!("{prefix}{}", text::line(name.get_ref()));
            self.place(key.clone(), &name.span());
            self.value(&key, value);
        }
    }

    fn value(&mut self, key: &str, value: &Spanned<DeValue<'_>>) {
        if let Some(table) = value.get_ref().as_table() {
            self.table(&format!("{key}."), table);
        }
        for (place, element) in value.get_ref().as_array().into_iter().flatten().enumerate() {
            let key = format!("{key}[{place}]");
            self.place(key.clone(), &element.span());
            self.value(&key, element);
        }
    }

    fn place(&mut self, key: String, span: &Range<usize>) {
        let place = Place {
            line: line_at(self.source, span.start),
            key: key_at(self.whole, span),
        };
        self.places.insert(key, place);
    }
}

/// The line, from 1, on which a byte stands.
fn line_at(source: &str, offset: usize) -> usize {
    source.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
