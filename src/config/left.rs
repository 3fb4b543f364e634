//! When each person last left the desk: a small file beside the database, from which the shift handover starts.
//!
//! Owns the file: names and times. A file that is lost or broken costs only a default. Must not know what happened since.

use super::paths::private_file;
use crate::domain::time::{Stamp, parse_stamp, print_stamp};
use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::Path;

/// The file's name in the data directory.
pub const LEFT_FILE: &str = "left.toml";

fn all(file: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    toml::from_str(&text).unwrap_or_default()
}

/// When somebody last left, where that is known.
pub fn read(file: &Path, who: &str) -> Option<Stamp> {
    all(file).get(who).and_then(|at| parse_stamp(at).ok())
}

/// Notes that somebody leaves. The file is replaced whole, so that a crash leaves the old one.
///
/// # Errors
/// The file system's.
pub fn note(file: &Path, who: &str, at: Stamp) -> io::Result<()> {
    let mut all = all(file);
    all.insert(who.to_owned(), print_stamp(at));
    let text = toml::to_string(&all).map_err(io::Error::other)?;
    let fresh = file.with_extension(format!("{}.tmp", std::process::id()));
    private_file(&fresh)?.write_all(text.as_bytes())?;
    std::fs::rename(fresh, file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::from_seconds;

    #[test]
    fn each_person_has_their_own_time_and_a_broken_file_has_none() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(LEFT_FILE);
        assert_eq!(read(&file, "Ana Ruiz"), None);
        note(&file, "Ana Ruiz", from_seconds(60)).unwrap();
        note(&file, "王", from_seconds(120)).unwrap();
        assert_eq!(read(&file, "Ana Ruiz"), Some(from_seconds(60)));
        assert_eq!(read(&file, "王"), Some(from_seconds(120)));
        std::fs::write(&file, "not = [a file").unwrap();
        assert_eq!(read(&file, "王"), None);
        note(&file, "王", from_seconds(180)).unwrap();
        assert_eq!(read(&file, "王"), Some(from_seconds(180)));
    }
}
