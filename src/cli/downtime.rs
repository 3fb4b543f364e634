//! `refdesk downtime`: the pack for when no screen is there.

use super::desk::Desk;
use super::{Ending, Exit, Trouble, print, wording};
use crate::config::paths::replace_private;
use crate::domain::policy::Policy;
use crate::domain::time::{Stamp, print_stamp};
use crate::report::downtime::{files, gather};
use crate::store::Store;
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug)]
pub(crate) struct Downtime {
    /// Folder for the pack [default: downtime in the data folder, or as configured]
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
}

impl Downtime {
    pub fn run(&self, desk: &Desk) -> Ending {
        let folder = self.to.clone().unwrap_or_else(|| folder(desk));
        let rows = desk.config.settings().downtime.rows;
        let now = desk.now();
        let files = write(desk.engine.store(), desk.engine.policy(), &folder, rows, now)?;
        if desk.json() {
            let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
            print::json(&json!({ "files": files, "as_of": print_stamp(now) }))?;
        } else {
            for file in files {
                print::line(&file.display().to_string())?;
            }
        }
        Ok(Exit::Done)
    }
}

/// Where the pack is kept.
pub(crate) fn folder(desk: &Desk) -> PathBuf {
    let own = &desk.config.settings().downtime.dir;
    if own.as_os_str().is_empty() {
        desk.dir.downtime()
    } else {
        own.clone()
    }
}

/// Writes the pack: each file whole or not at all, for its owner alone.
pub(crate) fn write(
    store: &Store,
    policy: &Policy,
    folder: &Path,
    rows: usize,
    now: Stamp,
) -> Result<Vec<PathBuf>, Trouble> {
    let pack = gather(store, policy, rows, now)?;
    let said = |error: std::io::Error| {
        Trouble(format!(
            "the downtime pack was not written to {}: {}. The last one, if there is one, is as it was; see to the folder's rights and room",
            folder.display(),
            wording::cause(&error)
        ))
    };
    let mut written = Vec::new();
    for (name, contents) in files(&pack) {
        let file = folder.join(name);
        replace_private(&file, contents.as_bytes()).map_err(said)?;
        written.push(file);
    }
    Ok(written)
}
