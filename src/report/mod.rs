//! What the desk is told in one piece: figures and pages as plain values.
//!
//! Owns the gathering and each output form in a file of its own. Must not write a file or draw a screen.

pub mod closing;
pub mod downtime;
pub mod forecast;
pub mod handover;
pub mod score;
