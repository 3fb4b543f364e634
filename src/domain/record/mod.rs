//! Records, and changes to them with their old and new values.
//!
//! Owns the one form of change that the log keeps, undo inverts and replay applies. Must not know what a change means.

mod by_field;
mod fields;
mod named;
mod records;

pub use by_field::ByField;
pub use fields::Fields;
pub use records::Records;

use super::refusal::{Code, Refusal};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Kinds of record. The name is the table's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entity {
    /// Patient.
    Patient,
    /// Practitioner.
    Practitioner,
    /// Organisation.
    Organization,
    /// Referral.
    Referral,
    /// Coverage.
    Coverage,
    /// Milestone.
    Milestone,
    /// Task.
    Task,
    /// Timer.
    Timer,
    /// Request for information.
    InfoRequest,
    /// Note or call.
    Note,
    /// Appointment.
    Appointment,
    /// Message.
    Message,
    /// Document.
    Document,
}

/// A record that the log can change.
pub trait Record: Clone + PartialEq + Serialize + DeserializeOwned {
    /// Its kind.
    const ENTITY: Entity;
    /// Its number.
    fn key(&self) -> i64;
    /// The names of the fields in which another state of it differs.
    fn differing(&self, other: &Self) -> Vec<&'static str>;
}

/// One record's change: made (no `before`), taken away (no `after`), or the fields that differ.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Patch {
    /// Kind of record.
    #[serde(rename = "of")]
    pub entity: Entity,
    /// Its number.
    pub id: i64,
    /// Old values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Fields>,
    /// New values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Fields>,
}

impl std::fmt::Debug for Patch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = |side: &Option<Fields>| side.as_ref().map(Fields::names);
        write!(
            f,
            "Patch({:?} {} {:?} -> {:?})",
            self.entity,
            self.id,
            names(&self.before),
            names(&self.after)
        )
    }
}

fn broken() -> Refusal {
    Refusal::new(
        Code::BadCommand,
        "a record could not be written as its fields",
        "report this as a defect",
    )
}

impl Patch {
    /// The change from one state of a record to another; `None` where they are equal.
    ///
    /// # Errors
    /// See [`Fields::of`].
    pub fn between<T: Record>(before: Option<&T>, after: Option<&T>) -> Result<Option<Patch>, Refusal> {
        let Some(id) = after.or(before).map(Record::key) else {
            return Ok(None);
        };
        if before == after {
            return Ok(None);
        }
        let (old, new) = match (before, after) {
            (Some(old), Some(new)) => {
                let names = old.differing(new);
                let some = |record: &T| named::fields(record, &names).map_err(|_| broken());
                (Some(some(old)?), Some(some(new)?))
            }
            (old, new) => (old.map(Fields::of).transpose()?, new.map(Fields::of).transpose()?),
        };
        Ok(Some(Patch {
            entity: T::ENTITY,
            id,
            before: old,
            after: new,
        }))
    }

    /// The change back.
    pub fn inverse(&self) -> Patch {
        Patch {
            entity: self.entity,
            id: self.id,
            before: self.after.clone(),
            after: self.before.clone(),
        }
    }

    /// Applies the change to a record.
    ///
    /// # Errors
    /// `stale` where the record's fields are not what the change started from; `ignore` names fields that may differ.
    pub fn apply<T: Record>(&self, current: Option<&T>, ignore: &[&str]) -> Result<Option<T>, Refusal> {
        let now = current.map(Fields::of).transpose()?.map(|fields| fields.read());
        let before = self.before.as_ref().map(Fields::read);
        let moved = match (&now, &before) {
            (None, None) => false,
            (Some(now), Some(before)) => before.iter().any(|(name, value)| {
                !ignore.contains(&name.as_str()) && now.get(name).unwrap_or(&Value::Null) != value
            }),
            (None, Some(_)) | (Some(_), None) => true,
        };
        if moved {
            return Err(Refusal::new(
                Code::Stale,
                "the record was changed since",
                "look at it as it is now",
            ));
        }
        let Some(after) = self.after.as_ref().map(Fields::read) else {
            return Ok(None);
        };
        let mut fields = now.unwrap_or_default();
        if let Some(before) = &before {
            for name in before.keys().filter(|name| !after.contains_key(*name)) {
                fields.shift_remove(name);
            }
        }
        for (name, value) in after {
            fields.insert(name, value);
        }
        serde_json::from_value(Value::Object(fields))
            .map(Some)
            .map_err(|_| broken())
    }
}
