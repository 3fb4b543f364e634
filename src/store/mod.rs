//! The only place that names rusqlite: open, migrate, rows, event log, queue windows, search, backup, check.

pub mod board;
mod error;

pub use error::StoreError;
