//! Pages over the screen: something to read, whose lines may lead to a referral.
//!
//! Owns what a page holds, the line chosen and its keys. Must not know how a page is drawn or where its contents come from.

use super::chord::{Chord, Key};
use crate::domain::compare::{self, Standing, compare};
use crate::domain::decide::rules::Verdict;
use crate::domain::id::ReferralId;
use crate::domain::policy::ScoreTargets;
use crate::domain::rule::Rule;
use crate::domain::time::Stamp;
use crate::report::handover::Handover;
use crate::store::board::QueueRow;

/// What a page holds.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    /// Two referrals side by side.
    Compare(Box<Pair>),
    /// The shift handover.
    Handover(Box<Handover>),
    /// The clinic's rules, asked about a referral.
    Rules(Box<Asked>),
}

/// The clinic's rules, asked about a referral.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked {
    /// Which.
    pub referral: ReferralId,
    /// Each rule, with what it would do.
    pub verdicts: Vec<(Rule, Verdict)>,
}

/// Two referrals side by side, the one that stands above first.
#[derive(Clone, PartialEq, Eq)]
pub struct Pair {
    /// What decided, where both are open: an ended referral stands in no order.
    pub verdict: Option<compare::Verdict>,
    /// The rows, as they were read.
    pub rows: [QueueRow; 2],
    /// The moment at which they are scored.
    pub at: Stamp,
}

impl Pair {
    /// Compares two rows as of the moment at which the list was scored.
    pub fn of(a: &QueueRow, b: &QueueRow, at: Stamp, targets: &ScoreTargets) -> Pair {
        let standing = |row: &QueueRow| Standing {
            id: row.id,
            priority: row.priority,
            received_at: row.received_at,
            list: row.list,
        };
        let open = a.list.is_some() && b.list.is_some();
        let verdict = open.then(|| compare(standing(a), standing(b), at, targets));
        let turned = verdict.as_ref().is_some_and(|verdict| verdict.above.id == b.id);
        let rows = if turned {
            [b.clone(), a.clone()]
        } else {
            [a.clone(), b.clone()]
        };
        Pair { verdict, rows, at }
    }
}

/// A page.
#[derive(Clone, PartialEq, Eq)]
pub struct Page {
    /// What it holds.
    pub content: Content,
    /// The line chosen among those that lead somewhere; where none does, the first line shown.
    pub at: usize,
}

/// What a key did to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It stays.
    Stay,
    /// Left.
    Leave,
    /// A referral is to be opened.
    Open(ReferralId),
}

impl Page {
    /// A page at its beginning.
    pub fn new(content: Content) -> Page {
        Page { content, at: 0 }
    }

    /// The referrals that its lines lead to, in order.
    pub fn leads(&self) -> Vec<ReferralId> {
        match &self.content {
            Content::Compare(pair) => pair.rows.iter().map(|row| row.id).collect(),
            Content::Rules(_) => Vec::new(),
            Content::Handover(handover) => handover
                .parts
                .iter()
                .flat_map(|(_, lines, _)| lines)
                .map(|line| line.referral)
                .collect(),
        }
    }

    /// Takes a key.
    pub fn key(&mut self, chord: Chord) -> Turn {
        let leads = self.leads();
        let last = if leads.is_empty() {
            usize::MAX
        } else {
            leads.len() - 1
        };
        let by: isize = match (chord.key, chord.ctrl) {
            (Key::Enter, _) => {
                return leads.get(self.at).map_or(Turn::Leave, |id| Turn::Open(*id));
            }
            (Key::Down | Key::Tab | Key::Char('j' | 'l') | Key::Right, false) => 1,
            (Key::Up | Key::BackTab | Key::Char('k' | 'h') | Key::Left, false) => -1,
            (Key::PageDown | Key::Char(' '), false) | (Key::Char('d' | 'f'), true) => 10,
            (Key::PageUp, false) | (Key::Char('u' | 'b'), true) => -10,
            (Key::Home, _) => isize::MIN / 2,
            (Key::End, _) | (Key::Char('G'), false) if !leads.is_empty() => isize::MAX / 2,
            _ => return Turn::Leave,
        };
        self.at = self.at.saturating_add_signed(by).min(last);
        Turn::Stay
    }
}
