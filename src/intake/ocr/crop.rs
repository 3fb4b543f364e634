//! A line's pixels, straightened and at the recogniser's height.
//!
//! Owns the sampling. Must not know what a line says.

use super::regions::Slab;
use crate::intake::picture::Picture;

/// The recogniser reads lines of this height.
pub const HEIGHT: usize = 48;
/// Longer than any line of a page at this height; what is longer is squeezed.
const MAX_WIDTH: f32 = 3_200.0;
/// A line is at least this wide, so that a lone digit is still a picture.
const MIN_WIDTH: f32 = 16.0;

/// A line ready to be read: rows of grey from -1 to 1.
#[derive(Clone, Debug)]
pub struct Strip {
    /// Pixels in a row.
    pub width: usize,
    /// `HEIGHT` rows.
    pub grey: Vec<f32>,
}

/// Cuts a line out. A slab that is taller than long holds one upright character, not a line that climbs.
pub fn line(picture: &Picture, slab: &Slab) -> Strip {
    let scale = slab.height.max(1.0) / HEIGHT as f32;
    let width = (slab.length / scale).clamp(MIN_WIDTH, MAX_WIDTH).round();
    let across = slab.length / width;
    // Where pixels are merged rather than doubled, several samples stand for each.
    let samples = scale.ceil().clamp(1.0, 4.0) as usize;
    let (sin, cos) = slab.angle.sin_cos();
    let mut grey = Vec::with_capacity(width as usize * HEIGHT);
    for row in 0..HEIGHT {
        for column in 0..width as usize {
            let mut sum = 0.0;
            for part in 0..samples * samples {
                let (over, down) = ((part % samples) as f32, (part / samples) as f32);
                let along = (column as f32 + (over + 0.5) / samples as f32 - width / 2.0) * across;
                let down = (row as f32 + (down + 0.5) / samples as f32 - HEIGHT as f32 / 2.0) * scale;
                sum += sample(
                    picture,
                    slab.x + along * cos - down * sin,
                    slab.y + along * sin + down * cos,
                );
            }
            grey.push(sum / (samples * samples) as f32 / 127.5 - 1.0);
        }
    }
    Strip {
        width: width as usize,
        grey,
    }
}

/// The brightness at a point, from the four pixels around it; paper outside.
fn sample(picture: &Picture, x: f32, y: f32) -> f32 {
    let (x, y) = (x - 0.5, y - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let (right_share, low_share) = (x - left, y - top);
    let pair = |y: f32| {
        if y < 0.0 {
            return 255.0;
        }
        let row = picture.row(y as usize);
        let at = |x: f32| {
            if x < 0.0 {
                return 255.0;
            }
            row.get(x as usize).map_or(255.0, |pixel| f32::from(*pixel))
        };
        at(left) * (1.0 - right_share) + at(left + 1.0) * right_share
    };
    pair(top) * (1.0 - low_share) + pair(top + 1.0) * low_share
}
