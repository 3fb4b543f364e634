//! What a file is, by its first bytes, and where its pieces begin.
//!
//! Owns that choice. A table needs a mapping; its headings are held against it before anything lands. Must not read pieces.

use super::Stopped;
use super::csv::Table;
use super::entries::Entries;
use super::pieces::{Cutter, Form, Way};
use crate::config::import::Mapping;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Result, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A buffer of the file: lines are short, and files are long.
const BUFFER: usize = 256 * 1024;
/// A document up to this size is read at once; a larger bundle entry by entry.
const AT_ONCE: u64 = 16 * 1024 * 1024;
/// The first line is looked at up to this.
const FIRST_LINE: u64 = 64 * 1024 * 1024;

/// A file.
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    kind: Kind,
}

enum Kind {
    FhirLines,
    FhirWhole,
    FhirEntries,
    Hl7,
    Table(Arc<Table>),
}

/// Looks at a file.
///
/// # Errors
/// Where it cannot be read, is nothing that is known, or its headings are not those of the mapping.
pub fn look(path: &Path, mapping: Option<(&str, &Mapping)>) -> std::result::Result<Source, Stopped> {
    let stopped = |cause: String| Stopped::File {
        path: path.to_owned(),
        cause,
    };
    let unread =
        |error: std::io::Error| stopped(format!("it cannot be read: {error}. Nothing was brought over"));
    let file = File::open(path).map_err(unread)?;
    let about = file.metadata().map_err(unread)?;
    if !about.is_file() {
        return Err(stopped("it is no file. Nothing was brought over".into()));
    }
    let mut input = BufReader::with_capacity(BUFFER, file);
    let lead = input.fill_buf().map_err(unread)?;
    let lead = lead.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(lead);
    let first = lead
        .iter()
        .copied()
        .find(|byte| !byte.is_ascii_whitespace() && *byte != 0x0B);
    let lead = lead.trim_ascii_start();
    let starts = |names: &[&[u8]]| {
        let lead = lead.strip_prefix(b"\x0B").unwrap_or(lead);
        names.iter().any(|name| lead.starts_with(name))
    };
    let kind = match first {
        Some(b'{' | b'[') => json(&mut input, about.len()).map_err(unread)?,
        Some(b'<') => Kind::FhirWhole,
        Some(_) if starts(&[b"MSH", b"FHS", b"BHS"]) => Kind::Hl7,
        Some(_) => {
            let Some((name, mapping)) = mapping else {
                return Err(stopped(
                    "it is neither FHIR nor HL7 v2; a table needs --mapping NAME, a table [import.NAME] of the configuration. \
                     Nothing was brought over"
                        .into(),
                ));
            };
            let table = Table::new(name, mapping, &mut input)
                .map_err(|why| stopped(format!("{why}. Nothing was brought over")))?;
            Kind::Table(Arc::new(table))
        }
        None => return Err(stopped("it is empty".into())),
    };
    Ok(Source {
        path: path.to_owned(),
        kind,
    })
}

/// Lines where the first is a whole value, else one document.
fn json(input: &mut BufReader<File>, size: u64) -> Result<Kind> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = input.by_ref().take(FIRST_LINE).read_until(b'\n', &mut line)?;
        if read == 0 || !line.trim_ascii().is_empty() {
            break;
        }
    }
    let value = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&line);
    let whole = serde_json::from_slice::<serde::de::IgnoredAny>(value).is_ok();
    let list = value.trim_ascii_start().starts_with(b"[");
    Ok(if whole && !list {
        Kind::FhirLines
    } else if size <= AT_ONCE || list {
        Kind::FhirWhole
    } else {
        Kind::FhirEntries
    })
}

impl Source {
    /// Cuts it.
    ///
    /// # Errors
    /// The file's.
    pub fn cut(self, number: usize) -> Result<Cutter> {
        let mut file = File::open(&self.path)?;
        let mut line = 1;
        let (form, way) = match self.kind {
            Kind::FhirLines => (Form::Fhir, Way::Lines),
            Kind::FhirWhole => (Form::Fhir, Way::Whole),
            Kind::FhirEntries => (Form::Fhir, Way::Entries(Entries::default())),
            Kind::Hl7 => (Form::Hl7, Way::Messages),
            Kind::Table(table) => {
                file.seek(SeekFrom::Start(table.begins.0))?;
                line = table.begins.1;
                let separator = table.separator;
                (Form::Table(table), Way::Rows(separator))
            }
        };
        let mut input = BufReader::with_capacity(BUFFER, file);
        if line == 1 && input.fill_buf()?.starts_with(b"\xEF\xBB\xBF") {
            input.consume(3);
        }
        Ok(Cutter::new(Box::new(input), number, form, way, line))
    }
}
