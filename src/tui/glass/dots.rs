//! A part of a page in dots: two by four to a character.
//!
//! Owns the characters, what counts as ink, and the frame around the field. Must not know where they are shown.

use super::crop::Crop;
use crate::config::screen::Dots;
use ratatui::symbols::pixel::OCTANTS;

/// Dots of a character across and down.
pub const ACROSS: usize = 2;
/// See [`ACROSS`].
pub const DOWN: usize = 4;
/// Dots between the field and its frame.
const MARGIN: i64 = 2;
/// Dot patterns of Unicode's braille block, by column and row.
const BRAILLE: [[u32; ACROSS]; DOWN] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
/// Ink is what is darker than this share of the way from the darkest to the lightest of what is seen.
const INK: f32 = 0.55;

/// The rows of characters.
pub fn rows(crop: &Crop, dots: Dots) -> Vec<String> {
    let picture = &crop.picture;
    let level = level(crop);
    let ink =
        |x: usize, y: usize| picture.row(y).get(x).is_some_and(|grey| *grey < level) || on_frame(crop, x, y);
    let (columns, lines) = (picture.width() / ACROSS, picture.height() / DOWN);
    (0..lines)
        .map(|line| {
            (0..columns)
                .map(|column| {
                    let on = |x: usize, y: usize| ink(column * ACROSS + x, line * DOWN + y);
                    character(&on, dots)
                })
                .collect()
        })
        .collect()
}

fn character(on: &dyn Fn(usize, usize) -> bool, dots: Dots) -> char {
    let mut braille = 0;
    let mut octant = 0;
    for (y, row) in BRAILLE.iter().enumerate() {
        for (x, bit) in row.iter().enumerate() {
            if on(x, y) {
                braille |= bit;
                octant |= 1 << (y * ACROSS + x);
            }
        }
    }
    match dots {
        _ if braille == 0 => ' ',
        Dots::Braille => char::from_u32(0x2800 + braille).unwrap_or(' '),
        Dots::Octants => OCTANTS.get(octant).copied().unwrap_or(' '),
    }
}

/// The grey below which something is ink: faint pages and grey forms are as legible as black on white.
fn level(crop: &Crop) -> u8 {
    let mut counts = [0_usize; 256];
    for row in crop.picture.rows() {
        for grey in row {
            if let Some(count) = counts.get_mut(usize::from(*grey)) {
                *count += 1;
            }
        }
    }
    let all: usize = counts.iter().sum();
    // A speck is not the darkest, nor the lightest.
    let beyond = all / 100;
    let at = |wanted: usize| {
        let mut sum = 0;
        counts.iter().position(|count| {
            sum += count;
            sum > wanted
        })
    };
    let dark = at(beyond).unwrap_or(0) as f32;
    let light = at(all.saturating_sub(beyond + 1)).unwrap_or(255) as f32;
    // An empty part has no ink, whatever its grey.
    if light - dark < 48.0 {
        return (dark - 24.0).max(0.0) as u8;
    }
    (dark + (light - dark) * INK) as u8
}

/// Whether a dot belongs to the frame around the field.
fn on_frame(crop: &Crop, x: usize, y: usize) -> bool {
    let (Ok(x), Ok(y)) = (i64::try_from(x), i64::try_from(y)) else {
        return false;
    };
    let [left, top, right, bottom] = crop.field;
    let (left, top) = (left - MARGIN, top - MARGIN);
    let (right, bottom) = (right + MARGIN, bottom + MARGIN);
    let beside = (x == left || x == right) && (top..=bottom).contains(&y);
    let above = (y == top || y == bottom) && (left..=right).contains(&x);
    beside || above
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::Picture;

    fn crop(width: usize, height: usize, ink: impl Fn(usize, usize) -> bool) -> Crop {
        let grey = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .map(|(x, y)| if ink(x, y) { 10 } else { 240 })
            .collect();
        Crop {
            picture: Picture::new(width, height, grey).unwrap(),
            field: [-100, -100, -90, -90],
        }
    }

    #[test]
    fn every_dot_stands_where_its_pixel_does() {
        for at in 0..8 {
            let one = crop(4, 8, |x, y| x == at % 2 && y == at / 2);
            let braille = rows(&one, Dots::Braille);
            assert_eq!(braille.len(), 2);
            let dot = u32::from(braille[0].chars().next().unwrap()) - 0x2800;
            assert_eq!(dot, BRAILLE[at / 2][at % 2]);
            assert_eq!(braille[1], "  ");
            let octant = rows(&one, Dots::Octants)[0].chars().next().unwrap();
            assert_eq!(octant, OCTANTS[1 << at]);
        }
    }

    #[test]
    fn a_faint_page_is_as_legible_and_an_empty_one_has_no_ink() {
        let mut faint = crop(40, 40, |x, _| x % 4 == 0);
        let bold = rows(&faint, Dots::Braille);
        let grey = faint
            .picture
            .rows()
            .flatten()
            .map(|grey| 150 + grey / 4)
            .collect();
        faint.picture = Picture::new(40, 40, grey).unwrap();
        assert_eq!(rows(&faint, Dots::Braille), bold);
        for grey in [0, 128, 255] {
            faint.picture = Picture::new(40, 40, vec![grey; 1600]).unwrap();
            assert!(rows(&faint, Dots::Braille).concat().trim().is_empty(), "{grey}");
        }
    }

    #[test]
    fn the_field_is_framed() {
        let mut framed = crop(20, 16, |_, _| false);
        framed.field = [6, 6, 12, 9];
        let drawn = rows(&framed, Dots::Braille);
        assert_eq!(
            drawn.iter().filter(|row| !row.trim().is_empty()).count(),
            2,
            "{drawn:?}"
        );
    }
}
