//! Where, around its label, a value may stand: right of it, beneath, on the line above, at the beginning of the next line.
//!
//! Owns the distances between labels and values. Must not know what a value must look like.

use super::leaf::{ALIGNED, Leaf, NUMBERED, Spot};
use crate::domain::text;
use crate::intake::sheet::Run;

/// A value stands below its label within this many line heights.
const BELOW: f32 = 2.6;
/// The next line of a value follows within this many line heights.
const NEXT_LINE: f32 = 1.9;
/// A value stands right of its label within this share of the page's width.
const RIGHT: f32 = 0.36;
/// A line that ends beyond this share of the width is full.
const LINE_END: f32 = 0.7;

/// A run half beside a label is at most so many runs away from it in reading order.
const NEAR: usize = 12;

impl Leaf<'_> {
    /// The run right above another, aligned with it.
    pub(super) fn over(&self, run: usize) -> Option<Spot> {
        let here = self.run(run)?;
        let index = (0..run).rev().take(12).find(|index| {
            self.row(*index) < self.row(run)
                && self.run(*index).is_some_and(|above| {
                    (above.left() - here.left()).abs() < ALIGNED
                        && here.middle() - above.middle() < NEXT_LINE * here.height().max(above.height())
                })
        })?;
        let labelled = self.labels.get(index).is_some_and(|labels| !labels.is_empty());
        (!labelled).then(|| self.whole(index)).flatten()
    }

    /// The run right of a label: the next of its row, or one that stands a little higher or lower, as a pen puts it.
    pub fn right(&self, run: usize) -> Option<Spot> {
        let here = self.run(run)?;
        let next = if self.ends_label(run + 1) {
            run + 2
        } else {
            run + 1
        };
        let in_row = self
            .run(next)
            .filter(|beside| self.row(next) == self.row(run) && beside.left() > here.left());
        let (index, beside) = match in_row {
            Some(beside) if !self.begins_with_label(next) => (next, beside),
            _ => {
                let end = in_row.map_or(f32::MAX, |label| label.left());
                self.astray(run, here, end)?
            }
        };
        (beside.left() - here.right() < RIGHT && !self.begins_with_label(index))
            .then(|| self.unlabelled(index))
            .flatten()
    }

    /// Whether a run is only the end of the label left of it, which the recogniser parted: `Policy | No.`
    fn ends_label(&self, run: usize) -> bool {
        let Some((before, here)) = run
            .checked_sub(1)
            .and_then(|before| self.run(before).zip(self.run(run)))
        else {
            return false;
        };
        let near = here.left() - before.right() < 1.2 * here.height() && self.row(run) == self.row(run - 1);
        near && matches!(text::fold(&here.text).as_str(), "" | "no" | "number" | "nos")
            && here.text.chars().count() <= 8
    }

    /// The nearest run right of a label that is at least half beside it, whatever row it was put into.
    fn astray(&self, run: usize, here: &Run, end: f32) -> Option<(usize, &Run)> {
        let from = run.saturating_sub(NEAR);
        let near = self.sheet.runs.iter().enumerate().skip(from).take(2 * NEAR);
        near.filter(|(index, other)| {
            let shared = other.bottom().min(here.bottom()) - other.top().max(here.top());
            *index != run
                && shared > 0.5 * here.height().min(other.height())
                && other.left() > here.right() - 0.005
                && other.left() < end
        })
        .min_by(|(_, a), (_, b)| a.left().total_cmp(&b.left()))
    }

    /// The run beneath a label: the nearest row that has one within the label's column.
    pub fn below(&self, run: usize) -> Option<Spot> {
        let here = self.run(run)?;
        let limit = self.column_end(run);
        let beneath = self
            .sheet
            .runs
            .iter()
            .enumerate()
            .skip(run + 1)
            .find(|(index, other)| {
                self.row(*index) > self.row(run)
                    && other.left() < limit
                    && other.left() > here.left() - ALIGNED
            });
        let (index, other) = beneath?;
        let near = other.middle() - here.middle() < BELOW * here.height().max(other.height());
        (near && !self.begins_with_label(index))
            .then(|| self.unlabelled(index))
            .flatten()
    }

    /// The run above a label that captions a line to write on; none where that run has a label of its own above it.
    pub fn above(&self, run: usize) -> Option<Spot> {
        if self.captioned {
            return self.over(run);
        }
        let here = self.run(run)?;
        let aligned = |from: usize, below: &Run| {
            (0..from).rev().take(12).find(|index| {
                self.row(*index) < self.row(from)
                    && self.run(*index).is_some_and(|above| {
                        (above.left() - below.left()).abs() < ALIGNED
                            && below.middle() - above.middle()
                                < NEXT_LINE * below.height().max(above.height())
                    })
            })
        };
        let index = aligned(run, here)?;
        let value = self.run(index)?;
        let labelled = self.labels.get(index).is_some_and(|labels| !labels.is_empty());
        let headed = aligned(index, value).is_some_and(|index| self.is_whole_label(index));
        (!labelled && !headed).then(|| self.whole(index)).flatten()
    }

    /// The run that begins the next line, for a label that ends a full line of justified text: its value follows there.
    pub fn wrapped(&self, run: usize) -> Option<Spot> {
        let (here, next) = (self.run(run)?, self.run(run + 1)?);
        let row = self.row(run);
        let first = self.run(self.rows.iter().position(|other| *other == row)?)?;
        let full = here.right() > LINE_END && self.row(run + 1) > row;
        let follows = (next.left() - first.left()).abs() < ALIGNED
            && next.middle() - here.middle() < NEXT_LINE * here.height().max(next.height());
        (full && follows && !self.begins_with_label(run + 1))
            .then(|| self.unlabelled(run + 1))
            .flatten()
    }

    /// The left edge of the next run in the row: where this run's column ends.
    fn column_end(&self, run: usize) -> f32 {
        match self.run(run + 1) {
            Some(next) if self.row(run + 1) == self.row(run) => next.left() - 0.005,
            _ => self.run(run).map_or(1.0, |run| (run.right() + 0.15).min(1.0)),
        }
    }

    /// The lines of a value that continue it downwards, at most `limit`.
    pub fn continued(&self, spot: &Spot, label_left: f32, limit: usize) -> Vec<Spot> {
        let Some(first) = self.run(spot.run) else {
            return Vec::new();
        };
        let value_left = first.part(spot.start, spot.end)[0];
        let mut out = Vec::new();
        let mut last = (spot.run, first);
        for (index, run) in self.sheet.runs.iter().enumerate().skip(spot.run + 1) {
            if self.row(index) == self.row(last.0) {
                continue;
            }
            let step = run.middle() - last.1.middle();
            if out.len() >= limit || step > NEXT_LINE * run.height().max(last.1.height()) {
                break;
            }
            let aligned =
                run.left() > label_left.min(value_left) - ALIGNED && run.left() < value_left + ALIGNED;
            let has_label = self.labels.get(index).is_some_and(|labels| {
                labels
                    .iter()
                    .any(|label| label.start < NUMBERED && (label.marked || label.whole))
            });
            if has_label && run.left() <= value_left + 0.15 {
                break;
            }
            if !aligned {
                if self.row(index) > self.row(last.0) + 1 {
                    break;
                }
                continue;
            }
            if let Some(spot) = self.unlabelled(index) {
                out.push(spot);
                last = (index, run);
            }
        }
        out
    }
}
