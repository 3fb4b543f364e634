//! A page of a PDF as a picture, for pages that are pictures.
//!
//! Owns the choice of pages and of their scale. Must not know how a picture is read.

use super::{Frame, inherited};
use crate::intake::picture::{MAX_PIXELS, Picture, Trouble};
use crate::intake::sheet::{Origin, Sheet};
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use lopdf::{Dictionary, Document, Object, ObjectId};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Pixels a point: faxes have 204 dots an inch, scans 150 to 300. The picture's own scale is kept within these, so that its
/// pixels stay what they are; else a fax's is taken.
const SCALES: std::ops::RangeInclusive<f64> = 2.0..=4.2;
const SCALE: f64 = 204.0 / 72.0;
/// A rendered page has at most this many pixels: four bytes each, twice.
const MOST: f64 = 16_000_000.0;
/// Forms within forms are searched for pictures this deep.
const MAX_DEPTH: usize = 4;

/// A page's largest picture, in pixels.
pub fn largest(document: &Document, id: ObjectId) -> Option<(f64, f64)> {
    let resources = inherited(document, id, b"Resources")?.as_dict().ok()?;
    search(document, resources, 0)
}

fn search(document: &Document, resources: &Dictionary, depth: usize) -> Option<(f64, f64)> {
    let objects = document.get_dict_in_dict(resources, b"XObject").ok()?;
    let mut best: Option<(f64, f64)> = None;
    for (_, object) in objects.iter().take(200) {
        let Some(stream) = document
            .dereference(object)
            .ok()
            .and_then(|(_, object)| object.as_stream().ok())
        else {
            continue;
        };
        let found = match stream.dict.get(b"Subtype").and_then(Object::as_name) {
            Ok(b"Image") => side(document, stream, b"Width").zip(side(document, stream, b"Height")),
            Ok(b"Form") if depth < MAX_DEPTH => document
                .get_dict_in_dict(&stream.dict, b"Resources")
                .ok()
                .and_then(|inner| search(document, inner, depth + 1)),
            _ => None,
        };
        if let Some((width, height)) = found
            && best.is_none_or(|(w, h)| width * height > w * h)
        {
            best = Some((width, height));
        }
    }
    best
}

fn side(document: &Document, stream: &lopdf::Stream, key: &[u8]) -> Option<f64> {
    super::number(document, stream.dict.get(key).ok()?).filter(|side| *side >= 1.0)
}

/// What the text layer says that a picture does not: the values of form fields.
pub fn kept(text: Option<Sheet>) -> Vec<crate::intake::sheet::Run> {
    let mut runs = text.map(|sheet| sheet.runs).unwrap_or_default();
    runs.retain(|run| matches!(run.origin, Origin::Form(_)));
    runs
}

/// Draws pages. The renderer is a third party's and may panic; that is a damaged page.
pub struct Painter {
    pdf: Option<Pdf>,
}

impl Painter {
    /// Opens the file again, for drawing.
    pub fn new(bytes: &[u8]) -> Self {
        let open = || Pdf::new(bytes.to_vec()).ok();
        Self {
            pdf: catch_unwind(open).unwrap_or(None),
        }
    }

    /// Draws a page, counted from 0.
    pub fn draw(&self, index: usize, frame: &Frame, largest: Option<(f64, f64)>) -> Result<Picture, Trouble> {
        // The renderer unpacks a picture whole, four bytes a pixel, before it makes it smaller.
        if largest.is_some_and(|(width, height)| width * height > MAX_PIXELS as f64) {
            return Err(Trouble::TooLarge);
        }
        self.at_scale(index, scale(frame, largest))
    }

    /// Draws a page of which nothing else is known.
    pub fn draw_blindly(&self, index: usize) -> Result<Picture, Trouble> {
        self.at_scale(index, SCALE)
    }

    fn at_scale(&self, index: usize, scale: f64) -> Result<Picture, Trouble> {
        let pdf = self.pdf.as_ref().ok_or(Trouble::Damaged)?;
        catch_unwind(AssertUnwindSafe(|| drawn(pdf, index, scale))).unwrap_or(Err(Trouble::Damaged))
    }

    /// How many pages the renderer finds; it mends more than the parser of text does.
    pub fn pages(&self) -> usize {
        let count = |pdf: &Pdf| catch_unwind(AssertUnwindSafe(|| pdf.pages().len())).unwrap_or(0);
        self.pdf.as_ref().map_or(0, count)
    }
}

/// The scale at which the page's picture keeps its own pixels.
fn scale(frame: &Frame, largest: Option<(f64, f64)>) -> f64 {
    let (width, height) = frame.size();
    largest
        .map(|(across, down)| {
            (across.min(down) / width.min(height)).max(across.max(down) / width.max(height))
        })
        .filter(|scale| SCALES.contains(scale))
        .unwrap_or(SCALE)
}

fn drawn(pdf: &Pdf, index: usize, scale: f64) -> Result<Picture, Trouble> {
    let page = pdf.pages().get(index).ok_or(Trouble::Damaged)?;
    let (width, height) = page.render_dimensions();
    let area = f64::from(width) * f64::from(height);
    if area.is_nan() || area < 1.0 {
        return Err(Trouble::Damaged);
    }
    let scale = scale.min((MOST / area).sqrt());
    if f64::from(width.max(height)) * scale > f64::from(u16::MAX) {
        return Err(Trouble::TooLarge);
    }
    let pixels = render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings {
            x_scale: scale as f32,
            y_scale: scale as f32,
            bg_color: WHITE,
        },
    );
    let (width, height) = (usize::from(pixels.width()), usize::from(pixels.height()));
    let grey = pixels
        .data_as_u8_slice()
        .chunks_exact(4)
        .map(crate::intake::picture::luma)
        .collect();
    Picture::new(width, height, grey).ok_or(Trouble::TooLarge)
}
