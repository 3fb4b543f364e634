//! A lock that one of several programs on the same data holds.
//!
//! Owns the file: whoever has it locked (`flock`) does the work, and it is free the moment its holder dies. Must not know what work it is.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// The lock; none while another has it.
///
/// # Errors
/// The file system's.
pub fn lock(path: &Path) -> io::Result<Option<File>> {
    let file = File::options().create(true).append(true).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
