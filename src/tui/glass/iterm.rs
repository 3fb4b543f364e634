//! Pictures by iTerm2's protocol (iterm2.com/documentation-images.html), which WezTerm and others know, too.
//!
//! Owns the sequence. Must not know what is shown.

use super::{base64, png::png};
use crate::intake::Picture;

/// The sequence that puts a picture where the cursor stands, fitted into so many cells; the cursor stays.
pub fn put(picture: &Picture, columns: u16, rows: u16) -> Option<String> {
    let bytes = png(picture)?;
    Some(format!(
        "\u{1b}]1337;File=inline=1;size={};width={columns};height={rows};preserveAspectRatio=0;doNotMoveCursor=1:{}\u{7}",
        bytes.len(),
        base64(&bytes)
    ))
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A page with something on it that does not pack to nothing.
    pub fn page() -> Picture {
        let grey = (0..200 * 120_usize).map(|at| (at * 7919 % 251) as u8).collect();
        Picture::new(200, 120, grey).unwrap()
    }

    /// Base 64, read back.
    pub fn decoded(text: &str) -> Vec<u8> {
        let digit = |c: u8| match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            _ => 63,
        };
        let mut out = Vec::new();
        for four in text.as_bytes().chunks(4) {
            let word = four.iter().fold(0_u32, |word, c| {
                word << 6 | u32::from(if *c == b'=' { 0 } else { digit(*c) })
            });
            let bytes = word.to_be_bytes();
            let pads = four.iter().filter(|c| **c == b'=').count();
            out.extend_from_slice(&bytes[1..4 - pads]);
        }
        out
    }

    /// A PNG, read back.
    pub fn unpacked(bytes: &[u8]) -> Picture {
        let read = image::load_from_memory(bytes).unwrap().to_luma8();
        let (width, height) = read.dimensions();
        Picture::new(width as usize, height as usize, read.into_raw()).unwrap()
    }

    #[test]
    fn the_file_is_the_picture_again() {
        let page = page();
        let text = put(&page, 60, 20).unwrap();
        let (head, file) = text.split_once(':').unwrap();
        assert!(head.starts_with("\u{1b}]1337;File=inline=1;") && head.contains(";width=60;height=20;"));
        let bytes = decoded(file.strip_suffix('\u{7}').unwrap());
        assert!(head.contains(&format!(";size={};", bytes.len())));
        assert_eq!(unpacked(&bytes), page);
    }
}
