//! Word processors' files (DOCX, ODT) as pages.
//!
//! Owns what an element means for the text. Must not know where it stands on paper, or what it says. Elements: ECMA-376
//! part 1, §17; OpenDocument 1.3 part 3, §5 and §9.

use super::document::Container;
use super::galley::Galley;
use super::markup::{Attributes, Token, tokens};
use super::pictured;
use super::reading::Reading;
use super::source::Source;
use super::zip::{self, Member};

/// Tables within tables are followed this deep.
const MAX_TABLES: usize = 16;
/// What an element means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Means {
    Paragraph,
    Table,
    Row,
    Cell,
    /// Its text is the document's.
    Text,
    Tab,
    Line,
    Space,
    Symbol,
    Box,
    /// Its text was struck out, is a second copy, or is not for the reader.
    Nothing,
}

/// WordprocessingML: text stands in `w:t` alone.
const DOCX: &[(&str, Means)] = &[
    ("w:p", Means::Paragraph),
    ("w:tbl", Means::Table),
    ("w:tr", Means::Row),
    ("w:tc", Means::Cell),
    ("w:t", Means::Text),
    ("w:tab", Means::Tab),
    ("w:ptab", Means::Tab),
    ("w:br", Means::Line),
    ("w:cr", Means::Line),
    ("w:sym", Means::Symbol),
    ("w:checkBox", Means::Box),
    ("w:pPr", Means::Nothing),
    ("mc:Fallback", Means::Nothing),
    ("w:del", Means::Nothing),
    ("w:moveFrom", Means::Nothing),
];

/// OpenDocument: everything in a paragraph is text.
const ODT: &[(&str, Means)] = &[
    ("text:p", Means::Paragraph),
    ("text:h", Means::Paragraph),
    ("table:table", Means::Table),
    ("table:table-row", Means::Row),
    ("table:table-cell", Means::Cell),
    ("text:tab", Means::Tab),
    ("text:line-break", Means::Line),
    ("text:s", Means::Space),
    ("office:annotation", Means::Nothing),
    ("text:tracked-changes", Means::Nothing),
];

/// Symbol fonts' boxes and ticks (Wingdings, by their private characters).
const SYMBOLS: &[(&str, char)] = &[
    ("FE", '☒'),
    ("FD", '☒'),
    ("FC", '✓'),
    ("FB", '✗'),
    ("A8", '☐'),
    ("6F", '☐'),
    ("72", '☐'),
    ("78", '☒'),
    ("52", '☑'),
];

/// What Word shows in a field that nobody filled in: it is not the document's.
const UNFILLED: &[&str] = &[
    "Click or tap here to enter text.",
    "Click here to enter text.",
    "Click or tap to enter a date.",
    "Click here to enter a date.",
    "Choose an item.",
];

/// Whether these members are a word processor's file.
pub fn is_word(members: &[Member]) -> bool {
    main(members).is_some()
}

/// The part with the text, and its language.
fn main(members: &[Member]) -> Option<(&Member, &'static [(&'static str, Means)])> {
    let named = |name: &str| members.iter().find(|member| member.name == name);
    let docx = named("word/document.xml").map(|member| (member, DOCX));
    docx.or_else(|| {
        named("mimetype")?;
        named("content.xml").map(|member| (member, ODT))
    })
}

/// Reads one.
pub fn read(bytes: &[u8], members: &[Member], reading: &Reading<'_>) -> Source {
    let Some((main, language)) = main(members) else {
        return damaged();
    };
    let part = |member: &Member| {
        let bytes = zip::unpack(bytes, member, reading).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    };
    let Some(text) = part(main) else {
        return damaged();
    };
    let beside = |what: &str| {
        let mut all: Vec<String> = members
            .iter()
            .filter(|member| member.name.starts_with(what) && member.name.ends_with(".xml"))
            .filter_map(part)
            .collect();
        all.sort();
        // First and other pages often have the same head.
        all.dedup();
        all
    };
    let mut galley = Galley::default();
    for head in beside("word/header") {
        set(&head, language, &mut galley);
    }
    set(&text, language, &mut galley);
    for foot in beside("word/footer") {
        set(&foot, language, &mut galley);
    }
    let lettered = galley.printed() >= pictured::SCANT;
    let mut source = Source {
        container: Container::Word,
        ..Source::default()
    };
    galley.print(&mut source);
    look(bytes, members, lettered, reading, &mut source);
    if source.sheets.is_empty() && source.warnings.is_empty() {
        source
            .warnings
            .push("the file holds no text; a person must look".to_owned());
    }
    source
}

fn damaged() -> Source {
    Source::unreadable(
        Container::Word,
        "the file is damaged and could not be read; a person must look, or ask for it again",
    )
}

/// Reads the page-sized pictures of a file.
fn look(bytes: &[u8], members: &[Member], lettered: bool, reading: &Reading<'_>, source: &mut Source) {
    let pictures = members
        .iter()
        .filter(|member| member.name.starts_with("word/media/") || member.name.starts_with("Pictures/"));
    let pictures: Vec<&Member> = pictures.collect();
    let beyond = pictures.len().saturating_sub(pictured::MOST);
    let unpacked = pictures
        .into_iter()
        .take(pictured::MOST)
        .filter_map(|member| zip::unpack(bytes, member, reading).ok());
    pictured::within(unpacked, beyond, lettered, reading, source);
}

