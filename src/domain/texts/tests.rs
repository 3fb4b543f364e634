//! The notation, the checks at load and the rendering; the texts that ship are held in `config`'s tests.

use super::*;

const PARTS: &str = "subject = \"S {referral}\"\nbody = \"B\"\nshort = \"T\"\n";

/// All kinds in English, one of them as given.
fn english(kind: MessageKind, parts: &str) -> String {
    MessageKind::ALL
        .into_iter()
        .filter(|each| each.is_worded())
        .map(|each| {
            format!(
                "[{}]\n{}\n",
                each.code(),
                if each == kind { parts } else { PARTS }
            )
        })
        .collect()
}

fn errors(kind: MessageKind, parts: &str) -> Vec<(String, TextFault)> {
    match Texts::parse(&[("en", &english(kind, parts))]) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.into_iter().map(|error| (error.key, error.fault)).collect(),
    }
}

fn render(kind: MessageKind, parts: &str, short: bool, facts: &[(Placeholder, &str)]) -> Rendered {
    let texts = Texts::parse(&[("en", &english(kind, parts))]).unwrap();
    let facts = facts
        .iter()
        .map(|(placeholder, value)| (*placeholder, (*value).to_owned()))
        .collect();
    texts.render(kind, "en", short, &facts)
}

const PROVIDER: MessageKind = MessageKind::InfoRequest;
const PATIENT: MessageKind = MessageKind::AckPatient;

/// A kind, its parts, and the keys and faults that are told.
type Row<'a> = (MessageKind, &'a str, &'a [(&'a str, TextFault)]);

#[test]
fn faults_are_told_with_their_key() {
    let name = TextFault::TooMuchPatientData(Placeholder::PatientName);
    let dob = TextFault::TooMuchPatientData(Placeholder::PatientDob);
    let table: &[Row<'_>] = &[
        (PROVIDER, PARTS, &[]),
        (
            PROVIDER,
            "subject = \"{patient}\"\nbody = \"{ items}\"\nshort = \"a } b\"",
            &[
                (
                    "info-request.subject",
                    TextFault::UnknownPlaceholder("patient".into()),
                ),
                ("info-request.body", TextFault::UnbalancedBrace),
                ("info-request.short", TextFault::UnbalancedBrace),
            ],
        ),
        (
            PROVIDER,
            "subject = \"\"\nbody = 3\nlong = \"x\"",
            &[
                ("info-request.long", TextFault::UnknownPart),
                ("info-request.subject", TextFault::MissingPart),
                ("info-request.body", TextFault::NotText),
                ("info-request.short", TextFault::MissingPart),
            ],
        ),
        (
            PROVIDER,
            "subject = \"two\\r\\nBcc: x\"\nbody = \"\\u202E\"\nshort = \"x\"",
            &[
                ("info-request.subject", TextFault::LineBreak),
                ("info-request.body", TextFault::HiddenCharacter),
            ],
        ),
        (
            PROVIDER,
            "subject = \"{patient-name}\"\nbody = \"{patient-name} {patient-dob}\"\nshort = \"{patient-dob}\"",
            &[
                ("info-request.subject", name.clone()),
                ("info-request.short", dob.clone()),
            ],
        ),
        (
            PATIENT,
            "subject = \"x\"\nbody = \"{patient-given} {patient-dob} {patient-name}\"\nshort = \"{patient-given}\"",
            &[("ack-patient.body", name), ("ack-patient.body", dob)],
        ),
    ];
    for (kind, parts, expected) in table {
        let expected: Vec<(String, TextFault)> = expected
            .iter()
            .map(|(key, fault)| ((*key).to_owned(), fault.clone()))
            .collect();
        assert_eq!(errors(*kind, parts), expected, "{parts}");
    }
    let long = format!(
        "subject = \"x\"\nbody = \"x\"\nshort = \"{}\"",
        "é".repeat(SHORT_MAX + 1)
    );
    let fault = TextFault::TooLong(SHORT_MAX + 1);
    assert_eq!(
        errors(PROVIDER, &long),
        [("info-request.short".to_owned(), fault)]
    );
}

