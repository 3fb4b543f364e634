//! One tree for FHIR's JSON and XML.
//!
//! Owns the tree, its limits, and the reading of both forms (FHIR R4 §2.6.2 JSON, §2.6.1 XML). In XML a value is an attribute
//! and an element that comes twice is a list; a reader of the tree never has to know which it was. Must not know any resource.

use serde::de::{MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Nesting deeper than this is no resource (reliability rule: depth 32).
const MAX_DEPTH: usize = 32;
/// A text larger than this is refused before it is read. Bundles for going live are imported line by line.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// A node.
#[derive(Clone, PartialEq)]
pub enum Node {
    /// A string, a number or a truth value, as written.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// An object, in its order.
    Object(Vec<(String, Node)>),
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Node::Text(_) => "Text(..)",
            Node::List(_) => "List(..)",
            Node::Object(_) => "Object(..)",
        })
    }
}

impl Node {
    /// A child by its name: the first, where it is a list.
    pub fn get(&self, name: &str) -> Option<&Node> {
        match self {
            Node::Object(children) => {
                let child = children
                    .iter()
                    .find(|(key, _)| key == name)
                    .map(|(_, node)| node)?;
                match child {
                    Node::List(items) => items.first(),
                    Node::Text(_) | Node::Object(_) => Some(child),
                }
            }
            Node::Text(_) | Node::List(_) => None,
        }
    }

    /// A descendant along names.
    pub fn path(&self, names: &[&str]) -> Option<&Node> {
        names.iter().try_fold(self, |node, name| node.get(name))
    }

    /// The children of a name, be they a list or one.
    pub fn each<'n>(&'n self, name: &str) -> impl Iterator<Item = &'n Node> + use<'n> {
        let child = match self {
            Node::Object(children) => children.iter().find(|(key, _)| key == name).map(|(_, node)| node),
            Node::Text(_) | Node::List(_) => None,
        };
        let items: &[Node] = match child {
            Some(Node::List(items)) => items,
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        items.iter()
    }

    /// The text of a child.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_text()
    }

    /// The text of a descendant.
    pub fn text_at(&self, names: &[&str]) -> Option<&str> {
        self.path(names)?.as_text()
    }

    /// The node as JSON. Numbers and truth values are texts then, as every reader of the tree takes them.
    pub fn to_json(&self) -> String {
        fn write(node: &Node, out: &mut String) {
            match node {
                Node::Text(text) => out.push_str(&serde_json::Value::from(text.as_str()).to_string()),
                Node::List(items) => {
                    out.push('[');
                    for (place, item) in items.iter().enumerate() {
                        if place > 0 {
                            out.push(',');
                        }
                        write(item, out);
                    }
                    out.push(']');
                }
                Node::Object(children) => {
                    out.push('{');
                    for (place, (name, child)) in children.iter().enumerate() {
                        if place > 0 {
                            out.push(',');
                        }
                        out.push_str(&serde_json::Value::from(name.as_str()).to_string());
                        out.push(':');
                        write(child, out);
                    }
                    out.push('}');
                }
            }
        }
        let mut out = String::new();
        write(self, &mut out);
        out
    }

    /// The text itself, unless it is empty.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Node::Text(text) if !text.trim().is_empty() => Some(text),
            Node::Text(_) | Node::List(_) | Node::Object(_) => None,
        }
    }
}

/// Reads a text: JSON (one value, or lines of NDJSON) or XML.
///
/// # Errors
/// What is wrong, in words and without a value.
pub fn parse(text: &str) -> Result<Vec<Node>, String> {
    parse_up_to(text, MAX_BYTES)
}

/// The same, up to so many bytes.
///
/// # Errors
/// As [`parse`].
pub fn parse_up_to(text: &str, most: usize) -> Result<Vec<Node>, String> {
    if text.len() > most {
        return Err("the message is too large to be read at once".into());
    }
    let text = text.trim_start_matches('\u{FEFF}').trim();
    if text.starts_with('<') {
        return xml(text).map(|node| vec![node]);
    }
    match json(text) {
        Ok(Node::List(items)) => Ok(items),
        Ok(node) => Ok(vec![node]),
        Err(whole) => {
            let mut lines = text.lines().filter(|line| !line.trim().is_empty()).peekable();
            let first = lines.peek().is_some_and(|line| json(line).is_ok());
            let nodes: Result<Vec<Node>, String> = lines.map(json).collect();
            if first { nodes } else { Err(whole) }
        }
    }
}

fn json(text: &str) -> Result<Node, String> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let seed = Depth(MAX_DEPTH);
    let node = serde::de::DeserializeSeed::deserialize(seed, &mut deserializer);
    let ended = node.and_then(|node| deserializer.end().map(|()| node));
    ended.map_err(|error| format!("it is not JSON: line {}, column {}", error.line(), error.column()))
}

