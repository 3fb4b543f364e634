//! Fonts as the text extractor reads them rightly.
//!
//! Owns what is put right in a font's dictionary before the extractor sees it: widths in every form that the format allows,
//! and metrics for a font that states none. Must not know what is printed with it. A width that is lost puts the letters of a
//! word on one spot, where two that are the same count as one: `R-10001` came out as `R-101`. Fonts: ISO 32000-1, 9.6 to 9.8.

use lopdf::{Dictionary, Document, Object};
use std::collections::BTreeMap;

/// Codes of a composite font are two bytes.
const MOST_WIDTHS: usize = 65_536;
/// Of a composite font that states none (ISO 32000-1, table 117).
const DEFAULT_WIDTH: i64 = 1_000;

/// Encodings of simple fonts that the extractor knows; at another name it gives the page up.
const ENCODINGS: &[&[u8]] = &[b"MacRomanEncoding", b"MacExpertEncoding", b"WinAnsiEncoding"];

/// The fourteen fonts that every reader has (ISO 32000-1, 9.6.2.2), as a family, bold, slanted; and whether both.
#[rustfmt::skip]
const CORE: &[(&str, [&str; 4])] = &[
    ("courier", ["Courier", "Courier-Bold", "Courier-Oblique", "Courier-BoldOblique"]),
    ("times", ["Times-Roman", "Times-Bold", "Times-Italic", "Times-BoldItalic"]),
    ("helvetica", ["Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-BoldOblique"]),
];
/// Those of the fourteen that have no letters.
const PICTURES: &[&str] = &["Symbol", "ZapfDingbats"];

/// What a name of a font says of its family. The first that stands in the name holds.
#[rustfmt::skip]
const FAMILIES: &[(&str, &str)] = &[
    ("courier", "courier"), ("mono", "courier"), ("consol", "courier"), ("typewriter", "courier"), ("ocr", "courier"),
    ("sans", "helvetica"), ("times", "times"), ("roman", "times"), ("serif", "times"), ("garamond", "times"),
    ("georgia", "times"), ("cambria", "times"), ("palatino", "times"), ("bookman", "times"),
];

/// The font to give the extractor in place of one that it would misread; `None` where it reads it rightly.
pub fn mended(document: &Document, font: &Object) -> Option<Object> {
    let font = dictionary(document, font)?;
    let kind = font.get(b"Subtype").and_then(Object::as_name).ok()?;
    match kind {
        b"Type0" => composite(document, font),
        b"Type1" | b"TrueType" | b"MMType1" => simple(document, font),
        _ => None,
    }
    .map(Object::Dictionary)
}

fn dictionary<'a>(document: &'a Document, object: &'a Object) -> Option<&'a Dictionary> {
    document.dereference(object).ok()?.1.as_dict().ok()
}

fn array<'a>(document: &'a Document, of: &'a Dictionary, key: &[u8]) -> Option<&'a Vec<Object>> {
    document.dereference(of.get(key).ok()?).ok()?.1.as_array().ok()
}

fn number(document: &Document, object: &Object) -> Option<f32> {
    document.dereference(object).ok()?.1.as_float().ok()
}

/// The extractor reads `[first [w w w]]` and loses `[first last w]`; both are common, often in one font.
fn composite(document: &Document, font: &Dictionary) -> Option<Dictionary> {
    let descendant = dictionary(document, array(document, font, b"DescendantFonts")?.first()?)?;
    let mut own = descendant.clone();
    let default = descendant
        .get(b"DW")
        .ok()
        .and_then(|width| number(document, width))
        .map_or(DEFAULT_WIDTH, |width| width.round() as i64);
    own.set("DW", default);
    if let Some(stated) = array(document, descendant, b"W") {
        own.set("W", listed(&widths(document, stated)));
    }
    let mut font = font.clone();
    font.set("DescendantFonts", vec![Object::Dictionary(own)]);
    Some(font)
}

