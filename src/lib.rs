//! Refdesk: a keyboard-driven worklist for the people who take in a specialty clinic's referrals.

pub mod demo;
pub mod domain;
pub mod engine;
pub mod intake;
pub mod store;
