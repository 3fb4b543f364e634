//! A page with its labels: where a label's value stands, and whose block a label is in.
//!
//! Owns the geometry between labels and values. Must not know what a value must look like.

use super::labels::{Label, labels};
use super::letter;
use super::vocabulary::{Party, Topic};
use super::words::cut;
use crate::intake::sheet::{Run, Sheet};

/// A value stands below its label within this many line heights.
const BELOW: f32 = 2.6;
/// The next line of a value follows within this many line heights.
const NEXT_LINE: f32 = 1.9;
/// A value stands right of its label within this share of the page's width.
const RIGHT: f32 = 0.36;
/// Left edges within this share of the width are aligned.
const ALIGNED: f32 = 0.02;
/// The word of a label about somebody else than patient and referrer reaches this many rows down.
const BRIEF: usize = 3;

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
}

/// A page, its labels and rows.
pub struct Leaf<'a> {
    /// The page's runs.
    pub sheet: &'a Sheet,
    /// Each run's labels.
    pub labels: Vec<Vec<Label>>,
    /// Each run's row, counted from the top.
    pub rows: Vec<usize>,
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
        Self { sheet, labels, rows }
    }

    fn row(&self, run: usize) -> usize {
        self.rows.get(run).copied().unwrap_or(0)
    }

    fn run(&self, run: usize) -> Option<&Run> {
        self.sheet.runs.get(run)
    }

    /// Whether a run begins with a label, so that it is no value.
    pub fn begins_with_label(&self, run: usize) -> bool {
        self.labels
            .get(run)
            .and_then(|labels| labels.first())
            .is_some_and(|label| label.start < 4 && (label.marked || label.whole))
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
        (!text.is_empty()).then_some(Spot {
            run,
            start,
            end,
            text,
        })
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

    /// The left edge of the next run in the row: where this run's column ends.
    fn column_end(&self, run: usize) -> f32 {
        match self.run(run + 1) {
            Some(next) if self.row(run + 1) == self.row(run) => next.left() - 0.005,
            _ => self.run(run).map_or(1.0, |run| (run.right() + 0.15).min(1.0)),
        }
    }

    /// Whether a run's row holds other whole labels, as a table's head does.
    pub fn in_head(&self, run: usize) -> bool {
        let row = self.row(run);
        let near = |index: usize| {
            index != run
                && self.row(index) == row
                && self.is_whole_label(index)
                && !self
                    .labels
                    .get(index)
                    .and_then(|all| all.first())
                    .is_some_and(|label| label.marked)
        };
        (run.saturating_sub(8)..run + 9).any(|index| index < self.rows.len() && near(index))
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
                (run.left() - value_left).abs() < ALIGNED || (run.left() - label_left).abs() < ALIGNED;
            let has_label = self.labels.get(index).is_some_and(|labels| {
                labels
                    .iter()
                    .any(|label| label.start < 4 && (label.marked || label.whole))
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

    /// Whose block a label stands in: its own word for it, else the nearest label or heading above or left of it that
    /// names somebody.
    pub fn party(&self, run: usize, label: &Label) -> Option<Party> {
        self.party_within(run, label, 0)
    }

    /// A practitioner's label without a word for whose (`Provider`) takes the block's, and is the referrer's without one.
    fn provider(&self, run: usize, label: &Label, depth: usize) -> Option<Party> {
        let general =
            label.provider && label.party.is_none() && matches!(label.topic, Topic::Name | Topic::Heading);
        (general && depth < 3).then(|| {
            let block = self.party_within(run, label, depth + 1);
            block
                .filter(|party| *party != Party::Request)
                .unwrap_or(Party::Referrer)
        })
    }

    fn party_within(&self, run: usize, label: &Label, depth: usize) -> Option<Party> {
        if label.party.is_some() {
            return label.party;
        }
        let here = self.run(run)?;
        let left = here.part(label.start, label.start + 1)[0];
        let own_row = self.row(run);
        if label.signature {
            return label.provider.then_some(Party::Referrer);
        }
        for index in (0..=run).rev() {
            let row = self.row(index);
            // A letter's text begins anew after its greeting, and its closing is followed by the sender.
            if index < run && self.run(index).is_some_and(|run| letter::closes(&run.text)) {
                return Some(Party::Referrer);
            }
            if index < run && self.run(index).is_some_and(|run| letter::greets(&run.text)) {
                return None;
            }
            let mut labels: Vec<&Label> = self
                .labels
                .get(index)
                .map(|all| all.iter().collect())
                .unwrap_or_default();
            labels.reverse();
            for setter in labels {
                if index == run && setter.start >= label.start {
                    continue;
                }
                // In a line of prose a date of birth shows who is spoken of.
                if index == run && !label.marked && setter.topic == Topic::Dob {
                    return Some(Party::Patient);
                }
                let Some(party) = setting(setter).or_else(|| self.provider(index, setter, depth)) else {
                    continue;
                };
                let heading = setter.whole && self.heads(index);
                let brief = !heading && !matches!(party, Party::Patient | Party::Referrer);
                if brief && own_row - row > BRIEF
                    || !self.covers(index, setter, heading, row == own_row, left)
                {
                    continue;
                }
                return Some(party);
            }
            if self.is_neutral_heading(index) && own_row > row && self.covers_from(index, left) {
                return Some(Party::Request);
            }
        }
        None
    }

    /// A whole label heads a block when what follows it is a label and not its value.
    fn heads(&self, run: usize) -> bool {
        self.right(run).is_none()
            && (self.below(run).is_none()
                || self
                    .labels
                    .get(run)
                    .and_then(|all| all.first())
                    .is_some_and(|label| label.topic == Topic::Heading))
    }

    fn is_neutral_heading(&self, run: usize) -> bool {
        self.labels
            .get(run)
            .and_then(|all| all.first())
            .is_some_and(|label| {
                label.whole && !label.marked && label.topic == Topic::Heading && label.party.is_none()
                    || label.whole
                        && !label.marked
                        && self.heads(run)
                        && label.party.is_none()
                        && matches!(label.topic, Topic::Payer)
            })
    }

    fn covers_from(&self, run: usize, left: f32) -> bool {
        let Some(here) = self.run(run) else { return false };
        let first = run == 0 || self.row(run - 1) != self.row(run);
        left >= here.left() - ALIGNED || first && here.left() < 0.5
    }

    /// Whether a setter's zone takes in a label at `left`.
    fn covers(&self, run: usize, setter: &Label, heading: bool, same_row: bool, left: f32) -> bool {
        let Some(here) = self.run(run) else { return false };
        let from = here.part(setter.start, setter.start + 1)[0];
        let first = (run == 0 || self.row(run - 1) != self.row(run))
            && self
                .labels
                .get(run)
                .and_then(|all| all.first())
                .is_some_and(|label| label.start == setter.start);
        if same_row {
            return left > from;
        }
        // The zone ends where the next label of the row begins.
        let in_run = self
            .labels
            .get(run)
            .and_then(|all| all.iter().find(|label| label.start > setter.start))
            .map(|label| here.part(label.start, label.start + 1)[0]);
        let in_row = self
            .sheet
            .runs
            .iter()
            .enumerate()
            .skip(run + 1)
            .take_while(|(index, _)| self.row(*index) == self.row(run))
            .find(|(index, _)| {
                if heading {
                    true
                } else {
                    self.begins_with_label(*index)
                }
            })
            .map(|(_, run)| run.left());
        let to = in_run.or(in_row).unwrap_or(1.01);
        let from = if first && from < 0.45 { 0.0 } else { from - ALIGNED };
        (from..to).contains(&left)
    }
}

/// The party that a label sets for those after it.
fn setting(label: &Label) -> Option<Party> {
    match (label.topic, label.party) {
        (Topic::Name | Topic::Heading | Topic::Org | Topic::LastName, Some(party)) => Some(party),
        (Topic::Specialty, Some(Party::Recipient)) => None,
        (Topic::Payer, Some(Party::Secondary)) => Some(Party::Secondary),
        (Topic::Payer, None) if label.whole && !label.marked => Some(Party::Insurance),
        _ => None,
    }
}

/// A fax machine prints its own line at the top: when, from, to, which page. It is about the transmission.
fn is_transmission(run: &Run) -> bool {
    let lower = run.text.to_lowercase();
    let counted = ["p.", "page", "pg"].iter().any(|word| lower.contains(word)) && lower.contains(['/', ':']);
    run.top() < 0.035
        && counted
        && (lower.contains("from:") || lower.contains("fax") || lower.contains("to:"))
        && lower.chars().filter(char::is_ascii_digit).count() >= 8
}
