//! A reel: a file without a name that lines are put on one after the other.
//!
//! Owns the bytes. The file is the owner's alone, and its name is taken away at once: whatever becomes of the process,
//! nothing of it stays in the folder. Must not know what a line is.

use super::super::StoreError;
use super::file;
use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom, Write};
use std::path::Path;

/// A reel that holds so many bytes is full: 64 MiB. What is written into the log frees a reel at a time.
const FULL: u32 = 64 << 20;
/// Bytes that are put into the file at once.
const BLOCK: usize = 256 << 10;
/// Bytes that are read at once: most lines are shorter.
const PIECE: usize = 4 << 10;

/// A reel.
pub struct Reel {
    file: File,
    /// Bytes in the file.
    kept: u32,
    /// Bytes that follow them and are not in the file yet.
    more: Vec<u8>,
    /// Lines that are still needed.
    waiting: u64,
}

impl Reel {
    /// An empty reel in a folder.
    pub fn new(folder: &Path) -> std::result::Result<Reel, StoreError> {
        Ok(Reel {
            file: nameless(folder).map_err(|source| file(folder, source))?,
            kept: 0,
            more: Vec::new(),
            waiting: 0,
        })
    }

    /// Whether the next line belongs on another.
    pub fn is_full(&self) -> bool {
        self.kept >= FULL
    }

    /// Puts a line on it; where it begins.
    pub fn put(&mut self, line: &[u8]) -> Result<u32> {
        let too_long = || Error::new(ErrorKind::FileTooLarge, "a line is too long");
        let length = u32::try_from(line.len()).map_err(|_| too_long())?;
        let before = u32::try_from(self.more.len()).map_err(|_| too_long())?;
        let at = self.kept.checked_add(before).ok_or_else(too_long)?;
        self.more.extend_from_slice(&length.to_le_bytes());
        self.more.extend_from_slice(line);
        self.waiting += 1;
        if self.more.len() >= BLOCK {
            self.keep()?;
        }
        Ok(at)
    }

    fn keep(&mut self) -> Result<()> {
        self.file.seek(SeekFrom::Start(u64::from(self.kept)))?;
        self.file.write_all(&self.more)?;
        let more = u32::try_from(self.more.len()).unwrap_or(u32::MAX);
        self.kept = self.kept.saturating_add(more);
        self.more.clear();
        Ok(())
    }

    /// The line that begins there.
    pub fn get(&mut self, at: u32, out: &mut Vec<u8>) -> Result<()> {
        if at >= self.kept {
            self.keep()?;
        }
        self.file.seek(SeekFrom::Start(u64::from(at)))?;
        out.clear();
        let mut pieces = (&self.file).take(PIECE as u64);
        pieces.read_to_end(out)?;
        let length = out
            .first_chunk::<4>()
            .map(|length| u32::from_le_bytes(*length) as usize)
            .ok_or(ErrorKind::UnexpectedEof)?;
        out.drain(..4);
        if let Some(missing) = length.checked_sub(out.len()) {
            let there = out.len();
            out.resize(there + missing, 0);
            let rest = out.get_mut(there..).ok_or(ErrorKind::UnexpectedEof)?;
            self.file.read_exact(rest)?;
        }
        out.truncate(length);
        Ok(())
    }

    /// One of its lines is needed no more; whether none is.
    pub fn let_go(&mut self) -> bool {
        self.waiting = self.waiting.saturating_sub(1);
        self.waiting == 0
    }
}

/// A file of the owner's alone whose name is taken away before anything is in it.
fn nameless(folder: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    for attempt in 0..100 {
        let path = folder.join(format!(".spool-{}-{attempt}", std::process::id()));
        match options.open(&path) {
            Ok(file) => {
                std::fs::remove_file(&path)?;
                return Ok(file);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}
