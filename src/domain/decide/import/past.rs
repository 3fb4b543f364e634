//! What happened elsewhere, as records here.
//!
//! Owns their new numbers, and what of a text is kept. Must not conclude anything from a status.

use super::super::draft::Draft;
use super::super::{people, visits};
use crate::domain::case::{Appointment, Note, NoteKind};
use crate::domain::id::{AppointmentId, NoteId};
use crate::domain::refusal::Refusal;
use crate::domain::text;
use crate::domain::time::whole_seconds;

/// Longest note: what is longer is no note, and is cut with a word that says so.
const NOTE_CHARS: usize = 8_000;

/// Appointments.
///
/// # Errors
/// Only a defect.
pub fn appointments(draft: &mut Draft<'_>, past: &[Appointment]) -> Result<(), Refusal> {
    let referral = draft.id()?;
    for theirs in past {
        let mut ours = theirs.clone();
        ours.id = AppointmentId(draft.fresh());
        ours.referral = referral;
        ours.starts_at = whole_seconds(ours.starts_at);
        ours.minutes = ours.minutes.clamp(1, visits::LONGEST);
        for part in [&mut ours.performer, &mut ours.place] {
            *part = people::optional_line("appointment", Some(part))
                .unwrap_or_default()
                .unwrap_or_default();
        }
        draft.put(ours)?;
    }
    Ok(())
}

/// Notes and calls, and one for what could not be taken as it was.
///
/// # Errors
/// Only a defect.
pub fn notes(draft: &mut Draft<'_>, past: &[Note], doubts: &[String]) -> Result<(), Refusal> {
    let referral = draft.id()?;
    for theirs in past {
        let mut ours = theirs.clone();
        ours.id = NoteId(draft.fresh());
        ours.referral = referral;
        ours.at = whole_seconds(ours.at);
        ours.author = text::line(&ours.author);
        ours.text = cut(&text::block(&ours.text));
        draft.put(ours)?;
    }
    if doubts.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = doubts.iter().map(|doubt| text::block(doubt)).collect();
    let note = Note {
        id: NoteId(draft.fresh()),
        referral,
        at: draft.now,
        author: draft.actor.name.clone(),
        kind: NoteKind::Text,
        call: None,
        text: cut(&format!(
            "Brought over; left blank or to be looked at:\n{}",
            lines.join("\n")
        )),
    };
    draft.put(note)
}

fn cut(text: &str) -> String {
    if text.chars().count() <= NOTE_CHARS {
        return text.to_owned();
    }
    let head: String = text.chars().take(NOTE_CHARS).collect();
    format!("{head} … (cut)")
}
