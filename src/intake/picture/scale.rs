//! Turning and resizing pictures.
//!
//! Owns the filters. Must not know why a picture is resized.

use super::{Picture, fits};

/// Half the width of the Lanczos filter, in rows of the smaller picture.
const LOBES: f32 = 3.0;

impl Picture {
    /// A quarter turn clockwise.
    pub fn turned(&self) -> Picture {
        let mut grey = Vec::with_capacity(self.grey.len());
        for x in 0..self.width {
            grey.extend(self.grey.iter().skip(x).step_by(self.width.max(1)).rev().copied());
        }
        Picture {
            width: self.height,
            height: self.width,
            grey,
        }
    }

    /// As many rows as asked for, more than there are, by the Lanczos filter: the rows that a fax machine left out,
    /// with the slopes of strokes kept. `None` where the page would be too large.
    pub fn stretched(&self, rows: usize) -> Option<Picture> {
        if !fits(self.width, rows) {
            return None;
        }
        let step = self.height as f32 / rows as f32;
        let mut grey = Vec::with_capacity(self.width * rows);
        let mut sums = vec![0.0_f32; self.width];
        for y in 0..rows {
            let middle = (y as f32 + 0.5) * step - 0.5;
            let first = (middle - LOBES).ceil() as i64;
            let weights: Vec<(i64, f32)> = (first..first + 2 * LOBES as i64)
                .map(|row| (row, lanczos(row as f32 - middle)))
                .collect();
            let total: f32 = weights.iter().map(|(_, weight)| weight).sum();
            sums.fill(0.0);
            for (row, weight) in weights {
                let row = row.clamp(0, self.height as i64 - 1) as usize;
                for (sum, pixel) in sums.iter_mut().zip(self.row(row)) {
                    *sum += f32::from(*pixel) * weight / total;
                }
            }
            grey.extend(sums.iter().map(|sum| sum.round().clamp(0.0, 255.0) as u8));
        }
        Picture::new(self.width, rows, grey)
    }

    /// A smaller picture in which each pixel is the mean of what it covers.
    pub fn shrunk(&self, width: usize, height: usize) -> Picture {
        let (width, height) = (width.clamp(1, self.width), height.clamp(1, self.height));
        if (width, height) == (self.width, self.height) {
            return self.clone();
        }
        let columns = shares(self.width, width);
        let mut grey = Vec::with_capacity(width * height);
        let mut sums = vec![0.0_f32; self.width];
        for share in shares(self.height, height) {
            sums.fill(0.0);
            for (row, weight) in share.parts() {
                for (sum, pixel) in sums.iter_mut().zip(self.row(row)) {
                    *sum += f32::from(*pixel) * weight;
                }
            }
            grey.extend(columns.iter().map(|column| {
                let mean: f32 = column
                    .parts()
                    .map(|(x, weight)| sums.get(x).copied().unwrap_or(255.0) * weight)
                    .sum();
                mean.round().clamp(0.0, 255.0) as u8
            }));
        }
        Picture { width, height, grey }
    }
}

/// What one pixel of a smaller picture covers of a larger one's row or column.
struct Share {
    start: f32,
    end: f32,
}

impl Share {
    /// The pixels covered, and the part of the whole that each makes up.
    fn parts(&self) -> impl Iterator<Item = (usize, f32)> {
        let (start, end) = (self.start, self.end);
        (start as usize..end.ceil() as usize).map(move |at| {
            let covered = (at as f32 + 1.0).min(end) - (at as f32).max(start);
            (at, covered / (end - start))
        })
    }
}

fn shares(from: usize, to: usize) -> Vec<Share> {
    let step = from as f32 / to as f32;
    (0..to)
        .map(|index| Share {
            start: index as f32 * step,
            end: ((index + 1) as f32 * step).min(from as f32),
        })
        .collect()
}

fn lanczos(x: f32) -> f32 {
    if x.abs() < 1e-4 {
        return 1.0;
    }
    if x.abs() >= LOBES {
        return 0.0;
    }
    let wave = std::f32::consts::PI * x;
    LOBES * wave.sin() * (wave / LOBES).sin() / (wave * wave)
}
