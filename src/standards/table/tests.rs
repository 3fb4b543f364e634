//! Tables as scheduling systems write them, and what is read of them.

use super::cells::MOST_ROWS;
use super::*;

#[test]
fn a_row_states_a_visit() {
    let raw = concat!(
        "Appt ID,Last Name,First Name,DOB,Date,Time,Minutes,Status,Visit Type,Provider,Room,Updated\r\n",
        "77,\"O'Neil\",Sean,5/4/1970,3/10/2026,1:30 PM,45,No-Show,\"Echo, stress\",\"Chen, Wei\",2,2026-03-10 15:00\r\n",
    );
    assert!(is_schedule(raw));
    let all = read(raw).unwrap();
    let stated = &all[0];
    assert_eq!(
        (all.len(), stated.sense),
        (1, Sense::Appointment(Happening::NoShow))
    );
    let table = [
        (What::AppointmentId, "77"),
        (What::PatientName, "O'Neil, Sean"),
        (What::Dob, "1970-05-04"),
        (What::AppointmentStart, "2026-03-10T13:30:00"),
        (What::AppointmentMinutes, "45"),
        (What::Service, "Echo, stress"),
        (What::ReferredTo, "Wei Chen"),
        (What::AppointmentPlace, "2"),
        (What::AsOf, "2026-03-10T15:00:00"),
    ];
    for (what, expected) in table {
        assert_eq!(stated.first(what), Some(expected), "{what:?}");
    }
}

#[test]
fn only_a_table_of_appointments_is_one() {
    let table = [
        ("id;start;status;mrn\n1;2026-03-10T09:00:00Z;booked;88", true),
        ("start\tstatus\treferral", true),
        ("patient,dob,reason", false),
        (
            "Dear colleague, thank you for seeing this patient, who is 50.",
            false,
        ),
        ("", false),
    ];
    for (raw, expected) in table {
        assert_eq!(is_schedule(raw), expected, "{raw}");
    }
}

#[test]
fn cells_are_parted_as_the_standard_says() {
    let raw = "a,\"b \"\"c\"\", d\",\"e\nf\"\r\n\r\n1,2,3";
    let parted = cells(raw);
    assert_eq!(
        parted.rows,
        [vec!["a", "b \"c\", d", "e\nf"], vec!["1", "2", "3"]]
    );
    assert_eq!(parted.cut, None);
}

#[test]
fn what_is_not_read_to_its_end_says_so() {
    let head = "id,start,status,mrn\n";
    let whole = "1,2026-03-10T09:00:00Z,booked,88\n";
    let table = [
        (
            format!("{head}{whole}2,\"2026-03-10T10:00:00Z,booked,89\n{whole}"),
            1,
            "quotation mark in row 3",
        ),
        (
            format!("{head}{}", whole.repeat(MOST_ROWS + 5)),
            MOST_ROWS,
            "first 10000",
        ),
    ];
    for (raw, rows, why) in table {
        let all = read(&raw).unwrap();
        assert_eq!(all.len(), rows);
        assert!(all.iter().rev().skip(1).all(|stated| stated.cut.is_none()));
        assert!(all.last().unwrap().cut.as_ref().unwrap().contains(why), "{why}");
    }
    let exact = format!("{head}{}\n\n", whole.repeat(MOST_ROWS));
    assert!(read(&exact).unwrap().iter().all(|stated| stated.cut.is_none()));
    assert!(
        read(&format!("{head}1,\"2026,booked"))
            .unwrap_err()
            .contains("never closed")
    );
}

#[test]
fn times_are_read_as_people_write_them() {
    let table = [
        ("2026-03-10T09:30:00-05:00", Some("2026-03-10T09:30:00-05:00")),
        ("2026-03-10 9:30", Some("2026-03-10T09:30:00")),
        ("3/10/2026 12:05 am", Some("2026-03-10T00:05:00")),
        ("3/10/2026 12:05 PM", Some("2026-03-10T12:05:00")),
        ("2026-03-10", None),
        ("2026-02-30 9:00", None),
        ("", None),
    ];
    for (raw, expected) in table {
        assert_eq!(when(raw).as_deref(), expected, "{raw}");
    }
}
