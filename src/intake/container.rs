//! What some bytes are, told by their first bytes.
//!
//! Owns the list of magic numbers and the test for text. Must not know file names' endings: a sender may call anything
//! anything.

use super::document::Container;
use crate::standards::ics;

/// Magic numbers at the start of a file and what they announce. Sources: ISO 32000-1 §7.5.2, TIFF 6.0 §2,
/// BigTIFF, RFC 2083 §3.1, ITU-T T.81 annex B (SOI + marker), GIF89a, BMP, PKWARE APPNOTE §4.3 (a ZIP, also an empty one),
/// MS-OXTNEF §2.1.3.1, RTF 1.9.1.
#[rustfmt::skip]
const MAGIC: &[(&[u8], Container)] = &[
    (b"II*\0", Container::Image), (b"MM\0*", Container::Image), (b"II+\0", Container::Image),
    (b"MM\0+", Container::Image), (b"\x89PNG\r\n\x1a\n", Container::Image),
    (b"\xFF\xD8\xFF", Container::Image), (b"GIF87a", Container::Image), (b"GIF89a", Container::Image),
    (b"BM\0\0", Container::Image), (b"PK\x03\x04", Container::Archive), (b"PK\x05\x06", Container::Archive),
    (super::tnef::MAGIC, Container::Archive), (b"{\\rtf", Container::Rtf),
];

/// A PDF's header may stand anywhere in the first 1,024 bytes (ISO 32000-1, annex H, note 13).
const PDF_HEADER_WITHIN: usize = 1024;

/// Header field names of which a message has at least two near its top (RFC 5322 §3.6, RFC 2045 §3).
#[rustfmt::skip]
const MAIL_HEADERS: &[&str] = &[
    "received", "from", "to", "subject", "date", "message-id", "mime-version", "content-type",
    "return-path", "delivered-to", "reply-to", "cc", "sender", "dkim-signature",
    "content-transfer-encoding", "x-mailer", "x-original-to", "envelope-to", "authentication-results",
    "references", "in-reply-to",
];

/// Headers that people do not type by hand; one of them, or a `.eml` name, tells a message from a pasted memo.
#[rustfmt::skip]
const MAIL_TRACES: &[&str] = &[
    "received", "message-id", "mime-version", "content-type", "return-path", "delivered-to",
    "dkim-signature", "content-transfer-encoding", "x-mailer", "authentication-results",
];

/// Tells what the bytes are. `name` only breaks the tie between a message and a text that begins like one.
pub fn sniff(name: &str, bytes: &[u8]) -> Container {
    for (magic, container) in MAGIC {
        if bytes.starts_with(magic) {
            return *container;
        }
    }
    let head = bytes
        .get(..PDF_HEADER_WITHIN.min(bytes.len()))
        .unwrap_or_default();
    if head.windows(5).any(|window| window == b"%PDF-") && !looks_like_mail(name, bytes) {
        return Container::Pdf;
    }
    if looks_like_mail(name, bytes) {
        return Container::Email;
    }
    if looks_like_text(bytes) {
        Container::Text
    } else {
        Container::Unknown
    }
}

/// How structured messages begin: HL7 v2 (MSH, batch and file headers), X12 (ISA), XML, FHIR's JSON. Those have importers
/// of their own; reading them as a page would guess at what they state.
const STRUCTURED: &[&str] = &[
    "MSH|",
    "FHS|",
    "BHS|",
    "ISA*",
    "ISA|",
    "<?xml",
    "<ClinicalDocument",
    "<Bundle",
    "{",
    "[{",
    "[[",
];

/// Whether a text is a structured message rather than a page.
pub fn is_structured(text: &str) -> bool {
    let lead = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{0B}' || c == '\u{FEFF}');
    // Rich text begins with the brace of JSON.
    !lead.starts_with("{\\rtf")
        && (STRUCTURED.iter().any(|begins| lead.starts_with(begins)) || ics::is_calendar(lead))
}

/// Whether a text is a web page.
pub fn is_html(text: &str) -> bool {
    let lead: String = text
        .trim_start()
        .chars()
        .take(20)
        .collect::<String>()
        .to_ascii_lowercase();
    lead.starts_with("<!doctype html") || lead.starts_with("<html")
}

