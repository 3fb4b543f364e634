//! A ZIP's members, one at a time and within bounds.
//!
//! Owns the walk over the central directory (PKWARE APPNOTE 6.3.10, §4.3) and the unpacking of stored and deflated members.
//! Must not know what a member is. Names are only shown, never used as paths.

use super::reading::Reading;
use flate2::read::DeflateDecoder;
use std::io::Read;

/// More members than this are not looked at: a parcel of documents has a few dozen, an Office file about as many.
const MAX_MEMBERS: usize = 500;
/// The end record is the last thing but for a comment of at most 65,535 bytes.
const END_WITHIN: usize = 65_535 + END;
/// Bytes of the end record, of a directory entry and of a local header, without names.
const END: usize = 22;
const ENTRY: usize = 46;
const LOCAL: usize = 30;

/// Why a member, or the whole archive, was not unpacked. Never patient data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The bytes are not what they claim to be.
    #[error("it is damaged")]
    Damaged,
    /// It needs a password.
    #[error("it is protected by a password")]
    Locked,
    /// A way of packing that is not read.
    #[error("it is packed in a way that is not read")]
    Unsupported,
    /// It unpacks to more than any document has.
    #[error("it unpacks to more than a document has")]
    TooLarge,
}

/// A member as the directory lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name, as it stands there: a stranger's text.
    pub name: String,
    locked: bool,
    method: u16,
    packed: usize,
    header: usize,
}

/// The members, without folders; and how many more there are than are looked at.
///
/// # Errors
/// Where there is no directory.
pub fn members(bytes: &[u8]) -> Result<(Vec<Member>, usize), Trouble> {
    let end = end_record(bytes).ok_or(Trouble::Damaged)?;
    let count = usize::from(short(bytes, end + 10).ok_or(Trouble::Damaged)?);
    let mut at = long(bytes, end + 16).ok_or(Trouble::Damaged)?;
    let mut out = Vec::new();
    let mut more = 0;
    for _ in 0..count {
        if bytes.get(at..at.saturating_add(4)) != Some(b"PK\x01\x02") {
            break;
        }
        let number = |offset| short(bytes, at + offset).ok_or(Trouble::Damaged);
        let (name, extra, comment) = (number(28)?, number(30)?, number(32)?);
        let start = at + ENTRY;
        let name_end = start + usize::from(name);
        let name = bytes.get(start..name_end).ok_or(Trouble::Damaged)?;
        let member = Member {
            name: String::from_utf8_lossy(name).into_owned(),
            locked: number(8)? & 1 == 1,
            method: number(10)?,
            packed: long(bytes, at + 20).ok_or(Trouble::Damaged)?,
            header: long(bytes, at + 42).ok_or(Trouble::Damaged)?,
        };
        at = name_end + usize::from(extra) + usize::from(comment);
        if member.name.ends_with('/') {
            continue;
        }
        if out.len() < MAX_MEMBERS {
            out.push(member);
        } else {
            more += 1;
        }
    }
    if out.is_empty() && count > 0 {
        return Err(Trouble::Damaged);
    }
    Ok((out, more))
}

/// A member's bytes. What it unpacks to counts against the document's allowance, so that archives within archives share
/// one.
///
/// # Errors
/// See [`Trouble`].
pub fn unpack(bytes: &[u8], member: &Member, reading: &Reading<'_>) -> Result<Vec<u8>, Trouble> {
    if member.locked {
        return Err(Trouble::Locked);
    }
    if bytes.get(member.header..member.header.saturating_add(4)) != Some(b"PK\x03\x04") {
        return Err(Trouble::Damaged);
    }
    let name = short(bytes, member.header + 26).ok_or(Trouble::Damaged)?;
    let extra = short(bytes, member.header + 28).ok_or(Trouble::Damaged)?;
    let start = member.header + LOCAL + usize::from(name) + usize::from(extra);
    let packed = bytes
        .get(start..start.saturating_add(member.packed).min(bytes.len()))
        .ok_or(Trouble::Damaged)?;
    let allowed = reading.unpacked_left();
    let mut out = Vec::new();
    match member.method {
        0 if packed.len() as u64 > allowed => return Err(Trouble::TooLarge),
        0 => out.extend_from_slice(packed),
        8 => {
            let mut stream = DeflateDecoder::new(packed).take(allowed + 1);
            stream.read_to_end(&mut out).map_err(|_| Trouble::Damaged)?;
            if out.len() as u64 > allowed {
                reading.unpacked(allowed);
                return Err(Trouble::TooLarge);
            }
        }
        _ => return Err(Trouble::Unsupported),
    }
    reading.unpacked(out.len() as u64);
    Ok(out)
}

fn end_record(bytes: &[u8]) -> Option<usize> {
    let from = bytes.len().saturating_sub(END_WITHIN);
    bytes
        .get(from..)?
        .windows(4)
        .rposition(|window| window == b"PK\x05\x06")
        .map(|at| from + at)
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    let raw = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(raw.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    let raw = bytes.get(at..at.checked_add(4)?)?;
    usize::try_from(u32::from_le_bytes(raw.try_into().ok()?)).ok()
}
