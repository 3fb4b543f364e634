//! The reading of documents: how sure a value must be to be filled in or offered.
//!
//! Owns the section's keys and defaults. Must not know how documents are read.

use super::example::Section;
use crate::domain::policy;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the example says of the section.
pub(super) const EXPLAINED: Section = (
    "reading",
    &[
        "How sure the reader must be of a value that it finds in a document, in per cent. A wrong value reaches a patient,",
        "a blank reaches a person.",
    ],
    &[
        ("fill_percent", &["From here on a value is filled in."]),
        (
            "offer_percent",
            &["From here on it is offered to a person; below, the field stays blank."],
        ),
        (
            "model",
            &["Whether the trained model reads beside the rules. Without it, only rules read."],
        ),
    ],
);

/// What it says of single fields.
pub(super) const FIELDS_EXPLAINED: Section = (
    "reading.fields",
    &[
        "Fields that are filled in from another confidence on, by the names of `refdesk intake --json`.",
        "  member_id = 80",
    ],
    &[],
);

/// How sure a value must be, in per cent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reading {
    /// Filled in from here on.
    pub fill_percent: u32,
    /// Offered from here on.
    pub offer_percent: u32,
    /// Whether the trained model is asked.
    pub model: bool,
    /// Fields that are filled in from another confidence on.
    pub fields: BTreeMap<String, u32>,
}

impl Default for Reading {
    fn default() -> Reading {
        let defaults = policy::Reading::default();
        Reading {
            fill_percent: defaults.fill,
            offer_percent: defaults.offer,
            model: true,
            fields: defaults.fields,
        }
    }
}

impl Reading {
    pub(super) fn reading(&self) -> policy::Reading {
        policy::Reading {
            fill: self.fill_percent,
            offer: self.offer_percent,
            fields: self.fields.clone(),
        }
    }

    /// What is wrong with the section: the key, what it says, what to write instead.
    pub(super) fn problems(&self) -> Vec<(Vec<String>, String, &'static str)> {
        let mut out = Vec::new();
        let percents = [
            ("fill_percent", self.fill_percent),
            ("offer_percent", self.offer_percent),
        ];
        for (key, value) in percents {
            if value > 100 {
                out.push((
                    vec![format!("reading.{key}")],
                    format!("{value} is more than 100"),
                    "write a number from 0 to 100",
                ));
            }
        }
        if self.offer_percent > self.fill_percent {
            out.push((
                vec!["reading.offer_percent".into(), "reading.fill_percent".into()],
                format!("{} is more than {}", self.offer_percent, self.fill_percent),
                "what is filled in is surer than what is offered: lower offer_percent",
            ));
        }
        for (field, value) in &self.fields {
            if !FIELDS.contains(&field.as_str()) {
                out.push((
                    vec![format!("reading.fields.{field}")],
                    "no field of this name is read".into(),
                    "the names are those of `refdesk intake --json`, as in patient_name or member_id",
                ));
            } else if *value > 100 {
                out.push((
                    vec![format!("reading.fields.{field}")],
                    format!("{value} is more than 100"),
                    "write a number from 0 to 100",
                ));
            }
        }
        out
    }
}

/// Names of the fields, as the reader gives them; a test of the command line holds them to it.
#[rustfmt::skip]
pub(super) const FIELDS: &[&str] = &[
    "patient_name", "dob", "sex", "patient_phone", "patient_email", "patient_address", "patient_language",
    "referring_provider_name", "referring_npi", "referring_phone", "referring_fax", "referring_email", "referring_org",
    "specialty_requested", "service_requested", "reason_text", "icd10", "cpt", "urgency", "payer", "member_id", "group_no",
    "auth_number", "return_code",
];
