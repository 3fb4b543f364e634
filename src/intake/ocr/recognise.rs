//! What a line says.
//!
//! Owns what the recogniser is fed and the decoding of its answer (connectionist temporal classification). Must not know
//! where the line stands.

use super::Lane;
use super::crop::{HEIGHT, Strip};
use super::weights;
use rten::Model;
use rten_tensor::NdTensor;

/// The recogniser gives one answer for so many columns.
const COLUMNS: usize = 8;
/// Shorter lines are padded to this width: the model was trained on lines of 320 and reads lone digits badly without air.
const MIN_WIDTH: usize = 160;

/// A character as read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Letter {
    /// What it is.
    pub what: char,
    /// Its middle, as a share of the line's length.
    pub at: f32,
    /// How sure the recogniser is, 0 to 1.
    pub sure: f32,
}

/// A line as read.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// Its characters, left to right.
    pub letters: Vec<Letter>,
}

impl Written {
    /// The mean sureness of its characters.
    pub fn sureness(&self) -> f32 {
        let sum: f32 = self.letters.iter().map(|letter| letter.sure).sum();
        sum / self.letters.len().max(1) as f32
    }
}

/// The recogniser.
pub struct Recogniser {
    model: Model,
    alphabet: Vec<char>,
}

impl Recogniser {
    /// Unpacks the model.
    pub fn load() -> Option<Self> {
        let model = weights::load(
            include_bytes!("../../../assets/ocr/recognise.onnx"),
            include_bytes!("../../../assets/ocr/recognise.w8"),
            "recognise.onnx.data",
        )?;
        let alphabet = include_str!("../../../assets/ocr/alphabet.txt").chars().collect();
        Some(Self { model, alphabet })
    }

    /// Reads a line.
    pub fn read(&self, strip: &Strip, lane: &Lane) -> Option<Written> {
        let width = strip.width.max(MIN_WIDTH).next_multiple_of(COLUMNS);
        let mut plane = Vec::with_capacity(width * HEIGHT * 3);
        for (index, row) in strip.grey.chunks_exact(strip.width.max(1)).enumerate() {
            plane.extend_from_slice(row);
            // The padding that the model was trained with: mid grey.
            plane.resize((index + 1) * width, 0.0);
        }
        let one = plane.clone();
        plane.extend_from_slice(&one);
        plane.extend_from_slice(&one);
        let input = NdTensor::from_data([1, 3, HEIGHT, width], plane);
        let output: NdTensor<f32, 3> = self
            .model
            .run_one(input.into(), Some(lane.options()))
            .ok()?
            .try_into()
            .ok()?;
        Some(self.decode(&output.into_data(), strip.width))
    }

    /// The likeliest class of each step; repeats are one character, class 0 is none.
    fn decode(&self, likelihoods: &[f32], width: usize) -> Written {
        let mut letters: Vec<Letter> = Vec::new();
        let mut last = 0;
        let mut first_step = 0;
        for (step, row) in likelihoods.chunks_exact(self.alphabet.len() + 1).enumerate() {
            let (class, sure) =
                row.iter().enumerate().fold(
                    (0, 0.0_f32),
                    |best, (class, sure)| if *sure > best.1 { (class, *sure) } else { best },
                );
            if class != 0 {
                let at = |from: usize| ((from + step + 1) * COLUMNS) as f32 / 2.0 / width.max(1) as f32;
                match letters.last_mut() {
                    Some(letter) if class == last => {
                        letter.sure = letter.sure.max(sure);
                        letter.at = at(first_step).min(1.0);
                    }
                    _ => {
                        first_step = step;
                        if let Some(what) = self.alphabet.get(class - 1) {
                            letters.push(Letter {
                                what: *what,
                                at: at(step).min(1.0),
                                sure,
                            });
                        }
                    }
                }
            }
            last = class;
        }
        Written { letters }
    }
}
