//! The folders into which people and machines drop documents: the inbox, a scanner's folder, a fax server's queue, a mailbox.
//!
//! Owns which files are whole, and where a file goes once it is taken in. Must not read a document, and must not put a file
//! away before it is told that its bytes are durable elsewhere.

mod whole;

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The folder for files that were taken in.
const DONE: &str = "done";
/// A file that looks cut off is taken as it is once nobody has written to it for so long: a scanner that sends page by page
/// pauses for seconds, not for minutes.
const CUT_OFF: Duration = Duration::from_secs(60);
/// At most this many files of one folder are opened in a look: to see whether they are whole costs more than to see that they are
/// there.
const MAX_OPENED: usize = 10_000;

/// A folder that is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// Whose habits its files follow.
    pub kind: Kind,
    /// What is done with a file that was taken in.
    pub after: After,
}

/// Whose habits a folder's files follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any file that nobody writes to any more: people, scanners, network shares.
    Plain,
    /// HylaFAX's queue of received faxes: `fax….tif`, locked (`flock`) while it is being received (hfaxd's `RecvQueue`).
    HylafaxRecvq,
    /// A mailbox as Maildir: whole messages in `new`, what was seen in `cur` (Bernstein, "Using maildir format").
    Maildir,
}

/// What is done with a file that was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// It moves to `done` beside it; a message moves to `cur` as seen.
    Move,
    /// It stays; the fax server or the mail program clears up itself.
    Keep,
    /// It is deleted: its bytes are in the database.
    Delete,
}

/// A file that can be taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Where it is.
    pub path: PathBuf,
    /// Tells the same file from one that was written anew under its name.
    pub mark: Mark,
}

/// What tells that a file is still the one that it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    size: u64,
    modified: SystemTime,
    inode: u64,
}

/// What a look into a folder found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Whole files, oldest first.
    pub whole: Vec<Arrival>,
    /// Files that may not be read.
    pub closed: usize,
    /// Files that were not opened this time, since there are so many: older than all that were.
    pub left_out: usize,
}

impl Folder {
    /// The inbox of the data directory.
    pub fn inbox(path: PathBuf) -> Folder {
        Folder {
            path,
            kind: Kind::Plain,
            after: After::Move,
        }
    }

    /// Files that nobody has written to for `settled`, oldest first. Hidden files and the usual names of half-written ones
    /// are left alone, and so are links: what they point to is somebody else's. A time ahead of the clock is a sender's that
    /// is wrong, and no reason to wait for it. A file that a neighbour takes away meanwhile is left out. What is `known` to the
    /// caller is not opened again, and of the others the newest come first: no heap of old files hides a new one.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn look(&self, settled: Duration, known: &dyn Fn(&Path, &Mark) -> bool) -> io::Result<Look> {
        self.look_at(settled, known, MAX_OPENED)
    }

    fn look_at(
        &self,
        settled: Duration,
        known: &dyn Fn(&Path, &Mark) -> bool,
        most: usize,
    ) -> io::Result<Look> {
        let mut look = Look::default();
        let now = SystemTime::now();
        let since = |then: SystemTime| now.duration_since(then).unwrap_or_else(|ahead| ahead.duration());
        let place = self.place();
        let mut unknown = Vec::new();
        for entry in std::fs::read_dir(&place)? {
            let entry = entry?;
            if !self.kind.takes(&entry.file_name().to_string_lossy()) {
                continue;
            }
            let path = entry.path();
            let about = match entry.metadata() {
                Ok(about) if about.is_file() => about,
                Ok(_) => continue,
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            let modified = about.modified()?;
            // A message is moved into `new` when it is whole.
            if self.kind != Kind::Maildir && since(modified) < settled {
                continue;
            }
            let arrival = Arrival {
                mark: mark(&about, modified),
                path,
            };
            if known(&arrival.path, &arrival.mark) {
                look.whole.push(arrival);
            } else {
                unknown.push(arrival);
            }
        }
        unknown.sort_by(|a, b| (b.mark.modified, &b.path).cmp(&(a.mark.modified, &a.path)));
        look.left_out = unknown.len().saturating_sub(most);
        for arrival in unknown.into_iter().take(most) {
            let quiet = since(arrival.mark.modified);
            match state(&arrival.path) {
                State::Gone | State::Locked => {}
                State::Closed => look.closed += 1,
                State::CutOff if self.kind != Kind::Maildir && quiet < CUT_OFF.max(settled) => {}
                State::CutOff | State::Whole => look.whole.push(arrival),
            }
        }
        look.whole
            .sort_by(|a, b| (a.mark.modified, &a.path).cmp(&(b.mark.modified, &b.path)));
        Ok(look)
    }

    /// Puts a file away whose bytes are durable elsewhere. Nothing is overwritten: a name that is taken gets a number. Under a name
    /// that means another file by now, or other bytes than those that were taken in, nothing is touched: false, and the next look
    /// finds it. `bytes` are the file's, or its first ones.
    ///
    /// # Errors
    /// The file system's; the file is then still there, and taking it in again makes nothing twice.
    pub fn put_away(&self, arrival: &Arrival, bytes: &[u8]) -> io::Result<bool> {
        let file = arrival.path.as_path();
        if self.after == After::Keep {
            return Ok(true);
        }
        if !is_still(arrival, bytes)? {
            return Ok(false);
        }
        let name = file.file_name().unwrap_or_default();
        match (self.after, self.kind) {
            (After::Keep, _) => {}
            (After::Delete, _) => std::fs::remove_file(file)?,
            (After::Move, Kind::Plain | Kind::HylafaxRecvq) => {
                move_to(file, &self.path.join(DONE), name.into())?;
            }
            (After::Move, Kind::Maildir) => {
                let mut seen = name.to_os_string();
                if !name.to_string_lossy().contains(":2,") {
                    seen.push(":2,S");
                }
                move_to(file, &self.path.join("cur"), seen)?;
            }
        }
        Ok(true)
    }

    fn place(&self) -> PathBuf {
        match self.kind {
            Kind::Plain | Kind::HylafaxRecvq => self.path.clone(),
            Kind::Maildir => self.path.join("new"),
        }
    }
}

