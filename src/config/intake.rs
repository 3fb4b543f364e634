//! Where documents come in by themselves: the watched folders, and the listener for other systems' messages.
//!
//! Owns the sections' keys and what is checked of them. Must not look into a folder or open a connection.

use super::check::Note;
use super::example::Section;
use super::mailbox::{self, Imap};
use crate::domain::network::is_near;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// What the example says of the listener.
pub(super) const MLLP_EXPLAINED: Section = (
    "intake.mllp",
    &[
        "A listener for HL7 v2 messages over the clinic's network (MLLP), such as from a hospital's interface engine. It answers AA once a",
        "message is safe in the database. Only an address of this machine or of a private network can be listened at.",
    ],
    &[
        (
            "listen",
            &["Address and port, as in \"127.0.0.1:2575\"; nobody is listened to where it is empty."],
        ),
        (
            "peers",
            &[
                "Addresses that may send, as in [\"10.0.0.7\"]; every one of these networks where it is empty.",
            ],
        ),
    ],
);

/// Documents that come in by themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Intake {
    /// Folders that are watched beside the inbox.
    pub folders: Vec<WatchFolder>,
    /// The listener for other systems' messages.
    pub mllp: Mllp,
    /// A mailbox on a server.
    pub imap: Imap,
}

/// The listener for other systems' messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mllp {
    /// Address and port; empty where nobody is listened to.
    pub listen: String,
    /// Who may send; empty for every address of this machine and of private networks.
    pub peers: Vec<String>,
}

impl Mllp {
    /// Where it listens; none where it does not.
    pub fn address(&self) -> Option<SocketAddr> {
        self.listen.parse().ok()
    }

    /// Who may send.
    pub fn allowed(&self) -> Vec<IpAddr> {
        self.peers.iter().filter_map(|peer| peer.parse().ok()).collect()
    }
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
    check_listener(&intake.mllp, note);
    mailbox::check(&intake.imap, note);
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

/// HL7 v2 crosses the network in the clear: it stays on this machine or in the clinic's own network.
fn check_listener(mllp: &Mllp, note: &mut Note<'_>) {
    let key = ["intake.mllp.listen".to_owned()];
    match mllp.listen.parse::<SocketAddr>() {
        Err(_) if mllp.listen.is_empty() => {}
        Ok(address) if address.port() > 0 && is_near(address.ip()) => {}
        Ok(address) if address.port() == 0 => {
            note(&key, "names no port".into(), "write one, as in 127.0.0.1:2575");
        }
        Ok(_) => note(
            &key,
            "patients' data would cross a public network in the clear".into(),
            "name an address of this machine or of a private network, and reach others through a VPN",
        ),
        Err(_) => note(
            &key,
            "is no address with a port".into(),
            "write it in numbers, as in 127.0.0.1:2575 or [::1]:2575",
        ),
    }
    for (place, peer) in mllp.peers.iter().enumerate() {
        if !peer.parse::<IpAddr>().is_ok_and(is_near) {
            note(
                &[format!("intake.mllp.peers[{place}]"), "intake.mllp.peers".into()],
                "is no address of this machine or of a private network".into(),
                "write it in numbers, as in 10.0.0.7",
            );
        }
    }
}
