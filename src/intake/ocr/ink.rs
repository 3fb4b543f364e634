//! Black and white of a page, asked at points of its straightened plane.
//!
//! Owns the way back from straightened places to pixels. Must not know what is looked for.

use crate::intake::picture::Picture;

/// Darker than this is ink.
const DARK: u8 = 128;

/// A page's ink under its straightened places.
pub struct Ink<'a> {
    picture: &'a Picture,
    sin: f32,
    cos: f32,
}

/// A small part of a page in black and white.
pub struct Patch {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    dark: Vec<bool>,
}

impl<'a> Ink<'a> {
    /// The ink of a page whose lines slant so much (radians clockwise).
    pub fn new(picture: &'a Picture, slant: f32) -> Self {
        let (sin, cos) = slant.sin_cos();
        Self { picture, sin, cos }
    }

    /// The page's sides in pixels.
    pub fn sides(&self) -> (f32, f32) {
        (self.picture.width() as f32, self.picture.height() as f32)
    }

    /// The part between two corners of the straightened page, in pixels; `None` where it is empty or larger than a line.
    pub fn patch(&self, left: f32, top: f32, right: f32, bottom: f32) -> Option<Patch> {
        let (width, height) = ((right - left).round(), (bottom - top).round());
        if !(4.0..=4_000.0).contains(&width) || !(4.0..=400.0).contains(&height) {
            return None;
        }
        let (across, down) = self.sides();
        let (middle_x, middle_y) = (across / 2.0, down / 2.0);
        let mut dark = Vec::with_capacity(width as usize * height as usize);
        for row in 0..height as usize {
            // The row's first point, and from there along the slant.
            let (x, y) = (left + 0.5 - middle_x, top + row as f32 + 0.5 - middle_y);
            let (from_x, from_y) = (
                x * self.cos - y * self.sin + middle_x,
                y * self.cos + x * self.sin + middle_y,
            );
            dark.extend((0..width as usize).map(|column| {
                let x = from_x + column as f32 * self.cos;
                let y = from_y + column as f32 * self.sin;
                let inside = x >= 0.0 && y >= 0.0;
                let pixel = self.picture.row(y as usize).get(x as usize);
                inside && pixel.is_some_and(|pixel| *pixel < DARK)
            }));
        }
        Some(Patch {
            width: width as usize,
            height: height as usize,
            dark,
        })
    }
}

impl Patch {
    /// Whether there is ink at a point; none outside.
    pub fn at(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.dark.get(y * self.width + x).copied().unwrap_or(false)
    }

    /// The share of ink in the columns and rows from the first to before the last.
    pub fn share(&self, columns: std::ops::Range<usize>, rows: std::ops::Range<usize>) -> f32 {
        let all = columns.len() * rows.len();
        let dark = rows
            .flat_map(|y| columns.clone().map(move |x| (x, y)))
            .filter(|(x, y)| self.at(*x, *y))
            .count();
        dark as f32 / all.max(1) as f32
    }
}
