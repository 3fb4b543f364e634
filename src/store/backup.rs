//! Copies of the database: online, verified, never a file copy.
//!
//! Owns the copy, its check and its manifest. A copy counts only after it was opened and checked. The manifest and the
//! append-only file of heads carry the log's count and hash, since a chain whose tail was cut off still verifies.

use super::StoreError;
use super::log;
use crate::domain::time::{Stamp, print_stamp};
use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The file of heads, beside the copies: a line each, only ever added to.
pub const HEADS: &str = "heads.log";

/// A copy that was made and checked.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Manifest {
    /// When.
    pub at: String,
    /// The copy's file name.
    pub file: String,
    /// SHA-256 of the copy.
    pub sha256: String,
    /// Events in the log.
    pub events: i64,
    /// The last event's hash.
    pub head: String,
}

fn file_error(path: &Path) -> impl FnOnce(std::io::Error) -> StoreError + '_ {
    move |source| StoreError::File {
        path: path.to_owned(),
        source,
    }
}

/// Copies the database while others work on it: a few pages at a time, so that nobody waits for it.
///
/// # Errors
/// SQLite's, or `File`; nothing is left under the copy's name then.
pub fn copy(connection: &Connection, to: &Path) -> Result<(), StoreError> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(file_error(folder))?;
    }
    let partial = to.with_extension("partial");
    let _ = std::fs::remove_file(&partial);
    {
        let mut target = Connection::open(&partial)?;
        super::open::private(&partial)?;
        // Held in one view: a copy starts over whenever a neighbour commits, and on a busy desk would never end.
        let view = connection.unchecked_transaction()?;
        view.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Backup::new(connection, &mut target)?.run_to_completion(256, Duration::from_millis(3), None)?;
        target.pragma_update(None, "journal_mode", "DELETE")?;
    }
    verify(&partial)?;
    std::fs::File::open(&partial)
        .and_then(|file| file.sync_all())
        .map_err(file_error(&partial))?;
    std::fs::rename(&partial, to).map_err(file_error(to))?;
    sync_folder(to)
}

fn sync_folder(path: &Path) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::File::open(folder)
        .and_then(|file| file.sync_all())
        .map_err(file_error(folder))
}

