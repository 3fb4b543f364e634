//! Documents in every wrapping, and hostile ones, through the jailed child as a clinic would meet them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that trips has found something"
)]

mod bombs;
mod mutated;
mod office;
mod secret;
mod wrap;

use refdesk::intake::document::{Field, Value};
use refdesk::intake::{ReadDocument, jail};
use std::path::Path;

fn jailed(name: &str, bytes: &[u8]) -> ReadDocument {
    jail::read_jailed(Path::new(env!("CARGO_BIN_EXE_refdesk")), name, bytes)
}

fn value(document: &ReadDocument, field: Field) -> String {
    match document.best(field).map(|found| &found.value) {
        Some(Value::Name { family, given }) => format!("{family}, {given}"),
        Some(Value::Text(text)) => text.clone(),
        None => String::new(),
    }
}

fn lines(document: &ReadDocument) -> Vec<&str> {
    let lines = document.pages.iter().flat_map(|page| &page.lines);
    lines.map(|line| line.text.as_str()).collect()
}
