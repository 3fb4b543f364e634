//! What is written, and what it is read as.

use super::*;
use crate::domain::time::{parse_stamp, parse_zone, print_stamp};

fn one(text: &str) -> Test {
    let query = Query::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert!(!query.terms[0].not, "{text}");
    query.terms[0].test.clone()
}

#[test]
fn terms_are_read() {
    let query = Query::parse("priority:urgent -owner:maria overdue:no \"van der berg\"").unwrap();
    let term = |not, test| Term { not, test };
    assert_eq!(
        query.terms,
        [
            term(false, Test::Priority(vec![Priority::Urgent])),
            term(true, Test::Name(Name::Owner, vec!["maria".into()])),
            term(true, Test::Overdue),
            term(false, Test::Name(Name::Patient, vec!["van der berg".into()])),
        ]
    );
    assert!(Query::parse("  ").unwrap().is_empty());
}

#[test]
fn alternatives_and_ranges_are_read() {
    let numbers = |from, to| Numbers { from, to };
    let table = [
        (
            "priority:>=urgent",
            Test::Priority(vec![Priority::Urgent, Priority::Asap, Priority::Stat]),
        ),
        ("priority:<urgent", Test::Priority(vec![Priority::Routine])),
        (
            "priority:urgent..asap",
            Test::Priority(vec![Priority::Urgent, Priority::Asap]),
        ),
        (
            "status:accepted,waitlisted",
            Test::Status(vec![Status::Accepted, Status::Waitlisted]),
        ),
        ("list:review,closed", Test::List(vec![Some(List::Review), None])),
        ("source:fax", Test::Source(vec![Source::Fax])),
        (
            "payer:aetna,\"blue cross\"",
            Test::Name(Name::Payer, vec!["aetna".into(), "blue cross".into()]),
        ),
        ("missing:ecg", Test::MissingItem(vec!["ecg".into()])),
        ("has:phone,email", Test::Has(vec![Thing::Phone, Thing::Email])),
        ("waiting:>10", Test::Waiting(numbers(Some(11), None))),
        ("waiting:<=3", Test::Waiting(numbers(None, Some(3)))),
        ("waiting:5d", Test::Waiting(numbers(Some(5), Some(5)))),
        ("age:65..", Test::Age(numbers(Some(65), None), None)),
        ("age:<18", Test::Age(numbers(None, Some(17)), None)),
        ("calls:2..4", Test::Calls(numbers(Some(2), Some(4)))),
    ];
    for (text, test) in table {
        assert_eq!(one(text), test, "{text}");
    }
}

#[test]
fn days_are_those_of_the_clinic() {
    let zone = parse_zone("America/New_York").unwrap();
    // Monday 23 November 2026, 21:30 there: the 24th in UTC.
    let now = parse_stamp("2026-11-24T02:30:00Z").unwrap();
    let table = [
        (
            "received:today",
            Some("2026-11-23T05:00:00Z"),
            Some("2026-11-24T05:00:00Z"),
        ),
        (
            "received:yesterday",
            Some("2026-11-22T05:00:00Z"),
            Some("2026-11-23T05:00:00Z"),
        ),
        ("received:>=-7d", Some("2026-11-16T05:00:00Z"), None),
        (
            "received:week",
            Some("2026-11-17T05:00:00Z"),
            Some("2026-11-24T05:00:00Z"),
        ),
        ("due:<=+3d", None, Some("2026-11-27T05:00:00Z")),
        ("due:<2026-11-30", None, Some("2026-11-30T05:00:00Z")),
        ("due:>tomorrow", Some("2026-11-25T05:00:00Z"), None),
        (
            "due:today..+1d",
            Some("2026-11-23T05:00:00Z"),
            Some("2026-11-25T05:00:00Z"),
        ),
    ];
    for (text, from, to) in table {
        let Test::Between(_, found, until) = Query::parse(text).unwrap().at(now, zone).terms[0].test.clone()
        else {
            panic!("{text} has days");
        };
        assert_eq!(found.map(print_stamp).as_deref(), from, "{text}");
        assert_eq!(until.map(print_stamp).as_deref(), to, "{text}");
    }
}

#[test]
fn errors_point_at_the_character() {
    let table = [
        ("owner:ann priority:soon", 19),
        ("colour:red", 0),
        ("status:", 7),
        ("ann \"open", 4),
        ("-prio:x", 1),
        ("status:accepted,gone", 16),
        ("due:soon", 4),
        ("received:2026-13-01", 9),
        ("received:today..never", 16),
        ("waiting:>many", 9),
        ("age:9..x", 7),
        ("priority:>=soon", 11),
    ];
    for (text, at) in table {
        assert_eq!(Query::parse(text).unwrap_err().at, at, "{text}");
    }
}

#[test]
fn a_view_may_name_its_list() {
    let of = |text| Query::list(text);
    assert_eq!(
        of("list:review priority:urgent"),
        Some((Some(List::Review), "priority:urgent".into()))
    );
    assert_eq!(of("overdue:yes list:closed"), Some((None, "overdue:yes".into())));
    assert_eq!(of("-list:review x"), None);
    assert_eq!(of("list:review,insurance"), None);
    assert_eq!(of("garcia"), None);
}