#[test]
fn what_is_missing_is_told() {
    let whole = english(PROVIDER, PARTS);
    let half = whole.replace("[closed-provider]", "[closed]");
    let told = Texts::parse(&[("en", &whole), ("es", &half)]).unwrap_err();
    let lines: Vec<String> = told.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "es.toml:101: closed: no message has this name",
            "es.toml: closed-provider: the text is missing in this language",
        ]
    );
    let told = Texts::parse(&[("es", &whole)]).unwrap_err();
    assert_eq!(
        told.first().map(|error| &error.fault),
        Some(&TextFault::NoFallback)
    );
    let told = Texts::parse(&[("en", "[ack-provider\n")]).unwrap_err();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(matches!(told[0].fault, TextFault::Syntax(_)));
}

#[test]
fn a_later_source_replaces_one_kind() {
    let own = "[ack-patient]\nsubject = \"Own\"\nbody = \"B\"\nshort = \"T\"\n";
    let texts = Texts::parse(&[("en", &english(PROVIDER, PARTS)), ("en", own)]).unwrap();
    assert_eq!(texts.render(PATIENT, "en", false, &Facts::new()).subject, "Own");
    assert_eq!(texts.render(PROVIDER, "en", false, &Facts::new()).subject, "S");
}

#[test]
fn braces_values_and_empty_lines() {
    let parts = r#"
subject = "{{{referral}}} {{}}"
body = """
? Dear {provider},

{items}

{note}

Phone: {clinic-phone}
? Fax: {clinic-fax}

Bye
"""
short = "x"
"#;
    let full = [
        (Placeholder::Referral, "R-1"),
        (Placeholder::Provider, "Dr. Lee"),
        (Placeholder::Items, "- ECG\r\n- Note"),
        (Placeholder::ClinicFax, "5"),
    ];
    let rendered = render(PROVIDER, parts, false, &full);
    assert_eq!(rendered.subject, "{R-1} {}");
    assert_eq!(
        rendered.body,
        "Dear Dr. Lee,\n\n- ECG\n- Note\n\nPhone:\nFax: 5\n\nBye"
    );
    let rendered = render(PROVIDER, parts, false, &[]);
    assert_eq!(rendered.body, "Phone:\n\nBye");
}

#[test]
fn a_language_falls_back_to_english_and_a_region_to_its_language() {
    let spanish = english(PROVIDER, PARTS).replace("\"B\"", "\"Cuerpo\"");
    let texts = Texts::parse(&[("en", &english(PROVIDER, PARTS)), ("es", &spanish)]).unwrap();
    for (wanted, language, body) in [
        ("en", "en", "B"),
        ("es", "es", "Cuerpo"),
        ("es-MX", "es", "Cuerpo"),
        ("ES", "es", "Cuerpo"),
        ("vi", "en", "B"),
        ("", "en", "B"),
    ] {
        let rendered = texts.render(PROVIDER, wanted, false, &Facts::new());
        assert_eq!(
            (rendered.language.as_str(), rendered.body.as_str()),
            (language, body),
            "{wanted}"
        );
    }
}

#[test]
fn hostile_values_stay_in_their_place() {
    let parts = "subject = \"For {service}\"\nbody = \"Patient: {patient-name}\\nBye\"\nshort = \"{patient-given}: come\"";
    let hostile = "Ann\r\nBcc: all@example.com\u{202e}\u{1b}[2J\u{0}{code}";
    for placeholder in [
        Placeholder::Service,
        Placeholder::PatientName,
        Placeholder::PatientGiven,
    ] {
        let facts = [(placeholder, hostile), (Placeholder::Code, "SECRET")];
        for short in [false, true] {
            let rendered = render(PROVIDER, parts, short, &facts);
            assert!(!rendered.subject.contains(['\r', '\n']), "{:?}", rendered.subject);
            let whole = format!("{}\n{}", rendered.subject, rendered.body);
            assert!(
                !whole.chars().any(|c| c != '\n' && text::is_hidden(c)),
                "{whole:?}"
            );
            assert!(!whole.lines().any(|line| line.starts_with("Bcc")), "{whole:?}");
            assert!(!whole.contains("SECRET"), "a value is not a text: {whole:?}");
        }
    }
    let long = render(
        PROVIDER,
        parts,
        false,
        &[(Placeholder::Service, &"x".repeat(5000))],
    );
    assert_eq!(long.subject.chars().count(), SUBJECT_MAX);
}
