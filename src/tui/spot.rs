//! What a place on the screen is for, so that the mouse can do what the keys do.
//!
//! Owns the names of such places; drawing notes where they are. Must not know what is done with them.

use super::action::Action;

/// Something that can be clicked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// An action: a hint of the footer.
    Action(Action),
    /// A line of a list to choose from: the palette's, a find's.
    Line(usize),
    /// A field of a form.
    Field(usize),
    /// A choice of a field.
    Choice(usize, usize),
    /// A name that matches what is typed, of a field.
    Match(usize, usize),
    /// Yes, to a question.
    Yes,
    /// No.
    No,
}
