//! `winmail.dat`: the envelope in which Outlook packs a message's attachments (MS-OXTNEF).
//!
//! Owns the walk over its attributes. Must not know what an attachment is.

/// How one begins (MS-OXTNEF §2.1.3.1).
pub const MAGIC: &[u8] = b"\x78\x9F\x3E\x22";
/// Signature and key.
const HEAD: usize = 6;
/// More attachments than this are not looked at.
const MAX_PARTS: usize = 200;
/// Attributes (MS-OXTNEF §2.1.3.2).
const BODY: u32 = 0x0002_800C;
const NEW_ATTACHMENT: u32 = 0x0006_9002;
const TITLE: u32 = 0x0001_8010;
const DATA: u32 = 0x0006_800F;
const PROPERTIES: u32 = 0x0006_9005;
/// PidTagAttachLongFilename as a string of bytes and of two-byte characters.
const LONG_NAME: [u32; 2] = [0x3707_001E, 0x3707_001F];

/// What was packed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unpacked<'a> {
    /// The message's text, where it is there as plain text.
    pub body: Option<&'a [u8]>,
    /// Its attachments.
    pub parts: Vec<Part<'a>>,
}

/// An attachment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part<'a> {
    /// Its name; a stranger's text.
    pub name: String,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// Unpacks; `None` where it is none. What was unpacked before damage counts.
pub fn unpack(bytes: &[u8]) -> Option<Unpacked<'_>> {
    bytes.strip_prefix(MAGIC)?;
    let mut out = Unpacked::default();
    let mut rest = bytes.get(HEAD..)?;
    while let Some((id, value, after)) = attribute(rest) {
        rest = after;
        match id {
            BODY => out.body = Some(value),
            NEW_ATTACHMENT if out.parts.len() < MAX_PARTS => out.parts.push(Part::default()),
            TITLE | DATA | PROPERTIES => {
                let Some(part) = out.parts.last_mut() else {
                    continue;
                };
                match id {
                    TITLE if part.name.is_empty() => part.name = narrow(value),
                    DATA => part.bytes = value,
                    PROPERTIES => {
                        part.name = long_name(value).unwrap_or_else(|| std::mem::take(&mut part.name))
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    out.parts.retain(|part| !part.bytes.is_empty());
    Some(out)
}

/// Level (1), id (4), length (4), value, checksum (2).
fn attribute(bytes: &[u8]) -> Option<(u32, &[u8], &[u8])> {
    let id = long(bytes, 1)?;
    let length = usize::try_from(long(bytes, 5)?).ok()?;
    let end = 9_usize.checked_add(length)?;
    Some((id, bytes.get(9..end)?, bytes.get(end.checked_add(2)?..)?))
}

/// The long name among an attachment's properties, found by its tag: the properties before it need not be understood.
fn long_name(properties: &[u8]) -> Option<String> {
    for tag in LONG_NAME {
        let mark = tag.to_le_bytes();
        let Some(at) = properties.windows(4).position(|window| window == mark) else {
            continue;
        };
        // One value; its length; its bytes (MS-OXTNEF §2.1.3.4).
        let length = usize::try_from(long(properties, at + 8)?).ok()?;
        let value = properties.get(at + 12..(at + 12).checked_add(length)?)?;
        if tag == LONG_NAME[0] {
            return Some(narrow(value)).filter(|name| !name.is_empty());
        }
        let units = value.chunks_exact(2).map_while(|pair| match pair {
            [0, 0] => None,
            [low, high] => Some(u16::from_le_bytes([*low, *high])),
            _ => None,
        });
        let name: String = char::decode_utf16(units)
            .map(|c| c.unwrap_or('\u{FFFD}'))
            .collect();
        return Some(name).filter(|name| !name.is_empty());
    }
    None
}

fn narrow(value: &[u8]) -> String {
    let end = value.iter().position(|byte| *byte == 0).unwrap_or(value.len());
    super::plain::decode(value.get(..end).unwrap_or_default())
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    let raw = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(raw.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An attribute as it is written.
    fn packed(id: u32, value: &[u8]) -> Vec<u8> {
        let mut out = vec![2];
        out.extend(id.to_le_bytes());
        out.extend((value.len() as u32).to_le_bytes());
        out.extend(value);
        out.extend([0, 0]);
        out
    }

    #[test]
    fn attachments_come_out_with_their_names() {
        let mut properties = 1_u32.to_le_bytes().to_vec();
        properties.extend(LONG_NAME[1].to_le_bytes());
        properties.extend(1_u32.to_le_bytes());
        properties.extend(12_u32.to_le_bytes());
        properties.extend("é.pdf".encode_utf16().flat_map(u16::to_le_bytes));
        properties.extend([0, 0]);
        let bytes = [
            MAGIC.to_vec(),
            vec![1, 0],
            packed(BODY, b"see attached"),
            packed(NEW_ATTACHMENT, &[0; 14]),
            packed(TITLE, b"E~1.PDF\0"),
            packed(DATA, b"%PDF-1.4"),
            packed(PROPERTIES, &properties),
            packed(NEW_ATTACHMENT, &[0; 14]),
            packed(TITLE, b"note.txt\0"),
            packed(DATA, b"hello"),
        ]
        .concat();
        let unpacked = unpack(&bytes).unwrap();
        assert_eq!(unpacked.body, Some(b"see attached".as_slice()));
        let names: Vec<&str> = unpacked.parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["é.pdf", "note.txt"]);
        assert_eq!(unpacked.parts[1].bytes, b"hello");
        for cut in 0..bytes.len() {
            let _ = unpack(&bytes[..cut]);
        }
        assert_eq!(unpack(b"PK"), None);
    }
}
