//! Where things are kept.
//!
//! Owns the layout of the data directory and the platform's default places. Must not know what is in the files.

use std::io;
use std::path::{Path, PathBuf};

/// The configuration's name in the data directory and in the platform's configuration directory.
pub const CONFIG_FILE: &str = "config.toml";

/// The data directory: everything that a clinic keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataDir {
    root: PathBuf,
}

impl DataDir {
    /// The directory that was named, else the platform's (on Linux `~/.local/share/refdesk`).
    ///
    /// # Errors
    /// Where none was named and the platform has no place for data, as for an account without a home.
    pub fn new(named: Option<&Path>) -> io::Result<DataDir> {
        let platform = || platform().map(|dirs| dirs.data_dir().to_owned());
        named
            .map(Path::to_owned)
            .or_else(platform)
            .map(|root| DataDir { root })
            .ok_or_else(|| {
                io::Error::new(
                    io::ErrorKind::NotFound,
                    "this account has no place for data; name one with --data",
                )
            })
    }

    /// The directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.root.join("refdesk.db")
    }

    /// Where documents are dropped.
    pub fn inbox(&self) -> PathBuf {
        self.root.join("inbox")
    }

    /// Where messages are handed over.
    pub fn outbox(&self) -> PathBuf {
        self.root.join("outbox")
    }

    /// Views that were saved in the worklist.
    pub fn views(&self) -> PathBuf {
        self.root.join(super::views::VIEWS_FILE)
    }

    /// Curves of the score that were learnt.
    pub fn curves(&self) -> PathBuf {
        self.root.join(super::curves::CURVES_FILE)
    }

    /// The pack for when no screen is there.
    pub fn downtime(&self) -> PathBuf {
        self.root.join("downtime")
    }

    /// When each person last left the desk.
    pub fn left(&self) -> PathBuf {
        self.root.join(super::left::LEFT_FILE)
    }

    /// What corrections taught the reader of documents.
    pub fn learned(&self) -> PathBuf {
        self.root.join("learned.toml")
    }

    /// Verified copies of the database.
    pub fn backups(&self) -> PathBuf {
        self.root.join("backups")
    }

    /// Logs: never patient data.
    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// Where each person's place and what they typed is kept from one run to the next.
    pub fn desk(&self) -> PathBuf {
        self.root.join("desk")
    }

    /// Makes the directories that are missing, for their owner alone (0700).
    ///
    /// # Errors
    /// Where one cannot be made or closed to others.
    pub fn create(&self) -> io::Result<()> {
        let parts = [
            self.root.clone(),
            self.inbox(),
            self.outbox(),
            self.backups(),
            self.logs(),
        ];
        parts.iter().try_for_each(|dir| create_private(dir))
    }
}

/// Where a configuration is looked for, in this order.
pub fn config_candidates(data: &Path) -> Vec<PathBuf> {
    let platform = platform().map(|dirs| dirs.config_dir().join(CONFIG_FILE));
    std::iter::once(data.join(CONFIG_FILE)).chain(platform).collect()
}

fn platform() -> Option<directories::ProjectDirs> {
    directories::ProjectDirs::from("", "", "refdesk")
}

/// How a file is opened that is for its owner alone (0600) from the moment it is made.
pub fn private() -> std::fs::OpenOptions {
    let mut options = std::fs::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// A new file for its owner alone (0600); one of that name is emptied.
///
/// # Errors
/// Where it cannot be made.
pub fn private_file(path: &Path) -> io::Result<std::fs::File> {
    private().create(true).truncate(true).open(path)
}

/// Puts a file in the place of the one that is there, whole or not at all, for its owner alone (0600); its folder is made
/// where it is missing (0700).
///
/// # Errors
/// The file system's; the file that was there stays then.
pub fn replace_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        create_private(folder)?;
    }
    let fresh = path.with_extension(format!("{}.tmp", std::process::id()));
    // One that a crash left is not written over: it may be anybody's.
    let _ = std::fs::remove_file(&fresh);
    let mut file = private_file(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(fresh, path)
}

/// A directory that this makes is for its owner alone. One that is there stays as it was made: what is written into it is
/// closed file by file, and shutting others out of a folder that was named by mistake could harm the machine.
fn create_private(dir: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700).create(dir)
    }
    #[cfg(not(unix))]
    {
        builder.create(dir)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn directories_that_it_makes_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |dir: &Path| std::fs::metadata(dir).unwrap().permissions().mode() & 0o777;
        let home = tempfile::tempdir().unwrap();
        let data = DataDir::new(Some(&home.path().join("deep/clinic"))).unwrap();
        // A scanner's account may have to write into the inbox: who made it so knows why.
        std::fs::create_dir_all(data.inbox()).unwrap();
        std::fs::set_permissions(data.inbox(), std::fs::Permissions::from_mode(0o770)).unwrap();
        data.create().unwrap();
        data.create().unwrap();
        assert_eq!(mode(&data.inbox()), 0o770);
        for dir in [data.outbox(), data.backups(), data.logs()] {
            assert_eq!(mode(&dir), 0o700, "{}", dir.display());
        }
    }

    #[test]
    fn the_data_directory_comes_before_the_platform() {
        let candidates = config_candidates(Path::new("/clinic"));
        assert_eq!(candidates.first(), Some(&PathBuf::from("/clinic/config.toml")));
    }
}
