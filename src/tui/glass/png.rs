//! Grey pixels as a PNG.
//!
//! Must not know where it goes.

use crate::intake::Picture;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};

/// The bytes; none where they could not be packed.
pub fn png(picture: &Picture) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let pixels: Vec<u8> = picture.rows().flatten().copied().collect();
    let side = |side: usize| u32::try_from(side).ok();
    PngEncoder::new(&mut out)
        .write_image(
            &pixels,
            side(picture.width())?,
            side(picture.height())?,
            ExtendedColorType::L8,
        )
        .ok()?;
    Some(out)
}
