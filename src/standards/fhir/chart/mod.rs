//! A chart as a FHIR R4 bundle, and back: what is printed is read as it was.
//!
//! Owns the choice of a resource for each record, and the bundle (FHIR R4 §2.36, a `collection`). What FHIR has a place for
//! stands there; what it has none for stands in extensions of the product's own ([`own`]). Each file prints and takes one family
//! of resources, so that the two stay in step. Must not know files, or what becomes of a chart that is read.

mod cover;
mod history;
pub mod own;
mod papers;
mod people;
mod request;
mod said;
mod visits;
mod work;

pub(super) use request::business_status;

use super::{Node, Resources, tree};
use crate::domain::chart::Chart;
use crate::domain::id::ReferralId;
use crate::domain::time::{Stamp, print_stamp};
use own::SYSTEM;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// A chart with the originals of its documents is read up to this many bytes.
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// The bytes of a document.
#[derive(Clone, PartialEq, Eq)]
pub struct Original {
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub hash: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Original {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Original({} bytes)", self.bytes.len())
    }
}

/// Who prints, when, and what goes with it.
#[derive(Clone, Copy, Debug)]
pub struct With<'a> {
    /// The clinic's name: the names of its resources are made from it, so that those of two clinics are never the same.
    pub clinic: &'a str,
    /// The time of printing.
    pub now: Stamp,
    /// Documents that are enclosed; of the others stands the hash alone.
    pub originals: &'a [Original],
}

impl With<'_> {
    /// The full URL of a resource: a UUID (RFC 9562, version 8) made from the clinic, the type and the id, so that the same
    /// resource has the same name in every export.
    pub(super) fn url(&self, kind: &str, id: &str) -> String {
        let mut hash = Sha256::new();
        for part in [self.clinic, kind, id] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let digest: [u8; 32] = hash.finalize().into();
        let mut hex = String::with_capacity(36);
        for (place, byte) in digest.iter().take(16).enumerate() {
            if matches!(place, 4 | 6 | 8 | 10) {
                hex.push('-');
            }
            let byte = match place {
                6 => 0x80 | byte & 0x0f,
                8 => 0x80 | byte & 0x3f,
                _ => *byte,
            };
            hex.push_str(&format!("{byte:02x}"));
        }
        format!("urn:uuid:{hex}")
    }

    /// A reference to a resource of the bundle.
    fn to(&self, kind: &str, id: impl std::fmt::Display) -> Value {
        json!({ "reference": self.url(kind, &id.to_string()), "type": kind })
    }
}

/// A chart being printed.
struct Sheet<'a> {
    chart: &'a Chart,
    with: With<'a>,
}

impl Sheet<'_> {
    fn request(&self) -> Value {
        self.with.to("ServiceRequest", self.chart.referral.id)
    }

    fn subject(&self) -> Value {
        self.with.to("Patient", self.chart.patient.id.0)
    }

    fn patient_url(&self) -> String {
        self.with.url("Patient", &self.chart.patient.id.0.to_string())
    }
}

/// The bundle of a chart.
pub fn print(chart: &Chart, with: With<'_>) -> Value {
    let sheet = Sheet { chart, with };
    let families = [
        request::print(&sheet),
        people::print(&sheet),
        cover::print(&sheet),
        visits::print(&sheet),
        work::print(&sheet),
        said::print(&sheet),
        papers::print(&sheet),
        history::print(&sheet),
    ];
    let entry = |resource: Value| {
        let resource = lean(resource);
        let part = |name: &str| resource.get(name).and_then(Value::as_str).unwrap_or_default();
        let url = with.url(part("resourceType"), part("id"));
        json!({ "fullUrl": url, "resource": resource })
    };
    let entries: Vec<Value> = families.into_iter().flatten().map(entry).collect();
    json!({
        "resourceType": "Bundle", "type": "collection", "timestamp": print_stamp(with.now),
        "identifier": { "system": format!("{SYSTEM}:referral"), "value": chart.referral.id.to_string() }, "entry": entries,
    })
}

/// A chart that this program printed, with the originals that came along; none where the text is somebody else's.
///
/// # Errors
/// What is wrong, in words and without a value: no JSON, or a chart of which something is lost.
pub fn read(text: &str) -> Result<Option<(Chart, Vec<Original>)>, String> {
    let roots = tree::parse_up_to(text, MAX_BYTES)?;
    take(&Resources::of(&roots))
}

/// The same out of resources that are parsed already.
///
/// # Errors
/// As [`read`].
pub fn take(resources: &Resources<'_>) -> Result<Option<(Chart, Vec<Original>)>, String> {
    let ours = |node: &&Node| own::extension(node, "referral").is_some();
    let Some(root) = resources.of_type("ServiceRequest").find(ours) else {
        return Ok(None);
    };
    let id: ReferralId = root
        .text("id")
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| own::lost("ServiceRequest"))?;
    let taken = Taken { resources, root, id };
    let (documents, originals) = papers::take(&taken)?;
    let (notes, messages) = said::take(&taken)?;
    let referral = request::take(&taken)?;
    let known = people::take(&taken, &referral)?;
    Ok(Some((
        Chart {
            referral,
            patient: known.patient,
            requester: known.requester,
            organizations: known.organizations,
            coverages: cover::take(&taken)?,
            milestones: work::milestones(&taken)?,
            tasks: work::tasks(&taken)?,
            timers: work::timers(&taken)?,
            requests: said::requests(&taken)?,
            notes,
            appointments: visits::take(&taken)?,
            messages,
            documents,
            history: history::take(&taken)?,
        },
        originals,
    )))
}

/// A bundle being read.
struct Taken<'a, 'n> {
    resources: &'a Resources<'n>,
    root: &'n Node,
    id: ReferralId,
}

impl<'n> Taken<'_, 'n> {
    /// The resources of a type that carry the product's own extension of a record, in the order of their numbers; each once.
    fn records(&self, kind: &str, record: &str) -> Vec<(i64, &'n Node)> {
        let mut seen = BTreeSet::new();
        let mut all: Vec<(i64, &Node)> = self
            .resources
            .of_type(kind)
            .filter(|node| own::extension(node, record).is_some())
            .filter_map(|node| Some((number(node)?, node)))
            .filter(|(number, _)| seen.insert(*number))
            .collect();
        all.sort_by_key(|(number, _)| *number);
        all
    }
}

/// The number of a record: the id of its resource.
fn number(node: &Node) -> Option<i64> {
    node.text("id")?.parse().ok()
}

/// An object without what is empty or null: FHIR allows neither (R4 §2.6.2).
pub(super) fn lean(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept: Map<String, Value> = fields
                .into_iter()
                .map(|(name, value)| (name, lean(value)))
                .filter(|(_, value)| !is_empty(value))
                .collect();
            Value::Object(kept)
        }
        Value::Array(items) => {
            let kept = items.into_iter().map(lean).filter(|item| !is_empty(item));
            Value::Array(kept.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
pub mod sample;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod valid;
