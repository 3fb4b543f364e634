//! The only writer: execute commands, tick, undo, intake of a read document.

pub mod receipt;

pub use receipt::{Failure, Receipt};
