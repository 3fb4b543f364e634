//! Requests that stand together, told apart or left.

use super::*;

fn told(text: &str) -> Option<Vec<String>> {
    let of = |own: Own| String::from_utf8(own.bytes(text.as_bytes()).unwrap()).unwrap();
    Some(apart(text)?.into_iter().map(of).collect())
}

/// The ids of each message's resources.
fn ids(text: &str) -> Option<Vec<Vec<String>>> {
    let of = |text: String| {
        let roots = parse(&text).unwrap();
        let resources = Resources::of(&roots);
        resources
            .all()
            .filter_map(|node| node.text("id").map(str::to_owned))
            .collect()
    };
    Some(told(text)?.into_iter().map(of).collect())
}

fn resource(kind: &str, id: &str, rest: &str) -> String {
    format!(r#"{{"resourceType":"{kind}","id":"{id}"{rest}}}"#)
}

fn to(field: &str, name: &str) -> String {
    format!(r#","{field}":{{"reference":"{name}"}}"#)
}

fn request(id: &str, patient: &str, rest: &str) -> String {
    resource(
        "ServiceRequest",
        id,
        &format!("{}{rest}", to("subject", &format!("Patient/{patient}"))),
    )
}

fn bundle(resources: &[String]) -> String {
    let entries: Vec<String> = resources
        .iter()
        .map(|resource| format!("{{ \"resource\" : {resource} }}"))
        .collect();
    format!(
        "{{\"resourceType\":\"Bundle\",\"type\":\"collection\",\n\"entry\": [ {} ]}}",
        entries.join(" ,\n")
    )
}

fn both() -> Vec<String> {
    vec![
        request("1", "a", &to("requester", "Practitioner/d")),
        resource("Patient", "a", ""),
        request("2", "b", &to("requester", "Practitioner/d")),
        resource("Patient", "b", ""),
        resource("Practitioner", "d", ""),
    ]
}

/// What stands beside two requests, and the ids of what each then has.
type Case<'a> = (&'a str, Vec<String>, [&'a [&'a str]; 2]);

#[test]
fn each_request_has_what_it_names_and_what_names_it() {
    let with = |more: &[String]| ids(&bundle(&[both().as_slice(), more].concat()));
    let table: [Case<'_>; 7] = [
        ("nothing more", vec![], [&["1", "a", "d"], &["2", "b", "d"]]),
        (
            "a task and its owner",
            vec![
                resource(
                    "Task",
                    "t",
                    &format!(
                        "{}{}",
                        to("focus", "ServiceRequest/2"),
                        to("owner", "Organization/o")
                    ),
                ),
                resource("Organization", "o", ""),
            ],
            [&["1", "a", "d"], &["2", "b", "d", "t", "o"]],
        ),
        (
            "a coverage of a patient, its payer, and an answer about it",
            vec![
                resource("CoverageEligibilityResponse", "e", &to("insurance", "Coverage/c")),
                resource(
                    "Coverage",
                    "c",
                    &format!(
                        "{}{}",
                        to("beneficiary", "Patient/a"),
                        to("payor", "Organization/o")
                    ),
                ),
                resource("Organization", "o", ""),
            ],
            [&["1", "a", "d", "e", "c", "o"], &["2", "b", "d"]],
        ),
        (
            "a document of a patient, with its bytes elsewhere",
            vec![
                resource(
                    "DocumentReference",
                    "x",
                    &format!(
                        "{}{}",
                        to("subject", "Patient/b"),
                        r#","content":[{"attachment":{"url":"Binary/y"}}]"#
                    ),
                ),
                resource("Binary", "y", ""),
            ],
            [&["1", "a", "d"], &["2", "b", "d", "x", "y"]],
        ),
        (
            "a header, a house that nobody names, and whose hand it is",
            vec![
                resource(
                    "MessageHeader",
                    "m",
                    r#","focus":[{"reference":"ServiceRequest/1"},{"reference":"ServiceRequest/2"}]"#,
                ),
                resource("Location", "l", ""),
                resource(
                    "Provenance",
                    "p",
                    r#","target":[{"reference":"ServiceRequest/1"},{"reference":"ServiceRequest/2"}]"#,
                ),
            ],
            [&["1", "a", "d", "m", "l", "p"], &["2", "b", "d", "m", "l", "p"]],
        ),
        (
            "a request that another task is based on",
            vec![
                resource("Task", "t", &to("basedOn", "ServiceRequest/1")),
                resource("Task", "u", &to("partOf", "Task/t")),
            ],
            [&["1", "a", "d", "t", "u"], &["2", "b", "d"]],
        ),
        (
            "what one patient has",
            vec![resource("Condition", "k", &to("subject", "Patient/a"))],
            [&["1", "a", "d", "k"], &["2", "b", "d"]],
        ),
    ];
    for (why, more, expected) in table {
        let found = with(&more).unwrap_or_default();
        let found: Vec<Vec<&str>> = found
            .iter()
            .map(|ids| ids.iter().map(String::as_str).collect())
            .collect();
        assert_eq!(found, expected, "{why}");
    }
}

