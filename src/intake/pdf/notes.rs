//! What was written onto a page without being part of it: typed notes, stamps, lines and strokes of a pen.
//!
//! Owns the annotations other than form fields: text typed over a form, and marks that tick its boxes. Must not know what any
//! of it means. Annotations: ISO 32000-1 §12.5.

use super::Frame;
use super::form::{annotations, area, written};
use crate::intake::sheet::{Origin, Run};
use lopdf::{Dictionary, Document, Object, ObjectId};

/// Flags of what is not shown (ISO 32000-1, table 165): hidden, and not viewed.
const UNSEEN: i64 = 1 << 1 | 1 << 5;
/// A tick is at most so large, in points; what is larger strikes out, underlines or is a signature.
const TICK: f32 = 40.0;
/// Marks that tick what they are put on.
const MARKS: &[&[u8]] = &[b"Stamp", b"Line", b"Ink", b"Polygon", b"PolyLine"];
/// Text that is a tick and says nothing else.
const TICKS: &[&str] = &["x", "✓", "✔", "✗", "✘", "☒", "☑", "√", "×", "•", "●"];
/// Size of type where a note does not say it, in points.
const SIZE: f64 = 11.0;
/// Height of a line, in sizes of its type.
const LEADING: f64 = 1.35;

/// What was put on a page.
#[derive(Debug, Default)]
pub struct Notes {
    /// Typed text, in its place.
    pub typed: Vec<Run>,
    /// Where ticks were put: left, top, right, bottom in points of the upright page.
    pub ticks: Vec<[f64; 4]>,
}

/// Reads them.
pub fn read(document: &Document, page: ObjectId, frame: &Frame) -> Notes {
    let mut out = Notes::default();
    for note in annotations(document, page) {
        let Some(kind) = note.get(b"Subtype").and_then(Object::as_name).ok() else {
            continue;
        };
        let flags = note.get(b"F").and_then(Object::as_i64).unwrap_or(0);
        let Some(place) = area(document, note, frame).filter(|_| flags & UNSEEN == 0) else {
            continue;
        };
        if MARKS.contains(&kind) {
            tick(place, frame, &mut out);
        } else if kind == b"FreeText" {
            typed(document, note, place, frame, &mut out);
        }
    }
    out
}

fn tick(place: [f32; 4], frame: &Frame, out: &mut Notes) {
    let (width, height) = frame.size();
    let [left, top, right, bottom] = place.map(f64::from);
    let points = [left * width, top * height, right * width, bottom * height];
    if points[2] - points[0] <= f64::from(TICK) && points[3] - points[1] <= f64::from(TICK) {
        out.ticks.push(points);
    }
}

fn typed(document: &Document, note: &Dictionary, place: [f32; 4], frame: &Frame, out: &mut Notes) {
    let contents = note.get(b"Contents").and_then(|text| document.dereference(text));
    let Some(text) = contents.ok().and_then(|(_, text)| written(document, text)) else {
        return;
    };
    let text = text.trim();
    if TICKS.contains(&text.to_lowercase().as_str()) {
        tick(place, frame, out);
        return;
    }
    // A note's box may be taller than what is typed into it, which stands at its top.
    let step = (size(document, note) * LEADING / frame.size().1) as f32;
    for (number, line) in text.split(['\r', '\n']).enumerate().take(60) {
        let top = place[1] + number as f32 * step;
        let bottom = (top + step).min(place[3]).max(top + 0.3 * step);
        out.typed.push(Run::new(
            line,
            [place[0], top, place[2], bottom],
            Origin::Form(None),
        ));
    }
}

/// The size of its type, from the operator that sets it (`0 g /Helv 12 Tf`).
fn size(document: &Document, note: &Dictionary) -> f64 {
    let said = note.get(b"DA").and_then(|text| document.dereference(text));
    let said = said
        .ok()
        .and_then(|(_, text)| written(document, text))
        .unwrap_or_default();
    let words: Vec<&str> = said.split_whitespace().collect();
    words
        .windows(2)
        .find_map(|pair| match pair {
            [size, "Tf"] => size.parse().ok(),
            _ => None,
        })
        .filter(|size| (4.0..=40.0).contains(size))
        .unwrap_or(SIZE)
}
