//! The review of a document: what was read, beside the place on the page where it was read.
//!
//! Owns the lines of a review in an order that never changes under the fingers, what a person said to each, and its keys. Must
//! not know how it is drawn, how a page is painted, or what becomes of a command.

mod keys;
mod line;
mod opening;
mod outcome;
mod pictures;
mod typed;
mod wants;

pub use line::{Choice, Doubt, Line, Verdict};
pub use opening::open;
pub use outcome::{Wrong, corrections, receive};
pub use pictures::Pictures;

use super::entry::Entry;
use crate::domain::id::{DocumentId, ReferralId};
use crate::domain::policy::Policy;
use crate::domain::snapshot::LookAlike;
use crate::domain::template::Need;
use crate::intake::ReadDocument;
use crate::intake::document::{Field, Place};
use crate::store::board::QueueRow;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A row of the review.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Row {
    /// A field.
    Field(Field),
    /// A document that is required: did it come along?
    Item(String),
    /// The end: it becomes the referral, or the corrections are kept.
    Done,
}

/// What a key did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It stays.
    Stay,
    /// Left; what was said is kept.
    Leave,
    /// Left, and what was said is thrown away.
    ThrowAway,
    /// It is to become the referral, or the corrections are to be kept.
    Finish,
    /// The document is to be put with this referral instead.
    Attach(ReferralId),
}

/// A review.
#[derive(Clone)]
pub struct Proof {
    /// The document.
    pub document: DocumentId,
    /// The referral whose source it is; none where it waits in Intake.
    pub referral: Option<QueueRow>,
    /// What was read.
    pub reading: Box<ReadDocument>,
    /// The fields: those that a person should look at first.
    pub lines: Vec<Line>,
    /// Where the cursor is.
    pub at: Row,
    /// What is being typed over the field under the cursor.
    pub entry: Option<Entry>,
    /// What is wrong with it.
    pub wrong: Option<String>,
    /// Keys of required documents that came along.
    pub ticked: BTreeSet<String>,
    /// Keys of requirements that the record has as met.
    pub settled: BTreeSet<String>,
    /// Referrals that look like it.
    pub look_alikes: Vec<LookAlike>,
    /// The number of the question for them that was asked last: answers to others are about somebody else.
    pub alike_asked: u64,
    /// The page is shown the other way: its text where its picture would be, or its picture.
    pub turned: bool,
    /// Pictures of its pages.
    pub pictures: Pictures,
    /// How far to the right of a field that is longer than the view, in steps, while the cursor is on it.
    pub pan: Option<(Row, u16)>,
    /// Something was said.
    pub touched: bool,
}

/// What was said, as it is kept when a review is left.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Of which document.
    pub document: DocumentId,
    /// And of which referral, where it is the source of one.
    pub referral: Option<ReferralId>,
    /// To each field.
    pub verdicts: Vec<(Field, Verdict)>,
    /// Which documents came along.
    pub ticked: BTreeSet<String>,
}

impl Proof {
    /// The line of a field.
    pub fn line(&self, field: Field) -> Option<&Line> {
        self.lines.iter().find(|line| line.field == field)
    }

    fn line_mut(&mut self, field: Field) -> Option<&mut Line> {
        self.lines.iter_mut().find(|line| line.field == field)
    }

    /// What would be written for a field.
    pub fn value(&self, field: Field) -> Option<String> {
        self.line(field)?.value()
    }

    /// The line under the cursor.
    pub fn here(&self) -> Option<&Line> {
        match &self.at {
            Row::Field(field) => self.line(*field),
            Row::Item(_) | Row::Done => None,
        }
    }

    /// Where what is looked at stands.
    pub fn place(&self) -> Option<Place> {
        self.here()?.place()
    }

    /// Fields at which a person should still look.
    pub fn open_lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.is_open())
    }

    /// The rows from top to bottom: what is to be looked at, what is missing, the end, the rest.
    pub fn rows(&self, policy: &Policy) -> Vec<Row> {
        let first = |line: &&Line| line.doubt != Doubt::Sure && line.doubt != Doubt::Absent;
        let field = |line: &Line| Row::Field(line.field);
        let items = self
            .checklist(policy)
            .into_iter()
            .filter(|(need, met)| need.need == Need::Document && (!met || self.ticked.contains(&need.key)));
        let mut rows: Vec<Row> = self.lines.iter().filter(first).map(field).collect();
        rows.extend(items.map(|(need, _)| Row::Item(need.key.clone())));
        rows.push(Row::Done);
        rows.extend(self.lines.iter().filter(|line| !first(line)).map(field));
        rows
    }

    /// What was said, to be kept.
    pub fn said(&self) -> Said {
        let spoken = self.lines.iter().filter(|line| line.verdict != Verdict::Open);
        Said {
            document: self.document,
            referral: self.referral.as_ref().map(|row| row.id),
            verdicts: spoken.map(|line| (line.field, line.verdict.clone())).collect(),
            ticked: self.ticked.clone(),
        }
    }

    /// Takes up what was said before.
    pub fn resume(&mut self, said: &Said) {
        for (field, verdict) in &said.verdicts {
            if let Some(line) = self.line_mut(*field) {
                let there = !matches!(verdict, Verdict::Taken(at) if *at >= line.choices.len());
                if there {
                    line.verdict = verdict.clone();
                }
            }
        }
        self.ticked.clone_from(&said.ticked);
        self.touched = true;
        self.at = self.next_open();
    }

    /// The next field to look at, from the top; the end where there is none.
    fn next_open(&self) -> Row {
        let open = self.open_lines().next();
        open.map_or(Row::Done, |line| Row::Field(line.field))
    }
}

#[cfg(test)]
mod tests;
