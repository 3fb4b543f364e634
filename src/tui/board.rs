//! The rows on the screen: a window over an index, the emergency fence, the cursor and the marks.
//!
//! Owns which rows are held and which of them the cursor is on. The cursor is a referral, never a row number, and rows never
//! change places by themselves. Must not know how rows are drawn or read.

use super::msg::Fetch;
use crate::domain::id::ReferralId;
use crate::domain::lists::List;
use crate::store::board::{QueueRow, Shelf, Spot, Window};
use std::collections::{BTreeMap, BTreeSet};

/// What the screen knows of a row beside its values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sign {
    /// Nothing.
    #[default]
    None,
    /// An action on it is on its way to the disk.
    Busy,
    /// A neighbour changed it.
    Changed,
    /// It is no longer in this list, and stays in sight until the cursor leaves.
    Left,
}

/// A row with what the screen knows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Values.
    pub queue: QueueRow,
    /// Sign.
    pub sign: Sign,
}

/// The rows on the screen.
#[derive(Debug, Default)]
pub struct Board {
    /// Emergencies, on top of every list.
    pub fence: Vec<Row>,
    /// There are more emergencies than these.
    pub fence_more: bool,
    /// The rows held: the screen, and some of what stands before and after it.
    pub rows: Vec<Row>,
    /// Nothing stands before the first row held.
    pub at_start: bool,
    /// Nothing stands after the last row held.
    pub at_end: bool,
    /// Where a look upwards stopped that goes on.
    pub above: Option<Spot>,
    /// Where a look downwards did.
    pub below: Option<Spot>,
    /// Through how many referrals a look went that has not found enough yet.
    pub looked: usize,
    /// The first row shown, counted within those held.
    pub top: usize,
    /// The referral under the cursor.
    pub cursor: Option<ReferralId>,
    /// Marked referrals with their values when they were marked.
    pub marks: BTreeMap<ReferralId, QueueRow>,
    /// How many rows neighbours changed, that are not shown yet.
    pub changed: usize,
    /// A first window is on its way.
    pub loading: bool,
}

/// Screens held on either side of the one shown, at most. More are asked for where less than one is left: were the two the same
/// number, what is let go at one end would be asked for again at the next key.
const SCREENS: usize = 2;
/// Referrals that one look goes through where each has to be read: a few milliseconds, so that a key is never far behind it.
pub const STEP: usize = 1_000;