/// Opens a copy and checks it: SQLite's integrity, and the chain of the log.
///
/// # Errors
/// `Unfit` where it is not whole.
pub fn verify(path: &Path) -> Result<(i64, String), StoreError> {
    let unfit = |why: String| StoreError::Unfit {
        path: path.to_owned(),
        why,
        fix: "use another copy".into(),
    };
    // A raw database whose WAL still holds commits is no copy: without it, what was acknowledged last would be gone.
    let wal = path.with_file_name(format!(
        "{}-wal",
        path.file_name().unwrap_or_default().to_string_lossy()
    ));
    if std::fs::metadata(&wal).is_ok_and(|meta| meta.len() > 0) {
        return Err(StoreError::Unfit {
            path: path.to_owned(),
            why: "commits that are not in it lie in the -wal file beside it".into(),
            fix: "make a copy with `refdesk backup`".into(),
        });
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .map_err(|error| unfit(error.to_string()))?;
    super::open::ours(&connection, path)?;
    let said: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(|error| unfit(error.to_string()))?;
    if said != "ok" {
        return Err(unfit(format!("the copy is damaged: {said}")));
    }
    if let Some(seq) = log::first_broken(&connection)? {
        return Err(unfit(format!("the audit chain is broken at event {seq}")));
    }
    let (events, head) = log::head(&connection)?;
    Ok((events, log::hex(&head)))
}

/// Makes a copy with its manifest, and writes the head down.
///
/// # Errors
/// As [`copy`].
pub fn make(connection: &Connection, folder: &Path, now: Stamp) -> Result<(PathBuf, Manifest), StoreError> {
    let name = format!("refdesk-{}.db", print_stamp(now).replace(':', ""));
    let path = folder.join(&name);
    if path.exists() {
        return Err(StoreError::Unfit {
            path,
            why: "a backup of this second is there already".into(),
            fix: "wait a second".into(),
        });
    }
    copy(connection, &path)?;
    let (events, head) = verify(&path)?;
    let bytes = std::fs::read(&path).map_err(file_error(&path))?;
    let manifest = Manifest {
        at: print_stamp(now),
        file: name,
        sha256: super::content::hash(&bytes),
        events,
        head,
    };
    let text = serde_json::to_string_pretty(&manifest).map_err(|error| StoreError::Corrupt {
        what: "manifest",
        why: error.to_string(),
    })?;
    let beside = path.with_extension("json");
    std::fs::write(&beside, text).map_err(file_error(&beside))?;
    write_head(
        folder,
        &format!("{} {} {}", manifest.at, manifest.events, manifest.head),
    )?;
    Ok((path, manifest))
}

/// Appends a head to the file that only ever grows.
fn write_head(folder: &Path, line: &str) -> Result<(), StoreError> {
    let path = folder.join(HEADS);
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .map_err(file_error(&path))?;
    writeln!(file, "{line}").map_err(file_error(&path))?;
    file.sync_all().map_err(file_error(&path))
}

/// Checks a copy against its manifest, if it has one.
///
/// # Errors
/// `Unfit` where it is not what was written.
pub fn verify_with_manifest(path: &Path) -> Result<(i64, String), StoreError> {
    let unfit = |why: &str| StoreError::Unfit {
        path: path.to_owned(),
        why: why.into(),
        fix: "use another copy".into(),
    };
    let found = verify(path)?;
    let beside = path.with_extension("json");
    if let Ok(text) = std::fs::read_to_string(&beside) {
        let manifest: Manifest =
            serde_json::from_str(&text).map_err(|_| unfit("its manifest cannot be read"))?;
        let bytes = std::fs::read(path).map_err(file_error(path))?;
        if manifest.sha256 != super::content::hash(&bytes) || (manifest.events, manifest.head) != found {
            return Err(unfit("it is not what its manifest says"));
        }
    }
    Ok(found)
}

/// Puts a verified copy in the place of the database, which is kept beside it.
///
/// # Errors
/// `Unfit` where the copy is not whole: nothing is touched then.
pub fn restore(copy: &Path, database: &Path, now: Stamp) -> Result<Option<PathBuf>, StoreError> {
    let (events, head) = verify_with_manifest(copy)?;
    let partial = database.with_extension("restoring");
    let kept = match put_in_place(copy, &partial, database, now) {
        Ok(kept) => kept,
        Err(error) => {
            // A second copy of the patients does not stay behind.
            let _ = std::fs::remove_file(&partial);
            return Err(error);
        }
    };
    // From here on the log is as long as the copy's: heads written down before do not count against it.
    let own = database.with_file_name("backups");
    let beside = copy.parent().unwrap_or(Path::new(".")).to_owned();
    for folder in [own, beside] {
        if folder.join(HEADS).exists() {
            write_head(&folder, &format!("{} {events} {head} restored", print_stamp(now)))?;
        }
    }
    Ok(kept)
}

fn put_in_place(
    copy: &Path,
    partial: &Path,
    database: &Path,
    now: Stamp,
) -> Result<Option<PathBuf>, StoreError> {
    std::fs::copy(copy, partial).map_err(file_error(partial))?;
    super::open::private(partial)?;
    std::fs::File::open(partial)
        .and_then(|file| file.sync_all())
        .map_err(file_error(partial))?;
    verify(partial)?;
    let mut kept = None;
    if database.exists() {
        // What is in the WAL belongs to the old file: fold it in before the file is put aside.
        let old = Connection::open(database)?;
        old.busy_timeout(super::open::BUSY)?;
        old.pragma_update(None, "journal_mode", "DELETE")?;
        drop(old);
        let aside = free_name(database, now);
        // A second name for it, and one step that puts the copy in its place: at no moment is there no database.
        // A file system without second names takes it away first.
        std::fs::hard_link(database, &aside)
            .or_else(|_| std::fs::rename(database, &aside))
            .map_err(file_error(&aside))?;
        kept = Some(aside);
    }
    std::fs::rename(partial, database).map_err(file_error(database))?;
    sync_folder(database)?;
    Ok(kept)
}

/// A name beside the database that nothing has: an earlier safety copy is never written over.
fn free_name(database: &Path, now: Stamp) -> PathBuf {
    let at = print_stamp(now).replace(':', "");
    let name = |number: u32| match number {
        0 => database.with_extension(format!("before-restore-{at}.db")),
        number => database.with_extension(format!("before-restore-{at}-{number}.db")),
    };
    (0..u32::MAX)
        .map(name)
        .find(|path| !path.exists())
        .unwrap_or_else(|| name(u32::MAX))
}
