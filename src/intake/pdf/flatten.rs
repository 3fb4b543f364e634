//! Rewrites a page's content so that only placed text and plain paths are left, with every embedded form in its place.
//!
//! Owns the list of operators that the text extractor is given. Must not know what the text says. The extractor panics
//! on operators and operands that it does not expect and ignores where an embedded form stands; what it is given here is
//! within what it expects. Operators: ISO 32000-1, annex A.

use super::{Frame, fonts, inherited};
use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

/// Embedded forms are followed this deep and a page may hold this many operators.
const MAX_DEPTH: usize = 8;
const MAX_SAVED: usize = 1_000;
const MAX_OPERATIONS: usize = 150_000;

/// Operators that pass as they are, with the number of numeric operands that each takes.
#[rustfmt::skip]
const NUMERIC: &[(&str, usize)] = &[
    ("BT", 0), ("ET", 0), ("q", 0), ("Q", 0), ("cm", 6), ("Tc", 1), ("Tw", 1), ("Tz", 1), ("TL", 1),
    ("Ts", 1), ("Tm", 6), ("Td", 2), ("TD", 2), ("T*", 0), ("m", 2), ("l", 2), ("c", 6), ("h", 0),
    ("re", 4), ("S", 0), ("f", 0), ("n", 0),
];

/// Painting operators that the extractor does not know, and the one it knows that paints the same outline.
const PAINTED_AS: &[(&str, &str)] = &[
    ("s", "S"),
    ("B", "S"),
    ("B*", "S"),
    ("b", "S"),
    ("b*", "S"),
    ("F", "f"),
    ("f*", "f"),
];

/// How many characters a page shows, and how many of them in ink that cannot be seen (text rendering mode 3, ISO 32000-1,
/// table 106): what other programs read from a scan is laid beneath it so. Counted in bytes of strings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// All of them.
    pub all: usize,
    /// Those that cannot be seen.
    pub hidden: usize,
    /// Characters in a row of which no font says what they are (counted by what reads the characters, not here).
    pub mute: usize,
}

struct Flat {
    operations: Vec<Operation>,
    fonts: Dictionary,
    forms: usize,
    shown: Shown,
    /// The text rendering mode, and those that `Q` brings back.
    mode: i64,
    modes: Vec<i64>,
}

/// Replaces the page's content and resources by the flattened ones; `None` where the page has no readable content.
pub fn page(document: &mut Document, id: ObjectId, frame: &Frame) -> Option<Shown> {
    let content = document.get_page_content(id).ok()?;
    let none = Dictionary::new();
    let resources = inherited(document, id, b"Resources")
        .and_then(|object| object.as_dict().ok())
        .unwrap_or(&none);
    let mut flat = Flat {
        operations: Vec::new(),
        fonts: Dictionary::new(),
        forms: 0,
        shown: Shown::default(),
        mode: 0,
        modes: Vec::new(),
    };
    flat.take(document, &content, resources, "", 0);
    let Flat {
        operations,
        fonts,
        shown,
        ..
    } = flat;
    let encoded = Content { operations }.encode().ok()?;
    let stream = document.add_object(Stream::new(Dictionary::new(), encoded));
    let mut resources = Dictionary::new();
    resources.set("Font", Object::Dictionary(fonts));
    let page = document.get_dictionary_mut(id).ok()?;
    page.set("Contents", Object::Reference(stream));
    page.set("Resources", Object::Dictionary(resources));
    page.set(
        "MediaBox",
        frame
            .bounds
            .iter()
            .map(|side| Object::Real(*side as f32))
            .collect::<Vec<_>>(),
    );
    page.remove(b"ArtBox");
    Some(shown)
}