/// Kinds that are known and not read, by what stands at an offset, with what to say. Sources: ISO/IEC 14496-12 (brands of
/// photographs), MS-CFB §2.2, RIFF, 7-Zip's and RAR's format notes.
const NOT_READ: &[(usize, &[u8], &str)] = &[
    (
        4,
        b"ftyphei",
        "a telephone's HEIC photo is not read; ask for a JPEG or a PDF",
    ),
    (
        4,
        b"ftypmif1",
        "a telephone's HEIC photo is not read; ask for a JPEG or a PDF",
    ),
    (
        0,
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        "an old or password-protected Office file is not read; a person must look, or ask for a PDF",
    ),
    (
        0,
        b"Rar!\x1A\x07",
        "a RAR archive is not read; a person must look",
    ),
    (
        0,
        b"7z\xBC\xAF\x27\x1C",
        "a 7-Zip archive is not read; a person must look",
    ),
    (8, b"WEBP", "a WebP picture is not read; ask for a JPEG or a PDF"),
];

/// What to say of bytes of a kind that is not read.
pub fn unknown(bytes: &[u8]) -> &'static str {
    NOT_READ
        .iter()
        .find(|(at, magic, _)| bytes.get(*at..).is_some_and(|rest| rest.starts_with(magic)))
        .map_or(
            "the kind of file is not known; a person must look",
            |(_, _, say)| say,
        )
}

/// A container in words, for a person.
pub fn describe(container: Container) -> &'static str {
    match container {
        Container::Text => "text",
        Container::Email => "a message",
        Container::Pdf => "a PDF",
        Container::Image => "a picture",
        Container::Word => "a Word document",
        Container::Rtf => "rich text",
        Container::Archive => "an archive",
        Container::Hl7v2 => "an HL7 v2 message",
        Container::Fhir => "a FHIR message",
        Container::X12 => "an X12 interchange",
        Container::Ccda => "a C-CDA document",
        Container::Calendar => "a calendar",
        Container::Table => "a table of appointments",
        Container::Unknown => "of an unknown kind",
    }
}

fn looks_like_mail(name: &str, bytes: &[u8]) -> bool {
    let mut known = 0;
    let mut traces = 0;
    for (index, raw) in bytes.split(|&byte| byte == b'\n').take(60).enumerate() {
        let line = String::from_utf8_lossy(raw.get(..raw.len().min(120)).unwrap_or_default()).into_owned();
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) || (index == 0 && line.starts_with("From ")) {
            continue;
        }
        let Some((field, _)) = line.split_once(':') else {
            break;
        };
        if field.is_empty()
            || !field
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        {
            break;
        }
        let field = field.to_ascii_lowercase();
        known += usize::from(MAIL_HEADERS.contains(&field.as_str()));
        traces += usize::from(MAIL_TRACES.contains(&field.as_str()));
    }
    let called_mail = name.to_ascii_lowercase().ends_with(".eml");
    known >= 2 && (traces > 0 || called_mail) || called_mail && known >= 1
}

/// Text holds no NUL (but for UTF-16 with its mark) and few control characters.
fn looks_like_text(bytes: &[u8]) -> bool {
    if bytes.is_empty() {
        return false;
    }
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") || bytes.starts_with(b"\xEF\xBB\xBF")
    {
        return true;
    }
    let head = bytes.get(..8192.min(bytes.len())).unwrap_or_default();
    if super::plain::wide(head).is_some() {
        return true;
    }
    let odd = head
        .iter()
        .filter(|&&byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C))
        .count();
    !head.contains(&0) && odd * 50 <= head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_say_what_they_are() {
        let table: &[(&str, &[u8], Container)] = &[
            ("a.pdf", b"%PDF-1.4\n", Container::Pdf),
            ("a.txt", b"\n\n%PDF-1.7\n", Container::Pdf),
            ("a.pdf", b"\x89PNG\r\n\x1a\n....", Container::Image),
            ("a", b"II*\0....", Container::Image),
            (
                "a.eml",
                b"From: a@example.org\nSubject: x\n\nhello",
                Container::Email,
            ),
            (
                "a.txt",
                b"From: Front desk\nSubject: Referral\n\nhello",
                Container::Text,
            ),
            (
                "a.txt",
                b"Received: by x\r\nFrom: a@example.org\r\n\r\nhello",
                Container::Email,
            ),
            ("a", b"plain words", Container::Text),
            ("a", b"PK\x03\x04\0\0\0\0", Container::Archive),
            ("a.doc", b"{\\rtf1 hello}", Container::Rtf),
            ("winmail.dat", b"\x78\x9F\x3E\x22\0\0", Container::Archive),
            ("a", b"J\0o\0s\0\xE9\0 \0L\0e\0e\0", Container::Text),
            ("a", b"\0\0\0\x01\0\0\0\x02", Container::Unknown),
            ("a", b"", Container::Unknown),
        ];
        for (name, bytes, expected) in table {
            assert_eq!(sniff(name, bytes), *expected, "{name} {bytes:?}");
        }
    }
}
