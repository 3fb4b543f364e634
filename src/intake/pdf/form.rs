//! The values that a form's fields hold, each in its place on the page.
//!
//! Owns the walk over a page's widgets. Must not know what the fields mean. Form fields: ISO 32000-1 §12.7.

use super::{Frame, number};
use crate::intake::sheet::{Origin, Run};
use lopdf::{Dictionary, Document, Object, ObjectId, decode_text_string};

/// At most this many fields of a page are read; fields nest at most this deep.
const MAX_FIELDS: usize = 1_000;
const MAX_DEPTH: usize = 16;
/// Line height assumed for values of several lines, in points.
const LEADING: f64 = 12.0;

/// The runs that the widgets of a page show.
pub fn values(document: &Document, page: ObjectId, frame: &Frame) -> Vec<Run> {
    let mut out = Vec::new();
    for widget in annotations(document, page) {
        let is_widget = widget
            .get(b"Subtype")
            .and_then(Object::as_name)
            .is_ok_and(|kind| kind == b"Widget");
        if is_widget && let Some(area) = area(document, widget, frame) {
            show(document, widget, area, frame, &mut out);
        }
    }
    out
}

/// A page's annotations, widgets and others.
pub(super) fn annotations(document: &Document, page: ObjectId) -> Vec<&Dictionary> {
    let annotations = document.get_dictionary(page).and_then(|page| page.get(b"Annots"));
    let Ok((_, annotations)) = annotations.and_then(|all| document.dereference(all)) else {
        return Vec::new();
    };
    // One stands in the list itself or as an object of its own.
    let all = annotations.as_array().into_iter().flatten();
    all.filter_map(|one| document.dereference(one).ok()?.1.as_dict().ok())
        .take(MAX_FIELDS)
        .collect()
}

/// Where one stands, as fractions of the upright page.
pub(super) fn area(document: &Document, widget: &Dictionary, frame: &Frame) -> Option<[f32; 4]> {
    let (_, sides) = document.dereference(widget.get(b"Rect").ok()?).ok()?;
    let sides: Vec<f64> = sides
        .as_array()
        .ok()?
        .iter()
        .filter_map(|side| number(document, side))
        .collect();
    let [a, b, c, d] = <[f64; 4]>::try_from(sides).ok()?;
    let (one, other) = (frame.upright(a, b), frame.upright(c, d));
    let area = [
        one.0.min(other.0),
        one.1.min(other.1),
        one.0.max(other.0),
        one.1.max(other.1),
    ];
    area.iter()
        .all(|side| side.is_finite())
        .then(|| area.map(|side| side.clamp(0.0, 1.0) as f32))
}

fn show(document: &Document, widget: &Dictionary, area: [f32; 4], frame: &Frame, out: &mut Vec<Run>) {
    let kind = entry(document, widget, b"FT")
        .and_then(|kind| kind.as_name().ok())
        .unwrap_or_default();
    let hint = hint(document, widget);
    match kind {
        b"Btn" => {
            let flags = entry(document, widget, b"Ff")
                .and_then(|flags| flags.as_i64().ok())
                .unwrap_or(0);
            // Bit 17 is a push button (ISO 32000-1, table 226): it holds no value.
            if flags & (1 << 16) == 0 {
                let state = widget
                    .get(b"AS")
                    .or_else(|_| widget.get(b"V"))
                    .ok()
                    .or_else(|| entry(document, widget, b"V"));
                let on = state
                    .and_then(|state| state.as_name().ok())
                    .is_some_and(|state| state != b"Off");
                out.push(Run::new(if on { "☒" } else { "☐" }, area, Origin::Form(None)));
            }
        }
        b"Tx" | b"Ch" => {
            let Some(value) = entry(document, widget, b"V").and_then(|value| written(document, value)) else {
                return;
            };
            let lines: Vec<&str> = value
                .split(['\r', '\n'])
                .filter(|line| !line.trim().is_empty())
                .take(60)
                .collect();
            let (_, height) = frame.size();
            let step = (LEADING / height) as f32;
            let (count, tall) = (lines.len(), area[3] - area[1]);
            let step = if count as f32 * step > tall {
                tall / count.max(1) as f32
            } else {
                step
            };
            for (index, line) in lines.iter().enumerate() {
                let top = area[1] + index as f32 * step;
                let bottom = if count == 1 {
                    (top + 1.6 * step).min(area[3])
                } else {
                    top + step
                };
                out.push(Run::new(
                    line,
                    [area[0], top, area[2], bottom],
                    Origin::Form(hint.clone()),
                ));
            }
        }
        _ => {}
    }
}

/// A text of the file, whatever it is kept as.
pub(super) fn written(document: &Document, value: &Object) -> Option<String> {
    match value {
        Object::String(..) => decode_text_string(value).ok(),
        Object::Stream(stream) => stream
            .get_plain_content()
            .ok()
            .map(|bytes| crate::intake::plain::decode(&bytes)),
        Object::Array(all) => {
            let all: Vec<String> = all
                .iter()
                .filter_map(|one| decode_text_string(document.dereference(one).ok()?.1).ok())
                .collect();
            Some(all.join(", "))
        }
        Object::Name(name) => Some(String::from_utf8_lossy(name).into_owned()),
        Object::Null
        | Object::Boolean(_)
        | Object::Integer(_)
        | Object::Real(_)
        | Object::Dictionary(_)
        | Object::Reference(_) => None,
    }
}

/// What the form calls the field: its tool tip, else its own name.
fn hint(document: &Document, widget: &Dictionary) -> Option<String> {
    let own = entry(document, widget, b"TU").or_else(|| entry(document, widget, b"T"))?;
    let name = decode_text_string(own).ok()?;
    let mut out = String::new();
    let mut lower = false;
    for c in name.chars().take(80) {
        if c.is_uppercase() && lower {
            out.push(' ');
        }
        lower = c.is_lowercase();
        out.push(if c == '_' || c == '.' || c == '-' { ' ' } else { c });
    }
    Some(out.trim().to_owned()).filter(|name| !name.is_empty())
}

/// A field's entry, its own or its parents'.
fn entry<'a>(document: &'a Document, widget: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    let mut node = widget;
    for _ in 0..MAX_DEPTH {
        if let Ok(object) = node.get(key) {
            return document.dereference(object).ok().map(|(_, object)| object);
        }
        node = document
            .get_dictionary(node.get(b"Parent").ok()?.as_reference().ok()?)
            .ok()?;
    }
    None
}
