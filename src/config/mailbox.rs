//! A mailbox on a server, whose mails are taken in like those of a folder.
//!
//! Owns the section's keys, their defaults and what is checked of them. Must not open a connection.

use super::check::Note;
use super::check_channels::{one_line, one_secret};
use super::example::Section;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What the example says of the section.
pub(super) const EXPLAINED: Section = (
    "intake.imap",
    &[
        "A mailbox on a server (IMAP): its unseen mails are brought into the data folder (`mail`) once a minute, and taken in from there",
        "as documents and answers. The connection is protected from the first byte.",
    ],
    &[
        ("host", &["Nobody is asked where it is empty."]),
        ("port", &[]),
        ("tls", &["Turn it off only for a server on this very machine."]),
        (
            "ca_file",
            &["A certificate authority of your own (PEM), beside those of the system."],
        ),
        ("user", &[]),
        (
            "password_file",
            &["A file that holds the password and nothing else …"],
        ),
        ("password_env", &["… or a variable of the environment."]),
        ("folder", &["The mailbox that is looked into."]),
        (
            "move_to",
            &[
                "Where a mail goes on the server once it is here; where empty, it is marked as seen and stays.",
            ],
        ),
    ],
);

/// A mailbox on a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Imap {
    /// Host; empty where nobody is asked.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Whether the connection is protected.
    pub tls: bool,
    /// A certificate authority of your own (PEM).
    pub ca_file: PathBuf,
    /// User.
    pub user: String,
    /// The file with the password.
    pub password_file: PathBuf,
    /// Or the variable of the environment that holds it.
    pub password_env: String,
    /// The mailbox.
    pub folder: String,
    /// Where a mail goes once it is here.
    pub move_to: String,
}

impl Default for Imap {
    fn default() -> Imap {
        Imap {
            host: String::new(),
            // RFC 8314 3.2: IMAP protected from the first byte.
            port: 993,
            tls: true,
            ca_file: PathBuf::new(),
            user: String::new(),
            password_file: PathBuf::new(),
            password_env: String::new(),
            folder: "INBOX".into(),
            move_to: String::new(),
        }
    }
}

/// What a mailbox needs, and what cannot be.
pub(super) fn check(imap: &Imap, note: &mut Note<'_>) {
    if imap.host.is_empty() {
        return;
    }
    let lines = [
        ("host", &imap.host),
        ("user", &imap.user),
        ("folder", &imap.folder),
        ("move_to", &imap.move_to),
    ];
    for (key, value) in lines {
        one_line(&format!("intake.imap.{key}"), value, note);
    }
    for (key, value) in [("user", &imap.user), ("folder", &imap.folder)] {
        if value.trim().is_empty() {
            note(
                &[format!("intake.imap.{key}"), "intake.imap.host".into()],
                format!("intake.imap.{key} is empty, and the server asks for it"),
                "write it as your mail program has it",
            );
        }
    }
    if imap.folder == imap.move_to {
        note(
            &["intake.imap.move_to".into()],
            "is the mailbox that is looked into".into(),
            "name another, or leave it empty: then a mail is marked as seen",
        );
    }
    if !imap.tls && !super::check_channels::is_this_machine(&imap.host) {
        note(
            &["intake.imap.tls".into()],
            "the password and the mails would cross the network in the clear".into(),
            "turn it on",
        );
    }
    one_secret(
        "intake.imap.password",
        &imap.password_file,
        &imap.password_env,
        true,
        note,
    );
}
