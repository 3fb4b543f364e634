//! Checks of coverages by a clearing house.
//!
//! Owns the section's keys, defaults and checks. Must not know how a question looks.

use super::check::Note;
use super::check_channels::{one_line, one_secret};
use super::example::Section;
use super::values::Plain;
use crate::domain::network::host_of;
use crate::domain::policy::Checks;
use crate::domain::text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What the example says of the section.
pub(super) const EXPLAINED: Section = (
    "eligibility",
    &[
        "Checks of coverages by a clearing house. Questions (X12 270) are written into a folder that its own program empties, and the",
        "answers (271, 999, TA1) come back through the inbox or a watched folder; or each is posted to its address for real-time",
        "questions, and the reply is the answer. Nobody is asked where neither is set.",
    ],
    &[
        (
            "folder",
            &["Where the questions go, from where this file stands."],
        ),
        (
            "url",
            &["Or the address at which it answers in real time (https)."],
        ),
        (
            "envelope",
            &["plain: the question alone; core: in the MIME envelope of CAQH CORE's connectivity rule."],
        ),
        (
            "user",
            &["The user there, whose password the secret is; where it is empty, the secret is a token."],
        ),
        (
            "secret_file",
            &["The file that holds the password or the token, and nothing else; or a variable."],
        ),
        ("secret_env", &[]),
        ("sender", &["The clinic's id at the clearing house (ISA06)."]),
        ("receiver", &["The clearing house's own id (ISA08)."]),
        ("npi", &["The clinic's NPI."]),
        ("production", &["false marks the questions as tests."]),
        (
            "services",
            &["Service types that are asked about: 30 is the plan as a whole, 98 an office visit."],
        ),
        ("timeout", &["No answer within this is none: a person checks."]),
        (
            "valid",
            &["How long an answer counts, unless the coverage ends before."],
        ),
        (
            "recheck",
            &["What will not count on the day of the visit is asked again so long before it."],
        ),
    ],
);

/// What it says of the payers.
pub(super) const PAYERS_EXPLAINED: Section = (
    "eligibility.payers",
    &["The clearing house's number of each payer, by the name on the card, as in \"Aetna\" = \"60054\"."],
    &[],
);

/// How a question is wrapped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Envelope {
    /// Not at all.
    #[default]
    Plain,
    /// In CAQH CORE's MIME envelope.
    Core,
}

/// How payers are asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Eligibility {
    /// The folder that the clearing house's program takes the questions from; empty where nobody is asked.
    pub folder: PathBuf,
    /// Where it answers in real time; empty where it does not.
    pub url: String,
    /// How a question is wrapped there.
    pub envelope: Envelope,
    /// The user there; empty where the secret is a token.
    pub user: String,
    /// The file with the password or the token.
    pub secret_file: PathBuf,
    /// Or the variable of the environment that holds it.
    pub secret_env: String,
    /// The clinic's id at the clearing house.
    pub sender: String,
    /// The clearing house's own id.
    pub receiver: String,
    /// The clinic's NPI.
    pub npi: String,
    /// Whether the questions are for production.
    pub production: bool,
    /// Service types that are asked about.
    pub services: Vec<String>,
    /// No answer within this is none.
    pub timeout: Plain,
    /// How long an answer counts.
    pub valid: Plain,
    /// How long before the visit a check is made anew.
    pub recheck: Plain,
    /// The clearing house's number of each payer, by name.
    pub payers: BTreeMap<String, String>,
}

impl Default for Eligibility {
    fn default() -> Eligibility {
        Eligibility {
            folder: PathBuf::new(),
            url: String::new(),
            envelope: Envelope::Plain,
            user: String::new(),
            secret_file: PathBuf::new(),
            secret_env: String::new(),
            sender: String::new(),
            receiver: String::new(),
            npi: String::new(),
            production: true,
            services: vec!["30".into(), "98".into()],
            timeout: Plain::days(1),
            // Payers close their months: what is true today is asked again in the next.
            valid: Plain::days(30),
            recheck: Plain::days(3),
            payers: BTreeMap::new(),
        }
    }
}

impl Eligibility {
    /// Whether payers are asked at all.
    pub fn is_on(&self) -> bool {
        !self.folder.as_os_str().is_empty() || !self.url.is_empty()
    }

    pub(super) fn checks(&self) -> Option<Checks> {
        self.is_on().then(|| Checks {
            payers: self
                .payers
                .iter()
                .map(|(name, id)| (text::fold(name), id.clone()))
                .collect(),
            services: self.services.clone(),
            timeout: self.timeout.span(),
            valid: self.valid.span(),
            recheck: self.recheck.span(),
        })
    }
}

/// Who asks must be known to whom it is asked of.
pub(super) fn check(eligibility: &Eligibility, note: &mut Note<'_>) {
    if !eligibility.is_on() {
        return;
    }
    check_address(eligibility, note);
    for (key, value) in [
        ("sender", &eligibility.sender),
        ("receiver", &eligibility.receiver),
    ] {
        let fits = (1..=15).contains(&value.trim().len())
            && value.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ');
        if !fits {
            note(
                &[format!("eligibility.{key}")],
                "is no id of at most 15 letters and digits".into(),
                "take it from the clearing house's agreement",
            );
        }
    }
    if !crate::domain::person::is_npi(&eligibility.npi) {
        note(
            &["eligibility.npi".into()],
            "is no NPI: ten digits, the last of which checks the others".into(),
            "give the clinic's own",
        );
    }
    if eligibility.services.is_empty()
        || eligibility
            .services
            .iter()
            .any(|code| code.is_empty() || code.len() > 2)
    {
        note(
            &["eligibility.services".into()],
            "are no service types of one or two characters".into(),
            "name some, like [\"30\"]",
        );
    }
}

/// One way, and patients' data only under lock and key.
fn check_address(eligibility: &Eligibility, note: &mut Note<'_>) {
    if eligibility.url.is_empty() {
        return;
    }
    let keys = ["eligibility.url".to_owned()];
    if !eligibility.folder.as_os_str().is_empty() {
        note(
            &keys,
            "there is a folder and an address".into(),
            "choose one: each question is asked once",
        );
    }
    let local = ["localhost", "127.0.0.1", "[::1]"];
    let fits = match host_of(&eligibility.url) {
        Some(host) => eligibility.url.starts_with("https://") || local.contains(&host),
        None => false,
    };
    if !fits {
        note(
            &keys,
            "is not an address that begins with https://".into(),
            "http:// is for a program on this machine; a path may follow, no query",
        );
    }
    one_line("eligibility.user", &eligibility.user, note);
    let needed = !eligibility.user.is_empty();
    one_secret(
        "eligibility.secret",
        &eligibility.secret_file,
        &eligibility.secret_env,
        needed,
        note,
    );
}
