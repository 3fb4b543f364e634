//! The review of a document: its fields, what can be picked, and the place on the page.
//!
//! Owns the division of the room. Emergencies, notices and the foot of the screen stay in sight. Must not know what a key does.

mod choices;
mod fields;
mod page;

use super::pen::Pen;
use crate::intake::document::DocumentKind;
use crate::tui::glass::Shown;
use crate::tui::layout::regions;
use crate::tui::model::{Model, Overlay};
use crate::tui::proof::{Proof, Row};
use crate::tui::theme::Tone;
use ratatui::layout::Rect;

/// From this width on the page stands beside the fields, below it under them: a line of a fax is legible in about sixty columns.
const BESIDE: u16 = 110;
/// Lines of what can be picked, where it stands below the fields.
const CHOICES: u16 = 9;

/// Where everything stands.
struct Parts {
    title: Rect,
    fields: Rect,
    choices: Rect,
    caption: Rect,
    page: Rect,
    divider: Option<Rect>,
}

fn parts(model: &Model) -> Parts {
    let all = regions(model);
    let top = all.fence.bottom();
    let area = Rect::new(0, top, model.size.0, all.notice.y.saturating_sub(top));
    let title = Rect { height: 1, ..area };
    let body = Rect::new(area.x, area.y + 1, area.width, area.height.saturating_sub(1));
    if body.width >= BESIDE {
        let left = (body.width * 2 / 5).clamp(44, 64);
        let lower = CHOICES.min(body.height / 2);
        let right = Rect::new(left + 2, body.y, body.width.saturating_sub(left + 3), body.height);
        return Parts {
            title,
            fields: Rect::new(0, body.y, left, body.height - lower),
            choices: Rect::new(0, body.bottom() - lower, left, lower),
            caption: Rect { height: 1, ..right },
            page: Rect {
                y: right.y + 1,
                height: right.height.saturating_sub(1),
                ..right
            },
            divider: Some(Rect::new(left, body.y, 1, body.height)),
        };
    }
    let upper = body.height / 2;
    let left = (body.width * 11 / 20).min(52);
    let lower = Rect::new(0, body.y + upper, body.width, body.height - upper);
    Parts {
        title,
        fields: Rect::new(0, body.y, left, upper),
        choices: Rect::new(left + 1, body.y, body.width.saturating_sub(left + 1), upper),
        caption: Rect { height: 1, ..lower },
        page: Rect {
            y: lower.y + 1,
            height: lower.height.saturating_sub(1),
            ..lower
        },
        divider: None,
    }
}

/// Draws it over the screen.
pub fn draw(model: &Model, proof: &Proof, pen: &mut Pen<'_>) {
    let parts = parts(model);
    let whole = Rect {
        height: parts.page.bottom().saturating_sub(parts.title.y),
        ..parts.title
    };
    pen.clear(whole);
    title(proof, pen, parts.title);
    if let Some(divider) = parts.divider {
        for y in divider.top()..divider.bottom() {
            pen.line(Rect::new(divider.x, y, 1, 1), &[("│", Tone::Rule)]);
        }
    }
    choices::draw(model, proof, pen, parts.choices);
    pen.rule(parts.caption);
    let caption = Rect {
        x: parts.caption.x + 1,
        width: parts.caption.width.saturating_sub(2),
        ..parts.caption
    };
    pen.line(
        caption,
        &[(format!(" {} ", page::caption(model, proof)), Tone::Dim)],
    );
    page::draw(model, proof, pen, parts.page);
    // Last: the eye is led to the field.
    fields::draw(model, proof, pen, parts.fields);
}

/// The page in pixels, where the terminal shows them and nothing else stands there.
pub fn pixels(model: &Model) -> Option<Shown> {
    let Some(Overlay::Proof(proof)) = &model.overlay else {
        return None;
    };
    let kind = model.glass.and_then(|glass| glass.kind);
    let wanted = proof.shows_picture(model.settings.screen.pictures, model.glass);
    if kind.is_none() || !wanted || model.too_small() {
        return None;
    }
    Some(Shown {
        document: proof.document,
        page: proof.pictures.of(proof.page())?.clone(),
        field: proof.place()?.area,
        steps: proof.panned(),
        area: parts(model).page,
    })
}

fn title(proof: &Proof, pen: &mut Pen<'_>, area: Rect) {
    pen.rule(area);
    let inner = Rect {
        x: 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let open = proof.open_lines().count();
    let about = match &proof.referral {
        Some(row) => format!(" {} and its document ", row.id),
        None => " Review ".to_owned(),
    };
    let state = match open {
        0 => "nothing left to look at".to_owned(),
        1 => "1 field to look at".to_owned(),
        many => format!("{many} fields to look at"),
    };
    let kind = crate::engine::kind_code(proof.reading.kind).replace('_', " ");
    let sure = if proof.reading.kind == DocumentKind::Unknown {
        String::new()
    } else {
        format!(" {:.0}%", proof.reading.kind_confidence * 100.0)
    };
    let state_tone = if open == 0 { Tone::Good } else { Tone::Warn };
    pen.line(
        inner,
        &[
            (about, Tone::Head),
            (format!("{} ", proof.reading.name), Tone::Text),
            (format!("· {kind}{sure} · "), Tone::Dim),
            (format!("{state} "), state_tone),
        ],
    );
}

/// What the keys do here, what is needed most first: for the foot of the screen.
pub fn hints(proof: &Proof) -> Vec<(&'static str, &'static str)> {
    let end = if proof.referral.is_some() {
        "keep all"
    } else {
        "make referral"
    };
    match (&proof.at, &proof.entry) {
        (_, Some(_)) => vec![
            ("enter", "take it"),
            ("tab", "take it, next"),
            ("esc", "as it was"),
        ],
        (Row::Field(_), None) => vec![
            ("enter", "accept"),
            ("1-9", "pick"),
            ("backspace", "blank"),
            ("ctrl-s", end),
            ("tab", "next"),
            ("esc", "leave"),
            ("ctrl-t", "page or text"),
            ("ctrl-right", "move on"),
            ("ctrl-x", "throw away"),
        ],
        (Row::Item(_), None) => vec![
            ("enter", "it came along"),
            ("tab", "next"),
            ("ctrl-s", end),
            ("esc", "leave"),
        ],
        (Row::Done, None) => vec![
            ("enter", end),
            ("tab", "fields"),
            ("esc", "leave"),
            ("ctrl-t", "page or text"),
        ],
    }
}
