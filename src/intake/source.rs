//! Opening a document: from bytes to sheets of placed runs, whatever the container.
//!
//! Owns the choice of the reader for each container. Must not know what any page says.

use super::container;
use super::document::{Container, Part};
use super::reading::Reading;
use super::sheet::{MAX_PAGES, Sheet};
use super::{html, mail, pdf, pictured, plain, structured};
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
}

impl Default for Source {
    fn default() -> Self {
        Self {
            container: Container::Unknown,
            sheets: Vec::new(),
            parts: Vec::new(),
            warnings: Vec::new(),
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
}

/// Opens bytes; `depth` counts the messages and parts around them.
pub fn open(name: &str, bytes: &[u8], depth: usize, reading: &Reading<'_>) -> Source {
    let mut source = match container::sniff(name, bytes) {
        Container::Text => typed(&plain::decode(bytes)),
        Container::Email if depth > MAX_NESTING => Source::unreadable(
            Container::Email,
            "messages are nested too deep; a person must read them",
        ),
        Container::Email => mail::read(bytes, depth, reading),
        Container::Pdf => pdf::read(bytes, reading),
        Container::Image => pictured::read(bytes, reading),
        // Told by their text, not by magic bytes.
        Container::Hl7v2 | Container::Fhir | Container::X12 | Container::Ccda => typed(&plain::decode(bytes)),
        Container::Unknown if bytes.is_empty() => Source::unreadable(Container::Unknown, "the file is empty"),
        Container::Unknown => Source::unreadable(
            Container::Unknown,
            "the kind of file is not known; a person must look",
        ),
    };
    if source.sheets.len() > MAX_PAGES {
        source.sheets.truncate(MAX_PAGES);
        source
            .warnings
            .push(format!("only the first {MAX_PAGES} pages were read"));
    }
    source
}

/// Parts within parts are opened this deep.
const MAX_NESTING: usize = 5;

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
