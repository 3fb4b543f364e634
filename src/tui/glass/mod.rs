//! The glass over a page: the part around a field, large enough to be read, in pixels or in dots.
//!
//! Owns the part and its scale, what the terminal can show, and the bytes by which each kind shows pixels. Must not know reviews
//! or drawing. (A crate that does this, ratatui-image, puts its sequences into cells, where the sanitiser and the widths of
//! this screen would break them; what is needed of it is little.)

mod ask;
mod crop;
mod dots;
mod iterm;
mod kitty;
mod pane;
mod png;
mod sixel;

pub use ask::ask;
pub use crop::{Crop, around};
pub use dots::rows;
pub use pane::{Pane, Shown};

/// How a terminal shows pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// By kitty's protocol.
    Kitty,
    /// As sixels.
    Sixel,
    /// By iTerm2's protocol.
    Iterm,
}

/// What a terminal can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Glass {
    /// Pixels; none for characters alone.
    pub kind: Option<Kind>,
    /// Pixels of a cell, across and down.
    pub cell: (u16, u16),
}

/// A cell where the terminal does not say: what most fonts have. Kitty's and iTerm2's pictures are fitted into their cells.
const CELL: (u16, u16) = (10, 20);

/// Base 64 with padding (RFC 4648, 4).
fn base64(bytes: &[u8]) -> String {
    crate::tui::outside::base64(bytes)
}
