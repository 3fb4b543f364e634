//! Whose a value is, and which of two: what is not certain is offered and never filled in.

use super::*;
use crate::intake::{ReadDocument, open, understand};

/// From here on a value is filled in (`fill_percent`).
const FILLED: f32 = 0.6;

fn read(text: &str) -> ReadDocument {
    understand("a.txt", open("a.txt", text.as_bytes()))
}

fn sureness(read: &ReadDocument, field: Field) -> f32 {
    read.best(field).map_or(0.0, |found| found.confidence)
}

const HEAD: &str = "ELM STREET FAMILY PRACTICE\nREFERRAL REQUEST\nReferring Provider: Irene Hale, MD\nNPI: 1234567893\n\nPATIENT INFORMATION\n\
    Patient Name: Mia Torres\n";
const TAIL: &str = "Specialty Requested: Cardiology\nReason for Referral: palpitations\n";

#[test]
fn a_contradiction_stays_one_whatever_the_model_thinks() {
    let text = format!("{HEAD}DOB: 05/17/1970\nSex: F\nPatient DOB: 06/21/1958\n{TAIL}");
    let read = read(&text);
    assert!(
        read.warnings
            .iter()
            .any(|warning| warning.contains("contradicts itself about the date of birth")),
        "{:?}",
        read.warnings
    );
    assert!(
        sureness(&read, Field::Dob) < FILLED,
        "{}",
        sureness(&read, Field::Dob)
    );
}

#[test]
fn what_stands_with_the_subscriber_is_not_the_patients() {
    let plan = "\nINSURANCE INFORMATION\nSubscriber name: Luis Torres\nRelationship: Father\nEmployer: Cedar Mills\nMember ID: H5512204\n\
        Group: 88120\nPlan: Cedar Health PPO\nDOB: 04/05/1975\nSex: M\nPhone: (802) 555-0142\n\n";
    let alone = read(&format!("{HEAD}{plan}{TAIL}"));
    for field in [Field::Dob, Field::Sex, Field::PatientPhone] {
        assert!(
            sureness(&alone, field) <= 0.5,
            "{field:?} {}",
            sureness(&alone, field)
        );
    }
    // What the patient's own labels say is the patient's, before and after.
    let own = "DOB: 02/01/2015\nSex: F\nPhone: (802) 555-0177\n";
    let after = format!("{HEAD}{plan}PATIENT INFORMATION\nPatient Name: Mia Torres\n{own}{TAIL}");
    for text in [format!("{HEAD}{own}{plan}{TAIL}"), after] {
        let read = read(&text);
        let table = [
            (Field::Dob, "2015-02-01"),
            (Field::Sex, "F"),
            (Field::PatientPhone, "8025550177"),
        ];
        for (field, expected) in table {
            assert_eq!(read.text(field), Some(expected), "{text}");
            assert!(sureness(&read, field) >= FILLED, "{field:?} {text}");
        }
    }
}

#[test]
fn two_digits_of_a_year_are_never_certain() {
    let of = |dob: &str| {
        let read = read(&format!("{HEAD}DOB: {dob}\nSex: F\n{TAIL}"));
        (
            read.text(Field::Dob).unwrap_or_default().to_owned(),
            sureness(&read, Field::Dob),
        )
    };
    let (old, sure) = of("03/15/26");
    assert!(sure <= 0.5, "{old} {sure}");
    let (day, sure) = of("03/15/31");
    assert!(sure <= 0.5, "{day} {sure}");
    let (day, sure) = of("03/15/76");
    assert!(
        day == "1976-03-15" && (FILLED..0.95).contains(&sure),
        "{day} {sure}"
    );
    assert!(of("03/15/1976").1 > sure);
}
