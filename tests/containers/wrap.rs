//! Wrappings, made here: ZIP, DOCX, ODT, RTF, messages, PDFs.

use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write;

/// Deflated.
pub fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// A ZIP of members, each stored (0) or deflated (8).
pub fn zip(members: &[(&str, &[u8], u16)]) -> Vec<u8> {
    let packed: Vec<(&str, Vec<u8>, u16)> = members
        .iter()
        .map(|(name, bytes, method)| {
            let packed = if *method == 8 {
                deflated(bytes)
            } else {
                bytes.to_vec()
            };
            (*name, packed, *method)
        })
        .collect();
    zipped(&packed, 0)
}

/// A ZIP of members that are packed already; `flags` as they stand in each header (bit 0: needs a password).
pub fn zipped(members: &[(&str, Vec<u8>, u16)], flags: u16) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, packed, method) in members {
        let at = out.len() as u32;
        let middle = [
            20_u16.to_le_bytes(),
            flags.to_le_bytes(),
            method.to_le_bytes(),
            [0; 2],
            [0; 2],
            [0; 2],
            [0; 2],
        ]
        .concat();
        let sizes = [
            (packed.len() as u32).to_le_bytes(),
            (packed.len() as u32).to_le_bytes(),
        ]
        .concat();
        let length = (name.len() as u16).to_le_bytes();
        out.extend(b"PK\x03\x04");
        out.extend(&middle);
        out.extend(&sizes);
        out.extend(length);
        out.extend([0; 2]);
        out.extend(name.as_bytes());
        out.extend(packed);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&middle);
        directory.extend(&sizes);
        directory.extend(length);
        directory.extend([0; 12]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, count) = (out.len() as u32, members.len().min(65_535) as u16);
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0; 2]);
    out
}

/// A DOCX around a body.
pub fn docx(body: &str, header: &str) -> Vec<u8> {
    let part = |name: &str, inside: &str| {
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:{name}>{inside}</w:{name}>")
    };
    let document = part("document", &format!("<w:body>{body}</w:body>"));
    let header = part("hdr", header);
    zip(&[
        ("[Content_Types].xml", b"<Types/>", 8),
        ("word/document.xml", document.as_bytes(), 8),
        ("word/header1.xml", header.as_bytes(), 8),
        ("word/header2.xml", header.as_bytes(), 8),
    ])
}

/// A paragraph of one run.
pub fn paragraph(text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:tabs><w:tab w:pos=\"1\"/></w:tabs></w:pPr><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>"
    )
}

/// A row of cells.
pub fn row(cells: &[&str]) -> String {
    let cells: String = cells
        .iter()
        .map(|text| format!("<w:tc>{}</w:tc>", paragraph(text)))
        .collect();
    format!("<w:tr>{cells}</w:tr>")
}

/// Bytes as base64, in lines.
pub fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for (number, three) in bytes.chunks(3).enumerate() {
        let whole = three
            .iter()
            .fold(0_u32, |whole, byte| whole << 8 | u32::from(*byte))
            << (8 * (3 - three.len()));
        for at in 0..4 {
            let sign = char::from(SIGNS[(whole >> (18 - 6 * at)) as usize & 63]);
            out.push(if at <= three.len() { sign } else { '=' });
        }
        if number % 19 == 18 {
            out.push_str("\r\n");
        }
    }
    out
}

/// A message with attachments: type, name, bytes.
pub fn message(body: &str, attachments: &[(&str, &str, &[u8])]) -> String {
    let mut out = format!(
        "From: desk@practice.example\r\nSubject: Referral\r\nMessage-ID: <1@x>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{body}\r\n"
    );
    for (kind, name, bytes) in attachments {
        out.push_str(&format!(
            "--b\r\nContent-Type: {kind}; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            base64(bytes)
        ));
    }
    out + "--b--\r\n"
}

/// A PDF of numbered objects, the first of which is the catalogue, with a table of where they are.
pub fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.5\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", number + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    out.extend(
        format!(
            "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
            objects.len() + 1
        )
        .bytes(),
    );
    out
}

/// A stream object.
pub fn stream(entries: &str, bytes: &[u8]) -> Vec<u8> {
    let mut out = format!("<< {entries} /Length {} >>\nstream\n", bytes.len()).into_bytes();
    out.extend(bytes);
    out.extend(b"\nendstream");
    out
}

/// One page with content and resources.
pub fn page(content: Vec<u8>, resources: &str, more: Vec<Vec<u8>>) -> Vec<u8> {
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << {resources} >> >>").into_bytes(),
        content,
    ];
    objects.extend(more);
    pdf(&objects)
}

/// Deflated as PDF and PNG want it: with zlib's head and sum.
pub fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}
