//! Where documents come in by themselves: the watched folders.
//!
//! Owns the section's keys and what is checked of them. Must not look into a folder.

use super::check::Note;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Documents that come in by themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Intake {
    /// Folders that are watched beside the inbox.
    pub folders: Vec<WatchFolder>,
}

/// A watched folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WatchFolder {
    /// Where it is, from where the configuration stands.
    pub path: PathBuf,
    /// Whose habits its files follow.
    #[serde(default)]
    pub kind: FolderKind,
    /// What is done with a file that was taken in; what is usual for the kind where it is not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<Taken>,
}

/// Whose habits a folder's files follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FolderKind {
    /// People, scanners, network shares.
    #[default]
    Plain,
    /// HylaFAX's queue of received faxes.
    HylafaxRecvq,
    /// A mailbox as Maildir.
    Maildir,
}

/// What is done with a file that was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Taken {
    /// It moves to `done` in the folder; a message moves to `cur`, as seen.
    Move,
    /// It stays where it is.
    Keep,
    /// It is deleted, once its bytes are in the database.
    Delete,
}

impl WatchFolder {
    /// What is done with a file that was taken in: a fax server clears up its queue itself.
    pub fn taken(&self) -> Taken {
        self.taken.unwrap_or(match self.kind {
            FolderKind::Plain | FolderKind::Maildir => Taken::Move,
            FolderKind::HylafaxRecvq => Taken::Keep,
        })
    }
}

/// Each folder is named, and once.
pub(super) fn check(intake: &Intake, note: &mut Note<'_>) {
    for (place, folder) in intake.folders.iter().enumerate() {
        let key = [
            format!("intake.folders[{place}].path"),
            format!("intake.folders[{place}]"),
        ];
        if folder.path.as_os_str().is_empty() {
            note(&key, "is empty".into(), "name the folder");
        } else if intake
            .folders
            .iter()
            .take(place)
            .any(|other| other.path == folder.path)
        {
            note(&key, "is there twice".into(), "take one out");
        }
    }
}
