//! What holds of anything that was read, whatever it was read from: no control character in what is shown, no more out than came in.
//!
//! Shared by the tests of readers (`tests/mutated.rs`) and the fuzz targets (`fuzz/`).

use refdesk::intake::ReadDocument;
use refdesk::intake::document::{Found, Value};
use refdesk::standards::Stated;

/// Nothing of it moves a cursor.
pub fn plain(text: &str) {
    let odd = text
        .chars()
        .find(|c| c.is_control() && *c != '\n' || matches!(c, '\u{202e}' | '\u{200b}'));
    assert_eq!(odd, None, "{}", text.escape_debug());
}

/// What was stated is clean, and no longer than what it was read from, but for what a format repeats by itself.
pub fn sound(all: &[Stated], read: usize) {
    let mut written = 0;
    for stated in all {
        plain(&stated.label);
        stated.doubts.iter().for_each(|doubt| plain(doubt));
        for item in &stated.items {
            plain(&item.text);
            plain(&item.at);
            if let Some(name) = &item.name {
                for part in [&name.family, &name.given, &name.suffix] {
                    plain(part);
                }
            }
            written += item.text.len();
        }
    }
    assert!(written <= 20 * read + 4_096, "{written} bytes out of {read}");
    assert!(all.len() <= read, "{} messages out of {read} bytes", all.len());
}

/// What was read of a document is clean and within its pages; a panic inside would be caught, and must not have been one.
pub fn sound_document(read: &ReadDocument, bytes: usize) {
    for warning in &read.warnings {
        plain(warning);
        assert_ne!(warning, "the document could not be read; a person must read it");
    }
    plain(&read.name);
    read.pages
        .iter()
        .flat_map(|page| &page.lines)
        .for_each(|line| plain(&line.text));
    read.parts.iter().for_each(|part| plain(&part.name));
    for found in read.fields.values().flatten() {
        sound_field(found, read);
    }
    let lines: usize = read.pages.iter().map(|page| page.lines.len()).sum();
    assert!(lines <= 20 * bytes + 100, "{lines} lines out of {bytes} bytes");
}

fn sound_field(found: &Found, read: &ReadDocument) {
    match &found.value {
        Value::Text(text) => plain(text),
        Value::Name { family, given } => [family, given].into_iter().for_each(|part| plain(part)),
    }
    assert!((0.0..=1.0).contains(&found.confidence), "{}", found.confidence);
    let Some(place) = found.place else { return };
    let page = read.pages.get((place.page as usize).wrapping_sub(1));
    let line = page.and_then(|page| page.lines.get(place.line as usize));
    let length = line.map(|line| line.text.chars().count());
    assert!(
        length.is_some_and(|length| place.start <= place.end && place.end as usize <= length),
        "{place:?} of {} pages, a line of {length:?}",
        read.pages.len()
    );
}
