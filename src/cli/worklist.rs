//! `refdesk` and `refdesk demo`: the worklist.
//!
//! Owns how a clinic is opened: on its own data, or on an invented one that says so. Must not know keys or drawing.

use super::desk::{Desk, Place};
use super::{Ending, Exit, Trouble, print};
use crate::demo;
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub(crate) struct Demo {
    /// How many referrals
    #[arg(long, default_value_t = 240)]
    referrals: u32,
    /// The same seed invents the same clinic
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only build it; do not open it
    #[arg(long)]
    build_only: bool,
}

impl Demo {
    pub fn run(&self, mut place: Place) -> Ending {
        let temporary = place.data.is_none();
        if temporary {
            place.data = Some(temporary_place()?);
        }
        let mut desk = Desk::open(place)?;
        self.build(&mut desk)?;
        if self.build_only {
            let counts = desk.engine.store().counts()?;
            let at = desk.dir.root().display();
            print::line(&format!("built in {at}: open {} = {} in lists, {} ended", counts.open, counts.in_lists(), counts.ended))?;
            return Ok(Exit::Done);
        }
        work(desk)
    }

    /// Builds it, unless a clinic is there already: nobody's real data gets invented patients, and a demo is opened again.
    fn build(&self, desk: &mut Desk) -> Result<(), Trouble> {
        let counts = desk.engine.store().counts()?;
        if counts.open + counts.ended > 0 {
            let mark = desk.dir.root().join(MARK);
            if mark.exists() {
                return Ok(());
            }
            return Err(Trouble(format!("{} holds a clinic's own data; name another folder with --data. Nothing was changed", desk.dir.root().display())));
        }
        std::fs::write(desk.dir.root().join(MARK), "The patients in this folder are invented.\n")?;
        let settings = demo::Settings::from(desk.engine.policy().as_ref());
        let now = desk.now();
        let mut shown = 0;
        let mut progress = |done: u64, total: u64| {
            // More than half a second of work says how far it is: every twentieth part of it.
            let part = done * 20 / total.max(1);
            if total > 2000 && part > shown {
                shown = part;
                print::error(&format!("inventing a clinic: {}%", part * 5));
            }
        };
        let summary = demo::build(&mut desk.engine, self.seed, self.referrals, now, &settings, &mut progress).map_err(|failure| Trouble(failure.to_string()))?;
        if let Some(first) = summary.refused.first() {
            print::error(&format!("{} steps of the invention were refused; the first: {first:?}", summary.refusals));
        }
        Ok(())
    }
}

/// Stands in a folder whose clinic is invented.
const MARK: &str = "invented-clinic";

fn temporary_place() -> Result<PathBuf, Trouble> {
    let path = std::env::temp_dir().join(format!("refdesk-demo-{}", std::process::id()));
    std::fs::create_dir_all(&path)?;
    Ok(path)
}

/// Opens the worklist on a clinic's own data.
pub(crate) fn open(place: Place) -> Ending {
    work(Desk::open(place)?)
}

fn work(desk: Desk) -> Ending {
    let _ = desk;
    Err(Trouble("the worklist is not built yet".into()))
}
