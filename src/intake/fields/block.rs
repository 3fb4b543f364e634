//! Whose block of the page a label stands in.
//!
//! Owns the zones that headings and labels of people open. Must not know what a value must look like.

use super::labels::Label;
use super::leaf::{ALIGNED, Leaf};
use super::vocabulary::{Party, Topic};
use crate::domain::text;
use crate::intake::sheet::Run;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;

/// The word of a label about somebody else than patient and referrer reaches this many rows down.
const BRIEF: usize = 3;
/// So many runs and labels are looked at before a label, for whose it is: more than a page of print has. Without an end a
/// page of nothing but labels would cost the square of their number.
const REACH: usize = 1_000;

/// What was found out about a page's blocks, so that it is found out once.
#[derive(Default)]
pub struct Blocks {
    /// By run: whether its first label heads a block.
    heads: Vec<OnceCell<bool>>,
    /// By run: the next run of its row that names somebody.
    nexts: Vec<OnceCell<Option<usize>>>,
    /// Whose a practitioner's label is, by run, first character and depth: what stands before it does not change any more.
    providers: RefCell<HashMap<(usize, usize, usize), Option<Party>>>,
    /// Runs and labels looked at.
    looked: Cell<usize>,
}

impl Blocks {
    /// Of a page of so many runs.
    pub(super) fn new(runs: usize) -> Self {
        Self {
            heads: vec![OnceCell::new(); runs],
            nexts: vec![OnceCell::new(); runs],
            ..Self::default()
        }
    }
}

