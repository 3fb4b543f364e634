//! The outside: channels that take messages. Here the embedded default, a folder of files.

pub mod folder;
