//! `intake`: documents of every kind, and what is printed about them.

use super::{Clinic, Said, received};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const LETTER: &str = "\
GREEN MOUNTAIN FAMILY PRACTICE
REFERRAL REQUEST

Referring Provider: Irene Hale, MD
NPI: 1234567893
Fax: (802) 555-0100

Patient Name: Garcia, Maria
DOB: 05/17/1970
Sex: F
Phone: (802) 555-0199

Specialty Requested: Cardiology
Urgency: Urgent
Reason for Referral: palpitations, new murmur
ICD-10: R00.2, R01.1
Insurance: Cedar Health PPO
Member ID: CH123456
";

fn mail(attachment: &str, name: &str) -> String {
    let body: String = attachment
        .bytes()
        .map(|byte| format!("={byte:02X}"))
        .collect::<Vec<_>>()
        .chunks(20)
        .map(|line| line.concat() + "=\r\n")
        .collect();
    format!(
        "From: Front Desk <desk@greenmountain.example>\r\nTo: intake@clinic.example\r\nSubject: Referral\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nPlease see attached.\r\n\
         --b\r\nContent-Type: text/plain; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\n{body}\r\n--b--\r\n"
    )
}

fn pdf(text: &str) -> Vec<u8> {
    use lopdf::content::{Content, Operation};
    use lopdf::{Document, Object, Stream, dictionary};
    let mut operations = Vec::new();
    for (row, line) in text.lines().enumerate() {
        let y = 740 - 14 * i64::try_from(row).unwrap();
        operations.extend([
            Operation::new("BT", vec![]),
            Operation::new("Tf", vec!["F1".into(), 10.into()]),
            Operation::new("Td", vec![60.into(), y.into()]),
            Operation::new("Tj", vec![Object::string_literal(line)]),
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
        Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

fn intake(clinic: &Clinic, files: &[&Path], more: &[&str]) -> Said {
    let mut args: Vec<&std::ffi::OsStr> = vec!["intake".as_ref()];
    args.extend(more.iter().map(std::ffi::OsStr::new));
    args.extend(files.iter().map(|file| file.as_os_str()));
    clinic.run(args)
}

/// The one object about the one document.
fn object(clinic: &Clinic, file: &Path) -> Value {
    let said = intake(clinic, &[file], &["--json"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let mut objects = said.objects();
    assert_eq!(objects.len(), 1);
    objects.remove(0)
}

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_text_becomes_a_referral_and_the_line_has_the_shape_of_the_contract() {
    let clinic = Clinic::new();
    let line = object(&clinic, &clinic.file("letter.txt", LETTER));
    assert_eq!(
        (
            &line["file"],
            &line["status"],
            &line["doc_type"],
            &line["referral"]
        ),
        (
            &json!("letter.txt"),
            &json!("received"),
            &json!("referral"),
            &json!("R-10001-W")
        )
    );
    assert_eq!(
        keys(&line),
        [
            "file",
            "status",
            "doc_type",
            "kind_confidence",
            "referral",
            "document",
            "fields",
            "missing",
            "warnings"
        ]
    );
    assert_eq!(
        line["fields"]["patient_name"]["value"],
        json!({ "family": "Garcia", "given": "Maria" })
    );
    assert_eq!(line["fields"]["dob"]["value"], "1970-05-17");
    assert_eq!(line["fields"]["urgency"]["value"], "urgent");
    let codes: Vec<&Value> = line["fields"]["icd10"]["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|code| &code["value"])
        .collect();
    assert_eq!(codes, [&json!("R00.2"), &json!("R01.1")]);
    for (name, field) in line["fields"].as_object().unwrap() {
        let confidence = field["confidence"]
            .as_f64()
            .unwrap_or_else(|| panic!("{name}: {field}"));
        assert!((0.0..=1.0).contains(&confidence), "{name}");
        assert_eq!(field["page"], 1, "{name}");
        let area: Vec<f64> = field["box"]
            .as_array()
            .unwrap()
            .iter()
            .map(|side| side.as_f64().unwrap())
            .collect();
        assert!(
            area.len() == 4
                && area[0] < area[2]
                && area[1] < area[3]
                && area.iter().all(|side| (0.0..=1.0).contains(side)),
            "{name} {area:?}"
        );
    }
    let referral = &clinic.show("R-10001-W")["referral"];
    assert_eq!(
        (&referral["priority"], &referral["list"]),
        (&json!("urgent"), &json!("missing-info"))
    );
    assert_eq!(referral["missing"], line["missing"]);
}

#[test]
fn mail_with_an_attachment_and_a_pdf_are_read_alike() {
    for (name, bytes) in [
        ("mail.eml", mail(LETTER, "referral.txt").into_bytes()),
        ("fax.pdf", pdf(LETTER)),
    ] {
        let clinic = Clinic::new();
        let line = object(&clinic, &clinic.file(name, bytes));
        assert_eq!(
            (&line["status"], &line["referral"]),
            (&json!("received"), &json!("R-10001-W")),
            "{line}"
        );
        assert_eq!(line["fields"]["member_id"]["value"], "CH123456");
        assert_eq!(
            clinic.show("R-10001-W")["referral"]["source"],
            if name == "mail.eml" { "email" } else { "scan" }
        );
    }
}

#[test]
fn what_cannot_be_read_becomes_an_item_for_a_person_and_the_original_is_kept() {
    let clinic = Clinic::new();
    let junk: Vec<u8> = (0..4096_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    let table: [(&str, Vec<u8>); 4] = [
        ("empty.txt", Vec::new()),
        ("junk.bin", junk),
        ("torn.pdf", pdf(LETTER)[..300].to_vec()),
        (
            "advert.txt",
            b"Buy cheap exam gloves now! Limited offer. Unsubscribe below.".to_vec(),
        ),
    ];
    for (name, bytes) in &table {
        let line = object(&clinic, &clinic.file(name, bytes));
        assert_eq!(
            (&line["status"], &line["referral"]),
            (&json!("intake"), &Value::Null),
            "{line}"
        );
        assert!(!line["warnings"].as_array().unwrap().is_empty(), "{line}");
    }
    let waiting = clinic.run(["list", "--list", "intake", "--json"]).objects();
    let mut names: Vec<&str> = waiting.iter().map(|row| row["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["advert.txt", "empty.txt", "junk.bin", "torn.pdf"]);
    let connection = rusqlite::Connection::open(clinic.database()).unwrap();
    for (name, bytes) in table {
        let kept: Vec<u8> = connection
            .query_row(
                "SELECT bytes FROM content JOIN document USING (hash) WHERE name = ?1",
                [name],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(kept, bytes, "{name}");
    }
}

#[test]
fn what_is_not_there_is_said_and_the_others_are_still_read() {
    let clinic = Clinic::new();
    let letter = clinic.file("letter.txt", LETTER);
    std::fs::create_dir(clinic.dir.path().join("folder")).unwrap();
    let files = [Path::new("none.pdf"), Path::new("folder"), &letter];
    let said = intake(&clinic, &files, &["--dry-run", "--json"]);
    let errors = "refdesk: none.pdf: it was not read, and stays where it is: No such file or directory\n\
                  refdesk: folder: it is a folder; name the files in it\n";
    assert_eq!((said.code, said.err.as_str()), (1, errors));
    let objects = said.objects();
    assert_eq!(
        objects[0],
        json!({ "file": "none.pdf", "status": "failed", "doc_type": null, "referral": null, "fields": {}, "missing": [],
            "warnings": ["it was not read, and stays where it is: No such file or directory"] })
    );
    assert_eq!(
        (&objects[1]["status"], &objects[2]["status"]),
        (&json!("failed"), &json!("received"))
    );
    let said = intake(&clinic, &files, &[]);
    assert_eq!((said.code, said.err.as_str()), (1, errors));
    assert_eq!(
        said.out,
        "letter.txt: received R-10001-W · missing: ecg, visit-note, medications, lipids\n"
    );
}

#[test]
fn a_dry_run_says_the_same_and_changes_nothing() {
    let clinic = Clinic::new();
    let (letter, empty) = (clinic.file("letter.txt", LETTER), clinic.file("empty.txt", ""));
    clinic.receive("Lee", "routine");
    let before = clinic.stored();
    let files: [&Path; 2] = [&letter, &empty];
    let dry = intake(&clinic, &files, &["--dry-run", "--json"]).objects();
    assert_eq!(clinic.stored(), before);
    let wet = intake(&clinic, &files, &["--json"]).objects();
    assert_ne!(clinic.stored(), before);
    assert_eq!((&dry[0], &dry[1]["status"]), (&wet[0], &wet[1]["status"]));
}

#[test]
fn the_same_bytes_under_another_name_make_nothing_twice() {
    let clinic = Clinic::new();
    let files: [PathBuf; 2] = [
        clinic.file("letter.txt", LETTER),
        clinic.file("again.txt", LETTER),
    ];
    assert_eq!(object(&clinic, &files[0])["status"], "received");
    let before = clinic.stored();
    let line = object(&clinic, &files[1]);
    assert_eq!(
        (&line["status"], &line["referral"]),
        (&json!("seen-before"), &json!("R-10001-W"))
    );
    assert_eq!(clinic.stored(), before);
}

#[test]
fn an_answer_with_the_return_code_goes_to_its_referral() {
    let clinic = Clinic::new();
    object(&clinic, &clinic.file("letter.txt", LETTER));
    let answer = clinic.does(json!({ "command": "request-info", "referral": "R-10001-W" }));
    assert!(answer["action"].is_i64(), "{answer}");
    let code = clinic.show("R-10001-W")["requests"][0]["code"]
        .as_str()
        .unwrap()
        .to_owned();
    let reply = format!(
        "Re: your request\nReference: {code}\n\nPatient Name: Garcia, Maria\nDOB: 05/17/1970\n\nECG tracing and visit note enclosed.\n"
    );
    let line = object(&clinic, &clinic.file("reply.txt", reply));
    assert_eq!(
        (&line["status"], &line["referral"]),
        (&json!("answered"), &json!("R-10001-W")),
        "{line}"
    );
}

/// A code is copied from page to page, and what has ended nobody looks at: a person says where such an answer belongs.
#[test]
fn an_answer_about_somebody_else_or_for_what_has_ended_waits_for_a_person() {
    let clinic = Clinic::new();
    object(&clinic, &clinic.file("letter.txt", LETTER));
    clinic.does(json!({ "command": "request-info", "referral": "R-10001-W" }));
    let code = clinic.show("R-10001-W")["requests"][0]["code"]
        .as_str()
        .unwrap()
        .to_owned();
    let reply = |name: &str, dob: &str| {
        format!(
            "Re: your request\nReference: {code}\n\nPatient Name: {name}\nDOB: {dob}\n\nECG tracing and visit note enclosed.\n"
        )
    };
    let line = object(
        &clinic,
        &clinic.file("other.txt", reply("Okafor, Ngozi", "02/03/1961")),
    );
    assert_eq!(line["status"], "intake", "{line}");
    assert!(
        line["warnings"].to_string().contains("is about another patient"),
        "{line}"
    );
    assert_eq!(clinic.show("R-10001-W")["referral"]["status"], "needs-info");
    clinic.does(json!({ "command": "decline", "referral": "R-10001-W", "reason": "out-of-scope" }));
    assert_eq!(clinic.show("R-10001-W")["referral"]["status"], "declined");
    let line = object(
        &clinic,
        &clinic.file("late.txt", reply("Garcia, Maria", "05/17/1970")),
    );
    assert_eq!(line["status"], "intake", "{line}");
    assert!(
        line["warnings"]
            .to_string()
            .contains("answers R-10001-W, which is declined: reopen it or file it"),
        "{line}"
    );
}

/// Names, texts and file names from outside are shown without what would steer a terminal.
#[test]
fn nothing_from_outside_reaches_the_terminal_raw() {
    let clinic = Clinic::new();
    let evil = LETTER
        .replace("Garcia, Maria", "Gar\u{7}cia, Ma\u{202e}ria\u{9b}")
        .replace("palpitations", "\u{1b}[2Jpalp");
    let mut spoken = received("\u{1b}]0;owned\u{7}Lee", "stat");
    spoken["reason_text"] = json!("\u{9b}31m\u{2066}pain");
    assert!(clinic.does(spoken)["action"].is_i64());
    let name = "bad\u{1b}[31m\u{202e}name\n.txt";
    let file = clinic.file(name, evil);
    let empty = clinic.file("\u{1b}c.bin", "\0");
    let mut all = vec![
        intake(&clinic, &[&file], &["--dry-run"]),
        intake(&clinic, &[&file, &empty], &["--json"]),
        intake(&clinic, &[&clinic.dir.path().join("\u{1b}[2J.txt")], &[]),
    ];
    for args in [
        &["list"][..],
        &["list", "--json"],
        &["list", "--list", "intake"],
        &["show", "R-10001-W"],
        &["show", "R-10002-X", "--json"],
        &["outbox"],
        &["list", "--list", "\u{1b}[2J"],
        &["list", "--query", "\u{1b}[2J:"],
        &["apply", "\u{1b}[2J"],
    ] {
        all.push(clinic.run(args));
    }
    assert_eq!(all[3].out.lines().count(), 2, "both were taken in");
    for said in &all {
        for text in [&said.out, &said.err] {
            let raw = text
                .chars()
                .find(|c| (c.is_control() && *c != '\n') || matches!(c, '\u{202a}'..='\u{202e}'));
            assert_eq!(raw, None, "{said:?}");
        }
    }
    let mut written = clinic.data().join("outbox").read_dir().unwrap().count();
    clinic.run(["tick"]).done();
    for entry in clinic.data().join("outbox").read_dir().unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{text:?}");
        written += 1;
    }
    assert!(written > 0);
}
