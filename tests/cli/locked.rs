//! Documents under a password: they wait in Intake, and a password opens them without making anything twice.

use super::Clinic;
use lopdf::content::{Content, Operation};
use lopdf::{Document, EncryptionState, EncryptionVersion, Object, Permissions, Stream, dictionary};

const LINES: &[&str] = &[
    "REFERRAL REQUEST",
    "Patient Name: Garcia, Maria",
    "DOB: 05/17/1970",
    "Specialty Requested: Cardiology",
    "Referring Provider: Irene Hale, MD",
    "Reason for Referral: palpitations",
    "Urgency: Urgent",
];

fn locked_pdf(password: &str) -> Vec<u8> {
    let mut operations = Vec::new();
    for (row, line) in LINES.iter().enumerate() {
        operations.extend([
            Operation::new("BT", vec![]),
            Operation::new("Tf", vec!["F1".into(), 10.into()]),
            Operation::new("Td", vec![60.into(), (740 - 14 * row as i64).into()]),
            Operation::new("Tj", vec![Object::string_literal(*line)]),
            Operation::new("ET", vec![]),
        ]);
    }
    let mut document = Document::with_version("1.5");
    let pages = document.new_object_id();
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding",
    });
    let content = document.add_object(Stream::new(
        dictionary! {},
        Content { operations }.encode().unwrap(),
    ));
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content, "MediaBox" => vec![0.into(), 0.into(), 612.into(), 792.into()],
        "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
    });
    document.objects.insert(
        pages,
        dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }.into(),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    document.trailer.set(
        "ID",
        vec![
            Object::string_literal("0123456789abcdef"),
            Object::string_literal("0123456789abcdef"),
        ],
    );
    let state = EncryptionState::try_from(EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: password,
        key_length: 128,
        permissions: Permissions::all(),
    })
    .unwrap();
    document.encrypt(&state).unwrap();
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_password_opens_what_waits_and_makes_nothing_twice() {
    let clinic = Clinic::new();
    let pdf = clinic.file("locked.pdf", locked_pdf("opens it"));
    let wrong = clinic.file("wrong.txt", "not this\n");
    let right = clinic.file("right.txt", "opens it\n");
    let pdf = pdf.to_str().unwrap();
    let waits = "locked.pdf: intake D-1 · the PDF is protected by a password; give it, or ask the sender for one without\n";
    assert_eq!(clinic.run(["intake", pdf]).done(), waits);
    let with = |file: &std::path::Path| {
        clinic
            .run(["intake", "--password-file", file.to_str().unwrap(), pdf])
            .done()
    };
    let before = "locked.pdf: seen-before D-1 · the same document came in before; nothing was made twice\n";
    assert_eq!(with(&wrong), before);
    assert!(with(&right).starts_with("locked.pdf: received R-"), "it opens");
    assert_eq!(
        clinic.run(["list", "--list", "intake"]).out,
        "",
        "nothing waits any more"
    );
    assert!(with(&right).starts_with("locked.pdf: seen-before R-"));
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn a_password_given_at_once_and_one_that_is_none() {
    let clinic = Clinic::new();
    let pdf = clinic.file("locked.pdf", locked_pdf("pass word"));
    let right = clinic.file("right.txt", "pass word\r\n");
    let empty = clinic.file("empty.txt", "\n");
    let pdf = pdf.to_str().unwrap();
    let run = |file: &std::path::Path| {
        clinic.run([
            "intake",
            "--dry-run",
            "--password-file",
            file.to_str().unwrap(),
            pdf,
        ])
    };
    assert!(
        run(&empty)
            .fails(1)
            .contains("its first line is empty, and no password. No document was read")
    );
    assert!(
        run(std::path::Path::new("/nowhere/at/all"))
            .fails(1)
            .contains("No document was read")
    );
    let done = run(&right).done();
    assert!(done.starts_with("locked.pdf: received "), "{done}");
}
