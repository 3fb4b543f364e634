//! A PNG or JPEG as a picture.
//!
//! Owns the bounds given to the decoders, and which way up a camera held the page. Must not know what is on it.

use super::{MAX_PIXELS, Picture, Trouble, fits};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// Decodes.
pub fn decode(bytes: &[u8]) -> Result<Picture, Trouble> {
    let format = image::guess_format(bytes).map_err(|_| Trouble::Unsupported)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg) {
        return Err(Trouble::Unsupported);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    // Four bytes a pixel, and as much again for the decoder.
    limits.max_alloc = Some(MAX_PIXELS as u64 * 5);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| Trouble::Damaged)?;
    let (width, height) = decoder.dimensions();
    if !fits(width as usize, height as usize) {
        return Err(Trouble::TooLarge);
    }
    let held = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(|_| Trouble::Damaged)?;
    image.apply_orientation(held);
    let grey = on_white(image).into_luma8();
    Picture::new(grey.width() as usize, grey.height() as usize, grey.into_raw()).ok_or(Trouble::Damaged)
}

/// Ink on a transparent sheet is ink on white paper.
fn on_white(image: DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return image;
    }
    let mut pixels = image.into_luma_alpha8();
    for pixel in pixels.pixels_mut() {
        let [ink, opacity] = pixel.0;
        let (ink, opacity) = (u32::from(ink), u32::from(opacity));
        pixel.0 = [((ink * opacity + 255 * (255 - opacity)) / 255) as u8, 255];
    }
    DynamicImage::ImageLumaA8(pixels)
}
