//! Bombs, loops and lies, made here: each is answered in time, and its original is nobody's loss (reliability rules: 10 s a
//! document, and the child's memory is limited by the system).

use super::jailed;
use super::wrap::{deflated, docx, message, page, paragraph, pdf, stream, zip, zipped, zlib};
use refdesk::intake::ReadDocument;
use std::time::{Duration, Instant};

/// Ten seconds of processor time, on a machine that does ten other things beside.
const PATIENCE: Duration = Duration::from_secs(120);

fn survives(name: &str, bytes: &[u8]) -> ReadDocument {
    let start = Instant::now();
    let read = jailed(name, bytes);
    let took = start.elapsed();
    assert!(took < PATIENCE, "{name} took {took:?}");
    assert_eq!(read.name, name);
    read
}

fn refused(name: &str, bytes: &[u8]) {
    let read = survives(name, bytes);
    assert!(
        read.pages.iter().all(|page| page.lines.is_empty()) && !read.warnings.is_empty(),
        "{name}: {:?}",
        read.warnings
    );
}

#[test]
fn archives() {
    let zeros = vec![0_u8; 80 << 20];
    let packed = deflated(&zeros);
    let bomb = zipped(&[("zeros.txt", packed.clone(), 8)], 0);
    refused("zeros.zip", &bomb);
    let many: Vec<(&str, Vec<u8>, u16)> = (0..40).map(|_| ("zeros.txt", packed.clone(), 8)).collect();
    refused("forty.zip", &zipped(&many, 0));
    let nested = (0..20).fold(bomb, |inner, _| zip(&[("inner.zip", inner.as_slice(), 8)]));
    refused("nested.zip", &nested);
    let members: Vec<(String, Vec<u8>, u16)> = (0..60_000)
        .map(|number| (format!("{number}"), Vec::new(), 0))
        .collect();
    let members: Vec<(&str, Vec<u8>, u16)> = members
        .iter()
        .map(|(name, bytes, method)| (name.as_str(), bytes.clone(), *method))
        .collect();
    refused("crowd.zip", &zipped(&members, 0));
    let mut lying = zip(&[("a.txt", b"hello hello hello", 8)]);
    let at = lying.len() - 22 + 16;
    lying[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    refused("lying.zip", &lying);
}

#[test]
fn office() {
    let entities = "<!DOCTYPE w [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
    let document = format!("{entities}<w:document><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:document>");
    refused(
        "entities.docx",
        &zip(&[("word/document.xml", document.as_bytes(), 8)]),
    );
    let tables = format!("{}{}", "<w:tbl><w:tr><w:tc>".repeat(100_000), paragraph("deep"));
    survives("tables.docx", &docx(&tables, ""));
    survives("long.docx", &docx(&paragraph("word ").repeat(200_000), ""));
    survives(
        "groups.rtf",
        format!("{{\\rtf1 {}", "{\\b a".repeat(2_000_000)).as_bytes(),
    );
    survives(
        "cells.rtf",
        format!("{{\\rtf1 {}", "\\cell a".repeat(1_000_000)).as_bytes(),
    );
}

#[test]
fn pdfs() {
    let loops = pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [2 0 R 3 0 R 2 0 R] /Count 3 /Parent 2 0 R >>".to_vec(),
        b"<< /Type /Page /Parent 3 0 R /Contents 3 0 R /Resources 3 0 R >>".to_vec(),
    ]);
    refused("loops.pdf", &loops);
    let content = zlib(&b"q 1 0 0 1 0 0 cm 0 0 m 9 9 l S Q\n".repeat(1_500_000));
    survives(
        "strokes.pdf",
        &page(stream("/Filter /FlateDecode", &content), "", vec![]),
    );
    let twice = zlib(&zlib(&vec![b' '; 100 << 20]));
    survives(
        "spaces.pdf",
        &page(stream("/Filter [/FlateDecode /FlateDecode]", &twice), "", vec![]),
    );
    let form = stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>",
        b"/F Do /F Do /F Do",
    );
    survives(
        "forms.pdf",
        &page(stream("", b"/F Do /F Do"), "/XObject << /F 5 0 R >>", vec![form]),
    );
    let image = stream(
        "/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /FlateDecode",
        &zlib(&vec![0; 1 << 20]),
    );
    survives(
        "huge.pdf",
        &page(
            stream("", b"q 612 0 0 792 0 0 cm /I Do Q"),
            "/XObject << /I 5 0 R >>",
            vec![image],
        ),
    );
    let many = vec![b"<< /Type /Page /Parent 2 0 R >>".to_vec(); 20_000];
    let kids: String = (3..20_003).map(|number| format!("{number} 0 R ")).collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{kids}] /Count 20000 /MediaBox [0 0 1e9 1e9] >>").into_bytes(),
    ];
    objects.extend(many);
    survives("crowd.pdf", &pdf(&objects));
    survives(
        "deep.pdf",
        &[b"%PDF-1.7\n1 0 obj\n".to_vec(), b"<</A ".repeat(500_000)].concat(),
    );
}

