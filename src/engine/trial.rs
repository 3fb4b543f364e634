//! A transaction that is kept, or only tried.
//!
//! Owns that a trial decides everything as it would be and leaves nothing behind. Must not know what is tried.

use super::{Engine, Failure};
use crate::store::{Connection, StoreError};

/// A trial that ends before it is kept.
enum Dry<T> {
    Seen(T),
    Failed(Failure),
}

impl<T> From<StoreError> for Dry<T> {
    fn from(error: StoreError) -> Dry<T> {
        Dry::Failed(error.into())
    }
}

impl Engine {
    /// Does it in one transaction, or only as if.
    pub(super) fn perhaps<T>(
        &mut self,
        dry: bool,
        work: impl Fn(&Connection) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        if !dry {
            return self.store.write(work);
        }
        let tried = self
            .store
            .write::<(), Dry<T>>(|connection| Err(work(connection).map_or_else(Dry::Failed, Dry::Seen)));
        match tried {
            Ok(()) => Err(StoreError::Corrupt {
                what: "trial",
                why: "nothing was decided".into(),
            }
            .into()),
            Err(Dry::Seen(seen)) => Ok(seen),
            Err(Dry::Failed(failure)) => Err(failure),
        }
    }
}
