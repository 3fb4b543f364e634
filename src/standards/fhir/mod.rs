//! FHIR: resources, bundles and the references between them.
//!
//! Owns the reading of JSON and XML into one tree, the resources in a text (a single one, a bundle, lines of NDJSON) and the
//! resolution of references (FHIR R4 §2.3.0.1, bundle §2.36.4.1). Tolerant of R4B, R5 and STU3 spellings. Must not know
//! what a resource means for the desk; [`read()`] does.

mod apart;
mod appointment;
pub mod chart;
mod coverage;
mod people;
mod read;
mod request;
mod tree;
pub mod update;

pub use apart::apart;
pub use appointment::happening;
pub use people::{name, spoken};
pub use read::{appointments as appointment, eligibility, read, read_all, request};
pub use tree::{Node, parse, parse_up_to};

use std::collections::{BTreeMap, HashMap};

/// At most this many resources of a text are looked at.
const MAX_RESOURCES: usize = 10_000;

/// The resources of a text, by the names by which they are referred to.
#[derive(Debug, Default)]
pub struct Resources<'a> {
    all: Vec<&'a Node>,
    by_name: BTreeMap<String, &'a Node>,
    /// What is contained has a name within its own resource alone (R4 §2.3.0.3): by the place of the reference to it.
    local: HashMap<usize, &'a Node>,
}

impl<'a> Resources<'a> {
    /// Collects the resources of roots: bundles are opened, contained resources are found by their `#id` from within their own.
    pub fn of(roots: &'a [Node]) -> Resources<'a> {
        let mut resources = Resources::default();
        for root in roots {
            resources.open(root, None, 0);
        }
        resources
    }

    fn open(&mut self, node: &'a Node, full_url: Option<&str>, depth: usize) {
        if self.all.len() >= MAX_RESOURCES || depth > 8 {
            return;
        }
        let kind = node.text("resourceType").unwrap_or_default();
        if kind == "Bundle" || kind == "Parameters" {
            for entry in node.each("entry").chain(node.each("parameter")) {
                if let Some(resource) = entry.get("resource") {
                    self.open(resource, entry.text("fullUrl"), depth + 1);
                }
            }
            return;
        }
        if kind.is_empty() {
            return;
        }
        if let Some(url) = full_url {
            self.by_name.insert(url.to_owned(), node);
        }
        if let Some(id) = node.text("id") {
            self.by_name.entry(format!("{kind}/{id}")).or_insert(node);
        }
        self.all.push(node);
        let mut inside = BTreeMap::from([("", node)]);
        for contained in node.each("contained") {
            if let Some(id) = contained.text("id") {
                inside.entry(id.trim_start_matches('#')).or_insert(contained);
            }
            if self.all.len() < MAX_RESOURCES {
                self.all.push(contained);
            }
        }
        if inside.len() > 1 {
            self.localise(node, &inside);
        }
    }

    /// Notes where a resource's references to what it contains stand.
    fn localise(&mut self, node: &'a Node, inside: &BTreeMap<&'a str, &'a Node>) {
        let text = node.text("reference").or_else(|| node.as_text());
        if let Some(found) = text.and_then(|name| inside.get(name.strip_prefix('#')?)) {
            self.local.insert(std::ptr::from_ref(node).addr(), found);
        }
        match node {
            Node::Text(_) => {}
            Node::List(items) => items.iter().for_each(|item| self.localise(item, inside)),
            Node::Object(children) => children
                .iter()
                .for_each(|(_, child)| self.localise(child, inside)),
        }
    }

    /// The resources of a type.
    pub fn of_type<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = &'a Node> + 's {
        self.all
            .iter()
            .copied()
            .filter(move |node| node.text("resourceType") == Some(kind))
    }

    /// The first resource of a type.
    pub fn first(&self, kind: &str) -> Option<&'a Node> {
        self.all
            .iter()
            .copied()
            .find(|node| node.text("resourceType") == Some(kind))
    }

    /// The name that a bundle gives a resource.
    pub fn name_of(&self, node: &Node) -> Option<&str> {
        let mut names = self.by_name.iter().filter(|(_, each)| std::ptr::eq(**each, node));
        // A URL before what the type and the id make.
        let first = names.next()?;
        let url = std::iter::once(first)
            .chain(names)
            .find(|(name, _)| name.contains(':'));
        Some(url.unwrap_or(first).0.as_str())
    }

