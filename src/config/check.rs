//! What must hold between settings.
//!
//! Owns the semantic checks, each naming its keys, so that the problem lands on a line of the file. Must not read files.

use super::schema::Settings;
use super::targets::longer_than_lower;
use crate::domain::case::CallOutcome;
use crate::domain::policy::Role;
use crate::domain::template::Template;
use crate::domain::text;
use crate::domain::time::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Takes the keys that do not go together, the reason, and what to do.
pub type Note<'a> = dyn FnMut(&[String], String, &str) + 'a;

/// Checks everything. `templates` is none where they could not be read: their own problems are told already.
pub fn check(settings: &Settings, templates: Option<&BTreeMap<String, Template>>, note: &mut Note<'_>) {
    check_order(settings, note);
    check_numbers(settings, note);
    check_names(settings, note);
    check_people(settings, note);
    super::intake::check(&settings.intake, note);
    super::eligibility::check(&settings.eligibility, note);
    super::check_channels::check(&settings.channels, &settings.clinic.email, note);
    super::check_screen::check(settings, note);
    super::second_reader::check(&settings.second_reader, note);
    super::rules::check(settings, templates, note);
    super::import::check(&settings.import, templates, note);
    super::staffing::check(settings, note);
    if let Some(templates) = templates {
        check_specialties(settings, templates, note);
        check_template_targets(settings, templates, note);
    }
}

/// Lengths of time of which the first may not be longer than the second.
fn check_order(settings: &Settings, note: &mut Note<'_>) {
    let (score, outreach) = (&settings.score, &settings.outreach);
    let urgency = "a higher priority never has the longer target: shorten it, or lengthen the other";
    let first = "the reminder goes first: shorten it, or lengthen the escalation";
    let table: [(&str, Span, &str, Span, &str); 4] = [
        (
            "score.asap",
            score.asap.span(),
            "score.urgent",
            score.urgent.span(),
            urgency,
        ),
        (
            "score.urgent",
            score.urgent.span(),
            "score.routine",
            score.routine.span(),
            urgency,
        ),
        (
            "outreach.info_reminder",
            outreach.info_reminder.span(),
            "outreach.info_escalation",
            outreach.info_escalation.span(),
            first,
        ),
        (
            "outreach.booking_email",
            outreach.booking_email.span(),
            "outreach.booking_escalation",
            outreach.booking_escalation.span(),
            first,
        ),
    ];
    for (shorter, span, longer, limit, fix) in table {
        if span > limit {
            note(
                &[shorter.to_owned(), longer.to_owned()],
                format!("{shorter} is longer than {longer}"),
                fix,
            );
        }
    }
    for (milestone, higher, lower) in longer_than_lower(&settings.sla.0) {
        let key = |priority: crate::domain::priority::Priority| {
            format!("sla.{}.{}", milestone.code(), priority.code())
        };
        note(
            &[key(higher), key(lower)],
            format!("{} is longer than {}", key(higher), key(lower)),
            urgency,
        );
    }
}

fn check_numbers(settings: &Settings, note: &mut Note<'_>) {
    if !(1..=99).contains(&settings.warn_at_percent) {
        note(
            &["warn_at_percent".into()],
            format!("{} is not between 1 and 99", settings.warn_at_percent),
            "75 warns when a quarter of the time is left",
        );
    }
    for (keys, what, fix) in settings.reading.problems() {
        note(&keys, what, fix);
    }
    let (from, to) = settings.outreach.patient_hours;
    if from >= to || to > 24 {
        note(
            &["outreach.patient_hours".into()],
            format!("[{from}, {to}] are not two hours of one day, the earlier first"),
            "write [8, 20] for 8 in the morning to 8 in the evening",
        );
    }
    if settings.outreach.call_again.contains_key(&CallOutcome::Reached) {
        note(
            &["outreach.call_again.reached".into()],
            "whoever was reached is not called again".into(),
            "take the line out",
        );
    }
}

