//! The tables and laws of matching: pairs of people with the answer that a desk would give.

use super::*;
use crate::domain::time::parse_day;
use proptest::prelude::*;

fn who(family: &str, given: &str, dob: &str) -> Known {
    Known {
        name: HumanName {
            family: family.into(),
            given: given.into(),
            suffix: String::new(),
        },
        dob: parse_day(dob).ok(),
        ..Known::default()
    }
}

fn with(mut known: Known, more: &[(&str, &str)]) -> Known {
    for (field, value) in more {
        let text = (*value).to_owned();
        let value = Some(text.clone());
        match *field {
            "phone" => known.phone = value,
            "email" => known.email = value,
            "address" => known.address = value,
            "mrn" => known.mrn = value,
            "member" => known.members.extend(value),
            "sex" => {
                known.sex = if value.as_deref() == Some("f") {
                    Sex::Female
                } else {
                    Sex::Male
                }
            }
            "suffix" => known.name.suffix = text,
            _ => panic!("{field}"),
        }
    }
    known
}

#[test]
fn cases() {
    use Band::{Ask, Different, Same};
    let phone = ("phone", "8025550147");
    let home = ("address", "12 North Main Street, Apt 4, Barre, VT 05641");
    type Side<'a> = (&'a str, &'a str, &'a str, &'a [(&'a str, &'a str)]);
    let table: &[(Side<'_>, Side<'_>, Band)] = &[
        // Name and date of birth.
        (
            ("García López", "María", "1958-03-04", &[]),
            ("GARCIA-LOPEZ", "MARIA", "1958-03-04", &[]),
            Same,
        ),
        (
            ("O'Neil", "Sean", "1958-03-04", &[]),
            ("ONeil", "Sean P.", "1958-03-04", &[]),
            Same,
        ),
        (
            ("Mc Donald", "Mary Ann", "1958-03-04", &[]),
            ("McDonald", "Maryann", "1958-03-04", &[]),
            Same,
        ),
        (
            ("Smith", "Bill", "1958-03-04", &[]),
            ("Smith", "William", "1958-03-04", &[]),
            Same,
        ),
        (
            ("Smith", "Ann", "1958-03-04", &[]),
            ("Jones", "Peter", "1961-11-30", &[]),
            Different,
        ),
        (
            ("Smith", "Ann", "1958-03-04", &[]),
            ("Smith", "Ann", "1971-11-30", &[]),
            Different,
        ),
        // A name alone is no question.
        (
            ("Smith", "Ann", "", &[]),
            ("Smith", "Ann", "1958-03-04", &[("sex", "f")]),
            Different,
        ),
        (
            ("Smith", "Ann", "", &[phone]),
            ("Smith", "Ann", "1958-03-04", &[phone]),
            Ask,
        ),
        // Slips.
        (
            ("Smith", "Ann", "1958-03-04", &[]),
            ("Smyth", "Ann", "1958-03-04", &[]),
            Ask,
        ),
        (
            ("Smith", "Ann", "1958-03-04", &[]),
            ("Smith", "Ann", "1958-03-05", &[]),
            Ask,
        ),
        (
            ("Smith", "Ann", "1958-03-04", &[]),
            ("Smith", "Ann", "1958-04-03", &[]),
            Ask,
        ),
        (
            ("Smith", "Ann", "1958-03-04", &[]),
            ("Ann", "Smith", "1958-03-04", &[]),
            Ask,
        ),
        (
            ("Smith", "Ann", "1958-03-04", &[phone]),
            ("Ann", "Smith", "1958-03-04", &[phone]),
            Same,
        ),
        (
            ("García López", "María", "1958-03-04", &[]),
            ("García", "María", "1958-03-04", &[("sex", "f")]),
            Ask,
        ),
        (
            ("García López", "María", "1958-03-04", &[phone]),
            ("García", "María", "1958-03-04", &[phone]),
            Same,
        ),
        (
            ("Smith", "Ann", "1958-03-04", &[]),
            ("Smith", "A", "1958-03-04", &[]),
            Ask,
        ),
        // Whoever moved is the same; whoever shares nothing but name and birthday may not be.
        (
            ("Smith", "Ann", "1958-03-04", &[phone, home]),
            (
                "Smith",
                "Ann",
                "1958-03-04",
                &[("phone", "8025550199"), ("address", "7 Elm St")],
            ),
            Same,
        ),
        (
            (
                "Smith",
                "Ann",
                "1958-03-04",
                &[phone, home, ("email", "a@example.org"), ("member", "A1")],
            ),
            (
                "Smith",
                "Ann",
                "1958-03-04",
                &[
                    ("phone", "8025550199"),
                    ("address", "7 Elm St"),
                    ("email", "b@example.org"),
                    ("member", "B2"),
                ],
            ),
            Ask,
        ),
        // A household is not a person: spouses, twins, father and son.
        (
            ("Smith", "Ann", "1958-03-04", &[phone, home, ("member", "A1")]),
            ("Smith", "Peter", "1955-10-21", &[phone, home, ("member", "A1")]),
            Different,
        ),
        (
            ("Smith", "Jaden", "2015-03-04", &[phone, home, ("member", "A1")]),
            ("Smith", "Jayden", "2015-03-04", &[phone, home, ("member", "A1")]),
            Ask,
        ),
        (
            ("Smith", "Emma", "2015-03-04", &[phone, home]),
            ("Smith", "Olivia", "2015-03-04", &[phone, home]),
            Ask,
        ),
        (
            ("Smith", "Peter", "1958-03-04", &[phone, home, ("suffix", "Sr")]),
            ("Smith", "Peter", "1988-10-14", &[phone, home, ("suffix", "Jr")]),
            Different,
        ),
        (
            ("Smith", "Peter", "1958-03-04", &[phone, home]),
            ("Smith", "Peter", "1988-10-14", &[phone, home]),
            Ask,
        ),
        (
            ("Smith", "Peter", "1958-03-04", &[("suffix", "Sr")]),
            ("Smith", "Peter", "1958-03-04", &[("suffix", "Jr")]),
            Ask,
        ),
        (
            ("Smith", "Chris", "1958-03-04", &[("sex", "f")]),
            ("Smith", "Chris", "1958-03-04", &[("sex", "m")]),
            Ask,
        ),
        // The clinic's number.
        (
            ("Smith", "Ann", "", &[("mrn", "4711")]),
            ("Smith", "Ann", "1958-03-04", &[("mrn", "4711")]),
            Same,
        ),
        (
            ("Smith", "Ann", "1958-03-04", &[("mrn", "4711")]),
            ("Jones", "Peter", "1961-11-30", &[("mrn", "4711")]),
            Ask,
        ),
        (
            ("Smith", "Ann", "1958-03-04", &[("mrn", "4711")]),
            ("Smith", "Ann", "1958-03-04", &[("mrn", "4712")]),
            Ask,
        ),
        // Married since: the same telephone makes it a question.
        (
            ("Smith", "Ann", "1958-03-04", &[("sex", "f")]),
            ("Baker", "Ann", "1958-03-04", &[("sex", "f")]),
            Different,
        ),
        (
            ("Smith", "Ann", "1958-03-04", &[phone]),
            ("Baker", "Ann", "1958-03-04", &[("phone", "+1 802 555 0147")]),
            Ask,
        ),
        // What is filled in where nobody knows says nothing.
        (
            ("Smith", "Ann", "1900-01-01", &[]),
            ("Smith", "Ann", "1900-01-01", &[]),
            Different,
        ),
    ];
    for (one, other, band) in table {
        let side = |side: &Side<'_>| with(who(side.0, side.1, side.2), side.3);
        let found = compare(&side(one), &side(other));
        assert_eq!(
            found.band, *band,
            "{one:?} {other:?} {:.1} {:?}",
            found.score, found.levels
        );
    }
}

