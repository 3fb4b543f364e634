//! What stands around a request in FHIR: appointments, notes, what a payer answered.
//!
//! Owns what is read of each. Must not know the request's own fields, nor which resource is about which request (`about`).

use super::Reading;
use super::about::Asked;
use super::fields::{Visit, note, when};
use crate::domain::case::{Appointment, AppointmentState, Note};
use crate::domain::command::Checked;
use crate::domain::coverage::Eligibility;
use crate::domain::text;
use crate::domain::time::Stamp;
use crate::standards::fhir::{self, Resources};
use crate::standards::{Happening, What};

/// What a payer answered, where there is one coverage and one answer that it can be about.
pub(super) fn check(asked: &Asked<'_>, resources: &Resources<'_>, reading: &Reading) -> Option<Checked> {
    let answer = resources
        .first("CoverageEligibilityResponse")
        .filter(|_| asked.alone && resources.of_type("Coverage").count() == 1)?;
    let stated = fhir::eligibility(answer, resources);
    let eligibility = match stated.first(What::EligibilityStatus) {
        Some("active") => Eligibility::Active,
        Some("inactive") => Eligibility::Inactive,
        Some(_) | None => return None,
    };
    let zone = reading.policy.clinic.zone;
    Some(Checked {
        eligibility,
        checked_at: answer.text("created").and_then(|raw| when(raw, zone)),
        valid_until: answer
            .text_at(&["insurance", "benefitPeriod", "end"])
            .and_then(|raw| crate::domain::time::parse_day(raw.get(..10)?).ok()),
        note: answer.text("disposition").map(str::to_owned),
    })
}

/// The appointments of a request.
pub(super) fn visits(
    asked: &Asked<'_>,
    since: Option<Stamp>,
    resources: &Resources<'_>,
    reading: &Reading,
) -> Vec<Appointment> {
    let zone = reading.policy.clinic.zone;
    asked
        .of_type("Appointment")
        .filter_map(|each| {
            let state = match fhir::happening(each.text("status")?) {
                Happening::Booked | Happening::Arrived | Happening::Rescheduled | Happening::Modified => {
                    AppointmentState::Booked
                }
                Happening::Cancelled => AppointmentState::Cancelled,
                Happening::NoShow => AppointmentState::NoShow,
                Happening::Fulfilled => AppointmentState::Fulfilled,
                // Asked for, and not settled: nobody comes.
                Happening::Proposed => return None,
            };
            let stated = fhir::appointment(each, resources);
            let first = |what: What| stated.first(what);
            let external = first(What::AppointmentId).map(|id| {
                let name: String = format!("fhir/{}", text::line(id)).chars().take(200).collect();
                name
            });
            Some(Visit {
                starts_at: first(What::AppointmentStart)
                    .and_then(|raw| when(raw, zone))
                    .or(since)?,
                minutes: first(What::AppointmentMinutes).and_then(|raw| raw.parse().ok()),
                performer: first(What::ReferredTo).unwrap_or_default().to_owned(),
                place: first(What::AppointmentPlace).unwrap_or_default().to_owned(),
                state,
                external,
                as_of: first(What::AsOf).and_then(|raw| when(raw, zone)),
            })
        })
        .enumerate()
        .map(|(place, visit)| visit.appointment(place + 1))
        .collect()
}

/// Notes on the request, communications about it, and the titles of documents whose bytes are elsewhere.
pub(super) fn notes(asked: &Asked<'_>, fallback: Stamp, reading: &Reading) -> Vec<Note> {
    let zone = reading.policy.clinic.zone;
    let time = |raw: Option<&str>| raw.and_then(|raw| when(raw, zone)).unwrap_or(fallback);
    let mut all = Vec::new();
    for each in asked.request.each("note") {
        let author = each
            .text("authorString")
            .or_else(|| each.text_at(&["authorReference", "display"]));
        if let Some(words) = each.text("text") {
            all.push(note(
                time(each.text("time")),
                author.unwrap_or("brought over"),
                words,
                None,
            ));
        }
    }
    for each in asked.of_type("Communication") {
        let author = each.text_at(&["sender", "display"]).unwrap_or("brought over");
        let words: Vec<&str> = each
            .each("payload")
            .filter_map(|payload| payload.text("contentString"))
            .collect();
        if !words.is_empty() {
            all.push(note(time(each.text("sent")), author, &words.join("\n"), None));
        }
    }
    for each in asked.of_type("DocumentReference") {
        let title = each
            .text_at(&["content", "attachment", "title"])
            .or_else(|| each.text("description"))
            .or_else(|| each.text_at(&["type", "text"]));
        let words = format!(
            "A document of it stands in the system that it came from: {}",
            title.unwrap_or("without a title")
        );
        all.push(note(time(each.text("date")), "brought over", &words, None));
    }
    all
}
