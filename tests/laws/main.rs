//! The laws of the design, held against random work and against tables of cases.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    clippy::manual_is_multiple_of,
    reason = "a test that trips has found something"
)]

mod calendar;
#[path = "../common/mod.rs"]
mod common;
mod merge;
mod occasions;
mod past;
mod query;
mod queue;
mod random;
mod ritual;
mod rules;
mod senders;
mod steps;
mod tickers;
mod time;
mod undo;
mod visits;
mod watch;
