//! `refdesk tick` and `refdesk run`: the clock once, and the service loop without a screen.

use super::background::Service;
use super::desk::Desk;
use super::{Ending, Exit, Trouble, print};
use crate::channels::hold;
use crate::domain::time::{print_stamp, show_stamp};
use crate::engine::outbox::Sent;
use crate::engine::tick::Ticked;
use serde_json::json;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Timers and messages in one pass: a day's worth of a large clinic.
const LIMIT: usize = 100_000;
/// Lines of a forecast.
const FORESEEN: usize = 1000;

#[derive(clap::Args, Debug)]
pub(crate) struct Tick {
    /// Print what would happen by --now and change nothing
    #[arg(long)]
    dry_run: bool,
}

impl Tick {
    pub fn run(&self, desk: &mut Desk) -> Ending {
        let now = desk.now();
        if self.dry_run {
            return forecast(desk);
        }
        let ticked = desk.engine.tick(now, LIMIT)?;
        report(desk, &ticked)?;
        if let Some(trouble) = &ticked.trouble {
            print::error(trouble);
        }
        Ok(Exit::Done)
    }
}

fn forecast(desk: &mut Desk) -> Ending {
    let now = desk.now();
    let zone = desk.engine.policy().clinic.zone;
    let foreseen = desk.engine.forecast(now, FORESEEN)?;
    let more = foreseen.len() >= FORESEEN;
    for line in foreseen {
        if desk.json() {
            print::json(&line)?;
        } else {
            let at = show_stamp(zone, line.at, now);
            print::line(&format!(
                "{at:<14} {:<10} {:<22} {}",
                line.referral.to_string(),
                line.rule,
                line.changes.join(" · ")
            ))?;
        }
    }
    if more {
        print::error(&format!(
            "these are the first {FORESEEN}; an earlier --now shows where they lead"
        ));
    }
    Ok(Exit::Done)
}

fn report(desk: &Desk, ticked: &Ticked) -> Result<(), Trouble> {
    let next = ticked.next.map(print_stamp);
    let held = hold::reason(&desk.dir.outbox());
    if desk.json() {
        return print::json(&json!({
            "fired": ticked.fired, "handed_over": ticked.sent.handed_over, "failed": ticked.sent.failed, "dropped": ticked.sent.dropped,
            "later": ticked.sent.later, "uncertain": ticked.sent.uncertain, "unread": ticked.sent.unread,
            "elsewhere": ticked.elsewhere, "held": held, "next": next,
        }));
    }
    if ticked.elsewhere {
        return print::line("another Refdesk on this data does the clock's work");
    }
    let sent = &ticked.sent;
    let more: String = [
        ("put off", sent.later),
        ("uncertain", sent.uncertain),
        ("to be read first", sent.unread),
    ]
    .iter()
    .filter(|(_, count)| *count > 0)
    .map(|(what, count)| format!(", {what}: {count}"))
    .collect();
    print::line(&format!(
        "rules that went off: {} · messages handed over: {}, failed: {}, dropped: {}{more} · next due: {}",
        ticked.fired,
        sent.handed_over,
        sent.failed,
        sent.dropped,
        ticked.next.map_or_else(
            || "nothing".to_owned(),
            |next| show_stamp(desk.engine.policy().clinic.zone, next, desk.now())
        )
    ))?;
    match held {
        Some(reason) => print::line(&format!(
            "everything that leaves is held: {reason}; `refdesk outbox resume` lets it leave"
        )),
        None => Ok(()),
    }
}

/// Where the objects are wanted, what is no object goes beside them.
fn note(desk: &Desk, text: &str) -> Result<(), Trouble> {
    if desk.json() {
        print::error(text);
        return Ok(());
    }
    print::line(text)
}

#[derive(clap::Args, Debug)]
pub(crate) struct Run {}

impl Run {
    pub fn run(&self, desk: Desk) -> Ending {
        print::go_on_unread();
        let stop = Arc::new(AtomicBool::new(false));
        for signal in [SIGTERM, SIGINT, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&stop))?;
        }
        let at = desk.engine.store().path().display().to_string();
        note(&desk, &format!("running on {at}; ctrl-c stops it"))?;
        if let Some(reason) = hold::reason(&desk.dir.outbox()) {
            note(
                &desk,
                &format!("everything that leaves is held: {reason}; `refdesk outbox resume` lets it leave"),
            )?;
        }
        let mut service = Service::new(desk);
        service.serve(&stop, |desk, taken, ticked| {
            for taken in taken {
                if desk.json() {
                    print::json(&json!({ taken.from: taken.status, "document": taken.document, "referral": taken.referral }))?;
                } else {
                    let ids = [taken.document.map(|id| id.to_string()), taken.referral.map(|id| id.to_string())];
                    let ids: Vec<String> = ids.into_iter().flatten().collect();
                    print::line(format!("{}: {} {}", taken.from, taken.status, ids.join(" ")).trim_end())?;
                }
            }
            let sent = Sent { held: false, ..ticked.sent };
            if ticked.fired > 0 || sent != Sent::default() { report(desk, ticked) } else { Ok(()) }
        })?;
        note(service.desk(), "stopped; everything said is saved")?;
        Ok(Exit::Done)
    }
}
