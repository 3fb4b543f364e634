//! Mappings for going live: which column of another system's table is which of our fields.
//!
//! Owns the section's keys, the names of the fields, and what must hold of a mapping. Must not read any table.

use super::check::Note;
use super::example::Section;
use super::pattern::Pattern;
use crate::domain::priority::Priority;
use crate::domain::status::Status;
use crate::domain::template::Template;
use crate::domain::text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the example says of the section.
pub(super) const EXPLAINED: Section = (
    "import",
    &[
        "Tables of another system, for going live: `refdesk import FILE --mapping NAME` reads a CSV by [import.NAME]. Columns and",
        "constants are named by our fields: external (that system's number of the referral), received, specialty, service, priority,",
        "status, status_since, status_reason, owner, performer, reason, icd10, procedures, items (required items that are there),",
        "replaces; patient or family and given, dob, sex, phone, email, address, mrn, language; provider or provider_family and",
        "provider_given, npi, provider_phone, provider_fax, provider_email, practice; payer, member_id, group_no, subscriber (whose",
        "plan it is, where it is not the patient's own), subscriber_dob, relationship (spouse, child or other), eligibility,",
        "auth_number, auth_visits, auth_from, auth_to; appointment, appointment_minutes, appointment_place, appointment_status,",
        "appointment_id; note. Several columns of one field are joined. Dates: YYYY YY MM M MMM DD D HH hh mm ss a. Values not named",
        "under `values` have to be our own words.",
        "  [import.oldsys]",
        "  dates = [\"MM/DD/YYYY\", \"MM/DD/YYYY hh:mm a\"]",
        "  columns = { external = \"Ref No\", received = \"Received\", family = \"Last Name\", given = \"First Name\", dob = \"DOB\" }",
        "  constants = { specialty = \"cardiology\" }",
        "  values.status = { \"Appt made\" = \"scheduled\", \"Seen\" = \"completed\" }",
        "  values.priority = { \"1\" = \"urgent\", \"2\" = \"routine\" }",
        "  values.sex = { \"W\" = \"female\" }",
        "  encoding = \"windows-1252\"",
        "  separator = \";\"",
    ],
    &[],
);

/// The fields that a column or a constant may be.
pub const FIELDS: [&str; 49] = [
    "external",
    "received",
    "specialty",
    "service",
    "priority",
    "status",
    "status_since",
    "status_reason",
    "owner",
    "performer",
    "reason",
    "icd10",
    "procedures",
    "items",
    "replaces",
    "patient",
    "family",
    "given",
    "dob",
    "sex",
    "phone",
    "email",
    "address",
    "mrn",
    "language",
    "provider",
    "provider_family",
    "provider_given",
    "npi",
    "provider_phone",
    "provider_fax",
    "provider_email",
    "practice",
    "payer",
    "member_id",
    "group_no",
    "subscriber",
    "subscriber_dob",
    "relationship",
    "eligibility",
    "auth_number",
    "auth_visits",
    "auth_from",
    "auth_to",
    "appointment",
    "appointment_minutes",
    "appointment_place",
    "appointment_status",
    "appointment_id",
];
/// The one that may stand in several columns, each a note of its own.
pub const NOTE: &str = "note";

/// Words for what became of an appointment.
pub const VISITS: [&str; 4] = ["booked", "fulfilled", "no-show", "cancelled"];
/// Words for an administrative gender.
pub const SEXES: [&str; 4] = ["female", "male", "other", "unknown"];

/// One column, or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Columns {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Columns {
    /// Their headings.
    pub fn headings(&self) -> &[String] {
        match self {
            Columns::One(heading) => std::slice::from_ref(heading),
            Columns::Several(headings) => headings,
        }
    }
}

/// A mapping.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mapping {
    /// What parts the cells; the one of comma, semicolon and tab that the headings have most of, where it is empty.
    pub separator: String,
    /// The encoding by its label (WHATWG); UTF-8 where it is empty.
    pub encoding: String,
    /// Forms of dates, in the order in which they are tried.
    pub dates: Vec<String>,
    /// Headings by field.
    pub columns: BTreeMap<String, Columns>,
    /// What every row says, by field.
    pub constants: BTreeMap<String, String>,
    /// By field: that system's words, and ours.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
}

impl Mapping {
    /// The forms of dates.
    pub fn patterns(&self) -> Vec<Pattern> {
        self.dates
            .iter()
            .filter_map(|form| Pattern::parse(form).ok())
            .collect()
    }

    /// The separator, where one is set.
    pub fn separator(&self) -> Option<char> {
        match self.separator.as_str() {
            "\\t" | "tab" => Some('\t'),
            other => other.chars().next(),
        }
    }

    /// The encoding.
    pub fn encoding(&self) -> &'static encoding_rs::Encoding {
        encoding_rs::Encoding::for_label(self.encoding.as_bytes()).unwrap_or(encoding_rs::UTF_8)
    }
}

