//! Files around files: a ZIP archive and Outlook's `winmail.dat`, each with the documents that lie in it.
//!
//! Owns the walk over what lies in them and its bounds. Must not know how a ZIP is packed, or what a document says.

use super::document::Container;
use super::reading::Reading;
use super::source::{self, Source};
use super::zip::{self, Member, Trouble};
use super::{plain, tnef, word};
use crate::domain::text;

/// What file systems and Office leave in archives beside the documents.
const LITTER: &[&str] = &["__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini"];

/// Reads a ZIP: a word processor's file, or an archive of documents.
pub fn zipped(bytes: &[u8], depth: usize, reading: &Reading<'_>) -> Source {
    let (members, more) = match zip::members(bytes) {
        Ok(found) => found,
        Err(trouble) => return refused(trouble),
    };
    if word::is_word(&members) {
        return word::read(bytes, &members, reading);
    }
    if members.iter().any(|member| member.name == "[Content_Types].xml") {
        return Source::unreadable(
            Container::Unknown,
            "this kind of Office file is not read; a person must look, or ask for a PDF",
        );
    }
    let litter = |member: &Member| {
        let last = member.name.rsplit('/').next().unwrap_or_default();
        LITTER
            .iter()
            .any(|litter| member.name.starts_with(litter) || last == *litter)
    };
    let mut out = Source {
        container: Container::Archive,
        ..Source::default()
    };
    let members: Vec<&Member> = members.iter().filter(|member| !litter(member)).collect();
    for member in &members {
        let name = member.name.rsplit(['/', '\\']).next().map(text::line);
        let (size, inner) = match zip::unpack(bytes, member, reading) {
            Ok(bytes) => {
                let inner = source::open(name.as_deref().unwrap_or_default(), &bytes, depth + 1, reading);
                (bytes.len(), inner)
            }
            Err(trouble) => (0, Source::unreadable(Container::Unknown, &trouble.to_string())),
        };
        out.enclose("member", name, size, inner);
    }
    if out.parts.is_empty() {
        return Source::unreadable(Container::Archive, "the archive is empty");
    }
    if more > 0 {
        out.warnings
            .push(format!("{more} more members of the archive were not read"));
    }
    out
}

fn refused(trouble: Trouble) -> Source {
    Source::unreadable(
        Container::Archive,
        &format!("the archive could not be opened: {trouble}; a person must look"),
    )
}

/// Reads a `winmail.dat`.
pub fn outlook(bytes: &[u8], depth: usize, reading: &Reading<'_>) -> Source {
    let Some(unpacked) = tnef::unpack(bytes) else {
        return Source::unreadable(
            Container::Archive,
            "Outlook's envelope is damaged; a person must look",
        );
    };
    let mut out = Source {
        container: Container::Archive,
        ..Source::default()
    };
    if let Some(body) = unpacked.body {
        out.sheets = plain::sheets(&plain::decode(body));
    }
    for part in &unpacked.parts {
        let name = text::line(&part.name);
        let inner = source::open(&name, part.bytes, depth + 1, reading);
        out.enclose("attachment", Some(name), part.bytes.len(), inner);
    }
    if out.sheets.is_empty() && out.parts.is_empty() {
        out.warnings
            .push("Outlook's envelope holds nothing that can be read; a person must look".to_owned());
    }
    out
}
