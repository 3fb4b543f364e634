//! A second reader of documents: a program on the clinic's own machine or network that is asked as well.
//!
//! Owns the section's keys, their defaults and what is checked of them. Must not ask anybody.

use super::check::Note;
use super::check_channels::{one_line, one_secret};
use super::example::Section;
use super::reading;
use crate::domain::network;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What the example says of the section.
pub(super) const EXPLAINED: Section = (
    "second_reader",
    &[
        "A second reader of documents: a language model behind an OpenAI-compatible chat endpoint on this machine or the clinic's",
        "own network, such as llama.cpp's server or Ollama. It is sent the text of each referral. What it answers is only offered:",
        "where it differs, the field is doubtful and a person decides. Addresses outside the clinic are refused.",
    ],
    &[
        (
            "url",
            &[
                "As in \"http://127.0.0.1:8080/v1\"; nobody is asked where it is empty. https:// hides the text from others on the",
                "network. The host is an address of this machine or a private one, a name of one word, or ends in .local.",
            ],
        ),
        ("model", &["The model's name, as the endpoint knows it."]),
        (
            "token_file",
            &[
                "The secret behind `Authorization: Bearer`, if it wants one: a file that holds nothing else, or a variable.",
            ],
        ),
        ("token_env", &[]),
        (
            "patience_seconds",
            &["A document waits no longer for it; after a failure it is left alone for a minute."],
        ),
        (
            "fields",
            &["The fields that it is asked for, as in [\"member_id\", \"reason_text\"]; all where empty."],
        ),
    ],
);

/// The longest patience, in seconds: a document waits so long in the worst case.
const PATIENCE_MAX: u32 = 300;

/// A second reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SecondReader {
    /// Where; nobody is asked where it is empty.
    pub url: String,
    /// The model.
    pub model: String,
    /// The file with the token.
    pub token_file: PathBuf,
    /// Or the variable of the environment that holds it.
    pub token_env: String,
    /// How long a document waits for it, in seconds.
    pub patience_seconds: u32,
    /// The fields that it is asked for; all where empty.
    pub fields: Vec<String>,
}

impl Default for SecondReader {
    fn default() -> SecondReader {
        SecondReader {
            url: String::new(),
            model: String::new(),
            token_file: PathBuf::new(),
            token_env: String::new(),
            patience_seconds: 30,
            fields: Vec::new(),
        }
    }
}

/// Patients' text must not leave the clinic, and what is asked must be known.
pub(super) fn check(second: &SecondReader, note: &mut Note<'_>) {
    let key = |name: &str| [format!("second_reader.{name}")];
    for field in &second.fields {
        if field == "return_code" {
            note(
                &key("fields"),
                "a return code decides whose answer a document is, and is read by this program alone".into(),
                "take it out",
            );
        } else if !reading::FIELDS.contains(&field.as_str()) {
            note(
                &key("fields"),
                format!("no field `{}` is read", crate::domain::text::line(field)),
                "the names are those of `refdesk intake --json`, as in patient_name or member_id",
            );
        }
    }
    if !(1..=PATIENCE_MAX).contains(&second.patience_seconds) {
        note(
            &key("patience_seconds"),
            format!("{} is not between 1 and {PATIENCE_MAX}", second.patience_seconds),
            "30 is usual",
        );
    }
    if second.url.is_empty() {
        return;
    }
    match network::host_of(&second.url) {
        None => note(
            &key("url"),
            "is not an address of the form http://host:port/path".into(),
            "write it without user, query or escapes, as in http://127.0.0.1:8080/v1",
        ),
        Some(host) if !network::is_near_host(host) => note(
            &key("url"),
            format!("{host} is outside the clinic, and patients' text must not leave it"),
            "name this machine (127.0.0.1), a private address (10.…, 172.16.…, 192.168.…, fd…), a name of one word or one that ends in .local",
        ),
        Some(_) => {}
    }
    if second.model.trim().is_empty() {
        note(
            &["second_reader.model".into(), "second_reader.url".into()],
            "the endpoint is named, and no model".into(),
            "name the model as the endpoint knows it",
        );
    }
    one_line("second_reader.model", &second.model, note);
    one_secret(
        "second_reader.token",
        &second.token_file,
        &second.token_env,
        false,
        note,
    );
}
