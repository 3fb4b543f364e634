//! From the detector's map of likelihoods to slanted boxes around lines.
//!
//! Owns the thresholds of differentiable binarisation and the growing of its shrunken kernels. Must not know the models
//! or the page's true size.

use super::hull;

/// A point of the map is text above this (the models' published setting).
const TEXT: f32 = 0.3;
/// A region is a line where its points' mean is above this (published setting: 0.5; faint fax lines lie below it).
const LINE: f32 = 0.45;
/// The map shows shrunken kernels; a box grows by area × this / circumference (published setting).
const GROWTH: f32 = 1.6;
/// Fewer points than this are a speck.
const SPECK: usize = 12;

/// A slanted box around a line of text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slab {
    /// Its middle.
    pub x: f32,
    /// Its middle.
    pub y: f32,
    /// Along the line.
    pub length: f32,
    /// Across it.
    pub height: f32,
    /// The direction in which the line is written, in radians clockwise from the right.
    pub angle: f32,
}

impl Slab {
    /// The same on a page of another scale.
    pub fn scaled(&self, across: f32, down: f32) -> Slab {
        let along = stretch(self.angle, across, down);
        let upward = stretch(self.angle + std::f32::consts::FRAC_PI_2, across, down);
        Slab {
            x: self.x * across,
            y: self.y * down,
            length: self.length * along,
            height: self.height * upward,
            angle: (self.angle.sin() * down).atan2(self.angle.cos() * across),
        }
    }

    /// The same elsewhere on its page.
    pub fn moved(&self, right: f32, down: f32) -> Slab {
        Slab {
            x: self.x + right,
            y: self.y + down,
            ..*self
        }
    }

    /// Whether the line seems to run up or down the page.
    pub fn is_upended(&self) -> bool {
        self.length > 1.5 * self.height && self.angle.abs() > std::f32::consts::FRAC_PI_4
            || self.height > 1.5 * self.length
    }

    /// The same line, read from the other end.
    pub fn turned(&self) -> Slab {
        Slab {
            angle: self.angle + std::f32::consts::PI,
            ..*self
        }
    }
}

fn stretch(angle: f32, across: f32, down: f32) -> f32 {
    (angle.cos() * across).hypot(angle.sin() * down)
}

/// The lines on a map, row by row of `width` points.
pub fn slabs(map: &[f32], width: usize) -> Vec<Slab> {
    let width = width.max(1);
    let mut seen: Vec<bool> = map.iter().map(|point| *point <= TEXT).collect();
    let mut out = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for start in 0..map.len() {
        if seen.get(start).copied().unwrap_or(true) {
            continue;
        }
        open.push(start);
        take(&mut seen, start);
        let (mut points, mut sum) = (Vec::new(), 0.0);
        while let Some(at) = open.pop() {
            sum += map.get(at).copied().unwrap_or(0.0);
            let (x, y) = (at % width, at / width);
            points.push((x as f32, y as f32));
            let left = if x > 0 { 1 } else { 0 };
            let right = if x + 1 < width { 1 } else { 0 };
            for row in [at.checked_sub(width), Some(at), at.checked_add(width)]
                .into_iter()
                .flatten()
            {
                for next in row.saturating_sub(left)..=row + right {
                    if seen.get(next) == Some(&false) {
                        take(&mut seen, next);
                        open.push(next);
                    }
                }
            }
        }
        if points.len() >= SPECK && sum / points.len() as f32 > LINE {
            out.extend(grown(&points));
        }
    }
    out
}

fn take(seen: &mut [bool], at: usize) {
    if let Some(one) = seen.get_mut(at) {
        *one = true;
    }
}

fn grown(points: &[(f32, f32)]) -> Option<Slab> {
    let mut slab = hull::smallest_box(points)?;
    // A point is a pixel wide.
    slab.length += 1.0;
    slab.height += 1.0;
    let growth = slab.length * slab.height * GROWTH / (2.0 * (slab.length + slab.height));
    slab.length += 2.0 * growth;
    slab.height += 2.0 * growth;
    slab.x += 0.5;
    slab.y += 0.5;
    Some(slab)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(width: usize, height: usize, text: impl Fn(usize, usize) -> bool) -> Vec<f32> {
        (0..width * height)
            .map(|at| if text(at % width, at / width) { 0.9 } else { 0.0 })
            .collect()
    }

    #[test]
    fn each_region_is_one_line() {
        let map = map(100, 60, |x, y| {
            (10..90).contains(&x)
                && ((10..16).contains(&y) || (30..36).contains(&y) && !(40..50).contains(&x))
        });
        let found = slabs(&map, 100);
        assert_eq!(found.len(), 3);
        let first = found[0];
        assert!(
            (first.x - 50.0).abs() < 0.6 && (first.y - 13.0).abs() < 0.6,
            "{first:?}"
        );
        assert!(
            first.length > 80.0 && first.length < 95.0 && first.angle.abs() < 0.01,
            "{first:?}"
        );
    }

    #[test]
    fn a_slanted_line_keeps_its_slant_and_specks_are_dropped() {
        let map = map(200, 80, |x, y| {
            let rise = 20.0 + x as f32 * 0.1;
            (20..180).contains(&x) && (y as f32 - rise).abs() < 3.0 || (x, y) == (5, 5)
        });
        let found = slabs(&map, 200);
        assert_eq!(found.len(), 1);
        assert!((found[0].angle - 0.1_f32.atan()).abs() < 0.02, "{found:?}");
    }
}
