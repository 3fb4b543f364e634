//! What the configuration says anew while the screen is open.
//!
//! Owns the messages of whoever looks at the files. Must not know files: the look is the command line's.

use super::settings::Settings;
use std::time::Duration;

/// How often the files are looked at: a change is seen within twice this time.
pub const EVERY: Duration = Duration::from_millis(700);

/// What a look at the files came to.
pub enum Renewal {
    /// They were changed, and are sound.
    Sound {
        /// The settings now.
        settings: Box<Settings>,
        /// What is said about it; nothing where only saved views changed.
        said: Option<String>,
    },
    /// They were changed, and something is wrong: what was in force stays.
    Wrong(Vec<String>),
}

/// Looks at the files, off the screen's thread.
pub trait Watch: Send {
    /// Whether they say something new since the last look.
    fn look(&mut self) -> Option<Renewal>;
}

/// Nothing is watched.
pub struct Unwatched;

impl Watch for Unwatched {
    fn look(&mut self) -> Option<Renewal> {
        None
    }
}