impl Leaf<'_> {
    /// Whose block a label stands in: its own word for it, else the nearest label or heading above or left of it that
    /// names somebody.
    pub fn party(&self, run: usize, label: &Label) -> Option<Party> {
        if label.provider && label.party.is_none() {
            self.provider(run, label, 0)
        } else {
            self.party_within(run, label, 0)
        }
    }

    /// The labels of a name or a birth that say not whose and stand in nobody's block: they are the patient's, and those
    /// after them too.
    pub(super) fn find_patients(&mut self) {
        for run in 0..self.sheet.runs.len() {
            let labels = self.labels.get(run).cloned().unwrap_or_default();
            for label in labels {
                let bare = label.party.is_none() && !label.provider && !label.signature && !label.line;
                let names = matches!(
                    label.topic,
                    Topic::Name | Topic::Dob | Topic::LastName | Topic::FirstName
                );
                if names
                    && (bare
                        && matches!(
                            self.party(run, &label),
                            None | Some(Party::Patient | Party::Request)
                        )
                        || label.party == Some(Party::Patient) && label.topic == Topic::Dob)
                {
                    self.patients.insert((run, label.start));
                }
            }
        }
    }

    /// A practitioner's label without a word for whose (`Provider`) is the addressee's or the family doctor's in their
    /// block, and the referrer's elsewhere.
    fn provider(&self, run: usize, label: &Label, depth: usize) -> Option<Party> {
        if !label.provider || label.party.is_some() || depth > 2 {
            return None;
        }
        let key = (run, label.start, depth);
        let known = self.blocks.providers.borrow().get(&key).copied();
        if let Some(known) = known {
            return known;
        }
        let block = if label.topic == Topic::Heading {
            None
        } else {
            self.party_within(run, label, depth + 1)
        };
        let party = block
            .filter(|party| matches!(party, Party::Recipient | Party::Pcp))
            .or(Some(Party::Referrer));
        self.blocks.providers.borrow_mut().insert(key, party);
        party
    }

    fn sets_as_provider(&self, run: usize, label: &Label, depth: usize) -> Option<Party> {
        matches!(label.topic, Topic::Name | Topic::Heading)
            .then(|| self.provider(run, label, depth))
            .flatten()
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
        let headed = OnceCell::new();
        let mut looked = 0;
        for index in (0..=run).rev() {
            let labels = self.labels.get(index).map(Vec::as_slice).unwrap_or_default();
            looked += 1 + labels.len();
            self.blocks
                .looked
                .set(self.blocks.looked.get() + 1 + labels.len());
            if looked > REACH {
                return None;
            }
            let row = self.row(index);
            // A letter's text begins anew after its greeting, and its closing is followed by the sender.
            if index < run && self.closings.binary_search(&index).is_ok() {
                return Some(Party::Referrer);
            }
            if index < run && self.greetings.binary_search(&index).is_ok() {
                return None;
            }
            for setter in labels.iter().rev() {
                if index == run && setter.start >= label.start {
                    continue;
                }
                // In a line of prose a date of birth shows who is spoken of.
                if index == run && !label.marked && setter.topic == Topic::Dob {
                    return Some(Party::Patient);
                }
                let placed = || {
                    self.patients
                        .contains(&(index, setter.start))
                        .then_some(Party::Patient)
                };
                let Some(party) = setting(setter)
                    .or_else(|| self.sets_as_provider(index, setter, depth))
                    .or_else(placed)
                else {
                    continue;
                };
                let heading = setter.whole && self.heads(index);
                // By its place alone, a label speaks for its own column.
                let column = heading || setting(setter).is_none();
                let brief = !heading && (setter.line || !matches!(party, Party::Patient | Party::Referrer));
                // Whoever has the plan, or is called where the patient is not reached, has a birth, a sex and a telephone too: these are
                // theirs until somebody else is named.
                let reaches =
                    !setter.line && matches!(party, Party::Relative | Party::Secondary) && is_own(label);
                if brief && !reaches && own_row - row > BRIEF
                    || !self.covers(index, setter, column, row == own_row, (run, left), &headed)
                {
                    continue;
                }
                return Some(party);
            }
            if self.is_neutral_heading(index) && own_row > row && self.covers_from(index, left) {
                let insures = is_own(label) && self.run(index).is_some_and(|run| insures(&run.text));
                return Some(if insures { Party::Insurance } else { Party::Request });
            }
        }
        None
    }

    /// A whole label heads a block when what follows it is a label and not its value.
    fn heads(&self, run: usize) -> bool {
        let heads = || {
            self.right(run).is_none()
                && (self.below(run).is_none()
                    || self
                        .labels
                        .get(run)
                        .and_then(|all| all.first())
                        .is_some_and(|label| label.topic == Topic::Heading))
        };
        self.blocks
            .heads
            .get(run)
            .map_or_else(heads, |known| *known.get_or_init(heads))
    }

    /// The next run of a run's row whose first label names somebody.
    fn next_setter(&self, run: usize) -> Option<usize> {
        let row = self.row(run);
        let next = || {
            (run + 1..self.sheet.runs.len())
                .take_while(|index| self.row(*index) == row)
                .find(|index| {
                    let first = self.labels.get(*index).and_then(|all| all.first());
                    first.is_some_and(|label| setting(label).is_some())
                })
        };
        self.blocks
            .nexts
            .get(run)
            .map_or_else(next, |known| *known.get_or_init(next))
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

    /// Whether a label that names somebody stands above at the same left edge, away from the page's margin.
    fn headed(&self, run: usize, left: f32) -> bool {
        let aligned = |(index, above): (usize, &Run)| {
            self.row(index) < self.row(run)
                && (above.left() - left).abs() < ALIGNED
                && self
                    .labels
                    .get(index)
                    .and_then(|all| all.first())
                    .is_some_and(|label| setting(label).is_some())
        };
        left > 0.2 && self.sheet.runs.iter().enumerate().take(run).any(aligned)
    }

    /// Whether a setter's zone takes in a label at `left`.
    fn covers(
        &self,
        run: usize,
        setter: &Label,
        column: bool,
        same_row: bool,
        (index_of_label, left): (usize, f32),
        headed: &OnceCell<bool>,
    ) -> bool {
        let Some(here) = self.run(run) else { return false };
        let from = here.part(setter.start, setter.start + 1)[0];
        let first = (run == 0 || self.row(run - 1) != self.row(run))
            && self
                .labels
                .get(run)
                .and_then(|all| all.first())
                .is_some_and(|label| label.start == setter.start);
        if same_row && index_of_label == run {
            return left > from;
        }
        if same_row {
            // A column of its own, with its own head above, owes nothing to the column left of it.
            let ours = !matches!(setting(setter), None | Some(Party::Recipient | Party::Referrer));
            return left > from && (ours || !*headed.get_or_init(|| self.headed(run, left)));
        }
        // The zone ends where the row's next label that names somebody begins; a heading's at the next run.
        let sets = |label: &&Label| setting(label).is_some();
        let in_run = self
            .labels
            .get(run)
            .and_then(|all| all.iter().filter(|label| label.start > setter.start).find(sets));
        let in_run = in_run.map(|label| here.part(label.start, label.start + 1)[0]);
        let in_row = if column {
            Some(run + 1).filter(|next| self.row(*next) == self.row(run))
        } else {
            self.next_setter(run)
        };
        // Left edges of one column are read a hair apart.
        let in_row = in_row
            .and_then(|next| self.run(next))
            .map(|run| run.left() - ALIGNED / 2.0);
        let to = in_run.or(in_row).unwrap_or(1.01);
        let from = if first && from < 0.45 { 0.0 } else { from - ALIGNED };
        (from..to).contains(&left)
    }
}

