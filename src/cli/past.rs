//! `--as-of`: the desk as it stood at a past moment, for commands that only read.

use super::desk::Desk;
use super::{Exit, Trouble, print};
use crate::domain::time::{Stamp, show_stamp};
use crate::store::past::Past;
use crate::tui::ago;

/// A way back over more changes than this says so: it takes more than a moment.
const LONG: u64 = 20_000;

/// Reads the moment, and says on standard error which it is.
pub(crate) fn moment(desk: &Desk, words: &str) -> Result<Stamp, Exit> {
    let (zone, now) = (desk.engine.policy().clinic.zone, desk.now());
    let at = ago::parse(words, zone, now).map_err(|why| {
        print::error(&format!("--as-of: {why}"));
        Exit::Usage
    })?;
    print::error(&format!(
        "as of {} ({zone}), to read alone",
        show_stamp(zone, at, now)
    ));
    Ok(at)
}

/// Lays the moment out.
pub(crate) fn look_back(desk: &Desk, at: Stamp) -> Result<Past, Trouble> {
    let mut said = false;
    let past = desk.engine.store().look_back(at, |_, total| {
        if total > LONG && !said {
            said = true;
            print::error(&format!(
                "{total} changes since are taken back; this takes a while"
            ));
        }
        true
    })?;
    past.ok_or_else(|| Trouble("the way back was given up; nothing was changed".into()))
}
