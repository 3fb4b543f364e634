//! The past on the store: what a reader of past moments asks.

use super::{Past, clear, look_back, sheet};
use crate::domain::id::ReferralId;
use crate::domain::policy::ScoreTargets;
use crate::domain::query::Query;
use crate::domain::time::Stamp;
use crate::store::board::{Anchor, QueueRow, Sheet, Shelf, Window};
use crate::store::{Store, StoreError, filter, queue};

impl Store {
    /// Lays out the tables as they stood at a past moment; see [`super`]. `go_on` is told how many changes of how many are
    /// taken back, and says whether to go on; none where it did not.
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn look_back(
        &self,
        at: Stamp,
        go_on: impl FnMut(u64, u64) -> bool,
    ) -> Result<Option<Past>, StoreError> {
        self.read_back(|connection| look_back(connection, at, go_on))
    }

    /// Forgets the past moment.
    ///
    /// # Errors
    /// SQLite's.
    pub fn return_to_now(&self) -> Result<(), StoreError> {
        clear(&self.connection)
    }

    /// A window of rows as they stood at the past moment, scored then; through at most so many referrals (`limit.1`) that have
    /// to be read, as [`Store::look`].
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn past_window(
        &self,
        past: &mut Past,
        shelf: Shelf,
        query: &Query,
        anchor: Anchor,
        (limit, step): (usize, usize),
        targets: &ScoreTargets,
    ) -> Result<Window, StoreError> {
        let filter = filter::Filter(query.clone());
        let lens = queue::Lens {
            shelf,
            filter: &filter,
            now: past.at,
            targets,
            past: true,
            step,
        };
        self.read_back(|connection| {
            past.follow(connection)?;
            queue::window(connection, &lens, anchor, limit)
        })
    }

    /// Rows by their ids, as they stood at the past moment.
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn past_rows(
        &self,
        past: &mut Past,
        ids: &[ReferralId],
        targets: &ScoreTargets,
    ) -> Result<Vec<QueueRow>, StoreError> {
        self.read_back(|connection| {
            past.follow(connection)?;
            queue::rows(connection, ids, past.at, targets, true)
        })
    }

    /// One referral, whole, as it stood at a moment. It needs no moment laid out: only its own changes are taken back.
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn past_sheet(
        &self,
        id: ReferralId,
        at: Stamp,
        timeline: usize,
    ) -> Result<Option<Sheet>, StoreError> {
        self.read(|connection| sheet(connection, id, at, timeline))
    }
}
