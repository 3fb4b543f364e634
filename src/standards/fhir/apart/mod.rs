//! The requests of one file, or the results of several patients, told apart: each with what belongs to it.
//!
//! Owns when that is certain. Messages of their own (a bundle in a bundle, a bundle a line) are apart as they stand. Of resources that
//! stand together, each request, or each report where nothing is requested, takes what it refers to, and what names it alone; what only
//! names a patient goes with that patient's one request. What belongs to nobody, or to one of several, leaves all of it to a person.
//! XML is left to a person too. Must not know the fields of any resource but those that refer to another.

mod spans;

use super::{MAX_RESOURCES, Node, Resources, parse};
use crate::standards::apart::{Glue, Own, within};
use std::collections::{BTreeSet, HashMap};

/// Each message of a text; none where there is one, or one cannot be told from another with certainty.
pub fn apart(text: &str) -> Option<Vec<Own>> {
    let roots = parse(text).ok()?;
    let (units, glue) = units(text, &roots)?;
    let bundles = units.iter().filter(|unit| kind(unit.node) == "Bundle").count();
    if bundles == units.len() {
        return within(units.iter().map(|unit| Own::of(vec![unit.resource])).collect());
    }
    if bundles > 0 {
        return None;
    }
    let shares = shares(&units, &Resources::of(&roots))?;
    let own = |share: Vec<usize>| Own {
        spans: share
            .iter()
            .filter_map(|at| units.get(*at))
            .map(|unit| unit.span)
            .collect(),
        glue,
    };
    within(shares.into_iter().map(own).collect())
}

/// A resource that stands by itself.
struct Unit<'n> {
    node: &'n Node,
    /// Where it stands: an entry of a bundle, or a line.
    span: [usize; 2],
    /// Where the resource itself stands.
    resource: [usize; 2],
}

/// The entries of the only bundle, or the lines.
fn units<'n>(text: &str, roots: &'n [Node]) -> Option<(Vec<Unit<'n>>, Glue)> {
    let begins = spans::begins(text);
    let (all, glue) = match roots {
        [bundle] if kind(bundle) == "Bundle" => (entries(text, begins, bundle)?, Glue::Bundle),
        [] | [_] => return None,
        lines => (written(text, lines)?, Glue::Lines),
    };
    // What stands in the text is what was read, or nothing is certain.
    let agrees = |unit: &Unit<'_>| {
        let [from, to] = unit.resource;
        let read = text.get(from..to).and_then(|raw| parse(raw).ok());
        read.as_deref() == Some(std::slice::from_ref(unit.node))
    };
    (all.len() < MAX_RESOURCES && all.iter().all(agrees)).then_some((all, glue))
}

fn entries<'n>(text: &str, begins: usize, bundle: &'n Node) -> Option<Vec<Unit<'n>>> {
    // A history says what was; what is to be deleted or changed in part is no message.
    let asks = |entry: &Node| matches!(entry.text_at(&["request", "method"]), Some("DELETE" | "PATCH"));
    let nodes: Vec<&Node> = bundle.each("entry").collect();
    if bundle.text("type") == Some("history") || nodes.iter().any(|entry| asks(entry)) {
        return None;
    }
    let members = spans::members(text, begins)?;
    let (_, [list, _]) = members.iter().find(|(name, _)| *name == "entry")?;
    let stand = spans::items(text, *list)?;
    if stand.len() != nodes.len() {
        return None;
    }
    let unit = |(span, node): (&[usize; 2], &&'n Node)| {
        let members = spans::members(text, span[0])?;
        let (_, resource) = members.iter().find(|(name, _)| *name == "resource")?;
        Some(Unit {
            node: node.get("resource")?,
            span: *span,
            resource: *resource,
        })
    };
    stand.iter().zip(&nodes).map(unit).collect()
}

fn written<'n>(text: &str, roots: &'n [Node]) -> Option<Vec<Unit<'n>>> {
    let mut from = 0;
    let mut stand = Vec::new();
    for line in text.split_inclusive('\n') {
        let bare = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
        if !bare.is_empty() {
            let start = from + line.find(bare)?;
            stand.push([start, start + bare.len()]);
        }
        from += line.len();
    }
    let unit = |(span, node): (&[usize; 2], &'n Node)| Unit {
        node,
        span: *span,
        resource: *span,
    };
    (stand.len() == roots.len()).then(|| stand.iter().zip(roots).map(unit).collect())
}

fn kind(node: &Node) -> &str {
    node.text("resourceType").unwrap_or_default()
}

/// What a message is made for.
const REQUESTS: [&str; 2] = ["ServiceRequest", "ReferralRequest"];
const REPORTS: [&str; 1] = ["DiagnosticReport"];
/// Whom and what several may have in common: nothing of them says what belongs to whom.
const COMMON: [&str; 8] = [
    "Practitioner",
    "PractitionerRole",
    "Organization",
    "Location",
    "HealthcareService",
    "Endpoint",
    "Device",
    "MessageHeader",
];
/// What is said of a patient, and so with each of the patient's requests that it does not name.
const OF_PATIENT: [&str; 9] = [
    "Coverage",
    "CoverageEligibilityResponse",
    "RelatedPerson",
    "AllergyIntolerance",
    "Condition",
    "MedicationStatement",
    "MedicationRequest",
    "Immunization",
    "Consent",
];

