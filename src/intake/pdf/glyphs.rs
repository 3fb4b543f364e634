//! The characters and the small boxes of a page, upright and in points from the top left.
//!
//! Owns the extractor's output device: what is kept of text and of paths. Must not know how words are formed.

use super::Frame;
use super::legible::WORD;
use pdf_extract::{ColorSpace, MediaBox, OutputDev, OutputError, Path, PathOp, Transform};
use unicode_normalization::UnicodeNormalization;

/// A page of more characters than this is not a letter.
const MAX_GLYPHS: usize = 60_000;
/// At most this many strokes are looked at for ticks.
const MAX_MARKS: usize = 4_000;
/// A tick that was put on a page is so near to its box, in points, however small it is.
const REACH: f64 = 9.0;
/// Sides of a printed tick box, in points.
const BOX_SIDE: std::ops::RangeInclusive<f64> = 4.5..=18.0;

/// One character as printed.
#[derive(Clone, Debug)]
pub struct Glyph {
    /// What it is, one or a few characters (ligatures are taken apart).
    pub text: String,
    /// Left edge.
    pub left: f64,
    /// Right edge.
    pub right: f64,
    /// Baseline.
    pub base: f64,
    /// Font size as it appears.
    pub size: f64,
}

/// Collects what a page shows.
pub struct Glyphs {
    frame: Frame,
    glyphs: Vec<Glyph>,
    boxes: Vec<[f64; 4]>,
    /// Small strokes and fills, and whether each is a rectangle.
    marks: Vec<([f64; 4], bool)>,
    /// Ticks that were put on the page.
    ticks: Vec<[f64; 4]>,
    /// Characters in a row of which no font says what they are, and those of the row that goes on.
    mute: usize,
    row: usize,
}

impl Glyphs {
    /// An empty page on which ticks were put.
    pub fn new(frame: Frame, ticks: Vec<[f64; 4]>) -> Self {
        Self {
            frame,
            glyphs: Vec::new(),
            boxes: Vec::new(),
            marks: Vec::new(),
            ticks,
            mute: 0,
            row: 0,
        }
    }

    /// How many characters the page shows of which no font says what they are; alone, such a one is an ornament.
    pub fn mute(&self) -> usize {
        self.mute
    }

    /// Counts a character of which it is not known what it is, or is.
    fn hear(&mut self, known: bool) {
        self.row = if known { 0 } else { self.row + 1 };
        self.mute += match self.row {
            row if row == WORD => WORD,
            row if row > WORD => 1,
            _ => 0,
        };
    }

    /// The characters, and a ticked or empty box character for each printed box.
    pub fn finish(mut self) -> Vec<Glyph> {
        self.boxes.dedup_by(|a, b| near(a, b));
        let boxes = std::mem::take(&mut self.boxes);
        for area in boxes {
            let within = |x: f64, y: f64| x > area[0] && x < area[2] && y > area[1] && y < area[3];
            let marked = self.marks.iter().any(|(mark, rectangle)| {
                within((mark[0] + mark[2]) / 2.0, (mark[1] + mark[3]) / 2.0)
                    && !(*rectangle && near(mark, &area))
            });
            let before = self.glyphs.len();
            self.glyphs.retain(|glyph| {
                !(within((glyph.left + glyph.right) / 2.0, glyph.base - glyph.size * 0.3)
                    && is_mark(&glyph.text))
            });
            let written = self.glyphs.len() < before;
            self.glyphs.push(Glyph {
                text: if marked || written { "☒" } else { "☐" }.to_owned(),
                left: area[0],
                right: area[2],
                base: area[3] - (area[3] - area[1]) * 0.15,
                size: area[3] - area[1],
            });
        }
        for tick in std::mem::take(&mut self.ticks) {
            self.tick(tick);
        }
        self.glyphs
    }

    /// Ticks the box that is nearest to where a tick was put.
    fn tick(&mut self, place: [f64; 4]) {
        let (x, y) = ((place[0] + place[2]) / 2.0, (place[1] + place[3]) / 2.0);
        let reach = ((place[2] - place[0]).hypot(place[3] - place[1]) / 2.0).max(REACH);
        let away = |glyph: &Glyph| {
            let middle = glyph.base - glyph.size * 0.35;
            ((glyph.left + glyph.right) / 2.0 - x).hypot(middle - y)
        };
        let nearest = self
            .glyphs
            .iter_mut()
            .filter(|glyph| matches!(glyph.text.as_str(), "☐" | "□" | "☒"))
            .min_by(|a, b| away(a).total_cmp(&away(b)));
        if let Some(glyph) = nearest.filter(|glyph| away(glyph) <= reach) {
            glyph.text = "☒".to_owned();
        }
    }

    fn point(&self, transform: &Transform, x: f64, y: f64) -> (f64, f64) {
        let across = x * transform.m11 + y * transform.m21 + transform.m31;
        let up = x * transform.m12 + y * transform.m22 + transform.m32;
        let (x, y) = self.frame.upright(across, up);
        let (width, height) = self.frame.size();
        (x * width, y * height)
    }

    fn trace(&mut self, transform: &Transform, path: &Path, filled: bool) {
        let mut outline: Vec<(f64, f64)> = Vec::new();
        for op in &path.ops {
            match op {
                PathOp::Rect(x, y, width, height) => {
                    let area = bounds(&[
                        self.point(transform, *x, *y),
                        self.point(transform, x + width, y + height),
                    ]);
                    self.shape(area, filled, true);
                }
                PathOp::MoveTo(x, y) => {
                    self.outline(&outline, filled);
                    outline = vec![self.point(transform, *x, *y)];
                }
                PathOp::LineTo(x, y) => outline.push(self.point(transform, *x, *y)),
                PathOp::CurveTo(.., x, y) => outline.push(self.point(transform, *x, *y)),
                PathOp::Close => {}
            }
        }
        self.outline(&outline, filled);
    }

