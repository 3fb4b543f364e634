//! Which resources of a FHIR bundle are about which request.
//!
//! Owns that question: a resource that names a request is about that one alone; one that names none belongs to its patient's only
//! request; one that names neither belongs to a request that stands alone. What names a request that is not here, or a patient who is
//! not the request's, is about nobody here: what is said of one patient never stands with another. Must not know what is then read of
//! a resource.

use crate::standards::fhir::{Node, Resources};
use std::collections::HashMap;

/// A request with what is about it.
pub(super) struct Asked<'n> {
    /// The request.
    pub request: &'n Node,
    /// Whether it is the only one.
    pub alone: bool,
    around: Vec<&'n Node>,
}

impl<'n> Asked<'n> {
    /// What is about it, of one type.
    pub fn of_type(&self, kind: &str) -> impl Iterator<Item = &'n Node> {
        let around = self.around.iter().copied();
        around.filter(move |node| node.text("resourceType") == Some(kind))
    }
}

/// Ways from a resource to the references in it.
type Paths = &'static [&'static [&'static str]];

/// Where a resource names requests, and where it names patients (FHIR R4; `context` and `subject` of R5 too).
const NAMES: [(&str, Paths, Paths); 4] = [
    ("Task", &[&["focus"], &["basedOn"]], &[&["for"]]),
    (
        "Appointment",
        &[&["basedOn"], &["incomingReferral"]],
        &[&["participant", "actor"], &["subject"]],
    ),
    ("Communication", &[&["basedOn"], &["about"]], &[&["subject"]]),
    (
        "DocumentReference",
        &[&["context", "related"], &["basedOn"], &["context"]],
        &[&["subject"]],
    ),
];

/// Each request with what is about it, in their order.
pub(super) fn asked<'n>(requests: &[&'n Node], resources: &Resources<'n>) -> Vec<Asked<'n>> {
    let place: HashMap<usize, usize> = requests
        .iter()
        .zip(0..)
        .map(|(node, at)| (mark(node), at))
        .collect();
    let subjects: Vec<Option<Who<'n>>> = requests
        .iter()
        .map(|request| request.get("subject").or_else(|| request.get("patient")))
        .map(|subject| subject.and_then(|subject| who(subject, resources)))
        .collect();
    let mut of_patient: HashMap<Who<'n>, Vec<usize>> = HashMap::new();
    for (subject, at) in subjects.iter().zip(0..) {
        if let Some(subject) = subject {
            of_patient.entry(*subject).or_default().push(at);
        }
    }
    let alone = requests.len() == 1;
    let mut all: Vec<Asked<'n>> = requests
        .iter()
        .map(|request| Asked {
            request,
            alone,
            around: Vec::new(),
        })
        .collect();
    for (kind, names, patients) in NAMES {
        for node in resources.of_type(kind) {
            let patients: Vec<Who<'n>> = references(node, patients)
                .filter(|reference| is_patient(reference, resources))
                .filter_map(|reference| who(reference, resources))
                .collect();
            let fits = |at: usize| {
                let subject = subjects.get(at).copied().flatten();
                subject.is_none_or(|subject| patients.iter().all(|patient| *patient == subject))
            };
            let at = match named(references(node, names), &place, resources) {
                Named::Here(at) => Some(at),
                Named::Elsewhere => None,
                Named::Nobody => match patients.first() {
                    Some(patient) => match of_patient.get(patient).map(Vec::as_slice) {
                        Some([only]) => Some(*only),
                        // A request that says nothing of its patient is taken to be of the one whom the others name.
                        None if alone => Some(0),
                        Some(_) | None => None,
                    },
                    None => alone.then_some(0),
                },
            };
            if let Some(about) = at.filter(|at| fits(*at)).and_then(|at| all.get_mut(at)) {
                about.around.push(node);
            }
        }
    }
    all
}

/// A resource of the bundle, or the name of one that is not there.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Who<'n> {
    Here(usize),
    Named(&'n str),
}

fn who<'n>(reference: &'n Node, resources: &Resources<'n>) -> Option<Who<'n>> {
    match resources.follow(reference) {
        Some(found) => Some(Who::Here(mark(found))),
        None => reference.text("reference").map(Who::Named),
    }
}

/// A node's own mark: where it stands in memory, which does not move while the bundle is read.
fn mark(node: &Node) -> usize {
    std::ptr::from_ref(node).addr()
}

fn references(node: &Node, paths: Paths) -> impl Iterator<Item = &Node> {
    paths.iter().flat_map(move |path| {
        let mut nodes = vec![node];
        for name in *path {
            nodes = nodes.into_iter().flat_map(|node| node.each(name)).collect();
        }
        nodes
    })
}

enum Named {
    Here(usize),
    /// A request that is not here, or something of which nobody can say what it is.
    Elsewhere,
    Nobody,
}

fn named<'n>(
    references: impl Iterator<Item = &'n Node>,
    place: &HashMap<usize, usize>,
    resources: &Resources<'n>,
) -> Named {
    let mut named = Named::Nobody;
    for reference in references {
        match resources.follow(reference) {
            Some(found) => {
                if let Some(at) = place.get(&mark(found)) {
                    return Named::Here(*at);
                }
                if found.text("resourceType").is_some_and(is_request) {
                    named = Named::Elsewhere;
                }
            }
            None if is_named(reference) && kind(reference).is_none_or(is_request) => named = Named::Elsewhere,
            None => {}
        }
    }
    named
}

/// Whether it points anywhere: R4's `context` is no reference, but holds some.
fn is_named(reference: &Node) -> bool {
    ["reference", "identifier"]
        .iter()
        .any(|part| reference.get(part).is_some())
}

fn is_request(kind: &str) -> bool {
    matches!(kind, "ServiceRequest" | "ReferralRequest")
}

fn is_patient(reference: &Node, resources: &Resources<'_>) -> bool {
    match resources.follow(reference) {
        Some(found) => found.text("resourceType") == Some("Patient"),
        None => kind(reference) == Some("Patient"),
    }
}

/// The type that a reference names: its own word for it, or the one before the id of what it points to.
fn kind(reference: &Node) -> Option<&str> {
    let stated = reference.text("type");
    stated.or_else(|| {
        let target = reference.text("reference")?;
        let target = target.split("/_history/").next()?;
        let (before, _) = target.rsplit_once('/')?;
        let word = before.rsplit('/').next()?;
        word.starts_with(|c: char| c.is_ascii_uppercase()).then_some(word)
    })
}