/// A PNG of these sides with this picture data.
pub fn png(width: u32, height: u32, kind: u8, data: &[u8], extra: &[u8]) -> Vec<u8> {
    let chunk = |name: &[u8], body: &[u8]| {
        let named = [name, body].concat();
        let mut sum = flate2::Crc::new();
        sum.update(&named);
        [
            (body.len() as u32).to_be_bytes().to_vec(),
            named,
            sum.sum().to_be_bytes().to_vec(),
        ]
        .concat()
    };
    let head = [
        width.to_be_bytes().to_vec(),
        height.to_be_bytes().to_vec(),
        vec![1, kind, 0, 0, 0],
    ]
    .concat();
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &head),
        if extra.is_empty() {
            Vec::new()
        } else {
            chunk(b"zTXt", extra)
        },
        chunk(b"IDAT", &zlib(data)),
        chunk(b"IEND", b""),
    ]
    .concat()
}

/// A TIFF with one directory of entries (tag, type, count, value), and the place of the next directory.
pub fn tiff(entries: &[(u16, u16, u32, u32)], next: u32) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    out.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in entries {
        out.extend(tag.to_le_bytes());
        out.extend(kind.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(value.to_le_bytes());
    }
    out.extend(next.to_le_bytes());
    out
}

#[test]
fn pictures() {
    refused("wide.png", &png(60_000, 60_000, 0, &vec![0; 1 << 20], b""));
    refused("large.png", &png(19_000, 19_000, 0, &vec![0; 45 << 20], b""));
    let comment = [b"Comment\0\0".to_vec(), zlib(&vec![b'a'; 80 << 20])].concat();
    survives("comment.png", &png(64, 64, 0, &vec![0xFF; 64 * 9], &comment));
    let size = |side| {
        vec![
            (256, 4, 1, side),
            (257, 4, 1, side),
            (259, 3, 1, 4),
            (273, 4, 1, 8),
            (279, 4, 1, u32::MAX),
        ]
    };
    refused("vast.tif", &tiff(&size(4_000_000_000), 0));
    survives("page.tif", &tiff(&size(6_000), 0));
    survives("loop.tif", &tiff(&size(500), 8));
    survives(
        "strips.tif",
        &tiff(
            &[
                (256, 4, 1, 5_000),
                (257, 4, 1, 7_000),
                (259, 3, 1, 4),
                (273, 4, 2_000_000_000, 8),
                (278, 4, 1, 1),
            ],
            0,
        ),
    );
    let bomb = zlib(&vec![0; 80 << 20]);
    let mut deflate = tiff(
        &[
            (256, 4, 1, 6_000),
            (257, 4, 1, 6_000),
            (258, 3, 1, 8),
            (259, 3, 1, 8),
            (262, 3, 1, 1),
            (273, 4, 1, 0x80),
            (278, 4, 1, 6_000),
            (279, 4, 1, bomb.len() as u32),
        ],
        0,
    );
    deflate.resize(0x80, 0);
    deflate.extend(bomb);
    survives("deflate.tif", &deflate);
    let mut jpeg = b"\xFF\xD8\xFF\xC0\0\x0B\x08\xFF\xDC\xFF\xDC\x01\x01\x11\0".to_vec();
    jpeg.extend(b"\xFF\xDA\0\x08\x01\x01\0\0\x3F\0".repeat(100_000));
    refused("vast.jpg", &jpeg);
}

#[test]
fn messages() {
    let inner = (0..200).fold("hello".to_owned(), |inner, _| {
        message("again", &[("message/rfc822", "m.eml", inner.as_bytes())])
            .chars()
            .take(2 << 20)
            .collect()
    });
    survives("nested.eml", inner.as_bytes());
    let parts = "--b\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n".repeat(100_000);
    let head = "From: a@b.example\r\nMessage-ID: <1>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n";
    survives("parts.eml", format!("{head}{parts}").as_bytes());
    survives(
        "header.eml",
        format!(
            "From: a@b.example\r\nMessage-ID: <1>\r\nSubject: {}\r\n\r\nx",
            "=?utf-8?q?a?= ".repeat(300_000)
        )
        .as_bytes(),
    );
    survives(
        "tags.eml",
        format!(
            "From: a@b.example\r\nMessage-ID: <1>\r\nContent-Type: text/html\r\n\r\n<html>{}",
            "<div><table><tr><td>".repeat(200_000)
        )
        .as_bytes(),
    );
}
