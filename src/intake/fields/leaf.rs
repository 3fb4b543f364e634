//! A page with its labels: where a label's value stands, and whose block a label is in.
//!
//! Owns the geometry between labels and values. Must not know what a value must look like.

use super::block::Blocks;
use super::dates;
use super::labels::{Label, labels};
use super::letter;
use super::taught;
use super::vocabulary::Topic;
use super::words::cut;
use crate::intake::learned::Learned;
use crate::intake::sheet::{Run, Sheet};
use std::collections::BTreeSet;

/// Left edges within this share of the width are aligned.
pub const ALIGNED: f32 = 0.02;
/// A letterhead stands within this share of the page from its top.
pub const HEAD: f32 = 0.14;
/// A label begins its run within this many characters: numbering and bullets stand before it.
pub(super) const NUMBERED: usize = 6;

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
    /// Runs that begin with the value of the label left of them, and hold another label.
    led: BTreeSet<usize>,
    /// What was found out about the blocks.
    pub(super) blocks: Blocks,
    /// The year that the paper is of, as far as its pages say: two digits of a year are read by it.
    pub paper: u32,
}

impl<'a> Leaf<'a> {
    /// Finds the labels and rows of a page.
    pub fn new(sheet: &'a Sheet) -> Self {
        Self::taught(sheet, &Learned::default())
    }

    /// The same, on a paper of a year.
    pub fn on_paper_of(self, year: u32) -> Self {
        Self { paper: year, ..self }
    }

    /// The same, with the labels that corrections taught.
    pub fn taught(sheet: &'a Sheet, learned: &Learned) -> Self {
        let labels = sheet
            .runs
            .iter()
            .map(|run| {
                if is_transmission(run) {
                    Vec::new()
                } else {
                    taught::with_lessons(&run.text, labels(&run.text), learned)
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
            led: BTreeSet::new(),
            blocks: Blocks::new(sheet.runs.len()),
            paper: dates::LEAST,
        };
        leaf.free_values();
        leaf.find_patients();
        leaf.captioned = leaf.is_captioned();
        leaf
    }

    /// Words before a label that nobody knows narrow it (`Spouse last name:`), unless the run left of them is a label whose
    /// value they are: `First name: | ANN Last name: LEE`.
    fn free_values(&mut self) {
        for run in 1..self.labels.len() {
            let waits = self.row(run - 1) == self.row(run)
                && self
                    .labels
                    .get(run - 1)
                    .and_then(|all| all.last())
                    .is_some_and(|label| label.marked && self.same(run - 1, label).is_none());
            if waits
                && let Some(all) = self.labels.get_mut(run)
                && matches!(all.as_slice(), [first, second, ..] if first.value > second.start)
            {
                all.remove(0);
                self.led.insert(run);
            }
        }
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

    /// Whether a run stands in the letterhead: above the first label that names somebody, at the very top. Whose the
    /// numbers there are, the letterhead's reader tells.
    pub fn in_letterhead(&self, run: usize) -> bool {
        let named = |index: usize| {
            self.labels.get(index).into_iter().flatten().any(|label| {
                label.topic == Topic::Dob
                    || label.start < NUMBERED
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
        !self.led.contains(&run)
            && self
                .labels
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
    pub(super) fn unlabelled(&self, run: usize) -> Option<Spot> {
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
