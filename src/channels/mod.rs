//! The outside: the folder that takes messages (the embedded default channel), and the folders that bring documents.

pub mod folder;
pub mod hold;
pub mod watch;
