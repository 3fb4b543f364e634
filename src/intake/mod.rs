//! Bytes in, a read document out.
//!
//! Owns the way from bytes to a [`ReadDocument`]: containers, pages of placed words, fields, kind. Must not know what
//! the desk does with the result, the store, or the clock.

mod container;
pub mod document;
mod evidence;
mod fields;
mod galley;
mod glimpse;
mod html;
pub mod jail;
mod kind;
pub mod learned;
pub mod lessons;
mod mail;
mod markup;
mod ocr;
mod parcel;
mod pdf;
mod picture;
mod pictured;
mod plain;
mod reading;
mod rtf;
pub mod second;
mod segments;
mod sheet;
mod source;
mod structured;
mod tnef;
#[cfg(test)]
mod typewriter;
pub mod visit;
mod word;
mod zip;

pub use crate::standards::enclosed::{Enclosed, Whose};
pub use crate::standards::hl7v2::patient::OTHER_AUTHORITY;
pub use document::ReadDocument;
pub use fields::{describe as described, specialty_in as specialty_named, tidy as cased, training};
pub use ocr::{Stages, stages};
pub use picture::Picture;
use reading::{Allowance, Reading};
pub use second::code as field_named;
use segments::Parting;
pub use source::Source;

use crate::domain::text;
use crate::standards::table;
use document::{Container, DocumentKind};
use learned::Learned;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// Reads a document. Total: whatever the bytes are, the answer is a document; one that could not be read has no pages
/// and says why.
pub fn read(name: &str, bytes: &[u8]) -> ReadDocument {
    read_within(unhurried(), name, bytes)
}

fn unhurried() -> Allowance<'static> {
    Allowance {
        time: UNHURRIED,
        cores: 1,
        password: None,
        learned: Learned::default(),
        beat: &|_| {},
    }
}

/// Enough for the longest document that is read at all.
const UNHURRIED: Duration = Duration::from_secs(3_600);

/// As [`read`], within an allowance.
fn read_within(allowance: Allowance<'_>, name: &str, bytes: &[u8]) -> ReadDocument {
    let reading = Reading::within(allowance);
    catch_unwind(AssertUnwindSafe(|| read_pages(name, bytes, &reading)))
        .unwrap_or_else(|_| unreadable(name, "the document could not be read; a person must read it"))
}

/// A document that could not be read.
pub fn unreadable(name: &str, why: &str) -> ReadDocument {
    ReadDocument {
        name: file_name(name),
        container: Container::Unknown,
        kind: DocumentKind::Unknown,
        kind_confidence: 0.0,
        pages: Vec::new(),
        fields: BTreeMap::new(),
        segments: Vec::new(),
        more: Vec::new(),
        parts: Vec::new(),
        warnings: vec![why.to_owned()],
        locked: false,
        for_person: None,
        cut: None,
        own: Vec::new(),
    }
}

/// The pages of a document, before anything is understood of them. Reading pictures is what costs time; a set of documents
/// whose pages are kept can be understood again and again in an instant.
pub fn open(name: &str, bytes: &[u8]) -> Source {
    source::open(name, bytes, 0, &Reading::within(unhurried()))
}

/// The same without the words that stand in pictures: these are decoded, and not read. For a look at many files in a moment, and
/// for `fuzz/`.
pub fn open_unpictured(name: &str, bytes: &[u8]) -> Source {
    source::open(name, bytes, 0, &Reading::sketch(unhurried(), u32::MAX))
}

fn read_pages(name: &str, bytes: &[u8], reading: &Reading<'_>) -> ReadDocument {
    if let Some(message) = message(bytes) {
        return structured::read(&file_name(name), &message, bytes);
    }
    understand_with(name, source::open(name, bytes, 0, reading), reading.learned())
}

/// What opened pages say: their fields and what the document is for.
pub fn understand(name: &str, source: Source) -> ReadDocument {
    understand_with(name, source, &Learned::default())
}

/// The same, with what corrections taught.
pub fn understand_with(name: &str, source: Source, learned: &Learned) -> ReadDocument {
    let mut warnings = source.warnings;
    let mut for_person = source.for_person;
    let segments = match segments::segments(&source.sheets, learned) {
        Parting::One => Vec::new(),
        Parting::Several(parts) => parts,
        Parting::Many(count) => {
            for_person = Some(format!(
                "about {count} different patients, more than are parted: a person must part them"
            ));
            Vec::new()
        }
    };
    warnings.extend(for_person.clone().filter(|why| !warnings.contains(why)));
    // Of papers about several patients, the first referral speaks; whose the rest is, a person says.
    let speaks = segments
        .iter()
        .find(|part| part.kind == DocumentKind::Referral)
        .or(segments.first());
    let (kind, kind_confidence, fields) = match speaks {
        Some(part) => {
            warnings.push(about_several(&segments));
            (part.kind, part.kind_confidence, part.fields.clone())
        }
        None => {
            let (mut fields, doubts) = fields::read_with(&source.sheets, learned);
            let (kind, kind_confidence) = kind::tell(&source.sheets, &fields);
            fields::doubt_sender(&mut fields, kind);
            for doubt in doubts {
                if !warnings.contains(&doubt) {
                    warnings.push(doubt);
                }
            }
            (kind, kind_confidence, fields)
        }
    };
    ReadDocument {
        name: file_name(name),
        container: source.container,
        kind,
        kind_confidence,
        pages: source.sheets.iter().map(sheet::Sheet::page).collect(),
        fields,
        segments,
        more: Vec::new(),
        parts: source.parts,
        warnings,
        locked: source.locked,
        for_person,
        cut: None,
        own: Vec::new(),
    }
}

/// The documents inside a structured message, and how many more there are than are taken out.
pub fn enclosed(bytes: &[u8]) -> (Vec<Enclosed>, usize) {
    message(bytes).map_or_else(Default::default, |text| {
        crate::standards::enclosed::enclosed(&text)
    })
}

/// A line of headings is no longer.
const HEADINGS: usize = 4096;

/// The text of a structured message, where the bytes are one.
fn message(bytes: &[u8]) -> Option<String> {
    if bytes.starts_with(b"%PDF") {
        return None;
    }
    let lead = bytes.get(..64.min(bytes.len()))?;
    // Decoding a large picture only to see that it is none would cost more than reading it.
    if container::is_structured(&plain::decode(lead)) {
        return Some(plain::decode(bytes));
    }
    // A table is told by its first line of headings, which is longer.
    let head = bytes.get(..HEADINGS.min(bytes.len()))?;
    let line = head.split(|byte| matches!(byte, b'\n' | b'\r')).next()?;
    let text = container::sniff("", bytes) == Container::Text;
    (text && table::is_schedule(&plain::decode(line))).then(|| plain::decode(bytes))
}

/// What a person should know of papers about several patients. Never patient data.
fn about_several(segments: &[document::Segment]) -> String {
    let ranges: Vec<String> = segments
        .iter()
        .map(|part| match part.pages {
            [first, last] if first == last => format!("page {first}"),
            [first, last] => format!("pages {first}-{last}"),
        })
        .collect();
    format!(
        "{} are about different patients; a person must part them",
        ranges.join(" and ")
    )
}

/// A file's name without its folders, sanitised, at most 200 characters.
fn file_name(raw: &str) -> String {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    text::line(last).chars().take(200).collect()
}
