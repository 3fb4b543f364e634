//! Word, RTF, ZIP and Outlook's envelope: what a practice's office software sends.

use super::wrap::{docx, message, paragraph, row, zip, zipped};
use super::{jailed, lines, value};
use refdesk::intake::document::{Container, DocumentKind, Field};

const LETTER: &str =
    "REFERRAL REQUEST\nPatient Name: Garcia, Maria\nDOB: 05/17/1970\nSpecialty Requested: Cardiology\n";

fn form() -> Vec<u8> {
    let table = format!(
        "<w:tbl>{}{}{}{}</w:tbl>",
        row(&["Patient Name", "García, María", "DOB", "05/17/1970"]),
        row(&["Phone", "(802) 555-0199", "Member ID", "CH123456"]),
        row(&["Specialty Requested", "Cardiology", "ICD-10", "R00.2"]),
        row(&[
            "Group No.",
            "Click or tap here to enter text.",
            "Auth #",
            "Choose an item."
        ]),
    );
    let boxes = "<w:p><w:r><w:t>Urgency:</w:t><w:tab/>\
        <w:fldChar><w:ffData><w:checkBox><w:sizeAuto/><w:default w:val=\"0\"/></w:checkBox></w:ffData></w:fldChar><w:t> Routine</w:t><w:tab/>\
        <w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/><w:t> Urgent</w:t></w:r>\
        <w:del><w:r><w:t>STAT</w:t></w:r></w:del></w:p>";
    let copy = "<mc:AlternateContent><mc:Choice><w:p><w:r><w:t>NPI: 1234567893</w:t></w:r></w:p></mc:Choice><mc:Fallback>\
        <w:p><w:r><w:t>NPI: 1234567893</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>";
    let body = [
        paragraph("REFERRAL REQUEST"),
        paragraph("Referring Provider: Irene Hale, MD"),
        copy.into(),
        table,
        boxes.into(),
        paragraph("Reason for Referral: palpitations &amp; new murmur"),
    ];
    docx(&body.concat(), &paragraph("GREEN MOUNTAIN FAMILY PRACTICE"))
}

#[test]
fn a_word_form_is_read_by_its_cells() {
    let read = jailed("form.docx", &form());
    assert_eq!(
        (read.container, read.kind),
        (Container::Word, DocumentKind::Referral),
        "{:?} {:?}",
        lines(&read),
        read.warnings
    );
    let expected = [
        (Field::PatientName, "García, María"),
        (Field::Dob, "1970-05-17"),
        (Field::PatientPhone, "8025550199"),
        (Field::MemberId, "CH123456"),
        (Field::SpecialtyRequested, "Cardiology"),
        (Field::Icd10, "R00.2"),
        (Field::ReferringProviderName, "Irene Hale, MD"),
        (Field::ReferringNpi, "1234567893"),
        (Field::GroupNo, ""),
        (Field::AuthNumber, ""),
        (Field::Urgency, "urgent"),
        (Field::ReasonText, "palpitations & new murmur"),
    ];
    for (field, wanted) in expected {
        assert_eq!(value(&read, field), wanted, "{field:?} {:?}", lines(&read));
    }
    let heads = lines(&read)
        .iter()
        .filter(|line| line.contains("GREEN MOUNTAIN"))
        .count();
    assert_eq!(heads, 1, "the same head of two kinds of pages is set once");
}

#[test]
fn an_open_document_and_rich_text_are_read() {
    let content = "<office:document-content><office:body><text:h>REFERRAL REQUEST</text:h><table:table><table:table-row>\
        <table:table-cell><text:p>Patient Name</text:p></table:table-cell><table:table-cell><text:p>Garcia,<text:s text:c=\"1\"/>Maria</text:p></table:table-cell>\
        </table:table-row></table:table><text:p>DOB: 05/17/1970</text:p><text:p>Specialty Requested: Cardiology</text:p></office:body></office:document-content>";
    let odt = zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text", 0),
        ("content.xml", content.as_bytes(), 8),
    ]);
    let rtf = r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}REFERRAL REQUEST\par
\trowd\intbl Patient Name\cell Garcia, Maria\cell\row\pard DOB: 05/17/1970\par Specialty Requested: Cardiology\par}";
    for (name, bytes, container) in [
        ("a.odt", odt, Container::Word),
        ("a.doc", rtf.into(), Container::Rtf),
    ] {
        let read = jailed(name, &bytes);
        assert_eq!(
            (read.container, read.kind),
            (container, DocumentKind::Referral),
            "{:?} {:?}",
            lines(&read),
            read.warnings
        );
        assert_eq!(
            value(&read, Field::PatientName),
            "Garcia, Maria",
            "{:?}",
            lines(&read)
        );
        assert_eq!(value(&read, Field::Dob), "1970-05-17");
    }
}

