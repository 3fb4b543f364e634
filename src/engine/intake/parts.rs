//! The papers of several patients in one transmission, parted: each part is a document of its own over the same original.
//!
//! Owns which pages a part has, how it is called, and its reading. Must not know who confirms it.

use super::kind_code;
use crate::domain::command::{Command, NewDocument};
use crate::domain::id::DocumentId;
use crate::intake::document::{DocumentKind, Page, ReadDocument, Segment};
use crate::store::board::IntakeRow;

/// `page 3`, or `pages 3-4`: how a part's pages are named, in its name and to a person.
pub fn pages_named([first, last]: [u32; 2]) -> String {
    if first == last {
        format!("page {first}")
    } else {
        format!("pages {first}-{last}")
    }
}

/// The part that stays with the document that came in: the first referral among them, whose fields the reading has.
fn first(read: &ReadDocument) -> Option<&Segment> {
    let referral = |part: &&Segment| part.kind == DocumentKind::Referral;
    read.segments.iter().find(referral).or(read.segments.first())
}

/// The commands that part a document of Intake; none where it is about one patient.
pub fn parted(row: &IntakeRow, read: &ReadDocument) -> Vec<Command> {
    let Some(stays) = first(read).filter(|_| read.segments.len() > 1) else {
        return Vec::new();
    };
    let reason = |part: &Segment| {
        format!(
            "{} of a transmission about several patients",
            pages_named(part.pages)
        )
    };
    let mut commands = vec![Command::ReadDocument {
        document: row.id,
        kind: kind_code(stays.kind),
        reason: reason(stays),
    }];
    let others = read.segments.iter().filter(|part| part.pages != stays.pages);
    commands.extend(others.map(|part| Command::TakeDocument {
        document: NewDocument {
            hash: row.hash.clone(),
            name: format!("{}{}{}", row.name, BEFORE, pages_named(part.pages)),
            kind: kind_code(part.kind),
            size: row.size,
        },
        reason: reason(part),
    }));
    commands
}

/// What stands between the original's name and the pages of a part.
const BEFORE: &str = ", ";

/// The reading of one of several documents over the same original. `oldest` is the one that came in: its part is the first
/// referral's; the others say in their names which pages are theirs.
pub(super) fn part_of(
    document: DocumentId,
    oldest: DocumentId,
    name: &str,
    read: ReadDocument,
) -> ReadDocument {
    let part = if document == oldest {
        first(&read)
    } else {
        read.segments
            .iter()
            .find(|part| name.ends_with(&format!("{BEFORE}{}", pages_named(part.pages))))
    };
    let Some(part) = part.cloned() else {
        return read;
    };
    let mut read = read;
    let own = part.pages[0]..=part.pages[1];
    for (page, number) in read.pages.iter_mut().zip(1_u32..) {
        // Pages keep their numbers; what is another patient's is not shown with this one's.
        if !own.contains(&number) {
            *page = Page::default();
        }
    }
    read.name = name.to_owned();
    read.kind = part.kind;
    read.kind_confidence = part.kind_confidence;
    read.fields = part.fields;
    read.segments.clear();
    read.warnings
        .retain(|warning| !warning.contains("different patients"));
    read
}
