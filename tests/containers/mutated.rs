//! Wounded files of every wrapping through the jail: whatever a stranger sends, there is an answer within bounds.

use super::bombs::{png, tiff};
use super::jailed;
use super::wrap::{docx, message, page, paragraph, row, stream, zip, zlib};
use proptest::prelude::*;

fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let table = format!("<w:tbl>{}</w:tbl>", row(&["Patient", "Ann Lee"]));
    let word = docx(&format!("{}{table}", paragraph("Referral")), &paragraph("Head"));
    let font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec();
    let text = stream(
        "/Filter /FlateDecode",
        &zlib(b"BT /F 12 Tf 72 700 Td (Patient: Ann Lee) Tj ET"),
    );
    let mut winmail = b"\x78\x9F\x3E\x22\x01\0".to_vec();
    for id in [0x0006_9002_u32, 0x0001_8010, 0x0006_800F, 0x0006_9005] {
        winmail.push(2);
        winmail.extend(id.to_le_bytes());
        winmail.extend(16_u32.to_le_bytes());
        winmail.extend([7; 18]);
    }
    let mail = message(
        "Please see.",
        &[
            ("application/zip", "a.zip", &zip(&[("a.docx", &word, 8)])),
            ("application/ms-tnef", "winmail.dat", &winmail),
        ],
    );
    // Two strips' worth of tags, and a picture in rows of bits.
    let fax = [
        (256, 3, 1, 16),
        (257, 3, 1, 16),
        (258, 3, 1, 1),
        (259, 3, 1, 4),
        (262, 3, 1, 0),
        (273, 4, 1, 8),
        (277, 3, 1, 1),
        (278, 3, 1, 16),
        (279, 4, 1, 32),
    ];
    let rows = [[0, 0xAA, 0x55].as_slice(); 16].concat();
    vec![
        ("a.tif", tiff(&fax, 0)),
        ("a.png", png(16, 16, 0, &rows, &[])),
        ("a.zip", zip(&[("a.docx", &word, 8), ("b.txt", b"Patient: Ann Lee", 0)])),
        ("a.docx", word),
        ("a.pdf", page(text, "/Font << /F 5 0 R >>", vec![font])),
        ("winmail.dat", winmail),
        ("a.eml", mail.into_bytes()),
        ("a.rtf", br"{\rtf1\ansi{\fonttbl{\f0 Arial;}}Patient\tab Ann Lee\par\trowd\intbl DOB\cell 1990\cell\row\u8220?\'e9 \bin4 abcd}".to_vec()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn wounded_files_are_answered(
        which in 0_usize..8,
        wounds in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..30),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let (name, mut bytes) = seeds().remove(which);
        for (at, byte) in wounds {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()) + 1);
        }
        let read = jailed(name, &bytes);
        prop_assert!(!read.warnings.iter().any(|warning| warning.contains("too long or too much memory")), "{:?}", read.warnings);
        for found in read.fields.values().flatten() {
            prop_assert!((0.0..=1.0).contains(&found.confidence));
        }
    }
}
