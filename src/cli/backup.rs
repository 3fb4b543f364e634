//! `refdesk backup` and `refdesk restore`.

use super::desk::{Desk, Place};
use super::{Ending, Exit, Trouble, print};
use crate::channels::hold;
use crate::engine::tick::ClockLock;
use crate::store::{StoreError, backup};
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug)]
pub(crate) struct Backup {
    /// Folder for the copy [default: backups in the data folder]
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Check a copy that is there instead of making one; exit 3 where it is damaged
    #[arg(long, value_name = "FILE", conflicts_with = "to")]
    verify: Option<PathBuf>,
}

impl Backup {
    pub fn run(&self, place: Place) -> Ending {
        if let Some(file) = &self.verify {
            return verify(file, &place);
        }
        let desk = Desk::open(place)?;
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

/// A copy is checked where it lies: the clinic's own database may be the one that is gone.
fn verify(file: &Path, place: &Place) -> Ending {
    there(file)?;
    match backup::verify_with_manifest(file) {
        Ok((events, head)) if place.json => {
            print::json(
                &json!({ "file": file.display().to_string(), "ok": true, "events": events, "head": head }),
            )?;
        }
        Ok((events, _)) => print::line(&format!("{}: whole, {events} events", file.display()))?,
        Err(error) => {
            let Trouble(why) = error.into();
            if place.json {
                print::json(&json!({ "file": file.display().to_string(), "ok": false }))?;
            }
            print::error(&format!("this copy is not to be trusted: {why}"));
            return Ok(Exit::NotHealthy);
        }
    }
    Ok(Exit::Done)
}

fn there(file: &Path) -> Result<(), Trouble> {
    if file.is_file() {
        return Ok(());
    }
    Err(Trouble(format!(
        "there is no copy {}. Nothing was changed; `refdesk backup` puts copies into the folder backups of the data folder",
        file.display()
    )))
}

/// Why nothing leaves after a restore.
const SENT_SINCE: &str = "what was sent after the copy was made would be sent again";

/// When a copy was made, as far as its file says.
fn made(copy: &Path) -> String {
    let name = copy.file_stem().unwrap_or_default().to_string_lossy();
    crate::domain::text::line(&name)
}

#[derive(clap::Args, Debug)]
pub(crate) struct Restore {
    /// Copy that `refdesk backup` made
    file: PathBuf,
}

impl Restore {
    pub fn run(&self, place: &Place) -> Ending {
        there(&self.file)?;
        let dir = place.dir()?;
        place.make(&dir)?;
        let at_work = || {
            Trouble(
                "another Refdesk is at work on this data. Nothing was changed; close it and try again".into(),
            )
        };
        let Some(_lock) = ClockLock::take(&dir.database())? else {
            return Err(at_work());
        };
        // The copy does not know what was sent after it was made: nothing leaves until a person has looked.
        let held = hold::reason(&dir.outbox());
        let why = format!("restored from a copy of {}: {SENT_SINCE}", made(&self.file));
        hold::set(&dir.outbox(), &held.clone().unwrap_or(why))?;
        // SQLite lets nobody fold the log in while a neighbour has the file open.
        let is_open = |error: &StoreError| matches!(error, StoreError::Sqlite(error) if error.to_string().contains("locked"));
        let kept = match backup::restore(&self.file, &dir.database(), place.now()) {
            Ok(kept) => kept,
            Err(error) => {
                if held.is_none() {
                    hold::lift(&dir.outbox())?;
                }
                return Err(if is_open(&error) { at_work() } else { error.into() });
            }
        };
        if place.json {
            print::json(&json!({
                "restored": self.file.display().to_string(), "kept": kept.map(|path| path.display().to_string()),
            }))?;
            return Ok(Exit::Done);
        }
        let beside = kept
            .map(|path| format!("; the database that was there is kept as {}", path.display()))
            .unwrap_or_default();
        print::line(&format!("restored from {}{beside}", self.file.display()))?;
        print::line(&format!(
            "everything that leaves is held: {SENT_SINCE}. Look through `refdesk outbox`, then `refdesk outbox resume`"
        ))?;
        Ok(Exit::Done)
    }
}