/// Which units each message has, in their order; none where that is not certain.
fn shares(units: &[Unit<'_>], resources: &Resources<'_>) -> Option<Vec<Vec<usize>>> {
    let place: HashMap<usize, usize> = units
        .iter()
        .enumerate()
        .map(|(at, unit)| (mark(unit.node), at))
        .collect();
    let refers: Vec<BTreeSet<usize>> = units
        .iter()
        .map(|unit| {
            let mut found = BTreeSet::new();
            references(unit.node, resources, &mut |node| {
                found.extend(place.get(&mark(node)).copied());
            });
            found
        })
        .collect();
    let heads_of = |kinds: &[&str]| -> Vec<usize> {
        let all = units.iter().enumerate();
        all.filter(|(_, unit)| kinds.contains(&kind(unit.node)))
            .map(|(at, _)| at)
            .collect()
    };
    let requests = heads_of(&REQUESTS);
    let heads = if requests.is_empty() {
        heads_of(&REPORTS)
    } else {
        requests
    };
    let is = |at: usize, kinds: &[&str]| units.get(at).is_some_and(|unit| kinds.contains(&kind(unit.node)));
    let to = |at: usize| refers.get(at).into_iter().flatten().copied();
    // One that stands on another is not by itself.
    if heads.iter().any(|head| to(*head).any(|at| heads.contains(&at))) {
        return None;
    }
    let mut belongs: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); units.len()];
    for head in &heads {
        let mut waiting = vec![*head];
        while let Some(at) = waiting.pop() {
            let other = at != *head && heads.contains(&at);
            if !other && !is(at, &["MessageHeader"]) && belongs.get_mut(at)?.insert(*head) {
                waiting.extend(to(at));
            }
        }
    }
    // What names something of a message goes with it, until nothing more does.
    let mut grows = true;
    while grows {
        grows = false;
        for at in 0..units.len() {
            if !belongs.get(at)?.is_empty() || is(at, &COMMON) {
                continue;
            }
            let named: BTreeSet<usize> = to(at).filter(|named| heads.contains(named)).collect();
            let beside = to(at).filter(|named| !is(*named, &COMMON));
            let around: BTreeSet<usize> = beside
                .filter_map(|named| belongs.get(named))
                .flatten()
                .copied()
                .collect();
            let whose = if named.is_empty() { around } else { named };
            // Whose provenance it is, it is of all of them.
            let shared = is(at, &OF_PATIENT) || is(at, &["Provenance"]);
            if whose.is_empty() {
                continue;
            }
            if whose.len() > 1 && !shared {
                return None;
            }
            grows = true;
            let mut waiting = vec![at];
            while let Some(each) = waiting.pop() {
                let new = !heads.contains(&each) && !whose.is_subset(belongs.get(each)?);
                if new && !is(each, &["MessageHeader"]) {
                    // Another patient than the message's own is nobody's here.
                    if is(each, &["Patient"]) {
                        return None;
                    }
                    belongs.get_mut(each)?.extend(&whose);
                    waiting.extend(to(each));
                }
            }
        }
    }
    let all: BTreeSet<usize> = heads.iter().copied().collect();
    for (at, whose) in belongs.iter_mut().enumerate() {
        if whose.is_empty() {
            if !is(at, &COMMON) {
                return None;
            }
            whose.extend(&all);
        }
    }
    let share = |head: &usize| -> Vec<usize> {
        let own = belongs.iter().enumerate();
        own.filter(|(_, whose)| whose.contains(head))
            .map(|(at, _)| at)
            .collect()
    };
    let all: Vec<Vec<usize>> = heads.iter().map(share).collect();
    let of_one = |share: &Vec<usize>| share.iter().filter(|at| is(**at, &["Patient"])).count() < 2;
    all.iter().all(of_one).then_some(all)
}

/// A node's own mark: where it stands in memory, which does not move while the text is read.
fn mark(node: &Node) -> usize {
    std::ptr::from_ref(node).addr()
}

/// Every resource that one refers to: by a reference, or by the URL of an attachment. What it contains is its own.
fn references<'n>(node: &'n Node, resources: &Resources<'n>, found: &mut dyn FnMut(&'n Node)) {
    match node {
        Node::Text(_) => {}
        Node::List(items) => items.iter().for_each(|item| references(item, resources, found)),
        Node::Object(children) => {
            let inner = |name: &str| name.starts_with('#');
            if node.text("reference").is_some_and(|name| !inner(name))
                && let Some(other) = resources.follow(node)
            {
                found(other);
            }
            for (name, child) in children {
                if name == "url"
                    && child.as_text().is_some_and(|name| !inner(name))
                    && let Some(other) = resources.follow(child)
                {
                    found(other);
                }
                references(child, resources, found);
            }
        }
    }
}

#[cfg(test)]
mod tests;
