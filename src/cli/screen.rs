//! Whether there is a terminal that the worklist can be drawn on.
//!
//! Owns the sentence where there is none: a pipe or a dumb terminal gets words, never escape codes. Must not draw.

use super::Trouble;
use std::io::IsTerminal;

/// Says what else to run where the worklist cannot be drawn.
pub(crate) fn fit() -> Result<(), Trouble> {
    let why = if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        "the worklist needs a terminal, and this is none"
    } else if std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb") {
        "the worklist needs a terminal that can place text (TERM is dumb or not set)"
    } else {
        return Ok(());
    };
    Err(Trouble(format!(
        "{why}. Nothing was changed; `refdesk list` and `refdesk show` print, `refdesk run` works without a screen"
    )))
}
