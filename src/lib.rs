//! Refdesk: a keyboard-driven worklist for the people who take in a specialty clinic's referrals.

pub mod channels;
pub mod cli;
pub mod config;
pub mod demo;
pub mod domain;
pub mod engine;
pub mod intake;
pub mod store;
pub mod tui;
