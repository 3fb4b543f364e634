//! A page as a picture, to be looked at.
//!
//! Owns the way from a page's number to its picture, upright and small enough to hand over. Must not know who looks.

use super::container;
use super::document::{Container, Shot};
use super::pdf;
use super::picture::{self, Picture};
use super::reading::{Allowance, Reading};
use super::source;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// At most this many pixels are handed over: a page at 200 dots an inch has 3.7 million, and no screen shows more.
pub const MOST: usize = 4_000_000;

/// The picture of a page, counted from 1, which was read from this shot; none where it has none.
pub fn draw(
    allowance: Allowance<'_>,
    name: &str,
    bytes: &[u8],
    page: usize,
    shot: Option<Shot>,
) -> Option<Picture> {
    let drawn = catch_unwind(AssertUnwindSafe(|| found(allowance, name, bytes, page, shot)));
    let mut picture = drawn.ok().flatten()?;
    for _ in 0..shot.map_or(0, |shot| shot.turn % 4) {
        picture = picture.turned();
    }
    Some(within(picture))
}

fn found(
    allowance: Allowance<'_>,
    name: &str,
    bytes: &[u8],
    page: usize,
    shot: Option<Shot>,
) -> Option<Picture> {
    let index = page.checked_sub(1)?;
    match (container::sniff(name, bytes), shot) {
        // What is a picture, or is drawn, itself needs no search.
        (Container::Image, _) => {
            let mut found = None;
            let mut at = 0;
            picture::pages(bytes, &mut |decoded| {
                if at == index {
                    found = decoded.ok();
                }
                at += 1;
                at <= index
            });
            found
        }
        (Container::Pdf, _) => {
            let password = allowance.password.clone().unwrap_or_default();
            pdf::draw(bytes, &password, index)
        }
        // A picture within something else is found by its number, on the way by which it was read.
        (_, Some(shot)) => {
            let reading = Reading::sketch(allowance, shot.number);
            source::open(name, bytes, 0, &reading);
            reading.sketched()
        }
        (_, None) => None,
    }
}

/// A picture with at most [`MOST`] pixels.
fn within(picture: Picture) -> Picture {
    let pixels = picture.width() * picture.height();
    if pixels <= MOST {
        return picture;
    }
    let scale = (MOST as f64 / pixels as f64).sqrt();
    let side = |side: usize| ((side as f64 * scale) as usize).max(1);
    picture.shrunk(side(picture.width()), side(picture.height()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_page_is_made_smaller_and_keeps_its_shape() {
        let picture = Picture::new(3000, 4000, vec![7; 12_000_000]).unwrap();
        let small = within(picture);
        assert!(small.width() * small.height() <= MOST);
        let shape = small.width() as f64 / small.height() as f64;
        assert!((shape - 0.75).abs() < 0.01, "{shape}");
    }
}
