//! The files in which a desk keeps a person's place and what they typed.
//!
//! `desk/<mark of the person>/place.json` holds the place; `typed-<run>.json` what one run of the program holds typed, with a
//! lock beside it that the run holds while it lives. The next run takes over what a dead one left. Files are for their owner
//! alone (0600, folders 0700), written whole and renamed; no name of a person or patient is in a file's name. Owns these files.
//! Must not know what is in them.

use super::{Kept, Spot, Typed};
use crate::config::paths::private;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The files of one person, held by one run.
pub struct Cabinet {
    folder: PathBuf,
    run: String,
    /// Held while this run lives.
    _lock: File,
    written: Kept,
}

/// Bytes that a kept file may have: far more than any form holds.
const SIZE_MAX: u64 = 8 << 20;

impl Cabinet {
    /// Opens a person's files in a folder, and takes over what runs that have ended left there. Says what could not be read:
    /// it stays where it is.
    ///
    /// # Errors
    /// Where the folder cannot be used.
    pub fn open(folder: &Path, person: &str, run: &str) -> io::Result<(Cabinet, Kept, Vec<PathBuf>)> {
        let mark: String = Sha256::digest(person.as_bytes())
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let folder = folder.join(mark);
        private_folder(&folder)?;
        let run: String = run
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let lock = private()
            .create(true)
            .open(folder.join(format!("typed-{run}.lock")))?;
        lock.try_lock().map_err(io::Error::from)?;
        let mut unread = Vec::new();
        let mut kept = Kept {
            spot: read(&folder.join("place.json"), &mut unread).unwrap_or_default(),
            typed: Typed::default(),
        };
        let mut left = Vec::new();
        for name in names(&folder)? {
            let own = name.starts_with(&format!("typed-{run}."));
            let Some(dead) = name.strip_suffix(".lock").filter(|_| !own) else {
                continue;
            };
            let lock = private().create(true).open(folder.join(&name))?;
            if lock.try_lock().is_err() {
                // Another terminal of the same person.
                continue;
            }
            let path = folder.join(format!("{dead}.json"));
            let before = unread.len();
            if let Some(typed) = read::<Typed>(&path, &mut unread) {
                kept.typed.take_over(typed);
            }
            if unread.len() == before {
                left.push((dead.to_owned(), lock));
            }
        }
        let mut cabinet = Cabinet {
            folder,
            run,
            _lock: lock,
            written: Kept {
                spot: kept.spot.clone(),
                typed: Typed::default(),
            },
        };
        // What was taken over is this run's before it stops being the other's.
        cabinet.keep(&kept)?;
        for (dead, _lock) in left {
            for end in ["json", "txt", "lock"] {
                let _ = fs::remove_file(cabinet.folder.join(format!("{dead}.{end}")));
            }
        }
        Ok((cabinet, kept, unread))
    }

    /// Keeps what has changed; durable when it returns.
    ///
    /// # Errors
    /// The file system's.
    pub fn keep(&mut self, kept: &Kept) -> io::Result<()> {
        if kept.spot != self.written.spot {
            self.write::<Spot>("place.json", &kept.spot)?;
            self.written.spot = kept.spot.clone();
        }
        if kept.typed != self.written.typed {
            let name = format!("typed-{}.json", self.run);
            if kept.typed.is_empty() {
                remove(&self.folder.join(name))?;
            } else {
                self.write::<Typed>(&name, &kept.typed)?;
            }
            self.written.typed = kept.typed.clone();
        }
        Ok(())
    }

    /// A file for a text that another program edits.
    pub fn page(&self) -> PathBuf {
        self.folder.join(format!("typed-{}.txt", self.run))
    }

    fn write<T: Serialize>(&self, name: &str, value: &T) -> io::Result<()> {
        let path = self.folder.join(name);
        let fresh = self.folder.join(format!("{name}.{}.new", self.run));
        remove(&fresh)?;
        let mut file = private().create_new(true).open(&fresh)?;
        file.write_all(&serde_json::to_vec(value)?)?;
        file.sync_all()?;
        fs::rename(&fresh, &path)?;
        File::open(&self.folder)?.sync_all()
    }
}

