//! `refdesk backup` and `refdesk restore`.

use super::desk::{Desk, Place};
use super::{Ending, Exit, Trouble, print};
use crate::engine::tick::ClockLock;
use crate::store::backup;
use serde_json::json;
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub(crate) struct Backup {
    /// Where the copy goes [default: backups in the data directory]
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Only check copies that are there
    #[arg(long, value_name = "FILE", conflicts_with = "to")]
    verify: Option<PathBuf>,
}

impl Backup {
    pub fn run(&self, desk: &Desk) -> Ending {
        if let Some(file) = &self.verify {
            let (events, head) = backup::verify_with_manifest(file)?;
            if desk.json() {
                print::json(&json!({ "file": file, "ok": true, "events": events, "head": head }))?;
            } else {
                print::line(&format!("{}: whole, {events} events", file.display()))?;
            }
            return Ok(Exit::Done);
        }
        let folder = self.to.clone().unwrap_or_else(|| desk.dir.backups());
        let (path, manifest) = backup::make(desk.engine.store().connection(), &folder, desk.now())?;
        if desk.json() {
            print::json(&manifest)?;
        } else {
            print::line(&format!(
                "{}: copied and checked, {} events",
                path.display(),
                manifest.events
            ))?;
        }
        Ok(Exit::Done)
    }
}

#[derive(clap::Args, Debug)]
pub(crate) struct Restore {
    /// The copy
    file: PathBuf,
}

impl Restore {
    pub fn run(&self, place: &Place) -> Ending {
        let dir = place.dir()?;
        dir.create()?;
        let Some(_lock) = ClockLock::take(&dir.database())? else {
            return Err(Trouble(
                "another Refdesk is at work on this data; close it first. Nothing was touched".into(),
            ));
        };
        let kept = backup::restore(&self.file, &dir.database(), place.now())?;
        let beside = kept
            .map(|path| format!("; the database that was there is kept as {}", path.display()))
            .unwrap_or_default();
        print::line(&format!("restored from {}{beside}", self.file.display()))?;
        Ok(Exit::Done)
    }
}
