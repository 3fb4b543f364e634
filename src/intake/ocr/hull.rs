//! The smallest slanted box around points.
//!
//! Owns the geometry. Must not know what the points are.

use super::regions::Slab;
use std::f32::consts::{FRAC_PI_2, FRAC_PI_4, PI};

/// The smallest box; its angle is the nearer to level of the two that describe it, unless the box is far longer the
/// other way.
pub fn smallest_box(points: &[(f32, f32)]) -> Option<Slab> {
    let outline = outline(points);
    let first = *outline.first()?;
    let mut best: Option<(f32, Slab)> = None;
    let next = outline.iter().skip(1).chain(std::iter::once(&first));
    for (a, b) in outline.iter().zip(next) {
        let angle = if a == b { 0.0 } else { (b.1 - a.1).atan2(b.0 - a.0) };
        let slab = boxed(&outline, level(angle));
        let area = (slab.length + 1.0) * (slab.height + 1.0);
        if best.as_ref().is_none_or(|(least, _)| area < *least) {
            best = Some((area, slab));
        }
    }
    best.map(|(_, slab)| slab)
}

/// The same direction within an eighth of a turn of level.
fn level(angle: f32) -> f32 {
    let mut angle = angle;
    while angle > FRAC_PI_4 {
        angle -= FRAC_PI_2;
    }
    while angle < -FRAC_PI_4 {
        angle += FRAC_PI_2;
    }
    angle.clamp(-PI, PI)
}

fn boxed(outline: &[(f32, f32)], angle: f32) -> Slab {
    let (sin, cos) = angle.sin_cos();
    let mut span = [f32::MAX, f32::MIN, f32::MAX, f32::MIN];
    for (x, y) in outline {
        let (along, across) = (x * cos + y * sin, y * cos - x * sin);
        span = [
            span[0].min(along),
            span[1].max(along),
            span[2].min(across),
            span[3].max(across),
        ];
    }
    let (along, across) = ((span[0] + span[1]) / 2.0, (span[2] + span[3]) / 2.0);
    Slab {
        x: along * cos - across * sin,
        y: along * sin + across * cos,
        length: span[1] - span[0],
        height: span[3] - span[2],
        angle,
    }
}

/// The convex hull, by Andrew's monotone chain.
fn outline(points: &[(f32, f32)]) -> Vec<(f32, f32)> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut lower = chain(sorted.iter());
    let mut upper = chain(sorted.iter().rev());
    lower.pop();
    upper.pop();
    lower.append(&mut upper);
    if lower.is_empty() {
        sorted.truncate(1);
        sorted
    } else {
        lower
    }
}

fn chain<'a>(points: impl Iterator<Item = &'a (f32, f32)>) -> Vec<(f32, f32)> {
    let mut out: Vec<(f32, f32)> = Vec::new();
    for point in points {
        while let [.., a, b] = out.as_slice()
            && (b.0 - a.0) * (point.1 - a.1) - (b.1 - a.1) * (point.0 - a.0) <= 0.0
        {
            out.pop();
        }
        out.push(*point);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_box_of_a_level_square_is_itself() {
        let slab = smallest_box(&[(0.0, 0.0), (4.0, 0.0), (4.0, 2.0), (0.0, 2.0), (1.0, 1.0)]).unwrap();
        assert_eq!((slab.x, slab.y, slab.length, slab.height), (2.0, 1.0, 4.0, 2.0));
    }

    #[test]
    fn few_points_have_a_box_too() {
        assert!(smallest_box(&[]).is_none());
        assert_eq!(smallest_box(&[(3.0, 4.0)]).unwrap().length, 0.0);
        assert_eq!(smallest_box(&[(0.0, 0.0), (2.0, 0.0)]).unwrap().length, 2.0);
    }
}
