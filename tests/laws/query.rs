//! What a query means, said once more and plainly: the windows of the queue are held to it.

use refdesk::domain::case::{AppointmentState, TaskState};
use refdesk::domain::lists::List;
use refdesk::domain::query::{Moment, Name, Numbers, Query, Test, Thing};
use refdesk::domain::referral::{Owner, Referral};
use refdesk::domain::snapshot::Snapshot;
use refdesk::domain::time::{Stamp, Zone, age_on, day_in};

/// Whether a referral matches.
pub fn matches(world: &Snapshot, referral: &Referral, query: &Query, now: Stamp) -> bool {
    query
        .terms
        .iter()
        .all(|term| holds(world, referral, &term.test, now) != term.not)
}

fn holds(world: &Snapshot, referral: &Referral, test: &Test, now: Stamp) -> bool {
    let within = |number: i64, numbers: &Numbers| {
        numbers.from.is_none_or(|from| number >= i64::from(from))
            && numbers.to.is_none_or(|to| number <= i64::from(to))
    };
    let between = |moment: Moment, from: Option<Stamp>, to: Option<Stamp>| {
        let at = match moment {
            Moment::Received => Some(referral.received_at),
            Moment::Due => referral.due_at,
        };
        at.is_some_and(|at| from.is_none_or(|from| at >= from) && to.is_none_or(|to| at < to))
    };
    match test {
        Test::List(lists) => lists.contains(&List::of(referral)),
        Test::Priority(all) => all.contains(&referral.priority),
        Test::Status(all) => all.contains(&referral.status),
        Test::Source(all) => all.contains(&referral.source),
        Test::Name(name, parts) => {
            let names = names(world, referral, *name);
            let contains = |text: &String, part: &String| text.to_lowercase().contains(&part.to_lowercase());
            parts
                .iter()
                .any(|part| names.iter().any(|name| contains(name, part)))
        }
        Test::Overdue => referral.due_at.is_some_and(|due| due < now),
        Test::Missing => !referral.missing.is_empty(),
        Test::MissingItem(parts) => parts
            .iter()
            .any(|part| referral.missing.iter().any(|item| item.contains(part.as_str()))),
        Test::Has(things) => things.iter().any(|thing| has(world, referral, *thing)),
        Test::On(moment, days) => {
            let (from, to) = days.stamps(now, Zone::UTC);
            between(*moment, from, to)
        }
        Test::Between(moment, from, to) => between(*moment, *from, *to),
        Test::Waiting(days) => within((now - referral.received_at).num_days(), days),
        Test::Age(years, on) => {
            let today = on.unwrap_or_else(|| day_in(Zone::UTC, now));
            let dob = world.patient(referral.patient).and_then(|patient| patient.dob);
            dob.is_some_and(|dob| within(i64::from(age_on(dob, today)), years))
        }
        Test::Calls(count) => within(i64::from(referral.attempts), count),
        Test::Template(keys) => keys.contains(&referral.template),
        Test::Coverage(states) => {
            let mut own: Vec<_> = world
                .coverages
                .iter()
                .filter(|coverage| coverage.referral == referral.id)
                .collect();
            own.sort_by_key(|coverage| (coverage.rank, coverage.id));
            states.contains(&own.first().map(|coverage| coverage.eligibility))
        }
        Test::Language(tags) => tags.iter().any(|tag| {
            let language = world.patient(referral.patient).unwrap().language.clone();
            language.split('-').next() == Some(tag.as_str()) || language == *tag
        }),
    }
}

fn names(world: &Snapshot, referral: &Referral, name: Name) -> Vec<String> {
    match name {
        Name::Patient => world
            .patient(referral.patient)
            .map(|patient| patient.name.filed())
            .into_iter()
            .collect(),
        Name::Owner => {
            let (Owner::Queue(name) | Owner::Person(name)) = &referral.owner;
            vec![name.clone()]
        }
        Name::Specialty => vec![referral.specialty.clone()],
        Name::Service => vec![referral.service.clone()],
        Name::Payer => world
            .coverages
            .iter()
            .filter(|coverage| coverage.referral == referral.id)
            .map(|coverage| coverage.payer.clone())
            .collect(),
        Name::Site => world
            .organization(referral.facility)
            .map(|site| site.name.clone())
            .into_iter()
            .collect(),
        Name::Reason => std::iter::once(referral.reason_text.clone())
            .chain(referral.reason_codes.iter().cloned())
            .collect(),
        Name::From => {
            let person = world
                .practitioner(referral.requester)
                .map(|person| person.name.filed());
            let practice = world
                .organization(referral.requester_org)
                .map(|practice| practice.name.clone());
            person.into_iter().chain(practice).collect()
        }
    }
}

fn has(world: &Snapshot, referral: &Referral, thing: Thing) -> bool {
    let patient = world.patient(referral.patient);
    match thing {
        Thing::Phone => patient.is_some_and(|patient| patient.phone.is_some()),
        Thing::Email => patient.is_some_and(|patient| patient.email.is_some()),
        Thing::Document => {
            referral.source_document.is_some()
                || world
                    .documents
                    .iter()
                    .any(|document| document.referral == Some(referral.id))
        }
        Thing::Visit => world.appointments.iter().any(|visit| {
            visit.referral == referral.id
                && matches!(
                    visit.state,
                    AppointmentState::Booked | AppointmentState::Confirmed
                )
        }),
        Thing::Authorisation => referral.authorization.is_some(),
        Thing::Hold => !referral.holds.is_empty(),
        Thing::Provider => referral.requester.is_some(),
        Thing::Note => world.notes.iter().any(|note| note.referral == referral.id),
        Thing::Task => world
            .tasks
            .iter()
            .any(|task| task.referral == referral.id && task.state == TaskState::Open),
        Thing::CallBack => referral.callback_at.is_some(),
    }
}
