//! Status updates to the systems that sent referrals.
//!
//! Owns the section's keys and defaults. Must not know how an update looks.

use super::example::Section;
use crate::domain::policy;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What the example says of the section.
pub(super) const EXPLAINED: Section = (
    "updates",
    &[
        "Status updates to the systems that sent referrals: at each change of status a file in a folder that an interface engine",
        "empties. A FHIR request is answered by a Task with the BSeR business status, HL7 v2 REF by RRI, OMG^O19 (360X) by OSU^O51.",
        "Nothing is written while the folder is empty.",
    ],
    &[
        ("folder", &["Where the files go, from where this file stands."]),
        (
            "all",
            &["true tells of referrals that came by fax, mail, telephone or the form, too; as FHIR."],
        ),
    ],
);

/// Where it is written for senders' systems how their referrals stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Updates {
    /// The folder; empty where nothing is written.
    pub folder: PathBuf,
    /// Whether referrals that did not come as data are told of, too.
    pub all: bool,
}

impl Updates {
    /// Whether anything is written at all.
    pub fn is_on(&self) -> bool {
        !self.folder.as_os_str().is_empty()
    }

    pub(super) fn updates(&self) -> Option<policy::Updates> {
        self.is_on().then_some(policy::Updates { all: self.all })
    }
}
