//! A page with its labels: where a label's value stands, and whose block a label is in.
//!
//! Owns the geometry between labels and values. Must not know what a value must look like.

use super::labels::{Label, labels};
use super::letter;
use super::vocabulary::Topic;
use super::words::cut;
use crate::intake::sheet::{Run, Sheet};
use std::collections::BTreeSet;

/// A value stands below its label within this many line heights.
const BELOW: f32 = 2.6;
/// The next line of a value follows within this many line heights.
const NEXT_LINE: f32 = 1.9;
/// A value stands right of its label within this share of the page's width.
const RIGHT: f32 = 0.36;
/// Left edges within this share of the width are aligned.
pub const ALIGNED: f32 = 0.02;
/// A letterhead stands within this share of the page from its top.
pub const HEAD: f32 = 0.14;
/// A label begins its run within this many characters: numbering and bullets stand before it.
const NUMBERED: usize = 6;

/// A text and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// Run on the page.
    pub run: usize,
    /// First character within the run.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The text.
    pub text: String,
}

/// Where, relative to its label, a value was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// In the label's own run.
    Same,
    /// In the next run of the row.
    Right,
    /// In the row beneath.
    Below,
    /// On the line that the label captions.
    Above,
}

/// A page, its labels and rows.
pub struct Leaf<'a> {
    /// The page's runs.
    pub sheet: &'a Sheet,
    /// Each run's labels.
    pub labels: Vec<Vec<Label>>,
    /// Each run's row, counted from the top.
    pub rows: Vec<usize>,
    /// The runs that greet an addressee.
    pub greetings: Vec<usize>,
    /// The runs that close a letter.
    pub closings: Vec<usize>,
    /// Whether labels caption the lines above them, all over the page.
    pub captioned: bool,
    /// Labels of a name or a birth, as run and first character, that are the patient's by their place.
    pub patients: BTreeSet<(usize, usize)>,
}

impl<'a> Leaf<'a> {
    /// Finds the labels and rows of a page.
    pub fn new(sheet: &'a Sheet) -> Self {
        let labels = sheet
            .runs
            .iter()
            .map(|run| {
                if is_transmission(run) {
                    Vec::new()
                } else {
                    labels(&run.text)
                }
            })
            .collect();
        let mut rows = Vec::with_capacity(sheet.runs.len());
        let mut row = 0;
        let mut first: Option<&Run> = None;
        for run in &sheet.runs {
            if first.is_some_and(|first| !first.same_row(run)) {
                row += 1;
                first = Some(run);
            }
            first = first.or(Some(run));
            rows.push(row);
        }
        let those = |wanted: fn(&str) -> bool| -> Vec<usize> {
            sheet
                .runs
                .iter()
                .enumerate()
                .filter(|(_, run)| wanted(&run.text))
                .map(|(index, _)| index)
                .collect()
        };
        let mut leaf = Self {
            sheet,
            labels,
            rows,
            greetings: those(letter::greets),
            closings: those(letter::closes),
            captioned: false,
            patients: BTreeSet::new(),
        };
        leaf.find_patients();
        leaf.captioned = leaf.is_captioned();
        leaf
    }

    /// Labels whose values prove themselves tell on which side of a label a form has its values: above, if more fit there
    /// than beneath and beside.
    fn is_captioned(&self) -> bool {
        let mut lead = 0_i32;
        for (run, labels) in self.labels.iter().enumerate() {
            let Some(label) = labels.first().filter(|label| label.whole && !label.marked) else {
                continue;
            };
            let fits = |spot: Option<Spot>| spot.is_some_and(|spot| label.fits(&spot.text));
            let beside = fits(self.right(run)) || fits(self.below(run));
            match (fits(self.over(run)), beside) {
                (true, false) => lead += 1,
                (false, true) => lead -= 1,
                (true, true) | (false, false) => {}
            }
        }
        lead >= 2
    }