/// Checks the mappings.
pub(super) fn check(
    mappings: &BTreeMap<String, Mapping>,
    templates: Option<&BTreeMap<String, Template>>,
    note: &mut Note<'_>,
) {
    for (name, mapping) in mappings {
        let key = |rest: &str| [format!("import.{name}.{rest}"), format!("import.{name}")];
        if !mapping.encoding.is_empty() {
            let known = encoding_rs::Encoding::for_label(mapping.encoding.as_bytes());
            if known.is_none_or(|known| !known.is_ascii_compatible()) {
                note(
                    &key("encoding"),
                    format!(
                        "`{}` is no encoding that a table can be in",
                        text::line(&mapping.encoding)
                    ),
                    "write utf-8, windows-1252 or iso-8859-2, or save the table as UTF-8",
                );
            }
        }
        if mapping.separator.chars().count() > 1 && mapping.separator() != Some('\t') {
            note(
                &key("separator"),
                "is more than one character".into(),
                "write \",\", \";\" or \"tab\"",
            );
        }
        for (place, form) in mapping.dates.iter().enumerate() {
            if let Err(why) = Pattern::parse(form) {
                note(
                    &key(&format!("dates[{place}]")),
                    format!("`{}`: {why}", text::line(form)),
                    "write it like MM/DD/YYYY or YYYY-MM-DD HH:mm",
                );
            }
        }
        check_fields(mapping, &key, note);
        check_values(mapping, templates, &key, note);
    }
}

fn check_fields(mapping: &Mapping, key: &dyn Fn(&str) -> [String; 2], note: &mut Note<'_>) {
    let known = |field: &String| FIELDS.contains(&field.as_str()) || field == NOTE;
    for (table, fields) in [
        ("columns", mapping.columns.keys().collect::<Vec<_>>()),
        ("constants", mapping.constants.keys().collect()),
        ("values", mapping.values.keys().collect()),
    ] {
        for field in fields.into_iter().filter(|field| !known(field)) {
            note(
                &key(&format!("{table}.{field}")),
                "there is no such field".into(),
                "`refdesk config example` names them, above [import.oldsys]",
            );
        }
    }
    let mut seen: BTreeMap<String, &String> = BTreeMap::new();
    for (field, columns) in &mapping.columns {
        for heading in columns.headings() {
            if heading.trim().is_empty() {
                note(
                    &key(&format!("columns.{field}")),
                    "names no column".into(),
                    "write its heading",
                );
            } else if let Some(other) = seen
                .insert(text::fold(heading), field)
                .filter(|other| *other == field)
            {
                note(
                    &key(&format!("columns.{field}")),
                    format!("names a column twice that is `{other}` already"),
                    "take one out",
                );
            }
        }
        if mapping.constants.contains_key(field) {
            note(
                &key(&format!("constants.{field}")),
                "is a column as well".into(),
                "take one of them out",
            );
        }
    }
    let there = |field: &str| mapping.columns.contains_key(field) || mapping.constants.contains_key(field);
    let wanted: [(&[&str], &str); 3] = [
        (&["patient", "family"], "whose referral it is"),
        (&["specialty"], "for which specialty it is"),
        (&["received"], "when the referral was received"),
    ];
    for (any, what) in wanted {
        if !any.iter().any(|field| there(field)) {
            note(
                &key("columns"),
                format!("no column says {what}"),
                &format!("name one for {}", any.join(" or ")),
            );
        }
    }
}

/// The words that a field may have; none where it may be anything.
fn words(field: &str) -> Option<Vec<&'static str>> {
    match field {
        "status" => Some(Status::ALL.iter().map(|status| status.code()).collect()),
        "priority" => Some(Priority::ALL.iter().map(|priority| priority.code()).collect()),
        "sex" => Some(SEXES.to_vec()),
        "appointment_status" => Some(VISITS.to_vec()),
        "eligibility" => Some(
            crate::domain::coverage::Eligibility::ALL
                .iter()
                .map(|state| state.code())
                .collect(),
        ),
        _ => None,
    }
}

fn check_values(
    mapping: &Mapping,
    templates: Option<&BTreeMap<String, Template>>,
    key: &dyn Fn(&str) -> [String; 2],
    note: &mut Note<'_>,
) {
    let said = mapping
        .values
        .iter()
        .flat_map(|(field, values)| {
            values
                .iter()
                .map(move |(theirs, ours)| (field, Some(theirs), ours))
        })
        .chain(mapping.constants.iter().map(|(field, ours)| (field, None, ours)));
    for (field, theirs, ours) in said {
        let place = match theirs {
            Some(theirs) => format!("values.{field}.{theirs}"),
            None => format!("constants.{field}"),
        };
        // An empty word stands for nothing.
        if ours.is_empty() {
            continue;
        }
        if let Some(words) = words(field).filter(|words| !words.contains(&ours.as_str())) {
            note(
                &key(&place),
                format!("`{}` is no {}", text::line(ours), field.replace('_', " ")),
                &format!("use one of: {}", words.join(", ")),
            );
        }
        let names = |template: &Template| {
            let others = std::iter::once(&template.specialty).chain(&template.aliases);
            others
                .chain(std::iter::once(&template.key))
                .any(|name| text::fold(name) == text::fold(ours))
        };
        if field == "specialty"
            && let Some(templates) = templates
            && !templates.values().any(names)
        {
            let known: Vec<&str> = templates.keys().map(String::as_str).collect();
            note(
                &key(&place),
                format!("there is no template `{}`", text::line(ours)),
                &format!("known are {}", known.join(", ")),
            );
        }
    }
}
