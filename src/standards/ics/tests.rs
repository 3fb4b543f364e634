//! Calendars as scheduling systems write them, and what is read of them.

use super::*;

fn event(inner: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n{inner}END:VEVENT\r\nEND:VCALENDAR\r\n")
}

#[test]
fn an_event_states_a_visit() {
    let text = event(concat!(
        "UID:a1@clinic\r\nDTSTAMP:20260301T120000Z\r\nSEQUENCE:2\r\nDTSTART;TZID=America/New_York:20260310T093000\r\n",
        "DTEND;TZID=America/New_York:20260310T101500\r\nSUMMARY:Echo\\, stress\r\nLOCATION:Room 2\r\n",
        "ORGANIZER;CN=\"Chen, Wei\":mailto:c@example.org\r\nDESCRIPTION:Patient: Alvarez\\, Rosa\\nDOB: 1970-05-04\\nRefer\r\n ral: R-20417-F\r\n",
        "BEGIN:VALARM\r\nDESCRIPTION:Patient: Nobody\r\nEND:VALARM\r\n",
    ));
    let all = read(&text).unwrap();
    let stated = &all[0];
    assert_eq!(
        (all.len(), stated.sense),
        (1, Sense::Appointment(Happening::Booked))
    );
    let table = [
        (What::AppointmentId, "a1@clinic"),
        (What::AppointmentStart, "2026-03-10T13:30:00Z"),
        (What::AsOf, "2026-03-01T12:00:00Z"),
        (What::Sequence, "2"),
        (What::AppointmentMinutes, "45"),
        (What::AppointmentPlace, "Room 2"),
        (What::Service, "Echo, stress"),
        (What::ReferredTo, "Wei Chen"),
        (What::PatientName, "Alvarez, Rosa"),
        (What::Dob, "1970-05-04"),
        (What::ReferralId, "R-20417-F"),
    ];
    for (what, expected) in table {
        assert_eq!(stated.first(what), Some(expected), "{what:?}");
    }
    assert_eq!(stated.all(What::PatientName).count(), 1);
}

#[test]
fn a_time_is_of_the_zone_that_it_names() {
    let table = [
        ("DTSTART:20260310T093000", Some("2026-03-10T09:30:00")),
        ("DTSTART:20260310T093000Z", Some("2026-03-10T09:30:00Z")),
        (
            "DTSTART;TZID=America/Los_Angeles:20260310T093000",
            Some("2026-03-10T16:30:00Z"),
        ),
        (
            "DTSTART;TZID=\"Pacific Standard Time\":20260310T093000",
            Some("2026-03-10T16:30:00Z"),
        ),
        (
            "DTSTART;TZID=/example.org/America/Chicago:20260310T093000",
            Some("2026-03-10T14:30:00Z"),
        ),
        ("DTSTART;TZID=Our own:20260310T093000", None),
        ("DTSTART;VALUE=DATE:20260310", None),
        ("DTSTART:20260310", None),
    ];
    for (line, expected) in table {
        let all = read(&event(&format!("UID:a\r\n{line}\r\n"))).unwrap();
        assert_eq!(all[0].first(What::AppointmentStart), expected, "{line}");
        assert_eq!(all[0].doubts.is_empty(), expected.is_some(), "{line}");
    }
}

#[test]
fn what_became_of_it_is_told_by_status_method_or_words() {
    let table = [
        ("STATUS:CANCELLED\r\n", Happening::Cancelled),
        ("CATEGORIES:No-show\r\n", Happening::NoShow),
        ("SUMMARY:COMPLETED: Echo\r\n", Happening::Fulfilled),
        ("SUMMARY:Completed history taking\r\n", Happening::Booked),
        ("STATUS:TENTATIVE\r\n", Happening::Proposed),
        ("STATUS:CONFIRMED\r\n", Happening::Booked),
    ];
    for (line, expected) in table {
        let all = read(&event(&format!("UID:a\r\n{line}"))).unwrap();
        assert_eq!(all[0].sense, Sense::Appointment(expected), "{line}");
    }
    let cancelled = event("UID:a\r\n").replace("VERSION:2.0", "METHOD:CANCEL");
    assert_eq!(
        read(&cancelled).unwrap()[0].sense,
        Sense::Appointment(Happening::Cancelled)
    );
}

#[test]
fn lengths_are_minutes() {
    let table = [
        ("PT45M", Some(45)),
        ("PT1H30M", Some(90)),
        ("P1DT2H", Some(26 * 60)),
        ("-PT15M", None),
        ("P", None),
        ("", None),
    ];
    for (raw, expected) in table {
        assert_eq!(minutes_of(raw), expected, "{raw}");
    }
}

#[test]
fn what_is_broken_says_so() {
    for text in [
        "BEGIN:VCALENDAR\nEND:VCALENDAR",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a",
        "BEGIN:VCALENDAR\nEND:VEVENT",
    ] {
        assert!(is_calendar(text) && read(text).is_err(), "{text}");
    }
}
