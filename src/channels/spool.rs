//! A spool that another program empties: a modem's, a fax server's.
//!
//! Owns the protocol by which a file gets there exactly once although the other program takes it away again, so that its
//! absence says nothing. Beside the spool, on the same file system, stands a folder of ours:
//!
//! 1. the whole file is written there as `<key>.ready`, and synced;
//! 2. an empty file `<key>` is made beside it, and synced: from here on it is being handed over;
//! 3. `<key>.ready` is renamed into the spool: one step, so that the file is in one of the two places, never in both.
//!
//! Whoever comes after a crash and finds `<key>` without `<key>.ready` knows that step 3 was done; with it, does it; without
//! `<key>`, begins again. Once the store has noted it, `<key>` goes. Must not know what is in a file.

use super::folder::{create_private, stem};
use super::way::{Handover, Health, folder_health, later};
use crate::domain::message::Message;
use crate::domain::time::seconds;
use std::io::{ErrorKind, Result, Write};
use std::path::{Path, PathBuf};

/// A spool.
#[derive(Clone, Debug)]
pub struct Spool {
    /// Where the other program looks.
    pub path: PathBuf,
    /// Our folder beside it.
    staging: PathBuf,
}

impl Spool {
    /// A spool; its staging folder is the sibling `<name>.refdesk`.
    pub fn new(path: &Path) -> Spool {
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(".refdesk");
        Spool {
            path: path.to_owned(),
            staging: path.with_file_name(name),
        }
    }

    /// Hands over a file under a name of the spool's own rules.
    pub fn hand_over(&self, message: &Message, name: &str, bytes: &[u8]) -> Handover {
        self.put(message, name, bytes)
            .unwrap_or_else(|error| later(&format!("the spool {}", self.path.display()), &error))
    }

    /// Whether a message was handed over already in this round, although nobody noted it.
    pub fn has_had(&self, message: &Message) -> bool {
        let begun = self.staging.join(round(message));
        begun.exists() && !begun.with_added_extension("ready").exists()
    }

    /// Puts a file beside the jobs, over an earlier one: a document that a job names. It comes first, so that no job names
    /// what is not there.
    ///
    /// # Errors
    /// The file system's; a later try is safe.
    pub fn put_beside(&self, name: &str, bytes: &[u8]) -> Result<()> {
        make_private(&self.staging)?;
        let half = self.staging.join(name).with_added_extension("part");
        match std::fs::remove_file(&half) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        write_synced(&half, bytes)?;
        std::fs::rename(&half, self.path.join(name))
    }

    /// Forgets a message that is noted as handed over.
    pub fn forget(&self, message: &Message) {
        let _ = std::fs::remove_file(self.staging.join(round(message)));
    }

    /// Whether both folders can be used.
    pub fn health(&self, name: &str) -> Health {
        let health = folder_health(name, &self.path);
        if health.ok && self.staging.exists() {
            return Health {
                ok: folder_health(name, &self.staging).ok,
                detail: health.detail,
            };
        }
        health
    }

    fn put(&self, message: &Message, name: &str, bytes: &[u8]) -> Result<Handover> {
        make_private(&self.staging)?;
        let begun = self.staging.join(round(message));
        let ready = begun.with_added_extension("ready");
        if begun.try_exists()? && !ready.try_exists()? {
            return self.synced(Handover::WasThere);
        }
        // Nothing has left. What lies there may be of an earlier text.
        for stale in [&begun, &ready] {
            match std::fs::remove_file(stale) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        write_synced(&ready, bytes)?;
        create_private(&begun)?.sync_all()?;
        std::fs::File::open(&self.staging)?.sync_all()?;
        std::fs::rename(&ready, self.path.join(name))?;
        self.synced(Handover::Done)
    }

    fn synced(&self, handover: Handover) -> Result<Handover> {
        for folder in [&self.path, &self.staging] {
            std::fs::File::open(folder)?.sync_all()?;
        }
        Ok(handover)
    }
}

/// The name of a round of handing over: one that was noted begins another, in which a person may have it sent again.
fn round(message: &Message) -> String {
    match message.sent_at {
        Some(at) => format!("{}.{}", stem(message), seconds(at)),
        None => stem(message),
    }
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = create_private(path)?;
    file.write_all(bytes)?;
    readable_by_group(&file)?;
    file.sync_all()
}

fn make_private(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// The other program reads it under its own account, by the spool's group.
fn readable_by_group(file: &std::fs::File) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(std::fs::Permissions::from_mode(0o660))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