    /// The run right above another, aligned with it.
    fn over(&self, run: usize) -> Option<Spot> {
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

    /// Whether a run stands in the letterhead: above the first label that names somebody, at the very top. Whose the
    /// numbers there are, the letterhead's reader tells.
    pub fn in_letterhead(&self, run: usize) -> bool {
        let named = |index: usize| {
            self.labels.get(index).into_iter().flatten().any(|label| {
                label.start < NUMBERED
                    && label.party.is_some()
                    && !matches!(label.topic, Topic::Phone | Topic::Fax | Topic::Npi | Topic::Email)
            })
        };
        self.run(run).is_some_and(|run| run.top() < HEAD) && !(0..=run).any(named)
    }

    pub(super) fn row(&self, run: usize) -> usize {
        self.rows.get(run).copied().unwrap_or(0)
    }

    pub(super) fn run(&self, run: usize) -> Option<&Run> {
        self.sheet.runs.get(run)
    }

    /// Whether a run begins with a label, so that it is no value.
    pub fn begins_with_label(&self, run: usize) -> bool {
        self.labels
            .get(run)
            .and_then(|labels| labels.first())
            .is_some_and(|label| label.start < NUMBERED && (label.marked || label.whole))
    }

    /// Whether the whole run is a label or a heading.
    pub fn is_whole_label(&self, run: usize) -> bool {
        self.labels
            .get(run)
            .and_then(|labels| labels.first())
            .is_some_and(|label| label.whole)
    }

    /// The value's text in a label's own run; `None` where nothing but marks follows.
    pub fn same(&self, run: usize, label: &Label) -> Option<Spot> {
        let (text, start, end) = cut(&self.run(run)?.text, label.value, label.end);
        (!text.is_empty()).then_some(Spot {
            run,
            start,
            end,
            text,
        })
    }

    /// Whether a label's own run leaves a line to write on, so that an empty one is meant.
    pub fn ruled(&self, run: usize, label: &Label) -> bool {
        self.run(run).is_some_and(|run| {
            run.text
                .chars()
                .skip(label.value)
                .take(label.end.saturating_sub(label.value))
                .filter(|c| *c == '_')
                .count()
                >= 3
        })
    }

    /// A whole run as a spot.
    pub fn whole(&self, run: usize) -> Option<Spot> {
        let text = &self.run(run)?.text;
        let (text, start, end) = cut(text, 0, text.chars().count());
        (!text.is_empty()).then_some(Spot {
            run,
            start,
            end,
            text,
        })
    }

    /// The text before the first label of a run, as a spot.
    fn unlabelled(&self, run: usize) -> Option<Spot> {
        let end = self
            .labels
            .get(run)
            .and_then(|labels| labels.first())
            .map_or(usize::MAX, |label| label.start);
        let text = &self.run(run)?.text;
        let (text, start, end) = cut(text, 0, end.min(text.chars().count()));
        (text.chars().any(char::is_alphanumeric) && !(end < NUMBERED && text.ends_with('.'))).then_some(
            Spot {
                run,
                start,
                end,
                text,
            },
        )
    }

    /// The run right of a label.
    pub fn right(&self, run: usize) -> Option<Spot> {
        let here = self.run(run)?;
        let next = run + 1;
        let beside = self.run(next)?;
        let near = self.row(next) == self.row(run) && beside.left() - here.right() < RIGHT;
        (near && !self.begins_with_label(next))
            .then(|| self.unlabelled(next))
            .flatten()
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

    /// The left edge of the next run in the row: where this run's column ends.
    fn column_end(&self, run: usize) -> f32 {
        match self.run(run + 1) {
            Some(next) if self.row(run + 1) == self.row(run) => next.left() - 0.005,
            _ => self.run(run).map_or(1.0, |run| (run.right() + 0.15).min(1.0)),
        }
    }

    /// Whether a run stands in a table's head: its row holds other labels, and what is beside it is not its value. A row of
    /// labels and values in turn has a label beneath its label, a head has a value there.
    pub fn in_head(&self, run: usize) -> bool {
        let row = self.row(run);
        let in_row = || (run.saturating_sub(9)..run + 10).filter(|index| self.rows.get(*index) == Some(&row));
        let labels = in_row()
            .filter(|index| {
                self.is_whole_label(*index)
                    && !self
                        .labels
                        .get(*index)
                        .and_then(|all| all.first())
                        .is_some_and(|label| label.marked)
            })
            .count();
        if labels < 2 {
            return false;
        }
        if self.right(run).is_none() {
            return true;
        }
        let beneath = self.run(run).and_then(|here| {
            (run + 1..self.sheet.runs.len()).find(|index| {
                self.row(*index) > row
                    && self
                        .run(*index)
                        .is_some_and(|below| (below.left() - here.left()).abs() < ALIGNED)
            })
        });
        beneath.is_some_and(|below| !self.is_whole_label(below)) && in_row().count() < 2 * labels
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

/// Above this there is nothing but the fax machine's line.
const EDGE: f32 = 0.022;

/// A fax machine prints its own line at the top: when, from, to, which page. It is about the transmission.
fn is_transmission(run: &Run) -> bool {
    let lower = run.text.to_lowercase();
    let digits = lower.chars().filter(char::is_ascii_digit).count();
    let counted = ["p.", "page", "pg"].iter().any(|word| lower.contains(word));
    let routed = ["from:", "to:", "fax", "date:", "t0:"]
        .iter()
        .any(|word| lower.contains(word));
    // Its parts may be read as runs of their own.
    run.top() < EDGE && (counted && digits >= 2 || routed && digits >= 6)
        || run.top() < 0.035 && counted && routed && lower.contains(['/', ':']) && digits >= 8
}
