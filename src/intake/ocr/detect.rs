//! Where lines of text stand on a page.
//!
//! Owns what the detector is fed. Must not know what lines say.

use super::regions::{self, Slab};
use super::weights;
use crate::intake::picture::Picture;
use rten::Model;
use rten_tensor::NdTensor;

/// The page's longer side as the detector sees it. Measured on faxes: larger is slower and no better.
const LONG_SIDE: usize = 960;
/// The detector halves its input five times.
const MULTIPLE: usize = 32;

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
    pub fn find(&self, picture: &Picture) -> Option<Vec<Slab>> {
        let longer = picture.width().max(picture.height());
        let scale = (LONG_SIDE as f32 / longer as f32).min(1.0);
        let small = picture.shrunk(
            (picture.width() as f32 * scale).round() as usize,
            (picture.height() as f32 * scale).round() as usize,
        );
        let width = small.width().next_multiple_of(MULTIPLE);
        let height = small.height().next_multiple_of(MULTIPLE);
        // The margin is paper. The model's grey scale runs from -1 to 1, the same in all three colours.
        let mut plane = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            let row = small.row(y);
            plane.extend(row.iter().map(|pixel| f32::from(*pixel) / 127.5 - 1.0));
            plane.resize((y + 1) * width, 1.0);
        }
        let page = plane.clone();
        plane.extend_from_slice(&page);
        plane.extend_from_slice(&page);
        drop(page);
        let input = NdTensor::from_data([1, 3, height, width], plane);
        let output: NdTensor<f32, 4> = self.model.run_one(input.into(), None).ok()?.try_into().ok()?;
        let map = output.into_data();
        let (back_x, back_y) = (
            picture.width() as f32 / small.width() as f32,
            picture.height() as f32 / small.height() as f32,
        );
        let mut slabs: Vec<Slab> = regions::slabs(&map, width)
            .into_iter()
            .map(|slab| slab.scaled(back_x, back_y))
            .collect();
        slabs.sort_by(|a, b| a.y.total_cmp(&b.y));
        Some(slabs)
    }
}
