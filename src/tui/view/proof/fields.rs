//! The rows of a review: fields, documents that are required, and the end.

use super::super::pen::{CARET, HERE, Pen, nth};
use crate::tui::model::Model;
use crate::tui::proof::{Doubt, Line, Proof, Row, Verdict};
use crate::tui::reader::label;
use crate::tui::spot::Spot;
use crate::tui::theme::Tone;
use crate::tui::width::{columns, cut, fit};
use ratatui::layout::Rect;

const LABEL: usize = 14;

/// Draws those around the cursor.
pub fn draw(model: &Model, proof: &Proof, pen: &mut Pen<'_>, area: Rect) {
    let policy = &model.settings.policy;
    let rows = proof.rows(policy);
    let room = usize::from(area.height);
    let at = rows.iter().position(|row| *row == proof.at).unwrap_or(0);
    let top = (at + 2).saturating_sub(room).min(rows.len().saturating_sub(room));
    for (index, row) in rows.iter().skip(top).take(room).enumerate() {
        let place = nth(area, index);
        let here = *row == proof.at;
        let lead = if here { HERE } else { " " };
        let spans = match row {
            Row::Field(field) => match proof.line(*field) {
                Some(line) => field_row(proof, line, here, usize::from(area.width)),
                None => Vec::new(),
            },
            Row::Item(key) => item_row(model, proof, key),
            Row::Done => done_row(model, proof),
        };
        let mut all = vec![(lead.to_owned(), Tone::Key)];
        all.extend(spans);
        pen.line(place, &all);
        pen.spot(place, Spot::Line(top + index));
    }
    let below = rows.len().saturating_sub(top + room);
    if below > 0 {
        let last = nth(area, room.saturating_sub(1));
        pen.right(last, &[(format!(" ↓{below}"), Tone::Dim)]);
    }
}

/// The sign before a field, and its tone.
fn sign(line: &Line) -> (&'static str, Tone) {
    match (&line.verdict, line.doubt) {
        (Verdict::Taken(_) | Verdict::Typed(_), _) => ("✓", Tone::Good),
        (Verdict::Blank, _) => ("–", Tone::Dim),
        (Verdict::Open, Doubt::Unsure) => ("?", Tone::Warn),
        (Verdict::Open, Doubt::Conflict) => ("≠", Tone::Alarm),
        (Verdict::Open, Doubt::Wanted) => ("!", Tone::Warn),
        (Verdict::Open, Doubt::Sure | Doubt::Absent) => (" ", Tone::Text),
    }
}

fn field_row(proof: &Proof, line: &Line, here: bool, width: usize) -> Vec<(String, Tone)> {
    let (sign, tone) = sign(line);
    let label_tone = if here { Tone::Key } else { Tone::Dim };
    let mut spans = vec![
        (sign.to_owned(), tone),
        (format!(" {} ", fit(label(line.field), LABEL)), label_tone),
    ];
    let room = width.saturating_sub(LABEL + 5);
    if let Some(entry) = proof.entry.as_ref().filter(|_| here) {
        let (before, after) = entry.sides();
        // What is being typed stays in sight: of a long text, its end.
        let mut shown = before.to_owned();
        while columns(&shown) + 1 > room && !shown.is_empty() {
            shown = shown.chars().skip(1).collect();
        }
        spans.push((format!("{shown}{CARET}{after}"), Tone::Text));
        return spans;
    }
    let state = match (&line.verdict, line.doubt) {
        (Verdict::Blank, _) => Some("left blank".to_owned()),
        (Verdict::Open, Doubt::Wanted) => Some("missing".to_owned()),
        (Verdict::Open, Doubt::Unsure | Doubt::Conflict) => {
            let found = line.picked().and_then(|choice| choice.found.as_ref());
            found.map(|found| format!("{:.0}%", found.confidence * 100.0))
        }
        (Verdict::Typed(_), _) => Some("by hand".to_owned()),
        (Verdict::Open | Verdict::Taken(_), _) => None,
    };
    let tail = state.map(|state| format!(" {state}")).unwrap_or_default();
    let value = match (&line.verdict, line.doubt) {
        (Verdict::Open, Doubt::Wanted | Doubt::Absent) => line.value(),
        _ => line.offer(),
    };
    let value = cut(&value.unwrap_or_default(), room.saturating_sub(columns(&tail)));
    let sure = line.value().is_some();
    spans.push((value, if sure { Tone::Text } else { Tone::Warn }));
    spans.push((tail, Tone::Dim));
    spans
}

fn item_row(model: &Model, proof: &Proof, key: &str) -> Vec<(String, Tone)> {
    let list = proof.checklist(&model.settings.policy);
    let found = list.iter().find(|(need, _)| need.key == key);
    let label = found.map_or(key, |(need, _)| need.label_in("en"));
    if proof.ticked.contains(key) {
        return vec![
            ("✓ ".to_owned(), Tone::Good),
            (label.to_owned(), Tone::Text),
            (" came along".to_owned(), Tone::Dim),
        ];
    }
    vec![
        ("! ".to_owned(), Tone::Warn),
        (label.to_owned(), Tone::Text),
        (" missing".to_owned(), Tone::Dim),
    ]
}

fn done_row(model: &Model, proof: &Proof) -> Vec<(String, Tone)> {
    let what = if proof.referral.is_some() {
        "keep the corrections"
    } else {
        "make the referral"
    };
    let missing = proof.missing(&model.settings.policy).len();
    let misses = match missing {
        0 => String::new(),
        some => format!(" · {some} missing"),
    };
    let blank = match proof.open_lines().count() {
        0 => String::new(),
        some => format!(" · {some} doubtful stay blank"),
    };
    vec![
        ("→ ".to_owned(), Tone::Key),
        (what.to_owned(), Tone::Head),
        (format!("{misses}{blank}"), Tone::Dim),
    ]
}
