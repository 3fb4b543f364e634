//! Letters as pages that can be printed: PDF with its own font, for paper and for the fax.
//!
//! Owns the sheet: the clinic at the head, the address where a window envelope shows it, the text in lines that fit. Pure
//! apart from [`Letters`], which puts the file into a folder. Must not know when a letter is sent.

use super::folder::{place, stem};
use super::way::{AfterCrash, Handover, Health, Way, folder_health, later};
use crate::domain::message::Message;
use crate::domain::text;
use crate::domain::texts::day_in_words;
use crate::domain::time::{Stamp, Zone, day_in};
use krilla::Document;
use krilla::geom::Point;
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use std::path::{Path, PathBuf};

/// DejaVu Sans, cut to the letters of European languages and Vietnamese; see `assets/fonts`.
const FONT: &[u8] = include_bytes!("../../assets/fonts/letter.ttf");

/// Points: 72 an inch.
const SIZE: f32 = 10.5;
const LINE: f32 = 14.5;
const SMALL: f32 = 8.0;
const LEFT: f32 = 72.0;
/// From the top edge: the window of a No. 10 envelope and of a DIN lang one shows what stands here.
const ADDRESS: f32 = 150.0;
const TEXT: f32 = 265.0;
const TOP: f32 = 72.0;
const BOTTOM: f32 = 72.0;
/// A letter of more pages is no letter.
const MOST_PAGES: usize = 20;

/// The paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// 8.5 by 11 inches.
    Letter,
    /// 210 by 297 millimetres (ISO 216).
    A4,
}

impl Paper {
    const fn size(self) -> (f32, f32) {
        match self {
            Paper::Letter => (612.0, 792.0),
            Paper::A4 => (595.28, 841.89),
        }
    }
}

/// How the clinic's letters look.
#[derive(Clone, Debug)]
pub struct Letterhead {
    /// Lines at the head: name, telephone, fax.
    pub lines: Vec<String>,
    /// The clinic's zone, for the date.
    pub zone: Zone,
    /// The paper.
    pub paper: Paper,
}

/// The pages of a message.
///
/// # Errors
/// A sentence where a letter of its text is in no font of ours, or it would not end.
pub fn render(message: &Message, head: &Letterhead, now: Stamp) -> Result<Vec<u8>, String> {
    let face = Face::new()?;
    let (width, height) = head.paper.size();
    let mut rows: Vec<(f32, String)> = Vec::new();
    if !message.subject.is_empty() {
        rows.extend(
            face.wrapped(&message.subject, width - 2.0 * LEFT)
                .into_iter()
                .map(|line| (LINE, line)),
        );
        rows.push((LINE, String::new()));
    }
    for line in text::block(&message.body).lines() {
        rows.extend(
            face.wrapped(line, width - 2.0 * LEFT)
                .into_iter()
                .map(|line| (LINE, line)),
        );
    }
    let pages = parted(rows, TEXT, height);
    if pages.len() > MOST_PAGES {
        return Err(format!(
            "the text fills {} pages; a letter has at most {MOST_PAGES}",
            pages.len()
        ));
    }
    let first = first_page(message, head, now);
    for (_, row) in first
        .iter()
        .map(|(at, _, row)| (at, row))
        .chain(pages.iter().flatten().map(|(at, row)| (at, row)))
    {
        face.knows(row)?;
    }
    bound(&face, head.paper, pages, &first, &message.referral.to_string())
}

/// Lines as pages, with a foot below each: what came as a message of another system, for a reader who has no such system.
///
/// # Errors
/// A sentence where it would not end.
pub fn printed(lines: &[String], foot: &str, paper: Paper) -> Result<Vec<u8>, String> {
    let face = Face::new()?;
    let (width, height) = paper.size();
    let rows = lines
        .iter()
        .flat_map(|line| face.wrapped(&face.drawable(line), width - 2.0 * LEFT))
        .map(|row| (LINE, row));
    let pages = parted(rows, TOP, height);
    if pages.len() > MOST_PAGES {
        return Err(format!(
            "the report fills {} pages; at most {MOST_PAGES} are sent",
            pages.len()
        ));
    }
    bound(&face, paper, pages, &[], foot)
}

/// Parts rows, each with its step, into pages: each row of a page with its place from the top edge. The first page begins at
/// `first`.
fn parted(rows: impl IntoIterator<Item = (f32, String)>, first: f32, height: f32) -> Vec<Vec<(f32, String)>> {
    let mut pages: Vec<Vec<(f32, String)>> = vec![Vec::new()];
    let mut at = first;
    for (step, row) in rows {
        if at + step > height - BOTTOM {
            pages.push(Vec::new());
            at = TOP;
        }
        if let Some(page) = pages.last_mut() {
            page.push((at, row));
        }
        at += step;
    }
    pages
}

/// Draws pages, with what stands above the text of the first, and a numbered foot below each.
fn bound(
    face: &Face,
    paper: Paper,
    pages: Vec<Vec<(f32, String)>>,
    above: &[(f32, f32, String)],
    foot: &str,
) -> Result<Vec<u8>, String> {
    let (width, height) = paper.size();
    let mut document = Document::new();
    let count = pages.len();
    for (number, rows) in pages.into_iter().enumerate() {
        let settings = PageSettings::from_wh(width, height).ok_or("the paper has no size")?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        if number == 0 {
            for (at, size, row) in above {
                face.draw(&mut surface, LEFT, *at, *size, row);
            }
        }
        for (at, row) in &rows {
            face.draw(&mut surface, LEFT, *at, SIZE, row);
        }
        let foot = face.drawable(&format!("{foot} · {} / {count}", number + 1));
        face.draw(&mut surface, LEFT, height - BOTTOM / 2.0, SMALL, &foot);
        surface.finish();
        page.finish();
    }
    document
        .finish()
        .map_err(|error| format!("the pages cannot be written: {error:?}"))
}