impl Board {
    /// Ids in the order of the cursor's way: the fence, then the list.
    pub fn order(&self) -> impl Iterator<Item = ReferralId> + '_ {
        self.fence.iter().chain(&self.rows).map(|row| row.queue.id)
    }

    /// The row of a referral.
    pub fn row(&self, id: ReferralId) -> Option<&Row> {
        self.fence.iter().chain(&self.rows).find(|row| row.queue.id == id)
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<&Row> {
        self.row(self.cursor?)
    }

    /// Where the cursor stands within the rows held; none in the fence.
    pub fn position(&self) -> Option<usize> {
        let cursor = self.cursor?;
        self.rows.iter().position(|row| row.queue.id == cursor)
    }

    /// Moves the cursor by rows; stops at the ends.
    pub fn step(&mut self, by: isize) {
        let order: Vec<ReferralId> = self.order().collect();
        let at = self
            .cursor
            .and_then(|id| order.iter().position(|each| *each == id));
        let to = match at {
            Some(at) => at.saturating_add_signed(by).min(order.len().saturating_sub(1)),
            None => 0,
        };
        if let Some(id) = order.get(to) {
            self.put_cursor(Some(*id));
        }
    }

    /// Puts the cursor on a referral. Rows that only stayed in sight for it go.
    pub fn put_cursor(&mut self, to: Option<ReferralId>) {
        let left = self.cursor.filter(|_| self.cursor != to);
        self.cursor = to;
        if let Some(left) = left
            && self.row(left).is_some_and(|row| row.sign == Sign::Left)
        {
            self.drop_row(left);
        }
    }

    /// The referral that the cursor goes to when it leaves this one: the one below, else the one above. From the list it
    /// never goes into the fence by itself: the next key would fall on an emergency.
    pub fn neighbour(&self, id: ReferralId, skip: &BTreeSet<ReferralId>) -> Option<ReferralId> {
        let listed = self.rows.iter().any(|row| row.queue.id == id);
        let fence = if listed {
            [].as_slice()
        } else {
            self.fence.as_slice()
        };
        let order: Vec<ReferralId> = fence.iter().chain(&self.rows).map(|row| row.queue.id).collect();
        let at = order.iter().position(|each| *each == id)?;
        let free = |each: &&ReferralId| !skip.contains(*each);
        let below = order.iter().skip(at + 1).find(free);
        below.or_else(|| order.iter().take(at).rev().find(free)).copied()
    }

    /// The rows around one, the nearest below first, then those above.
    fn around(&self, id: ReferralId) -> Vec<ReferralId> {
        let order: Vec<ReferralId> = self.rows.iter().map(|row| row.queue.id).collect();
        let Some(at) = order.iter().position(|each| *each == id) else {
            return Vec::new();
        };
        let below = order.iter().skip(at + 1);
        below.chain(order.iter().take(at).rev()).copied().collect()
    }

    /// Takes a row away; the cursor goes on to its neighbour.
    pub fn drop_row(&mut self, id: ReferralId) {
        if self.cursor == Some(id) {
            self.cursor = self.neighbour(id, &BTreeSet::from([id]));
        }
        if let Some(at) = self.rows.iter().position(|row| row.queue.id == id) {
            self.rows.remove(at);
            if at < self.top {
                self.top -= 1;
            }
        }
        self.fence.retain(|row| row.queue.id != id);
    }

    /// Sets a row's sign.
    pub fn set_sign(&mut self, id: ReferralId, sign: Sign) {
        for row in self.fence.iter_mut().chain(&mut self.rows) {
            if row.queue.id == id {
                row.sign = sign;
            }
        }
    }

    /// Puts new values into the row of a referral; its place stays.
    pub fn refresh(&mut self, queue: &QueueRow, sign: Sign) {
        for row in self.fence.iter_mut().chain(&mut self.rows) {
            if row.queue.id == queue.id {
                row.queue = queue.clone();
                row.sign = sign;
            }
        }
        if let Some(mark) = self.marks.get_mut(&queue.id) {
            *mark = queue.clone();
        }
    }

    /// Takes the emergencies in; at most so many are shown.
    pub fn take_fence(&mut self, window: Window, most: usize) {
        self.fence_more = !window.at_end || window.rows.len() > most;
        self.fence = window.rows.into_iter().take(most).map(fresh).collect();
        self.part_fence();
    }

    /// An emergency shown in the fence is not shown again among the rows.
    fn part_fence(&mut self) {
        let fenced: BTreeSet<ReferralId> = self.fence.iter().map(|row| row.queue.id).collect();
        let before = self
            .rows
            .iter()
            .take(self.top)
            .filter(|row| fenced.contains(&row.queue.id))
            .count();
        self.rows.retain(|row| !fenced.contains(&row.queue.id));
        self.top -= before;
    }

    /// Takes a window in, for what it was asked for. `height` is the number of rows on the screen.
    pub fn take(&mut self, window: Window, fetch: Fetch, height: usize) {
        let stopped = match fetch {
            Fetch::Show => window.below.or(window.above),
            Fetch::Below => window.below,
            Fetch::Above => window.above,
            Fetch::Peek => None,
        };
        if fetch == Fetch::Show {
            self.looked = 0;
        }
        self.looked = stopped.map_or(0, |_| self.looked + STEP);
        match fetch {
            Fetch::Show => {
                let near = self.cursor.map(|cursor| self.around(cursor)).unwrap_or_default();
                self.at_start = window.at_start;
                self.at_end = window.at_end;
                (self.above, self.below) = (window.above, window.below);
                self.rows = window.rows.into_iter().map(fresh).collect();
                self.changed = 0;
                self.loading = false;
                self.top = 0;
                self.part_fence();
                if self.cursor.is_none_or(|id| self.row(id).is_none()) {
                    // The nearest row that is left, else the top of the list; never the fence by itself: the next key
                    // would fall on an emergency.
                    let left = near
                        .into_iter()
                        .find(|id| self.rows.iter().any(|row| row.queue.id == *id));
                    self.cursor = left.or(self.rows.first().map(|row| row.queue.id));
                }
            }
            Fetch::Below => {
                let held: BTreeSet<ReferralId> = self.order().collect();
                self.at_end = window.at_end;
                self.below = window.below;
                self.rows.extend(
                    window
                        .rows
                        .into_iter()
                        .filter(|row| !held.contains(&row.id))
                        .map(fresh),
                );
                let spare = self.top.saturating_sub(height * SCREENS);
                if spare > 0 {
                    self.rows.drain(..spare);
                    self.top -= spare;
                    self.at_start = false;
                    self.above = None;
                }
                // A look that goes on has found its first.
                self.cursor = self.cursor.or(self.rows.first().map(|row| row.queue.id));
            }
            Fetch::Above => {
                let held: BTreeSet<ReferralId> = self.order().collect();
                self.at_start = window.at_start;
                self.above = window.above;
                let above: Vec<Row> = window
                    .rows
                    .into_iter()
                    .filter(|row| !held.contains(&row.id))
                    .map(fresh)
                    .collect();
                self.top += above.len();
                self.rows.splice(0..0, above);
                let keep = self.top + height * (1 + SCREENS);
                if self.rows.len() > keep {
                    self.rows.truncate(keep);
                    self.at_end = false;
                    self.below = None;
                }
                self.cursor = self.cursor.or(self.rows.last().map(|row| row.queue.id));
            }
            Fetch::Peek => self.compare(&window),
        }
        self.show_cursor(height);
    }

    /// Counts and marks what differs from rows read afresh; changes nothing else.
    fn compare(&mut self, window: &Window) {
        let fenced: BTreeSet<ReferralId> = self.fence.iter().map(|row| row.queue.id).collect();
        let seen: BTreeMap<ReferralId, &QueueRow> = window
            .rows
            .iter()
            .filter(|row| !fenced.contains(&row.id))
            .map(|row| (row.id, row))
            .collect();
        let held: BTreeSet<ReferralId> = self.rows.iter().map(|row| row.queue.id).collect();
        // Windows may start and end elsewhere: only what lies between rows that both have can be compared.
        let shared = |id: &ReferralId| seen.contains_key(id) && held.contains(id);
        let old: Vec<ReferralId> = self.rows.iter().map(|row| row.queue.id).collect();
        let new: Vec<ReferralId> = window
            .rows
            .iter()
            .map(|row| row.id)
            .filter(|id| !fenced.contains(id))
            .collect();
        let whole_start = self.at_start && window.at_start;
        let whole_end = self.at_end && window.at_end;
        let gone: Vec<ReferralId> = between(&old, shared, whole_start, whole_end)
            .filter(|id| !seen.contains_key(id))
            .collect();
        let come = between(&new, shared, whole_start, whole_end)
            .filter(|id| !held.contains(id))
            .count();
        let mut differ = 0;
        for row in &mut self.rows {
            let moved = seen
                .get(&row.queue.id)
                .is_some_and(|other| other.version != row.queue.version);
            if moved && row.sign != Sign::Busy {
                row.sign = Sign::Changed;
                differ += 1;
            }
        }
        self.changed = gone.len() + come + differ;
        for id in gone {
            self.set_sign(id, Sign::Changed);
        }
    }

    /// Scrolls as little as shows the cursor.
    pub fn show_cursor(&mut self, height: usize) {
        if let Some(at) = self.position() {
            if at < self.top {
                self.top = at;
            } else if height > 0 && at >= self.top + height {
                self.top = at + 1 - height;
            }
        } else if self.fence.iter().any(|row| Some(row.queue.id) == self.cursor) {
            self.top = 0;
        }
        self.top = self.top.min(self.rows.len().saturating_sub(height));
    }

    /// Marks the referral under the cursor, or takes its mark away.
    pub fn toggle_mark(&mut self) {
        let Some(row) = self.current().map(|row| row.queue.clone()) else {
            return;
        };
        if self.marks.remove(&row.id).is_none() {
            self.marks.insert(row.id, row);
        }
    }
}

