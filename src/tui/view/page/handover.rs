//! The shift handover: part by part, each line a referral that opens.

use super::{Line, Sheet};
use crate::report::handover::Handover;
use crate::tui::model::Model;
use crate::tui::theme::Tone;
use crate::tui::width::fit;
use crate::tui::words;

/// What is drawn of it.
pub(super) fn sheet(model: &Model, handover: &Handover, width: usize) -> Sheet {
    let zone = model.settings.zone();
    let when = |at| words::moment(at, model.now, zone);
    let mut lines = Vec::new();
    if handover.parts.is_empty() {
        lines.push(Line::text("Nothing happened, and nothing is due.", Tone::Good));
    }
    let name = if width < 80 { 15 } else { 22 };
    let mut lead = 0;
    for (part, of, more) in &handover.parts {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::of(vec![
            (part.label().to_owned(), Tone::Head),
            (
                format!("  {}", handover.figure(*part, of.len() + more)),
                Tone::Dim,
            ),
        ]));
        for line in of {
            let by = match line.by.as_str() {
                "" => String::new(),
                by => format!("{by}: "),
            };
            lines.push(Line {
                spans: vec![
                    (format!("{:<10} ", line.referral.to_string()), Tone::Text),
                    (format!("{} ", fit(&line.patient, name)), Tone::Text),
                    (format!("{} ", fit(&when(line.at), 15)), Tone::Dim),
                    (format!("{by}{}", line.says), Tone::Text),
                ],
                lead: Some(lead),
            });
            lead += 1;
        }
        if *more > 0 {
            lines.push(Line::text(
                format!("  and {} more", handover.figure(*part, *more)),
                Tone::Dim,
            ));
        }
    }
    if handover.unread > 0 {
        let text = format!(
            "{} earlier changes were too many to be looked at",
            handover.unread
        );
        lines.push(Line::text(text, Tone::Warn));
    }
    Sheet {
        title: format!("Since you left, {}", when(handover.since)),
        lines,
        hint: "j k choose · enter opens · esc leaves",
    }
}