    /// Four or five corners whose sides run along the page's are a drawn rectangle; anything else small is a mark.
    fn outline(&mut self, outline: &[(f64, f64)], filled: bool) {
        if outline.len() < 2 {
            return;
        }
        let upright = outline
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if (a.0 - b.0).abs() < 0.2 || (a.1 - b.1).abs() < 0.2));
        self.shape(
            bounds(outline),
            filled,
            upright && (4..=5).contains(&outline.len()),
        );
    }

    fn shape(&mut self, area: [f64; 4], filled: bool, rectangle: bool) {
        let (width, height) = (area[2] - area[0], area[3] - area[1]);
        if width > *BOX_SIDE.end()
            || height > *BOX_SIDE.end()
            || self.marks.len() + self.boxes.len() >= MAX_MARKS
        {
            return;
        }
        let square = rectangle
            && BOX_SIDE.contains(&width)
            && BOX_SIDE.contains(&height)
            && width / height < 1.6
            && height / width < 1.6;
        if square && !filled {
            self.boxes.push(area);
        } else if width > 1.5 || height > 1.5 {
            self.marks.push((area, rectangle));
        }
    }
}

fn bounds(points: &[(f64, f64)]) -> [f64; 4] {
    points
        .iter()
        .fold([f64::MAX, f64::MAX, f64::MIN, f64::MIN], |area, (x, y)| {
            [area[0].min(*x), area[1].min(*y), area[2].max(*x), area[3].max(*y)]
        })
}

fn near(a: &[f64; 4], b: &[f64; 4]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1.0)
}

fn is_mark(text: &str) -> bool {
    matches!(
        text.trim(),
        "X" | "x"
            | "✓"
            | "✔"
            | "✗"
            | "✘"
            | "✕"
            | "✖"
            | "☒"
            | "☑"
            | "■"
            | "●"
            | "•"
            | "4"
            | "8"
            | "a"
            | "ü"
            | "√"
            | "×"
    )
}

/// Characters of the Wingdings fonts as they stand in the private area (Microsoft's symbol-font convention, U+F000 +
/// code), and what they show.
#[rustfmt::skip]
const SYMBOLS: &[(char, &str)] = &[
    ('\u{F06F}', "☐"), ('\u{F0A8}', "☐"), ('\u{F071}', "☐"), ('\u{F072}', "☐"), ('\u{F0FD}', "☒"),
    ('\u{F078}', "☒"), ('\u{F0FE}', "☑"), ('\u{F052}', "☑"), ('\u{F0FC}', "✓"), ('\u{F0FB}', "✗"),
    ('\u{F0B7}', "•"), ('\u{F0A7}', "▪"),
];

fn legible(raw: &str) -> String {
    let mut out = String::new();
    for c in raw.chars() {
        match SYMBOLS.iter().find(|(code, _)| *code == c) {
            Some((_, shown)) => out.push_str(shown),
            None if ('\u{FB00}'..='\u{FB06}').contains(&c) => out.extend(std::iter::once(c).nfkc()),
            None if c == '\u{A0}' => out.push(' '),
            None => out.push(c),
        }
    }
    out
}

/// Whether a character stands for none that is printed: fonts without a map to letters give these.
pub fn says_nothing(c: char) -> bool {
    c == '\u{FFFD}' || c.is_control() || ('\u{E000}'..='\u{F8FF}').contains(&c) || c >= '\u{F0000}'
}

impl OutputDev for Glyphs {
    fn begin_page(
        &mut self,
        _: u32,
        _: &MediaBox,
        _: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        transform: &Transform,
        width: f64,
        _: f64,
        size: f64,
        raw: &str,
    ) -> Result<(), OutputError> {
        if self.glyphs.len() >= MAX_GLYPHS {
            return Ok(());
        }
        let (left, base) = self.point(transform, 0.0, 0.0);
        let (right, end) = self.point(transform, width * size, 0.0);
        let (tip_x, tip_y) = self.point(transform, 0.0, size);
        let (height, lean) = (base - tip_y, (tip_x - left).abs());
        let upright = height > 0.5 && lean < height && (end - base).abs() < 0.3 * height && right >= left;
        let text = legible(raw);
        // A space neither says nor hides anything, whichever character a font makes of it.
        if size != 0.0 && (text.is_empty() || !text.trim().is_empty()) {
            self.hear(!text.chars().all(says_nothing));
        }
        if upright && left.is_finite() && base.is_finite() && !text.trim().is_empty() {
            self.glyphs.push(Glyph {
                text,
                left,
                right: right.max(left + 0.01),
                base,
                size: height,
            });
        }
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn stroke(
        &mut self,
        transform: &Transform,
        _: &ColorSpace,
        _: &[f64],
        path: &Path,
    ) -> Result<(), OutputError> {
        self.trace(transform, path, false);
        Ok(())
    }

    fn fill(
        &mut self,
        transform: &Transform,
        _: &ColorSpace,
        _: &[f64],
        path: &Path,
    ) -> Result<(), OutputError> {
        self.trace(transform, path, true);
        Ok(())
    }
}