/// Whether a label is of what everybody has of their own.
fn is_own(label: &Label) -> bool {
    matches!(label.topic, Topic::Dob | Topic::Sex | Topic::Phone)
}

/// Whether a heading is of a plan, whose subscriber may be somebody else than the patient.
fn insures(heading: &str) -> bool {
    let heading = text::fold(heading);
    ["insurance", "coverage", "subscriber", "policy", "guarantor"]
        .iter()
        .any(|word| heading.contains(word))
}

/// The party that a label sets for those after it.
fn setting(label: &Label) -> Option<Party> {
    match (label.topic, label.party) {
        (Topic::Name | Topic::Heading | Topic::Org | Topic::LastName, Some(party)) => Some(party),
        (Topic::Specialty, Some(Party::Recipient)) => None,
        (Topic::Payer, Some(Party::Secondary)) => Some(Party::Secondary),
        (Topic::Other, Some(Party::Request)) => Some(Party::Request),
        (Topic::Payer, None) if label.whole && !label.marked => Some(Party::Insurance),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::leaf::Leaf;
    use super::*;
    use crate::intake::sheet::{MAX_RUNS, Origin, Sheet};

    /// A page of the fullest: each label on a row of its own, or many in a row.
    fn page(label: &str, in_row: usize) -> Sheet {
        let run = |index: usize| {
            let (row, column) = (index / in_row, index % in_row);
            let (top, left) = (
                row as f32 * in_row as f32 / MAX_RUNS as f32,
                column as f32 / in_row as f32,
            );
            let high = 0.5 * in_row as f32 / MAX_RUNS as f32;
            Run::new(
                label,
                [left, top, left + 0.5 / in_row as f32, top + high],
                Origin::Print,
            )
        };
        Sheet::new((0..MAX_RUNS).map(run).collect())
    }

    #[test]
    fn a_page_of_labels_costs_each_no_more_than_a_page_of_print() {
        for (label, walks) in [
            ("Phone:", 1),
            ("Provider phone:", 2),
            ("Provider:", 3),
            ("DOB:", 1),
        ] {
            for in_row in [1, 30, MAX_RUNS] {
                let sheet = page(label, in_row);
                let leaf = Leaf::new(&sheet);
                let all: Vec<(usize, &Label)> = leaf
                    .labels
                    .iter()
                    .enumerate()
                    .flat_map(|(run, labels)| labels.iter().map(move |label| (run, label)))
                    .collect();
                assert!(all.len() > MAX_RUNS / 2, "{label} {in_row}: {}", all.len());
                for (run, label) in &all {
                    leaf.party(*run, label);
                }
                // Once to find the patient's labels, once here.
                let most = 2 * walks * all.len() * REACH;
                let looked = leaf.blocks.looked.get();
                assert!(looked <= most, "{label} {in_row}: {looked} of {most}");
            }
        }
    }
}
