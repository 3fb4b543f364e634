//! One page of a TIFF as a picture.
//!
//! Owns the choice between the fax decoder and the general one, and what makes a page upright and its pixels square.
//! Must not know how directories are chained.

use super::directory::{Listed, tag};
use super::fax::{Packing, Strip, unpack};
use super::{Picture, Trouble, fits};
use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult, Limits};

/// Rows this much closer together than pixels, or farther apart, are made even; scanners are off by a percent or two.
const UNEVEN: f32 = 1.1;
/// Nothing sends pixels more uneven than this (204 by 49 does not exist; 408 by 98 hardly).
const MOST_UNEVEN: f32 = 4.5;
/// Group 3's standard resolution: 204 across, 98 down (ITU-T T.4 §2).
const STANDARD: f32 = 204.0 / 98.0;

/// Decodes a page.
pub fn page(bytes: &[u8], listed: &Listed, index: usize) -> Result<Picture, Trouble> {
    let number = |tag| listed.number(bytes, index, tag);
    let width = number(tag::WIDTH).ok_or(Trouble::Damaged)? as usize;
    let height = number(tag::HEIGHT).ok_or(Trouble::Damaged)? as usize;
    if !fits(width, height) {
        return Err(Trouble::TooLarge);
    }
    let options = number(tag::T4_OPTIONS).unwrap_or(0);
    let packing = match number(tag::COMPRESSION).unwrap_or(1) {
        2 => Some(Packing::ModifiedHuffman),
        3 => Some(Packing::Group3 {
            two_dimensional: options & 1 == 1,
        }),
        4 => Some(Packing::Group4),
        _ => None,
    };
    let picture = match packing {
        Some(packing) => fax(bytes, listed, index, (width, height), packing)?,
        None => general(bytes, index)?,
    };
    let upright = match number(tag::ORIENTATION) {
        Some(3) => picture.turned().turned(),
        Some(6) => picture.turned(),
        Some(8) => picture.turned().turned().turned(),
        _ => picture,
    };
    let square = match unevenness(bytes, listed, index, &upright) {
        Some(ratio) => upright
            .stretched((upright.height() as f32 * ratio).round() as usize)
            .ok_or(Trouble::TooLarge)?,
        None => upright,
    };
    Ok(square)
}

/// How many times as far apart as pixels the rows stand; `None` where they are even.
fn unevenness(bytes: &[u8], listed: &Listed, index: usize, picture: &Picture) -> Option<f32> {
    let across = listed.ratio(bytes, index, tag::X_RESOLUTION);
    let down = listed.ratio(bytes, index, tag::Y_RESOLUTION);
    let ratio = match (across, down) {
        (Some(across), Some(down)) => across / down,
        // A fax's width and far too few rows: the sender left the resolution out.
        _ if picture.width() == 1728 && picture.height() < 1300 => STANDARD,
        _ => 1.0,
    };
    (ratio > UNEVEN && ratio < MOST_UNEVEN).then_some(ratio)
}

fn fax(
    bytes: &[u8],
    listed: &Listed,
    index: usize,
    (width, height): (usize, usize),
    packing: Packing,
) -> Result<Picture, Trouble> {
    let number = |tag| listed.number(bytes, index, tag);
    let per_strip = number(tag::ROWS_PER_STRIP)
        .map_or(height, |rows| rows as usize)
        .clamp(1, height);
    let mut grey = Vec::with_capacity(width * height);
    for strip in listed.strips(bytes, index) {
        let rows = per_strip.min(height - grey.len() / width);
        if rows == 0 {
            break;
        }
        grey.extend(unpack(&Strip {
            bytes: strip,
            width,
            rows,
            packing,
            low_first: number(tag::FILL_ORDER) == Some(2),
        }));
    }
    grey.resize(width * height, 255);
    // Codes say white and black; a page whose 0 is black has them the other way round (TIFF 6.0 §8).
    if number(tag::PHOTOMETRIC) == Some(1) {
        grey.iter_mut().for_each(|pixel| *pixel = !*pixel);
    }
    Picture::new(width, height, grey).ok_or(Trouble::Damaged)
}

/// Uncompressed, PackBits, LZW, deflate and JPEG.
fn general(bytes: &[u8], index: usize) -> Result<Picture, Trouble> {
    let mut limits = Limits::default();
    // 40 million pixels of three bytes.
    limits.decoding_buffer_size = super::MAX_PIXELS * 3;
    limits.intermediate_buffer_size = super::MAX_PIXELS * 3;
    let mut decoder = Decoder::new(std::io::Cursor::new(bytes))
        .map_err(|_| Trouble::Damaged)?
        .with_limits(limits);
    decoder.seek_to_image(index).map_err(|_| Trouble::Damaged)?;
    let (width, height) = decoder.dimensions().map_err(|_| Trouble::Damaged)?;
    let (width, height) = (width as usize, height as usize);
    if !fits(width, height) {
        return Err(Trouble::TooLarge);
    }
    let color = decoder.colortype().map_err(|_| Trouble::Unsupported)?;
    let read = decoder.read_image().map_err(|_| Trouble::Damaged)?;
    let bytes: Vec<u8> = if let DecodingResult::U8(bytes) = read {
        bytes
    } else if let DecodingResult::U16(words) = read {
        words.iter().map(|word| (word >> 8) as u8).collect()
    } else {
        return Err(Trouble::Unsupported);
    };
    if matches!(color, ColorType::Palette(_) | ColorType::Lab(_)) {
        return Err(Trouble::Unsupported);
    }
    let inked = matches!(color, ColorType::CMYK(_));
    let grey: Vec<u8> = match (color.num_samples(), color.bit_depth()) {
        (1, 8 | 16) => bytes,
        (1, bits @ (1 | 2 | 4)) => spread(&bytes, width, bits),
        (2, 8 | 16) => bytes
            .chunks_exact(2)
            .filter_map(|pixel| pixel.first().copied())
            .collect(),
        (3, 8 | 16) => bytes.chunks_exact(3).map(luma).collect(),
        (4, 8 | 16) if inked => bytes.chunks_exact(4).map(paper).collect(),
        (4, 8 | 16) => bytes.chunks_exact(4).map(luma).collect(),
        _ => return Err(Trouble::Unsupported),
    };
    Picture::new(width, height, grey).ok_or(Trouble::Damaged)
}

/// Rows of 1, 2 or 4 bits a pixel, each row on a byte boundary (TIFF 6.0 §3).
fn spread(bytes: &[u8], width: usize, bits: u8) -> Vec<u8> {
    let per_byte = usize::from(8 / bits);
    let most = (1_u16 << bits) - 1;
    bytes
        .chunks_exact(width.div_ceil(per_byte))
        .flat_map(|row| {
            (0..width).map(move |x| {
                let byte = row.get(x / per_byte).copied().unwrap_or(0xFF);
                let shift = 8 - bits as usize * (x % per_byte + 1);
                let value = u16::from(byte >> shift) & most;
                (value * 255 / most) as u8
            })
        })
        .collect()
}

/// Brightness of paper under four inks.
fn paper(inks: &[u8]) -> u8 {
    let dark: u32 = inks.iter().map(|ink| u32::from(*ink)).sum();
    255 - dark.min(255) as u8
}

/// Brightness of red, green and blue (ITU-R BT.601, in 256ths).
pub fn luma(pixel: &[u8]) -> u8 {
    let part = |index: usize, weight: u32| u32::from(pixel.get(index).copied().unwrap_or(255)) * weight;
    ((part(0, 77) + part(1, 150) + part(2, 29)) >> 8) as u8
}
