//! The inventor of a clinic: believable referrals of every age and fate, for a first look, for screens and for load.
//!
//! [`plan`] yields stories, lazily and from a seed alone; [`build`] plays them on an engine. Nothing here is from life:
//! names are dealt from pools, telephones are of the block that is kept for fiction, e-mail domains are for examples. Of a
//! large clinic only the newest part is lived in full; `archive` lays down the years before it (see `size`).
//! Above `engine`; must not know the terminal or the command line.

mod archive;
mod arrivals;
mod cast;
mod chance;
mod deeds;
mod driver;
mod fate;
mod life;
mod paper;
mod patient;
#[cfg(test)]
mod playbill;
mod plot;
mod pools;
mod post;
mod referrer;
#[cfg(test)]
mod rehearsal;
mod settings;
mod size;
mod stage;
mod story;
#[cfg(test)]
mod tests;

pub use driver::{Refused, Summary, build};
pub use fate::Fate;
pub use settings::{Offer, Settings};
pub use size::Size;
pub use story::{Act, Arrival, Look, Paper, Play, Step, Story};

use crate::domain::command::Cause;
use crate::domain::policy::Actor;
use crate::domain::time::{Span, Stamp, whole_seconds};
use arrivals::{Arrivals, Arrived};
use cast::World;
use life::Life;
use plot::Plot;
use pools::Pools;

/// The stories of a clinic: the referrals that are lived in full, in the order in which they come in, then a few documents that need a person.
/// Each is invented when it is asked for: a plan of a million takes no room.
pub fn plan(seed: u64, size: Size, now: Stamp, settings: &Settings) -> impl Iterator<Item = Story> + use<'_> {
    let pools = Pools::built_in();
    let now = whole_seconds(now);
    let count = size.played;
    let world = World {
        pools,
        settings,
        seed,
        size,
        count,
        now,
    };
    let strays = pools.strays.iter().zip(count..).map(move |(stray, index)| Story {
        index,
        fate: Fate::Stray,
        steps: vec![Step {
            at: now - Span::minutes(stray.age),
            actor: Actor::system(),
            cause: Cause::Intake,
            play: Play::Stray {
                paper: Paper {
                    name: stray.name.clone(),
                    kind: stray.kind.clone(),
                    text: stray.text.clone(),
                },
                reason: stray.reason.clone(),
            },
        }],
    });
    let mut arrivals = Arrivals::of(&world);
    std::iter::from_fn(move || arrivals.next(&world).map(|index| story(&world, index))).chain(strays)
}

/// The payers of invented clinics, by name.
pub fn payers() -> Vec<String> {
    let payers = Pools::built_in().places.payer.iter();
    payers.map(|payer| payer.name.clone()).collect()
}

/// How many referrals and stray documents a clinic has, lived or laid down.
pub fn stories(size: Size) -> u64 {
    size.played + size.copied + Pools::built_in().strays.len() as u64
}

fn story(world: &World<'_>, index: u64) -> Story {
    let Arrived {
        lot,
        at: received,
        mut chance,
    } = arrivals::arrived(world, index);
    let (fate, turn) = (lot.fate, lot.turn);
    let calendar = &world.settings.calendar;
    let cast = world.cast(index, fate, received, &mut chance);
    let staff = &world.pools.places.staff;
    let mut life = Life::begin(calendar, staff, world.now, received, chance);
    let (actor, cause) = match cast.arrival.paper {
        Some(_) => (Actor::system(), Cause::Intake),
        None => (life.coordinator(), Cause::Demo),
    };
    life.take(actor, cause, Play::Arrive(Box::new(cast.arrival)));
    let mut plot = Plot {
        life,
        remarks: &world.pools.remarks,
        priority: cast.priority,
        reply: cast.reply,
        turn,
    };
    plot.live(fate);
    Story {
        index,
        fate,
        steps: plot.life.end(),
    }
}
