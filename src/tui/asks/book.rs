//! Questions of booking.

use super::{about, id_of};
use crate::domain::command::Command;
use crate::store::board::QueueRow;
use crate::tui::action::Action;
use crate::tui::form::{Choice, Composed, Form, Wrong, choice, combo, text, text_with};
use crate::tui::model::Model;
use crate::tui::when;

/// Names with the wonted one first: an empty field means the first.
fn wonted_first(names: &[String], wonted: Option<String>) -> Vec<Choice> {
    let mut out: Vec<Choice> = wonted.iter().map(|name| choice(name, name)).collect();
    out.extend(
        names
            .iter()
            .filter(|name| Some(*name) != wonted.as_ref())
            .map(|name| choice(name, name)),
    );
    out
}

/// Book: the time in words; the rest as the last time.
pub fn schedule(model: &Model, targets: &[QueueRow]) -> Form {
    let snapshot = model.sheet_of(targets).map(|sheet| &sheet.snapshot);
    let asked = snapshot.and_then(|snapshot| snapshot.referral()?.performer.clone());
    let remembered = |name: &str| model.remembered.get(name).cloned();
    let minutes = remembered("minutes").unwrap_or_else(|| model.settings.minutes.to_string());
    let performers = wonted_first(
        &model.settings.performers,
        asked.or_else(|| remembered("performer")),
    );
    let places = wonted_first(&model.settings.places, remembered("place"));
    let mut form = Form::new(
        Action::Schedule,
        format!("Schedule {}", about(targets)),
        |form, model, row| {
            let starts_at = when::parse(&form.value("when"), model.settings.zone(), model.now)
                .map_err(|because| Wrong::new("when", because))?;
            let minutes = form
                .value("minutes")
                .trim()
                .parse()
                .ok()
                .filter(|minutes| (1..=1440).contains(minutes))
                .ok_or_else(|| Wrong::new("minutes", "a number of minutes, like 30"))?;
            Ok(Composed::Commands(vec![Command::Schedule {
                referral: id_of(row)?,
                starts_at,
                minutes,
                performer: form.value("performer"),
                place: form.value("place"),
            }]))
        },
    )
    .field("when", "when", text())
    .required()
    .hint(when::HINT)
    .field("minutes", "minutes", text_with(minutes))
    .required()
    .field("performer", "with", combo(performers, "", true))
    .required()
    .field("place", "where", combo(places, "", true))
    .required();
    if let Some(now) = snapshot.and_then(|snapshot| snapshot.live_appointment()) {
        let at = crate::domain::time::show_stamp(model.settings.zone(), now.starts_at, model.now);
        form.about = format!("Booked for {at} so far: the new time takes its place.");
    }
    form
}

/// No slot.
pub fn waitlist(_: &Model, targets: &[QueueRow]) -> Form {
    Form::new(
        Action::Waitlist,
        format!("Waiting list · {}", about(targets)),
        |form, _, row| {
            Ok(Composed::Commands(vec![Command::Waitlist {
                referral: id_of(row)?,
                reason: form.value("reason"),
            }]))
        },
    )
    .field("reason", "reason", text())
    .hint("optional")
}
