//! Pictures by kitty's graphics protocol (sw.kovidgoyal.net/kitty/graphics-protocol).
//!
//! Owns the sequences. Must not know what is shown.

use super::{base64, png::png};
use crate::intake::Picture;

/// The number under which the picture is known to the terminal: one is shown at a time.
const ID: u32 = 7341;
/// A piece of a picture has at most this many characters.
const PIECE: usize = 4096;

/// The sequence that puts a picture where the cursor stands, fitted into so many cells; the cursor stays.
pub fn put(picture: &Picture, columns: u16, rows: u16) -> Option<String> {
    let text = base64(&png(picture)?);
    let pieces: Vec<&str> = text
        .as_bytes()
        .chunks(PIECE)
        .filter_map(|piece| std::str::from_utf8(piece).ok())
        .collect();
    let mut out = String::with_capacity(text.len() + pieces.len() * 16);
    for (index, piece) in pieces.iter().enumerate() {
        let more = u8::from(index + 1 < pieces.len());
        if index == 0 {
            out.push_str(&format!(
                "\u{1b}_Ga=T,f=100,t=d,i={ID},p=1,q=2,C=1,c={columns},r={rows},m={more};{piece}\u{1b}\\"
            ));
        } else {
            out.push_str(&format!("\u{1b}_Gq=2,m={more};{piece}\u{1b}\\"));
        }
    }
    Some(out)
}

/// The sequence that takes it away and forgets it.
pub fn take_away() -> String {
    format!("\u{1b}_Ga=d,d=I,i={ID},q=2\u{1b}\\")
}

/// The question whether a terminal knows the protocol; it answers before it answers what else it is asked.
pub const QUESTION: &str = "\u{1b}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u{1b}\\";
/// The answer of one that does.
pub const ANSWER: &[u8] = b"\x1b_Gi=31;OK";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::glass::iterm::tests::{decoded, page, unpacked};

    #[test]
    fn the_pieces_are_the_picture_again() {
        let page = page();
        let text = put(&page, 60, 20).unwrap();
        let mut packed = String::new();
        let mut last = None;
        for piece in text.split_terminator("\u{1b}\\") {
            let (keys, piece) = piece.strip_prefix("\u{1b}_G").unwrap().split_once(';').unwrap();
            assert!(piece.len() <= PIECE && (last.is_none() || !keys.contains("a=T")));
            last = Some(keys.to_owned());
            packed.push_str(piece);
        }
        assert!(text.starts_with("\u{1b}_Ga=T,f=100,") && text.contains(",c=60,r=20,"));
        assert!(last.unwrap().ends_with("m=0") && text.matches("m=0").count() == 1);
        assert_eq!(unpacked(&decoded(&packed)), page);
    }
}
