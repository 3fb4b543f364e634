//! A record's fields as the log keeps them: one JSON object, in the order of the record.
//!
//! Owns its text. Nearly all of them are written into the log once and never looked into, so nothing is built of them until
//! somebody asks. Must not know what a field means.

use super::broken;
use crate::domain::refusal::Refusal;
use serde::de::{Error, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Fields by name.
#[derive(Clone)]
pub struct Fields(Box<RawValue>);

impl Fields {
    /// Those of a record.
    ///
    /// # Errors
    /// A record that is not a JSON object; none of the domain's is.
    pub fn of<T: Serialize>(record: &T) -> Result<Fields, Refusal> {
        to_raw_value(record)
            .ok()
            .and_then(Fields::object)
            .ok_or_else(broken)
    }

    fn object(text: Box<RawValue>) -> Option<Fields> {
        text.get().starts_with('{').then_some(Fields(text))
    }

    /// An object's text.
    ///
    /// # Errors
    /// What is not an object.
    pub(super) fn from_text(text: String) -> Result<Fields, serde_json::Error> {
        Fields::object(RawValue::from_string(text)?).ok_or_else(|| Error::custom("not a record"))
    }

    /// Their values.
    pub fn read(&self) -> Map<String, Value> {
        serde_json::from_str(self.0.get()).unwrap_or_default()
    }

    /// One value.
    pub fn get(&self, name: &str) -> Option<Value> {
        self.read().shift_remove(name)
    }

    /// Their names, sorted.
    pub fn names(&self) -> Vec<String> {
        let named: BTreeMap<String, IgnoredAny> = serde_json::from_str(self.0.get()).unwrap_or_default();
        named.into_keys().collect()
    }

    /// Whether there is one with this name.
    pub fn has(&self, name: &str) -> bool {
        self.names().iter().any(|own| own == name)
    }
}

impl PartialEq for Fields {
    fn eq(&self, other: &Fields) -> bool {
        self.0.get() == other.0.get() || self.read() == other.read()
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fields, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        Fields::object(text).ok_or_else(|| D::Error::custom("fields are an object"))
    }
}
