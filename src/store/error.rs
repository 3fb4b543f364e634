//! What can go wrong with the file, as a person reads it.

use std::path::PathBuf;

/// An error of the store. Each says what happened, what was kept, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite answered with an error; the transaction was rolled back.
    #[error(
        "the database answered: {0}. The change was not made; everything saved before is kept. Try again, and run `refdesk check` if it repeats"
    )]
    Sqlite(#[from] rusqlite::Error),
    /// A stored value cannot be read.
    #[error("a stored {what} cannot be read ({why}). Nothing was changed; run `refdesk check`")]
    Corrupt {
        /// What.
        what: &'static str,
        /// Why; no patient data.
        why: String,
    },
    /// The file was written by a newer program.
    #[error(
        "{path} was written by a newer Refdesk (schema {found}, this one knows {known}). It was not touched; install the newer version"
    )]
    TooNew {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema that this program knows.
        known: i64,
    },
    /// The file cannot be used where it is.
    #[error("{path}: {why}. It was not touched; {fix}")]
    Unfit {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
        /// What to do.
        fix: String,
    },
    /// The migration failed.
    #[error(
        "the database could not be brought up to date: {0}. It is as it was; the copy made before is beside it"
    )]
    Migration(#[from] rusqlite_migration::Error),
    /// A file beside the database could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl StoreError {
    /// Whether the records themselves are at odds with what is on record: a key that is taken, a value that cannot be.
    pub fn is_constraint(&self) -> bool {
        matches!(self, StoreError::Sqlite(error)
            if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation))
    }
}
