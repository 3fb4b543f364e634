//! What stands around a word: its label, the cell left of it, the line above it, whose block it is in, where on the page.
//!
//! Owns how these are looked up, once a run. Must not know what becomes of them.

use super::tokens::Token;
use crate::intake::fields::labels::Label;
use crate::intake::fields::leaf::Leaf;
use crate::intake::fields::vocabulary::{Party, Topic};
use std::ops::Range;

/// A line above is at most so many line heights away.
const ABOVE: f32 = 2.6;
/// It begins within this share of the width of where the line beneath does.
const ASTRAY: f32 = 0.035;
/// At most so many runs are looked back for it.
const BACK: usize = 24;
/// So many words of a cell or line beside are told.
const WORDS: usize = 4;

/// A word's label in its own run.
#[derive(Clone, Copy)]
pub struct Named {
    /// What it announces.
    pub topic: u8,
    /// Whose.
    pub party: u8,
    /// How many words the label's end is away, at most five.
    pub away: u8,
    /// Whether the word is one of the label's own.
    pub within: bool,
}

/// A run beside a word's.
pub struct Beside<'a> {
    /// What its label announces, one past the last topic where it has none.
    pub topic: u8,
    /// Whose.
    pub party: u8,
    /// Its last words where it is left, its first where it is above.
    pub words: Vec<&'a Token>,
}

/// What stands around a word.
pub struct Around<'a> {
    /// Whether it begins its run.
    pub first: bool,
    /// Whether it ends it.
    pub last: bool,
    /// Which word of its run it is, at most five.
    pub index: u8,
    /// How long its run is, in classes.
    pub length: u8,
    /// Where on the page, from the top, in classes.
    pub zone: u8,
    /// Whose block.
    pub party: u8,
    /// Where in a letter: none, before its greeting, its text, behind its closing.
    pub letter: u8,
    /// Whether its line is larger than most.
    pub tall: bool,
    /// Its label.
    pub label: Option<Named>,
    /// The run left of it, where no label is nearer.
    pub left: Option<Beside<'a>>,
    /// The run above it, where no label is nearer.
    pub above: Option<Beside<'a>>,
}

/// What was looked up for each run.
pub struct Surroundings {
    words: Vec<Range<usize>>,
    labels: Vec<Vec<(usize, usize, u8, u8)>>,
    parties: Vec<u8>,
    above: Vec<Option<usize>>,
    height: f32,
}

/// No topic, or nobody.
const NONE: u8 = 99;

fn topic(label: &Label) -> u8 {
    label.topic as u8
}

fn whose(party: Option<Party>) -> u8 {
    party.map_or(NONE, |party| party as u8)
}

impl Surroundings {
    /// Looks a page's runs up.
    pub fn new(leaf: &Leaf<'_>, tokens: &[Token]) -> Surroundings {
        let runs = leaf.sheet.runs.len();
        let mut words = Vec::with_capacity(runs);
        let mut next = 0;
        for run in 0..runs {
            let from = next;
            while tokens.get(next).is_some_and(|token| token.run == run) {
                next += 1;
            }
            words.push(from..next);
        }
        let labels = (0..runs).map(|run| {
            let all = leaf.labels.get(run).into_iter().flatten();
            all.map(|label| {
                (
                    label.start,
                    label.value,
                    topic(label),
                    whose(leaf.party(run, label)),
                )
            })
            .collect()
        });
        let mut heights: Vec<f32> = leaf.sheet.runs.iter().map(|run| run.height()).collect();
        heights.sort_by(f32::total_cmp);
        Surroundings {
            words,
            labels: labels.collect(),
            parties: (0..runs).map(|run| whose(leaf.party(run, &unspoken()))).collect(),
            above: (0..runs).map(|run| above(leaf, run)).collect(),
            height: heights.get(runs / 2).copied().unwrap_or(1.0),
        }
    }

