//! What training needs of the reader: pages as the model sees them, and the form in which weights are kept.
//!
//! Owns the way from a page's marked characters to its words' tags. For `examples/train_reader.rs`; nothing that reads uses it.

pub use super::crf::{Lattice, Pairs, Row, Step, TAGS, Transitions};
pub use super::weights::write;

use super::{of_field, tokens, traits};
use crate::intake::document::Field;
use crate::intake::fields::leaf::Leaf;
use crate::intake::source::Source;

/// A stretch of a run's characters that is a field's value.
pub type Mark = (usize, usize, Field);

/// A page with what is right.
pub struct Lesson {
    /// How each word follows the one before it.
    pub steps: Vec<Step>,
    /// The traits of each.
    pub traits: Vec<Vec<u32>>,
    /// The tag of each.
    pub tags: Vec<usize>,
}

/// The pages of a document, with the marks of each page's runs.
pub fn lessons(source: &Source, marks: &[Vec<Vec<Mark>>]) -> Vec<Lesson> {
    let pages = source.sheets.iter().zip(marks).enumerate();
    pages
        .map(|(page, (sheet, marks))| {
            let leaf = Leaf::new(sheet);
            let seen = traits::see(&leaf, page, tokens::tokens(sheet));
            let tag = |token: &tokens::Token| {
                let mark = marks.get(token.run).into_iter().flatten().find(|(from, to, _)| {
                    // Most of its characters are the field's.
                    let shared = token.end.min(*to).saturating_sub(token.start.max(*from));
                    2 * shared > token.end - token.start
                });
                mark.and_then(|(.., field)| of_field(*field)).unwrap_or(0)
            };
            Lesson {
                tags: seen.tokens.iter().map(tag).collect(),
                steps: seen.steps,
                traits: seen.traits,
            }
        })
        .collect()
}
