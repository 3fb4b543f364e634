//! Opening a document: from bytes to sheets of placed runs, whatever the container.
//!
//! Owns the choice of the reader for each container. Must not know what any page says.

use super::container;
use super::document::{Container, Part};
use super::reading::Reading;
use super::sheet::{MAX_PAGES, Sheet};
use super::{html, mail, parcel, pdf, pictured, plain, rtf, structured, tnef};
use serde::{Deserialize, Serialize};

/// What opening some bytes yields.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Source {
    /// What the bytes are.
    pub container: Container,
    /// The pages that could be read.
    pub sheets: Vec<Sheet>,
    /// What came with them.
    pub parts: Vec<Part>,
    /// What a person should know. Never patient data.
    pub warnings: Vec<String>,
    /// Whether it, or a part of it, asks for a password that was not given.
    pub locked: bool,
    /// Why a person has to take it: something in it was not read that may be what counts.
    #[serde(default)]
    pub for_person: Option<String>,
}

impl Default for Source {
    fn default() -> Self {
        Self {
            container: Container::Unknown,
            sheets: Vec::new(),
            parts: Vec::new(),
            warnings: Vec::new(),
            locked: false,
            for_person: None,
        }
    }
}

impl Source {
    /// A source without pages, and why.
    pub fn unreadable(container: Container, why: &str) -> Self {
        Self {
            container,
            warnings: vec![why.to_owned()],
            ..Self::default()
        }
    }

    /// Takes in what came with it: its pages follow, and it is named among the parts. `what` is the part in a person's
    /// words.
    pub fn enclose(&mut self, what: &str, name: Option<String>, size: usize, inner: Source) {
        let number = self.parts.len() + 1;
        let read = inner.sheets.iter().any(|sheet| !sheet.runs.is_empty());
        if read {
            let told = inner.warnings.iter();
            self.warnings
                .extend(told.map(|warning| format!("{what} {number}: {warning}")));
        } else {
            let kind = container::describe(inner.container);
            let why = inner.warnings.first().map_or("", String::as_str);
            self.warnings.push(format!(
                "{what} {number} ({kind}) could not be read; a person must: {why}"
            ));
        }
        self.locked |= inner.locked;
        self.for_person = self.for_person.take().or(inner.for_person);
        self.parts.push(Part {
            name: name
                .filter(|name| !name.trim().is_empty())
                .unwrap_or_else(|| format!("part {number}")),
            container: inner.container,
            size: size as u64,
            read,
        });
        self.parts.extend(inner.parts);
        self.sheets.extend(inner.sheets);
    }
}

/// Opens bytes; `depth` counts the messages and parts around them.
pub fn open(name: &str, bytes: &[u8], depth: usize, reading: &Reading<'_>) -> Source {
    let mut source = match container::sniff(name, bytes) {
        Container::Text => typed(&plain::decode(bytes)),
        nested @ (Container::Email | Container::Archive) if depth > MAX_NESTING => {
            Source::unreadable(nested, "it is nested too deep; a person must look")
        }
        Container::Rtf => rtf::read(bytes, reading),
        Container::Word | Container::Archive if bytes.starts_with(tnef::MAGIC) => {
            parcel::outlook(bytes, depth, reading)
        }
        Container::Word | Container::Archive => parcel::zipped(bytes, depth, reading),
        Container::Email => mail::read(bytes, depth, reading),
        Container::Pdf => pdf::read(bytes, reading),
        Container::Image => pictured::read(bytes, reading),
        // Told by their text, not by magic bytes.
        Container::Hl7v2
        | Container::Fhir
        | Container::X12
        | Container::Ccda
        | Container::Calendar
        | Container::Table => typed(&plain::decode(bytes)),
        Container::Unknown if bytes.is_empty() => Source::unreadable(Container::Unknown, "the file is empty"),
        Container::Unknown => Source::unreadable(Container::Unknown, container::unknown(bytes)),
    };
    if source.sheets.len() > MAX_PAGES {
        source.sheets.truncate(MAX_PAGES);
        source
            .warnings
            .push(format!("only the first {MAX_PAGES} pages were read"));
    }
    source
}

/// Parts within parts are opened this deep (reliability rule: depth bounded; nobody forwards ten times).
pub const MAX_NESTING: usize = 5;

/// Typed text; a web page without its tags; a structured message that is part of something else as lines.
pub fn typed(text: &str) -> Source {
    let sheets = if container::is_structured(text) {
        match structured::rendered(text) {
            Some(lines) => plain::sheets(&lines),
            None => {
                return Source::unreadable(Container::Text, "a structured message that cannot be read");
            }
        }
    } else if container::is_html(text) {
        plain::sheets(&html::text(text))
    } else {
        plain::sheets(text)
    };
    Source {
        container: Container::Text,
        sheets,
        ..Source::default()
    }
}
