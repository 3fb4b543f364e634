//! Whether there is a terminal that the worklist can be drawn on.
//!
//! Owns the sentence where there is none: a pipe or a dumb terminal gets words, never escape codes. Must not draw.

use super::Trouble;
use std::io::IsTerminal;

/// Says what else to run where the worklist cannot be drawn; lines of text need no terminal that places them.
pub(crate) fn fit(linear: bool) -> Result<(), Trouble> {
    let why = if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        "the worklist needs a terminal, and this is none"
    } else if !linear && std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb") {
        "the worklist needs a terminal that can place text, or --linear (TERM is dumb or not set)"
    } else {
        return Ok(());
    };
    Err(Trouble(format!(
        "{why}. Nothing was changed; `refdesk list` and `refdesk show` print, `refdesk run` works without a screen"
    )))
}
