//! Refdesk: a keyboard-driven worklist for the people who take in a specialty clinic's referrals.

pub mod domain;
pub mod engine;
pub mod intake;
pub mod store;
pub mod tui;
