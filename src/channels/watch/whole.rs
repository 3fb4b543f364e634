//! Whether a file looks as if all of it had come.
//!
//! Owns the marks with which files end. Must not read a document: a file that looks whole may still be damaged.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// How a file begins and with what its last bytes must hold. Sources: ISO 32000-1 §7.5.5 (`%%EOF` within the last 1,024
/// bytes), RFC 2083 §3.4 (the IEND chunk), ITU-T T.81 annex B (EOI), PKWARE APPNOTE §4.3.16 (end of central directory).
const ENDS: &[(&[u8], &[u8])] = &[
    (b"%PDF-", b"%%EOF"),
    (b"\x89PNG", b"IEND"),
    (b"\xFF\xD8\xFF", b"\xFF\xD9"),
    (b"PK\x03\x04", b"PK\x05\x06"),
];
/// Bytes at the end in which the mark must stand.
const TAIL: u64 = 1_100;

/// Whether it looks whole; one of which nothing is known does.
///
/// # Errors
/// The file system's.
pub fn looks_whole(mut file: &File) -> io::Result<bool> {
    let mut head = [0; 8];
    let read = file.read(&mut head)?;
    let head = head.get(..read).unwrap_or_default();
    let size = file.metadata()?.len();
    if let Some(first) = first_page(head) {
        // Fax machines' software writes a page's directory after the page: until then the file points to nothing.
        return Ok(first != 0 && u64::from(first) + 2 <= size);
    }
    let Some((_, end)) = ENDS.iter().find(|(begins, _)| head.starts_with(begins)) else {
        return Ok(true);
    };
    file.seek(SeekFrom::Start(size.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail)?;
    Ok(tail.windows(end.len()).any(|window| window == *end))
}

/// Where a TIFF says that its first page is described (TIFF 6.0 §2).
fn first_page(head: &[u8]) -> Option<u32> {
    match head {
        [b'I', b'I', b'*', 0, at @ ..] => Some(u32::from_le_bytes(at.try_into().ok()?)),
        [b'M', b'M', 0, b'*', at @ ..] => Some(u32::from_be_bytes(at.try_into().ok()?)),
        _ => None,
    }
}