/// Widths by code, whichever way they are stated; what is damaged ends them (ISO 32000-1, 9.7.4.3).
fn widths(document: &Document, stated: &[Object]) -> BTreeMap<u16, f32> {
    let mut widths = BTreeMap::new();
    let mut rest = stated;
    let code = |object: &Object| number(document, object).map(|code| code as i64);
    while let [first, second, more @ ..] = rest {
        let Some(first) = code(first).and_then(|code| u16::try_from(code).ok()) else {
            return widths;
        };
        if let Some(list) = document
            .dereference(second)
            .ok()
            .and_then(|(_, list)| list.as_array().ok())
        {
            let each = list.iter().map_while(|width| number(document, width));
            widths.extend((first..=u16::MAX).zip(each));
            rest = more;
            continue;
        }
        let (Some(last), [width, more @ ..]) = (code(second), more) else {
            return widths;
        };
        let (Ok(last), Some(width)) = (u16::try_from(last), number(document, width)) else {
            return widths;
        };
        widths.extend((first..=last).map(|code| (code, width)));
        rest = more;
    }
    widths
}

/// As `[first [w w w] first [w w]]`.
fn listed(widths: &BTreeMap<u16, f32>) -> Vec<Object> {
    let mut out: Vec<Object> = Vec::new();
    let mut row: Vec<Object> = Vec::new();
    let mut next: Option<u16> = None;
    for (code, width) in widths.iter().take(MOST_WIDTHS) {
        if next != Some(*code) {
            if !row.is_empty() {
                out.push(Object::Array(std::mem::take(&mut row)));
            }
            out.push(Object::Integer(i64::from(*code)));
        }
        row.push(Object::Real(*width));
        next = code.checked_add(1);
    }
    if !row.is_empty() {
        out.push(Object::Array(row));
    }
    out
}

fn simple(document: &Document, font: &Dictionary) -> Option<Dictionary> {
    let mut own = font.clone();
    let mut changed = encoded(document, &mut own);
    let stated = array(document, font, b"Widths").map(|widths| {
        let each = widths.iter().map(|width| number(document, width).unwrap_or(0.0));
        each.map(Object::Real).collect::<Vec<Object>>()
    });
    let first = font
        .get(b"FirstChar")
        .ok()
        .and_then(|first| number(document, first))
        .map(|first| first as i64);
    match (first, stated) {
        (Some(first), Some(widths)) if !widths.is_empty() => {
            // The extractor gives the page up where the count is another than the codes'.
            let count = i64::try_from(widths.len()).unwrap_or(0);
            own.set("FirstChar", first);
            own.set("LastChar", first.saturating_add(count) - 1);
            own.set("Widths", widths);
            let missing = font
                .get(b"FontDescriptor")
                .ok()
                .and_then(|descriptor| dictionary(document, descriptor))
                .and_then(|descriptor| number(document, descriptor.get(b"MissingWidth").ok()?));
            if let Some(width) = missing {
                own.set("MissingWidth", Object::Real(width));
            }
            changed = true;
        }
        _ => {
            let name = font
                .get(b"BaseFont")
                .and_then(Object::as_name)
                .unwrap_or_default();
            if let Some(core) = stand_in(&String::from_utf8_lossy(name)) {
                own.set("BaseFont", Object::Name(core.as_bytes().to_vec()));
                changed = true;
            }
        }
    }
    changed.then_some(own)
}

/// Takes an encoding's name away that the extractor does not know: what it takes instead has the same letters.
fn encoded(document: &Document, font: &mut Dictionary) -> bool {
    let unknown = |object: &Object| object.as_name().is_ok_and(|name| !ENCODINGS.contains(&name));
    let Some(stated) = font
        .get(b"Encoding")
        .ok()
        .and_then(|stated| document.dereference(stated).ok())
        .map(|(_, stated)| stated.clone())
    else {
        return false;
    };
    if unknown(&stated) {
        font.remove(b"Encoding");
        return true;
    }
    let Ok(based) = stated.as_dict() else { return false };
    if !based.get(b"BaseEncoding").is_ok_and(unknown) {
        return false;
    }
    let mut based = based.clone();
    based.remove(b"BaseEncoding");
    font.set("Encoding", based);
    true
}