/// What stands above the text of the first page: from the top edge, size, words.
fn first_page(message: &Message, head: &Letterhead, now: Stamp) -> Vec<(f32, f32, String)> {
    let clean = |raw: &str| text::squeeze(&text::line(raw));
    let mut rows = Vec::new();
    for (number, line) in head.lines.iter().filter(|line| !line.is_empty()).enumerate() {
        let size = if number == 0 { SIZE + 3.0 } else { SMALL + 1.0 };
        rows.push((TOP + 12.0 * number as f32, size, clean(line)));
    }
    let mut address = vec![clean(&message.recipient)];
    for part in message.address.split([',', ';']).map(clean) {
        match address.last_mut() {
            // A place and its state stand on one line (USPS Publication 28, 2.1).
            Some(place) if is_state(&part) => place.push_str(&format!(", {part}")),
            Some(_) | None if part.is_empty() => {}
            Some(_) | None => address.push(part),
        }
    }
    for (number, line) in address.into_iter().take(6).enumerate() {
        rows.push((ADDRESS + LINE * number as f32, SIZE, line));
    }
    let date = day_in_words(&message.language, day_in(head.zone, now));
    rows.push((TEXT - 1.5 * LINE, SIZE, date));
    rows
}

/// `VT 05641`: a state and its ZIP code.
fn is_state(part: &str) -> bool {
    let (state, code) = part.split_once(' ').unwrap_or((part, ""));
    state.len() == 2
        && state.chars().all(|c| c.is_ascii_uppercase())
        && code.starts_with(|c: char| c.is_ascii_digit())
}

/// The font, to measure with and to draw with.
struct Face {
    font: Font,
    measure: ttf_parser::Face<'static>,
}

impl Face {
    fn new() -> Result<Face, String> {
        let broken = || "the letters' font is damaged".to_owned();
        Ok(Face {
            font: Font::new(FONT.to_vec().into(), 0).ok_or_else(broken)?,
            measure: ttf_parser::Face::parse(FONT, 0).map_err(|_| broken())?,
        })
    }

    /// Whether every letter can be drawn: a box in place of a name would not be noticed until the envelope is opened.
    fn knows(&self, row: &str) -> Result<(), String> {
        match row.chars().find(|c| self.measure.glyph_index(*c).is_none()) {
            Some(c) => Err(format!(
                "`{c}` cannot be printed by the letters' font; write it by hand"
            )),
            None => Ok(()),
        }
    }

    /// A line of which every letter can be drawn: what the font lacks is marked, and the original has it.
    fn drawable(&self, line: &str) -> String {
        text::line(line)
            .chars()
            .map(|c| {
                if self.measure.glyph_index(c).is_some() {
                    c
                } else {
                    '?'
                }
            })
            .collect()
    }

    fn width(&self, row: &str) -> f32 {
        let units = f32::from(self.measure.units_per_em());
        let advance = |c| {
            let glyph = self.measure.glyph_index(c)?;
            self.measure.glyph_hor_advance(glyph)
        };
        row.chars()
            .map(|c| f32::from(advance(c).unwrap_or(0)) * SIZE / units)
            .sum()
    }

    /// A line in pieces that fit, broken between words; a word that is too long is broken within.
    fn wrapped(&self, line: &str, room: f32) -> Vec<String> {
        let mut rows = vec![String::new()];
        for word in line.split_inclusive(' ') {
            let fits = rows
                .last()
                .is_some_and(|row| self.width(&format!("{row}{}", word.trim_end())) <= room);
            if !fits && rows.last().is_some_and(|row| !row.is_empty()) {
                rows.push(String::new());
            }
            for c in word.chars() {
                let full = rows.last().is_some_and(|row| {
                    c != ' ' && self.width(row) + SIZE > room && self.width(&format!("{row}{c}")) > room
                });
                if full {
                    rows.push(String::new());
                }
                if let Some(row) = rows.last_mut() {
                    row.push(c);
                }
            }
        }
        rows.iter().map(|row| row.trim_end().to_owned()).collect()
    }

    fn draw(&self, surface: &mut Surface<'_>, x: f32, y: f32, size: f32, row: &str) {
        if !row.is_empty() {
            surface.draw_text(
                Point::from_xy(x, y),
                self.font.clone(),
                size,
                row,
                false,
                TextDirection::Auto,
            );
        }
    }
}

/// Letters as a folder of PDF files, one a message, to be printed and posted.
pub struct Letters {
    folder: PathBuf,
    head: Letterhead,
}

impl Letters {
    /// Into a folder; it is made when the first letter comes.
    pub fn new(folder: &Path, head: Letterhead) -> Letters {
        Letters {
            folder: folder.to_owned(),
            head,
        }
    }
}

impl Way for Letters {
    fn name(&self) -> &'static str {
        "pdf"
    }

    fn after_crash(&self) -> AfterCrash {
        AfterCrash::Again
    }

    fn hand_over(&self, message: &Message, now: Stamp) -> Handover {
        let pages = match render(message, &self.head, now) {
            Ok(pages) => pages,
            Err(why) => return Handover::Refused(why),
        };
        let name = format!("{}.letter.pdf", stem(message));
        place(&self.folder, message, Path::new(&name), &pages)
            .unwrap_or_else(|error| later("the folder of letters", &error))
    }

    fn health(&self) -> Health {
        if self.folder.exists() {
            return folder_health(self.name(), &self.folder);
        }
        Health {
            ok: true,
            detail: format!("pdf: {} is made with the first letter", self.folder.display()),
        }
    }
}

#[cfg(test)]
mod tests;
