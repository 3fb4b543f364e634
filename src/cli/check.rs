//! `refdesk check`: the invariants of the file, and the chain of the audit.

use super::desk::Desk;
use super::{Ending, Exit, print};

#[derive(clap::Args, Debug)]
pub(crate) struct Check {
    /// Also replay the log from empty and compare every table
    #[arg(long)]
    deep: bool,
}

impl Check {
    pub fn run(&self, desk: &Desk) -> Ending {
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