/// Reads a node at most so deep.
struct Depth(usize);

impl<'de> serde::de::DeserializeSeed<'de> for Depth {
    type Value = Node;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Depth {
    fn below<E: serde::de::Error>(&self) -> Result<usize, E> {
        self.0.checked_sub(1).ok_or_else(|| E::custom("nested too deep"))
    }
}

impl<'de> Visitor<'de> for Depth {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Text(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Text(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Text(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Text(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Node, E> {
        Ok(Node::Text(value))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Text(String::new()))
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Text(String::new()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let below = self.below()?;
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(Depth(below))? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let below = self.below()?;
        let mut children = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            children.push((name, map.next_value_seed(Depth(below))?));
        }
        Ok(Node::Object(children))
    }
}

/// FHIR's XML. A document type, and with it every entity, is refused by the parser.
fn xml(text: &str) -> Result<Node, String> {
    let document = roxmltree::Document::parse(text).map_err(|error| {
        format!(
            "it is not XML: line {}, column {}",
            error.pos().row,
            error.pos().col
        )
    })?;
    element(document.root_element(), MAX_DEPTH)
}

fn element(at: roxmltree::Node<'_, '_>, depth: usize) -> Result<Node, String> {
    let below = depth.checked_sub(1).ok_or("it is nested too deep")?;
    let name = at.tag_name().name();
    let resource = name.starts_with(|c: char| c.is_ascii_uppercase());
    if let Some(value) = at.attribute("value")
        && !resource
    {
        return Ok(Node::Text(value.to_owned()));
    }
    // Narrative is XHTML: only its words count.
    if name == "div" {
        let words: Vec<&str> = at
            .descendants()
            .filter(roxmltree::Node::is_text)
            .filter_map(|node| node.text())
            .collect();
        return Ok(Node::Text(words.join(" ")));
    }
    let mut children: Vec<(String, Node)> = Vec::new();
    if resource {
        children.push(("resourceType".into(), Node::Text(name.to_owned())));
    }
    if let Some(id) = at.attribute("id").or_else(|| at.attribute("url")) {
        let key = if at.has_attribute("id") { "id" } else { "url" };
        children.push((key.into(), Node::Text(id.to_owned())));
    }
    for child in at.children().filter(roxmltree::Node::is_element) {
        let key = child.tag_name().name();
        let mut node = element(child, below)?;
        // `<resource><Patient>…` and `<contained><Patient>…` hold the resource itself.
        if matches!(key, "resource" | "contained")
            && let Node::Object(inner) = &mut node
            && let [(_, only @ Node::Object(_))] = inner.as_mut_slice()
        {
            node = only.clone();
        }
        match children.iter_mut().find(|(name, _)| name == key) {
            Some((_, Node::List(items))) => items.push(node),
            Some((_, known)) => {
                let first = std::mem::replace(known, Node::Text(String::new()));
                *known = Node::List(vec![first, node]);
            }
            None => children.push((key.to_owned(), node)),
        }
    }
    Ok(Node::Object(children))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_xml_make_the_same_tree() {
        let json = r#"{"resourceType":"Patient","id":"p","name":[{"family":"Lee","given":["Ann","May"]}],"active":true}"#;
        let xml = r#"<Patient xmlns="http://hl7.org/fhir"><id value="p"/><name><family value="Lee"/><given value="Ann"/>
            <given value="May"/></name><active value="true"/></Patient>"#;
        for text in [json, xml] {
            let roots = parse(text).unwrap();
            let node = &roots[0];
            assert_eq!(node.text("resourceType"), Some("Patient"));
            assert_eq!(node.text("id"), Some("p"));
            assert_eq!(node.text_at(&["name", "family"]), Some("Lee"));
            let given: Vec<&str> = node
                .get("name")
                .unwrap()
                .each("given")
                .filter_map(Node::as_text)
                .collect();
            assert_eq!(given, ["Ann", "May"]);
            assert_eq!(node.text("active"), Some("true"));
        }
    }

    #[test]
    fn what_is_broken_or_hostile_is_an_error_without_its_values() {
        let deep = "[".repeat(100_000);
        let bomb =
            r#"<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Patient><id value="&b;"/></Patient>"#;
        for text in ["", "{", r#"{"name":"Secret",}"#, "<Patient>", deep.as_str(), bomb] {
            let error = parse(text).unwrap_err();
            assert!(!error.contains("Secret") && !error.is_empty(), "{error}");
        }
    }

    #[test]
    fn lines_are_read_one_by_one() {
        assert_eq!(parse("{\"a\":1}\n\n{\"a\":2}\n").unwrap().len(), 2);
        assert!(parse("{\"a\":1}\n{\"a\":").is_err());
    }
}