#[test]
fn an_address_may_be_written_in_many_ways() {
    for (one, other, is) in [
        (
            "12 North Main Street, Apt 4",
            "12 N. Main St., Unit 4",
            Level::Same,
        ),
        (
            "12 North Main Street, Barre, VT 05641",
            "12 N Main St",
            Level::Close,
        ),
        ("12 N Main St", "14 N Main St", Level::Differs),
        ("PO Box 12", "", Level::Unknown),
    ] {
        assert_eq!(place::level(Some(one), Some(other)), is, "{one} | {other}");
    }
}

#[test]
fn the_arithmetic_adds_up_to_the_score() {
    let one = with(
        who("Smith", "Ann", "1958-03-04"),
        &[
            ("phone", "8025550147"),
            ("email", "a@example.org"),
            ("member", "1"),
        ],
    );
    let other = with(
        who("Smith", "Ann", "1958-03-04"),
        &[
            ("phone", "8025550147"),
            ("email", "a@example.org"),
            ("member", "2"),
        ],
    );
    let found = compare(&one, &other);
    let sum: f64 = found.arithmetic().iter().map(|(.., bits)| bits).sum();
    assert!((sum - found.score).abs() < 1e-9);
    let counted = found
        .arithmetic()
        .iter()
        .filter(|(which, _, bits)| which.is_shared() && *bits > 0.0)
        .count();
    assert_eq!(counted, 1, "what a household shares counts once");
}

