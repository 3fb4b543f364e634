//! Golden screens: keys in, text out, at the sizes that people have.
//!
//! Each is driven by a string of keys through the real engine on an invented clinic; see `clinic.rs`. Set
//! `INSTA_UPDATE=always` to write them anew after a change that was meant.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::wildcard_enum_match_arm,
    clippy::too_many_arguments,
    reason = "tests fail by panicking"
)]

mod budget;
mod clinic;
mod fingers;
mod golden;
mod journeys;
mod late;
mod left;
mod linear;
mod outbox;
mod proofs;
mod setup;
mod themes;
mod windows;
