//! Where lines of text stand on a page.
//!
//! Owns what the detector is fed. Must not know what lines say.

use super::Lane;
use super::regions::{self, Slab};
use super::weights;
use crate::intake::picture::Picture;
use rten::Model;
use rten_tensor::NdTensor;

/// The page's longer side as the detector sees it. Measured on faxes: larger is slower and no better.
const LONG_SIDE: usize = 960;
/// The detector halves its input five times.
const MULTIPLE: usize = 32;

/// Darker than this is ink: type on a fax is black, and a light grey where a small picture's pixel holds a quarter of a thin
/// stroke; a lone speck of a fax is lighter.
const INK: u8 = 205;
/// A row or column with fewer dark pixels holds specks.
const SPECKS: usize = 3;
/// Paper left around the ink, so that type at its edge looks as it does elsewhere.
const PAPER: usize = 32;

/// The part of a page that is not empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Inked {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

/// Finds it; none on a blank page. The model's work is proportional to what it is shown, and margins say nothing.
fn ink(picture: &Picture) -> Option<Inked> {
    let mut columns = vec![0_usize; picture.width()];
    let mut rows = Vec::new();
    for y in 0..picture.height() {
        let mut dark = 0;
        for (pixel, column) in picture.row(y).iter().zip(&mut columns) {
            let ink = usize::from(*pixel < INK);
            *column += ink;
            dark += ink;
        }
        rows.push(dark);
    }
    let span = |counts: &[usize]| {
        let inked = |count: &usize| *count >= SPECKS;
        let first = counts.iter().position(inked)?;
        let last = counts.iter().rposition(inked)?;
        Some((first.saturating_sub(PAPER), (last + 1 + PAPER).min(counts.len())))
    };
    let ((left, right), (top, bottom)) = (span(&columns)?, span(&rows)?);
    Some(Inked {
        left,
        top,
        right,
        bottom,
    })
}

/// The detector.
pub struct Detector {
    model: Model,
}

impl Detector {
    /// Unpacks the model.
    pub fn load() -> Option<Self> {
        let model = weights::load(
            include_bytes!("../../../assets/ocr/detect.onnx"),
            include_bytes!("../../../assets/ocr/detect.w8"),
            "detect.onnx.data",
        )?;
        Some(Self { model })
    }

    /// The lines of a page, top to bottom.
    pub fn find(&self, picture: &Picture, lane: &Lane) -> Option<Vec<Slab>> {
        let longer = picture.width().max(picture.height());
        let scale = (LONG_SIDE as f32 / longer as f32).min(1.0);
        let small = picture.shrunk(
            (picture.width() as f32 * scale).round() as usize,
            (picture.height() as f32 * scale).round() as usize,
        );
        let Some(ink) = ink(&small) else {
            return Some(Vec::new());
        };
        let width = (ink.right - ink.left).next_multiple_of(MULTIPLE);
        let height = (ink.bottom - ink.top).next_multiple_of(MULTIPLE);
        // The margin is paper. The model's grey scale runs from -1 to 1, the same in all three colours.
        let mut plane = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            let row = small.row(ink.top + y).get(ink.left..).unwrap_or_default();
            plane.extend(
                row.iter()
                    .take(width)
                    .map(|pixel| f32::from(*pixel) / 127.5 - 1.0),
            );
            plane.resize((y + 1) * width, 1.0);
        }
        let page = plane.clone();
        plane.extend_from_slice(&page);
        plane.extend_from_slice(&page);
        drop(page);
        let input = NdTensor::from_data([1, 3, height, width], plane);
        let output: NdTensor<f32, 4> = self
            .model
            .run_one(input.into(), Some(lane.options()))
            .ok()?
            .try_into()
            .ok()?;
        let map = output.into_data();
        let (back_x, back_y) = (
            picture.width() as f32 / small.width() as f32,
            picture.height() as f32 / small.height() as f32,
        );
        let mut slabs: Vec<Slab> = regions::slabs(&map, width)
            .into_iter()
            .map(|slab| slab.moved(ink.left as f32, ink.top as f32).scaled(back_x, back_y))
            .collect();
        slabs.sort_by(|a, b| a.y.total_cmp(&b.y));
        Some(slabs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn margins_and_specks_are_left_out() {
        let mut grey = vec![255_u8; 400 * 300];
        for y in 100..110 {
            grey[y * 400 + 120..y * 400 + 200].fill(0);
        }
        for speck in [(5, 5), (399, 299), (200, 250)] {
            grey[speck.1 * 400 + speck.0] = 0;
        }
        let page = Picture::new(400, 300, grey).unwrap();
        let expected = Inked {
            left: 120 - PAPER,
            top: 100 - PAPER,
            right: 200 + PAPER,
            bottom: 110 + PAPER,
        };
        assert_eq!(ink(&page), Some(expected));
        assert_eq!(ink(&Picture::new(50, 50, vec![255; 2_500]).unwrap()), None);
        let dark = Picture::new(50, 50, vec![90; 2_500]).unwrap();
        assert_eq!(
            ink(&dark),
            Some(Inked {
                left: 0,
                top: 0,
                right: 50,
                bottom: 50
            })
        );
    }
}
