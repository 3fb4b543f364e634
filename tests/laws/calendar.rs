//! Business time over simulated years: both changes of the clock, leap days, ends of years, holidays.

use crate::common::{self, Desk, at, complete, incomplete};
use proptest::prelude::*;
use proptest::sample::select;
use refdesk::config::Config;
use refdesk::domain::calendar::Calendar;
use refdesk::domain::clocks::clinic_clock;
use refdesk::domain::command::{Command, Receive};
use refdesk::domain::priority::Priority;
use refdesk::domain::time::{Span, Stamp, Zone, day_in, from_seconds, seconds};
use std::path::Path;

/// New York and London change their clocks on different days, Phoenix never, Lord Howe by half an hour, Chatham lies at 12:45.
const ZONES: [&str; 5] = [
    "America/New_York",
    "Europe/London",
    "America/Phoenix",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
];

/// A clinic open on some Saturdays, or until midnight, or over the hour of the change on a Sunday.
const HOURS: [&str; 3] = [
    "",
    "saturday = \"09:00-12:30\"\nwednesday = \"closed\"\n",
    "sunday = \"00:30-05:00\"\nfriday = \"13:00-23:59\"\n",
];

fn calendar(zone: &str, hours: &str) -> Calendar {
    let text = format!(
        "[clinic]\nzone = \"{zone}\"\n[hours]\n{hours}closed_on = [\"new-year\", \"thanksgiving\", \"christmas\", \"independence-day\"]\n\
         holidays = [\"2028-02-29\"]\n"
    );
    let config = Config::from_text(&text, Path::new("config.toml")).unwrap_or_else(|error| panic!("{error}"));
    config.policy().calendar
}

/// A moment of 2024 to 2033; a third of them within two days of a change of the clock, a leap day or an end of a year.
fn moment() -> impl Strategy<Value = Stamp> {
    let anywhere = seconds(at("2024-01-01T00:00:00Z"))..seconds(at("2033-12-31T00:00:00Z"));
    let edges = [
        "2024-02-29T12:00:00Z",
        "2028-02-29T12:00:00Z",
        "2026-03-08T07:00:00Z",
        "2026-11-01T06:00:00Z",
        "2027-03-28T01:00:00Z",
        "2027-10-31T01:00:00Z",
        "2026-12-31T23:59:59Z",
        "2027-12-31T12:00:00Z",
        "2026-04-04T15:00:00Z",
        "2026-10-03T15:30:00Z",
    ];
    let near = (select(edges.to_vec()), -172_800_i64..172_800).prop_map(|(edge, by)| seconds(at(edge)) + by);
    prop_oneof![2 => anywhere, 1 => near].prop_map(from_seconds)
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    (select(ZONES.to_vec()), select(HOURS.to_vec())).prop_map(|(zone, hours)| calendar(zone, hours))
}