fn fresh(queue: QueueRow) -> Row {
    Row {
        queue,
        sign: Sign::None,
    }
}

/// The part of a list between its first and its last shared row, or its ends where both sides have them.
fn between(
    ids: &[ReferralId],
    shared: impl Fn(&ReferralId) -> bool,
    from_start: bool,
    to_end: bool,
) -> impl Iterator<Item = ReferralId> {
    let first = if from_start {
        Some(0)
    } else {
        ids.iter().position(&shared)
    };
    let last = if to_end {
        ids.len().checked_sub(1)
    } else {
        ids.iter().rposition(&shared)
    };
    let range = match (first, last) {
        (Some(first), Some(last)) if first <= last => ids.get(first..=last).unwrap_or_default().to_vec(),
        _ => Vec::new(),
    };
    range.into_iter()
}

/// Whether a referral belongs on a shelf.
pub fn belongs(row: &QueueRow, shelf: Shelf) -> bool {
    match shelf {
        Shelf::List(list) => row.list == Some(list),
        Shelf::Open => row.list.is_some(),
        Shelf::Closed => row.list.is_none(),
    }
}

/// The shelf on which a row stands.
pub fn shelf_of(list: Option<List>) -> Shelf {
    list.map_or(Shelf::Closed, Shelf::List)
}