impl Drop for Cabinet {
    fn drop(&mut self) {
        let _ = fs::remove_file(self.page());
        if self.written.typed.is_empty() {
            let _ = fs::remove_file(self.folder.join(format!("typed-{}.lock", self.run)));
        }
    }
}

/// The names in a folder.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.extend(entry?.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

/// What a file holds; none where there is none, or it cannot be read.
fn read<T: DeserializeOwned>(path: &Path, unread: &mut Vec<PathBuf>) -> Option<T> {
    let size = fs::metadata(path).ok()?.len();
    let value = (size <= SIZE_MAX)
        .then(|| fs::read(path).ok())
        .flatten()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok());
    if value.is_none() {
        unread.push(path.to_owned());
    }
    value
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::DocumentId;
    use crate::intake::document::Field;
    use crate::tui::keep::Draft;
    use crate::tui::keep::draft::Held;
    use crate::tui::proof::{Said, Verdict};
    use std::collections::BTreeSet;

    fn said(document: i64) -> Said {
        Said {
            document: DocumentId(document),
            referral: None,
            verdicts: vec![(Field::Dob, Verdict::Typed("1970-05-04".into()))],
            ticked: BTreeSet::new(),
        }
    }

    fn typed(text: &str) -> Kept {
        let draft = Draft {
            action: "note".into(),
            targets: Vec::new(),
            fixed: Vec::new(),
            fields: vec![("text".into(), Held::Text(text.into()))],
            focus: 0,
        };
        Kept {
            spot: Spot {
                list: "review".into(),
                ..Spot::default()
            },
            typed: Typed {
                proofs: vec![said(i64::try_from(text.len()).unwrap())],
                drafts: vec![draft],
                making: Vec::new(),
            },
        }
    }

    #[test]
    fn the_next_run_takes_over_what_a_dead_one_left_and_nothing_of_the_living() {
        let home = tempfile::tempdir().unwrap();
        let open = |run: &str| Cabinet::open(home.path(), "ana", run).unwrap();
        let (mut first, kept, _) = open("1");
        assert!(kept.typed.is_empty());
        first.keep(&typed("one")).unwrap();
        let (mut second, kept, _) = open("2");
        assert!(kept.typed.is_empty() && kept.spot.list == "review");
        second.keep(&typed("two")).unwrap();
        let somebody_else = Cabinet::open(home.path(), "tom", "3").unwrap().1;
        assert!(somebody_else == Kept::default());
        drop((first, second));
        let (third, kept, unread) = open("4");
        let both = [typed("one"), typed("two")].map(|kept| kept.typed.drafts);
        assert!(kept.typed.drafts == both.concat());
        assert!(kept.typed.proofs == [said(3), said(3)]);
        assert_eq!(unread, [""; 0].map(PathBuf::from));
        let left = names(&third.folder).unwrap();
        assert_eq!(left, ["place.json", "typed-4.json", "typed-4.lock"]);
    }

    #[cfg(unix)]
    #[test]
    fn files_are_for_their_owner_and_what_cannot_be_read_stays() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let (mut cabinet, ..) = Cabinet::open(home.path(), "ana", "1").unwrap();
        cabinet.keep(&typed("x")).unwrap();
        let folder = cabinet.folder.clone();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        for name in names(&folder).unwrap() {
            assert_eq!(mode(&folder.join(&name)), 0o600, "{name}");
            assert!(!name.contains("ana"));
        }
        fs::write(folder.join("typed-1.json"), "{ torn").unwrap();
        drop(cabinet);
        let (_, kept, unread) = Cabinet::open(home.path(), "ana", "2").unwrap();
        assert!(kept.typed.is_empty());
        assert_eq!(unread, [folder.join("typed-1.json")]);
        assert!(folder.join("typed-1.json").exists());
    }
}
