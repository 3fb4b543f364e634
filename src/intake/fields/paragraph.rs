//! Lines of prose as paragraphs, each character knowing its place.
//!
//! Owns joining lines and finding sentences. Must not know what they say.

use super::leaf::{Leaf, Spot};

/// A paragraph is read up to this many characters; longer ones are read in pieces.
const LONGEST: usize = 3_000;

/// Lines of prose joined, each character knowing its run.
pub struct Paragraph {
    /// The text.
    pub text: String,
    places: Vec<(usize, usize)>,
}

impl Paragraph {
    /// The text's characters in lower case, one for one.
    pub fn lower(&self) -> Vec<char> {
        self.text
            .chars()
            .map(|c| c.to_lowercase().next().unwrap_or(c))
            .collect()
    }

    /// The place of the characters `start..end`.
    pub fn spot(&self, start: usize, end: usize) -> Option<Spot> {
        let (run, first) = *self.places.get(start)?;
        let text: String = self
            .text
            .chars()
            .skip(start)
            .take(end.saturating_sub(start))
            .collect();
        // A value over two lines is shown where it begins.
        let last = self
            .places
            .get(start..end.min(self.places.len()))?
            .iter()
            .rev()
            .find(|place| place.0 == run)
            .map_or(first, |place| place.1);
        Some(Spot {
            run,
            start: first,
            end: last + 1,
            text,
        })
    }
}

/// The paragraphs of a page.
pub fn paragraphs(leaf: &Leaf<'_>) -> Vec<Paragraph> {
    let mut out: Vec<Paragraph> = Vec::new();
    let mut open: Option<(Paragraph, usize)> = None;
    for (index, run) in leaf.sheet.runs.iter().enumerate() {
        let joins = open
            .as_ref()
            .and_then(|(_, last)| leaf.sheet.runs.get(*last).map(|before| (before, *last)))
            .is_some_and(|(before, last)| {
                leaf.rows.get(index) != leaf.rows.get(last)
                    && (run.left() - before.left()).abs() < 0.03
                    && run.middle() - before.middle() < 1.9 * run.height().max(before.height())
                    && !leaf.begins_with_label(index)
                    && before.text.chars().count() > 30
            });
        let joins = joins
            && open
                .as_ref()
                .is_some_and(|(paragraph, _)| paragraph.places.len() < LONGEST);
        if !joins && let Some((paragraph, _)) = open.take() {
            out.push(paragraph);
        }
        let (mut paragraph, _) = open.take().unwrap_or((
            Paragraph {
                text: String::new(),
                places: Vec::new(),
            },
            index,
        ));
        if paragraph.text.ends_with('-') && run.text.starts_with(char::is_lowercase) {
            paragraph.text.pop();
            paragraph.places.pop();
        } else if !paragraph.text.is_empty() {
            paragraph.text.push(' ');
            paragraph.places.push((index, 0));
        }
        for (at, c) in run.text.chars().enumerate() {
            paragraph.text.push(c);
            paragraph.places.push((index, at));
        }
        open = Some((paragraph, index));
    }
    out.extend(open.map(|(paragraph, _)| paragraph));
    out
}

/// Where a phrase stands in lower-case characters, at a word's beginning.
pub fn find(lower: &[char], phrase: &str, from: usize) -> Option<usize> {
    let phrase: Vec<char> = phrase.chars().collect();
    (from..lower.len().saturating_sub(phrase.len().saturating_sub(1))).find(|at| {
        lower.get(*at..at + phrase.len()) == Some(phrase.as_slice())
            && at
                .checked_sub(1)
                .and_then(|before| lower.get(before))
                .is_none_or(|c| !c.is_alphanumeric())
    })
}

/// One past the last character of the sentence that `start` is in: a full stop before a space, not an abbreviation's.
pub fn sentence_end(chars: &[char], start: usize) -> usize {
    for at in start..chars.len() {
        let stop = matches!(chars.get(at), Some('.' | '?' | '!'));
        let ends = chars.get(at + 1).is_none_or(|c| c.is_whitespace());
        let word: String = chars
            .get(start..at)
            .unwrap_or_default()
            .iter()
            .rev()
            .take_while(|c| c.is_alphanumeric())
            .collect();
        let short = word.chars().count() <= 1 && !word.chars().all(|c| c.is_ascii_digit())
            || matches!(
                word.to_lowercase().as_str(),
                "rd" | "rm" | "sm" | "srm" | "ts" | "sv"
            );
        if stop && ends && !short {
            return at;
        }
    }
    chars.len()
}
