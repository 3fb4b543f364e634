//! The models' weights as they are kept in the program, and their expansion.
//!
//! Owns the packed form (`assets/ocr/README.md` says how it is made). Must not know what a model computes.

use rten::{Model, ModelOptions};

/// Weights that share a scale (`scripts/ocr/pack_models.py`).
const GROUP: usize = 64;

/// Loads a model whose graph names its weights `file`.
pub fn load(graph: &'static [u8], packed: &[u8], file: &str) -> Option<Model> {
    let mut options = ModelOptions::with_all_ops();
    options.external_data(file, expand(packed)?);
    options.load_static_slice(graph).ok()
}

/// Expands packed tensors into the floats that the graph refers to, as bytes. `None` where they end early or are of an
/// unknown form.
fn expand(mut packed: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(packed.len() * 4);
    while let Some((form, rest)) = packed.split_first() {
        let (count, rest) = rest.split_first_chunk::<4>()?;
        let count = u32::from_le_bytes(*count) as usize;
        match form {
            0 => {
                let (floats, rest) = rest.split_at_checked(count.checked_mul(4)?)?;
                out.extend_from_slice(floats);
                packed = rest;
            }
            1 => {
                let (scales, rest) = rest.split_at_checked(count.div_ceil(GROUP) * 4)?;
                let (whole, rest) = rest.split_at_checked(count)?;
                for (scale, group) in scales.chunks_exact(4).zip(whole.chunks(GROUP)) {
                    let scale = f32::from_le_bytes(<[u8; 4]>::try_from(scale).ok()?);
                    for byte in group {
                        out.extend_from_slice(&(f32::from(byte.cast_signed()) * scale).to_le_bytes());
                    }
                }
                packed = rest;
            }
            _ => return None,
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_tensors_are_expanded_in_order() {
        let mut packed = vec![0, 1, 0, 0, 0];
        packed.extend(1.5_f32.to_le_bytes());
        packed.extend([1, 2, 0, 0, 0]);
        packed.extend(0.5_f32.to_le_bytes());
        packed.extend([4, 0xFE]);
        let floats: Vec<f32> = expand(&packed)
            .unwrap()
            .chunks_exact(4)
            .map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap()))
            .collect();
        assert_eq!(floats, [1.5, 2.0, -1.0]);
    }

    #[test]
    fn damaged_weights_are_refused() {
        assert_eq!(expand(&[1, 200, 0, 0, 0, 1, 2]), None);
        assert_eq!(expand(&[7, 0, 0, 0, 0]), None);
        assert_eq!(expand(&[0, 255, 255, 255, 255]), None);
    }
}
