//! The mark of a folder whose clinic is invented, and whether that clinic is finished.
//!
//! Owns the mark's words, and the refusal of what was begun and not finished: its log is written last (see `demo`), so that
//! nothing in it could be audited, taken back, or seen as it was. Must not know how a clinic is invented.

use super::Trouble;
use crate::config::{DataDir, paths};
use std::io::ErrorKind;
use std::path::PathBuf;

/// Stands in a folder whose clinic is invented.
const MARK: &str = "invented-clinic";
const FINISHED: &str = "The patients in this folder are invented.\n";
const UNFINISHED: &str =
    "The patients in this folder are invented, and the clinic is not finished: its log is missing.\n";

fn mark(dir: &DataDir) -> PathBuf {
    dir.root().join(MARK)
}

/// Whether the folder's clinic is invented.
pub(super) fn is(dir: &DataDir) -> bool {
    mark(dir).exists()
}

/// Says that a clinic is being invented here.
pub(super) fn begin(dir: &DataDir) -> Result<(), Trouble> {
    Ok(paths::replace_private(&mark(dir), UNFINISHED.as_bytes())?)
}

/// Says that it is whole.
pub(super) fn finish(dir: &DataDir) -> Result<(), Trouble> {
    Ok(paths::replace_private(&mark(dir), FINISHED.as_bytes())?)
}

/// Nobody works in an invented clinic that is not finished.
pub(super) fn refuse_unfinished(dir: &DataDir) -> Result<(), Trouble> {
    match std::fs::read_to_string(mark(dir)) {
        Ok(text) if text != FINISHED => Err(Trouble(format!(
            "the invented clinic in {0} is not finished: it is being built at this moment, or its building was cut off. Its referrals are kept, \
             their log is not, so nothing can be done with them. Wait until it is built; or remove {0}, and `refdesk --data {0} demo` \
             builds it anew",
            dir.root().display()
        ))),
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        Ok(_) | Err(_) => Ok(()),
    }
}
