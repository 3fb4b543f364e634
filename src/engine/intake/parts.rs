//! The papers of several patients in one transmission, parted: each part is a document of its own over the same original.
//!
//! Owns which pages a part has, how it is called, and its reading. Must not know who confirms it.

use super::kind_code;
use crate::domain::command::{Command, NewDocument};
use crate::domain::id::DocumentId;
use crate::intake::document::{DocumentKind, Page, ReadDocument, Segment};
use crate::store::board::IntakeRow;
use std::collections::BTreeMap;

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

/// Which pages a part's name says are its own; `None` where the name is no part's.
fn pages_of(name: &str) -> Option<[u32; 2]> {
    let (_, pages) = name.rsplit_once(BEFORE)?;
    let (first, last) = match pages.strip_prefix("pages ") {
        Some(both) => both.split_once('-')?,
        None => {
            let one = pages.strip_prefix("page ")?;
            (one, one)
        }
    };
    let own = [first.parse().ok()?, last.parse().ok()?];
    (pages_named(own) == pages && own[0] > 0 && own[0] <= own[1]).then_some(own)
}

/// The reading of one of several documents over the same original. `oldest` is the one that came in: its part is the first
/// referral's; the others say in their names which pages are theirs, and a copy that came in later says none. A reading that
/// parts the papers otherwise by now has no such part: then the pages are shown, and nothing is said of them.
pub(super) fn part_of(
    document: DocumentId,
    oldest: DocumentId,
    name: &str,
    read: ReadDocument,
) -> ReadDocument {
    let named = pages_of(name).filter(|_| document != oldest);
    let part = match named {
        Some(own) => read.segments.iter().find(|part| part.pages == own),
        None if document == oldest => first(&read),
        None => None,
    };
    let told = part.is_some();
    let part = part.cloned().or(named.map(|pages| Segment {
        pages,
        kind: DocumentKind::Unknown,
        kind_confidence: 0.0,
        fields: BTreeMap::new(),
    }));
    let Some(part) = part else {
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
    if !told {
        read.warnings.push(
            "the papers were parted otherwise when they were read again; a person must say whose these pages are"
                .to_owned(),
        );
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::document::{Container, Field, Found, How, Line, Value};

    /// Three pages of three patients, read as these parts.
    fn papers(parts: &[[u32; 2]]) -> ReadDocument {
        let page = |text: &str| Page {
            lines: vec![Line {
                text: text.to_owned(),
                area: [0.1, 0.1, 0.4, 0.2],
            }],
            shot: None,
        };
        let found = |pages: &[u32; 2]| Found {
            value: Value::Text(format!("A{}", pages[0])),
            confidence: 0.9,
            place: None,
            how: How::Label,
        };
        let segment = |pages: &[u32; 2]| Segment {
            pages: *pages,
            kind: DocumentKind::Referral,
            kind_confidence: 0.9,
            fields: BTreeMap::from([(Field::MemberId, vec![found(pages)])]),
        };
        ReadDocument {
            name: "fax.tif".to_owned(),
            pages: ["one", "two", "three"].map(page).to_vec(),
            segments: parts.iter().map(segment).collect(),
            fields: BTreeMap::from([(Field::MemberId, vec![found(&[9, 9])])]),
            warnings: vec!["the papers of different patients".to_owned()],
            container: Container::Pdf,
            kind: DocumentKind::Referral,
            kind_confidence: 0.9,
            more: Vec::new(),
            parts: Vec::new(),
            locked: false,
            for_person: None,
            cut: None,
            own: Vec::new(),
        }
    }

    #[test]
    fn a_part_shows_its_own_pages_whatever_the_reading_says_by_now() {
        let three = [[1, 1], [2, 2], [3, 3]];
        type Row<'a> = (i64, &'a str, &'a [[u32; 2]], &'a str, &'a str, bool);
        let table: &[Row<'_>] = &[
            (1, "fax.tif", &three, "one", "A1", true),
            (1, "fax, page 2", &three, "one", "A1", true),
            (2, "fax.tif, page 2", &three, "two", "A2", true),
            (
                2,
                "fax.tif, pages 2-3",
                &[[1, 1], [2, 3]],
                "two three",
                "A2",
                true,
            ),
            // The reading has other parts, or one alone.
            (2, "fax.tif, pages 2-3", &three, "two three", "", false),
            (2, "fax.tif, page 3", &[[1, 3]], "three", "", false),
            (2, "fax.tif, page 7", &three, "", "", false),
        ];
        for (document, name, parts, shown, member, told) in table {
            let part = part_of(DocumentId(*document), DocumentId(1), name, papers(parts));
            let lines = part.pages.iter().flat_map(|page| &page.lines);
            let lines: Vec<&str> = lines.map(|line| line.text.as_str()).collect();
            assert_eq!(lines.join(" "), *shown, "{name}");
            let found = part.best(Field::MemberId).map(|found| found.value.clone());
            let member = (!member.is_empty()).then(|| Value::Text((*member).to_owned()));
            assert_eq!(found, member, "{name}");
            assert_eq!(part.warnings.is_empty(), *told, "{name} {:?}", part.warnings);
            assert!(part.segments.is_empty() && part.pages.len() == 3);
        }
        // A copy that came in later is no part: a person may part it.
        for name in ["fax.tif", "fax.tif, pages 3-2", "fax, page two"] {
            let copy = part_of(DocumentId(2), DocumentId(1), name, papers(&three));
            assert_eq!(copy, papers(&three), "{name}");
        }
    }
}
