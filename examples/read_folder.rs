//! Prints one line of JSON for each file of a folder: what the reader makes of it. For measuring the reader against a
//! folder of documents whose truth is known. Pages that `keep_pages` kept are understood without opening their documents.

use refdesk::intake::document::{Field, Value};
use refdesk::intake::learned::Learned;
use serde_json::{Map, Value as Json, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rules_only = std::env::args().any(|argument| argument == "--rules-only");
    let learned = Learned {
        rules_only,
        ..Learned::default()
    };
    let paths = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--rules-only");
    let mut paths: Vec<_> = paths.map(std::path::PathBuf::from).collect();
    if let [folder] = paths.as_slice()
        && folder.is_dir()
    {
        paths = std::fs::read_dir(folder)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        paths.sort();
    }
    for path in paths {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let bytes = std::fs::read(&path)?;
        let (name, read) = match name.strip_suffix(".pages.json") {
            Some(document) => (
                document.to_owned(),
                refdesk::intake::understand_with(document, serde_json::from_slice(&bytes)?, &learned),
            ),
            None => (name.clone(), refdesk::intake::read(&name, &bytes)),
        };
        let mut fields = Map::new();
        for (field, found) in &read.fields {
            let shown: Vec<Json> = found
                .iter()
                .map(|one| {
                    let value = match &one.value {
                        Value::Name { family, given } => json!({"family": family, "given": given}),
                        Value::Text(text) => json!(text),
                    };
                    json!({"value": value, "confidence": one.confidence, "page": one.place.map(|place| place.page), "box": one.place.map(|place| place.area), "how": one.how})
                })
                .collect();
            let list = matches!(field, Field::Icd10 | Field::Cpt);
            let value = if list {
                Json::Array(shown)
            } else {
                shown.into_iter().next().unwrap_or(Json::Null)
            };
            fields.insert(
                serde_json::to_value(field)?
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
                value,
            );
        }
        println!(
            "{}",
            json!({"file": name, "doc_type": read.kind, "kind_confidence": read.kind_confidence, "fields": fields, "warnings": read.warnings})
        );
    }
    Ok(())
}
