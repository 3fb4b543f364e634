//! The example knows every key, and no other.

use super::*;

fn leaves(table: &Table, prefix: &str, out: &mut Vec<String>) {
    for (key, value) in table {
        let path = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}.{key}")
        };
        match value.as_table() {
            // What the clinic fills in by names of its own is one key, unless it has a section.
            Some(inner) if inner.is_empty() && SECTIONS.iter().all(|(section, ..)| *section != path) => {
                out.push(path)
            }
            Some(inner) => leaves(inner, &path, out),
            None => out.push(path),
        }
    }
}

#[test]
fn every_key_is_in_the_example_and_every_key_of_the_example_exists() {
    let mut present = Vec::new();
    leaves(&Table::try_from(Settings::default()).unwrap(), "", &mut present);
    let mut told = Vec::new();
    for (section, _, keys) in SECTIONS {
        let name = |key: &str| format!("{section}.{key}").trim_start_matches('.').to_owned();
        told.extend(keys.iter().map(|(key, _)| name(key)));
    }
    present.sort();
    told.sort();
    assert_eq!(told, present);
}