/// The one of the fourteen whose metrics a font without its own is set in; `None` for one of the fourteen.
fn stand_in(name: &str) -> Option<&'static str> {
    // A subset's name begins with six letters and a plus (ISO 32000-1, 9.6.4).
    let plain = name.split_once('+').map_or(name, |(_, plain)| plain);
    let known = CORE
        .iter()
        .flat_map(|(_, faces)| faces)
        .chain(PICTURES)
        .find(|core| **core == plain);
    if let Some(core) = known {
        return (plain != name).then_some(core);
    }
    let lower = plain.to_lowercase();
    let family = FAMILIES
        .iter()
        .find(|(part, _)| lower.contains(part))
        .map_or("helvetica", |(_, family)| family);
    let bold = usize::from(lower.contains("bold") || lower.contains("black") || lower.contains("heavy"));
    let slanted = usize::from(lower.contains("italic") || lower.contains("oblique"));
    let (_, faces) = CORE.iter().find(|(core, _)| *core == family)?;
    faces.get(bold + 2 * slanted).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lopdf::dictionary;

    #[test]
    fn widths_are_read_however_they_are_stated() {
        let document = Document::with_version("1.5");
        let list = |numbers: &[i64]| Object::Array(numbers.iter().map(|n| (*n).into()).collect());
        let stated = [
            3.into(),
            list(&[500, 600]),
            7.into(),
            9.into(),
            Object::Real(318.5),
            5.into(),
            list(&[700]),
        ];
        let widths = widths(&document, &stated);
        assert_eq!(
            widths.into_iter().collect::<Vec<_>>(),
            [
                (3, 500.0),
                (4, 600.0),
                (5, 700.0),
                (7, 318.5),
                (8, 318.5),
                (9, 318.5)
            ]
        );
        for damaged in [
            vec![1.into()],
            vec![1.into(), 2.into()],
            vec![70_000.into(), 70_001.into(), 5.into()],
            vec![(-1).into(), list(&[5])],
            vec![9.into(), 7.into(), 5.into()],
        ] {
            assert!(super::widths(&document, &damaged).is_empty(), "{damaged:?}");
        }
    }

    #[test]
    fn the_default_is_a_whole_number_and_ranges_become_lists() {
        let document = Document::with_version("1.5");
        let font = Object::Dictionary(dictionary! {
            "Subtype" => "Type0",
            "DescendantFonts" => vec![Object::Dictionary(dictionary! {
                "DW" => Object::Real(499.6),
                "W" => vec![1.into(), 2.into(), 250.into(), 9.into(), Object::Array(vec![600.into()])],
            })],
        });
        let mended = mended(&document, &font).unwrap();
        let descendant = array(&document, mended.as_dict().unwrap(), b"DescendantFonts").unwrap()[0]
            .as_dict()
            .unwrap();
        assert_eq!(descendant.get(b"DW").unwrap().as_i64().unwrap(), 500);
        let real = |width: f32| Object::Real(width);
        assert_eq!(
            *array(&document, descendant, b"W").unwrap(),
            [
                1.into(),
                Object::Array(vec![real(250.0), real(250.0)]),
                9.into(),
                Object::Array(vec![real(600.0)])
            ]
        );
    }

    #[test]
    fn a_font_without_metrics_is_set_in_its_like() {
        for (name, core) in [
            ("Helvetica-Bold", None),
            ("ZapfDingbats", None),
            ("ABCDEF+Times-Bold", Some("Times-Bold")),
            ("Arial", Some("Helvetica")),
            ("ArialMT,BoldItalic", Some("Helvetica-BoldOblique")),
            ("TimesNewRomanPS-ItalicMT", Some("Times-Italic")),
            ("CourierNew", Some("Courier")),
            ("DejaVuSansMono-Bold", Some("Courier-Bold")),
            ("", Some("Helvetica")),
        ] {
            assert_eq!(stand_in(name), core, "{name}");
        }
    }
}
