//! Records, and changes to them with their old and new values.
//!
//! Owns the one form of change that the log keeps, undo inverts and replay applies. Must not know what a change means.

mod differing;
mod records;

pub use records::Records;

use super::refusal::{Code, Refusal};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

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
}

/// Fields by name, in the order of the record.
pub type Fields = Map<String, Value>;

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
        let names = |side: &Option<Fields>| {
            side.as_ref()
                .map(|fields| fields.keys().cloned().collect::<Vec<_>>())
        };
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

/// A record as its fields.
///
/// # Errors
/// A record that is not a JSON object; none of the domain's is.
pub fn fields_of<T: Serialize>(record: &T) -> Result<Fields, Refusal> {
    match serde_json::to_value(record) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) | Err(_) => Err(broken()),
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
    /// See [`fields_of`].
    pub fn between<T: Record>(before: Option<&T>, after: Option<&T>) -> Result<Option<Patch>, Refusal> {
        let Some(id) = after.or(before).map(Record::key) else {
            return Ok(None);
        };
        if before == after {
            return Ok(None);
        }
        let (old, new) = match (before, after) {
            (Some(old), Some(new)) => {
                let (was, is) = differing::fields(old, new).map_err(|_| broken())?;
                (Some(was), Some(is))
            }
            (old, new) => (old.map(fields_of).transpose()?, new.map(fields_of).transpose()?),
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
        let now = current.map(fields_of).transpose()?;
        let moved = match (&now, &self.before) {
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
        let Some(after) = &self.after else { return Ok(None) };
        let mut fields = now.unwrap_or_default();
        if let Some(before) = &self.before {
            for name in before.keys().filter(|name| !after.contains_key(*name)) {
                fields.shift_remove(name);
            }
        }
        for (name, value) in after {
            fields.insert(name.clone(), value.clone());
        }
        serde_json::from_value(Value::Object(fields))
            .map(Some)
            .map_err(|_| broken())
    }
}
