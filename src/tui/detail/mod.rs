//! The detail pane as lines.
//!
//! Owns what is said about one referral, or one document of Intake, and in which order. Must not draw: scrolling and drawing
//! both take these lines.

mod document;
mod summary;
mod work;

use super::model::{Model, Place};
use super::theme::Tone;

/// A piece of a line.
pub type Span = (String, Tone);

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Its pieces.
    pub spans: Vec<Span>,
    /// A section starts here.
    pub heading: bool,
    /// The place of the field pointed at is here.
    pub pointed: bool,
}

impl Line {
    fn of(spans: Vec<Span>) -> Line {
        Line {
            spans,
            ..Line::default()
        }
    }

    fn text(text: impl Into<String>) -> Line {
        Line::of(vec![(text.into(), Tone::Text)])
    }

    fn dim(text: impl Into<String>) -> Line {
        Line::of(vec![(text.into(), Tone::Dim)])
    }

    fn section(title: &str, rest: Vec<Span>) -> Line {
        let mut spans = vec![(format!("{title:<10} "), Tone::Head)];
        spans.extend(rest);
        Line {
            spans,
            heading: true,
            pointed: false,
        }
    }

    /// The whole text.
    pub fn whole(&self) -> String {
        self.spans.iter().map(|(text, _)| text.as_str()).collect()
    }
}

fn plain(text: impl Into<String>) -> Span {
    (text.into(), Tone::Text)
}

/// The lines for what the cursor is on.
pub fn lines(model: &Model) -> Vec<Line> {
    if model.place == Place::Intake {
        return document::intake(model);
    }
    let Some(sheet) = model.sheet_here() else {
        let text = if model.board.cursor.is_some() { "…" } else { "" };
        return vec![Line::dim(text)];
    };
    let snapshot = &sheet.snapshot;
    let Some(referral) = snapshot.referral() else {
        return Vec::new();
    };
    let width = model.detail_width();
    let mut out = summary::lines(model, snapshot, referral, width);
    out.extend(work::lines(model, sheet, referral, width));
    out.extend(document::lines(&model.reader, width, "Document"));
    out
}
