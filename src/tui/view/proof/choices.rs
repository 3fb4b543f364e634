//! What can be picked for the field under the cursor, each with where it was read; at the end, what a person should know.

use super::super::pen::{Pen, nth};
use crate::intake::document::{Found, How};
use crate::tui::model::Model;
use crate::tui::proof::{Doubt, Line, Proof, Row};
use crate::tui::spot::Spot;
use crate::tui::theme::Tone;
use crate::tui::width::{fit, wrap};
use ratatui::layout::Rect;

type Spans = Vec<(String, Tone)>;
/// A line, and the choice that it is part of.
type Offered = (Spans, Option<usize>);

/// Draws them.
pub fn draw(model: &Model, proof: &Proof, pen: &mut Pen<'_>, area: Rect) {
    let width = usize::from(area.width).saturating_sub(1);
    let lines = match &proof.at {
        Row::Field(_) => proof.here().map(|line| of_line(proof, line, width)),
        Row::Item(_) => {
            let text = "It is asked for unless it came along.".to_owned();
            Some(vec![(vec![(text, Tone::Dim)], None)])
        }
        Row::Done => Some(at_the_end(model, proof, width)),
    };
    for (index, (line, choice)) in lines.into_iter().flatten().enumerate() {
        pen.line(nth(area, index), &line);
        if let Some(choice) = choice {
            pen.spot(nth(area, index), Spot::Choice(0, choice));
        }
    }
}

/// How a value was found, in words.
pub fn how(found: &Found) -> String {
    let how = match found.how {
        How::Label => "beside its label",
        How::Tick => "ticked",
        How::Prose => "in a sentence",
        How::Letterhead => "in the letterhead",
        How::Header => "in the message's head",
        How::FormField => "in a form's field",
        How::Stated => "stated by the system",
        How::Derived => "concluded",
        How::Learned => "learned from corrections",
        How::Trained => "by the trained model",
        How::SecondReader => "by the second reader",
    };
    match found.place {
        Some(place) => format!("p{} {how}", place.page),
        None => how.to_owned(),
    }
}

fn of_line(proof: &Proof, line: &Line, width: usize) -> Vec<Offered> {
    let mut out: Vec<Offered> = Vec::new();
    if let Some(wrong) = &proof.wrong {
        let lines = wrap(&format!("! {wrong}"), width).into_iter();
        out.extend(lines.map(|line| (vec![(line, Tone::Alarm)], None)));
    }
    if line.doubt == Doubt::Conflict {
        out.push((vec![(conflict(line).to_owned(), Tone::Warn)], None));
    }
    if let Some(recorded) = line.recorded.as_deref().filter(|text| !text.is_empty()) {
        let spans = vec![
            ("on record ".to_owned(), Tone::Dim),
            (recorded.to_owned(), Tone::Text),
        ];
        out.push((spans, None));
    }
    let several = line.choices.len() > 1;
    let room = width.saturating_sub(4);
    for (index, choice) in line.choices.iter().enumerate().take(9) {
        let looked = index == line.peek && several;
        let digit = if several {
            format!("{} ", index + 1)
        } else {
            "  ".to_owned()
        };
        let about = match &choice.found {
            Some(found) if choice.seconded => {
                format!(
                    "{:>3.0}% {}, and the second reader",
                    found.confidence * 100.0,
                    how(found)
                )
            }
            Some(found) => format!("{:>3.0}% {}", found.confidence * 100.0, how(found)),
            None => "not on the page".to_owned(),
        };
        let sign = if looked { "▹" } else { " " };
        let short = choice.text.chars().count() + about.chars().count() < room;
        let tone = if choice.found.is_some() {
            Tone::Text
        } else {
            Tone::Dim
        };
        let head = vec![(sign.to_owned(), Tone::Key), (digit, Tone::Key)];
        if short {
            let text = fit(&choice.text, room.saturating_sub(about.chars().count() + 1));
            let mut spans = head;
            spans.extend([(text, tone), (format!(" {about}"), Tone::Dim)]);
            out.push((spans, Some(index)));
            continue;
        }
        let mut lines = wrap(&choice.text, room).into_iter();
        let mut spans = head;
        spans.push((lines.next().unwrap_or_default(), tone));
        out.push((spans, Some(index)));
        let more = lines.take(3).map(|line| vec![(format!("   {line}"), tone)]);
        out.extend(more.map(|spans| (spans, Some(index))));
        out.push((vec![(format!("   {about}"), Tone::Dim)], Some(index)));
    }
    let advice = match line.choices.len() {
        0 => "Nothing was read for it: type it, if you see it.",
        1 => "Type to correct it; right arrow edits it as it is.",
        _ => "Type another; right arrow edits it as it is.",
    };
    let lines = wrap(advice, width).into_iter();
    out.extend(lines.map(|line| (vec![(line, Tone::Dim)], None)));
    out
}

/// Who says different things.
fn conflict(line: &Line) -> &'static str {
    let second = |found: &Found| found.how == How::SecondReader;
    if line.choices.iter().any(|choice| choice.seconded) || line.read().any(second) {
        "The second reader reads it otherwise:"
    } else {
        "The document says different things:"
    }
}

/// Look-alikes, what is missing, and what the reader says of the whole.
fn at_the_end(model: &Model, proof: &Proof, width: usize) -> Vec<Offered> {
    let mut said: Vec<(String, Tone)> = Vec::new();
    if let Some(wrong) = &proof.wrong {
        said.push((format!("! {wrong}"), Tone::Alarm));
    }
    for (alike, digit) in proof.look_alikes.iter().zip(1..) {
        let text = format!(
            "! Looks like {} ({}, {}) · {digit} puts the document with it",
            alike.id, alike.service, alike.status
        );
        said.push((text, Tone::Alarm));
    }
    let missing = proof.missing(&model.settings.policy);
    if !missing.is_empty() {
        said.push((format!("Missing: {}", missing.join(" · ")), Tone::Warn));
    }
    said.extend(
        proof
            .reading
            .warnings
            .iter()
            .map(|warning| (format!("! {warning}"), Tone::Warn)),
    );
    if said.is_empty() {
        said.push(("Nothing is missing.".to_owned(), Tone::Good));
    }
    said.into_iter()
        .flat_map(|(text, tone)| {
            let lines = wrap(&text, width).into_iter();
            lines.map(move |line| (vec![(line, tone)], None))
        })
        .collect()
}
