//! The glass over a page: the part around a field, large enough to be read, in pixels or in dots.
//!
//! Owns the part and its scale, and the bytes by which each kind of terminal shows pixels. Must not know reviews or drawing.

mod crop;
mod dots;

pub use crop::{Crop, around};
pub use dots::rows;
