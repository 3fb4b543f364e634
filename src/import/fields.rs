//! Values as other systems write them, as ours: times, names, owners, visits.
//!
//! Must not know formats, or columns.

use super::Reading;
use crate::domain::case::{Activity, Appointment, AppointmentState, Call, Note, NoteKind};
use crate::domain::id::{AppointmentId, NoteId, ReferralId};
use crate::domain::person::HumanName;
use crate::domain::referral::Owner;
use crate::domain::text;
use crate::domain::time::{Stamp, Zone, at_local, clock, parse_day, parse_moment};

/// A visit whose length nobody states, in minutes.
const MINUTES: u32 = 30;

/// A time with its offset, a time of the clinic's zone, or a day, which begins there at midnight. Months and years alone are
/// none, and so is a time with words behind it: `PM`, `EST`.
pub fn when(raw: &str, zone: Zone) -> Option<Stamp> {
    let day = |raw: &str| Some(at_local(zone, parse_day(raw).ok()?, clock(0, 0)));
    parse_moment(raw, zone).or_else(|| day(raw))
}

/// A name in capitals as people write it; others stay as they came.
pub fn cased(name: HumanName) -> HumanName {
    let part = |part: String| {
        if part.chars().any(char::is_lowercase) {
            return part;
        }
        let words: Vec<String> = part.split(' ').map(crate::intake::cased).collect();
        words.join(" ")
    };
    HumanName {
        family: part(name.family),
        given: part(name.given),
        suffix: name.suffix,
    }
}

/// `Lee, Ann`, or `Ann Lee`.
pub fn whole_name(raw: &str) -> HumanName {
    let raw = text::squeeze(&text::line(raw));
    let (family, given) = match raw.split_once(',') {
        Some((family, given)) => (family.trim(), given.trim()),
        None => raw
            .rsplit_once(' ')
            .map_or((raw.as_str(), ""), |(given, family)| (family, given)),
    };
    HumanName {
        family: family.to_owned(),
        given: given.to_owned(),
        suffix: String::new(),
    }
}

/// A person, or a queue where `queue:` stands before its name.
pub fn owner(raw: &str) -> Option<Owner> {
    let raw = raw.trim();
    match raw.strip_prefix("queue:").map(str::trim) {
        Some(queue) => (!queue.is_empty()).then(|| Owner::Queue(queue.to_owned())),
        None => (!raw.is_empty()).then(|| Owner::Person(raw.to_owned())),
    }
}

/// What is known of a visit.
pub struct Visit {
    pub starts_at: Stamp,
    pub minutes: Option<u32>,
    pub performer: String,
    pub place: String,
    pub state: AppointmentState,
    /// What the system that keeps it calls it, with the kind of system before it.
    pub external: Option<String>,
    pub as_of: Option<Stamp>,
}

impl Visit {
    /// As an appointment. One that another system keeps has heard this of it, so that what it says later is newer.
    pub fn appointment(self, number: usize) -> Appointment {
        let minutes = self.minutes.filter(|minutes| *minutes > 0).unwrap_or(MINUTES);
        let mut appointment = Appointment {
            id: AppointmentId(i64::try_from(number).unwrap_or(0)),
            referral: ReferralId(0),
            starts_at: self.starts_at,
            minutes,
            performer: self.performer.clone(),
            place: self.place.clone(),
            state: self.state,
            external: self.external,
            activity: Vec::new(),
        };
        if appointment.external.is_some() {
            let said = |text: String| (!text.is_empty()).then_some(text);
            appointment.hear(Activity {
                as_of: self.as_of,
                sequence: None,
                state: Some(self.state),
                starts_at: Some(self.starts_at),
                minutes: Some(minutes),
                performer: said(self.performer),
                place: said(self.place),
            });
        }
        appointment
    }
}

/// A note.
pub fn note(at: Stamp, author: &str, text: &str, call: Option<Call>) -> Note {
    Note {
        id: NoteId(0),
        referral: ReferralId(0),
        at,
        author: author.to_owned(),
        kind: if call.is_some() {
            NoteKind::Call
        } else {
            NoteKind::Text
        },
        call,
        text: text.to_owned(),
    }
}

/// The key of the template that one of some words names: a specialty by its name, else one that a text is about.
pub fn template<'w>(reading: &Reading, words: impl Iterator<Item = (&'w str, bool)>) -> Option<String> {
    let policy = &reading.policy;
    words.into_iter().find_map(|(word, labelled)| {
        let named = policy.template_for(word).or_else(|| {
            let specialty = crate::intake::specialty_named(word, labelled)?;
            policy.template_for(specialty)
        });
        named.map(|template| template.key.clone())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{parse_zone, print_stamp};

    #[test]
    fn times_are_read_with_and_without_their_offset() {
        let zone = parse_zone("America/New_York").unwrap();
        let table = [
            ("2026-01-05T10:00:00Z", Some("2026-01-05T10:00:00Z")),
            ("2026-01-05T10:00:00.123-05:00", Some("2026-01-05T15:00:00Z")),
            ("2026-01-05T10:00", Some("2026-01-05T15:00:00Z")),
            ("2026-01-05 10:00:30", Some("2026-01-05T15:00:30Z")),
            ("2026-01-05", Some("2026-01-05T05:00:00Z")),
            ("2026-01-05 02:30:00 PM", None),
            ("2026-01", None),
            ("2026", None),
            ("2026-01-05T99:00", None),
            ("", None),
        ];
        for (raw, expected) in table {
            assert_eq!(when(raw, zone).map(print_stamp).as_deref(), expected, "{raw}");
        }
    }
}
