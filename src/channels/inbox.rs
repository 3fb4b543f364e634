//! The inbox: a folder into which people and machines drop documents.
//!
//! Owns which files are whole, and where a file goes once it is taken in. Must not read a document.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The folder for files that were taken in.
const DONE: &str = "done";

/// Plain files that nobody has written to for a while, oldest first. A time ahead of the clock is a sender's that is wrong,
/// and no reason to wait for it. A file that a neighbour takes away meanwhile is left out. Hidden files and the usual names of half-written ones
/// are left alone, and so are links: what they point to is somebody else's.
///
/// # Errors
/// Where the folder cannot be read.
pub fn settled_files(inbox: &Path, settled: Duration) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(inbox)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_lowercase();
        let half_written = name.starts_with('.')
            || name.ends_with('~')
            || [".part", ".partial", ".tmp", ".crdownload"]
                .iter()
                .any(|end| name.ends_with(end));
        let about = match entry.metadata() {
            Ok(about) => about,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        if half_written || !about.is_file() {
            continue;
        }
        let modified = about.modified()?;
        let now = SystemTime::now();
        let quiet = now
            .duration_since(modified)
            .unwrap_or_else(|ahead| ahead.duration());
        if quiet >= settled {
            files.push((modified, entry.path()));
        }
    }
    files.sort();
    Ok(files.into_iter().map(|(_, path)| path).collect())
}

/// Moves a file out of the way. A name that is taken gets a number; nothing is overwritten.
///
/// # Errors
/// The file system's; the file is then still in the inbox, and taking it in again makes nothing twice.
pub fn put_away(inbox: &Path, file: &Path) -> io::Result<PathBuf> {
    let done = inbox.join(DONE);
    std::fs::create_dir_all(&done)?;
    let name = file.file_name().unwrap_or_default();
    for number in 0..10_000_u32 {
        let mut target = name.to_os_string();
        if number > 0 {
            target.push(format!(".{number}"));
        }
        let target = done.join(target);
        match std::fs::hard_link(file, &target) {
            Ok(()) => {
                std::fs::remove_file(file)?;
                return Ok(target);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other(
        "inbox/done has ten thousand files of this name; clear it",
    ))
}
