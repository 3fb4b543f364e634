//! A form that nobody taught the reader: two corrections teach it, one contradiction strikes the lesson.

use super::*;
use crate::intake::{open, understand_with};

/// A made-up form: its label for the member id is in no vocabulary.
fn form(name: &str, cipher: &str) -> String {
    format!(
        "ELM STREET FAMILY PRACTICE\nREFERRAL REQUEST\nReferring Provider: Irene Hale, MD\nNPI: 1234567893\nPhone: (802) 555-0100\n\
         Patient Name: {name}\nDOB: 05/17/1970\nSpecialty Requested: Cardiology\nReason for Referral: palpitations\n\
         Insurance: Cedar Health PPO\nHousehold cipher: {cipher}\n"
    )
}

fn read(text: &str, learned: &Learned) -> ReadDocument {
    understand_with("a.txt", open("a.txt", text.as_bytes()), learned)
}

/// A document and its record: what was read, with these values in its place.
struct Kept {
    read: ReadDocument,
    record: Vec<(Field, String)>,
    patient: i64,
    corrected: BTreeSet<Field>,
}

fn kept(patient: i64, text: &str, values: &[(Field, &str)]) -> Kept {
    let read = read(text, &Learned::default());
    let mut record: Vec<(Field, String)> = vec![(Field::PatientName, "Garcia, Maria".into())];
    record.extend(values.iter().map(|(field, value)| (*field, (*value).to_owned())));
    Kept {
        read,
        record,
        patient,
        corrected: OF_SENDERS.into(),
    }
}

fn taught(all: &[Kept]) -> Learned {
    let mut school = School::default();
    all.iter().for_each(|one| school.hear(&lesson_of(one)));
    all.iter().for_each(|one| school.try_out(&lesson_of(one)));
    school.learned()
}

fn lesson_of(kept: &Kept) -> Lesson<'_> {
    Lesson {
        read: &kept.read,
        record: &kept.record,
        patient: kept.patient,
        corrected: &kept.corrected,
    }
}

fn member(text: &str, learned: &Learned) -> Option<(Value, How)> {
    let found = read(text, learned);
    found
        .best(Field::MemberId)
        .map(|found| (found.value.clone(), found.how))
}

#[test]
fn two_corrections_teach_a_label_and_one_does_not() {
    let one = kept(
        1,
        &form("Garcia, Maria", "W7720311"),
        &[(Field::MemberId, "W7720311")],
    );
    let two = kept(2, &form("Lee, Ann", "W5510022"), &[(Field::MemberId, "W5510022")]);
    assert_eq!(one.read.best(Field::MemberId), None, "nobody taught it yet");
    assert!(taught(&[one]).is_empty());
    let again = |patient| {
        kept(
            patient,
            &form("Garcia, Maria", "W7720311"),
            &[(Field::MemberId, "W7720311")],
        )
    };
    assert!(
        taught(&[again(1), again(1)]).is_empty(),
        "one patient's papers may say anything"
    );
    let learned = taught(&[again(1), two]);
    assert_eq!(
        learned.label,
        [LearnedLabel {
            text: "household cipher".into(),
            field: Field::MemberId,
            documents: 2
        }]
    );
    let third = form("Diaz, Omar", "W9030571");
    assert_eq!(
        member(&third, &learned),
        Some((Value::Text("W9030571".into()), How::Learned))
    );
    let found = read(&third, &learned);
    let best = found.best(Field::MemberId).unwrap();
    assert!((0.6..0.9).contains(&best.confidence), "{best:?}");
    assert_eq!(member(&third, &Learned::default()), None, "forgotten");
    // What cannot be a member id is none, whatever the label.
    assert_eq!(member(&form("Diaz, Omar", "see attached"), &learned), None);
}

