//! The place on the page of what is looked at: its text, the value marked by a sign as well as a look.

use super::super::pen::{Pen, nth};
use crate::config::screen::Dots;
use crate::intake::Picture;
use crate::intake::document::{Line, Place};
use crate::tui::glass;
use crate::tui::model::Model;
use crate::tui::proof::Proof;
use crate::tui::theme::Tone;
use crate::tui::width::columns;
use ratatui::layout::Rect;

/// Dots that a line of letters gets in height, and gets at least where the field is long.
const LETTERS: f32 = 18.0;
const LEAST: f32 = 13.0;

/// What stands above the page.
pub fn caption(model: &Model, proof: &Proof) -> String {
    let pages = proof.reading.pages.len();
    if pages == 0 {
        return "no page could be read; the original is kept".to_owned();
    }
    let wanted = proof.shows_picture(model.settings.screen.pictures, model.glass);
    let drawn = match (wanted, proof.pictures.waits(proof.page())) {
        (true, true) => " · being drawn…",
        (true, false) if proof.pictures.of(proof.page()).is_none() => " · its text: it has no picture",
        (true, false) => " · ctrl-t its text",
        (false, _) => "",
    };
    let here = format!("page {} of {pages}{drawn}", proof.page());
    match (proof.here(), proof.place()) {
        (Some(_), None) => format!("{here} · this field was not found on a page"),
        (Some(_) | None, _) => here,
    }
}

/// Draws it.
pub fn draw(model: &Model, proof: &Proof, pen: &mut Pen<'_>, area: Rect) {
    let screen = &model.settings.screen;
    let number = proof.page();
    let picture = proof.pictures.of(number);
    let wanted = proof.shows_picture(screen.pictures, model.glass);
    if let (true, Some(picture), Some(place)) = (wanted, picture, proof.place()) {
        // Pixels are put there after the cells.
        if model.glass.is_none_or(|glass| glass.kind.is_none()) {
            dots(picture, place, (screen.dots, proof.panned()), pen, area);
        }
        return;
    }
    let index = usize::try_from(number.saturating_sub(1)).unwrap_or(0);
    let Some(page) = proof.reading.pages.get(index) else {
        return;
    };
    let place = proof.place();
    let rows = rows(&page.lines);
    let room = usize::from(area.height);
    let marked = |row: &Vec<usize>| {
        place.is_some_and(|place| row.iter().any(|line| u32::try_from(*line) == Ok(place.line)))
    };
    let at = rows.iter().position(marked).unwrap_or(0);
    let top = at.saturating_sub(room / 2).min(rows.len().saturating_sub(room));
    for (index, row) in rows.iter().skip(top).take(room).enumerate() {
        let spans = spans(&page.lines, row, place);
        pen.line(nth(area, index), &shifted(spans, usize::from(area.width)));
    }
}

/// The place in dots, as many to a line of letters as make it legible.
fn dots(picture: &Picture, place: Place, (dots, steps): (Dots, u16), pen: &mut Pen<'_>, area: Rect) {
    let size = (usize::from(area.width) * 2, usize::from(area.height) * 4);
    let Some(crop) = glass::around(picture, place.area, size, LETTERS, LEAST, steps) else {
        return;
    };
    for (index, row) in glass::rows(&crop, dots).iter().enumerate() {
        pen.line(nth(area, index), &[(row, Tone::Text)]);
    }
}

/// Lines that stand side by side on the page make one row.
fn rows(lines: &[Line]) -> Vec<Vec<usize>> {
    let mut out: Vec<Vec<usize>> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let beside = out
            .last()
            .and_then(|row| row.last())
            .and_then(|last| lines.get(*last));
        let same = beside.is_some_and(|last| {
            let [left, top, _, bottom] = line.area;
            let middle = (top + bottom) / 2.0;
            let [_, above, right, below] = last.area;
            middle > above && middle < below && left >= right - 0.01
        });
        match out.last_mut().filter(|_| same) {
            Some(row) => row.push(index),
            None => out.push(vec![index]),
        }
    }
    out
}

fn spans(lines: &[Line], row: &[usize], place: Option<Place>) -> Vec<(String, Tone)> {
    let mut out = Vec::new();
    for (number, index) in row.iter().enumerate() {
        let Some(line) = lines.get(*index) else { continue };
        if number > 0 {
            out.push(("   ".to_owned(), Tone::Text));
        }
        let Some(place) = place.filter(|place| u32::try_from(*index) == Ok(place.line)) else {
            out.push((line.text.clone(), Tone::Text));
            continue;
        };
        let part = |from: u32, to: u32| -> String {
            let skip = usize::try_from(from).unwrap_or(usize::MAX);
            let take = usize::try_from(to.saturating_sub(from)).unwrap_or(0);
            line.text.chars().skip(skip).take(take).collect()
        };
        out.push((part(0, place.start), Tone::Text));
        out.push((format!("⟦{}⟧", part(place.start, place.end)), Tone::Place));
        out.push((part(place.end, u32::MAX), Tone::Text));
    }
    out
}

/// A row that is too wide begins where the marked value is in sight.
fn shifted(spans: Vec<(String, Tone)>, width: usize) -> Vec<(String, Tone)> {
    let wide = |spans: &[(String, Tone)]| spans.iter().map(|(text, _)| columns(text)).sum::<usize>();
    let Some(marked) = spans.iter().position(|(_, tone)| *tone == Tone::Place) else {
        return spans;
    };
    let (before, rest) = spans.split_at(marked);
    let value = rest.first().map_or(0, |(text, _)| columns(text));
    if wide(before) + value <= width {
        return spans;
    }
    let skip = wide(before).saturating_sub(width / 3);
    let mut left = skip;
    let mut out = vec![("…".to_owned(), Tone::Dim)];
    for (text, tone) in &spans {
        let count = text.chars().count();
        if left >= count {
            left -= count;
            continue;
        }
        out.push((text.chars().skip(left).collect(), *tone));
        left = 0;
    }
    out
}
