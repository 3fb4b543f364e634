//! Files around a picture: TIFF in the ways of fax machines, PNG, JPEG, PDF.

use crate::intake::picture::Picture;
use image::{ExtendedColorType, ImageEncoder};
use lopdf::{Document, Object, Stream, dictionary};

/// The ways of a fax machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fax {
    /// T.4, one-dimensional.
    Group3,
    /// T.4, every other row two-dimensional.
    Group3Mixed,
    /// T.6.
    Group4,
}

/// Codes of T.4, table 2, for runs that are powers of two; other runs are made of them, with empty runs of the other colour
/// between.
const WHITE: &[(usize, &str)] = &[
    (32, "00011011"),
    (16, "101010"),
    (8, "10011"),
    (4, "1011"),
    (2, "0111"),
    (1, "000111"),
];
const BLACK: &[(usize, &str)] = &[
    (32, "000001101010"),
    (16, "0000010111"),
    (8, "000101"),
    (4, "011"),
    (2, "11"),
    (1, "010"),
];
const NO_WHITE: &str = "00110101";
const NO_BLACK: &str = "0000110111";
const END_OF_LINE: &str = "000000000001";

/// A row as (white, black) pairs of runs whose lengths are powers of two or nothing.
fn pairs(row: &[u8]) -> Vec<(&'static str, &'static str)> {
    let mut out = Vec::new();
    for run in row.chunk_by(|a, b| (*a < 128) == (*b < 128)) {
        let black = run[0] < 128;
        let mut left = run.len();
        while left > 0 {
            let codes = if black { BLACK } else { WHITE };
            let (length, code) = codes.iter().find(|(length, _)| *length <= left).unwrap();
            out.push(if black {
                (NO_WHITE, *code)
            } else {
                (*code, NO_BLACK)
            });
            left -= length;
        }
    }
    out
}

fn packed(picture: &Picture, fax: Fax, low_first: bool) -> Vec<u8> {
    let mut bits = String::new();
    for (number, row) in picture.rows().enumerate() {
        let flat = match fax {
            Fax::Group3 => true,
            Fax::Group3Mixed => number % 2 == 0,
            Fax::Group4 => false,
        };
        if fax != Fax::Group4 {
            bits.push_str(END_OF_LINE);
        }
        if fax == Fax::Group3Mixed {
            bits.push(if flat { '1' } else { '0' });
        }
        for (white, black) in pairs(row) {
            if !flat {
                // Horizontal mode.
                bits.push_str("001");
            }
            bits.push_str(white);
            bits.push_str(black);
        }
    }
    match fax {
        Fax::Group4 => bits.push_str(&END_OF_LINE.repeat(2)),
        Fax::Group3 => bits.push_str(&END_OF_LINE.repeat(6)),
        Fax::Group3Mixed => bits.push_str(&format!("{END_OF_LINE}1").repeat(6)),
    }
    bits.as_bytes()
        .chunks(8)
        .map(|eight| {
            let byte = eight
                .iter()
                .enumerate()
                .fold(0_u8, |byte, (at, bit)| byte | (bit - b'0') << (7 - at));
            if low_first { byte.reverse_bits() } else { byte }
        })
        .collect()
}

/// A TIFF of these pages, with 204 pixels an inch across and `down` rows an inch.
pub fn tiff(pages: &[&Picture], fax: Fax, low_first: bool, down: u32) -> Vec<u8> {
    let mut out = b"II*\0\0\0\0\0".to_vec();
    let mut link = 4;
    for page in pages {
        let strip = packed(page, fax, low_first);
        let (strip_at, size) = (out.len() as u32, strip.len() as u32);
        out.extend(strip);
        let ratios = out.len() as u32;
        for part in [204, 1, down, 1] {
            out.extend(u32::to_le_bytes(part));
        }
        out.resize(out.len().next_multiple_of(2), 0);
        let here = out.len() as u32;
        out[link..link + 4].copy_from_slice(&here.to_le_bytes());
        let compression = if fax == Fax::Group4 { 4 } else { 3 };
        let entries: [(u16, u16, u32); 12] = [
            (256, 4, page.width() as u32),
            (257, 4, page.height() as u32),
            (258, 3, 1),
            (259, 3, compression),
            (262, 3, 0),
            (266, 3, if low_first { 2 } else { 1 }),
            (273, 4, strip_at),
            (278, 4, page.height() as u32),
            (279, 4, size),
            (282, 5, ratios),
            (283, 5, ratios + 8),
            (292, 4, u32::from(fax == Fax::Group3Mixed)),
        ];
        out.extend((entries.len() as u16).to_le_bytes());
        for (tag, kind, value) in entries {
            out.extend(tag.to_le_bytes());
            out.extend(kind.to_le_bytes());
            out.extend(1_u32.to_le_bytes());
            out.extend(value.to_le_bytes());
        }
        link = out.len();
        out.extend([0; 4]);
    }
    out
}

fn pixels(picture: &Picture) -> Vec<u8> {
    picture.rows().flatten().copied().collect()
}

/// A PNG.
pub fn png(picture: &Picture) -> Vec<u8> {
    let mut out = Vec::new();
    image::codecs::png::PngEncoder::new(&mut out)
        .write_image(
            &pixels(picture),
            picture.width() as u32,
            picture.height() as u32,
            ExtendedColorType::L8,
        )
        .unwrap();
    out
}

/// A JPEG.
pub fn jpeg(picture: &Picture) -> Vec<u8> {
    let mut out = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 80)
        .write_image(
            &pixels(picture),
            picture.width() as u32,
            picture.height() as u32,
            ExtendedColorType::L8,
        )
        .unwrap();
    out
}

/// A PDF whose one page is this picture.
pub fn pdf(picture: &Picture) -> Vec<u8> {
    let (width, height) = (picture.width() as i64, picture.height() as i64);
    let mut document = Document::with_version("1.4");
    let image = document.add_object(Stream::new(
        dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => width, "Height" => height,
            "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8,
        },
        pixels(picture),
    ));
    let (across, down) = (width as f32 * 72.0 / 204.0, height as f32 * 72.0 / 204.0);
    let content = document.add_object(Stream::new(
        dictionary! {},
        format!("q {across} 0 0 {down} 0 0 cm /Im0 Do Q").into_bytes(),
    ));
    let tree = document.new_object_id();
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => tree, "Contents" => content,
        "MediaBox" => vec![0.into(), 0.into(), Object::Real(across), Object::Real(down)],
        "Resources" => dictionary! { "XObject" => dictionary! { "Im0" => image } },
    });
    document.objects.insert(
        tree,
        dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }.into(),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    let mut out = Vec::new();
    document.save_to(&mut out).unwrap();
    out
}