#[test]
fn a_label_is_learned_beside_and_above_its_value_too() {
    for shape in [
        "Household cipher          W7720311\n",
        "Household cipher\nW7720311\n",
    ] {
        let text = |cipher: &str| {
            let form =
                form("Garcia, Maria", "").replace("Household cipher: \n", &shape.replace("W7720311", cipher));
            assert!(form.contains("Household cipher"), "{form}");
            form
        };
        let learned = taught(&[
            kept(1, &text("W7720311"), &[(Field::MemberId, "W7720311")]),
            kept(2, &text("W5510022"), &[(Field::MemberId, "W5510022")]),
        ]);
        assert_eq!(learned.label.len(), 1, "{shape}");
        assert_eq!(
            member(&text("W9030571"), &learned),
            Some((Value::Text("W9030571".into()), How::Learned)),
            "{shape}"
        );
    }
}

#[test]
fn what_a_record_denies_is_not_learned() {
    let all = [
        kept(
            1,
            &form("Garcia, Maria", "W7720311"),
            &[(Field::MemberId, "W7720311")],
        ),
        kept(2, &form("Lee, Ann", "W5510022"), &[(Field::MemberId, "W5510022")]),
        kept(
            3,
            &form("Diaz, Omar", "W1112223"),
            &[(Field::MemberId, "ZX998877")],
        ),
    ];
    assert!(taught(&all).label.is_empty());
    let two_fields = [
        kept(
            1,
            &form("Garcia, Maria", "W7720311"),
            &[(Field::MemberId, "W7720311")],
        ),
        kept(2, &form("Lee, Ann", "W5510022"), &[(Field::MemberId, "W5510022")]),
        kept(3, &form("Diaz, Omar", "G-4410"), &[(Field::GroupNo, "G-4410")]),
    ];
    assert!(taught(&two_fields).label.is_empty());
}

#[test]
fn no_lesson_has_a_name_a_digit_or_a_known_label() {
    for label in [
        "Garcia cipher",
        "Susan token",
        "Box 7",
        "MRN",
        "Member ID",
        "Account no",
        "Medicare",
        "Spring Valley Clinic",
    ] {
        let text = |name: &str, cipher: &str| form(name, cipher).replace("Household cipher", label);
        let learned = taught(&[
            kept(
                1,
                &text("Garcia, Maria", "W7720311"),
                &[(Field::AuthNumber, "W7720311")],
            ),
            kept(
                2,
                &text("Garcia, Ann", "W5510022"),
                &[(Field::AuthNumber, "W5510022")],
            ),
        ]);
        assert!(learned.label.is_empty(), "{label}: {learned:?}");
    }
}

#[test]
fn a_senders_value_is_put_in_the_place_of_what_is_always_wrong() {
    let right = (Field::ReferringPhone, "8025550177");
    let of =
        |patient, name: &str, phone| kept(patient, &form(name, "none"), &[(Field::ReferringPhone, phone)]);
    let learned = taught(&[of(1, "Garcia, Maria", right.1), of(2, "Lee, Ann", right.1)]);
    let npi = learned
        .sender
        .iter()
        .find(|lesson| lesson.sender == "npi 1234567893")
        .unwrap();
    assert_eq!(
        (npi.field, npi.value.as_str(), npi.in_place_of.as_deref()),
        (right.0, right.1, Some("8025550100"))
    );
    let once = taught(&[of(1, "Garcia, Maria", right.1), of(1, "Garcia, Maria", right.1)]);
    assert!(once.sender.is_empty(), "the papers of one patient: {once:?}");
    let mut nobody = [of(1, "Garcia, Maria", right.1), of(2, "Lee, Ann", right.1)];
    nobody.iter_mut().for_each(|one| one.corrected.clear());
    assert!(
        taught(&nobody).sender.is_empty(),
        "the record may be the older of the two"
    );
    nobody[0].corrected.insert(right.0);
    assert_eq!(
        taught(&nobody),
        learned,
        "one correction, and the others' papers have it too"
    );
    let third = read(&form("Diaz, Omar", "none"), &learned);
    let found = &third.fields[&Field::ReferringPhone];
    assert_eq!(
        (found[0].value.clone(), found[0].how),
        (Value::Text(right.1.into()), How::Learned)
    );
    assert!(
        found[1].confidence < found[0].confidence * 0.5,
        "what is known to be wrong contradicts nothing"
    );
    // Another number on the paper is another matter.
    let moved = read(
        &form("Diaz, Omar", "none").replace("555-0100", "555-0999"),
        &learned,
    );
    assert_eq!(moved.text(Field::ReferringPhone), Some("8025550999"));
    // And one record that has it otherwise is enough.
    let doubted = taught(&[
        of(1, "Garcia, Maria", right.1),
        of(2, "Lee, Ann", right.1),
        of(3, "Diaz, Omar", "8025550100"),
    ]);
    assert!(doubted.sender.is_empty(), "{doubted:?}");
}

