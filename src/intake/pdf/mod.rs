//! A PDF as pages: placed words from the content, values from the form, and pictures where there are no words.
//!
//! Owns opening, its bounds and what is said about a file that cannot be read. Must not know what any page says.

mod flatten;
mod fonts;
mod form;
mod glyphs;
mod layout;
mod legible;
mod locked;
mod notes;
mod scan;

use super::document::Container;
use super::picture::MAX_PICTURES;
use super::reading::{Reading, Seen, Tally};
use super::sheet::{MAX_PAGES, Sheet};
use super::source::Source;
use lopdf::{Dictionary, Document, Object, ObjectId};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A page tree deeper than this is damaged or hostile.
const MAX_TREE: usize = 32;

/// Reads a PDF. The parsers are third parties' and panic on some damaged files; such a page or file is reported, never
/// fatal.
pub fn read(bytes: &[u8], reading: &Reading<'_>) -> Source {
    let opened = catch_unwind(|| Document::load_mem(bytes));
    let mut document = match opened {
        Ok(Ok(document)) => document,
        Ok(Err(
            lopdf::Error::Decryption(_) | lopdf::Error::InvalidPassword | lopdf::Error::AlreadyEncrypted,
        )) => return unlocked(bytes, reading),
        Ok(Err(lopdf::Error::UnsupportedSecurityHandler(_) | lopdf::Error::Unimplemented(_))) => {
            return shut(reading);
        }
        Ok(Err(_)) | Err(_) => return mended(bytes, reading),
    };
    if !document.is_encrypted() {
        return guarded(bytes, &mut document, reading);
    }
    // Many a PDF is encrypted under no password at all, only to forbid its printing.
    let opened = catch_unwind(AssertUnwindSafe(|| document.decrypt("").is_ok()));
    if opened.unwrap_or(false) {
        return guarded(bytes, &mut document, reading);
    }
    unlocked(bytes, reading)
}

/// Draws a page, counted from 0, as it would be drawn to be read; none where it cannot be.
pub fn draw(bytes: &[u8], password: &str, index: usize) -> Option<super::picture::Picture> {
    let plainly = scan::Painter::new(bytes).draw_blindly(index).ok();
    plainly.or_else(|| {
        scan::Painter::new(&open(bytes, password)?)
            .draw_blindly(index)
            .ok()
    })
}

/// The same file without its password.
fn open(bytes: &[u8], password: &str) -> Option<Vec<u8>> {
    catch_unwind(|| locked::opened(bytes, password)).unwrap_or(None)
}

/// One that the parser does not open without its password.
fn unlocked(bytes: &[u8], reading: &Reading<'_>) -> Source {
    let plain = reading.password().and_then(|password| open(bytes, password));
    let Some(plain) = plain else {
        return shut(reading);
    };
    match catch_unwind(|| Document::load_mem(&plain)) {
        Ok(Ok(mut document)) => guarded(&plain, &mut document, reading),
        Ok(Err(_)) | Err(_) => mended(&plain, reading),
    }
}

fn guarded(bytes: &[u8], document: &mut Document, reading: &Reading<'_>) -> Source {
    catch_unwind(AssertUnwindSafe(|| pages(bytes, document, reading))).unwrap_or_else(|_| damaged())
}

fn shut(reading: &Reading<'_>) -> Source {
    let why = match reading.password() {
        Some(_) => "the PDF is protected by another password than the one given",
        None => "the PDF is protected by a password; give it, or ask the sender for one without",
    };
    Source {
        locked: true,
        ..Source::unreadable(Container::Pdf, why)
    }
}

fn damaged() -> Source {
    Source::unreadable(
        Container::Pdf,
        "the PDF is damaged and could not be read; a person must look, or ask for it again",
    )
}

/// One whose structure is broken: the renderer mends more than the parser does, and what it can draw is read.
fn mended(bytes: &[u8], reading: &Reading<'_>) -> Source {
    let painter = scan::Painter::new(bytes);
    let count = painter.pages();
    if count == 0 {
        return damaged();
    }
    let seen = reading.look(count, |gallery| {
        for index in 0..count.min(MAX_PICTURES) {
            gallery.hand_in(painter.draw_blindly(index));
        }
    });
    let mut tally = Tally::default();
    let sheets: Vec<Sheet> = seen.into_iter().map(|seen| tally.take(seen)).collect();
    if sheets.iter().all(|sheet| sheet.runs.is_empty()) {
        return damaged();
    }
    let mut warnings =
        vec!["the PDF is damaged; what could be mended was read, and a person should look".to_owned()];
    warnings.extend(tally.warnings(count));
    Source {
        container: Container::Pdf,
        sheets,
        warnings,
        ..Source::default()
    }
}