/// A row that is being read.
#[derive(Default)]
struct Row {
    cells: Vec<Vec<String>>,
    cell: Vec<String>,
}

/// Sets a part's text.
fn set(source: &str, language: &[(&str, Means)], galley: &mut Galley) {
    let all_is_text = !language.iter().any(|(_, means)| *means == Means::Text);
    let mut paragraphs: Vec<String> = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    // Elements within one whose content is left out, and within one whose content is text.
    let (mut left_out, mut in_text) = (0_usize, 0_usize);
    let mut ticked = None;
    for token in tokens(source) {
        let (name, attributes) = match token {
            Token::Text(text) => {
                if left_out == 0
                    && (all_is_text || in_text > 0)
                    && let Some(open) = paragraphs.last_mut()
                {
                    open.push_str(&text.replace(['\r', '\n'], " "));
                }
                continue;
            }
            Token::Open(name, attributes) => (name, Some(attributes)),
            Token::Close(name) => (name, None),
        };
        let means = language
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, means)| *means);
        if means == Some(Means::Nothing) {
            left_out = if attributes.is_some() {
                left_out + 1
            } else {
                left_out.saturating_sub(1)
            };
        }
        if let (Some(ticked), Some(attributes)) = (&mut ticked, attributes) {
            tick(name, attributes, ticked);
        }
        if left_out > 0 {
            continue;
        }
        let mut put = |c: char| {
            if let Some(open) = paragraphs.last_mut() {
                open.push(c);
            }
        };
        match (means, attributes) {
            (Some(Means::Tab), Some(_)) => put('\t'),
            (Some(Means::Line), Some(_)) => put('\n'),
            (Some(Means::Space), Some(of)) => {
                let count = of.get("text:c").and_then(|count| count.parse::<usize>().ok());
                (0..count.unwrap_or(1).min(100)).for_each(|_| put(' '));
            }
            (Some(Means::Symbol), Some(of)) => put(symbol(of)),
            (Some(Means::Box), Some(_)) => ticked = Some(false),
            (Some(Means::Box), None) => put(if ticked.take() == Some(true) { '☒' } else { '☐' }),
            (Some(Means::Text), open) => {
                in_text = if open.is_some() {
                    in_text + 1
                } else {
                    in_text.saturating_sub(1)
                };
            }
            (Some(Means::Paragraph), Some(_)) => paragraphs.push(String::new()),
            (Some(Means::Paragraph), None) => {
                let mut text = paragraphs.pop().unwrap_or_default();
                for unfilled in UNFILLED {
                    text = text.replace(unfilled, "");
                }
                for line in text.split('\n') {
                    match rows.last_mut() {
                        Some(row) => row.cell.push(line.replace('\t', "   ")),
                        None => galley.paragraph(line),
                    }
                }
            }
            (Some(Means::Table), Some(_)) if rows.len() < MAX_TABLES => rows.push(Row::default()),
            (Some(Means::Table), None) => {
                rows.pop();
            }
            (Some(Means::Row), Some(_)) => {
                if let Some(row) = rows.last_mut() {
                    row.cells.clear();
                }
            }
            (Some(Means::Cell), Some(_)) => {
                if let Some(row) = rows.last_mut() {
                    row.cell.clear();
                }
            }
            (Some(Means::Cell), None) => {
                if let Some(row) = rows.last_mut() {
                    let cell = std::mem::take(&mut row.cell);
                    row.cells.push(cell);
                }
            }
            (Some(Means::Row), None) => close(&mut rows, galley),
            _ => {}
        }
    }
    while let Some(rest) = paragraphs.pop() {
        galley.paragraph(&rest);
    }
}

/// A table within a cell is lines of that cell.
fn close(rows: &mut [Row], galley: &mut Galley) {
    let Some((row, outer)) = rows.split_last_mut() else {
        return;
    };
    let cells = std::mem::take(&mut row.cells);
    match outer.last_mut() {
        Some(outer) => {
            let all: Vec<String> = cells.iter().map(|cell| cell.join(" ")).collect();
            outer.cell.push(all.join("   "));
        }
        None => galley.row(cells),
    }
}

/// The state of a form's box: what it is set to comes after what it is by default.
fn tick(name: &str, attributes: Attributes<'_>, ticked: &mut bool) {
    if matches!(name, "w:checked" | "w:default") {
        *ticked = attributes
            .get("w:val")
            .is_none_or(|value| matches!(value.as_str(), "1" | "true" | "on"));
    }
}

fn symbol(attributes: Attributes<'_>) -> char {
    let code = attributes.get("w:char").unwrap_or_default().to_ascii_uppercase();
    let low = code.get(code.len().saturating_sub(2)..).unwrap_or_default();
    SYMBOLS
        .iter()
        .find(|(known, _)| *known == low)
        .map_or(' ', |(_, c)| *c)
}
