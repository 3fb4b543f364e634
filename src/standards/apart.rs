//! One message of several that came in one file: where it stands there.
//!
//! Owns the value, its bounds, and how its bytes are put together out of the file's. Must not know any format's rules: each format
//! tells its messages apart itself, and only where that is certain ([`hl7v2::apart`](super::hl7v2::apart()),
//! [`fhir::apart`](super::fhir::apart()), [`x12::apart`](super::x12::apart())).

use serde::{Deserialize, Serialize};

/// More messages of one file are not told apart: they are to be imported.
pub const MOST: usize = 1_000;
/// Nor are they where they have more bytes together, with what several of them share: as many as a document may have.
const MOST_BYTES: usize = 64 << 20;

/// A message that stands for itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// Its parts of the file, each from a byte on and up to another, in their order.
    pub spans: Vec<[usize; 2]>,
    /// What is put around and between them.
    #[serde(default)]
    pub glue: Glue,
}

/// What is put around and between the parts of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Glue {
    /// Nothing: they follow one another.
    #[default]
    None,
    /// A line end between them (NDJSON).
    Lines,
    /// They are the entries of a FHIR bundle.
    Bundle,
}

impl Glue {
    /// Before, between and after.
    const fn text(self) -> [&'static str; 3] {
        match self {
            Glue::None => ["", "", ""],
            Glue::Lines => ["", "\n", "\n"],
            Glue::Bundle => [
                r#"{"resourceType":"Bundle","type":"collection","entry":["#,
                ",",
                "]}",
            ],
        }
    }
}

impl Own {
    /// A message of parts that follow one another.
    pub fn of(spans: Vec<[usize; 2]>) -> Own {
        Own {
            spans,
            glue: Glue::None,
        }
    }

    /// Its bytes out of the file's; none where the file does not have them.
    pub fn bytes(&self, file: &[u8]) -> Option<Vec<u8>> {
        let [before, between, after] = self.glue.text();
        let mut out = Vec::with_capacity(self.size());
        for (place, [from, to]) in self.spans.iter().enumerate() {
            let lead = if place == 0 { before } else { between };
            out.extend_from_slice(lead.as_bytes());
            out.extend_from_slice(file.get(*from..*to)?);
            if out.len() > MOST_BYTES {
                return None;
            }
        }
        out.extend_from_slice(after.as_bytes());
        Some(out)
    }

    /// How many bytes it has, but for a few between its parts.
    fn size(&self) -> usize {
        let sizes = self.spans.iter().map(|[from, to]| to.saturating_sub(*from));
        sizes
            .fold(0, usize::saturating_add)
            .saturating_add(256)
            .min(MOST_BYTES)
    }
}

/// The same messages, where they are several and within the bounds.
pub fn within(all: Vec<Own>) -> Option<Vec<Own>> {
    let sizes = all.iter().map(Own::size);
    let fits = (2..=MOST).contains(&all.len()) && sizes.fold(0, usize::saturating_add) <= MOST_BYTES;
    fits.then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_put_together_of_what_the_file_has() {
        let file = b"{\"a\":1}, {\"b\":2}";
        let own = |spans: &[[usize; 2]], glue| Own {
            spans: spans.to_vec(),
            glue,
        };
        let table = [
            (own(&[[0, 7], [9, 16]], Glue::None), Some("{\"a\":1}{\"b\":2}")),
            (
                own(&[[0, 7], [9, 16]], Glue::Lines),
                Some("{\"a\":1}\n{\"b\":2}\n"),
            ),
            (
                own(&[[9, 16]], Glue::Bundle),
                Some("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"b\":2}]}"),
            ),
            (own(&[[9, 17]], Glue::None), None),
            (own(&[[9, 3]], Glue::None), None),
        ];
        for (own, expected) in table {
            let bytes = own.bytes(file).map(|bytes| String::from_utf8(bytes).unwrap());
            assert_eq!(bytes.as_deref(), expected, "{own:?}");
        }
        let many = |count| within(vec![Own::of(vec![[0, 1]]); count]).is_some();
        assert!(!many(1) && many(2) && many(MOST) && !many(MOST + 1));
        let huge = Own::of(vec![[0, usize::MAX], [0, usize::MAX]]);
        assert_eq!(within(vec![huge.clone(), huge]), None);
    }
}