impl Flat {
    fn take(
        &mut self,
        document: &Document,
        content: &[u8],
        resources: &Dictionary,
        prefix: &str,
        depth: usize,
    ) {
        let Ok(content) = Content::decode(content) else {
            return;
        };
        let mut font_set = false;
        for operation in content.operations {
            if self.operations.len() >= MAX_OPERATIONS {
                return;
            }
            let operator = operation.operator.as_str();
            match operator {
                "Tf" => font_set |= self.font(document, &operation.operands, resources, prefix),
                "Tj" if font_set => self.show(operation.operands),
                "'" if font_set => {
                    self.push("T*", vec![]);
                    self.show(operation.operands);
                }
                "\"" if font_set => {
                    let mut operands = operation.operands.into_iter();
                    if let (Some(word), Some(letter), Some(text)) =
                        (operands.next(), operands.next(), operands.next())
                    {
                        self.numeric("Tw", vec![word]);
                        self.numeric("Tc", vec![letter]);
                        self.push("T*", vec![]);
                        self.show(vec![text]);
                    }
                }
                "TJ" if font_set => {
                    if let Some(Object::Array(parts)) = operation.operands.first() {
                        parts.iter().for_each(|part| self.count(part));
                        self.push("TJ", operation.operands);
                    }
                }
                "v" | "y" => {
                    if let [.., x, y] = operation.operands.as_slice() {
                        self.numeric("l", vec![x.clone(), y.clone()]);
                    }
                }
                "Tr" => {
                    let mode = operation.operands.first().and_then(|mode| mode.as_i64().ok());
                    self.mode = mode.unwrap_or(0);
                }
                "q" => {
                    if self.modes.len() < MAX_SAVED {
                        self.modes.push(self.mode);
                    }
                    self.push("q", vec![]);
                }
                "Q" => {
                    self.mode = self.modes.pop().unwrap_or(self.mode);
                    self.push("Q", vec![]);
                }
                "Do" => self.embedded(document, &operation.operands, resources, depth),
                _ => {
                    let painted = PAINTED_AS
                        .iter()
                        .find(|(from, _)| *from == operator)
                        .map_or(operator, |(_, to)| to);
                    self.numeric(painted, operation.operands);
                }
            }
        }
    }

    fn push(&mut self, operator: &str, operands: Vec<Object>) {
        self.operations.push(Operation::new(operator, operands));
    }

    fn numeric(&mut self, operator: &str, operands: Vec<Object>) {
        let fits = NUMERIC
            .iter()
            .any(|(known, count)| *known == operator && *count == operands.len());
        if fits
            && operands
                .iter()
                .all(|operand| matches!(operand, Object::Integer(_) | Object::Real(_)))
        {
            self.push(operator, operands);
        }
    }

    fn show(&mut self, operands: Vec<Object>) {
        if let Some(text @ Object::String(..)) = operands.into_iter().next() {
            self.count(&text);
            self.push("Tj", vec![text]);
        }
    }

    fn count(&mut self, text: &Object) {
        if let Object::String(bytes, _) = text {
            self.shown.all += bytes.len();
            self.shown.hidden += if self.mode == 3 { bytes.len() } else { 0 };
        }
    }

    fn font(
        &mut self,
        document: &Document,
        operands: &[Object],
        resources: &Dictionary,
        prefix: &str,
    ) -> bool {
        let [Object::Name(name), size @ (Object::Integer(_) | Object::Real(_))] = operands else {
            return false;
        };
        let font = document
            .get_dict_in_dict(resources, b"Font")
            .ok()
            .and_then(|fonts| fonts.get(name).ok())
            .filter(|font| {
                document
                    .dereference(font)
                    .is_ok_and(|(_, font)| font.as_dict().is_ok())
            });
        let Some(font) = font else { return false };
        let mut own = prefix.as_bytes().to_vec();
        own.extend_from_slice(name);
        if !self.fonts.has(&own) {
            let font = fonts::mended(document, font).unwrap_or_else(|| font.clone());
            self.fonts.set(own.clone(), font);
        }
        self.push("Tf", vec![Object::Name(own), size.clone()]);
        true
    }

    fn embedded(&mut self, document: &Document, operands: &[Object], resources: &Dictionary, depth: usize) {
        if depth >= MAX_DEPTH {
            return;
        }
        let stream = operands
            .first()
            .and_then(|name| name.as_name().ok())
            .and_then(|name| {
                document
                    .get_dict_in_dict(resources, b"XObject")
                    .ok()?
                    .get(name)
                    .ok()
            })
            .and_then(|object| document.dereference(object).ok())
            .and_then(|(_, object)| object.as_stream().ok());
        let Some(stream) = stream else { return };
        if !stream
            .dict
            .get(b"Subtype")
            .and_then(Object::as_name)
            .is_ok_and(|kind| kind == b"Form")
        {
            return;
        }
        let own = document
            .get_dict_in_dict(&stream.dict, b"Resources")
            .unwrap_or(resources);
        let content = stream
            .get_plain_content()
            .unwrap_or_else(|_| stream.content.clone());
        self.forms += 1;
        let prefix = format!("X{}.", self.forms);
        self.push("q", vec![]);
        if let Ok(matrix) = stream.dict.get(b"Matrix").and_then(Object::as_array) {
            self.numeric("cm", matrix.clone());
        }
        self.take(document, &content, own, &prefix, depth + 1);
        self.push("Q", vec![]);
    }
}
