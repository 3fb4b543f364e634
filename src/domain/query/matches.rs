//! Whether a referral is what a query asks for, looked at in its own records.
//!
//! Owns the meaning of every term for one referral at hand: what the store says in SQL of many, this says of one, and a test holds
//! them to each other. Must not search.

use super::{Moment, Name, Numbers, Query, Term, Test, Thing};
use crate::domain::case::{AppointmentState, TaskState};
use crate::domain::referral::{Owner, Referral};
use crate::domain::snapshot::Snapshot;
use crate::domain::time::{Stamp, Zone, age_on, day_in};

/// Whether the snapshot's referral matches, with days as they are in a zone; nothing matches where there is no referral.
pub fn matches(query: &Query, snapshot: &Snapshot, now: Stamp, zone: Zone) -> bool {
    snapshot.referral().is_some_and(|referral| {
        query
            .terms
            .iter()
            .all(|term| holds(term, snapshot, referral, now, zone))
    })
}

/// Whether a term holds for a referral of the snapshot.
pub fn holds(term: &Term, snapshot: &Snapshot, referral: &Referral, now: Stamp, zone: Zone) -> bool {
    is_so(&term.test, snapshot, referral, now, zone) != term.not
}

fn is_so(test: &Test, snapshot: &Snapshot, referral: &Referral, now: Stamp, zone: Zone) -> bool {
    match test {
        Test::List(lists) => lists.contains(&referral.list),
        Test::Priority(all) => all.contains(&referral.priority),
        Test::Status(all) => all.contains(&referral.status),
        Test::Source(all) => all.contains(&referral.source),
        Test::Name(name, parts) => named(*name, parts, snapshot, referral),
        Test::Overdue => referral.due_at.is_some_and(|due| due < now),
        Test::Missing => !referral.missing.is_empty(),
        Test::MissingItem(parts) => referral.missing.iter().any(|item| any_part(item, parts)),
        Test::Has(things) => things.iter().any(|thing| has(*thing, snapshot, referral)),
        Test::On(moment, days) => {
            let (from, to) = days.stamps(now, zone);
            between(*moment, referral, from, to)
        }
        Test::Between(moment, from, to) => between(*moment, referral, *from, *to),
        Test::Waiting(days) => within((now - referral.received_at).num_days(), days),
        Test::Age(years, on) => {
            let today = on.unwrap_or_else(|| day_in(zone, now));
            let dob = snapshot.patient(referral.patient).and_then(|patient| patient.dob);
            dob.is_some_and(|dob| within(i64::from(age_on(dob, today)), years))
        }
        Test::Calls(count) => within(i64::from(referral.attempts), count),
        Test::Template(keys) => keys.contains(&referral.template),
        Test::Coverage(states) => {
            let primary = of(snapshot, referral).min_by_key(|coverage| (coverage.rank, coverage.id));
            states.contains(&primary.map(|coverage| coverage.eligibility))
        }
        Test::Language(tags) => snapshot
            .patient(referral.patient)
            .is_some_and(|patient| tags.iter().any(|tag| speaks(&patient.language, tag))),
    }
}

fn of<'a>(
    snapshot: &'a Snapshot,
    referral: &Referral,
) -> impl Iterator<Item = &'a crate::domain::coverage::Coverage> {
    let id = referral.id;
    snapshot
        .coverages
        .iter()
        .filter(move |coverage| coverage.referral == id)
}

fn within(number: i64, numbers: &Numbers) -> bool {
    numbers.from.is_none_or(|from| number >= i64::from(from))
        && numbers.to.is_none_or(|to| number <= i64::from(to))
}

fn between(moment: Moment, referral: &Referral, from: Option<Stamp>, to: Option<Stamp>) -> bool {
    let at = match moment {
        Moment::Received => Some(referral.received_at),
        Moment::Due => referral.due_at,
    };
    at.is_some_and(|at| from.is_none_or(|from| at >= from) && to.is_none_or(|to| at < to))
}

/// Contains one of the parts; as in SQLite's LIKE, only the letters of ASCII are the same in both cases.
fn any_part(text: &str, parts: &[String]) -> bool {
    let text = text.to_ascii_lowercase();
    parts.iter().any(|part| text.contains(&part.to_ascii_lowercase()))
}

/// The tag itself, or a longer one that begins with it.
fn speaks(language: &str, tag: &str) -> bool {
    let (language, tag) = (language.to_ascii_lowercase(), tag.to_ascii_lowercase());
    language
        .strip_prefix(&tag)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

fn named(name: Name, parts: &[String], snapshot: &Snapshot, referral: &Referral) -> bool {
    match name {
        Name::Patient => snapshot
            .patient(referral.patient)
            .is_some_and(|patient| any_part(&patient.name.filed(), parts)),
        Name::Owner => {
            let (Owner::Queue(owner) | Owner::Person(owner)) = &referral.owner;
            any_part(owner, parts)
        }
        Name::Specialty => any_part(&referral.specialty, parts),
        Name::Service => any_part(&referral.service, parts),
        Name::Payer => of(snapshot, referral).any(|coverage| any_part(&coverage.payer, parts)),
        Name::Site => snapshot
            .organization(referral.facility)
            .is_some_and(|site| any_part(&site.name, parts)),
        Name::From => {
            let person = snapshot.practitioner(referral.requester);
            let practice = snapshot.organization(referral.requester_org);
            person.is_some_and(|person| any_part(&person.name.filed(), parts))
                || practice.is_some_and(|practice| any_part(&practice.name, parts))
        }
        Name::Reason => {
            any_part(&referral.reason_text, parts)
                || referral.reason_codes.iter().any(|code| any_part(code, parts))
        }
    }
}

fn has(thing: Thing, snapshot: &Snapshot, referral: &Referral) -> bool {
    let id = referral.id;
    let patient = snapshot.patient(referral.patient);
    match thing {
        Thing::Phone => patient.is_some_and(|patient| patient.phone.is_some()),
        Thing::Email => patient.is_some_and(|patient| patient.email.is_some()),
        Thing::Document => {
            referral.source_document.is_some()
                || snapshot
                    .documents
                    .iter()
                    .any(|document| document.referral == Some(id))
        }
        Thing::Visit => snapshot.appointments.iter().any(|visit| {
            visit.referral == id
                && matches!(
                    visit.state,
                    AppointmentState::Booked | AppointmentState::Confirmed
                )
        }),
        Thing::Authorisation => referral.authorization.is_some(),
        Thing::Hold => !referral.holds.is_empty(),
        Thing::Provider => referral.requester.is_some(),
        Thing::Note => snapshot.notes.iter().any(|note| note.referral == id),
        Thing::Task => snapshot
            .tasks
            .iter()
            .any(|task| task.referral == id && task.state == TaskState::Open),
        Thing::CallBack => referral.callback_at.is_some(),
    }
}
