//! The domain: what a referral is and what may happen to it. Pure: no clock, no I/O, no rusqlite, ratatui or clap.

pub mod text;