#[test]
fn weights_rise_with_the_level() {
    for which in Trait::ALL {
        let weights: Vec<f64> = Level::ALL.into_iter().map(|level| weight(which, level)).collect();
        assert!(weights.is_sorted(), "{which:?} {weights:?}");
        assert!(weight(which, Level::Differs) < 0.0 && weight(which, Level::Same) > 0.0);
    }
}

fn any_level() -> impl Strategy<Value = Level> {
    prop::sample::select(Level::ALL.to_vec())
}

fn any_known() -> impl Strategy<Value = Known> {
    let word = || {
        prop::sample::select(vec![
            "",
            "Ann",
            "Anna",
            "Garcia",
            "Garcia Lopez",
            "Lopez",
            "Bill",
            "William",
            "W",
            "Smith Jr",
            "de la Cruz",
            "Núñez",
        ])
    };
    let day = prop::sample::select(vec![
        "",
        "1958-03-04",
        "1958-04-03",
        "1958-03-05",
        "1900-01-01",
        "2001-12-31",
    ]);
    let some = |values: [&'static str; 3]| prop::sample::select(values.to_vec());
    (
        word(),
        word(),
        day,
        some(["", "8025550147", "+18025550147"]),
        some(["", "A-1", "a1"]),
        some(["", "12 N Main St", "12 North Main Street, Barre"]),
        some(["", "7", "8"]),
    )
        .prop_map(|(family, given, dob, phone, member, address, mrn)| {
            let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            Known {
                phone: text(phone),
                members: text(member).into_iter().collect(),
                address: text(address),
                mrn: text(mrn),
                ..who(family, given, dob)
            }
        })
}

proptest! {
    #[test]
    fn it_does_not_matter_which_comes_first(one in any_known(), other in any_known()) {
        let (here, there) = (compare(&one, &other), compare(&other, &one));
        prop_assert_eq!(here.levels, there.levels);
        prop_assert_eq!(here.band, there.band);
    }

    #[test]
    fn more_agreement_never_lowers(levels in prop::collection::vec(any_level(), 10), place in 0_usize..10, to in any_level()) {
        let mut before = [Level::Unknown; 10];
        before.copy_from_slice(&levels);
        let mut after = before;
        after[place] = to.max(before[place]);
        let (before, after) = (judge(before), judge(after));
        prop_assert!(after.score >= before.score - 1e-9);
        prop_assert!(after.band >= before.band, "{:?} {:?}", before, after);
    }

    #[test]
    fn nobody_is_the_same_without_name_and_birth(levels in prop::collection::vec(any_level(), 10)) {
        let mut all = [Level::Unknown; 10];
        all.copy_from_slice(&levels);
        let found = judge(all);
        if found.band == Band::Same {
            prop_assert!(found.level(Trait::Family) >= Level::Variant && found.level(Trait::Given) >= Level::Variant);
            let number = found.level(Trait::Record) == Level::Same;
            let birth = found.level(Trait::Birth);
            prop_assert!(birth == Level::Same || number && birth >= Level::Unknown);
        }
    }

    #[test]
    fn everybody_is_like_themselves(one in any_known()) {
        let found = compare(&one, &one);
        prop_assert!(found.levels.iter().all(|level| *level == Level::Same || *level == Level::Unknown));
    }
}
