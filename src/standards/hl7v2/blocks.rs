//! Messages as blocks on a connection: HL7's Minimal Lower Layer Protocol, release 1 (HL7 v2.5.1 appendix C.2.3).
//!
//! Owns where a block begins (VT) and ends (FS CR), what senders make of that (no CR at the end, a block that was given up in
//! its middle, a VT that somebody typed), and how large one may be. Bytes in, blocks out, whatever the packets they come in.
//! Must not know sockets, time, or what a message says.

/// Begins a block.
const VT: u8 = 0x0B;
/// Ends one, with a carriage return after it.
const FS: u8 = 0x1C;
/// The longest block. A message has a few kilobytes; one that carries its report as a PDF in an OBX has some megabytes.
pub const LARGEST: usize = 8 << 20;
/// So many bytes outside of any block are no sender of blocks.
const NOISE: usize = 4 << 10;

/// What came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Got {
    /// A whole block, without its marks.
    Block(Vec<u8>),
    /// The beginning of a block that is too long: nothing that follows is understood any more.
    TooLong(Vec<u8>),
    /// What stands outside of blocks is more than a few line ends: this is no sender of blocks.
    Noise,
}

/// The blocks of one connection.
#[derive(Debug, Default)]
pub struct Blocks {
    open: Option<Vec<u8>>,
    noise: usize,
}

impl Blocks {
    /// Takes the next bytes, and gives what they complete.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<Got> {
        let mut got = Vec::new();
        for byte in bytes {
            match &mut self.open {
                None if *byte == VT => self.open = Some(Vec::new()),
                None if byte.is_ascii_whitespace() => {}
                None => {
                    self.noise += 1;
                    if self.noise == NOISE {
                        got.push(Got::Noise);
                        return got;
                    }
                }
                Some(held) if held.last() == Some(&FS) && ends(*byte) => {
                    got.extend(self.close());
                    self.open = (*byte == VT).then(Vec::new);
                }
                Some(held) if held.len() >= LARGEST => {
                    got.push(Got::TooLong(std::mem::take(held)));
                    self.open = None;
                    return got;
                }
                Some(held) => held.push(*byte),
            }
        }
        got
    }

    /// Whether a block has begun and has not ended.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Whether the block that has begun has its end but for the carriage return, which some senders leave out.
    pub fn may_end(&self) -> bool {
        self.open.as_ref().is_some_and(|held| held.last() == Some(&FS))
    }

    /// Nothing came after an end without its carriage return: it was the end.
    pub fn close(&mut self) -> Option<Got> {
        if !self.may_end() {
            return None;
        }
        let mut held = self.open.take()?;
        held.pop();
        // A sender that gave up in the middle of a block begins anew; a VT that somebody typed is no header.
        let again = held
            .windows(4)
            .rposition(|window| window.first() == Some(&VT) && window.get(1..) == Some(b"MSH"));
        if let Some(at) = again {
            held.drain(..=at);
        }
        Some(Got::Block(held))
    }
}

/// What may follow the FS of an end: its CR, a line feed in its place, or the next block at once.
fn ends(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n' | VT)
}

/// A message as a block.
pub fn block(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + 3);
    out.push(VT);
    out.extend_from_slice(message);
    out.extend_from_slice(&[FS, b'\r']);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(bytes: &[u8]) -> Vec<String> {
        let mut blocks = Blocks::default();
        let mut got = blocks.take(bytes);
        got.extend(blocks.close());
        got.into_iter()
            .map(|got| match got {
                Got::Block(block) => String::from_utf8(block).unwrap(),
                Got::TooLong(held) => format!("too long: {}", held.len()),
                Got::Noise => "noise".into(),
            })
            .collect()
    }

    #[test]
    fn blocks_are_found_as_senders_write_them() {
        let table: [(&str, &[&str]); 10] = [
            ("\u{b}MSH|a\r\u{1c}\r", &["MSH|a\r"]),
            ("\r\n\u{b}MSH|a\u{1c}\r\u{b}MSH|b\u{1c}\r", &["MSH|a", "MSH|b"]),
            ("\u{b}MSH|a\u{1c}\u{b}MSH|b\u{1c}", &["MSH|a", "MSH|b"]),
            ("\u{b}MSH|a\u{1c}\n\u{b}MSH|b\u{1c}\r\n", &["MSH|a", "MSH|b"]),
            ("\u{b}MSH|ha\u{b}MSH|b\u{1c}\r", &["MSH|b"]),
            (
                "\u{b}MSH|a\rNTE|1||one\u{b}two\u{1c}\r",
                &["MSH|a\rNTE|1||one\u{b}two"],
            ),
            ("\u{b}MSH|a\u{1c}b\u{1c}\r", &["MSH|a\u{1c}b"]),
            ("\u{b}\u{1c}\r", &[""]),
            ("GET / HTTP/1.1\r\n\r\n", &[]),
            ("\u{b}MSH|never ends", &[]),
        ];
        for (text, expected) in table {
            assert_eq!(all(text.as_bytes()), expected, "{text:?}");
        }
        assert_eq!(all(&[b'x'; NOISE]), ["noise"]);
        let mut long = vec![VT];
        long.resize(LARGEST + 2, b'x');
        assert_eq!(all(&long), [format!("too long: {LARGEST}")]);
    }

    proptest! {
        #[test]
        fn what_comes_out_does_not_depend_on_the_packets(
            bytes in prop::collection::vec(prop::sample::select(b"MSH|a\x0B\x1C\r\n".to_vec()), 0..200),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
        ) {
            let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            at.extend([0, bytes.len()]);
            at.sort_unstable();
            let mut blocks = Blocks::default();
            let mut parts: Vec<Got> = at.windows(2).flat_map(|pair| blocks.take(&bytes[pair[0]..pair[1]])).collect();
            parts.extend(blocks.close());
            let mut blocks = Blocks::default();
            let mut whole = blocks.take(&bytes);
            whole.extend(blocks.close());
            prop_assert_eq!(parts, whole);
        }

        #[test]
        fn a_block_comes_back_as_it_was(message in prop::collection::vec(32_u8.., 0..300)) {
            let mut blocks = Blocks::default();
            prop_assert_eq!(blocks.take(&block(&message)), [Got::Block(message)]);
            prop_assert!(!blocks.is_open());
        }
    }
}
