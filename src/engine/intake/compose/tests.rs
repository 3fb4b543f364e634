//! A second reader's word fills nothing in, whatever the thresholds say.

use super::*;
use crate::intake::document::{DocumentKind, Place};

const ALL_FIELDS: [(Field, &str, &str); 5] = [
    (Field::Dob, "1970-05-17", "1971-05-17"),
    (Field::Sex, "F", "M"),
    (Field::MemberId, "W77", "W78"),
    (Field::ReasonText, "palpitations", "cough"),
    (Field::SpecialtyRequested, "Cardiology", "Neurology"),
];

fn found(text: &str, confidence: f32, how: How) -> Found {
    Found {
        value: Value::Text(text.into()),
        confidence,
        place: Some(Place {
            page: 1,
            line: 0,
            start: 0,
            end: 1,
            area: [0.0; 4],
        }),
        how,
    }
}

fn document(fields: &[(Field, Vec<Found>)]) -> ReadDocument {
    let mut read = crate::intake::unreadable("a.txt", "");
    read.kind = DocumentKind::Referral;
    read.warnings.clear();
    read.fields = fields.iter().cloned().collect();
    read
}

/// The clinic that fills in whatever is there.
fn reckless() -> Reading {
    let names = ALL_FIELDS.map(|(field, ..)| (named(field), 0));
    Reading {
        fill: 0,
        offer: 0,
        fields: names.into_iter().collect(),
    }
}

fn receive(reading: &Reading, read: &ReadDocument) -> Receive {
    let document = Ref::Known(DocumentId(1));
    referral(reading, read, Source::Fax, "cardiology".into(), document)
}

#[test]
fn a_blank_stays_blank_and_is_offered() {
    for (field, value, _) in ALL_FIELDS {
        let read = document(&[(field, vec![found(value, 1.0, How::SecondReader)])]);
        assert_eq!(sure(&reckless(), &read, field), None, "{field:?}");
        let strict = Reading {
            offer: 100,
            ..Reading::default()
        };
        assert_eq!(offered(&strict, read.clone()), read, "{field:?}");
        let remarks = receive(&reckless(), &read).remarks;
        assert!(
            remarks[0].contains(&named(field).replace('_', " ")),
            "{remarks:?}"
        );
    }
}

#[test]
fn a_contradiction_is_a_persons() {
    for (field, own, other) in ALL_FIELDS {
        let both = vec![found(own, 0.99, How::Label), found(other, 0.5, How::SecondReader)];
        let read = document(&[(field, both)]);
        assert_eq!(sure(&reckless(), &read, field), None, "{field:?}");
        assert_eq!(read.own(field).map(|own| own.confidence), Some(0.99));
    }
}

#[test]
fn codes_and_the_urgency_stay_as_they_were_read() {
    let second = |text| found(text, 1.0, How::SecondReader);
    let read = document(&[
        (Field::Icd10, vec![found("R00.2", 0.9, How::Label), second("I10")]),
        (Field::Cpt, vec![second("93000")]),
        (
            Field::Urgency,
            vec![found("urgent", 0.9, How::Tick), second("stat")],
        ),
    ]);
    let made = receive(&reckless(), &read);
    assert_eq!(made.reason_codes, ["R00.2"]);
    assert!(made.procedure_codes.is_empty());
    assert_eq!(made.priority, Some(Priority::Urgent));
    let lower = document(&[(
        Field::Urgency,
        vec![found("stat", 0.9, How::Tick), second("routine")],
    )]);
    assert_eq!(
        receive(&Reading::default(), &lower).priority,
        Some(Priority::Stat)
    );
}
