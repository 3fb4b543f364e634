//! Resources of FHIR that stand apart from their referral: the names by which they are found again.
//!
//! Owns the names: a resource's own, and with an `@` before it the name of what it stands around. Must not keep anything.

use super::Loose;
use super::fhir::LARGEST;
use crate::standards::fhir::{self, Node};

/// The resource of a bundle's entry.
pub(super) fn loose_entry(entry: &Node) -> Option<Loose> {
    loose_resource(entry.get("resource")?, entry.text("fullUrl"))
}

/// A resource with the names by which it is found; none where it is none.
pub(super) fn loose_resource(resource: &Node, full_url: Option<&str>) -> Option<Loose> {
    let kind = resource.text("resourceType")?.to_owned();
    let mut names = Vec::new();
    names.extend(full_url.map(str::to_owned));
    names.extend(resource.text("id").map(|id| format!("{kind}/{id}")));
    if matches!(kind.as_str(), "ServiceRequest" | "ReferralRequest") {
        names.push(REQUEST.to_owned());
    } else {
        // What stands around a request names it; its own references are followed from it.
        let about = [
            "focus",
            "basedOn",
            "about",
            "request",
            "incomingReferral",
            "coverage",
        ];
        for part in about {
            for reference in resource.each(part).filter_map(|each| each.text("reference")) {
                names.push(format!("@{}", plain(reference)));
            }
        }
        let beneficiary = resource.text_at(&["beneficiary", "reference"]);
        names.extend(beneficiary.map(|reference| format!("@{}", plain(reference))));
        let related = resource.text_at(&["context", "related", "reference"]);
        names.extend(related.map(|reference| format!("@{}", plain(reference))));
        let insured = resource.text_at(&["insurance", "coverage", "reference"]);
        names.extend(insured.map(|reference| format!("@{}", plain(reference))));
    }
    let url = full_url
        .map(|url| format!("\"fullUrl\":{},", json(url)))
        .unwrap_or_default();
    Some(Loose {
        text: format!("{{{url}\"resource\":{}}}", resource.to_json()),
        names,
        kind,
    })
}

/// The name under which requests are found.
pub const REQUEST: &str = "request";

/// `Type/id` at the end of a reference, or the whole of one that has no such end.
pub fn plain(reference: &str) -> String {
    let reference = reference.split("/_history/").next().unwrap_or(reference);
    let mut parts = reference.rsplit('/');
    match (parts.next(), parts.next()) {
        (Some(id), Some(kind)) if kind.starts_with(|c: char| c.is_ascii_uppercase()) => {
            format!("{kind}/{id}")
        }
        _ => reference.to_owned(),
    }
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Every reference within a resource.
pub fn references(text: &str) -> Vec<String> {
    fn walk(node: &Node, all: &mut Vec<String>) {
        match node {
            Node::Text(_) => {}
            Node::List(items) => items.iter().for_each(|item| walk(item, all)),
            Node::Object(children) => {
                for (name, child) in children {
                    if name == "reference"
                        && let Some(reference) = child.as_text()
                    {
                        all.push(reference.to_owned());
                    }
                    walk(child, all);
                }
            }
        }
    }
    let mut all = Vec::new();
    for root in fhir::parse_up_to(text, LARGEST).unwrap_or_default() {
        walk(&root, &mut all);
    }
    all
}
