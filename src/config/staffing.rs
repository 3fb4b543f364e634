//! Who is away and who covers; how many slots a week has.
//!
//! Owns the shape of these keys and their way to the domain. Must not know what follows from them.

use super::check::Note;
use super::schema::Settings;
use super::values::Date;
use crate::domain::cover::{Absence, Cover};
use crate::domain::referral::Owner;
use crate::domain::text::line;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the clinic can do in a week.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Capacity {
    /// Slots for new visits in a week without holidays, by the key of the template.
    pub slots_per_week: BTreeMap<String, u32>,
}

/// An absence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbsenceText {
    /// Who is away: a name as among staff or performers.
    pub who: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Who covers: such a name, or a queue.
    pub cover: String,
}

/// The absences as the domain has them; of a checked configuration, all of them.
pub(super) fn cover(settings: &Settings) -> Cover {
    Cover::new(absences(settings)).unwrap_or_default()
}

fn absences(settings: &Settings) -> Vec<Absence> {
    let absence = |text: &AbsenceText| Absence {
        who: text.who.clone(),
        from: text.from.0,
        to: text.to.0,
        cover: owner(settings, &text.cover),
    };
    settings.absences.iter().map(absence).collect()
}

/// A person by a name as among staff or performers; else a queue.
pub(super) fn owner(settings: &Settings, name: &str) -> Owner {
    if is_person(settings, name) {
        Owner::Person(name.to_owned())
    } else {
        Owner::Queue(name.to_owned())
    }
}

fn is_person(settings: &Settings, name: &str) -> bool {
    let staff = settings.staff.iter().map(|staff| &staff.name);
    let performers = settings.performers.iter().map(|performer| &performer.name);
    staff.chain(performers).any(|each| each == name)
}

/// Everybody who is named is there, and the cover leads to somebody.
pub(super) fn check(settings: &Settings, note: &mut Note<'_>) {
    let escalate_to = &settings.escalate_to;
    if !is_person(settings, escalate_to) && !settings.queues.contains(escalate_to) {
        note(
            &["escalate_to".to_owned(), "queues".to_owned()],
            format!("there is nobody and no queue `{}`", line(escalate_to)),
            "write a name as among staff or performers, or a queue",
        );
    }
    let keys = |place: usize, key: &str| [format!("absences[{place}].{key}"), format!("absences[{place}]")];
    for (place, absence) in settings.absences.iter().enumerate() {
        if !is_person(settings, &absence.who) {
            note(
                &keys(place, "who"),
                format!("nobody is called `{}`", line(&absence.who)),
                "write the name as it stands among staff or performers",
            );
        }
        if !is_person(settings, &absence.cover) && !settings.queues.contains(&absence.cover) {
            note(
                &keys(place, "cover"),
                format!("there is nobody and no queue `{}`", line(&absence.cover)),
                "write a name as among staff or performers, or a queue",
            );
        }
    }
    if let Err((place, why)) = Cover::new(absences(settings)) {
        note(&keys(place, "from"), why, "put the days or the cover right");
    }
}

/// What the example says of the absences.
pub(super) const ABSENCES: (&str, &[&str]) = (
    "absences",
    &[
        "Who is away, from the first day to the last, and who covers: a person or a queue. The referrals stay theirs; on these days",
        "whoever covers is shown beside them and finds them among their own (owner:tom), and they come back by themselves.",
        "  absences = [{ who = \"Ana Ruiz\", from = \"2026-12-21\", to = \"2027-01-04\", cover = \"Tom Lee\" }]",
    ],
);
