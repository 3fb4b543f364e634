//! What is a doubt, and that no key loses one.

use super::*;
use crate::config::Config;
use crate::intake::document::{Found, How, Value};
use crate::tui::chord::Chord;
use std::collections::BTreeMap;
use std::sync::LazyLock;

fn found(text: &str, confidence: f32) -> Found {
    Found {
        value: Value::Text(text.into()),
        confidence,
        place: None,
        how: How::Label,
    }
}

fn policy() -> &'static Policy {
    static POLICY: LazyLock<Policy> = LazyLock::new(|| Config::built_in().unwrap().policy());
    &POLICY
}

fn proof(fields: &[(Field, &[(&str, f32)])]) -> Proof {
    let mut reading = crate::intake::unreadable("a.tif", "");
    let of = |all: &[(&str, f32)]| all.iter().map(|(text, sure)| found(text, *sure)).collect();
    reading.fields = fields
        .iter()
        .map(|(field, all)| (*field, of(all)))
        .collect::<BTreeMap<_, Vec<_>>>();
    open(DocumentId(1), reading, None, policy())
}

#[test]
fn a_doubt_is_what_would_not_be_filled_in_or_contradicts_itself() {
    let doubt = |field, all: &[(&str, f32)]| proof(&[(field, all)]).line(field).unwrap().doubt;
    for (field, all, expected) in [
        (Field::Dob, &[("1970-05-04", 0.9)][..], Doubt::Sure),
        (Field::Dob, &[("1970-05-04", 0.5)], Doubt::Unsure),
        (
            Field::Dob,
            &[("1970-05-04", 0.9), ("1971-05-04", 0.8)],
            Doubt::Conflict,
        ),
        (
            Field::Dob,
            &[("1970-05-04", 0.9), ("1971-05-04", 0.3)],
            Doubt::Sure,
        ),
        (
            Field::Dob,
            &[("1970-05-04", 0.9), ("1970-05-04", 0.8)],
            Doubt::Sure,
        ),
        (
            Field::Urgency,
            &[("routine", 0.95), ("stat", 0.3)],
            Doubt::Conflict,
        ),
        (Field::Icd10, &[("I10", 0.9), ("E11.9", 0.9)], Doubt::Sure),
        (Field::Icd10, &[("I10", 0.9), ("E11.9", 0.4)], Doubt::Unsure),
        (Field::PatientName, &[], Doubt::Wanted),
        (Field::PatientEmail, &[], Doubt::Absent),
    ] {
        assert_eq!(doubt(field, all), expected, "{field:?} {all:?}");
    }
}

#[test]
fn what_a_second_reader_names_is_a_doubt_until_a_person_picks() {
    let second = |text: &str| Found {
        how: How::SecondReader,
        ..found(text, 0.5)
    };
    for (field, all, doubt, picked) in [
        (
            Field::Dob,
            vec![found("1970-05-04", 0.99), second("1971-05-04")],
            Doubt::Conflict,
            1,
        ),
        (Field::MemberId, vec![second("W1")], Doubt::Unsure, 0),
        (
            Field::Dob,
            vec![
                found("1970-05-04", 0.99),
                found("1971-05-04", 0.3),
                second("1971-05-04"),
            ],
            Doubt::Conflict,
            1,
        ),
        (
            Field::Icd10,
            vec![found("I10", 0.9), second("E11.9")],
            Doubt::Unsure,
            0,
        ),
    ] {
        let mut reading = crate::intake::unreadable("a.tif", "");
        reading.fields.insert(field, all);
        let mut proof = open(DocumentId(1), reading, None, policy());
        let line = proof.line_mut(field).unwrap();
        assert_eq!((line.doubt, line.value()), (doubt, None), "{field:?}");
        line.verdict = Verdict::Taken(picked);
        let certain = line.certain().unwrap();
        // What a person agreed to is theirs: it is filled in.
        assert!(
            certain
                .iter()
                .all(|one| one.how != How::SecondReader && one.confidence == 1.0),
            "{certain:?}"
        );
        assert_eq!(certain.len(), if line::is_many(field) { 2 } else { 1 });
    }
}

#[test]
fn codes_are_taken_in_and_out_by_digit() {
    let policy = policy();
    let mut proof = proof(&[(Field::Icd10, &[("I10", 0.9), ("E11.9", 0.4)])]);
    let value = |proof: &Proof| proof.value(Field::Icd10);
    assert_eq!(value(&proof), None);
    proof.at = Row::Field(Field::Icd10);
    for (key, expected) in [
        ("2", Some("I10")),
        ("2", Some("I10 E11.9")),
        ("1", Some("E11.9")),
        ("2", None),
    ] {
        for chord in Chord::parse_all(key) {
            proof.key(chord, policy);
        }
        assert_eq!(value(&proof).as_deref(), expected, "{key}");
    }
}

#[test]
fn the_rows_never_move_under_the_fingers() {
    let policy = policy();
    let mut proof = proof(&[
        (Field::SpecialtyRequested, &[("Cardiology", 0.9)]),
        (Field::Dob, &[("1970-05-04", 0.4)]),
        (Field::MemberId, &[("W1", 0.4)]),
    ]);
    let before = proof.rows(policy);
    for chord in Chord::parse_all("<enter>W9<enter><backtab>") {
        proof.key(chord, policy);
        assert_eq!(proof.rows(policy), before);
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]
    /// Whatever is pressed: the cursor stands on a row, and nothing doubtful counts that nobody spoke to.
    #[test]
    fn any_keys(keys in proptest::collection::vec(0..15_usize, 0..40)) {
        const KEYS: [&str; 15] = [
            "<enter>", "<tab>", "<backtab>", "1", "2", "7", "x", "<backspace>", "<right>", "<esc>", "<ctrl-n>", "<ctrl-t>",
            "<pagedown>", "<pageup>", " ",
        ];
        let policy = policy();
        let mut proof = proof(&[
            (Field::SpecialtyRequested, &[("Cardiology", 0.9)]),
            (Field::Dob, &[("1970-05-04", 0.4)]),
            (Field::Urgency, &[("routine", 0.9), ("stat", 0.5)]),
            (Field::Icd10, &[("I10", 0.9), ("E11.9", 0.4)]),
            (Field::PatientPhone, &[("4135550188", 0.9)]),
        ]);
        for key in keys {
            for chord in Chord::parse_all(KEYS[key]) {
                proof.key(chord, policy);
            }
            let rows = proof.rows(policy);
            proptest::prop_assert!(rows.contains(&proof.at));
            proptest::prop_assert_eq!(rows.iter().filter(|row| **row == Row::Done).count(), 1);
            for line in proof.open_lines() {
                proptest::prop_assert_eq!(line.value(), None);
            }
        }
        let said = serde_json::to_string(&proof.said()).unwrap();
        let said: Said = serde_json::from_str(&said).unwrap();
        let mut again = super::tests::proof(&[
            (Field::SpecialtyRequested, &[("Cardiology", 0.9)]),
            (Field::Dob, &[("1970-05-04", 0.4)]),
            (Field::Urgency, &[("routine", 0.9), ("stat", 0.5)]),
            (Field::Icd10, &[("I10", 0.9), ("E11.9", 0.4)]),
            (Field::PatientPhone, &[("4135550188", 0.9)]),
        ]);
        again.resume(&said);
        for line in &proof.lines {
            proptest::prop_assert_eq!(again.value(line.field), line.value());
        }
    }
}