#[test]
fn what_belongs_to_nobody_or_to_one_of_several_leaves_all_of_it() {
    let with = |more: &[String]| told(&bundle(&[both().as_slice(), more].concat()));
    let two = r#","basedOn":[{"reference":"ServiceRequest/1"},{"reference":"ServiceRequest/2"}]"#;
    let table = [
        ("a task of two", vec![resource("Task", "t", two)]),
        ("a task of nobody", vec![resource("Task", "t", "")]),
        ("a patient whom nobody names", vec![resource("Patient", "c", "")]),
        (
            "a request that stands on another",
            vec![request("3", "a", &to("basedOn", "ServiceRequest/1"))],
        ),
        (
            "a document of a patient with two requests",
            vec![
                request("3", "a", ""),
                resource("DocumentReference", "x", &to("subject", "Patient/a")),
            ],
        ),
        (
            "a document of one patient with the request of another",
            vec![
                resource("Patient", "c", ""),
                resource(
                    "DocumentReference",
                    "x",
                    &format!(
                        "{}{}",
                        to("subject", "Patient/c"),
                        to("context", "ServiceRequest/1")
                    ),
                ),
            ],
        ),
        ("a bundle among resources", vec![bundle(&[])]),
    ];
    for (why, more) in table {
        assert_eq!(with(&more), None, "{why}");
    }
    let whole = bundle(&both());
    assert!(told(&whole).is_some());
    for (why, text) in [
        ("what was", whole.replacen("collection", "history", 1)),
        (
            "to be deleted",
            whole.replacen(
                "\"resource\" :",
                "\"request\":{\"method\":\"DELETE\"},\"resource\":",
                1,
            ),
        ),
        ("one request", bundle(&both()[..2])),
        (
            "a name that is written otherwise",
            whole.replacen("\"entry\"", "\"entr\\u0079\"", 1),
        ),
        (
            "XML",
            "<Bundle><entry><resource><Patient/></resource></entry></Bundle>".into(),
        ),
        ("no JSON", whole.replacen('[', "", 1)),
    ] {
        assert_eq!(told(&text), None, "{why}");
    }
}

#[test]
fn bundles_and_lines_are_apart_as_they_stand() {
    let one = |id: &str| bundle(&[request(id, "a", ""), resource("Patient", "a", "")]).replace('\n', "");
    let lines = format!("\u{FEFF}{}\n\n{}\r\n", one("1"), one("2"));
    assert_eq!(told(&lines), Some(vec![one("1"), one("2")]));
    assert_eq!(
        told(&bundle(&[one("1"), one("2")])),
        Some(vec![one("1"), one("2")])
    );
    let loose = both().join("\n");
    let found = told(&loose).unwrap();
    assert_eq!(found[1], format!("{}\n{}\n{}\n", both()[2], both()[3], both()[4]));
    // Reports where nothing is requested.
    let report = |id: &str, patient: &str| {
        resource(
            "DiagnosticReport",
            id,
            &to("subject", &format!("Patient/{patient}")),
        )
    };
    let text = bundle(&[
        report("1", "a"),
        resource("Patient", "a", ""),
        report("2", "b"),
        resource("Patient", "b", ""),
    ]);
    let expected: Vec<Vec<String>> = [["1", "a"], ["2", "b"]]
        .map(|ids| ids.map(str::to_owned).to_vec())
        .to_vec();
    assert_eq!(ids(&text), Some(expected));
}
