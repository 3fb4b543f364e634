//! The product's own extensions, identifiers and codes: what FHIR has no place for.
//!
//! Owns the table of them, and the one form in which fields of a record stand in an extension: an extension named after the
//! record holds one extension a field, a list holds one named `item` for each of its items, an object one for each of its fields
//! (FHIR R4 §2.5.0.1: a complex extension holds extensions and no value). Must not know any record.

use super::super::Node;
use crate::domain::text;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// The namespace of everything here.
pub const SYSTEM: &str = "urn:refdesk";

/// One of the product's own names: the name after [`SYSTEM`] and a colon, where it stands, and what it says.
pub type Name = (&'static str, &'static str, &'static str);

/// Every extension.
pub const EXTENSIONS: [Name; 13] = [
    (
        "extension:referral",
        "ServiceRequest",
        "status, list, owner, next action, due time, holds and pauses",
    ),
    (
        "extension:milestone",
        "ServiceRequest",
        "a milestone of the service level agreement, its target and when it was reached",
    ),
    (
        "extension:timer",
        "ServiceRequest",
        "a reminder or warning that goes off, or went off",
    ),
    (
        "extension:authorization",
        "ClaimResponse",
        "how many visits are authorised",
    ),
    ("extension:patient", "Patient", "preferred channel and consents"),
    (
        "extension:practitioner",
        "Practitioner",
        "version, and the number of the practice",
    ),
    (
        "extension:organization",
        "Organization",
        "whether it sends referrals or is a site of the clinic",
    ),
    (
        "extension:coverage",
        "Coverage",
        "the state of the eligibility check",
    ),
    (
        "extension:appointment",
        "Appointment",
        "state, and what other systems said of it",
    ),
    ("extension:task", "Task", "owner and state of a piece of work"),
    (
        "extension:said",
        "Communication, CommunicationRequest",
        "kind, channel, state and sending of a message; a call's outcome",
    ),
    (
        "extension:document",
        "DocumentReference",
        "what the desk did with it",
    ),
    (
        "extension:history",
        "Provenance",
        "what happened, and what stood behind it",
    ),
];

/// Every system of identifiers and codes, and every canonical name.
pub const SYSTEMS: [Name; 11] = [
    (
        "referral",
        "ServiceRequest.identifier, Bundle.identifier",
        "the referral's id, `R-20417-S`",
    ),
    ("mrn", "Patient.identifier", "the clinic's record number"),
    (
        "check",
        "CoverageEligibilityResponse.request",
        "the number of an eligibility check",
    ),
    (
        "appointment",
        "Appointment.identifier",
        "what the system that keeps an appointment calls it",
    ),
    ("key", "Task.identifier", "rule and occasion of a piece of work"),
    (
        "return-code",
        "CommunicationRequest.identifier",
        "the code that re-attaches an answer",
    ),
    ("status", "Task.businessStatus", "the status in the desk's words"),
    ("communication", "Communication.category", "note, call or message"),
    (
        "requirement",
        "QuestionnaireResponse answers",
        "provided, waived or missing",
    ),
    ("fact", "Provenance.activity", "the kind of thing that happened"),
    (
        "questionnaire",
        "QuestionnaireResponse.questionnaire",
        "a template's list of what is required",
    ),
];

const EMPTY_TEXT: &str = "empty-text";
const EMPTY_LIST: &str = "empty-list";
const EMPTY_OBJECT: &str = "empty-object";

/// A system by its name in [`SYSTEMS`].
pub fn system(name: &str) -> String {
    format!("{SYSTEM}:{name}")
}

fn url(record: &str) -> String {
    format!("{SYSTEM}:extension:{record}")
}

/// A record's fields in an extension, but those that stand elsewhere; its numbers are fields like others.
pub fn rest<T: Serialize>(record: &str, of: &T, elsewhere: &[&str]) -> Value {
    let fields = match serde_json::to_value(of) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) | Err(_) => Map::new(),
    };
    let parts: Vec<Value> = fields
        .iter()
        .filter(|(name, value)| !elsewhere.contains(&name.as_str()) && !super::is_empty(value))
        .filter_map(|(name, value)| wrap(name, value))
        .collect();
    // A record of which nothing else is to be said is still marked as ours.
    let parts = if parts.is_empty() {
        vec![json!({ "url": "record", "valueCode": record })]
    } else {
        parts
    };
    json!({ "url": url(record), "extension": parts })
}

