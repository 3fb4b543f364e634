//! Pictures as sixels (DEC STD 070; VT340 manual, chapter 14): six rows of pixels to a line of characters, a colour at a time.
//!
//! Owns the sequence. Must not know what is shown.

use crate::intake::Picture;

/// Greys: a page has few, and every terminal has room for these.
const GREYS: usize = 16;
/// Rows of pixels to a line.
const BAND: usize = 6;

/// The sequence that puts a picture where the cursor stands, pixel by pixel.
pub fn put(picture: &Picture) -> String {
    let (width, height) = (picture.width(), picture.height());
    let mut out = format!("\u{1b}P0;1;0q\"1;1;{width};{height}");
    for grey in 0..GREYS {
        let share = grey * 100 / (GREYS - 1);
        out.push_str(&format!("#{grey};2;{share};{share};{share}"));
    }
    let grey_of = |x: usize, y: usize| {
        let pixel = picture.row(y).get(x).copied().unwrap_or(255);
        usize::from(pixel) * (GREYS - 1) / 255
    };
    for top in (0..height).step_by(BAND) {
        let mut bits = vec![[0_u8; GREYS]; width];
        let mut used = [false; GREYS];
        for (x, bits) in bits.iter_mut().enumerate() {
            for row in 0..BAND.min(height - top) {
                let grey = grey_of(x, top + row);
                if let (Some(bits), Some(used)) = (bits.get_mut(grey), used.get_mut(grey)) {
                    *bits |= 1 << row;
                    *used = true;
                }
            }
        }
        let mut first = true;
        for (grey, _) in used.iter().enumerate().filter(|(_, used)| **used) {
            if !std::mem::take(&mut first) {
                out.push('$');
            }
            out.push_str(&format!("#{grey}"));
            run_lengths(
                bits.iter().map(|bits| bits.get(grey).copied().unwrap_or(0)),
                &mut out,
            );
        }
        out.push('-');
    }
    out.push_str("\u{1b}\\");
    out
}

/// Characters of a line, those repeated with their count.
fn run_lengths(bits: impl Iterator<Item = u8>, out: &mut String) {
    let mut last: Option<(u8, usize)> = None;
    let mut put = |(bits, count): (u8, usize)| {
        let character = char::from(bits + b'?');
        match count {
            0..=3 => out.extend(std::iter::repeat_n(character, count)),
            _ => out.push_str(&format!("!{count}{character}")),
        }
    };
    for each in bits {
        last = Some(match last {
            Some((same, count)) if same == each => (each, count + 1),
            Some(other) => {
                put(other);
                (each, 1)
            }
            None => (each, 1),
        });
    }
    // Nothing more in a line need not be said.
    if let Some(rest) = last.filter(|(bits, _)| *bits != 0) {
        put(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sixels, read back into greys of the palette.
    fn read(text: &str) -> Vec<Vec<Option<usize>>> {
        let body = text
            .strip_prefix("\u{1b}P0;1;0q\"")
            .unwrap()
            .strip_suffix("\u{1b}\\")
            .unwrap();
        let (size, body) = body.split_once('#').unwrap();
        let mut sides = size.split(';').skip(2).map(|side| side.parse::<usize>().unwrap());
        let (width, height) = (sides.next().unwrap(), sides.next().unwrap());
        let mut grid = vec![vec![None; width]; height];
        let body = format!("#{body}");
        let mut characters = body.chars().peekable();
        let (mut x, mut top, mut colour, mut count) = (0, 0, 0, 1);
        while let Some(c) = characters.next() {
            let mut number = || {
                let mut digits = String::new();
                while let Some(digit) = characters.next_if(char::is_ascii_digit) {
                    digits.push(digit);
                }
                digits.parse::<usize>().unwrap()
            };
            match c {
                '#' => {
                    colour = number();
                    while characters.next_if_eq(&';').is_some() {
                        while characters.next_if(char::is_ascii_digit).is_some() {}
                    }
                }
                '!' => count = number(),
                '$' => x = 0,
                '-' => (x, top) = (0, top + BAND),
                c => {
                    let bits = c as usize - '?' as usize;
                    for _ in 0..std::mem::replace(&mut count, 1) {
                        for row in (0..BAND).filter(|row| bits & 1 << row != 0) {
                            assert_eq!(grid[top + row][x].replace(colour), None);
                        }
                        x += 1;
                    }
                }
            }
        }
        grid
    }

    #[test]
    fn every_pixel_is_there_once_in_its_grey() {
        for (width, height) in [(1, 1), (7, 5), (40, 13), (200, 12)] {
            let grey: Vec<u8> = (0..width * height).map(|at| (at / 5 * 97 % 256) as u8).collect();
            let picture = Picture::new(width, height, grey.clone()).unwrap();
            let read = read(&put(&picture));
            for (at, found) in read.into_iter().flatten().enumerate() {
                assert_eq!(
                    found,
                    Some(usize::from(grey[at]) * 15 / 255),
                    "{width}x{height} {at}"
                );
            }
        }
    }
}
