//! `refdesk tick` and `refdesk run`: the clock once, and the service loop without a screen.

use super::background::Service;
use super::desk::Desk;
use super::{Ending, Exit, print};
use crate::domain::time::{print_stamp, show_stamp};
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
    /// Only print what would happen by --now
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
        Ok(Exit::Done)
    }
}

fn forecast(desk: &mut Desk) -> Ending {
    let now = desk.now();
    let zone = desk.engine.policy().clinic.zone;
    for line in desk.engine.forecast(now, FORESEEN)? {
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
    Ok(Exit::Done)
}

fn report(desk: &Desk, ticked: &Ticked) -> Result<(), super::Trouble> {
    let next = ticked.next.map(print_stamp);
    if desk.json() {
        return print::json(&json!({
            "fired": ticked.fired, "handed_over": ticked.sent.handed_over, "failed": ticked.sent.failed, "dropped": ticked.sent.dropped,
            "elsewhere": ticked.elsewhere, "next": next,
        }));
    }
    if ticked.elsewhere {
        return print::line("another program holds the clock; it does the work");
    }
    print::line(&format!(
        "{} rules went off, {} messages handed over, {} failed; next due {}",
        ticked.fired,
        ticked.sent.handed_over,
        ticked.sent.failed,
        next.as_deref().unwrap_or("never")
    ))
}

#[derive(clap::Args, Debug)]
pub(crate) struct Run {}

impl Run {
    pub fn run(&self, desk: Desk) -> Ending {
        let stop = Arc::new(AtomicBool::new(false));
        for signal in [SIGTERM, SIGINT, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&stop))?;
        }
        let at = desk.engine.store().path().display().to_string();
        print::line(&format!("running on {at}; stop with ctrl-c"))?;
        Service::new(desk).serve(&stop, |desk, taken, ticked| {
            for line in taken {
                print::line(&line)?;
            }
            let did = ticked.fired + ticked.sent.handed_over + ticked.sent.failed + ticked.sent.dropped;
            if did > 0 { report(desk, ticked) } else { Ok(()) }
        })?;
        print::line("stopped")?;
        Ok(Exit::Done)
    }
}