#[test]
fn lessons_survive_their_file_and_what_was_written_into_it_by_hand() {
    let learned = Learned {
        label: vec![LearnedLabel {
            text: "household cipher".into(),
            field: Field::MemberId,
            documents: 2,
        }],
        sender: vec![LearnedSender {
            sender: "npi 1234567893".into(),
            field: Field::ReferringPhone,
            value: "8025550177".into(),
            in_place_of: None,
            documents: 3,
        }],
        taught: vec!["household cipher is member_id".into()],
        rules_only: false,
    };
    let file = toml::to_string(&learned).unwrap();
    assert_eq!(
        toml::from_str::<Learned>(&file).unwrap().cleaned(),
        learned,
        "{file}"
    );
    let mut odd = learned.clone();
    odd.label[0].text = "card 12".into();
    odd.sender[0].value = "\u{1b}[2J".into();
    assert!(odd.cleaned().is_empty());
    let mut odd = learned;
    odd.sender[0].field = Field::Dob;
    assert!(
        odd.cleaned().sender.is_empty(),
        "a sender has no patient's values"
    );
}

#[test]
fn a_letterhead_tells_a_sender_only_where_one_alone_writes_under_it() {
    let right = (Field::ReferringPhone, "8025550177");
    let heads = |learned: &Learned| {
        let senders = learned.sender.iter();
        senders
            .filter(|lesson| lesson.sender.starts_with("letterhead "))
            .count()
    };
    let of = |patient, npi: &str, school: &mut School| {
        let text = form("Garcia, Maria", "none").replace("1234567893", npi);
        school.hear(&lesson_of(&kept(patient, &text, &[right])));
    };
    let mut one = School::default();
    of(1, "1234567893", &mut one);
    of(2, "1234567893", &mut one);
    assert_eq!(heads(&one.learned()), 1);
    // Another practitioner under the same head.
    of(3, "1215930367", &mut one);
    assert_eq!(heads(&one.learned()), 0);
    // The clinic's own name stands on forms that it hands out.
    let mut own = School::of(["Riverside Heart", "Elm Street Family Practice"].into_iter());
    of(1, "1234567893", &mut own);
    of(2, "1234567893", &mut own);
    let learned = own.learned();
    assert_eq!((heads(&learned), learned.sender.is_empty()), (0, false));
}

#[test]
fn a_practitioners_name_is_told_by_their_number_alone() {
    let right = (Field::ReferringProviderName, "Omar Diaz, MD");
    let of = |patient| kept(patient, &form("Garcia, Maria", "none"), &[right]);
    let learned = taught(&[of(1), of(2)]);
    let by: Vec<&str> = learned
        .sender
        .iter()
        .map(|lesson| lesson.sender.as_str())
        .collect();
    assert_eq!(by, ["npi 1234567893"]);
    let mut written = learned.clone();
    written.sender[0].sender = "fax 8025550100".into();
    assert!(written.cleaned().sender.is_empty(), "nor where a file says so");
}
