//! Referrals whose resources are spread over files, as bulk exports have them: put together again, one bundle each.
//!
//! Owns the heap on disk in which loose resources wait, and how far references are followed. Must not know what a resource says.

use super::loose::{REQUEST, plain, references};
use super::pieces::{Form, Piece};
use super::{Loose, Stopped};
use crate::store::scratch::Scratch;
use std::collections::BTreeSet;

/// References are followed this far from the request.
const DEPTH: usize = 3;
/// No referral has more around it.
const MOST: usize = 300;

/// Loose resources.
#[derive(Default)]
pub struct Heap {
    scratch: Option<Scratch>,
    last: i64,
}

impl Heap {
    /// Puts one that came from a place.
    ///
    /// # Errors
    /// The disk's.
    pub fn put(&mut self, piece: &Piece, loose: &Loose) -> Result<(), Stopped> {
        let scratch = match &mut self.scratch {
            Some(scratch) => scratch,
            None => self.scratch.insert(Scratch::new()?),
        };
        let text = format!("{} {}\n{}", piece.file, piece.line, loose.text);
        scratch.put(&loose.kind, &text, &loose.names)?;
        Ok(())
    }

    /// The next request with what belongs to it, as a bundle; none at the end.
    ///
    /// # Errors
    /// The disk's.
    pub fn next(&mut self) -> Result<Option<Piece>, Stopped> {
        let Some(scratch) = &self.scratch else {
            return Ok(None);
        };
        let Some((id, kept)) = scratch.next(REQUEST, self.last)? else {
            return Ok(None);
        };
        self.last = id;
        let (place, entry) = kept.split_once('\n').unwrap_or(("0 0", &kept));
        let (file, line) = place.split_once(' ').unwrap_or(("0", "0"));
        let entries = around(scratch, id, entry)?;
        let raw = format!(
            "{{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{}]}}",
            entries.join(",")
        );
        Ok(Some(Piece {
            file: file.parse().unwrap_or(0),
            line: line.parse().unwrap_or(0),
            form: Form::Fhir,
            raw: raw.into_bytes(),
            wrong: None,
        }))
    }

    /// Resources that belong to no referral, by type.
    ///
    /// # Errors
    /// The disk's.
    pub fn left(&self) -> Result<Vec<(String, u64)>, Stopped> {
        Ok(match &self.scratch {
            Some(scratch) => scratch.unused()?,
            None => Vec::new(),
        })
    }
}

/// The entries of a request's bundle, its own first.
fn around(scratch: &Scratch, id: i64, entry: &str) -> Result<Vec<String>, Stopped> {
    scratch.mark(id)?;
    let mut entries = vec![entry.to_owned()];
    let mut seen = BTreeSet::from([id]);
    let mut from = 0;
    let mut add = |found: Vec<(i64, String)>, entries: &mut Vec<String>| -> Result<(), Stopped> {
        for (id, kept) in found {
            if entries.len() < MOST && seen.insert(id) {
                scratch.mark(id)?;
                let text = kept.split_once('\n').map_or(kept.as_str(), |(_, text)| text);
                entries.push(text.to_owned());
            }
        }
        Ok(())
    };
    for name in names_of(entry) {
        add(scratch.named(&format!("@{name}"), MOST)?, &mut entries)?;
    }
    for _ in 0..DEPTH {
        let layer: Vec<String> = entries.iter().skip(from).cloned().collect();
        from = entries.len();
        for text in layer {
            for reference in references(&text) {
                let name = plain(&reference);
                // Another request is a referral of its own.
                if name.starts_with("ServiceRequest/") || name.starts_with("ReferralRequest/") {
                    continue;
                }
                let mut found = scratch.named(&reference, 1)?;
                if found.is_empty() {
                    found = scratch.named(&name, 1)?;
                }
                add(found, &mut entries)?;
                // A payer's answer stands around the coverage, and a coverage around the patient.
                if name.starts_with("Coverage/") || name.starts_with("Patient/") {
                    add(scratch.named(&format!("@{name}"), 8)?, &mut entries)?;
                }
            }
        }
    }
    Ok(entries)
}

/// The names of an entry's resource: its own, and the one that its bundle gave it.
fn names_of(entry: &str) -> Vec<String> {
    let roots = crate::standards::fhir::parse(entry).unwrap_or_default();
    let mut names = Vec::new();
    for root in &roots {
        names.extend(root.text("fullUrl").map(plain));
        if let Some(resource) = root.get("resource")
            && let (Some(kind), Some(id)) = (resource.text("resourceType"), resource.text("id"))
        {
            names.push(format!("{kind}/{id}"));
        }
    }
    names.dedup();
    names
}
