//! Documents as DocumentReference (FHIR R4 §10.6): the hash of the bytes always, the bytes where they are enclosed.

use super::own::{self, Fields};
use super::{Original, Sheet, Taken};
use crate::domain::case::Document;
use crate::domain::time::print_stamp;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The name of a hash in an identifier: the product's documents are known by their content.
const HASH: &str = "urn:hash::sha256:";
/// Media types by the first bytes of a file, as far as the desk's documents go.
const MAGIC: [(&[u8], &str); 9] = [
    (b"%PDF-", "application/pdf"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"PK\x03\x04", "application/zip"),
    (b"{\\rtf", "application/rtf"),
    (b"MSH|", "x-application/hl7-v2+er7"),
    (b"<?xml", "application/xml"),
];

pub fn print(sheet: &Sheet<'_>) -> Vec<Value> {
    sheet
        .chart
        .documents
        .iter()
        .map(|each| document(each, sheet))
        .collect()
}

fn media_type(bytes: &[u8]) -> &'static str {
    let known = MAGIC
        .iter()
        .find(|(magic, _)| bytes.starts_with(magic))
        .map(|(_, name)| *name);
    known.unwrap_or(if std::str::from_utf8(bytes).is_ok() {
        "text/plain"
    } else {
        "application/octet-stream"
    })
}

fn document(document: &Document, sheet: &Sheet<'_>) -> Value {
    let enclosed = sheet
        .with
        .originals
        .iter()
        .find(|each| each.hash == document.hash);
    let size = i32::try_from(document.size).ok();
    let mut elsewhere = vec!["id", "hash", "name", "kind", "received_at"];
    elsewhere.extend(size.map(|_| "size"));
    json!({
        "resourceType": "DocumentReference", "id": document.id.0.to_string(),
        "extension": [own::rest("document", document, &elsewhere)],
        "identifier": [{ "system": "urn:ietf:rfc:3986", "value": format!("{HASH}{}", document.hash) }], "status": "current",
        "type": { "text": document.kind }, "subject": sheet.subject(), "date": print_stamp(document.received_at),
        "content": [{ "attachment": {
            "contentType": enclosed.map(|each| media_type(&each.bytes)), "data": enclosed.map(|each| STANDARD.encode(&each.bytes)),
            "size": size, "title": document.name,
        } }],
        "context": { "related": [sheet.request()] },
    })
}

/// The documents, and those of the originals that are whole.
pub fn take(taken: &Taken<'_, '_>) -> Result<(Vec<Document>, Vec<Original>), String> {
    let (mut documents, mut originals) = (Vec::new(), Vec::new());
    for (id, node) in taken.records("DocumentReference", "document") {
        let fields = own::extension(node, "document")
            .map(Fields::of)
            .ok_or_else(|| own::lost("DocumentReference"))?;
        let hash = node
            .text_at(&["identifier", "value"])
            .and_then(|value| value.strip_prefix(HASH));
        let attachment = |name: &str| node.text_at(&["content", "attachment", name]);
        let document: Document = fields
            .with("id", id)
            .text("hash", hash)
            .text("name", attachment("title"))
            .text("kind", node.text_at(&["type", "text"]))
            .number("size", attachment("size"))
            .text("received_at", node.text("date"))
            .record("DocumentReference", &[], &["name", "kind"])?;
        if let Some(data) = attachment("data") {
            originals.push(original(&document.hash, data)?);
        }
        documents.push(document);
    }
    Ok((documents, originals))
}

/// Bytes are what their hash says, or nothing.
fn original(hash: &str, data: &str) -> Result<Original, String> {
    let bytes = STANDARD
        .decode(data)
        .map_err(|_| own::lost("DocumentReference"))?;
    let digest = Sha256::digest(&bytes);
    let is: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    if is == hash {
        Ok(Original { hash: is, bytes })
    } else {
        Err(own::lost("DocumentReference"))
    }
}
