//! `refdesk doctor`: what is installed and what is not, in lines that say what to do.

use super::desk::{Desk, Place};
use super::second::Second;
use super::sweep::{called, folders, lying};
use super::{Ending, Exit, Trouble, ear, print, reader, wiring, wording};
use crate::channels::hold;
use crate::channels::second_reader::Rest;
use crate::intake::jail;
use serde_json::json;
use std::time::Duration;

/// A file that lies in a folder for longer is not just being taken in.
const LYING: Duration = Duration::from_secs(600);
const STAY: &str =
    "lie there for more than ten minutes: an open worklist or `refdesk run` takes them in, or says why not";

#[derive(clap::Args, Debug)]
pub(crate) struct Doctor {}

impl Doctor {
    pub fn run(&self, place: &Place) -> Ending {
        let mut healthy = true;
        let mut say = |what: &str, ok: bool, detail: String| -> Result<(), Trouble> {
            healthy &= ok;
            if place.json {
                return print::json(&json!({ "check": what, "ok": ok, "detail": detail }));
            }
            print::line(&format!(
                "{} {what:<14} {detail}",
                if ok { "ok  " } else { "FAIL" }
            ))
        };
        say("version", true, format!("refdesk {}", env!("CARGO_PKG_VERSION")))?;
        let dir = place.dir()?;
        say("data", true, dir.root().display().to_string())?;
        match place.configuration() {
            Ok(config) => {
                let from = config.source().map_or_else(
                    || "the built-in defaults".into(),
                    |path| path.display().to_string(),
                );
                say("configuration", true, from)?;
                for advice in config.advice() {
                    say("advice", true, advice)?;
                }
            }
            Err(Trouble(why)) => {
                say("configuration", false, why)?;
                return Ok(Exit::NotHealthy);
            }
        }
        match Desk::open(place.clone()) {
            Ok(desk) => {
                let counts = desk.engine.store().counts()?;
                say(
                    "database",
                    true,
                    format!(
                        "{} · open {} = {} in lists",
                        desk.engine.store().path().display(),
                        counts.open,
                        counts.in_lists()
                    ),
                )?;
                for folder in folders(&desk) {
                    let name = called(&desk, &folder);
                    let at = folder.path.display();
                    let (ok, detail) = match lying(&folder, LYING) {
                        Ok((0, 0)) => (true, format!("{at} 0 files wait")),
                        Ok((lie, 0)) => (false, format!("{at} {lie} files {STAY}")),
                        Ok((lie, closed)) => (
                            false,
                            format!("{at} {closed} files may not be read by this account, {lie} more {STAY}"),
                        ),
                        Err(error) => (
                            false,
                            format!(
                                "{at} cannot be read: {}. Nothing in it is taken in: see to its owner and rights, or take it out of intake.folders",
                                wording::cause(&error)
                            ),
                        ),
                    };
                    let what = if name == "the inbox" { "inbox" } else { "folder" };
                    say(what, ok, detail)?;
                }
                if let Some(mailbox) = wiring::mailbox(desk.config.settings()) {
                    let (ok, detail) = match mailbox.health() {
                        Ok(detail) => (true, detail),
                        Err(why) => (false, why),
                    };
                    say("mailbox", ok, detail)?;
                }
                if let Some((ok, detail)) = ear::health(&desk) {
                    say("mllp", ok, detail)?;
                }
                say(
                    "intake",
                    true,
                    format!(
                        "{} documents wait for a person: `refdesk list --list intake`",
                        counts.intake
                    ),
                )?;
                for (what, line) in desk.engine.ways().lines() {
                    let health = line.way.health();
                    say(what, health.ok, health.detail)?;
                }
                if let Some(clearing) = desk.engine.clearing() {
                    let health = clearing.health();
                    say("eligibility", health.ok, health.detail)?;
                }
                if let Some(reason) = hold::reason(&desk.dir.outbox()) {
                    say("outbox", false, format!("everything is held: {reason}"))?;
                }
                say(
                    "outbox",
                    counts.outbox_trouble == 0,
                    format!(
                        "{} messages failed or uncertain: `refdesk outbox --state failed`",
                        counts.outbox_trouble
                    ),
                )?;
            }
            Err(Trouble(why)) => say("database", false, why)?,
        }
        let terminal = std::env::var("TERM").unwrap_or_else(|_| "not set".into());
        say("terminal", true, format!("TERM {terminal}"))?;
        say(
            "pictures",
            true,
            "faxes, scans and photos are read on this machine; what is in doubt waits for a person".into(),
        )?;
        say(
            "reader",
            true,
            format!("each document is read in a process of its own, {}", jail::locks()),
        )?;
        let (ok, detail) = match reader::lessons(&dir) {
            Ok(learned) => {
                let lessons = learned.label.len() + learned.sender.len();
                (
                    true,
                    format!("{lessons} lessons from corrections: `refdesk reader`"),
                )
            }
            Err(Trouble(why)) => (false, why),
        };
        say("learned", ok, detail)?;
        let (ok, detail) = match place
            .configuration()
            .ok()
            .and_then(|config| Second::of(config.settings(), Rest::default()))
        {
            Some(second) => {
                let health = second.reader.health();
                (health.ok, health.detail)
            }
            None => (true, "none: documents are read by this program alone".into()),
        };
        say("second reader", ok, detail)?;
        Ok(if healthy { Exit::Done } else { Exit::NotHealthy })
    }
}