/// Names are there, once, on one line.
fn check_names(settings: &Settings, note: &mut Note<'_>) {
    let lists: [(&str, Vec<&String>); 3] = [
        ("staff", settings.staff.iter().map(|each| &each.name).collect()),
        (
            "facilities",
            settings.facilities.iter().map(|each| &each.name).collect(),
        ),
        (
            "performers",
            settings.performers.iter().map(|each| &each.name).collect(),
        ),
    ];
    for (list, names) in lists {
        let mut seen = BTreeSet::new();
        for (place, name) in names.into_iter().enumerate() {
            let key = [format!("{list}[{place}].name"), format!("{list}[{place}]")];
            if name.trim().is_empty() {
                note(&key, "is empty".into(), "write a name");
            } else if !seen.insert(text::fold(name)) {
                note(
                    &key,
                    format!("`{}` is there twice", text::line(name)),
                    "take one out",
                );
            }
        }
    }
    let clinic = &settings.clinic;
    let lines = [
        ("clinic.name", &clinic.name),
        ("clinic.phone", &clinic.phone),
        ("clinic.fax", &clinic.fax),
        ("clinic.email", &clinic.email),
    ];
    for (key, value) in lines {
        if text::line(value) != *value {
            note(
                &[key.into()],
                "has a line break or an invisible character".into(),
                "type it anew on one line",
            );
        }
    }
    if clinic.name.trim().is_empty() {
        note(
            &["clinic.name".into()],
            "is empty".into(),
            "messages are signed with it",
        );
    }
}

fn check_people(settings: &Settings, note: &mut Note<'_>) {
    for (place, staff) in settings.staff.iter().enumerate() {
        if staff.role == Role::System {
            note(
                &[format!("staff[{place}].role"), format!("staff[{place}]")],
                "`system` is the program itself".into(),
                "choose read-only, coordinator, clinician or manager",
            );
        }
    }
    let rights = [
        ("rights.decline", &settings.rights.decline),
        ("rights.lower_priority", &settings.rights.lower_priority),
    ];
    for (key, roles) in rights {
        if roles.is_empty() {
            note(&[key.into()], "nobody may".into(), "name at least one role");
        }
        if roles
            .iter()
            .any(|role| matches!(role, Role::ReadOnly | Role::System))
        {
            note(
                &[key.into()],
                "names a role that takes no decisions".into(),
                "choose among coordinator, clinician and manager",
            );
        }
    }
    for (place, performer) in settings.performers.iter().enumerate() {
        let known = settings
            .facilities
            .iter()
            .any(|facility| facility.name == performer.facility);
        if !performer.facility.is_empty() && !known {
            note(
                &[
                    format!("performers[{place}].facility"),
                    format!("performers[{place}]"),
                ],
                format!(
                    "`{}` is not among the facilities",
                    text::line(&performer.facility)
                ),
                "write it as it stands in `facilities`",
            );
        }
    }
}

fn check_specialties(settings: &Settings, templates: &BTreeMap<String, Template>, note: &mut Note<'_>) {
    let own = settings.specialties.iter().enumerate();
    let own = own.map(|(place, key)| (format!("specialties[{place}]"), key));
    let performers = settings
        .performers
        .iter()
        .enumerate()
        .flat_map(|(place, performer)| {
            let at = move |nth| format!("performers[{place}].specialties[{nth}]");
            performer
                .specialties
                .iter()
                .enumerate()
                .map(move |(nth, key)| (at(nth), key))
        });
    let slots = settings.capacity.slots_per_week.keys();
    let slots = slots.map(|key| (format!("capacity.slots_per_week.{key}"), key));
    for (place, key) in own.chain(performers).chain(slots) {
        if !templates.contains_key(key) {
            let known: Vec<&str> = templates.keys().map(String::as_str).collect();
            note(
                &[place],
                format!("there is no template `{}`", text::line(key)),
                &format!("known are {}", known.join(", ")),
            );
        }
    }
}

/// A template that sets some of a milestone's targets takes the others from the clinic: together they must be in order.
fn check_template_targets(settings: &Settings, templates: &BTreeMap<String, Template>, note: &mut Note<'_>) {
    for template in templates.values() {
        if !longer_than_lower(&template.sla).is_empty() {
            continue;
        }
        let mut whole = settings.sla.0.clone();
        for (milestone, targets) in &template.sla {
            whole.entry(*milestone).or_default().extend(targets);
        }
        for (milestone, higher, lower) in longer_than_lower(&whole) {
            let clinics = settings.sla.0.get(&milestone);
            let from_clinic = longer_than_lower(&settings.sla.0).contains(&(milestone, higher, lower));
            if clinics.is_some() && !from_clinic {
                note(
                    &[
                        format!("sla.{}.{}", milestone.code(), higher.code()),
                        format!("sla.{}.{}", milestone.code(), lower.code()),
                    ],
                    format!(
                        "with the template `{}`, {} would have the longer target than {}",
                        template.key,
                        higher.code(),
                        lower.code()
                    ),
                    "change it, or set the template's own target for both",
                );
            }
        }
    }
}
