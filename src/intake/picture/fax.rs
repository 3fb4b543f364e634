//! Pixels packed as fax machines pack them: ITU-T T.4 (Group 3, one- and two-dimensional) and T.6 (Group 4).
//!
//! Owns the settings for each TIFF compression and the mending of a wrong bit order. Must not know where strips lie.

use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode, decode};

/// How a strip is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// TIFF compression 2: rows of Group 3 codes without marks between them, each on a byte boundary (TIFF 6.0 §10).
    ModifiedHuffman,
    /// TIFF compression 3 (TIFF 6.0 §11).
    Group3 {
        /// Whether rows may be told by their difference from the one above.
        two_dimensional: bool,
    },
    /// TIFF compression 4.
    Group4,
}

/// A strip to unpack.
#[derive(Clone, Copy, Debug)]
pub struct Strip<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Pixels in a row.
    pub width: usize,
    /// Rows that it should have.
    pub rows: usize,
    /// How it is packed.
    pub packing: Packing,
    /// Whether the low bit of a byte comes first.
    pub low_first: bool,
}

/// Takes the rows as they come; what was not sent stays white.
struct Rows<'a> {
    left: std::slice::ChunksExactMut<'a, u8>,
    done: usize,
}

impl Decoder for Rows<'_> {
    fn push_row(&mut self, changes: &[u32]) {
        let Some(row) = self.left.next() else { return };
        self.done += 1;
        for pair in changes.chunks(2) {
            let from = pair.first().map_or(row.len(), |from| *from as usize);
            let to = pair.get(1).map_or(row.len(), |to| *to as usize).min(row.len());
            if let Some(black) = row.get_mut(from..to) {
                black.fill(0);
            }
        }
    }
}

/// Unpacks a strip as grey pixels, black on white. A line that was damaged on the way costs itself or the rest of the
/// strip, never the page. Senders are known to state the wrong bit order: where almost nothing came out, the other
/// is tried.
pub fn unpack(strip: &Strip<'_>) -> Vec<u8> {
    let (first, rows) = ordered(strip, strip.low_first);
    if rows * 2 >= strip.rows {
        return first;
    }
    let (second, more) = ordered(strip, !strip.low_first);
    if more > rows * 2 { second } else { first }
}

fn ordered(strip: &Strip<'_>, low_first: bool) -> (Vec<u8>, usize) {
    let swapped: Vec<u8>;
    let bytes = if low_first {
        swapped = strip.bytes.iter().map(|byte| byte.reverse_bits()).collect();
        swapped.as_slice()
    } else {
        strip.bytes
    };
    let (encoding, marked) = match strip.packing {
        Packing::ModifiedHuffman => (EncodingMode::Group3_1D, false),
        Packing::Group3 {
            two_dimensional: true,
        } => (EncodingMode::Group3_2D, true),
        Packing::Group3 {
            two_dimensional: false,
        } => (EncodingMode::Group3_1D, true),
        Packing::Group4 => (EncodingMode::Group4, false),
    };
    let settings = DecodeSettings {
        columns: u32::try_from(strip.width).unwrap_or(0),
        rows: u32::try_from(strip.rows).unwrap_or(0),
        end_of_block: strip.packing != Packing::ModifiedHuffman,
        end_of_line: marked,
        rows_are_byte_aligned: strip.packing == Packing::ModifiedHuffman,
        encoding,
        strict: false,
    };
    let mut grey = vec![255; strip.width * strip.rows];
    let mut rows = Rows {
        left: grey.chunks_exact_mut(strip.width.max(1)),
        done: 0,
    };
    // What was decoded before an error counts (the decoder's promise).
    let _ = decode(bytes, &mut rows, &mut DecoderContext::new(settings));
    let done = rows.done;
    (grey, done)
}
