//! `refdesk check`: the invariants of the file, and the chain of the audit.

use super::desk::{Desk, Place};
use super::{Ending, Exit, Trouble, invented, print};

#[derive(clap::Args, Debug)]
pub(crate) struct Check {
    /// Also rebuild every table from the audit log and compare: takes longer
    #[arg(long)]
    deep: bool,
}

impl Check {
    /// A database that cannot even be asked is not healthy.
    pub fn run(&self, place: Place) -> Ending {
        place.configuration()?;
        place.make(&place.dir()?)?;
        // No copy helps a clinic that was not finished.
        if let Err(Trouble(why)) = invented::refuse_unfinished(&place.dir()?) {
            print::error(&why);
            return Ok(Exit::NotHealthy);
        }
        self.ask(place).or_else(|Trouble(why)| {
            print::error(&why);
            print::error(
                "`refdesk backup --verify FILE` checks a copy before `refdesk restore FILE` puts it in place",
            );
            Ok(Exit::NotHealthy)
        })
    }

    fn ask(&self, place: Place) -> Ending {
        let desk = Desk::open(place)?;
        let mut healthy = true;
        for finding in desk.engine.store().check(self.deep)? {
            healthy &= finding.ok;
            if desk.json() {
                print::json(&finding)?;
            } else {
                print::line(&format!(
                    "{} {:<14} {}",
                    if finding.ok { "ok  " } else { "FAIL" },
                    finding.check,
                    finding.detail
                ))?;
            }
        }
        Ok(if healthy { Exit::Done } else { Exit::NotHealthy })
    }
}