fn wrap(name: &str, value: &Value) -> Option<Value> {
    let inside = |parts: Vec<Value>| Some(json!({ "url": name, "extension": parts }));
    match value {
        Value::Null => None,
        Value::Bool(is) => Some(json!({ "url": name, "valueBoolean": is })),
        // FHIR's integer has 32 bits (R4 §2.24.0.1); a decimal holds every whole number that the product counts.
        Value::Number(number) => {
            let small = number
                .as_i64()
                .is_some_and(|number| i32::try_from(number).is_ok());
            let kind = if small { "valueInteger" } else { "valueDecimal" };
            Some(json!({ "url": name, kind: number }))
        }
        Value::String(text) if text.trim().is_empty() => {
            Some(json!({ "url": name, "valueCode": EMPTY_TEXT }))
        }
        Value::String(text) => Some(json!({ "url": name, "valueString": text })),
        Value::Array(items) if items.is_empty() => Some(json!({ "url": name, "valueCode": EMPTY_LIST })),
        Value::Array(items) => inside(items.iter().filter_map(|item| wrap("item", item)).collect()),
        Value::Object(fields) => {
            let parts: Vec<Value> = fields
                .iter()
                .filter_map(|(name, value)| wrap(name, value))
                .collect();
            if parts.is_empty() {
                return Some(json!({ "url": name, "valueCode": EMPTY_OBJECT }));
            }
            inside(parts)
        }
    }
}

fn unwrap(node: &Node) -> Option<Value> {
    let mut parts = node.each("extension").peekable();
    if parts.peek().is_some() {
        let parts: Vec<(&str, Value)> = parts
            .filter_map(|part| Some((part.text("url")?, unwrap(part)?)))
            .collect();
        return Some(if parts.iter().all(|(name, _)| *name == "item") {
            Value::Array(parts.into_iter().map(|(_, value)| value).collect())
        } else {
            Value::Object(
                parts
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect(),
            )
        });
    }
    if let Some(raw) = node.text("valueString") {
        return Some(Value::String(text::block(raw)));
    }
    if let Some(raw) = node.text("valueBoolean") {
        return raw.parse().ok().map(Value::Bool);
    }
    if let Some(raw) = node.text("valueInteger").or_else(|| node.text("valueDecimal")) {
        let signed = raw.parse::<i64>().ok().map(Value::from);
        return signed.or_else(|| raw.parse::<u64>().ok().map(Value::from));
    }
    match node.text("valueCode")? {
        EMPTY_TEXT => Some(Value::String(String::new())),
        EMPTY_LIST => Some(Value::Array(Vec::new())),
        EMPTY_OBJECT => Some(Value::Object(Map::new())),
        _ => None,
    }
}

/// The extensions of a record at a node.
pub fn extensions<'n>(node: &'n Node, record: &str) -> impl Iterator<Item = &'n Node> + use<'n> {
    let url = url(record);
    node.each("extension")
        .filter(move |each| each.text("url") == Some(&url))
}

/// The first of them.
pub fn extension<'n>(node: &'n Node, record: &str) -> Option<&'n Node> {
    extensions(node, record).next()
}

/// A chart of which something is lost is not taken for whole.
pub fn lost(kind: &str) -> String {
    format!("a {kind} that this program wrote was changed since and cannot be read back")
}

/// The fields of a record on its way back.
#[derive(Default)]
pub struct Fields(Map<String, Value>);

impl Fields {
    /// Those in a record's extension.
    pub fn of(extension: &Node) -> Fields {
        match unwrap(extension) {
            Some(Value::Object(mut fields)) => {
                fields.shift_remove("record");
                Fields(fields)
            }
            Some(_) | None => Fields(Map::new()),
        }
    }

    /// Sets a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Fields {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// Sets a field to a text from the message, sanitised; leaves it out where there is none.
    #[must_use]
    pub fn text(mut self, name: &str, raw: Option<&str>) -> Fields {
        if let Some(raw) = raw {
            self.0.insert(name.to_owned(), Value::String(text::block(raw)));
        }
        self
    }

    /// Sets a field to a number from the message; leaves it out where there is none.
    #[must_use]
    pub fn number(mut self, name: &str, raw: Option<&str>) -> Fields {
        if let Some(number) = raw.and_then(|raw| raw.parse::<i64>().ok()) {
            self.0.insert(name.to_owned(), Value::from(number));
        }
        self
    }

    /// The record. `lists` and `texts` are fields that are not printed where they are empty.
    ///
    /// # Errors
    /// [`lost`], where a field is missing or is not what it was.
    pub fn record<T: DeserializeOwned>(
        mut self,
        kind: &str,
        lists: &[&str],
        texts: &[&str],
    ) -> Result<T, String> {
        for (names, empty) in [
            (lists, Value::Array(Vec::new())),
            (texts, Value::String(String::new())),
        ] {
            for name in names {
                if !self.0.contains_key(*name) {
                    self.0.insert((*name).to_owned(), empty.clone());
                }
            }
        }
        serde_json::from_value(Value::Object(self.0)).map_err(|_| lost(kind))
    }
}
