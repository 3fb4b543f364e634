//! A document: its fields with their confidence, and its text with the place of the field pointed at.

use super::{Line, plain};
use crate::domain::case::Document;
use crate::tui::model::Model;
use crate::tui::reader::{Reader, label, shown};
use crate::tui::theme::Tone;
use crate::tui::words;

/// Below this the reader is not sure, and a person should look.
const DOUBT: f32 = 0.8;

/// The documents of a referral: one with its text, the others by name.
pub fn lines(reader: &Reader, documents: &[Document], title: &str) -> Vec<Line> {
    let others = documents
        .iter()
        .filter(|document| Some(document.id) != reader.document);
    let others: Vec<Line> = others
        .map(|document| Line::dim(format!("  also {} ({})", document.name, document.kind)))
        .collect();
    let Some(reading) = &reader.reading else {
        return others;
    };
    let pages = count_pages(reading.pages.len());
    let hint = if reader.fields().is_empty() {
        ""
    } else {
        "   { } walk the fields"
    };
    let mut out = vec![Line::section(
        title,
        vec![
            plain(reading.name.clone()),
            (format!(" · {pages}{hint}"), Tone::Dim),
        ],
    )];
    if let Some((field, found)) = reader.pointed() {
        let sure = format!("  {}%, {:?}", percent(found.confidence), found.how).to_lowercase();
        out.push(Line::of(vec![
            (format!("  ▸ {}: ", label(field)), Tone::Key),
            plain(shown(&found.value)),
            (sure, Tone::Dim),
        ]));
    }
    out.extend(
        reading
            .warnings
            .iter()
            .map(|warning| Line::of(vec![(format!("  ! {warning}"), Tone::Warn)])),
    );
    out.extend(others);
    out.extend(pages_of(reader));
    out
}

fn count_pages(pages: usize) -> String {
    match pages {
        1 => "1 page".into(),
        many => format!("{many} pages"),
    }
}

fn percent(confidence: f32) -> String {
    format!("{:.0}", (confidence * 100.0).clamp(0.0, 100.0))
}

/// The pages, the place of the field pointed at between brackets: a sign as well as a colour.
fn pages_of(reader: &Reader) -> Vec<Line> {
    let Some(reading) = &reader.reading else {
        return Vec::new();
    };
    let place = reader.place();
    let mut out = Vec::new();
    for (page, number) in reading.pages.iter().zip(1_u32..) {
        out.push(Line::dim(format!("── page {number} of {} ", reading.pages.len())));
        for (line, index) in page.lines.iter().zip(0_u32..) {
            let here = place.filter(|place| place.page == number && place.line == index);
            let Some(place) = here else {
                out.push(Line::text(line.text.clone()));
                continue;
            };
            let part = |from: u32, to: u32| -> String {
                let skip = usize::try_from(from).unwrap_or(usize::MAX);
                let take = usize::try_from(to.saturating_sub(from)).unwrap_or(0);
                line.text.chars().skip(skip).take(take).collect()
            };
            out.push(Line {
                spans: vec![
                    plain(part(0, place.start)),
                    (format!("⟦{}⟧", part(place.start, place.end)), Tone::Place),
                    plain(part(place.end, u32::MAX)),
                ],
                heading: false,
                pointed: true,
            });
        }
    }
    out
}

/// The document under the cursor of Intake: why it waits, its fields, its text.
pub fn intake(model: &Model) -> Vec<Line> {
    let Some(row) = model.intake.current() else {
        return vec![Line::dim("No document waits for a person.")];
    };
    let arrived = words::moment(row.received_at, model.now, model.settings.zone());
    let mut out = vec![
        Line {
            heading: true,
            ..Line::of(vec![
                (row.name.clone(), Tone::Head),
                (format!("  {}  {arrived}", row.kind), Tone::Dim),
            ])
        },
        Line::of(vec![
            ("waits because ".into(), Tone::Dim),
            (row.reason.clone(), Tone::Warn),
        ]),
        Line::default(),
    ];
    let reader = &model.intake.reader;
    let Some(reading) = &reader.reading else {
        out.push(Line::dim("Nothing could be read from it; the original is kept."));
        return out;
    };
    let fields = reader.fields();
    if !fields.is_empty() {
        out.push(Line::section(
            "Fields",
            vec![(" { } walk them, the doubtful first".into(), Tone::Dim)],
        ));
    }
    for (index, (field, found)) in fields.iter().enumerate() {
        let here = reader.field == Some(index);
        let doubt = found.confidence < DOUBT;
        let (sign, tone) = match (here, doubt) {
            (true, _) => ("▸", Tone::Key),
            (false, true) => ("?", Tone::Warn),
            (false, false) => (" ", Tone::Text),
        };
        out.push(Line::of(vec![
            (format!("{sign} {:<14} ", label(*field)), tone),
            plain(shown(&found.value)),
            (format!("  {}%", percent(found.confidence)), Tone::Dim),
        ]));
    }
    out.push(Line::section(
        "Text",
        vec![(count_pages(reading.pages.len()), Tone::Dim)],
    ));
    out.extend(
        reading
            .warnings
            .iter()
            .map(|warning| Line::of(vec![(format!("! {warning}"), Tone::Warn)])),
    );
    out.extend(pages_of(reader));
    out
}
