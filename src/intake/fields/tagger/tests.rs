//! The model at work beside the rules.
//!
//! Owns the cases. Must not know the weights.

use super::weights;
use crate::intake::document::{Field, Found, How, Value};
use crate::intake::fields::read_with;
use crate::intake::learned::Learned;
use crate::intake::sheet::{Origin, Run, Sheet};
use std::collections::BTreeMap;

/// A page of lines, each at a left edge; lines stand one under the other.
fn page(lines: &[(f32, &str)]) -> Sheet {
    let runs = lines.iter().zip(2_u8..).map(|((left, text), row)| {
        let (top, width) = (f32::from(row) * 0.02, text.chars().count() as f32 * 0.0098);
        Run::new(text, [*left, top, left + width, top + 0.015], Origin::Print)
    });
    Sheet::new(runs.collect())
}

fn read(sheet: &Sheet, rules_only: bool) -> BTreeMap<Field, Vec<Found>> {
    let learned = Learned {
        rules_only,
        ..Learned::default()
    };
    read_with(std::slice::from_ref(sheet), &learned).0
}

fn first(fields: &BTreeMap<Field, Vec<Found>>, field: Field) -> Option<(String, How)> {
    let found = fields.get(&field)?.first()?;
    let value = match &found.value {
        Value::Name { family, given } => format!("{family}, {given}"),
        Value::Text(text) => text.clone(),
    };
    Some((value, found.how))
}

#[test]
fn the_weights_that_are_built_in_can_be_read() {
    assert!(weights().is_some());
}

/// A label of paper stuck on a form: nothing on it says what it is.
const STUCK: &[(f32, &str)] = &[
    (0.06, "OKAFOR, NGOZI A"),
    (0.06, "04/12/1961  F  M50628354"),
    (0.06, "1429 Pine Blvd, Boise, ID 83704"),
    (0.06, "(208) 345-1963"),
    (0.35, "REFERRAL WORKSHEET"),
    (0.06, "Referring provider: Ana Ruiz, MD"),
    (0.06, "Reason for referral: chronic cough"),
];

#[test]
fn the_model_finds_what_no_label_announces_and_is_never_sure_of_it_alone() {
    let sheet = page(STUCK);
    let (rules, all) = (read(&sheet, true), read(&sheet, false));
    let wanted = [
        (Field::PatientName, "Okafor, Ngozi A"),
        (Field::Dob, "1961-04-12"),
        (Field::Sex, "F"),
    ];
    for (field, value) in wanted {
        assert_eq!(first(&rules, field), None, "rules {field:?}");
        assert_eq!(first(&all, field), Some((value.to_owned(), How::Trained)));
        assert!(
            all.get(&field)
                .and_then(|found| found.first())
                .unwrap()
                .confidence
                < 0.9
        );
    }
    let provider = first(&all, Field::ReferringProviderName);
    assert_eq!(provider, Some(("Ana Ruiz, MD".to_owned(), How::Label)));
}

#[test]
fn agreement_makes_a_value_surer_but_not_surer_than_its_reading() {
    let mut sheet = page(&[
        (0.3, "REFERRAL FORM"),
        (0.06, "Patient Name: Ruiz, Ana"),
        (0.06, "DOB: 04/12/1961"),
    ]);
    let sure = |sheet: &Sheet, rules_only| {
        let fields = read(sheet, rules_only);
        fields
            .get(&Field::Dob)
            .and_then(|found| found.first())
            .unwrap()
            .confidence
    };
    assert!(sure(&sheet, false) > sure(&sheet, true) + 0.005);
    // One figure of the date was read badly.
    let run = sheet.runs.last_mut().unwrap();
    run.sure = run
        .text
        .chars()
        .map(|c| if c == '6' { 0.8 } else { 1.0 })
        .collect();
    assert!(sure(&sheet, false) <= 0.8);
}

#[test]
fn a_form_that_nobody_filled_in_stays_blank() {
    let labels = [
        (0.3, "Lakeshore Cardiology Associates"),
        (0.3, "Phone 208-345-1963  Fax 208-345-1964"),
        (0.3, "REFERRAL FORM"),
        (0.06, "Patient Name: ____________________"),
        (0.06, "Date of Birth: ____________  Sex: [ ] M [ ] F"),
        (0.06, "Address: ____________________"),
        (
            0.06,
            "Insurance: [ ] Medicare [ ] Aetna [ ] Cigna   Member ID: __________",
        ),
        (0.06, "Referring provider: ____________________  NPI: __________"),
        (0.06, "Reason for referral (attach notes if needed): "),
    ];
    let fields = read(&page(&labels), false);
    let trained = fields
        .values()
        .flatten()
        .filter(|found| found.how == How::Trained);
    assert_eq!(trained.count(), 0, "{:?}", fields.keys());
}
