//! The detail pane as lines.
//!
//! Owns what is said about one referral, or one document of Intake, and in which order. Must not draw: scrolling and drawing
//! both take these lines.

mod document;
mod summary;
mod work;

use super::action::entry;
use super::keep::Draft;
use super::model::{Model, Place};
use super::theme::Tone;
use super::width::columns;
use crate::config::screen::Section;
use crate::domain::id::ReferralId;
use crate::domain::referral::Referral;
use crate::store::board::Sheet;

/// Columns that the name of a section takes.
const HEAD: usize = 11;

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
        let mut spans = vec![(format!("{title:<width$}", width = HEAD), Tone::Head)];
        spans.extend(rest);
        Line {
            spans,
            heading: true,
            pointed: false,
        }
    }

    /// The line in lines of at most the width; those after the first are indented below its text.
    fn fold(self, width: usize) -> Vec<Line> {
        let whole = self.whole();
        if columns(&whole) <= width {
            return vec![self];
        }
        let own = whole.len() - whole.trim_start().len();
        let indent = if self.heading { HEAD } else { own + 2 };
        let mut out = vec![Line {
            spans: Vec::new(),
            ..self
        }];
        let mut used = 0;
        for (text, tone) in self.spans {
            for word in text.split_inclusive(' ') {
                let wide = columns(word.trim_end());
                if used > indent && used + wide > width {
                    out.push(Line::of(vec![(" ".repeat(indent), Tone::Text)]));
                    used = indent;
                }
                used += columns(word);
                if let Some(line) = out.last_mut() {
                    match line.spans.last_mut() {
                        Some((last, same)) if *same == tone => last.push_str(word),
                        Some(_) | None => line.spans.push((word.to_owned(), tone)),
                    }
                }
            }
        }
        for (last, _) in out.iter_mut().filter_map(|line| line.spans.last_mut()) {
            last.truncate(last.trim_end().len());
        }
        out
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
    let width = model.detail_width();
    if model.place == Place::Intake {
        let lines = document::intake(model).into_iter();
        return lines.flat_map(|line| line.fold(width)).collect();
    }
    let Some(sheet) = model.sheet_here() else {
        let text = if model.board.cursor.is_some() { "…" } else { "" };
        return vec![Line::dim(text)];
    };
    let snapshot = &sheet.snapshot;
    let Some(referral) = snapshot.referral() else {
        return Vec::new();
    };
    let mut out = summary::who(model, snapshot, referral);
    out.splice(1..1, kept(model, referral.id));
    let mut parted = false;
    for section in &model.settings.screen.sections {
        let lines = section_lines(model, sheet, referral, *section, width);
        // One empty line parts who and why from where it stands.
        if !parted && *section != Section::Reason && !lines.is_empty() {
            out.push(Line::default());
            parted = true;
        }
        out.extend(lines);
    }
    out.into_iter().flat_map(|line| line.fold(width)).collect()
}

fn section_lines(
    model: &Model,
    sheet: &Sheet,
    referral: &Referral,
    section: Section,
    width: usize,
) -> Vec<Line> {
    let snapshot = &sheet.snapshot;
    match section {
        Section::Reason => summary::reason(referral, width),
        Section::Path => summary::path(model, referral, width),
        Section::Clocks => vec![summary::clocks(model, snapshot, referral)],
        Section::Score => summary::score(model, referral),
        Section::Next => vec![summary::next(referral, model.now, model)],
        Section::Missing => work::missing(model, sheet, referral, width),
        Section::Coverage => work::insurance(model, sheet, referral),
        Section::Visit => work::appointments(model, sheet),
        Section::Tasks => work::tasks(model, sheet),
        Section::Effort => work::effort(model, sheet, referral, width),
        Section::Messages => work::messages(model, sheet),
        Section::Notes => work::notes(model, sheet, width),
        Section::Timeline => work::timeline(model, sheet),
        Section::Document => document::lines(&model.reader, &snapshot.documents, "Document"),
    }
}

/// What was typed about a referral and not sent.
fn kept(model: &Model, id: ReferralId) -> Vec<Line> {
    let keymap = &model.settings.keymap;
    let about = |draft: &&Draft| draft.targets == [id];
    let line = |action| {
        let key = keymap.named(action);
        let verb = entry(action).map(|entry| entry.verb()).unwrap_or_default();
        Line::of(vec![(
            format!("✎ typed and not sent: {verb} · {key} goes on"),
            Tone::Warn,
        )])
    };
    let drafts = model.kept.iter().filter(about);
    drafts.filter_map(Draft::action).map(line).collect()
}