    /// Every resource.
    pub fn all(&self) -> impl Iterator<Item = &'a Node> + '_ {
        self.all.iter().copied()
    }

    /// Follows a reference: by full URL, `urn:uuid`, `Type/id`, the same at the end of an absolute URL, or `#id` to what its own
    /// resource contains.
    pub fn follow(&self, reference: &Node) -> Option<&'a Node> {
        let name = reference.text("reference").or_else(|| reference.as_text())?;
        self.named(name, reference)
    }

    /// Follows an attachment's `url`, which names a Binary as a reference would.
    pub fn follow_url(&self, attachment: &Node) -> Option<&'a Node> {
        let url = attachment.get("url")?;
        self.named(url.as_text()?, url)
    }

    fn named(&self, name: &str, reference: &Node) -> Option<&'a Node> {
        if name.starts_with('#') {
            return self.local.get(&std::ptr::from_ref(reference).addr()).copied();
        }
        if let Some(found) = self.by_name.get(name) {
            return Some(found);
        }
        let name = name.split("/_history/").next().unwrap_or(name);
        let mut parts = name.rsplit('/');
        let (id, kind) = (parts.next()?, parts.next()?);
        self.by_name.get(&format!("{kind}/{id}")).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_followed_however_they_are_written() {
        let text = r##"{"resourceType":"Bundle","entry":[
            {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"a","gender":"female"}},
            {"fullUrl":"http://x.example/Patient/b","resource":{"resourceType":"Patient","id":"b","gender":"male"}},
            {"resource":{"resourceType":"ServiceRequest","subject":{"reference":"#c"},"contained":[
                {"resourceType":"Patient","id":"c","gender":"other"}]}}]}"##;
        let roots = parse(text).unwrap();
        let resources = Resources::of(&roots);
        let table = [
            ("urn:uuid:1", Some("female")),
            ("Patient/a", Some("female")),
            ("http://x.example/Patient/b", Some("male")),
            ("http://y.example/fhir/Patient/b/_history/2", Some("male")),
            ("#c", None),
            ("Patient/z", None),
            ("", None),
        ];
        for (reference, expected) in table {
            let roots = parse(&format!(r#"{{"reference":"{reference}"}}"#)).unwrap();
            let found = resources.follow(&roots[0]).and_then(|node| node.text("gender"));
            assert_eq!(found, expected, "{reference}");
        }
        let request = resources.first("ServiceRequest").unwrap();
        let found = resources.follow(request.get("subject").unwrap()).unwrap();
        assert_eq!(found.text("gender"), Some("other"));
    }

    #[test]
    fn what_is_contained_is_found_from_its_own_resource_alone() {
        let text = r##"{"resourceType":"Bundle","entry":[
            {"resource":{"resourceType":"ServiceRequest","id":"1","subject":{"reference":"#p"},"requester":{"reference":"#only"},
                "contained":[{"resourceType":"Patient","id":"p","gender":"female"},{"resourceType":"Practitioner","id":"only"},
                    {"resourceType":"PractitionerRole","id":"r","practitioner":{"reference":"#only"},"location":[{"reference":"#"}]}]}},
            {"resource":{"resourceType":"ServiceRequest","id":"2","subject":{"reference":"#p"},"requester":{"reference":"#only"},
                "contained":[{"resourceType":"Patient","id":"#p","gender":"male"}]}},
            {"resource":{"resourceType":"ServiceRequest","id":"3","subject":{"reference":"#p"}}}]}"##;
        let roots = parse(text).unwrap();
        let resources = Resources::of(&roots);
        let of = |place: usize, name: &str| {
            let request = resources.of_type("ServiceRequest").nth(place).unwrap();
            resources.follow(request.get(name).unwrap())
        };
        let gender = |place: usize| of(place, "subject").and_then(|node| node.text("gender"));
        assert_eq!(
            [gender(0), gender(1), gender(2)],
            [Some("female"), Some("male"), None]
        );
        assert!(of(0, "requester").is_some());
        assert!(of(1, "requester").is_none(), "it is another resource's");
        let role = resources.first("PractitionerRole").unwrap();
        assert!(
            resources.follow(role.get("practitioner").unwrap()).is_some(),
            "among what is contained"
        );
        let around = resources.follow(role.get("location").unwrap()).unwrap();
        assert_eq!(around.text("id"), Some("1"), "a bare # is the resource itself");
    }
}
