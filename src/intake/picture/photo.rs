//! A PNG or JPEG as a picture.
//!
//! Owns the bounds given to the decoders, and which way up a camera held the page. Must not know what is on it.

use super::{MAX_SIDE, Picture, Trouble};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// At most this many pixels: telephones take pictures of 50 million.
const MAX_PHOTO: usize = 64_000_000;
/// A longer side says no more about a page: a letter at 300 dots an inch has 3,300 rows.
const PLENTY: usize = 4_000;

/// Decodes; a large photo comes out smaller.
pub fn decode(bytes: &[u8]) -> Result<Picture, Trouble> {
    let format = image::guess_format(bytes).map_err(|_| Trouble::Unsupported)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg) {
        return Err(Trouble::Unsupported);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    // Three bytes a pixel and some for the decoder; what has more than three fits in fewer pixels.
    limits.max_alloc = Some(MAX_PHOTO as u64 * 4);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| Trouble::Damaged)?;
    let (width, height) = decoder.dimensions();
    let (width, height) = (width as usize, height as usize);
    if !(1..=MAX_SIDE).contains(&width) || !(1..=MAX_SIDE).contains(&height) || width * height > MAX_PHOTO {
        return Err(Trouble::TooLarge);
    }
    let held = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(|_| Trouble::Damaged)?;
    // Grey first: a turned copy of a large photo in colour is more than the reader's memory.
    let grey = on_white(image).into_luma8();
    let mut grey = DynamicImage::ImageLuma8(grey);
    grey.apply_orientation(held);
    let grey = grey.into_luma8();
    let whole = Picture {
        width: grey.width() as usize,
        height: grey.height() as usize,
        grey: grey.into_raw(),
    };
    let longer = whole.width.max(whole.height);
    if longer <= PLENTY {
        return Ok(whole);
    }
    let scaled = |side: usize| (side * PLENTY).div_ceil(longer);
    Ok(whole.shrunk(scaled(whole.width), scaled(whole.height)))
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