impl Kind {
    /// Whether a file of this name may be a document.
    fn takes(self, name: &str) -> bool {
        let name = name.to_lowercase();
        match self {
            Kind::HylafaxRecvq => name.starts_with("fax"),
            Kind::Maildir => !name.starts_with('.'),
            Kind::Plain => {
                let half = [
                    ".part",
                    ".partial",
                    ".tmp",
                    ".temp",
                    ".crdownload",
                    ".filepart",
                    ".lock",
                ];
                !name.starts_with(['.', '~'])
                    && !name.ends_with('~')
                    && !half.iter().any(|end| name.ends_with(end))
            }
        }
    }
}

enum State {
    Whole,
    CutOff,
    /// Somebody has it locked for writing.
    Locked,
    /// It may not be read.
    Closed,
    Gone,
}

fn state(path: &Path) -> State {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return State::Gone,
        Err(_) => return State::Closed,
    };
    // A file system without locks has none that are held.
    #[cfg(unix)]
    if rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockShared)
        == Err(rustix::io::Errno::WOULDBLOCK)
    {
        return State::Locked;
    }
    match whole::looks_whole(&file) {
        Ok(true) => State::Whole,
        Ok(false) => State::CutOff,
        Err(_) => State::Closed,
    }
}

/// Whether under a name there is still the file that was read, with these bytes: a machine may use its names again.
fn is_still(arrival: &Arrival, bytes: &[u8]) -> io::Result<bool> {
    let about = std::fs::symlink_metadata(&arrival.path)?;
    if mark(&about, about.modified()?) != arrival.mark {
        return Ok(false);
    }
    let mut now = Vec::new();
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    File::open(&arrival.path)?.take(length).read_to_end(&mut now)?;
    Ok(now == bytes)
}

fn mark(about: &Metadata, modified: SystemTime) -> Mark {
    #[cfg(unix)]
    let inode = std::os::unix::fs::MetadataExt::ino(about);
    #[cfg(not(unix))]
    let inode = 0;
    Mark {
        size: about.len(),
        modified,
        inode,
    }
}

fn move_to(file: &Path, folder: &Path, name: std::ffi::OsString) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for number in 0..10_000_u32 {
        let mut target = name.clone();
        if number > 0 {
            target.push(format!(".{number}"));
        }
        let target = folder.join(target);
        match std::fs::hard_link(file, &target) {
            Ok(()) => return std::fs::remove_file(file),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            // A network share without second names: there only the order of looking and moving protects a file of that name.
            Err(error) if matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::PermissionDenied) => {
                if !target.try_exists()? {
                    return std::fs::rename(file, target);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other(format!(
        "{} has ten thousand files of this name; clear it",
        folder.display()
    )))
}

#[cfg(test)]
mod tests;
