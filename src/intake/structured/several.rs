//! Several messages in one file: where each stands in its bytes.
//!
//! Owns the way from places in the decoded text to places in the bytes that came, so that each message is kept as it stood. Must not
//! know when messages can be told apart: `standards` does.

use crate::intake::document::Container;
use crate::standards::apart::Own;
use crate::standards::{fhir, hl7v2, x12};

/// Longer texts in an alphabet of single bytes are left to a person: every place in them has to be counted.
const MOST_COUNTED: usize = 16 << 20;

/// The messages of a text, by their places in the bytes that it was decoded from; none where they are left to a person.
pub fn own(container: Container, raw: &str, bytes: &[u8]) -> Vec<Own> {
    let all = match container {
        Container::Hl7v2 => hl7v2::apart(raw),
        Container::Fhir => fhir::apart(raw),
        Container::X12 => x12::apart(raw),
        // A document is one, and a calendar or a table is read whole.
        Container::Ccda | Container::Calendar | Container::Table => None,
        Container::Text
        | Container::Email
        | Container::Pdf
        | Container::Image
        | Container::Word
        | Container::Rtf
        | Container::Archive
        | Container::Unknown => None,
    };
    all.and_then(|all| placed(all, raw, bytes)).unwrap_or_default()
}

/// The same places in the bytes; none where they cannot be told.
fn placed(mut all: Vec<Own>, raw: &str, bytes: &[u8]) -> Option<Vec<Own>> {
    let mark = bytes.len().checked_sub(raw.len());
    let ahead = mark.filter(|mark| bytes.get(*mark..) == Some(raw.as_bytes()));
    if let Some(ahead) = ahead {
        shift(&mut all, |place| Some(place + ahead))?;
        return Some(all);
    }
    // An alphabet of single bytes has as many letters as bytes (UTF-16 has not, and is left to a person).
    if raw.len() > MOST_COUNTED || raw.chars().count() != bytes.len() {
        return None;
    }
    let places: Vec<usize> = raw
        .char_indices()
        .map(|(place, _)| place)
        .chain([raw.len()])
        .collect();
    shift(&mut all, |place| places.binary_search(&place).ok())?;
    Some(all)
}

fn shift(all: &mut [Own], to: impl Fn(usize) -> Option<usize>) -> Option<()> {
    for place in all.iter_mut().flat_map(|own| &mut own.spans).flatten() {
        *place = to(*place)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::plain::decode;

    const ONE: &str = "MSH|^~\\&|A||||||ADT^A08|1\rPID|1||7||Garc\u{ed}a\r";
    const TWO: &str = "MSH|^~\\&|A||||||ADT^A08|2\rPID|1||8\r";

    #[test]
    fn messages_are_kept_as_they_stood_whatever_their_alphabet() {
        let text = format!("{ONE}{TWO}");
        let narrow: Vec<u8> = text.chars().map(|c| c as u8).collect();
        let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        let narrow_one = narrow[..narrow.len() - TWO.len()].to_vec();
        let table = [
            (text.clone().into_bytes(), Some(ONE.as_bytes().to_vec())),
            (marked, Some(ONE.as_bytes().to_vec())),
            (narrow, Some(narrow_one)),
            (text.encode_utf16().flat_map(u16::to_le_bytes).collect(), None),
        ];
        for (bytes, first) in table {
            let all = own(Container::Hl7v2, &decode(&bytes), &bytes);
            let found: Vec<Vec<u8>> = all.iter().filter_map(|own| own.bytes(&bytes)).collect();
            let expected = first.map(|first| vec![first, TWO.as_bytes().to_vec()]);
            assert_eq!(found, expected.unwrap_or_default());
        }
    }
}
