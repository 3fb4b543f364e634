//! The part of a page around a field, at a scale at which it can be read.
//!
//! Owns the choice of the part. Must not know how it is shown.

use crate::intake::Picture;

/// A step to the right, in widths of the part.
const STEP: f32 = 0.6;

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crop {
    /// Its pixels.
    pub picture: Picture,
    /// Left, top, right, bottom of the field in it, in pixels; beyond its edges where it does not fit.
    pub field: [i64; 4],
}

/// A box lower than this is no line of letters, but a mark: its neighbours tell the height.
const LOWEST: f32 = 12.0;
/// A box higher than this share of the page is a paragraph.
const HIGHEST: f32 = 0.025;

/// The part around a field's box (fractions of the page), of so many pixels; a line of text gets `line` of them in height, or
/// down to `least` where the field is long; of one that is longer still, `steps` to the right.
pub fn around(
    page: &Picture,
    area: [f32; 4],
    (width, height): (usize, usize),
    line: f32,
    least: f32,
    steps: u16,
) -> Option<Crop> {
    if width == 0 || height == 0 {
        return None;
    }
    let (across, down) = (page.width() as f32, page.height() as f32);
    let [left, top, right, bottom] = area;
    let (left, right) = (left * across, right * across);
    let (top, bottom) = (top * down, bottom * down);
    let letters = (bottom - top).clamp(LOWEST, (HIGHEST * down).max(LOWEST));
    let room = width as f32 * 0.92;
    let wished = line / letters;
    let fitting = room / (right - left).max(1.0);
    let scale = wished.min(fitting.max(least / letters)).clamp(0.05, 4.0);
    let (wide, high) = (width as f32 / scale, height as f32 / scale);
    // A field that fits stands in the middle, a bit to the right so that its label is seen; one that does not, begins left.
    let x = if right - left <= wide * 0.92 {
        (left + right) / 2.0 - wide * 0.55
    } else {
        left - wide * 0.04
    };
    let y = if bottom - top <= high {
        (top + bottom) / 2.0 - high / 2.0
    } else {
        top - letters
    };
    let x = (x + wide * STEP * f32::from(steps)).min(across - wide).max(0.0);
    let y = y.min(down - high).max(0.0);
    let part = page.part(
        x.round() as i64,
        y.round() as i64,
        wide.round().max(1.0) as usize,
        high.round().max(1.0) as usize,
    )?;
    let picture = scaled(&part, width, height);
    let at = |place: f32, from: f32| ((place - from) * scale).round() as i64;
    Some(Crop {
        picture,
        field: [at(left, x), at(top, y), at(right, x), at(bottom, y)],
    })
}

/// Shrunk by the mean of what each pixel covers; enlarged by repeating.
fn scaled(part: &Picture, width: usize, height: usize) -> Picture {
    let small = part.shrunk(width, height);
    if (small.width(), small.height()) == (width, height) {
        return small;
    }
    let mut grey = Vec::with_capacity(width * height);
    for y in 0..height {
        let row = small.row(y * small.height() / height);
        grey.extend((0..width).map(|x| row.get(x * small.width() / width).copied().unwrap_or(255)));
    }
    Picture::new(width, height, grey).unwrap_or(small)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A white page with a black bar where the field stands.
    fn page() -> (Picture, [f32; 4]) {
        let (width, height) = (1728, 2200);
        let mut grey = vec![255; width * height];
        for y in 500..530 {
            grey[y * width + 400..y * width + 700].fill(0);
        }
        let area = [400.0 / 1728.0, 500.0 / 2200.0, 700.0 / 1728.0, 530.0 / 2200.0];
        (Picture::new(width, height, grey).unwrap(), area)
    }

    #[test]
    fn a_line_gets_the_height_that_it_needs_and_the_field_is_where_it_says() {
        let (page, area) = page();
        for (size, line) in [
            ((156, 32), 12.0),
            ((136, 128), 12.0),
            ((900, 300), 28.0),
            ((40, 16), 12.0),
        ] {
            let crop = around(&page, area, size, line, 9.0, 0).unwrap();
            assert_eq!((crop.picture.width(), crop.picture.height()), size);
            let [left, top, right, bottom] = crop.field;
            assert!(bottom - top >= 8, "{size:?} {:?}", crop.field);
            let dark = |x: i64, y: i64| crop.picture.row(y as usize)[x as usize] < 128;
            let (x, y) = ((left.max(0) + right.min(size.0 as i64)) / 2, (top + bottom) / 2);
            assert!(dark(x, y), "{size:?} {:?}", crop.field);
            assert!(top <= 2 || !dark(x, top - 2));
        }
    }

    #[test]
    fn no_box_and_no_size_is_too_odd() {
        let (page, _) = page();
        for area in [
            [0.0; 4],
            [1.0; 4],
            [0.0, 0.0, 1.0, 1.0],
            [0.9, 0.99, 1.0, 1.0],
            [0.5, 0.5, 0.2, 0.2],
        ] {
            for size in [(1, 1), (3, 400), (400, 3), (156, 32)] {
                let crop = around(&page, area, size, 12.0, 9.0, 3).unwrap();
                assert_eq!((crop.picture.width(), crop.picture.height()), size);
            }
        }
        assert_eq!(around(&page, [0.0; 4], (0, 9), 12.0, 9.0, 0), None);
    }
}