#[test]
fn an_archive_is_its_documents() {
    let bytes = zip(&[
        ("__MACOSX/._a.txt", b"\0\x05\x16\x07", 8),
        ("referral/", b"", 0),
        ("referral/../../letter.txt", LETTER.as_bytes(), 8),
        ("form.docx", &form(), 0),
        ("sheet.bin", b"\0\x01\x02\x03\0\0\0", 0),
    ]);
    let read = jailed("parcel.zip", &bytes);
    assert_eq!(read.container, Container::Archive);
    let parts: Vec<(&str, Container, bool)> = read
        .parts
        .iter()
        .map(|part| (part.name.as_str(), part.container, part.read))
        .collect();
    assert_eq!(
        parts,
        [
            ("letter.txt", Container::Text, true),
            ("form.docx", Container::Word, true),
            ("sheet.bin", Container::Unknown, false)
        ]
    );
    assert_eq!(read.pages.len(), 2);
    assert_eq!(
        read.warnings
            .iter()
            .filter(|warning| warning.starts_with("member 3 (of an unknown kind)"))
            .count(),
        1,
        "{:?}",
        read.warnings
    );
    assert_eq!(value(&read, Field::Dob), "1970-05-17");
}

#[test]
fn what_is_locked_or_not_read_says_so() {
    let table: [(&str, Vec<u8>, &str); 6] = [
        (
            "locked.zip",
            zipped(&[("a.txt", b"xxxx".to_vec(), 0)], 1),
            "member 1 (of an unknown kind) could not be read; a person must: it is protected by a password",
        ),
        (
            "sheet.xlsx",
            zip(&[
                ("[Content_Types].xml", b"<Types/>", 8),
                ("xl/workbook.xml", b"<x/>", 8),
            ]),
            "this kind of Office file is not read; a person must look, or ask for a PDF",
        ),
        ("empty.zip", zip(&[]), "the archive is empty"),
        (
            "cut.zip",
            b"PK\x03\x04 and no more".to_vec(),
            "the archive could not be opened: it is damaged; a person must look",
        ),
        (
            "old.doc",
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....".to_vec(),
            "an old or password-protected Office file is not read; a person must look, or ask for a PDF",
        ),
        (
            "photo.heic",
            b"\0\0\0\x18ftypheic\0\0\0\0".to_vec(),
            "a telephone's HEIC photo is not read; ask for a JPEG or a PDF",
        ),
    ];
    for (name, bytes, warning) in table {
        let read = jailed(name, &bytes);
        assert!(read.pages.is_empty());
        assert_eq!(read.warnings, [warning], "{name}");
    }
}

#[test]
fn attachments_of_every_wrapping_and_messages_in_messages() {
    let mut winmail = b"\x78\x9F\x3E\x22\x01\0".to_vec();
    for (id, value) in [
        (0x0006_9002_u32, vec![0; 14]),
        (0x0001_8010, b"letter.txt\0".to_vec()),
        (0x0006_800F, LETTER.as_bytes().to_vec()),
    ] {
        winmail.push(2);
        winmail.extend(id.to_le_bytes());
        winmail.extend((value.len() as u32).to_le_bytes());
        winmail.extend(value);
        winmail.extend([0, 0]);
    }
    let inner = message("Forwarded.", &[("application/ms-tnef", "winmail.dat", &winmail)]);
    let outer = message(
        "See the message.",
        &[
            ("message/rfc822", "fwd.eml", inner.as_bytes()),
            ("application/zip", "form.zip", &zip(&[("form.docx", &form(), 0)])),
        ],
    );
    let read = jailed("outer.eml", outer.as_bytes());
    let names: Vec<&str> = read.parts.iter().map(|part| part.name.as_str()).collect();
    for name in ["fwd.eml", "winmail.dat", "letter.txt", "form.zip", "form.docx"] {
        assert!(names.contains(&name), "{name}: {names:?} {:?}", read.warnings);
    }
    assert!(read.parts.iter().all(|part| part.read), "{:?}", read.warnings);
    assert_eq!(value(&read, Field::Dob), "1970-05-17");
    assert!(lines(&read).iter().any(|line| line.contains("García, María")));
}

#[test]
fn charsets_as_they_are_met() {
    let text = "Patient name: José Núñez\nDOB: 05/17/1970\n";
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let narrow: Vec<u8> = text.chars().map(|c| c as u32 as u8).collect();
    let mail = |charset: &str, body: &[u8]| {
        let head = format!(
            "From: a@b.example\r\nMessage-ID: <1@b>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        );
        [head.as_bytes(), body].concat()
    };
    let page = b"<html><head><meta charset=\"iso-8859-15\"></head><body><p>Patient name: Jos\xE9 N\xFA\xF1ez</p><p>DOB: 05/17/1970</p></body></html>";
    let table: [(&str, Vec<u8>); 6] = [
        ("wide.txt", wide),
        ("narrow.txt", narrow.clone()),
        ("page.html", page.to_vec()),
        ("latin.eml", mail("iso-8859-1", &narrow)),
        ("windows.eml", mail("windows-1252", &narrow)),
        ("utf.eml", mail("utf-8", text.as_bytes())),
    ];
    for (name, bytes) in table {
        let read = jailed(name, &bytes);
        assert_eq!(
            value(&read, Field::PatientName),
            "Núñez, José",
            "{name} {:?} {:?}",
            lines(&read),
            read.warnings
        );
    }
    let shift = mail("shift_jis", b"\x8A\xB3\x8E\xD2: Tanaka");
    assert!(
        lines(&jailed("sjis.eml", &shift))
            .iter()
            .any(|line| line.contains("患者: Tanaka"))
    );
}