fn pages(bytes: &[u8], document: &mut Document, reading: &Reading<'_>) -> Source {
    let ids: Vec<ObjectId> = document.page_iter().take(MAX_PAGES + 1).collect();
    if ids.is_empty() {
        return mended(bytes, reading);
    }
    let mut source = Source {
        container: Container::Pdf,
        ..Source::default()
    };
    // What each page's text says, and whether its picture must be read beside it.
    let mut read: Vec<(Option<Sheet>, Option<Draft>)> = Vec::new();
    for (index, id) in ids.iter().take(MAX_PAGES).enumerate() {
        reading.beat();
        let draft = Draft {
            index,
            frame: frame(document, *id),
            largest: scan::largest(document, *id),
        };
        let text = catch_unwind(AssertUnwindSafe(|| page(document, *id, index))).unwrap_or(None);
        let taken = text.as_ref().map(|(sheet, shown)| (sheet, *shown));
        let must_be_seen = legible::must_be_seen(taken, draft.largest);
        read.push((text.map(|(sheet, _)| sheet), must_be_seen.then_some(draft)));
    }
    let drafts: Vec<Draft> = read.iter().filter_map(|(_, draft)| *draft).collect();
    let mut seen = if drafts.is_empty() {
        Vec::new()
    } else {
        reading.look(drafts.len(), |gallery| {
            let painter = scan::Painter::new(bytes);
            for draft in drafts {
                gallery.hand_in(painter.draw(draft.index, &draft.frame, draft.largest));
            }
        })
    }
    .into_iter();
    let mut tally = Tally::default();
    for (text, draft) in read {
        source.sheets.push(match (draft, text) {
            (None, text) => text.unwrap_or_default(),
            (Some(_), text) => {
                let read = tally.take(seen.next().unwrap_or(Seen::Failed));
                let (mut runs, shot) = (read.runs, read.shot);
                runs.extend(scan::kept(text));
                Sheet::new(runs).of_shot(shot)
            }
        });
    }
    if tally.failed == source.sheets.len() {
        return damaged();
    }
    source.warnings = tally.warnings(ids.len());
    if ids.len() > MAX_PAGES {
        source
            .warnings
            .push(format!("only the first {MAX_PAGES} pages were read"));
    }
    source
}

/// A page that must be drawn.
#[derive(Clone, Copy, Debug)]
struct Draft {
    index: usize,
    frame: Frame,
    /// The sides of its largest picture, in pixels.
    largest: Option<(f64, f64)>,
}

/// The visible rectangle of a page and its rotation.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Left, bottom, right, top in default user space.
    pub bounds: [f64; 4],
    /// Clockwise, in degrees: 0, 90, 180 or 270.
    pub turn: i64,
}

impl Frame {
    /// From user space to the upright page: fractions of width and height, from the top left.
    pub fn upright(&self, x: f64, y: f64) -> (f64, f64) {
        let [left, bottom, right, top] = self.bounds;
        let (across, down) = ((x - left) / (right - left), (top - y) / (top - bottom));
        match self.turn {
            90 => (1.0 - down, across),
            180 => (1.0 - across, 1.0 - down),
            270 => (down, 1.0 - across),
            _ => (across, down),
        }
    }

    /// Width and height of the upright page in points.
    pub fn size(&self) -> (f64, f64) {
        let [left, bottom, right, top] = self.bounds;
        if self.turn == 90 || self.turn == 270 {
            (top - bottom, right - left)
        } else {
            (right - left, top - bottom)
        }
    }
}

fn page(document: &mut Document, id: ObjectId, index: usize) -> Option<(Sheet, flatten::Shown)> {
    let frame = frame(document, id);
    let values = form::values(document, id, &frame);
    let notes = notes::read(document, id, &frame);
    let shown = flatten::page(document, id, &frame)?;
    let mut found = glyphs::Glyphs::new(frame, notes.ticks);
    let number = u32::try_from(index + 1).ok()?;
    pdf_extract::output_doc_page(document, &mut found, number).ok()?;
    let shown = flatten::Shown {
        mute: found.mute(),
        ..shown
    };
    let mut runs = layout::runs(found.finish(), &frame);
    runs.extend(values);
    runs.extend(notes.typed);
    Some((Sheet::new(runs), shown))
}

/// US Letter, in points: what a page without a usable box is taken for.
const LETTER: [f64; 4] = [0.0, 0.0, 612.0, 792.0];

fn frame(document: &Document, id: ObjectId) -> Frame {
    let numbers = |object: &Object| -> Option<[f64; 4]> {
        let (_, object) = document.dereference(object).ok()?;
        let all: Vec<f64> = object
            .as_array()
            .ok()?
            .iter()
            .filter_map(|side| number(document, side))
            .collect();
        let [a, b, c, d] = <[f64; 4]>::try_from(all).ok()?;
        let sides = [a.min(c), b.min(d), a.max(c), b.max(d)];
        let usable = sides.iter().all(|side| side.is_finite())
            && sides[2] - sides[0] > 10.0
            && sides[3] - sides[1] > 10.0;
        usable.then_some(sides)
    };
    let bounds = inherited(document, id, b"CropBox")
        .and_then(numbers)
        .or_else(|| inherited(document, id, b"MediaBox").and_then(numbers))
        .unwrap_or(LETTER);
    let turn = inherited(document, id, b"Rotate")
        .and_then(|turn| turn.as_i64().ok())
        .unwrap_or(0)
        .rem_euclid(360);
    Frame { bounds, turn }
}

fn number(document: &Document, object: &Object) -> Option<f64> {
    document
        .dereference(object)
        .ok()?
        .1
        .as_float()
        .ok()
        .map(f64::from)
}

/// A page's entry, its own or its ancestors'.
fn inherited<'a>(document: &'a Document, id: ObjectId, key: &[u8]) -> Option<&'a Object> {
    let mut node: &Dictionary = document.get_dictionary(id).ok()?;
    for _ in 0..MAX_TREE {
        if let Ok(object) = node.get(key) {
            return document.dereference(object).ok().map(|(_, object)| object);
        }
        node = document
            .get_dictionary(node.get(b"Parent").ok()?.as_reference().ok()?)
            .ok()?;
    }
    None
}

#[cfg(test)]
mod tests;
