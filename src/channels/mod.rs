//! The outside: the folder that takes messages (the embedded default channel), and the inbox that brings documents.

pub mod folder;
pub mod hold;
pub mod inbox;
