//! `refdesk` and `refdesk demo`: the worklist.

use super::desk::Place;
use super::{Ending, Trouble};

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
    pub fn run(&self, place: Place) -> Ending {
        let _ = (place, self.referrals, self.seed, self.build_only);
        Err(Trouble("not built yet".into()))
    }
}

/// Opens the worklist.
pub(crate) fn open(place: Place) -> Ending {
    let _ = place;
    Err(Trouble("not built yet".into()))
}