/// Open days from the one after a moment's up to and with another's.
fn open_days(calendar: &Calendar, from: Stamp, to: Stamp) -> usize {
    let zone: Zone = calendar.zone();
    let (first, last) = (day_in(zone, from), day_in(zone, to));
    first
        .iter_days()
        .skip(1)
        .take_while(|day| *day <= last)
        .filter(|day| {
            let noon = |clock| refdesk::domain::time::at_local(zone, *day, clock);
            let start = noon(refdesk::domain::time::clock(0, 0));
            let end = start + Span::hours(26);
            calendar.open_between(start, end.min(noon(refdesk::domain::time::clock(23, 59)))) > Span::zero()
        })
        .count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn open_time_adds_up(calendar in any_calendar(), a in moment(), b in 0_i64..4_000_000, c in 0_i64..4_000_000) {
        let middle = a + Span::seconds(b);
        let end = middle + Span::seconds(c);
        prop_assert_eq!(calendar.open_between(a, middle) + calendar.open_between(middle, end), calendar.open_between(a, end));
        prop_assert!(calendar.open_between(a, end) <= end - a, "open time is time");
        prop_assert_eq!(calendar.open_between(end, a), Span::zero());
    }

    #[test]
    fn what_is_added_is_open_time_and_ends_in_it(calendar in any_calendar(), from in moment(), minutes in 1_i64..9_000) {
        let to = calendar.add_open(from, Span::minutes(minutes));
        prop_assert_eq!(calendar.open_between(from, to), Span::minutes(minutes));
        prop_assert!(calendar.is_open(to - Span::seconds(1)));
        let later = calendar.add_open(from + Span::minutes(7), Span::minutes(minutes));
        prop_assert!(later >= to, "whoever starts later is done no earlier");
        prop_assert!(calendar.add_open(from, Span::minutes(minutes + 1)) > to);
    }

    #[test]
    fn a_day_is_an_open_day(calendar in any_calendar(), from in moment(), days in 1_u32..40) {
        let start = calendar.next_open(from);
        prop_assert!(calendar.is_open(start) && calendar.next_open(start) == start && start >= from);
        prop_assert_eq!(calendar.open_between(from, start), Span::zero());
        let to = calendar.add_days(from, days);
        prop_assert_eq!(open_days(&calendar, start, to), days as usize);
        prop_assert!(calendar.is_open(to - Span::seconds(1)) || calendar.is_open(to));
        prop_assert!(calendar.add_days(from, days + 1) > to);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every milestone is warned of before it is due, and a higher priority is never due later; the two clocks agree with the wall.
    #[test]
    fn targets_and_clocks_hold_whenever_it_came(received in moment(), later in 1_i64..40, pause in 1_i64..20) {
        let (business, wall) = (Desk::configured("[sla.decide]\nroutine = \"3 bd\"\n"), Desk::new());
        for (mut desk, pauses) in [(business, true), (wall, false)] {
        desk.now = received;
        let mut targets = Vec::new();
        for (number, priority) in Priority::ALL.into_iter().enumerate() {
            let id = desk.receive(Receive {
                patient: refdesk::domain::command::Ref::New(common::patient(number)),
                ..complete(priority)
            });
            let milestones = desk.snapshot(id).milestones;
            for milestone in &milestones {
                prop_assert!(received <= milestone.warn_at && milestone.warn_at < milestone.target_at);
            }
            targets.push(milestones.iter().map(|milestone| milestone.target_at).collect::<Vec<_>>());
        }
        for pair in targets.windows(2) {
            prop_assert!(pair[0].iter().zip(&pair[1]).all(|(lower, higher)| higher <= lower), "{:?}", pair);
        }
        let id = desk.receive(Receive {
            patient: refdesk::domain::command::Ref::New(common::patient(9)),
            ..incomplete(Priority::Routine)
        });
        let decide = |desk: &Desk| desk.snapshot(id).milestones[1].target_at;
        let before = decide(&desk);
        desk.after(Span::hours(later)).does(Command::RequestInfo { referral: id, items: Vec::new(), message: None });
        let asked = desk.now;
        desk.after(Span::hours(pause)).does(Command::ProvideItems {
            referral: id,
            items: vec!["ecg".into(), "visit-note".into()],
        });
        let calendar = &common::policy().calendar;
        let referral = desk.referral(id);
        let clock = clinic_clock(&referral, calendar, desk.now);
        prop_assert_eq!(clock.ran + clock.paused, calendar.open_between(received, desk.now));
        prop_assert_eq!(clock.paused, calendar.open_between(asked, desk.now));
        prop_assert_eq!(referral.patient_clock(desk.now), desk.now - received);
        let after = decide(&desk);
        // What the provider owed is given back in open time to a target in open time; the patient's clock never pauses.
        let owed = if pauses && clock.paused > Span::zero() { calendar.add_open(before, clock.paused) } else { before };
        prop_assert_eq!(after, owed);
        }
    }
}