    /// What stands around a word.
    pub fn around<'t>(&self, leaf: &Leaf<'_>, tokens: &'t [Token], at: usize) -> Around<'t> {
        let run = tokens.get(at).map_or(0, |token| token.run);
        let words = self.words.get(run).cloned().unwrap_or_default();
        let index = at.saturating_sub(words.start);
        let length = words.len();
        let placed = leaf.sheet.runs.get(run);
        let top = placed.map_or(0.0, |run| run.top());
        let label = self.label(tokens, at, run);
        let free = label.is_none();
        Around {
            first: index == 0,
            last: index + 1 == length,
            index: index.min(5) as u8,
            length: match length {
                0..=3 => length as u8,
                4..=6 => 4,
                7..=10 => 5,
                _ => 6,
            },
            zone: [0.025, 0.06, 0.1, 0.15, 0.3, 0.6, 0.85]
                .iter()
                .filter(|edge| top > **edge)
                .count() as u8,
            party: self.parties.get(run).copied().unwrap_or(NONE),
            letter: letter(leaf, run),
            tall: placed.is_some_and(|run| run.height() > 1.15 * self.height),
            left: free.then(|| self.left(leaf, tokens, run)).flatten(),
            above: free
                .then(|| self.beside(tokens, self.above.get(run).copied().flatten()?, true))
                .flatten(),
            label,
        }
    }

    fn label(&self, tokens: &[Token], at: usize, run: usize) -> Option<Named> {
        let token = tokens.get(at)?;
        let all = self.labels.get(run)?;
        let (_, value, topic, party) = all.iter().rev().find(|(start, ..)| *start <= token.start)?;
        let away = (0..=at).rev().take_while(|before| {
            tokens
                .get(*before)
                .is_some_and(|before| before.run == run && before.start >= *value)
        });
        Some(Named {
            topic: *topic,
            party: *party,
            away: away.count().min(5) as u8,
            within: token.start < *value,
        })
    }

    fn left<'t>(&self, leaf: &Leaf<'_>, tokens: &'t [Token], run: usize) -> Option<Beside<'t>> {
        let left = run.checked_sub(1)?;
        (leaf.row(left) == leaf.row(run))
            .then(|| self.beside(tokens, left, false))
            .flatten()
    }

    fn beside<'t>(&self, tokens: &'t [Token], run: usize, from_front: bool) -> Option<Beside<'t>> {
        let words = tokens.get(self.words.get(run)?.clone())?;
        let labels = self.labels.get(run)?;
        let label = if from_front { labels.first() } else { labels.last() };
        // A label that has its value is none of what follows.
        let open = label.filter(|(_, value, ..)| words.iter().all(|word| word.start < *value));
        let some = if from_front {
            words.get(..words.len().min(WORDS))
        } else {
            words.get(words.len().saturating_sub(WORDS)..)
        };
        Some(Beside {
            topic: open.map_or(NONE + u8::from(label.is_some()), |(.., topic, _)| *topic),
            party: open.map_or(NONE, |(.., party)| *party),
            words: some?.iter().collect(),
        })
    }
}

/// A label that says nothing: whose it is tells whose block a place is in.
fn unspoken() -> Label {
    Label {
        topic: Topic::Other,
        party: None,
        start: 0,
        value: 0,
        end: 0,
        marked: true,
        whole: false,
        second: false,
        private: false,
        provider: false,
        signature: false,
        payer: None,
        line: false,
        with_fax: false,
        learned: false,
    }
}

fn above(leaf: &Leaf<'_>, run: usize) -> Option<usize> {
    let here = leaf.sheet.runs.get(run)?;
    (run.saturating_sub(BACK)..run).rev().find(|other| {
        leaf.row(*other) < leaf.row(run)
            && leaf.sheet.runs.get(*other).is_some_and(|other| {
                (other.left() - here.left()).abs() < ASTRAY
                    && here.middle() - other.middle() < ABOVE * here.height().max(other.height())
            })
    })
}

fn letter(leaf: &Leaf<'_>, run: usize) -> u8 {
    let greeted = leaf.greetings.first();
    let closed = leaf.closings.iter().rev().find(|closing| **closing < run);
    match (greeted, closed) {
        (_, Some(closing)) => 4 + (leaf.row(run) - leaf.row(*closing)).min(4) as u8,
        (Some(greeting), None) if run > *greeting => 2,
        (Some(_), None) => 1,
        (None, None) => 0,
    }
}

/// So that the two tables' numbers stay what training saw: topics and parties are told by their order.
const _: () = assert!(Topic::Heading as u8 == 26 && (Party::Secondary as u8) < NONE);
